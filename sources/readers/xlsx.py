"""Workbooks (XLSX, XLSM): each visible sheet row by row, cells as they are shown."""

import io
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.archive import parts
from sources.readers.blame import damage
from sources.readers.cell_formats import shown
from sources.readers.lines import Cell, Lines, table_lines
from sources.readers.sniff import XLSX

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# A table of a report has some thousand cells; the parser makes an object of each, and of each cell of a merged range.
MOST_CELLS = 200_000
_LARGEST_XML = 30_000_000
_LARGEST_GRID = 1_000_000
_COLUMNS = 16_384
# Digits: enough for more rows than any program takes.
_LONGEST_ROW = 9
_UNSAYING = re.compile(r"(?:Sheet|工作表|Table|表)\s*\d*(?:\s*\(\d+\))?", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
# Where the parser makes cells for each place of a range.
_RANGE = re.compile(rb'<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>"
)
_FEW = 3
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


def read_xlsx(data: bytes, name: str, snapshot_id: str) -> Document:
    """Each visible sheet: its name where it says something, then its rows, without hidden rows and columns.

    Cells are as shown: percentages, thousands and units by their number formats, dates as 2024-01-16, formulas as last
    calculated. Raises Quarantined with EMPTY, UNREADABLE (also where many formulas were never calculated), TRUNCATED,
    ENCRYPTED, TOO_COMPLEX or UNSAFE_ARCHIVE.
    """
    contents = parts(data, name)
    for part, content in contents.items():
        _bound(part, content, name)
    book = _opened(data, name, values=True)
    if any(_UNCOUNTED.search(content) for content in contents.values() if b"sheetData" in content):
        _refuse_uncounted(book, _opened(data, name, values=False), name)
    lines = Lines()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            _add(sheet, lines, name)
    document = lines.document(snapshot_id, XLSX)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} is a workbook without text on a visible sheet; fetch it again")
    return document


def _bound(part: str, content: bytes, name: str) -> None:
    """Refuse what would keep the parser busy or fill the memory."""
    if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content.replace(b"\0", b""):
        raise Quarantined(
            Reason.UNREADABLE, f"{name} defines entities in {part}, which office files must not; save it anew"
        )
    if part.endswith(".xml") and len(content) > _LARGEST_XML:
        raise _too_complex(name, f"{len(content):,} bytes of XML in {part}", f"at most {_LARGEST_XML:,}")
    if b"sheetData" not in content:
        return
    cells = sum(1 for _ in _CELL.finditer(content))
    cells += sum(_places(*match.groups()) for match in _RANGE.finditer(content))
    if cells > MOST_CELLS:
        raise _too_complex(
            name, f"{cells:,} cells in {part}, those of merged ranges among them", f"at most {MOST_CELLS:,}"
        )


def _places(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    return (abs(_row(bottom) - _row(top)) + 1) * (abs(_column(right) - _column(left)) + 1)


def _row(digits: bytes) -> int:
    return int(digits[:_LONGEST_ROW])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_complex(name: str, found: str, expected: str) -> Quarantined:
    return Quarantined(
        Reason.TOO_COMPLEX,
        f"{name} has {found}, expected {expected}; save the sheets that matter as a workbook of their own",
    )


def _opened(data: bytes, name: str, *, values: bool) -> "Workbook":
    """The workbook, with values of formulas as last calculated or with the formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415  slow to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it doesn't keep when writing
            return load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except Exception as error:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is a damaged workbook ({damage(error)}), expected one that spreadsheet programs open; "
            "open it in one and save it anew",
        ) from error


def _refuse_uncounted(values: "Workbook", formulas: "Workbook", name: str) -> None:
    """A program that doesn't calculate wrote the formulas: their cells would be read as empty."""
    for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
        cells = _cells(written)
        empty = sum(cell.data_type == "f" and sheet[cell.coordinate].value is None for cell in cells.values())
        if sheet.sheet_state == "visible" and empty > max(_FEW, len(cells) // 10):
            raise Quarantined(
                Reason.UNREADABLE,
                f"{name} has {empty} formulas without values among {len(cells)} cells of sheet {sheet.title}, "
                "expected values; open it in a spreadsheet program and save it, so that they are calculated",
            )


def _cells(sheet: "Worksheet") -> Mapping[tuple[int, int], Any]:
    """The cells with a value by row and column; going over rows would walk to the last cell that has a format."""
    return {place: cell for place, cell in sheet._cells.items() if cell.value not in (None, "", *_ERRORS)}


def _add(sheet: "Worksheet", lines: Lines, name: str) -> None:
    texts = _texts(sheet)
    rows = sorted({row for row, _ in texts})
    columns = sorted({column for _, column in texts})
    if not texts:
        return
    if len(rows) * len(columns) > _LARGEST_GRID:
        found = f"{len(rows):,} rows by {len(columns):,} columns on sheet {sheet.title}"
        raise _too_complex(name, found, f"at most {_LARGEST_GRID:,} places")
    if not _UNSAYING.fullmatch(sheet.title.strip()):
        lines.add(sheet.title)
    for row, line in zip(rows, table_lines(_table(sheet, texts, rows, columns)), strict=True):
        lines.add(line, _where(sheet.title, row, [column for column in columns if (row, column) in texts]))


def _texts(sheet: "Worksheet") -> dict[tuple[int, int], str]:
    """The text of each shown cell that has one, by row and column."""
    hidden_rows = {at for at, row in sheet.row_dimensions.items() if row.hidden or row.height == 0}
    hidden_columns: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden or column.width == 0:
            hidden_columns.update(range(column.min or 1, min(column.max or 1, _COLUMNS) + 1))
    return {
        (row, column): text
        for (row, column), cell in _cells(sheet).items()
        if row not in hidden_rows
        and column not in hidden_columns
        and (text := shown(cell.value, cell.number_format).strip())
    }


def _table(
    sheet: "Worksheet", texts: Mapping[tuple[int, int], str], rows: Sequence[int], columns: Sequence[int]
) -> list[list[Cell]]:
    """The cells that begin in each of the rows with text, in the columns with text, up to the last with text."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for merged in sheet.merged_cells.ranges:
        if (place := (merged.min_row, merged.min_col)) in texts:
            down = rows[bisect_left(rows, merged.min_row) : bisect_right(rows, merged.max_row)]
            across = columns[bisect_left(columns, merged.min_col) : bisect_right(columns, merged.max_col)]
            spans[place] = (len(down), len(across))
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
    from openpyxl.utils import get_column_letter, quote_sheetname  # noqa: PLC0415  slow to import

    sheet = title if re.fullmatch(r"\w+", title) else quote_sheetname(title)
    first, last = (f"{get_column_letter(column)}{row}" for column in (columns[0], columns[-1]))
    return f"{sheet}!{first}" if first == last else f"{sheet}!{first}:{last}"
