"""Finding files, keeping snapshots, taking in."""

import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sources.document import Identity
from sources.identify import Hint
from sources.inbox import FoundFile, Problem, find, read_hint
from sources.intake import IntakeSummary, take_in, verify
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr
from sources.reading import document_of, readers_version
from sources.snapshots import BrokenSnapshotError, Origin, SnapshotStore
from sources.workers import Limits

REPORT = "隆回县2024年度法治政府建设情况报告\n2024年,全县受理行政复议案件120件。\n隆回县人民政府\n2025年1月20日\n"
NAMELESS = "法治政府建设情况报告\n办理法律援助案件12件。\n"
NOON = datetime(2025, 3, 1, 12, 0, 0, tzinfo=UTC)
LATER = datetime(2025, 3, 2, 12, 0, 0, tzinfo=UTC)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def taken(store: SnapshotStore, *paths: Path, max_bytes: int = 1 << 20, **more: object) -> IntakeSummary:
    options: dict[str, object] = {"regions": None, "years": None, "clock": lambda: NOON, **more}
    return take_in(paths, store, max_bytes=max_bytes, **options)  # type: ignore[arg-type]


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


# Finding ------------------------------------------------------------------------------------------------


def test_folders_are_walked_in_order_without_hidden_files_and_sidecars(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".hidden", ".git/x.txt", "a.txt.hint.yaml"):
        write(tmp_path / name, "region_code: 430524" if name.endswith("yaml") else "x")
    found = [item.path.relative_to(tmp_path).as_posix() for item in find([tmp_path, tmp_path / "a.txt"])]
    assert found == ["a.txt", "b/1.txt", "b/2.txt"]


@pytest.mark.parametrize(
    ("below", "hint"),
    [
        ("430524/2023/x.txt", Hint("430524", 2023)),
        ("2023/430524/x.txt", Hint("430524", 2023)),
        ("reports/430524/2023/scans/x.txt", Hint("430524", 2023)),
        ("430524/x.txt", Hint("430524")),
        ("2023/x.txt", Hint()),
        ("202401/x.txt", Hint()),
    ],
)
def test_folder_names_are_hints(tmp_path: Path, below: str, hint: Hint) -> None:
    write(tmp_path / below, "x")
    assert [item.hint for item in find([tmp_path]) if isinstance(item, FoundFile)] == [hint]


def test_the_end_of_the_given_path_counts_too(tmp_path: Path) -> None:
    file = write(tmp_path / "430524" / "2023" / "x.txt", "x")
    for given in (file, file.parent, file.parent.parent):
        assert [item.hint for item in find([given]) if isinstance(item, FoundFile)] == [Hint("430524", 2023)]


def test_a_sidecar_goes_before_the_folders(tmp_path: Path) -> None:
    file = write(tmp_path / "430524" / "2023" / "x.txt", "x")
    write(file.with_name("x.txt.hint.yaml"), "report_year: 2024\npublisher: 隆回县司法局\npublished: 2025-01-16\n")
    (found,) = find([tmp_path])
    assert isinstance(found, FoundFile)
    assert found.hint == Hint("430524", 2024, "隆回县司法局", None, date(2025, 1, 16))


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("region_code: 430524\nyear: 2024", "line 2: found 'year', expected one of region_code, report_year"),
        ("region_code: 999999", "line 1: region_code is 999999, expected a six-digit code"),
        ("\nreport_year: last", "line 2: report_year is 'last', expected a year"),
        ("published: soon", "expected a date such as 2025-01-16"),
        ("- 430524", "expected lines such as"),
        ("a: [", "isn't valid YAML"),
        ("published: 2025-13-45", "isn't valid YAML in UTF-8 (yaml: ValueError: month must be in 1..12)"),
        ("published: !!timestamp soon", "isn't valid YAML"),
        ("[" * 5_000, "isn't valid YAML"),
        ('title: "\\ud83d"', "expected text"),
    ],
)
def test_a_faulty_sidecar_is_a_problem_and_the_file_is_found_all_the_same(
    tmp_path: Path, written: str, complaint: str
) -> None:
    write(tmp_path / "x.txt", "x")
    sidecar = write(tmp_path / "x.txt.hint.yaml", written)
    problem, file = find([tmp_path])
    assert isinstance(problem, Problem)
    assert complaint in problem.what
    assert str(sidecar) in problem.what
    assert isinstance(file, FoundFile)
    with pytest.raises(ValueError, match=r"YAML|expected"):
        read_hint(sidecar)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "good.txt", "x")
    os.mkfifo(folder / "pipe")
    (folder / "broken").symlink_to(tmp_path / "nowhere")
    (folder / "circle").symlink_to(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "sock"))
        found = list(find([folder, tmp_path / "missing", Path("/dev/null")]))
    said = {item.path.name: item.what for item in found if isinstance(item, Problem)}
    assert "a named pipe" in said["pipe"]
    assert "a socket" in said["sock"]
    assert "a link to nothing" in said["broken"]
    assert "link to a folder" in said["circle"]
    assert "doesn't exist" in said["missing"]
    assert "a character device" in said["null"]
    assert [item.path.name for item in found if isinstance(item, FoundFile)] == ["good.txt"]


