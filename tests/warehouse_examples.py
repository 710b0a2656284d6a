"""A small world for the warehouse's tests: a city with three counties, a lexicon of a dozen indicators."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.regions import Region, regions
from transforms.corrections import Correction
from transforms.lexicon import Extent, Indicator, Lexicon, Relation, Unit, lexicon
from transforms.observation import Observation
from transforms.quantities import find, slack_of
from transforms.text import normalise
from warehouse.audit import audit
from warehouse.build import BuildSummary, build, record_results, staged_figures
from warehouse.expectations.results import ExpectationResult
from warehouse.staging import StagedReport, stage

CITY, COUNTY_A, COUNTY_B, COUNTY_C = "430500", "430502", "430503", "430511"
REGIONS = (CITY, COUNTY_A, COUNTY_B, COUNTY_C)

GAZETTEER = {
    region.code: region
    for region in (
        Region("430000", "湖南省", "Hunan", "province", None, None, None),
        Region("430100", "长沙市", "Changsha", "prefecture", "430000", None, None),
        Region(CITY, "邵阳市", "Shaoyang", "prefecture", "430000", None, None),
        Region(COUNTY_A, "双清区", "Shuangqing", "county", CITY, 1997, None),
        Region(COUNTY_B, "大祥区", "Daxiang", "county", CITY, 1997, None),
        Region(COUNTY_C, "北塔区", "Beita", "county", CITY, 1997, None),
        Region("430521", "邵东县", "Shaodong", "county", CITY, None, 2018),
    )
}


def _indicator(code: str, name_zh: str, name_en: str, unit: str = "件", **other: Any) -> Indicator:
    ratio = unit == "%"
    return Indicator(
        code=code,
        domain=code.split(".", maxsplit=1)[0],
        name_zh=name_zh,
        name_en=name_en,
        unit=unit,
        kind="ratio" if ratio else "count",
        region_additive=not ratio,
        measure="ratio" if ratio else "flow",
        direction="neither",
        definition="",
        minimum=Decimal(0),
        maximum=Decimal(100) if ratio else None,
        frames=(),
        examples=(),
        **other,
    )


def _unit(unit: str, name_en: str, kind: str, whole: bool = True, aliases: tuple[str, ...] = ()) -> Unit:
    return Unit(unit, name_en, kind, whole, False, aliases)


_INDICATORS = (
    _indicator("litigation.after_reconsideration", "经复议后被诉一审案件数", "First-instance suits"),
    _indicator("litigation.cases", "行政诉讼案件数", "Litigation cases"),
    _indicator("litigation.lost", "败诉案件数", "Suits lost"),
    _indicator("litigation.loss_rate", "败诉率", "Loss rate", "%"),
    _indicator("reconsideration.accepted", "行政复议受理件数", "Reconsideration cases accepted"),
    _indicator("reconsideration.concluded", "行政复议审结件数", "Reconsideration cases concluded"),
    _indicator("reconsideration.corrected", "行政复议纠错件数", "Reconsideration cases corrected"),
    _indicator("reconsideration.correction_rate", "行政复议纠错率", "Reconsideration correction rate", "%"),
    _indicator("reconsideration.carried_over", "行政复议上年结转件数", "Reconsideration cases carried over"),
    _indicator("reconsideration.pending", "行政复议未结件数", "Reconsideration cases pending"),
    _indicator("enforcement.penalty_cases", "行政处罚案件数", "Penalty cases"),
    _indicator("enforcement.cases_summary", "简易程序案件数", "Summary penalty cases"),
    _indicator("enforcement.cases_ordinary", "普通程序案件数", "Ordinary penalty cases"),
    _indicator("legal_service.aid_cases", "法律援助案件件数", "Legal-aid cases"),
    _indicator("legal_service.aid_concluded", "法律援助案件办结件数", "Legal-aid cases concluded"),
    _indicator("publicity.activities", "普法宣传活动场次", "Law-publicity events", "场次"),
    _indicator("legal_service.hotline_calls", "热线呼入量", "Hotline calls", "人次"),
    _indicator("legal_service.lawyer_cases", "律师办案件数", "Cases handled by lawyers"),
)
_UNITS = (
    _unit("件", "case", "case", aliases=("宗", "起")),
    _unit("人", "person", "person", aliases=("名",)),
    _unit("场次", "event", "event", aliases=("场",)),
    _unit("人次", "attendance", "visit"),
    _unit("%", "per cent", "percent", whole=False),
    _unit("百分点", "percentage point", "point", whole=False),
    _unit("倍", "times", "multiple", whole=False),
)
LEXICON = Lexicon(
    indicators={indicator.code: indicator for indicator in _INDICATORS},
    units={unit.unit: unit for unit in _UNITS},
    topics={},
    relations=(
        Relation(
            "loss_rate",
            "rate",
            "litigation.loss_rate",
            ("litigation.lost",),
            ("litigation.after_reconsideration", "litigation.cases"),
        ),
        Relation("concluded", "part_of", "reconsideration.concluded", (), ("reconsideration.accepted",)),
        Relation(
            "penalties",
            "sum_of",
            "enforcement.penalty_cases",
            ("enforcement.cases_summary", "enforcement.cases_ordinary"),
            (),
        ),
        Relation(
            "correction_rate",
            "rate",
            "reconsideration.correction_rate",
            ("reconsideration.corrected",),
            ("reconsideration.concluded", "reconsideration.accepted"),
            unless=("an overall rate counts cases settled as well", "综合纠错率含调解和解等"),
            worded=("综合",),
        ),
        Relation(
            "aid_concluded",
            "part_of",
            "legal_service.aid_concluded",
            (),
            ("legal_service.aid_cases",),
            unless=("cases carried over may be among those concluded", "办结数可能含上年结转案件"),
        ),
        Relation("carried_over", "carried", "reconsideration.carried_over", ("reconsideration.pending",), ()),
        Relation(
            "balance",
            "balance",
            "reconsideration.pending",
            ("reconsideration.carried_over", "reconsideration.accepted"),
            (),
            minus=("reconsideration.concluded",),
        ),
    ),
    extent=Extent(frozenset(), frozenset(), ()),
    version="test",
    unit_of={},
)


@dataclass(frozen=True)
class Held:
    """A snapshot record as the build reads it; `reason` None stands for a report that was taken in."""

    snapshot_id: str = "f" * 64
    uri: str = "inbox/empty.txt"
    size: int = 0
    reason: str | None = "empty"
    detail: str | None = "0 bytes found, expected a report; put the report in its place"
    region_code: str | None = None
    report_year: int | None = None


def figure(text: str, quote: str, indicator: str | None, value: str, **other: Any) -> Observation:
    """The observation that `quote` stands for in `text`; the last occurrence with nth=-1, and so on."""
    nth = other.pop("nth", 0)
    places = [at for at in range(len(text)) if text.startswith(quote, at)]
    start = places[nth]
    sentence_start = text.rfind("。", 0, start) + 1
    sentence_end = text.find("。", start)
    sentence = text[sentence_start : len(text) if sentence_end < 0 else sentence_end + 1]
    low, high = other.pop("low", value), other.pop("high", value)  # an open top is high=None
    unit = quote.lstrip("0123456789.万亿余约近个").rstrip("以上") or ""
    plain = Observation(
        start=start,
        end=start + len(quote),
        number_start=start,
        raw_text=quote,
        value=Decimal(value),
        value_low=Decimal(low),
        value_high=None if high is None else Decimal(high),
        slack=_slack(quote, indicator) if low == high else Decimal(0),
        unit=unit,
        canonical_unit={"名": "人", "宗": "件", "起": "件"}.get(unit, unit),
        qualifier="exact" if low == high else "over",
        role="actual",
        direction=None,
        since_year=None,
        scope="region",
        region_code=None,
        indicator=indicator,
        phrase="",
        sentence=sentence,
        sentence_start=sentence_start,
    )
    return replace(plain, **other)


def _slack(quote: str, indicator: str | None) -> Decimal:
    quantity = next(find(normalise(quote), lexicon()), None)
    return slack_of(quantity, rate=indicator in LEXICON.rates) if quantity else Decimal(0)


def report(text: str, region_code: str = CITY, year: int = 2024, **other: Any) -> StagedReport:
    """A report with this text; its hash follows from text, region and year."""
    plain = StagedReport(
        snapshot_id=hashlib.sha256(f"{text}{region_code}{year}".encode()).hexdigest(),
        title=f"{year}年度法治政府建设情况报告",
        publisher=f"{regions()[region_code].name_zh}司法局",
        region_code=region_code,
        report_year=year,
        published=date(year + 1, 1, 16),
        retrieved_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
        media_type="text/plain",
        uri=f"inbox/{region_code}/{year}.txt",
        synthetic=False,
        characters=len(text),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    return replace(plain, **other)


Staged = tuple[StagedReport, str, Sequence[Observation]]

SPOKEN_OF = {"prior": -1, "plan": 1}
"""The year a figure of a role speaks of where nothing else is said, less that of its report."""


def dated(staged: Staged) -> Staged:
    """The report with the year each figure speaks of, where the example doesn't say."""
    one, text, figures = staged
    years = [o.figure_year or one.report_year + SPOKEN_OF.get(o.role, 0) for o in figures]
    return one, text, [replace(o, figure_year=year) for o, year in zip(figures, years, strict=True)]


