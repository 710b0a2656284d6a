"""A parsed page as blocks in the order of the page: a line of text, or a row of a data table, each with its element."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from sources.readers.lines import Cell, clean, table_lines

# Elements that begin and end a line; every other one is taken for inline, as browsers do.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt "  # noqa: SIM905  a list would take a line a name
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
    "optgroup p pre section summary table tbody td tfoot th thead tr ul".split()
)
# Elements whose content is no text of the page.
_NO_TEXT = frozenset(
    "applet audio button canvas embed frame frameset head iframe input math noframes noscript object "  # noqa: SIM905
    "option rp rt script select style svg template textarea title video xml".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|sub)", re.I)
# [1], 〔2〕, ①, * mark a footnote wherever they stand raised or link to it; 1 does unless it is a power: m2, CO2.
_REFERENCE = re.compile(r"\s*(?:[\[【〔(（]\s*(?:\d{1,3}|[a-z*])\s*[\])）〕】]|[①-⑳㉑-㉟*※†‡])+\s*")
_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_LATIN = re.compile(r"[a-zA-Z]\s*$")
# 1&nbsp;362 is one number; 2024&nbsp;362 and 12&nbsp;&nbsp;34 are two.
_THOUSANDS = re.compile("(?<![\\d.])(\\d{1,3})[\u200b\u2060\ufeff]*[\xa0\u2009\u202f](?=\\d{3}(?!\\d))")
# Browsers bound colspan at 1,000; a table of more places than this has wrong spans, which are then left alone.
_MOST_COLUMNS, _MOST_PLACES = 1_000, 200_000
# A cell with the whole article: these shares and sizes are far from those of any table of figures.
_ARTICLE_SHARE, _ARTICLE_LINES, _ARTICLE_LENGTH = 0.8, 3, 300
_NO_LINK, _LONGEST_LINK = ("#", "javascript:"), 200
_PLAIN_NAME = re.compile(r"[a-z][\w.-]*")


@dataclass(slots=True, eq=False)
class Block:
    """A line of text or a table row; `runs` are the texts it was put together from.

    `length` is how many characters it has, white space apart, `linked` how many of these stand in links to other
    pages. `table` is the table of a row.
    """

    node: HtmlElement
    text: str
    runs: list[str] = field(default_factory=list)
    linked: int = 0
    table: HtmlElement | None = None
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = sum(map(len, self.text.split()))


def page_blocks(tree: HtmlElement) -> list[Block]:
    """The visible blocks of a page, none of them empty."""
    walk = _Walk()
    walk.visit(tree)
    return walk.blocks


@dataclass(slots=True)
class _Table:
    node: HtmlElement
    rows: list[tuple[HtmlElement, list[Cell], int]] = field(default_factory=list)


class _Walk:
    """Goes through the page once, a block open at a time; as deep as the page, which the parser bounds at 256."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[str] = []
        self._linked = 0
        self._in_link = self._in_pre = False
        self._owner: HtmlElement | None = None
        self._table: _Table | None = None

    def visit(self, node: HtmlElement) -> None:
        tag = node.tag
        if not isinstance(tag, str) or tag in _NO_TEXT or _is_hidden(node) or self._is_reference(node):
            return
        if tag == "br":
            self._end_line()
        elif tag in ("td", "th") and self._table and self._table.rows:
            self._cell(node)
        elif tag == "tr" and self._table:
            self._end_line()
            self._table.rows.append((node, [], 0))
            self._inside(node)
        elif tag == "table":
            self._visit_table(node)
        elif tag in _BLOCKS:
            self._as_block(node)
        else:
            self._inline(node)

    def _inside(self, node: HtmlElement) -> None:
        if node.text:
            self._add(node.text)
        for child in node:
            self.visit(child)
            if child.tail:
                self._add(child.tail)

    def _inline(self, node: HtmlElement) -> None:
        outer = self._in_link
        self._in_link = outer or _is_link(node)
        self._inside(node)
        self._in_link = outer

    def _as_block(self, node: HtmlElement) -> None:
        self._end_line()
        outer, self._owner = self._owner, node
        pre, self._in_pre = self._in_pre, self._in_pre or node.tag == "pre"
        self._inside(node)
        self._end_line()
        self._owner, self._in_pre = outer, pre

    def _visit_table(self, node: HtmlElement) -> None:
        if _is_layout(node):
            outer, self._table = self._table, None
            self._as_block(node)
            self._table = outer
            return
        self._end_line()
        outer, self._table = self._table, _Table(node)
        self._as_block(node)
        rows = self._table.rows
        for (row, _, linked), line in zip(rows, table_lines(_bounded([cells for _, cells, _ in rows])), strict=True):
            if line:
                self.blocks.append(Block(row, line, [line], linked, node))
        self._table = outer

    def _cell(self, node: HtmlElement) -> None:
        """A cell of a data table is one text, whatever lines it has."""
        assert self._table  # noqa: S101
        lines = _lines_of(node)
        row, cells, linked = self._table.rows[-1]
        cells.append(Cell(" ".join(line.text for line in lines), _span(node, "rowspan"), _span(node, "colspan")))
        self._table.rows[-1] = (row, cells, linked + sum(line.linked for line in lines))

    def _add(self, text: str) -> None:
        if self._in_pre and "\n" in text:
            first, *others = text.split("\n")
            self._add(first)
            for line in others:
                self._end_line()
                self._add(line)
            return
        self._runs.append(text)
        if self._in_link:
            self._linked += sum(map(len, text.split()))

    def _end_line(self) -> None:
        if not self._runs:
            return
        runs, linked, self._runs, self._linked = self._runs, self._linked, [], 0
        text = clean(_THOUSANDS.sub(r"\1", "".join(runs)))
        if text and self._owner is not None:
            self.blocks.append(Block(self._owner, text, runs, linked))

    def _is_reference(self, node: HtmlElement) -> bool:
        """Whether an element only points to a footnote: 1362<sup>[1]</sup>件 is 1362件."""
        raised = node.tag in ("sup", "sub") or bool(_RAISED.search(node.get("style") or ""))
        if not raised and not (node.tag == "a" and (node.get("href") or "").startswith("#")):
            return False
        text = node.text_content()
        before = "".join(self._runs[-2:])
        return bool(_REFERENCE.fullmatch(text) or (raised and _NUMBER.fullmatch(text) and not _LATIN.search(before)))


