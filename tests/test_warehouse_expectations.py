"""Every declared expectation holds on sound figures and fails on its own minimal fault."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    COUNTY_C,
    GAZETTEER,
    LEXICON,
    Held,
    Staged,
    city_report,
    clean_reports,
    correction,
    failed,
    figure,
    report,
    stage_all,
    warehouse_of,
)

from sources.regions import Region
from transforms.corrections import Ledger
from transforms.observation import Observation
from warehouse.audit import audit, frames
from warehouse.build import record_comparisons
from warehouse.expectations.declarations import suites_on
from warehouse.expectations.results import ExpectationResult
from warehouse.expectations.suites import check_frames, check_partitions
from warehouse.staging import load_frame, staged_partitions

Frame = pd.DataFrame


def sound_reports() -> list[Staged]:
    """The clean reports, and one figure of each further sort: approximate, a change, a prior, a stock, an open top."""
    text = "热线呼入1.8万余人次,同比增长12.3%,上年1.6万人次。截至11月底未结14件,律师办案300件以上。"
    more = [
        figure(text, "1.8万余人次", "legal_service.hotline_calls", "18000", high="19000"),
        figure(text, "12.3%", "legal_service.hotline_calls", "12.3", role="change", direction="up"),
        figure(text, "1.6万人次", "legal_service.hotline_calls", "16000", role="prior"),
        figure(text, "14件", "reconsideration.pending", "14", stock_date=date(2023, 11, 30)),
        figure(text, "300件以上", "legal_service.lawyer_cases", "300", high=None),
    ]
    return [*clean_reports(), (report(text, year=2023), text, more)]


def checked(frame: Frame, *, only: list[str] | None = None) -> list[ExpectationResult]:
    """The partition suite on a frame."""
    return check_partitions([frame], only=only)


def declared(where: str) -> list[str]:
    """Ids of the expectations checked on a partition or on the candidate."""
    return [one.id for suite in suites_on(where) for one in suite.expectations]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    root = tmp_path_factory.mktemp("sound")
    stage_all(root, sound_reports())
    return load_frame(root, staged_partitions(root), lexicon=LEXICON)


def put(
    column: str, value: Any, where: Callable[[Frame], Any] = lambda frame: frame.index == 0
) -> Callable[[Frame], Frame]:
    """A fault: in the rows `where` (the first) `column` holds `value`."""

    def spoil(frame: Frame) -> Frame:
        broken = frame.copy()
        broken[column] = broken[column].astype(object)
        broken.loc[where(broken), column] = value
        return broken

    return spoil


def put_all(
    values: dict[str, Any], where: Callable[[Frame], Any] = lambda frame: frame.index == 0
) -> Callable[[Frame], Frame]:
    """A fault that takes several columns, so that no other expectation notices it."""

    def spoil(frame: Frame) -> Frame:
        for column, value in values.items():
            frame = put(column, value, where)(frame)
        return frame

    return spoil


def approximate(frame: Frame) -> Any:
    return frame["qualifier"] != "exact"


def role(name: str) -> Callable[[Frame], Any]:
    return lambda frame: frame["role"] == name


def stock(frame: Frame) -> Any:
    return frame["stock_date"].notna()


def rate(frame: Frame) -> Any:
    return frame["unit"] == "%"


FAULTS: dict[str, Callable[[Frame], Frame]] = {
    "observation_id_form": put("observation_id", "7"),
    "observation_id_present": put("observation_id", None),
    "observation_id_unique": lambda frame: pd.concat([frame, frame.head(1)]),
    "snapshot_hash_form": put("snapshot_id", "abc"),
    "snapshot_present": put("snapshot_id", None),
    "region_code_form": put("region_code", "43050"),
    "region_present": put("region_code", None),
    "year_plausible": put("year", 20244),
    "quote_equals_text": put("text_slice", "件1362"),
    "quote_not_empty": put_all({"raw_text": "", "text_slice": "", "quote_length": 0, "span": 0}),
    "quote_as_long_as_its_place": put("span", 99),
    "number_within_quote_start": lambda frame: frame.assign(number_offset=frame["start_offset"] - 1),
    "number_within_quote_end": lambda frame: frame.assign(number_offset=frame["end_offset"]),
    "sentence_present": put("sentence", None),
    "quote_in_sentence": put("sentence", "别的话,与此无关的另外一句很长的话,其中没有这些数字。"),
    "qualifier_known": put("qualifier", "roughly"),
    "role_known": put("role", "hope"),
    "scope_known": put("scope", "galaxy"),
    "period_known": put("period", "decade"),
    "period_present": put("period", None),
    "figure_year_plausible": put("figure_year", 20240),
    "prior_not_ahead": put("figure_year", 2024, role("prior")),
    "stock_not_cumulative": put("period", "cumulative", stock),
    "stock_without_beginning": put("since_year", 2021, stock),
    "change_without_day": put("stock_date", date(2023, 12, 31), role("change")),
    "status_known": put("status", "lost"),
    "direction_known": put("direction", "sideways", role("change")),
    "change_has_direction": put("direction", None, role("change")),
    "only_change_has_direction": put("direction", "up", role("actual")),
    "indicator_known": put("indicator_known", False),
    "value_present": put("value", None),
    "bounds_present": put("bounded", False),
    "low_not_above_value": put("value_low", 18500.0, approximate),
    "high_not_below_value": put("value_high", 17000.0, approximate),
    "exact_is_exact": lambda frame: frame.assign(value_high=frame["value"] + 1),
    "count_whole": put("fraction", 0.5),
    "value_not_negative": put_all({"value": -1.0, "value_low": -1.0, "value_high": -1.0, "indicator_minimum": None}),
    "not_below_minimum": put("indicator_minimum", 1e9),
    "not_above_maximum": put_all({"value": 100.5, "value_low": 100.5, "value_high": 100.5}, rate),
    "no_suspect_figure": put("status", "suspect"),
    "no_conflict": put("status", "conflict"),
    "actual_figures_coded": put("indicator", None),
}


def test_sound_figures_meet_every_expectation(sound: Frame) -> None:
    results = checked(sound)
    assert failed(results) == []
    assert [result.expectation_id for result in results] == declared("partition")
    assert all(result.checked > 0 for result in results), "an expectation that looks at no row can't fail"


def test_every_expectation_of_a_partition_has_a_fault_here() -> None:
    assert set(FAULTS) == set(declared("partition"))


@pytest.fixture(scope="module")
def spoilt(sound: Frame) -> list[ExpectationResult]:
    """The suite on the sound figures over and over, each time with one fault, in partitions of their own."""

    def copy(number: int, name: str) -> Frame:
        ids = [f"{number:04x}{one[4:]}" for one in sound["observation_id"]]
        own = sound.assign(observation_id=ids, thing=ids, partition=f"430500|{1000 + number}")
        return FAULTS[name](own)

    return checked(pd.concat([copy(number, name) for number, name in enumerate(FAULTS)]))


@pytest.mark.parametrize(("number", "name"), enumerate(FAULTS), ids=FAULTS)
def test_each_expectation_of_a_partition_notices_its_fault_and_no_other(
    spoilt: list[ExpectationResult], number: int, name: str
) -> None:
    found = {one.expectation_id: one.partitions.get(f"430500|{1000 + number}") for one in spoilt}
    assert [id_ for id_, outcome in found.items() if outcome and outcome.unexpected] == [name]
    outcome = found[name]
    assert outcome is not None
    assert {"thing", "observation_id", "region_code", "year", "sentence"} <= set(outcome.failing[0])


def test_no_figures_break_nothing(sound: Frame) -> None:
    assert failed(checked(sound.head(0))) == []


def test_a_figure_marked_suspect_is_a_warning_with_its_sentence_not_an_error(tmp_path: Path) -> None:
    text = "全年12348热线呼入量1.8余人次。"
    typo = figure(
        text,
        "1.8余人次",
        "legal_service.hotline_calls",
        "1.8",
        high="1.9",
        status="suspect",
        status_reason="not a whole number of calls",
    )
    stage_all(tmp_path, [(report(text), text, [typo])])
    results = checked(load_frame(tmp_path, [(2024, CITY)], lexicon=LEXICON))
    assert failed(results) == ["no_suspect_figure"]
    (suspect,) = [result for result in results if not result.success]
    assert (suspect.severity, suspect.blocks, suspect.failing_partitions) == ("warning", False, ["430500|2024"])
    assert suspect.failing[0]["sentence"] == text
    assert suspect.failing[0]["status_reason"] == "not a whole number of calls"


def test_failing_rows_are_shown_up_to_fifty_and_counted_in_full(sound: Frame) -> None:
    many = pd.concat([sound] * 10)
    (result,) = checked(many.assign(status="suspect"), only=["no_suspect_figure"])
    assert (result.unexpected, len(result.failing)) == (len(many), 50)
    assert sum(outcome.unexpected for outcome in result.partitions.values()) == len(many)


def test_each_partition_has_its_own_outcome(sound: Frame) -> None:
    broken = sound.assign(status=sound["status"].where(sound["partition"] != "430502|2024", "suspect"))
    (result,) = checked(broken, only=["no_suspect_figure"])
    assert result.failing_partitions == ["430502|2024"]
    by_partition = {(one.region_code, one.year): one.success for one in result.by_partition()}
    assert by_partition == {
        ("430500", 2023): True,
        ("430500", 2024): True,
        ("430502", 2024): False,
        ("430503", 2024): True,
        ("430511", 2024): True,
    }


def test_an_expectation_that_cannot_be_evaluated_fails_and_says_why(sound: Frame) -> None:
    (result,) = checked(sound.drop(columns="text_slice"), only=["quote_equals_text"])
    assert not result.success
    assert result.blocks
    assert "text_slice" in result.failing[0]["detail"]


def stating(quote: str, value: str) -> str:
    """SQL that makes the report say another number."""
    return (
        f"UPDATE fact_observation SET value = {value}, value_low = {value}, value_high = {value} "  # noqa: S608
        f"WHERE raw_text = '{quote}'"
    )


def figures_of(text: str, *stated: tuple[str, str | None], **roles: str) -> list[Observation]:
    """The figures of a text: quote and indicator of each, the value from the quote; roles by quote."""
    plain = []
    for quote, indicator in stated:
        role = roles.get(quote, "actual")
        direction = "up" if role == "change" else None
        plain.append(figure(text, quote, indicator, quote.rstrip("件%人次"), role=role, direction=direction))
    return plain


ACCEPTED, CONCLUDED, HOTLINE = "reconsideration.accepted", "reconsideration.concluded", "legal_service.hotline_calls"
COUNTIES = (COUNTY_A, COUNTY_B, COUNTY_C, "430522", "430523")
WIDER = {
    **GAZETTEER,
    "430522": Region("430522", "新邵县", "Xinshao", "county", CITY, None, None),
    "430523": Region("430523", "邵阳县", "Shaoyang", "county", CITY, None, None),
}


def three_years() -> list[Staged]:
    """Reports of a city and five counties of three years, with every sort of arithmetic in them, all of it right."""
    reports: list[Staged] = []

    def told(region_code: str, year: int, text: str, *stated: tuple[str, str | None], **roles: str) -> None:
        reports.append((report(text, region_code, year), text, figures_of(text, *stated, **roles)))

    for year in (2022, 2023, 2024):
        told(CITY, year, f"全市受理行政复议案件{900 + year}件。", (f"{900 + year}件", ACCEPTED))
    for n, code in enumerate(COUNTIES):
        told(code, 2022, f"热线呼入{720 + n}人次。", (f"{720 + n}人次", HOTLINE))
    told(COUNTY_A, 2023, "热线呼入730人次。未结13件。", ("730人次", HOTLINE), ("13件", "reconsideration.pending"))
    for n, code in enumerate(COUNTIES[1:], start=1):
        told(code, 2023, f"受理100件。热线呼入{730 + n}人次。", ("100件", ACCEPTED), (f"{730 + n}人次", HOTLINE))

    own: dict[str, tuple[str, list[tuple[str, str | None]], dict[str, str]]] = {
        COUNTY_A: (
            "上年结转13件,受理151件,审结135件,未结29件。",
            [
                ("13件", "reconsideration.carried_over"),
                ("151件", ACCEPTED),
                ("135件", CONCLUDED),
                ("29件", "reconsideration.pending"),
            ],
            {},
        ),
        COUNTY_B: ("受理112件,同比增长12%。", [("112件", ACCEPTED), ("12%", ACCEPTED)], {"12%": "change"}),
        COUNTY_C: ("受理112件,上年为100件。", [("112件", ACCEPTED), ("100件", ACCEPTED)], {"100件": "prior"}),
        "430522": (
            "受理132件,审结118件,纠错19件,纠错案件占审结案件的16.1%。",
            [
                ("132件", ACCEPTED),
                ("118件", CONCLUDED),
                ("19件", "reconsideration.corrected"),
                ("16.1%", "reconsideration.correction_rate"),
            ],
            {},
        ),
        "430523": ("办理84件,其中调解20件。", [("84件", None), ("20件", None)], {}),
    }
    for n, (code, (text, stated, roles)) in enumerate(own.items()):
        calls, cases = f"{740 + n}人次", f"{500 + n}件"
        whole = f"{text}热线呼入{calls}。律师办案{cases}。"
        told(code, 2024, whole, *stated, (calls, HOTLINE), (cases, "legal_service.lawyer_cases"), **roles)
    return reports


# A fault of a warehouse: SQL that spoils one of two sound ones, the small one and that of three years.
ONE_MORE = (
    "INSERT INTO fact_observation SELECT * REPLACE ('0123456789abcdef' AS observation_id, 999 AS report_key) "
    "FROM fact_observation WHERE raw_text = '7.2%'"
)
SPOILS: dict[str, str] = {
    "indicator_present": "UPDATE fact_observation SET indicator_key = NULL WHERE raw_text = '7.2%'",
    "indicator_resolves": "UPDATE fact_observation SET indicator_key = 999 WHERE raw_text = '7.2%'",
    "unit_resolves": "UPDATE fact_observation SET unit_key = NULL WHERE raw_text = '7.2%'",
    "year_resolves": "UPDATE fact_observation SET year_key = 1066 WHERE raw_text = '7.2%'",
    "figure_year_resolves": "UPDATE fact_observation SET figure_year = 1066 WHERE raw_text = '7.2%'",
    "year_reported": "UPDATE dim_year SET reported = false WHERE year_key = 2024",
    "region_resolves": "UPDATE unmapped_observation SET region_key = 999",
    "publisher_resolves": "UPDATE fact_observation SET publisher_key = 999 WHERE raw_text = '7.2%'",
    "report_resolves": ONE_MORE,
    "report_keys_resolve": "UPDATE dim_report SET publisher_key = NULL",
    "region_parent_resolves": "DELETE FROM dim_region WHERE region_code = '430000'",
    "uncoded_apart": "UPDATE unmapped_observation SET indicator_key = 1",
    "no_observation_twice": (
        "UPDATE fact_observation SET observation_id = (SELECT any_value(observation_id) FROM unmapped_observation) "
        "WHERE raw_text = '7.2%'"
    ),
    "dimension_unique": "INSERT INTO dim_unit SELECT 999, unit, unit_en, kind, whole, aliases FROM dim_unit LIMIT 1",
    "vintages_contiguous": "UPDATE dim_report SET vintage = 3",
    "staged_is_loaded": "DELETE FROM fact_observation WHERE raw_text = '7.2%'",
    "region_in_force": "UPDATE dim_region SET valid_to = 2020 WHERE region_code = '430502'",
    "columns_as_declared": "ALTER TABLE staged_partition ALTER reports_sha256 TYPE BLOB",
    "everything_explained": "COMMENT ON TABLE dim_unit IS NULL",
    "views_answer": (
        "CREATE TABLE gone (one INTEGER); CREATE VIEW broken AS SELECT one FROM gone; "
        "COMMENT ON VIEW broken IS 'explained'; COMMENT ON COLUMN broken.one IS 'explained'; DROP TABLE gone"
    ),
    "rates_follow_from_parts": stating("7.2%", "7.9"),
    "parts_within_whole": stating("1193件", "1400"),
    "parts_add_up": stating("30件", "31"),
    "counties_within_city": stating("1000件", "1001"),
    "no_contradiction": (
        "UPDATE fact_observation SET status = 'conflict', own_status = 'conflict', "
        "indicator_key = (SELECT indicator_key FROM dim_indicator WHERE indicator_code = 'enforcement.penalty_cases') "
        "WHERE raw_text IN ('10件', '30件')"
    ),
    "no_figure_twice": "UPDATE fact_observation SET status = 'duplicate' WHERE raw_text = '30件'",
    "corrections_hold": "UPDATE fact_observation SET correction_id = NULL WHERE raw_text = '152件'",
    "flags_hold": "UPDATE fact_observation SET correction_id = NULL WHERE raw_text = '11件'",
    "reports_have_figures": (
        "UPDATE staged_partition SET staged_observations = 0 WHERE region_code = '430511' AND year_key = 2024; "
        "DELETE FROM fact_observation WHERE raw_text = '62件'"
    ),
    "reports_keep_coming": "UPDATE release SET built_at = TIMESTAMP '2027-06-01'",
    "not_published_before_year_end": "UPDATE dim_report SET published = DATE '2023-06-30' WHERE year_key = 2023",
    "published_by_law": "UPDATE dim_report SET published = DATE '2024-04-01' WHERE year_key = 2023",
    "quarantine_empty": "INSERT INTO quarantine VALUES ('aa', 'inbox/a.txt', 0, 'empty', 'nothing in it', NULL, NULL)",
    "nothing_outside_configuration": (
        "INSERT INTO quarantine VALUES ('aa', 'inbox/a.txt', 9, 'year_not_configured', 'is of 1999', '430500', 1999)"
    ),
}
ANOTHER_735 = (
    "UPDATE fact_observation SET value = 735, status = 'conflict', "
    "indicator_key = (SELECT indicator_key FROM fact_observation WHERE raw_text = '730人次'), "
    "unit_key = (SELECT unit_key FROM fact_observation WHERE raw_text = '730人次') "
    "WHERE raw_text = '13件' AND year_key = 2023"
)
SPOILS_OF_THREE_YEARS: dict[str, str] = {
    "rates_fit_named_base": stating("16.1%", "14.4"),
    "changes_as_computed": stating("12%", "20"),
    "prior_as_reported": stating("100件", "90") + " AND role = 'prior'",
    "stock_carried_over": stating("13件", "15") + " AND year_key = 2023",
    "balances_hold": stating("29件", "31"),
    "listed_parts_add_up": stating("20件", "90").replace("fact_observation", "unmapped_observation"),
    "no_lost_wan": stating("730人次", "0.073"),
    "no_lost_digit": stating("730人次", "7300"),
    "no_other_figure_meant": stating("730人次", "20000") + "; " + ANOTHER_735,
    "no_jump": stating("730人次", "30000"),
    "in_line_with_peers": stating("502件", "80000"),
    "regular_reporters_report": (
        "INSERT INTO dim_year SELECT * REPLACE (2025 AS year_key) FROM dim_year WHERE year_key = 2024; "
        "UPDATE dim_report SET year_key = 2025, published = NULL WHERE year_key = 2024 "
        "AND region_key = (SELECT region_key FROM dim_region WHERE region_code = '430523'); "
        "UPDATE staged_partition SET year_key = 2025 WHERE year_key = 2024 AND region_code = '430523'"
    ),
}
IN_JUNE = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sound_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = "走访群众77人。"
    uncoded = (report(text, year=2023, region_code=COUNTY_A), text, [figure(text, "77人", None, "77")])
    # 2023 and 2024 are both there for every region, so that there is no gap
    others = [
        (report("1件。", code, 2023), "1件。", [figure("1件。", "1件", None, "1")])
        for code in (CITY, "430503", "430511")
    ]
    reports = [(one, text, [corrected(f) for f in figures]) for one, text, figures in clean_reports()]
    ledger = Ledger((correction("suits", "scale", "152件"), correction("lost", "flag", "11件")))
    folder = tmp_path_factory.mktemp("warehouse")
    return warehouse_of(folder, [*reports, uncoded, *others], corrections=ledger, clock=lambda: IN_JUNE)


@pytest.fixture(scope="module")
def sound_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("years")
    return warehouse_of(folder, three_years(), gazetteer=WIDER, regions=(CITY, *COUNTIES), clock=lambda: IN_JUNE)


def corrected(figure: Observation) -> Observation:
    """As if the ledger had been applied, without changing what the figure says."""
    entries = {"152件": "suits", "11件": "lost"}
    return replace(figure, correction_id=entries.get(figure.raw_text))


def test_sound_warehouses_meet_every_expectation(sound_warehouse: Path, sound_years: Path) -> None:
    small, years = audit(sound_warehouse), audit(sound_years)
    assert (failed(small), failed(years)) == ([], [])
    assert [result.expectation_id for result in small] == declared("candidate")
    unseen = {one.expectation_id for one, other in zip(small, years, strict=True) if one.checked + other.checked == 0}
    assert unseen == {"no_contradiction", "no_figure_twice", "quarantine_empty", "nothing_outside_configuration"}, (
        "these frames hold faults only"
    )


def test_every_expectation_of_the_candidate_has_a_fault_here() -> None:
    assert not SPOILS.keys() & SPOILS_OF_THREE_YEARS.keys()
    assert SPOILS.keys() | SPOILS_OF_THREE_YEARS.keys() == set(declared("candidate"))


@pytest.fixture(scope="module")
def spoilt_candidates(
    sound_warehouse: Path, sound_years: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[ExpectationResult]:
    """The suites on the frames of all spoilt warehouses at once, each in a partition of its own."""
    spoilt = tmp_path_factory.mktemp("spoilt") / "w.duckdb"

    def frames_of(number: int, sound: Path, sql: str) -> dict[str, Frame]:
        shutil.copy(sound, spoilt)
        with duckdb.connect(spoilt) as connection:
            connection.execute(sql)
        record_comparisons(spoilt)
        with duckdb.connect(spoilt, read_only=True) as connection:
            made = frames(connection)
        return {name: frame.assign(partition=f"430500|{1000 + number}") for name, frame in made.items()}

    faults = [(sound_warehouse, sql) for sql in SPOILS.values()]
    faults += [(sound_years, sql) for sql in SPOILS_OF_THREE_YEARS.values()]
    made = [frames_of(number, *fault) for number, fault in enumerate(faults)]
    return check_frames("candidate", {name: pd.concat([one[name] for one in made]) for name in made[0]})


CANDIDATE_FAULTS = [*SPOILS, *SPOILS_OF_THREE_YEARS]


@pytest.mark.parametrize(("number", "name"), enumerate(CANDIDATE_FAULTS), ids=CANDIDATE_FAULTS)
def test_each_expectation_of_the_candidate_notices_its_fault_and_no_other(
    spoilt_candidates: list[ExpectationResult], number: int, name: str
) -> None:
    found = {one.expectation_id: one.partitions.get(f"430500|{1000 + number}") for one in spoilt_candidates}
    assert [id_ for id_, outcome in found.items() if outcome and outcome.unexpected] == [name]
    outcome = found[name]
    assert outcome is not None
    assert outcome.failing[0]["thing"]


def test_a_broken_key_names_its_observations(sound_warehouse: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.duckdb"
    shutil.copy(sound_warehouse, spoilt)
    with duckdb.connect(spoilt) as connection:
        connection.execute(SPOILS["indicator_resolves"])
        row = connection.execute("SELECT observation_id FROM fact_observation WHERE indicator_key = 999").fetchone()
    (result,) = audit(spoilt, only=["indicator_resolves"])
    assert result.blocks
    assert row is not None
    rule = "indicator_resolves"
    assert result.failing == [{"thing": rule, "rule": rule, "violations": 1, "examples": row[0]}]
    assert result.checked == 11


def test_a_failed_identity_shows_the_comparison_and_the_sentence(tmp_path: Path) -> None:
    text = "一审案件152件,败诉15件,败诉率7.2%。"
    figures = [
        figure(text, "152件", "litigation.after_reconsideration", "152"),
        figure(text, "15件", "litigation.lost", "15"),
        figure(text, "7.2%", "litigation.loss_rate", "7.2"),
    ]
    (result,) = audit(warehouse_of(tmp_path, [(report(text), text, figures)]), only=["rates_follow_from_parts"])
    assert (result.severity, result.blocks, result.failing_partitions) == ("warning", False, ["430500|2024"])
    assert result.failing[0]["message_zh"] == "败诉率 7.2% ≠ 15 / 152 (9.87%)"
    assert result.failing[0]["sentence"] == text
    assert json.loads(json.dumps(result.failing)) == result.failing


def test_a_quarantined_document_is_shown_with_its_reason(tmp_path: Path) -> None:
    (result,) = audit(warehouse_of(tmp_path, [city_report()], [Held()]), only=["quarantine_empty"])
    assert result.failing[0]["uri"] == "inbox/empty.txt"
    assert "put the report in its place" in result.failing[0]["detail"]
