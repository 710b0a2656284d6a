"""The views of comparison: over time, among regions, between versions; what was known on a day; SDMX."""
# ruff: noqa: S311, S608 - chance with a seed; queries made of names in this file

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    COUNTY_C,
    LEXICON,
    REGIONS,
    Held,
    Staged,
    build_small,
    city_report,
    clean_reports,
    correction,
    county_report,
    figure,
    record,
    report,
    stage_all,
    warehouse_of,
)

from sources.regions import regions
from transforms.corrections import Correction, Ledger, Source, correct
from transforms.observation import STANDING, Observation
from transforms.resolve import ReportKey, resolve
from warehouse.audit import audit
from warehouse.query import query
from warehouse.staging import observation_id

ACCEPTED = "reconsideration.accepted"


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(warehouse, sql).rows


def resolved(reports: Sequence[Staged]) -> list[Staged]:
    """The reports with statuses across those on the same region and year, as a run stages them."""
    done: list[Staged] = []
    for place in dict.fromkeys((one.region_code, one.report_year) for one, _, _ in reports):
        own = [staged for staged in reports if (staged[0].region_code, staged[0].report_year) == place]
        standing = resolve([(key_of(one), figures) for one, _, figures in own])
        done += [(one, text, figures) for (one, text, _), figures in zip(own, standing, strict=True)]
    return done


def key_of(staged: Any) -> ReportKey:
    return ReportKey(staged.snapshot_id, staged.title, staged.publisher, staged.published, staged.retrieved_at)


def saying(text: str, region_code: str = COUNTY_A, year: int = 2024, **other: Any) -> Staged:
    """A report whose only figure is the number of cases accepted, the first number followed by 件."""
    number = text.partition("件")[0].lstrip("全区受理行政复议案件")
    return report(text, region_code, year, **other), text, [figure(text, f"{number}件", ACCEPTED, number)]


# What was known on a day


def test_a_report_published_again_in_2025_was_still_current_in_2024(tmp_path: Path) -> None:
    first = saying("受理64件。", year=2023, title="年报", published=date(2024, 3, 1))
    second = saying("受理65件。", year=2023, title="年报(更正)", published=date(2025, 2, 1))
    candidate = warehouse_of(tmp_path, resolved([first, second]))
    assert rows(candidate, "SELECT raw_text, status FROM observations_all ORDER BY 1") == [
        ("64件", "superseded"),
        ("65件", "current"),
    ]
    as_of = "SELECT raw_text, status FROM observations_as_of(DATE '{}')"
    assert rows(candidate, as_of.format("2024-02-29")) == []
    assert rows(candidate, as_of.format("2024-03-01")) == [("64件", "current")]
    assert rows(candidate, as_of.format("2025-01-31")) == [("64件", "current")]
    assert rows(candidate, as_of.format("2025-02-01")) == [("65件", "current")]


def test_the_day_may_be_words_and_an_undated_report_counts_from_the_day_it_was_found(tmp_path: Path) -> None:
    undated = saying("受理64件。", published=None, retrieved_at=datetime(2026, 1, 5, 20, tzinfo=UTC))
    candidate = warehouse_of(tmp_path, [undated])
    assert rows(candidate, "SELECT count(*) FROM observations_as_of('2026-01-04')") == [(0,)]
    assert rows(candidate, "SELECT count(*) FROM observations_as_of('2026-01-05')") == [(1,)]


PUBLISHERS = ("双清区人民政府", "双清区司法局", "双清区公安局", "双清区桃花镇人民政府")
TITLES = ("年报", "年报(更正)", "年报【修订版】", "白皮书")
DAYS = (date(2025, 1, 5), date(2025, 2, 5), date(2025, 3, 5), None)


