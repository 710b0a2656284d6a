"""Files that LibreOffice converts: read where it is installed, else refused with what to do."""

import io
import resource
import stat
import struct
import subprocess
import sys
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import docx
import pytest

from sources.quarantine import Quarantined, Reason
from sources.readers import office, read, sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_libreoffice = pytest.mark.skipif(
    not office.available(),
    reason="LIBREOFFICE IS MISSING: apt-get install --no-install-recommends libreoffice-writer-nogui "
    "libreoffice-calc-nogui, else no DOC or XLS file is read in these tests",
)


def refused(data: bytes, name: str) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        read(data, name, "0" * 64)
    return raised.value


def old(data: bytes, new: str, kind: str, folder: Path) -> bytes:
    """A file of the old kind, written by LibreOffice."""
    (folder / f"a.{new}").write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, f"a.{new}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return (folder / f"a.{kind}").read_bytes()


@pytest.fixture(scope="module")
def doc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    document = docx.Document()
    document.add_paragraph("隆回县2024年度法治政府建设情况报告")
    document.add_paragraph("受理行政复议案件。", style="List Number")
    document.add_paragraph("12件办结。", style="List Number")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "行政复议案件情况"
    table.cell(1, 0).text, table.cell(1, 1).text = "受理", "1362"
    document.add_paragraph("完。")
    out = io.BytesIO()
    document.save(out)
    return old(out.getvalue(), "docx", "doc", tmp_path_factory.mktemp("doc"))


@needs_libreoffice
def test_a_doc_file(doc: bytes) -> None:
    assert sniff.media_type(doc) == "application/msword"
    found = read(doc, "报告.doc", "0" * 64)
    assert found.media_type == "application/msword"
    assert found.text.splitlines() == [
        "隆回县2024年度法治政府建设情况报告",
        "1. 受理行政复议案件。",
        "2. 12件办结。",
        "行政复议案件情况",
        "受理 | 1362",
        "完。",
    ]
    assert found.where(0) == "paragraph=1"


ODF_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        **{name: name for name in ("office", "text", "table", "style")},
        **{"fo": "xsl-fo-compatible", "number": "datastyle"},
    }.items()
)


def odf_content(kind: str, body: str, styles: str = "") -> str:
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return f"{automatic}<office:body><office:{kind}>{body}</office:{kind}></office:body>"


