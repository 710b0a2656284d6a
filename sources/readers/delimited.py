"""Tables saved as text (CSV): rows of cells between commas, semicolons or tabs (RFC 4180).

A report in prose has commas too; what tells a table is that most lines have the same cells, and figures alone in them.
"""

import csv
import re
from collections.abc import Sequence

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.lines import Cell, Lines, table_lines

MEDIA_TYPE = "text/csv"
_DELIMITERS = ",\t;"
_MOST_CELLS = 200_000
# Rows of several cells, among the lines; rows with a figure alone in a cell, among these.
_ROWS, _WITH_FIGURES = 0.6, 0.4
_FEWEST_ROWS, _LONGEST_CELL = 2, 60
_FIGURE = re.compile(r"\s*[-+]?[\d,]*\d(?:\.\d+)?\s*[%‰]?\s*")


def read_delimited(text: str, name: str, snapshot_id: str) -> Document | None:
    """The rows of a table in text, each a line with ` | ` between its cells; None where the text is none.

    A line of one cell, such as the title, stands alone. Raises Quarantined with UNREADABLE where a row has more cells
    than the head, as one with 1,364 not in quotes has, and with TOO_COMPLEX.
    """
    for delimiter in _DELIMITERS:
        # Cheap, since every text file comes here: at least one in most lines.
        if text.count(delimiter) < max(_FEWEST_ROWS, _ROWS * text.strip().count("\n")):
            continue
        rows = _rows(text, delimiter)
        if rows and _is_table(rows):
            return _document(rows, name, snapshot_id)
    return None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The cells of each row that has any, without empty ones at its end."""
    quoted = '"' in text
    try:
        read = csv.reader(text.split("\n") if not quoted else text.splitlines(keepends=True), delimiter=delimiter)
        rows = [list(map(str.strip, row)) for row in read]
    except csv.Error:  # a cell longer than any
        return []
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return [row for row in rows if row]


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    table = [row for row in rows if len(row) > 1]
    if len(table) < max(_FEWEST_ROWS, _ROWS * len(rows)):
        return False
    with_figures = sum(any(map(_FIGURE.fullmatch, row[1:])) for row in table)
    lengths = sorted(len(cell) for row in table for cell in row)
    return with_figures >= _WITH_FIGURES * len(table) and lengths[len(lengths) * 9 // 10] <= _LONGEST_CELL


def _document(rows: Sequence[Sequence[str]], name: str, snapshot_id: str) -> Document:
    head = next(len(row) for row in rows if len(row) > 1)
    for at, row in enumerate(rows, 1):
        if len(row) > head:
            raise Quarantined(
                Reason.UNREADABLE,
                f"{name} is a table in text with {len(row)} cells in row {at} ({','.join(row)[:60]}), expected at most "
                f"{head} as in its head; put figures with commas in quotes, or save it as XLSX",
            )
    cells = sum(map(len, rows))
    if cells > _MOST_CELLS:
        raise Quarantined(
            Reason.TOO_COMPLEX,
            f"{name} has {cells:,} cells, expected at most {_MOST_CELLS:,}; save the rows that matter as a file",
        )
    lines = Lines()
    for at, line in enumerate(table_lines([[Cell(cell) for cell in row] for row in rows]), 1):
        lines.add(line, f"row={at}")
    return lines.document(snapshot_id, MEDIA_TYPE)
