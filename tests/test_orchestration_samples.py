"""On the samples every planted fault is found, as what it is and where, and nothing else fails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from warehouse_examples import record

from orchestration.progress import silent
from orchestration.readings import read_partitions, reports_by_partition
from orchestration.settings import Settings
from sources.intake import take_in
from sources.snapshots import SnapshotStore
from transforms.corrections import ledger
from transforms.lexicon import lexicon
from warehouse.audit import audit
from warehouse.build import build
from warehouse.expectations.suites import LOT, check_partitions
from warehouse.staging import load_frames, staged_partitions

SAMPLES = Path(__file__).parents[1] / "sources" / "samples"
FAULTS: dict[str, dict[str, Any]] = {
    fault["id"]: fault for fault in yaml.safe_load((SAMPLES / "faults.yaml").read_text(encoding="utf-8"))
}

# What finds a fault of a kind. A superseded version is not checked, and a missing report is a gap in coverage.
FOUND_BY = {
    "lost_unit": "no_suspect_figure",
    "same_figure_twice": "no_figure_twice",
    "rate_not_from_parts": "rates_follow_from_parts",
    "rate_on_another_base": "rates_fit_named_base",
    "counties_exceed_city": "counties_within_city",
    "part_exceeds_whole": "parts_within_whole",
    "no_figures": "reports_have_figures",
    "empty": "quarantine_empty",
    "unreadable": "quarantine_empty",
    "unknown_region": "quarantine_empty",
    "unknown_year": "quarantine_empty",
}
NOT_CHECKED = {"longhui-2023-first-vintage", "longhui-2023-republished", "suining-2022-missing"}
NO_FAULTS = {"actual_figures_coded"}
"""Expectations that fail on sound reports too: not every figure has an indicator yet."""
REPEATED_IN_A_TABLE = ("no_figure_twice", "430523")
"""A report whose table says again what its text says."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The samples read, built and checked as fazhi run does, without Dagster."""
    settings = Settings(home=tmp_path_factory.mktemp("samples"), last_year=2024)
    store, corrections = SnapshotStore(settings.snapshots), ledger(lexicon(), *settings.ledgers)
    when = datetime(2025, 6, 1, tzinfo=UTC)
    take_in(
        [SAMPLES / "reports"],
        store,
        regions=settings.regions,
        years=settings.years,
        max_bytes=settings.max_document_bytes,
        clock=lambda: when,
    )
    records = store.records()
    outcome = read_partitions(store, settings.staging, list(reports_by_partition(records)), corrections, silent)
    assert not outcome.failed
    settings.candidate.parent.mkdir(parents=True)
    build(
        settings.staging,
        settings.candidate,
        quarantine=[record for record in records if record.reason],
        regions=settings.regions,
        lexicon=lexicon(),
        corrections=corrections,
        clock=lambda: when,
    )
    figures = check_partitions(load_frames(settings.staging, staged_partitions(settings.staging), rows=LOT))
    record(settings.candidate, [*figures, *audit(settings.candidate)])
    with duckdb.connect(settings.candidate, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def broken(warehouse: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = warehouse.execute("FROM quality_open").to_arrow_table().to_pylist()
    return [row for row in rows if row["expectation_id"] not in NO_FAULTS]


def is_about(row: dict[str, Any], fault: dict[str, Any]) -> bool:
    """Whether an open thing is this fault: found by its expectation, at its figure or about its file."""
    if row["expectation_id"] != FOUND_BY[fault["kind"]]:
        return False
    if fault["severity"] == "quarantine":
        return Path(fault["file"]).name in row["what_en"]
    if fault["kind"] == "no_figures":
        return bool(row["region"] == "北塔区" and row["year"] == 2022)
    return bool(row["raw_text"] == fault["quote"])


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in NOT_CHECKED])
def test_a_planted_fault_is_found_once_and_as_severe_as_it_is(broken: list[dict[str, Any]], name: str) -> None:
    fault = FAULTS[name]
    (row,) = [row for row in broken if is_about(row, fault)]
    expected = {"quarantine": "warning", "info": "info", "warning": "warning"}[fault["severity"]]
    assert row["severity"] == ("warning" if fault["kind"] == "no_figures" else expected)
    assert row["owner"] == "steward"


def test_nothing_else_fails(broken: list[dict[str, Any]]) -> None:
    planted = [fault for name, fault in FAULTS.items() if name not in NOT_CHECKED]
    broken = [row for row in broken if (row["expectation_id"], row["region_code"]) != REPEATED_IN_A_TABLE]
    assert [row for row in broken if not any(is_about(row, fault) for fault in planted)] == []


def test_the_gap_and_the_corrected_report_are_seen_where_they_belong(warehouse: duckdb.DuckDBPyConnection) -> None:
    gap = "SELECT state FROM coverage WHERE region_code = '430527' AND year = 2022"
    assert warehouse.execute(gap).fetchall() == [("not_published",)]
    changed = (
        "SELECT old_text, new_text FROM revisions "
        "WHERE region_code = '430524' AND year = 2023 AND indicator_code = 'mediation.succeeded'"
    )
    assert warehouse.execute(changed).fetchall() == [("4,173件", "4,137件")]