CITY_TEXT = (
    "全市受理行政复议案件1362件,审结1193件。"
    "一审案件152件,败诉11件,败诉率7.2%。"
    "行政处罚案件30件,简易程序10件,普通程序20件。"
)


def city_report(text: str = CITY_TEXT) -> Staged:
    """A report of the city whose figures agree with one another."""
    figures = [
        figure(text, "1362件", "reconsideration.accepted", "1362"),
        figure(text, "1193件", "reconsideration.concluded", "1193"),
        figure(text, "152件", "litigation.after_reconsideration", "152"),
        figure(text, "11件", "litigation.lost", "11"),
        figure(text, "7.2%", "litigation.loss_rate", "7.2"),
        figure(text, "30件", "enforcement.penalty_cases", "30"),
        figure(text, "10件", "enforcement.cases_summary", "10"),
        figure(text, "20件", "enforcement.cases_ordinary", "20"),
    ]
    return dated((report(text), text, figures))


def county_report(region_code: str, accepted: str, year: int = 2024) -> Staged:
    """A report of a county with one figure."""
    text = f"全区受理行政复议案件{accepted}件。"
    figures = [figure(text, f"{accepted}件", "reconsideration.accepted", accepted)]
    return dated((report(text, region_code, year), text, figures))


def clean_reports() -> list[Staged]:
    """Four reports without a fault: the counties' cases add up to the city's."""
    counties = {COUNTY_A: "1000", COUNTY_B: "300", COUNTY_C: "62"}
    return [city_report(), *(county_report(code, accepted) for code, accepted in counties.items())]


