"""`fazhi run` from end to end: what it publishes, what it refuses, and what becomes of bad input."""

import multiprocessing
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from orchestration_reports import DONGKOU, LONGHUI, fazhi, write_reports
from typer.testing import CliRunner

from orchestration import assets, instance, pipeline, readings
from orchestration.cli import app
from orchestration.figures import Figures
from orchestration.progress import silent
from orchestration.settings import Settings
from orchestration.waiting import partitions_concerned
from sources.snapshots import SnapshotRecord, SnapshotStore
from warehouse.content import content_hashes
from warehouse.expectations.declarations import suites
from warehouse.query import query


def snapshot_of(settings: Settings, region: str) -> SnapshotRecord:
    return next(record for record in SnapshotStore(settings.snapshots).records() if record.region_code == region)


def run(home: Path, *paths: Path, **options: Any) -> pipeline.RunReport:
    return pipeline.run(Settings(home=home), paths, silent, **options)


def run_command(home: Path, *paths: Path) -> tuple[int, str]:
    """Exit code and screen of `fazhi run`, in this process so that tests can break its parts."""
    result = CliRunner(env={"FAZHI_HOME": str(home)}).invoke(app, ["run", *map(str, paths)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_what_is_published_are_the_figures_of_the_reports(published_home: Path) -> None:
    rows = query(
        Settings(home=published_home).warehouse,
        "select region_code, year, indicator_code, value::int from observations "
        "where indicator_code like 'reconsideration.%' order by all",
    ).rows
    assert rows == [
        ("430524", 2024, "reconsideration.accepted", 120),
        ("430524", 2024, "reconsideration.concluded", 100),
        ("430525", 2024, "reconsideration.accepted", 59),
        ("430525", 2024, "reconsideration.concluded", 53),
    ]


def test_the_candidate_is_gone_once_it_is_published(published_home: Path) -> None:
    assert not Settings(home=published_home).candidate.exists()


def test_results_of_all_suites_are_in_the_warehouse(published_home: Path) -> None:
    rows = query(
        Settings(home=published_home).warehouse,
        "select suite, count(distinct region_code || report_year) from quality_result group by all order by all",
    ).rows
    assert ("partition", 2) in rows
    assert {suite for suite, _ in rows} == set(suites())


def test_running_again_publishes_the_same_content_and_makes_no_second_snapshot(home: Path) -> None:
    settings = Settings(home=home)
    hashes, files = content_hashes(settings.warehouse), sorted(settings.snapshots.rglob("*"))
    settings.warehouse.unlink()
    again = run(home, home / "inbox")
    assert (again.documents, again.new, again.partitions) == (2, 0, 2)
    assert sorted(settings.snapshots.rglob("*")) == files
    assert content_hashes(settings.warehouse) == hashes


def test_only_partitions_concerned_are_read() -> None:
    taken = {(2024, "430524")}
    assert partitions_concerned(taken, {}, {}) == taken
    assert partitions_concerned(set(), {}, {(2023, "430525"): {("gone", "")}}) == {(2023, "430525")}


def test_a_report_identified_anew_leaves_its_old_partition(home: Path) -> None:
    settings = Settings(home=home)
    dongkou = snapshot_of(settings, "430525")
    assert dongkou.identity
    moved = replace(dongkou.identity, report_year=2022)
    SnapshotStore(settings.snapshots).record(dongkou.snapshot_id, moved, dongkou.media_type)
    report = run(home, home / "inbox" / "longhui.txt")
    assert report.partitions == 3
    assert query(settings.warehouse, "select year_key from dim_report order by 1").rows == [(2022,), (2024,)]


def test_a_region_no_longer_configured_leaves_the_warehouse_but_not_the_store(home: Path) -> None:
    narrowed = Settings(home=home, regions=("430524",))
    report = pipeline.run(narrowed, [], silent)
    assert report.documents == 2, "without a path the inbox is read"
    assert report.published
    assert query(narrowed.warehouse, "select reason from quarantine").rows == [("region_not_configured",)]
    assert query(narrowed.warehouse, "select count(*) from dim_report").rows == [(1,)]
    assert len(SnapshotStore(narrowed.snapshots).records()) == 2


def test_a_place_is_one_under_the_codes_it_had(home: Path) -> None:
    """A report of 邵东县 on 2017, before it became 邵东市 under another code."""
    inbox = home / "inbox"
    for name, year, cases in (("邵东县", 2017, 80), ("邵东市", 2021, 96)):
        text = f"{name}人民政府{year}年度法治政府建设情况报告\n{name}全年受理行政复议案件{cases}件。\n{name}人民政府\n"
        (inbox / f"shaodong{year}.txt").write_text(f"{text}{year + 1}年1月20日\n", encoding="utf-8")
    damaged = inbox / "430582" / "2018" / "report.txt"  # under today's code
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"")
    assert run(home, inbox).published
    warehouse = Settings(home=home).warehouse
    figures = "select region_code, region, year, value::int from observations where place_code = '430582' order by year"
    assert query(warehouse, figures).rows == [("430521", "邵东县", 2017, 80), ("430582", "邵东市", 2021, 96)]
    covered = "select region_code, year, state from coverage where place_code = '430582' order by year, region_code"
    rows = query(warehouse, covered).rows
    assert [year for _, year, _ in rows] == sorted({year for _, year, _ in rows}), "one row a place and year"
    assert rows[:3] == [
        ("430521", 2017, "observed"),
        ("430521", 2018, "quarantined"),
        ("430582", 2019, "not_published"),
    ]
    wide = "select region, year, reconsideration_accepted::int from observations_wide where place_code = '430582'"
    assert query(warehouse, f"{wide} order by year").rows == [("邵东县", 2017, 80), ("邵东市", 2021, 96)]
    lines = [line for line in fazhi("status", home=home).stdout.splitlines() if "邵东" in line and "430582" in line]
    assert len(lines) == 1, lines


def test_a_snapshot_damaged_on_disk_is_quarantined_and_the_rest_is_loaded(home: Path) -> None:
    settings = Settings(home=home)
    damaged = snapshot_of(settings, "430525").snapshot_id
    (settings.snapshots / damaged[:2] / damaged).write_bytes(b"flipped")
    assert run(home, home / "inbox" / "longhui.txt", everything=True).published
    assert query(settings.warehouse, "select reason, region_code from quarantine").rows == [("unreadable", "430525")]
    assert query(settings.warehouse, "select count(*) from dim_report").rows == [(1,)]


def break_extraction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offsets one character off: a fault of extraction that the partition suite must find."""
    told_by = readings.told_by

    def moved(told: Figures) -> Figures:
        return told._replace(observations=[replace(o, start=o.start + 1, end=o.end + 1) for o in told.observations])

    monkeypatch.setattr(readings, "told_by", lambda *of: (moved(told) for told in told_by(*of)))


def break_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure without its unit: a fault of loading that the warehouse suite must find."""
    build = assets.build

    def broken(root: Path, candidate: Path, **options: Any) -> Any:
        summary = build(root, candidate, **options)
        with duckdb.connect(candidate) as connection:
            connection.execute("update fact_observation set unit_key = 9999")
        return summary

    monkeypatch.setattr(assets, "build", broken)


@pytest.mark.parametrize(
    ("break_it", "expectation", "row"),
    [
        (break_extraction, "text", "430524 2024: "),
        (break_build, "Every unit key stands in dim_unit", "120件"),
    ],
)
def test_a_failed_error_leaves_the_published_warehouse_and_says_why(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
    expectation: str,
    row: str,
) -> None:
    settings = Settings(home=home)
    published = settings.warehouse.read_bytes()
    break_it(monkeypatch)
    exit_code, screen = run_command(home, home / "inbox")
    assert exit_code == 1
    assert settings.warehouse.read_bytes() == published
    assert "Not published" in screen
    assert "error: " in screen
    assert expectation in screen
    assert row in screen
    assert "stays as it is" in screen


def read_all_through(warehouse: str, ready: Any, stop: Any, seen: Any) -> None:
    """A reader that opens the warehouse once and asks it again and again until told to stop."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        while not stop.is_set():
            seen.append(connection.execute("select count(*) from observations").fetchall()[0][0])
            ready.set()


def test_a_reader_that_holds_the_warehouse_open_blocks_nobody_and_is_not_blocked(home: Path) -> None:
    settings = Settings(home=home)
    third = home / "inbox" / "xinning.txt"
    third.write_text(DONGKOU.replace("洞口县", "新宁县"), encoding="utf-8")
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as shared:
        ready, stop, seen = shared.Event(), shared.Event(), shared.list()
        reader = spawn.Process(target=read_all_through, args=(str(settings.warehouse), ready, stop, seen))
        reader.start()
        assert ready.wait(60)
        before = len(seen)
        report = run(home, third)
        during = len(seen) - before
        stop.set()
        reader.join(60)
        assert report.published
        assert reader.exitcode == 0
        assert during > 10
        assert len(set(seen)) == 1, "an open reader keeps the warehouse it opened"
    assert query(settings.warehouse, "select count(distinct region_code) from observations").rows == [(3,)]


def test_a_second_run_in_the_same_home_is_refused(tmp_path: Path) -> None:
    with pipeline._alone(Settings(home=tmp_path)):
        exit_code, screen = run_command(tmp_path, write_reports(tmp_path / "inbox"))
    assert exit_code == 1
    assert "Another fazhi run is at work" in screen


def test_a_home_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder", encoding="utf-8")
    exit_code, screen = run_command(tmp_path / "home", tmp_path)
    assert exit_code == 1
    assert screen.startswith(f"{tmp_path / 'home'} can't be used: ")


def test_each_bad_input_has_its_own_line_and_the_rest_is_loaded(tmp_path: Path) -> None:
    inbox = write_reports(tmp_path / "inbox")
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "noise.txt").write_bytes(random.Random(7).randbytes(4096))  # noqa: S311
    (inbox / "large.txt").write_bytes(LONGHUI.encode() * 4000)
    (inbox / "elsewhere.txt").write_text(LONGHUI.replace("隆回县", "云岭县"), encoding="utf-8")
    (inbox / "closed").mkdir(mode=0)
    missing = tmp_path / "nowhere"
    done = fazhi("run", inbox, missing, home=tmp_path / "home", FAZHI_MAX_DOCUMENT_MB="1")
    (inbox / "closed").chmod(0o700)
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert lines["empty.txt"].split()[1] == "empty"
    assert lines["noise.txt"].split()[1] in ("unreadable", "unsupported_format")
    assert lines["large.txt"].split()[1] == "too_large"
    assert lines["elsewhere.txt"].split()[1] == "unknown_region"
    assert f"{missing} doesn't exist" in done.stdout
    assert f"{inbox / 'closed'} can't be read: no permission" in done.stdout
    held = query(tmp_path / "home" / "warehouse.duckdb", "select count(*) from quarantine").rows
    reports = query(tmp_path / "home" / "warehouse.duckdb", "select count(*) from dim_report").rows
    assert (held, reports) == ([(4,)], [(2,)])
    assert "\x1b[" not in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("paths", [("nowhere",), ("nowhere", "elsewhere.txt")])
def test_missing_paths_alone_publish_nothing(tmp_path: Path, paths: tuple[str, ...]) -> None:
    exit_code, screen = run_command(tmp_path, *(tmp_path / name for name in paths))
    assert exit_code == 1
    assert screen.count("doesn't exist") == len(paths)
    assert not Settings(home=tmp_path).warehouse.exists()


def test_an_empty_inbox_says_where_to_put_reports(tmp_path: Path) -> None:
    Settings(home=tmp_path).inbox_folder.mkdir()
    exit_code, screen = run_command(tmp_path)
    assert exit_code == 1
    assert f"There is no report in {tmp_path / 'inbox'}" in screen


def test_a_lone_bad_document_is_published_as_quarantined(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    exit_code, screen = run_command(tmp_path / "home", tmp_path / "empty.txt")
    assert exit_code == 0, screen
    assert "empty.txt has no text" in screen


def test_a_partition_that_cannot_be_read_stays_as_it_was_and_keeps_no_other_from_being_published(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=home)
    for name, text in (("longhui", LONGHUI.replace("120件", "121件")), ("dongkou", DONGKOU.replace("59件", "60件"))):
        (home / "inbox" / f"{name}.txt").write_text(text, encoding="utf-8")
    told_by = readings.told_by

    def stumbling(told: Figures) -> Figures | Exception:
        return RecursionError("a sentence without end") if "洞口县" in told.document.text else told

    monkeypatch.setattr(readings, "told_by", lambda *of: (stumbling(told) for told in told_by(*of)))
    report = run(home, home / "inbox")
    assert report.published
    (said,) = report.failures
    assert "430525|2024: RecursionError: a sentence without end" in said
    accepted = "select region_code, value::int from latest where indicator_code = 'reconsideration.accepted' order by 1"
    assert query(settings.warehouse, accepted).rows == [("430524", 121), ("430525", 59)]
    with instance.opened(settings) as dagster:
        newest = {
            key: dagster.fetch_materializations(
                dg.AssetRecordsFilter(dg.AssetKey("observations"), asset_partitions=[key]), limit=1
            ).records[0]
            for key in ("430524|2024", "430525|2024")
        }
    assert newest["430524|2024"].timestamp > newest["430525|2024"].timestamp

    monkeypatch.undo()
    assert not run(home, home / "inbox").failures
    assert query(settings.warehouse, accepted).rows == [("430524", 121), ("430525", 60)]
