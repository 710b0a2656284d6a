"""Pictures for the metadata of assets: where people would rather look than read.

Each is an SVG within Markdown, whose words the browser sets in its own fonts: no Chinese font is needed here.
"""

import base64
import io
import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.query import query

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

STATES = {
    "observed": ("#2b7a4b", "figures 有数据"),
    "not_mentioned": ("#a8d5b5", "not mentioned 未提及"),
    "no_number": ("#e8d58a", "no number 无数值"),
    "quarantined": ("#c8553d", "quarantined 隔离"),
    "not_published": ("#e6e6e6", "not published 未发布"),
}
"""The states of a year and region in the view `coverage`, with a colour and a label."""

DASHES = ("-", "--")
"""Ten colours in each."""

MOST_REGIONS = 60
MOST_TRENDS = 6

_FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, sans-serif"

_COVERAGE = "SELECT place_code, region, year, state FROM coverage ORDER BY place_code, year"
# By place_code, so that a line goes on across a change of code. The city comes first, as the lowest code.
_TRENDS = f"""
WITH figure AS (
    SELECT indicator_code, indicator_zh AS indicator, unit, place_code, year, any_value(region) AS region,
        any_value(value) AS value, bool_or(synthetic) AS synthetic
    FROM latest
    WHERE scope = 'region'
    GROUP BY ALL
),
most AS (
    SELECT indicator_code
    FROM figure
    GROUP BY ALL
    ORDER BY count(DISTINCT year) DESC, count(*) DESC, indicator_code
    LIMIT {MOST_TRENDS}
)
SELECT f.indicator, f.unit, f.place_code, last(f.region ORDER BY f.year), list(f.year ORDER BY f.year),
    list(f.value::DOUBLE ORDER BY f.year), bool_or(f.synthetic)
FROM figure AS f
SEMI JOIN most USING (indicator_code)
GROUP BY ALL
ORDER BY f.indicator, f.place_code
"""  # noqa: S608 - a number of ours


def coverage_map(warehouse: Path) -> str:
    """Region × year coloured by what there is, as Markdown. At most the first sixty regions."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    rows = query(warehouse, _COVERAGE).rows
    named = {place: name for place, name, *_ in rows}  # the last one that the place has had
    names = dict(list(named.items())[:MOST_REGIONS])
    regions = list(names)  # by their codes: there is more than one 朝阳区
    years = sorted({year for *_, year, _ in rows})
    states = list(STATES)
    cells = [[len(states) - 1] * len(years) for _ in regions]
    for region, _, year, state in rows:
        if region in names:
            cells[regions.index(region)][years.index(year)] = states.index(state)
    figure = _figure(max(6.5, 2.5 + 0.55 * len(years)), 1.4 + 0.32 * len(regions))
    axes = figure.add_subplot()
    colours = ListedColormap([colour for colour, _ in STATES.values()])
    axes.pcolormesh(cells, cmap=colours, vmin=-0.5, vmax=len(states) - 0.5, edgecolors="white", linewidth=1.5)
    axes.set_xticks([at + 0.5 for at in range(len(years))], [str(year) for year in years])
    axes.set_yticks([at + 0.5 for at in range(len(regions))], list(names.values()))
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    patches = [Patch(color=colour, label=label) for colour, label in STATES.values()]
    figure.legend(handles=patches, loc="outside lower center", ncols=3, frameon=False)
    return _markdown(figure, "coverage of regions and years 各地区各年度覆盖情况")


def trends(warehouse: Path) -> str:
    """The indicators stated in most years, a small chart each with a line a region, as Markdown."""
    rows = query(warehouse, _TRENDS).rows
    named = list(dict.fromkeys((indicator, unit) for indicator, unit, *_ in rows))
    places = sorted({place for _, _, place, *_ in rows})  # the city first, as the lowest code
    figure = _figure(11, 3.2 * -(-max(len(named), 1) // 2))
    for at, (indicator, unit) in enumerate(named, start=1):
        axes = figure.add_subplot(-(-len(named) // 2), 2, at)
        lines = [row[2:6] for row in rows if row[0] == indicator]
        for place, region, years, values in lines:
            order = places.index(place)
            width = 2.2 if order == 0 else 1.1
            axes.plot(
                years,
                values,
                f"C{order % 10}o{DASHES[order // 10 % 2]}",
                markersize=3,
                linewidth=width,
                label=region,
            )
        axes.set_title(f"{indicator} ({unit})", fontsize=11)
        axes.set_xticks(sorted({year for _, _, years, _ in lines for year in years}))
        if unit != "%":
            axes.set_ylim(bottom=0)
        axes.spines[["top", "right"]].set_visible(False)
    _legend(figure)
    if any(row[6] for row in rows):
        figure.suptitle("contains made-up sample data 含合成样例数据", fontsize=10, color="#c8553d")
    return _markdown(figure, "trends 趋势")


OF_VIEWS: Mapping[str, Callable[[Path], str]] = {"coverage": coverage_map, "latest": trends}
"""The views that are better looked at, each with its picture."""


def _legend(figure: "Figure") -> None:
    """One legend for all charts, in which a region has one colour."""
    handles: dict[str, Artist] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(str(label), handle)
    if handles:
        figure.legend(list(handles.values()), list(handles), loc="outside right upper", frameon=False, fontsize=9)


def _figure(width: float, height: float) -> "Figure":
    """An empty figure of so many inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _markdown(figure: "Figure", title: str) -> str:
    """The figure as an image of an SVG within Markdown."""
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(_svg(figure)).decode()})"


def _svg(figure: "Figure") -> bytes:
    """The figure as SVG whose letters stay letters."""
    from matplotlib import rc_context

    written = io.BytesIO()
    # Widths are estimated with a font that has no Chinese letters, of which it would warn a letter at a time.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "fazhi"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue().replace(b"font-family: 'DejaVu Sans'", f"font-family: {_FONTS}".encode())
