"""Automatic numbers of Word paragraphs, which are counted when shown and nowhere in the text.

The sections of a report are told by `一、`, `（一）` and `1.` at the head of a line, so they have to be counted as Word
does: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats). python-docx and docx2python know neither Chinese
formats nor numbers that come with a paragraph's style.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


def chinese(number: int) -> str:
    """A whole number below 10,000 in words as headings are counted: 12 is 十二, 105 is 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + name
        zero = not digit
    return words[1:] if words.startswith("一十") else words


def _roman(number: int) -> str:
    roman = ""
    for value, sign in _ROMAN:
        roman, number = roman + sign * (number // value), number % value
    return roman


def _letters(number: int) -> str:
    """A to Z, then AA, BB ... as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _from(first: str, most: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= most else str(number)


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)})


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "koreanCounting"),
        chinese,
    ),
    "taiwaneseCountingThousand": chinese,
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"),
        lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda number: ("壹" if 10 <= number < 20 else "") + chinese(number).translate(_FORMAL),
    ),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from("①", 20)),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is counted and shown."""

    shape: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    glued: bool = False
    style: str = ""

    def show(self, number: int, *, legal: bool) -> str:
        if self.shape == "bullet":
            return ""
        return str(number) if legal or number < 1 else _FORMATS.get(self.shape, str)(number)


@dataclass(frozen=True, slots=True)
class _List:
    """A `w:num`: its levels, and the count it shares with the other lists of the same `w:abstractNum`."""

    shared: str
    levels: tuple[_Level, ...]
    restarts: frozenset[int]


@dataclass(slots=True)
class Numbering:
    """The lists of a file and how far each is counted; ask for labels in the order of the paragraphs."""

    _lists: Mapping[str, _List] = field(default_factory=dict)
    _styles: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)
    _default_style: str = ""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Any) -> str:
        """The mark at the head of a `w:p`, with the space that belongs behind it; "" for none and for bullets."""
        number_id, level = self._place(paragraph)
        listed = self._lists.get(number_id)
        if listed is None or not 0 <= level < len(listed.levels):
            return ""
        counts = self._counts.setdefault(listed.shared, [None] * _LEVELS)
        self._count(number_id, listed, counts, level)
        shown = listed.levels[level]
        if shown.shape == "bullet":
            return ""

        def in_place(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            if at >= len(listed.levels):
                return ""
            count = counts[at]
            return listed.levels[at].show(
                listed.levels[at].start if count is None else count, legal=shown.legal and at < level
            )

        label = _PLACE.sub(in_place, shown.text)
        return label if shown.glued or not label else f"{label} "

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else its style's; list "0" is none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        own_id, own_level = (None, None) if own is None else (_value(own, "numId"), _value(own, "ilvl"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        style_id = self._default_style if style is None else style.get(f"{W}val", "")
        number_id, level = self._styles.get(style_id, ("0", None))
        if own_id is not None:
            return own_id, _int(own_level, 0)
        if own_level is not None:
            return number_id, _int(own_level, 0)
        if level is None and number_id in self._lists:
            levels = self._lists[number_id].levels
            level = next((at for at, one in enumerate(levels) if one.style and one.style == style_id), 0)
        return number_id, level or 0

    def _count(self, number_id: str, listed: _List, counts: list[int | None], level: int) -> None:
        begins = level in listed.restarts and (number_id, level) not in self._begun
        self._begun.add((number_id, level))
        count = counts[level]
        counts[level] = listed.levels[level].start if begins or count is None else count + 1
        for at in range(level):
            if counts[at] is None:
                counts[at] = listed.levels[at].start
        for at in range(level + 1, len(listed.levels)):
            restart = listed.levels[at].restart
            if restart is None or level < restart:
                counts[at] = None


def numbering(numbering_part: Any | None, styles_part: Any | None) -> Numbering:
    """The lists of a file, from the roots of its `numbering.xml` and `styles.xml` where it has them."""
    if numbering_part is None:
        return Numbering()
    abstract = {one.get(f"{W}abstractNumId"): one for one in numbering_part.iter(f"{W}abstractNum")}
    numbers = {one.get(f"{W}numId"): one for one in numbering_part.iter(f"{W}num")}
    styled = {one.get(f"{W}styleId"): one for one in styles_part.iter(f"{W}style")} if styles_part is not None else {}
    lists = {number_id: _list(number, abstract, numbers, styled) for number_id, number in numbers.items()}
    default = next((k for k, v in styled.items() if v.get(f"{W}type") == "paragraph" and v.get(f"{W}default")), "")
    return Numbering(lists, {style: _of_style(style, styled) for style in styled}, default)


def _list(number: Any, abstract: Mapping[str, Any], numbers: Mapping[str, Any], styled: Mapping[str, Any]) -> _List:
    shared = _value(number, "abstractNumId") or ""
    definition = abstract.get(shared)
    if definition is not None and (linked := _value(definition, "numStyleLink")):
        number_id, _ = _of_style(linked, styled)
        if (behind := numbers.get(number_id)) is not None:
            shared = _value(behind, "abstractNumId") or ""
            definition = abstract.get(shared, definition)
    levels = [_Level() for _ in range(_LEVELS)]
    for one in definition.iterchildren(f"{W}lvl") if definition is not None else ():
        if 0 <= (at := _int(one.get(f"{W}ilvl"), 0)) < _LEVELS:
            levels[at] = _level(one)
    restarts = set()
    for override in number.iterchildren(f"{W}lvlOverride"):
        at = _int(override.get(f"{W}ilvl"), 0)
        if not 0 <= at < _LEVELS:
            continue
        if (replaced := override.find(f"{W}lvl")) is not None:
            levels[at] = _level(replaced)
            restarts.add(at)
        if (start := _value(override, "startOverride")) is not None:
            one = levels[at]
            levels[at] = _Level(one.shape, one.text, _int(start, 1), one.restart, one.legal, one.glued, one.style)
            restarts.add(at)
    return _List(shared, tuple(levels), frozenset(restarts))


def _level(level: Any) -> _Level:
    # A format that Word 2010 brought stands before one that every reader knows (mc:AlternateContent).
    shapes = [one.get(f"{W}val") for one in level.iter(f"{W}numFmt")]
    restart = _value(level, "lvlRestart")
    legal = level.find(f"{W}isLgl")
    return _Level(
        shape=shapes[-1] if shapes else "decimal",
        text=_value(level, "lvlText") or "",
        start=_int(_value(level, "start"), 0),
        restart=None if restart is None else _int(restart, 0),
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false", "off"),
        glued=_value(level, "suff") == "nothing",
        style=_value(level, "pStyle") or "",
    )


def _of_style(style_id: str, styled: Mapping[str, Any]) -> tuple[str, int | None]:
    """The list and level that come with a paragraph style or with those it is based on."""
    seen: set[str] = set()
    level: int | None = None
    while style_id in styled and style_id not in seen:
        seen.add(style_id)
        if (own := styled[style_id].find(f"{W}pPr/{W}numPr")) is not None:
            if level is None and (stated := _value(own, "ilvl")) is not None:
                level = _int(stated, 0)
            if (number_id := _value(own, "numId")) is not None:
                return number_id, level
        style_id = _value(styled[style_id], "basedOn") or ""
    return "0", None


def _value(parent: Any, name: str) -> str | None:
    child = parent.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _int(text: str | None, otherwise: int) -> int:
    """A whole number as a file states it, kept within what any list counts to."""
    try:
        return max(-1, min(int(text or ""), 30_000))
    except ValueError:
        return otherwise
