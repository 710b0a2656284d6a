"""The one place that writes files, each in one atomic step.

A reader sees the old bytes or the new ones, never half of them, also when the process is killed.
"""

import os
import re
import secrets
from pathlib import Path

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path`: temporary name beside it, fsync, rename, fsync of the folder.

    A file that holds the same bytes already is left alone, so a rerun changes no modification time.
    Missing folders are made. Raises OSError where the folder can't be written; then no temporary stays.
    """
    if _holds(path, data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
