"""Tables in a text: rows, cells, and which of them are heads, labels and figures.

What belongs here is told by where a cell stands and whether it looks like a figure; what a figure measures is
`tablefigures`. In canonical text a row is a line with " | " between its cells; in text files tabs part cells, too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.spans import Spans
from transforms.tablewords import TableWords

MOST_CELLS = 100
"""A line with more cells is no row of a table that people could read."""
_LONGEST_LABEL = 40
_CAPTIONS, _LONGEST_CAPTION = 3, 60

_BETWEEN = re.compile(r"[ \t]*\|[ \t]*")
_RULE = re.compile(r"[\s|:+=-]*")  # |---|---:| under the head of a table in Markdown
_ENUMERATOR = re.compile(r"\(?[一二三四五六七八九十\d]{1,3}[、.)]?")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_PROSE = re.compile(r"[。；;!?！？]|[,，][^\d]")


@dataclass(frozen=True, slots=True)
class Cell:
    """The stretch [start, end) of the text, white space at its ends left out; `text` is what stands there.

    `figure` is the match of TableWords.figure where it holds a figure; a label and a missing figure have none.
    """

    start: int
    end: int
    text: str
    figure: re.Match[str] | None = None

    @property
    def is_year(self) -> bool:
        """Whether a year stands there (2024, 2024年度), which may also be a count."""
        return _YEAR.fullmatch(self.text) is not None


Row = tuple[Cell, ...]


@dataclass(slots=True)
class Figure:
    """A cell with a figure: `labels` are those of its row, `heads` those of its column, the outermost first.

    `parts` are its sign, figure and note; `unit` is the cell of its row in a column of units, `section` the last row
    above that is a heading only (一、行政复议).
    """

    cell: Cell
    parts: re.Match[str]
    row: Row
    column: int
    labels: tuple[Cell, ...]
    heads: tuple[Cell, ...]
    unit: Cell | None
    section: Cell | None


@dataclass
class Table:
    """Rows under one head; a row of one cell is a heading between rows.

    `captions` are the short lines right before the table, the nearest first.
    """

    head: list[Row]
    rows: list[Row]
    captions: tuple[Cell, ...]
    words: TableWords
    figure_columns: list[int] = field(default_factory=list)
    label_columns: list[int] = field(default_factory=list)
    unit_column: int | None = None

    def __post_init__(self) -> None:
        self._sort_columns()

    @property
    def start(self) -> int:
        """Where the first row begins."""
        return (self.head or self.rows)[0][0].start

    @cached_property
    def corners(self) -> tuple[Cell, ...]:
        """What stands in the head above the labels."""
        first = self.figure_columns[0] if self.figure_columns else 0
        return tuple(cell for row in self.head for cell in row[:first] if cell.text)

    def figures(self) -> Iterator[Figure]:
        """Every cell with a figure, row by row."""
        if not self.figure_columns:
            return
        heads = {column: self._heads_of(column) for column in self.figure_columns}
        above: dict[int, Cell] = {}
        section: Cell | None = None
        for row in self.rows:
            if len(row) == 1:
                section, above = row[0], {}
                continue
            labels = self._labels_of(row, above)
            unit = row[self.unit_column] if self.unit_column is not None and self.unit_column < len(row) else None
            for column in self.figure_columns:
                parts = row[column].figure if column < len(row) else None
                if parts is None or (not heads[column] and any(heads.values())):
                    continue  # beyond the head, or below a blank one: nothing says what it is
                beside = tuple(labels[c] for c in self._labelling(column) if c in labels)
                yield Figure(row[column], parts, row, column, beside, heads[column], unit, section)
            above = labels

    def _sort_columns(self) -> None:
        """Tell figure columns from labels, from units and from 序号, 备注 and the like."""
        rows = [row for row in self.rows if len(row) > 1]
        width = max(map(len, rows), default=0)
        heads = [{row[column].text for row in self.head if column < len(row)} for column in range(width)]
        named = self.words
        columns = [[row[column] for row in rows if column < len(row)] for column in range(width)]
        figures = [any(cell.figure for cell in column) for column in columns]
        years = [all(cell.is_year or not cell.text for cell in column) for column in columns]
        kinds = ["figure" if figures[i] and not years[i] else "label" for i in range(width)]
        for i in range(width):
            if heads[i] & named.serial or (kinds[i] == "figure" and self._counts_rows(columns, kinds, i)):
                kinds[i] = "serial"
            elif heads[i] & named.aside:
                kinds[i] = "aside"
            elif heads[i] & named.unit_heads and kinds[i] == "label":
                kinds[i] = "unit"
        self.figure_columns = [i for i, kind in enumerate(kinds) if kind == "figure"]
        self.unit_column = next((i for i, kind in enumerate(kinds) if kind == "unit"), None)
        if self._is_of_bodies(kinds):  # 单位 also heads a column of public bodies
            kinds[self.unit_column or 0], self.unit_column = "label", None
        self.label_columns = [i for i, kind in enumerate(kinds) if kind == "label"]

    def _is_of_bodies(self, kinds: Sequence[str]) -> bool:
        return self.unit_column is not None and "label" not in kinds[: self.unit_column + 1]

    def _counts_rows(self, columns: Sequence[Sequence[Cell]], kinds: Sequence[str], i: int) -> bool:
        """Whether a column before a label numbers the rows: 1, 2, 3."""
        if "figure" in kinds[:i] or i + 1 >= len(kinds) or kinds[i + 1] != "label":
            return False
        numbers = [cell.text for cell in columns[i] if cell.text]
        if not all(number.isascii() and number.isdigit() and len(number) < 5 for number in numbers):
            return False
        return [int(number) for number in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))

    def _heads_of(self, column: int) -> tuple[Cell, ...]:
        """The labels above a column; a blank one above others is taken from the left, where it was merged."""
        found: list[Cell] = []
        first = self.figure_columns[0]
        for level, row in enumerate(self.head):
            at = column
            if level < len(self.head) - 1:
                while at > first and (at >= len(row) or not row[at].text):
                    at -= 1
            if at < len(row) and row[at].text and row[at].text not in (cell.text for cell in found):
                found.append(row[at])
        return tuple(found)

    def _labels_of(self, row: Row, above: dict[int, Cell]) -> dict[int, Cell]:
        """The labels of a row by column; a blank one before others is taken from above, where it was merged."""
        labels = {c: row[c] for c in self.label_columns if c < len(row) and row[c].text}
        last = max((c for c in labels if c < self.figure_columns[0]), default=-1)
        if labels:
            for column in self.label_columns:
                if column < last and column not in labels and column in above:
                    labels[column] = above[column]
        return labels

    def _labelling(self, column: int) -> list[int]:
        """The columns that label a figure column: the first, but of 项目 | 数量 | 项目 | 数量 those right before."""
        first = [c for c in self.label_columns if c < self.figure_columns[0]]
        before = [c for c in self.label_columns if c < column]
        if not before or before[-1] in first:
            return first
        last, block = before[-1], [before[-1]]
        while block[0] - 1 in self.label_columns:
            block.insert(0, block[0] - 1)
        if not self.head:
            return block
        heads = self.head[-1]
        return block if first and last < len(heads) and heads[last].text == heads[first[-1]].text else first


@dataclass(frozen=True)
class Tables:
    """The tables of a text. `breaks` are the edges of all cells; `taken` the cells that are no prose."""

    found: tuple[Table, ...] = ()
    breaks: tuple[int, ...] = ()
    taken: Spans = field(default_factory=lambda: Spans(()))

    def __bool__(self) -> bool:
        return bool(self.breaks)

    def blanked(self, text: str) -> str:
        """The text with labels and figures of tables as blanks: 四、结转下年度 in a row is no heading."""
        pieces, at = [], 0
        for start, end in self.taken:
            pieces += [text[at:start], " " * (end - start)]
            at = end
        return "".join((*pieces, text[at:])) if pieces else text


def find(text: str, words: TableWords) -> Tables:
    """The tables of a normalised text. A text without a bar or a tab costs one look for each."""
    if "|" not in text and "\t" not in text:
        return Tables()
    tables: list[Table] = []
    breaks: list[int] = []
    taken: list[tuple[int, int]] = []
    inherited: list[Row] = []
    above: tuple[Cell, ...] = ()
    end_before = -1
    for run in _runs(text, words):
        breaks += [edge for row in run for cell in row for edge in (cell.start, cell.end)]
        heading_within = _goes_on(text, end_before, run[0][0].start)
        own = _captions(text, run[0][0].start)
        above = above if heading_within else own
        captions = own + above if heading_within else own
        for number, (head, rows) in enumerate(_blocks(run, words)):
            if (
                rows
                and not head
                and heading_within
                and number == 0
                and inherited
                and len(inherited[-1]) == max(map(len, rows))
            ):
                head = inherited  # noqa: PLW2901 - a heading between rows parts no table
            table = Table(head, rows, captions, words)
            inherited = head
            if table.figure_columns:
                tables.append(table)
                taken += [
                    (c.start, c.end) for row in (*head, *rows) for c in row if c.end > c.start and not _is_prose(c)
                ]
        end_before = run[-1][-1].end
    return Tables(tuple(tables), tuple(breaks), Spans(sorted(set(taken))))


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether only one short line stands between two runs of rows."""
    between = text[end:start].strip(" |\t\n") if end >= 0 and start - end < 2 * _LONGEST_CAPTION else "\n"
    return "\n" not in between and not _PROSE.search(between)


