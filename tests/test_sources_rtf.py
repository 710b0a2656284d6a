"""Rich text as Word, WPS and LibreOffice write it, and why a file is refused."""

import io
import subprocess
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import office, read

# As Word writes it: Chinese names of fonts in GBK, a Latin and a Chinese font for every run.
FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0{\*\panose 02020603050405020304}Times New Roman;}"
    r"{\f13\fnil\fcharset134 \'cb\'ce\'cc\'e5{\*\falt SimSun};}}"
)


def pairs(text: str, encoding: str = "gb18030") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


def units(text: str) -> str:
    """Characters as code units, each with the `?` that older programs show."""
    coded = text.encode("utf-16-le")
    return "".join(f"\\u{int.from_bytes(coded[i : i + 2], 'little', signed=True)}?" for i in range(0, len(coded), 2))


def rtf(body: str, head: str = r"\ansi\ansicpg936\deff0\uc1" + FONTS) -> bytes:
    return ("{\\rtf1" + head + body + "}").encode("latin-1")


def opened(data: bytes) -> Document:
    return read(data, "报告.rtf", "0" * 64)


def lines(body: str) -> list[str]:
    return opened(rtf(body)).text.splitlines()


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


def test_gbk_in_pairs_and_unicode_with_where_it_is() -> None:
    found = opened(rtf(pairs("受理") + r"1362\par " + units("审结𠮷") + r"1350\par"))
    assert found.text == "受理1362\n审结𠮷1350\n"
    assert [piece.where for piece in found.pieces] == ["paragraph=1", "paragraph=2"]
    assert found.media_type == "application/rtf"


def test_a_run_whose_latin_font_is_named() -> None:
    western = r"\ansi\ansicpg1252\deff0" + FONTS
    assert lines(r"\hich\af0\dbch\af13\loch\f0 " + pairs("受理")) == ["受理"]
    assert opened(rtf(r"\hich\af0\dbch\af13\loch\f0 " + pairs("受理"), western)).text == "受理\n"
    assert opened(rtf(r"\f13 " + pairs("受理"), western)).text == "受理\n"


def test_second_bytes_that_are_letters_and_bytes_as_they_are() -> None:
    """镕 is E9 46 in GBK, whose second byte some write as the letter F."""
    assert "镕".encode("gbk") == b"\xe9F"
    assert lines(r"\'e9F" + pairs("受理")) == ["镕受理"]
    assert opened(rtf("").replace(b"}}", b"}}" + "受理1362件".encode("gbk"))).text.startswith("受理1362件")


def test_hidden_and_deleted_text_headers_and_page_numbers() -> None:
    body = (
        r"{\header " + pairs("文件") + r"\par}{\footer - {\field{\*\fldinst PAGE}{\fldrslt 7}} -\par}"
        r"{\stylesheet{\s0 " + pairs("正文") + r";}}{\*\generator Word;}{\info{\author x}}" + pairs("受理")
        + r"{\v 99}{\v\plain 13}{\deleted 88}62{\field{\*\fldinst DATE}{\fldrslt " + pairs("件") + "}}"
        r"{\field{\*\fldinst{ NUMPAGES }}{\fldrslt 12}}\par"
        r"{\field{\*\fldinst TOC}{\fldrslt " + pairs("目录") + r"\par}}"
    )  # fmt: skip
    assert lines(body) == ["受理1362件"]


def test_numbers_of_lists_footnotes_and_text_boxes() -> None:
    body = (
        r"{\listtext\pard\plain " + pairs("一、") + r"\tab}" + pairs("总体") + r"\par{\pntext 1.\tab}12" + pairs("件")
        + r"{\footnote\pard {\super\chftn} " + pairs("含结转") + r"\par}"
        + r"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt " + pairs("司法局") + r"\par}}{\shprslt x}}\par 3\par"
    )  # fmt: skip
    found = opened(rtf(body))
    assert found.text.splitlines() == ["一、总体", "1. 12件", "司法局", "3", "含结转"]
    assert found.pieces[-1].where == "footnote=1"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (r"1362{\super 1}%s", "1362件"),
        (r"1193{\super [}{\super 2]}%s", "1193件"),
        (r"{\strike 1326}1362%s", "1362件"),
        (r"{\striked1 88}1193%s", "1193件"),
        (r"\strike 12\strike0 15%s", "15件"),
        (r"\super 1362\nosupersub 1%s", "¹³⁶²1件"),
        (r"12km{\super 2}%s", "12km2件"),
        (r"\strike 12\plain 15%s", "15件"),
        (r"10{\super 4}%s", "10⁴件"),
    ],
)
def test_raised_marks_and_struck_text(body: str, line: str) -> None:
    assert lines(body % pairs("件") + r"\par") == [line]


