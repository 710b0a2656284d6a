"""Where a text names places, and what it says to tell namesakes apart.

A place is named in full (隆回县), with the names above it (湖南省邵阳市隆回县) or short (湖南, 邵阳, 巴州). One
automaton over all names reads a text once. Short names of counties are left out, since many are ordinary
words (平安, 和平, 新华); only 法治隆回 and the like count. For the same reason 开县 in 召开县委 or 项城市 in
各项城市 is no place unless something stands before it that ends a word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sources.regions import Region, regions
from sources.wording import wording

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

# Initials by which the sites of the municipalities begin: www.bjchy.gov.cn.
_MUNICIPALITY_HOSTS = {"bj": "110000", "tj": "120000", "sh": "310000", "cq": "500000"}
# 大同镇, 南京路 and 中山街道 are no places of the city's name.
_AFTER_ANOTHER_NAME = ("镇", "乡", "村", "路", "街", "大道", "社区", "小区")
_BODY_OF_STEM = re.compile(
    r"(?:经开区|高新区|(?:国家级?)?(?:经济|高新|产业|工业|科技|循环)[\u4e00-\u9fff]{0,8}(?:开发区|园区|集中区|示范区)|"
    r"工业园|产业园|(?:新|风景|风景名胜|旅游度假|保税|管理|示范|集聚)区|人民法院|法院|人民检察院|检察院|公安局|司法局|海关|海事局|调查队)"
)
_LEVEL_RANK = {"province": 0, "prefecture": 1, "county": 2}
# 巴州 and its like are in daily use and follow from no rule.
_OTHER_SHORT_NAMES = {"巴州": "652800", "博州": "652700", "克州": "653000", "版纳州": "532800", "兵团": "650000"}


@dataclass(frozen=True, slots=True)
class Place:
    """A named place: the characters it stands in and the codes it may mean, deepest level only.

    `strength` is full, short, or slogan (法治隆回).
    """

    start: int
    end: int
    codes: tuple[str, ...]
    strength: str


def find_places(text: str) -> list[Place]:
    """Places in order; a chain of names (湖南省邵阳市双清区) is one place, its parents tell namesakes apart."""
    found: list[Place] = []
    automaton, names = _automaton()
    for number, start, end in automaton.find_matches_as_indexes(text):
        codes, strength = names[number]
        place = Place(start, end, codes, strength)
        before = found[-1] if found and found[-1].end == place.start else None
        if before and (below := _below(codes, before.codes)):
            found[-1] = Place(before.start, place.end, below, strength)
        elif codes and _stands_alone(text, place):
            found.append(place)
    return found


def is_place(line: str) -> bool:
    """Whether a line is the full name of a place and nothing else."""
    places = find_places(line)
    return len(places) == 1 and (places[0].start, places[0].end) == (0, len(line)) and places[0].strength == "full"


def tell_apart(codes: Sequence[str], places: Iterable[Place], year: int | None) -> tuple[str, ...]:
    """Of namesakes the ones that the text's other places speak for: 朝阳区 in a text that names 长春.

    Evidence is how often the text names something above a candidate. Without any, the candidates that are
    valid in `year`; what is still open then comes back as several codes.
    """
    if len(codes) < 2:
        return tuple(codes)
    named = Counter(place.codes[0] for place in places if len(place.codes) == 1)
    support = {code: sum(named[above] for above in regions().ancestors(code)) + named[code] for code in codes}
    best = max(support.values())
    if best:
        codes = [code for code in codes if support[code] == best]
    if len(codes) > 1 and year:
        codes = [code for code in codes if regions()[code].valid_in(year)] or codes
    return tuple(codes)


def county_stem_codes(text: str) -> tuple[str, ...]:
    """Codes of the county whose bare stem begins `text`: 定安 in 定安年鉴2021."""
    return next((codes for size in (4, 3, 2) if (codes := _county_stems().get(text[:size]))), ())


def body_of_stem(name: str) -> tuple[str, ...]:
    """Codes of the county by whose bare stem a body or zone is called: 长兴 in 长兴经济技术开发区, 汝城 in 汝城法院."""
    name = name.removeprefix("中华人民共和国")
    codes = county_stem_codes(name)
    return codes if codes and _BODY_OF_STEM.match(name, len(regions()[codes[0]].stem)) else ()


def named_in_host(host: str, codes: Sequence[str] = ()) -> tuple[str, ...]:
    """Codes a host is called after in pinyin; given `codes`, those of them of whose parents it is.

    www.longhui.gov.cn is of 隆回县; of the 朝阳区 of two cities www.bjchy.gov.cn is Beijing's.
    """
    labels = [label for label in host.lower().split(".") if len(label) > 3]
    found = {code for label in labels for code in _pinyin().get(label, ())}
    if not codes:
        return tuple(sorted(found))
    found |= {_MUNICIPALITY_HOSTS.get(label[:2], "") for label in labels if label not in _pinyin()}
    return tuple(code for code in codes if found & {*regions().ancestors(code)})


def child_by_stem(parent: str, name: str) -> str | None:
    """The one county of `parent` with that stem: 双清 under 430500 (as in 邵阳市公安局双清分局)."""
    children = [code for code in _county_stems().get(name, ()) if regions()[code].parent_code == parent]
    return children[0] if len(children) == 1 else None


def _below(codes: Sequence[str], above: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if any(a in above for a in regions().ancestors(code)))


def _stands_alone(text: str, place: Place) -> bool:
    name, after = text[place.start : place.end], text[place.end : place.end + 1]
    if (name[-1] == "市" and after == "场") or (name[-1] == "区" and after == "域"):
        return False
    if place.strength == "short" and text.startswith(_AFTER_ANOTHER_NAME, place.end):
        return False
    at_line_start = place.start == 0 or text[place.start - 1] == "\n"
    if name in wording()["ordinary_place"]:
        return len(name) > 2 and at_line_start
    by_chance = place.strength == "full" and _fragile(name)
    return not by_chance or place.start == 0 or not _is_hanzi(text[place.start - 1])


@cache
def _fragile(name: str) -> bool:
    """Whether the name comes about by chance at a word border: 完|成县, 专|项城市, 主|城区."""
    return len(name) == 2 or (len(name) == 3 and name[1] == "城")


def _is_hanzi(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


@cache
def _county_stems() -> dict[str, tuple[str, ...]]:
    stems: dict[str, tuple[str, ...]] = {}
    for region in regions().values():
        if region.level == "county" and len(region.stem) > 1:
            stems[region.stem] = (*stems.get(region.stem, ()), region.code)
    return stems


@cache
def _pinyin() -> dict[str, tuple[str, ...]]:
    """Codes by the first word of the English name, as hosts write it: xian of Xi'an City."""
    written: dict[str, tuple[str, ...]] = {}
    for region in regions().values():
        word = re.sub(r"[^a-z]", "", region.name_en.split()[0].lower())
        written[word] = (*written.get(word, ()), region.code)
    return written


