"""The regions of mainland China by GB/T 2260 code: names, levels, parents and the years they were valid.

`regions.csv` holds the provinces, prefectures and counties that were valid at any time since 2010. It
reflects the yearly code lists of the Ministry of Civil Affairs up to 2020 and the statistical code list of
2023 for what changed since; counties set up later (和安县 and 和康县 of 2024) are missing and are added as a
row each. What the file leaves out: 市辖区 and 县 as collective entries, the containers
省直辖县级行政区划 (so 济源市 419001 has its province as parent), development zones that only statistics know,
Hong Kong, Macao and Taiwan.

`valid_from` and `valid_to` are the first and last year whose list holds the code; empty means since before
the lists began (1980) or still valid. A place that was renamed but kept its code has one row under its
latest name, and its earlier ones in `former_names`. English names are the pinyin, with the established
form for the best-known Mongolian, Tibetan and Uygur names.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sources.wording import wording

LEVELS = ("province", "prefecture", "county")
_COLUMNS = ("code", "name_zh", "name_en", "level", "parent_code", "valid_from", "valid_to", "former_names")
_KIND_OF_AREA = (
    "自治州",
    "自治县",
    "自治旗",
    "自治区",
    "林区",
    "特区",
    "地区",
    "省",
    "市",
    "州",
    "盟",
    "县",
    "旗",
    "区",
)
_PEOPLES_WITHOUT_ZU = ("蒙古", "哈萨克", "柯尔克孜", "锡伯", "塔吉克", "维吾尔")


class InvalidRegionsError(ValueError):
    """A row of the region list breaks its rules; the message names file, line and what to do."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place with a GB/T 2260 code; years are inclusive, None means open."""

    code: str
    name_zh: str
    name_en: str
    level: str
    parent_code: str | None
    valid_from: int | None
    valid_to: int | None
    former_names: tuple[str, ...] = ()

    def valid_in(self, year: int) -> bool:
        """Whether the code stood in that year's list."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)

    @property
    def stem(self) -> str:
        """The name without the kind of area and the peoples: 城步苗族自治县 is 城步, 东乡族自治县 is empty."""
        return stem(self.name_zh)

    @property
    def short_forms(self) -> tuple[str, ...]:
        """How the name is written short, the stem aside: 城步苗族自治县 is 城步自治县 and 城步县."""
        bare, name = self.stem, self.name_zh
        kinds = [kind for kind in ("自治县", "自治州", "自治旗") if name.endswith(kind) and len(bare) > 1]
        return tuple(bare + short for kind in kinds for short in (kind, kind[-1]) if bare + short != name)


class Regions(Mapping[str, Region]):
    """All regions by code, in order of code, with look-up by name."""

    def __init__(self, rows: Mapping[str, Region]) -> None:
        self._rows = dict(sorted(rows.items()))
        self._named: dict[str, tuple[Region, ...]] = {}
        self._alike: dict[tuple[str, str, str | None], list[Region]] = defaultdict(list)
        for region in self._rows.values():
            self._alike[region.stem, region.level, region.parent_code].append(region)
            for name in (region.name_zh, *region.former_names):
                self._named[name] = (*self._named.get(name, ()), region)

    def __getitem__(self, code: str) -> Region:
        return self._rows[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def named(self, name: str) -> tuple[Region, ...]:
        """Every region of that full Chinese name, also a former one: 朝阳区 is in Beijing and in Changchun."""
        return self._named.get(name, ())

    def names(self) -> Mapping[str, tuple[Region, ...]]:
        """All full names, present and former, with their regions."""
        return self._named

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above this one, nearest first: of 430524 these are 430500, 430000."""
        above = []
        parent = self._rows[code].parent_code
        while parent:
            above.append(parent)
            parent = self._rows[parent].parent_code
        return tuple(above)

    def in_year(self, code: str, year: int) -> str:
        """The code the same place has in that year: 430521 邵东县 in 2021 is 430582 邵东市.

        The same place is the one valid region with the same stem, level and parent; failing that, `code`.
        """
        region = self._rows[code]
        if region.valid_in(year):
            return code
        alike = self._alike[region.stem, region.level, region.parent_code]
        heirs = [other.code for other in alike if other.valid_in(year)]
        return heirs[0] if len(heirs) == 1 else code

    def place(self, code: str) -> str:
        """The last code of the same place, one for all the codes it has had: 430582 for 邵东县 430521 and for 邵东市.

        A code goes on in another only where that one began after it ended: 宣化县 was merged into a district that was
        there before, and is a place of its own.
        """
        region = self._rows[code]
        heirs = [
            other
            for other in self._alike[region.stem, region.level, region.parent_code]
            if region.valid_to is not None and other.valid_from is not None and other.valid_from > region.valid_to
        ]
        return max(heirs, key=lambda other: other.valid_from or 0).code if heirs else code

    def before(self, code: str) -> str | None:
        """The code of the same place before this one: 430521 for 邵东市 430582; None where it had no other."""
        region = self._rows[code]
        heads = [
            other
            for other in self._alike[region.stem, region.level, region.parent_code]
            if other.valid_to is not None and region.valid_from is not None and other.valid_to < region.valid_from
        ]
        return max(heads, key=lambda other: other.valid_to or 0).code if heads else None

    def codes_of_place(self, code: str) -> tuple[str, ...]:
        """Every code of the same place, in order: of 邵东市 430582 also 430521, which 邵东县 had."""
        region, place = self._rows[code], self.place(code)
        alike = self._alike[region.stem, region.level, region.parent_code]
        return tuple(sorted({code, *(other.code for other in alike if self.place(other.code) == place)}))

    def full_name(self, code: str) -> str:
        """Name with the names above it, for messages: 湖南省邵阳市隆回县."""
        return "".join(self._rows[c].name_zh for c in reversed((code, *self.ancestors(code))))


