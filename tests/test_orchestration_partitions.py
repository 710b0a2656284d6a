"""Partition keys, and how any set of partitions is covered by few rectangles."""

import dagster as dg
from hypothesis import given
from hypothesis import strategies as st

from orchestration.partitions import Rectangle, partition_key, partition_of, rectangles, year_by_region
from orchestration.settings import Settings

REGIONS = ("430500", "430502", "430503", "430511")
YEARS = range(2020, 2025)


def covered(rectangle: Rectangle) -> list[tuple[int, str]]:
    """The partitions Dagster runs for a rectangle, as Dagster itself reads its tags."""
    start, end = rectangle.tags.values()
    keys = year_by_region(Settings(regions=REGIONS, first_year=2020, last_year=2024)).get_partition_keys_in_range(
        dg.PartitionKeyRange(start, end)
    )
    return [partition_of(key) for key in keys]


def test_a_partition_key_names_the_region_first() -> None:
    assert partition_key((2024, "430500")) == "430500|2024"
    assert partition_of("430500|2024") == (2024, "430500")


def test_the_codes_that_a_place_had_are_partitions_too() -> None:
    settings = Settings(regions=("430582",), first_year=2018, last_year=2019)
    assert sorted(year_by_region(settings).get_partition_keys()) == [
        "430521|2018",
        "430521|2019",
        "430582|2018",
        "430582|2019",
    ]


def test_neighbouring_regions_and_years_are_one_rectangle() -> None:
    block = {(year, region) for year in (2022, 2023, 2024) for region in ("430502", "430503")}
    assert rectangles(block, REGIONS, YEARS) == [Rectangle((2022, "430502"), (2024, "430503"))]


def test_a_lone_city_beside_its_counties_takes_a_second_rectangle() -> None:
    counties = {(year, region) for year in (2022, 2023) for region in REGIONS[1:]}
    assert rectangles({*counties, (2024, "430500")}, REGIONS, YEARS) == [
        Rectangle((2022, "430502"), (2023, "430511")),
        Rectangle((2024, "430500"), (2024, "430500")),
    ]


def test_the_direction_that_needs_fewer_runs_is_taken() -> None:
    every_year_of_one_region = {(year, "430500") for year in YEARS}
    one_year_of_every_region = {(2024, region) for region in REGIONS}
    assert len(rectangles(every_year_of_one_region | one_year_of_every_region, REGIONS, YEARS)) == 2


def test_nothing_takes_no_run() -> None:
    assert rectangles(set(), REGIONS, YEARS) == []


@given(st.sets(st.tuples(st.sampled_from(YEARS), st.sampled_from(REGIONS))))
def test_rectangles_cover_exactly_what_was_asked_for_and_never_twice(partitions: set[tuple[int, str]]) -> None:
    runs = [partition for rectangle in rectangles(partitions, REGIONS, YEARS) for partition in covered(rectangle)]
    assert sorted(runs) == sorted(partitions)
