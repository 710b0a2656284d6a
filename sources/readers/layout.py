"""What stands where on a page: lines in reading order, tables without rules, and what is no part of the text.

Pages come as segments with boxes, of a PDF's text layer or of OCR alike. All lengths are in the page's own unit
(points or pixels), measured from its top left; distances are judged in em, the width of a hanzi, so that they hold
for any resolution.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from sources.readers.lines import BETWEEN_CELLS, Cell

# Hanzi, kana, full-width forms and punctuation are an em wide, all else about half of it.
WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_NARROW_EM = 0.55
# White space that parts cells or columns; stretched lines and spaces in prose are below it.
PARTING_EM = 1.5

# Running heads and feet stand in the outer parts of a page, at most so many rows of them.
_OUTER = 0.14
_FURNITURE_ROWS = 3
_SAME_PLACE = 0.012
_LONGEST_FURNITURE = 80
_COLUMN_ROWS = 5
_FILLED = 0.7
_COLUMN_EM = 10

_NUMERAL = r"(?:\d{1,4}|[０-９]{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7})"
_DASH = r"[-‐‑‒–—―－─·•~_|]"
_PAGE_NUMBER = re.compile(
    rf"(?:{_DASH}+\s*{_NUMERAL}\s*{_DASH}+"
    r"|第\s*[\d０-９一二三四五六七八九十百]{1,4}\s*页(?:\s*[,，/／|]?\s*[(（]?\s*共\s*[\d０-９一二三四五六七八九十百]{1,4}\s*页\s*[)）]?)?"
    r"|共\s*\d{1,4}\s*页\s*[,，/／]?\s*第\s*\d{1,4}\s*页"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|(?:page|p\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(_NUMERAL)
# What browsers and scanning apps put on each page: `2024/3/18 10:02`, `3/18/24, 10:02 AM`, the page's address.
_STAMP = re.compile(
    r"\d{1,4}/\d{1,2}/\d{1,4},?\s+\d{1,2}:\d{2}|(?:https?|file)://|扫描全能王|CamScanner|全能扫描王|夸克扫描王"
)
_DIGITS = re.compile(r"\d+")
# `一、总体情况……………3` in a table of contents: the page is no figure.
_LEADER = re.compile(r"\s*(?:\.\s?|…|·\s?|。){4,}\s*\d{0,4}$")


class Box(NamedTuple):
    """A rectangle, measured from the page's top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def beside(self, other: "Box") -> bool:
        """Whether both are of one row: they share half the height of the lower one."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared > 0.5 * min(self.height, other.height)

    def overlaps(self, other: "Box") -> bool:
        """Whether they have an area in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other's centre is inside."""
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x < self.right and self.top <= y < self.bottom

    def scaled(self, factor: float) -> "Box":
        """The same box in another unit."""
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


@dataclass(frozen=True, slots=True)
class Segment:
    """Writing on one baseline without wide white space; `em` is the width of its hanzi."""

    text: str
    box: Box
    em: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells that begin in a row, and where the row is."""

    cells: tuple[Cell, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; `columns` is how many its grid has."""

    rows: tuple[TableRow, ...]
    box: Box
    columns: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose, or a row of a table without rules (`is_row`)."""

    text: str
    box: Box
    em: float
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page, numbered from 1, of `width` × `height`; `turned` is how many quarter turns clockwise show it as filed."""

    number: int
    width: float
    height: float
    segments: tuple[Segment, ...]
    tables: tuple[Table, ...] = ()
    turned: int = 0


Block = Line | Table
# A column, or what stands over the whole width, in the order of reading.
Region = tuple[Block, ...]


def units(text: str) -> float:
    """How many em the text is wide."""
    wide = len(WIDE.findall(text))
    return max(wide + _NARROW_EM * (len(text) - wide), _NARROW_EM)


