"""Backfills on a server at work: runs killed in the middle, and all regions in ten years (`make soak`)."""

import random
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from dagster_ui import OBSERVATIONS, UNFINISHED, Backfill, Ui, running_ui
from orchestration_reports import fazhi

from orchestration.settings import SHAOYANG, Settings
from warehouse.audit import check_again
from warehouse.content import content_hashes
from warehouse.releases import folder_of

SAMPLES = Path(__file__).parent.parent / "sources" / "samples" / "reports"


def is_retry(run: dict[str, Any]) -> bool:
    """Whether Dagster began this run by itself, since one before was killed."""
    return "dagster/retry_number" in {tag["key"] for tag in run["tags"]}


def staged(settings: Settings) -> dict[str, bytes]:
    """What was read, by its place under the folder of staging; a file for each partition with a report."""
    files = settings.staging.rglob("*.parquet")
    return {str(file.relative_to(settings.staging)): file.read_bytes() for file in files}


def with_nothing_read(published: Path, home: Path) -> Settings:
    """A home folder where reports were taken in, but nothing is read and there is no warehouse."""
    settings = Settings(home=shutil.copytree(published, home))
    shutil.rmtree(settings.staging)
    shutil.rmtree(folder_of(settings.warehouse))
    settings.warehouse.unlink()
    return settings


def killed_on_the_way(ui: Ui, backfill_id: str, kills: int, longest: float, within: float) -> tuple[Backfill, set[str]]:
    """Follow a backfill to its end and kill the processes of its first runs, each once; which runs were killed.

    A run may have succeeded just before, while its process was still ending.
    """
    chance, deadline = random.Random(20260131), time.monotonic() + within  # noqa: S311
    killed: set[str] = set()
    while (backfill := ui.backfill(backfill_id)).status in UNFINISHED:
        assert time.monotonic() < deadline, f"not finished in {within} s: {backfill}; the server's log is {ui.log}"
        for run in backfill.runs:
            due = len(killed) < kills and run["id"] not in killed and not is_retry(run)
            if due and run["status"] == "STARTED" and (process := ui.process_of(run["id"])):
                time.sleep(chance.uniform(0, longest))
                with suppress(psutil.NoSuchProcess):  # it had just ended
                    process.kill()
                    killed.add(run["id"])
        time.sleep(0.3)
    return backfill, killed


@pytest.mark.slow
def test_a_run_killed_during_a_backfill_begins_again_by_itself(
    published_home: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    right = staged(Settings(home=published_home))
    settings = with_nothing_read(published_home, tmp_path / "home")
    with running_ui(settings.home) as ui:
        backfill_id = ui.launch([OBSERVATIONS], ("430524", "430525"), (2024,))
        backfill, killed = killed_on_the_way(ui, backfill_id, kills=1, longest=0.5, within=300)
    assert len(killed) == 1
    assert backfill.status == "COMPLETED_SUCCESS", backfill
    assert [run["status"] for run in backfill.runs if not is_retry(run)] == ["FAILURE"]
    assert [run["status"] for run in backfill.runs if is_retry(run)] == ["SUCCESS"]
    assert staged(settings) == right
    say(f"a run of a backfill killed: it began again by itself, all was well after {backfill.seconds:.0f} s")


@pytest.mark.soak
def test_many_runs_killed_during_a_backfill_leave_the_right_warehouse(
    published_home: Path, tmp_path: Path, say: Callable[[str], None]
) -> None:
    right = content_hashes(Settings(home=published_home).warehouse)
    settings = with_nothing_read(published_home, tmp_path / "home")
    with running_ui(settings.home) as ui:
        backfill_id = ui.launch(ui.downstream_of(OBSERVATIONS), SHAOYANG, range(2021, 2025))
        backfill, killed = killed_on_the_way(ui, backfill_id, kills=20, longest=4.0, within=1500)
    assert backfill.status == "COMPLETED_SUCCESS", [run["status"] for run in backfill.runs]
    failed = {run["id"] for run in backfill.runs if run["status"] == "FAILURE"}
    assert failed <= killed
    assert len(failed) >= 3
    assert content_hashes(settings.warehouse) == right
    assert [one.expectation_id for one in check_again(settings.warehouse) if one.blocks] == []
    assert not list(settings.home.rglob("*.tmp*"))
    runs = len(backfill.runs) - len(failed)
    say(f"{len(failed)} of {runs} runs of a backfill killed: the warehouse is right, after {backfill.seconds:.0f} s")


@pytest.mark.soak
def test_all_regions_in_ten_years_are_few_runs(tmp_path: Path, say: Callable[[str], None]) -> None:
    """The samples, read by `fazhi run`, then once more by a backfill of all regions and years."""
    settings = Settings(home=tmp_path, first_year=2015, last_year=2024)
    years = {"FAZHI_FIRST_YEAR": "2015", "FAZHI_LAST_YEAR": "2024"}
    shutil.copytree(SAMPLES, settings.inbox_folder)
    assert fazhi("run", home=tmp_path, **years).returncode == 0
    before, started = content_hashes(settings.warehouse), time.monotonic()
    assert fazhi("run", "--all", home=tmp_path, **years).returncode == 0
    by_command = time.monotonic() - started
    with running_ui(tmp_path, **years) as ui:
        # with the codes that places had before, as one who chooses all in the UI: a gap in the list doubles the runs
        backfill_id = ui.launch(ui.downstream_of(OBSERVATIONS), settings.codes, settings.years)
        backfill = ui.finished(backfill_id, within=1500)
    assert backfill.status == "COMPLETED_SUCCESS", backfill
    assert len(backfill.runs) <= len(SHAOYANG)
    assert content_hashes(settings.warehouse) == before
    steps = sum(run["endTime"] - run["startTime"] for run in backfill.runs)
    say(
        f"backfill of {len(settings.codes)} × 10 partitions and the warehouse: {len(backfill.runs)} runs, "
        f"{backfill.seconds:.0f} s, of "
        f"which {backfill.worked:.0f} s ({backfill.worked / backfill.seconds:.0%}) with a run at work and "
        f"{steps:.0f} s of runs altogether; fazhi run --all does it in {by_command:.0f} s"
    )
