"""The files that stewards write: read as meant, or refused with file and line before anything is checked."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from warehouse_examples import LEXICON, city_report, stage_all, warehouse_of

from warehouse.audit import frames
from warehouse.build import record_comparisons
from warehouse.expectations.declarations import DeclarationError, Suite, expectations, expects, owners, suite, suites
from warehouse.expectations.frames import FRAMES
from warehouse.expectations.suites import check_frames
from warehouse.staging import load_frame, staged_partitions

WELL_FORMED = """
checked_on: partition
owner: engineer
show: [region_code]
expectations:
  - id: one
    severity: error
    frame: observations
    meaning_en: There is a value
    meaning_zh: 有数值
    action: Mend it
    expect: ExpectColumnValuesToNotBeNull
    with: {column: value}
"""


def test_there_are_the_suites_that_a_warehouse_needs() -> None:
    assert {"partition", "integrity", "identities", "coverage", "corrections"} <= set(suites())
    assert len(expectations()) >= 40


@pytest.mark.parametrize("name", suites())
def test_a_suite_is_worded_for_people(name: str) -> None:
    for one in suite(name).expectations:
        assert any("一" <= letter <= "鿿" for letter in one.meaning_zh), one.place
        assert one.meaning_en[0].isupper(), one.place
        assert len(one.action) > 15, one.place
        assert one.owner in owners(), one.place


def test_an_owner_of_the_file_can_be_another_for_one_expectation(tmp_path: Path) -> None:
    assert suite_of(tmp_path, WELL_FORMED).expectations[0].owner == "engineer"
    other = WELL_FORMED.replace("action: Mend it", "action: Mend it\n    owner: steward")
    assert suite_of(tmp_path / "other", other).expectations[0].owner == "steward"


def test_what_an_expectation_asks_is_told_on_one_line() -> None:
    assert expects(expectations()["direction_known"]) == (
        'ExpectColumnValuesToBeInSet(column="direction", value_set=["up", "down"])'
    )


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ("severity: error", "severity: grave", r"s\.yaml:7: .*'error', 'warning' or 'info' \(found 'grave'\)"),
        ("    action: Mend it\n", "", r"s\.yaml:6: .*action: Field required"),
        ("action: Mend it", "action: ''", r"s\.yaml:11: .*at least 1 character"),
        ("action: Mend it", "action: Mend it\n    colour: red", r"s\.yaml:12: .*colour: Extra inputs"),
        ("with: {column: value}", "with: value", r"s\.yaml:13: .*valid dictionary"),
        ("with: {column: value}", "with: {column: value", r"s\.yaml:1\d: not valid YAML"),
        ("show: [region_code]", "show: region_code", r"s\.yaml:4: show: .*valid list"),
        ("show: [region_code]", "show: [regoin_code]", r"s\.yaml:4: show: \['regoin_code'\] is no column of any frame"),
        ("expectations:", "expectation:", r"s\.yaml:2: expectations: Field required|s\.yaml:\d: .*Extra inputs"),
        ("checked_on: partition", "checked_on: sundays", r"s\.yaml:2: checked_on: .*'partition' or 'candidate'"),
        ("owner: engineer", "owner: nobody", r"s\.yaml:3: owner: 'nobody' is none of steward, engineer"),
        ("action: Mend it", "action: Mend it\n    owner: nobody", r"s\.yaml:12: .*'nobody' is none of steward"),
        ("id: one", "id: Not a name", r"s\.yaml:6: .*id: String should match"),
        ("frame: observations", "frame: elsewhere", r"s\.yaml:8: .*no frame 'elsewhere'; expected one of observations"),
        ("{column: value}", "{column: valeu}", r"s\.yaml:13: .*valeu is no column of observations; it has .*value"),
        ("{column: value}", "{column_list: [value, x]}", r"s\.yaml:13: .*x is no column of observations"),
        ("{column: value}", "{column: value}\n    where: nonsense > 3", r"s\.yaml:14: .*nonsense is no column"),
        ("{column: value}", "{column: value}\n    where: value >", r"s\.yaml:14: .*'value >' is no condition"),
        (
            "{column: value}",
            '{column: value}\n    where: indicator == "litigation.losses"',
            r"s\.yaml:14: .*litigation\.losses is no indicator of the lexicon",
        ),
        (
            "{column: value}",
            "{column: indicator, value_set: [litigation.lost, litigation.losses]}",
            r"s\.yaml:13: .*litigation\.losses is no indicator",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, found: str, instead: str, says: str) -> None:
    assert found in WELL_FORMED
    with pytest.raises(DeclarationError, match=says):
        suite_of(tmp_path, WELL_FORMED.replace(found, instead, 1))


def test_two_expectations_of_one_name_are_refused_also_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(WELL_FORMED, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"s\.yaml:6: one is already declared at r\.yaml:6; ids are unique"):
        suite_of(tmp_path, WELL_FORMED)


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ("ExpectColumnValuesToNotBeNull", "ExpectMiracles", "'ExpectMiracles' is no expectation of Great Expectations"),
        ("{column: value}", "{column: value, colour: red}", "can't take"),
    ],
)
def test_a_mistake_that_only_great_expectations_notices_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str, instead: str, says: str
) -> None:
    loaded = suite_of(tmp_path, WELL_FORMED.replace(found, instead))
    monkeypatch.setattr("warehouse.expectations.suites.suites_on", lambda where: [loaded])
    with pytest.raises(DeclarationError, match=rf"s\.yaml:6: .*{says}"):
        check_frames("partition", {"observations": pd.DataFrame({"value": [1], "thing": ["a"]})})


def test_an_unknown_suite_is_named_with_those_there_are() -> None:
    with pytest.raises(DeclarationError, match="expected one of corrections, coverage"):
        suite("sweet")


def test_frames_have_the_columns_that_are_listed(tmp_path: Path) -> None:
    stage_all(tmp_path / "staging", [city_report()])
    made = {"observations": load_frame(tmp_path / "staging", staged_partitions(tmp_path / "staging"), lexicon=LEXICON)}
    candidate = warehouse_of(tmp_path, [city_report()])
    record_comparisons(candidate)
    with duckdb.connect(candidate, read_only=True) as connection:
        made |= frames(connection)
    assert {name: frozenset(frame.columns) for name, frame in made.items()} == {
        name: spec.columns for name, spec in FRAMES.items()
    }


def suite_of(folder: Path, text: str) -> Suite:
    """The suite in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return suite("s", folder)
