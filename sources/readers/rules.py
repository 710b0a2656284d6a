"""Tables by their rules: from horizontal and vertical lines to cells, merged ones among them.

The geometry is pdfplumber's (https://github.com/jsvine/pdfplumber, after Anssi Nurminen's thesis); the lines come from
PDFium, which has the page open anyway, so that no page is parsed twice.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from sources.readers.layout import Box, around

# Points: rules that are drawn side by side are one, and one that ends so close to another meets it.
_TOLERANCE = 3.0
_SHORTEST = 5.0
# A page of a report has some hundred rules; a map or a drawing with more isn't looked through for tables.
_MOST_RULES, _MOST_CROSSINGS = 20_000, 4_000
_OPEN_ROWS, _MOST_LENGTHS = 3, 100


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that covers `rows` × `columns` places of the grid from its top left on."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table by row and column; `lefts` and `tops` are where columns and rows begin."""

    cells: tuple[GridCell, ...]
    box: Box
    lefts: tuple[float, ...]
    tops: tuple[float, ...]

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return len(self.lefts)

    def places(self) -> dict[tuple[int, int], GridCell]:
        """Which cell covers the place at a row and a column."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }

    def place(self, x: float, y: float) -> tuple[int, int]:
        """The row and the column of a point in the table."""
        return bisect_right(self.tops, y) - 1, bisect_right(self.lefts, x) - 1


def grids(rules: Sequence[Box]) -> list[Grid]:
    """The tables that `rules`, thin boxes lying or standing, draw; a frame or one column of boxes is none."""
    if len(rules) > _MOST_RULES:
        return []
    lying = [rule for rule in rules if rule.width >= rule.height and rule.width >= _SHORTEST]
    standing = [rule for rule in rules if rule.width < rule.height and rule.height >= _SHORTEST]
    standing += _open_sides(lying, standing)
    if min(len(lying), len(standing)) < 2:
        return []
    return [grid for cells in _tables(lying, standing) if (grid := _grid(cells))]


def _open_sides(lying: Sequence[Box], standing: Sequence[Box]) -> list[Box]:
    """The sides of tables drawn without: where rules of the same length end and others stand between them."""
    alike: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for rule in lying:
        alike[round(rule.left / _TOLERANCE), round(rule.right / _TOLERANCE)].append(rule)
    groups = [rules for rules in alike.values() if len(rules) >= _OPEN_ROWS]
    return [side for rules in groups[:_MOST_LENGTHS] for side in _missing_sides(rules, standing)]


def _missing_sides(rules: Sequence[Box], standing: Sequence[Box]) -> Iterator[Box]:
    whole, tops = around(rules), sorted(rule.top for rule in rules)
    inner, at_left, at_right = (
        _stood_in(tops, [rule for rule in standing if start < rule.left < end])
        for start, end in (
            (whole.left + _TOLERANCE, whole.right - _TOLERANCE),
            (whole.left - _TOLERANCE, whole.left + _TOLERANCE),
            (whole.right - _TOLERANCE, whole.right + _TOLERANCE),
        )
    )
    for first, last in _tables_apart(tops, inner):
        side = whole._replace(top=tops[first], bottom=tops[last])
        if not any(at_left[first:last]):
            yield side._replace(right=whole.left)
        if not any(at_right[first:last]):
            yield side._replace(left=whole.right)


def _stood_in(tops: Sequence[float], standing: Iterable[Box]) -> list[bool]:
    """For each row between one and the next of `tops`, whether a rule stands in it."""
    changes = [0] * len(tops)
    for rule in standing:
        first = max(bisect_right(tops, rule.top + _TOLERANCE) - 1, 0)
        end = min(bisect_left(tops, rule.bottom - _TOLERANCE), len(tops) - 1)
        if first < end:
            changes[first] += 1
            changes[end] -= 1
    return [count > 0 for count in accumulate(changes[:-1])]


def _tables_apart(tops: Sequence[float], divided: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and the last rule of each table, of those whose rows are `divided` into cells.

    What nothing stands in is a row merged over the whole width where it is no higher than the others; else it is the
    text between two tables as wide as each other.
    """
    rows = [at for at, is_divided in enumerate(divided) if is_divided]
    if not rows:
        return
    highest = max(tops[at + 1] - tops[at] for at in rows)
    first = rows[0]
    for above, below in pairwise(rows):
        if tops[below] - tops[above + 1] > highest:
            yield first, above + 1
            first = below
    yield first, rows[-1] + 1


def _tables(lying: Iterable[Box], standing: Iterable[Box]) -> list[list[Box]]:
    from pdfplumber import table  # noqa: PLC0415  slow to import, and most reports have no tables

    edges = table.merge_edges(
        [_edge(rule, "h") for rule in lying] + [_edge(rule, "v") for rule in standing],
        *(_TOLERANCE, _TOLERANCE, _TOLERANCE, _TOLERANCE),
    )
    if sum(e["orientation"] == "h" for e in edges) * sum(e["orientation"] == "v" for e in edges) > 50 * _MOST_CROSSINGS:
        return []
    crossings = table.edges_to_intersections(edges, _TOLERANCE, _TOLERANCE)
    if len(crossings) > _MOST_CROSSINGS:
        return []
    cells = table.intersections_to_cells(crossings)
    return [[Box(*map(float, cell)) for cell in cells] for cells in table.cells_to_tables(cells)]


def _edge(rule: Box, orientation: str) -> dict[str, object]:
    x, y = (rule.left + rule.right) / 2, (rule.top + rule.bottom) / 2
    lies = orientation == "h"
    left, right = (rule.left, rule.right) if lies else (x, x)
    top, bottom = (y, y) if lies else (rule.top, rule.bottom)
    return {
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "width": right - left,
        "height": bottom - top,
        "orientation": orientation,
        "object_type": "line",
    }


def _grid(cells: Sequence[Box]) -> Grid | None:
    lefts = sorted({cell.left for cell in cells})
    tops = sorted({cell.top for cell in cells})
    if len(lefts) < 2:
        return None
    placed = tuple(
        GridCell(
            row := bisect_left(tops, cell.top),
            column := bisect_left(lefts, cell.left),
            bisect_left(tops, cell.bottom - _TOLERANCE) - row,
            bisect_left(lefts, cell.right - _TOLERANCE) - column,
            cell,
        )
        for cell in sorted(cells, key=lambda cell: (cell.top, cell.left))
    )
    return Grid(placed, around(cells), tuple(lefts), tuple(tops))
