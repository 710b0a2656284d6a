"""The places a report may name, as its year knew them: the region itself, what lies within it, above and beside it.

A city and its county may share a stem: in a report of 邵阳市 the short name 邵阳 is the city's own, and the county's
only among its like (邵阳、新邵、隆回分别为41件、52件、63件). Names are those of the report's year, former ones too: on
2017 邵东县 is 430521, on 2024 it is 邵东市 430582.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sources.regions import Region, regions
from sources.wording import wording

_NEVER = re.compile(r"(?!)")


class Owner(NamedTuple):
    """Whose a figure is: the code of a place other than the report's, or None, and the scope.

    `coded` is False for a figure of several places together or of towns, which no indicator of a region has.
    """

    place: str | None = None
    scope: str = "region"
    coded: bool = True


REGION = Owner()


class Name(NamedTuple):
    """What a name in a report means.

    `whose` is own, below or beside (above the region, or next to it). `needs` is what makes it a place: nothing for a
    full name, `verb` for a short one that may be another word (新建), `list` for one that counts only among its like.
    `code` is None for the region itself, and where two places share the name. `among` is the code that it has in a
    list of its like: empty where two places share it, None for the region itself.
    """

    whose: str
    needs: str
    code: str | None
    among: str | None
    short: bool = False


@dataclass(frozen=True, eq=False)
class Places:
    """The names that a report of one region and year may use, and the levels it speaks of (全市, 我县)."""

    names: Mapping[str, Name]
    levels: Mapping[str, str | None]
    name: re.Pattern[str]

    def without(self, text: str) -> str:
        """The text with every name of a place taken out."""
        return self.name.sub("", text)


@cache
def places_within(region_code: str | None, year: int | None = None) -> Places:
    """The names of a region, and of the places within, above and beside it, that were valid in `year` (None: now).

    Empty for an unknown region. `levels` has the characters by which the text speaks of the whole region (None) or of
    one above it (its code): in a report of 邵阳县, 县 is None, 市 430500 and 省 430000.
    """
    known = regions()
    if region_code is None or region_code not in known:
        return Places({}, {}, _NEVER)
    own = known[region_code]
    names: dict[str, Name] = {}
    for name, meaning in _meanings(own, year):
        names.setdefault(name, meaning)
    levels: dict[str, str | None] = {own.name_zh[-1]: None}
    for above in known.ancestors(region_code):
        levels.setdefault(known[above].name_zh[-1], above)
    return _places(tuple(names.items()), tuple(levels.items()))


@cache
def _places(names: tuple[tuple[str, Name], ...], levels: tuple[tuple[str, str | None], ...]) -> Places:
    """Years whose names are the same share one object, and with it what is made of it."""
    written = "|".join(re.escape(name) for name, _ in sorted(names, key=_longest_first))
    return Places(dict(names), dict(levels), re.compile(f"({written})"))


def _longest_first(named: tuple[str, Name]) -> int:
    return -len(named[0])


def _meanings(own: Region, year: int | None) -> Iterator[tuple[str, Name]]:
    """Names with their meanings, the surest first: full names before short ones, own before others."""
    known = regions()
    within, above = list(_within(own.code, year)), [known[code] for code in known.ancestors(own.code)]
    neighbours = [region for region in _valid(own.parent_code, year) if region != own]
    # the names of the year go before those of other years: 铜仁市 was a county of 铜仁地区 before it was the region
    for names in (_names_now, _names_then):
        for name in names(own):
            yield name, Name("own", "", None, None)
        for region in within:
            for name in names(region):
                needs = "list" if len(name) == 2 or name in wording()["ordinary_place"] else ""
                yield name, Name("below", needs, region.code, region.code)
        for region in (*above, *neighbours):
            for name in names(region):
                yield name, Name("beside", "verb", region.code, region.code)
    namesakes = _by_stem(within)
    if len(own.stem) > 1:
        yield own.stem, Name("own", "", None, namesakes.get(own.stem), short=True)
    for short, code in namesakes.items():
        yield short, Name("below", "verb" if code else "list", code or None, code, short=True)
    for short, code in _by_stem(neighbours).items():
        yield short, Name("beside", "list", code or None, code, short=True)


def _by_stem(listed: Iterable[Region]) -> dict[str, str]:
    """The code that a short name stands for, or nothing where several places share it; cities come before counties."""
    found: dict[str, list[Region]] = {}
    for region in listed:
        if len(region.stem) > 1:
            found.setdefault(region.stem, []).append(region)
    return {
        short: alike[0].code if len(alike) == 1 or alike[0].level != alike[1].level else ""
        for short, alike in found.items()
    }


def _names_now(region: Region) -> list[str]:
    return [region.name_zh, *region.short_forms]


def _names_then(region: Region) -> list[str]:
    """The names a place had before, or has had since, also under another code."""
    known = regions()
    other = [known[code] for code in known.codes_of_place(region.code) if code != region.code]
    return [*region.former_names, *(name for one in other for name in (*_names_now(one), *one.former_names))]


def _within(code: str, year: int | None) -> Iterator[Region]:
    """The prefectures below a region, and then the counties."""
    children = _valid(code, year)
    yield from children
    for child in children:
        if child.level != "county":
            yield from _within(child.code, year)


def _valid(parent: str | None, year: int | None) -> list[Region]:
    """The places right under another one that were valid in the year."""
    children = _children().get(parent, []) if parent else []
    return [one for one in children if (one.valid_to is None if year is None else one.valid_in(year))]


@cache
def _children() -> Mapping[str | None, list[Region]]:
    found: dict[str | None, list[Region]] = {}
    for region in regions().values():
        found.setdefault(region.parent_code, []).append(region)
    return found
