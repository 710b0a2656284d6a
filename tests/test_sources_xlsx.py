"""Workbooks: each visible sheet row by row, cells as they are shown, and why a workbook is refused."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import read
from sources.readers.cell_formats import shown


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: Sequence[Any]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    return changed(data, lambda name, part: part.replace(old, new) if "worksheets/" in name else part)


def opened(data: bytes) -> Document:
    return read(data, "统计表.xlsx", "0" * 64)


def lines(book: Workbook) -> list[str]:
    return opened(saved(book)).text.splitlines()


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


def test_rows_with_where_they_are() -> None:
    found = opened(saved(workbook(["类别", "件数"], ["受理", 1362], [None, None], ["", "注:含上年结转"])))
    assert found.text == "类别 | 件数\n受理 | 1362\n| 注:含上年结转\n"
    assert [piece.where for piece in found.pieces] == ["Sheet!A1:B1", "Sheet!A2:B2", "Sheet!B4"]
    assert found.media_type.endswith("spreadsheetml.sheet")


def test_the_name_of_a_sheet_where_it_says_something() -> None:
    book = workbook(["受理", 12])
    for title in ("Sheet2", "2024 年"):
        book.create_sheet(title).append(["审结", 11])
    found = opened(saved(book))
    assert found.text.splitlines() == ["受理 | 12", "审结 | 11", "2024 年", "审结 | 11"]
    assert found.pieces[-1].where == "'2024 年'!A1:B1"


def test_merged_cells() -> None:
    book = workbook(
        ["行政复议案件情况", None, None],
        ["类别", "件数", None],
        [None, "2023年", "2024年"],
        ["受理", 118, 1362],
        [None, 97, None],
    )
    for merged in ("A1:C1", "A2:A3", "B2:C2", "A4:A5", "C4:C5"):
        book.active.merge_cells(merged)
    assert lines(book) == [
        "行政复议案件情况",
        "类别 | 件数 | 件数",
        "类别 | 2023年 | 2024年",
        "受理 | 118 | 1362",
        "受理 | 97 |",
    ]


def test_what_is_hidden_is_out() -> None:
    book = workbook(["受理", "草稿", 12], ["审结", "草稿", 11], ["合计", "草稿", 23])
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("底稿").append(["受理", 99])
    book["底稿"].sheet_state = "hidden"
    assert lines(book) == ["受理 | 12", "合计 | 23"]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (-3.25, "G/通用格式", "-3.25"),
        (1e-7, "General", "0.0000001"),
        (0.985, "0.0%", "98.5%"),
        (0.985, "0%", "99%"),
        (1.005, "0.00", "1.01"),
        (1362, "#,##0", "1,362"),
        (1234567.5, "#,##0.00_ ", "1,234,567.50"),
        (1234567, "#,##0.0,", "1,234.6"),
        (12, '0"件"', "12件"),
        (12, "0\\件", "12件"),
        (7, "000", "007"),
        (3.5, "0.0##", "3.5"),
        (3, "0.##", "3"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"无"', "无"),
        (1362, "[$¥-804]#,##0.00", "¥1,362.00"),
        (12345, '0!.0,"万"', "1.2万"),
        (12345, "0!.0,", "1.2"),
        (12345, "0!.0000", "1.2345"),
        (300, "0!.0,", "0.0"),
        (15012345678, "000-0000-0000", "150-1234-5678"),
        (12, "0.0!.0", "12"),
        (12345, '[>9999]0"万";0', "12345万"),
        (45, '[>30]"多于30";0', "多于30"),
        (12, '[>30]"多于30";0', "12"),
        (123456, '[>=10000]0!.0,"万";0', "12.3万"),
        (0, '[=1]"是";[=0]"否";0', "否"),
        (-5, '[<0]"少"0;0', "-少5"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"),
        (True, "General", "TRUE"),
        (float("inf"), "0", ""),
        (datetime(2024, 1, 16), "yyyy/m/d", "2024-01-16"),
        (datetime(2024, 1, 16, 9, 30), "yyyy/m/d h:mm", "2024-01-16 09:30"),
        (date(2024, 1, 16), '[$-804]yyyy"年"m"月"d"日"', "2024-01-16"),
        (datetime(2024, 1, 1), 'yyyy"年"', "2024年"),
        (datetime(2024, 3, 1), 'yyyy"年"m"月"', "2024年3月"),
        (time(9, 30), "h:mm", "09:30"),
        ("0012", "0.0%", "0012"),
    ],
)
def test_values_as_their_formats_show_them(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_formats_in_a_workbook() -> None:
    book = workbook(["办结率", 0.985], ["截至", datetime(2024, 12, 31)], ["错误", "#DIV/0!"])
    book.active["B1"].number_format = "0.0%"
    assert lines(book) == ["办结率 | 98.5%", "截至 | 2024-12-31", "错误"]


def test_formulas_give_what_was_last_calculated() -> None:
    data = in_sheet(saved(workbook(["合计", "=1+2"])), b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>")
    assert opened(data).text == "合计 | 3\n"


def test_a_formula_that_was_never_calculated_is_an_empty_cell_and_many_are_refused() -> None:
    assert lines(workbook(["受理", 12], ["合计", "=B1"])) == ["受理 | 12", "合计"]
    error = refused(saved(workbook(*([f"第{i}项", f"=A{i}"] for i in range(1, 9)))))
    assert error.reason is Reason.UNREADABLE
    assert "8 formulas without values among 16 cells of sheet Sheet" in error.detail
    assert "open it in a spreadsheet program and save it" in error.detail


def test_a_cell_at_the_far_corner_is_not_walked_to() -> None:
    book = workbook(["受理", 12])
    book.active["XFD1048576"] = "完"
    found = opened(in_sheet(saved(book), b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert found.text == "受理 | 12\n| | 完\n"
    assert found.pieces[-1].where == "Sheet!XFD1048576"


@pytest.mark.parametrize(
    "ranged",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<mergeCell ref="A1:B%s"/>' % (b"9" * 5_000),
        b'<hyperlinks><hyperlink ref="A1:XFD9999"/>',
    ],
)
def test_ranges_over_the_whole_sheet(ranged: bytes) -> None:
    error = refused(in_sheet(saved(workbook(["受理", 12])), b"</sheetData>", b"</sheetData>" + ranged))
    assert error.reason is Reason.TOO_COMPLEX
    assert "expected at most 200,000" in error.detail


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.readers.xlsx.MOST_CELLS", 10)
    assert refused(saved(workbook(*[["a", "b"]] * 6))).reason is Reason.TOO_COMPLEX


def test_cells_scattered_over_a_sheet() -> None:
    book = Workbook()
    for at in range(1, 1100):
        book.active.cell(at, at, 1)
    assert refused(saved(book)).reason is Reason.TOO_COMPLEX


def test_entities() -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet'
    error = refused(in_sheet(saved(workbook(["受理", 12])), b"<worksheet", declared))
    assert error.reason is Reason.UNREADABLE
    assert "defines entities" in error.detail


def test_a_bomb_in_a_workbook() -> None:
    bomb = in_sheet(saved(workbook(["受理"])), b"</sheetData>", b" " * 9_000_000 + b"</sheetData>")
    assert refused(bomb).reason is Reason.UNSAFE_ARCHIVE


def test_nothing_in_it_and_damage() -> None:
    assert refused(saved(Workbook())).reason is Reason.EMPTY
    whole = saved(workbook(["受理", 12]))
    assert refused(whole[:-300]).reason is Reason.TRUNCATED
    assert refused(in_sheet(whole, b"</sheetData>", b"")).reason is Reason.UNREADABLE


WHOLE = saved(workbook(["类别", "件数"], ["受理", 1362.5]))


@settings(max_examples=100)
@given(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.booleans())
def test_any_damage_ends_in_text_or_a_reason(at: int, put: bytes, cut: bool) -> None:
    damaged = WHOLE[:at] if cut else WHOLE[:at] + put + WHOLE[at + len(put) :]
    try:
        opened(damaged)
    except Quarantined as error:
        assert error.detail


@settings(max_examples=300)
@given(
    st.floats() | st.integers() | st.integers(1, 400).map(lambda digits: 10**digits) | st.datetimes(),
    st.text('0#?.,%;[]"\\!_*年万件ymdh-E+@/ ', max_size=12) | st.integers(1, 300).map(lambda long: "0." + "0" * long),
)
@example(10**400, "General")
@example(0.30000000000000004, "0." + "0" * 30)
@example(1.5, "0." + "0" * 200)
@example(0.5, "0" + "%" * 1_000_000)
def test_any_value_in_any_format_has_a_text(value: object, number_format: str) -> None:
    assert isinstance(shown(value, number_format), str)


@pytest.mark.parametrize("slash", ["/", "\\"])
def test_names_of_parts_with_a_slash_in_front(slash: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(workbook(["受理", 64])))) as book, zipfile.ZipFile(out, "w") as again:
        for name in book.namelist():
            again.writestr(slash + name, book.read(name))
    assert opened(out.getvalue()).text == "受理 | 64\n"
