"""The sensors that take reports in as they arrive, and have the years and regions read that they are of."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

import dagster as dg

from orchestration import jobs
from orchestration.assets import AnySettings, Intake
from orchestration.conditions import LOOK_SECONDS, SENSORS
from orchestration.partitions import configured, rectangles
from orchestration.waiting import identified, partitions_concerned, staged_reports
from sources.arrivals import Arrival, arrivals
from sources.snapshots import SnapshotRecord, SnapshotStore
from transforms.corrections import ledger
from transforms.lexicon import lexicon
from warehouse.query import QueryError, query

BATCH = 500
"""Files that one run takes in."""

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(
    name="inbox",
    job=jobs.intake,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=SENSORS,
    description="Take in what has arrived in the inbox and is no longer being written / 收取收件目录中的新报告",
)
def inbox(context: dg.SensorEvaluationContext, settings: AnySettings) -> dg.SensorResult | dg.SkipReason:
    """One run for up to 500 new files. The cursor holds what was asked for and isn't in the store yet."""
    asked: dict[str, int] = json.loads(context.cursor or "{}")
    arrived = list(arrivals(settings.inbox_folder, known_records(settings.snapshots), datetime.now(UTC)))
    new = [one for one in arrived if asked.get(str(one.path)) != one.changed]
    context.update_cursor(json.dumps({str(one.path): one.changed for one in arrived}))
    if not new:
        return dg.SkipReason(f"nothing new at rest in {settings.inbox_folder}; asked for already: {len(arrived)} files")
    return dg.SensorResult(run_requests=[_intake(batch) for batch in _batches(new)])


@dg.sensor(
    name="waiting_reports",
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=SENSORS,
    jobs=[jobs.reading, jobs.publication],
    description="Read the years and regions whose reports are new or changed / 读取新增或变更的报告",
)
def waiting_reports(context: dg.SensorEvaluationContext, settings: AnySettings) -> dg.SensorResult | dg.SkipReason:
    """A run a rectangle of partitions; where only the quarantine has changed, a publication that shows it.

    What was asked for isn't asked for again until something changes: a partition that fails must be looked at.
    The cursor is a hash of it.
    """
    if context.instance.get_runs_count(dg.RunsFilter(job_name=jobs.READING, statuses=UNFINISHED)):
        return dg.SkipReason("some are being read; looking again when they are done")
    records = known_records(settings.snapshots)
    now = identified(records, ledger(lexicon(), *settings.ledgers))
    staged = staged_reports(settings.staging)
    if waiting := configured(settings, partitions_concerned((), now, staged)):
        requests = [
            dg.RunRequest(job_name=jobs.READING, tags=one.tags)
            for one in rectangles(waiting, settings.codes, settings.years)
        ]
        differences = [(one, sorted(now.get(one, ())), sorted(staged.get(one, ()))) for one in sorted(waiting)]
        return _unless_asked(context, requests, differences)
    if context.instance.get_runs_count(dg.RunsFilter(statuses=UNFINISHED)):
        return dg.SkipReason("all is read; what is at work may be about to publish it")
    if (held := _quarantined(records)) != _shown(settings.warehouse):
        return _unless_asked(context, [dg.RunRequest(job_name=jobs.PUBLICATION)], sorted(held))
    return dg.SkipReason("every report that is known is read")


@lru_cache(maxsize=1)
def _records_at(root: Path, stamp: int) -> Sequence[SnapshotRecord]:  # noqa: ARG001 - known by it
    return SnapshotStore(root).records()


def known_records(root: Path) -> Sequence[SnapshotRecord]:
    """The records of a store, listed again only after something was written: this is asked twice a minute, for ever."""
    return _records_at(root, SnapshotStore(root).stamp())


def _unless_asked(
    context: dg.SensorEvaluationContext, requests: Sequence[dg.RunRequest], what: Sequence[object]
) -> dg.SensorResult | dg.SkipReason:
    key = sha256(repr(what).encode()).hexdigest()
    if key == context.cursor:
        return dg.SkipReason("what waits was asked for already; see its run, then start it by hand")
    context.update_cursor(key)
    return dg.SensorResult(run_requests=requests)


def _intake(batch: Sequence[Arrival]) -> dg.RunRequest:
    key = sha256(repr([(str(one.path), one.changed) for one in batch]).encode()).hexdigest()
    config = dg.RunConfig({"snapshots": Intake(paths=[str(one.path) for one in batch])})
    return dg.RunRequest(run_key=key, run_config=config)


def _batches(new: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    remaining = iter(new)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _quarantined(records: Iterable[SnapshotRecord]) -> set[tuple[str, str]]:
    return {(record.snapshot_id, record.reason) for record in records if record.reason}


def _shown(warehouse: Path) -> set[tuple[str, str]]:
    """The quarantine that the published warehouse shows; nothing where there is none yet."""
    try:
        return {
            (snapshot, reason)
            for snapshot, reason in query(warehouse, "SELECT snapshot_id, reason FROM quarantine").rows
        }
    except QueryError:
        return set()
