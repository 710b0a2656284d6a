"""Word files: what the page shows, in its order, and why a file is refused."""

import io
import re
import sys
import zipfile
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import docx
import pytest
from docx.shared import Inches
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document import Document, Piece
from sources.quarantine import Quarantined, Reason
from sources.readers import archive, read
from sources.readers.numbering import _FORMATS, chinese

TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/></Types>"""
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": OFFICE,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)

OLD, OLDER = '<w:rStyle w:val="Old"/>', '<w:rStyle w:val="Older"/>'
NOT_STRUCK, LARGE = '<w:strike w:val="0"/>', '<w:sz w:val="32"/>'
RAISED = '<w:vertAlign w:val="superscript"/>'


def part(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMESPACES}>{content}</w:{root}>'


def packed(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def word_file(body: str, main: str = "word/document.xml", **beside: str) -> bytes:
    """A Word file of the XML in its body and of parts beside it: numbering, styles, footnotes."""
    folder, file = main.split("/")
    relations = "".join(f'<Relationship Id="{n}" Type="{OFFICE}/{n}" Target="{n}.xml"/>' for n in beside)
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format(f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{main}"/>'),
            main: part("document", f"<w:body>{body}</w:body>"),
            f"{folder}/_rels/{file}.rels": RELATIONS.format(relations),
            **{f"{folder}/{n}.xml": part(n, content) for n, content in beside.items()},
        }
    )


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark.format("begin") + code + mark.format("separate") + result + mark.format("end")


def opened(data: bytes) -> Document:
    return read(data, "报告.docx", "0" * 64)


def lines(data: bytes) -> list[str]:
    return opened(data).text.splitlines()


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_paragraphs_and_tables_in_order_with_where_they_are() -> None:
    document = docx.Document()
    document.add_paragraph("隆回县2024年度法治政府建设情况报告")
    document.add_paragraph("")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["类别", "件数", "受理", "1362"], strict=True):
        cell.text = text
    document.add_paragraph("全县办结 1350 件。")
    found = opened(saved(document))
    assert found.text == "隆回县2024年度法治政府建设情况报告\n类别 | 件数\n受理 | 1362\n全县办结 1350 件。\n"
    assert [piece.where for piece in found.pieces] == ["paragraph=1", "table=1&row=1", "table=1&row=2", "paragraph=3"]
    assert found.pieces[0] == Piece(0, 19, "paragraph=1")


def test_merged_cells_nested_tables_and_headers() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "隆回县人民政府文件"
    document.sections[0].footer.paragraphs[0].text = "- 1 -"
    table = document.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "行政复议案件情况"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "受理"
    for row, texts in {1: ["行政处罚", "118"], 2: ["行政许可", "97"]}.items():
        table.cell(row, 1).text, table.cell(row, 2).text = texts
    table.cell(3, 0).text = "其他"
    inner = table.cell(3, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "调解", "12件"
    assert lines(saved(document)) == [
        "行政复议案件情况",
        "受理 | 行政处罚 | 118",
        "受理 | 行政许可 | 97",
        "其他 | |",
        "调解 | 12件",
    ]


def test_a_table_that_only_lays_out_the_page() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "一、总体情况"
    cell.add_paragraph("全县受理行政复议案件1362件。")
    assert lines(saved(document)) == ["一、总体情况", "全县受理行政复议案件1362件。"]


def levels(*shapes: tuple[str, str], more: str = "") -> str:
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (shape, text) in enumerate(shapes)
    )


def in_list(level: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


NUMBER = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def definition(content: str) -> str:
    return f'<w:abstractNum w:abstractNumId="0">{content}</w:abstractNum>'


def test_automatic_numbers_are_counted_as_word_shows_them() -> None:
    numbering = (
        definition(levels(("chineseCounting", "%1、"), ("japaneseCounting", "（%2）"), ("decimal", "%3."))) + NUMBER
    )
    body = [
        (0, "总体情况"),
        (1, "组织领导"),
        (1, "行政复议"),
        (2, "12件办结"),
        (2, "受理"),
        (0, "问题"),
        (1, "短板"),
    ]
    assert lines(word_file("".join(p(text, in_list(at)) for at, text in body), numbering=numbering)) == [
        "一、总体情况",
        "（一）组织领导",
        "（二）行政复议",
        "1. 12件办结",
        "2. 受理",
        "二、问题",
        "（一）短板",
    ]


def test_a_number_never_runs_into_a_figure() -> None:
    glued = definition(levels(("decimal", "%1."), more='<w:suff w:val="nothing"/>')) + NUMBER
    body = p("12件办结", in_list(0)) + p("全部办结", in_list(0))
    assert lines(word_file(body, numbering=glued)) == ["1. 12件办结", "2.全部办结"]


def test_numbers_that_come_with_a_style() -> None:
    numbering = (
        definition(
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:pStyle w:val="1"/><w:lvlText w:val="%1、"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="2"/><w:isLgl/>'
            '<w:lvlText w:val="%1.%2"/></w:lvl>'
        )
        + NUMBER
    )
    style = '<w:style w:type="paragraph" w:styleId="{}">{}<w:pPr>{}</w:pPr></w:style>'
    listed = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = style.format("1", "", listed) + style.format("2", "", listed)
    styles += style.format("3", '<w:basedOn w:val="1"/>', "")
    body = p("总体情况", '<w:pStyle w:val="1"/>') + p("受理", '<w:pStyle w:val="2"/>')
    body += p("没有号", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>') + p(
        "问题", '<w:pStyle w:val="3"/>'
    )
    assert lines(word_file(body, numbering=numbering, styles=styles)) == [
        "一、总体情况",
        "1.1 受理",
        "没有号",
        "二、问题",
    ]


def test_lists_go_on_or_begin_anew_and_bullets_have_no_number() -> None:
    anew = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        '</w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    numbering = definition(levels(("decimal", "%1."), ("bullet", "\uf0b7"))) + NUMBER + anew
    places = [(0, 1), (1, 1), (0, 1), (0, 3), (0, 2), (0, 2)]
    body = "".join(p("落实", in_list(*place)) for place in places)
    assert lines(word_file(body, numbering=numbering)) == [
        "1. 落实",
        "落实",
        "2. 落实",
        "3. 落实",
        "1. 落实",
        "2. 落实",
    ]


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ("chineseCounting", "十二"),
        ("ideographTraditional", "乙"),
        ("ideographZodiac", "亥"),
        ("ideographDigital", "一二"),
        ("chineseLegalSimplified", "壹拾贰"),
        ("decimalFullWidth", "１２"),
        ("decimalEnclosedCircle", "⑫"),
        ("decimalZero", "12"),
        ("upperRoman", "XII"),
        ("lowerLetter", "l"),
    ],
)
def test_the_twelfth_in_each_format(shape: str, shown: str) -> None:
    assert _FORMATS[shape](12) == shown


def test_chinese_counting() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 99, 105, 110, 2024, 1001)] == [
        *("一", "十", "十一", "二十", "九十九"),
        *("一百零五", "一百一十", "二千零二十四", "一千零一"),
    ]


def test_insertions_are_in_deletions_and_hidden_text_are_out() -> None:
    body = (
        f"<w:p>{r('受理')}<w:ins>{r('1362')}</w:ins><w:del><w:r><w:delText>136</w:delText></w:r></w:del>"
        f"{r('99', '<w:vanish/>')}{r('件', '<w:vanish w:val=&quot;0&quot;/>'.replace('&quot;', chr(34)))}"
        f"<w:moveFrom>{r('旧')}</w:moveFrom></w:p>"
    )
    assert lines(word_file(body)) == ["受理1362件"]


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f"<w:p>{r('受理13')}{r('9', WHITE)}{r('62件')}</w:p>", ["受理1362件"]),
        (
            f"<w:p>{r('受理1362件', WHITE + '<w:shd w:fill=&quot;C00000&quot;/>'.replace('&quot;', chr(34)))}</w:p>",
            ["受理1362件"],
        ),
        (f"<w:tbl><w:tr><w:tc><w:p>{r('受理1362件', WHITE)}</w:p></w:tc></w:tr></w:tbl>", ["受理1362件"]),
        (f"<w:p><w:pPr><w:shd/></w:pPr>{r('受理1362件', WHITE)}</w:p>", ["受理1362件"]),
    ],
)
def test_white_writing_on_the_page_itself_is_not_seen(body: str, shown: list[str]) -> None:
    assert lines(word_file(body)) == shown


def test_a_picture_among_digits_may_show_one() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"/>'
        "</w:drawing></w:r>"
    )
    body = f"<w:p>{picture}{r('受理1')}{picture}{r('62件，办结')}{picture}{r('58件。')}{picture}</w:p>"
    assert lines(word_file(body)) == ["受理1\ufffd62件，办结\ufffd58件。"]


def test_lowered_and_raised_digits_within_a_number_stay_as_they_are() -> None:
    lowered = '<w:vertAlign w:val="subscript"/>'
    assert lines(word_file(f"<w:p>{r('受理13')}{r('6', RAISED)}{r('2件')}{r('1', lowered)}{r('。')}</w:p>")) == [
        "受理13⁶2件。"
    ]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    body = p("全县受理", "<w:rPr><w:del/></w:rPr>") + p("1362件。") + p("完。", "<w:rPr><w:del/></w:rPr>")
    assert lines(word_file(body)) == ["全县受理1362件。", "完。"]


def test_content_controls_links_and_formulas() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('一、总体情况')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('单击此处输入文字')}</w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtContent>{r('受理')}</w:sdtContent></w:sdt><w:hyperlink>{r('1362')}</w:hyperlink>"
        f"<w:smartTag>{r('件')}</w:smartTag><m:oMath><m:r><m:t>99.8%</m:t></m:r></m:oMath></w:p>"
    )
    assert lines(word_file(body)) == ["一、总体情况", "受理1362件99.8%"]


def test_fields_show_their_result_but_no_page_numbers_or_contents() -> None:
    body = (
        f"<w:p>{r('截至')}{field(' DATE ', r('2024年底'))}{r('共')}{field('PAGE', r('7'))}"
        f'<w:fldSimple w:instr=" NUMPAGES ">{r("12")}</w:fldSimple>{r("1362件")}</w:p>'
        f"<w:p>{field(' TOC ', r('一、总体情况') + r('1') + '</w:p><w:p>' + r('二、存在问题2'))}</w:p>"
    )
    assert lines(word_file(body)) == ["截至2024年底共1362件"]


def test_a_field_without_end_hides_no_more_than_its_paragraph() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    assert lines(word_file(f"<w:p>{begin}{r('目录')}</w:p>{p('受理1362件。')}")) == ["受理1362件。"]


def test_text_boxes_once_after_the_paragraph_they_hang_on() -> None:
    box = f"<w:txbxContent>{p('隆回县司法局')}</w:txbxContent>"
    body = (
        f"<w:p>{r('正文')}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{r('续')}</w:p>"
    )
    found = opened(word_file(body))
    assert found.text == "正文续\n隆回县司法局\n"
    assert found.where(5) == "paragraph=1"


def test_notes_follow_the_text_and_their_marks_dont_run_into_figures() -> None:
    body = f'<w:p>{r("受理1362")}<w:r><w:footnoteReference w:id="2"/></w:r>{r("件。")}</w:p>' + p("完。")
    notes = f'<w:footnote w:id="0">{p("分隔")}</w:footnote><w:footnote w:id="2">{p("含上年结转。")}</w:footnote>'
    found = opened(word_file(body, footnotes=notes))
    assert found.text == "受理1362件。\n完。\n含上年结转。\n"
    assert found.pieces[-1].where == "footnote=1"


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        (r("受理1362") + r("1", RAISED) + r("件"), "受理1362件"),
        (r("审结1193") + r("[2]", RAISED) + r("件"), "审结1193件"),
        (r("审结1193") + r("[", RAISED) + r("1", RAISED) + r("2]", RAISED) + r("件"), "审结1193件"),
        (r("调解415") + r("①", RAISED) + r("件"), "调解415件"),
        (r("调解415") + r("注1", RAISED) + r("件"), "调解415件"),
        (r("普法88") + r("1，2", RAISED) + r("场"), "普法88场"),
        (r("培训30") + r("3", '<w:rStyle w:val="Note"/>') + r("场"), "培训30场"),
        (r("面积12km") + r("2", RAISED), "面积12km2"),
        (r("减排CO") + r("2", '<w:vertAlign w:val="subscript"/>') + r("30吨"), "减排CO230吨"),
        (r("约10") + r("4", RAISED) + r("件"), "约10⁴件"),
        (r("1362", RAISED), "1362"),
        (r("受理1362") + r("5", '<w:vertAlign w:val="baseline"/>') + r("件"), "受理13625件"),
    ],
)
def test_raised_marks_of_notes_are_no_digits_of_a_figure(runs: str, line: str) -> None:
    styles = f'<w:style w:type="character" w:styleId="Note"><w:rPr>{RAISED}</w:rPr></w:style>'
    assert lines(word_file(f"<w:p>{runs}</w:p>", styles=styles)) == [line]


@pytest.mark.parametrize(
    ("paragraph", "line"),
    [
        (f"<w:p>{r('受理')}{r('1326', '<w:strike/>')}{r('1362件')}</w:p>", "受理1362件"),
        (f"<w:p>{r('审结')}{r('88', '<w:dstrike/>')}{r('1193件')}</w:p>", "审结1193件"),
        (f"<w:p>{r('调解')}{r('12', OLD)}{r('415件')}</w:p>", "调解415件"),
        (f"<w:p>{r('调解')}{r('12', OLDER)}{r('415件')}</w:p>", "调解415件"),
        (f"<w:p>{r('调解415', NOT_STRUCK)}{r('件')}</w:p>", "调解415件"),
        (p("旧稿12件", '<w:pStyle w:val="Gone"/>') + p("完。"), "完。"),
        (
            f'<w:p><w:pPr><w:pStyle w:val="Gone"/></w:pPr>{r("旧12")}{r("新15件", NOT_STRUCK)}</w:p>',
            "新15件",
        ),
    ],
)
def test_struck_text_was_deleted(paragraph: str, line: str) -> None:
    style = '<w:style w:type="{}" w:styleId="{}">{}</w:style>'
    styles = style.format("character", "Old", "<w:rPr><w:strike/></w:rPr>")
    styles += style.format("character", "Older", '<w:basedOn w:val="Old"/>')
    styles += style.format("paragraph", "Gone", "<w:rPr><w:strike/></w:rPr>")
    assert lines(word_file(paragraph, styles=styles)) == [line]


@pytest.mark.parametrize(
    ("label", "text", "line"),
    [
        ("%1", "312件受理", "312件受理"),
        ("%1.%1", "45场宣传", "45场宣传"),
        ("%1-", "45场宣传", "45场宣传"),
        ("%1", "三件撤销", "三件撤销"),
        ("%1", "受理312件", "1 受理312件"),
        ("%1.", "12件办结", "1. 12件办结"),
        ("（%1）", "12件办结", "（1） 12件办结"),
        ("%1、", "12件办结", "1、 12件办结"),
    ],
)
def test_an_automatic_number_is_no_digit_of_the_figure_behind_it(label: str, text: str, line: str) -> None:
    assert lines(word_file(p(text, in_list(0)), numbering=definition(levels(("decimal", label))) + NUMBER)) == [line]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('<w:sym w:font="宋体" w:char="2463"/>', "受理④12件"),
        ('<w:sym w:font="Symbol" w:char="F033"/>', "受理312件"),
        ('<w:sym w:font="Wingdings" w:char="F081"/>', "受理�12件"),
        ("<w:softHyphen/>", "受理12件"),
        ("<w:noBreakHyphen/>", "受理-12件"),
    ],
)
def test_symbols_are_their_characters_or_unknown(content: str, line: str) -> None:
    assert lines(word_file(f"<w:p>{r('受理')}<w:r>{content}</w:r>{r('12件')}</w:p>")) == [line]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r"EQ \o\ac(○,12)", "⑫"),
        (r" eq \f(2,3) ", "2/3"),
        (r"EQ \s\up5(1)", "�"),
        ("AUTONUM", "�"),
        ("PAGE", ""),
        ('TC "受理"', ""),
    ],
)
def test_fields_that_word_works_out_when_it_shows_them(instruction: str, shown: str) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction[:4]}</w:instrText><w:instrText>{instruction[4:]}</w:instrText></w:r>"
    body = f"<w:p>{r('办结')}{mark.format('begin')}{code}{mark.format('end')}{r('共')}</w:p>"
    assert lines(word_file(body)) == [f"办结{shown}共"]


def test_the_entry_chosen_in_a_form() -> None:
    entries = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="12"/><w:listEntry w:val="31"/></w:ddList>'
    field_of_form = (
        f'<w:r><w:fldChar w:fldCharType="begin">{entries}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert lines(word_file(f"<w:p>{r('办结')}{field_of_form}{r('件')}</w:p>")) == ["办结31件"]


@pytest.mark.parametrize("slash", ["/", "\\", "//"])
def test_names_of_parts_with_a_slash_in_front(slash: str) -> None:
    files = archive.parts(word_file(p("受理1362件。")), "a")
    assert lines(packed({slash + name: content for name, content in files.items()})) == ["受理1362件。"]


@pytest.mark.parametrize("rename", [str.upper, lambda name: name.replace("/", "\\")])
def test_names_of_parts_in_capitals_and_with_backslashes(rename: Callable[[str], str]) -> None:
    files = archive.parts(word_file(p("受理1362件。")), "a")
    assert lines(packed({rename(name): content for name, content in files.items()})) == ["受理1362件。"]


def with_chunk(chunk: bytes | None, body: str = '<w:altChunk r:id="a"/>', mode: str = "") -> bytes:
    """A Word file with another file in it, shown between two paragraphs."""
    files = archive.parts(word_file(f"{p('一、复议')}{body}{p('完。')}"), "a")
    relation = f'<Relationship Id="a" Type="{OFFICE}/aFChunk" Target="chunk" {mode}/>'
    files["word/_rels/document.xml.rels"] = RELATIONS.format(relation).encode()
    return packed(files if chunk is None else {**files, "word/chunk": chunk})


@pytest.mark.parametrize(
    "chunk",
    [
        "<html><body><p>受理1362件。</p></body></html>".encode(),
        "受理1362件。".encode(),
        "受理1362件。".encode("gb18030"),
        b"{\\rtf1\\ansi\\uc0 " + "".join(f"\\u{ord(sign)} " for sign in "受理1362件。").encode() + b"}",
        word_file(p("受理1362件。")),
        with_chunk("受理1362件。".encode()),
    ],
)
def test_files_within_the_file_are_read_in_their_place(chunk: bytes) -> None:
    found = opened(with_chunk(chunk))
    assert found.text.splitlines()[0] == "一、复议"
    assert found.text.splitlines()[-1] == "完。"
    assert "受理1362件。" in found.text.splitlines()
    assert found.where(found.text.index("受理")) == "chunk=1"


def test_files_within_the_file_in_a_table() -> None:
    cell = f'<w:tbl><w:tr><w:tc><w:altChunk r:id="a"/>{p("")}</w:tc><w:tc>{p("1193")}</w:tc></w:tr></w:tbl>'
    assert lines(with_chunk("受理1362件。".encode(), cell)) == ["一、复议", "受理1362件。 | 1193", "完。"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (with_chunk(None), "text in a part that is missing (altChunk)"),
        (with_chunk(b"x", mode='TargetMode="External"'), "text in a part that is missing (altChunk)"),
        (with_chunk(b"x", '<w:p><w:subDoc r:id="b"/></w:p>'), "a chapter in another file"),
        (with_chunk(b"PK\x03\x04"), "word/chunk in 报告.docx is a ZIP archive"),
        (with_chunk(with_chunk(with_chunk(with_chunk(with_chunk(b"x"))))), "files within files more than 3 deep"),
    ],
)
def test_a_report_without_a_part_of_its_text_is_refused(data: bytes, found: str) -> None:
    assert found in refused(data).detail


def flat(files: Mapping[str, bytes]) -> bytes:
    """A Word file as one XML file."""
    written = {name: content.decode().partition("?>")[2] or content.decode() for name, content in files.items()}
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>'
        for name, content in written.items()
        if name.endswith((".xml", ".rels")) and "Types" not in name
    )
    return (
        '<?xml version="1.0" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'
    ).encode()


def test_a_word_file_in_one_xml_file() -> None:
    body = p("隆回县2024年度法治政府建设情况报告") + p("12件办结", in_list(0)) + f"<w:p>{r('13')}{r('62件')}</w:p>"
    files = archive.parts(word_file(body, numbering=definition(levels(("decimal", "%1."))) + NUMBER), "a")
    found = opened(flat(files))
    assert found.text.splitlines() == ["隆回县2024年度法治政府建设情况报告", "1. 12件办结", "1362件"]
    assert found.where(0) == "paragraph=1"


def test_a_presentation_in_one_xml_file() -> None:
    error = refused(flat({"ppt/presentation.xml": b"<p/>"}))
    assert error.reason is Reason.UNSUPPORTED_FORMAT
    assert "expected a Word file" in error.detail


def word_2003(body: str, before: str = "") -> bytes:
    """A file in the XML of Word 2003."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:st1="urn:schemas-microsoft-com:office:smarttags">'
        f"{before}<w:body><wx:sect>{body}<w:sectPr><w:hdr>{p('页眉12')}</w:hdr></w:sectPr></wx:sect></w:body>"
        "</w:wordDocument>"
    ).encode()


