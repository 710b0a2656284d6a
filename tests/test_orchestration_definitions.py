"""The definitions as Dagster sees them: they load, and hold the expected assets, partitions and checks."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from itertools import islice
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator
from orchestration_reports import write_reports

from orchestration import instance
from orchestration.definitions import assemble, defs
from orchestration.jobs import PIPELINE
from orchestration.settings import CHINA_TIME, Settings
from warehouse.expectations.declarations import suites_on
from warehouse.quality import kept_results
from warehouse.staging import staged_partitions

ROOT = Path(__file__).parent.parent

STAR = {
    *("dim_indicator", "dim_unit", "dim_year", "dim_region", "dim_publisher", "dim_report"),
    *("fact_observation", "unmapped_observation", "quarantine", "correction"),
}
VIEWS = {
    *("observations", "observations_all", "observations_wide", "suspect_observations", "coverage"),
    *("latest", "latest_followed", "latest_or_suspect", "place_history", "year_on_year", "region_compare", "revisions"),
    *("rates_recomputed", "correction_check", "indicator_coverage", "sdmx_codes", "sdmx_observations"),
    *("quality_results", "quality_open", "quality_history"),
}
ABOUT = {"quarantine": "quarantine", "corrections": "correction", "reporting": "dim_report", "coverage": "dim_report"}
"""The table that the expectations on a frame are shown at; those on other frames are at the figures."""


def node(name: str) -> dg.AssetsDefinition:
    return defs.resolve_assets_def(name)


def spec_of(*path: str) -> dg.AssetSpec:
    return next(spec for spec in defs.resolve_all_asset_specs() if spec.key.path == list(path))


def test_the_flow_is_one_asset_after_the_other() -> None:
    graph = defs.resolve_asset_graph()
    upstream = {
        key.to_user_string(): {p.to_user_string() for p in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    }
    assert upstream == {
        "snapshots": set(),
        "documents": {"snapshots"},
        "observations": {"documents"},
        **{table: {"observations", "snapshots"} for table in STAR},
        "warehouse": STAR,
        **{f"views/{view}": {"warehouse"} for view in VIEWS},
        "exports": {"warehouse"},
        "data_docs": STAR,
    }


def test_observations_are_partitioned_by_region_and_year_and_backfilled_in_single_runs() -> None:
    observations = node("observations")
    assert isinstance(observations.partitions_def, dg.MultiPartitionsDefinition)
    assert observations.partitions_def.partition_dimension_names == ["region", "year"]
    assert observations.partitions_def.has_partition_key("430581|2015")
    assert observations.backfill_policy == dg.BackfillPolicy.single_run()


def test_every_expectation_is_an_asset_check() -> None:
    checks = {(key.asset_key.to_user_string(), key.name) for key in defs.resolve_asset_graph().asset_check_keys}
    assert checks == {
        *(("observations", one.id) for suite in suites_on("partition") for one in suite.expectations),
        *(
            (ABOUT.get(one.frame, "fact_observation"), one.id)
            for suite in suites_on("candidate")
            for one in suite.expectations
        ),
        ("snapshots", "snapshots_unchanged"),
    }


def test_no_job_schedule_or_sensor_is_lost_unseen() -> None:
    repository = defs.get_repository_def()
    assert {job.name for job in repository.get_all_jobs() if not job.name.startswith("__")} == {
        *(PIPELINE, "intake", "reading", "publication", "audit")
    }
    assert {schedule.name for schedule in repository.schedule_defs} == {"in_season", "out_of_season", "monthly_audit"}
    assert {sensor.name for sensor in repository.sensor_defs} == {
        *("inbox", "waiting_reports", "downstream", "alerts", "failed_runs")
    }


def test_nothing_starts_by_itself_until_it_is_switched_on() -> None:
    repository = defs.get_repository_def()
    assert {one.default_status.value for one in (*repository.schedule_defs, *repository.sensor_defs)} == {"STOPPED"}


@pytest.mark.parametrize(
    ("name", "after", "ticks"),
    [
        ("in_season", "2026-01-31T12:00", ["2026-02-01T06:00", "2026-02-02T06:00"]),
        ("in_season", "2026-04-30T12:00", ["2027-01-01T06:00", "2027-01-02T06:00"]),
        ("out_of_season", "2026-04-30T12:00", ["2026-05-04T06:00", "2026-05-11T06:00"]),  # Mondays
        ("monthly_audit", "2026-12-01T12:00", ["2027-01-01T02:00", "2027-02-01T02:00"]),
    ],
)
def test_schedules_tick_by_the_clock_of_shanghai(name: str, after: str, ticks: list[str]) -> None:
    schedule = defs.get_repository_def().get_schedule_def(name)
    since = datetime.fromisoformat(after).replace(tzinfo=CHINA_TIME)
    assert schedule.execution_timezone
    times = islice(
        schedule_execution_time_iterator(since.timestamp(), str(schedule.cron_schedule), schedule.execution_timezone),
        2,
    )
    assert [f"{at.astimezone(CHINA_TIME):%Y-%m-%dT%H:%M}" for at in times] == ticks


def test_assets_are_described_in_english_and_chinese_and_owned() -> None:
    for key in defs.resolve_asset_graph().get_all_asset_keys():
        spec = spec_of(*key.path)
        assert spec.description is not None
        assert any("\u4e00" <= character <= "\u9fff" for character in spec.description), key
        assert any(character.isascii() and character.isalpha() for character in spec.description), key
        assert spec.owners
        assert spec.group_name in ("sources", "transforms", "star", "warehouse", "views", "exports")
        assert spec.kinds
        assert spec.tags["layer"]


def test_tables_and_views_show_their_columns_before_any_run() -> None:
    schema = spec_of("fact_observation").metadata["dagster/column_schema"]
    assert {column.name: column.type for column in schema.columns}["value"] == "DECIMAL(24,6)"
    assert "数值" in {column.name: column.description for column in schema.columns}["value"]
    assert spec_of("views", "coverage").metadata["dagster/table_name"] == "warehouse.main.coverage"


def test_a_range_run_as_the_backfill_makes_it_reads_all_its_partitions_at_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    job = assemble(settings).resolve_job_def(PIPELINE)
    paths = {"ops": {"snapshots": {"config": {"paths": [str(write_reports(tmp_path / "inbox"))]}}}}
    span = {
        "dagster/asset_partition_range_start": "430524|2023",
        "dagster/asset_partition_range_end": "430525|2024",
    }
    with instance.opened(settings) as dagster:
        job.execute_in_process(asset_selection=[dg.AssetKey("snapshots")], instance=dagster, run_config=paths)
        result = job.execute_in_process(asset_selection=[dg.AssetKey("observations")], instance=dagster, tags=span)
        stored = dagster.get_materialized_partitions(dg.AssetKey("observations"))
    assert stored == {"430524|2023", "430524|2024", "430525|2023", "430525|2024"}
    assert staged_partitions(settings.staging) == {(2024, "430524"), (2024, "430525")}
    evaluations = {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}
    assert set(evaluations) == {one.id for suite in suites_on("partition") for one in suite.expectations}
    suspect = evaluations["no_suspect_figure"]
    assert not suspect.passed
    assert suspect.severity == dg.AssetCheckSeverity.WARN
    assert suspect.metadata["partitions"].value == ["430524|2024"]
    assert "1.8余人次" in str(suspect.metadata["failing"].value)
    assert {name for result in kept_results(settings.staging) for name in result.partitions} == {
        "430524|2024",
        "430525|2024",
    }


@pytest.mark.parametrize(
    "chosen",
    [
        {"dagster/partition": "430525|2024"},
        {
            "dagster/asset_partition_range_start": "430525|2023",
            "dagster/asset_partition_range_end": "430525|2024",
        },
    ],
    ids=["one", "range"],
)
def test_a_later_run_of_other_partitions_does_not_hide_what_was_found(chosen: dict[str, str], home: Path) -> None:
    settings = Settings(home=home)
    job = assemble(settings).resolve_job_def(PIPELINE)
    with instance.opened(settings) as dagster:
        sound = job.execute_in_process(asset_selection=[dg.AssetKey("observations")], instance=dagster, tags=chosen)
    suspect = next(one for one in sound.get_asset_check_evaluations() if one.check_name == "no_suspect_figure")
    assert not suspect.passed
    assert suspect.partition is None, "the UI calls a check with partitions skipped after a run over a range"
    assert suspect.metadata["partitions"].value == ["430524|2024"]


@pytest.mark.slow
def test_dg_check_defs_passes_in_the_project_without_arguments(tmp_path: Path) -> None:
    dg_command = shutil.which("dg", path=str(Path(sys.executable).parent))
    assert dg_command, "dg is not installed beside this Python; run make setup"
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    checked = subprocess.run(
        [dg_command, "check", "defs"],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path), "FAZHI_HOME": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "All definitions loaded successfully" in checked.stdout
