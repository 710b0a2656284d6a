"""No file can hurt: each ends in a report or in quarantine, within its limits, and nothing is fetched for it."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import hostile_damage
import psutil
import pytest
from hostile import SOUND, HostileFile, hostile_files
from hostile_reading import outcome
from orchestration_reports import write_reports

from orchestration import pipeline
from orchestration.progress import silent
from orchestration.settings import Settings
from sources.quarantine import Reason
from sources.workers import BrokenOffError, Limits, guarded
from warehouse.query import query

SEED = 20250101
LIMITS = Limits(processes=2, seconds=20.0)
SHORT = Limits(processes=2, seconds=6.0)
"""What the sample is given, so that the files that run into their limit don't take minutes."""
MOST_GROWTH = 200_000_000
"""Bytes by which the process that hands out the files may grow: files are read and fail elsewhere."""


class Fetched(ThreadingHTTPServer):
    """Listens on the loopback address and notes what is asked of it."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), _Noting)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Noting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Fetched)
        self.server.paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!ENTITY x 'fetched'>")

    do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Fetched]:
    with Fetched() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def read_all(files: Iterable[HostileFile], limits: Limits) -> dict[str, str]:
    """What became of each file, by its name; a file is removed once it was read."""
    results: dict[str, str] = {}
    remaining = iter(files)
    while some := list(islice(remaining, 40)):
        for file, result in zip(some, guarded(outcome, [(str(one.path),) for one in some], limits), strict=True):
            results[file.name] = _word(result)
            file.path.unlink()
    return results


def _word(result: str | Exception) -> str:
    """`ok`, the reason of quarantine, `broken off`, or a fault of our own: what else was raised."""
    if isinstance(result, BrokenOffError):
        return "broken off"
    return result if isinstance(result, str) else f"fault: {result!r}"


def sample(files: Iterator[HostileFile], share: float) -> Iterator[HostileFile]:
    """Some of the files, by the seed."""
    chosen = random.Random(SEED)  # noqa: S311
    for file in files:
        if chosen.random() < share:
            yield file
        else:
            file.path.unlink()


def quick(files: Iterator[HostileFile]) -> Iterator[HostileFile]:
    """Without scans, and without what takes its whole time limit, a minute of the pipeline's."""
    for file in files:
        if file.path.suffix in (".png", ".jpg", ".tiff", ".doc", ".xls") or file.name.startswith(
            ("text-", "page-", "pdf-")
        ):
            file.path.unlink()
        else:
            yield file


def assert_harmless(results: dict[str, str], listener: Fetched, before: int, say: Callable[[str], None]) -> None:
    counts = Counter(word.partition(":")[0] for word in results.values())
    say(f"hostile files: {len(results)}, " + ", ".join(f"{count} {word}" for word, count in counts.most_common()))
    known = {"ok", "broken off", *Reason}
    faults = {name: word for name, word in results.items() if word not in known}
    assert not faults
    assert not listener.paths
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH


def test_a_sample_of_hostile_files_ends_well(tmp_path: Path, listener: Fetched, say: Callable[[str], None]) -> None:
    before = psutil.Process().memory_info().rss
    results = read_all(sample(hostile_files(SEED, tmp_path, listener.url), 0.1), SHORT)
    assert len(results) >= 50
    assert_harmless(results, listener, before, say)


@pytest.mark.soak
def test_all_hostile_files_end_well(tmp_path: Path, listener: Fetched, say: Callable[[str], None]) -> None:
    before = psutil.Process().memory_info().rss
    results = read_all(hostile_files(SEED, tmp_path, listener.url), LIMITS)
    assert len(results) >= 300
    assert_harmless(results, listener, before, say)


@pytest.mark.parametrize("kind", SOUND)
def test_some_damage_ends_in_text_or_a_reason(kind: str) -> None:
    (faults,) = guarded(hostile_damage.faults, [(kind, SEED, range(40))], LIMITS)
    assert faults == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", SOUND)
def test_any_damage_ends_in_text_or_a_reason(kind: str, say: Callable[[str], None]) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    tasks = [(kind, seed, range(start, start + 20)) for start in range(0, 2_000, 20)]
    say(f"damaged {kind} files: 2000 of seed {seed}")
    assert [faults for faults in guarded(hostile_damage.faults, tasks, LIMITS, seconds=120.0) if faults] == []


def test_references_lead_nowhere(tmp_path: Path, listener: Fetched) -> None:
    words = ("external", "fetching", "parameter-entity", "formula", "uri")
    wanted = (file for file in hostile_files(SEED, tmp_path, listener.url) if any(w in file.name for w in words))
    results = read_all(wanted, LIMITS)
    assert len(results) >= 12
    assert not listener.paths


def test_good_reports_among_hostile_files_are_published(tmp_path: Path) -> None:
    inbox = write_reports(tmp_path / "inbox")
    third = (inbox / "dongkou.txt").read_bytes().decode("gb18030").replace("洞口县", "绥宁县")
    (inbox / "suining.txt").write_text(third, encoding="utf-8")
    assert len(list(sample(quick(hostile_files(SEED, inbox / "hostile")), 0.2))) >= 40
    settings = Settings(home=tmp_path / "home", reading_seconds=10)
    assert pipeline.run(settings, [inbox], silent).published
    found = query(settings.warehouse, "select distinct region_code from observations order by 1").rows
    assert {"430524", "430525", "430527"} <= {region for (region,) in found}


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    def first_hundred(folder: str) -> list[tuple[str, bytes]]:
        files = hostile_files(SEED, tmp_path / folder)
        return [(file.name, file.path.read_bytes()) for file, _ in zip(files, range(100), strict=False)]

    assert first_hundred("once") == first_hundred("again")