def chance_reports(chance: random.Random) -> list[Staged]:
    """Up to eight reports on one region and year by chance, with up to four figures each."""
    found: list[Staged] = []
    for number in range(chance.randint(1, 8)):
        text = f"第{number}份。受理6件,审结7件,败诉8件,热线9人次。"
        chosen = [
            figure(
                text,
                quote,
                chance.choice((ACCEPTED, "litigation.lost", None)),
                str(chance.randint(1, 2)),
                status=chance.choice(("current", "current", "corrected", "suspect", "duplicate", "dropped")),
                scope=chance.choice(("region", "region", "own_level")),
                region_code=chance.choice((None, COUNTY_B)),
                role=chance.choice(("actual", "actual", "target")),
                period=chance.choice(("year", "year", "year", "half_year", "cumulative")),
                figure_year=chance.choice((None, None, None, 2023)),
                stock_date=chance.choice((None, None, date(2024, 6, 30), date(2024, 12, 31))),
            )
            for quote in ("6件", "7件", "8件", "9人次")
        ]
        one = report(
            text,
            COUNTY_A,
            publisher=chance.choice(PUBLISHERS),
            title=chance.choice(TITLES),
            published=chance.choice(DAYS),
            retrieved_at=datetime(2025, chance.randint(1, 4), 1, tzinfo=UTC),
        )
        found.append((one, text, chosen))
    return found


def stands(one: Observation) -> bool:
    return one.indicator is not None and one.role == "actual" and one.status in STANDING


@pytest.mark.parametrize("seed", range(12))
def test_as_of_a_day_is_what_resolving_the_reports_known_by_then_gives(tmp_path: Path, seed: int) -> None:
    reports = chance_reports(random.Random(seed))
    candidate = warehouse_of(tmp_path, resolved(reports))
    for day in (date(2025, 1, 15), date(2025, 2, 15), date(2025, 12, 31)):
        known = [one for one in reports if (one[0].published or one[0].retrieved_at.date()) <= day]
        expected = {
            observation_id(one.snapshot_id, o.number_start)
            for one, _, figures in resolved(known)
            for o in figures
            if stands(o)
        }
        found = rows(candidate, f"SELECT observation_id FROM observations_as_of(DATE '{day}')")
        assert {name for (name,) in found} == expected, day
    current = rows(candidate, "SELECT observation_id, status FROM observations ORDER BY 1")
    assert rows(candidate, "SELECT observation_id, status FROM observations_as_of('2100-01-01') ORDER BY 1") == current


# The latest figure


def test_latest_has_one_figure_of_each_measure_and_counts_the_others(tmp_path: Path) -> None:
    text = "受理222件,本级300件,又受理379件。"
    figures = [
        figure(text, "222件", ACCEPTED, "222"),
        figure(text, "300件", ACCEPTED, "300", scope="own_level"),
        figure(text, "379件", ACCEPTED, "379"),
    ]
    candidate = warehouse_of(tmp_path, [(report(text, COUNTY_A), text, figures)])
    assert rows(candidate, "SELECT scope, raw_text, others FROM latest ORDER BY scope") == [
        ("own_level", "300件", 0),
        ("region", "222件", 1),
    ]


def test_a_places_own_report_goes_before_that_of_its_city(tmp_path: Path) -> None:
    text = "全市受理1362件,其中双清区110件。"
    city = report(text), text, [figure(text, "110件", ACCEPTED, "110", region_code=COUNTY_A)]
    own = saying("受理108件。", published=date(2024, 12, 1))
    candidate = warehouse_of(tmp_path, [city, own])
    assert rows(candidate, "SELECT raw_text, publisher, others FROM latest") == [("108件", "双清区司法局", 1)]


def test_latest_is_one_row_a_key_whatever_the_reports(tmp_path: Path) -> None:
    reports = [one for seed in range(20, 26) for one in chance_reports(random.Random(seed))]
    unique = {one[0].snapshot_id: one for one in reports}
    candidate = warehouse_of(tmp_path, resolved(list(unique.values())))
    key = "region_code, year, indicator_code, scope"
    assert rows(candidate, f"SELECT {key} FROM latest GROUP BY ALL HAVING count(*) > 1") == []
    stands = "of_the_year(year, figure_year, period, since_year, stock_date)"
    missing = f"SELECT DISTINCT {key} FROM observations WHERE {stands} EXCEPT SELECT {key} FROM latest"
    assert rows(candidate, missing) == []
    assert rows(candidate, f"SELECT count(*) > 0 FROM observations WHERE NOT {stands}") == [(True,)]