def annotated(kind: str, content: str) -> str:
    return f'<aml:annotation aml:id="1" w:type="Word.{kind}"><aml:content>{content}</aml:content></aml:annotation>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<w:p>{r('受理13')}{r('62件', LARGE)}</w:p>", ["受理1362件"]),
        (f"<wx:sub-section>{p('一、复议')}<wx:sub-section>{p('受理12件')}</wx:sub-section></wx:sub-section>", None),
        (f"<w:p><st1:chsdate Year='2023'>{r('2023年')}</st1:chsdate>{r('受理12件')}</w:p>", ["2023年受理12件"]),
        (
            f"<w:p>{r('受理')}{annotated('Deletion', '<w:r><w:delText>13</w:delText></w:r>')}"
            f"{annotated('Insertion', r('15'))}{r('件')}{annotated('Comment', p('核对99'))}</w:p>",
            ["受理15件"],
        ),
        (f"<w:p>{r('受理')}{r('26', '<w:strike/>')}{r('62', '')}{r('1', RAISED)}{r('件')}</w:p>", ["受理62件"]),
        (
            '<w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="（一）"/></w:listPr></w:pPr>'
            f"{r('受理12件')}</w:p>",
            ["（一）受理12件"],
        ),
        (
            f"<w:p>{r('受理12')}<w:r><w:footnote>{p('含结转。')}</w:footnote></w:r>{r('件')}</w:p>",
            ["受理12件", "含结转。"],
        ),
        (f"<w:p><w:hlink w:dest='x'>{r('受理12件')}</w:hlink></w:p>", ["受理12件"]),
        (
            "<w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val='restart'/></w:tcPr>"
            f"{p('复议')}</w:tc><w:tc>{p('受理')}</w:tc><w:tc>{p('12')}</w:tc></w:tr>"
            f"<w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr>{p('')}</w:tc><w:tc>{p('审结')}</w:tc><w:tc>{p('9')}</w:tc></w:tr></w:tbl>",
            ["复议 | 受理 | 12", "复议 | 审结 | 9"],
        ),
    ],
)
def test_the_xml_of_word_2003(body: str, expected: list[str] | None) -> None:
    assert lines(word_2003(body)) == (expected or ["一、复议", "受理12件"])


