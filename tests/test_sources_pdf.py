"""PDF files: paragraphs and tables over lines, columns and pages; page furniture; and files that can't be read.

The files are made by tests/fixtures/make_pdfs.py.
"""

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import hostile_pdfs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr, read
from sources.readers.layout import Box, Line, Page, Segment, Table, TableRow, regions, without_furniture
from sources.readers.lines import Cell, Lines, clean
from sources.readers.paragraphs import follow, joined, write
from sources.readers.rules import grids

FILES = Path(__file__).parent / "fixtures" / "pdf"


def data(name: str) -> bytes:
    return (FILES / f"{name}.pdf").read_bytes()


def opened(name: str) -> Document:
    return read(data(name), f"{name}.pdf", "0" * 64)


def lines(name: str) -> list[str]:
    return opened(name).text.splitlines()


def refused(content: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        read(content, "report.pdf", "0" * 64)
    return raised.value


def pieces(document: Document) -> list[tuple[str, str]]:
    return [(piece.where, document.text[piece.start : piece.end]) for piece in document.pieces]


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)


# --- paragraphs -----------------------------------------------------------------------------------------------------


def test_a_printed_report_has_a_line_a_paragraph_and_neither_running_head_nor_foot() -> None:
    found = lines("report")
    assert found[:3] == [
        "青岩县人民政府2024年度法治政府建设情况报告",
        "2024年，全县各级行政机关坚持以习近平法治思想为指导，扎实推进依法行政，各项工作取得新的进展。",
        "全县受理行政复议案件1362件，审结1320件，审结率96.92%，其中调解和解结案415件，纠错88件，纠错率6.67%。",
    ]
    assert "一、强化组织领导" in found
    assert len(found) == 1 + 4 * 4 + 1 + 3 * 4
    assert all(line.endswith("。") for line in found if "一、" not in line and "报告" not in line)
    assert "页" not in "".join(found)


def test_each_line_knows_its_page_and_where_on_it() -> None:
    document = opened("plain")
    title, paragraph = document.text.splitlines()
    assert (document.media_type, dict(document.meta)) == ("application/pdf", {})
    assert pieces(document) == [
        ("page=1&viewrect=124,73,348,21", title),
        ("page=1&viewrect=90,132,413,73", paragraph),
    ]


def test_a_number_broken_over_a_line_is_one() -> None:
    assert "2024年，各级复议机关履职尽责，受理行政复议案件1362件，审结1320件。" in lines("over_lines_and_pages")


def test_a_number_broken_over_a_page_is_one_and_each_half_knows_its_page() -> None:
    document = opened("over_lines_and_pages")
    assert "全年调处各类矛盾纠纷18265件，成功17936件。\n" in document.text
    assert pieces(document)[2:4] == [
        ("page=1&viewrect=122,186,403,17", "全县人民调解委员会主动作为，全年调处各类矛盾纠纷18"),
        ("page=2&viewrect=90,103,173,16", "265件，成功17936件。"),
    ]


def test_headings_signature_and_date_stay_lines_of_their_own() -> None:
    found = lines("signature")
    assert "二、下一步打算" in found
    assert found[-2:] == ["青岩县人民政府", "2025年1月16日"]


def test_a_footnote_comes_after_the_paragraph_that_goes_on_over_the_page() -> None:
    assert lines("footnote") == [
        "全县受理法律援助案件2046件",
        "全县各级行政复议机关依法履职尽责，受理复议案件1362件，审结1320件。",
        "①不含市本级受理的案件12件。",
        "下一步，继续推进法治政府建设。",
    ]


def test_the_number_of_a_footnote_is_no_digit_of_the_figure() -> None:
    assert lines("raised") == ["全县受理法律援助案件2046件"]


def test_a_cover_page() -> None:
    assert lines("cover")[:4] == [
        "青岩县法治政府建设年度报告",
        "（2024年）",
        "青岩县人民政府办公室编",
        "2024年，全县各级行政机关坚持以习近平法治思想为指导，扎实推进依法行政，各项工作取得新的进展。",
    ]


