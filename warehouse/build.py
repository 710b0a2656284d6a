"""Building a candidate warehouse beside the published one, and writing what the audit found into it.

This is the only place that opens DuckDB for writing, and never the published path. A build goes to a
temporary file that gets the candidate's name when it is complete and closed.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.corrections import Ledger
from warehouse import identities, knowledge, wide
from warehouse.expectations.suites import ExpectationResult
from warehouse.staging import SCHEMAS, broken_file, staged_files
from warehouse.statements import script, statements

if TYPE_CHECKING:
    from sources.regions import Region
    from sources.snapshots import SnapshotRecord
    from transforms.lexicon import Lexicon


class BuildError(Exception):
    """The candidate can't be built; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What went into the candidate, in rows."""

    partitions: int
    reports: int
    observations: int
    unmapped: int
    quarantined: int


def build(
    root: Path,
    candidate: Path,
    *,
    quarantine: "Sequence[SnapshotRecord]",
    regions: Sequence[str],
    lexicon: "Lexicon",
    gazetteer: "Mapping[str, Region] | None" = None,
    corrections: "Ledger | None" = None,
) -> BuildSummary:
    """Read everything staged under `root` and write a new warehouse at `candidate`.

    `regions` are the codes the warehouse is meant to cover. Records of `quarantine` that carry no reason are
    left out. `corrections` is the ledger that the staged figures were corrected by.

    The same input gives the same content. Raises BuildError or StagingError; `candidate` is then
    as it was before.
    """
    if gazetteer is None:
        from sources.regions import regions as all_regions  # noqa: PLC0415 - read only where it is needed

        gazetteer = all_regions()
    unknown = sorted(set(regions) - set(gazetteer))
    if unknown:
        raise BuildError(f"no such region: {', '.join(unknown)}; expected county-level or higher codes of GB/T 2260")
    with _alone(candidate), _written_beside(candidate) as path, duckdb.connect(path) as connection:
        _define(connection, "schema.sql")
        for name, table in knowledge.tables(
            lexicon, gazetteer, set(regions), quarantine, corrections or Ledger(())
        ).items():
            connection.register(name, table)
        _load(connection, root)
        _define(connection, "views.sql")
        _define(connection, "analysis.sql")
        wide.define(connection)
        summary = _summary(connection)
        connection.execute("CHECKPOINT")
    return summary


def record_results(candidate: Path, results: Sequence[ExpectationResult]) -> None:
    """Write the results of the expectations and the frame of identities into the candidate.

    A result that knows its partitions becomes a row a partition. Replaces what was recorded before.
    """
    rows = pa.Table.from_pylist([row for result in results for row in _result_rows(result)], schema=pa.schema(_RESULTS))
    with duckdb.connect(candidate) as connection:
        connection.register("found", rows)
        connection.execute("DELETE FROM quality_result")
        connection.execute("INSERT INTO quality_result SELECT * FROM found")
        connection.execute("DELETE FROM identity_check")
        identities.insert(connection)
        connection.execute("CHECKPOINT")


_RESULTS: dict[str, pa.DataType] = {
    "suite": pa.string(),
    "expectation_id": pa.string(),
    "region_code": pa.string(),
    "report_year": pa.int32(),
    "severity": pa.string(),
    "success": pa.bool_(),
    "checked": pa.int64(),
    "unexpected": pa.int64(),
    "failing": pa.string(),
    "meaning_en": pa.string(),
    "meaning_zh": pa.string(),
    "action": pa.string(),
}
_READS = {"staged_observation": "observations", "staged_report": "reports"}
"""The statements of load.sql that read staged files, and which."""


def _result_rows(result: ExpectationResult) -> Iterator[dict[str, object]]:
    for part in result.by_partition() or (result,):
        yield {
            "suite": part.suite,
            "expectation_id": part.expectation_id,
            "region_code": part.region_code,
            "report_year": part.year,
            "severity": part.severity,
            "success": part.success,
            "checked": part.checked,
            "unexpected": part.unexpected,
            "failing": json.dumps(part.failing, ensure_ascii=False, sort_keys=True),
            "meaning_en": part.meaning_en,
            "meaning_zh": part.meaning_zh,
            "action": part.action,
        }


