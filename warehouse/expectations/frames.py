"""The frames that expectations look at: what a row of each is, and which columns it has.

A suite that names another frame or column is refused when it is loaded; a test holds every frame against this list.
Every frame has the column `thing`, the name by which a failing row is followed from run to run, and those that know
it the column `partition` (`region|year`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.staging import OBSERVATIONS
from warehouse.statements import script

_COUNTED = ("thing", "rule", "rows_checked", "violations", "examples")


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """What a row is, where the frame is made, its columns, and the table of the warehouse it says something of.

    Empty for the frame of figures as staged, which is made before there is a table.
    """

    row: str
    made_by: str
    columns: frozenset[str]
    about: str


def _columns_of(table: str) -> list[str]:
    """The columns of a table of schema.sql."""
    body = script("schema.sql").split(f"CREATE TABLE {table} (\n")[1].split(");", 1)[0]
    return [line.split()[0] for line in body.splitlines() if line.strip()]


def _spec(row: str, made_by: str, *columns: str, about: str = "fact_observation") -> FrameSpec:
    return FrameSpec(row, made_by, frozenset(columns), about)


FRAMES: Mapping[str, FrameSpec] = {
    "observations": _spec(
        "a figure of a report as staged, with what its indicator and unit are",
        "warehouse/staging.py",
        *(name for name in OBSERVATIONS.names if name != "report_year"),
        *("thing", "partition", "year", "unit", "kind", "whole", "indicator_minimum", "indicator_maximum"),
        *("coded", "indicator_known", "fraction", "bounded", "quote_length", "span"),
        about="",
    ),
    "integrity": _spec("a rule about keys, uniqueness and completeness", "warehouse/audit.sql", *_COUNTED),
    "identities": _spec(
        "a comparison that fails; those of a kind and partition that don't are one row",
        "warehouse/audit.sql, warehouse/identities.sql",
        *("thing", "partition", "rows_checked", "violations", *_columns_of("identity_check")),
    ),
    "plausibility": _spec(
        "a figure far from the usual; the other figures of a kind and partition are one row",
        "warehouse/audit.sql, warehouse/plausibility.sql",
        *("thing", "partition", "rows_checked", "violations", *_columns_of("plausibility_check")),
    ),
    "schema": _spec("a rule about tables, columns and views", "warehouse/schema_check.py", *_COUNTED),
    "reporting": _spec(
        "a configured region and year (about = region), or all of them (about = warehouse)",
        "warehouse/reporting.sql",
        *("thing", "about", "partition", "region_code", "region", "year", "reports", "quarantined", "first_published"),
        *("due_on", "overdue", "reported_before", "others_reported", "missing_though_regular", "published_late"),
        *("published_before_year_end", "nothing_new", "state", "message_en", "message_zh"),
        about="dim_report",
    ),
    "coverage": _spec(
        "a configured region and year",
        "warehouse/audit.sql",
        *("thing", "partition", "region_code", "region", "place_code", "year", "reports", "figures", "coded_figures"),
        *("quarantined", "state", "reason_zh", "reason_en"),
        about="dim_report",
    ),
    "quarantine": _spec(
        "a document in quarantine",
        "warehouse/audit.sql",
        *("thing", "snapshot_id", "uri", "reason", "detail", "region_code", "year", "message_en"),
        about="quarantine",
    ),
    "corrections": _spec(
        "an entry of the ledger of corrections",
        "warehouse/audit.sql",
        *("thing", "correction_id", "action", "verdict", "reports", "figures", "region_code", "year"),
        *("indicator_code", "expected", "found", "reason", "author", "decided_on", "place"),
        *("message_en", "message_zh"),
        about="correction",
    ),
}
