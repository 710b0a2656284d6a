"""Partitions read from their snapshots: every report of a year and region, its figures, staged together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from orchestration.figures import Figures, figures_of
from orchestration.partitions import Partition, partition_key
from orchestration.progress import Progress, counted
from sources.document import Document, Identity
from sources.intake import OCR_SECONDS, unreadable
from sources.quarantine import Quarantined
from sources.snapshots import BrokenSnapshotError, SnapshotRecord, SnapshotStore
from sources.workers import LIMITS, BrokenOffError, Limits, guarded
from transforms.corrections import Ledger, Source, correct
from transforms.observation import Observation
from transforms.resolve import ReportKey, resolve
from warehouse.staging import StagedReport, stage

Reading = tuple[StagedReport, Document, Sequence[Observation]]
"""A report, its canonical text and its observations."""

Told = Figures | Quarantined | Exception
"""What came of reading a report in a process of its own."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What a partition holds after it was read, in rows; `quarantined` are snapshots that could not be read again."""

    partition: Partition
    reports: int
    figures: int
    coded: int
    suspect: int
    quarantined: int


@dataclass(slots=True)
class Outcome:
    """What came of reading some partitions: what each holds now, and why a partition could not be read."""

    staged: dict[Partition, Staged] = field(default_factory=dict)
    failed: dict[Partition, str] = field(default_factory=dict)


class UnreadPartitionsError(Exception):
    """Some partitions could not be read; they hold what they held before, and all others were read."""

    def __init__(self, failed: Mapping[Partition, str]) -> None:
        named = "; ".join(f"{partition_key(partition)}: {why}" for partition, why in sorted(failed.items()))
        super().__init__(f"{len(failed)} of the partitions could not be read and stay as they were: {named}")


def read_partitions(
    store: SnapshotStore,
    staging: Path,
    partitions: Sequence[Partition],
    ledger: Ledger,
    progress: Progress,
    limits: Limits = LIMITS,
) -> Outcome:
    """Read the reports of partitions on all cores, and stage one partition after the other.

    One that fails leaves the others alone.

    What came into the store meanwhile, while another run took reports in, is read as well, so that of two runs on
    the same partition the later one never leaves less than the earlier. Raises OSError where nothing can be written.
    """
    outcome = Outcome()
    waiting, read = list(partitions), dict.fromkeys(partitions, "")
    while waiting:
        stamp = store.stamp()
        reports = reports_by_partition(store.records())
        told = told_by(store, [report for partition in waiting for report in reports[partition]], limits)
        for partition in counted(waiting, "reading", len(waiting), progress):
            own = [(report, next(told)) for report in reports[partition]]
            read[partition] = version_of(reports[partition])
            _attempt(outcome, store, staging, partition, own, ledger)
        if store.stamp() == stamp:
            break
        now = reports_by_partition(store.records())
        waiting = [partition for partition in partitions if version_of(now[partition]) != read[partition]]
    return outcome


def reports_by_partition(records: Iterable[SnapshotRecord]) -> "defaultdict[Partition, list[SnapshotRecord]]":
    """The identified reports of each year and region, in the order of their ids."""
    reports: defaultdict[Partition, list[SnapshotRecord]] = defaultdict(list)
    for record in records:
        if record.identity and record.partition:
            reports[record.partition].append(record)
    return reports


def version_of(reports: Iterable[SnapshotRecord]) -> str:
    """A hash of which reports these are and what they were identified as, 16 hexadecimal digits."""
    return sha256(repr([(report.snapshot_id, report.identity) for report in reports]).encode()).hexdigest()[:16]


def _attempt(
    outcome: Outcome,
    store: SnapshotStore,
    staging: Path,
    partition: Partition,
    told: Sequence[tuple[SnapshotRecord, Told]],
    ledger: Ledger,
) -> None:
    try:
        outcome.staged[partition] = stage_partition(store, staging, partition, told, ledger)
        outcome.failed.pop(partition, None)
    except OSError:
        raise  # the disk; no partition after this one would fare better
    except Exception as error:  # whatever a report makes our reading do: the others must not wait for its mending
        outcome.staged.pop(partition, None)
        outcome.failed[partition] = f"{type(error).__name__}: {error}"


def told_by(store: SnapshotStore, reports: Sequence[SnapshotRecord], limits: Limits = LIMITS) -> Iterator[Told]:
    """What each of these reports tells, in their order, read side by side."""
    tasks = ((store.root, report.snapshot_id, report.name, report.identity) for report in reports)
    return guarded(figures_of, tasks, limits, seconds=OCR_SECONDS if any(map(_is_scan, reports)) else None)


def _is_scan(report: SnapshotRecord) -> bool:
    """Whether reading it anew may take OCR."""
    return report.media_type == "application/pdf" or report.media_type.startswith("image/")


def stage_partition(
    store: SnapshotStore,
    staging: Path,
    partition: Partition,
    told: Sequence[tuple[SnapshotRecord, Told]],
    ledger: Ledger,
) -> Staged:
    """Stage what the reports of a partition tell, replacing what was there.

    The figures are corrected as the ledger says before reports are held against one another. Raises CorrectionError
    where two of its entries are about the same figure.
    """
    readings = _resolved(list(_readings(store, told, ledger)))
    year, region = partition
    figures = stage(staging, year, region, [(report, document.text, own) for report, document, own in readings])
    return Staged(
        partition,
        reports=len(readings),
        figures=figures.num_rows,
        coded=figures.num_rows - figures["indicator"].null_count,
        suspect=figures["status"].to_pylist().count("suspect"),
        quarantined=len(told) - len(readings),
    )


def source_of(snapshot_id: str, identity: Identity) -> Source:
    """What the ledger can name a report by."""
    return Source(snapshot_id, identity.publisher, identity.region_code, identity.report_year)


def _readings(store: SnapshotStore, told: Iterable[tuple[SnapshotRecord, Told]], ledger: Ledger) -> Iterator[Reading]:
    for record, figures in told:
        if record.identity is None:
            continue
        if isinstance(figures, Figures):
            source = source_of(record.snapshot_id, record.identity)
            yield (
                _staged_report(record, record.identity, figures.document, ledger.version(source)),
                figures.document,
                correct(figures.observations, ledger.of(source)),
            )
        elif isinstance(figures, Quarantined | BrokenSnapshotError | BrokenOffError | OSError):
            store.record(record.snapshot_id, unreadable(figures, record), record.media_type)
        else:
            raise figures


def _resolved(readings: Sequence[Reading]) -> list[Reading]:
    """Which figure stands where several reports are on the same region and year."""
    keys = [
        ReportKey(report.snapshot_id, report.title, report.publisher, report.published, report.retrieved_at)
        for report, _, _ in readings
    ]
    standing = resolve([(key, figures) for key, (_, _, figures) in zip(keys, readings, strict=True)])
    return [(report, text, figures) for (report, text, _), figures in zip(readings, standing, strict=True)]


def _staged_report(record: SnapshotRecord, identity: Identity, document: Document, corrections: str) -> StagedReport:
    return StagedReport(
        snapshot_id=record.snapshot_id,
        title=identity.title,
        publisher=identity.publisher,
        region_code=identity.region_code,
        report_year=identity.report_year,
        published=identity.published,
        retrieved_at=record.retrieved_at,
        media_type=record.media_type,
        uri=record.uri,
        synthetic=identity.synthetic,
        characters=len(document.text),
        text_sha256=sha256(document.text.encode()).hexdigest(),
        confidence=identity.confidence,
        corrections=corrections,
    )
