"""From bytes to canonical text: formats by content, encodings whatever they declare."""

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import read
from sources.readers.sniff import DOCX, EXCEL_2003, FLAT_OPC, WORD_2003, media_type

TEXT = "隆回县2024年度法治政府建设情况报告\n全县受理行政复议案件1362件,办结率99.82%。\n"


def opened(data: bytes, name: str = "report") -> Document:
    return read(data, name, "0" * 64)


def package(name: str, content: str = "") -> bytes:
    """A ZIP file of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr(name, content)
    return out.getvalue()


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_text_in_every_usual_encoding(encoding: str) -> None:
    assert opened(TEXT.encode(encoding)).text == TEXT


def test_big5_text() -> None:
    traditional = "法治政府建設年度報告。全縣受理行政複議案件一千三百件,審結一千二百件,人民調解組織調處糾紛。\n" * 3
    assert opened(traditional.encode("big5")).text == traditional


def test_utf_16_without_english_letters_or_line_ends() -> None:
    assert opened("全县受理行政复议案件".encode("utf-16")).text == "全县受理行政复议案件"


def test_only_line_ends_and_the_bom_change() -> None:
    written = "\ufeff 一、总体情况\r\n\t受理 12 件\r审结\u3000１１件　\n\n末\ufeff"
    assert opened(written.encode()).text == " 一、总体情况\n\t受理 12 件\n审结\u3000１１件　\n\n末\ufeff"


def test_a_figure_of_a_text_file_stands_in_a_line() -> None:
    document = opened("一、总体情况\r\n\r\n受理12件，审结11件。\n调解3件。".encode())
    assert [document.where(document.text.index(figure)) for figure in ("12", "11", "3件")] == [
        "line=3",
        "line=3",
        "line=4",
    ]
    assert document.where(document.text.index("\n")) is None


def test_one_bad_byte_in_a_long_file_is_marked_not_guessed() -> None:
    data = (TEXT * 100).encode("gb18030") + b"\xff\n"
    assert opened(data).text == TEXT * 100 + "\ufffd\n"


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", "\u3000\n".encode(), b"\xef\xbb\xbf"])
def test_no_text_at_all(data: bytes) -> None:
    assert refused(data).reason is Reason.EMPTY


def test_random_bytes() -> None:
    import random

    error = refused(random.Random(7).randbytes(4096))  # noqa: S311
    assert error.reason is Reason.UNREADABLE
    assert "save it as UTF-8" in error.detail


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"Rar!\x1a\x07\x01\x00....", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c....", "a 7z archive"),
        (b"\x1f\x8b\x08....", "a gzip archive"),
        (b"SQLite format 3\x00....", "a SQLite file"),
        (b"PK\x05\x06" + bytes(18), "a ZIP archive"),
        (package("ppt/presentation.xml"), "a presentation"),
        (package("xl/workbook.bin"), "a binary workbook (XLSB)"),
        (package("[Content_Types].xml"), "an office file of another kind than DOCX and XLSX"),
        (package("mimetype", "application/vnd.oasis.opendocument.presentation"), "a presentation"),
        (package("mimetype", "application/epub+zip"), "an EPUB book"),
        (b'<?xml version="1.0"?><feed><entry>12</entry></feed>', "an XML file"),
        ('<?xml version="1.0"?><报告>12件</报告>'.encode(), "an XML file"),
        (b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:text>12</svg:text></svg:svg>', "an XML file"),
        ('<?xml version="1.0"?>\n<!-- 12 --><a:b xmlns:a="x"/>'.encode("utf-16"), "an XML file"),
    ],
)
def test_formats_that_are_not_read_are_named_by_content(data: bytes, named: str) -> None:
    error = refused(data)
    assert error.reason is Reason.UNSUPPORTED_FORMAT
    assert f"is {named}" in error.detail
    assert "expected a web page, PDF, DOCX, DOC, RTF, XLSX, image or text file" in error.detail


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\n\n%PDF-1.4\n...", "application/pdf"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "application/msword"),
        (b"PK\x03\x04....word/document.xml", DOCX),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "multipart/related"),
        ("<p>受理12件。</p>".encode("utf-16"), "text/html"),
        ("受理<12件".encode(), "text/plain"),
        (b"<!--" + b"x" * 5000 + b"--><html>", "text/html"),
        (b"\n" * 5000 + b"<html>", "text/html"),
        ("<受理12件>".encode(), "text/plain"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><body><p>12</p></body></html>', "text/html"),
        (b'<?xml version="1.0"?><div>12</div>', "text/html"),
        (b'<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>12</body></html>', "text/html"),
        (package("/word/document.xml"), DOCX),
        (package("WORD\\DOCUMENT.XML"), DOCX),
        (package("[Content_Types].xml", "...wordprocessingml.document.main+xml..."), DOCX),
        (b'<?xml version="1.0"?><w:wordDocument xmlns:w="x"/>', WORD_2003),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', EXCEL_2003),
        (b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>', FLAT_OPC),
    ],
)
def test_a_format_is_told_by_content(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "指标,2022年,2023年\n受理,51,64\n审结,49,58\n",
            ["指标 | 2022年 | 2023年", "受理 | 51 | 64", "审结 | 49 | 58"],
        ),
        ('情况表\n指标,件数\n受理,"1,364"\n审结,58', ["情况表", "指标 | 件数", "受理 | 1,364", "审结 | 58"]),
        ("指标;件数\n受理;64\n审结;58", ["指标 | 件数", "受理 | 64", "审结 | 58"]),
        ("指标\t件数\n受理\t64\n审结\t97.6%\n", ["指标 | 件数", "受理 | 64", "审结 | 97.6%"]),
        ('"行政\n复议","件数"\n"受理","1,364"\n', ["行政复议 | 件数", "受理 | 1,364"]),
        ("情况表,,\n指标,2022年,2023年\n受理,,64\n审结,49,\n", None),
    ],
)
def test_a_table_in_text_is_read_cell_by_cell(text: str, expected: list[str] | None) -> None:
    expected = expected or ["情况表", "指标 | 2022年 | 2023年", "受理 | | 64", "审结 | 49"]
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        found = opened(text.replace("\n", "\r\n").encode(encoding))
        assert (found.media_type, found.text.splitlines()) == ("text/csv", expected)
    assert found.where(0) == "row=1"


@pytest.mark.parametrize("row", ["受理,1,364", "审结,1,051,1,364", "受理,64,含结转"])
def test_a_table_in_text_with_more_cells_than_its_head_is_refused(row: str) -> None:
    error = refused(f"指标,件数\n办结,12\n{row}\n调解,7\n".encode())
    assert error.reason is Reason.UNREADABLE
    assert f"in row 3 ({row})" in error.detail
    assert "put figures with commas in quotes" in error.detail


@pytest.mark.parametrize(
    "text",
    [
        "全县受理64件,审结58件,审结率90.6%。\n调解415件,成功409件。\n普法88场,受众3万人。\n",
        "受理,\n审结,\n",
        "2024年,全县受理64件\n2023年,全县受理51件\n",
        "指标 | 2022年 | 2023年\n受理 | 51 | 64\n",
        "姓名,职务\n张三,局长\n李四,科长\n",
    ],
)
def test_prose_with_commas_is_no_table(text: str) -> None:
    assert opened(text.encode()).text == text


def test_nul_bytes_and_one_huge_line() -> None:
    assert opened("受理\x00 12件".encode()).text == "受理\x00 12件"
    assert len(opened(("受理12件" * 500_000).encode()).text) == 2_500_000


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_quarantined(data: bytes) -> None:
    try:
        text = opened(data).text
    except Quarantined as error:
        assert error.detail
    else:
        assert text.strip()
        assert "\r" not in text


def test_text_files_do_not_wait_for_the_page_parser() -> None:
    code = (
        "import sys; from sources.readers import read; from sources.identify import identify\n"
        "identify(read('隆回县2024年法治政府建设情况报告\\n行政复议12件。'.encode(), 'a', '0'))\n"
        "sys.exit(any(m in sys.modules for m in ('trafilatura', 'lxml', 'turbohtml', 'pandas')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