# Places whose code changed


def test_a_place_is_followed_from_county_to_city(tmp_path: Path) -> None:
    staged = [
        saying(f"受理{value}件。", code, year, publisher=f"{name}司法局")
        for code, name, year, value in (("430521", "邵东县", 2018, 80), ("430582", "邵东市", 2019, 90))
    ]
    stage_all(tmp_path / "staging", staged)
    candidate = tmp_path / "w.duckdb"
    build_small(tmp_path / "staging", candidate, regions=["430582"], gazetteer=regions())
    assert rows(
        candidate,
        "SELECT region_code, region, valid_to, codes FROM place_history WHERE place_code = '430582' ORDER BY 1",
    ) == [("430521", "邵东县", 2018, 2), ("430582", "邵东市", None, 2)]
    assert rows(candidate, "SELECT year, region, value::INT FROM latest WHERE place_code = '430582' ORDER BY 1") == [
        (2018, "邵东县", 80),
        (2019, "邵东市", 90),
    ]
    sql = "SELECT prior_region, prior_value::INT, change_percent FROM year_on_year WHERE region_code = '430582'"
    assert rows(candidate, sql) == [("邵东县", 80, 12.5)]


def test_all_of_china_is_there_with_parents_and_both_names(tmp_path: Path) -> None:
    candidate = tmp_path / "w.duckdb"
    build_small(tmp_path / "staging", candidate, gazetteer=regions())
    counted = dict(rows(candidate, "SELECT level, count(*) FROM dim_region WHERE valid_to IS NULL GROUP BY level"))
    assert (counted["province"], counted["prefecture"]) == (31, 333)
    assert 2800 < counted["county"] < 2900
    assert rows(candidate, "SELECT count(*) FROM dim_region WHERE region_zh IS NULL OR region_en IS NULL") == [(0,)]
    orphans = "SELECT count(*) FROM dim_region WHERE level <> 'province' AND parent_code IS NULL"
    assert rows(candidate, orphans) == [(0,)]


# Year on year


@pytest.mark.parametrize(
    ("words", "figures", "difference", "verdict"),
    [
        ("增长25%", {"value": "25", "direction": "up"}, 0, "agrees"),
        ("增长24.6%", {"value": "24.6", "direction": "up"}, 0.4, "differs"),
        ("下降25%", {"value": "25", "direction": "down"}, 50, "differs"),
        ("增加20件", {"value": "20", "direction": "up"}, 0, "agrees"),
        ("增加30件", {"value": "30", "direction": "up"}, -10, "differs"),
    ],
)
def test_the_stated_change_stands_beside_the_computed_one(
    tmp_path: Path, words: str, figures: dict[str, str], difference: float, verdict: str
) -> None:
    text = f"受理100件,较上年{words}。"
    quote = words[2:]
    change = figure(text, quote, ACCEPTED, figures["value"], role="change", direction=figures["direction"])
    now = report(text, COUNTY_A, 2024), text, [figure(text, "100件", ACCEPTED, "100"), change]
    candidate = warehouse_of(tmp_path, [now, saying("受理80件。", year=2023)])
    sql = (
        "SELECT value::INT, prior_value::INT, change::INT, change_percent, stated_text, difference, verdict "
        "FROM year_on_year WHERE year = 2024"
    )
    assert rows(candidate, sql) == [(100, 80, 20, 25.0, quote, difference, verdict)]
    sql = "SELECT prior_value, stated_change, verdict FROM year_on_year WHERE year = 2023"
    assert rows(candidate, sql) == [(None, None, "not_stated")]


