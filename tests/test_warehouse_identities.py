"""Figures that must agree: rounding as printed is tolerated, open words stay uncertain, faults are named."""

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
    staged = of_text(text, (f"{cases}件", AFTER, cases), (f"{lost}件", LOST, lost), (rate, RATE, rate.rstrip("%")))
    (row,) = compared(tmp_path, [staged], "rate")
    assert (row["verdict"], row["message_zh"]) == (verdict, says)
    assert row["sentence"] == text


@pytest.mark.parametrize(
    ("quote", "value", "slack"),
    [
        ("7.2%", "7.2", 0.05),
        ("7.2%", "7.2", 0.05),
        ("百分之七点二", "7.2", 0.05),
        ("百分之七", "7", 0.5),
        ("7.20%", "7.2", 0.005),
    ],
)
def test_the_tolerance_is_half_a_unit_of_the_last_digit_printed(
    tmp_path: Path, quote: str, value: str, slack: float
) -> None:
    text = f"一审案件152件,败诉11件,败诉率{quote}。"
    staged = of_text(text, ("152件", AFTER, "152"), ("11件", LOST, "11"), (quote, RATE, value))
    (row,) = compared(tmp_path, [staged], "rate")
    assert float(row["tolerance"]) == slack


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
        ("99件", {COUNTY_A: "50", COUNTY_B: "50"}, "FAIL", "3个中2个已报告"),
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
