"""Plain text files, and the tables that are saved as such."""

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode
from sources.readers.delimited import read_delimited


def read_text(data: bytes, name: str, snapshot_id: str) -> Document:
    """The decoded file with `\\n` line ends and without BOM, nothing else changed; a table (CSV) row by row.

    Raises Quarantined with EMPTY, and as `read_delimited`.
    """
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Quarantined(Reason.EMPTY, f"{name} holds only white space; fetch the report again")
    return read_delimited(text, name, snapshot_id) or Document(snapshot_id, text, "text/plain")