def test_soft_line_breaks_end_a_line_between_sentences_only() -> None:
    body = f"<w:p>{r('隆回县')}<w:r><w:br/></w:r>{r('人民政府')}<w:r><w:br/></w:r>{r('一、总体情况')}</w:p>"
    body += f"<w:p>{r('受理12件。')}<w:r><w:br/></w:r>{r('办结11件，')}<w:r><w:tab/></w:r>{r('全部合格')}</w:p>"
    assert lines(word_file(body)) == ["隆回县人民政府", "一、总体情况", "受理12件。", "办结11件，全部合格"]


def test_strict_files_and_main_parts_of_other_names() -> None:
    strict = part("document", f"<w:body>{p('受理1362件。')}</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert lines(packed({"[Content_Types].xml": TYPES, "word/document.xml": strict})) == ["受理1362件。"]
    assert lines(word_file(p("受理1362件。"), main="word/document2.xml")) == ["受理1362件。"]


@pytest.mark.parametrize("kind", ["document.macroEnabled", "template"])
def test_files_with_macros_and_templates(kind: str) -> None:
    document = docx.Document()
    document.add_paragraph("受理1362件。")
    with zipfile.ZipFile(io.BytesIO(saved(document))) as container:
        files = {name: container.read(name) for name in container.namelist()}
    types = files["[Content_Types].xml"].replace(b"wordprocessingml.document.main", f"{kind}.main".encode())
    assert lines(packed({**files, "[Content_Types].xml": types})) == ["受理1362件。"]


def test_the_title_of_the_file_where_its_text_has_it_too() -> None:
    document = docx.Document()
    document.add_paragraph("隆回县2024年度法治政府\n建设情况报告")
    document.core_properties.title = "隆回县2024年度法治政府建设情况报告"
    assert opened(saved(document)).meta == {"title": "隆回县2024年度法治政府建设情况报告"}
    for stale in ("隆回县2019年度法治政府建设情况报告", "Word 文档", "Microsoft Word - 报告"):
        document.core_properties.title = stale
        document.add_paragraph(f"{stale}。") if stale.isascii() else None
        assert opened(saved(document)).meta == {}


def picture() -> io.BytesIO:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (60, 40), 255).save(out, "PNG")
    out.seek(0)
    return out