def _define(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    connection.begin()  # one transaction for the hundreds of comments
    connection.execute(script(file))
    connection.commit()


def _load(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    files = {kind: staged_files(root, kind) for kind in SCHEMAS}
    connection.execute("SET parquet_metadata_cache = true")  # every file is read by several statements
    try:
        for name, statement in statements("load.sql").items():
            kind = _READS.get(name)
            if kind and files[kind]:
                paths = [str(file) for file in files[kind]]
                connection.execute(f"SET VARIABLE {name}_files = $paths", {"paths": paths})
            elif kind:
                connection.register(name, SCHEMAS[kind].empty_table())
                continue
            if name == "staged_partition" and not any(files.values()):
                continue
            if name == "dim_report":
                _refuse_report_in_two_partitions(connection)
            connection.execute(statement)
    except duckdb.Error as error:
        raise _blame(files, error) from error


def _refuse_report_in_two_partitions(connection: duckdb.DuckDBPyConnection) -> None:
    twice = connection.execute(
        "SELECT snapshot_id, string_agg(region_code || '|' || report_year, ', ' ORDER BY report_year, region_code) "
        "FROM staged_report GROUP BY snapshot_id HAVING count(*) > 1 ORDER BY snapshot_id"
    ).fetchone()
    if twice:
        raise BuildError(
            f"report {twice[0][:12]} is staged more than once: in the partitions {twice[1]}. "
            "A report has one region and year; rerun these partitions so that only the right one keeps it."
        )


def _blame(files: Mapping[str, Sequence[Path]], error: duckdb.Error) -> Exception:
    """Which staged file made a load fail; only looked for after a failure, since it reads every file again."""
    for kind, schema in SCHEMAS.items():
        for file in files[kind]:
            try:
                with duckdb.connect() as connection:
                    connection.execute("SELECT * FROM read_parquet($file)", {"file": str(file)}).fetchall()
            except duckdb.Error as broken:
                return broken_file(file, str(broken))
            found = pq.read_schema(file)
            if not found.equals(schema):
                return broken_file(file, f"it has the columns {', '.join(found.names)}")
    return BuildError(f"the staged files are sound, but loading them failed: {error}")


def _summary(connection: duckdb.DuckDBPyConnection) -> BuildSummary:
    tables = ("staged_partition", "dim_report", "fact_observation", "unmapped_observation", "quarantine")
    counted = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608 - our own
    row = connection.execute(f"SELECT {counted}").fetchall()[0]
    partitions, reports, coded, unmapped, quarantined = row
    return BuildSummary(partitions, reports, coded + unmapped, unmapped, quarantined)


@contextmanager
def _alone(candidate: Path) -> Iterator[None]:
    """Hold the candidate's lock: two builds at once would clear each other's temporary files."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    lock = candidate.with_name(f".{candidate.name}.lock")
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"another build of {candidate} is running; wait for it to end, then run again") from error
        yield


@contextmanager
def _written_beside(candidate: Path) -> Iterator[Path]:
    """A temporary path for the new database; renamed to `candidate` when the block ends without an error."""
    _clear_leftovers(candidate)
    path = candidate.with_name(f".{candidate.name}.{os.getpid()}.tmp")
    try:
        yield path
        # the log of a candidate that was killed half-way would be replayed into the new one
        candidate.with_name(f"{candidate.name}.wal").unlink(missing_ok=True)
        path.replace(candidate)
    finally:
        _clear_leftovers(candidate)


def _clear_leftovers(candidate: Path) -> None:
    """Remove what a killed build left: the temporary database, its log, its spill folder."""
    for left in candidate.parent.glob(f".{candidate.name}.*.tmp*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
