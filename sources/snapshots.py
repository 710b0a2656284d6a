"""The snapshot store: the bytes as found, named by SHA-256 and never changed, each with a sidecar.

Layout: `root/ab/<sha256>` holds the bytes, `root/ab/<sha256>.json` where they came from, when, and what they
were identified as. Bytes are written before the sidecar, both atomically, so a killed run leaves at worst
bytes without a sidecar, which the next run takes up. Of a file that was too large only the sidecar is kept.

`root/ab/<sha256>.document` is the canonical text as the readers of that version made it, so that a PDF is parsed once;
it can be made again from the bytes at any time. A text file has none: its bytes are its text.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sources.document import Document, Identity, Piece
from sources.files import write_atomically
from sources.identify import Hint
from sources.quarantine import Quarantined, Reason


class BrokenSnapshotError(RuntimeError):
    """A snapshot's bytes or sidecar aren't what was written; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes were found (`uri`), what was known there apart from them, and when (UTC, whole seconds)."""

    uri: str
    hint: Hint
    retrieved_at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """One snapshot as the sidecar has it: either identified (`identity`) or quarantined (`reason`, `detail`).

    Both are None for bytes that were put but never looked at (a killed run). `uri` and `retrieved_at` are of
    the first origin. `region_code` and `report_year` also hold what is known of a quarantined one. `members` are
    the snapshots of the files that an archive holds; one that gave all of them up has no identity and no reason.
    `looked_at_by` is the version of the code that told all this.
    """

    snapshot_id: str
    uri: str
    retrieved_at: datetime
    size: int
    media_type: str
    identity: Identity | None
    reason: str | None
    detail: str | None
    region_code: str | None
    report_year: int | None
    origins: tuple[Origin, ...] = ()
    members: tuple[str, ...] = ()
    looked_at_by: str = ""

    @property
    def name(self) -> str:
        """The file's own name, for messages."""
        return unquote(self.uri.rpartition("/")[2].rpartition("#")[2])

    @property
    def partition(self) -> tuple[int, str] | None:
        """(year, region code) of an identified snapshot, or of a quarantined one where both are known."""
        if self.report_year is None or self.region_code is None:
            return None
        return self.report_year, self.region_code