def packed_odf(kind: str, body: str, styles: str = "", manifest: str = "", mimetype: bool = True) -> bytes:
    """An OpenDocument file: `kind` is text or spreadsheet."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}">{}</manifest:file-entry>'
    entries = entry.format("/", media_type, "") + entry.format("content.xml", "text/xml", manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        if mimetype:
            container.writestr("mimetype", media_type)
        container.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODF_NAMESPACES}>'
            f"{odf_content(kind, body, styles)}</office:document-content>",
        )
        container.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{entries}</manifest:manifest>",
        )
    return out.getvalue()


def flat_odf(kind: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {ODF_NAMESPACES} '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{odf_content(kind, body)}</office:document>'
    ).encode()


ODT_STYLES = (
    '<style:style style:name="gone" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>'
    '<style:style style:name="up" style:family="text"><style:text-properties '
    'style:text-position="super 58%"/></style:style>'
    '<style:style style:name="hidden" style:family="text"><style:text-properties text:display="none"/></style:style>'
)
ODT_BODY = (
    "<text:p>隆回县2024年度法治政府建设情况报告</text:p>"
    '<text:p>受理<text:span text:style-name="gone">1326</text:span>1362'
    '<text:span text:style-name="up">1</text:span>件，'
    '审结<text:span text:style-name="hidden">99</text:span>1193件。</text:p>'
    '<text:p>调解<text:span>4</text:span><text:span>15</text:span>件<text:note text:note-class="footnote" '
    'text:id="n"><text:note-citation>1</text:note-citation><text:note-body><text:p>含结转。</text:p>'
    "</text:note-body></text:note>。</text:p>"
    '<table:table><table:table-column table:number-columns-repeated="2"/>'
    "<table:table-row><table:table-cell><text:p>类别</text:p></table:table-cell><table:table-cell>"
    "<text:p>2024年</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>信访</text:p>"
    "</table:table-cell><table:table-cell><text:p>1,364</text:p></table:table-cell></table:table-row></table:table>"
)


@needs_libreoffice
@pytest.mark.parametrize("mimetype", [True, False])
def test_an_open_document_text(mimetype: bool) -> None:
    found = read(packed_odf("text", ODT_BODY, ODT_STYLES, mimetype=mimetype), "报告.odt", "0" * 64)
    assert found.media_type == "application/vnd.oasis.opendocument.text"
    assert found.text.splitlines() == [
        "隆回县2024年度法治政府建设情况报告",
        "受理1362件，审结1193件。",
        "调解415件。",
        "类别 | 2024年",
        "信访 | 1,364",
        "含结转。",
    ]
    assert found.where(0) == "paragraph=1"


@needs_libreoffice
def test_an_open_document_in_one_xml_file() -> None:
    found = read(flat_odf("text", "<text:p>受理13<text:span>62</text:span>件。</text:p>"), "报告.fodt", "0" * 64)
    assert found.text == "受理1362件。\n"


@needs_libreoffice
def test_an_open_document_spreadsheet() -> None:
    style = (
        '<number:percentage-style style:name="p"><number:number number:decimal-places="1"/>'
        '<number:text>%</number:text></number:percentage-style><style:style style:name="rate" '
        'style:family="table-cell" style:data-style-name="p"/>'
    )
    cell = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'
    rows = [
        [("string", "", "类别"), ("string", "", "2023年"), ("string", "", "2024年")],
        [("string", "", "受理"), ("float", 'office:value="51"', "51"), ("float", 'office:value="64"', "64")],
        [
            ("string", "", "办结率"),
            ("percentage", 'table:style-name="rate" office:value="0.98"', "98.0%"),
            ("percentage", 'table:style-name="rate" office:value="0.985"', "98.5%"),
        ],
    ]
    table = "".join(f"<table:table-row>{''.join(cell.format(*one) for one in row)}</table:table-row>" for row in rows)
    found = read(
        packed_odf("spreadsheet", f'<table:table table:name="Sheet1">{table}</table:table>', style), "表.ods", "0" * 64
    )
    assert found.media_type == "application/vnd.oasis.opendocument.spreadsheet"
    assert found.text.splitlines() == ["类别 | 2023年 | 2024年", "受理 | 51 | 64", "办结率 | 98.0% | 98.5%"]
    assert found.where(0) == "Sheet1!A1:C1"


@needs_libreoffice
def test_a_workbook_in_the_xml_of_excel_2003() -> None:
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'
    rows = [
        cell.format(' ss:MergeAcross="2"', "String", "行政复议情况"),
        cell.format("", "String", "类别") + cell.format("", "String", "2023年") + cell.format("", "String", "2024年"),
        cell.format("", "String", "受理") + cell.format(' ss:Index="3"', "Number", "64"),
        cell.format("", "String", "办结率") + cell.format(' ss:Index="3" ss:StyleID="p"', "Number", "0.985"),
    ]
    book = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="p">'
        '<NumberFormat ss:Format="0.0%"/></Style></Styles><Worksheet ss:Name="Sheet1"><Table>'
        + "".join(f"<Row>{row}</Row>" for row in rows)
        + "</Table></Worksheet></Workbook>"
    )
    found = read(book.encode(), "统计表.xls", "0" * 64)
    assert found.text.splitlines() == ["行政复议情况", "类别 | 2023年 | 2024年", "受理 | | 64", "办结率 | | 98.5%"]
    assert found.where(0) == "Sheet1!A1"


def test_an_open_document_that_is_refused() -> None:
    locked = packed_odf("text", "<text:p>1</text:p>", manifest="<manifest:encryption-data/>")
    assert refused(locked, "报告.odt").reason is Reason.ENCRYPTED
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "12">]>'
    error = refused(entities + flat_odf("text", "").partition(b"?>")[2], "报告.fodt")
    assert "defines entities" in error.detail


@needs_libreoffice
def test_within_the_memory_of_a_worker(doc: bytes, tmp_path: Path) -> None:
    """LibreOffice starts in 2 GiB of address space, the limit a worker has."""
    (tmp_path / "a.doc").write_bytes(doc)
    code = (
        "import resource, pathlib; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "from sources.readers import read; print(read(pathlib.Path('a.doc').read_bytes(), 'a.doc', '0').text)"
    )
    environment = {"PYTHONPATH": str(Path(office.__file__).parents[2]), "PATH": "/usr/bin:/bin"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=120
    )
    assert "受理 | 1362" in run.stdout.decode(), run.stderr.decode()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 2 << 30


class Asked(BaseHTTPRequestHandler):
    """Remembers what it was asked for by whatever method, and has nothing."""

    paths: ClassVar[list[str]] = []

    def parse_request(self) -> bool:
        parsed = super().parse_request()
        self.paths.append(self.path)
        return parsed

    def log_message(self, *_: object) -> None:
        pass


@needs_libreoffice
def test_linked_pictures_are_not_fetched(tmp_path: Path) -> None:
    """LibreOffice does fetch them with a profile as it comes."""
    with HTTPServer(("127.0.0.1", 0), Asked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/picture.png"
        spaces = " ".join(
            f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for prefix, name in {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}.items()
        )
        linked = (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} '
            'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>受理'
            '<draw:frame svg:width="3cm" svg:height="3cm" text:anchor-type="as-char">'
            f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            "</draw:frame></text:p></office:text></office:body></office:document>"
        )
        doc = old(linked.encode(), "fodt", "doc", tmp_path)
        assert Asked.paths
        Asked.paths.clear()
        assert read(doc, "报告.doc", "0" * 64).text == "受理\n"
        assert Asked.paths == []
        server.shutdown()


@needs_libreoffice
def test_a_damaged_doc_file(doc: bytes) -> None:
    fib = doc.index(b"\xec\xa5")
    error = refused(doc[:fib] + bytes(4096) + doc[fib + 4096 :], "报告.doc")
    assert error.reason is Reason.UNREADABLE
    assert "LibreOffice:" in error.detail


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not office.available()
    odt = packed_odf("text", "<text:p>受理12件。</text:p>")
    for name, data in (("报告.doc", OLE + "WordDocument".encode("utf-16-le")), ("报告.odt", odt)):
        error = refused(data, name)
        assert error.reason is Reason.NEEDS_LIBREOFFICE
        assert "install it, or save the file as" in error.detail


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for LibreOffice on the PATH."""
    soffice = folder / "soffice"
    soffice.write_text(f"#!/bin/sh\n{script}\n")
    soffice.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


