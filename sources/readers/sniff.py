"""The format of a file by its first bytes, never by its name."""

import re

_LOOKED_AT = 4096
_MAGIC = (
    (b"%PDF-", "a PDF (application/pdf)"),
    (b"PK\x03\x04", "a ZIP container such as DOCX, XLSX or OFD (application/zip)"),
    (b"PK\x05\x06", "an empty ZIP container (application/zip)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file such as DOC, XLS or WPS (application/x-ole-storage)"),
    (b"{\\rtf", "a rich-text file (application/rtf)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image (image/png)"),
    (b"\xff\xd8\xff", "a JPEG image (image/jpeg)"),
    (b"GIF87a", "a GIF image (image/gif)"),
    (b"GIF89a", "a GIF image (image/gif)"),
    (b"II*\x00", "a TIFF image (image/tiff)"),
    (b"MM\x00*", "a TIFF image (image/tiff)"),
    (b"Rar!\x1a\x07", "a RAR archive (application/vnd.rar)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive (application/x-7z-compressed)"),
    (b"\x1f\x8b", "a gzip archive (application/gzip)"),
    (b"SQLite format 3\x00", "a SQLite file (application/vnd.sqlite3)"),
    (b"PAR1", "a Parquet file (application/vnd.apache.parquet)"),
)
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|div|p|table|span|article|section|h[1-6]|ul|font|center)\b"
    rb"[^<>]*>",
    re.IGNORECASE,
)


def media_type(data: bytes) -> str:
    """`text/html`, `text/plain`, or a phrase naming a format that can't be read (`a PDF (application/pdf)`)."""
    for magic, named in _MAGIC:
        if data.startswith(magic):
            return named
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP image (image/webp)"
    # NUL bytes out, so that the tags of UTF-16 read as ASCII.
    start = data[:_LOOKED_AT].replace(b"\x00", b"")
    return "text/html" if _HTML.search(start) else "text/plain"
