"""Putting an audited candidate, or an earlier release, in the place of the published warehouse.

Readers that hold the old file keep reading it; readers that open the path afterwards see the new one.
"""

import os
from pathlib import Path

import duckdb

from sources.files import clear_stale_temporaries
from warehouse.releases import (
    KEEP,
    Release,
    ReleaseError,
    alone,
    keep,
    kept_releases,
    prune,
    put_in_place,
    sha256_of,
    write_manifest,
)

_NAMED = 5
"""Partitions that an error names."""


class PublishError(ReleaseError):
    """The candidate may not or can't be published; the published warehouse is as it was."""


class BlockedError(PublishError):
    """The candidate failed an expectation of severity error."""


def publish(candidate: Path, target: Path, *, most: int = KEEP) -> None:
    """Move `candidate` to `target` in one step, and keep it among the last `most` releases.

    Raises PublishError where the candidate is missing, not closed, not audited or failed an expectation of
    severity error, and where a stale write-ahead log lies beside the target.
    """
    _refuse_stale_log(target)
    _refuse_unfinished(candidate)
    _refuse_unsound(candidate)
    manifest = candidate.with_suffix(".json")
    try:
        with alone(target):
            keep(target)  # already done, unless the last publication was killed
            clear_stale_temporaries(candidate.parent)
            write_manifest(candidate, manifest)
            _sync(candidate)
            candidate.replace(target)
            _sync(target.parent)
            keep(target, manifest)
            prune(target, most)
    except OSError as error:
        raise PublishError(
            f"can't move {candidate} to {target}: {error.strerror}. Both must be writable, on one file "
            "system, and have room left; the published warehouse is whole."
        ) from error


def roll_back(target: Path, wanted: str = "") -> Release:
    """Put a kept release in the place of the published warehouse, in one step; returns it.

    `wanted` is a release id or the beginning of one; without it the release before the published one is meant.
    Raises ReleaseError where there is none such, where its file isn't what was published, and where a stale
    write-ahead log lies beside the target. The release that was published is kept.
    """
    _refuse_stale_log(target)
    try:
        with alone(target):
            keep(target)
            release = _chosen(kept_releases(target), wanted)
            _refuse_changed(release)
            put_in_place(release.file, target)
    except OSError as error:
        raise ReleaseError(
            f"can't put a release in the place of {target}: {error.strerror}. Its folder must be writable and "
            "have room left; the published warehouse is whole."
        ) from error
    return release


def _chosen(releases: list[Release], wanted: str) -> Release:
    """Of the kept releases, newest first, the one that is wanted."""
    if wanted:
        found = [one for one in releases if one.release_id.startswith(wanted) or one.name == wanted]
        what = f"release {wanted}"
    else:
        published = next((at for at, one in enumerate(releases) if one.published), len(releases))
        found = releases[published + 1 : published + 2]
        what = "release before the published one"
    if len({one.release_id for one in found}) != 1:
        kept = ", ".join(one.release_id for one in releases) or "none"
        many = "more than one" if found else "no"
        raise ReleaseError(f"there is {many} {what}; kept are, the newest first: {kept}. See fazhi releases.")
    return found[0]


def _refuse_changed(release: Release) -> None:
    log = release.file.with_name(f"{release.file.name}.wal")
    if log.exists() or sha256_of(release.file) != release.sha256:
        raise ReleaseError(
            f"{release.file} isn't what was published: some program has written to it. Choose another release "
            "(fazhi releases), or build anew (fazhi run)."
        )


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
            unchecked = connection.execute(
                "SELECT region_code || '|' || year_key FROM staged_partition "
                "WHERE observations_sha256 IS NOT NULL AND checked_by IS NULL ORDER BY ALL"
            ).fetchall()
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
    if unchecked:
        named = ", ".join(name for (name,) in unchecked[:_NAMED]) + (", …" if len(unchecked) > _NAMED else "")
        raise PublishError(
            f"{candidate} holds figures of {len(unchecked)} partitions that were not checked as they are in it: "
            f"{named}. Others were staged since it was built; build the warehouse again"
        )
    failed = [name for name, sound in results if not sound]
    if failed:
        raise BlockedError(
            f"expectations of severity error failed: {', '.join(failed)}. The published warehouse stays as it is; "
            "see the view quality_open in the candidate for the rows and for what to do, or fazhi check."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