def _is_prose(cell: Cell) -> bool:
    return cell.figure is None and (len(cell.text) > _LONGEST_LABEL or _PROSE.search(cell.text) is not None)


def _runs(text: str, words: TableWords) -> Iterator[list[Row]]:
    """Rows that follow one another, two or more; one alone where " | " parts its cells."""
    run: list[Row] = []
    start, length = 0, len(text)
    while start <= length:
        end = text.find("\n", start)
        end = length if end < 0 else end
        row = _row(text, start, end, words)
        if row is not None:
            run.append(row)
        elif not (run and end > start and _RULE.fullmatch(text, start, end)):
            yield from _complete(text, run)
            run = []
        start = end + 1
    yield from _complete(text, run)


def _complete(text: str, run: list[Row]) -> Iterator[list[Row]]:
    if len(run) > 1 or (run and text.find(" | ", run[0][0].start, run[0][-1].end) >= 0):
        yield run


def _row(text: str, start: int, end: int, words: TableWords) -> Row | None:
    """The cells of a line, or None where it is no row."""
    while end > start and text[end - 1] in " \t":
        end -= 1
    bar = text.find("|", start, end) >= 0
    if not bar:
        while start < end and text[start] in " \t":
            start += 1
        if text.find("\t", start, end) < 0:
            return None
    elif _RULE.fullmatch(text, start, end):
        return None
    separators = text.count("|" if bar else "\t", start, end)
    if separators >= MOST_CELLS:
        return None
    cells = []
    for from_, to in _parts(text, start, end, bar):
        stripped = text[from_:to].strip()
        at = from_ + len(text[from_:to]) - len(text[from_:to].lstrip()) if stripped else from_
        is_short = len(stripped) <= _LONGEST_LABEL
        cells.append(Cell(at, at + len(stripped), stripped, words.figure.fullmatch(stripped) if is_short else None))
    return tuple(cells)


