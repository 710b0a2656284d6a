"""Readers while releases come and go: none fails, and each sees whole releases only."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warehouse_examples import REGIONS, build_small, county_report, record, stage_all

from warehouse.audit import audit
from warehouse.publish import publish, roll_back

READER = """
import json, os, sys, time
import duckdb
seen, stop = [], sys.argv[2]
print("ready", flush=True)
while True:
    time.sleep(0.005)
    last = os.path.exists(stop)
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        ids = [connection.execute("SELECT release_id FROM release").fetchone()[0] for _ in range(2)]
        figures = connection.execute("SELECT count(*), count(DISTINCT value), max(value)::INTEGER FROM observations")
        seen.append([*ids, *figures.fetchone(), connection.execute("SELECT observations FROM release").fetchone()[0]])
    if last:
        break
print(json.dumps(seen))
"""


@contextmanager
def reading(target: Path, readers: int, stop: Path, seen: list[list[list[object]]]) -> Iterator[None]:
    """Reader processes at work; in the end, what each saw is in `seen`."""
    command = [sys.executable, "-c", READER, str(target), str(stop)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    try:
        for process in processes:
            assert process.stdout and process.stdout.readline() == "ready\n"
        yield
    finally:
        stop.touch()
        told = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * readers
    seen += [json.loads(one) for one in told]


def published(home: Path, cases: int) -> str:
    """Publish a warehouse in which every region has `cases` cases; its release id."""
    stage_all(home / "staging", [county_report(code, str(cases)) for code in REGIONS])
    candidate = home / "candidate" / "w.duckdb"
    at = datetime(2026, 11, 25, tzinfo=UTC) + timedelta(minutes=cases)
    build_small(home / "staging", candidate, clock=lambda: at)
    record(candidate, audit(candidate, only=["indicator_present"]))
    publish(candidate, home / "w.duckdb")
    return roll_back_to(home / "w.duckdb", cases)


def roll_back_to(target: Path, cases: int) -> str:
    """The id of the release just published; now and then by way of the one before it."""
    from warehouse.releases import kept_releases

    newest = kept_releases(target)[0].release_id
    if cases % 4 == 0:
        roll_back(target)
        roll_back(target, newest)
    return newest


@pytest.mark.parametrize(("readers", "publications"), [(3, 3), pytest.param(10, 50, marks=pytest.mark.soak)])
def test_readers_see_whole_releases_and_never_fail(
    tmp_path: Path, readers: int, publications: int, say: Callable[[str], None]
) -> None:
    cases_of = {published(tmp_path, 1): 1}
    seen: list[list[list[object]]] = []
    with reading(tmp_path / "w.duckdb", readers, tmp_path / "stop", seen):
        for cases in range(2, publications + 2):
            cases_of[published(tmp_path, cases)] = cases
    for answers in seen:
        for first, second, figures, different, value, counted in answers:
            assert first == second, "an open reader keeps the release it opened"
            assert (figures, different, value) == (len(REGIONS), 1, cases_of[str(first)])
            assert counted == figures
        assert len({first for first, *_ in answers}) > 1, "the reader was there while releases changed"
        assert cases_of[str(answers[-1][0])] == publications + 1, "who opens it afterwards sees the last one"
    answered = sum(map(len, seen))
    say(f"{readers} readers, {publications} publications: {answered} answers, each of a whole release, none failed")