@cache
def _automaton() -> "tuple[AhoCorasick, list[tuple[tuple[str, ...], str]]]":
    """Finds the longest names left to right; with each name's codes and strength, by its number."""
    from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415  only identification needs it

    words: dict[str, tuple[tuple[str, ...], str]] = dict.fromkeys(wording()["no_place"], ((), "none"))
    for region in sorted(regions().values(), key=lambda r: _LEVEL_RANK[r.level]):
        for name in _short_names(region):
            codes, _ = words.get(name, ((), ""))
            if not any(_LEVEL_RANK[regions()[c].level] < _LEVEL_RANK[region.level] for c in codes):
                words[name] = ((*codes, region.code), "short")
        if len(region.stem) > 1:
            slogan = f"法治{region.stem}"
            words[slogan] = ((*words.get(slogan, ((), ""))[0], region.code), "slogan")
    for name, named in regions().names().items():
        words[name] = (tuple(region.code for region in named), "full")
    for name, code in _OTHER_SHORT_NAMES.items():
        words[name] = ((code,), "short")
    automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, store_patterns=False)
    return automaton, list(words.values())


def _short_names(region: Region) -> list[str]:
    """湖南 of 湖南省, 邵阳 of 邵阳市, 恩施州 of the long name; of counties only 城步县 and 城步自治县."""
    if len(region.stem) < 2:
        return []
    return [*region.short_forms, *([region.stem] if region.level != "county" and region.stem != region.name_zh else [])]
