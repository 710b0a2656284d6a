"""One writer of the warehouse at a time, whichever way its run was started: `fazhi run`, the UI, a schedule.

Dagster's pool keeps apart the runs that its queue starts. The lock of the home folder keeps apart all others; it is
taken when a candidate is built and given back when that candidate is published, or when the process ends.
"""

from contextlib import ExitStack
from pathlib import Path

from orchestration.settings import Settings
from sources.files import locked

PATIENCE = 1800.0
"""Seconds to wait for another writer; ten million figures are built, checked and published in a third of it."""

_HELD: dict[Path, ExitStack] = {}


class AnotherWriterError(Exception):
    """Another process has been writing the warehouse for longer than one waits."""


def become_writer(settings: Settings, wait: float = PATIENCE) -> None:
    """Make this process the only writer of the warehouse, after waiting for another one. Raises AnotherWriterError."""
    if settings.home in _HELD:
        return
    lock = ExitStack()
    try:
        lock.enter_context(locked(settings.writer_lock, wait=wait))
    except BlockingIOError as error:
        raise AnotherWriterError(
            f"another run has been writing the warehouse in {settings.home} for {wait:.0f} s; wait for it to end "
            "(fazhi status, or the Runs page of the UI), then run again. Nothing was changed."
        ) from error
    _HELD[settings.home] = lock


def step_down(settings: Settings) -> None:
    """Let the next writer begin; nothing happens where this process is none."""
    if lock := _HELD.pop(settings.home, None):
        lock.close()
