"""The format of a file by its content, never by its name: many a `.doc` is a web page or rich text."""

import io
import re
import zipfile

from sources.readers.blame import damage

ARCHIVE = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
# What a container must hold, the first that fits; Office on the web writes word/document2.xml.
_IN_ZIP = (
    (re.compile(rb"word/document\d?\.xml\b"), DOCX),
    (re.compile(rb"xl/workbook\d?\.xml\b"), XLSX),
    (re.compile(rb"OFD\.xml\b"), "application/ofd"),
)
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
    return "text/html" if _HTML.search(start) or _is_later_html(data) else "text/plain"


def _is_later_html(data: bytes) -> bool:
    """Whether a page begins with blank lines, a comment or a script as long as all that is looked at."""
    start = data.lstrip()[:_LOOKED_AT]
    return bool(_BEFORE_HTML.match(start) or (data[:1].isspace() and _HTML.search(start)))


def _in_zip(data: bytes) -> str:
    """A damaged container is taken for what its first entry says, so that the right reader can complain."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            names = [name.encode() for name in container.namelist()]
    except Exception as error:
        damage(error)
        names = [match[0] for inner, _ in _IN_ZIP if (match := inner.search(data))]
    return next((found for inner, found in _IN_ZIP if any(map(inner.fullmatch, names))), ARCHIVE)


def _in_ole(data: bytes) -> str:
    import olefile  # noqa: PLC0415  for old Office files only

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {entry[0] for entry in container.listdir()}
    except Exception as error:
        damage(error)
        streams = {name for name, _ in _IN_OLE if name.encode("utf-16-le") in data}
    return next((found for name, found in _IN_OLE if name in streams), "application/x-ole-storage")
