"""Web pages: the main text line by line, each line with its XPath, and what the page states of itself.

The story: the page is parsed (lxml), walked into blocks, a block a line of text or a row of a table
(html_blocks.py); which of these are the report and which the page around it is told from their sentences
(html_main.py); what `<meta>` and JSON-LD say goes into `meta` (html_meta.py).
"""

import re
from typing import TYPE_CHECKING

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode
from sources.readers.lines import Lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]{0,100}?encoding=["']([\w-]+)""", re.I
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# As the HTML standard's tokenizer sees a start tag: `>` ends it unless within quotes after `=`.
_START_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]+|=\s*(?:"[^"]*"|'[^']*')?)*+""")
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|rtf|xlsx?|ofd)$", re.I)
_MOST_NAMED = 3
# A page of a report has some thousand tags with some attributes each; the parser needs quadratic time for attributes.
_MOST_TAGS, _MOST_ATTRIBUTES, _LONG_TAG = 500_000, 5_000, 10_000


def read_html(data: bytes, name: str, snapshot_id: str) -> Document:
    """The main text of a page, its title and header table before it.

    Each line's `where` is an XPath in the page as lxml.html parses it; a line of a `<meta>` alone has that of the
    attribute. `meta` holds title, publisher, published, site and url as the page states them. Raises Quarantined
    with EMPTY where the page has no main text, with TOO_COMPLEX where it is too large a tangle of tags to be a page.
    """
    from sources.readers.html_main import main_text  # noqa: PLC0415  lxml is slow to import
    from sources.readers.html_meta import page_meta  # noqa: PLC0415

    declared = _CHARSET.search(data[:4096])
    encoding = (declared[1] or declared[2]).decode("ascii", "ignore") if declared else None
    page = _CONTROL.sub("", decode(data, name, encoding))
    _bound(page, name)
    tree = _parse(page, name)
    if tree is None:
        raise Quarantined(Reason.EMPTY, _no_main_text(name, None))
    meta = page_meta(tree)
    lines = Lines()
    for line, where in main_text(tree, meta):
        lines.add(line, where)
    document = lines.document(snapshot_id, "text/html", meta)
    if not document.text:
        raise Quarantined(Reason.EMPTY, _no_main_text(name, tree))
    return document


def _parse(page: str, name: str) -> "HtmlElement | None":
    """The tree that lxml.html makes of the page; None for one without any element."""
    from lxml import etree, html  # noqa: PLC0415

    # Characters as UTF-8, so that neither a wrong declaration nor an XML declaration matters.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        tree: HtmlElement = html.document_fromstring(page.encode(errors="replace"), parser=parser)
    except etree.ParserError:
        return None
    # At its limits (256 elements deep, 10 MB in one text) the parser stops and gives what it has.
    for error in parser.error_log.filter_types(etree.ErrorTypes.ERR_RESOURCE_LIMIT):
        raise Quarantined(Reason.TOO_COMPLEX, _tangle(name, f"more than the parser takes ({error.message})"))
    return tree


def _bound(page: str, name: str) -> None:
    """Refuse what would keep the parser or the walk busy for minutes."""
    for count, tag in enumerate(_START_TAG.finditer(page)):
        if count > _MOST_TAGS:
            raise Quarantined(Reason.TOO_COMPLEX, _tangle(name, f"more than {_MOST_TAGS} tags"))
        if tag.end() - tag.start() > _LONG_TAG:
            attributes = len(_QUOTED.sub(" ", tag[0]).split())
            if attributes > _MOST_ATTRIBUTES:
                raise Quarantined(Reason.TOO_COMPLEX, _tangle(name, f"a tag with {attributes} attributes"))


def _tangle(name: str, found: str) -> str:
    return f"{name} has {found}, expected a page of at most {_MOST_TAGS} tags, 255 deep; save its text instead"


def _no_main_text(name: str, tree: "HtmlElement | None") -> str:
    """What to do depends on where the text is: in a frame, in a linked file, or made by a script."""
    empty = f"{name} is a web page without main text"
    frames, files = ([], []) if tree is None else (_frames(tree), _files(tree))
    if frames:
        return f"{empty}, it shows {', '.join(map(repr, frames))} in a frame; take in the page there instead"
    if files:
        return f"{empty}, it links to {', '.join(map(repr, files))}; take in the file there instead"
    return (
        f"{empty} (navigation or a script only); save the page as the browser shows it, or take in the report as text"
    )


def _frames(tree: "HtmlElement") -> list[str]:
    sources = [frame.get("src") or "" for frame in tree.iter("frame", "iframe")]
    return [src for src in sources if src.strip() and not src.startswith(("about:", "javascript:"))][:_MOST_NAMED]


def _files(tree: "HtmlElement") -> list[str]:
    return [href for link in tree.iter("a") if _FILE.search(href := link.get("href") or "")][:_MOST_NAMED]
