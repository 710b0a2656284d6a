"""What is not the year's figure is never taken for it: half years, campaigns, running totals, plans, other days."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warehouse_examples import CITY, COUNTY_A, Staged, figure, report, warehouse_of

from orchestration import pictures
from transforms.observation import PERIODS
from warehouse.audit import audit
from warehouse.build import record_comparisons
from warehouse.query import query

ACCEPTED, CONCLUDED, PENDING = "reconsideration.accepted", "reconsideration.concluded", "reconsideration.pending"
CALLS, LAWYERS = "legal_service.hotline_calls", "legal_service.lawyer_cases"

TEXT = (
    "上半年受理23件,全年受理50件,上年受理44件。2021年以来审结180件。截至6月底未结9件,截至12月底未结7件。"
    "律师办案专项行动中办结12件。2025年热线接听拟达900人次,办案300件以上。"
)


def half_year(text: str = TEXT, region_code: str = CITY) -> Staged:
    """A report on 2024 with a figure of every time one can be told for."""
    figures = [
        figure(text, "23件", ACCEPTED, "23", period="half_year"),
        figure(text, "50件", ACCEPTED, "50"),
        figure(text, "44件", ACCEPTED, "44", role="prior"),
        figure(text, "180件", CONCLUDED, "180", period="cumulative", since_year=2021),
        figure(text, "9件", PENDING, "9", stock_date=date(2024, 6, 30)),
        figure(text, "7件", PENDING, "7", stock_date=date(2024, 12, 31)),
        figure(text, "12件", LAWYERS, "12", period="campaign"),
        figure(text, "900人次", CALLS, "900", role="plan"),
        figure(text, "300件以上", LAWYERS, "300", role="plan", high=None, figure_year=2030),
    ]
    return report(text, region_code), text, figures


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(warehouse, sql).rows


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    before = "受理44件,审结30件。"
    figures = [figure(before, "44件", ACCEPTED, "44"), figure(before, "30件", CONCLUDED, "30")]
    folder = tmp_path_factory.mktemp("periods")
    made = warehouse_of(folder, [half_year(), (report(before, year=2023), before, figures)])
    record_comparisons(made)
    return made


def test_what_stands_is_shown_with_its_time(warehouse: Path) -> None:
    sql = "SELECT raw_text, figure_year, period, since_year, stock_date FROM observations WHERE year = 2024"
    assert rows(warehouse, f"{sql} ORDER BY start_offset") == [
        ("23件", 2024, "half_year", None, None),
        ("50件", 2024, "year", None, None),
        ("180件", 2024, "cumulative", 2021, None),
        ("9件", 2024, "year", None, date(2024, 6, 30)),
        ("7件", 2024, "year", None, date(2024, 12, 31)),
        ("12件", 2024, "campaign", None, None),
    ]
    sql = "SELECT raw_text, figure_year, value_high FROM observations_all WHERE year = 2024 AND role <> 'actual'"
    assert rows(warehouse, f"{sql} ORDER BY start_offset") == [
        ("44件", 2023, 44),
        ("900人次", 2025, 900),
        ("300件以上", 2030, None),
    ]


@pytest.mark.parametrize("view", ["latest", "latest_or_suspect", "year_on_year", "region_compare"])
def test_only_the_years_own_figures_stand_for_it(warehouse: Path, view: str) -> None:
    sql = f"SELECT indicator_code, value::INT FROM {view} WHERE year = 2024 ORDER BY 1"  # noqa: S608
    assert rows(warehouse, sql) == [(ACCEPTED, 50), (PENDING, 7)]


def test_so_it_is_in_the_panel_and_in_what_is_exchanged(warehouse: Path) -> None:
    columns = "reconsideration_accepted::INT, reconsideration_concluded::INT, reconsideration_pending::INT"
    panel = f"SELECT year, {columns}, legal_service_lawyer_cases FROM observations_wide ORDER BY 1"  # noqa: S608
    assert rows(warehouse, panel) == [(2023, 44, 30, None, None), (2024, 50, None, 7, None)]
    sql = "SELECT INDICATOR, SINCE, OBS_VALUE::INT FROM sdmx_observations WHERE TIME_PERIOD = '2024' ORDER BY 1"
    assert rows(warehouse, sql) == [(ACCEPTED, "_Z", 50), (PENDING, "_Z", 7)]
    sql = "SELECT value::INT, prior_value::INT FROM year_on_year WHERE year = 2024 ORDER BY 1"
    assert rows(warehouse, sql) == [(7, None), (50, 44)]
    assert "svg" in pictures.trends(warehouse)


def test_a_gap_says_that_there_is_a_figure_of_another_time_only(warehouse: Path) -> None:
    sql = (
        f"SELECT indicator_code, state, reason_zh FROM indicator_coverage WHERE region_code = '{CITY}' AND year = 2024"  # noqa: S608
    )
    found = {code: (state, reason) for code, state, reason in rows(warehouse, sql)}
    assert {code: state for code, (state, _) in found.items() if state != "not_mentioned"} == {
        ACCEPTED: "observed",
        PENDING: "observed",
        CONCLUDED: "other_period",
        LAWYERS: "other_period",
        CALLS: "other_role",
    }
    assert found[CONCLUDED][1] == "只有半年、若干月、专项行动、累计等非全年数值"


def test_years_that_figures_only_speak_of_are_there_and_no_gaps_of_the_reports(warehouse: Path) -> None:
    sql = "SELECT year_key, reported, five_year_plan_zh FROM dim_year ORDER BY 1"
    assert rows(warehouse, sql) == [
        (2023, True, "十四五"),
        (2024, True, "十四五"),
        (2025, False, "十四五"),
        (2030, False, "十五五"),
    ]
    for view in ("coverage", "indicator_coverage", "observations_wide"):
        sql = f"SELECT DISTINCT year FROM {view} ORDER BY 1"  # noqa: S608
        assert rows(warehouse, sql) == [(2023,), (2024,)], view
    checked = {one.expectation_id: one for one in audit(warehouse, only=["year_resolves", "figure_year_resolves"])}
    assert all(one.success and one.checked for one in checked.values())


@pytest.mark.parametrize(
    ("other", "stands"),
    [
        *(({"period": period}, period == "year") for period in PERIODS),
        ({"since_year": 2021}, False),
        ({"period": "cumulative", "since_year": 2021}, False),
        ({"figure_year": 2023}, False),
        ({"figure_year": 2025}, False),
        ({"stock_date": date(2024, 3, 31)}, False),
        ({"stock_date": date(2024, 11, 30)}, True),
        ({"stock_date": date(2023, 12, 31)}, False),
        ({"scope": "own_level"}, True),
    ],
)
def test_a_figure_stands_for_the_year_only_where_it_speaks_of_all_of_it(
    tmp_path: Path, other: dict[str, Any], stands: bool
) -> None:
    text = "受理50件。"
    made = warehouse_of(tmp_path, [(report(text), text, [figure(text, "50件", ACCEPTED, "50", **other)])])
    assert rows(made, "SELECT count(*) FROM observations") == [(1,)]
    for view in ("latest", "sdmx_observations", "year_on_year"):
        assert rows(made, f"SELECT count(*) FROM {view}") == [(int(stands),)], view  # noqa: S608
    state = f"SELECT state FROM indicator_coverage WHERE region_code = '{CITY}' AND indicator_code = '{ACCEPTED}'"  # noqa: S608
    assert rows(made, state) == [("observed" if stands else "other_period",)]


def test_of_a_stock_the_last_day_is_the_years(tmp_path: Path) -> None:
    text = "截至10月底未结9件,截至11月底未结8件,年末未结7件。"
    days = {"9件": date(2024, 10, 31), "8件": date(2024, 11, 30), "7件": None}

    def latest(*quotes: str) -> list[tuple[Any, ...]]:
        figures = [figure(text, quote, PENDING, quote[0], stock_date=days[quote]) for quote in quotes]
        made = warehouse_of(tmp_path / "".join(quotes), [(report(text), text, figures)])
        return rows(made, "SELECT raw_text, others FROM latest")

    assert latest("9件", "8件", "7件") == [("7件", 2)]
    assert latest("9件", "8件") == [("8件", 1)]


def test_a_city_is_compared_with_its_counties_over_the_same_time(tmp_path: Path) -> None:
    text, county = "受理50件。", "上半年受理80件,全年受理40件。"
    figures = [
        figure(county, "80件", ACCEPTED, "80", period="half_year"),
        figure(county, "40件", ACCEPTED, "40"),
    ]
    city = report(text), text, [figure(text, "50件", ACCEPTED, "50")]
    made = warehouse_of(tmp_path, [city, (report(county, COUNTY_A), county, figures)])
    record_comparisons(made)
    sql = "SELECT left_value::INT, right_value::INT, period, figure_year FROM identity_check WHERE kind = 'region_sum'"
    assert rows(made, sql) == [(50, 40, "year", 2024)]
    assert rows(made, "SELECT value::INT FROM region_compare WHERE level = 'county'") == [(40,)]


def test_figures_of_different_times_are_not_held_against_one_another(tmp_path: Path) -> None:
    text = "上半年受理23件,全年审结48件,2023年受理40件。"

    def verdicts(**times: dict[str, Any]) -> list[str]:
        figures = [
            figure(text, "23件", ACCEPTED, "23", **times.get("accepted", {})),
            figure(text, "48件", CONCLUDED, "48", **times.get("concluded", {})),
        ]
        made = warehouse_of(tmp_path / str(len(list(tmp_path.iterdir()))), [(report(text), text, figures)])
        record_comparisons(made)
        return [verdict for (verdict,) in rows(made, "SELECT verdict FROM identity_check WHERE kind = 'part_of'")]

    assert verdicts() == ["FAIL"]
    assert verdicts(accepted={"period": "half_year"}) == ["NOT_ASSESSABLE"]
    assert verdicts(accepted={"figure_year": 2023}) == ["NOT_ASSESSABLE"]
    assert verdicts(accepted={"period": "half_year"}, concluded={"period": "half_year"}) == ["FAIL"]


# No upper bound


@pytest.mark.parametrize(
    ("accepted", "concluded", "verdict", "says"),
    [
        (("300件以上", None), ("280件", "280"), "PASS", "280 ≤ 行政复议受理件数 ≥300"),
        (("300件以上", None), ("320件", "320"), "UNCERTAIN", "320 可能超过总数:行政复议受理件数 ≥300"),
        (("300件", "300"), ("280件以上", None), "UNCERTAIN", "≥280 可能超过总数:行政复议受理件数 300"),
        (("300件", "300"), ("320件以上", None), "FAIL", "≥320 超过总数:行政复议受理件数 300"),
    ],
)
def test_an_open_top_is_no_bound(
    tmp_path: Path, accepted: tuple[str, str | None], concluded: tuple[str, str | None], verdict: str, says: str
) -> None:
    text = f"受理{accepted[0]},审结{concluded[0]}。"
    figures = [
        figure(text, accepted[0], ACCEPTED, "300", high=accepted[1]),
        figure(text, concluded[0], CONCLUDED, concluded[0][:3], high=concluded[1]),
    ]
    made = warehouse_of(tmp_path, [(report(text), text, figures)])
    record_comparisons(made)
    sql = "SELECT verdict, message_zh FROM identity_check WHERE kind = 'part_of'"
    assert rows(made, sql) == [(verdict, f"行政复议审结件数 {says}")]


def test_a_rate_with_an_open_top_ends_at_a_hundred(tmp_path: Path) -> None:
    text = "一审案件100件,败诉95件,败诉率不低于93.4%。"
    figures = [
        figure(text, "100件", "litigation.after_reconsideration", "100"),
        figure(text, "95件", "litigation.lost", "95"),
        figure(text, "93.4%", "litigation.loss_rate", "93.4", high=None),
    ]
    made = warehouse_of(tmp_path, [(report(text), text, figures)])
    record_comparisons(made)
    sql = "SELECT verdict, message_zh FROM identity_check WHERE kind = 'rate'"
    assert rows(made, sql) == [("PASS", "败诉率 93.4–100% = 95 / 100 (95%)")]


def test_sums_with_an_open_term_stay_open(tmp_path: Path) -> None:
    text = "处罚30件,简易程序10件以上,普通程序15件。"
    figures = [
        figure(text, "30件", "enforcement.penalty_cases", "30"),
        figure(text, "10件以上", "enforcement.cases_summary", "10", high=None),
        figure(text, "15件", "enforcement.cases_ordinary", "15"),
    ]
    made = warehouse_of(tmp_path, [(report(text), text, figures)])
    record_comparisons(made)
    sql = "SELECT verdict, message_zh FROM identity_check WHERE kind = 'sum_of'"
    assert rows(made, sql) == [("UNCERTAIN", "行政处罚案件数 30 ≈ ≥10 + 15 (25)")]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [("增长80%", "uncertain"), ("增长20%", "differs"), ("增长80%以上", "uncertain"), ("增长20%以上", "agrees")],
)
def test_a_stated_change_is_not_judged_beyond_what_an_open_top_allows(
    tmp_path: Path, change: str, verdict: str
) -> None:
    text, before = f"受理300件以上,较上年{change}。", "受理200件。"
    quote = change[2:]
    figures = [
        figure(text, "300件以上", ACCEPTED, "300", high=None),
        figure(
            text,
            quote,
            ACCEPTED,
            quote[:2],
            role="change",
            direction="up",
            high=None if quote.endswith("以上") else quote[:2],
        ),
    ]
    then = report(before, year=2023), before, [figure(before, "200件", ACCEPTED, "200")]
    made = warehouse_of(tmp_path, [(report(text), text, figures), then])
    record_comparisons(made)
    assert rows(made, "SELECT verdict FROM year_on_year WHERE year = 2024") == [(verdict,)]
    expected = {"uncertain": "UNCERTAIN", "differs": "FAIL", "agrees": "PASS"}[verdict]
    assert rows(made, "SELECT verdict FROM identity_check WHERE kind = 'change'") == [(expected,)]


def test_an_open_top_twice_in_a_report_is_told_in_words(tmp_path: Path) -> None:
    text = "受理300件以上。受理300件以上。"
    figures = [
        figure(text, "300件以上", ACCEPTED, "300", high=None),
        figure(text, "300件以上", ACCEPTED, "300", high=None, nth=1, status="duplicate"),
    ]
    made = warehouse_of(tmp_path, [(report(text), text, figures)])
    record_comparisons(made)
    sql = "SELECT message_en FROM identity_check WHERE kind = 'same_figure'"
    assert rows(made, sql) == [("Reconsideration cases accepted ≥300 (300件以上) stands more than once",)]
