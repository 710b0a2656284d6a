"""The steward's ledger of corrections: what a figure should have read, why, who says so and since when.

An entry of `corrections.yaml` names a report, a figure in it and what to do:

    override  replace the value           (status corrected)
    scale     multiply it by a factor     (status corrected)
    recode    give it another indicator, role, scope, period or year (status corrected)
    drop      it is no figure of this kind at all (status dropped)
    flag      it can't be right, but nobody knows better (status suspect)

`expect` says what the report holds today. It is a guard: where the report says something else, the entry isn't
applied, and an expectation on the warehouse names it. What was reported stays beside what was corrected.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sources.regions import regions
from transforms.lexicon import Lexicon
from transforms.observation import PERIODS, ROLES, SCOPES, Observation
from transforms.resolve import reopened
from transforms.yamlfile import YamlFile

CORRECTIONS = Path(__file__).with_name("corrections.yaml")
"""The ledger that ships."""

ACTIONS = ("override", "scale", "drop", "recode", "flag")

_HASH = re.compile(r"[0-9a-f]{12,64}")
_NEEDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "override": (frozenset({"value"}), frozenset({"low", "high"})),
    "scale": (frozenset({"factor"}), frozenset()),
    "recode": (frozenset({"to"}), frozenset()),
    "drop": (frozenset(), frozenset()),
    "flag": (frozenset(), frozenset()),
}
"""Of each action, the keys it needs and those it may have besides."""


class CorrectionError(ValueError):
    """A ledger says something that can't be used; the message names file and line."""


class _Ledger(YamlFile):
    """A ledger as written."""

    wrong = CorrectionError


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _ReportEntry(_Entry):
    hash: str | None = None
    publisher: str | None = None
    region_code: str | None = None
    year: int | None = None


class _ExpectEntry(_Entry):
    raw_text: str | None = None
    value: int | float | str | None = None


class _RecodeEntry(_Entry):
    indicator: str | None = None
    role: str | None = None
    scope: str | None = None
    period: str | None = None
    figure_year: int | None = None


class _CorrectionEntry(_Entry):
    action: Literal["override", "scale", "drop", "recode", "flag"]
    report: _ReportEntry
    indicator: str | None = None
    quote: str | None = None
    pattern: str | None = None
    expect: _ExpectEntry
    reason: str
    author: str
    date: date
    value: int | float | str | None = None
    low: int | float | str | None = None
    high: int | float | str | None = None
    factor: int | float | str | None = None
    to: _RecodeEntry | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry can name a report by; `snapshot_id` is the SHA-256 of its bytes."""

    snapshot_id: str
    publisher: str
    region_code: str
    year: int


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of a ledger, checked; `place` is file and line.

    The report is named by `report_hash` (its first 12 digits or more) or by publisher, region and year; the figure
    by `quote`, its very words, or by `pattern`, a regular expression of words it stands in, and by `indicator` as
    it was read where that is given. `expect_value`, `value`, `low` and `high` are in the figure's canonical unit.
    """

    id: str
    action: str
    report_hash: str | None
    publisher: str | None
    region_code: str | None
    year: int | None
    indicator: str | None
    quote: str | None
    pattern: str | None
    expect_text: str | None
    expect_value: Decimal | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    factor: Decimal | None
    to_indicator: str | None
    to_role: str | None
    to_scope: str | None
    to_period: str | None
    to_figure_year: int | None
    reason: str
    author: str
    date: date
    place: str

    @property
    def selection(self) -> tuple[object, ...]:
        """What it is about; two entries must not share it."""
        about = (self.report_hash, self.publisher, self.region_code, self.year)
        return (*about, self.indicator, self.quote, self.pattern)

    def names(self, source: Source) -> bool:
        """Whether it is about this report."""
        if self.report_hash:
            return source.snapshot_id.startswith(self.report_hash)
        return (self.publisher, self.region_code, self.year) == (source.publisher, source.region_code, source.year)

    def selects(self, observation: Observation) -> bool:
        """Whether it is about this figure of its report."""
        if self.indicator and observation.indicator != self.indicator:
            return False
        if self.quote:
            return observation.raw_text == self.quote
        at = observation.start - observation.sentence_start
        return any(
            found.start() <= at and at + len(observation.raw_text) <= found.end()
            for found in re.finditer(self.pattern or "", observation.sentence)
        )

    def holds(self, observation: Observation) -> bool:
        """Whether the report still says what the entry was written for."""
        return (self.expect_text is None or observation.raw_text == self.expect_text) and (
            self.expect_value is None or observation.value == self.expect_value
        )