def scan() -> bytes:
    document = docx.Document()
    document.add_picture(picture(), Inches(2))
    return saved(document)


def recogniser(monkeypatch: pytest.MonkeyPatch, *, available: bool) -> None:
    ocr, image = ModuleType("sources.readers.ocr"), ModuleType("sources.readers.image")
    ocr.available = lambda: available  # type: ignore[attr-defined]
    image.read_image = lambda data, name, snapshot_id: Document(  # type: ignore[attr-defined]
        snapshot_id, "受理1362件。\n", "image/png", {}, (Piece(0, 8, "xywh=1,2,3,4"),)
    )
    for module in (ocr, image):
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(sys.modules["sources.readers"], module.__name__.rsplit(".", 1)[1], module, raising=False)


def test_pictures_of_pages_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser(monkeypatch, available=False)
    error = refused(scan())
    assert error.reason is Reason.SCANNED_WITHOUT_OCR
    assert "1 pictures" in error.detail


def test_pictures_of_pages_with_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser(monkeypatch, available=True)
    found = opened(scan())
    assert found.text == "受理1362件。\n"
    assert found.where(0) == "picture=1&xywh=1,2,3,4"


def test_nothing_in_it() -> None:
    assert refused(saved(docx.Document())).reason is Reason.EMPTY


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE w [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w SYSTEM "http://localhost:9/none.dtd">',
    ],
)
def test_entities_are_neither_expanded_nor_fetched(declared: str) -> None:
    body = part("document", f"<w:body>{p('受理&b;件' if 'ENTITY' in declared else '受理')}</w:body>")
    error = refused(packed({"word/document.xml": body.replace("?>", f"?>{declared}", 1)}))
    assert error.reason is Reason.UNREADABLE
    assert "defines entities" in error.detail


