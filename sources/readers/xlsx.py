"""Workbooks (XLSX, XLSM): each visible sheet row by row, cells as they are shown."""

import io
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.archive import packed, parts
from sources.readers.blame import damage
from sources.readers.cell_formats import shown
from sources.readers.lines import Lines
from sources.readers.raised import Stretch, shown_text
from sources.readers.sheets import ERRORS, Sheet, add_sheet, too_complex
from sources.readers.sniff import XLSX

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# A table of a report has some thousand cells; the parser makes an object of each, and of each cell of a merged range.
MOST_CELLS = 200_000
_LARGEST_XML = 30_000_000
_COLUMNS = 16_384
# Digits: enough for more rows than any program takes.
_LONGEST_ROW = 9
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
# Where the parser makes cells for each place of a range.
_RANGE = re.compile(rb'<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>"
)
_FEW = 3


def read_xlsx(data: bytes, name: str, snapshot_id: str) -> Document:
    """Each visible sheet: its name where it says something, then its rows, without hidden rows and columns.

    Cells are as shown: percentages, thousands and units by their number formats, dates as 2024-01-16, formulas as last
    calculated. Raises Quarantined with EMPTY, UNREADABLE (also where many formulas were never calculated), TRUNCATED,
    ENCRYPTED, TOO_COMPLEX or UNSAFE_ARCHIVE.
    """
    contents = parts(data, name)
    for part, content in contents.items():
        _bound(part, content, name)
    if b"[Content_Types].xml" not in data or any(mark in data for mark in (b"/xl/workbook", b"xl\\workbook")):
        data = packed(contents)  # the parser finds parts by their names as the standard has them
    book = _opened(data, name, values=True)
    if any(_UNCOUNTED.search(content) for content in contents.values() if b"sheetData" in content):
        _refuse_uncounted(book, _opened(data, name, values=False), name)
    lines = Lines()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            merged = [(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges]
            add_sheet(Sheet(sheet.title, _texts(sheet), merged), lines, name)
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
        raise too_complex(name, f"{len(content):,} bytes of XML in {part}", f"at most {_LARGEST_XML:,}")
    if b"sheetData" not in content:
        return
    cells = sum(1 for _ in _CELL.finditer(content))
    cells += sum(_places(*match.groups()) for match in _RANGE.finditer(content))
    if cells > MOST_CELLS:
        raise too_complex(
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


def _opened(data: bytes, name: str, *, values: bool) -> "Workbook":
    """The workbook, with values of formulas as last calculated or with the formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415  slow to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it doesn't keep when writing
            return load_workbook(io.BytesIO(data), data_only=values, keep_links=False, rich_text=True)
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
    return {place: cell for place, cell in sheet._cells.items() if cell.value not in (None, "", *ERRORS)}


def _texts(sheet: "Worksheet") -> dict[tuple[int, int], str]:
    """The text of each shown cell that has one, by row and column."""
    fonts: Any = getattr(sheet.parent, "_fonts", ())
    struck = {at for at, font in enumerate(fonts) if font.strike}
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
        and not (struck and cell._style.fontId in struck)
        and (text := _text(cell.value, cell.number_format).strip())
    }


def _text(value: object, number_format: str) -> str:
    """What a cell shows; of text in several looks not what is struck out."""
    if not isinstance(value, list):  # openpyxl's rich text is one
        return shown(value, number_format)
    looks = [(one, None) if isinstance(one, str) else (one.text, one.font) for one in value]
    return shown_text(
        Stretch(text, bool(font and font.strike), bool(font and font.vertAlign in ("superscript", "subscript")))
        for text, font in looks
    )