def test_of_two_columns_the_left_one_comes_first() -> None:
    found = lines("columns")
    assert found[:4] == found[4:]
    assert found[0].startswith("2024年") and found[3].endswith("1.26万人次。")


def test_a_font_that_is_not_embedded() -> None:
    assert "".join(lines("not_embedded")) == "全县受理行政复议案件1362件，审结1320件，审结率96.92%。"


def test_bold_drawn_twice_stands_once_and_text_drawn_out_of_order_in_order() -> None:
    assert lines("bold_twice") == ["一、受理案件情况", "全县受理1166件。"]


def test_pages_printed_sideways() -> None:
    document = opened("sideways")
    assert pieces(document) == [
        ("page=1&viewrect=146,292,17,489", "全县受理行政复议案件1362件，审结1320件，调解和解结案415件。"),
        ("page=2&viewrect=60,146,424,17", "全县受理法律援助案件2046件，接待来访群众1.26万人次。"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("行政复议案件13", "62件", "62件"),
        ("审结率99.", "82%", "82%"),
        ("罚没1,", "362万元", "362万元"),
        ("Rule of", "Law", " Law"),
        ("全县", "受理", "受理"),
    ],
)
def test_the_next_line_follows_without_a_space_but_between_words(first: str, second: str, expected: str) -> None:
    assert joined(first, second) == expected


def mapped(to: str) -> str:
    """The text of a page that tells of `A county`, its A mapped to these UTF-16 units in hexadecimal digits."""
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 1 beginbfchar <41> <%s> endbfchar endcmap end end" % to.encode()
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    content = b"BT /F 12 Tf 72 720 Td (A county and its departments publish a report each year) Tj ET"
    objects = {4: hostile_pdfs.stream(content), 5: font, 6: hostile_pdfs.stream(to_unicode)}
    return read(hostile_pdfs.pdf(objects), "report.pdf", "0" * 64).text


def test_rare_characters_are_whole_and_halves_of_them_are_none() -> None:
    """𪨶 and others beyond U+FFFF, of names of people and places, are two units each where PDFium gives them."""
    assert mapped("D86ADE36").startswith("𪨶county")
    assert mapped("D86A").startswith("\ufffd county")
    assert mapped("DE36").startswith("\ufffd county")


# --- what a page shows ----------------------------------------------------------------------------------------------

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HEAD = "青岩县2024年法治政府建设情况报告"


