"""From the bytes of a snapshot to its canonical text: a small module a format, chosen by content."""

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.sniff import media_type


def read(data: bytes, name: str, snapshot_id: str) -> Document:
    """The document in `data`; `name` is for messages only, the format is told from the content.

    Of a text file the decoded file with `\\n` line ends; of HTML the main text. Raises Quarantined with
    EMPTY, UNREADABLE or UNSUPPORTED_FORMAT.
    """
    if not data.strip():
        raise Quarantined(Reason.EMPTY, f"{name} has no text ({len(data)} bytes); fetch the report again")
    kind = media_type(data)
    if kind == "text/html":
        from sources.readers.html import read_html  # noqa: PLC0415  its parsers are slow to import

        return read_html(data, name, snapshot_id)
    if kind == "text/plain":
        from sources.readers.text import read_text  # noqa: PLC0415

        return read_text(data, name, snapshot_id)
    raise Quarantined(
        Reason.UNSUPPORTED_FORMAT,
        f"{name} is {kind}, found by its first bytes; expected text or HTML; convert it to text or HTML, "
        "or take in the web page of the report",
    )