DOC = OLE + "WordDocument".encode("utf-16-le")


def test_a_conversion_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f"(sleep 60; echo) & echo $! > {tmp_path}/child; wait", monkeypatch)
    monkeypatch.setattr(office, "TIMEOUT_SECONDS", 1)
    error = refused(DOC, "报告.doc")
    assert error.reason is Reason.TOO_COMPLEX
    assert "more than 1 seconds" in error.detail
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    time.sleep(0.2)
    assert not child.exists() or child.read_text().split()[2] == "Z"


def test_a_conversion_that_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "echo Error: source file could not be loaded", monkeypatch)
    error = refused(DOC, "报告.doc")
    assert error.reason is Reason.UNREADABLE
    assert "LibreOffice: Error: source file could not be loaded" in error.detail


def test_each_conversion_has_a_home_of_its_own_without_macros(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(
        tmp_path, f'env > {tmp_path}/env; cp profile/user/registrymodifications.xcu {tmp_path}; echo "$@"', monkeypatch
    )
    refused(DOC, "报告.doc")
    environment = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
    assert environment["HOME"].rsplit("/", 1)[1].startswith("fazhi-office-")
    assert not Path(environment["HOME"]).exists()
    settings = (tmp_path / "registrymodifications.xcu").read_text()
    assert 'oor:name="DisableMacrosExecution" oor:op="fuse"><value>true<' in settings


def test_what_is_converted_is_read_as_docx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "report.docx", "w") as container:
        main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        paragraph = "<w:body><w:p><w:r><w:t>受理1362件。</w:t></w:r></w:p></w:body>"
        container.writestr("word/document.xml", f'<w:document xmlns:w="{main}">{paragraph}</w:document>')
    program(tmp_path, f"mkdir converted; cp {tmp_path}/report.docx converted", monkeypatch)
    found = read(DOC, "报告.doc", "0" * 64)
    assert (found.text, found.media_type) == ("受理1362件。\n", "application/msword")


class Container:
    """An OLE container of one stream, as the parser shows it."""

    def __init__(self, name: str, stream: bytes) -> None:
        self.name, self.stream = name, stream

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def exists(self, name: str) -> bool:
        return name == self.name

    def openstream(self, name: str) -> io.BytesIO:
        return io.BytesIO(self.stream)


@pytest.mark.parametrize(
    ("name", "stream", "encrypted"),
    [
        ("WordDocument", bytes(10) + b"\x00\x01" + bytes(20), True),
        ("WordDocument", bytes(32), False),
        ("Workbook", struct.pack("<HH4xHH2x", 0x0809, 4, 0x002F, 2), True),
        ("Workbook", struct.pack("<HH4xHH2x", 0x0809, 4, 0x0042, 2), False),
    ],
)
def test_files_with_a_password(name: str, stream: bytes, encrypted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("olefile.OleFileIO", lambda _: Container(name, stream))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Quarantined) as raised:
        office.read_doc(OLE, name, "0" * 64)
    assert raised.value.reason is (Reason.ENCRYPTED if encrypted else Reason.NEEDS_LIBREOFFICE)
