"""The definitions as Dagster sees them: they load, and hold the expected assets, partitions and checks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from orchestration_reports import write_reports

from orchestration import instance
from orchestration.definitions import JOB, assemble, defs
from orchestration.settings import Settings
from warehouse.expectations.declarations import suites_on
from warehouse.quality import kept_results
from warehouse.staging import staged_partitions

ROOT = Path(__file__).parent.parent


def node(name: str) -> dg.AssetsDefinition:
    return defs.resolve_assets_def(name)


def test_the_flow_is_one_asset_after_the_other() -> None:
    graph = defs.resolve_asset_graph()
    upstream = {
        key.to_user_string(): {p.to_user_string() for p in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    }
    assert upstream == {
        "snapshots": set(),
        "observations": {"snapshots"},
        "warehouse_candidate": {"observations"},
        "warehouse": {"warehouse_candidate"},
        "data_docs": {"warehouse_candidate"},
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
        (asset, expectation.id)
        for asset, where in (("observations", "partition"), ("warehouse_candidate", "candidate"))
        for suite in suites_on(where)
        for expectation in suite.expectations
    }


def test_assets_are_described_in_english_and_chinese_and_owned() -> None:
    for key in defs.resolve_asset_graph().get_all_asset_keys():
        spec = node(key.to_user_string()).get_asset_spec(key)
        assert spec.description is not None
        assert any("\u4e00" <= character <= "\u9fff" for character in spec.description), key
        assert any(character.isascii() and character.isalpha() for character in spec.description), key
        assert spec.owners
        assert spec.group_name in ("sources", "transforms", "warehouse")


def test_a_range_run_as_the_backfill_makes_it_reads_all_its_partitions_at_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    job = assemble(settings).resolve_job_def(JOB)
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


def test_a_run_of_one_partition_reports_that_one_and_marks_its_results_with_it(home: Path) -> None:
    settings = Settings(home=home)
    job = assemble(settings).resolve_job_def(JOB)
    with instance.opened(settings) as dagster:
        for partition, passed in (("430525|2024", True), ("430524|2024", False)):
            ran = job.execute_in_process(
                asset_selection=[dg.AssetKey("observations")], instance=dagster, partition_key=partition
            )
            suspect = next(one for one in ran.get_asset_check_evaluations() if one.check_name == "no_suspect_figure")
            assert (suspect.passed, suspect.partition) == (passed, partition)


def test_a_later_run_of_other_partitions_does_not_hide_what_was_found(home: Path) -> None:
    settings = Settings(home=home)
    job = assemble(settings).resolve_job_def(JOB)
    span = {
        "dagster/asset_partition_range_start": "430525|2023",
        "dagster/asset_partition_range_end": "430525|2024",
    }
    with instance.opened(settings) as dagster:
        sound = job.execute_in_process(asset_selection=[dg.AssetKey("observations")], instance=dagster, tags=span)
    suspect = next(one for one in sound.get_asset_check_evaluations() if one.check_name == "no_suspect_figure")
    assert not suspect.passed
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
