"""The ledger of corrections: what an entry changes, what it leaves beside, and what it is refused for."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from transforms_texts import SAMPLES
from warehouse_examples import correction

from transforms.corrections import CORRECTIONS, CorrectionError, Ledger, Source, correct, ledger
from transforms.extract import Context, extract
from transforms.lexicon import lexicon
from transforms.observation import Observation
from transforms.resolve import ReportKey, resolve

TEXT = "全市受理行政复议案件1362件,审结1193件。12348热线接听群众来电1.8余人次。"
SOURCE = Source("ab" * 32, "邵阳市司法局", "430500", 2024)

ENTRY = """
hotline:
  action: flag
  report: {publisher: 邵阳市司法局, region_code: '430500', year: 2024}
  quote: 1.8余人次
  expect: {raw_text: 1.8余人次}
  reason: 漏写"万"字
  author: a steward
  date: 2026-11-25
"""


def read(text: str = TEXT) -> list[Observation]:
    return list(extract(text, Context("430500", 2024)))


def figure(observations: list[Observation], quote: str) -> Observation:
    (found,) = [one for one in observations if one.raw_text == quote]
    return found


def applied(quote: str, action: str, **other: Any) -> Observation:
    return figure(correct(read(), [correction("entry", action, quote, **other)]), quote)


def written(tmp_path: Path, text: str = ENTRY, name: str = "own.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# What an entry does


def test_an_override_replaces_the_value_and_keeps_what_was_reported() -> None:
    one = applied("1.8余人次", "override", value=Decimal(18000), low=Decimal(18000), high=Decimal(19000))
    assert (one.value, one.value_low, one.value_high) == (18000, 18000, 19000)
    assert (one.reported_value, one.reported_low, one.reported_high) == (Decimal("1.8"), Decimal("1.8"), Decimal("1.9"))
    assert (one.status, one.correction_id, one.qualifier) == ("corrected", "entry", "over")
    assert one.raw_text == "1.8余人次"
    assert one.status_reason == "the publisher said so (a steward, 2026-11-25, entry)"


def test_an_override_without_bounds_is_exact() -> None:
    one = applied("1.8余人次", "override", value=Decimal(18000))
    assert (one.value_low, one.value_high, one.qualifier) == (18000, 18000, "exact")


def test_a_scale_multiplies_the_bounds_as_well() -> None:
    one = applied("1.8余人次", "scale", factor=Decimal(10000))
    assert (one.value, one.value_low, one.value_high, one.qualifier) == (18000, 18000, 19000, "over")
    assert (one.status, one.reported_value) == ("corrected", Decimal("1.8"))


def test_a_scale_multiplies_what_rounding_leaves_open_and_bounds_take_its_place() -> None:
    printed = [replace(figure(read(), "1362件"), slack=Decimal("0.05"))]
    (scaled,) = correct(printed, [correction("entry", "scale", "1362件", factor=Decimal(10000))])
    assert scaled.slack == 500
    (exact,) = correct(printed, [correction("entry", "override", "1362件", value=Decimal(1400))])
    assert exact.slack == Decimal("0.05")
    bounds = {"value": Decimal(1400), "low": Decimal(1300), "high": Decimal(1500)}
    (open_,) = correct(printed, [correction("entry", "override", "1362件", **bounds)])
    assert open_.slack == 0


def test_a_recode_changes_what_is_measured_not_how_much() -> None:
    one = applied("1193件", "recode", to_indicator="litigation.concluded", to_scope="own_level")
    assert (one.indicator, one.reported_indicator) == ("litigation.concluded", "reconsideration.concluded")
    assert (one.scope, one.value, one.status) == ("own_level", 1193, "corrected")


def test_a_recode_says_what_time_a_figure_is_of() -> None:
    one = applied("1193件", "recode", to_period="half_year", to_figure_year=2023)
    assert (one.period, one.figure_year, one.indicator) == ("half_year", 2023, "reconsideration.concluded")


def test_an_open_top_stays_open_when_it_is_scaled_and_is_kept_beside_an_override() -> None:
    at_least = replace(figure(read(), "1362件"), value_high=None, qualifier="over")
    (scaled,) = correct([at_least], [correction("entry", "scale", "1362件", factor=Decimal(10))])
    assert (scaled.value, scaled.value_low, scaled.value_high) == (13620, 13620, None)
    assert (scaled.qualifier, scaled.reported_high) == ("over", None)
    (overridden,) = correct([at_least], [correction("entry", "override", "1362件", value=Decimal(1400))])
    assert (overridden.value_high, overridden.qualifier) == (1400, "exact")


@pytest.mark.parametrize(("action", "status"), [("drop", "dropped"), ("flag", "suspect")])
def test_a_figure_dropped_or_flagged_stays_as_reported(action: str, status: str) -> None:
    one = applied("1362件", action)
    assert (one.value, one.reported_value, one.status) == (1362, 1362, status)


def test_a_figure_that_stands_twice_stays_a_duplicate() -> None:
    twice = read("受理行政复议案件64件。受理行政复议案件64件。")
    corrected = correct(twice, [correction("entry", "override", "64件", value=Decimal(65))])
    assert [(one.status, one.value) for one in corrected] == [("corrected", 65), ("duplicate", 65)]


def test_a_pattern_names_a_figure_by_the_words_around_it() -> None:
    entry = correction("entry", "flag", None, pattern="热线.*人次", expect_text="1.8余人次")
    assert [one.raw_text for one in correct(read(), [entry]) if one.correction_id] == ["1.8余人次"]


def test_the_indicator_tells_figures_of_the_same_words_apart() -> None:
    text = "受理行政复议案件64件。审结行政复议案件64件。"
    entry = correction("entry", "drop", "64件", indicator="reconsideration.concluded")
    assert [one.status for one in correct(read(text), [entry])] == ["current", "dropped"]


@pytest.mark.parametrize(
    "guard",
    [
        {"expect_text": "1.8万余人次"},
        {"expect_text": None, "expect_value": Decimal(18000)},
        {"quote": "1.8万余人次"},
        {"indicator": "litigation.cases"},
    ],
)
def test_where_the_guard_fails_nothing_is_changed(guard: dict[str, Any]) -> None:
    assert (
        correct(read(), [correction("entry", "scale", **{"quote": "1.8余人次", "factor": Decimal(10000), **guard})])
        == read()
    )


def test_two_entries_on_one_figure_are_refused_by_name_and_place() -> None:
    one = correction("one", "flag", "1362件")
    other = correction("other", "drop", None, pattern="受理.*件", expect_text="1362件", place="own.yaml:9")
    with pytest.raises(CorrectionError, match=r"own\.yaml:9: other is about the same figure .* one at own\.yaml:3"):
        correct(read("受理行政复议案件1362件。"), [one, other])


# Corrected figures among reports


def test_a_corrected_figure_competes_and_a_dropped_one_does_not() -> None:
    def report(name: str, text: str, day: int, *entries: Any) -> tuple[ReportKey, list[Observation]]:
        key = ReportKey(name, name, "邵阳市司法局", date(2025, 1, day), datetime(2025, 2, 1, tzinfo=UTC))
        return key, correct(read(text), entries)

    earlier = report("a", "受理行政复议案件64件。", 1)
    later = report("b", "受理行政复议案件65件。", 2, correction("entry", "override", "65件", value=Decimal(66)))
    dropped = report("c", "受理行政复议案件67件。", 3, correction("entry", "drop", "67件"))
    (a,), (b,), (c,) = resolve([earlier, later, dropped])
    assert [one.status for one in (a, b, c)] == ["superseded", "corrected", "dropped"]
    assert (a.own_status, b.own_status) == ("current", None)


# The ledger as a file


def test_the_ledger_that_ships_flags_the_hotline_figure_and_overrides_nothing() -> None:
    shipped = ledger(lexicon())
    entry = next(one for one in shipped.entries if one.id == "shaoyang-2024-hotline")
    assert (entry.action, entry.quote, entry.expect_value) == ("flag", "1.8余人次", Decimal("1.8"))
    assert all(one.action == "flag" for one in shipped.entries)


def test_the_ledger_that_ships_is_about_the_digest_that_ships_and_no_other_report() -> None:
    digest = next((SAMPLES / "430500" / "2024").glob("*摘编.txt"))
    of_digest = Source(hashlib.sha256(digest.read_bytes()).hexdigest(), "邵阳市司法局", "430500", 2024)
    shipped = ledger(lexicon())
    assert [one.id for one in shipped.of(of_digest)] == ["shaoyang-2024-hotline"]
    assert shipped.of(replace(of_digest, snapshot_id="0" * 64)) == []


def test_a_ledger_of_ones_own_is_read_beside_the_one_that_ships(tmp_path: Path) -> None:
    both = ledger(lexicon(), CORRECTIONS, written(tmp_path, ENTRY.replace("1.8", "2.8")))
    assert [one.id for one in both.entries] == ["hotline", "shaoyang-2024-hotline"]
    assert both.entries[0].place == "own.yaml:2"


def test_an_empty_ledger_is_none(tmp_path: Path) -> None:
    assert ledger(lexicon(), written(tmp_path, "# nothing yet\n")).entries == ()


def test_entries_name_a_report_by_hash_or_by_publisher_region_and_year() -> None:
    by_hash = correction("hash", "flag", "1件", report_hash="ab" * 6, publisher=None, region_code=None, year=None)
    by_name = correction("name", "flag", "2件")
    other = correction("other", "flag", "3件", year=2023)
    both = Ledger((by_hash, by_name, other))
    assert [one.id for one in both.of(SOURCE)] == ["hash", "name"]
    assert both.of(replace(SOURCE, snapshot_id="cd" * 32, publisher="隆回县司法局")) == []


def test_the_version_changes_with_the_entries_about_a_report_and_no_others() -> None:
    entry = correction("name", "flag", "2件")
    version = Ledger((entry,)).version(SOURCE)
    assert version
    assert Ledger((replace(entry, place="own.yaml:99"),)).version(SOURCE) == version
    assert Ledger((entry, correction("other", "flag", "3件", year=2023))).version(SOURCE) == version
    assert Ledger((replace(entry, reason="another"),)).version(SOURCE) != version
    assert Ledger(()).version(SOURCE) == ""


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ("action: flag", "action: forget", r"own\.yaml:3: hotline\.action: .*found 'forget'"),
        ("  author: a steward\n", "", r"own\.yaml:2: hotline\.author: Field required"),
        ("author: a steward", "author: ''", r"own\.yaml:8: hotline\.author: found an empty author"),
        ("date: 2026-11-25", "date: last week", r"own\.yaml:9: hotline\.date"),
        ("quote: 1.8余人次", "quote: 1.8余人次\n  indicator: no.such", r"own\.yaml:6: .*'no\.such' is no indicator"),
        ("  quote: 1.8余人次\n", "", r"own\.yaml:2: hotline: expected either quote"),
        ("quote: 1.8余人次", "pattern: '热线('", r"own\.yaml:5: hotline\.pattern: no regular expression"),
        ("expect: {raw_text: 1.8余人次}", "expect: {}", r"own\.yaml:6: hotline\.expect: found no guard"),
        ("expect: {raw_text: 1.8余人次}", "expect: {value: many}", r"own\.yaml:6: .*found 'many', expected a number"),
        ("year: 2024", "", r"own\.yaml:4: hotline\.report"),
        ("'430500'", "'999999'", r"own\.yaml:4: .*'999999' is no code of GB/T 2260"),
        ("{publisher: 邵阳市司法局, region_code: '430500', year: 2024}", "{hash: xyz}", r"own\.yaml:4: .*hexadecimal"),
        ("action: flag", "action: override", r"own\.yaml:2: hotline: override needs value"),
        ("action: flag", "action: scale\n  factor: 10\n  value: 3", r"own\.yaml:5: .*scale takes no value"),
        ("action: flag", "action: override\n  value: 3\n  low: 4", r"own\.yaml:4: .*between low and high"),
        ("action: flag", "action: scale\n  factor: 1e30", r"own\.yaml:4: .*below 10\^18"),
        ("action: flag", "action: recode\n  to: {indicator: no.such}", r"own\.yaml:4: .*'no\.such' is no indicator"),
        ("action: flag", "action: recode\n  to: {scope: galaxy}", r"own\.yaml:4: .*expected one of region"),
        ("action: flag", "action: recode\n  to: {}", r"own\.yaml:4: .*recode needs another"),
        ("action: flag", "action: [flag", r"own\.yaml:\d+: not valid YAML"),
        ("  author:", "  colour: red\n  author:", r"own\.yaml:8: hotline\.colour"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, found: str, instead: str, says: str) -> None:
    assert found in ENTRY
    with pytest.raises(CorrectionError, match=says):
        ledger(lexicon(), written(tmp_path, ENTRY.replace(found, instead)))


def test_two_entries_of_one_name_or_on_one_figure_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match=r"own\.yaml:10: 'hotline' stands twice"):
        ledger(lexicon(), written(tmp_path, ENTRY + ENTRY.lstrip("\n")))
    second = written(tmp_path, ENTRY, "second.yaml")
    with pytest.raises(CorrectionError, match=r"second\.yaml:2: hotline is already the name of an entry at own"):
        ledger(lexicon(), written(tmp_path), second)
    same = written(tmp_path, ENTRY.replace("hotline:", "again:"), "second.yaml")
    with pytest.raises(CorrectionError, match=r"second\.yaml:2: again is about the same figure .* own\.yaml:2"):
        ledger(lexicon(), written(tmp_path), same)


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa", None])
def test_a_ledger_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.yaml"
    if content:
        path.write_bytes(content)
    with pytest.raises(CorrectionError, match=r"own\.yaml can't be read"):
        ledger(lexicon(), path)
