"""Putting an audited candidate in the place of the published warehouse.

Readers that hold the old file keep reading it; readers that open the path afterwards see the new one.
"""

import os
from pathlib import Path

import duckdb


class PublishError(Exception):
    """The candidate may not or can't be published; the published warehouse is as it was."""


def publish(candidate: Path, target: Path) -> None:
    """Move `candidate` to `target` in one step.

    Raises PublishError where the candidate is missing, not closed, not audited or failed an expectation of
    severity error, and where a stale write-ahead log lies beside the target.
    """
    _refuse_stale_log(target)
    _refuse_unfinished(candidate)
    _refuse_unsound(candidate)
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(candidate)
    try:
        candidate.replace(target)
    except OSError as error:
        raise PublishError(
            f"can't move {candidate} to {target}: {error.strerror}. Both must be writable and on one file system."
        ) from error
    _sync(target.parent)


def _refuse_stale_log(target: Path) -> None:
    log = target.with_name(f"{target.name}.wal")
    if log.exists():
        raise PublishError(
            f"{log} lies beside the published warehouse: some program opened {target.name} for writing. DuckDB would "
            "replay that log into the new warehouse. Close that program (it should open the file read-only), "
            f"then delete {log.name} or move it away, and publish again."
        )


def _refuse_unfinished(candidate: Path) -> None:
    if not candidate.exists():
        raise PublishError(f"there is no candidate at {candidate}; build the warehouse first")
    log = candidate.with_name(f"{candidate.name}.wal")
    if log.exists():
        raise PublishError(f"{candidate} was not closed properly ({log.name} lies beside it); build it again")


def _refuse_unsound(candidate: Path) -> None:
    try:
        with duckdb.connect(candidate, read_only=True) as connection:
            results = connection.execute(
                "SELECT expectation_id, bool_and(success OR severity <> 'error') "
                "FROM quality_result GROUP BY 1 ORDER BY 1"
            ).fetchall()
    except duckdb.Error as error:
        raise PublishError(
            f"{candidate} is not a warehouse: {str(error).splitlines()[0]}; build the warehouse again"
        ) from error
    if not results:
        raise PublishError(f"{candidate} has not been audited; record the results of the expectations in it first")
    failed = [name for name, sound in results if not sound]
    if failed:
        raise PublishError(
            f"expectations of severity error failed: {', '.join(failed)}. The published warehouse stays as it is; "
            "see quality_result in the candidate for the rows and for what to do."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
