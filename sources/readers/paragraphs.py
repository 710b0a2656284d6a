"""From lines on pages to the lines of canonical text: paragraphs and tables joined, over page breaks too.

A line goes on in the next one where it is full: where the next line's first word would not have fitted on it. What is
short, centred or indented, headings, signatures and dates, stays a line of its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from sources.readers.layout import Block, Box, Line, Page, Region, Table, TableRow, around, regions, units
from sources.readers.lines import SOFT_HYPHEN, Lines, clean, table_lines

Where = Callable[[Page, Box], str]

# Lines of one paragraph are of one size; estimated from the writing, so with some room.
_SAME_SIZE = 0.25
_INDENT_EM = 1.2
_RAGGED_EM = 0.5
_LONGEST_WORD_EM = 10
_PITCH = 1.4
_TITLE_SIZE = 1.15
_TITLE_PITCH = 2.2
_FOOTNOTE_SIZE = 0.9
_ENOUGH_LINES = 5
_TEXT_WIDTH = 0.5

_ENDS_SENTENCE = re.compile(r"[。！？；：!?;:][”’」』）)]?$")
_ENDS_CLAUSE = re.compile(r"[，、,]$")
_MARKER = re.compile(
    r"[（(]?(?:[一二三四五六七八九十百]{1,3}|\d{1,2}(?=[.．、)）](?!\d)))[.．、)）]|第[一二三四五六七八九十百]{1,3}[章节编条]"
    r"|[①-⑳●■◆▪•○□◇★☆]|附件?[:：\d]"
)
# `表2 2020年部分县区人民调解工作情况`; not the rest of a sentence, as in `见` / `表2，全市……` or `代` / `表12人`.
_CAPTION = re.compile(
    r"(?:附?[表图]|附件)\s*(?:\d{1,2}(?![\d.%])|[一二三四五六七八九十]{1,3}(?=[\s:：]|$))"
    r"(?![件个起人次份名位条项万余])[^，。；、）)]*"
)
_BEFORE_REFERENCE = re.compile(r"[见如和与及至据从在按照代列发（(《“，、]$")
_FOOTNOTE = re.compile(r"[①-⑳⑴-⒇*＊※]|[\[〔［]\d{1,2}[\]〕］]|注\s*\d{0,2}\s*[:：]|\d{1,2}\s+\D")
_CONTINUED = re.compile(r"[（(]?(?:续上?表|续)(?:\s*\d{0,2}|[一二三四五六七八九十]{0,2})[）)]?")
# The first word of a line: a number with its unit, or one hanzi; with what may not begin a line.
_WORD = re.compile(r"[“‘《（(【〔]*(?:[A-Za-z0-9.,:/+-]+[%％‰]?|.)[，。；：、！？”’）》】〕,.;:!?)%％]*")
_WORD_END, _WORD_START = re.compile(r"[A-Za-z0-9,.;:)%]$"), re.compile(r"[A-Za-z0-9(]")
_LETTER = re.compile(r"[A-Za-z]")
_NUMBER_END, _NUMBER_START = re.compile(r"\d[.,]?$"), re.compile(r"[\d]")


@dataclass(frozen=True, slots=True)
class _Column:
    """The part of a page that a line stands in: its edges and how far its lines are apart."""

    page: Page
    left: float
    right: float
    pitch: float


@dataclass(frozen=True, slots=True)
class _Placed:
    block: Block
    column: _Column


@dataclass(slots=True)
class _Writer:
    """Holds the paragraph and the table that may still go on, and the footnotes in their way."""

    lines: Lines
    where: Where
    body_em: float
    paragraph: list[tuple[Line, _Column]] = field(default_factory=list)
    table: list[tuple[Table, Page]] = field(default_factory=list)
    footnotes: list[tuple[Line, _Column]] = field(default_factory=list)

    def take(self, block: Block, column: _Column) -> None:
        if isinstance(block, Table):
            self.end_paragraph()
            if self.table and not _goes_on(self.table[-1], (block, column.page)):
                self.end_table()
            self.table.append((block, column.page))
            return
        if self.table and column.page is not self.table[-1][1] and _CONTINUED.fullmatch(block.text):
            return
        self.end_table()
        if self.paragraph and not self._continues(block, column):
            self.end_paragraph()
        self.paragraph.append((block, column))

    def _continues(self, line: Line, column: _Column) -> bool:
        first, first_column = self.paragraph[0]
        before, its_column = self.paragraph[-1]
        hangs = _hangs(first, first_column, line, column) or _is_set_in(first, before, its_column, line)
        return _continues(before, its_column, line, column, hangs=hangs) or _same_title(
            before, its_column, line, column, self.body_em
        )

    def end_table(self) -> None:
        tables, self.table = self.table, []
        if tables:
            found = list(_table_rows(tables))
            for text, (row, page) in zip(table_lines([row.cells for row, _ in found]), found, strict=True):
                self.lines.add(text, self.where(page, row.box))

    def end_paragraph(self) -> None:
        """Footnotes at the foot of a page come after the paragraph that goes on over it."""
        paragraph, self.paragraph = self.paragraph, []
        if paragraph:
            self.lines.add_parts(list(_parts(paragraph, self.where)))
        footnotes, self.footnotes = self.footnotes, []
        for line, column in footnotes:
            if self.paragraph and not self._continues(line, column):
                self.end_paragraph()
            self.paragraph.append((line, column))
        if footnotes:
            self.end_paragraph()

    def end(self) -> None:
        self.end_paragraph()
        self.end_table()


def write(pages: Sequence[Page], where: Where, lines: Lines) -> None:
    """The text of the pages, furniture left out before, into `lines`; `where` says where a box is, for the reader."""
    laid_out = [(page, regions(page)) for page in pages]
    all_lines = [b for _, parts in laid_out for part in parts for b in part if isinstance(b, Line)]
    body_em = _weighted_median([(line.em, len(line.text)) for line in all_lines]) if all_lines else 1.0
    usual = _usual_edges(laid_out)
    writer = _Writer(lines, where, body_em)
    for page, parts in laid_out:
        footnotes = _footnotes(parts, body_em)
        for part in parts:
            column = _column(page, part, usual, alone=len(parts) == 1)
            for block in part:
                if isinstance(block, Line) and id(block) in footnotes:
                    writer.footnotes.append((block, column))
                else:
                    writer.take(block, column)
    writer.end()


def joined(first: str, second: str) -> str:
    """The second line as it follows the first in a paragraph: hanzi and halves of a number without a space.

    `案件13` + `62件` is 案件1362件, `Rule of` + `Law` is Rule of Law.
    """
    if _NUMBER_END.search(first) and _NUMBER_START.match(second):
        return second
    return f" {second}" if _WORD_END.search(first) and _WORD_START.match(second) else second


def follow(text: str, line: str) -> tuple[str, str]:
    """The text of a paragraph as it ends before another line, and that line as it follows.

    A word parted by a soft hyphen is one again; elsewhere it is a hyphen, as that of a range: `1300-` + `1400件`.
    """
    if not text.endswith(SOFT_HYPHEN):
        return text, joined(text[-2:], line)
    word = text[:-1]
    return (word if _LETTER.match(word[-1:]) and _LETTER.match(line) else f"{word}-"), line


# --- paragraphs -----------------------------------------------------------------------------------------------------


def _parts(paragraph: Sequence[tuple[Line, _Column]], where: Where) -> Iterator[tuple[str, str]]:
    """The text of a paragraph column by column, each with where it is."""
    text = _written(paragraph[0][0])
    boxes = [paragraph[0][0].box]
    for (_, column), (line, next_column) in pairwise(paragraph):
        text, following = follow(text, _written(line))
        if next_column is column:
            text += following
            boxes.append(line.box)
        else:
            yield text, where(column.page, around(boxes))
            text, boxes = following, [line.box]
    yield text.replace(SOFT_HYPHEN, "-"), where(paragraph[-1][1].page, around(boxes))


def _written(line: Line) -> str:
    """The text of a line, with the soft hyphen at its end."""
    text = clean(line.text)
    return f"{text}{SOFT_HYPHEN}" if line.text.endswith(SOFT_HYPHEN) and not text.endswith(SOFT_HYPHEN) else text


def _continues(before: Line, its_column: _Column, line: Line, column: _Column, *, hangs: bool) -> bool:
    if before.is_row or line.is_row or abs(before.em - line.em) > _SAME_SIZE * max(before.em, line.em):
        return False
    if column is its_column and not 0 < line.box.top - before.box.top <= column.pitch * _PITCH:
        return False
    if not _is_full(before, line, its_column):
        return False
    if _CAPTION.fullmatch(line.text) and not _BEFORE_REFERENCE.search(before.text):
        return False
    ends = bool(_ENDS_SENTENCE.search(before.text))
    if _MARKER.match(line.text) and (ends or (not _ENDS_CLAUSE.search(before.text) and _is_indented(line, column))):
        return False
    return not _is_indented(line, column) or hangs


def _is_full(before: Line, line: Line, column: _Column) -> bool:
    """Whether the first word of `line` would not have fitted on the line before."""
    word = _WORD.match(line.text)
    needed = min(units(word[0]) if word else 1.0, _LONGEST_WORD_EM) * before.em
    return before.box.right + needed > column.right - _RAGGED_EM * before.em


def _is_indented(line: Line, column: _Column) -> bool:
    return line.box.left - column.left > _INDENT_EM * line.em


def _hangs(first: Line, its_column: _Column, line: Line, column: _Column) -> bool:
    """Whether a list item's further lines stand under its first one's text: `1. 全县……` / `   共……`."""
    shift = (line.box.left - column.left) - (first.box.left - its_column.left)
    return 0.5 * line.em < shift < 4 * line.em and bool(_MARKER.match(first.text))


def _is_set_in(first: Line, before: Line, column: _Column, line: Line) -> bool:
    """Whether a paragraph goes on that stands further in as a whole, such as a list item whose bullet is drawn.

    A name over a date at the right stands further in too, but is short.
    """
    level = abs(line.box.left - before.box.left) < 0.5 * line.em
    unfinished = not _ENDS_SENTENCE.search(before.text) and not _MARKER.match(first.text)
    return level and unfinished and before.box.width > _TEXT_WIDTH * (column.right - column.left)


def _same_title(before: Line, its_column: _Column, line: Line, column: _Column, body_em: float) -> bool:
    """Whether both are lines of one centred title, larger than the text."""
    if column is not its_column or min(before.em, line.em) < _TITLE_SIZE * body_em:
        return False
    close = line.box.top - before.box.top <= _TITLE_PITCH * before.em
    same_size = abs(before.em - line.em) <= 0.1 * before.em
    middle = (column.left + column.right) / 2
    centred = all(abs((b.box.left + b.box.right) / 2 - middle) < 2 * b.em for b in (before, line))
    return close and same_size and centred and not _ENDS_SENTENCE.search(before.text)


def _column(page: Page, part: Region, usual: tuple[float, float] | None, *, alone: bool) -> _Column:
    """The edges of a part of a page; of one that is `alone` on it with regard to the page and to the other pages."""
    lines = [block for block in part if isinstance(block, Line)]
    if not lines:
        return _Column(page, 0, page.width, 0)
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    at_edge = sum(line.box.right > right - _RAGGED_EM * line.em for line in lines)
    if alone and (at_edge < 2 or right - left < _TEXT_WIDTH * page.width):
        # Too few or too short lines to tell the edge: a margin as at the left is likelier than one behind the longest.
        right = max(right, page.width - left)
    if alone and usual:
        left, right = min(left, usual[0]), max(right, usual[1])
    pitches = [b.box.top - a.box.top for a, b in pairwise(lines) if b.box.top > a.box.top]
    return _Column(
        page,
        left,
        min(right, page.width),
        median(pitches) if pitches else lines[0].em * 2,
    )


def _usual_edges(laid_out: Sequence[tuple[Page, list[Region]]]) -> tuple[float, float] | None:
    """Left and right edge of the text on pages with one column, for pages with few lines."""
    of_pages = [
        [block.box for block in parts[0] if isinstance(block, Line)] for _, parts in laid_out if len(parts) == 1
    ]
    edges = [around(boxes) for boxes in of_pages if len(boxes) >= _ENOUGH_LINES]
    return (median(box.left for box in edges), median(box.right for box in edges)) if edges else None


def _weighted_median(values: Sequence[tuple[float, int]]) -> float:
    half = sum(weight for _, weight in values) / 2
    total = 0
    for value, weight in sorted(values):
        total += weight
        if total >= half:
            return value
    return sorted(values)[-1][0]


def _footnotes(parts: Sequence[Region], body_em: float) -> set[int]:
    """The lines at the foot of a page that are smaller than the text and begin with a footnote's mark."""
    small: list[Line] = []
    for block in reversed([block for part in parts for block in part]):
        if not isinstance(block, Line) or block.em > _FOOTNOTE_SIZE * body_em:
            break
        small.append(block)
    while small and not _FOOTNOTE.match(small[-1].text):
        small.pop()
    return {id(line) for line in small}


# --- tables over a page break ---------------------------------------------------------------------------------------


def _goes_on(before: tuple[Table, Page], after: tuple[Table, Page]) -> bool:
    """Whether the second table is the first one's rest on the next page: as wide, with as many columns."""
    (first, its_page), (second, page) = before, after
    return (
        page.number == its_page.number + 1
        and first.columns == second.columns
        and abs(first.box.width - second.box.width) < 0.02 * page.width
    )


def _table_rows(tables: Sequence[tuple[Table, Page]]) -> Iterator[tuple[TableRow, Page]]:
    """All rows of a table; the rest on another page without the head it repeats."""
    first, page = tables[0]
    yield from ((row, page) for row in first.rows)
    for table, its_page in tables[1:]:
        repeated = _repeated_head(first, table)
        yield from ((row, its_page) for row in table.rows[repeated:])


def _repeated_head(first: Table, rest: Table) -> int:
    texts = ([[clean(cell.text) for cell in row.cells] for row in table.rows] for table in (first, rest))
    count = 0
    for a, b in zip(*texts, strict=False):
        if a != b:
            break
        count += 1
    return count
