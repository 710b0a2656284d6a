"""When things are made by themselves: whether at all, and what is made of figures once those have settled."""

import dagster as dg

from orchestration.settings import load

_ON = load().automation
SENSORS = dg.DefaultSensorStatus.RUNNING if _ON else dg.DefaultSensorStatus.STOPPED
SCHEDULES = dg.DefaultScheduleStatus.RUNNING if _ON else dg.DefaultScheduleStatus.STOPPED

LOOK_SECONDS = 30
"""Between two looks at the inbox, at what waits to be read, and at what has changed."""

_AT_WORK = dg.AutomationCondition.in_progress() | dg.AutomationCondition.backfill_in_progress()
_AT_REST = ~dg.AutomationCondition.any_deps_match(_AT_WORK) & ~_AT_WORK

# eager() would also wait until no dependency is missing, but most partitions have no report and stay empty.
DOWNSTREAM = (dg.AutomationCondition.any_deps_updated().since_last_handled() & _AT_REST).with_label(
    "once what it is made of has changed and come to rest"
)
"""Of the published warehouse and what is made of it."""

DOWNSTREAM_OF_FIGURES = (
    dg.AutomationCondition.any_deps_updated().ignore(dg.AssetSelection.assets("snapshots")).since_last_handled()
    & _AT_REST
).with_label("once figures have changed and nothing reads any more")
"""Of the star schema: a backfill of many partitions builds once, last.

A snapshot alone changes no figure: it waits to be read first, and the sensor `waiting_reports` sees to that.
"""

downstream = dg.AutomationConditionSensorDefinition(
    "downstream",
    target=dg.AssetSelection.all(),
    default_status=SENSORS,
    minimum_interval_seconds=LOOK_SECONDS,
    description="Build, check and publish once figures have changed and come to rest / 数据变更后自动构建并发布",
)
