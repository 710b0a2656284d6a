"""Figures far from the usual: a lost 万 and a lost digit are named, and what merely changes is left alone."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_examples import (
    CITY,
    COUNTY_A,
    COUNTY_B,
    COUNTY_C,
    GAZETTEER,
    LEXICON,
    Staged,
    figure,
    report,
    stage_all,
    warehouse_of,
)

from sources.regions import Region
from transforms.lexicon import lexicon
from warehouse import plausibility
from warehouse.bounds import BOUNDS, BoundsError, bounds, read_bounds
from warehouse.build import build

Row = dict[str, Any]
CASES, LOST, RATE = "reconsideration.accepted", "litigation.lost", "litigation.loss_rate"
COUNTIES = (COUNTY_A, COUNTY_B, COUNTY_C)


def said(region_code: str, year: int, value: str, indicator: str = CASES, quote: str = "", **other: Any) -> Staged:
    """A report with one figure."""
    quote = quote or f"{value}{'%' if indicator == RATE else '件'}"
    text = f"全年共有{quote}。"
    return report(text, region_code, year), text, [figure(text, quote, indicator, value, **other)]


def series(values: str, region_code: str = COUNTY_A, indicator: str = CASES, first: int = 2021) -> list[Staged]:
    """Reports of years on end: 728 - 733 has a gap."""
    return [said(region_code, first + n, value, indicator) for n, value in enumerate(values.split()) if value != "-"]


def checked(folder: Path, reports: list[Staged], **other: Any) -> list[Row]:
    with duckdb.connect(warehouse_of(folder, reports, **other), read_only=True) as connection:
        return plausibility.frame(connection).to_pylist()


def failing(rows: list[Row]) -> dict[str, str]:
    """The figures that fail, and as what."""
    return {row["raw_text"]: row["fault"] for row in rows if row["verdict"] == "FAIL"}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ("728 730 725 7290", {"7290件": "lost_digit"}),
        ("728 73 725 731", {"73件": "lost_digit"}),
        ("100 110 1050", {"1050件": "lost_digit"}),  # the good years are near each other and stay good
        ("1050 110 100", {"1050件": "lost_digit"}),
        ("14200 15100 2", {"2件": "lost_wan"}),
        ("14200 15100 1 15000", {"1件": "lost_wan"}),
        ("100 110 1050000", {"1050000件": "lost_wan"}),
        ("100 110 5000", {"5000件": "jump"}),
        # of ten years two may be wrong in different ways
        ("728 730 725 7290 735 731 722 74 729 730", {"7290件": "lost_digit", "74件": "lost_digit"}),
    ],
)
def test_a_figure_far_from_its_other_years_fails_alone(tmp_path: Path, values: str, fault: dict[str, str]) -> None:
    assert failing(checked(tmp_path, series(values, first=2015))) == fault


@pytest.mark.parametrize(
    "values",
    [
        "1 9 3",  # suits lost: few cases, much chance
        "0 0 12",
        "20 25 150",
        "728 733 1900",
        "100 110 105 1050 1100",  # counted in another way since: two years bear each other out
        "100 110 1050 1100",
        "100 1000 10000",  # steady growth has no usual that a year could be far from
        "100 1000 10000 100000",
        "100 900 8100 72900 656100",
        "14200 1",  # two years, nobody beside them
        "728 - - -",
    ],
)
def test_what_changes_or_grows_is_no_alarm(tmp_path: Path, values: str) -> None:
    assert failing(checked(tmp_path, series(values))) == {}


def test_where_the_other_years_do_not_agree_nothing_can_be_said(tmp_path: Path) -> None:
    rows = checked(tmp_path, series("100 1000 10000"))
    assert [(row["year"], row["verdict"]) for row in rows] == [
        (2021, "NOT_ASSESSABLE"),
        (2022, "NOT_ASSESSABLE"),
        (2023, "NOT_ASSESSABLE"),
    ]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ("7.1 6.9 7.2 72", {"72%": "lost_digit"}),
        ("98 97 9.8", {"9.8%": "lost_digit"}),
        ("0.5 0.6 3", {}),
        ("0 0 12.5", {}),  # one suit of eight
        ("50 55 100", {}),
    ],
)
def test_a_rate_that_lost_its_point(tmp_path: Path, values: str, fault: dict[str, str]) -> None:
    assert failing(checked(tmp_path, series(values, indicator=RATE))) == fault


@pytest.mark.parametrize(
    ("values", "indicator", "zh", "en"),
    [
        (
            "728 730 725 7290",
            CASES,
            "行政复议受理件数 2024年 7290 件,其他年度(2021–2023)中位数 728 件,约为10倍:可能多写一位数",
            "Reconsideration cases accepted 2024: 7290, median of its other years (2021–2023) 728, about 10 times: "
            "may have a digit too many",
        ),
        (
            "14200 2 15100",
            CASES,
            '行政复议受理件数 2022年 2 件,其他年度(2021–2023)中位数 14200 件,约为1/7100:可能漏写"万"',
            "Reconsideration cases accepted 2022: 2, median of its other years (2021–2023) 14200, about 1/7100: "
            "may have lost its 万",
        ),
        (
            "7.1 7 72",
            RATE,
            "败诉率 2023年 72%,其他年度(2021–2022)中位数 7.1%,约为10倍:可能漏写小数点",
            "Loss rate 2023: 72%, median of its other years (2021–2022) 7.1%, about 10 times: "
            "may have lost its decimal point",
        ),
    ],
)
def test_a_message_explains_itself(tmp_path: Path, values: str, indicator: str, zh: str, en: str) -> None:
    rows = checked(tmp_path, series(values, indicator=indicator))
    (row,) = [row for row in rows if row["verdict"] == "FAIL"]
    assert (row["message_zh"], row["message_en"]) == (zh, en)
    assert row["sentence"] == f"全年共有{row['raw_text']}。"
    assert row["report_hash"] is not None
    assert row["check_id"] == f"jump:{row['observation_ids'][0]}"
    assert len(row["observation_ids"]) == len(rows) == row["points"] + 1


def test_a_figure_that_holds_has_numbers_but_no_words(tmp_path: Path) -> None:
    row = checked(tmp_path, series("100 110 121"))[0]
    assert (row["verdict"], float(row["usual"]), row["points"], float(row["bound"])) == ("PASS", 110, 2, 8)
    assert row["factor"] == pytest.approx(110 / 120)
    assert (row["raw_text"], row["message_zh"], row["fault"], len(row["observation_ids"])) == (None, None, None, 1)


def test_of_an_approximate_figure_the_most_harmless_reading_is_taken(tmp_path: Path) -> None:
    at_most = said(COUNTY_A, 2024, "2000", quote="2000件以下", low="0")
    assert failing(checked(tmp_path, [*series("100 110 120"), at_most])) == {}
    over = said(COUNTY_A, 2024, "2000", quote="2000余件", high="2100")
    assert failing(checked(tmp_path / "over", [*series("100 110 120"), over])) == {"2000余件": "jump"}


@pytest.mark.parametrize(
    "apart",
    [{"scope": "own_level"}, {"since_year": 2020}, {"role": "target"}, {"status": "suspect"}, {"status": "conflict"}],
)
def test_only_the_years_own_figures_of_the_whole_region_are_compared(tmp_path: Path, apart: Row) -> None:
    rows = checked(tmp_path, [*series("100 110 120"), said(COUNTY_A, 2024, "9999", **apart)])
    assert [row["year"] for row in rows] == [2021, 2022, 2023]


def test_when_everybody_jumps_nobody_is_an_alarm(tmp_path: Path) -> None:
    gazetteer = GAZETTEER | {"430522": Region("430522", "新邵县", "Xinshao", "county", CITY, None, None)}
    together = [one for code in (*COUNTIES, "430522") for one in series("100 110 1050", code)]
    rows = checked(tmp_path, together, gazetteer=gazetteer)
    assert failing(rows) == {}
    assert [row["peer_factor"] for row in rows if row["year"] == 2023] == [pytest.approx(1060 / 120, abs=1e-6)] * 4
    # where the others stayed, one is
    alone = [one for code in (*COUNTIES, "430522") for one in series("100 110 121", code)][:-3] + series(
        "100 110 1050", "430522"
    )
    rows = checked(tmp_path / "alone", alone, gazetteer=gazetteer)
    assert failing(rows) == {"1050件": "lost_digit"}
    (row,) = [row for row in rows if row["verdict"] == "FAIL"]
    assert "(同级地区为1.1倍)" in row["message_zh"]


FOUR = (*COUNTIES, "430522")
WITH_A_FOURTH = GAZETTEER | {"430522": Region("430522", "新邵县", "Xinshao", "county", CITY, None, None)}
EVENTS = "publicity.activities"


@pytest.mark.parametrize(("beside", "fails"), [("1100 1000 1042 950", True), ("1100 1000 1042 180", False)])
def test_neighbours_that_moved_a_little_explain_no_great_fall(tmp_path: Path, beside: str, fails: bool) -> None:
    """A fall to 1/8.5 is not explained by one of a twentieth, but by one to a fifth."""
    reports = [one for code in FOUR[:3] for one in series(beside, code)] + series("1100 1000 1042 113", FOUR[3])
    assert failing(checked(tmp_path, reports, gazetteer=WITH_A_FOURTH)) == ({"113件": "lost_digit"} if fails else {})


def test_a_figure_a_twentieth_of_its_other_years_fails(tmp_path: Path) -> None:
    assert failing(checked(tmp_path, series("598 567 29", indicator=EVENTS))) == {"29件": "jump"}


def with_another(text: str, quote: str, indicator: str | None = None, **other: Any) -> Staged:
    """A report of 2023 whose 29场 is taken for its events, and another figure of it."""
    text = f"举办法治宣讲29场。{text}"
    unit = {"canonical_unit": "场次"}
    value = quote.rstrip("场次件")
    figures = [figure(text, "29场", EVENTS, "29", **unit), figure(text, quote, indicator, value, **(unit | other))]
    return report(text, COUNTY_A, 2023), text, figures


@pytest.mark.parametrize("status", ["current", "conflict"])
def test_a_part_taken_for_the_whole_is_named_by_another_figure_of_its_report(tmp_path: Path, status: str) -> None:
    reports = [*series("598 567", indicator=EVENTS), with_another("普法活动599场次。", "599场次", status=status)]
    rows = checked(tmp_path, reports)
    assert failing(rows) == {"29场": "part_for_whole"}
    (row,) = [row for row in rows if row["verdict"] == "FAIL"]
    assert row["message_zh"].endswith("可能误以部分为总数;报告另有599场次「普法活动599场次。」")
    assert row["message_en"].endswith(
        "may be a part taken for the whole; the report also has 599场次 「普法活动599场次。」"
    )
    assert len(row["observation_ids"]) == 4


@pytest.mark.parametrize(
    "other",
    [
        {"quote": "599件", "canonical_unit": "件"},
        {"quote": "599场次", "role": "target"},
        {"quote": "599场次", "region_code": COUNTY_B},
        {"quote": "60场次"},
        {"quote": "599场次", "indicator": "reconsideration.concluded"},
    ],
)
def test_a_figure_of_something_else_names_nothing(tmp_path: Path, other: Row) -> None:
    reports = [*series("598 567", indicator=EVENTS), with_another(f"另有{other['quote']}。", **other)]
    assert failing(checked(tmp_path, reports)) == {"29场": "jump"}


def test_a_figure_may_be_of_another_indicator_that_the_year_lacks(tmp_path: Path) -> None:
    reports = [
        *series("5980 5670"),
        *series("30 31", indicator="reconsideration.concluded"),
        said(COUNTY_A, 2023, "29"),
    ]
    (row,) = [row for row in checked(tmp_path, reports) if row["verdict"] == "FAIL"]
    assert (row["fault"], row["likely"]) == ("other_indicator", "other_indicator")
    assert row["message_en"].endswith("may be Reconsideration cases concluded, 30.5 in its other years")
    assert row["message_zh"].endswith("可能为行政复议审结件数,该指标其他年度为30.5")


def test_last_years_figure_as_told_is_a_point_to_compare_with(tmp_path: Path) -> None:
    text = "普法活动29场次,上年为567场次。"
    unit = {"canonical_unit": "场次"}
    now = [figure(text, "29场次", EVENTS, "29", **unit), figure(text, "567场次", EVENTS, "567", role="prior", **unit)]
    reports: list[Staged] = [said(COUNTY_A, 2021, "598", EVENTS), (report(text, COUNTY_A, 2023), text, now)]
    rows = checked(tmp_path, reports)
    assert failing(rows) == {"29场次": "jump"}
    assert [row["year"] for row in rows] == [2021, 2023]


def test_a_place_is_followed_across_a_change_of_its_code(tmp_path: Path) -> None:
    before, since = "430521", "430582"
    gazetteer = GAZETTEER | {since: Region(since, "邵东市", "Shaodong", "county", CITY, 2019, None)}
    reports = [
        said(before, 2017, "728"),
        said(before, 2018, "730"),
        said(since, 2019, "7300"),
        said(since, 2020, "731"),
    ]
    rows = checked(tmp_path, reports, gazetteer=gazetteer)
    assert {row["region_code"] for row in rows} == {before, since}
    assert failing(rows) == {"7300件": "lost_digit"}


def test_a_figure_without_years_of_its_own_is_compared_with_the_regions_beside_it(tmp_path: Path) -> None:
    more = {f"43052{n}": Region(f"43052{n}", f"第{n}县", f"No {n}", "county", CITY, None, None) for n in (2, 3, 4, 5)}
    gazetteer = GAZETTEER | more
    codes = [*COUNTIES, *more]

    def of_year(*values: str) -> list[Staged]:
        return [said(code, 2024, value) for code, value in zip(codes, values, strict=False)]

    rows = checked(tmp_path, of_year("18000", "9000", "31000", "24000", "2"), gazetteer=gazetteer)
    assert failing(rows) == {"2件": "lost_wan"}
    (row,) = [row for row in rows if row["verdict"] == "FAIL"]
    assert row["message_zh"] == '行政复议受理件数 2024年 2 件,同级4个地区中位数 18000 件,约为1/9000:可能漏写"万"'
    assert (row["kind"], row["check_id"][:6], len(row["observation_ids"])) == ("peers", "peers:", 5)
    # counties differ in size
    assert failing(checked(tmp_path / "size", of_year("100", "900", "4000", "2000", "30"), gazetteer=gazetteer)) == {}
    # three others are too few to say
    assert checked(tmp_path / "few", of_year("18000", "9000", "31000", "2"), gazetteer=gazetteer) == []


def test_the_checks_can_be_kept_in_the_warehouse(tmp_path: Path) -> None:
    with duckdb.connect(warehouse_of(tmp_path, series("100 110 1050"))) as connection:
        plausibility.insert(connection)
        assert connection.execute("SELECT count(*) FROM plausibility_check").fetchone() == (3,)
        columns = connection.execute("SELECT * FROM plausibility_check LIMIT 0").to_arrow_table().column_names
        assert columns == plausibility.frame(connection).column_names


# Bounds


def test_an_indicator_has_the_bound_of_its_kind_or_its_own(tmp_path: Path) -> None:
    with duckdb.connect(warehouse_of(tmp_path, []), read_only=True) as connection:
        found = connection.execute("SELECT indicator_code, factor::INTEGER, small::INTEGER FROM plausibility_bound")
        by_code = {code: (factor, small) for code, factor, small in found.fetchall()}
    assert by_code.keys() == LEXICON.indicators.keys()
    assert (by_code[CASES], by_code[RATE]) == ((8, 10), (6, 5))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "publicity.audiences: {factor: 9, why: x}",
            r"bounds.yaml:4: publicity.audiences: no indicator of the lexicon",
        ),
        ("money: {factor: 9}", r"bounds.yaml:4: money: no kind of indicator; expected one of count, ratio, amount"),
        ("publicity.audience: {factor: 1, why: x}", r"bounds.yaml:4: publicity.audience.factor: .*greater than 1"),
        (
            "publicity.audience: {small: -1, why: x}",
            r"bounds.yaml:4: publicity.audience.small: .*greater than or equal",
        ),
        ("publicity.audience: {faktor: 9, why: x}", r"bounds.yaml:4: publicity.audience.faktor: Extra inputs"),
        ("publicity.audience: {factor: 9}", r"bounds.yaml:4: publicity.audience: expected `why`"),
        ("publicity.audience: {why: x}", r"bounds.yaml:4: publicity.audience: expected `why`, and one of factor"),
        ("count: {factor: 9}", r"bounds.yaml:4: 'count' stands twice"),
    ],
)
def test_a_bound_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "bounds.yaml"
    kinds = [f"{kind}: {{factor: 8, small: 1, peer_factor: 100}}" for kind in ("count", "ratio", "amount")]
    path.write_text("\n".join([*kinds, line]), encoding="utf-8")
    with pytest.raises(BoundsError, match=says):
        read_bounds(path, lexicon())


def test_every_kind_needs_its_bounds(tmp_path: Path) -> None:
    path = tmp_path / "bounds.yaml"
    path.write_text("count: {factor: 8, small: 1}\n", encoding="utf-8")
    with pytest.raises(BoundsError, match=r"bounds.yaml:1: count: peer_factor is missing"):
        read_bounds(path, lexicon())
    path.write_text("count: {factor: 8, small: 1, peer_factor: 9}\n", encoding="utf-8")
    with pytest.raises(BoundsError, match=r"bounds.yaml:1: ratio is missing"):
        read_bounds(path, lexicon())


def test_other_bounds_are_another_release(tmp_path: Path) -> None:
    wider = tmp_path / "bounds.yaml"
    wider.write_text(BOUNDS.read_text(encoding="utf-8").replace("{factor: 8, small: 10", "{factor: 9, small: 10"))
    stage_all(tmp_path / "staging", series("100 110 121"))
    ids = set()
    for n, given in enumerate((bounds(), bounds(), read_bounds(wider, lexicon()))):
        path = tmp_path / f"{n}.duckdb"
        build(
            tmp_path / "staging",
            path,
            quarantine=(),
            regions=(),
            lexicon=LEXICON,
            gazetteer=GAZETTEER,
            bounds=given,
        )
        with duckdb.connect(path, read_only=True) as connection:
            ids.add(connection.execute("SELECT release_id FROM release").fetchone())
    assert len(ids) == 2
