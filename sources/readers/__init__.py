"""From the bytes of a snapshot to its canonical text: a small module a format, chosen by content."""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.blame import damage
from sources.readers.sniff import (
    ARCHIVE,
    DOCX,
    EXCEL_2003,
    FLAT_OPC,
    ODF,
    PACKAGE,
    PPTX,
    WORD_2003,
    XLSB,
    XLSX,
    XML,
    media_type,
)

Reader = Callable[[bytes, str, str], Document]

# By name, since their parsers are slow to import.
_READERS: Mapping[str, str] = {
    "text/plain": "text:read_text",
    "text/html": "html:read_html",
    "multipart/related": "mhtml:read_mhtml",
    "application/pdf": "pdf:read_pdf",
    DOCX: "docx:read_docx",
    FLAT_OPC: "docx:read_flat_opc",
    WORD_2003: "docx:read_word_2003",
    XLSX: "xlsx:read_xlsx",
    "application/msword": "office:read_doc",
    "application/vnd.ms-excel": "xls:read_xls",
    EXCEL_2003: "office:read_excel_2003",
    **dict.fromkeys((f"{ODF}text", f"{ODF}text-template"), "office:read_odt"),
    **dict.fromkeys((f"{ODF}spreadsheet", f"{ODF}spreadsheet-template"), "office:read_ods"),
    "application/rtf": "rtf:read_rtf",
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/tiff", "image/gif", "image/bmp", "image/webp"), "image:read_image"
    ),
}
_NAMES: Mapping[str, str] = {
    ARCHIVE: "a ZIP archive",
    "application/ofd": "an OFD file",
    PPTX: "a presentation",
    XLSB: "a binary workbook (XLSB)",
    PACKAGE: "an office file of another kind than DOCX and XLSX",
    XML: "an XML file of a kind that no office program shows as text",
    f"{ODF}presentation": "a presentation",
    f"{ODF}graphics": "a drawing",
    "application/epub+zip": "an EPUB book",
    "application/x-ole-storage": "an old Office file of another kind than DOC and XLS",
    "application/vnd.rar": "a RAR archive",
    "application/x-7z-compressed": "a 7z archive",
    "application/gzip": "a gzip archive",
    "application/vnd.sqlite3": "a SQLite file",
    "application/vnd.apache.parquet": "a Parquet file",
}


def read(data: bytes, name: str, snapshot_id: str) -> Document:
    """The document in `data`; `name` is for messages only, the format is told from the content.

    Of a text file the decoded file with `\\n` line ends; of every other format a line a paragraph and a line a table
    row. Raises Quarantined with EMPTY, UNREADABLE, TRUNCATED, ENCRYPTED, TOO_COMPLEX, SCANNED_WITHOUT_OCR,
    NEEDS_LIBREOFFICE or UNSUPPORTED_FORMAT. Whatever a parser raises is UNREADABLE; any other exception is a fault of
    fazhi's own, or of the machine. Hostile files are for `sources.workers`, which calls this in a process of its own.
    """
    if not data.strip():
        raise Quarantined(Reason.EMPTY, f"{name} has no text ({len(data)} bytes); fetch the report again")
    kind = media_type(data)
    if kind == "application/x-ole-encrypted":
        raise Quarantined(
            Reason.ENCRYPTED, f"{name} is an Office file with a password; expected one without; save it without"
        )
    if kind not in _READERS:
        called = _NAMES.get(kind, "a file of another kind")
        raise Quarantined(
            Reason.UNSUPPORTED_FORMAT,
            f"{name} is {called} ({kind}), found by its content; expected a web page, PDF, DOCX, DOC, RTF, XLSX, "
            "image or text file; save it as one of these, or take in the web page of the report",
        )
    reader: Reader = resolve_name(f"sources.readers.{_READERS[kind]}")
    try:
        return reader(data, name, snapshot_id)
    except Exception as error:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is damaged ({damage(error)}), expected {kind} as its parser knows it; open it in the program it "
            "was made with, save it anew and take it in again",
        ) from error
