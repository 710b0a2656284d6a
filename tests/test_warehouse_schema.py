"""What an analyst sees: every table, view and column explained, views that read without joins, gaps with reasons."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    COUNTY_C,
    Held,
    city_report,
    county_report,
    figure,
    report,
    warehouse_of,
)

from warehouse.plans import PlanError, plan_of, plans
from warehouse.query import query

CHINESE_IN_BRACKETS = re.compile(r"\([^()]*[一-鿿][^()]*\)$")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = "热线呼入1.8余人次,目标15%,走访77人。"
    figures = [
        figure(
            text,
            "1.8余人次",
            "legal_service.hotline_calls",
            "1.8",
            high="1.9",
            status="suspect",
            status_reason="not a whole number",
        ),
        figure(text, "15%", "litigation.loss_rate", "15", role="target"),
        figure(text, "77人", None, "77", phrase="走访"),
    ]
    sample = (report(text, COUNTY_A, synthetic=True), text, figures)
    empty = (report("没有数字。", COUNTY_B, 2022), "没有数字。", [])
    held = [
        Held("1" * 64, region_code=COUNTY_C, report_year=2023),
        Held("2" * 64, region_code=COUNTY_C, report_year=2023, reason="unreadable"),
        Held("3" * 64, region_code=CITY, report_year=2024, reason="too_large"),
        Held("4" * 64, region_code=CITY, report_year=1999, reason="year_not_configured"),
    ]
    return warehouse_of(tmp_path_factory.mktemp("schema"), [city_report(), sample, empty], held)


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(warehouse, sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal",
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal",
        "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal",
    ],
    ids=["tables", "views", "columns", "macros"],
)
def test_everything_is_explained_in_english_with_the_chinese_term(warehouse: Path, sql: str) -> None:
    found = rows(warehouse, sql)
    assert len(found) >= 4
    assert [name for name, comment in found if not comment or not CHINESE_IN_BRACKETS.search(comment)] == []


def test_the_fact_has_no_foreign_keys_and_every_dimension_a_primary_key(warehouse: Path) -> None:
    found = rows(warehouse, "SELECT table_name, constraint_type FROM duckdb_constraints()")
    keyed = {table for table, constraint in found if constraint == "PRIMARY KEY"}
    assert keyed >= {"dim_indicator", "dim_unit", "dim_year", "dim_region", "dim_publisher", "dim_report"}
    assert not any(constraint == "FOREIGN KEY" for _, constraint in found)


def test_coded_and_uncoded_figures_have_the_same_columns(warehouse: Path) -> None:
    sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{}' ORDER BY column_index"
    fact, unmapped = (rows(warehouse, sql.format(table)) for table in ("fact_observation", "unmapped_observation"))
    assert fact == unmapped
    assert ("value", "DECIMAL(24,6)") in fact


def test_observations_read_without_a_join(warehouse: Path) -> None:
    answer = query(warehouse, "SELECT * FROM observations WHERE raw_text = '11件'")
    row = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert row == row | {
        "region_code": "430500",
        "region": "邵阳市",
        "year": 2024,
        "indicator_code": "litigation.lost",
        "indicator_zh": "败诉案件数",
        "indicator_en": "Suits lost",
        "unit": "件",
        "sentence": "一审案件152件,败诉11件,败诉率7.2%。",
        "publisher": "邵阳市司法局",
        "report_title": "2024年度法治政府建设情况报告",
        "url": "inbox/430500/2024.txt",
        "published": date(2025, 1, 16),
        "synthetic": False,
    }
    assert row["end_offset"] - row["start_offset"] == len("11件")


def test_observations_are_current_actual_and_coded_only(warehouse: Path) -> None:
    shown = {quote for (quote,) in rows(warehouse, "SELECT raw_text FROM observations")}
    everything = {quote for (quote,) in rows(warehouse, "SELECT raw_text FROM observations_all")}
    assert everything - shown == {"1.8余人次", "15%", "77人"}


@pytest.mark.parametrize(
    ("status", "shown"),
    [("current", 1), ("corrected", 1), ("duplicate", 0), ("superseded", 0), ("conflict", 0), ("suspect", 0)],
)
def test_the_default_view_chooses_by_status(tmp_path: Path, status: str, shown: int) -> None:
    text = "受理5件。"
    one = figure(text, "5件", "reconsideration.accepted", "5", status=status)
    candidate = warehouse_of(tmp_path, [(report(text), text, [one])])
    assert rows(candidate, "SELECT count(*) FROM observations") == [(shown,)]
    assert rows(candidate, "SELECT status FROM observations_all") == [(status,)]


def test_suspect_figures_come_with_reason_and_sentence(warehouse: Path) -> None:
    sql = "SELECT region, raw_text, status_reason, sentence, synthetic FROM suspect_observations"
    assert rows(warehouse, sql) == [
        ("双清区", "1.8余人次", "not a whole number", "热线呼入1.8余人次,目标15%,走访77人。", True)
    ]


def test_coverage_gives_every_gap_a_reason(warehouse: Path) -> None:
    states = {
        (code, year): state for code, year, state in rows(warehouse, "SELECT region_code, year, state FROM coverage")
    }
    years = {year for _, year in states}
    assert years == {2022, 2023, 2024}
    assert len(states) == 4 * len(years)
    there = {cell: state for cell, state in states.items() if state != "not_published"}
    assert there == {
        (CITY, 2024): "observed",
        (COUNTY_A, 2024): "observed",
        (COUNTY_B, 2022): "no_number",
        (COUNTY_C, 2023): "quarantined",
    }


@pytest.mark.parametrize(
    ("region", "year", "counts", "zh", "en"),
    [
        (COUNTY_A, 2024, (1, 3, 2, 0), "1份报告,3个数值,其中2个已编码", "reports: 1, figures: 3, of them coded: 2"),
        (COUNTY_B, 2022, (1, 0, 0, 0), "有1份报告,但未读出数值", "reports: 1, but no figure was found in them"),
        (
            COUNTY_C,
            2023,
            (0, 0, 0, 2),
            "2份文件被隔离:无法读取、空文件",
            "documents quarantined: 2 (empty, unreadable)",
        ),
        (COUNTY_C, 2024, (0, 0, 0, 0), "未见发布", "no report was found"),
        (
            CITY,
            2024,
            (1, 8, 8, 1),
            "1份报告,8个数值,其中8个已编码;另有1份文件被隔离:文件过大",
            "reports: 1, figures: 8, of them coded: 8; documents quarantined besides: 1 (too_large)",
        ),
    ],
)
def test_coverage_says_in_words_what_there_is(
    warehouse: Path, region: str, year: int, counts: tuple[int, ...], zh: str, en: str
) -> None:
    sql = "SELECT reports, figures, coded_figures, quarantined, reason_zh, reason_en FROM coverage"
    assert rows(warehouse, f"{sql} WHERE region_code = '{region}' AND year = {year}") == [(*counts, zh, en)]


def test_a_code_out_of_force_is_no_gap(tmp_path: Path) -> None:
    # 邵东县 430521 was valid to 2018
    staged = [county_report(COUNTY_A, "5", 2017), county_report(COUNTY_A, "5", 2019)]
    from warehouse_examples import build_small, stage_all

    stage_all(tmp_path / "staging", staged)
    build_small(tmp_path / "staging", tmp_path / "w.duckdb", regions=["430521", COUNTY_A])
    sql = "SELECT year FROM coverage WHERE region_code = '430521' ORDER BY year"
    assert rows(tmp_path / "w.duckdb", sql) == [(2017,), (2018,)]


@pytest.mark.parametrize(
    ("kind", "year", "name"),
    [
        ("law_publicity_plan", 2015, "六五普法"),
        ("law_publicity_plan", 2016, "七五普法"),
        ("law_publicity_plan", 2025, "八五普法"),
        ("five_year_plan", 2020, "十三五"),
        ("five_year_plan", 2024, "十四五"),
        ("five_year_plan", 2026, "十五五"),
        ("five_year_plan", 1950, None),
    ],
)
def test_a_year_belongs_to_its_plans(kind: str, year: int, name: str | None) -> None:
    plan = plan_of(kind, year)
    assert (plan.name_zh if plan else None) == name


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("five_year_plan,十四五,14th,2021,soon", r"plans\.csv:2: expected kind,name_zh"),
        ("ten_year_plan,长期,Long,2021,2030", r"plans\.csv:2: expected one of"),
        ("five_year_plan,十四五,14th,2025,2021", r"plans\.csv:2: .*years in order"),
        ("five_year_plan,甲,A,2021,2025\nfive_year_plan,乙,B,2025,2030", r"plans\.csv:3: 2025 .* line 2"),
    ],
)
def test_a_mistake_in_the_plans_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "plans.csv"
    path.write_text(f"kind,name_zh,name_en,first_year,last_year\n{line}\n", encoding="utf-8")
    with pytest.raises(PlanError, match=says):
        plans(path)