def test_no_permission_is_said_and_the_rest_is_found(tmp_path: Path) -> None:
    """Root may read everything, so as root the look is taken by a child that is nobody."""
    write(tmp_path / "in" / "good.txt", "x")
    write(tmp_path / "in" / "locked" / "secret.txt", "x")
    write(tmp_path / "in" / "closed.txt", REPORT)
    (tmp_path / "in" / "locked").chmod(0)
    (tmp_path / "in" / "closed.txt").chmod(0)
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o755)
    write(tmp_path / "first.txt", REPORT)
    code = (
        "import os, sys, sources.intake, sources.snapshots, pathlib, json\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "def take_in(what): return sources.intake.take_in([here / what],"
        " sources.snapshots.SnapshotStore(here / 'store'), regions=None, years=None, max_bytes=1000)\n"
        # What is imported and started on first use comes before the change of user, who may not read the code.
        "take_in('first.txt')\n"
        "for made in (here / 'store').rglob('*'): made.chmod(0o777)\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "s = take_in('in')\n"
        "print(json.dumps([[p.path.name, p.what] for p in s.problems]), len(s.taken), flush=True)\n"
        "os._exit(0)"  # nobody may not end the processes that root began
    )
    try:
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    finally:
        (tmp_path / "in" / "locked").chmod(0o755)
    problems, count = done.stdout.rsplit(" ", 1)
    said = dict(json.loads(problems))
    assert set(said) == {"locked", "closed.txt"}
    assert all("no permission; give this user the right to read it" in what for what in said.values())
    assert int(count) == 1


# Keeping ------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_one_snapshot_with_two_origins(store: SnapshotStore) -> None:
    first = store.put(b"report", Origin("file:///a", Hint(), NOON))
    second = store.put(b"report", Origin("file:///b", Hint("430524"), LATER))
    store.put(b"report", Origin("file:///a", Hint(), LATER))
    (record,) = store.records()
    assert first == second == record.snapshot_id
    assert [(o.uri, o.retrieved_at) for o in record.origins] == [("file:///a", NOON), ("file:///b", LATER)]
    assert (record.uri, record.retrieved_at, record.size) == ("file:///a", NOON, 6)
    assert store.read(first) == b"report"


def test_an_outcome_is_read_back_as_written(store: SnapshotStore) -> None:
    identity = Identity("标题", "隆回县司法局", "430524", 2024, date(2025, 1, 16), synthetic=True)
    one = store.put(b"one", Origin("file:///one", Hint(), NOON))
    two = store.put(b"two", Origin("file:///two", Hint(), NOON))
    store.record(one, identity, "text/plain")
    store.record(two, Quarantined(Reason.UNKNOWN_YEAR, "no year", region_code="430524"), "text/html")
    good, bad = store.record_of(one), store.record_of(two)
    assert (good.identity, good.partition, good.reason) == (identity, (2024, "430524"), None)
    assert (bad.identity, bad.partition, bad.reason, bad.detail) == (None, None, "unknown_year", "no year")
    assert (bad.region_code, bad.media_type) == ("430524", "text/html")


def test_bytes_that_changed_on_disk_are_not_handed_out(store: SnapshotStore) -> None:
    snapshot_id = store.put(b"report", Origin("file:///a", Hint(), NOON))
    (store.root / snapshot_id[:2] / snapshot_id).write_bytes(b"forged")
    with pytest.raises(BrokenSnapshotError, match="doesn't hold the bytes its name says"):
        store.read(snapshot_id)


# Taking in ----------------------------------------------------------------------------------------------


def test_good_and_bad_files_together(tmp_path: Path, store: SnapshotStore) -> None:
    inbox = tmp_path / "in"
    write(inbox / "good.txt", REPORT)
    write(inbox / "empty.txt", "")
    write(inbox / "noise.bin", bytes(range(128, 256)) * 16)
    write(inbox / "big.txt", "长" * 5000)
    write(inbox / "nameless.txt", NAMELESS)
    write(inbox / "news.txt", "隆回县举行龙舟赛。")
    write(inbox / "half.pdf", b"%PDF-1.4 ...")
    summary = taken(store, inbox, tmp_path / "missing", max_bytes=10_000)
    outcomes = {record.uri.rsplit("/", 1)[1]: record.reason for record in summary.taken}
    assert outcomes == {
        "good.txt": None,
        "empty.txt": "empty",
        "noise.bin": "unreadable",
        "big.txt": "too_large",
        "nameless.txt": "unknown_region",
        "news.txt": "not_a_report",
        "half.pdf": "truncated",
    }
    assert summary.new == 7
    assert [problem.path.name for problem in summary.problems] == ["missing"]
    assert summary.taken == store.records()


def test_a_second_run_makes_no_snapshot_and_rewrites_nothing(tmp_path: Path, store: SnapshotStore) -> None:
    inbox = tmp_path / "in"
    write(inbox / "a.txt", REPORT)
    write(inbox / "b" / "same.txt", REPORT)
    write(inbox / "430524" / "2024" / "nameless.txt", NAMELESS)
    first = taken(store, inbox)
    before = contents(store.root)
    second = taken(store, inbox, clock=lambda: LATER)
    assert (first.new, second.new) == (2, 0)
    assert first.taken == second.taken
    assert contents(store.root) == before


def test_a_large_file_is_noted_but_not_copied(tmp_path: Path, store: SnapshotStore) -> None:
    write(tmp_path / "in" / "430524" / "2024" / "big.txt", REPORT + "长" * 50_000)
    (record,) = taken(store, tmp_path / "in", max_bytes=10_000).taken
    assert (record.reason, record.partition) == ("too_large", (2024, "430524"))
    assert record.detail is not None
    assert "big.txt has 0.1 MiB" in record.detail
    assert sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file()) < 2_000
    (again,) = taken(store, tmp_path / "in", max_bytes=1_000_000).taken
    assert again.reason is None
    assert document_of(store.root, again.snapshot_id, again.name, with_ocr=True).text.startswith(REPORT)


