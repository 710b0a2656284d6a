"""What the expectations found, kept where the next build and the next years find it.

    <staging>/quality/year=2024/region=430500/results.json    what is now known of a partition
    <history>/2026-11/20261126T004915Z-1b9c0d2e-partition.parquet    every result of a run, for ever

A run checks many partitions at once; here each has its own file, so that a rerun of one replaces only its own
results, and a build sees those of all. Results say which figures they are of, by their hash, and by which suites and
lexicon: they count for no others.
"""

import io
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sources.files import write_atomically
from transforms.lexicon import lexicon
from warehouse.expectations.declarations import expectations, suites_on
from warehouse.expectations.results import ExpectationResult, PartitionOutcome, joined
from warehouse.staging import alone_in, partition_file, staged_files, staged_hash, write_partition_file

_LOG = logging.getLogger(__name__)

_HISTORY: dict[str, pa.DataType] = {
    "run_id": pa.string(),
    "checked_at": pa.timestamp("ms"),
    "release_id": pa.string(),
    "suite": pa.string(),
    "expectation_id": pa.string(),
    "region_code": pa.string(),
    "report_year": pa.int32(),
    "severity": pa.string(),
    "success": pa.bool_(),
    "checked": pa.int64(),
    "unexpected": pa.int64(),
    "things": pa.list_(pa.string()),
    "failing": pa.string(),
}
HISTORY = pa.schema(_HISTORY)
"""The columns of a file of the history: those of the table quality_run."""


Figures = Mapping[tuple[int, str], str]
"""The hash of the figures of each partition (year, region code), see staging.hash_of."""


def keep_results(root: Path, figures: Figures, results: Sequence[ExpectationResult]) -> list[ExpectationResult]:
    """Keep the results of the partition suites for each partition they were run on; returns them, one a partition.

    `figures` are those that were checked. Where others have been staged since, what was found is returned but not kept.
    """
    kept, by = [], checked_by()
    for (year, region_code), looked_at in sorted(figures.items()):
        own = [_of_partition(result, year, region_code) for result in results]
        path = partition_file(root, "quality", year, region_code)
        data = {"figures": looked_at, "suites": by, "results": [asdict(one) for one in own]}
        with alone_in(root):
            if staged_hash(root, "observations", year, region_code) == looked_at:
                text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
                write_partition_file(path, text.encode())
        kept += own
    return kept


def kept_results(root: Path) -> list[ExpectationResult]:
    """The kept results of all partitions, one an expectation still declared, with the outcome of each partition."""
    return _together(_kept(path)["results"] for path in staged_files(root, "quality"))


def checked(root: Path, figures: Figures) -> tuple[list[ExpectationResult], set[tuple[int, str]]]:
    """Of the kept results those of exactly these figures by the suites of today, and which partitions have any.

    Both are of one reading of the files, since another run may write them at any moment.
    """
    valid = _valid(root, figures)
    return _together(valid.values()), set(valid)


def unchecked(root: Path, figures: Figures) -> set[tuple[int, str]]:
    """The partitions without results of exactly these figures by the suites of today."""
    return set(figures) - set(_valid(root, figures))


def checked_by() -> str:
    """What figures are checked by: the suites of a partition, and the lexicon that has the bounds of indicators."""
    return "-".join([*(suite.version for suite in suites_on("partition")), lexicon().version])


def _valid(root: Path, figures: Figures) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """The rows of results that count, by partition."""
    by = checked_by()
    files = {partition: _kept(partition_file(root, "quality", *partition)) for partition in sorted(figures)}
    return {
        partition: kept["results"]
        for partition, kept in files.items()
        if (kept["figures"], kept["suites"]) == (figures[partition], by)
    }


def _together(kept: Iterable[list[dict[str, Any]]]) -> list[ExpectationResult]:
    """The rows of results of many partitions as one result an expectation."""
    found: dict[str, list[ExpectationResult]] = {}
    for rows in kept:
        for row in rows:
            one = ExpectationResult(**row)
            if one.expectation_id in expectations():
                outcome = PartitionOutcome(one.checked, one.unexpected, one.failing)
                whole = replace(one, partitions={f"{one.region_code}|{one.year}": outcome}, region_code=None, year=None)
                found.setdefault(one.expectation_id, []).append(whole)
    return [joined(results) for results in found.values()]


def keep_history(folder: Path, results: Sequence[ExpectationResult], *, release_id: str | None = None) -> None:
    """Add the results of one run, a row an expectation and partition, to the history."""
    rows = history_rows(results, release_id)
    if not rows:
        return
    first = results[0]
    day = datetime.fromisoformat(first.checked_at)
    where = "candidate" if release_id else "partition"
    path = folder / f"{day:%Y-%m}" / f"{day:%Y%m%dT%H%M%SZ}-{first.run_id[:8] or 'none'}-{where}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=HISTORY), buffer, compression="zstd")
    write_atomically(path, buffer.getvalue())


def history_files(folder: Path) -> list[Path]:
    """The files of the history, the oldest first; one that can't be read is put aside and said in the log."""
    return [path for path in sorted(folder.glob("*/*.parquet")) if _is_sound(path)]


def history_rows(results: Iterable[ExpectationResult], release_id: str | None = None) -> list[dict[str, Any]]:
    """Results as rows of the history, one a partition where a result knows its partitions."""
    return [_history_row(one, release_id) for result in results for one in result.by_partition() or [result]]


def _history_row(result: ExpectationResult, release_id: str | None) -> dict[str, Any]:
    """A result as a row of the history."""
    return {
        **{name: getattr(result, name) for name in ("run_id", "suite", "expectation_id", "region_code", "severity")},
        **{name: getattr(result, name) for name in ("success", "checked", "unexpected")},
        "checked_at": datetime.fromisoformat(result.checked_at).replace(tzinfo=None) if result.checked_at else None,
        "release_id": release_id,
        "report_year": result.year,
        "things": [str(row["thing"]) for row in result.failing if row.get("thing")],
        "failing": json.dumps(result.failing, ensure_ascii=False, sort_keys=True),
    }


def _of_partition(result: ExpectationResult, year: int, region_code: str) -> ExpectationResult:
    nothing = PartitionOutcome(checked=0, unexpected=0, failing=[])
    # an expectation that couldn't be evaluated failed everywhere, without an outcome of its own anywhere
    evaluated = result.success or bool(result.partitions)
    outcome = result.partitions.get(f"{region_code}|{year}", nothing)
    return replace(
        result,
        success=evaluated and outcome.unexpected == 0,
        checked=outcome.checked,
        unexpected=outcome.unexpected if evaluated else result.unexpected,
        failing=outcome.failing if evaluated else result.failing,
        partitions={},
        region_code=region_code,
        year=year,
    )


def _kept(path: Path) -> dict[str, Any]:
    """What a file of results holds; nothing where there is none, or one of an earlier version of fazhi."""
    nothing: dict[str, Any] = {"figures": "", "suites": "", "results": []}
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return nothing
    return nothing | kept if isinstance(kept, dict) else nothing


def _is_sound(path: Path) -> bool:
    try:
        if pq.read_schema(path).equals(HISTORY):
            return True
        reason = "its columns are those of another version"
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
    _LOG.warning(
        "%s can't be read as history of checks: %s. It is left out and kept as %s.broken", path, reason, path.name
    )
    path.rename(path.with_name(f"{path.name}.broken"))
    return False
