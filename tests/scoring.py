"""Scores what was read against annotated figures, for the tests and for anyone who annotates a report.

A golden is a JSON object with `text` (or `file`), the report's identity, and `facts`: each with the `quote` as
it stands in the text (`nth` says which where it stands more than once), value, unit, qualifier, role, indicator.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from transforms.extract import Context, extract
from transforms.lexicon import lexicon
from transforms.observation import Observation

Golden = dict[str, Any]


@dataclass
class Score:
    """Counts over all goldens; `misreadings` says in words what went wrong, for the report of a failed test."""

    expected: int = 0
    read: int = 0
    measured: int = 0
    coded_expected: int = 0
    coded_read: int = 0
    coded_right: int = 0
    paired: int = 0
    same_qualifier: int = 0
    same_role: int = 0
    on_no_statistic: int = 0
    misreadings: list[str] = field(default_factory=list)

    @property
    def measure_f1(self) -> float:
        """Of figures with the right value and unit."""
        return _f1(self.measured, self.read, self.expected)

    @property
    def indicator_precision(self) -> float:
        """Of the codes given, the share that is right."""
        return self.coded_right / self.coded_read if self.coded_read else 0.0

    @property
    def indicator_f1(self) -> float:
        """Of figures with the right value, role and indicator, unclear ones left out."""
        return _f1(self.coded_right, self.coded_read, self.coded_expected)

    @property
    def qualifier_accuracy(self) -> float:
        """Among the figures found."""
        return self.same_qualifier / self.paired if self.paired else 0.0

    @property
    def role_accuracy(self) -> float:
        """Among the figures found."""
        return self.same_role / self.paired if self.paired else 0.0

    def __str__(self) -> str:
        return (
            f"measure F1 {self.measure_f1:.4f}, indicator P {self.indicator_precision:.4f} F1 {self.indicator_f1:.4f}, "
            f"qualifier {self.qualifier_accuracy:.4f}, role {self.role_accuracy:.4f}, "
            f"{self.on_no_statistic} on numbers that are no statistic ({self.expected} figures)\n"
            + "\n".join(self.misreadings)
        )


def score(goldens: Iterable[Golden]) -> Score:
    """Read every golden's text and compare."""
    total = Score()
    for golden in goldens:
        context = Context(golden["region_code"], golden["report_year"], golden["publisher"], golden["title"])
        _compare(golden, extract(golden["text"], context), total)
    return total


def located(golden: Golden) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Every fact of a golden with the place of its quote."""
    for fact in golden["facts"]:
        at = -1
        for _ in range(fact.get("nth", 0) + 1):
            at = golden["text"].index(fact["quote"], at + 1)
        yield at, at + len(fact["quote"]), fact


def _compare(golden: Golden, read: Sequence[Observation], total: Score) -> None:
    facts = list(located(golden))
    left = list(read)
    total.expected += len(facts)
    total.read += len(read)
    total.coded_expected += sum(_has_clear_code(fact) for _, _, fact in facts)
    for start, end, fact in facts:
        found = max(left, key=lambda o: min(o.end, end) - max(o.start, start), default=None)
        if found is None or min(found.end, end) <= max(found.start, start):
            total.misreadings.append(f"{golden['id']}: {_around(golden, start, end)} missed")
            continue
        left.remove(found)
        _compare_pair(golden, found, fact, total)
    for extra in left:
        total.coded_read += extra.indicator is not None
        total.misreadings.append(f"{golden['id']}: {_around(golden, extra.start, extra.end)} is no figure")
        total.on_no_statistic += any(_stands_at(golden["text"], s, extra) for s in golden.get("not_facts", []))


def _compare_pair(golden: Golden, found: Observation, fact: dict[str, Any], total: Score) -> None:
    value = isclose(float(found.value), float(fact["value"]), rel_tol=1e-6, abs_tol=1e-9)
    unit = _canonical(found.unit) == _canonical(fact["unit"] or "")
    role, code = found.role == fact["role"], found.indicator == fact["indicator"]
    total.paired += 1
    total.measured += value and unit
    total.same_qualifier += found.qualifier == fact["qualifier"]
    total.same_role += role
    if not fact.get("ambiguous"):
        total.coded_read += found.indicator is not None
        total.coded_right += value and role and code and fact["indicator"] is not None
    wrong = [
        f"{name} {got!r} for {want!r}"
        for name, right, got, want in (
            ("value", value, found.value, fact["value"]),
            ("unit", unit, found.unit, fact["unit"]),
            ("qualifier", found.qualifier == fact["qualifier"], found.qualifier, fact["qualifier"]),
            ("role", role, found.role, fact["role"]),
            ("indicator", code or fact.get("ambiguous"), found.indicator, fact["indicator"]),
        )
        if not right
    ]
    if wrong:
        total.misreadings.append(f"{golden['id']}: {_around(golden, found.start, found.end)} {'; '.join(wrong)}")


def _has_clear_code(fact: dict[str, Any]) -> bool:
    return fact["indicator"] is not None and not fact.get("ambiguous")


def _canonical(unit: str) -> str:
    known = lexicon().unit_of.get(unit)
    # 家 and 个 count things alike.
    return known.kind if known and known.kind == "thing" else known.unit if known else unit


def _stands_at(text: str, sign: str, observation: Observation) -> bool:
    at = text.find(sign)
    while at >= 0:
        if at < observation.end and observation.start < at + len(sign):
            return True
        at = text.find(sign, at + 1)
    return False


def _around(golden: Golden, start: int, end: int) -> str:
    text = golden["text"]
    return f"…{text[max(0, start - 20) : start]}【{text[start:end]}】{text[end : end + 10]}…".replace("\n", "¶")


def _f1(right: int, read: int, expected: int) -> float:
    return 2 * right / (read + expected) if read + expected else 0.0
