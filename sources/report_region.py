"""Which region a report is of, from the names it carries and, failing these, from what its text speaks of.

Title, opening sentence, byline, signature and header table name the report's own place. Where two of them name
different places neither of which lies in the other, the one with clearly more evidence stands, or none. Web site,
address and source line only speak where these are silent, or tell namesakes apart: a county's report often stands on
its city's site, and a city's on the site of a county.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sources.evidence import Clue, confidence, said_by, times
from sources.places import Place, named_in_host, tell_apart
from sources.regions import regions

# A rival is overruled where the doubt left about the other is less than this share of the doubt left about it.
_CLEAR = 0.41
_CLEAR_LEAD = 1.3
_NAMESAKE_BY_CIRCUMSTANCE = 1
# Where these name something above the report's own place, they name its parent.
_REFERENCES = frozenset({"header", "letterhead"})
_STRENGTH = {"full": 1.0, "short": 0.3, "slogan": 2.0}
_SELF = re.compile(r"我(?P<kind>[省市县区州旗盟镇乡局厅委办院]|街道)")
_LEVEL_WORDS = re.compile(r"(?P<self>我)?(?P<all>全)?(?P<level>[省市县区州旗盟])(?P<organ>委|政府|司法局|直|本级|级)?")


@dataclass(frozen=True, slots=True)
class RegionEvidence:
    """What a document says about its region.

    `names` are clues of its own place, the most telling first; `around` those of the site it stands on; `host` is the
    host of its address. `places` are all places its `text` names. `configured` are the codes a run is for.
    """

    names: Sequence[Clue[str]]
    around: Sequence[Clue[str]]
    host: str
    places: Sequence[Place]
    text: str
    configured: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ToldRegion:
    """One code where the region is told; else none or several, and `found` says what the document has."""

    codes: tuple[str, ...]
    found: str
    clues: Sequence[Clue[str]] = ()
    overruled: Sequence[Clue[str]] = ()
    namesake: str | None = None
    circumstances: int = 0

    @property
    def confidence(self) -> float:
        """How far the sources that agree settle the region, in 0..1."""
        return confidence("region", [clue.source for clue in self.clues], len(self.overruled) + self.circumstances)

    @property
    def reasons(self) -> list[str]:
        """Who says so, how namesakes were told apart, and who says otherwise."""
        code = self.codes[0]
        said = [f"region {code} {regions()[code].name_zh}: {said_by('region', self.clues)}"]
        if self.namesake:
            said.append(self.namesake)
        return said + [f"overruled: {said_by('region', [clue])}" for clue in self.overruled]


@dataclass(slots=True)
class _Candidate:
    """Codes that some clues agree on."""

    codes: tuple[str, ...]
    clues: list[Clue[str]] = field(default_factory=list)


def tell_region(evidence: RegionEvidence, year: int | None) -> ToldRegion:
    """The region of a report on `year`; where it isn't told, what was found instead."""
    candidates = _candidates(evidence, year)
    if not candidates:
        return _by_surroundings(evidence, year)
    told = [_resolved(candidate, evidence, year) for candidate in candidates]
    ranked = sorted(told, key=lambda one: -one.confidence)
    best = ranked[0]
    for rival in ranked[1:]:
        if _doubt(best) > _CLEAR * _doubt(rival):
            return ToldRegion((*best.codes, *rival.codes), f"{_found(best)} and {_found(rival)}")
    overruled = [clue for rival in ranked[1:] for clue in rival.clues if clue.source not in ("text", "level")]
    return ToldRegion(best.codes, _found(best), best.clues, overruled, best.namesake, best.circumstances)


def own_level(text: str) -> str | None:
    """省, 市, 县, 区, 州, 旗, 盟 or 乡 (for a township): the level at which the text speaks of itself."""
    votes: Counter[str] = Counter()
    for match in _LEVEL_WORDS.finditer(text):
        weight = 5 * bool(match["self"]) + 3 * bool(match["all"]) + bool(match["organ"])
        if weight:
            votes[match["level"]] += weight
    for match in _SELF.finditer(text):
        if match["kind"] in ("镇", "乡", "街道"):
            votes["乡"] += 5
    return votes.most_common(1)[0][0] if votes else None


