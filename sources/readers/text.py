"""Plain text files, and the tables that are saved as such."""

from itertools import accumulate

from sources.document import Document, Piece
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode
from sources.readers.delimited import read_delimited


def read_text(data: bytes, name: str, snapshot_id: str) -> Document:
    """The decoded file with `\\n` line ends and without BOM, nothing else changed; a table (CSV) row by row.

    The `where` of a line is `line=12`, that of a row `row=3`. Raises Quarantined with EMPTY, and as `read_delimited`.
    """
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Quarantined(Reason.EMPTY, f"{name} holds only white space; fetch the report again")
    table = read_delimited(text, name, snapshot_id)
    return table or Document(snapshot_id, text, "text/plain", pieces=_lines(text))


def _lines(text: str) -> tuple[Piece, ...]:
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    numbered = enumerate(zip(lines, starts, strict=False), 1)
    return tuple(Piece(start, start + len(line), f"line={number}") for number, (line, start) in numbered if line)
