"""What stands: of the figures of one report, and of several reports on one region and year."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from transforms.extract import Context, extract
from transforms.lexicon import lexicon
from transforms.observation import Observation, altered
from transforms.resolve import ReportKey, reopened, resolve, series, within_report

CONTEXT = Context("430524", 2023)
NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)


def report(
    name: str, text: str, publisher: str = "隆回县司法局", title: str = "2023年报告", published: date | None = None
) -> tuple[ReportKey, Sequence[Observation]]:
    return ReportKey(name, title, publisher, published, NOON), extract(text, CONTEXT)


def statuses(*reports: tuple[ReportKey, Sequence[Observation]]) -> list[list[str]]:
    return [[o.status for o in observations] for observations in resolve(reports)]


def test_a_single_report_stands() -> None:
    assert statuses(report("a", "受理行政复议案件64件。")) == [["current"]]


def test_a_report_published_again_supersedes_the_earlier_as_a_whole() -> None:
    earlier = report("a", "受理行政复议案件64件,审结60件。", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", title="2023年报告(更正)", published=date(2024, 3, 1))
    assert statuses(earlier, later) == [["superseded", "superseded"], ["current"]]


@pytest.mark.parametrize("mark", ["(更正)", "\uff08更正\uff09", "【修订稿】", " 更新版", "[勘误]"])
def test_a_mark_of_revision_does_not_make_another_report(mark: str) -> None:
    assert series(f"隆回县2023年报告{mark}") == "隆回县2023年报告"


def test_a_townships_government_does_not_speak_for_the_county() -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    township = report("b", "受理行政复议案件3件。", publisher="隆回县桃洪镇人民政府", published=date(2024, 1, 1))
    assert statuses(department, township) == [["current"], ["conflict"]]


def test_a_figure_outdone_keeps_its_own_status_beside() -> None:
    earlier = report("a", "受理行政复议案件64件。", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", published=date(2024, 3, 1))
    (outdone,), (standing,) = resolve([earlier, later])
    assert (outdone.status, outdone.own_status) == ("superseded", "current")
    assert (standing.status, standing.own_status) == ("current", None)


def test_of_other_reports_of_one_publisher_the_later_figure_stands() -> None:
    earlier = report("a", "受理行政复议案件64件,审结60件。", title="年报", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", title="复议白皮书", published=date(2024, 3, 1))
    assert statuses(earlier, later) == [["superseded", "current"], ["current"]]


def test_the_governments_own_report_goes_before_a_departments() -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    government = report("b", "受理行政复议案件65件。", publisher="隆回县人民政府", published=date(2024, 1, 1))
    assert statuses(department, government) == [["conflict"], ["current"]]


def test_publishers_that_agree_are_duplicates() -> None:
    first = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    second = report("b", "受理行政复议案件64件。", publisher="隆回县人民法院", published=date(2024, 1, 1))
    assert statuses(first, second) == [["current"], ["duplicate"]]


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({}, "conflict"),
        ({"period": "half_year"}, "current"),
        ({"figure_year": 2022}, "current"),
        ({"stock_date": date(2023, 6, 30)}, "current"),
        ({"stock_date": date(2023, 12, 31)}, "conflict"),
    ],
)
def test_figures_of_another_time_are_no_conflict(other: dict[str, Any], status: str) -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    government = report("b", "受理行政复议案件65件。", publisher="隆回县人民政府")
    moved = [replace(one, **other) for one in department[1]]
    assert statuses((department[0], moved), government) == [[status], ["current"]]


def test_the_order_given_changes_nothing() -> None:
    first = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    second = report("b", "受理行政复议案件65件。", publisher="隆回县人民法院", published=date(2024, 1, 1))
    assert statuses(first, second) == statuses(second, first)[::-1]


def test_a_suspect_figure_never_wins() -> None:
    suspect = report("a", "发放宣传资料2.5份。", published=date(2024, 3, 1))
    plain = report("b", "发放宣传资料25000份。", title="普法总结", published=date(2024, 1, 1))
    assert statuses(suspect, plain) == [["suspect"], ["current"]]


def test_a_suspect_figure_is_superseded_with_its_report_once_that_is_published_again() -> None:
    suspect = report("a", "发放宣传资料2.5份。", published=date(2024, 1, 5))
    again = report("b", "发放宣传资料2.5万份。", title="2023年报告(更正)", published=date(2024, 3, 1))
    ((before,), (now,)) = resolve([suspect, again])
    assert (before.status, before.own_status, now.status) == ("superseded", "suspect", "current")


def told(text: str, quote: str, code: str = "publicity.activities", **other: Any) -> Observation:
    """A figure of a text, read as it would be if its words named the indicator."""
    (plain,) = (one for one in extract(text, CONTEXT) if one.raw_text == quote)
    coded = replace(plain, indicator=code, phrase="", role="actual", scope="region")
    return replace(coded, status="current", status_reason=None, **other)


def settled(*figures: Observation, strengths: Sequence[float] | None = None) -> list[tuple[str | None, str]]:
    return [(one.indicator, one.status) for one in within_report(figures, lexicon(), strengths)]


TWICE = "举办法治宣讲29场;帮助企业33家。普法活动599场次。"


def test_of_two_values_in_one_report_the_weaker_reading_loses_its_indicator() -> None:
    figures = told(TWICE, "29场"), told(TWICE, "599场次")
    weaker, stronger = within_report(figures, lexicon(), [19.2, 24.0])
    assert (weaker.indicator, weaker.status, weaker.phrase) == (None, "current", "「举办法治宣讲29场」")
    assert weaker.status_reason == "「普法活动599场次」 is more surely its figure"
    assert stronger == figures[1]


def test_of_two_readings_equally_strong_neither_stands_and_each_names_the_other() -> None:
    one, other = within_report((told(TWICE, "29场"), told(TWICE, "599场次")), lexicon(), [26.0, 26.0])
    assert (one.status, one.status_reason) == ("conflict", "the report also says: 「普法活动599场次」")
    assert (other.status, other.status_reason) == ("conflict", "the report also says: 「举办法治宣讲29场」")
    assert one.indicator == other.indicator == "publicity.activities"


def test_without_strengths_figures_that_contradict_one_another_are_in_conflict() -> None:
    text = "调处纠纷2163件。桃洪镇调处纠纷较多,为166件。"
    figures = told(text, "2163件", "mediation.disputes"), told(text, "166件", "mediation.disputes")
    assert settled(*figures) == [("mediation.disputes", "conflict")] * 2


def test_what_is_listed_are_parts_and_none_of_them_the_whole() -> None:
    text = "物业、商圈、医院调解室分别为28个、14个、24个。"
    figures = [told(text, quote, "mediation.studios") for quote in ("28个", "14个", "24个")]
    assert settled(*figures, strengths=[26.6, 14.6, 14.6]) == [("mediation.studios", "conflict")] * 3


def test_a_whole_beside_a_list_of_its_parts_stands() -> None:
    text = "桃洪镇、六都寨镇分别为301件、254件;全县4870件。"
    figures = [told(text, quote, "mediation.disputes") for quote in ("301件", "254件", "4870件")]
    assert settled(*figures, strengths=[19.2, 19.2, 24.0]) == [
        (None, "current"),
        (None, "current"),
        ("mediation.disputes", "current"),
    ]


def test_a_change_told_of_a_figure_loses_its_indicator_with_it() -> None:
    text = "桃洪镇调处166件,增长5%。全县调处2163件。"
    change = replace(told(text, "5%", "mediation.disputes"), role="change", direction="up")
    figures = told(text, "166件", "mediation.disputes"), change, told(text, "2163件", "mediation.disputes")
    assert [code for code, _ in settled(*figures, strengths=[19, 0, 25])] == [None, None, "mediation.disputes"]


@pytest.mark.parametrize(
    ("rough", "exact"),
    [("530余万份", "5312345份"), ("1.42万份", "14213份"), ("近3万份", "29600份")],
)
def test_a_rough_figure_that_the_exact_one_lies_within_is_its_duplicate(rough: str, exact: str) -> None:
    text = f"发放资料{rough}。共发放普法资料{exact}。"
    figures = told(text, rough, "publicity.materials"), told(text, exact, "publicity.materials")
    first, second = within_report(figures, lexicon(), [30.0, 10.0])
    assert (first.status, first.status_reason) == (
        "duplicate",
        f"the report says it more exactly: 「共发放普法资料{exact}」",
    )
    assert second.status == "current"


def test_an_open_top_reaches_to_the_exact_figure() -> None:
    text = "发放资料300份以上。共发放普法资料1280份。"
    rough = told(text, "300份以上", "publicity.materials", value_high=None)
    assert settled(rough, told(text, "1280份", "publicity.materials")) == [
        ("publicity.materials", "duplicate"),
        ("publicity.materials", "current"),
    ]


def test_figures_of_other_periods_places_scopes_and_roles_do_not_contradict() -> None:
    text = "受理23件,又受理50件。"
    one, other = (told(text, quote, "reconsideration.accepted") for quote in ("23件", "50件"))
    for difference in (
        {"period": "half_year"},
        {"figure_year": 2022},
        {"since_year": 2021},
        {"region_code": "430525"},
        {"scope": "own_level"},
        {"role": "target"},
        {"indicator": "reconsideration.concluded"},
    ):
        assert [status for _, status in settled(one, replace(other, **difference))] == ["current"] * 2


def test_of_a_stock_the_last_day_stands() -> None:
    text = "社区矫正对象6月末在册412名,年末在册430名。"
    june = told(text, "412名", "corrections.subjects", stock_date=date(2023, 6, 30))
    assert settled(june, told(text, "430名", "corrections.subjects")) == [
        ("corrections.subjects", "superseded"),
        ("corrections.subjects", "current"),
    ]


def test_two_half_years_do_not_contradict_one_another() -> None:
    text = "上半年受理23件,下半年受理27件。"
    halves = [told(text, quote, "reconsideration.accepted", period="half_year") for quote in ("23件", "27件")]
    assert [status for _, status in settled(*halves)] == ["current"] * 2


def test_figures_in_conflict_stand_again_once_nothing_contradicts_them() -> None:
    one, other = within_report((told(TWICE, "29场"), told(TWICE, "599场次")), lexicon())
    recoded = replace(one, indicator="enterprise.publicity", status="corrected")
    assert [o.status for o in reopened([recoded, other])] == ["corrected", "current"]
    assert [o.status for o in reopened([one, replace(other, status="corrected")])] == ["conflict", "corrected"]


def test_a_conflict_within_a_report_is_superseded_with_it() -> None:
    key, _ = report("a", TWICE, published=date(2024, 1, 5))
    earlier = key, within_report((told(TWICE, "29场"), told(TWICE, "599场次")), lexicon())
    later = report("b", "普法活动599场次。", title="2023年报告(更正)", published=date(2024, 3, 1))
    before, _ = resolve([earlier, later])
    assert [(one.status, one.own_status) for one in before] == [("superseded", "conflict")] * 2


def test_a_conflict_within_a_report_does_not_stand_against_another_report() -> None:
    key, _ = report("a", TWICE, publisher="隆回县人民政府")
    opposed = key, within_report((told(TWICE, "29场"), told(TWICE, "599场次")), lexicon())
    other = report("b", "开展普法活动601场次。")
    assert statuses(opposed, other) == [["conflict", "conflict"], ["current"]]


def test_an_altered_figure_is_another_one_with_all_other_fields_as_they_were() -> None:
    one = told(TWICE, "29场")
    changes = {"status": "suspect", "status_reason": "29场: an example"}
    assert altered(one, **changes) == replace(one, **changes) != one == told(TWICE, "29场")
    with pytest.raises(AttributeError, match="statsu"):
        altered(one, statsu="suspect")


@pytest.mark.parametrize(("other", "agree"), [("68.9%", True), ("七成半", True), ("61.2%", False)])
def test_a_rate_in_words_is_the_same_figure_as_the_exact_one(other: str, agree: bool) -> None:
    text = f"行政复议案件审结率达七成。\n行政复议案件审结率达{other}。"
    figures = [o.status for o in resolve([report("a", text)])[0]]
    assert ("duplicate" in figures, "conflict" in figures) == (agree, not agree)
