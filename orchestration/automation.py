"""What Dagster does by itself, once someone has turned it on: sensors that follow alerts and send them.

alerts       looks what is broken and sends what is due, every minute
failed_runs  notes each run that failed, whoever started it
"""

import dagster as dg

from orchestration.alerts.observing import Observed, observe_now
from orchestration.alerts.runs import failed_steps
from orchestration.assets import AnySettings

SENSOR_SECONDS = 30.0
"""How long a tick may send; Dagster ends one after sixty seconds."""


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Follow what is broken and send the alerts that are due / 跟踪异常并发送告警",
)
def alerts(context: dg.SensorEvaluationContext, settings: AnySettings) -> dg.SkipReason:
    """One look and one round of sending; it starts no runs."""
    return dg.SkipReason(_said(observe_now(settings, instance=context.instance, seconds=SENSOR_SECONDS)))


@dg.run_failure_sensor(
    name="failed_runs",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Note each failed run as an alert / 将失败的运行记为告警",
)
def failed_runs(context: dg.RunFailureSensorContext, settings: AnySettings) -> None:
    """The failed steps of one run, or the run itself where no step began.

    Returns nothing, since after a reason to skip Dagster would look at the next failed run only a minute later.
    """
    events, why = context.get_step_failure_events(), context.failure_event.message or ""
    failures = failed_steps(context.instance, context.dagster_run.run_id, events, settings, why)
    # a second of sending at most: many runs may have failed at once, and the other sensor sends the rest
    context.log.info(_said(observe_now(settings, run_failures=failures)))


def _said(observed: Observed) -> str:
    counted = observed.counted
    line = (
        f"broken: {observed.problems}; new {counted.new}, worse {counted.worse}, resolved {counted.resolved}; "
        f"sent {observed.sent}, waiting {observed.waiting}"
    )
    return "\n".join([line, *observed.complaints])
