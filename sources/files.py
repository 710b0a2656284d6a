"""The one place that writes files, each in one atomic step, and that keeps two writers apart.

A reader sees the old bytes or the new ones, never half of them, also when the process is killed.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK_AGAIN = 0.1
"""Seconds between two looks at a lock that another process holds."""

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


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock named `path` (a file, or a folder that is there), which the system frees if the process is killed.

    Waits up to `wait` seconds for another holder, then raises BlockingIOError. A process that asks again for a lock
    that it holds waits for itself.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(descriptor, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_AGAIN)


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
