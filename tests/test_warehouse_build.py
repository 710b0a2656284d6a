"""Building a candidate: what is loaded, in which unit, that it is the same each time, and that it stays beside."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    Held,
    build_small,
    city_report,
    clean_reports,
    county_report,
    figure,
    record,
    report,
    stage_all,
    warehouse_of,
)

from warehouse.audit import audit
from warehouse.build import BuildError
from warehouse.content import content_hashes
from warehouse.query import query
from warehouse.staging import StagingError, partition_file, stage, staged_partitions


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(path, sql).rows


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    stage_all(tmp_path / "staging", clean_reports())
    return tmp_path / "staging"


def test_building_twice_gives_the_same_content(tmp_path: Path, staging: Path) -> None:
    held = [Held("b" * 64, reason="unreadable"), Held("a" * 64)]
    hashes = []
    for name, quarantine in (("one", held), ("two", held[::-1])):
        build_small(staging, tmp_path / name, quarantine)
        record(tmp_path / name, audit(tmp_path / name))
        hashes.append(content_hashes(tmp_path / name))
    assert hashes[0] == hashes[1]
    assert {"fact_observation", "dim_report", "quality_result", "identity_check"} <= set(hashes[0])


def test_a_changed_figure_changes_the_hashes_of_the_fact_and_of_what_it_came_from_alone(tmp_path: Path) -> None:
    one, other = city_report(), city_report()
    other = (other[0], other[1], [replace(other[2][0], phrase="受理"), *other[2][1:]])
    hashes = []
    for name, staged in (("one", one), ("two", other)):
        hashes.append(content_hashes(warehouse_of(tmp_path / name, [staged])))
    changed = [table for table in hashes[0] if hashes[0][table] != hashes[1][table]]
    assert changed == ["fact_observation", "release", "staged_partition"]


def test_the_summary_counts_what_went_in(staging: Path, tmp_path: Path) -> None:
    summary = build_small(staging, tmp_path / "w.duckdb", [Held(), Held("e" * 64, reason=None)])
    assert (summary.partitions, summary.reports, summary.quarantined) == (4, 4, 1)
    assert summary.observations == len(rows(tmp_path / "w.duckdb", "SELECT 1 FROM observations"))


def test_nothing_staged_still_makes_a_warehouse(tmp_path: Path) -> None:
    build_small(tmp_path / "staging", tmp_path / "w.duckdb")
    assert rows(tmp_path / "w.duckdb", "SELECT count(*) FROM observations") == [(0,)]
    assert rows(tmp_path / "w.duckdb", "SELECT * FROM coverage") == []


def test_units_follow_the_indicator_but_a_change_keeps_its_own(tmp_path: Path) -> None:
    text = "热线接听1000宗,同比增长12.3%,走访5车次,目标15%。"
    figures = [
        figure(text, "1000宗", "legal_service.hotline_calls", "1000"),
        figure(text, "12.3%", "legal_service.hotline_calls", "12.3", role="change", direction="up"),
        figure(text, "5车次", None, "5"),
        figure(text, "15%", "litigation.loss_rate", "15", role="target"),
    ]
    candidate = warehouse_of(tmp_path, [(report(text), text, figures)])
    assert rows(candidate, "SELECT role, raw_unit, unit FROM observations_all ORDER BY start_offset") == [
        ("actual", "宗", "人次"),
        ("change", "%", "%"),
        ("actual", "车次", "车次"),
        ("target", "%", "%"),
    ]
    assert rows(candidate, "SELECT unit, kind, whole FROM dim_unit WHERE unit = '车次'") == [("车次", "unknown", None)]


def test_figures_without_a_code_are_kept_apart_with_their_phrase(tmp_path: Path) -> None:
    text = "全市受理行政复议案件1362件,走访群众77人。"
    figures = [
        figure(text, "1362件", "reconsideration.accepted", "1362"),
        figure(text, "77人", None, "77", phrase="走访群众"),
    ]
    candidate = warehouse_of(tmp_path, [(report(text), text, figures)])
    assert rows(candidate, "SELECT raw_text FROM fact_observation") == [("1362件",)]
    assert rows(candidate, "SELECT raw_text, phrase, indicator_key, sentence FROM unmapped_observation") == [
        ("77人", "走访群众", None, text)
    ]


def test_a_code_the_lexicon_lost_stays_in_the_fact_to_be_noticed(tmp_path: Path) -> None:
    text = "全市受理行政复议案件1362件。"
    candidate = warehouse_of(tmp_path, [(report(text), text, [figure(text, "1362件", "gone.code", "1362")])])
    assert rows(candidate, "SELECT indicator_key FROM fact_observation") == [(None,)]
    assert rows(candidate, "SELECT count(*) FROM unmapped_observation") == [(0,)]


def test_vintages_number_the_versions_of_a_report_one_without_a_date_first(tmp_path: Path) -> None:
    texts = ["首次发布1件。", "重新发布2件。", "未注明日期3件。", "他局发布4件。", "另一份报告5件。"]
    reports = [
        (report(texts[0], published=date(2025, 1, 16)), texts[0], []),
        (report(texts[1], title="2024年度法治政府建设情况报告(更正)", published=date(2025, 3, 1)), texts[1], []),
        (report(texts[2], published=None), texts[2], []),
        (report(texts[3], publisher="邵阳市人民政府"), texts[3], []),
        (report(texts[4], title="白皮书", published=date(2025, 2, 1)), texts[4], []),
    ]
    candidate = warehouse_of(tmp_path, reports)
    sql = (
        "SELECT publisher, series, vintage, published FROM dim_report JOIN dim_publisher USING (publisher_key) "
        "ORDER BY ALL"
    )
    annual = "2024年度法治政府建设情况报告"
    assert rows(candidate, sql) == [
        ("邵阳市人民政府", annual, 1, date(2025, 1, 16)),
        ("邵阳市司法局", annual, 1, None),
        ("邵阳市司法局", annual, 2, date(2025, 1, 16)),
        ("邵阳市司法局", annual, 3, date(2025, 3, 1)),
        ("邵阳市司法局", "白皮书", 1, date(2025, 2, 1)),
    ]


def test_years_have_no_gap_and_know_their_plans(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, [county_report(COUNTY_A, "5", 2020), county_report(COUNTY_A, "6", 2022)])
    assert rows(
        candidate, "SELECT year_key, first_day, last_day, five_year_plan_zh, law_publicity_plan_zh FROM dim_year"
    ) == [
        (2020, date(2020, 1, 1), date(2020, 12, 31), "十三五", "七五普法"),
        (2021, date(2021, 1, 1), date(2021, 12, 31), "十四五", "八五普法"),
        (2022, date(2022, 1, 1), date(2022, 12, 31), "十四五", "八五普法"),
    ]


def test_every_region_is_there_and_says_whether_it_is_covered(tmp_path: Path) -> None:
    text = "长沙市受理行政复议案件8件。"
    elsewhere = figure(text, "8件", "reconsideration.accepted", "8", region_code="430100")
    stage_all(tmp_path / "staging", [(report(text, COUNTY_A), text, [elsewhere])])
    build_small(tmp_path / "staging", tmp_path / "w.duckdb", regions=[CITY])
    assert rows(tmp_path / "w.duckdb", "SELECT region_code, configured FROM dim_region ORDER BY 1") == [
        ("430000", False),
        ("430100", False),
        ("430500", True),
        ("430502", False),
        ("430503", False),
        ("430511", False),
        ("430521", False),
    ]
    assert rows(tmp_path / "w.duckdb", "SELECT region FROM observations") == [("长沙市",)]


def test_an_unknown_region_in_the_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="999999"):
        build_small(tmp_path / "staging", tmp_path / "w.duckdb", regions=["999999"])


def test_a_report_staged_in_two_partitions_is_refused_by_name(tmp_path: Path) -> None:
    text = "受理5件。"
    one = report(text, COUNTY_A)
    stage_all(tmp_path / "staging", [(one, text, []), (replace(one, region_code=COUNTY_B), text, [])])
    with pytest.raises(BuildError, match=r"430502\|2024, 430503\|2024"):
        build_small(tmp_path / "staging", tmp_path / "w.duckdb")


def test_the_candidate_is_closed_and_nothing_else_is_left(staging: Path, tmp_path: Path) -> None:
    candidate = tmp_path / "candidate" / "w.duckdb"
    build_small(staging, candidate)
    record(candidate, [])
    assert {file.name for file in candidate.parent.iterdir()} == {"w.duckdb", ".w.duckdb.lock"}


def test_a_killed_build_leaves_the_candidate_and_the_next_one_clears_up(staging: Path, tmp_path: Path) -> None:
    candidate = tmp_path / "candidate" / "w.duckdb"
    build_small(staging, candidate)
    before = candidate.read_bytes()
    killed = """
