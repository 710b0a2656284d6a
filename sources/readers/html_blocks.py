"""A parsed page as blocks in the order of the page: a line of text, or a row of a data table, each with its element."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from turbohtml import Element, Text

from sources.readers.html_styles import Look, Styles
from sources.readers.lines import UNKNOWN, Cell, clean, shows_a_digit, table_lines
from sources.readers.raised import SUBSCRIPT, SUPERSCRIPT, is_note, is_note_mark

# Elements that begin and end a line; every other one is taken for inline, as browsers do.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt "  # noqa: SIM905  a list would take a line a name
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
    "listing optgroup p plaintext pre section summary table tbody td tfoot th thead tr ul xmp".split()
)
_KEEP_LINES = frozenset(("listing", "plaintext", "pre", "xmp"))
# Elements whose content is no text of the page: browsers show none of it, or show it as a picture or a control.
NO_TEXT = frozenset(
    "applet audio canvas embed frame frameset head iframe input math noembed noframes noscript object "  # noqa: SIM905
    "option rp rt script select style svg template textarea title video xml".split()
)
# Nobody here works these out; but kept raised they are not read as 104 and 112 either.
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_AFTER_DIGIT = re.compile(r"[\d/⁄∕]\s*$")
# 1&nbsp;362 is one number; 2024&nbsp;362 and 12&nbsp;&nbsp;34 are two.
_THOUSANDS = re.compile("(?<![\\d.])(\\d{1,3})[\u200b\u2060\ufeff]*[\xa0\u2009\u202f](?=\\d{3}(?!\\d))")
# Browsers bound colspan at 1,000; a table of more places than this has wrong spans, which are then left alone.
_MOST_COLUMNS, _MOST_PLACES = 1_000, 200_000
# A cell with the whole article: these shares and sizes are far from those of any table of figures.
_ARTICLE_SHARE, _ARTICLE_LINES, _ARTICLE_LENGTH = 0.8, 3, 300
_NO_LINK, _LONGEST_LINK = ("#", "javascript:"), 200
_LONGEST_BUTTON = 30
_PLAIN_NAME = re.compile(r"[a-z][\w.-]*")
# A page nested deeper is made to stop a program; Python stops at some thousand calls within each other.
_DEEPEST = 255


# Where in the page a text was found: its node, and its line from 1 within a <pre>, 0 elsewhere.
Origin = tuple[Text | Element, int]


@dataclass(slots=True, eq=False)
class Block:
    """A line of text or a table row; `runs` are the texts it was put together from, `origins` where these stand.

    `length` is how many characters it has, white space apart, `linked` how many of these stand in links to other
    pages. `table` is the table of a row. `alone` says that `node` holds this line and nothing else.
    """

    node: Element
    text: str
    runs: list[str] = field(default_factory=list)
    linked: int = 0
    table: Element | None = None
    origins: list[Origin] = field(default_factory=list)
    alone: bool = False
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = len(self.text) - self.text.count(" ")


def page_blocks(tree: Element) -> list[Block]:
    """The visible blocks of a page, none of them empty. Raises RecursionError for a page nested too deep."""
    walk = _Walk(Styles.of(tree))
    walk.visit(tree)
    return walk.blocks


@dataclass(slots=True)
class _Table:
    node: Element
    rows: list[tuple[Element, list[Cell], int]] = field(default_factory=list)


class _Walk:
    """Goes through the page once, a block open at a time, as deep as the page is."""

    def __init__(self, styles: Styles) -> None:
        self.blocks: list[Block] = []
        self._styles = styles
        self._runs: list[str] = []
        self._origins: list[Origin] = []
        self._linked = self._depth = 0
        self._pre = 0
        self._in_link = False
        self._digits: dict[int, int] | None = None
        self._owner: Element | None = None
        self._table: _Table | None = None

    def visit(self, node: Element) -> None:
        """Take in an element with all in it. Raises RecursionError for one nested too deep."""
        tag = node.tag
        if tag in NO_TEXT or (tag == "button" and len(node.text) <= _LONGEST_BUTTON) or _is_note_link(node):
            return
        look = self._styles.look(node)
        if look in (Look.HIDDEN, Look.STRUCK):
            return
        if look is Look.RAISED and tag not in _BLOCKS:
            self._raised(node)
        elif tag == "br":
            self._end_line()
        elif tag == "img":
            self._picture(node)
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

    def _inside(self, node: Element) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError(f"elements more than {_DEEPEST} deep in one another")
        for child in node:
            if type(child) is Text:
                self._add(child.data, child)
            elif type(child) is Element:
                self.visit(child)
        self._depth -= 1

    def _inline(self, node: Element) -> None:
        outer = self._in_link
        self._in_link = outer or _is_link(node)
        self._inside(node)
        self._in_link = outer

    def _raised(self, node: Element) -> None:
        """1362<sup>[1]</sup>件 is 1362件; a raised number that is no mark of a note stays raised: 10⁴, not 104."""
        text, before = node.text, "".join(self._runs[-2:])
        if is_note(text, before, _text_after(node)):
            return
        is_number = not _HANZI.search(text) and _AFTER_DIGIT.search(before)
        outer = self._digits
        self._digits = (SUBSCRIPT if node.tag == "sub" else SUPERSCRIPT) if is_number else outer
        self._inline(node)
        self._digits = outer

    def _picture(self, node: Element) -> None:
        """A picture beside a digit may show another: 受理1<img>62件."""
        before = self._runs[-1][-1:] if self._runs else ""
        if shows_a_digit(before, _text_after(node)[:1]):
            self._runs.append(UNKNOWN)
            self._origins.append((node, self._pre))

    def _as_block(self, node: Element) -> None:
        self._end_line()
        before = len(self.blocks)
        outer, self._owner = self._owner, node
        pre, self._pre = self._pre, 1 if node.tag in _KEEP_LINES else self._pre
        self._inside(node)
        self._end_line()
        self._owner, self._pre = outer, pre
        if len(self.blocks) == before + 1 and self.blocks[before].node is node:
            self.blocks[before].alone = node.tag != "body"

    def _visit_table(self, node: Element) -> None:
        if _is_layout(node, self._styles):
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

    def _cell(self, node: Element) -> None:
        """A cell of a data table is one text, whatever lines it has."""
        assert self._table  # noqa: S101
        lines = _lines_of(node, self._styles)
        row, cells, linked = self._table.rows[-1]
        cells.append(Cell(" ".join(line.text for line in lines), _span(node, "rowspan"), _span(node, "colspan")))
        self._table.rows[-1] = (row, cells, linked + sum(line.linked for line in lines))

    def _add(self, text: str, node: Text) -> None:
        if self._pre and "\n" in text:
            first, *others = text.split("\n")
            self._add(first, node)
            for number, line in enumerate(others, self._pre + 1):
                self._end_line()
                self._pre = number
                self._add(line, node)
            return
        self._runs.append(text if self._digits is None else text.translate(self._digits))
        self._origins.append((node, self._pre))
        if self._in_link:
            self._linked += sum(map(len, text.split()))

    def _end_line(self) -> None:
        if not self._runs:
            return
        runs, linked, origins = self._runs, self._linked, self._origins
        self._runs, self._linked, self._origins = [], 0, []
        line = "".join(runs)
        text = clean(line if line.isprintable() else _THOUSANDS.sub(r"\1", line))
        if text and self._owner is not None:
            self.blocks.append(Block(self._owner, text, runs, linked, origins=origins))


def _lines_of(cell: Element, styles: Styles) -> list[Block]:
    walk = _Walk(styles)
    walk._as_block(cell)
    return walk.blocks


def _is_link(node: Element) -> bool:
    """A link to another page; one that was never closed holds the article and is none."""
    href = (node.attr("href") or "#") if node.tag == "a" else "#"
    return not href.startswith(_NO_LINK) and _is_short(node)


def _text_after(node: Element) -> str:
    after = node.next_sibling
    return after.data if isinstance(after, Text) else ""


def _is_note_link(node: Element) -> bool:
    is_anchor = node.tag == "a" and (node.attr("href") or "").startswith("#")
    return is_anchor and is_note_mark(node.text)


def _is_short(node: Element) -> bool:
    return len(node.text) <= _LONGEST_LINK


def _is_layout(table: Element, styles: Styles) -> bool:
    """Whether a table only places the page's parts: it holds tables, or one of its cells is the article."""
    if table.attr("role") in ("presentation", "none") or next(table.iter_elements("table"), None) is not None:
        return True
    cells = list(table.iter_elements(("td", "th")))
    sizes = [sum(map(len, cell.text.split())) for cell in cells]
    if sum(map(bool, sizes)) <= 1:
        return True
    largest = max(sizes)
    is_most = largest >= max(_ARTICLE_SHARE * sum(sizes), _ARTICLE_LENGTH)
    return is_most and len(_lines_of(cells[sizes.index(largest)], styles)) >= _ARTICLE_LINES


