"""Figures that must agree: rounding as printed is tolerated, open words stay uncertain, faults are named."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    COUNTY_C,
    Staged,
    city_report,
    figure,
    report,
    warehouse_of,
)

from sources.regions import regions
from transforms.observation import Observation
from warehouse import identities

Row = dict[str, Any]


def compared(folder: Path, reports: list[Staged], kind: str) -> list[Row]:
    with duckdb.connect(warehouse_of(folder, reports), read_only=True) as connection:
        return [row for row in identities.frame(connection).to_pylist() if row["kind"] == kind]


def of_text(text: str, *figures: tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]) -> Staged:
    """A report of the city: quote, indicator, value and what else is particular."""
    made: list[Observation] = []
    for quote, indicator, value, *other in figures:
        made.append(figure(text, quote, indicator, value, **(other[0] if other else {})))
    return report(text), text, made


LOST, RATE = "litigation.lost", "litigation.loss_rate"
AFTER, CASES = "litigation.after_reconsideration", "litigation.cases"  # the wholes of the rate, in this order


def rate_in(folder: Path, text: str, cases: str, lost: str, rate: str, value: str) -> Row:
    """How the loss rate that a sentence tells beside its cases compares."""
    staged = of_text(text, (f"{cases}件", AFTER, cases), (f"{lost}件", LOST, lost), (rate, RATE, value))
    (row,) = compared(folder, [staged], "rate")
    return row


@pytest.mark.parametrize(
    ("rate", "lost", "cases", "verdict", "says"),
    [
        ("7.2%", "11", "152", "PASS", "败诉率 7.2% = 11 / 152 (7.24%)"),
        ("7.24%", "11", "152", "PASS", "败诉率 7.24% = 11 / 152 (7.24%)"),
        ("7%", "11", "152", "PASS", "败诉率 7% = 11 / 152 (7.24%)"),
        ("7.23%", "11", "152", "FAIL", "败诉率 7.23% ≠ 11 / 152 (7.24%)"),
        ("7.3%", "11", "152", "FAIL", "败诉率 7.3% ≠ 11 / 152 (7.24%)"),
        ("7.2%", "15", "152", "FAIL", "败诉率 7.2% ≠ 15 / 152 (9.87%)"),
        ("12.5%", "1", "8", "PASS", "败诉率 12.5% = 1 / 8 (12.5%)"),
        ("12.3%", "1", "8", "FAIL", "败诉率 12.3% ≠ 1 / 8 (12.5%)"),
        ("12.25%", "49", "400", "PASS", "败诉率 12.25% = 49 / 400 (12.25%)"),
        ("12.3%", "49", "400", "PASS", "败诉率 12.3% = 49 / 400 (12.25%)"),  # just half a unit of the last digit
        ("0%", "0", "152", "PASS", "败诉率 0% = 0 / 152 (0%)"),
        ("0%", "0", "0", "NOT_ASSESSABLE", "败诉率 0%:无法核对,缺少大于0的经复议后被诉一审案件数"),
    ],
)
def test_a_rate_is_compared_within_the_digits_it_is_printed_with(
    tmp_path: Path, rate: str, lost: str, cases: str, verdict: str, says: str
) -> None:
    text = f"一审案件共{cases}件,败诉有{lost}件,败诉率{rate}。"
    row = rate_in(tmp_path, text, cases, lost, rate, rate.rstrip("%"))
    assert (row["verdict"], row["message_zh"]) == (verdict, says)
    assert row["sentence"] == text


@pytest.mark.parametrize(
    ("quote", "value", "slack"),
    [
        ("7.2%", "7.2", 0.05),
        ("７．２％", "7.2", 0.05),
        ("百分之七点二", "7.2", 0.05),
        ("百分之七", "7", 0.5),
        ("7.20%", "7.2", 0.005),
    ],
)
def test_the_tolerance_is_half_a_unit_of_the_last_digit_printed(
    tmp_path: Path, quote: str, value: str, slack: float
) -> None:
    row = rate_in(tmp_path, f"一审案件152件,败诉11件,败诉率{quote}。", "152", "11", quote, value)
    assert float(row["tolerance"]) == slack


@pytest.mark.parametrize(
    ("rate", "value", "lost", "cases", "verdict"),
    [
        ("七成", "70", "62", "90", "PASS"),  # 68.9 %
        ("七成", "70", "45", "90", "FAIL"),
        ("7成", "70", "62", "90", "PASS"),
        ("七成半", "75", "66", "90", "PASS"),  # 73.3 %
        ("七成五", "75", "66", "90", "FAIL"),
        ("三分之二", "66.6667", "60", "91", "PASS"),  # 65.9 %
        ("三分之二", "66.6667", "30", "91", "FAIL"),
        ("四分之一", "25", "20", "91", "PASS"),
        ("四分之一", "25", "5", "91", "FAIL"),
        ("2‰", "0.2", "2", "900", "PASS"),  # 2.2 ‰
        ("2‰", "0.2", "3", "900", "FAIL"),
        ("百分之六十八点九", "68.9", "62", "90", "PASS"),
        ("百分之六十八点八", "68.8", "62", "90", "FAIL"),
    ],
)
def test_a_rate_in_words_is_rounded_as_it_is_said(
    tmp_path: Path, rate: str, value: str, lost: str, cases: str, verdict: str
) -> None:
    row = rate_in(tmp_path, f"一审案件{cases}件,败诉{lost}件,败诉率{rate}。", cases, lost, rate, value)
    assert row["verdict"] == verdict


def test_a_whole_in_wan_is_rounded_too(tmp_path: Path) -> None:
    # 1.5万 stands for 14950 to 15050, so the rate may be 7.31 % as well as 7.36 %
    text = "一审案件1.5万件,败诉1100件,败诉率7.36%。"
    staged = of_text(text, ("1.5万件", AFTER, "15000"), ("1100件", LOST, "1100"), ("7.36%", RATE, "7.36"))
    (row,) = compared(tmp_path, [staged], "rate")
    assert row["verdict"] == "PASS"


@pytest.mark.parametrize(
    ("rate", "low", "high", "verdict"),
    [
        ("7.2%", "110", "120", "UNCERTAIN"),  # 110余件 / 1600: 6.88 % to 7.5 %
        ("7%", "110", "120", "PASS"),
        ("9.5%", "110", "120", "FAIL"),
    ],
)
def test_an_approximate_figure_is_an_interval(tmp_path: Path, rate: str, low: str, high: str, verdict: str) -> None:
    text = f"一审案件1600件,败诉110余件,败诉率{rate}。"
    staged = of_text(
        text,
        ("1600件", AFTER, "1600"),
        ("110余件", LOST, "110", {"low": low, "high": high}),
        (rate, RATE, rate.rstrip("%")),
    )
    (row,) = compared(tmp_path, [staged], "rate")
    assert row["verdict"] == verdict


def test_a_rate_of_at_least_allows_all_above_it(tmp_path: Path) -> None:
    text = "一审案件100件,败诉95件,败诉率93.4%以上。"
    at_least = ("93.4%以上", RATE, "93.4", {"high": "100"})
    (row,) = compared(tmp_path, [of_text(text, ("100件", AFTER, "100"), ("95件", LOST, "95"), at_least)], "rate")
    assert (row["verdict"], row["message_zh"]) == ("PASS", "败诉率 93.4–100% = 95 / 100 (95%)")


def test_of_several_wholes_the_fitting_one_is_named(tmp_path: Path) -> None:
    text = "一审案件152件,二审合计200件,败诉11件,败诉率5.5%。"
    staged = of_text(
        text, ("152件", AFTER, "152"), ("200件", CASES, "200"), ("11件", LOST, "11"), ("5.5%", RATE, "5.5")
    )
    (row,) = compared(tmp_path, [staged], "rate")
    assert (row["verdict"], row["fits"], float(row["right_value"])) == ("PASS", CASES, 5.5)


def test_where_no_whole_fits_the_first_is_shown(tmp_path: Path) -> None:
    text = "一审案件152件,二审合计200件,败诉11件,败诉率9.5%。"
    staged = of_text(
        text, ("152件", AFTER, "152"), ("200件", CASES, "200"), ("11件", LOST, "11"), ("9.5%", RATE, "9.5")
    )
    (row,) = compared(tmp_path, [staged], "rate")
    assert (row["verdict"], row["fits"], row["message_zh"]) == ("FAIL", None, "败诉率 9.5% ≠ 11 / 152 (7.24%)")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([(AFTER, "152")], "败诉率 7.2%:无法核对,缺少败诉案件数"),
        ([(LOST, "11")], "败诉率 7.2%:无法核对,缺少经复议后被诉一审案件数"),
        ([], "败诉率 7.2%:无法核对,缺少败诉案件数、经复议后被诉一审案件数"),
        # the usual whole is missing, and another doesn't fit: no ground for a reproach
        ([(LOST, "11"), (CASES, "999")], "败诉率 7.2%:无法核对,缺少经复议后被诉一审案件数"),
    ],
)
def test_what_is_missing_makes_a_rate_not_assessable(tmp_path: Path, given: list[tuple[str, str]], says: str) -> None:
    text = "案件" + "".join(f"{value}件," for _, value in given) + "败诉率7.2%。"
    staged = of_text(text, *((f"{value}件", code, value) for code, value in given), ("7.2%", RATE, "7.2"))
    (row,) = compared(tmp_path, [staged], "rate")
    assert (row["verdict"], row["message_zh"]) == ("NOT_ASSESSABLE", says)
    assert row["right_value"] is None


@pytest.mark.parametrize(
    "apart",
    [
        {"scope": "own_level"},
        {"since_year": 2023},
        {"region_code": COUNTY_A},
        {"role": "prior"},
        {"status": "suspect"},
        {"status": "superseded"},
    ],
)
def test_only_current_actual_figures_of_one_region_and_scope_are_compared(tmp_path: Path, apart: Row) -> None:
    text = "一审案件152件,败诉19件,败诉率7.2%。"
    staged = of_text(text, ("152件", AFTER, "152"), ("19件", LOST, "19", apart), ("7.2%", RATE, "7.2"))
    (row,) = compared(tmp_path, [staged], "rate")
    assert row["verdict"] == "NOT_ASSESSABLE"


def test_figures_of_two_reports_are_not_compared(tmp_path: Path) -> None:
    one = of_text("败诉率7.2%。", ("7.2%", RATE, "7.2"))
    other = of_text("一审案件152件,败诉19件。", ("152件", AFTER, "152"), ("19件", LOST, "19"))
    (row,) = compared(tmp_path, [one, other], "rate")
    assert row["verdict"] == "NOT_ASSESSABLE"


def test_of_several_figures_the_one_in_the_same_sentence_is_taken(tmp_path: Path) -> None:
    text = "去冬败诉30件。一审案件152件,经过各方共同努力,败诉11件,败诉率7.2%。败诉40件。"
    staged = of_text(
        text,
        ("30件", LOST, "30"),
        ("152件", AFTER, "152"),
        ("11件", LOST, "11"),
        ("7.2%", RATE, "7.2"),
        ("40件", LOST, "40"),
    )
    (row,) = compared(tmp_path, [staged], "rate")
    assert row["message_zh"] == "败诉率 7.2% = 11 / 152 (7.24%)"
    assert len(row["observation_ids"]) == 3


@pytest.mark.parametrize(
    ("concluded", "high", "verdict", "says"),
    [
        ("1193", "1193", "PASS", "行政复议审结件数 1193 ≤ 行政复议受理件数 1362"),
        ("1362", "1362", "PASS", "行政复议审结件数 1362 ≤ 行政复议受理件数 1362"),
        ("1363", "1363", "FAIL", "行政复议审结件数 1363 超过总数:行政复议受理件数 1362"),
        ("1300", "1400", "UNCERTAIN", "行政复议审结件数 1300–1400 可能超过总数:行政复议受理件数 1362"),
    ],
)
def test_a_part_is_within_its_whole(tmp_path: Path, concluded: str, high: str, verdict: str, says: str) -> None:
    text = f"受理案件1362件,其中审结共{concluded}件。"
    staged = of_text(
        text,
        ("1362件", "reconsideration.accepted", "1362"),
        (f"{concluded}件", "reconsideration.concluded", concluded, {"high": high, "nth": -1}),
    )
    (row,) = compared(tmp_path, [staged], "part_of")
    assert (row["verdict"], row["message_zh"]) == (verdict, says)


def test_a_part_without_its_whole_is_not_assessable(tmp_path: Path) -> None:
    (row,) = compared(tmp_path, [of_text("审结9件。", ("9件", "reconsideration.concluded", "9"))], "part_of")
    assert (row["verdict"], row["message_en"]) == (
        "NOT_ASSESSABLE",
        "Reconsideration cases concluded 9: not assessable without Reconsideration cases accepted",
    )


@pytest.mark.parametrize(
    ("quote", "total", "verdict", "says"),
    [
        ("30件", "30", "PASS", "行政处罚案件数 30 = 10 + 20 (30)"),
        ("31件", "31", "FAIL", "行政处罚案件数 31 ≠ 10 + 20 (30)"),
        ("0.003万件", "30", "PASS", "行政处罚案件数 30 = 10 + 20 (30)"),
        ("0.004万件", "40", "FAIL", "行政处罚案件数 40 ≠ 10 + 20 (30)"),
    ],
)
def test_parts_add_up_within_the_digits_printed(
    tmp_path: Path, quote: str, total: str, verdict: str, says: str
) -> None:
    text = f"处罚共{quote},简易程序10件,普通程序20件。"
    staged = of_text(
        text,
        (quote, "enforcement.penalty_cases", total),
        ("10件", "enforcement.cases_summary", "10"),
        ("20件", "enforcement.cases_ordinary", "20"),
    )
    (row,) = compared(tmp_path, [staged], "sum_of")
    assert (row["verdict"], row["message_zh"]) == (verdict, says)


def test_a_sum_with_a_part_missing_is_not_assessable(tmp_path: Path) -> None:
    text = "处罚30件,简易程序10件。"
    staged = of_text(text, ("30件", "enforcement.penalty_cases", "30"), ("10件", "enforcement.cases_summary", "10"))
    (row,) = compared(tmp_path, [staged], "sum_of")
    assert (row["verdict"], row["message_zh"]) == ("NOT_ASSESSABLE", "行政处罚案件数 30:无法核对,缺少普通程序案件数")


ACCEPTED = "reconsideration.accepted"


def of_region(code: str, value: str, quote: str = "", **other: Any) -> Staged:
    quote = quote or f"{value}件"
    text = f"受理{quote}。"
    return report(text, code), text, [figure(text, quote, ACCEPTED, value, **other)]


@pytest.mark.parametrize(
    ("city", "counties", "verdict", "reporting"),
    [
        ("100件", {COUNTY_A: "50", COUNTY_B: "30", COUNTY_C: "20"}, "PASS", "3个中3个已报告"),
        (
            "101件",
            {COUNTY_A: "50", COUNTY_B: "30", COUNTY_C: "20"},
            "UNCERTAIN",
            "3个中3个已报告",
        ),  # own cases of the city
        ("99件", {COUNTY_A: "50", COUNTY_B: "30", COUNTY_C: "20"}, "FAIL", "3个中3个已报告"),
        # one of those that report may count otherwise: all of them or none
        ("99件", {COUNTY_A: "50", COUNTY_B: "50"}, "UNCERTAIN", "99 < 已报告的下辖地区合计 100(3个中2个已报告)"),
        ("100件", {COUNTY_A: "50", COUNTY_B: "50"}, "UNCERTAIN", "3个中2个已报告"),
        ("0.01万件", {COUNTY_A: "50", COUNTY_B: "30", COUNTY_C: "24"}, "PASS", "3个中3个已报告"),
    ],
)
def test_counties_together_are_not_more_than_their_city(
    tmp_path: Path, city: str, counties: dict[str, str], verdict: str, reporting: str
) -> None:
    value = "100" if "万" in city else city.rstrip("件")
    reports = [of_region(CITY, value, city), *(of_region(code, own) for code, own in counties.items())]
    (row,) = compared(tmp_path, reports, "region_sum")
    assert row["verdict"] == verdict
    assert reporting in row["message_zh"]
    assert row["region_code"] == CITY
    assert row["sentence"] == f"受理{city}。"
    assert len(row["observation_ids"]) == 1 + len(counties)


def test_what_counties_leave_open_is_counted_low_before_they_exceed_the_city(tmp_path: Path) -> None:
    counties = [of_region(code, "30", "30余件", high="40") for code in (COUNTY_A, COUNTY_B, COUNTY_C)]
    (row,) = compared(tmp_path, [of_region(CITY, "100"), *counties], "region_sum")
    assert row["verdict"] == "UNCERTAIN"
    (row,) = compared(tmp_path / "less", [of_region(CITY, "89"), *counties], "region_sum")
    assert row["verdict"] == "FAIL"


@pytest.mark.parametrize("apart", [{"since_year": 2023}, {"status": "suspect"}, {"scope": "part"}])
def test_counties_exceed_their_city_only_where_all_report_on_the_same_basis(tmp_path: Path, apart: Row) -> None:
    counties = [of_region(COUNTY_A, "90"), of_region(COUNTY_B, "90"), of_region(COUNTY_C, "90", **apart)]
    (row,) = compared(tmp_path, [of_region(CITY, "100"), *counties], "region_sum")
    assert row["verdict"] == "UNCERTAIN"
    assert "is less already than the parts of the region that report: 180 (2 of 3 reporting)" in row["message_en"]


@pytest.mark.parametrize(
    "apart", [{"scope": "own_level"}, {"scope": "part"}, {"since_year": 2023}, {"status": "suspect"}]
)
def test_a_city_without_a_figure_for_the_whole_region_is_not_compared(tmp_path: Path, apart: Row) -> None:
    reports = [of_region(CITY, "10", **apart), of_region(COUNTY_A, "50")]
    assert compared(tmp_path, reports, "region_sum") == []


def test_what_cannot_be_added_over_regions_is_not(tmp_path: Path) -> None:
    text = "败诉率7.2%。"
    reports = [(report(text, code), text, [figure(text, "7.2%", RATE, "7.2")]) for code in (CITY, COUNTY_A, COUNTY_B)]
    assert compared(tmp_path, reports, "region_sum") == []


def test_of_several_figures_of_a_county_the_one_that_stands_is_added(tmp_path: Path) -> None:
    """邵阳县's own report says 50; the city's list of counties, which says 20, only mentions it."""
    mentioned = "全市受理100件,其中双清区20件。"
    city = (
        report(mentioned, CITY),
        mentioned,
        [
            figure(mentioned, "100件", ACCEPTED, "100"),
            figure(mentioned, "20件", ACCEPTED, "20", region_code=COUNTY_A),
        ],
    )
    counties = [of_region(COUNTY_A, "50"), of_region(COUNTY_B, "30"), of_region(COUNTY_C, "25")]
    (row,) = compared(tmp_path, [city, *counties], "region_sum")
    assert (row["verdict"], float(row["right_value"])) == ("FAIL", 105)
    assert "100 < 下辖地区合计 105(3个中3个已报告)" in row["message_zh"]


def test_of_several_figures_of_a_city_the_one_that_stands_is_compared(tmp_path: Path) -> None:
    text = "受理100件。受理200件。"
    city = report(text, CITY), text, [figure(text, q, ACCEPTED, q.rstrip("件")) for q in ("100件", "200件")]
    counties = [of_region(code, "50") for code in (COUNTY_A, COUNTY_B, COUNTY_C)]
    (row,) = compared(tmp_path, [city, *counties], "region_sum")
    assert (row["verdict"], float(row["left_value"]), float(row["right_value"])) == ("FAIL", 100, 150)


ACTIVITIES = "publicity.activities"


@pytest.mark.parametrize("status", ["conflict", "current", "corrected"])
def test_two_values_of_one_thing_in_a_report_are_told_with_both_sentences(tmp_path: Path, status: str) -> None:
    text = "举办法治宣讲29场。普法活动599场次。"
    both = {"status": status}
    staged = of_text(text, ("29场", ACTIVITIES, "29", both), ("599场次", ACTIVITIES, "599", both))
    (row,) = compared(tmp_path, [staged], "contradiction")
    assert (row["verdict"], row["sentence"]) == ("FAIL", "举办法治宣讲29场。")
    # the sentence of the figure itself is shown after the message: each value stands before its own
    assert row["message_zh"] == "普法宣传活动场次 599「普法活动599场次。」≠ 同一报告所载 29"
    assert row["message_en"] == "Law-publicity events 599 「普法活动599场次。」 ≠ 29 in the same report"
    assert (float(row["left_value"]), float(row["right_value"]), len(row["observation_ids"])) == (29, 599, 2)


@pytest.mark.parametrize(
    "apart",
    [
        {"scope": "part"},
        {"since_year": 2021},
        {"period": "half_year"},
        {"figure_year": 2023},
        {"region_code": COUNTY_A},
        {"role": "prior"},
        {"status": "duplicate"},
        {"status": "superseded"},
    ],
)
def test_figures_of_other_things_do_not_contradict(tmp_path: Path, apart: Row) -> None:
    text = "举办法治宣讲29场。普法活动599场次。"
    staged = of_text(text, ("29场", ACTIVITIES, "29"), ("599场次", ACTIVITIES, "599", apart))
    assert compared(tmp_path, [staged], "contradiction") == []


def test_what_words_and_rounding_leave_open_is_no_contradiction(tmp_path: Path) -> None:
    text = "活动590余场次。普法活动599场次。宣传0.06万场次。"
    staged = of_text(
        text,
        ("590余场次", ACTIVITIES, "590", {"high": "600"}),
        ("599场次", ACTIVITIES, "599"),
        ("0.06万场次", ACTIVITIES, "600"),
    )
    assert compared(tmp_path, [staged], "contradiction") == []


AID, AID_CONCLUDED = "legal_service.aid_cases", "legal_service.aid_concluded"


def test_a_correct_report_may_break_a_relation_that_has_an_excuse(tmp_path: Path) -> None:
    text = "受理法律援助案件480件,办结502件。"
    staged = of_text(text, ("480件", AID, "480"), ("502件", AID_CONCLUDED, "502"))
    (row,) = compared(tmp_path, [staged], "part_of")
    assert row["verdict"] == "UNCERTAIN"
    assert row["message_zh"] == "法律援助案件办结件数 502 超过总数:法律援助案件件数 480;办结数可能含上年结转案件"
    assert row["message_en"].endswith("Legal-aid cases 480; cases carried over may be among those concluded")


@pytest.mark.parametrize(("words", "verdict"), [("综合纠错率", "UNCERTAIN"), ("纠错率", "FAIL")])
def test_a_rate_of_another_wording_has_its_excuse_in_its_sentence(tmp_path: Path, words: str, verdict: str) -> None:
    """直接纠错12件,综合纠错率31%: an overall rate counts cases settled as well."""
    text = f"审结100件,直接纠错12件,{words}31%。"
    staged = of_text(text, ("100件", CONCLUDED, "100"), ("12件", CORRECTED, "12"), ("31%", CORRECTION_RATE, "31"))
    (row,) = compared(tmp_path, [staged], "rate")
    assert (row["verdict"], row["fits"]) == (verdict, None)


def test_the_same_figure_twice_is_a_row_beside_the_one_that_counts(tmp_path: Path) -> None:
    text = "全年律师办案1.42万件。全年律师办案1.42万件、公益服务。"
    code = "legal_service.lawyer_cases"
    staged = of_text(
        text,
        ("1.42万件", code, "14200"),
        ("1.42万件", code, "14200", {"nth": 1, "status": "duplicate", "status_reason": "stands at 6 already"}),
    )
    (row,) = compared(tmp_path, [staged], "same_figure")
    assert (row["status"], float(row["left_value"]), float(row["right_value"])) == ("duplicate", 14200, 14200)
    assert row["message_zh"] == "律师办案件数 14200(1.42万件)重复出现"
    assert row["sentence"] == "全年律师办案1.42万件、公益服务。"
    assert len(row["observation_ids"]) == 2


def test_a_comparison_is_worded_in_english_too(tmp_path: Path) -> None:
    (row,) = compared(tmp_path, [city_report()], "rate")
    assert row["message_en"] == "Loss rate 7.2% = 11 / 152 (7.24%)"
    assert float(row["difference"]) == pytest.approx(-0.036842, abs=1e-6)


CONCLUDED, CORRECTED = "reconsideration.concluded", "reconsideration.corrected"
CORRECTION_RATE = "reconsideration.correction_rate"
ON_ANOTHER_BASE = "受理132件,审结118件,纠错19件,纠错案件占审结案件的{}。"


def of_base(text: str, rate: str) -> Staged:
    return of_text(
        text.format(rate),
        ("132件", ACCEPTED, "132"),
        ("118件", CONCLUDED, "118"),
        ("19件", CORRECTED, "19"),
        (rate, CORRECTION_RATE, rate.rstrip("%")),
    )


@pytest.mark.parametrize(
    ("text", "rate", "verdict", "fits", "says"),
    [
        (
            ON_ANOTHER_BASE,
            "14.4%",
            "FAIL",
            ACCEPTED,
            "行政复议纠错率 14.4% 与行政复议受理件数 132 相符,与所述行政复议审结件数 118(16.1%)不符",
        ),
        (ON_ANOTHER_BASE, "16.1%", "PASS", CONCLUDED, "行政复议纠错率 16.1% 与所述行政复议审结件数 118(16.1%)相符"),
        # the sentence names the other base, so that one is meant
        (
            "受理132件,审结118件,纠错19件,占受理数的{}。",
            "14.4%",
            "PASS",
            ACCEPTED,
            "行政复议纠错率 14.4% 与所述行政复议受理件数 132(14.39%)相符",
        ),
        (
            "受理132件,审结118件,纠错19件,占受理数的{}。",
            "16.1%",
            "FAIL",
            CONCLUDED,
            "行政复议纠错率 16.1% 与行政复议审结件数 118 相符,与所述行政复议受理件数 132(14.39%)不符",
        ),
    ],
)
def test_a_rate_on_another_base_than_the_one_named(
    tmp_path: Path, text: str, rate: str, verdict: str, fits: str, says: str
) -> None:
    (row,) = compared(tmp_path, [of_base(text, rate)], "rate_base")
    assert (row["verdict"], row["fits"], row["message_zh"]) == (verdict, fits, says)
    assert row["sentence"] == text.format(rate)


def test_a_rate_on_another_base_in_english(tmp_path: Path) -> None:
    (row,) = compared(tmp_path, [of_base(ON_ANOTHER_BASE, "14.4%")], "rate_base")
    assert row["message_en"] == (
        "Reconsideration correction rate 14.4% fits 132 (Reconsideration cases accepted), "
        "not 118 (Reconsideration cases concluded): 16.1%"
    )
    assert len(row["observation_ids"]) == 4


@pytest.mark.parametrize(
    "text",
    [
        "受理132件,审结118件,纠错19件。复议纠错率{}。",  # no base is named beside the rate
        "受理132件,审结118件,纠错19件,纠错案件占审结案件的{}。",  # wrong on any base: the rate itself fails
    ],
)
def test_a_rate_without_a_base_or_wrong_on_any_has_no_row(tmp_path: Path, text: str) -> None:
    rate = "14.4%" if "复议纠错率" in text else "20.1%"
    assert compared(tmp_path, [of_base(text, rate)], "rate_base") == []


def test_an_approximate_base_is_not_named_wrong(tmp_path: Path) -> None:
    text = "受理132件,审结110余件,纠错19件,纠错案件占审结案件的16.2%。"
    staged = of_text(
        text,
        ("132件", ACCEPTED, "132"),
        ("110余件", CONCLUDED, "110", {"high": "120"}),
        ("19件", CORRECTED, "19"),
        ("16.2%", CORRECTION_RATE, "16.2"),
    )
    (row,) = compared(tmp_path, [staged], "rate_base")
    assert row["verdict"] == "UNCERTAIN"


def year_after_year(
    told: tuple[str, ...], then: str | None = "100件", code: str = ACCEPTED, low: str = "", high: str = ""
) -> list[Staged]:
    """Last year's report with one figure, and this year's: its text, then quote, indicator, value and what else."""
    text, *figures = told
    reports: list[Staged] = [of_text(text, *figures)]  # type: ignore[arg-type]
    if then:
        value = low or then.rstrip("件%")
        before = f"去年受理{then}。"
        bounds = {"low": low, "high": high} if low else {}
        reports.append((report(before, year=2023), before, [figure(before, then, code, value, **bounds)]))
    return reports


def changed(quote: str, by: str, direction: str = "up", **other: Any) -> tuple[Any, ...]:
    return (quote, other.pop("code", ACCEPTED), by, {"role": "change", "direction": direction, **other})


THIS_YEAR = ("112件", ACCEPTED, "112")


@pytest.mark.parametrize(
    ("text", "change", "verdict", "says"),
    [
        (
            "受理112件,同比增长12%。",
            changed("12%", "12"),
            "PASS",
            "所述增减 +12% = +12%(2023年 100,2024年 112)",
        ),
        ("受理112件,比上年增长12.4%。", changed("12.4%", "12.4"), "FAIL", "+12.4% ≠ +12%(2023年 100,2024年 112)"),
        ("受理112件,较2023年增长13%。", changed("13%", "13"), "FAIL", "+13% ≠ +12%"),
        ("受理112件,同比增加12件。", changed("12件", "12"), "PASS", "+12件 = +12件(2023年 100,2024年 112)"),
        ("受理112件,同比增加120件。", changed("120件", "120"), "FAIL", "+120件 ≠ +12件"),
        ("受理112件,同比下降12%。", changed("12%", "12", "down"), "FAIL", "-12% ≠ +12%"),
        ("受理112件,同比增长10%以上。", changed("10%以上", "10", high="1000"), "PASS", "+10–+1000% = +12%"),
        ("受理112件,同比增长20%以上。", changed("20%以上", "20", high="1000"), "FAIL", "≠ +12%"),
        # against another time than the year before, or in a unit that may mean several things
        ("受理112件,较2019年增长50%。", changed("50%", "50"), "NOT_ASSESSABLE", "无法核对,原句所比的不是上年"),
        ("受理112件,较三年前增长50%。", changed("50%", "50"), "NOT_ASSESSABLE", "无法核对,原句所比的不是上年"),
        ("受理112件,环比增长50%。", changed("50%", "50"), "NOT_ASSESSABLE", "无法核对,原句所比的不是上年"),
        ("受理112件,同比增长1.2倍。", changed("1.2倍", "1.2"), "NOT_ASSESSABLE", "该单位的增减可有不同理解"),
        # of a part of them, or of what another sentence says: no ground for a reproach
        ("受理112件,涉企案件同比上升31%。", changed("31%", "31"), "UNCERTAIN", "+31% ≈ +12%"),
        ("受理112件。受理量同比上升31%。", changed("31%", "31"), "UNCERTAIN", "+31% ≈ +12%"),
        ("受理112件,增长31%。", changed("31%", "31"), "UNCERTAIN", "+31% ≈ +12%"),
    ],
)
def test_a_change_as_told_is_that_against_last_years_report(
    tmp_path: Path, text: str, change: tuple[Any, ...], verdict: str, says: str
) -> None:
    (row,) = compared(tmp_path, year_after_year((text, THIS_YEAR, change)), "change")  # type: ignore[arg-type]
    assert row["verdict"] == verdict
    assert says in row["message_zh"]
    assert row["sentence"] in text
    assert row["year"] == 2024


def test_a_change_is_worded_in_english_too(tmp_path: Path) -> None:
    told = ("受理112件,同比增长12.4%。", THIS_YEAR, changed("12.4%", "12.4"))
    (row,) = compared(tmp_path, year_after_year(told), "change")  # type: ignore[arg-type]
    assert row["message_en"] == ("Reconsideration cases accepted +12.4% as told ≠ +12% (100 in 2023, 112 in 2024)")
    assert len(row["observation_ids"]) == 3


@pytest.mark.parametrize(
    ("told", "verdict"),
    [("3.2个百分点", "PASS"), ("4.2个百分点", "FAIL"), ("32%", "NOT_ASSESSABLE")],
)
def test_a_rate_changes_by_points(tmp_path: Path, told: str, verdict: str) -> None:
    text = f"纠错率10.4%,较上年提高{told}。"
    change = changed(
        told, told.rstrip("个百分点%"), code=CORRECTION_RATE, canonical_unit="%" if "%" in told else "百分点"
    )
    reports = year_after_year(
        (text, ("10.4%", CORRECTION_RATE, "10.4"), change),  # type: ignore[arg-type]
        "7.2%",
        CORRECTION_RATE,
    )
    (row,) = compared(tmp_path, reports, "change")
    assert row["verdict"] == verdict


def test_what_last_year_left_open_makes_no_change_wrong(tmp_path: Path) -> None:
    told = ("受理112件,同比增长14%。", THIS_YEAR, changed("14%", "14"))
    (row,) = compared(tmp_path, year_after_year(told, "90余件", low="90", high="100"), "change")  # type: ignore[arg-type]
    assert row["verdict"] == "UNCERTAIN"


@pytest.mark.parametrize("then", [None, "100件"])
def test_a_change_without_a_figure_on_either_side_is_not_assessable(tmp_path: Path, then: str | None) -> None:
    told = (
        ("同比增长12%。", changed("12%", "12"))
        if then
        else ("受理112件,同比增长12%。", THIS_YEAR, changed("12%", "12"))
    )
    (row,) = compared(tmp_path, year_after_year(told, then), "change")  # type: ignore[arg-type]
    assert row["verdict"] == "NOT_ASSESSABLE"
    assert ("缺少本报告当年数" if then else "缺少2023年数") in row["message_zh"]


def test_a_change_follows_a_place_across_its_change_of_code(tmp_path: Path) -> None:
    before, text = "受理100件。", "受理112件,同比增长12%。"
    reports: list[Staged] = [
        (report(before, "430521", 2018), before, [figure(before, "100件", ACCEPTED, "100")]),
        (
            report(text, "430582", 2019),
            text,
            [
                figure(text, "112件", ACCEPTED, "112"),
                figure(text, "12%", ACCEPTED, "12", role="change", direction="up"),
            ],
        ),
    ]
    with duckdb.connect(warehouse_of(tmp_path, reports, gazetteer=regions()), read_only=True) as connection:
        rows = [row for row in identities.frame(connection).to_pylist() if row["kind"] == "change"]
        agreed = connection.execute("SELECT verdict FROM year_on_year WHERE year = 2019").fetchall()
    assert [row["verdict"] for row in rows] == ["PASS"]
    assert agreed == [("agrees",)]


def told_of_last_year(quote: str, value: str, **other: Any) -> tuple[Any, ...]:
    return (quote, ACCEPTED, value, {"role": "prior", **other})


@pytest.mark.parametrize(
    ("text", "quote", "verdict"),
    [
        ("受理112件,上年为100件。", "100件", "PASS"),
        ("受理112件,上年为120件。", "120件", "FAIL"),
        ("受理112件,2023年受理120件。", "120件", "FAIL"),
        ("受理112件,上年同期涉企案件20件。", "20件", "UNCERTAIN"),
    ],
)
def test_last_years_figure_as_told_is_that_of_last_years_report(
    tmp_path: Path, text: str, quote: str, verdict: str
) -> None:
    told = (text, THIS_YEAR, told_of_last_year(quote, quote.rstrip("件")))
    (row,) = compared(tmp_path, year_after_year(told), "prior")  # type: ignore[arg-type]
    assert row["verdict"] == verdict
    assert (row["left_value"], row["right_value"]) == (int(quote.rstrip("件")), 100)


def test_last_years_figure_is_worded_in_both_languages(tmp_path: Path) -> None:
    told = ("受理112件,上年为120件。", THIS_YEAR, told_of_last_year("120件", "120"))
    (row,) = compared(tmp_path, year_after_year(told), "prior")  # type: ignore[arg-type]
    assert row["message_zh"] == "行政复议受理件数 所述2023年数 120 ≠ 当年报告 100"
    assert row["message_en"] == (
        "Reconsideration cases accepted 120 as told for 2023 ≠ 100 in the report for that year"
    )


@pytest.mark.parametrize(
    "text", ["受理112件,2021年为120件。", "受理112件,2022年、2023年分别为90件、120件。", "受理112件,由120件减少。"]
)
def test_a_figure_of_another_or_an_unknown_year_is_not_compared(tmp_path: Path, text: str) -> None:
    told = (text, THIS_YEAR, told_of_last_year("120件", "120"))
    assert compared(tmp_path, year_after_year(told), "prior") == []  # type: ignore[arg-type]


def test_of_several_figures_of_last_year_the_one_that_agrees_is_taken(tmp_path: Path) -> None:
    before, text = "受理90件。全市共受理100件。", "受理112件,上年为100件。"
    reports: list[Staged] = [
        (report(before, year=2023), before, [figure(before, q, ACCEPTED, q.rstrip("件")) for q in ("90件", "100件")]),
        of_text(text, THIS_YEAR, told_of_last_year("100件", "100")),  # type: ignore[arg-type]
    ]
    (row,) = compared(tmp_path, reports, "prior")
    assert row["verdict"] == "PASS"


CARRIED, PENDING = "reconsideration.carried_over", "reconsideration.pending"


@pytest.mark.parametrize(("carried", "verdict"), [("12", "PASS"), ("15", "FAIL")])
def test_stock_carried_over_is_what_was_pending_the_year_before(tmp_path: Path, carried: str, verdict: str) -> None:
    before, text = "未结12件。", f"上年结转{carried}件。"
    reports: list[Staged] = [
        (report(before, year=2023), before, [figure(before, "12件", PENDING, "12")]),
        of_text(text, (f"{carried}件", CARRIED, carried)),
    ]
    (row,) = compared(tmp_path, reports, "carried")
    sign = "=" if verdict == "PASS" else "≠"
    assert row["verdict"] == verdict
    assert row["message_zh"] == f"行政复议上年结转件数 {carried} {sign} 2023年报告所载行政复议未结件数 12"
    assert row["message_en"] == (
        f"Reconsideration cases carried over {carried} {sign} Reconsideration cases pending 12 in the report for 2023"
    )
    assert len(row["observation_ids"]) == 2


def test_stock_without_last_years_report_is_not_assessable(tmp_path: Path) -> None:
    (row,) = compared(tmp_path, [of_text("上年结转12件。", ("12件", CARRIED, "12"))], "carried")
    assert (row["verdict"], row["message_zh"]) == (
        "NOT_ASSESSABLE",
        "行政复议上年结转件数 12:无法核对,2023年报告缺少行政复议未结件数",
    )


@pytest.mark.parametrize(
    ("pending", "verdict", "says"),
    [
        ("29", "PASS", "行政复议未结件数 29 = 13 + 151 − 135 (29)"),
        ("30", "FAIL", "行政复议未结件数 30 ≠ 13 + 151 − 135 (29)"),
        ("16", "UNCERTAIN", "行政复议未结件数 16 ≈ 13 + 151 − 135 (29)"),  # 受理151件,含上年结转13件
    ],
)
def test_stock_balances_within_a_year(tmp_path: Path, pending: str, verdict: str, says: str) -> None:
    text = f"上年结转13件,受理151件,审结135件,未结{pending}件。"
    staged = of_text(
        text,
        ("13件", CARRIED, "13"),
        ("151件", ACCEPTED, "151"),
        ("135件", CONCLUDED, "135"),
        (f"{pending}件", PENDING, pending),
    )
    (row,) = compared(tmp_path, [staged], "balance")
    assert (row["verdict"], row["message_zh"]) == (verdict, says)
    assert len(row["observation_ids"]) == 4


def test_a_balance_without_a_term_is_not_assessable(tmp_path: Path) -> None:
    staged = of_text("受理151件,未结16件。", ("151件", ACCEPTED, "151"), ("16件", PENDING, "16"))
    (row,) = compared(tmp_path, [staged], "balance")
    assert row["message_zh"] == "行政复议未结件数 16:无法核对,缺少行政复议上年结转件数、行政复议审结件数"


def of_list(text: str) -> Staged:
    """Every figure of a text, not coded, in the unit that follows it."""
    made: list[Observation] = []
    for match in re.finditer(r"(\d+)(余?)(件|人次|家|人|%)", text):
        value = match[1]
        nth = text[: match.start()].count(match[0])
        high = str(int(value) + 10) if match[2] else value
        made.append(figure(text, match[0], None, value, nth=nth, high=high, phrase="办理案件"))
    return report(text), text, made


@pytest.mark.parametrize(
    ("text", "verdict", "says"),
    [
        ("办理84件,其中调解20件、维持31件。", "PASS", "84 ≥ 其中各项 20、31"),
        ("办理84件,其中调解90件。", "FAIL", "84 小于其中的 90"),
        ("办理84件;其中,调解90件。", "FAIL", "84 小于其中的 90"),
        ("办理84件,其中调解90余件。", "FAIL", "84 小于其中的 90–100"),
        ("办理84件,其中调解80余件。", "PASS", "84 ≥ 其中各项 80–90"),
        # after a comma something else may begin, and 其中 may speak of two figures
        ("办理84件,其中调解20件,走访95件。", "UNCERTAIN", "84 可能小于其中的 95"),
        ("接访60件,办理84件,其中涉企90件。", "UNCERTAIN", "84 可能小于其中的 90"),
        ("办理84件,其中调解20件(其中涉企5件)、维持64件。", "PASS", "84 ≥ 其中各项 20"),
        ("办理84人,其中调解90件。", None, ""),
        ("办理84件,其中培训90人次。", None, ""),
        ("办结率84%,其中调解90%。", None, ""),
        ("办理1127件,其中民事500件、刑事300件、行政327件。", "PASS", "1127 = 500 + 300 + 327 (1127)"),
        (
            "办理1127件,其中民事500件、刑事300件、行政311件。",
            "UNCERTAIN",
            "1127:其中 500 + 300 + 311 合计 1111,比总数 1127 少 16",
        ),
        (
            "办理1127件,其中民事500件、刑事300件、行政340件。",
            "UNCERTAIN",
            "1127:其中 500 + 300 + 340 合计 1140,比总数 1127 多 13,可能有重叠",
        ),
        ("办理1127件,其中民事500件、刑事300件、行政11件。", "PASS", "1127 ≥ 其中各项 500、300、11"),
        ("办理1127件,其中民事500件、刑事611件。", "PASS", "1127 ≥ 其中各项 500、611"),
        ("走访企业12家、商户8家,共计20家。", "PASS", "20 = 12 + 8 (20)"),
        ("走访企业12家、商户8家,共计21家。", "FAIL", "21 ≠ 12 + 8 (20)"),
        ("走访企业10余家、商户8家,共计25家。", "PASS", "25 ≈ "),
        # a total that takes in more than what is listed
        ("新增企业12家、商户8家,共计150家。", "UNCERTAIN", "150:所列 12 + 8 合计 20,可能并非全部"),
        ("走访企业12家,帮扶商户8家,共计21家。", "UNCERTAIN", "21:所列 12 + 8 合计 20,可能并非全部"),
        ("审查文件35件、合同207件,合计合法性审查410件。", None, ""),
        ("处罚30件,按程序分为简易10件、普通20件。", "PASS", "30 = 10 + 20 (30)"),
        ("处罚31件,按程序分为简易10件、普通20件。", "FAIL", "31 ≠ 10 + 20 (30)"),
        ("处罚31件,主要分为简易10件、普通20件。", "UNCERTAIN", "31:所列 10 + 20 合计 30,可能并非全部"),
        ("审查178件,包括文件13件、合同66件。", None, ""),
    ],
)
def test_parts_in_the_words_of_the_report(tmp_path: Path, text: str, verdict: str | None, says: str) -> None:
    rows = [
        row for row in compared(tmp_path, [of_list(text)], "listed") if "涉企5件" not in text or "84" in row["raw_text"]
    ]
    if "10余家" in text:
        verdict, says = "UNCERTAIN", "25 ≈ 10–20 + 8 (18)"
    assert [row["verdict"] for row in rows] == ([verdict] if verdict else [])
    if verdict:
        assert rows[0]["message_zh"] == f"办理案件 {says}"
        assert rows[0]["sentence"] == text


def test_a_list_is_worded_in_english_too(tmp_path: Path) -> None:
    (row,) = compared(tmp_path, [of_list("办理1127件,其中民事500件、刑事300件、行政311件。")], "listed")
    assert row["message_en"] == ("办理案件 1127: its parts, 500 + 300 + 311, add up to 1111 of 1127, 16 missing")
    assert (row["indicator_code"], len(row["observation_ids"])) == (None, 4)
    assert (float(row["left_value"]), float(row["right_value"]), float(row["difference"])) == (1127, 1111, 16)


def test_coded_and_uncoded_figures_stand_in_one_list(tmp_path: Path) -> None:
    text = "受理行政复议案件84件,其中工伤类90件。"
    staged = of_text(text, ("84件", ACCEPTED, "84"))
    staged = (staged[0], text, [*staged[2], figure(text, "90件", None, "90", phrase="工伤类")])
    (row,) = compared(tmp_path, [staged], "listed")
    assert (row["verdict"], row["message_zh"]) == ("FAIL", "行政复议受理件数 84 小于其中的 90")


def test_marks_of_full_width_part_lists_as_well(tmp_path: Path) -> None:
    wide = str.maketrans(",;()", "\uff0c\uff1b\uff08\uff09")
    text = "办理84件,其中调解20件;走访95件。".translate(wide)
    (row,) = compared(tmp_path, [of_list(text)], "listed")
    assert row["verdict"] == "PASS"


def test_every_comparison_has_an_id_of_its_own(tmp_path: Path) -> None:
    reports = [of_base(ON_ANOTHER_BASE, "14.4%"), city_report(), of_list("办理84件,其中20件,共计20件,其中5件。")]
    with duckdb.connect(warehouse_of(tmp_path, reports), read_only=True) as connection:
        ids = identities.frame(connection)["identity_id"].to_pylist()
    assert len(ids) == len(set(ids))
