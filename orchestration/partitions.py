"""The partition a report belongs to: its year and its region. Which partitions a run covers, and in how few runs.

A Dagster run covers one range of partition keys. Over year × region a range is a rectangle: every region
between the two ends, in every year between the two ends.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import dagster as dg

from orchestration.settings import Settings

Partition = tuple[int, str]
"""Report year and region code, such as (2024, "430500")."""


@dataclass(frozen=True, slots=True, order=True)
class Rectangle:
    """Neighbouring regions in neighbouring years: what one run can cover. Both ends are included."""

    first: Partition
    last: Partition

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which Dagster knows the partitions of a run."""
        return {
            "dagster/asset_partition_range_start": partition_key(self.first),
            "dagster/asset_partition_range_end": partition_key(self.last),
        }


def year_by_region(settings: Settings) -> dg.MultiPartitionsDefinition:
    """Every configured region in every configured year."""
    return dg.MultiPartitionsDefinition(
        {
            "region": dg.StaticPartitionsDefinition(list(settings.regions)),
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
