"""Whether reports come, and when: a regular reporter is missed, a late one named, a stale warehouse noticed."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    GAZETTEER,
    REGIONS,
    Held,
    Staged,
    county_report,
    report,
    warehouse_of,
)

from sources.regions import Region
from warehouse.statements import statements

Row = dict[str, Any]


def reporting(folder: Path, reports: list[Staged], *held: Held, today: str = "2025-11-28", **other: Any) -> list[Row]:
    clock = datetime.fromisoformat(today).replace(tzinfo=UTC)
    warehouse = warehouse_of(folder, reports, held, clock=lambda: clock, **other)
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(statements("reporting.sql")["reporting"]).to_arrow_table().to_pylist()


def of(rows: list[Row], region_code: str, year: int) -> Row:
    (row,) = [row for row in rows if row["partition"] == f"{region_code}|{year}"]
    return row


def missing(rows: list[Row]) -> list[str]:
    return [row["partition"] for row in rows if row["missing_though_regular"]]


def warehouse_row(rows: list[Row]) -> Row:
    (row,) = [row for row in rows if row["about"] == "warehouse"]
    assert (row["partition"], row["region_code"]) == (None, None)
    return row


def years(region_code: str, *reported: int) -> list[Staged]:
    return [county_report(region_code, str(year), year) for year in reported]


def published(year: int, day: date | None) -> Staged:
    text = f"{year}年没有数字。"
    return report(text, COUNTY_A, year, published=day), text, []


def test_a_region_that_reported_two_years_on_end_is_missed(tmp_path: Path) -> None:
    rows = reporting(tmp_path, [*years(COUNTY_A, 2022, 2023), *years(COUNTY_B, 2022, 2023, 2024)])
    assert missing(rows) == [f"{COUNTY_A}|2024"]
    row = of(rows, COUNTY_A, 2024)
    assert (row["reported_before"], row["others_reported"], row["due_on"], row["overdue"]) == (
        2,
        1,
        date(2025, 4, 1),
        True,
    )
    assert row["message_zh"] == (
        "双清区 2024年报告应于2025-04-01前公布,至今未见;该地区2022–2023年均有报告,2024年另有1个地区已报告"
    )
    assert row["message_en"] == (
        "Shuangqing 2024: no report, which was due before 2025-04-01; it reported from 2022 to 2023, and for 2024 "
        "there are reports of other regions: 1"
    )


def test_a_blank_cell_is_no_fault_in_itself(tmp_path: Path) -> None:
    # one year before, a gap between, or never: nothing to be expected
    rows = reporting(tmp_path, [*years(COUNTY_A, 2021, 2023), *years(COUNTY_B, 2021, 2022, 2023, 2024)])
    assert missing(rows) == []
    assert of(rows, COUNTY_A, 2024)["reported_before"] == 1
    assert (of(rows, CITY, 2024)["state"], of(rows, CITY, 2024)["reports"]) == ("not_found", 0)


def test_before_the_first_of_april_nobody_is_missed(tmp_path: Path) -> None:
    reports = [*years(COUNTY_A, 2022, 2023), *years(COUNTY_B, 2022, 2023, 2024)]
    assert missing(reporting(tmp_path / "before", reports, today="2025-03-31")) == []
    assert missing(reporting(tmp_path / "on", reports, today="2025-04-01")) == [f"{COUNTY_A}|2024"]


def test_what_is_in_quarantine_has_come(tmp_path: Path) -> None:
    held = Held(region_code=COUNTY_A, report_year=2024, reason="unreadable")
    rows = reporting(tmp_path, [*years(COUNTY_A, 2022, 2023), *years(COUNTY_B, 2022, 2023, 2024)], held)
    assert missing(rows) == []
    assert of(rows, COUNTY_A, 2024)["state"] == "quarantined"


def test_a_place_is_followed_across_a_change_of_its_code(tmp_path: Path) -> None:
    before, since = "430521", "430582"
    gazetteer = GAZETTEER | {since: Region(since, "邵东市", "Shaodong", "county", CITY, 2019, None)}
    reports = [*years(before, 2017, 2018), *years(COUNTY_B, 2017, 2018, 2019)]
    rows = reporting(tmp_path, reports, gazetteer=gazetteer, regions=(*REGIONS, before, since))
    assert missing(rows) == [f"{since}|2019"]


def test_a_report_is_late_from_the_first_of_april(tmp_path: Path) -> None:
    dated = [
        published(2021, date(2022, 3, 31)),
        published(2022, date(2023, 4, 1)),
        published(2023, None),  # not known, so not late
        published(2018, date(2019, 12, 1)),  # before there was a day for it
    ]
    rows = reporting(tmp_path, dated)
    assert [row["year"] for row in rows if row["published_late"]] == [2022]
    assert of(rows, COUNTY_A, 2022)["message_zh"] == "双清区 2022年报告最早于2023-04-01公布,应于2023-04-01前公布"


def test_of_several_reports_the_first_one_counts(tmp_path: Path) -> None:
    again = report("更正。", COUNTY_A, 2022, published=date(2023, 9, 1)), "更正。", []
    rows = reporting(tmp_path, [published(2022, date(2023, 2, 1)), again])
    row = of(rows, COUNTY_A, 2022)
    assert (row["reports"], row["first_published"], row["published_late"]) == (2, date(2023, 2, 1), False)


def test_a_report_from_before_its_year_had_ended_has_its_year_read_wrongly(tmp_path: Path) -> None:
    rows = reporting(tmp_path, [published(2023, date(2023, 3, 1)), published(2022, date(2022, 12, 30))])
    assert [row["year"] for row in rows if row["published_before_year_end"]] == [2023]
    assert of(rows, COUNTY_A, 2023)["message_zh"] == "双清区 2023年报告发布于2023-03-01,当年尚未结束,年度可能识别有误"


def test_a_warehouse_that_nothing_comes_to_any_more_says_so(tmp_path: Path) -> None:
    row = warehouse_row(reporting(tmp_path, years(COUNTY_A, 2022, 2023, 2024), today="2026-11-28"))
    assert (row["nothing_new"], row["year"], row["reported_before"]) == (True, 2025, 3)
    assert row["message_zh"] == "2025年报告应于2026-04-01前公布,各地区均未见;2022–2024年每年均有报告"
    assert row["message_en"] == (
        "no report of 2025 from any region, due before 2026-04-01; there are reports of every year from 2022 to 2024"
    )


def test_a_warehouse_that_is_up_to_date_or_holds_one_year_is_not_stale(tmp_path: Path) -> None:
    three = years(COUNTY_A, 2022, 2023, 2024)
    assert not warehouse_row(reporting(tmp_path / "due", three, today="2026-03-31"))["nothing_new"]
    assert not warehouse_row(reporting(tmp_path / "one", years(COUNTY_A, 2024), today="2026-11-28"))["nothing_new"]
    held = Held(region_code=COUNTY_A, report_year=2025, reason="year_not_configured")
    assert not warehouse_row(reporting(tmp_path / "held", three, held, today="2026-11-28"))["nothing_new"]
    empty = warehouse_row(reporting(tmp_path / "empty", [], today="2026-11-28"))
    assert (empty["nothing_new"], empty["reported_before"]) == (False, 0)


def test_what_decides_is_true_or_false_in_every_row(tmp_path: Path) -> None:
    decided = ("missing_though_regular", "published_late", "published_before_year_end", "nothing_new")
    for row in reporting(tmp_path, [*years(COUNTY_A, 2022), published(2023, None)]):
        assert all(isinstance(row[column], bool) for column in decided)
