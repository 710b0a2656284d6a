"""Building a candidate warehouse beside the published one, and writing what the audit found into it.

This is the only place that opens DuckDB for writing, and never the published path. A build goes to a
temporary file that gets the candidate's name when it is complete and closed.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from sources.files import locked
from transforms.corrections import Ledger
from warehouse import identities, knowledge, plausibility, quality
from warehouse.bounds import bounds as own_bounds
from warehouse.compaction import CompactedYear, compacted
from warehouse.expectations.results import ExpectationResult
from warehouse.provenance import release_of
from warehouse.relations import define_tables, define_views
from warehouse.staging import SCHEMAS, StagingError, broken_file, partition_file, read_staged, staged_hash
from warehouse.statements import statements

if TYPE_CHECKING:
    from sources.regions import Region
    from sources.snapshots import SnapshotRecord
    from transforms.lexicon import Lexicon
    from warehouse.bounds import Bounds


STORAGE_VERSION = "v1.5.0"
"""Written by whatever DuckDB builds, so that 1.5 opens what 2.0 has built."""

MEMORY_LIMIT = "2GB"
"""Of DuckDB's buffers; the process takes about as much at ten million figures, and spills rather than grow."""


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
    bounds: "Bounds | None" = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BuildSummary:
    """Read everything staged under `root` and write a new warehouse at `candidate`.

    `regions` are the codes the warehouse is meant to cover. Records of `quarantine` that carry no reason are
    left out. `corrections` is the ledger that the staged figures were corrected by. `bounds` say how far a figure
    may lie from the usual; those that ship without it.

    The same input gives the same content but for the time that `clock` tells. Raises BuildError or
    StagingError; `candidate` is then as it was before.
    """
    if gazetteer is None:
        from sources.regions import regions as all_regions  # noqa: PLC0415 - read only where it is needed

        gazetteer = all_regions()
    unknown = sorted(set(regions) - set(gazetteer))
    if unknown:
        raise BuildError(f"no such region: {', '.join(unknown)}; expected county-level or higher codes of GB/T 2260")
    known = knowledge.tables(
        lexicon, gazetteer, set(regions), quarantine, corrections or Ledger(()), bounds or own_bounds()
    )
    with _alone(candidate), _room(candidate), _written_beside(candidate) as path, _opened(path) as connection:
        define_tables(connection)
        years = compacted(root)
        known["staged_file"] = _staged_files(years)
        known["release_of"] = release_of(known, lexicon.version, clock())
        for name, table in known.items():
            connection.register(name, table)
        _load(connection, root, years)
        _refuse_staged_since(root, years)
        define_views(connection)
        summary = _summary(connection)
        connection.execute("CHECKPOINT")
    return summary


def record_comparisons(candidate: Path) -> None:
    """Compare the figures of a candidate that must agree or lie near one another, and write what was found into it.

    Replaces what was recorded before. Raises BuildError where there is no room for it.
    """
    with _room(candidate), _opened(candidate) as connection:
        connection.execute("DELETE FROM identity_check")
        identities.insert(connection)
        connection.execute("DELETE FROM plausibility_check")
        plausibility.insert(connection)
        connection.execute("CHECKPOINT")


def staged_figures(candidate: Path) -> dict[tuple[int, str], str]:
    """The hash of the figures that a candidate was built of, by partition (year, region code)."""
    with duckdb.connect(candidate, read_only=True) as connection:
        rows = connection.execute(
            "SELECT year_key, region_code, observations_sha256 FROM staged_partition "
            "WHERE observations_sha256 IS NOT NULL"
        ).fetchall()
    return {(year, region): sha256 for year, region, sha256 in rows}


def record_checks(
    candidate: Path, root: Path, results: Sequence[ExpectationResult], history: Path | None = None
) -> None:
    """`record_results` of the candidate's own suites, with what is kept under `root` of exactly its figures."""
    kept, partitions = quality.checked(root, staged_figures(candidate))
    record_results(candidate, [*kept, *results], history, checked=partitions, by=quality.checked_by())


def record_results(
    candidate: Path,
    results: Sequence[ExpectationResult],
    history: Path | None = None,
    *,
    checked: Collection[tuple[int, str]] = (),
    by: str = "",
) -> None:
    """Write the results of the expectations into the candidate, and the history of those of all runs from its folder.

    A result that knows its partitions becomes a row a partition. `checked` are the partitions whose figures, as they
    are in the candidate, the results are of, `by` what they were checked by; publication refuses all others. Replaces
    what was recorded before. Raises BuildError where there is no room for it.
    """
    rows = quality.history_rows(results)
    with _room(candidate), _opened(candidate) as connection:
        connection.register("found", pa.Table.from_pylist(rows, schema=quality.HISTORY))
        connection.execute("DELETE FROM quality_result")
        connection.execute("INSERT INTO quality_result BY NAME SELECT * EXCLUDE (release_id, things) FROM found")
        connection.execute(
            "UPDATE staged_partition SET checked_by = "
            "CASE WHEN (region_code || '|' || year_key) IN (SELECT unnest($checked::VARCHAR[])) THEN $by END",
            {"checked": [f"{region}|{year}" for year, region in checked], "by": by},
        )
        connection.execute("DELETE FROM quality_run")
        if files := [str(file) for file in (quality.history_files(history) if history else [])]:
            connection.execute(
                "INSERT INTO quality_run SELECT * FROM read_parquet($files) ORDER BY ALL", {"files": files}
            )
        connection.execute("CHECKPOINT")


