"""Which figure stands, and why the others don't: within one report, and among several on one region and year.

Nothing is deleted; the status and its reason say what happened. Within a report the better reading stands, and where
none is better both are in `conflict`. Among reports the order of preference is:

1. Of one publisher's reports with the same title, the one published last stands; the earlier are `superseded`
   as a whole, since a re-published report replaces what it leaves out as well.
2. Of one publisher's other reports, the one published last stands for each indicator that both state.
3. Of several publishers, the people's government's own report goes before its departments', and a later one
   before an earlier; a figure that agrees with the one that stands is `duplicate`, one that doesn't `conflict`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from sources.bodies import kind_of_body
from transforms.lexicon import Indicator, Lexicon
from transforms.observation import STANDING, Observation, altered


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


def within_report(
    observations: Sequence[Observation], words: Lexicon, strengths: Sequence[float] | None = None
) -> list[Observation]:
    """What stands of the figures of one report; `strengths` says of each how well its words fit its indicator.

    A figure that can't be as it stands is `suspect`, one that stands twice, or elsewhere more exactly, `duplicate`, a
    stock of an earlier day `superseded`. Of figures that contradict one another (普法活动599场次 beside 宣讲29场) a
    weaker reading loses its indicator; where none is clearly the strongest, all are in `conflict`, each with the words
    of the others. So of one thing measured no two different values stand.
    """
    told = []
    for observation in observations:
        impossible = _impossible(observation, words)
        told.append(altered(observation, status="suspect", status_reason=impossible) if impossible else observation)
    _settle(told, words, strengths or [0.0] * len(told))
    return _doubled(told)


def reopened(observations: list[Observation]) -> list[Observation]:
    """Figures in `conflict` stand again where nothing contradicts them any more, as when the other was recoded."""
    standing = (*STANDING, "conflict")
    opposed = [one for one in observations if one.indicator and one.status in standing and _stands_alone(one)]
    return [
        altered(one, status="current", status_reason=None)
        if one.status == "conflict" and all(_agree(one, other) for other in opposed if _measure(other) == _measure(one))
        else one
        for one in observations
    ]


def _doubled(observations: Sequence[Observation]) -> list[Observation]:
    seen: set[tuple[object, ...]] = set()
    marked = []
    for observation in observations:
        if observation.indicator and observation.status in ("current", "conflict"):
            measure = (*_measure(observation), observation.value, observation.qualifier)
            if measure in seen:
                reason = "the same figure stands earlier in the report"
                marked.append(altered(observation, status="duplicate", status_reason=reason))
                continue
            seen.add(measure)
        marked.append(observation)
    return marked


def _settle(told: list[Observation], words: Lexicon, strengths: Sequence[float]) -> None:
    """Decides what stands of figures of one thing measured that differ."""
    by_indicator: dict[str, list[int]] = {}
    for i, one in enumerate(told):
        if one.indicator and one.status == "current" and _stands_alone(one):
            by_indicator.setdefault(one.indicator, []).append(i)
    groups: dict[tuple[object, ...], list[int]] = {}
    for own in by_indicator.values():
        if len(own) > 1:
            for i in own:
                groups.setdefault(_measure(told[i], of_a_day=False), []).append(i)
    for group in groups.values():
        if len({(told[i].value_low, told[i].value_high) for i in group}) > 1:
            _decide(told, _of_the_last_day(told, group, words), strengths)


def _stands_alone(observation: Observation) -> bool:
    """上半年23件,下半年27件 are two half years, and campaigns are many; a year is one, and what led up to its end."""
    return observation.role == "actual" and observation.period in ("year", "cumulative")


@dataclass(slots=True)
class _Claim:
    """Figures of a report that agree on one thing measured, by their places among its figures, the most exact first."""

    members: list[int]
    strength: float


_CLEARLY = 3.0
"""How much stronger than another a reading must be for that to be given up: about one longer word in its frame."""
_JOINT = re.compile(r"[\s、和及与]|以及")


def _of_the_last_day(told: list[Observation], group: list[int], words: Lexicon) -> list[int]:
    """在册对象6月末412名,年末430名: of a stock the last day of the year stands, which is meant where none is told."""
    indicator = words.indicators.get(told[group[0]].indicator or "")
    if indicator is None or indicator.measure != "stock":
        return group
    last = max(group, key=lambda i: told[i].stock_date or date.max)
    day = told[last].stock_date
    earlier = [i for i in group if (told[i].stock_date or date.max) < (day or date.max)]
    for i in earlier:
        reason = f"the report tells it for a later day: {_clause(told[last])}"
        told[i] = altered(told[i], status="superseded", status_reason=reason)
    return [i for i in group if i not in earlier]


def _decide(told: list[Observation], group: list[int], strengths: Sequence[float]) -> None:
    claims = _claims(told, group, strengths)
    if len(claims) == 1:
        return
    _share_in_lists(told, claims)
    enough = max(claim.strength for claim in claims) - _CLEARLY
    near = [claim for claim in claims if claim.strength > enough]
    for claim in claims:
        if claim.strength <= enough:
            for i in claim.members:
                _take_code(told, i, f"{_clause(told[near[0].members[0]])} is more surely its figure")
    if len(near) > 1:
        said = [_clause(told[claim.members[0]]) for claim in near]
        for n, claim in enumerate(near):
            others = "; ".join([*said[:n], *said[n + 1 :]][:3])
            for i in claim.members:
                if told[i].status == "current":
                    told[i] = altered(told[i], status="conflict", status_reason=f"the report also says: {others}")


def _claims(told: list[Observation], group: list[int], strengths: Sequence[float]) -> list[_Claim]:
    """The figures by what they say; those that agree with a more exact one are its duplicates."""
    claims: list[_Claim] = []
    for i in sorted(group, key=lambda i: (_width(told[i]), told[i].start)):
        agreeing = (c for c in claims if _agree(told[c.members[0]], told[i]))
        claim = next(agreeing, None)
        if claim is None:
            claims.append(_Claim([i], strengths[i]))
            continue
        claim.members.append(i)
        claim.strength = max(claim.strength, strengths[i])
        exact = told[claim.members[0]]
        if (exact.value, exact.qualifier) != (told[i].value, told[i].qualifier):
            reason = f"the report says it more exactly: {_clause(exact)}"
            told[i] = altered(told[i], status="duplicate", status_reason=reason)
    return claims


def _share_in_lists(told: Sequence[Observation], claims: list[_Claim]) -> None:
    """分别为28个、14个、24个: what is listed are parts; none of them is the whole, whichever is worded best."""
    claims.sort(key=lambda claim: told[claim.members[0]].start)
    run = claims[:1]
    for before, claim in pairwise(claims):
        run = [*run, claim] if _joined(told[before.members[0]], told[claim.members[0]]) else [claim]
        if len(run) > 1:
            strength = max(one.strength for one in run)
            for one in run:
                one.strength = strength


def _joined(one: Observation, other: Observation) -> bool:
    at = other.sentence_start
    return one.sentence_start == at and _JOINT.fullmatch(other.sentence[one.end - at : other.start - at]) is not None


def _take_code(told: list[Observation], at: int, reason: str) -> None:
    """Takes the indicator from a figure, and from the changes and earlier figures told of it in its sentence."""
    figure = told[at]
    for i in range(at, len(told)):
        one = told[i]
        if one.sentence_start != figure.sentence_start:
            break
        if one.indicator == figure.indicator:
            if i != at and one.role == "actual":
                break
            told[i] = altered(one, indicator=None, phrase=one.phrase or _clause(one), status_reason=reason)


def _clause(observation: Observation) -> str:
    """A figure with the words before it: 普法活动599场次; of a list (17次、15次) with what stands before that."""
    before = observation.sentence[: observation.start - observation.sentence_start]
    own = _MARKS.split(before)[-1] or before
    return f"「{own.strip()[-20:]}{observation.raw_text}」"


_MARKS = re.compile(r"[,;。、\uff0c\uff1b\s]")


def _agree(one: Observation, other: Observation) -> bool:
    """Whether both can be right: 530余万份 and 5312345份, 1.42万件 and 14213件."""
    slack = one.slack + other.slack
    return (other.value_high is None or one.value_low <= other.value_high + slack) and (
        one.value_high is None or other.value_low <= one.value_high + slack
    )


def _width(observation: Observation) -> Decimal:
    high = observation.value_high
    return Decimal("Infinity") if high is None else high - observation.value_low + 2 * observation.slack


def _impossible(observation: Observation, words: Lexicon) -> str | None:
    unit, indicator = words.units.get(observation.canonical_unit), words.indicators.get(observation.indicator or "")
    parted = observation.value != observation.value.to_integral_value()
    if unit and unit.whole and parted and not _may_be_parted(observation, indicator):
        return f"{observation.raw_text}: a count of {unit.unit} must be whole; a 万 or a digit may be missing"
    if indicator is None or observation.direction:
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

    Only figures that stand on their own (`current`, `corrected`) are touched; a suspect, dropped or doubled figure, and
    one that its own report contradicts, stays what it is, except that one to be asked about (`suspect`, `conflict`) is
    superseded with its report: what the publisher has put right needs no question any more. A figure that is touched
    keeps its own status beside.
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


_TO_ASK = ("suspect", "conflict")
_Standing = dict[tuple[object, ...], tuple[ReportKey, Observation]]


def _measure(observation: Observation, *, of_a_day: bool = True) -> tuple[object, ...]:
    """What a figure measures; a planned change keeps its own unit as a change does."""
    return (
        observation.indicator,
        observation.region_code,
        observation.role,
        observation.direction,
        observation.since_year,
        observation.figure_year,
        observation.period,
        _another_day(observation.stock_date) if of_a_day else None,
        observation.scope,
        observation.canonical_unit if observation.direction else "",
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
    if observation.status not in (*STANDING, *_TO_ASK):
        return observation
    if newest is not key:
        return _outdone(
            observation, "superseded", f"the report was published again on {newest.published or 'an unknown day'}"
        )
    if observation.indicator is None or observation.status in _TO_ASK:
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
    return altered(observation, status=status, status_reason=reason, own_status=observation.status)
