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

import dagster as dg
from dagster._core.storage.tags import WILL_RETRY_TAG

from orchestration import arrivals, jobs
from orchestration.alerts.observing import Observed, observe_now
from orchestration.alerts.runs import failed_steps
from orchestration.assets import AnySettings
from orchestration.conditions import SCHEDULES, SENSORS, downstream
from orchestration.settings import CHINA_TIME

SENSOR_SECONDS = 30.0
"""How long a tick may send; Dagster ends one after sixty seconds."""


def _schedule(name: str, job: str, cron: str, description: str) -> dg.ScheduleDefinition:
    """A schedule by the clock of Shanghai."""
    return dg.ScheduleDefinition(
        name=name,
        job_name=job,
        cron_schedule=cron,
        execution_timezone=str(CHINA_TIME),
        default_status=SCHEDULES,
        description=description,
    )


SCHEDULED = [
    _schedule(
        "in_season",
        jobs.INTAKE,
        "0 6 * 1-4 *",
        "Every morning while reports are published, January to April: take the inbox in / 发布季每日收件",
    ),
    _schedule(
        "out_of_season",
        jobs.INTAKE,
        "0 6 * 5-12 1",
        "On Monday mornings from May to December: take the inbox in / 其余月份每周一收件",
    ),
    _schedule(
        "monthly_audit",
        jobs.AUDIT,
        "0 2 1 * *",
        "In the first night of a month: verify, check and publish everything anew / 每月全面审计",
    ),
]


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=60,
    default_status=SENSORS,
    description="Follow what is broken and send the alerts that are due / 跟踪异常并发送告警",
)
def alerts(context: dg.SensorEvaluationContext, settings: AnySettings) -> dg.SkipReason:
    """One look and one round of sending; it starts no runs."""
    return dg.SkipReason(_said(observe_now(settings, instance=context.instance, seconds=SENSOR_SECONDS)))


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
    if context.dagster_run.tags.get(WILL_RETRY_TAG) == "true":
        context.log.info("its process was killed; it begins again by itself")
        return
    events, why = context.get_step_failure_events(), context.failure_event.message or ""
    failures = failed_steps(context.instance, context.dagster_run.run_id, events, settings, why)
    # a second of sending at most: many runs may have failed at once, and the other sensor sends the rest
    context.log.info(_said(observe_now(settings, run_failures=failures)))


WATCHING = [arrivals.inbox, arrivals.waiting_reports, downstream, alerts, failed_runs]


def _said(observed: Observed) -> str:
    counted = observed.counted
    line = (
        f"broken: {observed.problems}; new {counted.new}, worse {counted.worse}, resolved {counted.resolved}; "
        f"sent {observed.sent}, waiting {observed.waiting}"
    )
    return "\n".join([line, *observed.complaints])