def test_a_quarantined_report_is_picked_up_once_a_hint_is_there(tmp_path: Path, store: SnapshotStore) -> None:
    file = write(tmp_path / "in" / "x.txt", NAMELESS)
    assert [record.reason for record in taken(store, file).taken] == ["unknown_region"]
    write(file.with_name("x.txt.hint.yaml"), "region_code: 430524\nreport_year: 2024\n")
    summary = taken(store, file)
    assert [record.partition for record in summary.taken] == [(2024, "430524")]
    assert summary.new == 0


def test_the_same_file_in_folders_that_contradict_each_other(tmp_path: Path, store: SnapshotStore) -> None:
    write(tmp_path / "in" / "430524" / "2024" / "x.txt", NAMELESS)
    write(tmp_path / "in" / "430525" / "2024" / "x.txt", NAMELESS)
    (record,) = taken(store, tmp_path / "in").taken
    assert record.reason == "unknown_region"
    assert record.detail is not None
    assert "430524 and 430525" in record.detail


@pytest.mark.parametrize(
    ("configured", "reason"),
    [
        ({"regions": ["430500"]}, "region_not_configured"),
        ({"years": range(2015, 2024)}, "year_not_configured"),
        ({"regions": ["430524"], "years": range(2015, 2026)}, None),
    ],
)
def test_reports_of_other_regions_and_years_are_set_aside(
    tmp_path: Path, store: SnapshotStore, configured: dict[str, object], reason: str | None
) -> None:
    file = write(tmp_path / "x.txt", REPORT)
    (record,) = taken(store, file, **configured).taken
    assert (record.reason, record.partition) == (reason, (2024, "430524"))


