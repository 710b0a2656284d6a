"""What is done with a snapshot in a process of its own (see sources.workers): parsed, and identified or opened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.code import code_hash
from sources.document import Document, Identity
from sources.identify import Hint, identify
from sources.quarantine import Quarantined
from sources.readers import ocr, office, read
from sources.readers.sniff import ARCHIVE, media_type
from sources.snapshots import SnapshotStore


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive, kept as a snapshot: its path in there and its size in bytes."""

    path: str
    snapshot_id: str
    size: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a snapshot: what it is, or why it can't be told; an archive has `members`.

    An archive whose files could all be had has no outcome of its own.
    """

    media_type: str
    outcome: Identity | Quarantined | None
    members: tuple[Member, ...] = ()


def readers_version() -> str:
    """The version of the code that makes canonical text."""
    return code_hash("sources/readers")


def reading_version() -> str:
    """What there is to read and identify with: another version may read what this one had to refuse."""
    means = [name for name, there in (("ocr", ocr.installed()), ("libreoffice", office.available())) if there]
    return "+".join([code_hash("sources"), *means])


def look(
    root: Path, snapshot_id: str, name: str, hint: Hint, configured: Collection[str] | None, with_ocr: bool
) -> Looked:
    """Look at one snapshot of the store at `root`; keeps its canonical text, or the files of an archive.

    Raises BrokenSnapshotError and OSError; anything else is a fault of fazhi's own.
    """
    store = SnapshotStore(root)
    data = store.read(snapshot_id)
    kind = media_type(data)
    try:
        if kind == ARCHIVE:
            return _opened(store, data, name)
        document = _kept(store, snapshot_id) or _made(store, data, name, snapshot_id, with_ocr=with_ocr)
        return Looked(document.media_type, identify(document, hint, configured=configured))
    except Quarantined as refusal:
        return Looked(kind, refusal)


def document_of(root: Path, snapshot_id: str, name: str, *, with_ocr: bool) -> Document:
    """The canonical text of a snapshot, as kept or made again. Raises as `look`, and Quarantined."""
    store = SnapshotStore(root)
    return _kept(store, snapshot_id) or _made(store, store.read(snapshot_id), name, snapshot_id, with_ocr=with_ocr)


def _kept(store: SnapshotStore, snapshot_id: str) -> Document | None:
    return store.document(snapshot_id, readers_version())


def _made(store: SnapshotStore, data: bytes, name: str, snapshot_id: str, *, with_ocr: bool) -> Document:
    with ocr.allowed(with_ocr):
        document = read(data, name, snapshot_id)
    if document.media_type != "text/plain":
        store.keep_document(document, readers_version())
    return document


def _opened(store: SnapshotStore, data: bytes, name: str) -> Looked:
    from sources.readers.archive import members  # noqa: PLC0415  few files are archives

    unpacked = members(data, name)
    kept = tuple(Member(one.path, store.keep(one.data), len(one.data)) for one in unpacked.members)
    return Looked(ARCHIVE, _refusal(name, unpacked.problems, len(kept)), kept)


def _refusal(name: str, problems: Sequence[tuple[str, Quarantined]], had: int) -> Quarantined | None:
    """Why an archive isn't well, though some of its files could be had."""
    if not problems:
        return None
    listed = "; ".join(f"{path}: {problem.detail}" for path, problem in problems[:5])
    return Quarantined(
        problems[0][1].reason,
        f"{len(problems)} of the {len(problems) + had} files in {name} can't be had ({listed}); the others were taken "
        "in; take these in by themselves",
    )
