"""The one place that writes files, each in one atomic step.

A reader sees the old bytes or the new ones, never half of them, also when the process is killed.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path`: temporary name beside it, fsync, rename, fsync of the folder.

    A file that holds the same bytes already is left alone, so a rerun changes no modification time.
    Missing folders are made. Raises OSError where the folder can't be written; then no temporary stays.
    """
    if _holds(path, data):
        return
    with replaced_atomically(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replaced_atomically(path: Path) -> Iterator[Path]:
    """A temporary path to write or link to; it takes the place of `path` when the block ends without an error.

    What was written is on the disk before it gets its name. Missing folders are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
    finally:
        # gone by now, unless the block failed or `path` was the same file by another name
        temporary.unlink(missing_ok=True)
    _sync(path.parent)


def clear_stale_temporaries(folder: Path) -> None:
    """Remove what a killed run left behind in `folder` and below: files named `.<name>.<random>.tmp`.

    To be called by the one writer of the folder before it starts, never beside another one at work.
    """
    for path in folder.rglob(".*.tmp"):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
