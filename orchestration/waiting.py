"""What waits to be read: the partitions whose staged figures aren't those of the reports that are now known."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from orchestration.partitions import Partition
from orchestration.readings import source_of
from orchestration.settings import Settings
from sources.snapshots import SnapshotRecord
from transforms.corrections import Ledger
from warehouse.staging import REPORTS, StagingError, read_staged, staged_files
from warehouse.staging import partition_of as partition_of_file

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
    staged: dict[Partition, set[StagedAs]] = {}
    for file in staged_files(staging, "reports"):
        try:
            rows = read_staged(file, REPORTS).select(["snapshot_id", "corrections"]).to_pylist()
            staged[partition_of_file(file)] = {(row["snapshot_id"], row["corrections"]) for row in rows}
        except StagingError:
            staged[partition_of_file(file)] = set()
    return staged


def configured(settings: Settings, partitions: Iterable[Partition]) -> set[Partition]:
    """Those of the partitions that the settings know."""
    return {(year, region) for year, region in partitions if year in settings.years and region in settings.regions}
