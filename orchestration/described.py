"""What a run says about itself in the Dagster UI: counts, small previews, failing rows with their sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.data_version import DATA_VERSION_TAG

from orchestration import pictures
from orchestration.findings import finding
from orchestration.partitions import Partition, partition_key
from orchestration.readings import Staged, reports_by_partition, version_of
from sources.intake import IntakeSummary
from sources.snapshots import SnapshotRecord
from warehouse.expectations.declarations import expectations
from warehouse.expectations.results import ExpectationResult
from warehouse.export import Exported
from warehouse.query import query

PREVIEW = 20
"""Rows of a preview table."""

COLUMNS = 12
"""Columns of the preview of a table of the warehouse."""

LONGEST_CELL = 60

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!|~&@]|(?<=www)\.|:(?=//)")
"""What Markdown gives a meaning to, the beginnings of addresses among it, of which it makes links unasked."""


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


def documents(
    records: Iterable[SnapshotRecord], partitions: Iterable[Partition]
) -> Iterator[dg.AssetObservation | dg.AssetMaterialization]:
    """What is to be seen of the asset documents in some partitions, with the data version of each.

    An observation is what Dagster compares data versions by where an asset has no step of its own; a materialization
    after it is what it counts a partition as filled by.
    """
    reports = reports_by_partition(records)
    for year, region in sorted(partitions):
        own = reports[year, region]
        partition = dg.MultiPartitionKey({"region": region, "year": str(year)})
        metadata: dict[str, Any] = {"reports": len(own), "preview": dg.MetadataValue.md(_snapshot_table(own))}
        tags = {DATA_VERSION_TAG: version_of(own)}
        yield dg.AssetObservation("documents", partition=partition, metadata=metadata, tags=tags)
        yield dg.AssetMaterialization("documents", partition=partition, metadata=metadata, tags=tags)


def readings(staged: Sequence[Staged]) -> dict[str, Any]:
    """Of a run of the asset observations: figures read and coded, a row a partition."""
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


def reading(staged: Staged) -> dict[str, Any]:
    """Of one partition of the asset observations."""
    return {"dagster/partition_row_count": staged.figures, "partition reports": staged.reports}


def read_nevertheless(staged: Staged) -> dg.AssetMaterialization:
    """A partition that was read in a run in which another one failed."""
    year, region = staged.partition
    return dg.AssetMaterialization(
        "observations",
        partition=dg.MultiPartitionKey({"region": region, "year": str(year)}),
        metadata={**readings([staged]), **reading(staged)},
    )


def relation(database: Path, name: str) -> dict[str, Any]:
    """Of a table or view: how many rows, and the first of them."""
    ((rows,),) = query(database, f'SELECT count(*) FROM "{name}"').rows  # noqa: S608 - of our schema
    first = query(database, f'SELECT * FROM "{name}" LIMIT {PREVIEW}')  # noqa: S608
    shown = [[_short(value) for value in row[:COLUMNS]] for row in first.rows]
    return {
        "dagster/row_count": rows,
        "preview": dg.MetadataValue.md(_table(first.columns[:COLUMNS], shown, of=rows)),
    }


def view(warehouse: Path, name: str) -> dict[str, Any]:
    """Of a view: as a table, with a picture where there is one."""
    described = relation(warehouse, name)
    if picture := pictures.OF_VIEWS.get(name):
        described["picture"] = dg.MetadataValue.md(picture(warehouse))
    return described


def exported(files: Sequence[Exported]) -> dict[str, Any]:
    """Of the asset exports: the files with their rows and bytes."""
    rows = [(one.file.name, one.rows, one.bytes) for one in files]
    return {
        "folder": dg.MetadataValue.path(files[0].file.parent),
        "files": dg.MetadataValue.md(_table(("file", "rows", "bytes"), rows)),
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
        lines.append(f"- {place}{literal(found.what)}{named}")
        if found.sentence:
            lines += ["", f"  > {literal(found.sentence)}", ""]
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


def _table(columns: Sequence[str], rows: Sequence[Iterable[Any]], of: int | None = None) -> str:
    """A Markdown table of the first rows, of so many if these are not all."""
    lines = [_table_row(columns), "|---" * len(columns) + "|", *(_table_row(row) for row in rows[:PREVIEW])]
    if (more := (len(rows) if of is None else of) - PREVIEW) > 0:
        lines += ["", f"and {more} more"]
    return "\n".join(lines)


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def literal(text: Any) -> str:
    """A text on one line that Markdown shows as it is: what a report says is no heading, link or picture of ours."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(str(text).split()))


def _table_row(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(literal(cell) for cell in cells) + " |"
