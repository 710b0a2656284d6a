"""Taking documents in: find, keep the bytes, read, identify, record. One bad file never stops the rest."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from sources.document import Document, Identity
from sources.files import clear_stale_temporaries
from sources.identify import Hint, identify
from sources.inbox import FoundFile, Problem, find
from sources.quarantine import Quarantined, Reason
from sources.readers import read
from sources.regions import regions as all_regions
from sources.snapshots import BrokenSnapshotError, Origin, SnapshotRecord, SnapshotStore

_CHUNK = 1 << 20
_MEBIBYTE = 1 << 20

Progress = Callable[[int, int, Path], None]


@dataclass
class IntakeSummary:
    """What an intake did.

    `taken` is sorted by snapshot id, quarantined ones among them; `new` counts snapshots not known before;
    `touched` are the years and regions (as `SnapshotRecord.partition`) that a report taken in belongs to, or
    belonged to until a hint moved it; `problems` are the paths that gave no snapshot at all.
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
    on_progress: Progress | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IntakeSummary:
    """Take in every file at or below `paths`; running it again on the same files changes nothing.

    `regions` and `years` are those configured (None: all); a report of another one is quarantined. A file
    over `max_bytes` is noted by its hash but not copied. `on_progress(done, total, path)` is called before
    each file and once at the end. Never raises for a bad file or path.
    """
    summary = IntakeSummary()
    clear_stale_temporaries(store.root)
    found = list(find(paths))
    kept: dict[str, Path] = {}
    for done, item in enumerate(found):
        if on_progress:
            on_progress(done, len(found), item.path)
        if isinstance(item, Problem):
            summary.problems.append(item)
            continue
        try:
            snapshot_id, is_new = _keep(item, store, max_bytes, clock)
        except (OSError, BrokenSnapshotError) as error:
            summary.problems.append(Problem(item.path, _cannot_read(item.path, error)))
            continue
        summary.new += is_new
        kept.setdefault(snapshot_id, item.path)
    for snapshot_id, path in sorted(kept.items()):
        try:
            before = store.record_of(snapshot_id)
            _look_at(snapshot_id, store, regions, years, max_bytes)
            after = store.record_of(snapshot_id)
            summary.taken.append(after)
            summary.touched |= {one.partition for one in (before, after) if one.identity and one.partition}
        except (OSError, BrokenSnapshotError) as error:
            summary.problems.append(Problem(path, _cannot_read(path, error)))
    if on_progress and found:
        on_progress(len(found), len(found), found[-1].path)
    return summary


def open_document(store: SnapshotStore, snapshot_id: str) -> Document:
    """Read a snapshot again; raises Quarantined as `read` does, and BrokenSnapshotError for damaged bytes."""
    return read(store.read(snapshot_id), _name(store.record_of(snapshot_id)), snapshot_id)


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


def _look_at(
    snapshot_id: str, store: SnapshotStore, regions: Collection[str] | None, years: range | None, max_bytes: int
) -> None:
    """Read and identify one snapshot and record what came of it."""
    record = store.record_of(snapshot_id)
    media_type = ""
    try:
        if record.size > max_bytes:
            raise too_large(_name(record), record.size, max_bytes)
        document = read(store.read(snapshot_id), _name(record), snapshot_id)
        media_type = document.media_type
        identity = identify(document, _hint_of(record))
        _check_configured(identity, regions, years)
    except Quarantined as quarantined:
        store.record(snapshot_id, _with_hint(quarantined, record), media_type)
    else:
        store.record(snapshot_id, identity, media_type)


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


def _name(record: SnapshotRecord) -> str:
    return unquote(record.uri.rsplit("/", 1)[-1])


def _cannot_read(path: Path, error: OSError | BrokenSnapshotError) -> str:
    if isinstance(error, BrokenSnapshotError):
        return f"{path} can't be taken in: {error}."
    if isinstance(error, PermissionError):
        return f"{path} can't be read: no permission; give this user the right to read it."
    return f"{path} can't be taken in: {error.strerror or error}; check the file and the disk."