class Drawn(Canvas):
    """A page with a title, drawn by hand; hanzi are 16 wide, digits about 8."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pagesize=(595, 842), invariant=1)
        self.write(HEAD, 760)

    def write(self, text: str, y: float, x: float = 72, size: float = 16, grey: float = 0) -> float:
        """Write and tell where it ends."""
        self.setFont("STSong-Light", size)
        self.setFillGray(grey)
        self.drawString(x, y, text)
        return x + self.stringWidth(text, "STSong-Light", size)

    def box(self, x: float, y: float, width: float, height: float = 22, grey: float = 1) -> None:
        self.setFillGray(grey)
        self.rect(x, y - 5, width, height, stroke=0, fill=1)


def shown(draw: Callable[[Drawn], object]) -> list[str]:
    """The lines under the title."""
    file = io.BytesIO()
    page = Drawn(file)
    draw(page)
    page.save()
    title, *found = read(file.getvalue(), "report.pdf", "0" * 64).text.splitlines()
    assert title == HEAD
    return found


def covered(x: float, width: float, grey: float = 1) -> Callable[[Drawn], object]:
    return lambda page: (page.write("受理行政复议申请1362件。", 700), page.box(x, 700, width, grey=grey))


# The figure begins at 72 + 8 × 16 = 200.
@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (covered(60, 400), []),
        (covered(60, 400, grey=0), []),
        (covered(60, 400, grey=0.9), []),
        (covered(198, 18), ["受理行政复议申请\ufffd62件。"]),
        (covered(199, 33), ["受理行政复议申请件。"]),
        (covered(300, 100), ["受理行政复议申请1362件。"]),
        (lambda page: (page.box(60, 700, 400), page.write("审结1193件。", 700)), ["审结1193件。"]),
        (lambda page: (page.box(60, 700, 400, grey=0.2), page.write("审结1193件。", 700, grey=1)), ["审结1193件。"]),
        (lambda page: page.write("审结1193件。", 700, grey=1), []),
        (lambda page: page.write("93件。", 700, page.write("11", 700, page.write("审结", 700), grey=1)), ["93件。"]),
        (lambda page: page.write("审结1193件。", 700, grey=0.7), ["审结1193件。"]),
        (lambda page: page.write("审结1193件。", -40), []),
        (lambda page: page.write("审结1193件。", 700, x=700), []),
        (lambda page: page.write("审结1193件。", 700, x=595 - 32 - 20), ["审结119\ufffd"]),
    ],
)
def test_text_that_nobody_sees_is_left_out_and_cut_numbers_are_marked(
    draw: Callable[[Drawn], object], expected: list[str]
) -> None:
    found = shown(draw)
    assert [line.replace("审结 ", "").replace("审结93", "93") for line in found] == expected


def test_a_transparent_mark_covers_nothing() -> None:
    def marked(page: Drawn) -> None:
        page.write("审结1193件。", 700)
        page.setFillAlpha(0.3)
        page.box(60, 700, 400, grey=0.5)

    assert shown(marked) == ["审结1193件。"]


def test_invisible_text_is_a_scans_only() -> None:
    def hidden(page: Drawn) -> None:
        text = page.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textOut("审结1193件。")
        page.drawText(text)

    def scanned(page: Drawn) -> None:
        page.drawInlineImage(Image.new("L", (60, 84), 230), 0, 0, 595, 842)
        hidden(page)

    assert shown(hidden) == []
    file = io.BytesIO()
    page = Drawn(file)
    scanned(page)
    page.save()
    assert read(file.getvalue(), "report.pdf", "0" * 64).text.splitlines() == [HEAD, "审结1193件。"]


@pytest.mark.parametrize(
    ("before", "raised", "after", "line"),
    [
        ("受理1362", "1", "件。", "受理1362件。"),
        ("受理1362", "[2]", "件。", "受理1362件。"),
        ("受理1362", "①", "件。", "受理1362件。"),
        ("败诉率7.4%", "3", "，下降。", "败诉率7.4%，下降。"),
        ("面积12km", "2", "。", "面积12km2。"),
        ("约10", "4", "件。", "约10⁴件。"),
        ("受理1362件", "12", "。", "受理1362件。"),
    ],
)
def test_raised_marks_of_notes(before: str, raised: str, after: str, line: str) -> None:
    def draw(page: Drawn) -> None:
        end = page.write(before, 700)
        page.write(after, 700, page.write(raised, 708, end, size=7))

    assert [found.replace(" ", "") for found in shown(draw)] == [line]


def mapped_to(text: str, lines_of_codes: Sequence[str], unmapped: str = "") -> str:
    """The text of a page whose font tells the characters of `text` for its glyphs, but for those `unmapped`."""
    codes = {sign: f"{0x41 + at:04x}" for at, sign in enumerate(dict.fromkeys(text))}
    told = [f"<{code}> <{ord(sign):04x}>" for sign, code in codes.items() if sign not in unmapped]
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF> "
        f"endcodespacerange {len(told)} beginbfchar {' '.join(told)} endbfchar endcmap end end"
    )
    shown_codes = " T* ".join(f"<{''.join(codes[sign] for sign in line)}> Tj" for line in lines_of_codes)
    objects = {
        4: hostile_pdfs.stream(f"BT /F 12 Tf 72 720 Td 20 TL {shown_codes} ET".encode()),
        5: b"<</Type/Font/Subtype/Type0/BaseFont/A+Song/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>",
        6: hostile_pdfs.stream(to_unicode.encode()),
        7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A+Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/DW 1000/FontDescriptor 8 0 R>>",
        8: b"<</Type/FontDescriptor/FontName/A+Song/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 859"
        b"/Descent -141/CapHeight 700/StemV 80>>",
    }
    return read(hostile_pdfs.pdf(objects), "report.pdf", "0" * 64).text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("受理1300\u00ad1400件占10\u00ad15%", "受理1300-1400件占10-15%"),
        ("同比\u00ad2.5%罚款3\u00ad5万元", "同比-2.5%罚款3-5万元"),
        ("纲要（2021\u00ad2025年）", "纲要（2021-2025年）"),
        ("受理1300\u22121400件", "受理1300\u22121400件"),
        ("受理1300\u20111400件", "受理1300\u20111400件"),
    ],
)
def test_hyphens_of_every_kind_stay(line: str, expected: str) -> None:
    assert mapped_to(line, [line]).replace(" ", "").strip() == expected


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("每月办结1300\u00ad", "1400件", ("每月办结1300-", "1400件")),
        ("the county govern\u00ad", "ment", ("the county govern", "ment")),
        ("同比\u00ad", "2.5%", ("同比-", "2.5%")),
        ("COVID\u00ad", "19", ("COVID-", "19")),
        ("受理13", "62件", ("受理13", "62件")),
    ],
)
def test_a_soft_hyphen_at_the_end_of_a_line(text: str, line: str, expected: tuple[str, str]) -> None:
    assert follow(text, line) == expected


def test_a_hyphen_at_the_end_of_a_line_that_pdfium_takes_for_a_soft_one_stays() -> None:
    text = "全县各级行政机关每月平均办理行政复议案件同比-2.5%"
    assert "同比-2.5%" in mapped_to(text, [text[:-4], text[-4:]]).replace("\n", "")


@pytest.mark.parametrize(
    ("line", "unmapped", "expected"),
    [
        ("全县共受理行政复议申请1642件审结案件", "6", "全县共受理行政复议申请1�42件审结案件"),
        ("全县共受理行政复议申请1642件审结案件", "4", "全县共受理行政复议申请16�2件审结案件"),
        ("全县开展法治宣传活动覆盖率7.6%以上", ".", "全县开展法治宣传活动覆盖率7�6%以上"),
        ("全县开展法治宣传活动覆盖率76%以上吧", "%", "全县开展法治宣传活动覆盖率76�以上吧"),
        ("全县各级行政机关坚持依法行政共受理行政复议申请12件审结案件", "件", None),
    ],
)
def test_a_glyph_without_a_character_stays_as_unknown(line: str, unmapped: str, expected: str | None) -> None:
    expected = expected or "全县各级行政机关坚持依法行政共受理行政复议申请12�审结案�"
    assert mapped_to(line, [line], unmapped).replace(" ", "").strip() == expected


# --- page furniture -------------------------------------------------------------------------------------------------


def page_of(number: int, *rows: tuple[str, float, float]) -> Page:
    """A page 600 × 800 with a text from (left, top) on, in hanzi 16 wide."""
    segments = tuple(Segment(t, Box(left, top, left + 16 * len(t), top + 16), 16) for t, left, top in rows)
    return Page(number, 600, 800, segments)


def kept(*pages: Page) -> list[list[str]]:
    return [[segment.text for segment in page.segments] for page in without_furniture(pages)]


@pytest.mark.parametrize(
    "number",
    [
        "- 3 -",
        "— 3 —",
        "－３－",
        "·3·",
        "第3页",
        "第 3 页 共 12 页",
        "第三页",
        "3/12",
        "3 / 12",
        "Page 3 of 12",
        "共12页 第3页",
    ],
)
def test_page_numbers_are_left_out(number: str) -> None:
    assert kept(page_of(3, ("受理12件。", 90, 400), (number, 280, 770))) == [["受理12件。"]]


def test_bare_page_numbers_are_left_out_and_a_figure_alone_on_a_line_is_not() -> None:
    text = opened("bare_page_numbers").text
    assert re.findall(r"^\d+$", text, re.MULTILINE) == ["1362"]


def test_a_running_head_is_left_out_where_it_stands_in_the_same_place_on_most_pages() -> None:
    title = ("法治政府建设情况报告", 200, 100)
    head = ("法治政府建设情况报告", 200, 40)
    assert kept(page_of(1, title), page_of(2, head), page_of(3, head)) == [["法治政府建设情况报告"], [], []]


def test_a_running_foot_may_count_the_pages_and_nothing_else() -> None:
    pages = [page_of(n, ("正文", 90, 400), (f"青岩县司法局 {n} 2024", 90, 770)) for n in (1, 2, 3)]
    assert kept(*pages) == [["正文"]] * 3
    pages = [page_of(n, ("正文", 90, 400), (f"受理{n * n * 7}件", 90, 770)) for n in (1, 2, 3)]
    assert kept(*pages) == [["正文", f"受理{n * n * 7}件"] for n in (1, 2, 3)]


def test_what_a_browser_prints_on_each_page_is_left_out() -> None:
    stamps = (("2024/3/18 10:02", 24, 10), ("https://www.example.gov.cn/fzzf/1.html", 24, 780))
    assert kept(page_of(1, ("正文", 90, 400), *stamps)) == [["正文"]]


def test_a_watermark_gives_no_figures() -> None:
    text = opened("watermark").text
    assert "2023" not in text and "99" not in text
    assert "全县受理行政复议案件1362件，审结1320件，审结率96.92%" in text


# --- tables ---------------------------------------------------------------------------------------------------------


def test_a_table_over_two_pages_has_its_head_once() -> None:
    document = opened("table_over_pages")
    found = document.text.splitlines()
    assert found[:3] == ["各社区调解情况见下表。", "社区 | 受理（件） | 成功（件）", "青岩镇第1社区 | 37 | 36"]
    assert found[-2:] == ["青岩镇第40社区 | 1480 | 1440", "以上为全年数据。"]
    assert len(found) == 1 + 1 + 40 + 1
    assert {where.split("&")[0] for where, _ in pieces(document)} == {"page=1", "page=2"}


def test_merged_cells_stand_in_each_row_they_cover() -> None:
    assert lines("merged") == [
        "单位 | 行政复议 | 行政复议",
        "单位 | 受理 | 审结",
        "公安机关及其派出机构 | 12 | 11",
        "公安机关及其派出机构 | 30 | 28",
    ]


def test_a_table_without_rules_goes_by_its_white_space() -> None:
    assert lines("borderless") == [
        "行政执法情况表",
        "单位 | 行政处罚 | 行政许可",
        "公安局 | 3218件 | 12065件",
        "司法局 | | 36件",
        "交通局 | 412件 | 1280件",
        "以上数据截至12月31日。",
    ]


def test_a_table_with_open_sides() -> None:
    assert lines("open_sides") == ["单位 | 受理", "公安局 | 318件", "司法局 | 36件"]


def test_tables_of_one_width_are_two_and_the_text_between_them_is_in_neither() -> None:
    assert lines("tables_of_one_width") == [
        "类别 | 行政复议 | 行政复议 | 行政诉讼",
        "类别 | 受理 | 审结 | 败诉",
        "2024年 | 436 | 377 | 19",
        "二、各乡镇人民调解",
        "表2 2024年部分乡镇调解情况",
        "乡镇 | 受理 | 成功",
        "河口乡 | 283 | 280",
        "石门镇 | 271 | 266",
    ]


def test_open_tables_of_one_width_are_two() -> None:
    lying = [Box(50, y, 550, y + 1) for y in (100, 120, 140, 300, 320, 340)]
    first, second = grids([*lying, Box(300, 100, 301, 141), Box(200, 300, 201, 341), Box(400, 300, 401, 341)])
    assert (first.columns, len(first.tops)) == (2, 2)
    assert (second.columns, len(second.tops)) == (3, 2)


def test_a_row_merged_over_the_whole_width_of_an_open_table_is_a_row_of_it() -> None:
    lying = [Box(50, y, 550, y + 1) for y in (100, 120, 140, 160)]
    (grid,) = grids([*lying, Box(300, 100, 301, 121), Box(300, 140, 301, 161)])
    assert [(cell.row, cell.columns) for cell in grid.cells] == [(0, 1), (0, 1), (1, 2), (2, 1), (2, 1)]


def test_rules_drawn_double_are_one() -> None:
    lying = [Box(50, y, 550, y + 0.5) for y in (100, 102.2, 120, 122.2, 140, 142.2)]
    standing = [Box(x, 100, x + 0.5, 142.7) for x in (50, 52.2, 298.9, 301.1, 547.3, 549.5)]
    (grid,) = grids(lying + standing)
    assert [(cell.row, cell.column, cell.rows, cell.columns) for cell in grid.cells] == [
        (0, 0, 1, 1),
        (0, 1, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]


def test_a_frame_and_a_single_column_of_boxes_are_no_tables() -> None:
    lying = [Box(50, y, 550, y + 1) for y in (100, 200, 300)]
    standing = [Box(x, 100, x + 1, 300) for x in (50, 550)]
    assert grids(lying + standing) == []
    assert len(grids([*lying, *standing, Box(300, 100, 301, 300)])) == 1


def ruled(*rows: tuple[str, ...], top: float = 100) -> Table:
    boxes = [Box(90, top + 20 * at, 490, top + 20 * at + 20) for at in range(len(rows))]
    cells = [TableRow(tuple(map(Cell, row)), box) for row, box in zip(rows, boxes, strict=True)]
    return Table(tuple(cells), Box(90, top, 490, top + 20 * len(rows)), len(rows[0]))


def written(*pages: Page) -> list[str]:
    collected = Lines()
    write(without_furniture(pages), lambda page, _: f"page={page.number}", collected)
    return collected.document("0" * 64, "application/pdf").text.splitlines()


def test_the_word_continued_over_the_rest_of_a_table_is_left_out() -> None:
    first = Page(1, 600, 800, (), (ruled(("单位", "受理"), ("公安局", "12")),))
    rest = Page(
        2, 600, 800, page_of(2, ("续表", 90, 120)).segments, (ruled(("单位", "受理"), ("司法局", "7"), top=150),)
    )
    assert written(first, rest) == ["单位 | 受理", "公安局 | 12", "司法局 | 7"]


def test_another_table_on_the_next_page_keeps_its_head() -> None:
    first = Page(1, 600, 800, (), (ruled(("单位", "受理"), ("公安局", "12")),))
    other = Page(2, 600, 800, (), (ruled(("单位", "受理", "审结"), ("司法局", "7", "6")),))
    assert written(first, other)[2:] == ["单位 | 受理 | 审结", "司法局 | 7 | 6"]


# --- lines and columns, by example ----------------------------------------------------------------------------------

FULL = "全县各级行政机关坚持依法行政扎实推进各项工作任务落地"


def test_list_items_with_hanging_indent() -> None:
    assert written(
        page_of(
            1,
            ("1." + FULL[:24], 100, 200),
            ("受理行政复议案件12件。", 132, 228),
            ("2." + FULL[:24], 100, 256),
            ("审结11件。", 132, 284),
        )
    ) == [f"1.{FULL[:24]}受理行政复议案件12件。", f"2.{FULL[:24]}审结11件。"]


def test_list_items_whose_bullets_are_drawn() -> None:
    assert written(
        page_of(
            1,
            (FULL, 90, 200),
            ("审结11件。", 90, 228),
            (FULL[:24], 138, 256),
            ("受理行政复议案件12件。", 138, 284),
            ("审结11件。", 138, 312),
        )
    ) == [f"{FULL}审结11件。", f"{FULL[:24]}受理行政复议案件12件。", "审结11件。"]


def test_paragraphs_without_indent_are_parted_by_their_distance() -> None:
    rows = [(FULL[:25] + "。", 90.0, top) for top in (200.0, 224.0, 248.0, 290.0, 314.0)]
    assert written(page_of(1, *rows)) == [(FULL[:25] + "。") * 3, (FULL[:25] + "。") * 2]


def test_short_lines_are_lines_of_their_own() -> None:
    assert written(page_of(1, ("一、总体情况", 90, 200), ("二、主要做法", 90, 228), ("三、存在问题", 90, 256))) == [
        "一、总体情况",
        "二、主要做法",
        "三、存在问题",
    ]


def test_a_caption_begins_a_line_of_its_own() -> None:
    heading = "三、各县区人民调解组织建设和矛盾纠纷排查化解工作情况"
    caption = "表2 2020年部分县区人民调解工作情况"
    assert written(page_of(1, (heading, 90, 200), (caption, 90, 228))) == [heading, caption]


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("全县各级行政机关坚持依法行政，各单位办理情况详细数据见", "表2，全年共1362件。"),
        ("全县各级行政机关坚持依法行政扎实推进工作任务，人大代", "表12名到场监督"),
        ("全县各级行政机关坚持依法行政扎实推进工作任务，与会代", "表一致同意"),
    ],
)
def test_a_sentence_that_names_a_table_goes_on(before: str, line: str) -> None:
    assert written(page_of(1, (before, 90, 200), (line, 90, 228))) == [before + line]


def test_the_page_in_a_table_of_contents_is_no_figure() -> None:
    assert written(page_of(1, ("一、总体情况………………3", 90, 200))) == ["一、总体情况"]


def test_a_table_of_two_columns_is_no_prose_in_two_columns() -> None:
    rows = [(text, left, 200.0 + 28 * at) for at in range(8) for text, left in (("公安局", 90.0), ("12件", 350.0))]
    (region,) = regions(page_of(1, *rows))
    assert [block.text for block in region if isinstance(block, Line)] == ["公安局 | 12件"] * 8


# --- what can't be read ---------------------------------------------------------------------------------------------


def test_a_scanned_page_without_ocr(without_ocr: None) -> None:
    found = refused(data("with_a_scan"))
    assert found.reason is Reason.SCANNED_WITHOUT_OCR
    assert "page(s) 2 of 2" in found.detail and 'pip install "fazhi[ocr]"' in found.detail


def test_a_font_that_does_not_say_what_it_shows_counts_as_an_image(without_ocr: None) -> None:
    assert refused(data("garbled")).reason is Reason.SCANNED_WITHOUT_OCR


def test_a_password() -> None:
    assert refused(data("locked")).reason is Reason.ENCRYPTED


def test_a_file_that_only_may_not_be_copied_opens() -> None:
    assert opened("restricted").text == opened("plain").text


@settings(max_examples=25)
@given(st.floats(0.02, 0.98))
def test_a_file_that_breaks_off(at: float) -> None:
    whole = data("plain")
    assert refused(whole[: int(len(whole) * at)]).reason is Reason.TRUNCATED


def test_a_damaged_file() -> None:
    assert (
        refused(b"%PDF-1.7\n" + b"\x93\xff not a file \n" * 40 + b"startxref\n9\n%%EOF\n").reason is Reason.UNREADABLE
    )


def by_hand(*objects: str) -> bytes:
    """A PDF file of these objects, numbered from 1, the first the catalogue."""
    file, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    file.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        offsets.append(file.tell())
        file.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = file.tell()
    file.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    file.write("".join(f"{offset:010} 00000 n \n" for offset in offsets).encode())
    file.write(f"trailer <</Root 1 0 R /Size {len(objects) + 1}>>\nstartxref\n{start}\n%%EOF\n".encode())
    return file.getvalue()


CATALOGUE = "<</Type/Catalog /Pages 2 0 R>>"


def test_a_page_tree_that_holds_itself() -> None:
    loop = by_hand(CATALOGUE, "<</Type/Pages /Count 2 /Kids [2 0 R 3 0 R]>>", "<</Type/Pages /Count 1 /Kids [2 0 R]>>")
    assert refused(loop).reason in (Reason.UNREADABLE, Reason.EMPTY)


def test_a_file_with_more_pages_than_a_report_has() -> None:
    pages = by_hand(CATALOGUE, f"<</Type/Pages /Count 700 /Kids [{'3 0 R ' * 700}]>>", "<</Type/Page /Parent 2 0 R>>")
    found = refused(pages)
    assert found.reason is Reason.TOO_COMPLEX
    assert "700 pages" in found.detail


def test_a_count_of_pages_that_is_a_lie() -> None:
    assert refused(by_hand(CATALOGUE, "<</Type/Pages /Count 900000000 /Kids []>>")).reason in (
        Reason.TOO_COMPLEX,
        Reason.UNREADABLE,
        Reason.EMPTY,
    )


@pytest.mark.parametrize("box", ["0 0 595 842", "0 0 99999999 99999999", "0 0 0 0", "10 10 -5 -5"])
def test_pages_without_anything_on_them(box: str) -> None:
    page = by_hand(
        CATALOGUE, "<</Type/Pages /Count 1 /Kids [3 0 R]>>", f"<</Type/Page /Parent 2 0 R /MediaBox [{box}]>>"
    )
    assert refused(page).reason is Reason.EMPTY


def test_no_pages() -> None:
    assert refused(by_hand(CATALOGUE, "<</Type/Pages /Count 0 /Kids []>>")).reason is Reason.UNREADABLE


@pytest.mark.parametrize("name", ["Microsoft Word - 报告", "青岩县法治政府建设报告.docx", "report", "报告"])
def test_a_title_that_is_a_file_name_is_none(name: str) -> None:
    assert titled(name) == {}


def test_the_title_the_file_states() -> None:
    assert titled("青岩县2024年度法治政府建设情况报告") == {"title": "青岩县2024年度法治政府建设情况报告"}


def titled(title: str) -> dict[str, str]:
    import pypdfium2 as pdfium

    from sources.readers.pdf import _meta

    in_utf_16 = (b"\xfe\xff" + title.encode("utf-16-be")).hex()
    pages, page = "<</Type/Pages /Count 1 /Kids [3 0 R]>>", "<</Type/Page /Parent 2 0 R>>"
    content = by_hand(CATALOGUE, pages, page, f"<</Title <{in_utf_16}>>>")
    content = content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 4 0 R")
    with pdfium.PdfDocument(content) as document:
        return dict(_meta(document))


@settings(max_examples=30)
@given(st.integers(0, 13_000), st.binary(min_size=1, max_size=20))
def test_a_file_with_bytes_changed_is_read_or_refused(at: int, change: bytes) -> None:
    content = data("open_sides")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ocr, "available", lambda: False)
        try:
            document = read(content[:at] + change + content[at + len(change) :], "report.pdf", "0" * 64)
        except Quarantined as quarantined:
            assert quarantined.detail
        else:
            assert all(document.text[p.start : p.end].strip() for p in document.pieces)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text("全县受理12 ,.一", max_size=8), st.sampled_from(["page=1", "page=2"])), max_size=4))
def test_the_parts_of_a_line_cover_what_they_say(parts: list[tuple[str, str]]) -> None:
    collected = Lines()
    collected.add("一、总体情况", "page=1")
    collected.add_parts(parts)
    document = collected.document("0" * 64, "application/pdf")
    expected = [(where, clean(part)) for part, where in parts if clean(part)]
    assert pieces(document)[1:] == expected
    line = "".join(document.text.splitlines()[1:])
    assert line.replace(" ", "") == "".join(text for _, text in expected).replace(" ", "")
