"""What the sheets of workbooks of all formats have in common: from cells with text to lines."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sources.quarantine import Quarantined, Reason
from sources.readers.lines import Cell, Lines, table_lines

_LARGEST_GRID = 1_000_000
_UNSAYING = re.compile(r"(?:Sheet|工作表|Table|表)\s*\d*(?:\s*\(\d+\))?", re.IGNORECASE)
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet: the text of each shown cell that has one, by row and column from 1.

    `merged` are the ranges that one cell fills: first row, first column, last row, last column.
    """

    title: str
    texts: Mapping[tuple[int, int], str]
    merged: Sequence[tuple[int, int, int, int]] = ()


def add_sheet(sheet: Sheet, lines: Lines, name: str) -> None:
    """Its name where it says something, then its rows. Raises Quarantined with TOO_COMPLEX."""
    texts = sheet.texts
    rows = sorted({row for row, _ in texts})
    columns = sorted({column for _, column in texts})
    if not texts:
        return
    if len(rows) * len(columns) > _LARGEST_GRID:
        found = f"{len(rows):,} rows by {len(columns):,} columns on sheet {sheet.title}"
        raise too_complex(name, found, f"at most {_LARGEST_GRID:,} places")
    if not _UNSAYING.fullmatch(sheet.title.strip()):
        lines.add(sheet.title)
    for row, line in zip(rows, table_lines(_table(sheet, rows, columns)), strict=True):
        lines.add(line, _where(sheet.title, row, [column for column in columns if (row, column) in texts]))


def too_complex(name: str, found: str, expected: str) -> Quarantined:
    """The refusal of a workbook that is larger than any table of a report."""
    return Quarantined(
        Reason.TOO_COMPLEX,
        f"{name} has {found}, expected {expected}; save the sheets that matter as a workbook of their own",
    )


def _table(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> list[list[Cell]]:
    """The cells that begin in each of the rows with text, in the columns with text, up to the last with text."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    texts = sheet.texts
    for top, left, bottom, right in sheet.merged:
        if (top, left) in texts:
            down = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
            across = columns[bisect_left(columns, left) : bisect_right(columns, right)]
            spans[top, left] = (len(down), len(across))
            covered.update((row, column) for row in down for column in across)
    covered -= spans.keys()
    table = []
    for row in rows:
        places = [(row, column) for column in columns if (row, column) not in covered]
        ends = max((at for at, place in enumerate(places, 1) if place in texts), default=0)
        table.append([Cell(texts.get(place, ""), *spans.get(place, (1, 1))) for place in places[:ends]])
    return table


def _where(title: str, row: int, columns: Sequence[int]) -> str:
    """`Sheet1!B3`, or `'2024 年'!A3:F3` from the first to the last cell with text."""
    sheet = title if re.fullmatch(r"\w+", title) else "'{}'".format(title.replace("'", "''"))
    first, last = (f"{_letters(column)}{row}" for column in (columns[0], columns[-1]))
    return f"{sheet}!{first}" if first == last else f"{sheet}!{first}:{last}"


def _letters(column: int) -> str:
    """A to Z, then AA."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
