"""The steward's ledger from end to end: applied at the next run, named where it can't be, never half published."""

from pathlib import Path
from typing import Any

import pytest
from orchestration_reports import fazhi

from orchestration import pipeline
from orchestration.progress import silent
from orchestration.settings import Settings
from warehouse.query import query

LEDGER = """
hotline:
  action: scale
  report: {publisher: 隆回县司法局, region_code: '430524', year: 2024}
  indicator: legal_service.hotline_answered
  quote: 1.8余人次
  expect: {raw_text: 1.8余人次}
  factor: 10000
  reason: the publisher confirmed that 万 is missing
  author: a steward
  date: 2026-11-25
"""


def hotline(warehouse: Path) -> list[tuple[Any, ...]]:
    sql = "select value::double, reported_value::double, status from observations_all where raw_text = '1.8余人次'"
    return query(warehouse, sql).rows


def with_ledger(home: Path, ledger: str) -> Settings:
    path = home / "own.yaml"
    path.write_text(ledger, encoding="utf-8")
    return Settings(home=home, corrections=path)


def test_a_stewards_ledger_is_applied_at_the_next_run_and_taken_back_with_it(home: Path) -> None:
    assert hotline(home / "warehouse.duckdb") == [(1.8, None, "suspect")]
    elsewhere = home / "inbox" / "dongkou.txt"  # another report: only the ledger concerns 隆回县

    report = pipeline.run(with_ledger(home, LEDGER), [elsewhere], silent)
    assert (report.published, report.partitions) == (True, 2)
    assert hotline(home / "warehouse.duckdb") == [(18000, 1.8, "corrected")]

    report = pipeline.run(Settings(home=home), [elsewhere], silent)
    assert (report.published, report.partitions) == (True, 2)
    assert hotline(home / "warehouse.duckdb") == [(1.8, None, "suspect")]


def test_a_guard_that_fails_is_named_and_the_last_release_stays(home: Path) -> None:
    before = (home / "warehouse.duckdb").read_bytes()
    settings = with_ledger(home, LEDGER.replace("1.8余人次", "1.9余人次"))
    report = pipeline.run(settings, [home / "inbox" / "dongkou.txt"], silent)
    assert not report.published
    assert (home / "warehouse.duckdb").read_bytes() == before
    sql = "select failing from quality_result where expectation_id = 'corrections_hold' and not success"
    ((failing,),) = query(settings.candidate, sql).rows
    assert "hotline at own.yaml:2 expects 1.9余人次, but the report says 1.8余人次" in failing


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ("action: scale", "action: [scale", "own.yaml:"),
        ("legal_service.hotline_answered", "no.such", "own.yaml:5: hotline.indicator: 'no.such' is no indicator"),
        ("hotline:", f"again:{LEDGER.partition('hotline:')[2]}hotline:", "is about the same figure"),
    ],
)
def test_a_wrong_ledger_stops_the_run_before_anything_is_done(home: Path, found: str, instead: str, says: str) -> None:
    before = (home / "warehouse.duckdb").read_bytes()
    settings = with_ledger(home, LEDGER.replace(found, instead, 1))
    done = fazhi("run", home / "inbox", home=home, FAZHI_CORRECTIONS=str(settings.corrections))
    assert done.returncode == 1
    assert says in done.stderr
    assert "the last release stays" in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / "warehouse.duckdb").read_bytes() == before
