"""What has arrived in the inbox: new, at rest, and not taken in as it is now."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sources.arrivals import SETTLED, arrivals, being_written
from sources.intake import take_in
from sources.snapshots import SnapshotStore


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "report.txt").write_text("隆回县司法局2024年法治政府建设情况报告", encoding="utf-8")
    return folder


def later(seconds: float = 0.0) -> datetime:
    """A moment after everything that was written so far has come to rest."""
    return datetime.now(UTC) + SETTLED + timedelta(seconds=1 + seconds)


def names(folder: Path, store: SnapshotStore, now: datetime) -> list[str]:
    return [arrival.path.name for arrival in arrivals(folder, store.records(), now)]


def taken(folder: Path, store: SnapshotStore, at: datetime) -> None:
    take_in([folder], store, regions=None, years=None, max_bytes=1 << 20, clock=lambda: at)


def test_a_file_arrives_once_it_has_come_to_rest(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    assert names(inbox, store, datetime.now(UTC)) == []
    assert names(inbox, store, later()) == ["report.txt"]


def test_a_file_that_someone_has_open_for_writing_has_not_come_to_rest(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    with (inbox / "report.txt").open("a", encoding="utf-8"):
        assert being_written(inbox / "report.txt")
        assert names(inbox, store, later()) == []
    with (inbox / "report.txt").open(encoding="utf-8"):  # a reader is no writer
        assert names(inbox, store, later()) == ["report.txt"]


def test_what_was_taken_in_does_not_arrive_again(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    taken(inbox, store, later())
    assert names(inbox, store, later()) == []
    assert names(inbox, store, later(60)) == []


def test_a_file_written_again_arrives_again(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    taken(inbox, store, datetime.now(UTC) - timedelta(seconds=5))
    (inbox / "report.txt").write_text("更正后的报告", encoding="utf-8")
    os.utime(inbox / "report.txt", (0, 0))  # a copy that keeps the old time of writing is noticed all the same
    assert names(inbox, store, later()) == ["report.txt"]


def test_a_hint_put_beside_a_report_brings_it_in_again(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    taken(inbox, store, datetime.now(UTC) - timedelta(seconds=5))
    beside = inbox / "report.txt.hint.yaml"
    beside.write_text("region_code: 430524\n", encoding="utf-8")
    assert [one.changed for one in arrivals(inbox, store.records(), later())] == [beside.stat().st_ctime_ns]


def test_a_folder_moved_into_the_inbox_arrives_however_old_its_files_are(inbox: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    outside = tmp_path / "430525"
    outside.mkdir()
    (outside / "old.txt").write_text("洞口县", encoding="utf-8")
    taken(inbox, store, later())
    outside.rename(inbox / "430525")
    assert names(inbox, store, later()) == ["old.txt"]


def test_what_is_no_file_does_not_arrive(inbox: Path, tmp_path: Path) -> None:
    os.mkfifo(inbox / "pipe")
    (inbox / "gone").symlink_to(tmp_path / "nowhere")
    assert names(inbox, SnapshotStore(tmp_path / "snapshots"), later()) == ["report.txt"]
    assert names(tmp_path / "no inbox", SnapshotStore(tmp_path / "snapshots"), later()) == []
