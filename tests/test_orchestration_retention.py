"""Old runs are deleted with their logs; what assets and partitions were last made by stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration import instance
from orchestration.retention import Pruned, prune
from orchestration.settings import Settings

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2023", "2024"]))
def read() -> None:
    """By year."""


@dg.asset
def built() -> None:
    """As a whole."""


def test_runs_go_whose_partitions_were_all_made_again(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with instance.opened(settings) as dagster:
        runs = [
            dg.materialize([asset], instance=dagster, partition_key=year).run_id
            for asset, year in ((read, "2023"), (read, "2024"), (built, None), (read, "2023"), (built, None))
        ]
        logs = {run_id: tmp_path / "dagster" / "history" / "runs" / f"{run_id}.db" for run_id in runs}
        assert all(log.exists() for log in logs.values())
        assert prune(dagster, settings, YESTERDAY) == Pruned(0, 0)

        assert prune(dagster, settings, TOMORROW) == Pruned(deleted=2, kept=3)

        assert {run.run_id for run in dagster.get_runs()} == set(runs) - {runs[0], runs[2]}
        assert [log.exists() for log in logs.values()] == [False, True, False, True, True]
        assert dagster.get_materialized_partitions(dg.AssetKey("read")) == {"2023", "2024"}
        assert dagster.get_latest_materialization_event(dg.AssetKey("built"))
        assert prune(dagster, settings, TOMORROW) == Pruned(deleted=0, kept=3)


@dg.job
def job() -> None:
    """A job of nothing."""


def test_a_run_in_progress_stays_however_old(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with instance.opened(settings) as dagster:
        dagster.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        assert prune(dagster, settings, TOMORROW) == Pruned(0, 0)
        assert len(dagster.get_runs()) == 1