def selves(text: str) -> Counter[str]:
    """How often the text says 我局, 我县, 我街道 …, by the kind of body."""
    return Counter(match["kind"] for match in _SELF.finditer(text))


def without_self(text: str) -> str:
    """The text without 我局, 我县 …"""
    return _SELF.sub("", text)


def _candidates(evidence: RegionEvidence, year: int | None) -> list[_Candidate]:
    """The places the report's own names stand for; a name of something above a place is a reference to its parent."""
    candidates: list[_Candidate] = []
    for clue in evidence.names:
        codes = _as_of(clue.candidates, year)
        for candidate in candidates:
            if both := tuple(code for code in candidate.codes if code in codes):
                candidate.codes = both
                candidate.clues.append(clue)
                break
            if below := _below(candidate.codes, codes):
                candidate.codes = below
                break
            if _below(codes, candidate.codes) and _REFERENCES.issuperset(clue.source for clue in candidate.clues):
                candidate.codes, candidate.clues = codes, [clue]
                break
        else:
            candidates.append(_Candidate(codes, [clue]))
    return candidates


def _resolved(candidate: _Candidate, evidence: RegionEvidence, year: int | None) -> ToldRegion:
    codes, namesake, circumstances = _tell_namesakes_apart(candidate.codes, evidence, year)
    clues = list(candidate.clues)
    if len(codes) == 1:
        clues += [*_agreeing(codes[0], clues, evidence, year)]
    return ToldRegion(codes, "", clues, (), namesake, circumstances)


def _agreeing(code: str, clues: Sequence[Clue[str]], evidence: RegionEvidence, year: int | None) -> Iterable[Clue[str]]:
    """What else speaks for `code`: site and address, the text apart from the names counted already, its level."""
    for clue in _around(evidence, (code,), year):
        if code in clue.candidates:
            yield clue
    flowing = evidence.text.replace("\n", "")
    mentions = sum(code in _as_of(place.codes, year) and place.strength == "full" for place in evidence.places)
    if mentions > sum(clue.words in flowing for clue in clues):
        yield Clue("text", (code,), f"naming it {times(mentions)}")
    level = own_level(evidence.text)
    if level and _at_level(code, level):
        yield Clue("level", (code,), level)


def _tell_namesakes_apart(
    codes: tuple[str, ...], evidence: RegionEvidence, year: int | None
) -> tuple[tuple[str, ...], str | None, int]:
    """Of namesakes the one that site, text or, last, the configured regions speak for, with the reason."""
    if len(codes) < 2:
        return codes, None, 0
    name = regions()[codes[0]].name_zh
    for clue in _around(evidence, codes, year):
        fitting = tuple(c for c in codes if c in clue.candidates) or _below(codes, clue.candidates)
        if len(fitting) == 1:
            return fitting, f"namesake {name} told by {said_by('region', [clue])}", 0
    if len(told := tell_apart(codes, evidence.places, year)) == 1:
        return told, _by_whom(name, told[0], evidence.places), 0
    told = _with_neighbours(told, evidence.places)
    if len(told) == 1:
        return told, f"namesake {name} told by its neighbours", _NAMESAKE_BY_CIRCUMSTANCE
    configured = tuple(code for code in told if code in evidence.configured)
    if len(configured) == 1:
        why = f"namesake {name} taken for the one of the configured regions, since nothing in the document tells"
        return configured, why, 2 * _NAMESAKE_BY_CIRCUMSTANCE
    return told, None, 0


def _by_whom(name: str, code: str, places: Iterable[Place]) -> str:
    named = Counter(place.codes[0] for place in places if len(place.codes) == 1)
    parent = max(regions().ancestors(code), key=lambda above: named[above], default=code)
    if not named[parent]:
        return f"of the places called {name} only {code} was one that year"
    return f"namesake {name} told by its parent {regions()[parent].name_zh}, named {times(named[parent])}"


def _with_neighbours(codes: tuple[str, ...], places: Iterable[Place]) -> tuple[str, ...]:
    """The candidates most of whose neighbours the text names: 新华区 beside 卫东区 and 湛河区 is that of 平顶山."""
    others = (place.codes[0] for place in places if len(place.codes) == 1 and place.codes[0] not in codes)
    named = Counter(regions()[other].parent_code for other in others)
    most = max(named[regions()[code].parent_code] for code in codes)
    return tuple(code for code in codes if named[regions()[code].parent_code] == most)


