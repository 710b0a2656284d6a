"""Staged Parquet: the same bytes for the same input, the words of the report beside every number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from warehouse_examples import CITY, COUNTY_A, LEXICON, city_report, county_report, figure, report, stage_all

from orchestration.waiting import staged_reports
from warehouse.staging import (
    OBSERVATIONS,
    REPORTS,
    StagingError,
    load_frame,
    observation_id,
    partition_file,
    read_staged,
    stage,
    staged_partitions,
    unstage,
)


def test_the_same_input_gives_the_same_bytes_in_whatever_order(tmp_path: Path) -> None:
    one, text = city_report(), "全市受理行政复议案件9件。"
    other = (report(text), text, [figure(text, "9件", "reconsideration.accepted", "9")])
    stage(tmp_path / "a", 2024, CITY, [one, other])
    stage(tmp_path / "b", 2024, CITY, [other, (one[0], one[1], list(reversed(one[2])))])
    for kind in ("observations", "reports"):
        first, second = (partition_file(tmp_path / root, kind, 2024, CITY).read_bytes() for root in "ab")
        assert first == second


def test_staging_again_leaves_the_files_alone(tmp_path: Path) -> None:
    stage(tmp_path, 2024, CITY, [city_report()])
    file = partition_file(tmp_path, "observations", 2024, CITY)
    before = file.stat().st_mtime_ns
    stage(tmp_path, 2024, CITY, [city_report()])
    assert file.stat().st_mtime_ns == before
    assert [entry.name for entry in file.parent.iterdir()] == ["part.parquet"]


def test_a_row_holds_what_the_text_holds_not_what_was_claimed(tmp_path: Path) -> None:
    text = "全市受理行政复议案件1362件。"
    wrong = replace(figure(text, "1362件", "reconsideration.accepted", "1362"), start=9, raw_text="1362件")
    table = stage(tmp_path, 2024, CITY, [(report(text), text, [wrong])])
    assert table.to_pylist()[0]["raw_text"] == "1362件"
    assert table.to_pylist()[0]["text_slice"] == text[9 : wrong.end] != "1362件"


def test_an_observation_keeps_its_id_when_the_quote_grows() -> None:
    assert observation_id("ab", 7) == observation_id("ab", 7)
    assert len({observation_id("ab", 7), observation_id("ab", 8), observation_id("ac", 7)}) == 3


def test_decimals_are_kept_to_the_millionth(tmp_path: Path) -> None:
    text = "败诉率7.2368421052631%。"
    rate = figure(text, "7.2368421052631%", "litigation.loss_rate", "7.2368421052631")
    table = stage(tmp_path, 2024, CITY, [(report(text), text, [rate])])
    assert table.to_pylist()[0]["value"] == Decimal("7.236842")


@pytest.mark.parametrize("value", ["1" + "0" * 18, "NaN", "Infinity"])
def test_a_number_the_warehouse_cannot_hold_is_refused_by_name(tmp_path: Path, value: str) -> None:
    text = "受理案件无数件。"
    with pytest.raises(StagingError, match=r"无数件.*10\^18"):
        stage(tmp_path, 2024, CITY, [(report(text), text, [figure(text, "无数件", None, value)])])


def test_a_report_of_another_partition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StagingError, match=r"430502 2024.*430500\|2024"):
        stage(tmp_path, 2024, CITY, [county_report(COUNTY_A, "5")])


def test_a_partition_without_reports_is_removed(tmp_path: Path) -> None:
    stage_all(tmp_path, [city_report(), county_report(COUNTY_A, "5")])
    assert staged_partitions(tmp_path) == {(2024, CITY), (2024, COUNTY_A)}
    assert stage(tmp_path, 2024, CITY, []).num_rows == 0
    assert staged_partitions(tmp_path) == {(2024, COUNTY_A)}
    unstage(tmp_path, 2024, COUNTY_A)
    unstage(tmp_path, 2024, COUNTY_A)
    assert staged_partitions(tmp_path) == set()
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_report_without_figures_is_staged(tmp_path: Path) -> None:
    stage(tmp_path, 2024, CITY, [(report("无数字。"), "无数字。", [])])
    assert staged_partitions(tmp_path) == {(2024, CITY)}
    assert load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON).empty


def test_the_frame_carries_indicator_and_unit_beside_each_figure(tmp_path: Path) -> None:
    text = "败诉率7.2%,同比下降1.5%,办案3起,出动8车次。"
    figures = [
        figure(text, "7.2%", "litigation.loss_rate", "7.2"),
        figure(text, "1.5%", "litigation.lost", "1.5", role="change", direction="down"),
        figure(text, "3起", None, "3"),
        figure(text, "8车次", "gone.from_lexicon", "8"),
    ]
    stage(tmp_path, 2024, CITY, [(report(text), text, figures)])
    frame = load_frame(tmp_path, [(2024, CITY), (2023, CITY)], lexicon=LEXICON)
    columns = [
        "unit",
        "kind",
        "whole",
        "indicator_maximum",
        "coded",
        "indicator_known",
        "quote_length",
        "span",
        "partition",
    ]
    rows = frame[columns].astype(object).where(frame[columns].notna(), None).values.tolist()
    assert rows == [
        ["%", "ratio", False, 100.0, True, True, 4.0, 4.0, "430500|2024"],
        ["%", "percent", False, None, True, True, 4.0, 4.0, "430500|2024"],
        ["件", "case", True, None, False, False, 2.0, 2.0, "430500|2024"],
        ["车次", None, False, None, True, False, 3.0, 3.0, "430500|2024"],
    ]


def test_numbers_of_the_frame_are_those_that_were_printed(tmp_path: Path) -> None:
    text = "呼入1.8余人次,整改率99.82%,印发14200份。"
    figures = [figure(text, q, None, v) for q, v in (("1.8余人次", "1.8"), ("99.82%", "99.82"), ("14200份", "14200"))]
    stage(tmp_path, 2024, CITY, [(report(text), text, figures)])
    frame = load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON)
    assert frame["value"].tolist() == [1.8, 99.82, 14200.0]
    assert (frame["fraction"] == 0).tolist() == [False, False, True]


def test_a_broken_file_is_named_with_its_partition(tmp_path: Path) -> None:
    stage(tmp_path, 2024, CITY, [city_report()])
    file = partition_file(tmp_path, "observations", 2024, CITY)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(StagingError) as error:
        load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON)
    assert str(file) in str(error.value)
    assert "Rerun the partition 430500|2024" in str(error.value)


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    stage(tmp_path, 2024, CITY, [city_report()])
    file = partition_file(tmp_path, "observations", 2024, CITY)
    column = pq.ParquetFile(file).metadata.row_group(0).column(OBSERVATIONS.get_field_index("value"))
    damaged = bytearray(file.read_bytes())
    damaged[column.data_page_offset + column.total_compressed_size - 60] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(StagingError, match="Rerun the partition"):
        read_staged(file, OBSERVATIONS)


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    stage(tmp_path, 2024, CITY, [city_report()])
    file = partition_file(tmp_path, "observations", 2024, CITY)
    pq.write_table(pq.read_table(file).drop_columns(["phrase"]), file)
    with pytest.raises(StagingError, match="columns observation_id"):
        load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON)


def test_a_partition_whose_figures_have_other_columns_is_read_anew(tmp_path: Path) -> None:
    stage_all(tmp_path, [city_report(), county_report(COUNTY_A, "5")])
    staged = staged_reports(tmp_path)
    assert all(staged[2024, code] for code in (CITY, COUNTY_A))
    file = partition_file(tmp_path, "reports", 2024, CITY)
    pq.write_table(pq.read_table(file).replace_schema_metadata({"form": "an older one"}), file)
    with pytest.raises(StagingError, match=r"other columns.*Rerun the partition 430500\|2024"):
        read_staged(file, REPORTS)
    assert staged_reports(tmp_path) == staged | {(2024, CITY): set()}


def test_what_a_figure_speaks_of_and_an_open_top_are_staged(tmp_path: Path) -> None:
    text = "截至11月底未结14件,明年办案300件以上,专项1件。"
    figures = [
        figure(text, "14件", None, "14", figure_year=2024, stock_date=date(2024, 11, 30)),
        figure(text, "300件以上", None, "300", high=None, role="plan", figure_year=2025),
        figure(text, "1件", None, "1", period="campaign"),
    ]
    rows = stage(tmp_path, 2024, CITY, [(report(text), text, figures)]).to_pylist()
    columns = ("figure_year", "period", "stock_date", "value_high")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        (2024, "year", date(2024, 11, 30), 14),
        (2025, "year", None, None),
        (None, "campaign", None, 1),
    ]
    frame = load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON)
    assert frame["bounded"].all(), "以上 says that the top is open"