def _lines_of(cell: HtmlElement) -> list[Block]:
    walk = _Walk()
    walk._as_block(cell)
    return walk.blocks


def _is_link(node: HtmlElement) -> bool:
    """A link to another page; one that was never closed holds the article and is none."""
    href = (node.get("href") or "#") if node.tag == "a" else "#"
    return not href.startswith(_NO_LINK) and len(node.text_content()) <= _LONGEST_LINK


def _is_hidden(node: HtmlElement) -> bool:
    """Hidden by itself; `<body style="display:none">` is shown by a script that keeps the page out of frames."""
    if not node.attrib or node.tag in ("html", "body"):
        return False
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    style = node.get("style")
    return bool(style and _HIDDEN.search(style))


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table only places the page's parts: it holds tables, or one of its cells is the article."""
    if table.get("role") in ("presentation", "none") or next(table.iterdescendants("table"), None) is not None:
        return True
    cells = list(table.iterdescendants("td", "th"))
    sizes = [sum(map(len, cell.text_content().split())) for cell in cells]
    if sum(map(bool, sizes)) <= 1:
        return True
    largest = max(sizes)
    is_most = largest >= max(_ARTICLE_SHARE * sum(sizes), _ARTICLE_LENGTH)
    return is_most and len(_lines_of(cells[sizes.index(largest)])) >= _ARTICLE_LINES


def _span(cell: HtmlElement, attribute: str) -> int:
    written = (cell.get(attribute) or "").strip()
    return min(int(written), _MOST_PLACES) if re.fullmatch(r"[0-9]{1,9}", written) else 1


def _bounded(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Spans that stay within the table; none where they would make it huge."""
    rows = [
        [Cell(cell.text, min(cell.rows or len(rows), len(rows) - at), min(cell.columns, _MOST_COLUMNS)) for cell in row]
        for at, row in enumerate(rows)
    ]
    places = sum(cell.rows * cell.columns for row in rows for cell in row)
    return rows if places <= _MOST_PLACES else [[Cell(cell.text) for cell in row] for row in rows]


class Paths:
    """XPaths of elements as lxml's `getpath` gives them, each list of siblings gone through only once."""

    def __init__(self) -> None:
        self._known: dict[HtmlElement, str] = {}

    def of(self, node: HtmlElement) -> str:
        """The path of an element; one whose name is none in XPath (o:p) is *[3], the third child whatever its name."""
        if node in self._known:
            return self._known[node]
        parent = node.getparent()
        if parent is None:
            return f"/{node.tag}"
        above = self.of(parent)
        for child, step in _steps(parent):
            self._known[child] = f"{above}/{step}"
        return self._known[node]


def _steps(parent: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Children with their steps: p alone, p[2] where there are several."""
    children = [child for child in parent if isinstance(child.tag, str)]
    of_name = Counter(child.tag for child in children)
    seen: Counter[str] = Counter()
    for at, child in enumerate(children, 1):
        seen[child.tag] += 1
        if not _PLAIN_NAME.fullmatch(child.tag):
            yield child, f"*[{at}]"
        else:
            yield child, f"{child.tag}[{seen[child.tag]}]" if of_name[child.tag] > 1 else child.tag
