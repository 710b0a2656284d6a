"""A damaged staging, a lexicon that lost a code, a full disk, a read-only home: a clear line, the last release stays.

Disks are tmpfs, which only root may mount; where it can't be mounted these tests are skipped and say so.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from orchestration_reports import DONGKOU, fazhi
from typer.testing import CliRunner

from orchestration import assets
from orchestration.cli import app
from orchestration.settings import Settings
from sources.files import write_atomically
from warehouse.staging import partition_file


def run_command(home: Path, *arguments: str | Path) -> tuple[int, str]:
    result = CliRunner(env={"FAZHI_HOME": str(home)}).invoke(app, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def third_report(home: Path) -> Path:
    report = home / "inbox" / "xinning.txt"
    report.write_text(DONGKOU.replace("洞口县", "新宁县"), encoding="utf-8")
    return report


def test_a_corrupt_partition_is_named_with_what_to_do(home: Path, third_report: Path) -> None:
    settings = Settings(home=home)
    before = settings.warehouse.read_bytes()
    file = partition_file(settings.staging, "observations", 2024, "430524")
    file.write_bytes(file.read_bytes()[:-40])
    exit_code, screen = run_command(home, "run", third_report)
    assert exit_code == 1
    assert str(file) in screen
    assert "Rerun the partition 430524|2024" in screen
    assert settings.warehouse.read_bytes() == before
    assert run_command(home, "run", "--all")[0] == 0, "as told"


def test_a_code_that_vanished_from_the_lexicon_is_named_with_its_figures(
    home: Path, third_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=home)
    before = settings.warehouse.read_bytes()
    whole = assets.lexicon()
    kept = {code: one for code, one in whole.indicators.items() if code != "reconsideration.accepted"}
    monkeypatch.setattr(assets, "lexicon", lambda: replace(whole, indicators=kept))
    exit_code, screen = run_command(home, "run", third_report)
    assert exit_code == 1
    assert "Not published" in screen
    assert "indicator_present" in screen or "has an indicator" in screen
    assert "rerun the partitions" in screen
    assert "120件" in screen
    assert settings.warehouse.read_bytes() == before


def mounted(folder: Path, options: str) -> None:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"NOT TESTED: A TMPFS CAN'T BE MOUNTED HERE: {done.stderr.decode().strip()}")


@pytest.fixture
def small_disk(published_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A home folder on a disk of its own of 32 MiB."""
    if not shutil.which("mount"):
        pytest.skip("NOT TESTED: THERE IS NO mount HERE")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted(disk, "size=32m")
    try:
        yield shutil.copytree(published_home, disk / "home")
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for so many bytes."""
    filler = disk / "filler"
    filler.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - left)))
    return filler


@pytest.mark.parametrize(
    "left", [pytest.param(0, id="run history", marks=pytest.mark.soak), pytest.param(1_500_000, id="candidate")]
)
def test_a_full_disk_is_one_clear_line_and_the_last_release_stays(small_disk: Path, left: int) -> None:
    settings = Settings(home=small_disk)
    before = settings.warehouse.read_bytes()
    filler = fill(small_disk.parent, left)
    done = fazhi("run", small_disk / "inbox", home=small_disk)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "can't be written: " in said
    assert "MiB are free there" in said
    assert "run again" in said
    assert "Traceback" not in said
    assert settings.warehouse.read_bytes() == before

    filler.unlink()
    assert fazhi("run", small_disk / "inbox", home=small_disk).returncode == 0, "with room again it goes on"
    assert not list(small_disk.rglob("*.tmp"))


def test_a_file_that_does_not_fit_leaves_no_half_of_it(small_disk: Path) -> None:
    fill(small_disk.parent, 50_000)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(small_disk / "file", bytes(100_000))
    assert not list(small_disk.glob("*file*"))


def test_a_read_only_home_is_one_clear_line_and_can_still_be_asked(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk.parent], check=True)
    for command in (["run", small_disk / "inbox"], ["rollback"]):
        exit_code, screen = run_command(small_disk, *command)
        assert exit_code == 1
        assert screen == (
            f"{small_disk} can't be used: Read-only file system; expected a folder this user may write in; "
            "set FAZHI_HOME."
        )
    exit_code, screen = run_command(small_disk, "status")
    assert exit_code == 0
    assert "Release " in screen
