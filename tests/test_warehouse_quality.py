"""Results are kept a file a partition, seen by the build as a whole, and followed through the runs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warehouse_examples import CITY, COUNTY_A, LEXICON, build_small, city_report, county_report, stage_all

from warehouse.audit import audit
from warehouse.build import record_results, release_id
from warehouse.content import content_hashes
from warehouse.expectations.results import ExpectationResult, stamped
from warehouse.expectations.suites import check_partitions
from warehouse.quality import checked, history_files, keep_history, keep_results, kept_results, unchecked
from warehouse.query import query
from warehouse.staging import load_frame, load_frames, partition_file, staged_hash, unstage

PARTITIONS = [(2024, CITY), (2024, COUNTY_A)]
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    stage_all(tmp_path / "staging", [city_report(), county_report(COUNTY_A, "5")])
    return tmp_path / "staging"


def figures(staging: Path) -> dict[tuple[int, str], str]:
    return {(year, code): staged_hash(staging, "observations", year, code) or "" for year, code in PARTITIONS}


def found(staging: Path, *, suspect_in: str = "") -> list[ExpectationResult]:
    frame = load_frame(staging, PARTITIONS, lexicon=LEXICON)
    frame.loc[frame["partition"] == suspect_in, "status"] = "suspect"
    results = check_partitions([frame], only=["no_suspect_figure", "observation_id_unique"])
    return stamped(results, "a run", MORNING)


def test_what_is_kept_is_read_back_as_one_result_with_its_partitions(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging, suspect_in="430502|2024"))
    kept = {result.expectation_id: result for result in kept_results(staging)}
    suspect = kept["no_suspect_figure"]
    assert (suspect.success, suspect.checked, suspect.unexpected) == (False, 9, 1)
    assert suspect.failing_partitions == ["430502|2024"]
    assert suspect.failing[0]["sentence"] == "全区受理行政复议案件5件。"
    assert (suspect.run_id, suspect.checked_at) == ("a run", "2026-11-25T06:00:00.000+00:00")
    assert kept["observation_id_unique"].success


def test_keeping_again_gives_the_same_bytes(staging: Path) -> None:
    file = partition_file(staging, "quality", 2024, CITY)
    contents = []
    for _ in range(2):
        keep_results(staging, figures(staging), found(staging))
        contents.append(file.read_bytes())
    assert contents[0] == contents[1]
    assert {row["region_code"] for row in json.loads(contents[0])["results"]} == {CITY}


def test_a_rerun_of_one_partition_leaves_the_results_of_the_others(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging, suspect_in="430502|2024"))
    other = partition_file(staging, "quality", 2024, CITY).read_bytes()
    keep_results(staging, {(2024, COUNTY_A): figures(staging)[2024, COUNTY_A]}, found(staging))
    assert partition_file(staging, "quality", 2024, CITY).read_bytes() == other
    assert all(result.success for result in kept_results(staging))


def test_what_could_not_be_evaluated_is_kept_as_failed_everywhere(staging: Path) -> None:
    frame = load_frame(staging, PARTITIONS, lexicon=LEXICON).drop(columns="text_slice")
    keep_results(staging, figures(staging), check_partitions([frame], only=["quote_equals_text"]))
    (result,) = kept_results(staging)
    assert result.blocks
    assert result.unexpected == len(PARTITIONS)


def test_an_unstaged_partition_loses_its_results(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging, suspect_in="430502|2024"))
    unstage(staging, 2024, COUNTY_A)
    assert all(result.success for result in kept_results(staging))


@pytest.mark.parametrize("held", [b"", b"[]", b'{"suites": "those of last year", "results": []}'])
def test_partitions_not_checked_by_the_suites_of_today_are_named(staging: Path, held: bytes) -> None:
    keep_results(staging, figures(staging), found(staging))
    assert unchecked(staging, figures(staging)) == set()
    partition_file(staging, "quality", 2024, CITY).write_bytes(held)
    assert unchecked(staging, figures(staging)) == {(2024, CITY)}
    assert {name for one in kept_results(staging) for name in one.partitions} == {f"{COUNTY_A}|2024"}


def test_other_figures_end_what_was_found_and_the_same_ones_do_not(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging))
    stage_all(staging, [county_report(COUNTY_A, "5")])
    assert unchecked(staging, figures(staging)) == set()
    stage_all(staging, [county_report(COUNTY_A, "6")])
    assert unchecked(staging, figures(staging)) == {(2024, COUNTY_A)}
    assert {name for one in kept_results(staging) for name in one.partitions} == {f"{CITY}|2024"}


def test_what_was_found_in_figures_that_are_gone_is_not_kept(staging: Path) -> None:
    before, results = figures(staging), found(staging, suspect_in="430502|2024")
    stage_all(staging, [county_report(COUNTY_A, "6")])
    assert len(keep_results(staging, before, results)) == 2 * len(results), "but it is history"
    assert unchecked(staging, figures(staging)) == {(2024, COUNTY_A)}


def test_results_count_for_the_figures_asked_for_alone(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging))
    built = {**figures(staging), (2024, COUNTY_A): "those of yesterday"}
    assert unchecked(staging, built) == {(2024, COUNTY_A)}
    results, partitions = checked(staging, built)
    assert {name for one in results for name in one.partitions} == {f"{CITY}|2024"}
    assert partitions == {(2024, CITY)}


def test_another_lexicon_checks_again(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_results(staging, figures(staging), found(staging))
    monkeypatch.setattr("warehouse.quality.checked_by", lambda: "the bounds of tomorrow")
    assert unchecked(staging, figures(staging)) == set(PARTITIONS)


def test_a_result_of_an_expectation_that_is_no_more_is_not_taken_up(staging: Path) -> None:
    keep_results(staging, figures(staging), found(staging))
    file = partition_file(staging, "quality", 2024, CITY)
    file.write_text(file.read_text(encoding="utf-8").replace("no_suspect_figure", "gone_since"), encoding="utf-8")
    assert {one.expectation_id for one in kept_results(staging)} == {"no_suspect_figure", "observation_id_unique"}
    assert all(f"{CITY}|2024" not in one.partitions for one in kept_results(staging) if one.expectation_id[0] == "n")


def test_lots_hold_whole_partitions_and_together_give_the_same_result(staging: Path) -> None:
    lots = list(load_frames(staging, PARTITIONS, rows=1, lexicon=LEXICON))
    assert [list(lot["partition"].unique()) for lot in lots] == [[f"{CITY}|2024"], [f"{COUNTY_A}|2024"]]
    whole = check_partitions(load_frames(staging, PARTITIONS, rows=1_000, lexicon=LEXICON))
    assert check_partitions(lots) == whole


# What the warehouse shows


def checks(staging: Path, tmp_path: Path) -> Callable[..., Path]:
    """Check the figures and a candidate built of them, as a run does, so many hours after the morning."""

    def run(hours: int, *, suspect_in: str = "") -> Path:
        at, run_id, candidate = MORNING + timedelta(hours=hours), f"run {hours}", tmp_path / "w.duckdb"
        partition = stamped(found(staging, suspect_in=suspect_in), run_id, at)
        keep_history(tmp_path / "history", keep_results(staging, figures(staging), partition))
        build_small(staging, candidate)
        results = stamped(audit(candidate, only=["no_figure_twice"]), run_id, at + timedelta(minutes=1))
        keep_history(tmp_path / "history", results, release_id=release_id(candidate))
        record_results(candidate, [*kept_results(staging), *results], tmp_path / "history")
        return candidate

    return run


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(path, sql).rows


def test_the_warehouse_shows_results_by_partition_with_meaning_and_owner(staging: Path, tmp_path: Path) -> None:
    warehouse = checks(staging, tmp_path)(0, suspect_in="430502|2024")
    wanted = "expectation_id = 'no_suspect_figure'"
    sql = f"SELECT region, year, success, owner, meaning_en FROM quality_results WHERE {wanted}"  # noqa: S608
    meaning = "No figure is suspect, that is, cannot be right as printed (1.8余人次)"
    assert sorted(rows(warehouse, sql), key=str) == [
        ("双清区", 2024, False, "steward", meaning),
        ("邵阳市", 2024, True, "steward", meaning),
    ]


def test_what_is_open_says_since_when_and_how_often(staging: Path, tmp_path: Path) -> None:
    run = checks(staging, tmp_path)
    bad = "430502|2024"
    for hours, suspect in ((0, bad), (1, ""), (2, bad), (3, bad)):
        warehouse = run(hours, suspect_in=suspect)
        count = len(rows(warehouse, "FROM quality_open"))
        assert count == (1 if suspect else 0)
    sql = "SELECT thing, region, year, since, checks, times, sentence, owner, severity FROM quality_open"
    ((thing, *rest),) = rows(warehouse, sql)
    assert rest == ["双清区", 2024, datetime(2026, 11, 25, 8), 2, 2, "全区受理行政复议案件5件。", "steward", "warning"]
    assert (thing,) in rows(warehouse, "SELECT observation_id FROM fact_observation")


def test_the_history_keeps_every_run_with_its_release(staging: Path, tmp_path: Path) -> None:
    run = checks(staging, tmp_path)
    for hours in (0, 1):
        warehouse = run(hours)
    sql = "SELECT run_id, release_id, suite, count(*) FROM quality_history GROUP BY ALL ORDER BY ALL"
    release = release_id(warehouse)
    assert rows(warehouse, sql) == [
        ("run 0", release, "identities", 1),
        ("run 0", release, "partition", 4),
        ("run 1", release, "identities", 1),
        ("run 1", release, "partition", 4),
    ]


def test_history_and_times_are_no_part_of_the_content(staging: Path, tmp_path: Path) -> None:
    run = checks(staging, tmp_path)
    assert content_hashes(run(0)) == content_hashes(run(1))


def test_a_broken_file_of_the_history_is_put_aside_and_stops_nothing(
    staging: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = checks(staging, tmp_path)
    run(0)
    broken, sound = history_files(tmp_path / "history")
    broken.write_bytes(b"PAR1 and then nothing")
    assert history_files(tmp_path / "history") == [sound]
    assert f"{broken.name}.broken" in caplog.text
    assert rows(run(1), "SELECT count(DISTINCT run_id) FROM quality_history") == [(2,)]