def _by_surroundings(evidence: RegionEvidence, year: int | None) -> ToldRegion:
    """For a document that carries no name: what its text speaks of, and the site it stands on, at the text's level."""
    level = own_level(evidence.text)
    spoken = _as_of(_most_spoken_of(evidence, year), year)
    around = [clue for clue in _around(evidence, (), year) if level is None or _any_at_level(clue.candidates, level)]
    candidates = [_Candidate(spoken, [Clue("text", spoken, "which speaks of it most")])] if len(spoken) == 1 else []
    for clue in around:
        for candidate in candidates:
            if both := tuple(code for code in candidate.codes if code in clue.candidates):
                candidate.codes = both
                candidate.clues.append(clue)
                break
            if _below(candidate.codes, clue.candidates) or _below(clue.candidates, candidate.codes):
                break
        else:
            candidates.append(_Candidate(clue.candidates, [clue]))
    if not candidates:
        return ToldRegion(spoken, " or ".join(map(named, spoken[:4])) or "no place as its own")
    told = [_with_level(candidate, evidence, year, level) for candidate in candidates]
    if len(told) > 1:
        return ToldRegion(tuple(code for one in told for code in one.codes), " and ".join(map(_found, told)))
    return ToldRegion(told[0].codes, _found(told[0]), told[0].clues, (), told[0].namesake, told[0].circumstances)


def _with_level(candidate: _Candidate, evidence: RegionEvidence, year: int | None, level: str | None) -> ToldRegion:
    codes, namesake, circumstances = _tell_namesakes_apart(candidate.codes, evidence, year)
    clues = list(candidate.clues)
    if level and len(codes) == 1 and _at_level(codes[0], level):
        clues.append(Clue("level", codes, level))
    return ToldRegion(codes, "", clues, (), namesake, circumstances)


def _around(evidence: RegionEvidence, codes: Sequence[str], year: int | None) -> list[Clue[str]]:
    clues = [Clue(clue.source, _as_of(clue.candidates, year), clue.words) for clue in evidence.around]
    if evidence.host and (hosted := named_in_host(evidence.host, codes)):
        clues.append(Clue("url", _as_of(hosted, year), evidence.host))
    return clues


def _most_spoken_of(evidence: RegionEvidence, year: int | None) -> tuple[str, ...]:
    """The region the text speaks of most, weighed by where and how it is named and by the level it speaks at."""
    level = own_level(evidence.text)
    votes: Counter[str] = Counter()
    for place in evidence.places:
        codes = tell_apart(place.codes, evidence.places, year) if place.strength == "full" else place.codes
        for code in codes:
            early = 2.0 if place.start < 300 or place.end > len(evidence.text) - 100 else 1.0
            fits = 1.0 if level is None or _at_level(code, level) else 0.1
            votes[code] += _STRENGTH[place.strength] * early * fits / len(codes)  # type: ignore[assignment]
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 1.0:
        return ()
    if len(ranked) > 1 and ranked[0][1] < _CLEAR_LEAD * ranked[1][1]:
        return tuple(code for code, _ in ranked)
    return (ranked[0][0],)


def _any_at_level(codes: Iterable[str], level: str) -> bool:
    return any(_at_level(code, level) for code in codes)


def _at_level(code: str, level: str) -> bool:
    region = regions()[code]
    if level == "乡":
        return region.level == "county"
    return region.name_zh.endswith(level)


def _below(codes: Iterable[str], above: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if any(a in above for a in regions().ancestors(code)))


def _as_of(codes: Iterable[str], year: int | None) -> tuple[str, ...]:
    """The codes the same places have in `year`, or their last ones."""
    listed = regions()
    return tuple(dict.fromkeys(listed.in_year(code, year) if year else listed.place(code) for code in codes))


def _doubt(told: ToldRegion) -> float:
    return 1 - told.confidence


def _found(told: ToldRegion) -> str:
    codes = " or ".join(map(named, told.codes[:4]))
    own = [clue for clue in told.clues if clue.source not in ("level",)]
    return f"{codes} in {said_by('region', own)}" if own else codes


def named(code: str) -> str:
    """湖南省邵阳市隆回县 430524, for messages."""
    return f"{regions().full_name(code)} {code}"
