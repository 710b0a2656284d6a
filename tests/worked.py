"""Work for the tests of sources.workers, in a module that its processes can import."""

import ctypes
import os
import time


def double(number: int) -> int:
    """Twice the number."""
    return 2 * number


def process_of(number: int) -> int:
    """The process that works, after a moment in which another one may take the next task."""
    time.sleep(0.02 * number)
    return os.getpid()


def ask_for(megabytes: int) -> int:
    """How much memory was had."""
    return len(bytearray(megabytes << 20))


def fail(word: str) -> None:
    """Raise what a parser might."""
    raise KeyError(word)


def crash() -> None:
    """What a fault in a C library comes to."""
    ctypes.string_at(0)


def turn_in_circles() -> None:
    """Never end, deaf to all but a kill."""
    while True:
        pass


def work_guarded() -> None:
    """What a run does: hand out work, and end."""
    from sources.workers import Limits, guarded

    assert list(guarded(double, [(1,), (2,)], Limits(processes=2))) == [2, 4]