def release_id(candidate: Path) -> str:
    """The id of the release that a candidate would be."""
    with duckdb.connect(candidate, read_only=True) as connection:
        return str(connection.execute("SELECT release_id FROM release").fetchall()[0][0])


_STAGED_FILES: dict[str, pa.DataType] = {
    "year": pa.int32(),
    "region_code": pa.string(),
    "kind": pa.string(),
    "rows": pa.int64(),
    "sha256": pa.string(),
}
_READS = {"staged_observation": "observations", "staged_report": "reports"}
"""The statements of load.sql that read staged files, and which."""

_BY_YEARS = "fact_observation"
"""The statement of load.sql that sorts nearly all observations. Its order begins with the year, so it can run on some
years after others, which bounds the memory it takes."""

_BATCH_ROWS = 1_500_000
"""Observations that are sorted together, unless one year has more."""


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    """The one way a warehouse is opened for writing."""
    connection = duckdb.connect(path, config={"storage_compatibility_version": STORAGE_VERSION})
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    # one checkpoint in the end instead of one after each statement
    connection.execute("SET checkpoint_threshold = '1TB'")
    return connection


def _staged_files(years: Sequence[CompactedYear]) -> pa.Table:
    """One row a partition file, as staged_partition counts them."""
    rows = [
        {"year": year.year, "region_code": region, "kind": kind, "rows": file.rows, "sha256": file.sha256}
        for year in years
        for kind, parts in year.parts.items()
        for region, file in parts.items()
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(_STAGED_FILES))


def _load(connection: duckdb.DuckDBPyConnection, root: Path, years: Sequence[CompactedYear]) -> None:
    """Run load.sql over what is staged; the statement _BY_YEARS once for each batch of years, the others once."""
    files = {kind: [file for year in years for file in year.files(root, kind)] for kind in SCHEMAS}
    try:
        for name, statement in statements("load.sql").items():
            kind = _READS.get(name)
            if kind and not files[kind]:
                connection.register(name, SCHEMAS[kind].empty_table())
                continue
            if kind:
                _read_from(connection, name, files[kind])
            if name == "dim_report":
                _refuse_report_in_two_partitions(connection)
            if name != _BY_YEARS:
                connection.execute(statement)
                continue
            for batch in _batches(years):
                _read_from(
                    connection, "staged_observation", [f for one in batch for f in one.files(root, "observations")]
                )
                connection.execute(statement)
            _read_from(connection, "staged_observation", files["observations"])
    except duckdb.Error as error:
        raise _blame(files, error) from error


def _refuse_staged_since(root: Path, years: Sequence[CompactedYear]) -> None:
    """Partition files are read by several statements, and all must have seen the same; compacted ones stay."""
    for year in years:
        for kind in year.parts.keys() - year.hashes.keys():
            for region, noted in year.parts[kind].items():
                if staged_hash(root, kind, year.year, region) != noted.sha256:
                    raise BuildError(
                        f"{partition_file(root, kind, year.year, region)} was written anew while the warehouse was "
                        "being built of it; expected a file that stays as it is. Build the warehouse again; the "
                        "published one is as it was."
                    )


def _batches(years: Sequence[CompactedYear]) -> Iterator[list[CompactedYear]]:
    """Consecutive years of together at most _BATCH_ROWS observations, or one year that alone has more."""
    batch: list[CompactedYear] = []
    rows = 0
    for year in years:
        own = sum(file.rows for file in year.parts.get("observations", {}).values())
        if batch and rows + own > _BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        if own:
            batch, rows = [*batch, year], rows + own
    if batch:
        yield batch


def _read_from(connection: duckdb.DuckDBPyConnection, view: str, files: Sequence[Path]) -> None:
    connection.execute(f"SET VARIABLE {view}_files = $paths", {"paths": [str(file) for file in files]})


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
                read_staged(file, schema)
                with duckdb.connect() as connection:
                    connection.execute("SELECT * FROM read_parquet($file)", {"file": str(file)}).fetchall()
            except StagingError as broken:
                return broken
            except duckdb.Error as broken:
                return broken_file(file, str(broken))
    if isinstance(error, _WRITING):
        return error  # of the candidate, see _room
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
    try:
        with locked(candidate.with_name(f".{candidate.name}.lock")):
            yield
    except BlockingIOError as error:
        raise BuildError(f"another build of {candidate} is running; wait for it to end, then run again") from error


_WRITING = (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException)
"""What DuckDB raises where a file can't be read or written."""


@contextmanager
def _room(candidate: Path) -> Iterator[None]:
    """Say what it means that DuckDB can't write. Raises BuildError."""
    try:
        yield
    except _WRITING as error:
        free = shutil.disk_usage(candidate.parent).free / 2**20
        raise BuildError(
            f"{candidate} can't be written: {str(error).splitlines()[0]} ({free:.0f} MiB are free there). "
            "The published warehouse is as it was; where there is no room left, make some and run again."
        ) from error


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
