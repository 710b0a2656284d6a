"""Workbooks from before 2007: values and number formats as xlrd tells them."""

import io
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import office, read, sniff

CORPUS = Path(__file__).parent / "corpus" / "documents"
TABLE = (CORPUS / "dali-2022.xls").read_bytes()
needs_libreoffice = pytest.mark.skipif(
    not office.available(), reason="LIBREOFFICE IS MISSING: the XLS files of these tests are written by it"
)


def opened(data: bytes) -> Document:
    return read(data, "统计表.xls", "0" * 64)


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("xls")


def old(book: Workbook, folder: Path) -> bytes:
    """The workbook as LibreOffice writes it for Excel 97."""
    out = io.BytesIO()
    book.save(out)
    (folder / "a.xlsx").write_bytes(out.getvalue())
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xls", "a.xlsx"], cwd=folder, check=True, capture_output=True, timeout=120
    )
    return (folder / "a.xls").read_bytes()


def test_a_table_with_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice, and the same as the workbook of today's format."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert sniff.media_type(TABLE) == "application/vnd.ms-excel"
    found, today = opened(TABLE), read((CORPUS / "dali-2022.xlsx").read_bytes(), "a", "0" * 64)
    assert found.media_type == "application/vnd.ms-excel"
    assert found.text == today.text
    assert [piece.where for piece in found.pieces] == [piece.where for piece in today.pieces]


@needs_libreoffice
def test_values_as_their_formats_show_them(folder: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    shown = [
        (0.985, "0.0%", "98.5%"),
        (1362, "#,##0", "1,362"),
        (12, '0"件"', "12件"),
        (0.074, "0.00%", "7.40%"),
        (45307, "General", "45307"),
        (0.1 + 0.2, "General", "0.3"),
        (date(2024, 1, 16), "yyyy-mm-dd", "2024-01-16"),
        ("1,364", "General", "1,364"),
        (True, "General", "TRUE"),
        ("=1/0", "General", None),
        ("=12+1", "0", "13"),
        (-25, "0;0", "25"),
    ]
    for at, (value, number_format, _) in enumerate(shown, 1):
        sheet.cell(at, 1, f"第{at}项")
        sheet.cell(at, 2, value).number_format = number_format
    expected = [f"第{at}项 | {text}" if text else f"第{at}项" for at, (_, _, text) in enumerate(shown, 1)]
    assert opened(old(book, folder)).text.splitlines() == expected


@needs_libreoffice
def test_merged_cells_and_what_is_hidden_or_struck(folder: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "行政复议"
    for row in (
        ["类别", "情况", "件数", "旧"],
        ["受理", "行政处罚", 118, 1],
        [None, "行政许可", 97, 2],
        ["旧", "旧", 5, 3],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.append(["审结", "行政许可", 88, 4])
    sheet["C5"].font = Font(strike=True)
    book.create_sheet("草稿").append(["受理", 99])
    book["草稿"].sheet_state = "hidden"
    found = opened(old(book, folder))
    assert found.text.splitlines() == [
        "行政复议",
        "类别 | 情况 | 件数",
        "受理 | 行政处罚 | 118",
        "受理 | 行政许可 | 97",
        "审结 | 行政许可",
    ]
    assert found.where(found.text.index("118")) == "行政复议!A2:C2"


@needs_libreoffice
def test_raised_marks_and_struck_text_within_a_cell(folder: Path) -> None:
    book = Workbook()
    assert book.active is not None
    cell = CellRichText(
        "1326", TextBlock(InlineFont(strike=True), "88"), TextBlock(InlineFont(vertAlign="superscript"), "1")
    )
    for value in ("受理", cell, CellRichText(TextBlock(InlineFont(strike=True), "12"), "件")):
        book.active.append([value, "件"])
    expected = ["受理 | 件", "1326 | 件", "件 | 件"]
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "统计表.xlsx", "0" * 64).text.splitlines() == expected
    assert opened(old(book, folder)).text.splitlines() == expected


def test_a_damaged_workbook() -> None:
    error = refused(TABLE.replace(b"\x09\x08\x10\x00", b"\x09\x08\x10\x7f"))
    assert error.reason is Reason.UNREADABLE
    assert "save it as XLSX" in error.detail


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.readers.xls._MOST_CELLS", 10)
    assert refused(TABLE).reason is Reason.TOO_COMPLEX


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TABLE) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_any_damage_ends_in_text_or_a_reason(at: int, put: bytes, cut: bool) -> None:
    data = TABLE[:at] + put + (b"" if cut else TABLE[at + len(put) :])
    try:
        assert opened(data).text.strip()
    except Quarantined as error:
        assert error.detail
