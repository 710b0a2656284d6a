"""The format of a file by its content, never by its name: many a `.doc` is a web page or rich text."""

import io
import re
import zipfile

from sources.readers.blame import damage

ARCHIVE = "application/zip"
CSV = "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODF = "application/vnd.oasis.opendocument."
# XML that Office 2003 and later write into one file; there is no registered name for these.
FLAT_OPC, WORD_2003, EXCEL_2003 = (
    "application/x-flat-opc",
    "application/x-word-2003+xml",
    "application/x-excel-2003+xml",
)
XML = "application/xml"

_LOOKED_AT = 4096
# ISO 32000-1, annex H: readers look for the header in the first 1,024 bytes.
_PDF_HEADER_WITHIN = 1024
_MAGIC = (
    (b"PK\x05\x06", ARCHIVE),
    (b"{\\rt", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a container must hold, the first that fits; Office on the web writes word/document2.xml. Some programs write
# `/word/document.xml` or `word\\document.xml`, and the names of parts are the same in small letters and in capitals.
_IN_ZIP = tuple(
    (re.compile(rb"[/\\]*" + inner.replace(b"/", rb"[/\\]"), re.IGNORECASE), found)
    for inner, found in (
        (rb"word/document\d?\.xml\b", DOCX),
        (rb"xl/workbook\d?\.xml\b", XLSX),
        (rb"xl/workbook\d?\.bin\b", XLSB),
        (rb"ppt/presentation\d?\.xml\b", PPTX),
        (rb"OFD\.xml\b", "application/ofd"),
    )
)
# What a package says its main part is, whatever the name of that: ECMA-376 part 2, 10.1.2 (content types).
_CONTENT_TYPES = re.compile(r"[/\\]*\[content_types\]\.xml", re.IGNORECASE)
_MAIN_PARTS = (
    (b"wordprocessingml.document.main", DOCX),
    (b"wordprocessingml.template.main", DOCX),
    (b"ms-word.document.macroEnabled.main", DOCX),
    (b"spreadsheetml.sheet.main", XLSX),
    (b"presentationml.", PPTX),
)
PACKAGE = "application/x-opc-package"
_STATED = re.compile(rb"application/(?:vnd\.oasis\.opendocument\.[\w-]+|vnd\.sun\.xml\.[\w.]+|epub\+zip)")
_IN_OLE = (
    ("EncryptedPackage", "application/x-ole-encrypted"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)
_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_BEFORE_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!--|!doctype\b|script\b|style\b|link\b|base\b)", re.IGNORECASE)
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|div|p|table|span|article|section|h[1-6]|ul|font|center)\b"
    rb"[^<>]*>",
    re.IGNORECASE,
)
# The root of an XML file, behind its declaration, instructions and comments.
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?P<declared><\?xml\b[^>]*>)?\s*(?:(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*)*"
    rb"<(?P<prefix>[\w.-]+:)?(?P<root>[A-Za-z][\w.-]*)(?P<attributes>[^>]*)",
    re.DOTALL,
)
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<\?xml\s")
_FLAT_KIND = re.compile(rb'office:mimetype\s*=\s*["\']application/vnd\.oasis\.opendocument\.([\w-]+)')


def media_type(data: bytes) -> str:
    """The media type: `text/html`, `text/plain` for what is nothing else, `application/zip` for a ZIP of files."""
    for magic, found in _MAGIC:
        if data.startswith(magic):
            return found
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(data)
    if data.startswith(_OLE):
        return _in_ole(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "application/pdf"
    if _MHTML.match(data[:_LOOKED_AT]) and b"multipart/related" in data[:_LOOKED_AT].lower():
        return "multipart/related"
    # NUL bytes out, so that the tags of UTF-16 read as ASCII.
    start = data[:_LOOKED_AT].replace(b"\x00", b"")
    if b"<" in start and (written := _xml(start)):
        return written
    return "text/html" if _HTML.search(start) or _is_later_html(data) else "text/plain"


def _is_later_html(data: bytes) -> bool:
    """Whether a page begins with blank lines, a comment or a script as long as all that is looked at."""
    start = data.lstrip()[:_LOOKED_AT]
    return bool(_BEFORE_HTML.match(start) or (data[:1].isspace() and _HTML.search(start)))


def _xml(start: bytes) -> str | None:
    """What XML a file is by its root, if it isn't a web page: those have no prefix, and some of them a declaration."""
    match = _ROOT.match(start)
    if match is None:
        return None if not _DECLARED.match(start) or _HTML.search(start) else XML
    if not (match["declared"] or b"xmlns" in match["attributes"]):
        return None
    root, attributes = match["root"], match["attributes"]
    if root == b"wordDocument":
        return WORD_2003
    if root == b"package" and b"/2006/xmlPackage" in attributes:
        return FLAT_OPC
    if root == b"Workbook" and b"office:spreadsheet" in attributes:
        return EXCEL_2003
    if root == b"document" and match["prefix"] == b"office:":
        kind = _FLAT_KIND.search(start)
        return f"{ODF}{kind[1].decode()}" if kind else XML
    return None if _HTML.search(start) else XML


def _in_zip(data: bytes) -> str:
    """A damaged container is taken for what its first entry says, so that the right reader can complain."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return _packaged(container)
    except Exception as error:
        damage(error)
        return next((found for inner, found in _IN_ZIP if inner.search(data)), ARCHIVE)


def _packaged(container: zipfile.ZipFile) -> str:
    names = container.namelist()
    for inner, found in _IN_ZIP:
        if any(inner.fullmatch(name.encode()) for name in names):
            return found
    # OpenDocument part 2, 3.3, and the manifest for containers packed anew; EPUB, OCF 3.3.
    for where in ("mimetype", "META-INF/manifest.xml"):
        if where in names and (stated := _STATED.search(_start_of(container, where))):
            return stated[0].decode()
    if types := next((name for name in names if _CONTENT_TYPES.fullmatch(name)), ""):
        content = _start_of(container, types)
        return next((found for stated, found in _MAIN_PARTS if stated in content), PACKAGE)
    return ARCHIVE


def _start_of(container: zipfile.ZipFile, name: str) -> bytes:
    with container.open(name) as stream:
        return stream.read(16 * _LOOKED_AT)


def _in_ole(data: bytes) -> str:
    import olefile  # noqa: PLC0415  for old Office files only

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {entry[0] for entry in container.listdir()}
    except Exception as error:
        damage(error)
        streams = {name for name, _ in _IN_OLE if name.encode("utf-16-le") in data}
    return next((found for name, found in _IN_OLE if name in streams), "application/x-ole-storage")
