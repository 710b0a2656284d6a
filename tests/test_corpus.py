"""Reports read the same from every format: the corpus of `tests/corpus`, whose documents are the same few reports.

What is compared is what the pipeline reads: the figures of a web page, PDF, Word file or scan with those of the same
report as a text file, and these with what was written down by hand. Furniture (navigation, counters, related titles,
footers, running heads) must give no figure.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.document import Document, Identity
from sources.identify import identify
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr, office, read
from sources.readers.archive import members
from transforms.extract import Context, extract
from transforms.observation import Observation

CORPUS = Path(__file__).parent / "corpus"
MANIFEST: list[dict[str, Any]] = yaml.safe_load((CORPUS / "manifest.yaml").read_text(encoding="utf-8"))
REPORTS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / "reports").glob("*.yaml"))
}
SIMPLIFIED = [name for name, report in REPORTS.items() if not report.get("traditional")]
FORMATS = ["txt", "html", "mhtml", "pdf", "docx", "doc", "rtf", "xlsx", "xls", "scan"]
RECALL = {"scan": 0.95}
EXTRA = {"scan": 0.05}
"""Figures a scan may add, as a share of its own: one read wrongly is one lost and one too many."""
TELLS_WHERE = ("html", "mhtml", "pdf", "docx", "xlsx", "xls", "scan")

Fact = tuple[str | None, Decimal, str, str | None, str]


@dataclass
class Reading:
    """What the pipeline made of one document."""

    file: str
    identity: Identity | None
    refused: Quarantined | None
    document: Document | None
    observations: list[Observation]
    seconds: float

    @property
    def facts(self) -> Counter[Fact]:
        return Counter((o.indicator, o.value, o.role, o.region_code, o.unit) for o in self.observations)


@dataclass
class Comparison:
    """The documents of one format beside the text files of the same reports."""

    documents: int = 0
    facts: int = 0
    found: int = 0
    extra: int = 0
    quarantined: int = 0
    misidentified: int = 0
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.facts if self.facts else 1.0


def read_file(name: str) -> Reading:
    data = (CORPUS / "documents" / name).read_bytes()
    started = time.perf_counter()
    document = identity = refused = None
    observations: list[Observation] = []
    try:
        document = read(data, name, "0" * 64)
        identity = identify(document)
        observations = extract(document.text, Context.of(identity))
    except Quarantined as error:
        refused = error
    return Reading(name, identity, refused, document, observations, time.perf_counter() - started)


# A document is read once for all tests of a process.
opened = cache(read_file)


def entries(kind: str, *, soak: bool = False) -> list[dict[str, Any]]:
    return [entry for entry in MANIFEST if entry["format"] == kind and (soak or not entry.get("soak"))]


def text_version(entry: dict[str, Any]) -> Reading:
    return opened(f"{entry['report']}.tables.txt" if entry.get("tables_only") else f"{entry['report']}.txt")


def compare(kind: str, *, soak: bool = False) -> Comparison:
    total = Comparison()
    for entry in entries(kind, soak=soak):
        one, text = opened(entry["file"]), text_version(entry)
        total.documents += 1
        total.seconds += one.seconds
        total.facts += text.facts.total()
        total.found += (one.facts & text.facts).total()
        extra, lost = one.facts - text.facts, text.facts - one.facts
        total.extra += extra.total()
        total.quarantined += one.refused is not None
        total.misidentified += one.identity is not None and told(one.identity) != stated(entry["report"])
        total.complaints += complaints(one, entry, extra, lost)
    return total


def told(identity: Identity) -> tuple[str, int]:
    return identity.region_code, identity.report_year


def stated(report: str) -> tuple[str, int]:
    return REPORTS[report]["region_code"], REPORTS[report]["year"]


def complaints(one: Reading, entry: dict[str, Any], extra: Counter[Fact], lost: Counter[Fact]) -> Iterator[str]:
    if one.refused:
        yield f"{one.file}: {one.refused}"
        return
    if one.identity and told(one.identity) != stated(entry["report"]):
        yield f"{one.file}: told {told(one.identity)}, expected {stated(entry['report'])}"
    yield from (f"{one.file}: lost {words(fact)}" for fact in lost)
    for o in one.observations:
        if (fact := (o.indicator, o.value, o.role, o.region_code, o.unit)) in extra:
            yield f"{one.file}: extra {words(fact)} in {o.sentence!r}"


def words(fact: Fact) -> str:
    return " ".join(str(part) for part in fact)


def needs(kind: str) -> None:
    if kind == "scan" and not ocr.available():
        pytest.skip("no optical character recognition on this machine: pip install 'fazhi[ocr]'")
    if kind == "doc" and not office.available():
        pytest.skip("no LibreOffice on this machine: DOC is not compared")


def show(kind: str, total: Comparison, say: Callable[[str], None]) -> None:
    say(
        f"corpus {kind:5} {total.documents:3} documents {total.facts:5} facts  recall {total.recall:.4f}  "
        f"extra {total.extra:3}  quarantined {total.quarantined:2}  misidentified {total.misidentified:2}  "
        f"{total.documents / total.seconds:7.1f} documents/s"
    )


def test_the_corpus_is_of_many_formats() -> None:
    kinds = Counter(entry["format"] for entry in MANIFEST)
    assert kinds.total() >= 72
    assert set(kinds) == {*FORMATS, "zip"}
    assert len({entry["shape"] for entry in MANIFEST if entry["format"] == "html"}) >= 8
    assert {entry["file"] for entry in MANIFEST} == {path.name for path in (CORPUS / "documents").iterdir()}


@pytest.mark.parametrize("name", SIMPLIFIED)
def test_text_files_give_what_was_written_down_by_hand(name: str) -> None:
    missing = not_found(name)
    assert len(missing) <= 1, missing


def test_nearly_all_that_was_written_down_by_hand_is_found() -> None:
    expected = sum(len(REPORTS[name]["expect"]) for name in SIMPLIFIED)
    missing = [fact for name in SIMPLIFIED for fact in not_found(name)]
    assert len(missing) <= 0.02 * expected, missing


def test_traditional_characters() -> None:
    assert not not_found("zhongshan-hant-2022")


def not_found(name: str) -> list[tuple[Any, ...]]:
    got = {(o.indicator, o.value, o.role, o.region_code) for o in opened(f"{name}.txt").observations}
    wanted = [(code, Decimal(str(value)), role, *region) for code, value, role, *region in REPORTS[name]["expect"]]
    return [fact for fact in wanted if (*fact, REPORTS[name]["region_code"])[:4] not in got]


@pytest.mark.parametrize("name", REPORTS)
def test_text_files_are_identified(name: str) -> None:
    identity = opened(f"{name}.txt").identity
    assert identity is not None
    report = REPORTS[name]
    assert told(identity) == stated(name)
    assert identity.publisher.endswith(report["publisher"])
    assert identity.published == date.fromisoformat(str(report["published"]))
    assert identity.title == report["title"]


@pytest.mark.parametrize("kind", FORMATS)
def test_reports_read_the_same_from_every_format(kind: str, say: Callable[[str], None]) -> None:
    needs(kind)
    total = compare(kind)
    show(kind, total, say)
    assert_alike(kind, total)


@pytest.mark.soak
def test_all_scans_read_as_the_text_does(say: Callable[[str], None]) -> None:
    needs("scan")
    total = compare("scan", soak=True)
    show("scan", total, say)
    assert_alike("scan", total)


def assert_alike(kind: str, total: Comparison) -> None:
    said = "\n".join(total.complaints)
    assert total.recall >= RECALL.get(kind, 0.98), said
    assert total.extra <= EXTRA.get(kind, 0.0) * total.facts, said
    assert total.quarantined <= 0.05 * total.documents, said
    assert total.misidentified <= 0.01 * (total.documents - total.quarantined), said


@pytest.mark.parametrize("kind", FORMATS)
def test_offsets_are_exact_and_lead_to_the_place_in_the_file(kind: str) -> None:
    needs(kind)
    for entry in entries(kind):
        one = opened(entry["file"])
        for o in one.observations:
            assert one.document is not None
            assert one.document.text[o.start : o.end] == o.raw_text
            assert kind not in TELLS_WHERE or one.document.where(o.start), (entry["file"], o.raw_text)


@pytest.mark.parametrize("archive", [entry for entry in MANIFEST if entry["format"] == "zip"], ids=lambda e: e["file"])
def test_archives_give_the_files_that_were_put_in(archive: dict[str, Any]) -> None:
    data = (CORPUS / "documents" / archive["file"]).read_bytes()
    unpacked = members(data, archive["file"])
    assert not unpacked.problems
    assert {one.data for one in unpacked.members} == {
        (CORPUS / "documents" / name).read_bytes() for name in archive["members"]
    }
    assert all(one.path.startswith("法治政府建设年度报告/") for one in unpacked.members)


@pytest.mark.skipif(office.available(), reason="LibreOffice is there")
def test_without_libreoffice_old_word_files_wait_for_it() -> None:
    refused = opened(entries("doc")[0]["file"]).refused
    assert refused is not None
    assert refused.reason is Reason.NEEDS_LIBREOFFICE
