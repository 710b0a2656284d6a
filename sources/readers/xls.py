"""Workbooks from before 2007 (XLS, BIFF 2 to 8): each visible sheet row by row, cells as they are shown.

xlrd reads values and number formats; LibreOffice took two seconds a file.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.blame import damage
from sources.readers.cell_formats import shown
from sources.readers.lines import Lines
from sources.readers.office import refuse_password
from sources.readers.raised import Stretch, shown_text
from sources.readers.sheets import ERRORS, Sheet, add_sheet, too_complex

_MEDIA_TYPE = "application/vnd.ms-excel"
_MOST_CELLS = 200_000


def read_xls(data: bytes, name: str, snapshot_id: str) -> Document:
    """Each visible sheet: its name where it says something, then its rows, without hidden rows and columns.

    Cells are as `read_xlsx` has them. Raises Quarantined with EMPTY, UNREADABLE, ENCRYPTED or TOO_COMPLEX.
    """
    refuse_password(data, name, "xls")
    book = _opened(data, name)
    lines = Lines()
    for sheet in book.sheets():
        if sheet.visibility == 0:
            # xlrd counts from 0, its ranges end before their last row and column
            merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
            add_sheet(Sheet(sheet.name, dict(_texts(book, sheet)), merged), lines, name)
    document = lines.document(snapshot_id, _MEDIA_TYPE)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} is a workbook without text on a visible sheet; fetch it again")
    return document


def _opened(data: bytes, name: str) -> Any:
    import xlrd  # noqa: PLC0415  for old workbooks only

    try:
        # Ragged: a cell at the far corner makes no row of empty ones. The log is for files that are a bit off.
        book = xlrd.open_workbook(
            file_contents=_stream(data), formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception as error:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is a damaged XLS workbook ({damage(error)}), expected one that spreadsheet programs open; "
            "open it in one and save it as XLSX",
        ) from error
    cells = sum(sheet.row_len(row) for sheet in book.sheets() for row in range(sheet.nrows))
    if cells > _MOST_CELLS:
        raise too_complex(name, f"{cells:,} cells", f"at most {_MOST_CELLS:,}")
    return book


def _stream(data: bytes) -> bytes:
    """The workbook in its container; xlrd follows a chain of sectors that leads round in a circle for ever."""
    import olefile  # noqa: PLC0415  for old Office files only

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        stream = next((one for one in ("Workbook", "Book") if container.exists(one)), "Workbook")
        return bytes(container.openstream(stream).read())


def _texts(book: Any, sheet: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """The text of each shown cell that has one, by row and column from 1."""
    hidden_columns = {at for at, column in sheet.colinfo_map.items() if column.hidden or column.width == 0}
    for row in range(sheet.nrows):
        info = sheet.rowinfo_map.get(row)
        if info is not None and (info.hidden or info.height == 0):
            continue
        for column in range(sheet.row_len(row)):
            if column not in hidden_columns and (text := _text(book, sheet, row, column)):
                yield (row + 1, column + 1), text


def _text(book: Any, sheet: Any, row: int, column: int) -> str:
    import xlrd  # noqa: PLC0415  for old workbooks only

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    styled = sheet.cell_xf_index(row, column)
    if not 0 <= styled < len(book.xf_list):  # of a damaged workbook
        return shown(value, "").strip() if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else ""
    style = book.xf_list[styled]
    if kind == xlrd.XL_CELL_TEXT and (looks := sheet.rich_text_runlist_map.get((row, column))):
        return _in_looks(book, value, [(0, style.font_index), *looks]).strip()
    if _font(book, style.font_index).struck_out:
        return ""
    if kind == xlrd.XL_CELL_TEXT:
        return "" if value in ERRORS else str(value).strip()
    if kind == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(value), "")
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return ""  # empty, or an error
    stated = book.format_map.get(style.format_key)
    number_format = stated.format_str if stated else ""
    if kind == xlrd.XL_CELL_DATE and (moment := _moment(value, book.datemode)) is not None:
        return shown(moment, number_format).strip()
    return shown(value, number_format).strip()


def _in_looks(book: Any, text: str, looks: Sequence[tuple[int, int]]) -> str:
    """A text whose parts look different: from which character on which font."""
    starts = [*(start for start, _ in looks), len(text)]
    fonts = [_font(book, font) for _, font in looks]
    return shown_text(
        Stretch(text[start:end], bool(font.struck_out), bool(font.escapement))
        for font, (start, end) in zip(fonts, pairwise(starts), strict=True)
    )


def _font(book: Any, index: int) -> Any:
    """The font of an index; the first, which the others differ from, where a damaged workbook has no such."""
    return book.font_list[index if 0 <= index < len(book.font_list) else 0]


def _moment(value: float, datemode: Any) -> datetime | time | None:
    """The day or time of a number that is shown as one; None where no calendar has it."""
    import xlrd  # noqa: PLC0415  for old workbooks only

    try:
        moment: datetime = xlrd.xldate_as_datetime(value, datemode)
    except (OverflowError, ValueError, xlrd.xldate.XLDateError):
        return None
    return moment.time() if 0 <= value < 1 else moment