def test_tables_with_merged_cells() -> None:
    def row(definition: str, *cells: str) -> str:
        return rf"\trowd{definition}\pard\intbl " + "".join(pairs(cell) + r"\cell " for cell in cells) + r"\row "

    body = (
        pairs("前") + r"\par "
        + row(r"\cellx9000", "行政复议案件情况")
        + row(r"\clvmgf\cellx3000\cellx6000\cellx9000", "受理", "处罚", "118")
        + row(r"\clvmrg\cellx3000\cellx6010\cellx9000", "", "许可", "97")
        + row(r"\cellx3000\clmgf\cellx6000\clmrg\cellx9000", "合计", "两类", "")
        + r"\pard " + pairs("后") + r"\par "
    )  # fmt: skip
    found = opened(rtf(body))
    assert found.text.splitlines() == [
        *("前", "行政复议案件情况", "受理 | 处罚 | 118", "受理 | 许可 | 97", "合计 | 两类 | 两类", "后")
    ]
    assert [piece.where for piece in found.pieces][1:4] == ["table=1&row=1", "table=1&row=2", "table=1&row=3"]


def test_tables_in_tables() -> None:
    inner = (
        r"\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx50\cellx90\nestrow}{\nonesttables\par}"
    )
    body = r"\trowd\cellx3000\cellx6000\pard\intbl 1\cell " + inner + r"\pard\intbl 2\cell\row\pard x\par"
    assert lines(body) == ["1 | 2", "a | b", "x"]


def test_pictures_are_skipped() -> None:
    assert opened(rtf(r"{\pict\pngblip 89504e47}{\*\shppict{\pict\bin5 {{{{{}}1\par")).text == "1\n"
    error = refused(rtf(r"{\pict\pngblip 89504e47}\par"))
    assert error.reason is Reason.SCANNED_WITHOUT_OCR


def test_the_title_of_the_file_where_its_text_has_it_too() -> None:
    title = pairs("隆回县法治政府建设报告")
    assert opened(rtf(r"{\info{\title " + title + "}}" + title)).meta == {"title": "隆回县法治政府建设报告"}
    assert opened(rtf(r"{\info{\title " + title + "}}12")).meta == {}


def test_damage_and_nesting() -> None:
    assert refused(rtf(pairs("受理"))[:-1]).reason is Reason.TRUNCATED
    assert refused(b"{\\rtf1" + b"{" * 100_000).reason is Reason.TOO_COMPLEX
    assert refused(rtf("")).reason is Reason.EMPTY


@pytest.mark.skipif(not office.available(), reason="LIBREOFFICE IS MISSING: no file of its own is read in this test")
def test_what_libreoffice_writes(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("隆回县2024年度法治政府建设情况报告")
    document.add_paragraph("受理1362件。", style="List Number")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "行政复议案件情况"
    table.cell(1, 0).text, table.cell(1, 1).text = "受理", "12"
    document.add_paragraph("完。")
    out = io.BytesIO()
    document.save(out)
    (tmp_path / "a.docx").write_bytes(out.getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "rtf", "a.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert opened((tmp_path / "a.rtf").read_bytes()).text.splitlines() == [
        *("隆回县2024年度法治政府建设情况报告", "1. 受理1362件。", "行政复议案件情况", "受理 | 12", "完。")
    ]


WORDS = [
    r"\par",
    r"\cell",
    r"\row",
    r"\trowd",
    r"\cellx90",
    r"\intbl",
    r"\v",
    r"\'b7",
    r"\u-10179?",
    r"\*",
    r"{",
    r"}",
    r"\footnote",
    r"\shptxt",
    r"\field",
    r"\fldrslt",
]
WORDS += [
    r"\nestcell",
    r"\nestrow",
    r"\bin9",
    r"12",
    r"\ansicpg0",
    r"\fonttbl",
    r"\f1",
    r"\fcharset1",
    r"\info",
    r"\title",
    r"\upr",
    r"\ud",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.binary(max_size=5))
def test_any_words_end_in_text_or_a_reason(words: list[str], more: bytes) -> None:
    try:
        assert opened(b"{\\rtf1" + " ".join(words).encode() + more + b"}").text.strip()
    except Quarantined as error:
        assert error.detail
