"""The lexicon: indicators, units, topics and relations as data, validated when loaded.

The files under `lexicon/` are for stewards to read and change:

    units.yaml         units and their aliases
    topics.yaml        words that set the topic of a passage (行政复议, 法律援助 …)
    words.yaml         named groups of synonyms, used in frames as @name
    extent.yaml        things that no indicator counts, and words that say that a part or the whole is meant
    implied.yaml       words around figures that name no unit: zero in words (无一败诉), bare numbers
    relations.yaml     identities between indicators (rate = part / whole)
    indicators/*.yaml  the indicators, one file a domain

A **frame** says how an indicator is worded: which words stand near the figure, which stand in the same
sentence (~), under which topic. See docs/lexicon.md for the grammar with examples.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from transforms.yamlfile import YamlFile

if TYPE_CHECKING:
    from transforms.implied import Grammar
    from transforms.tablelabels import LabelReader
    from transforms.wordindex import WordIndex

LEXICON = Path(__file__).parent / "lexicon"

_NO_UNIT = "none"
"""What a frame calls a figure that has lost its unit, or never had one."""

# Counters that may stand for one another when a figure is matched with an indicator: 审查合同43份 measures
# what 审查合同43件 does, and 咨询2000余次 what 咨询2000余人次 does.
KINDS_ALIKE: Mapping[str, frozenset[str]] = {
    "case": frozenset({"case", "paper", "item", "event"}),
    "paper": frozenset({"paper", "case", "item"}),
    "item": frozenset({"item", "case", "paper", "thing"}),
    "person": frozenset({"person", "visit"}),
    "visit": frozenset({"visit", "person", "event", "case", "call"}),
    "event": frozenset({"event", "case"}),
    "thing": frozenset({"thing", "item", "place"}),
    "call": frozenset({"call", "visit", "event", "thing"}),
    "percent": frozenset({"percent", _NO_UNIT}),  # 败诉率7.2, its sign lost
}


class LexiconError(ValueError):
    """A lexicon file says something that can't be used; the message names file and line."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _UnitEntry(_Entry):
    en: str
    kind: str
    whole: bool
    aliases: list[str] = []
    weak: bool = False


class _FrameEntry(_Entry):
    words: str
    topic: str | None = None
    after: str | None = None
    without: str = ""
    units: list[str] | None = None


class _IndicatorEntry(_Entry):
    zh: str
    en: str
    unit: str
    additive: bool
    measure: Literal["stock", "flow", "ratio"]
    direction: Literal["higher", "lower", "neither"]
    part_of: str | None = None
    kinds: list[str] = []
    kind: Literal["count", "ratio", "amount"] = "count"
    definition: str = ""
    minimum: int | float = 0
    maximum: int | float | None = None
    unbounded: bool = False
    share: bool = False
    valid_from: int | None = None
    valid_to: int | None = None
    frames: list[_FrameEntry] = []
    examples: list[str] = []