@cache
def regions() -> Regions:
    """The list that ships, read and checked once."""
    return load_regions(Path(__file__).with_name("regions.csv"))


def load_regions(path: Path) -> Regions:
    """Read and check a region list; raises InvalidRegionsError naming file and line."""
    rows: dict[str, Region] = {}
    lines: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise InvalidRegionsError(f"{path}, line 1: found columns {reader.fieldnames}, expected {list(_COLUMNS)}")
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            region = _region(row, where)
            if region.code in rows:
                raise InvalidRegionsError(f"{where}: code {region.code} stands twice; keep one row a code")
            rows[region.code], lines[region.code] = region, reader.line_num
    for region in rows.values():
        if region.parent_code and region.parent_code not in rows:
            where = f"{path}, line {lines[region.code]}"
            raise InvalidRegionsError(f"{where}: parent {region.parent_code} of {region.code} has no row; add it")
    return Regions(rows)


@cache
def stem(name: str) -> str:
    """A place name without the kind of area and the peoples in it: 恩施土家族苗族自治州 is 恩施."""
    bare = next((name.removesuffix(kind) for kind in _KIND_OF_AREA if name.endswith(kind)), name)
    if bare == "内蒙古":
        return bare
    while people := next((p for p in _people_endings() if bare.endswith(p)), None):
        bare = bare.removesuffix(people)
    return bare


@cache
def _people_endings() -> tuple[str, ...]:
    endings = [f"{people}族" for people in wording()["people"]] + list(_PEOPLES_WITHOUT_ZU)
    return tuple(sorted(endings, key=len, reverse=True))


def _region(row: Mapping[str, str], where: str) -> Region:
    code, level, parent = row["code"], row["level"], row["parent_code"]
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise InvalidRegionsError(f"{where}: found code {code!r}, expected six digits of GB/T 2260")
    if level not in LEVELS:
        raise InvalidRegionsError(f"{where}: found level {level!r}, expected one of {', '.join(LEVELS)}")
    if not row["name_zh"] or not row["name_en"]:
        raise InvalidRegionsError(f"{where}: {code} needs a Chinese and an English name")
    if (level == "province") == bool(parent):
        raise InvalidRegionsError(f"{where}: {code} is a {level} with parent {parent!r}; all but provinces have one")
    since, until = _year(row["valid_from"], where), _year(row["valid_to"], where)
    if since and until and since > until:
        raise InvalidRegionsError(f"{where}: {code} is valid from {since} to {until}; the first year comes first")
    former = tuple(filter(None, row["former_names"].split("|")))
    return Region(code, row["name_zh"], row["name_en"], level, parent or None, since, until, former)


def _year(cell: str, where: str) -> int | None:
    if not cell:
        return None
    if not (len(cell) == 4 and cell.isascii() and cell.isdigit()):
        raise InvalidRegionsError(f"{where}: found year {cell!r}, expected four digits or nothing")
    return int(cell)
