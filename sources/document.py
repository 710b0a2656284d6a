"""The canonical text of a snapshot, and what was identified about it.

Offsets everywhere in fazhi count characters (code points) of `Document.text`.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Piece:
    """Where in its file a stretch of the canonical text, `text[start:end]`, was found.

    `where` is an XPath in a web page as browsers have it (`/html/body/div[2]/p[3]`; `/html/body/div[2]/text()[5]` where
    one element has many lines, in a `<pre>` `/html/body/pre#line=5`), `line=12` in a text file, a fragment identifier
    of RFC 8118 in a PDF (`page=3&viewrect=72,96,451,14`: page from 1; left, top, width and height in points from the
    page's top left), `xywh=72,96,451,14` in pixels in an image (W3C Media Fragments), `Sheet1!B3` in a workbook,
    `paragraph=12` or `table=1&row=2`, each from 1, in a Word file, there also `footnote=1`,
    `picture=1&xywh=…` and `chunk=1` for a file within it, and `row=3` in a table saved as text.
    """

    start: int
    end: int
    where: str


@dataclass(frozen=True, slots=True)
class Document:
    """Canonical text: of a text file the decoded file with `\\n` line ends and nothing else changed.

    Of every other format it has a line a paragraph, and a line a table row with " | " between cells (see
    sources/readers/lines.py). `meta` holds what the format itself states apart from the text (an HTML page's
    `<title>`, ArticleTitle, PubDate, ContentSource …), under lower-case keys `title`, `publisher`, `published`,
    `site`, `url`. `pieces` come in the order of the text and don't overlap.
    """

    snapshot_id: str
    text: str
    media_type: str
    meta: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()

    def where(self, offset: int) -> str | None:
        """Where in the file the character at `offset` was found; None where the format doesn't tell."""
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        return self.pieces[at].where if at >= 0 and offset < self.pieces[at].end else None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports on which region and year.

    `region_code` is GB/T 2260; `published` is None where the document doesn't say.
    `synthetic` is true for sample data made up for demonstration (the text says so itself). `confidence`, in 0..1,
    says how far region and year are told by sources that agree (see sources/evidence.py), `reasons` which these are,
    a sentence each; both speak about the identity and don't make two of them differ. An identity
    recorded without them has 0.0.
    """

    title: str
    publisher: str
    region_code: str
    report_year: int
    published: date | None
    synthetic: bool = False
    confidence: float = field(default=0.0, compare=False)
    reasons: tuple[str, ...] = field(default=(), compare=False)