class _RelationEntry(_Entry):
    kind: Literal["rate", "part_of", "sum_of", "carried", "balance"]
    left: str
    parts: list[str] = []
    minus: list[str] = []
    wholes: list[str] = []
    unless: str | None = None
    worded: list[str] = []


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit; `aliases` are the other counters written for it (名, 位 for 人)."""

    unit: str
    name_en: str
    kind: str
    whole: bool
    weak: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of wording an indicator: alternatives in a group, every group required.

    `near` groups stand beside the figure, `around` groups anywhere in its sentence; `topic` is what the
    passage speaks of. `without` words near the figure, `without_around` words in the sentence rule it out.
    `after` is the indicator of the figure that this one must follow at once.
    """

    code: str
    near: tuple[frozenset[str], ...]
    around: tuple[frozenset[str], ...]
    without: frozenset[str]
    without_around: frozenset[str]
    topics: frozenset[str]
    kinds: frozenset[str]
    share: bool
    source: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured. `minimum`/`maximum` bound a figure in `unit`; None is unbounded.

    `region_additive` says whether the counties' figures add up to the city's. `measure` is stock for what is there on
    a day (时点数), flow for what is counted over a period (时期数), ratio for what is reckoned from two others.
    `direction` is the better way for a figure to go: higher, lower, or neither. `part_of` is the code of the whole
    that its figure is a part of by definition (专职人民调解员 of 人民调解员). `kinds` are the words of what it counts
    together (废止, 失效), alternatives parted by |. `valid_from`/`valid_to` are the first and last year it can be
    reported for; None is open.
    """

    code: str
    domain: str
    name_zh: str
    name_en: str
    unit: str
    kind: str
    region_additive: bool
    measure: str
    direction: str
    definition: str
    minimum: Decimal
    maximum: Decimal | None
    frames: tuple[Frame, ...]
    examples: tuple[str, ...]
    part_of: str | None = None
    kinds: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """An identity between indicators.

    rate: left = 100 · parts[0] / one of wholes, tried in order; part_of: left ≤ wholes[0];
    sum_of: left = Σ parts; carried: left = parts[0] of the year before; balance: left = Σ parts - Σ minus, of which
    parts[0] is the stock that the year began with.

    `unless` says in English and Chinese why a correct report may break a rate, a part_of or a sum_of; None where
    nothing excuses it. With `worded` it holds only where the sentence of the rate has one of these words.
    """

    id: str
    kind: str
    left: str
    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    minus: tuple[str, ...] = ()
    unless: tuple[str, str] | None = None
    worded: tuple[str, ...] = ()


class Extent(NamedTuple):
    """Words of how much is counted: `others` name things no indicator counts, `narrow` a part, `whole` all of it.

    `acts` only tell what was done to cases: of what kind they are, the topic tells, unless another object is named.
    """

    others: frozenset[str]
    narrow: frozenset[str]
    whole: tuple[str, ...]
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """All that is known of indicators, units, topics and relations; `version` is a hash of the files."""

    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit]
    topics: Mapping[str, tuple[str, ...]]
    relations: tuple[Relation, ...]
    extent: Extent
    version: str
    unit_of: Mapping[str, Unit] = field(repr=False)

    @cached_property
    def says_whole(self) -> re.Pattern[str]:
        """The words that say the whole is counted, as one pattern."""
        # A look back comes after a first character: such patterns are searched for quickly. 公共 is no 共.
        said = (f"{word[0]}(?<!公{word[0]}){word[1:]}" for word in sorted(self.extent.whole, key=len, reverse=True))
        return re.compile("|".join(said) if self.extent.whole else r"(?!)")

    @cached_property
    def kinds(self) -> Mapping[str, tuple[re.Pattern[str], ...]]:
        """By the code of an indicator that counts several kinds together, the words of each kind."""
        return {
            code: tuple(re.compile(kind) for kind in indicator.kinds)
            for code, indicator in self.indicators.items()
            if indicator.kinds
        }

    @cached_property
    def newly_come(self) -> frozenset[str]:
        """The indicators of what comes in beside what was carried over, as the balances have them."""
        return frozenset(code for one in self.relations if one.kind == "balance" for code in one.parts[1:])

    @cached_property
    def stocks(self) -> frozenset[str]:
        """The indicators told for a day (时点数)."""
        return frozenset(code for code, indicator in self.indicators.items() if indicator.measure == "stock")

    @cached_property
    def rates(self) -> frozenset[str]:
        """The indicators that are a part of something, or so many to each of it; the others are counted."""
        return frozenset(code for code, indicator in self.indicators.items() if indicator.kind == "ratio")

    @cached_property
    def rates_of(self) -> Mapping[str, tuple[Relation, ...]]:
        """By the code of a part, the rates that it is the upper side of."""
        rates: dict[str, tuple[Relation, ...]] = {}
        for relation in self.relations:
            if relation.kind == "rate":
                rates[relation.parts[0]] = (*rates.get(relation.parts[0], ()), relation)
        return rates

    @cached_property
    def index(self) -> "WordIndex":
        """The lexicon made ready for matching; built at first use."""
        from transforms.wordindex import WordIndex  # noqa: PLC0415 - it is made of lexicons

        return WordIndex(self)

    @cached_property
    def labels(self) -> "LabelReader":
        """What reads the labels of tables; built at first use."""
        from transforms.tablelabels import LabelReader  # noqa: PLC0415 - it is made of lexicons
        from transforms.tablewords import table_words  # noqa: PLC0415

        return LabelReader(table_words(), self)

    @cached_property
    def implied(self) -> "Grammar":
        """The words around figures that name no unit; built at first use."""
        from transforms.implied import Grammar  # noqa: PLC0415 - it is made of lexicons

        return Grammar(self)


class _Lines(YamlFile):
    """A file of the lexicon."""

    wrong = LexiconError


@cache
def lexicon(folder: Path = LEXICON) -> Lexicon:
    """Load and check the lexicon; cached, since it doesn't change while a process runs.

    Raises LexiconError with file and line where an entry is wrong.
    """
    files = sorted(folder.rglob("*.yaml"))
    units = _units(_Lines(folder / "units.yaml"))
    topics = _topics(_Lines(folder / "topics.yaml"))
    groups = _topics(_Lines(folder / "words.yaml"))
    indicators: dict[str, Indicator] = {}
    parts: dict[str, _Lines] = {}
    for path in sorted((folder / "indicators").glob("*.yaml")):
        lines = _Lines(path)
        for code, indicator in _indicators(lines, units, topics, groups):
            if code in indicators:
                raise LexiconError(f"{path.name}: {code} is already defined in {indicators[code].domain}.yaml")
            indicators[code] = indicator
            if indicator.part_of is not None:
                parts[code] = lines
    _refuse_unknown_codes_before(indicators)
    for code, lines in parts.items():
        _refuse_wrong_whole(lines, indicators[code], indicators)
    return Lexicon(
        indicators=indicators,
        units=units,
        topics=topics,
        relations=tuple(_relations(_Lines(folder / "relations.yaml"), indicators)),
        extent=_extent(_Lines(folder / "extent.yaml"), indicators),
        version=hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12],
        unit_of={written: unit for unit in units.values() for written in (unit.unit, *unit.aliases)},
    )


def _units(lines: _Lines) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    written: dict[str, str] = {}
    for name, entry in lines.entries(_UnitEntry):
        for alias in (name, *entry.aliases):
            if alias in written:
                raise lines.error((name,), f"{alias!r} is already a way of writing {written[alias]!r}")
            written[alias] = name
        units[name] = Unit(name, entry.en, entry.kind, entry.whole, entry.weak, tuple(entry.aliases))
    return units


def _topics(lines: _Lines) -> dict[str, tuple[str, ...]]:
    for name, words in lines.data.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise lines.error((name,), f"found {words!r}, expected a list of words")
    return {name: tuple(words) for name, words in lines.data.items()}


def _extent(lines: _Lines, indicators: Mapping[str, Indicator]) -> Extent:
    words = _topics(lines)
    if missing := sorted(set(Extent._fields) ^ words.keys()):
        raise lines.error((missing[0],), f"found {sorted(words)}, expected the lists {', '.join(Extent._fields)}")
    asked = {
        word: frame.source
        for indicator in indicators.values()
        for frame in indicator.frames
        for group in (*frame.near, *frame.around)
        for word in group
    }
    if both := sorted(asked.keys() & words["others"]):
        raise lines.error(("others",), f"{both[0]!r} is asked for by {asked[both[0]]}; remove it here or there")
    return Extent(frozenset(words["others"]), frozenset(words["narrow"]), words["whole"], frozenset(words["acts"]))


def _indicators(
    lines: _Lines, units: Mapping[str, Unit], topics: Mapping[str, object], groups: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, Indicator]]:
    domain = lines.path.stem
    for code, entry in lines.entries(_IndicatorEntry):
        if not code.startswith(f"{domain}."):
            raise lines.error((code,), f"codes in this file begin with {domain!r}")
        if entry.unit not in units:
            raise lines.error((code, "unit"), f"{entry.unit!r} is no canonical unit of units.yaml")
        if (entry.measure == "ratio") != (entry.kind == "ratio"):
            raise lines.error(
                (code, "measure"),
                f"found measure {entry.measure} of kind {entry.kind}, expected ratio in both or neither; correct one",
            )
        frames = tuple(
            _frame(lines, code, i, frame, entry, units, topics, groups) for i, frame in enumerate(entry.frames)
        )
        maximum = None if entry.maximum is None else Decimal(str(entry.maximum))
        yield (
            code,
            Indicator(
                code=code,
                domain=domain,
                name_zh=entry.zh,
                name_en=entry.en,
                unit=entry.unit,
                kind=entry.kind,
                region_additive=entry.additive,
                measure=entry.measure,
                direction=entry.direction,
                definition=entry.definition,
                minimum=Decimal(str(entry.minimum)),
                maximum=Decimal(100) if maximum is None and entry.unit == "%" and not entry.unbounded else maximum,
                frames=frames,
                examples=tuple(entry.examples),
                part_of=entry.part_of,
                kinds=tuple(entry.kinds),
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
            ),
        )


def _refuse_unknown_codes_before(indicators: Mapping[str, Indicator]) -> None:
    for frame in (frame for indicator in indicators.values() for frame in indicator.frames):
        if frame.after is not None and frame.after not in indicators:
            raise LexiconError(f"{frame.source}: after {frame.after!r} is no indicator of the lexicon; correct it")


def _refuse_wrong_whole(lines: _Lines, part: Indicator, indicators: Mapping[str, Indicator]) -> None:
    """A part is of the nature of its whole, and nothing is a part of itself, through however many others."""
    at = (part.code, "part_of")
    way = [part]
    while (code := way[-1].part_of) is not None:
        if code not in indicators:
            raise lines.error(at, f"{code!r} is no indicator of the lexicon; correct it or define it")
        whole = indicators[code]
        if part.measure == "ratio" or whole.measure != part.measure:
            raise lines.error(
                at,
                f"found a {part.measure} as part of {code}, a {whole.measure}; expected stocks or flows on both sides; "
                "correct a measure or remove part_of",
            )
        if whole in way:
            raise lines.error(
                at,
                f"found a cycle, {' is part of '.join(one.code for one in (*way, whole))}, "
                "expected that nothing is part of itself; remove one of them",
            )
        way.append(whole)


def _frame(
    lines: _Lines,
    code: str,
    number: int,
    frame: _FrameEntry,
    entry: _IndicatorEntry,
    units: Mapping[str, Unit],
    topics: Mapping[str, object],
    groups: Mapping[str, tuple[str, ...]],
) -> Frame:
    at = (code, "frames", number)

    def alternatives(group: str) -> frozenset[str]:
        words: set[str] = set()
        for word in filter(None, group.split("|")):
            if word.startswith("@"):
                if word[1:] not in groups:
                    raise lines.error(at, f"{word!r} is no group of words.yaml")
                words.update(groups[word[1:]])
            else:
                words.add(word)
        return frozenset(words)

    wanted = frame.words.split()
    near = tuple(alternatives(group) for group in wanted if not group.startswith("~"))
    if not near:
        raise lines.error(at, "at least one group of words must stand near the figure (one without ~)")
    chosen = frozenset(filter(None, (frame.topic or "").split("|")))
    if unknown := chosen - topics.keys():
        raise lines.error((*at, "topic"), f"{sorted(unknown)} is no topic of topics.yaml")
    kind = units[entry.unit].kind
    kinds = frozenset(frame.units) if frame.units else KINDS_ALIKE.get(kind, frozenset({kind}))
    if unknown := kinds - {unit.kind for unit in units.values()} - {_NO_UNIT}:
        raise lines.error((*at, "units"), f"{sorted(unknown)} is no kind of unit in units.yaml")
    ruled_out = frame.without.split()
    return Frame(
        code=code,
        near=near,
        around=tuple(alternatives(group[1:]) for group in wanted if group.startswith("~")),
        without=frozenset().union(*(alternatives(g) for g in ruled_out if not g.startswith("~"))),
        without_around=frozenset().union(*(alternatives(g[1:]) for g in ruled_out if g.startswith("~"))),
        topics=chosen,
        kinds=frozenset("" if kind == _NO_UNIT else kind for kind in kinds),
        share=entry.share,
        source=f"{lines.path.name}:{code}[{number}]",
        after=frame.after,
    )


class _Side(NamedTuple):
    """How many terms a kind of relation has on one side: at least, at most, and in words."""

    least: int
    most: int | None
    expected: str


_NONE = _Side(0, 0, "none")
_SIDES: Mapping[str, Mapping[str, _Side]] = {
    "rate": {"parts": _Side(1, 1, "exactly one"), "wholes": _Side(1, None, "at least one"), "minus": _NONE},
    "part_of": {"parts": _NONE, "wholes": _Side(1, 1, "exactly one"), "minus": _NONE},
    "sum_of": {"parts": _Side(2, None, "at least two"), "wholes": _NONE, "minus": _NONE},
    "carried": {"parts": _Side(1, 1, "exactly one"), "wholes": _NONE, "minus": _NONE},
    "balance": {"parts": _Side(2, None, "at least two"), "wholes": _NONE, "minus": _Side(1, None, "at least one")},
}


def _relations(lines: _Lines, indicators: Mapping[str, Indicator]) -> Iterator[Relation]:
    wholes_of: dict[str, dict[str, str]] = {}
    for name, entry in lines.entries(_RelationEntry):
        for code in (entry.left, *entry.parts, *entry.minus, *entry.wholes):
            if code not in indicators:
                raise lines.error((name,), f"{code!r} is no indicator of the lexicon")
        relation = Relation(
            name,
            entry.kind,
            entry.left,
            tuple(entry.parts),
            tuple(entry.wholes),
            minus=tuple(entry.minus),
            unless=_excuse(lines, name, entry),
            worded=tuple(entry.worded),
        )
        _refuse_wrong_terms(lines, relation)
        _refuse_cycle(lines, relation, wholes_of)
        yield relation


def _excuse(lines: _Lines, name: str, entry: _RelationEntry) -> tuple[str, str] | None:
    if entry.worded and (entry.kind != "rate" or not entry.unless):
        raise lines.error(
            (name, "worded"), "words are looked for in the sentence of a rate with unless; add unless or remove worded"
        )
    if entry.unless is None:
        return None
    if entry.kind not in ("rate", "part_of", "sum_of"):
        raise lines.error((name, "unless"), f"found it in a {entry.kind}, expected rate, part_of or sum_of; remove it")
    english, _, chinese = (part.strip() for part in entry.unless.partition(" / "))
    if not english or not chinese:
        raise lines.error((name, "unless"), f"found {entry.unless!r}, expected English, ` / `, then Chinese")
    return english, chinese


def _refuse_wrong_terms(lines: _Lines, relation: Relation) -> None:
    for key, side in _SIDES[relation.kind].items():
        found: tuple[str, ...] = getattr(relation, key)
        if len(found) < side.least or (side.most is not None and len(found) > side.most):
            raise lines.error(
                (relation.id, key),
                f"found {len(found)} {key}, expected {side.expected} in a relation of kind {relation.kind}; "
                f"{'add what is missing' if len(found) < side.least else 'remove what is too much'}, "
                "or choose another kind",
            )
        if relation.left in found:
            raise lines.error(
                (relation.id, key),
                f"found the left side {relation.left} among its own {key}, expected other indicators; remove it there",
            )
        if twice := [code for n, code in enumerate(found) if code in found[:n]]:
            raise lines.error((relation.id, key), f"found {twice[0]} twice, expected each once; remove one")


def _refuse_cycle(lines: _Lines, relation: Relation, wholes_of: dict[str, dict[str, str]]) -> None:
    """Nothing is a part of itself, through however many others.

    `wholes_of` keeps for a part its wholes and for each the relation that says so.
    """
    steps = {
        "part_of": [(relation.left, whole) for whole in relation.wholes],
        "sum_of": [(part, relation.left) for part in relation.parts],
    }
    for part, whole in steps.get(relation.kind, ()):
        if way := _way(whole, part, wholes_of):
            others = [wholes_of[one][next_one] for one, next_one in pairwise(way)]
            raise lines.error(
                (relation.id,),
                f"found a cycle, {' is part of '.join((part, *way))}, expected that nothing is part of itself; "
                f"correct this relation or {', '.join(sorted({lines.place(other) + ' ' + other for other in others}))}",
            )
        wholes_of.setdefault(part, {})[whole] = relation.id


def _way(start: str, end: str, wholes_of: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """From a part up to one of its wholes, or to a whole of a whole; empty where none leads there."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop()
        for whole in wholes_of.get(way[-1], ()):
            if whole == end:
                return (*way, whole)
            if whole not in seen:
                seen.add(whole)
                ways.append((*way, whole))
    return ()