@dataclass(frozen=True)
class Ledger:
    """All corrections, those that ship and the steward's own, in the order of their names."""

    entries: tuple[Correction, ...]

    @cached_property
    def _by_report(self) -> dict[tuple[str, str, int], list[Correction]]:
        named: dict[tuple[str, str, int], list[Correction]] = {}
        for entry in self.entries:
            if entry.publisher and entry.region_code and entry.year:
                named.setdefault((entry.publisher, entry.region_code, entry.year), []).append(entry)
        return named

    @cached_property
    def _by_hash(self) -> list[Correction]:
        return [entry for entry in self.entries if entry.report_hash]

    def of(self, source: Source) -> list[Correction]:
        """The entries about a report."""
        named = self._by_report.get((source.publisher, source.region_code, source.year), [])
        return sorted([*named, *(e for e in self._by_hash if e.names(source))], key=lambda entry: entry.id)

    def version(self, source: Source) -> str:
        """A hash of the entries about a report, empty without any: a report whose hash changed is read again."""
        own = [replace(entry, place="") for entry in self.of(source)]
        return hashlib.sha256(repr(own).encode()).hexdigest()[:12] if own else ""


def ledger(words: Lexicon, *files: Path) -> Ledger:
    """Read and check ledgers; without `files` the one that ships.

    Raises CorrectionError with file and line where an entry is wrong, two entries have the same name or are about
    the same figure, or a file can't be read.
    """
    entries: dict[str, Correction] = {}
    for path in files or (CORRECTIONS,):
        for entry in _corrections(path, words):
            if entry.id in entries:
                raise CorrectionError(
                    f"{entry.place}: {entry.id} is already the name of an entry at {entries[entry.id].place}; "
                    "give it another"
                )
            entries[entry.id] = entry
    _refuse_pairs(list(entries.values()))
    return Ledger(tuple(entries[name] for name in sorted(entries)))


def correct(observations: Sequence[Observation], entries: Sequence[Correction]) -> list[Observation]:
    """The observations of one report with the entries about it applied, where their guards hold.

    An entry whose figure isn't there, or doesn't read as expected, changes nothing. Raises CorrectionError where two
    entries are about the same figure.
    """
    takers: dict[int, Correction] = {}
    for entry in entries:
        chosen = [i for i, observation in enumerate(observations) if entry.selects(observation)]
        if not all(entry.holds(observations[i]) for i in chosen):
            continue
        for i in chosen:
            if i in takers:
                raise CorrectionError(_twice(takers[i], entry, observations[i].raw_text))
            takers[i] = entry
    corrected = [
        _corrected(observation, takers[i]) if i in takers else observation for i, observation in enumerate(observations)
    ]
    return reopened(corrected) if takers else corrected


def _corrected(observation: Observation, entry: Correction) -> Observation:
    reason = f"{entry.reason} ({entry.author}, {entry.date}, {entry.id})"
    marked = replace(
        observation,
        status_reason=reason,
        correction_id=entry.id,
        reported_value=observation.value,
        reported_low=observation.value_low,
        reported_high=observation.value_high,
        reported_indicator=observation.indicator,
    )
    # a figure that stands twice stays a duplicate, whatever it should read
    status = observation.status if observation.status == "duplicate" else "corrected"
    match entry.action:
        case "flag":
            return replace(marked, status="suspect")
        case "drop":
            return replace(marked, status="dropped")
        case "recode":
            return replace(
                marked,
                status=status,
                indicator=entry.to_indicator or marked.indicator,
                role=entry.to_role or marked.role,
                scope=entry.to_scope or marked.scope,
                period=entry.to_period or marked.period,
                figure_year=entry.to_figure_year or marked.figure_year,
            )
        case "scale":
            factor = entry.factor or Decimal(1)
            value, low = marked.value * factor, marked.value_low * factor
            high = None if marked.value_high is None else marked.value_high * factor
            slack = marked.slack * factor
        case _:
            value = entry.value if entry.value is not None else marked.value
            low = value if entry.low is None else entry.low
            high = value if entry.high is None else entry.high
            slack = marked.slack if low == high else Decimal(0)
    qualifier = "exact" if low == high else marked.qualifier if marked.qualifier != "exact" else "about"
    return replace(marked, status=status, value=value, value_low=low, value_high=high, slack=slack, qualifier=qualifier)


def _refuse_pairs(entries: Sequence[Correction]) -> None:
    taken: dict[tuple[object, ...], Correction] = {}
    for entry in entries:
        other = taken.setdefault(entry.selection, entry)
        if other is not entry:
            raise CorrectionError(_twice(other, entry, entry.quote or entry.pattern or ""))


def _twice(one: Correction, other: Correction, words: str) -> str:
    return (
        f"{other.place}: {other.id} is about the same figure ({words}) as {one.id} at {one.place}; "
        "keep one of them, or make both more exact"
    )


