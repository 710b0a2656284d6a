"""The whole job over and over, also killed in the middle; the long versions are `make soak`."""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from orchestration_reports import DONGKOU, fazhi, fazhi_process, write_reports

from orchestration import pipeline
from orchestration.progress import silent
from orchestration.settings import Settings
from warehouse.audit import check_again
from warehouse.content import content_hashes
from warehouse.releases import folder_of, kept_releases, manifest_of

COUNTIES = ("新宁县", "绥宁县", "新邵县", "邵阳县", "武冈市", "双清区", "大祥区", "北塔区", "隆回县", "洞口县")
"""Whose reports come in one after the other, so that each release differs from the one before."""


@pytest.mark.soak
def test_many_runs_in_one_process_give_the_same_and_leave_nothing_behind(tmp_path: Path) -> None:
    settings, inbox = Settings(home=tmp_path), write_reports(tmp_path / "inbox")
    process = psutil.Process()
    hashes, memory, files = [], [], []
    for _ in range(12):
        assert pipeline.run(settings, [inbox], silent).published
        hashes.append(content_hashes(settings.warehouse))
        memory.append(process.memory_info().rss)
        files.append(process.num_fds())
    assert all(one == hashes[0] for one in hashes)
    assert not list(tmp_path.rglob("*.tmp"))
    assert len(kept_releases(settings.warehouse)) == 1, "the same content is one release"
    assert memory[-1] - memory[3] < 60 * 2**20, [round(one / 2**20) for one in memory]
    assert files[-1] <= files[3] + 2, files


def sound(warehouse: Path) -> dict[str, str]:
    """The content of the published warehouse, which opens and passes the integrity suite."""
    assert [one.expectation_id for one in check_again(warehouse) if one.blocks] == []
    return content_hashes(warehouse)


def whole_again(settings: Settings) -> None:
    """What a run leaves when it was not killed: a release with its manifest, and nothing half done."""
    assert not list(settings.home.rglob("*.tmp*"))
    assert not list(settings.home.rglob("*.wal")), "no log lies beside a warehouse"
    assert {file.name for file in settings.candidate.parent.iterdir()} <= {".warehouse.duckdb.lock"}
    kept = kept_releases(settings.warehouse)
    assert sum(release.published for release in kept) == 1
    assert len(kept) <= settings.keep_releases + 1
    assert len(list(folder_of(settings.warehouse).iterdir())) == 2 * len(kept)
    for release in kept:
        assert manifest_of(release.file)["database"]["sha256"] == release.sha256


@pytest.mark.parametrize(("rounds", "kills"), [(1, 1), pytest.param(10, 10, marks=pytest.mark.soak)])
def test_a_run_killed_anywhere_loses_nothing_and_the_next_one_puts_it_right(
    published_home: Path, tmp_path: Path, rounds: int, kills: int, say: Callable[[str], None]
) -> None:
    """In each round a report comes in, its run is killed again and again, and the next run ends the round."""
    home = shutil.copytree(published_home, tmp_path / "home")
    settings, inbox, chance = Settings(home=home), home / "inbox", random.Random(20240116)  # noqa: S311
    after, longest, killed = content_hashes(settings.warehouse), 8.0, 0
    for round_, county in enumerate(COUNTIES[:rounds]):
        before = after
        report = DONGKOU.replace("洞口县", county).replace("59件", f"{60 + round_}件")
        (inbox / f"{round_}.txt").write_text(report, encoding="utf-8")
        seen = []
        for _ in range(kills):
            with fazhi_process("run", inbox, home=home) as process:
                try:
                    process.wait(chance.uniform(0.3, longest))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
            seen.append(sound(settings.warehouse))
        started = time.monotonic()
        done = fazhi("run", inbox, home=home)
        longest = time.monotonic() - started
        assert done.returncode == 0, done.stdout + done.stderr
        after = sound(settings.warehouse)
        assert after != before
        assert all(one in (before, after) for one in seen), "readers never see half a load"
        whole_again(settings)
    assert killed >= rounds * kills / 2
    say(f"{killed} of {rounds * kills} runs killed: a whole warehouse was published each time, the next run mended all")