def test_progress_is_told_for_each_file(tmp_path: Path, store: SnapshotStore) -> None:
    write(tmp_path / "in" / "a.txt", REPORT)
    write(tmp_path / "in" / "b.txt", NAMELESS)
    told: list[tuple[str, int, int]] = []
    tell: Callable[[str, int, int], None] = lambda *said: told.append(said)  # noqa: E731
    taken(store, tmp_path / "in", on_progress=tell)
    assert told == [(step, done, 2) for step in ("taking in", "reading") for done in range(3)]


def test_a_run_killed_between_bytes_and_sidecar_is_made_good(tmp_path: Path, store: SnapshotStore) -> None:
    file = write(tmp_path / "x.txt", REPORT)
    (record,) = taken(store, file).taken
    folder = store.root / record.snapshot_id[:2]
    (folder / f"{record.snapshot_id}.json").unlink()
    stale = write(folder / f".{record.snapshot_id}.json.0123456789abcdef.tmp", "{")
    assert taken(store, file).taken == [record]
    assert not stale.exists()


def test_a_damaged_sidecar_stops_nothing_else(tmp_path: Path, store: SnapshotStore) -> None:
    write(tmp_path / "in" / "a.txt", REPORT)
    (record,) = taken(store, tmp_path / "in").taken
    write(store.root / record.snapshot_id[:2] / f"{record.snapshot_id}.json", "{")
    write(tmp_path / "in" / "b.txt", REPORT.replace("2024", "2023").replace("2025", "2024"))
    summary = taken(store, tmp_path / "in")
    assert [record.partition for record in summary.taken] == [(2023, "430524")]
    assert "isn't valid JSON" in summary.problems[0].what


def test_a_damaged_sidecar_is_listed_as_quarantined(tmp_path: Path, store: SnapshotStore) -> None:
    snapshot_id = store.put(b"report", Origin("file:///a.txt", Hint(), datetime(2024, 1, 1, tzinfo=UTC)))
    sidecar = next(store.root.rglob(f"{snapshot_id}.json"))
    sidecar.write_bytes(b"{half")
    (record,) = store.records()
    assert record.reason == "unreadable"
    assert record.detail is not None
    assert "delete it and take the file in again" in record.detail


def test_damaged_bytes_are_made_good_by_taking_in_again(tmp_path: Path, store: SnapshotStore) -> None:
    file = write(tmp_path / "a.txt", REPORT)
    (record,) = taken(store, file).taken
    write(store.root / record.snapshot_id[:2] / record.snapshot_id, b"forged")
    assert taken(store, file).taken == [record]
    assert store.read(record.snapshot_id) == REPORT.encode()


def test_names_that_are_no_utf_8(tmp_path: Path, store: SnapshotStore) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc2\xa1\xff.txt"))
    path.write_text(REPORT, encoding="utf-8")
    (record,) = taken(store, tmp_path).taken
    assert record.identity is not None
    assert json.loads((store.root / record.snapshot_id[:2] / f"{record.snapshot_id}.json").read_bytes())


def test_a_snapshot_damaged_on_the_disk_is_found_and_goes_to_quarantine_with_its_place(
    tmp_path: Path, store: SnapshotStore
) -> None:
    taken(store, write(tmp_path / "a.txt", REPORT), write(tmp_path / "b.txt", NAMELESS))
    ids = [record.snapshot_id for record in store.records()]
    assert verify(store, ids) == []
    (report,) = (record.snapshot_id for record in store.records() if record.identity)
    (store.root / report[:2] / report).write_bytes(b"flipped")
    (said,) = verify(store, ids)
    assert "doesn't hold the bytes its name says" in said
    damaged = store.record_of(report)
    assert (damaged.reason, damaged.region_code, damaged.report_year) == ("unreadable", "430524", 2024)