import os, sys
sys.path[:0] = sys.argv[3:]
from pathlib import Path
import warehouse.build
from warehouse_examples import build_small
warehouse.build._summary = lambda connection: os._exit(9)
build_small(Path(sys.argv[1]), Path(sys.argv[2]))
"""
    here = Path(__file__).parent
    run = subprocess.run([sys.executable, "-c", killed, staging, candidate, here, here.parent], check=False)
    assert run.returncode == 9
    left = {file.name for file in candidate.parent.iterdir()} - {"w.duckdb", ".w.duckdb.lock"}
    assert left
    assert candidate.read_bytes() == before

    build_small(staging, candidate)
    assert {file.name for file in candidate.parent.iterdir()} == {"w.duckdb", ".w.duckdb.lock"}
    assert rows(candidate, "SELECT count(*) > 0 FROM observations") == [(True,)]


def test_the_log_of_a_killed_recording_is_not_replayed_into_the_next_candidate(staging: Path, tmp_path: Path) -> None:
    candidate = tmp_path / "w.duckdb"
    build_small(staging, candidate)
    log = tmp_path / "w.duckdb.wal"
    log.write_bytes(b"half a log")
    build_small(staging, candidate)
    assert not log.exists()


def test_two_builds_at_once_are_refused(staging: Path, tmp_path: Path) -> None:
    with held(tmp_path / ".w.duckdb.lock"), pytest.raises(BuildError, match="another build"):
        build_small(staging, tmp_path / "w.duckdb")
    build_small(staging, tmp_path / "w.duckdb")


@contextmanager
def held(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("kind", ["observations", "reports"])
@pytest.mark.parametrize("damage", ["cut", "garbage", "page", "other_version"])
def test_a_corrupt_file_is_named_and_the_candidate_stays(staging: Path, tmp_path: Path, kind: str, damage: str) -> None:
    candidate = tmp_path / "w.duckdb"
    build_small(staging, candidate)
    before = candidate.read_bytes()
    file = partition_file(staging, kind, 2024, COUNTY_B)
    spoil(file, damage)
    with pytest.raises(StagingError) as error:
        build_small(staging, candidate)
    assert str(file) in str(error.value)
    assert f"Rerun the partition {COUNTY_B}|2024" in str(error.value)
    assert candidate.read_bytes() == before

    stage(staging, 2024, COUNTY_B, [county_report(COUNTY_B, "300")])  # as told
    build_small(staging, candidate)


def spoil(file: Path, damage: str) -> None:
    whole = file.read_bytes()
    if damage == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "garbage":
        file.write_bytes(bytes(range(256)))
    elif damage == "page":
        first = pq.ParquetFile(file).metadata.row_group(0).column(0)
        start = first.dictionary_page_offset or first.data_page_offset
        file.write_bytes(whole[:start] + b"\xff" * 40 + whole[start + 40 :])
    else:
        pq.write_table(pq.read_table(file).drop_columns(["snapshot_id"]), file)


def test_what_could_not_be_taken_in_is_listed(staging: Path, tmp_path: Path) -> None:
    build_small(staging, tmp_path / "w.duckdb", [Held(region_code=COUNTY_A, report_year=2023)])
    assert rows(tmp_path / "w.duckdb", "SELECT uri, size, reason, region_code, report_year FROM quarantine") == [
        ("inbox/empty.txt", 0, "empty", COUNTY_A, 2023)
    ]


def test_the_results_are_recorded_by_partition_and_only_once(staging: Path, tmp_path: Path) -> None:
    candidate = tmp_path / "w.duckdb"
    build_small(staging, candidate, [Held()])
    for _ in range(2):
        record(candidate, audit(candidate))
    sql = "SELECT success, unexpected, failing FROM quality_result WHERE expectation_id = 'quarantine_empty'"
    assert [row[:2] for row in rows(candidate, sql)] == [(False, 1)]
    assert "inbox/empty.txt" in rows(candidate, sql)[0][2]
    sql = (
        "SELECT region_code, report_year FROM quality_result WHERE expectation_id = 'reports_have_figures' ORDER BY ALL"
    )
    assert rows(candidate, sql) == [(region, year) for year, region in sorted(staged_partitions(staging))]
    assert rows(candidate, "SELECT count(*) = count(DISTINCT identity_id) FROM identity_check") == [(True,)]


def test_rows_load_in_the_order_of_the_staging(staging: Path, tmp_path: Path) -> None:
    build_small(staging, tmp_path / "w.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb", read_only=True) as connection:
        loaded = connection.execute("SELECT report_key, start_offset FROM fact_observation").fetchall()
    assert loaded == sorted(loaded)