def test_a_bomb_in_a_word_file() -> None:
    error = refused(packed({"word/document.xml": part("document", "<w:body>" + " " * 5_000_000 + "</w:body>")}))
    assert error.reason is Reason.UNSAFE_ARCHIVE


def test_too_much_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.readers.flat.LARGEST_XML", 1000)
    error = refused(word_file(p("受理1362件。") * 100))
    assert error.reason is Reason.TOO_COMPLEX
    assert "expected at most 1,000" in error.detail


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert refused(word_file(p("受理1362件。"))).reason is Reason.UNSAFE_ARCHIVE


def test_damage() -> None:
    whole = word_file(p("受理1362件。"))
    assert refused(whole[:-200]).reason is Reason.TRUNCATED
    assert refused(packed({"word/document.xml": "<w:document"})).reason is Reason.UNREADABLE
    deep = part("document", "<w:body>" + "<w:sdt>" * 5000 + "</w:sdt>" * 5000 + "</w:body>")
    assert refused(packed({"word/document.xml": deep})).reason is Reason.UNREADABLE


def test_spans_beyond_any_page() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc>'
    body = f"<w:tbl><w:tr>{cell}{cell.replace('<w:p/>', p('12件'))}</w:tr></w:tbl>"
    assert "12件" in opened(word_file(body)).text


