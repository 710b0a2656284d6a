"""Dates and years as Chinese documents write them, read from running text.

Digits may be ASCII, full-width or Chinese; a date that no calendar has (2025年2月30日) is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／－：", "0123456789./-:")
_NUMERALS = {c: d for d, cs in enumerate(("〇○零Ｏ", "一", "二", "三", "四", "五", "六", "七", "八", "九")) for c in cs}

_YEAR = r"(?P<y>(?<!\d)(?:19|20)\s?\d\s?\d|[一二][〇○零Ｏ九][〇○零Ｏ一二三四五六七八九]{2})"
_MONTH = r"(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<d>\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DATE = re.compile(
    rf"{_YEAR}\s{{0,3}}年\s{{0,3}}{_MONTH}\s{{0,3}}月\s{{0,3}}{_DAY}\s{{0,3}}[日号]"
    r"|(?P<iso>(?<!\d)(?:19|20)\d\d(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}(?!\d))"
)
_A_YEAR = re.compile(rf"{_YEAR}\s?年?")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and the characters it stands in."""

    day: date
    start: int
    end: int


def find_dates(text: str) -> Iterator[FoundDate]:
    """Every full date of `text` in order: 2025年1月16日, 2025-01-16, 2025/1/16, 二〇二五年一月十六日."""
    for match in _DATE.finditer(plain_digits(text)):
        if day := _day(match):
            yield FoundDate(day, *match.span())


def first_date(text: str) -> date | None:
    """The first full date of `text`."""
    return next((found.day for found in find_dates(text)), None)


def first_year(text: str) -> int | None:
    """The first year of `text`, in digits or numerals: 二〇二四年度 is 2024."""
    match = _A_YEAR.search(plain_digits(text))
    return number(match["y"]) if match else None


def plain_digits(text: str) -> str:
    """`text` with full-width digits made ASCII, one character for one, so offsets stay."""
    return text.translate(_FULL_WIDTH)


def number(written: str) -> int:
    """A year, month or day in digits or Chinese numerals: 二〇二四, 十二, 三十一, 2 024."""
    compact = re.sub(r"\s", "", written)
    if compact.isdigit() and compact.isascii():
        return int(compact)
    if "十" in compact:
        tens, _, ones = compact.partition("十")
        return 10 * _NUMERALS.get(tens, 1) + (_NUMERALS[ones] if ones else 0)
    return int("".join(str(_NUMERALS[c]) for c in compact))


def _day(match: re.Match[str]) -> date | None:
    if match["iso"]:
        parts = [int(part) for part in re.split(r"[-/.]", match["iso"])]
    else:
        parts = [number(match[name]) for name in ("y", "m", "d")]
    try:
        return date(*parts)
    except ValueError:
        return None