def _corrections(path: Path, words: Lexicon) -> Iterator[Correction]:
    try:
        lines = _Ledger(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path} can't be read: {error}; expected a ledger of corrections in UTF-8") from error
    for name, entry in lines.entries(_CorrectionEntry):
        _check_action(lines, name, entry)
        _check_words(lines, name, entry, words)
        report, to = entry.report, entry.to or _RecodeEntry()
        _check_report(lines, name, report)
        yield Correction(
            id=name,
            action=entry.action,
            report_hash=report.hash,
            publisher=report.publisher,
            region_code=report.region_code,
            year=report.year,
            indicator=entry.indicator,
            quote=entry.quote,
            pattern=entry.pattern,
            expect_text=entry.expect.raw_text,
            expect_value=_number(lines, (name, "expect", "value"), entry.expect.value),
            value=_number(lines, (name, "value"), entry.value),
            low=_number(lines, (name, "low"), entry.low),
            high=_number(lines, (name, "high"), entry.high),
            factor=_number(lines, (name, "factor"), entry.factor),
            to_indicator=to.indicator,
            to_role=to.role,
            to_scope=to.scope,
            to_period=to.period,
            to_figure_year=to.figure_year,
            reason=" ".join(entry.reason.split()),
            author=entry.author,
            date=entry.date,
            place=lines.place(name),
        )


def _check_action(lines: _Ledger, name: str, entry: _CorrectionEntry) -> None:
    given = {key for key in ("value", "low", "high", "factor", "to") if getattr(entry, key) is not None}
    needed, allowed = _NEEDS[entry.action]
    if missing := needed - given:
        raise lines.error((name,), f"{entry.action} needs {', '.join(sorted(missing))}; add it")
    if stray := given - needed - allowed:
        key = sorted(stray)[0]
        raise lines.error((name, key), f"{entry.action} takes no {key}; remove it or choose another action")
    low, value, high = (_number(lines, (name, key), getattr(entry, key)) for key in ("low", "value", "high"))
    if value is not None and not (value if low is None else low) <= value <= (value if high is None else high):
        raise lines.error((name, "value"), f"found {value}, expected a value between low and high")
    if entry.to and not any(entry.to.model_dump().values()):
        raise lines.error((name, "to"), "recode needs another indicator, role, scope, period or figure_year; name one")
    if entry.expect.raw_text is None and entry.expect.value is None:
        raise lines.error((name, "expect"), "found no guard, expected raw_text or value as the report has it today")
    for key in ("reason", "author"):
        if not getattr(entry, key).strip():
            raise lines.error((name, key), f"found an empty {key}; say it, so that others can judge the entry")


def _check_words(lines: _Ledger, name: str, entry: _CorrectionEntry, words: Lexicon) -> None:
    if (entry.quote is None) == (entry.pattern is None):
        raise lines.error((name,), "expected either quote, the figure's very words, or pattern, words it stands in")
    if entry.pattern is not None:
        try:
            re.compile(entry.pattern)
        except re.error as error:
            raise lines.error((name, "pattern"), f"no regular expression: {error}") from error
    for at, code in (
        ((name, "indicator"), entry.indicator),
        ((name, "to", "indicator"), entry.to and entry.to.indicator),
    ):
        if code is not None and code not in words.indicators:
            raise lines.error(at, f"{code!r} is no indicator of the lexicon; see dim_indicator for the codes")
    if entry.to:
        for key, value, known in (
            ("role", entry.to.role, ROLES),
            ("scope", entry.to.scope, SCOPES),
            ("period", entry.to.period, PERIODS),
        ):
            if value is not None and value not in known:
                raise lines.error((name, "to", key), f"found {value!r}, expected one of {', '.join(known)}")


def _check_report(lines: _Ledger, name: str, report: _ReportEntry) -> None:
    at = (name, "report")
    if report.hash is not None:
        if not _HASH.fullmatch(report.hash):
            raise lines.error((*at, "hash"), f"found {report.hash!r}, expected 12 to 64 hexadecimal digits")
        if report.publisher or report.region_code or report.year:
            raise lines.error(at, "found a hash and a publisher, region or year; name the report by one of both")
        return
    if not (report.publisher and report.region_code and report.year):
        raise lines.error(at, "expected hash, or publisher, region_code and year together")
    if report.region_code not in regions():
        raise lines.error((*at, "region_code"), f"{report.region_code!r} is no code of GB/T 2260")


def _number(lines: _Ledger, at: tuple[str, ...], written: int | float | str | None) -> Decimal | None:
    if written is None:
        return None
    try:
        number = Decimal(str(written))
    except InvalidOperation as error:
        raise lines.error(at, f"found {written!r}, expected a number") from error
    if not number.is_finite() or abs(number) >= 10**18 or number != round(number, 6):
        raise lines.error(at, f"found {written!r}, expected a number below 10^18 with at most six decimals")
    return number
