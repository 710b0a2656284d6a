"""Old runs are deleted with their logs, which Dagster keeps for ever; what assets are known by stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES

from orchestration.settings import Settings

AT_ONCE = 500
"""Records asked for in one go."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many runs were deleted, and how many of the old ones stay for what they made."""

    deleted: int
    kept: int


def prune(dagster: dg.DagsterInstance, settings: Settings, before: datetime) -> Pruned:
    """Delete the runs that ended and began before a day, but none that made an asset or a partition what it is now."""
    old = {record.dagster_run.run_id for record in dagster.get_run_records(_ended(before))}
    needed = old & set(_runs_that_made_what_is(dagster))
    for run_id in old - needed:
        dagster.delete_run(run_id)
        # SQLite keeps a file a run, which deleting the events in it leaves as large as it was
        (settings.dagster_home / "history" / "runs" / f"{run_id}.db").unlink(missing_ok=True)
    return Pruned(len(old - needed), len(needed))


def _ended(before: datetime) -> dg.RunsFilter:
    return dg.RunsFilter(statuses=FINISHED_STATUSES, created_before=before)


def _runs_that_made_what_is(dagster: dg.DagsterInstance) -> Iterator[str]:
    """The runs of the last materialisation of each asset and of each partition."""
    for asset in dagster.get_asset_keys():
        if last := dagster.get_latest_materialization_event(asset):
            yield last.run_id
        partitions = dagster.get_latest_storage_id_by_partition(asset, dg.DagsterEventType.ASSET_MATERIALIZATION)
        for ids in _portions(list(partitions.values())):
            found = dagster.fetch_materializations(dg.AssetRecordsFilter(asset, storage_ids=ids), limit=AT_ONCE)
            yield from (record.run_id for record in found.records)


def _portions(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
