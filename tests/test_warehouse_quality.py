"""Results of the partition suite are kept a file a partition and seen by the build as a whole."""

import json
from pathlib import Path

import pytest
from warehouse_examples import CITY, COUNTY_A, LEXICON, build_small, city_report, county_report, stage_all

from warehouse.build import record_results
from warehouse.expectations.suites import ExpectationResult, check_frame
from warehouse.quality import keep_results, kept_results
from warehouse.query import query
from warehouse.staging import load_frame, partition_file, unstage

PARTITIONS = [(2024, CITY), (2024, COUNTY_A)]


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    stage_all(tmp_path / "staging", [city_report(), county_report(COUNTY_A, "5")])
    return tmp_path / "staging"


def found(staging: Path, *, suspect_in: str = "") -> list[ExpectationResult]:
    frame = load_frame(staging, PARTITIONS, lexicon=LEXICON)
    frame.loc[frame["partition"] == suspect_in, "status"] = "suspect"
    return check_frame("partition", frame, only=["no_suspect_figure", "observation_id_unique"])


def test_what_is_kept_is_read_back_as_one_result_with_its_partitions(staging: Path) -> None:
    keep_results(staging, PARTITIONS, found(staging, suspect_in="430502|2024"))
    kept = {result.expectation_id: result for result in kept_results(staging)}
    suspect = kept["no_suspect_figure"]
    assert (suspect.success, suspect.checked, suspect.unexpected) == (False, 9, 1)
    assert suspect.failing_partitions == ["430502|2024"]
    assert suspect.failing[0]["sentence"] == "全区受理行政复议案件5件。"
    assert kept["observation_id_unique"].success


def test_keeping_again_gives_the_same_bytes(staging: Path) -> None:
    file = partition_file(staging, "quality", 2024, CITY)
    contents = []
    for _ in range(2):
        keep_results(staging, PARTITIONS, found(staging))
        contents.append(file.read_bytes())
    assert contents[0] == contents[1]
    assert {row["region_code"] for row in json.loads(contents[0])} == {CITY}


def test_a_rerun_of_one_partition_leaves_the_results_of_the_others(staging: Path) -> None:
    keep_results(staging, PARTITIONS, found(staging, suspect_in="430502|2024"))
    other = partition_file(staging, "quality", 2024, CITY).read_bytes()
    keep_results(staging, [(2024, COUNTY_A)], found(staging))
    assert partition_file(staging, "quality", 2024, CITY).read_bytes() == other
    assert all(result.success for result in kept_results(staging))


def test_what_could_not_be_evaluated_is_kept_as_failed_everywhere(staging: Path) -> None:
    frame = load_frame(staging, PARTITIONS, lexicon=LEXICON).drop(columns="text_slice")
    keep_results(staging, PARTITIONS, check_frame("partition", frame, only=["quote_equals_text"]))
    (result,) = kept_results(staging)
    assert result.blocks
    assert result.unexpected == len(PARTITIONS)


def test_an_unstaged_partition_loses_its_results(staging: Path) -> None:
    keep_results(staging, PARTITIONS, found(staging, suspect_in="430502|2024"))
    unstage(staging, 2024, COUNTY_A)
    assert all(result.success for result in kept_results(staging))


def test_the_warehouse_shows_them_by_partition(staging: Path, tmp_path: Path) -> None:
    keep_results(staging, PARTITIONS, found(staging, suspect_in="430502|2024"))
    build_small(staging, tmp_path / "w.duckdb")
    record_results(tmp_path / "w.duckdb", kept_results(staging))
    sql = "SELECT region_code, report_year, success FROM quality_result WHERE expectation_id = 'no_suspect_figure'"
    assert sorted(query(tmp_path / "w.duckdb", sql).rows) == [(CITY, 2024, True), (COUNTY_A, 2024, False)]
