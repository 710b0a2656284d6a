"""Plain text files."""

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode


def read_text(data: bytes, name: str, snapshot_id: str) -> Document:
    """The decoded file with `\\n` line ends and without BOM, nothing else changed."""
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Quarantined(Reason.EMPTY, f"{name} holds only white space; fetch the report again")
    return Document(snapshot_id, text, "text/plain")
