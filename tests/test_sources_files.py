"""Writing in one atomic step."""

import os
from pathlib import Path

import pytest

from sources.files import clear_stale_temporaries, locked, write_atomically


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "ab" / "report"
    write_atomically(target, b"1362")
    assert target.read_bytes() == b"1362"
    assert [path.name for path in target.parent.iterdir()] == ["report"]


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    target = tmp_path / "report"
    write_atomically(target, b"1362")
    before = target.stat()
    write_atomically(target, b"1362")
    after = target.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_failed_write_keeps_the_old_file_and_no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report"
    write_atomically(target, b"old")

    def disk_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new!")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_leftovers_of_a_killed_run_are_cleared_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "ab"
    folder.mkdir()
    stale = folder / ".report.0123456789abcdef.tmp"
    others = [folder / "report", folder / ".report.tmp", folder / ".hidden", folder / "note.0123456789abcdef.tmp"]
    for path in (stale, *others):
        path.write_bytes(b"x")
    clear_stale_temporaries(tmp_path)
    assert not stale.exists()
    assert all(path.exists() for path in others)


def test_a_lock_has_one_holder_and_the_next_one_waits_for_it(tmp_path: Path) -> None:
    lock = tmp_path / "made" / ".lock"
    with locked(lock), pytest.raises(BlockingIOError), locked(lock, wait=0.15):
        pass
    with locked(lock), locked(tmp_path):  # a folder has a lock of its own
        pass
