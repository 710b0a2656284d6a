"""What waits to be read: the partitions whose staged figures aren't those of the reports that are now known."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from orchestration.partitions import Partition
from orchestration.readings import source_of
from sources.snapshots import SnapshotRecord
from transforms.corrections import Ledger
from warehouse.staging import REPORTS, StagingError, partition_file, read_staged, staged_regions, staged_years

StagedAs = tuple[str, str]
"""A report as staged: its snapshot id, and the version of the ledger's entries about it."""


def identified(records: Iterable[SnapshotRecord], corrections: Ledger) -> dict[Partition, set[StagedAs]]:
    """What each partition should hold, as the reports were identified and the ledger says."""
    reports: dict[Partition, set[StagedAs]] = defaultdict(set)
    for record in records:
        if identity := record.identity:
            version = corrections.version(source_of(record.snapshot_id, identity))
            reports[identity.report_year, identity.region_code].add((record.snapshot_id, version))
    return dict(reports)


def partitions_concerned(
    taken: Collection[Partition],
    known: Mapping[Partition, Collection[StagedAs]],
    staged: Mapping[Partition, Collection[StagedAs]],
) -> set[Partition]:
    """The partitions to read: those of the reports just taken in, and those where staging and snapshots differ.

    They differ where a report was identified but never staged, was moved to another partition by a new hint,
    is gone, or where the ledger says something else about it now.
    """
    differing = {
        partition
        for partition in known.keys() | staged.keys()
        if set(known.get(partition, ())) != set(staged.get(partition, ()))
    }
    return set(taken) | differing


def staged_reports(staging: Path) -> dict[Partition, set[StagedAs]]:
    """What each staged partition holds; nothing for a file that can't be read, which is then rewritten."""
    return {
        (year, region): set(_held_by(partition_file(staging, "reports", year, region), found.st_mtime_ns))
        for year in staged_years(staging)
        for region, found in staged_regions(staging, "reports", year).items()
    }


@lru_cache(maxsize=50_000)
def _held_by(file: Path, written: int) -> frozenset[StagedAs]:  # noqa: ARG001 - another version is another file
    """What a file holds, read once for each of its versions: a sensor asks twice a minute, for ever."""
    try:
        rows = read_staged(file, REPORTS).select(["snapshot_id", "corrections"]).to_pylist()
    except StagingError:
        return frozenset()
    return frozenset((row["snapshot_id"], row["corrections"]) for row in rows)