def test_rounding_in_the_figures_themselves_is_no_disagreement(tmp_path: Path) -> None:
    text = "受理1.4万件,增长39%。"
    change = figure(text, "39%", ACCEPTED, "39", role="change", direction="up")
    now = report(text, COUNTY_A, 2024), text, [figure(text, "1.4万件", ACCEPTED, "14000"), change]
    candidate = warehouse_of(tmp_path, [now, saying("受理10000件。", year=2023)])
    assert rows(candidate, "SELECT difference, verdict FROM year_on_year WHERE year = 2024") == [(1.0, "agrees")]


def test_without_the_year_before_a_stated_change_cannot_be_judged(tmp_path: Path) -> None:
    text = "受理100件,增长25%。"
    change = figure(text, "25%", ACCEPTED, "25", role="change", direction="up")
    now = report(text, COUNTY_A, 2024), text, [figure(text, "100件", ACCEPTED, "100"), change]
    candidate = warehouse_of(tmp_path, [now])
    assert rows(candidate, "SELECT verdict FROM year_on_year") == [("no_prior",)]


# Regions against one another


def test_regions_are_ranked_among_their_peers_with_their_share_of_the_city(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, clean_reports())
    sql = (
        f"SELECT region_code, rank, peers, peer_median::INT, parent_value::INT, parent_share FROM region_compare "
        f"WHERE indicator_code = '{ACCEPTED}' AND level = 'county' ORDER BY rank"
    )
    assert rows(candidate, sql) == [
        (COUNTY_A, 1, 3, 300, 1362, 73.42),
        (COUNTY_B, 2, 3, 300, 1362, 22.03),
        (COUNTY_C, 3, 3, 300, 1362, 4.55),
    ]


def test_a_rate_has_a_rank_but_no_share_of_the_city(tmp_path: Path) -> None:
    text = "败诉率4%。"
    county = report(text, COUNTY_A), text, [figure(text, "4%", "litigation.loss_rate", "4")]
    candidate = warehouse_of(tmp_path, [city_report(), county])
    sql = "SELECT rank, parent_value::DOUBLE, parent_share FROM region_compare WHERE level = 'county'"
    assert rows(candidate, sql) == [(1, 7.2, None)]


# Versions of one report


def test_revisions_show_what_changed_came_and_went(tmp_path: Path) -> None:
    texts = ("受理64件,审结60件,败诉1件。", "受理65件,审结60件,复议后5件。")
    codes = {"64件": ACCEPTED, "65件": ACCEPTED, "60件": "reconsideration.concluded", "1件": "litigation.lost"}
    staged = [
        (
            report(text, COUNTY_A, title=title, published=day),
            text,
            [figure(text, quote, codes.get(quote, "litigation.after_reconsideration"), quote[:-1]) for quote in quotes],
        )
        for text, title, day, quotes in (
            (texts[0], "年报", date(2025, 1, 5), ("64件", "60件", "1件")),
            (texts[1], "年报(更正)", date(2025, 3, 1), ("65件", "60件", "5件")),
        )
    ]
    candidate = warehouse_of(tmp_path, resolved(staged))
    sql = (
        "SELECT indicator_code, change, old_text, new_text, difference::INT, old_vintage, new_vintage, old_published "
        "FROM revisions ORDER BY indicator_code"
    )
    first = date(2025, 1, 5)
    assert rows(candidate, sql) == [
        ("litigation.after_reconsideration", "added", None, "5件", None, 1, 2, first),
        ("litigation.lost", "withdrawn", "1件", None, None, 1, 2, first),
        (ACCEPTED, "changed", "64件", "65件", 1, 1, 2, first),
    ]


# Rates


def test_a_rate_stands_beside_what_its_parts_give(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, [city_report()])
    record(candidate, audit(candidate))
    sql = (
        "SELECT indicator_code, stated::DOUBLE, round(recomputed, 2)::DOUBLE, part_value::INT, whole_value::INT, "
        "part_indicator, whole_indicator, verdict FROM rates_recomputed"
    )
    parts = ("litigation.lost", "litigation.after_reconsideration")
    assert rows(candidate, sql) == [("litigation.loss_rate", 7.2, 7.24, 11, 152, *parts, "PASS")]


