"""What Dagster's own records tell of: steps that failed, steps that went through since, schedules that did not tick.

A step of partitions is well again when each partition that it failed for has been through it since, in one run or in
several. A run without partitions is of everything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import cast

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.execution.stats import StepEventStatus
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, ScheduleInstigatorData
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration.alerts.following import Alert
from orchestration.alerts.model import Problem
from orchestration.alerts.problems import RUN, RunFailure, job_of, late_schedule
from orchestration.partitions import configured, partition_of, partitions_of_run
from orchestration.settings import CHINA_TIME, Settings
from sources.snapshots import SnapshotStore
from warehouse.staging import partition_of as partition_of_file
from warehouse.staging import staged_files

READING = "observations"
"""The step that goes through its partitions one after the other."""

LATEST_RUNS = 1000
"""Runs since the first open failure that are looked at, from the newest on."""

BLOCKED = ("DagsterAssetCheckFailedError", "BlockedError")
"""A step that failed only since an expectation did: that is a problem of its own and is told as such."""

TOLERANCE = timedelta(minutes=10)
"""How late a schedule may tick; Dagster's daemon looks twice a minute, and takes its time to start."""


def failed_steps(
    instance: dg.DagsterInstance,
    run_id: str,
    events: Sequence[dg.DagsterEvent],
    settings: Settings,
    otherwise: str = "",
) -> list[RunFailure]:
    """What made steps of a run fail; those left out that failed only since an expectation did.

    Where no step began, the run failed, for the reason `otherwise`.
    """
    record = instance.get_run_record_by_id(run_id)
    if record is None:  # deleted meanwhile: nobody can look at it any more
        return []
    if not events:
        return [_failure(record, RUN, otherwise, settings)]
    failures = []
    for event in events:
        error = event.step_failure_data.error
        cause = error.cause or error if error else None
        if cause is None or cause.cls_name not in BLOCKED:
            failures.append(_failure(record, event.step_key or "", cause.message if cause else "", settings))
    return failures


def passed_steps(instance: dg.DagsterInstance, settings: Settings, alerts: Iterable[Alert]) -> set[str]:
    """Fingerprints of those of the alerts that are of a step which went through since, whoever started the run."""
    failures = {one.problem.fingerprint: _waiting(one, settings) for one in alerts if one.problem.kind == "run"}
    since = [at for failure in failures.values() for at in failure.failed_at.values()]
    if since:
        for run in _finished(instance, min(since)):
            for failure in failures.values():
                failure.look_at(run, settings)
    return {fingerprint for fingerprint, failure in failures.items() if not failure.failed_at}


def late_schedules(instance: dg.DagsterInstance, settings: Settings, now: datetime) -> list[Problem]:
    """The schedules that are on and did not tick when they should have, by Dagster's records of them.

    Their times are China's, as those of all schedules here: the records hold no time zone.
    """
    states = instance.all_instigator_state(
        instigator_type=InstigatorType.SCHEDULE,
        instigator_statuses={InstigatorStatus.RUNNING, InstigatorStatus.DECLARED_IN_CODE},
    )
    late = []
    for state in states:
        expected = _last_due(state, now - TOLERANCE)
        if expected and not _ticked(instance, state, expected):
            late.append(late_schedule(settings, state.instigator_name, expected))
    return late


def _failure(record: dg.RunRecord, step: str, message: str, settings: Settings) -> RunFailure:
    """A step that failed, when its run ended: one may hear of it late, when it is long mended."""
    run = record.dagster_run
    partitions = partitions_of_run(run.tags, settings) or frozenset()
    if step == READING and record.start_time:
        partitions = _unread(partitions, record.start_time, settings) or partitions
    at = datetime.fromtimestamp(record.end_time, UTC) if record.end_time else None
    return RunFailure(run.run_id, run.job_name, step, message or "failed", at, partitions)


def _unread(partitions: Iterable[str], since: float, settings: Settings) -> frozenset[str]:
    """Those of the partitions that hold reports whose figures weren't staged since a time.

    A run reads one partition after the other: those before the one where it failed are read, and no later run need
    go through them.
    """
    held = {record.partition for record in SnapshotStore(settings.snapshots).records() if record.identity}
    read = {
        partition_of_file(file) for file in staged_files(settings.staging, "reports") if file.stat().st_mtime >= since
    }
    return frozenset(key for key in partitions if partition_of(key) in held - read)


@dataclass(slots=True)
class _Run:
    """A run that has ended, and which of its steps went through; these are looked up once they are asked for."""

    instance: dg.DagsterInstance
    record: dg.RunRecord
    steps: frozenset[str] | None = None

    def passed(self, step: str) -> bool:
        if step == RUN:
            return self.record.dagster_run.status is dg.DagsterRunStatus.SUCCESS
        if self.steps is None:
            stats = self.instance.get_run_step_stats(self.record.dagster_run.run_id)
            self.steps = frozenset(one.step_key for one in stats if one.status is StepEventStatus.SUCCESS)
        return step in self.steps


@dataclass(slots=True)
class _Waiting:
    """A failed step, and when it failed for each of the partitions that it must go through yet (None: of none)."""

    job: str
    step: str
    failed_at: dict[str | None, datetime] = field(default_factory=dict)

    def look_at(self, run: _Run, settings: Settings) -> None:
        """Strike off what the run went through."""
        if job_of(run.record.dagster_run.job_name, self.step) != self.job:
            return
        covered = partitions_of_run(run.record.dagster_run.tags, settings)
        mended = {
            key
            for key, at in self.failed_at.items()
            if run.record.create_timestamp > at and (key is None or covered is None or key in covered)
        }
        if mended and run.passed(self.step):
            self.failed_at = {key: at for key, at in self.failed_at.items() if key not in mended}


def _waiting(alert: Alert, settings: Settings) -> _Waiting:
    """What is to be gone through; no run can cover a partition any more that the settings don't name."""
    details = alert.problem.details
    partitions = cast(Mapping[str, str], details.get("partitions") or {})
    failed_at: dict[str | None, datetime] = {
        key: datetime.fromisoformat(at) for key, at in partitions.items() if configured(settings, [partition_of(key)])
    }
    return _Waiting(
        str(details.get("job", "")), str(details.get("step", "")), failed_at if partitions else {None: alert.last_seen}
    )


def _finished(instance: dg.DagsterInstance, since: datetime) -> Iterator[_Run]:
    ended = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE], created_after=since)
    for record in instance.get_run_records(ended, limit=LATEST_RUNS):
        yield _Run(instance, record)


def _last_due(state: InstigatorState, now: datetime) -> datetime | None:
    """When a schedule should last have ticked; None where it wasn't on then."""
    data = state.instigator_data
    if not isinstance(data, ScheduleInstigatorData):
        return None
    times = schedule_execution_time_iterator(now.timestamp(), data.cron_schedule, str(CHINA_TIME), ascending=False)
    on = takewhile(lambda due: due.timestamp() >= (data.start_timestamp or 0), times)
    return next(on, None)


def _ticked(instance: dg.DagsterInstance, state: InstigatorState, due: datetime) -> bool:
    before = due.timestamp() - 1
    return bool(instance.get_ticks(state.instigator_origin_id, state.selector_id, after=before, limit=1))