class SnapshotStore:
    """Snapshots below `root`; the folder is made with the first one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes, origin: Origin) -> str:
        """Keep `data` and where it was found; returns its snapshot id (sha256, hex).

        The same bytes are one snapshot: a second put changes nothing but adds an origin whose uri is new, or
        the new hint of a known one. The first `retrieved_at` stays.
        """
        snapshot_id = self.keep(data)
        self.note(snapshot_id, len(data), origin)
        return snapshot_id

    def keep(self, data: bytes) -> str:
        """Keep only bytes, to be noted afterwards; returns their snapshot id. Safe beside others who write."""
        snapshot_id = hashlib.sha256(data).hexdigest()
        write_atomically(self._bytes(snapshot_id), data)
        return snapshot_id

    def note(self, snapshot_id: str, size: int, origin: Origin) -> None:
        """Keep only where bytes were found, as `put` does, without the bytes (a file too large to copy)."""
        sidecar = self._load(snapshot_id) or {"snapshot_id": snapshot_id, "size": size, "origins": [], "outcome": None}
        known = {entry["uri"]: entry for entry in sidecar["origins"]}
        if origin.uri in known:
            known[origin.uri]["hint"] = _hint_out(origin.hint)
        else:
            sidecar["origins"].append(_origin_out(origin))
        self._save(snapshot_id, sidecar)

    def read(self, snapshot_id: str) -> bytes:
        """The bytes; raises BrokenSnapshotError where they are missing or no longer match their name."""
        path = self._bytes(snapshot_id)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise BrokenSnapshotError(f"{path} is missing; take the file in again") from None
        if hashlib.sha256(data).hexdigest() != snapshot_id:
            raise BrokenSnapshotError(
                f"{path} doesn't hold the bytes its name says; delete it and take the file in again"
            )
        return data

    def holds(self, snapshot_id: str) -> bool:
        """Whether the snapshot is known (its sidecar is there)."""
        return self._sidecar(snapshot_id).exists()

    def keep_document(self, document: Document, made_by: str) -> None:
        """Keep the canonical text of a snapshot, and the version of the readers that made it."""
        kept = {
            "made_by": made_by,
            "media_type": document.media_type,
            "meta": dict(document.meta),
            "text": document.text,
            "pieces": [[piece.start, piece.end, piece.where] for piece in document.pieces],
        }
        write_atomically(self._document(document.snapshot_id), json.dumps(kept, ensure_ascii=False).encode())

    def document(self, snapshot_id: str, made_by: str) -> Document | None:
        """The canonical text as kept; None where none is, or another version of the readers made it."""
        try:
            kept = json.loads(self._document(snapshot_id).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        if kept["made_by"] != made_by:
            return None
        pieces = tuple(Piece(*piece) for piece in kept["pieces"])
        return Document(snapshot_id, kept["text"], kept["media_type"], kept["meta"], pieces)

    def record(
        self,
        snapshot_id: str,
        outcome: Identity | Quarantined | None,
        media_type: str,
        *,
        members: Sequence[str] = (),
        looked_at_by: str = "",
    ) -> None:
        """Write into the sidecar what the snapshot was identified as, why it was quarantined, or what is in it."""
        sidecar = self._load(snapshot_id)
        if sidecar is None:
            raise BrokenSnapshotError(f"{self._sidecar(snapshot_id)} is missing; put the snapshot before recording it")
        sidecar["media_type"] = media_type
        sidecar["outcome"] = _outcome_out(outcome) | ({"members": list(members)} if members else {})
        sidecar["looked_at_by"] = looked_at_by
        self._save(snapshot_id, sidecar)

    def record_of(self, snapshot_id: str) -> SnapshotRecord:
        """One snapshot's record; raises BrokenSnapshotError where it has no sidecar."""
        sidecar = self._load(snapshot_id)
        if sidecar is None:
            raise BrokenSnapshotError(f"{self._sidecar(snapshot_id)} is missing; take the file in again")
        return _record(sidecar)

    def stamp(self) -> int:
        """A number that grows whenever anything in the store is written: nanoseconds of the last change of a folder."""
        return max((folder.stat().st_mtime_ns for folder in self.root.glob("[0-9a-f][0-9a-f]")), default=0)

    def records(self) -> list[SnapshotRecord]:
        """All snapshots, sorted by snapshot id; one whose sidecar can't be read any more counts as quarantined."""
        return [self._record_or_broken(path) for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/*.json"))]

    def _record_or_broken(self, path: Path) -> SnapshotRecord:
        try:
            return self.record_of(path.stem)
        except BrokenSnapshotError as error:
            return SnapshotRecord(
                snapshot_id=path.stem,
                uri=path.absolute().as_uri(),
                retrieved_at=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
                size=path.stat().st_size,
                media_type="",
                identity=None,
                reason=Reason.UNREADABLE.value,
                detail=str(error),
                region_code=None,
                report_year=None,
            )

    def _bytes(self, snapshot_id: str) -> Path:
        return self.root / snapshot_id[:2] / snapshot_id

    def _document(self, snapshot_id: str) -> Path:
        return self.root / snapshot_id[:2] / f"{snapshot_id}.document"

    def _sidecar(self, snapshot_id: str) -> Path:
        return self.root / snapshot_id[:2] / f"{snapshot_id}.json"

    def _load(self, snapshot_id: str) -> dict[str, Any] | None:
        path = self._sidecar(snapshot_id)
        try:
            loaded: dict[str, Any] = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise BrokenSnapshotError(
                f"{path} isn't valid JSON ({error}); delete it and take the file in again"
            ) from error
        return loaded

    def _save(self, snapshot_id: str, sidecar: Mapping[str, Any]) -> None:
        written = json.dumps(sidecar, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_atomically(self._sidecar(snapshot_id), written.encode())


def _record(sidecar: Mapping[str, Any]) -> SnapshotRecord:
    origins = tuple(_origins_in(sidecar))
    outcome = sidecar["outcome"] or {}
    identity = _identity_in(outcome) if "title" in outcome else None
    return SnapshotRecord(
        snapshot_id=sidecar["snapshot_id"],
        uri=origins[0].uri,
        retrieved_at=origins[0].retrieved_at,
        size=sidecar["size"],
        media_type=sidecar.get("media_type", ""),
        identity=identity,
        reason=outcome.get("reason"),
        detail=outcome.get("detail"),
        region_code=outcome.get("region_code"),
        report_year=outcome.get("report_year"),
        origins=origins,
        members=tuple(outcome.get("members", ())),
        looked_at_by=sidecar.get("looked_at_by", ""),
    )


def _outcome_out(outcome: Identity | Quarantined | None) -> dict[str, Any]:
    if outcome is None:
        return {}
    known = {"region_code": outcome.region_code, "report_year": outcome.report_year}
    if isinstance(outcome, Quarantined):
        return {"reason": outcome.reason.value, "detail": outcome.detail, **known}
    return {
        "title": outcome.title,
        "publisher": outcome.publisher,
        "published": outcome.published.isoformat() if outcome.published else None,
        "synthetic": outcome.synthetic,
        "confidence": outcome.confidence,
        "reasons": list(outcome.reasons),
        **known,
    }


def _identity_in(outcome: Mapping[str, Any]) -> Identity:
    return Identity(
        title=outcome["title"],
        publisher=outcome["publisher"],
        region_code=outcome["region_code"],
        report_year=outcome["report_year"],
        published=date.fromisoformat(outcome["published"]) if outcome["published"] else None,
        synthetic=outcome["synthetic"],
        confidence=outcome.get("confidence", 0.0),
        reasons=tuple(outcome.get("reasons", ())),
    )


def _origin_out(origin: Origin) -> dict[str, Any]:
    at = origin.retrieved_at.astimezone(UTC).replace(microsecond=0)
    return {"uri": origin.uri, "hint": _hint_out(origin.hint), "retrieved_at": at.isoformat()}


def _origins_in(sidecar: Mapping[str, Any]) -> Iterator[Origin]:
    for entry in sidecar["origins"]:
        yield Origin(entry["uri"], _hint_in(entry["hint"]), datetime.fromisoformat(entry["retrieved_at"]))


def _hint_out(hint: Hint) -> dict[str, Any]:
    published = hint.published.isoformat() if hint.published else None
    given = {
        "region_code": hint.region_code,
        "report_year": hint.report_year,
        "publisher": hint.publisher,
        "title": hint.title,
        "published": published,
    }
    return {key: value for key, value in given.items() if value is not None}


def _hint_in(given: Mapping[str, Any]) -> Hint:
    published = given.get("published")
    return Hint(
        region_code=given.get("region_code"),
        report_year=given.get("report_year"),
        publisher=given.get("publisher"),
        title=given.get("title"),
        published=date.fromisoformat(published) if published else None,
    )
