"""What a run says about itself in the Dagster UI: counts, small previews, failing rows with their sentences."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.findings import finding
from orchestration.partitions import partition_key
from orchestration.readings import Staged
from sources.intake import IntakeSummary
from sources.snapshots import SnapshotRecord
from warehouse.build import BuildSummary
from warehouse.expectations.declarations import expectations
from warehouse.expectations.results import ExpectationResult

PREVIEW = 20
"""Rows of a preview table."""


def intake(summary: IntakeSummary) -> dict[str, Any]:
    """Of the asset snapshots: what came in, what was quarantined and why, which partitions are concerned."""
    quarantined = [record for record in summary.taken if record.reason]
    partitions = sorted({record.partition for record in summary.taken if record.identity and record.partition})
    return {
        "documents": len(summary.taken),
        "new": summary.new,
        "quarantined": len(quarantined),
        "partitions": dg.MetadataValue.json([partition_key(partition) for partition in partitions]),
        "problems": dg.MetadataValue.json([problem.what for problem in summary.problems]),
        "quarantine": dg.MetadataValue.md(_quarantine_table(quarantined)),
        "preview": dg.MetadataValue.md(_snapshot_table(summary.taken)),
    }


def readings(staged: Sequence[Staged]) -> dict[str, Any]:
    """Of the asset observations: figures read and coded, a row a partition."""
    return {
        "reports": sum(one.reports for one in staged),
        "figures": sum(one.figures for one in staged),
        "coded": sum(one.coded for one in staged),
        "suspect": sum(one.suspect for one in staged),
        "quarantined": sum(one.quarantined for one in staged),
        "preview": dg.MetadataValue.md(
            _table(
                ("partition", "reports", "figures", "coded", "suspect"),
                [(partition_key(one.partition), one.reports, one.figures, one.coded, one.suspect) for one in staged],
            )
        ),
    }


def candidate(summary: BuildSummary) -> dict[str, Any]:
    """Of the asset warehouse_candidate: rows by kind."""
    return {
        "partitions": summary.partitions,
        "reports": summary.reports,
        "figures": summary.observations,
        "not coded": summary.unmapped,
        "quarantined": summary.quarantined,
    }


def published(warehouse: Path) -> dict[str, Any]:
    """Of the asset warehouse: where it is and how large."""
    return {"path": dg.MetadataValue.path(warehouse), "bytes": warehouse.stat().st_size}


def outcome(result: ExpectationResult) -> str:
    """One line for a check: what was found, and in which partitions."""
    if result.success:
        return f"holds for {result.checked} rows"
    where = result.failing_partitions
    named = f" in {', '.join(where[:PREVIEW])}{' …' if len(where) > PREVIEW else ''}" if where else ""
    return f"{result.severity}: {result.unexpected} of {result.checked} rows unexpected{named}"


def expectation(result: ExpectationResult) -> dict[str, Any]:
    """Of a check: how many rows, which partitions, and the failing rows with their sentences."""
    described: dict[str, Any] = {"checked": result.checked, "unexpected": result.unexpected}
    if not result.success:
        described |= {
            "partitions": dg.MetadataValue.json(result.failing_partitions),
            "action": expectations()[result.expectation_id].action,
            "failing": dg.MetadataValue.md(_findings(result.failing)),
        }
    return described


def _findings(failing: Sequence[Mapping[str, Any]]) -> str:
    """A Markdown list of the failing rows, each with its sentence and, where it is one, its observation."""
    lines = []
    for row in failing:
        found = finding(row)
        named = f" (`{row['observation_id']}`)" if row.get("observation_id") else ""
        place = f"**{found.place}** " if found.place else ""
        lines.append(f"- {place}{found.what}{named}")
        if found.sentence:
            lines += ["", f"  > {found.sentence}", ""]
    return "\n".join(lines)


def _quarantine_table(records: Sequence[SnapshotRecord]) -> str:
    return _table(("document", "reason", "detail"), [(record.uri, record.reason, record.detail) for record in records])


def _snapshot_table(records: Sequence[SnapshotRecord]) -> str:
    rows = [
        (record.identity.region_code, record.identity.report_year, record.identity.publisher, record.identity.title)
        for record in records
        if record.identity
    ]
    return _table(("region", "year", "publisher", "title"), rows)


def _table(columns: Sequence[str], rows: Sequence[Iterable[Any]]) -> str:
    """A Markdown table of the first rows."""
    lines = [_table_row(columns), _table_row("---" for _ in columns), *(_table_row(row) for row in rows[:PREVIEW])]
    if len(rows) > PREVIEW:
        lines += ["", f"and {len(rows) - PREVIEW} more"]
    return "\n".join(lines)


def _table_row(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
