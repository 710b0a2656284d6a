"""Canonical text, line by line: paragraphs, tables with merged cells, and where each line was found."""

from sources.document import Piece
from sources.readers.lines import Cell, Lines, clean, table_lines


def test_a_line_a_paragraph_with_where_it_was() -> None:
    lines = Lines()
    lines.add("一、总体情况", "/html/body/p[1]")
    lines.add(" \n ")
    lines.add("受理 12 件,\n审结 11 件。", "/html/body/p[2]")
    document = lines.document("0" * 64, "text/html", {"title": "报告"})
    assert document.text == "一、总体情况\n受理 12 件, 审结 11 件。\n"
    assert document.pieces == (Piece(0, 6, "/html/body/p[1]"), Piece(7, 24, "/html/body/p[2]"))
    assert [document.text[piece.start : piece.end] for piece in document.pieces] == document.text.splitlines()
    assert document.where(8) == "/html/body/p[2]"
    assert document.where(6) is None


def test_white_space_between_hanzi_is_none_between_words() -> None:
    assert clean("行 政\u3000复 议\u200b1 362 件\u00ad, 增长 3.1 %\x07") == "行政复议1 362 件, 增长 3.1 %"


def test_labels_of_merged_cells_are_repeated_and_figures_are_not() -> None:
    table = [
        [Cell("行政复议案件情况(单位:件)", columns=3)],
        [Cell("类别", rows=2), Cell("件数", columns=2)],
        [Cell("2023年"), Cell("2024年度")],
        [Cell("受理", rows=2), Cell("118"), Cell("1,362", rows=2)],
        [Cell("97件")],
        [Cell(""), Cell("")],
    ]
    assert table_lines(table) == [
        "行政复议案件情况(单位:件)",
        "类别 | 件数 | 件数",
        "类别 | 2023年 | 2024年度",
        "受理 | 118 | 1,362",
        "受理 | 97件 |",
        "",
    ]


def test_a_bar_within_a_cell_parts_no_cells() -> None:
    assert table_lines([[Cell("受理|审结"), Cell("12")]]) == ["受理｜审结 | 12"]


def test_a_year_over_two_columns_is_a_label_and_equal_figures_are_two() -> None:
    table = [[Cell("地区"), Cell("2024年", columns=2)], [Cell("隆回县"), Cell("12"), Cell("12")]]
    assert table_lines(table) == ["地区 | 2024年 | 2024年", "隆回县 | 12 | 12"]
    assert table_lines([[Cell("12"), Cell("12")]]) == ["12 | 12"]


def test_a_soft_hyphen_stays_beside_digits_only() -> None:
    assert clean("办理1300\u00ad1400件，同比\u00ad2.5%，法\u00ad治") == "办理1300\u00ad1400件，同比\u00ad2.5%，法治"
