"""The whole job over and over, also killed in the middle (`make soak`, some minutes)."""

import random
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from orchestration_reports import fazhi, fazhi_process, write_reports

from orchestration import pipeline
from orchestration.progress import silent
from orchestration.settings import Settings
from warehouse.content import content_hashes

pytestmark = pytest.mark.soak


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
    assert memory[-1] - memory[3] < 60 * 2**20, [round(one / 2**20) for one in memory]
    assert files[-1] <= files[3] + 2, files


def test_a_run_killed_anywhere_loses_nothing_and_the_next_one_puts_it_right(tmp_path: Path) -> None:
    settings, inbox = Settings(home=tmp_path), write_reports(tmp_path / "inbox")
    assert fazhi("run", inbox, home=tmp_path).returncode == 0
    expected = content_hashes(settings.warehouse)
    chance = random.Random(20240116)  # noqa: S311
    for _ in range(12):
        with fazhi_process("run", inbox, home=tmp_path) as process:
            try:
                process.wait(chance.uniform(1.0, 10.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert content_hashes(settings.warehouse) == expected, "readers never see half a load"
    done = fazhi("run", inbox, home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert content_hashes(settings.warehouse) == expected
    assert not list(tmp_path.rglob("*.tmp"))
