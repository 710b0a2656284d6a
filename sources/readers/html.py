"""Web pages: the main text of the page, its tables row by row, and what the page states of itself."""

import re
from collections.abc import Mapping
from typing import Any

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.decode import decode

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]{0,100}?encoding=["']([\w-]+)""", re.I
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
# A page of a report has some thousand tags, nested a few dozen deep; beyond that parsers get slow.
_MOST_TAGS, _DEEPEST = 250_000, 1_000
# The names under which government sites state title, source and date (standard for government web sites).
_META = {
    "title": ("articletitle", "og:title"),
    "publisher": ("contentsource", "source", "author"),
    "published": ("pubdate", "publishdate", "article:published_time", "createdate"),
}
# Word processors split numbers over such tags (<span>1</span><span>362</span>); for short pages the extractor
# would put each on its own line.
_INLINE = re.compile(r"</?(?:span|font|strong|em|b|i|u)(?:\s[^<>]*)?>", re.I)
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
# Tags that often have no end tag, so that depth isn't counted for them.
_VOID = re.compile(r"<(?:[!?]|(?:area|base|br|col|embed|hr|img|input|link|meta|source|wbr|p|li|t[drh]|option)\b)", re.I)
# 1&nbsp;362 is one number; 2024&nbsp;362 and 12&nbsp;&nbsp;34 are two.
_THOUSANDS = re.compile(r"(?<![\d.])(\d{1,3})(?:&nbsp;|&#160;|&#xa0;|[\xa0\u2009\u202f])(?=\d{3}(?!\d))", re.I)
_RULE_UNDER_HEAD = re.compile(r"[-\s|]*-[-\s|]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_html(data: bytes, name: str, snapshot_id: str) -> Document:
    """The main text of a page; `meta` holds title, publisher and published as the page states them.

    Table rows are lines with " | " between cells. A paragraph that the page repeats word for word stands
    once (the extractor's way against menus). Raises Quarantined with EMPTY where the page has no main text,
    with UNREADABLE where it is too large a tangle of tags to be a page.
    """
    declared = _CHARSET.search(data[:4096])
    encoding = (declared[1] or declared[2]).decode("ascii", "ignore") if declared else None
    page = _CONTROL.sub("", decode(data, name, encoding).replace("\r\n", "\n").replace("\r", "\n"))
    _bound(page, name)
    text = _main_text(page)
    if not text.strip():
        raise Quarantined(
            Reason.EMPTY,
            f"{name} is a web page without main text (navigation or a script only); save the page as the browser "
            "shows it, or take in the report as text",
        )
    return Document(snapshot_id, text, "text/html", _meta(page))


def _bound(page: str, name: str) -> None:
    """Refuse what would keep the parser busy for minutes; a page that deep has no main text anyway."""
    deepest = depth = 0
    for count, tag in enumerate(_TAG.finditer(page)):
        depth = max(0, depth - 1) if tag[0][1] == "/" else depth + (tag[0][-2] != "/" and not _VOID.match(tag[0]))
        deepest = max(deepest, depth)
        if count > _MOST_TAGS:
            raise Quarantined(Reason.UNREADABLE, _tangle(name, f"more than {_MOST_TAGS} tags"))
    if deepest > _DEEPEST:
        raise Quarantined(Reason.UNREADABLE, _tangle(name, f"tags nested {deepest} deep"))


def _tangle(name: str, found: str) -> str:
    return f"{name} has {found}, expected a page of at most {_MOST_TAGS} tags, {_DEEPEST} deep; save its text instead"


def _main_text(page: str) -> str:
    import trafilatura  # noqa: PLC0415  slow to import, and text files don't need it

    page = _THOUSANDS.sub(r"\1", _INLINE.sub("", page))
    extracted = trafilatura.extract(page, include_comments=False, include_tables=True, deduplicate=False)
    lines = _ZERO_WIDTH.sub("", extracted or "").split("\n")
    return "\n".join(_row(line) for line in lines if "|" not in line or not _RULE_UNDER_HEAD.fullmatch(line))


def _row(line: str) -> str:
    """A table row without the frame: `| 受理 | 12 |` is `受理 | 12`."""
    if "|" not in line:
        return line
    return " | ".join(cell.strip() for cell in line.strip().strip("|").split("|")).strip()


def _meta(page: str) -> Mapping[str, str]:
    from lxml import html  # noqa: PLC0415

    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", page))
    except (ValueError, html.etree.ParserError):
        return {}
    stated = {_name(tag): (tag.get("content") or "").strip() for tag in tree.iter("meta")}
    found = {key: next((stated[n] for n in names if stated.get(n)), "") for key, names in _META.items()}
    found["title"] = found["title"] or " ".join((tree.findtext(".//title") or "").split())
    return {key: value for key, value in found.items() if value}


def _name(tag: Any) -> str:
    return str(tag.get("name") or tag.get("property") or "").strip().lower()
