"""What Dagster does by itself, once someone has turned it on.

inbox                takes in what has arrived and come to rest
waiting_reports      has the partitions read whose reports are new or changed, and what can't be read shown
downstream           builds, checks and publishes once figures have changed and come to rest (see `conditions`)
in_season            takes the inbox in every day while reports are published, January to April
out_of_season        the same once a week in the other months
monthly_audit        verifies every snapshot, checks every figure again and publishes anew
alerts               looks what is broken and sends what is due, every minute
failed_runs          notes each run that failed, whoever started it

All are off until someone turns them on in the UI; `fazhi up` starts with them on.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg

from orchestration import arrivals, jobs
from orchestration.alerts.observing import Observed, observe_now, open_run_steps
from orchestration.alerts.outbox import Outbox
from orchestration.alerts.problems import RunFailure, step_fingerprint
from orchestration.assets import AnySettings
from orchestration.conditions import SCHEDULES, SENSORS, downstream
from orchestration.settings import CHINA_TIME

SENSOR_SECONDS = 30.0
"""How long a tick may send; Dagster ends one after sixty seconds."""

LATEST_RUNS = 20
"""Runs that went through since a step failed that are looked at for it."""

BLOCKED = ("DagsterAssetCheckFailedError", "BlockedError")
"""A step that failed only since an expectation did: that is a problem of its own and is told as such."""


in_season = dg.ScheduleDefinition(
    name="in_season",
    job=jobs.intake,
    cron_schedule="0 6 * 1-4 *",
    execution_timezone=CHINA_TIME.tzname(None),
    default_status=SCHEDULES,
    description="Every morning while reports are published, January to April: take the inbox in / 发布季每日收件",
)

out_of_season = dg.ScheduleDefinition(
    name="out_of_season",
    job=jobs.intake,
    cron_schedule="0 6 * 5-12 1",
    execution_timezone=CHINA_TIME.tzname(None),
    default_status=SCHEDULES,
    description="On Monday mornings from May to December: take the inbox in / 其余月份每周一收件",
)

monthly_audit = dg.ScheduleDefinition(
    name="monthly_audit",
    job=jobs.audit,
    cron_schedule="0 2 1 * *",
    execution_timezone=CHINA_TIME.tzname(None),
    default_status=SCHEDULES,
    description="In the first night of a month: verify, check and publish everything anew / 每月全面审计",
)


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=60,
    default_status=SENSORS,
    description="Follow what is broken and send the alerts that are due / 跟踪异常并发送告警",
)
def alerts(context: dg.SensorEvaluationContext, settings: AnySettings) -> dg.SkipReason:
    """One look and one round of sending; it starts no runs."""
    passed = passed_steps(context.instance, settings)
    return dg.SkipReason(_said(observe_now(settings, passed_steps=passed, seconds=SENSOR_SECONDS)))


@dg.run_failure_sensor(
    name="failed_runs",
    minimum_interval_seconds=60,
    default_status=SENSORS,
    description="Note each failed run as an alert / 将失败的运行记为告警",
)
def failed_runs(context: dg.RunFailureSensorContext, settings: AnySettings) -> None:
    """The failed steps of one run, or the run itself where no step began.

    Returns nothing, since after a reason to skip Dagster would look at the next failed run only a minute later.
    """
    run = context.dagster_run
    events = context.get_step_failure_events()
    at = _when(context, run.run_id)
    failures = failed_steps(run.run_id, run.job_name, events, at)
    if not events:
        failures = [RunFailure(run.run_id, run.job_name, "run", context.failure_event.message or "failed", at)]
    # a second of sending at most: many runs may have failed at once, and the other sensor sends the rest
    context.log.info(_said(observe_now(settings, run_failures=failures)))


def failed_steps(
    run_id: str, job: str, events: Iterable[dg.DagsterEvent], at: datetime | None = None
) -> list[RunFailure]:
    """What made steps fail; those left out that failed only since an expectation did."""
    failures = []
    for event in events:
        error = event.step_failure_data.error
        cause = error.cause or error if error else None
        if cause is None or cause.cls_name not in BLOCKED:
            message = cause.message if cause else "failed"
            failures.append(RunFailure(run_id, job, event.step_key or "", message, at))
    return failures


def passed_steps(instance: dg.DagsterInstance, settings: AnySettings) -> list[tuple[str, str]]:
    """Job and step of what went through since it failed, whoever started the run."""
    if not settings.outbox.exists():
        return []
    with Outbox(settings.outbox) as outbox:
        waiting = open_run_steps(outbox)
    if not waiting:
        return []
    since = min(failed_at for failed_at in waiting.values())
    runs = instance.get_run_records(
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS], created_after=since), limit=LATEST_RUNS
    )
    return [
        (record.dagster_run.job_name, step.step_key)
        for record in runs
        for step in instance.get_run_step_stats(record.dagster_run.run_id)
        if record.create_timestamp
        > waiting.get(step_fingerprint(record.dagster_run.job_name, step.step_key), record.create_timestamp)
    ]


def _when(context: dg.RunFailureSensorContext, run_id: str) -> datetime | None:
    """When a run ended: one may hear of it late, when it is long mended."""
    record = context.instance.get_run_record_by_id(run_id)
    return datetime.fromtimestamp(record.end_time, UTC) if record and record.end_time else None


SCHEDULED = [in_season, out_of_season, monthly_audit]
WATCHING = [arrivals.inbox, arrivals.waiting_reports, downstream, alerts, failed_runs]


def _said(observed: Observed) -> str:
    counted = observed.counted
    line = (
        f"broken: {observed.problems}; new {counted.new}, worse {counted.worse}, resolved {counted.resolved}; "
        f"sent {observed.sent}, waiting {observed.waiting}"
    )
    return "\n".join([line, *observed.complaints])
