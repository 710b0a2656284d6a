"""The canonical text of a snapshot, and what was identified about it.

Offsets everywhere in fazhi count characters (code points) of `Document.text`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Document:
    """Canonical text: of a text file the decoded file with `\\n` line ends and nothing else changed.

    `meta` holds what the format itself states apart from the text (an HTML page's `<title>`,
    ArticleTitle, PubDate, ContentSource …), under lower-case keys `title`, `publisher`, `published`.
    """

    snapshot_id: str
    text: str
    media_type: str
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports on which region and year.

    `region_code` is GB/T 2260; `published` is None where the document doesn't say.
    `synthetic` is true for sample data made up for demonstration (the text says so itself).
    """

    title: str
    publisher: str
    region_code: str
    report_year: int
    published: date | None
    synthetic: bool = False
