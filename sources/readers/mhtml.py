"""Web archives (MHTML, RFC 2557): a page as a browser or Word saves it into one file with its pictures."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.html import read_html


def read_mhtml(data: bytes, name: str, snapshot_id: str) -> Document:
    """The main text of the archive's page, as `read_html` reads it; of a page of frames the first frame with text.

    Raises what `read_html` raises for the page, and Quarantined with UNREADABLE for an archive without one.
    """
    refused = Quarantined(
        Reason.UNREADABLE,
        f"{name} is a web archive (MHTML) without a web page in it; expected one with a part text/html; save the page "
        "again, as HTML or as text",
    )
    for at, part in enumerate(_pages(data)):
        try:
            document = read_html(_payload(part), name, snapshot_id, part.get_content_charset())
        except Quarantined as error:
            refused = refused if at else error
        else:
            return replace(document, media_type="multipart/related")
    raise refused


def _pages(data: bytes) -> Iterator[Message]:
    """The HTML parts, the root first: the one `start` names, else the first."""
    archive = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in archive.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = archive.get_param("start")
    yield from sorted(parts, key=lambda part: start is None or part.get("Content-ID") != start)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
