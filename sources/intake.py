"""Taking documents in: find, keep the bytes, read, identify, record. One bad file never stops the rest."""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sources.document import Identity
from sources.files import clear_stale_temporaries, write_atomically
from sources.identify import Hint
from sources.inbox import FoundFile, Problem, find, folder_hint, merged
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr
from sources.reading import Looked, Member, look, reading_version
from sources.regions import regions as all_regions
from sources.snapshots import BrokenSnapshotError, Origin, SnapshotRecord, SnapshotStore
from sources.workers import LIMITS, BrokenOffError, Limits, guarded

_LOG = logging.getLogger(__name__)
_CHUNK = 1 << 20
_MEBIBYTE = 1 << 20

OCR_SECONDS = 900.0
"""What a scan of some dozens of pages may take; a page takes some seconds."""

Progress = Callable[[str, int, int], None]

_LOOKED_AT_BY = "looked_at_by"
"""The file of the store that says with which version of the code everything in quarantine was last looked at."""


@dataclass
class IntakeSummary:
    """What an intake did.

    `taken` is sorted by snapshot id, quarantined ones among them, the files of an archive in its place; `new` counts
    snapshots not known before; `touched` are the years and regions (as `SnapshotRecord.partition`) that a report taken
    in belongs to, or belonged to until a hint moved it; `problems` are the paths that gave no snapshot at all.
    """

    taken: list[SnapshotRecord] = field(default_factory=list)
    touched: set[tuple[int, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    new: int = 0


def take_in(
    paths: Iterable[Path],
    store: SnapshotStore,
    *,
    regions: Collection[str] | None,
    years: range | None,
    max_bytes: int,
    limits: Limits = LIMITS,
    on_progress: Progress | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IntakeSummary:
    """Take in every file at or below `paths`; running it again on the same files changes nothing.

    `regions` and `years` are those configured (None: all); a report of another one is quarantined. A file
    over `max_bytes` is noted by its hash but not copied. What is in quarantine is looked at again where a newer version
    of the code, OCR or LibreOffice may read it now. `on_progress(step, done, total)` is called before each file, once
    while it is kept and once while it is read, and at the end of both. Never raises for a bad file or path.
    """
    clear_stale_temporaries(store.root)
    intake = _Intake(store, regions, years, max_bytes, limits, on_progress or _untold)
    kept = intake.keep(find(paths), clock)
    intake.look({**intake.refused_by_another_version(), **kept})
    intake.summary.taken.sort(key=lambda record: record.snapshot_id)
    write_atomically(store.root / _LOOKED_AT_BY, reading_version().encode())
    return intake.summary


def _untold(step: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class _Intake:
    """One intake: what it works with, and what came of it so far."""

    store: SnapshotStore
    regions: Collection[str] | None
    years: range | None
    max_bytes: int
    limits: Limits
    on_progress: Progress
    summary: IntakeSummary = field(default_factory=IntakeSummary)

    def keep(self, found: Iterable[FoundFile | Problem], clock: Callable[[], datetime]) -> dict[str, Path]:
        """Keep the bytes of all files; where each snapshot was found first."""
        kept: dict[str, Path] = {}
        listed = list(found)
        for done, item in enumerate(listed):
            self.on_progress("taking in", done, len(listed))
            if isinstance(item, Problem):
                self.summary.problems.append(item)
                continue
            try:
                snapshot_id, is_new = _keep(item, self.store, self.max_bytes, clock)
            except (OSError, BrokenSnapshotError) as error:
                self._cannot_read(item.path, error)
                continue
            self.summary.new += is_new
            kept.setdefault(snapshot_id, item.path)
        self.on_progress("taking in", len(listed), len(listed))
        return kept

    def refused_by_another_version(self) -> dict[str, Path]:
        """The snapshots in quarantine that this version of the code hasn't looked at yet."""
        version, noted = reading_version(), self.store.root / _LOOKED_AT_BY
        if noted.exists() and noted.read_text(encoding="utf-8") == version:
            return {}
        stale = (record for record in self.store.records() if record.reason and record.looked_at_by != version)
        return {record.snapshot_id: Path(record.name) for record in stale}

    def look(self, snapshots: Mapping[str, Path]) -> None:
        """Look at snapshots, at those of archives among them as well, and record what each is."""
        waiting = dict(snapshots)
        seen: set[str] = set()
        while waiting:
            seen |= waiting.keys()
            waiting = {one: path for one, path in self._look_once(waiting).items() if one not in seen}

    def _look_once(self, snapshots: Mapping[str, Path]) -> dict[str, Path]:
        """Look at each of these; returns the files that archives among them held."""
        held: dict[str, Path] = {}
        records = self._records(snapshots)
        looked = self._looked(records)
        for done, (record, result) in enumerate(zip(records, looked, strict=True)):
            self.on_progress("reading", done, len(records))
            path = snapshots[record.snapshot_id]
            try:
                if isinstance(result, OSError | BrokenSnapshotError):
                    raise result
                self._settle(record, result)
                held |= {member.snapshot_id: path for member in _members(result)}
            except (OSError, BrokenSnapshotError) as error:
                self._cannot_read(path, error)
        self.on_progress("reading", len(records), len(records))
        return held

    def _records(self, snapshots: Mapping[str, Path]) -> list[SnapshotRecord]:
        records = []
        for snapshot_id, path in snapshots.items():
            try:
                records.append(self.store.record_of(snapshot_id))
            except (OSError, BrokenSnapshotError) as error:
                self._cannot_read(path, error)
        return records

    def _looked(self, records: Sequence[SnapshotRecord]) -> Iterator[Looked | Exception]:
        """What each snapshot is: read without OCR first, and with it, for longer, where nothing else helps."""
        for record, result in zip(records, self._guarded(records, with_ocr=False), strict=True):
            if ocr.installed() and _refused_as(result) is Reason.SCANNED_WITHOUT_OCR:
                (result,) = self._guarded([record], with_ocr=True)  # noqa: PLW2901
            yield result

    def _guarded(self, records: Sequence[SnapshotRecord], *, with_ocr: bool) -> Iterator[Looked | Exception]:
        ready = [self._ready(record) for record in records]
        tasks = [(self.store.root, *one, self.regions, with_ocr) for one in ready if not isinstance(one, Quarantined)]
        results = guarded(look, tasks, self.limits, seconds=OCR_SECONDS if with_ocr else None)
        for one in ready:
            yield Looked("", one) if isinstance(one, Quarantined) else next(results)

    def _ready(self, record: SnapshotRecord) -> tuple[str, str, Hint] | Quarantined:
        """What is known of a snapshot to look at it, or why it isn't looked at."""
        if record.size > self.max_bytes:
            return too_large(record.name, record.size, self.max_bytes)
        try:
            return record.snapshot_id, record.name, _hint_of(record)
        except Quarantined as contradiction:
            return contradiction

    def _settle(self, before: SnapshotRecord, result: Looked | Exception) -> None:
        """Record what came of looking at a snapshot, and take up the files it held."""
        looked = result if isinstance(result, Looked) else Looked(before.media_type, gave_up(before.name, result))
        for member in looked.members:
            self.summary.new += not self.store.holds(member.snapshot_id)
            for origin in before.origins:
                self.store.note(member.snapshot_id, member.size, _within(origin, member))
        self.store.record(
            before.snapshot_id,
            self._outcome(looked, before),
            looked.media_type,
            members=[member.snapshot_id for member in looked.members],
            looked_at_by=reading_version(),
        )
        after = self.store.record_of(before.snapshot_id)
        if looked.outcome is not None:  # an archive that is well counts by what is in it
            self.summary.taken.append(after)
        self.summary.touched |= {one.partition for one in (before, after) if one.identity and one.partition}

    def _outcome(self, looked: Looked, record: SnapshotRecord) -> Identity | Quarantined | None:
        if isinstance(looked.outcome, Quarantined):
            return _with_hint(looked.outcome, record)
        if looked.outcome:
            try:
                _check_configured(looked.outcome, self.regions, self.years)
            except Quarantined as elsewhere:
                return elsewhere
        return looked.outcome

    def _cannot_read(self, path: Path, error: OSError | BrokenSnapshotError) -> None:
        self.summary.problems.append(Problem(path, _cannot_read(path, error)))


def _members(result: Looked | Exception) -> tuple[Member, ...]:
    return result.members if isinstance(result, Looked) else ()


def _refused_as(result: Looked | Exception) -> Reason | None:
    refused = result.outcome if isinstance(result, Looked) else None
    return refused.reason if isinstance(refused, Quarantined) else None


def gave_up(name: str, error: Exception) -> Quarantined:
    """Why a file that couldn't be looked at to the end goes to quarantine.

    What parsers raise is a refusal by then (sources/readers/blame.py). What is left is a fault of fazhi's own: it stops
    no other file, says so, and is logged as the error it is.
    """
    if isinstance(error, BrokenOffError):
        return Quarantined(
            Reason.TOO_COMPLEX,
            f"reading {name} was ended because {error}; save the report as plain text or print it to a new PDF, "
            "or raise FAZHI_READING_SECONDS and FAZHI_READING_MEMORY_MB if the file is to be trusted",
        )
    _LOG.error("fazhi failed on %s", name, exc_info=error)
    said = " ".join(str(error).split())[:200]
    return Quarantined(
        Reason.UNREADABLE,
        f"fazhi itself failed on {name} ({type(error).__name__}: {said}), expected its text or a reason why there is "
        "none; report this with the file and the traceback in the log, and meanwhile take in the report as plain text",
    )


def _within(origin: Origin, member: Member) -> Origin:
    """Where a file of an archive comes from; the folders in there say what folders outside say."""
    inside = folder_hint(Path("/", member.path), Path("/"))
    return Origin(f"{origin.uri}#{quote(member.path)}", merged(inside, origin.hint), origin.retrieved_at)


def verify(store: SnapshotStore, snapshot_ids: Iterable[str]) -> list[str]:
    """Read the bytes of some snapshots again; returns what is wrong with those that aren't what was taken in.

    A damaged one goes to quarantine with its region and year, so that its gap is seen and its partition read anew.
    """
    damaged = []
    for snapshot_id in snapshot_ids:
        try:
            store.read(snapshot_id)
        except (BrokenSnapshotError, OSError) as error:
            damaged.append(str(error))
            record = store.record_of(snapshot_id)
            store.record(snapshot_id, _with_hint(unreadable(error, record), record), record.media_type)
    return damaged


def unreadable(error: Exception, record: SnapshotRecord) -> Quarantined:
    """Why a snapshot that could once be read goes to quarantine, with the region and year it was of."""
    if isinstance(error, Quarantined):
        return error
    return Quarantined(
        Reason.UNREADABLE,
        f"the snapshot can't be read any more: {error}",
        region_code=record.region_code,
        report_year=record.report_year,
    )


def _keep(item: FoundFile, store: SnapshotStore, max_bytes: int, clock: Callable[[], datetime]) -> tuple[str, bool]:
    """Keep the bytes of a file, or only its hash where it is too large; returns the id and whether it is new."""
    origin = Origin(item.path.absolute().as_uri(), item.hint, clock())
    with item.path.open("rb") as stream:
        data = stream.read(max_bytes + 1)
        digest = hashlib.sha256(data)
        size = len(data)
        while size > max_bytes and (chunk := stream.read(_CHUNK)):
            digest.update(chunk)
            size += len(chunk)
    snapshot_id = digest.hexdigest()
    is_new = not store.holds(snapshot_id)
    if size > max_bytes:
        store.note(snapshot_id, size, origin)
    else:
        store.put(data, origin)
    return snapshot_id, is_new


def _check_configured(identity: Identity, regions: Collection[str] | None, years: range | None) -> None:
    if regions is not None and identity.region_code not in regions:
        raise Quarantined(
            Reason.REGION_NOT_CONFIGURED,
            f"a report of {all_regions().full_name(identity.region_code)} {identity.region_code}, which is not among "
            f"the {len(regions)} configured regions; add the code to FAZHI_REGIONS to load it",
            region_code=identity.region_code,
            report_year=identity.report_year,
        )
    if years is not None and identity.report_year not in years:
        raise Quarantined(
            Reason.YEAR_NOT_CONFIGURED,
            f"a report on {identity.report_year}, expected {years.start} to {years.stop - 1}; widen FAZHI_FIRST_YEAR "
            "or FAZHI_LAST_YEAR to load it",
            region_code=identity.region_code,
            report_year=identity.report_year,
        )


def too_large(name: str, size: int, max_bytes: int) -> Quarantined:
    """Why a file of `size` bytes is left alone."""
    return Quarantined(
        Reason.TOO_LARGE,
        f"{name} has {size / _MEBIBYTE:.1f} MiB, expected at most {max_bytes / _MEBIBYTE:.1f}; it was "
        "not copied; raise FAZHI_MAX_DOCUMENT_MB or take in the report alone",
    )


def _hint_of(record: SnapshotRecord) -> Hint:
    """The hints of all places the bytes were found at, so that the order of finding doesn't matter.

    Raises Quarantined where two of them name different regions or years.
    """
    merged = Hint()
    for origin in record.origins:
        for name, value in ((f.name, getattr(origin.hint, f.name)) for f in fields(Hint)):
            earlier = getattr(merged, name)
            if value is None or value == earlier:
                continue
            if earlier is None:
                merged = replace(merged, **{name: value})
            elif name in ("region_code", "report_year"):
                reason = Reason.UNKNOWN_REGION if name == "region_code" else Reason.UNKNOWN_YEAR
                raise Quarantined(
                    reason,
                    f"the same file lies in places whose hints say {earlier} and {value}; expected one; remove it "
                    "from the wrong place and from the store's sidecar",
                )
    return merged


def _with_hint(quarantined: Quarantined, record: SnapshotRecord) -> Quarantined:
    """What hints know of a document that couldn't even be read, so that coverage can name the gap."""
    for origin in record.origins:
        quarantined.region_code = quarantined.region_code or origin.hint.region_code
        quarantined.report_year = quarantined.report_year or origin.hint.report_year
    return quarantined


def _cannot_read(path: Path, error: OSError | BrokenSnapshotError) -> str:
    if isinstance(error, BrokenSnapshotError):
        return f"{path} can't be taken in: {error}."
    if isinstance(error, PermissionError):
        return f"{path} can't be read: no permission; give this user the right to read it."
    return f"{path} can't be taken in: {error.strerror or error}; check the file and the disk."