def rows(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments side by side, from left to right; the rows from top to bottom."""
    found: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.box.top + s.box.bottom, s.box.left)):
        # The row before may hold one that is higher than the last, such as a title beside small print.
        row = next((row for row in reversed(found[-2:]) if row[0].box.beside(segment.box)), None)
        if row is None:
            found.append([segment])
        else:
            row.append(segment)
    return [sorted(row, key=lambda s: s.box.left) for row in found]


def row_text(row: Sequence[Segment]) -> str:
    """The text of a row as prose."""
    return " ".join(segment.text for segment in row)


# --- running heads, running feet, page numbers ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outer:
    """A row in the outer part of a page, as a candidate for page furniture."""

    page: Page
    row: tuple[Segment, ...]
    text: str
    box: Box
    at_top: bool
    # Rows between it and the edge of the page.
    depth: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(digits) for digits in _DIGITS.findall(self.text))


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads, running feet and page numbers.

    A row is a running head or foot where it stands in the same place on a third of the pages, and at least on two,
    with the same text but for one number that counts the pages. `- 3 -` and `第3页` need no repetition; a bare number
    needs to count on or to be the page's own.
    """
    outer = [candidate for page in pages for candidate in _outer_rows(page)]
    furniture = {id(segment) for candidate in _furniture(outer, len(pages)) for segment in candidate.row}
    return [
        replace(page, segments=tuple(segment for segment in page.segments if id(segment) not in furniture))
        for page in pages
    ]


def _outer_rows(page: Page) -> Iterator[_Outer]:
    all_rows = rows(page.segments)
    for at_top, from_edge in ((True, all_rows), (False, all_rows[::-1])):
        for depth, row in enumerate(from_edge[:_FURNITURE_ROWS]):
            box = around(segment.box for segment in row)
            in_zone = box.bottom <= page.height * _OUTER if at_top else box.top >= page.height * (1 - _OUTER)
            text = row_text(row).strip()
            if in_zone and len(text) <= _LONGEST_FURNITURE:
                yield _Outer(page, tuple(row), text, box, at_top, depth)


def _furniture(outer: Sequence[_Outer], pages: int) -> Iterator[_Outer]:
    alike: dict[tuple[bool, str], list[_Outer]] = defaultdict(list)
    for candidate in outer:
        if _PAGE_NUMBER.fullmatch(candidate.text) or _STAMP.search(candidate.text):
            yield candidate
        else:
            alike[candidate.at_top, _DIGITS.sub("#", candidate.text)].append(candidate)
    for (_, text), group in alike.items():
        for place in _by_place(group):
            if _BARE_NUMBER.fullmatch(text.replace("#", "1")):
                yield from _bare_page_numbers(place)
            elif len({c.page.number for c in place}) >= max(2, pages / 3) and _counts_pages(place):
                yield from place


def _by_place(group: Sequence[_Outer]) -> Iterator[list[_Outer]]:
    """Those at the same height, one list a height: a title that is also the running head stands elsewhere."""
    place: list[_Outer] = []
    for candidate in sorted(group, key=lambda c: c.box.top / c.page.height):
        if place and candidate.box.top / candidate.page.height - place[0].box.top / place[0].page.height > _SAME_PLACE:
            yield place
            place = []
        place.append(candidate)
    if place:
        yield place


def _counts_pages(place: Sequence[_Outer]) -> bool:
    """Whether all numbers stay as they are, but for those that go up with the page."""
    for numbers in zip(*(candidate.numbers for candidate in place), strict=False):
        offsets = {number - candidate.page.number for number, candidate in zip(numbers, place, strict=True)}
        if len(set(numbers)) > 1 and len(offsets) > 1:
            return False
    return True


def _bare_page_numbers(place: Sequence[_Outer]) -> Iterator[_Outer]:
    offsets: dict[int | None, list[_Outer]] = defaultdict(list)
    for candidate in place:
        offsets[candidate.numbers[0] - candidate.page.number if candidate.numbers else None].append(candidate)
    for offset, group in offsets.items():
        if offset == 0 or len(group) > 1:
            yield from group


# --- reading order --------------------------------------------------------------------------------------------------


def regions(page: Page) -> list[Region]:
    """The page's lines and tables in reading order: of two columns the left one first."""
    boxes: list[Segment | Table] = [*page.segments, *page.tables]
    return [region for part in _parts(boxes) if (region := tuple(_blocks(part)))]


def _parts(boxes: Sequence[Segment | Table]) -> list[list[Segment | Table]]:
    gutter = _gutter(boxes)
    if gutter is None:
        return [list(boxes)]
    x, top, bottom = gutter
    above = [b for b in boxes if b.box.top < top]
    within = [b for b in boxes if top <= b.box.top and b.box.top < bottom]
    below = [b for b in boxes if b.box.top >= bottom]
    left = [b for b in within if b.box.left < x]
    right = [b for b in within if b.box.left >= x]
    return [part for part in (*_parts(above), left, right, *_parts(below)) if part]


def _gutter(boxes: Sequence[Segment | Table]) -> tuple[float, float, float] | None:
    """Where white space parts two columns of prose: x, and from where to where down the page."""
    segments = [b for b in boxes if isinstance(b, Segment)]
    if len(segments) < 2 * _COLUMN_ROWS:
        return None
    whole = around(segment.box for segment in segments)
    middles = [
        (a.box.right + b.box.left) / 2
        for row in rows(segments)
        for a, b in pairwise(row)
        if whole.left + whole.width * 0.3 < (a.box.right + b.box.left) / 2 < whole.left + whole.width * 0.7
    ]
    if len(middles) < _COLUMN_ROWS:
        return None
    x = median(middles)
    ordered = sorted(boxes, key=lambda b: b.box.top)
    bands = [
        list(band)
        for crosses, band in groupby(ordered, key=lambda b: b.box.left < x < b.box.right or isinstance(b, Table))
        if not crosses
    ]
    band = max(bands, key=len, default=[])
    left = [b for b in band if isinstance(b, Segment) and b.box.right <= x]
    right = [b for b in band if isinstance(b, Segment) and b.box.left >= x]
    if min(len(left), len(right)) < _COLUMN_ROWS or not (_is_prose(left) and _is_prose(right)):
        return None
    bottom = max(b.box.bottom for b in band)
    return x, band[0].box.top, bottom


def _is_prose(column: Sequence[Segment]) -> bool:
    """Whether most lines fill the column and it is wide enough for prose, as those of a table without rules aren't."""
    width = around(segment.box for segment in column).width
    filled = median(segment.box.width for segment in column) >= _FILLED * width
    return filled and width >= _COLUMN_EM * median(segment.em for segment in column)


def _blocks(part: Sequence[Segment | Table]) -> Iterator[Block]:
    """Lines and tables of one column from top to bottom."""
    found: list[Block] = [box for box in part if isinstance(box, Table)]
    in_rows = rows(box for box in part if isinstance(box, Segment))
    for in_cells, group in groupby(in_rows, key=lambda row: len(row) > 1):
        several = list(group)
        found.extend(_table_rows(several) if in_cells and len(several) > 1 else map(_line, several))
    return iter(sorted(found, key=lambda block: block.box.top))


def _line(row: Sequence[Segment]) -> Line:
    return Line(_LEADER.sub("", row_text(row)), around(s.box for s in row), median(s.em for s in row))


def _table_rows(several: Sequence[Sequence[Segment]]) -> Iterator[Line]:
    """Rows of a table without rules: its columns are where the writing of all rows leaves white space between."""
    columns = _columns(several)
    for row in several:
        cells = [" ".join(s.text for s in row if start <= s.box.left <= end) for start, end in columns]
        in_order = cells if len(columns) > 1 else [s.text for s in row]
        line = BETWEEN_CELLS.join(cell.replace("|", "\uff5c") for cell in in_order)
        yield Line(line.strip(), around(s.box for s in row), median(s.em for s in row), is_row=True)


def _columns(several: Sequence[Sequence[Segment]]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for start, end in sorted((s.box.left, s.box.right) for row in several for s in row):
        if columns and start <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns
