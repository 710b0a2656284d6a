"""Web pages: the main text line by line, each line with its XPath, and what the page states of itself.

The story: the page is parsed as a browser parses it (turbohtml), walked into blocks, a block a line of text or a row of
a table (html_blocks.py); which of these are the report and which the page around it is told from their sentences
(html_main.py); what `<meta>` and JSON-LD say goes into `meta` (html_meta.py). A page that holds its article without
showing it is refused (html_unseen.py).
"""

import re
from typing import TYPE_CHECKING

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode_page
from sources.readers.lines import Lines

if TYPE_CHECKING:
    from turbohtml import Element

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]{0,100}?encoding=["']([\w-]+)""", re.I
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# XHTML closes so what in HTML would take the rest of the page for its text: <script src="a.js"/>.
_CLOSED_AT_ONCE = re.compile(r"<(iframe|noscript|script|style|textarea|title)\b([^<>]*)/>", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|rtf|xlsx?|ofd)$", re.I)
_MOST_NAMED = 3
# A page of a report has some thousand tags.
_MOST_TAGS = 500_000


def read_html(data: bytes, name: str, snapshot_id: str, charset: str | None = None) -> Document:
    """The main text of a page, its title and header table before it; `charset` is what came with it in a header.

    Each line's `where` is an XPath in the page as a browser parses it; a line of a `<meta>` alone has that of the
    attribute. `meta` holds title, publisher, published, site and url as the page states them. Raises Quarantined
    with EMPTY where the page shows no main text, with UNREADABLE where the main text has damaged characters, with
    TOO_COMPLEX where it is too large a tangle of tags to be a page.
    """
    page = decode_page(data, name, charset or _declared(data))
    document = _read_page(page.text, name, snapshot_id)
    page.refuse_damage(document.text, name)
    return document


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    return (found[1] or found[2]).decode("ascii", "ignore") if found else None


def _read_page(page: str, name: str, snapshot_id: str) -> Document:
    from sources.readers.html_main import main_text  # noqa: PLC0415  turbohtml is slow to import
    from sources.readers.html_meta import page_meta  # noqa: PLC0415
    from sources.readers.html_unseen import said, unseen_article  # noqa: PLC0415

    if page.count("<") > _MOST_TAGS:
        raise Quarantined(Reason.TOO_COMPLEX, _tangle(name, f"more than {_MOST_TAGS} tags"))
    tree = _parse(page)
    meta = page_meta(tree)
    lines = Lines()
    try:
        for parts in main_text(tree, meta):
            lines.add_parts(parts)
    except RecursionError as error:
        raise Quarantined(Reason.TOO_COMPLEX, _tangle(name, str(error))) from error
    document = lines.document(snapshot_id, "text/html", meta)
    shown = said(document.text)
    if (where := unseen_article(tree, page, shown)) is not None:
        raise Quarantined(Reason.EMPTY, _unseen(name, where))
    if not shown:
        raise Quarantined(Reason.EMPTY, _no_main_text(name, tree))
    return document


def _parse(page: str) -> "Element":
    """The root of the tree that browsers make of the page: the parser follows the HTML standard (decision 0024)."""
    import turbohtml  # noqa: PLC0415

    page = _CONTROL.sub("", page)
    if "xmlns" in page[:4096]:
        page = _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", page)
    root = turbohtml.parse(page).root
    assert root is not None  # noqa: S101  the standard makes one of any characters
    return root


def _tangle(name: str, found: str) -> str:
    return f"{name} has {found}, expected a page of at most {_MOST_TAGS} tags, 255 deep; save its text instead"


def _unseen(name: str, where: str) -> str:
    return (
        f"{name} is a web page without main text: its article is only {where}, not in what the page itself shows; "
        "save the page as the browser shows it, or take in the report as text"
    )


def _no_main_text(name: str, tree: "Element") -> str:
    """What to do depends on where the text is: in a frame, in a linked file, or made by a script."""
    empty = f"{name} is a web page without main text"
    if frames := _frames(tree):
        return f"{empty}, it shows {', '.join(map(repr, frames))} in a frame; take in the page there instead"
    if files := _files(tree):
        return f"{empty}, it links to {', '.join(map(repr, files))}; take in the file there instead"
    return (
        f"{empty} (navigation or a script only); save the page as the browser shows it, or take in the report as text"
    )


def _frames(tree: "Element") -> list[str]:
    shown = tree.iter_elements(("frame", "iframe", "embed", "object"))
    sources = [frame.attr("src") or frame.attr("data") or "" for frame in shown]
    return [src for src in sources if src.strip() and not src.startswith(("about:", "javascript:"))][:_MOST_NAMED]


def _files(tree: "Element") -> list[str]:
    return [href for link in tree.iter_elements("a") if _FILE.search(href := link.attr("href") or "")][:_MOST_NAMED]