# Gaps


def test_every_gap_of_an_indicator_has_a_reason(tmp_path: Path) -> None:
    text = "受理1.8件,审结目标60件,无关77人。"
    odd = [
        figure(text, "1.8件", ACCEPTED, "1.8", status="suspect"),
        figure(text, "60件", "reconsideration.concluded", "60", role="target"),
        figure(text, "77人", None, "77"),
    ]
    only_uncoded = report("77人。", COUNTY_C), "77人。", [figure("77人。", "77人", None, "77")]
    reports = [city_report(), (report(text, COUNTY_A), text, odd), (report("无。", COUNTY_B), "无。", []), only_uncoded]
    held = [Held(region_code=CITY, report_year=2023)]
    candidate = warehouse_of(tmp_path, reports, held)
    found = {
        (code, year, indicator): state
        for code, year, indicator, state in rows(
            candidate, "SELECT region_code, year, indicator_code, state FROM indicator_coverage"
        )
    }
    assert len(found) == len(REGIONS) * 2 * len(LEXICON.indicators)
    concluded = "reconsideration.concluded"
    assert found[CITY, 2024, ACCEPTED] == "observed"
    assert found[CITY, 2024, "legal_service.hotline_calls"] == "not_mentioned"
    assert found[CITY, 2023, ACCEPTED] == "quarantined"
    assert (found[COUNTY_A, 2024, ACCEPTED], found[COUNTY_A, 2024, concluded]) == ("set_aside", "other_role")
    assert (found[COUNTY_B, 2024, ACCEPTED], found[COUNTY_B, 2023, ACCEPTED]) == ("no_number", "not_published")
    assert found[COUNTY_C, 2024, ACCEPTED] == "not_mentioned"
    assert rows(
        candidate, f"SELECT state, reason_en FROM coverage WHERE region_code = '{COUNTY_C}' AND year = 2024"
    ) == [("not_mentioned", "reports: 1, figures: 1, but none of an indicator")]
    assert rows(candidate, "SELECT count(*) FROM indicator_coverage WHERE reason_zh IS NULL OR reason_en IS NULL") == [
        (0,)
    ]
    said = "SELECT DISTINCT state, reason_en FROM indicator_coverage"
    assert sorted(rows(candidate, f"{said} WHERE state IN ('observed', 'set_aside', 'other_role')")) == [
        ("observed", "there is a figure"),
        ("other_role", "only a target, plan, change or figure of an earlier year"),
        ("set_aside", "there is a figure, but a suspect, conflicting or dropped one"),
    ]
    said += f" WHERE state = 'not_mentioned' AND region_code = '{CITY}'"
    assert rows(candidate, said) == [("not_mentioned", "the report does not mention it")]


# Wide, and for exchange


def test_the_wide_view_has_a_column_an_indicator_with_a_comment(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, [city_report(), county_report(COUNTY_A, "50")])
    sql = "SELECT region, year, reconsideration_accepted::INT, litigation_lost::INT FROM observations_wide ORDER BY 1"
    assert rows(candidate, sql) == [("双清区", 2024, 50, None), ("邵阳市", 2024, 1362, 11)]
    columns = dict(
        rows(candidate, "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'observations_wide'")
    )
    assert {code.replace(".", "_") for code in LEXICON.indicators} <= columns.keys()
    assert columns["litigation_loss_rate"] == "Loss rate, in % (败诉率)"