def stage_all(root: Path, reports: Sequence[Staged]) -> None:
    """Stage reports, each in its partition."""
    partitions: dict[tuple[int, str], list[Staged]] = {}
    for one in map(dated, reports):
        partitions.setdefault((one[0].report_year, one[0].region_code), []).append(one)
    for (year, region_code), own in partitions.items():
        stage(root, year, region_code, own)


def build_small(root: Path, candidate: Path, quarantine: Sequence[Held] = (), **other: Any) -> BuildSummary:
    """Build with the small world's lexicon and regions."""
    return build(
        root,
        candidate,
        **{
            "quarantine": quarantine,
            "regions": REGIONS,
            "lexicon": LEXICON,
            "gazetteer": GAZETTEER,
            **other,
        },
    )


def warehouse_of(folder: Path, reports: Sequence[Staged], quarantine: Sequence[Held] = (), **other: Any) -> Path:
    """A candidate warehouse with these reports."""
    stage_all(folder / "staging", reports)
    candidate = folder / "candidate" / "warehouse.duckdb"
    build_small(folder / "staging", candidate, quarantine, **other)
    return candidate


def correction(name: str, action: str, quote: str | None, **other: Any) -> Correction:
    """An entry of the ledger about a figure of the city's report of 2024."""
    plain: dict[str, Any] = {
        "report_hash": None,
        "publisher": "邵阳市司法局",
        "region_code": CITY,
        "year": 2024,
        "indicator": None,
        "quote": quote,
        "pattern": None,
        "expect_text": quote,
        "expect_value": None,
        "value": None,
        "low": None,
        "high": None,
        "factor": Decimal(1) if action == "scale" else None,
        "to_indicator": None,
        "to_role": None,
        "to_scope": None,
        "to_period": None,
        "to_figure_year": None,
        "reason": "the publisher said so",
        "author": "a steward",
        "date": date(2026, 11, 25),
        "place": "own.yaml:3",
    }
    return Correction(id=name, action=action, **{**plain, **other})


def record(candidate: Path, results: Sequence[ExpectationResult], history: Path | None = None) -> None:
    """Record results in a candidate as if all its figures had been checked as they are."""
    record_results(candidate, results, history, checked=staged_figures(candidate).keys(), by="all suites")


def failed(results: Sequence[ExpectationResult]) -> list[str]:
    """Ids of the expectations that found something."""
    return [result.expectation_id for result in results if not result.success]


def audited(candidate: Path) -> dict[str, ExpectationResult]:
    """The audit's results by id."""
    return {result.expectation_id: result for result in audit(candidate)}
