"""Work on what comes from outside, on all cores, in processes of its own that end when they take too long or too much.

A parser that a hostile file sends round in circles, fills the memory of or crashes takes only its own process with it;
the file it was at is told apart, and the rest goes on. The processes stay for the next files, so that a parser is
loaded once for each, and end with the process that started them.
"""

import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TimedOutError
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import util
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

T = TypeVar("T")

_MEBIBYTE = 1 << 20
_TASKS_OF_A_PROCESS = 500
"""What parsers leave lying about ends with their process."""
_AHEAD = 8
"""Tasks waiting for each process, so that none idles and few results lie about."""
_CORES_OF_A_PARSER = 4
_LOADED_ONCE = ["sources.reading"]
"""What each process would otherwise load by itself."""


class BrokenOffError(Exception):
    """A piece of work that was ended from outside; the message says why, with the limit it met."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes work side by side, and what each piece of work may take."""

    processes: int = os.cpu_count() or 1
    seconds: float = 60.0
    memory_bytes: int = 2048 * _MEBIBYTE


LIMITS = Limits()
"""What a report is given where nothing else is said."""


def guarded(
    function: Callable[..., T], tasks: Iterable[tuple[Any, ...]], limits: Limits, *, seconds: float | None = None
) -> Iterator[T | Exception]:
    """What `function` gives for the arguments of each task, in their order; what it raises comes as a value.

    BrokenOffError comes for a task over its limits, or whose process ended by itself. `function` must be a function of
    a module, its arguments and result such as can be pickled. Interrupted, it lets go of what hasn't begun.
    """
    remaining = iter(tasks)
    pool = _pool(limits)
    allowed = seconds or limits.seconds
    under_way: deque[ProcessFuture[T]] = deque()
    try:
        while True:
            for task in islice(remaining, limits.processes * _AHEAD - len(under_way)):
                under_way.append(pool.schedule(_bounded, args=(function, task, allowed), timeout=allowed))
            if not under_way:
                return
            result = _result(under_way.popleft(), limits, allowed)
            yield result
    finally:
        for future in under_way:
            future.cancel()  # type: ignore[no-untyped-call]


def _result(future: "ProcessFuture[T]", limits: Limits, seconds: float) -> T | Exception:
    from pebble import ProcessExpired  # noqa: PLC0415  slow to import

    try:
        return future.result()
    except TimedOutError:
        return BrokenOffError(f"it took longer than {seconds:.0f} seconds")
    except MemoryError:
        return BrokenOffError(f"it needed more than {limits.memory_bytes // _MEBIBYTE} MiB of memory")
    except ProcessExpired as error:
        return BrokenOffError(f"its process ended by itself (exit code {error.exitcode})")
    except Exception as error:
        return error


@cache
def _pool(limits: Limits) -> "ProcessPool":
    """The processes for these limits, started with the first task.

    They come from a server process that has loaded the parsers, not from this one: a copy of a process whose threads
    hold locks may wait for these for ever.
    """
    from pebble import ProcessPool  # noqa: PLC0415  slow to import

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED_ONCE)
    pool = ProcessPool(
        limits.processes, _TASKS_OF_A_PROCESS, initializer=_bound, initargs=[limits.memory_bytes], context=context
    )
    # Not atexit: a process that multiprocessing has begun, as those of Dagster's runs are, doesn't come to it, and
    # would wait for ever for processes that wait for work.
    util.Finalize(None, _end, args=[pool], exitpriority=10)
    return pool


def _end(pool: "ProcessPool") -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _bounded(function: Callable[..., T], task: tuple[Any, ...], seconds: float) -> T:
    """The work itself; it also ends where nobody is left to end it, since it may take only so much of the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + _CORES_OF_A_PARSER * seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    return function(*task)


def _bound(memory_bytes: int) -> None:
    """In the new process: no more memory than this, no core dumps of what a report held."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