WHOLE = word_file(
    p("总体", in_list(0)) + f"<w:tbl><w:tr><w:tc>{p('受理')}</w:tc><w:tc>{p('12')}</w:tc></w:tr></w:tbl>",
    numbering=definition(levels(("chineseCounting", "%1、"))) + NUMBER,
)
XML = re.sub(r"\s+", " ", part("document", f"<w:body>{p('总体', in_list(0))}<w:tbl><w:tr/></w:tbl></w:body>"))
TAGS = [f"<w:{name}>" for name in ("p", "r", "t", "tbl", "tr", "tc", "sdt", "ins", "ruby", "pict", "txbxContent")]


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.booleans())
def test_any_damage_ends_in_text_or_a_reason(at: int, put: bytes, cut: bool) -> None:
    damaged = WHOLE[:at] if cut else WHOLE[:at] + put + WHOLE[at + len(put) :]
    try:
        assert opened(damaged).text.strip()
    except Quarantined as error:
        assert error.detail


@settings(max_examples=150)
@given(st.lists(st.sampled_from(TAGS), max_size=12), st.integers(1, 8))
def test_any_order_of_elements_ends_in_text_or_a_reason(tags: list[str], times: int) -> None:
    ends = "".join(tag.replace("<", "</") for tag in reversed(tags))
    body = part("document", f"<w:body>{(''.join(tags) + '12件' + ends) * times}</w:body>")
    try:
        opened(packed({"word/document.xml": body}))
    except Quarantined as error:
        assert error.reason is Reason.EMPTY
