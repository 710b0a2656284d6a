"""What a page states of itself in `<meta>`, `<link>`, `<title>` and JSON-LD."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from turbohtml import Element, Namespace

from sources.readers.blame import damage
from sources.readers.decode import HALF_A_CHARACTER

# The names of the guidelines for government web sites (政府网站发展指引, 国办发〔2017〕47号, annex 2), then what other
# sites use: Dublin Core, Open Graph, and schema.org in JSON-LD, whose keys are given with a leading `ld:`.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("articletitle", "og:title", "dc.title", "ld:headline"),
    "publisher": ("contentsource", "source", "author", "article:author", "dc.publisher", "ld:publisher", "ld:author"),
    "published": (
        "pubdate",
        "publishdate",
        "article:published_time",
        "firstpublishedtime",
        "createdate",
        "maketime",
        "dc.date",
        "ld:datepublished",
    ),
    "site": ("sitename", "og:site_name"),
    "url": ("link:canonical", "og:url", "url"),
}
_LONGEST_JSON = 200_000


def page_meta(tree: Element) -> dict[str, str]:
    """`title`, `publisher`, `published`, `site` and `url` as far as stated; the title of `<title>` failing others."""
    stated: dict[str, str] = {}
    for name, content in chain(_tags(tree), _json_ld(tree)):
        if content:
            stated.setdefault(name, content)
    found = {key: next((stated[name] for name in names if name in stated), "") for key, names in _NAMES.items()}
    found["title"] = found["title"] or _words(_title(tree))
    return {key: value for key, value in found.items() if value}


def _title(tree: Element) -> str:
    """Of the page, not of a drawing in it."""
    titles = (title for title in tree.iter_elements("title") if title.namespace is Namespace.HTML)
    return next((title.text for title in titles), "")


def _tags(tree: Element) -> Iterator[tuple[str, str]]:
    for tag in tree.iter_elements(("meta", "link")):
        if tag.tag == "meta":
            yield (tag.attr("name") or tag.attr("property") or "").strip().lower(), _words(tag.attr("content"))
        elif (tag.attr("rel") or "").strip().lower() == "canonical":
            yield "link:canonical", _words(tag.attr("href"))


def _json_ld(tree: Element) -> Iterator[tuple[str, str]]:
    """Keys of schema.org objects (Article, NewsArticle …); one that isn't JSON says nothing."""
    for script in tree.iter_elements("script"):
        if script.attr("type") != "application/ld+json" or len(written := script.text) > _LONGEST_JSON:
            continue
        try:
            told = json.loads(written)
        except Exception as error:
            damage(error)
            continue
        listed = told.get("@graph", [told]) if isinstance(told, dict) else told
        for thing in listed if isinstance(listed, list) else []:
            if isinstance(thing, dict):
                yield from ((f"ld:{key.lower()}", _named(value)) for key, value in thing.items())


def _named(value: Any) -> str:
    """A string, or the name of a thing; of a list its first."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("name")
    return _words(HALF_A_CHARACTER.sub("", value)) if isinstance(value, str) else ""


def _words(text: str | None) -> str:
    """In one line; half a character at which a content system cut the text off says nothing."""
    return " ".join((text or "").replace("\ufffd", "").split())
