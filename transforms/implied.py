"""Figures that name no unit: zero in words (无一败诉, 败诉案件为零) and bare numbers (复议纠错3,纠错率5.1%).

Their unit is that of the indicator they measure; without an indicator they are no figures at all. All words of the
clause must be known, since a wrong zero is worse than none. The words are in `lexicon/implied.yaml`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from transforms.figures import Figure
from transforms.indicators import Match, Words
from transforms.lexicon import LEXICON, Frame, Lexicon, LexiconError, lexicon
from transforms.memory import Memory, key_of
from transforms.places import Places
from transforms.quantities import Quantity
from transforms.signs import SERVICE_LINES
from transforms.yamlfile import YamlFile

IMPLIED = LEXICON / "implied.yaml"


@dataclass(slots=True)
class Implied(Quantity):
    """A figure that names no unit; `kind` is that of a counter said in passing (未发生一起), else empty.

    `spelt` says that it is a zero in words, `whole` that its clause names the whole region, `aimed` that it is meant to
    be, `of_the_body` that it is the reporting body's, `rate` that it is a rate's; `since` is where the sentence begins.
    """

    spelt: bool = False
    whole: bool = False
    aimed: bool = False
    of_the_body: bool = False
    rate: bool = False
    since: int = 0


class _Lines(YamlFile):
    """The file of words around figures without a unit."""

    wrong = LexiconError


@dataclass(frozen=True, slots=True)
class ImpliedWords:
    """The groups of words of implied.yaml, which says what each means."""

    told_as_none: frozenset[str]
    none_of: frozenset[str]
    denied_as_well: frozenset[str]
    not_undergone: frozenset[str]
    is_none: frozenset[str]
    beside: frozenset[str]
    claims: frozenset[str]
    claimed: frozenset[str]
    aims: frozenset[str]
    whole: frozenset[str]
    of_the_year: frozenset[str]
    own: frozenset[str]
    own_level: frozenset[str]
    topics: frozenset[str]
    narrower: frozenset[str]
    others: frozenset[str]
    no_others: frozenset[str]
    before_numbers: frozenset[str]


@cache
def implied_words(path: Path = IMPLIED) -> ImpliedWords:
    """Load and check the words; cached, since they don't change while a process runs.

    Raises LexiconError with file and line where a group is missing, unknown, or no list of words.
    """
    lines = _Lines(path)
    expected = {field.name for field in fields(ImpliedWords)}
    if unknown := sorted(lines.data.keys() - expected):
        raise lines.error((unknown[0],), f"no such group, expected one of {', '.join(sorted(expected))}")
    if missing := sorted(expected - lines.data.keys()):
        raise lines.error((), f"the group {missing[0]} is missing; add it, if only as an empty list")
    words = {name: _words(lines, name) for name in expected}
    if strange := sorted(words["told_as_none"] - lexicon(path.parent).indicators.keys()):
        raise lines.error(("told_as_none",), f"{strange[0]!r} is no indicator of the lexicon")
    return ImpliedWords(**words)


def _words(lines: _Lines, group: str) -> frozenset[str]:
    found = lines.data[group]
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        raise lines.error((group,), f"found {found!r}, expected a list of words")
    return frozenset(found)


_ZERO = Decimal(0)
_COUNTERS = "起件例宗人名"
# 无一败诉, 未发生一起败诉案件, 没有任何败诉案件, 无人重新犯罪
_NOT_EVEN_ONE = rf"(?:(?:任何)?[一1](?P<counter>[{_COUNTERS}])?|任何|(?P<people>人)(?![员民次]))?"
_ENDS_THE_CLAUSE = r"(?=[”\"]?(?:[,;。!?\n()、]|$))"
_NUMBERS = (
    r"(?:19|20)\d\d年度?|自?(?:19|20)\d\d年以?来|[近过]?[一二两三四五六七八九十\d]{1,2}年多?(?:以?来)?|"
    r"[由从](?:(?:上年度?|去年|(?:19|20)\d\d年度?)的)?\d+(?:\.\d+)?(?:%|[件宗起例人名])|\d+(?:,\d{3})*[万余]*[件宗起例人名]"
)
# 一审、二审、再审均无败诉 are all instances there are, and no part as 一审 alone is.
_ALL_INSTANCES = re.compile(
    r"一审(?:案件)?[、和及与]?二审(?:案件)?(?:[、和及与]?再审(?:案件)?)?(?:案件|阶段)?(?=[^,;。]{0,6}[均都皆全])"
)
_CLAUSE_ENDS = re.compile(r"[,;:。!?\n()、]")
_CLAUSE_BEGINS = ",;:。!?\n()"
_SENTENCE_BEGINS = ";。!?\n"
_LONGEST_CLAUSE, _LONGEST_SENTENCE, _BODIES_REACH, _LONGEST_BEFORE_NUMBER = 48, 200, 60, 4
# 复议纠错3, : a whole number that ends a clause
_BARE = re.compile(r"[0-9](?:(?<=0)|(?<=[1-9])[0-9]{0,5})(?=[,;。)、])")
_YEAR = re.compile(r"(?:19|20)\d\d")
# 行政复议应诉案件无一败诉 is of those that had been through reconsideration.
_OF_TWO_FIELDS = re.compile(r"复议[^,;。]*诉|诉[^,;。]*复议")
_BECAME = re.compile(rf"[由从][^,]*\d([{_COUNTERS}%])[^,\d]*$")
_DIGIT = re.compile(r"\d")


class Grammar:
    """The words of implied.yaml and those of a lexicon, ready for searching.

    `things` are the words of the indicators that reports say they had none of, `known` these with the words of their
    topics, `counted` the words of all indicators; a `filler` is what may stand beside them.
    """

    def __init__(self, known: Lexicon) -> None:
        self.words = words = implied_words()
        frames = [frame for indicator in known.indicators.values() for frame in indicator.frames]
        told = [frame for frame in frames if frame.code in words.told_as_none]
        self.things = _near(told)
        around = {word for frame in told for group in frame.around for word in group}
        self.known = (
            self.things | around | {cue for frame in told for topic in frame.topics for cue in known.topics[topic]}
        )
        self.counted = _near(frames) | {cue for cues in known.topics.values() for cue in cues}
        undergone = f"未(?=(?:再|曾)?(?:{_any_of(words.not_undergone)}))"
        # A look back comes last, and no group first: such patterns have no first characters to search for.
        no_number = _any_of(words.none_of, number_alone="(?<![0-9.]0)")
        as_well = f"(?:(?:{_any_of(words.denied_as_well)})(?:[、和及与或]|以及)?)*"
        self.none_of = re.compile(rf"(?:{no_number}|{undergone}){_NOT_EVEN_ONE}(?![0-9]){as_well}")
        self.is_none = re.compile(rf"(?:{_any_of(words.is_none)})[{_COUNTERS}]?{_ENDS_THE_CLAUSE}")
        beside = (
            words.beside | words.claims | words.aims | words.whole | words.of_the_year | words.own | words.own_level
        )
        self.filler = re.compile(
            rf"(?:{_ALL_INSTANCES.pattern}|[、和及与]再审(?=[均都皆全])|{_NUMBERS}|{_any_of(beside)})*"
        )
        listed = beside | words.none_of | words.denied_as_well | {"、"}
        self.listed = re.compile(rf"(?:{_NUMBERS}|[一1][{_COUNTERS}]?|{_any_of(listed)})*")
        self.claimed = re.compile(rf"[”\"]?(?:{_any_of(words.claimed)})$")
        self.before_number = re.compile(rf"(?:{_any_of(words.before_numbers)})?")
        self.narrower = re.compile(_any_of(words.narrower))
        self.others = re.compile(_any_of(words.others))
        self.no_others = re.compile(_any_of(words.no_others))


def _is_a_name(digits: str) -> bool:
    return _YEAR.fullmatch(digits) is not None or (len(digits) > 3 and digits in SERVICE_LINES)


def _near(frames: Iterable[Frame]) -> frozenset[str]:
    return frozenset(word for frame in frames for group in frame.near for word in group)


def _any_of(words: Iterable[str], number_alone: str = "") -> str:
    """Any of the words, the longest first; `number_alone` is added to those that end with a 0, which may end a 10."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (number_alone if word[-1] == "0" else "") for word in longest_first)


