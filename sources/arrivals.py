"""What has newly arrived in the inbox and come to rest: files not taken in yet that nobody is writing any more."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sources.inbox import SIDECAR_ENDING, FoundFile, find
from sources.snapshots import SnapshotRecord

SETTLED = timedelta(seconds=10)
"""A file changed more recently than this may still be growing, even where nobody has it open."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file to take in, and when it or the hint beside it last changed (nanoseconds since 1970)."""

    path: Path
    changed: int


def arrivals(folder: Path, records: Iterable[SnapshotRecord], now: datetime) -> Iterator[Arrival]:
    """The files at or below `folder` that are at rest and not taken in as they are now, in the order of their names.

    A file is known by its address and the time of its last change, so that a moved folder and a corrected file are
    both noticed. Links, pipes and whatever else is no file are left to a run by hand, which says why.
    """
    if not folder.is_dir():
        return
    taken = _taken(records)
    horizon = _nanoseconds(now - SETTLED)
    for found in find([folder]):
        if isinstance(found, FoundFile) and (changed := _changed(found.path)) is not None and changed <= horizon:
            at = taken.get(found.path.absolute().as_uri())
            if (at is None or changed > at) and not being_written(found.path):
                yield Arrival(found.path, changed)


def being_written(path: Path) -> bool:
    """Whether some process on this machine has the file open for writing.

    The system grants a read lease only on a file that nobody writes. Where it grants none at all (another user's
    file, a network folder), one can't know, and only the time since the last change counts.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False  # gone again, or not ours to read: the intake says so
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _taken(records: Iterable[SnapshotRecord]) -> dict[str, int]:
    """When each address was last taken in; the store keeps whole seconds, so to the end of that second."""
    taken: dict[str, int] = {}
    for record in records:
        for origin in record.origins:
            at = _nanoseconds(origin.retrieved_at + timedelta(seconds=1))
            taken[origin.uri] = max(at, taken.get(origin.uri, 0))
    return taken


def _changed(path: Path) -> int | None:
    """When the file or its hint was last written, moved or given another name; None where it is gone."""
    sidecar = path.with_name(path.name + SIDECAR_ENDING)
    try:
        return max(file.stat().st_ctime_ns for file in (path, sidecar) if file is path or file.exists())
    except OSError:
        return None


def _nanoseconds(moment: datetime) -> int:
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