def _span(cell: Element, attribute: str) -> int:
    written = (cell.attr(attribute) or "").strip()
    return min(int(written), _MOST_PLACES) if re.fullmatch(r"[0-9]{1,9}", written) else 1


def _bounded(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Spans that stay within the table; none where they would make it huge."""
    rows = [
        [Cell(cell.text, min(cell.rows or len(rows), len(rows) - at), min(cell.columns, _MOST_COLUMNS)) for cell in row]
        for at, row in enumerate(rows)
    ]
    places = sum(cell.rows * cell.columns for row in rows for cell in row)
    return rows if places <= _MOST_PLACES else [[Cell(cell.text) for cell in row] for row in rows]


def ancestors(node: Element) -> list[Element]:
    """The elements around an element, the innermost first."""
    return [above for above in node.ancestors if isinstance(above, Element)]


class Paths:
    """XPaths of nodes as browsers count them, each list of siblings gone through only once."""

    def __init__(self) -> None:
        self._known: dict[Element | Text, str] = {}

    def of(self, node: Element | Text) -> str:
        """The path of a node; an element whose name is none in XPath (o:p) is *[3], the third whatever its name."""
        if node in self._known:
            return self._known[node]
        parent = node.parent
        if not isinstance(parent, Element):
            return f"/{node.tag}" if isinstance(node, Element) else "/"
        above = self.of(parent)
        for child, step in _steps(parent):
            self._known[child] = f"{above}/{step}"
        return self._known[node]

    def parts(self, block: Block) -> list[tuple[str, str]]:
        """The texts that make up a block's line, each with its path.

        A line that is all of its element has that of the element. Where `<br>` or other blocks part an element into
        lines, it would stand for all of them: each text has its own, `/html/body/div/text()[3]`, and in a `<pre>`
        the number of its line, `/html/body/pre#line=3`.
        """
        if block.alone or not block.origins:
            return [(block.text, self.of(block.node))]
        if len(block.origins) == 1:
            return [(block.text, self._origin(block, *block.origins[0]))]
        found, begin = [], 0
        placed = [(self._origin(block, *at), run) for at, run in zip(block.origins, block.runs, strict=True)]
        for where, runs in groupby(placed, key=itemgetter(0)):
            end = _after(block.text, begin, sum(_visible(run) for _, run in runs))
            if end > begin:
                found.append((block.text[begin:end], where))
            begin = end
        return found

    def _origin(self, block: Block, node: Text | Element, line: int) -> str:
        return f"{self.of(block.node)}#line={line}" if line else self.of(node)


def _visible(text: str) -> int:
    return sum(map(len, clean(text).split()))


def _after(text: str, at: int, visible: int) -> int:
    """The position behind so many characters from `at` on, white space apart."""
    while visible and at < len(text):
        visible -= not text[at].isspace()
        at += 1
    return at


def _steps(parent: Element) -> Iterator[tuple[Element | Text, str]]:
    """Children with their steps: p alone, p[2] where there are several."""
    children = [child for child in parent if isinstance(child, Element | Text)]
    names = ["text()" if isinstance(child, Text) else child.tag for child in children]
    of_name = Counter(names)
    seen = dict.fromkeys(of_name, 0)
    elements = 0
    for child, name in zip(children, names, strict=True):
        seen[name] += 1
        elements += name != "text()"
        if name != "text()" and not _PLAIN_NAME.fullmatch(name):
            yield child, f"*[{elements}]"
        else:
            yield child, f"{name}[{seen[name]}]" if of_name[name] > 1 else name
