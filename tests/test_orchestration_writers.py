"""Several runs on one home folder at a time: each ends well, and they leave what one would have left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from orchestration_reports import fazhi

from orchestration import writer
from orchestration.settings import Settings
from orchestration.writer import AnotherWriterError, become_writer, step_down
from sources.files import locked
from warehouse.content import content_hashes

BACKFILL = """
import sys, warnings
warnings.simplefilter("ignore")
import dagster as dg
from orchestration import instance
from orchestration.definitions import assemble
from orchestration.settings import load
settings = load()
job, first, last = sys.argv[1:]
tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
with instance.opened(settings) as dagster:
    ran = assemble(settings).resolve_job_def(job).execute_in_process(instance=dagster, tags=tags if first else {})
sys.exit(not ran.success)
"""


def a_run(home: Path, job: str, first: str = "", last: str = "") -> subprocess.Popen[str]:
    """A run as the queue starts it, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", BACKFILL, job, first, last],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "FAZHI_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_overlapping_backfills_a_publication_and_a_run_by_hand_leave_what_one_leaves(home: Path) -> None:
    settings = Settings(home=home)
    before = content_hashes(settings.warehouse)
    runs = [
        a_run(home, "reading", "430523|2023", "430525|2024"),
        a_run(home, "publication"),
    ]
    by_hand = fazhi("run", "--all", home / "inbox", home=home)
    assert by_hand.returncode == 0, by_hand.stdout + by_hand.stderr
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode == 0, said
    assert content_hashes(settings.warehouse) == before
    assert not settings.candidate.exists()


def test_a_second_writer_waits_and_then_says_who_is_in_its_way(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with locked(tmp_path / ".fazhi-writer.lock"), pytest.raises(AnotherWriterError, match="fazhi status"):
        become_writer(settings, wait=0.1)
    become_writer(settings)
    become_writer(settings)  # the same process goes on writing
    with pytest.raises(BlockingIOError), locked(tmp_path / ".fazhi-writer.lock"):
        pass
    step_down(settings)
    with locked(tmp_path / ".fazhi-writer.lock"):
        assert not writer._HELD
