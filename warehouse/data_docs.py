"""The Data Docs of Great Expectations as pages that work without the internet.

Great Expectations' own pages take styles, scripts and pictures from a dozen hosts. Here every reference to outside is
removed, with all scripts (what a report says must never run in a steward's browser), and one stylesheet of ours is
put in their place. The index, which they build by script, is ours.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from lxml import etree, html

from warehouse.expectations.declarations import suites
from warehouse.expectations.validation import alone_in, context_in

RUNS = 5
"""Runs of a suite whose pages are kept; the history of results (quality.py) keeps them all."""

_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'"
_ACTIVE = (
    *("script", "iframe", "object", "embed", "base", "form", "link", "button", "input"),
    *("img", "video", "audio", "source", "svg"),
)
_WITHIN = re.compile(r"(?!//)[^:\\\s]*")
"""A reference to a page of the same site: no scheme, no host, nothing that a browser would overlook."""

_STYLE = "fazhi.css"


@dataclass(frozen=True, slots=True)
class Page:
    """One validation as the index lists it: a suite on a frame in a run. `link` is relative to the site."""

    suite: str
    frame: str
    run: str
    checked_at: datetime
    expectations: int
    failed: int
    link: str


def build_data_docs(store: Path, site: Path) -> int:
    """Build the pages of all suites and of the last runs from the store; returns how many runs of suites they show.

    The site is built beside and then put in place. Nothing in it refers to another host.
    """
    with alone_in(store):
        return _build(store, site)


def _build(store: Path, site: Path) -> int:
    beside = site.with_name(f".{site.name}.tmp")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    _forget_old_runs(store)
    context = context_in(store, site=beside)
    context.build_data_docs()
    shutil.rmtree(beside / "static", ignore_errors=True)  # logos and how-to pictures
    here = Path(__file__)
    (beside / _STYLE).write_bytes(here.with_name("data_docs.css").read_bytes())
    for page in beside.rglob("*.html"):
        page.write_bytes(offline(page.read_bytes(), "../" * (len(page.relative_to(beside).parts) - 1)))
    pages = sorted(_pages(context), key=lambda page: (page.checked_at, page.suite, page.frame), reverse=True)
    (beside / "index.html").write_text(_index(here.with_name("data_docs.html"), pages), encoding="utf-8")
    _put_in_place(beside, site)
    return len(pages)


def offline(page: bytes, top: str) -> bytes:
    """A page of Great Expectations without scripts or anything from outside; `top` leads to the site's root."""
    tree: Any = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for element in [*tree.iter(*_ACTIVE), *tree.xpath("//meta[@http-equiv]")]:
        element.drop_tree()
    for element in tree.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            reaches_out = str(name) in ("href", "src") and not _WITHIN.fullmatch(str(value))
            if reaches_out or str(name).startswith("on"):
                del element.attrib[name]
    head = tree.find("head")
    if head is not None:
        etree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
        etree.SubElement(head, "link", {"rel": "stylesheet", "href": f"{top}{_STYLE}"})
    return bytes(html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _pages(context: Any) -> Iterator[Page]:
    store = context.validation_results_store
    for key in store.list_keys():
        validation = store.get(key)
        suite, _, frame = str(validation.suite_name).partition(".")
        yield Page(
            suite=suite,
            frame=frame,
            run=str(key.run_id.run_name),
            checked_at=key.run_id.run_time,
            expectations=validation.statistics["evaluated_expectations"],
            failed=validation.statistics["unsuccessful_expectations"],
            link="/".join(["validations", *key.to_tuple()]) + ".html",
        )


def _index(template: Path, pages: list[Page]) -> str:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        pages=pages, suites=suites().values(), policy=_POLICY, style=_STYLE
    )


def _forget_old_runs(store: Path) -> None:
    """Remove the stored results of all but the last runs of each suite."""
    results = (store / "uncommitted" / "validations").glob("*/*/*/*/*.json")
    by_suite: dict[Path, list[Path]] = {}
    for file in results:
        by_suite.setdefault(file.parents[2], []).append(file)
    for files in by_suite.values():
        times = sorted({file.parent.name for file in files}, reverse=True)
        for file in files:
            if file.parent.name in times[RUNS:]:
                shutil.rmtree(file.parents[1], ignore_errors=True)


def _put_in_place(beside: Path, site: Path) -> None:
    old = site.with_name(f".{site.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    beside.rename(site)
    shutil.rmtree(old, ignore_errors=True)