def test_figures_for_exchange_have_a_unique_key_and_known_codes(tmp_path: Path) -> None:
    text = "热线1.8余人次。"
    calls = figure(text, "1.8余人次", "legal_service.hotline_calls", "1.8", high="1.9", status="suspect")
    candidate = warehouse_of(tmp_path, [*clean_reports(), (report(text, COUNTY_A, 2023), text, [calls])])
    sql = (
        "SELECT FREQ, REF_AREA, TIME_PERIOD, OBS_VALUE::DOUBLE, OBS_STATUS, CONF_STATUS, UNIT_MEASURE, UNIT_MULT, "
        "DECIMALS FROM sdmx_observations WHERE INDICATOR IN ('litigation.loss_rate', 'legal_service.hotline_calls') "
        "ORDER BY ALL"
    )
    assert rows(candidate, sql) == [
        ("A", CITY, "2024", 7.2, "A", "F", "PT", "0", "1"),
        ("A", COUNTY_A, "2023", 1.8, "U", "F", "ATTENDANCE", "0", "1"),
    ]
    key = "FREQ, REF_AREA, INDICATOR, SCOPE, SINCE, TIME_PERIOD"
    assert rows(candidate, f"SELECT {key} FROM sdmx_observations GROUP BY ALL HAVING count(*) > 1") == []
    for concept in ("FREQ", "OBS_STATUS", "CONF_STATUS", "UNIT_MULT", "UNIT_MEASURE", "SCOPE"):
        used = f"SELECT DISTINCT {concept} FROM sdmx_observations"
        listed = f"SELECT code FROM sdmx_codes WHERE concept = '{concept}'"
        assert rows(candidate, f"{used} EXCEPT {listed}") == [], concept


def test_a_corrected_figure_is_marked_as_estimated_in_exchange(tmp_path: Path) -> None:
    candidate = warehouse_of(tmp_path, [corrected_city(correction("lost", "override", "11件", value=Decimal(12)))])
    sql = "SELECT OBS_VALUE::INT, OBS_STATUS FROM sdmx_observations WHERE INDICATOR = 'litigation.lost'"
    assert rows(candidate, sql) == [(12, "E")]


# The ledger in the warehouse


def corrected_city(*entries: Correction, **other: Any) -> Staged:
    one, text, figures = city_report()
    one = replace(one, **other)
    source = Source(one.snapshot_id, one.publisher, one.region_code, one.report_year)
    return one, text, correct(figures, Ledger(entries).of(source))


def checked(folder: Path, entries: Sequence[Correction], *reports: Staged) -> list[tuple[Any, ...]]:
    candidate = warehouse_of(folder, reports, corrections=Ledger(tuple(entries)))
    return rows(candidate, "SELECT correction_id, verdict, reports, figures, found FROM correction_check ORDER BY 1")


def test_what_was_reported_stands_beside_what_was_corrected(tmp_path: Path) -> None:
    entry = correction("lost", "override", "11件", value=Decimal(12))
    candidate = warehouse_of(tmp_path, [corrected_city(entry)], corrections=Ledger((entry,)))
    sql = "SELECT value::INT, reported_value::INT, status, correction_id, raw_text FROM observations "
    assert rows(candidate, f"{sql} WHERE correction_id IS NOT NULL") == [(12, 11, "corrected", "lost", "11件")]
    sql = "SELECT action, reason, author, decided_on, place FROM correction JOIN observations USING (correction_id)"
    assert rows(candidate, sql) == [
        ("override", "the publisher said so", "a steward", date(2026, 11, 25), "own.yaml:3")
    ]


def test_a_dropped_figure_is_kept_out_of_the_default_views_and_stays_in_the_warehouse(tmp_path: Path) -> None:
    entry = correction("lost", "drop", "11件")
    candidate = warehouse_of(tmp_path, [corrected_city(entry)], corrections=Ledger((entry,)))
    assert rows(candidate, "SELECT status FROM observations_all WHERE raw_text = '11件'") == [("dropped",)]
    for view in ("observations", "latest", "suspect_observations"):
        assert rows(candidate, f"SELECT count(*) FROM {view} WHERE raw_text = '11件'") == [(0,)], view


