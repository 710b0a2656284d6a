"""The partition a report belongs to: its year and its region. Which partitions a run covers, and in how few runs.

A Dagster run covers one range of partition keys. Over year × region a range is a rectangle: every region
between the two ends, in every year between the two ends.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import dagster as dg

from orchestration.settings import Settings

Partition = tuple[int, str]
"""Report year and region code, such as (2024, "430500")."""

ONE, FIRST, LAST = "dagster/partition", "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
"""The tags by which Dagster knows the partition, or the range of partitions, of a run."""


@dataclass(frozen=True, slots=True, order=True)
class Rectangle:
    """Neighbouring regions in neighbouring years: what one run can cover. Both ends are included."""

    first: Partition
    last: Partition

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which Dagster knows the partitions of a run."""
        return {FIRST: partition_key(self.first), LAST: partition_key(self.last)}


def year_by_region(settings: Settings) -> dg.MultiPartitionsDefinition:
    """Every configured place, under each code it has or had, in every configured year."""
    return dg.MultiPartitionsDefinition(
        {
            "region": dg.StaticPartitionsDefinition(list(settings.codes)),
            "year": dg.StaticPartitionsDefinition([str(year) for year in settings.years]),
        }
    )


def partition_key(partition: Partition) -> str:
    """`430500|2024`: Dagster puts the dimensions in the order of their names."""
    year, region = partition
    return f"{region}|{year}"


def partition_of(key: str) -> Partition:
    """The year and region of a partition key."""
    region, _, year = key.partition("|")
    return int(year), region


def configured(settings: Settings, partitions: Iterable[Partition]) -> set[Partition]:
    """Those of the partitions that the settings know."""
    return {(year, region) for year, region in partitions if year in settings.years and region in settings.codes}


def partitions_of_run(tags: Mapping[str, str], settings: Settings) -> frozenset[str] | None:
    """The keys of the partitions that a run covers, by its tags; None for a run of no partitions.

    Of a range that begins or ends outside of the settings only its ends are known.
    """
    if key := tags.get(ONE):
        return frozenset([key])
    if FIRST not in tags or LAST not in tags:
        return None
    (first_year, first_region), (last_year, last_region) = partition_of(tags[FIRST]), partition_of(tags[LAST])
    if not {first_region, last_region} <= set(settings.codes):
        return frozenset([tags[FIRST], tags[LAST]])
    places = settings.codes[settings.codes.index(first_region) : settings.codes.index(last_region) + 1]
    return frozenset(partition_key((year, region)) for region in places for year in range(first_year, last_year + 1))


def rectangles(partitions: Collection[Partition], regions: Sequence[str], years: Sequence[int]) -> list[Rectangle]:
    """Cover exactly these partitions with few rectangles, none of which overlap.

    Grown from regions first and from years first; whichever needs fewer runs is taken.
    `regions` and `years` give the order of the partition keys, which decides who is a neighbour.
    """
    cells = {(years.index(year), regions.index(region)) for year, region in partitions}
    by_region = list(_stacked_spans({(place, when) for when, place in cells}))
    by_year = [(place, when) for when, place in _stacked_spans(cells)]
    return sorted(
        Rectangle((years[when.start], regions[place.start]), (years[when.stop - 1], regions[place.stop - 1]))
        for place, when in min(by_region, by_year, key=len)
    )


def _stacked_spans(cells: set[tuple[int, int]]) -> Iterator[tuple[range, range]]:
    """Rows cut into spans of neighbouring columns; neighbouring rows with the same span become one."""
    rows_of_span: dict[tuple[int, int], list[int]] = {}
    for row, in_row in groupby(sorted(cells), key=lambda cell: cell[0]):
        for span in _spans(column for _, column in in_row):
            rows_of_span.setdefault((span.start, span.stop), []).append(row)
    for (start, stop), rows in sorted(rows_of_span.items()):
        for block in _spans(rows):
            yield block, range(start, stop)


def _spans(numbers: Iterable[int]) -> list[range]:
    """Runs of neighbouring numbers: 1, 2, 3, 7 is range(1, 4) and range(7, 8)."""
    spans: list[range] = []
    for number in numbers:
        if spans and spans[-1].stop == number:
            spans[-1] = range(spans[-1].start, number + 1)
        else:
            spans.append(range(number, number + 1))
    return spans
