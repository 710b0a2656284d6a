"""Places named beside a figure: 其中武冈市12件 is Wugang's figure, not the reporting city's.

Only places below the reporting one are looked for, since a report speaks of others but doesn't report on them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sources.regions import Region, regions

_CLAUSE_START = r"(?:^|(?<=[,;:。、()\s的]))(?:其中|如|仅|分别是)?[:,]?"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Places:
    """The places within one region, by full and short name."""

    codes: Mapping[str, str]
    name: re.Pattern[str]
    label: re.Pattern[str]

    def named(self, text: str, start: int, end: int) -> str | None:
        """The code of the place that a label consists of or begins with, or None."""
        match = self.name.match(text, start, end)
        return self.codes[match[1]] if match else None

    def labelling(self, text: str, start: int, end: int) -> str | None:
        """The code of the place named at the start of a figure's own words, or None where there is none or several."""
        if self.name.search(text, start, end) is None:  # the common case, and much cheaper to tell
            return None
        found = {self.codes[match[1]] for match in self.label.finditer(text, start, end)}
        return found.pop() if len(found) == 1 else None

    def without(self, text: str) -> str:
        """The text with every name of a place taken out."""
        return self.name.sub("", text)


@cache
def places_within(region_code: str | None) -> Places:
    """The prefectures and counties below a region; empty for a county or an unknown one."""
    known = regions()
    if region_code is None or region_code not in known:
        return Places({}, _NEVER, _NEVER)
    codes: dict[str, str] = {}
    for region in _below(region_code, known):
        for name in (region.name_zh, region.stem):
            if len(name) >= 2:
                codes.setdefault(name, region.code)
    if not codes:
        return Places({}, _NEVER, _NEVER)
    names = "|".join(re.escape(name) for name in sorted(codes, key=len, reverse=True))
    return Places(codes, re.compile(f"({names})"), re.compile(f"{_CLAUSE_START}({names})(?!司法局|人民法院|法院)"))


def _below(code: str, known: Mapping[str, Region]) -> list[Region]:
    """Prefectures first, so that a short name shared by a city and a county of it means the city."""
    children = [region for region in known.values() if region.parent_code == code and region.valid_to is None]
    return children + [below for child in children for below in _below(child.code, known) if child.level != "county"]