def test_an_entry_is_applied_missing_its_report_or_failing_its_guard(tmp_path: Path) -> None:
    entries = [
        correction("applied", "scale", "11件"),
        correction("elsewhere", "scale", "11件", year=1999),
        correction("gone", "override", "13件", indicator="litigation.lost", value=Decimal(12)),
        correction("hash", "flag", "152件", report_hash=city_report()[0].snapshot_id[:12], publisher=None),
    ]
    assert checked(tmp_path, entries, corrected_city(*entries)) == [
        ("applied", "APPLIED", 1, 1, None),
        ("elsewhere", "NOT_APPLICABLE", 0, 0, None),
        ("gone", "GUARD_FAILED", 1, 0, None),
        ("hash", "APPLIED", 1, 1, None),
    ]


def test_a_failed_guard_blocks_and_says_what_the_report_says_now(tmp_path: Path) -> None:
    entry = correction("gone", "override", "13件", indicator="litigation.lost", value=Decimal(12))
    candidate = warehouse_of(tmp_path, [corrected_city(entry)], corrections=Ledger((entry,)))
    (result,) = audit(candidate, only=["corrections_hold"])
    assert result.blocks
    assert result.failing[0]["message_en"] == (
        "gone at own.yaml:3 expects 13件, but the report says 11件; it was not applied. "
        "Remove the entry or write its guard anew"
    )


def test_a_failed_guard_of_a_flag_is_a_warning(tmp_path: Path) -> None:
    entry = correction("gone", "flag", "13件")
    candidate = warehouse_of(tmp_path, [corrected_city(entry)], corrections=Ledger((entry,)))
    results = {one.expectation_id: one for one in audit(candidate, only=["corrections_hold", "flags_hold"])}
    assert results["corrections_hold"].success
    assert (results["flags_hold"].success, results["flags_hold"].blocks) == (False, False)


def test_a_version_that_mended_the_figure_makes_the_guard_fail(tmp_path: Path) -> None:
    entry = correction("lost", "override", "11件", value=Decimal(12))
    first = corrected_city(entry)
    mended = "一审案件152件,败诉12件。"
    second = (
        report(mended, title=f"{first[0].title}(更正)", published=date(2025, 6, 1)),
        mended,
        [figure(mended, "12件", "litigation.lost", "12")],
    )
    assert checked(tmp_path / "one", [entry], first) == [("lost", "APPLIED", 1, 1, None)]
    ((_, verdict, reports, figures, _),) = checked(tmp_path / "two", [entry], *resolved([first, second]))
    assert (verdict, reports, figures) == ("GUARD_FAILED", 2, 1)


def test_an_entry_by_hash_is_about_one_document_and_its_later_versions(tmp_path: Path) -> None:
    one = city_report()[0]
    entry = correction("lost", "flag", "11件", report_hash=one.snapshot_id[:12], publisher=None)
    other = "一审案件160件,败诉14件。"
    another = report(other, title="2024年法治建设白皮书"), other, [figure(other, "14件", "litigation.lost", "14")]
    assert checked(tmp_path / "other", [entry], another) == [("lost", "NOT_APPLICABLE", 0, 0, None)]
    assert checked(tmp_path / "both", [entry], corrected_city(entry), another) == [("lost", "APPLIED", 1, 1, None)]
    mended = "一审案件152件,败诉12件。"
    second = (
        report(mended, title=f"{one.title}(更正)", published=date(2025, 6, 1)),
        mended,
        [figure(mended, "12件", "litigation.lost", "12")],
    )
    versions = resolved([corrected_city(entry), second])
    ((_, verdict, reports, figures, _),) = checked(tmp_path / "mended", [entry], *versions)
    assert (verdict, reports, figures) == ("GUARD_FAILED", 2, 1)


def test_another_report_that_does_not_mention_the_figure_is_no_failed_guard(tmp_path: Path) -> None:
    entry = correction("lost", "override", "11件", value=Decimal(12))
    other = report("白皮书。", title="白皮书"), "白皮书。", []
    assert checked(tmp_path, [entry], corrected_city(entry), other) == [("lost", "APPLIED", 2, 1, None)]