def _parts(text: str, start: int, end: int, bar: bool) -> Iterator[tuple[int, int]]:
    mark = "|" if bar else "\t"
    while (at := text.find(mark, start, end)) >= 0:
        yield start, at
        start = at + 1
    yield start, end


def _blocks(run: Sequence[Row], words: TableWords) -> Iterator[tuple[list[Row], list[Row]]]:
    """The heads and rows of the tables that stand one below the other in a run."""
    head: list[Row] = []
    rows: list[Row] = []
    columns: set[int] = set()
    for row in run:
        if _numbers_columns(row, words):
            continue
        counted = bool(columns) and row[0].text not in {"", *(each[0].text for each in head)}  # 受理 | 2013
        figures = {i for i, cell in enumerate(row) if cell.figure and (counted or not cell.is_year)}
        heading = None if figures or not (head or rows) else _heading(row, words)
        if figures or heading:
            rows.append((heading,) if heading else _without_missing(row, words))
            columns |= figures
        elif not columns:
            head += [_without_missing(each, words) for each in (*rows, row)]
            rows = []
        elif any(_says(row[i].text, words) for i in columns if i < len(row) and not _ENUMERATOR.fullmatch(row[i].text)):
            yield head, rows
            head, rows, columns = [_without_missing(row, words)], [], set()
        else:
            rows.append(_without_missing(row, words))
    yield head, rows


def _heading(row: Row, words: TableWords) -> Cell | None:
    """The only cell of a row that says anything, which may have been merged over others: 一 | 行政复议 | 行政复议."""
    said = [cell for cell in row if cell.text and not _ENUMERATOR.fullmatch(cell.text)]
    return said[0] if len({cell.text for cell in said}) == 1 and _says(said[0].text, words) else None


def _says(text: str, words: TableWords) -> bool:
    return text != "" and text not in words.missing


def _without_missing(row: Row, words: TableWords) -> Row:
    """— and 无 as blanks: what is missing is no label, and never 0."""
    return tuple(Cell(c.start, c.end, "") if c.text in words.missing else c for c in row)


def _numbers_columns(row: Row, words: TableWords) -> bool:
    """甲 | 1 | 2 | 3: a row that numbers the columns."""
    named = [cell.text for cell in row if cell.text and cell.text not in words.column_names | words.serial]
    numbers = [int(text) for text in named if text.isascii() and text.isdigit() and len(text) < 4]
    return (
        len(numbers) > 1
        and len(numbers) == len(named)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 1
    )


def _captions(text: str, start: int) -> tuple[Cell, ...]:
    """The short lines right before a table, the nearest first: 表1 行政复议案件情况, (单位:件)."""
    found: list[Cell] = []
    line_end = text.rfind("\n", 0, start)
    while line_end > 0 and len(found) < _CAPTIONS:
        line_start = text.rfind("\n", 0, line_end) + 1
        line = text[line_start:line_end].strip()
        if len(line) > _LONGEST_CAPTION or "|" in line or "\t" in line or "。" in line or line.endswith(";"):
            break
        if line:
            at = text.index(line, line_start)
            found.append(Cell(at, at + len(line), line))
        line_end = line_start - 1
    return tuple(found)
