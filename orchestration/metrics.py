"""Figures about the warehouse for Prometheus, in its text format: how old, how complete, what is broken, what is told.

Without a warehouse, or with one that can't be read, `fazhi_up` is 0 and the figures of the warehouse are left out.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.alerts.model import SEVERITIES
from orchestration.standing import standing
from warehouse.query import QueryError, query

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from orchestration.settings import Settings

_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    """A gauge: its labels, and a query whose rows are the labels' values and then the figure.

    `always` are values of the first label that are there with 0 where the query has no row of them: a figure that
    vanishes alarms nobody.
    """

    name: str
    meaning: str
    sql: str
    labels: tuple[str, ...] = ()
    always: tuple[str, ...] = ()


_MEASURES = (
    _Measure(
        "fazhi_last_success_timestamp_seconds",
        "When the published release was built",
        "select epoch(max(built_at)) from release",
    ),
    _Measure(
        "fazhi_warehouse_rows",
        "Rows of the published warehouse by kind of table",
        """
        select case
                when table_name like 'dim_%' then 'dimension'
                when table_name like 'fact_%' then 'fact'
                when table_name like 'unmapped_%' then 'not_coded'
                when table_name like 'quality_%' or table_name like '%_check' then 'check'
                else 'other'
            end as kind, sum(estimated_size)
        from duckdb_tables() where not internal group by kind order by kind
        """,
        ("kind",),
    ),
    _Measure(
        "fazhi_expectations",
        "Expectations by severity, and whether they hold in every partition",
        """
        with one as (
            select suite, expectation_id, any_value(severity) as severity, bool_and(success) as holds
            from quality_result group by suite, expectation_id
        )
        select severity, status, count(*) filter (holds = (status = 'holds'))
        from one cross join (values ('holds'), ('fails')) as s (status) group by severity, status order by all
        """,
        ("severity", "status"),
    ),
    _Measure(
        "fazhi_open_problems",
        "Things that are broken in the published warehouse",
        "select severity, count(*) from quality_open group by severity order by severity",
        ("severity",),
        SEVERITIES,
    ),
    _Measure(
        "fazhi_coverage_cells",
        "Regions by years by what there is of them",
        "select state, count(*) from coverage group by state order by state",
        ("state",),
        ("observed", "not_mentioned", "no_number", "quarantined", "not_published"),
    ),
    _Measure(
        "fazhi_observations",
        "Figures of all reports, coded or not",
        "select status, count(*) from observations_all group by status order by status",
        ("status",),
        ("current", "suspect"),
    ),
    _Measure(
        "fazhi_figures_coded_ratio",
        "Share of the figures that have an indicator",
        "select coalesce(count(indicator_code) / nullif(count(*), 0), 0) from observations_all",
    ),
    _Measure(
        "fazhi_quarantined_documents",
        "Documents that were set aside",
        "select reason, count(*) from quarantine group by reason order by reason",
        ("reason",),
    ),
    _Measure("fazhi_reports", "Reports in the published warehouse", "select count(*) from dim_report"),
)

_LAST_RUN = """
    select end_time - start_time, status = 'SUCCESS' from runs
    where start_time is not null and end_time is not null order by end_time desc limit 1
"""


_STATES = ("queued", "claimed", "sent", "failed")
"""Of messages."""


def metrics(settings: "Settings", now: datetime | None = None) -> bytes:
    """All figures in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    _gauge(registry, "fazhi_build_info", "Version of fazhi", ("version",), [(version("fazhi"), 1)])
    up, measured = _of_the_warehouse(settings)
    _gauge(registry, "fazhi_up", "1 where there is a warehouse and it can be read", (), [(int(up),)])
    blocked = standing(settings).blocked
    _gauge(
        registry, "fazhi_blocked", "1 where errors keep a candidate from being published", (), [(int(bool(blocked)),)]
    )
    for measure, rows in measured:
        _gauge(registry, measure.name, measure.meaning, measure.labels, rows)
    _runs(registry, settings.dagster_home / "history" / "runs.db")
    _alerts(registry, settings.outbox, now or datetime.now(UTC))
    return generate_latest(registry)


def _of_the_warehouse(settings: "Settings") -> tuple[bool, list[tuple[_Measure, list[_Row]]]]:
    try:
        return True, [(one, _complete(one, query(settings.warehouse, one.sql).rows)) for one in _MEASURES]
    except QueryError:
        return False, []


def _complete(measure: _Measure, rows: Iterable[_Row]) -> list[_Row]:
    found = list(rows)
    there = {row[0] for row in found}
    return found + [(value, 0) for value in measure.always if value not in there]


def _gauge(
    registry: "CollectorRegistry", name: str, meaning: str, labels: tuple[str, ...], rows: Iterable[_Row]
) -> None:
    from prometheus_client import Gauge

    gauge = Gauge(name, meaning, labels, registry=registry)
    for *values, figure in rows:
        one = gauge.labels(*(str(value) for value in values)) if labels else gauge
        one.set(float(figure or 0))


def _runs(registry: "CollectorRegistry", path: Path) -> None:
    """The last finished run, from Dagster's own table: to ask Dagster would take seconds to import."""
    for seconds, succeeded in _rows(path, _LAST_RUN):
        name = "fazhi_last_run_duration_seconds"
        _gauge(registry, name, "How long the last finished Dagster run took", (), [(seconds,)])
        _gauge(registry, "fazhi_last_run_succeeded", "1 where it succeeded", (), [(succeeded,)])


def _alerts(registry: "CollectorRegistry", path: Path, now: datetime) -> None:
    alerts = Counter(_states(_rows(path, "select resolved_at, muted_until, severity from alert"), now))
    messages = _rows(path, "select state, count(*) from message group by state order by state")
    if alerts or messages or path.exists():
        rows = [(*key, count) for key, count in sorted(alerts.items())]
        _gauge(registry, "fazhi_alerts", "Alerts by state and severity", ("state", "severity"), rows)
        there = {state for state, _ in messages}
        messages += [(state, 0) for state in _STATES if state not in there]
        _gauge(registry, "fazhi_outbox_messages", "Messages of the outbox by state", ("state",), messages)


def _states(rows: Iterable[_Row], now: datetime) -> Iterator[tuple[str, str]]:
    for resolved_at, muted_until, severity in rows:
        state = "resolved" if resolved_at else "muted" if _after(muted_until, now) else "open"
        yield state, str(severity)


def _after(moment: object, now: datetime) -> bool:
    """Whether a moment, ISO 8601 or seconds since 1970, is still to come."""
    if isinstance(moment, int | float):
        return moment > now.timestamp()
    try:
        told = datetime.fromisoformat(str(moment))
    except ValueError:
        return False
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) > now


def _rows(path: Path, sql: str) -> list[_Row]:
    """The rows of another program's SQLite file; none where there is no such file or table, or it is being changed."""
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            return list(connection.execute(sql).fetchall())
    except sqlite3.Error:
        return []
