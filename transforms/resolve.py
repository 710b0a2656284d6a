"""Which figure stands, and why the others don't: within one report, and among several on one region and year.

Nothing is deleted; the status and its reason say what happened. The order of preference:

1. Of one publisher's reports with the same title, the one published last stands; the earlier are `superseded`
   as a whole, since a re-published report replaces what it leaves out as well.
2. Of one publisher's other reports, the one published last stands for each indicator that both state.
3. Of several publishers, the people's government's own report goes before its departments', and a later one
   before an earlier; a figure that agrees with the one that stands is `duplicate`, one that doesn't `conflict`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sources.bodies import kind_of_body
from transforms.lexicon import Indicator, Lexicon
from transforms.observation import STANDING, Observation


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What decides which of several reports stands."""

    snapshot_id: str
    title: str
    publisher: str
    published: date | None
    retrieved_at: datetime

    @property
    def order(self) -> tuple[date, datetime, str]:
        """Later is greater; a report without a date of publication counts as the earliest."""
        return (self.published or date.min, self.retrieved_at, self.snapshot_id)

    @property
    def series(self) -> tuple[str, str]:
        """Reports that are versions of one another: the same publisher and title, marks of revision aside."""
        return (self.publisher, series(self.title))

    @property
    def rank(self) -> int:
        """A people's government speaks for the whole region, a department or a township for its own."""
        return 1 if kind_of_body(self.publisher) == "government" else 0


def series(title: str) -> str:
    """A title without marks of revision and spaces: reports of one publisher that share it are versions of one."""
    return _REVISION.sub("", title)


def within_report(observations: Sequence[Observation], words: Lexicon) -> list[Observation]:
    """Marks figures that stand twice in one report (`duplicate`), and those that can't be as they stand (`suspect`)."""
    seen: set[tuple[object, ...]] = set()
    marked = []
    for observation in observations:
        impossible = _impossible(observation, words)
        measure = (*_measure(observation), observation.value, observation.qualifier) if observation.indicator else None
        if impossible:
            marked.append(replace(observation, status="suspect", status_reason=impossible))
        elif measure in seen:
            reason = "the same figure stands earlier in the report"
            marked.append(replace(observation, status="duplicate", status_reason=reason))
        else:
            marked.append(observation)
            if measure:
                seen.add(measure)
    return marked


def _impossible(observation: Observation, words: Lexicon) -> str | None:
    unit, indicator = words.units.get(observation.canonical_unit), words.indicators.get(observation.indicator or "")
    parted = observation.value != observation.value.to_integral_value()
    if unit and unit.whole and parted and not _may_be_parted(observation, indicator):
        return f"{observation.raw_text}: a count of {unit.unit} must be whole; a 万 or a digit may be missing"
    if indicator is None or observation.role == "change":
        return None
    if observation.value < indicator.minimum:
        return f"{observation.raw_text}: below {indicator.minimum}, the least {indicator.name_zh} can be"
    if indicator.maximum is not None and observation.value > indicator.maximum:
        return f"{observation.raw_text}: above {indicator.maximum}, the most {indicator.name_zh} can be"
    return None


def _may_be_parted(observation: Observation, indicator: Indicator | None) -> bool:
    """每万人拥有律师1.02名, 平均每所2.3人: a ratio or an average need not be whole."""
    return observation.scope == "average" or (indicator is not None and indicator.kind == "ratio")


_MARK = "更正|修订|修正|更新|重新发布|第[二三四]版|勘误"
# in brackets of either width, or without any
_REVISION = re.compile(rf"[(\uff08\[\u3010]?(?:{_MARK})(?:版|稿|后)?[)\uff09\]\u3011]?|\s")


def resolve(reports: Sequence[tuple[ReportKey, Sequence[Observation]]]) -> list[list[Observation]]:
    """The observations of each report, in the order given, with statuses set across the reports.

    Only figures that stand on their own (`current`, `corrected`) are touched; a suspect, dropped or doubled figure
    stays what it is, except that a suspect one is superseded with its report: what the publisher has put right is no
    longer to be asked about. A figure that is touched keeps its own status beside.
    """
    newest: dict[tuple[str, str], ReportKey] = {}
    for key, _ in reports:
        if key.series not in newest or key.order > newest[key.series].order:
            newest[key.series] = key
    standing = _standing(reports, newest)
    return [
        [_status(key, observation, newest[key.series], standing) for observation in observations]
        for key, observations in reports
    ]


_Standing = dict[tuple[object, ...], tuple[ReportKey, Observation]]


def _measure(observation: Observation) -> tuple[object, ...]:
    return (
        observation.indicator,
        observation.region_code,
        observation.role,
        observation.direction,
        observation.since_year,
        observation.figure_year,
        observation.period,
        _another_day(observation.stock_date),
        observation.scope,
        observation.canonical_unit if observation.role == "change" else "",
    )


def _another_day(stock_date: date | None) -> date | None:
    """截至6月底 is another stock than that of the year's end, which is also meant where no day is told."""
    return None if stock_date and (stock_date.month, stock_date.day) == (12, 31) else stock_date


def _standing(
    reports: Sequence[tuple[ReportKey, Sequence[Observation]]], newest: dict[tuple[str, str], ReportKey]
) -> _Standing:
    """For each thing measured, the report whose figure stands."""
    standing: _Standing = {}
    for key, observations in sorted(reports, key=lambda pair: (pair[0].rank, pair[0].order), reverse=True):
        if newest[key.series] is not key:
            continue
        for observation in observations:
            if observation.indicator and observation.status in STANDING:
                standing.setdefault(_measure(observation), (key, observation))
    return standing


def _status(key: ReportKey, observation: Observation, newest: ReportKey, standing: _Standing) -> Observation:
    if observation.status not in STANDING and observation.status != "suspect":
        return observation
    if newest is not key:
        return _outdone(
            observation, "superseded", f"the report was published again on {newest.published or 'an unknown day'}"
        )
    if observation.indicator is None or observation.status == "suspect":
        return observation
    winner, figure = standing.get(_measure(observation), (key, observation))
    if winner is key:
        return observation
    if winner.publisher == key.publisher:
        return _outdone(observation, "superseded", f"a later report states it: {winner.title}")
    if figure.value == observation.value:
        return _outdone(observation, "duplicate", f"also in the report of {winner.publisher}")
    return _outdone(observation, "conflict", f"{winner.publisher} reports {figure.raw_text}, which goes first")


def _outdone(observation: Observation, status: str, reason: str) -> Observation:
    return replace(observation, status=status, status_reason=reason, own_status=observation.status)
