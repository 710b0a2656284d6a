"""Work in processes of its own: in order, on all cores, and ended where it takes too long or too much."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import worked

from sources.workers import BrokenOffError, Limits, guarded

TESTS = Path(__file__).parent
LIMITS = Limits(processes=2, seconds=2.0, memory_bytes=1 << 30)


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(guarded(worked.double, ((n,) for n in range(100)), LIMITS)) == [2 * n for n in range(100)]


def test_all_processes_work_and_none_of_them_is_this_one() -> None:
    workers = set(guarded(worked.process_of, [(1,)] * 40, LIMITS))
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_what_a_task_raises_comes_in_its_place() -> None:
    first, second = guarded(worked.fail, [("a",), ("b",)], LIMITS)
    assert isinstance(first, KeyError)
    assert first.args == ("a",)
    assert isinstance(second, KeyError)


def test_too_long_too_much_and_a_crash_are_told_apart_and_the_next_one_works() -> None:
    ((circles,), (memory,), (crashed,)) = (
        list(guarded(worked.turn_in_circles, [()], LIMITS)),
        list(guarded(worked.ask_for, [(4096,)], LIMITS)),
        list(guarded(worked.crash, [()], LIMITS)),
    )
    assert [str(one) for one in (circles, memory)] == [
        "it took longer than 2 seconds",
        "it needed more than 1024 MiB of memory",
    ]
    assert str(crashed) == "its process ended by itself (exit code -11)"
    assert all(isinstance(one, BrokenOffError) for one in (circles, memory, crashed))
    assert list(guarded(worked.double, [(21,)], LIMITS)) == [42]


def test_nothing_is_read_ahead_of_what_the_processes_can_do() -> None:
    asked: list[int] = []
    tasks = ((asked.append(n) or n,) for n in range(10_000))  # type: ignore[func-returns-value]
    results = guarded(worked.double, tasks, LIMITS)
    assert next(results) == 0
    assert len(asked) <= 2 * 8 + 1
    results.close()  # type: ignore[attr-defined]


def test_processes_of_a_killed_program_end_by_themselves() -> None:
    """Idle ones at once, one that turns in circles after the processor time that it was given."""
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        "import worked\nfrom sources.workers import Limits, guarded\n"
        "limits = Limits(2, 1.0, 1 << 30)\n"
        "print(*guarded(worked.process_of, [(1,)] * 20, limits), flush=True)\n"
        "list(guarded(worked.turn_in_circles, [()], limits, seconds=1.5))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        workers = {int(word) for word in program.stdout.readline().split()}
        time.sleep(0.5)
        program.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while alive := {worker for worker in workers if psutil.pid_exists(worker)}:
        assert time.monotonic() < deadline, f"{alive} of {workers} are still there"
        time.sleep(0.2)


def test_a_process_of_multiprocessing_ends_with_its_workers() -> None:
    """As those of Dagster's runs are, which leave out atexit."""
    child = multiprocessing.get_context("spawn").Process(target=worked.work_guarded)
    child.start()
    child.join(30)
    assert child.exitcode == 0