def _names(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


def find(text: str, words: Words, places: Places, lexicon: Lexicon) -> Iterator[Implied]:
    """The figures of a normalised text that name no unit, in no order; they may overlap."""
    return _Finder(text, words, places, lexicon).find()


class _Finder:
    """Looks through one normalised text."""

    def __init__(self, text: str, words: Words, places: Places, lexicon: Lexicon) -> None:
        self.text, self.words, self.places = text, words, places
        self.grammar, self.unit_of = lexicon.implied, lexicon.unit_of

    def find(self) -> Iterator[Implied]:
        for match in self.grammar.none_of.finditer(self.text):
            if (figure := self._none_of(match)) is not None:
                yield figure
        for match in self.grammar.is_none.finditer(self.text):
            if (figure := self._is_none(match)) is not None:
                yield figure
        for match in _BARE.finditer(self.text):
            if (figure := self._bare(match)) is not None:
                yield figure

    def _none_of(self, match: re.Match[str]) -> Implied | None:
        """无一败诉, 未发生一起行政诉讼败诉案件: the thing follows, and with it the clause ends."""
        end = self._clause_end(match.end())
        if end is None or not self._tells_of_a_thing(match.end(), end):
            return None
        start = self._clause_start(match.start())
        if start is None or not self._stands_alone_in_its_list(end):
            return None
        before, thing = self.text[start : match.start()], self.text[match.end() : end]
        if _names(self.grammar.words.claims, before):
            thing = self.grammar.claimed.sub("", thing)
        if thing.endswith("的") or not self._is_known(match.end(), match.end() + len(thing)):
            return None
        return self._zero(match.span(), (start, match.start(), end), match["counter"] or match["people"])

    def _is_none(self, match: re.Match[str]) -> Implied | None:
        """败诉案件为零: the thing stands before."""
        start = self._clause_start(match.start())
        if start is None or not self._tells_of_a_thing(start, match.start()):
            return None
        at = match.end() - len(match[0].lstrip("为是下降低至到归在"))  # the figure is 零, as it is 0 in 为0
        became = _BECAME.search(self.text, start, at)  # 败诉案件由3件降为零
        return self._zero((at, match.end()), (start, match.start(), match.end()), became and became[1])

    def _zero(self, at: tuple[int, int], clause: tuple[int, int, int], counter: str | None) -> Implied | None:
        """The zero at `at`, if all of its clause is known, and nothing in the sentence before narrows it.

        `clause` is where it begins, where it says none, and where it ends.
        """
        grammar, text, (start, none, end) = self.grammar, self.text, clause
        joint = self._list_joint(start, none)
        if (
            _OF_TWO_FIELDS.search(text, joint if joint < none else start, end)
            or not self._is_known(joint, none)
            or not self._is_known(start, joint, filler=grammar.listed)
        ):
            return None
        before, since = text[start:none], self._sentence_start(start)
        named = self.places.name.findall(before)
        all_instances = "审" in before and _ALL_INSTANCES.search(before) is not None
        clause_said = _ALL_INSTANCES.sub("", text[start:end]) if all_instances else text[start:end]
        if grammar.narrower.search(clause_said) or any(self.places.names[name].needs for name in named):
            return None
        said, whole = text[since:start], bool(named) or _names(grammar.words.whole, before)
        told = whole or all_instances or not said or _names(grammar.words.of_the_year, before)
        told = told or _names(grammar.words.topics, text[since:end]) or _DIGIT.search(said) is not None
        figure = self._figure(at, counter)
        figure.spelt, figure.whole, figure.since = True, whole, since
        figure.rate = "率" in text[joint:end]
        figure.aimed = _names(grammar.words.aims, before + said)
        figure.of_the_body = _names(grammar.words.own, before) or (not whole and self._goes_on_of_the_body(said))
        if whole or (not said and _names(grammar.words.own_level | grammar.words.own, before)):
            return figure
        if figure.of_the_body and not grammar.narrower.search(said):
            return figure
        if grammar.narrower.search(said) or self._speaks_of_others(start):
            return None
        return figure if told else None

    def _goes_on_of_the_body(self, said: str) -> bool:
        """我单位无行政诉讼案件,无败诉案件: the second zero is the body's as the first."""
        clause = _CLAUSE_ENDS.split(said.rstrip(","))[-1]
        return _names(self.grammar.words.own, clause) and self.grammar.none_of.search(clause) is not None

    def _speaks_of_others(self, at: int) -> bool:
        """Whether another body is named shortly before, 县公安局规范执法,全年无败诉案件: the zero may be its own."""
        floor = max(0, self.text.rfind("\n", 0, at), at - _BODIES_REACH)
        before = self.places.without(self.grammar.no_others.sub("", self.text[floor:at]))
        return self.grammar.others.search(before) is not None

    def _bare(self, match: re.Match[str]) -> Implied | None:
        """复议纠错3,纠错率5.1%: the number ends the clause, the thing stands right before it, and all else is known."""
        text, at = self.text, match.start()
        if not "\u4e00" <= text[at - 1 : at] <= "\u9fff" or _is_a_name(match[0]):
            return None
        beside = self.words.within(max(0, at - _LONGEST_BEFORE_NUMBER - 12), at)
        near = [word for word in beside if word[2].word in self.grammar.counted]
        if not near or near[-1][2].word.endswith("率"):
            return None
        if not self.grammar.before_number.fullmatch(text, near[-1][1], at):
            return None
        start = self._clause_start(at)
        if start is None or not self._is_known(max(start, text.rfind("、", start, at) + 1), at, self.grammar.counted):
            return None
        since, until = self._sentence_start(at), self._sentence_end(at)
        if _DIGIT.search(text, since, at) is None and _DIGIT.search(text, match.end(), until) is None:
            return None  # a note's number: 依法办理行政复议案件1。
        return self._figure(match.span(), None, Decimal(match[0]))

    def _figure(self, at: tuple[int, int], counter: str | None, value: Decimal = _ZERO) -> Implied:
        start, end = at
        unit = self.unit_of.get(counter or "")
        return Implied(
            start=start,
            end=end,
            left_end=start,
            right_start=end,
            number_start=start,
            value=value,
            low=value,
            high=value,
            unit=counter or "",
            canonical=unit,
            qualifier="exact",
            kind=unit.kind if unit else "",
            weak=True,
        )

    # the clause

    def _is_known(
        self, start: int, end: int, known: frozenset[str] | None = None, filler: re.Pattern[str] | None = None
    ) -> bool:
        """Whether nothing stands in [start, end) but known words, places, and what may stand beside them."""
        known, filler = known or self.grammar.known, filler or self.grammar.filler
        rest, at = "", start
        for begins, ends, term in self.words.within(start, end):
            if term.word in known or not known.isdisjoint(term.stands):
                rest += self.text[at:begins]
                at = max(at, ends)
        return filler.fullmatch(self.places.without(rest + self.text[at:end])) is not None

    def _tells_of_a_thing(self, start: int, end: int) -> bool:
        things = self.grammar.things
        return any(not things.isdisjoint(term.stands) for _, _, term in self.words.within(start, end))

    def _stands_alone_in_its_list(self, end: int) -> bool:
        """复议零纠错、诉讼零败诉 are two zeros; in 无行政诉讼、复议案件 the head of the first stands further on."""
        if self.text[end : end + 1] != "、":
            return True
        until = self._clause_end(end + 1)
        return until is not None and self.grammar.none_of.search(self.text, end + 1, until) is not None

    def _list_joint(self, start: int, at: int) -> int:
        """Where the last of several zeros begins: 诉讼零败诉 in 复议零纠错、诉讼零败诉."""
        joint = self.text.rfind("、", start, at)
        return joint + 1 if joint >= 0 and self.grammar.none_of.search(self.text, start, joint) else start

    def _clause_start(self, at: int) -> int | None:
        floor = max(0, at - _LONGEST_CLAUSE)
        start = max(self.text.rfind(mark, floor, at) for mark in _CLAUSE_BEGINS) + 1
        return start if start or floor == 0 else None

    def _clause_end(self, at: int) -> int | None:
        mark = _CLAUSE_ENDS.search(self.text, at, at + _LONGEST_CLAUSE)
        if mark:
            return mark.start()
        return len(self.text) if len(self.text) <= at + _LONGEST_CLAUSE else None

    def _sentence_start(self, at: int) -> int:
        floor = max(0, at - _LONGEST_SENTENCE)
        start = max(self.text.rfind(mark, floor, at) for mark in _SENTENCE_BEGINS) + 1
        return start or floor

    def _sentence_end(self, at: int) -> int:
        mark = _SENTENCE_ENDS.search(self.text, at, at + _LONGEST_SENTENCE)
        return mark.start() if mark else min(len(self.text), at + _LONGEST_SENTENCE)


_SENTENCE_ENDS = re.compile(f"[{_SENTENCE_BEGINS}]")


def joined(quantities: Iterable[Quantity], implied: Iterable[Implied]) -> list[Quantity]:
    """Both in the order of the text, none within another.

    A zero in words goes before a number within it (未发生1起), a number that has a unit before a bare one; one that has
    lost it (败诉案件为0) stays, if only without an indicator.
    """
    found: list[Quantity] = []
    more = list(implied)
    if not more:
        return list(quantities)
    for quantity in sorted((*quantities, *more), key=_from_left_to_right):
        before = found[-1] if found else None
        if before is None or before.end <= quantity.start:
            found.append(quantity)
        elif isinstance(quantity, Implied) and not isinstance(before, Implied) and (quantity.spelt or not before.unit):
            found[-1] = replace(quantity, weak=before.weak or before.unit != "")
    return found


def _from_left_to_right(quantity: Quantity) -> tuple[int, bool]:
    return quantity.start, isinstance(quantity, Implied)


def fitting(found: Sequence[Match], figure: Implied, lexicon: Lexicon) -> list[Match]:
    """Of the frames that fit whatever the unit those that may measure a figure that names none."""
    return [match for match in found if _may_measure(match, figure, lexicon)]


def _may_measure(match: Match, figure: Implied, lexicon: Lexicon) -> bool:
    indicator = lexicon.indicators[match.frame.code]
    unit = lexicon.units[indicator.unit]
    if (unit.kind == "percent") != figure.rate or (figure.kind and figure.kind not in match.frame.kinds):
        return False
    if figure.spelt:
        return match.frame.code in lexicon.implied.words.told_as_none
    # Money may be in 万元, and 培训300 in sessions or in people.
    return indicator.kind == "count" and unit.whole and unit.kind not in ("visit", "event")


def stands(figure: Figure, quantity: Implied, memory: Memory, lexicon: Lexicon) -> bool:
    """Whether a figure that names no unit has an indicator, and a zero in words stands beside what was said before.

    审结行政诉讼案件51件,无一败诉 is of the 51; of figures without an indicator, which may be any part, none is told.
    """
    if figure.code is None or not quantity.spelt:
        return figure.code is not None
    whole = memory.coded.get(key_of(figure.code, figure))
    if figure.code not in lexicon.implied.words.told_as_none or (whole and _is_narrower(figure, whole)):
        return False
    before = next((one for one in reversed(memory.counted) if not isinstance(one.quantity, Implied)), None)
    if quantity.whole or before is None or before.quantity.start < quantity.since:
        return True
    domain = lexicon.indicators[figure.code].domain
    return before.code is not None and lexicon.indicators[before.code].domain == domain


def _is_narrower(zero: Figure, whole: Figure) -> bool:
    """Whether a zero is of a part of what the paragraph counts; one of the same place and year contradicts that."""
    same = (zero.role.period, zero.role.figure_year, zero.owner) == (
        whole.role.period,
        whole.role.figure_year,
        whole.owner,
    )
    return whole.quantity.value != 0 and not same


def measured(figure: Figure, quantity: Implied, lexicon: Lexicon) -> Quantity:
    """The figure with the unit of its indicator; a zero's quote reaches on to the words that say of what: 无一败诉."""
    unit = lexicon.units[lexicon.indicators[figure.code].unit] if figure.code else None
    if unit is None or not quantity.spelt:
        return replace(quantity, canonical=unit)
    decided_by = figure.matches[0].decided_by if figure.matches else []
    end = max([quantity.end, *(end for _, end in decided_by)])
    return replace(quantity, end=end, unit=quantity.unit or unit.unit, canonical=unit)