# Archives, scans, versions of the readers ------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    """A ZIP of files, whose names have / for __."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def test_the_files_of_an_archive_are_taken_in_with_what_its_folders_say(tmp_path: Path, store: SnapshotStore) -> None:
    archive = write(
        tmp_path / "in" / "reports.zip", zipped(good_txt=REPORT.encode(), **{"430525__2023__x.txt": NAMELESS.encode()})
    )
    summary = taken(store, tmp_path / "in")
    found = {record.uri.removeprefix(archive.as_uri()): record.partition for record in summary.taken}
    assert found == {"#good_txt": (2024, "430524"), "#430525/2023/x.txt": (2023, "430525")}
    assert summary.new == 3
    (opened,) = (record for record in store.records() if record.members)
    assert (opened.identity, opened.reason, opened.media_type) == (None, None, "application/zip")
    assert set(opened.members) == {record.snapshot_id for record in summary.taken}
    before = contents(store.root)
    assert taken(store, tmp_path / "in").taken == summary.taken
    assert contents(store.root) == before


def test_what_cannot_be_had_of_an_archive_is_said_and_the_rest_is_taken_in(
    tmp_path: Path, store: SnapshotStore
) -> None:
    damaged = zipped(a_txt=REPORT.encode(), b_txt=REPORT.replace("2024", "2023").encode())
    at = damaged.index("2023年".encode())
    write(tmp_path / "in" / "half.zip", damaged[:at] + b"\x00" + damaged[at + 1 :])
    outcomes = {record.name: record.reason for record in taken(store, tmp_path / "in").taken}
    assert outcomes["a_txt"] is None
    assert outcomes["half.zip"] in ("unreadable", "truncated")
    (bad,) = (record for record in store.records() if record.reason)
    assert "1 of the 2 files in half.zip can't be had" in (bad.detail or "")


def test_the_text_of_a_page_is_kept_and_parsed_once(
    tmp_path: Path, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "".join(f"<p>{line}</p>" for line in REPORT.splitlines())
    (record,) = taken(store, write(tmp_path / "a.html", f"<html><body>{page}</body></html>")).taken
    kept = store.document(record.snapshot_id, readers_version())
    assert kept is not None
    assert kept.where(kept.text.index("120件")) == "/html/body/p[2]"
    monkeypatch.setattr("sources.reading.read", lambda *_: pytest.fail("it is parsed again"))
    assert document_of(store.root, record.snapshot_id, record.name, with_ocr=True) == kept
    assert store.document(record.snapshot_id, "another version") is None


def test_a_scan_waits_for_ocr_and_is_picked_up_once_it_is_installed(
    tmp_path: Path, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not ocr.installed():
        pytest.skip("the extra `ocr` isn't installed, so that no scan can be read: pip install 'fazhi[ocr]'")
    scan = next((Path(__file__).parent / "fixtures" / "pdf").glob("*.png"))
    write(tmp_path / "in" / "430524" / "2024" / "scan.png", scan.read_bytes())
    with monkeypatch.context() as without:
        without.setattr("sources.intake.ocr.installed", lambda: False)
        (record,) = taken(store, tmp_path / "in").taken
        assert (record.reason, record.partition) == ("scanned_without_ocr", (2024, "430524"))
        assert "fazhi[ocr]" in (record.detail or "")
    write(tmp_path / "other" / "a.txt", REPORT)
    again = {record.name: record.reason for record in taken(store, tmp_path / "other").taken}
    assert again.keys() == {"scan.png", "a.txt"}
    assert again["scan.png"] != "scanned_without_ocr"
    assert [record.name for record in taken(store, tmp_path / "other").taken] == ["a.txt"], "once is enough"


def test_what_takes_too_long_is_quarantined_and_the_rest_taken_in(tmp_path: Path, store: SnapshotStore) -> None:
    write(tmp_path / "in" / "good.txt", REPORT)
    scan = next((Path(__file__).parent / "fixtures" / "pdf").glob("*.pdf"))
    write(tmp_path / "in" / "slow.pdf", scan.read_bytes())
    limits = Limits(processes=1, seconds=0.001)
    outcomes = {
        record.name: record.reason for record in taken(store, tmp_path / "in" / "slow.pdf", limits=limits).taken
    }
    assert outcomes == {"slow.pdf": "too_complex"}
    (record,) = store.records()
    assert "FAZHI_READING_SECONDS" in (record.detail or "")
    assert [record.reason for record in taken(store, tmp_path / "in" / "good.txt").taken] == [None]
