"""Parts of a year that a sentence names: 上半年, 一季度, 1-6月, 3月份, 宪法宣传周期间, 专项行动中, 春节前.

A figure of a part never stands for the year, and eleven months are a part: a report that is written in December and
tells 1-11月 has no figure of the year, whatever it means by it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from transforms.periodwords import period_words


class Part(NamedTuple):
    """A part of a year, which holds for figures in [at, until): `kind` is one of observation.PERIODS.

    `month` and `day` are its last (of the `year` named with it, else of the figure's), for those of a stock.
    """

    at: int
    until: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def last_day(self, figure_year: int) -> date | None:
        """The day it ends with, where that is said; 2月30日 is none."""
        if self.month is None or not 1 <= self.month <= 12:
            return None
        year = self.year or figure_year
        last = monthrange(year, self.month)[1]
        day = last if self.day is None else self.day
        return date(year, self.month, day) if 1 <= day <= last else None


def kind_of_months(to: int, first: int = 1, day: int | None = None) -> str:
    """What the months from `first` up to `to` are called, to a `day` of the last where one is told.

    A month, a quarter or a half of the calendar, the year; anything else (1-9月, 3-5月, 截至11月底) is `months`.
    A last month of which less than a half is over isn't counted: 截至12月5日 is no year.
    """
    if day is not None and day <= _HALF_A_MONTH and to > first:
        to -= 1
    months = to - first + 1
    begins = (first - 1) % months == 0
    return _CALENDAR.get(months, "months") if begins else "months"


_HALF_A_MONTH = 15
_CALENDAR = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}


def clause_before(text: str, start: int, end: int) -> str:
    """The words of text[start:end] after the last mark."""
    return _MARK.split(text[start:end])[-1]


_MARK = re.compile(r"[,;:。、\n]")
_YEAR = r"(?:19|20)\d\d"
_SPAN = re.compile(
    rf"""
    (?:(?P<year>{_YEAR})年)?
    (?: (?<![\d.第])(?P<first>\d{{1,2}})月?(?:(?P<first_day>\d{{1,2}})日)?份?[-至到]
          (?:(?P=year)年)?(?P<to>\d{{1,2}})月(?:(?P<to_day>\d{{1,2}})日|份?[底末]?)
      | 前(?P<months>\d{{1,2}}|十[一二]|[两三四五六七八九十])个月
      | (?P<half>[上下前后])半年
      | (?P<three_quarters>前[三3]个?季度)
      | 第?(?P<quarter>[一二三四1-4首])季度
      | (?<![\d.第])(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日|份)?(?P<end>[底末])?
      | (?P<this>[本当]月)
    )
    """,
    re.VERBOSE,
)
_IN_WORDS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"首": 1, "两": 2, "十一": 11, "十二": 12}
# 每月3次, 按季度, 较上半年; 与上半年相比; 上半年考核中
_NO_TIME_BEFORE = "每逐按比较环各"
_EACH = tuple(_NO_TIME_BEFORE)
_NO_TIME_AFTER = re.compile(
    r"同期?相?比|相比|[^,;:。\d]{0,4}(?:考核|考评|总结|测评|例会|通报|督查|安排)|工单|之?前(?![后夕])|以前|底前|(?<![自从]\d月)(?<![自从]\d\d月)起|止|之?后|开始|[-至到]"
)
# 上半年、下半年各组织1次,共抽查120卷: both halves are the year.
_BOTH_HALVES = re.compile(r"[上下]半年[、和及与][上下]半年(?!度?分别)")
_BEGINS_A_CLAUSE = re.compile(r"(?:^|[,;:。、()\s于在仅至]|其中|[今去当本上]年|年度|我[市县区局]|全[市县区])$")
_SOME_WEEKS = 45


def find(text: str, start: int, end: int) -> Iterator[Part]:
    """The parts of a year that text[start:end] names, each up to where a figure of the whole follows, or to the end."""
    has_months = text.find("月", start, end) >= 0 or text.find("季度", start, end) >= 0
    if has_months or text.find("半年", start, end) >= 0:
        both = [found.span() for found in _BOTH_HALVES.finditer(text, start, end)]
        for match in _SPAN.finditer(text, start, end):
            if any(first <= match.start() < last for first, last in both):
                continue
            if _is_a_time(match, text, start, end) and (part := _of_months(match, end)):
                yield part
    for adverb in _ADVERB.finditer(text, start, end):
        named = adverb.end() - 1 if adverb[0][-1] == "," else adverb.start()
        if _is_an_occasion(adverb[0], clause_before(text, max(start, named - _REACH), named)):
            yield Part(adverb.end(), end, "campaign")


def named(said: str) -> tuple[Part, str] | None:
    """The part of a year that a label of a table names (上半年受理, 截至6月底), with its words, or None."""
    if "月" not in said and "季度" not in said and "半年" not in said:
        return None
    match = _SPAN.search(said)
    if match is None or _NO_TIME_AFTER.match(said, match.end()) or said[: match.start()].endswith(_EACH):
        return None
    part = _of_months(match, len(said))
    if part is None:
        return None
    words = match[0]
    for up_to in ("截至", "截止"):
        if said[: match.start()].endswith(up_to):
            words = up_to + words
            part = part._replace(kind=kind_of_months(part.month or 12, day=part.day))
    return part, words


def _is_a_time(match: re.Match[str], text: str, start: int, end: int) -> bool:
    at = match.start()
    if (at > start and text[at - 1] in _NO_TIME_BEFORE) or _NO_TIME_AFTER.match(text, match.end(), end):
        return False
    if match["month"] is None:
        return True
    from_then = text.startswith("起", match.end()) and text[at - 1] in "自从"
    if at > start and not from_then and not _BEGINS_A_CLAUSE.search(text, max(start, at - 3), at):
        return False
    if match["day"] and not text.startswith(",", match.end()):
        return False
    return _patterns().event.match(text, match.end(), end) is None


def _of_months(match: re.Match[str], end: int) -> Part | None:
    at, year = match.start(), int(match["year"]) if match["year"] else None
    if match.string.startswith(("以来", "起"), match.end()):
        return _since(match, end) if year is None else None
    if match["this"]:
        return Part(at, end, "month", year)
    if match["half"]:
        return Part(at, end, "half_year", year, 6 if match["half"] in "上前" else 12)
    if match["quarter"]:
        quarter = match["quarter"]
        return Part(at, end, "quarter", year, 3 * (int(quarter) if quarter.isdigit() else _IN_WORDS[quarter]))
    if match["three_quarters"]:
        return Part(at, end, kind_of_months(9), year, 9)
    if match["months"]:
        months = int(match["months"]) if match["months"].isdigit() else _IN_WORDS[match["months"]]
        return Part(at, end, kind_of_months(months), year, months)
    return _from_to(match, at, end, year) if match["to"] else _of_a_month(match, at, end, year)


def _since(match: re.Match[str], end: int) -> Part | None:
    """下半年以来 is the second half, 5月以来 and 自5月起 May to December; 2021年3月以来 is more than a part."""
    if match["half"] in ("下", "后"):
        return Part(match.start(), end, "half_year", None, 12)
    first = int(match["month"]) if match["month"] and not match["day"] else 0
    return Part(match.start(), end, kind_of_months(12, first), None, 12) if 1 < first <= 12 else None


def _from_to(match: re.Match[str], at: int, end: int, year: int | None) -> Part | None:
    first, to = int(match["first"]), int(match["to"])
    if not 1 <= first <= to <= 12:
        return None
    day = int(match["to_day"]) if match["to_day"] else None
    kind = kind_of_months(to, first, day)
    if day is not None and match["first_day"] and 30 * (to - first) + day - int(match["first_day"]) <= _SOME_WEEKS:
        kind = "campaign"
    return Part(at, end, kind, year, to, day)


def _of_a_month(match: re.Match[str], at: int, end: int, year: int | None) -> Part | None:
    """3月份 is a month, 4月15日 a day; 6月底 says that what is told goes up to then."""
    month, day = int(match["month"]), int(match["day"]) if match["day"] else None
    if not 1 <= month <= 12:
        return None
    kind = kind_of_months(month) if match["end"] else "campaign" if day else "month"
    return Part(at, end, kind, year, month, day)


_ADVERB = re.compile(
    # each begins with a letter, so that it is looked for quickly
    r"期间|当[天日]|前(?:[后夕]|(?<=[节旦庆秋午]前)(?![三五几\d]))|来临之际|之际|里(?<=[周月日]里)"
    r"|中(?<=[动坚战]中)(?![心国央小学级层])|周,|月,|日,|”,|\","
)
_REACH = 20
_A_DAY = re.compile(r"\d{1,2}月\d{1,2}日$")


def _is_an_occasion(word: str, clause: str) -> bool:
    """宪法宣传周期间, 专项行动中, 宪法日当天, 宪法宣传周, and 春节前; none of 服刑期间, 法治体检活动中, 结合宪法日,"""
    words, name = period_words(), clause.rstrip('”"')
    if word == "前":
        return name.endswith(words.holidays)
    if clause.startswith(words.verbs_before) or any(use in clause for use in words.made_use_of):
        return False
    if word[-1] == ",":
        return name.endswith(words.dated)
    if word != "期间" and _A_DAY.search(name):
        return True
    return is_an_occasion(clause)


def is_an_occasion(clause: str) -> bool:
    """Whether words end with the name of an occasion of some weeks at most."""
    words, name = period_words(), clause.rstrip('”"')
    if not name.endswith(words.occasions) or name.endswith(words.of_years) or name.endswith(words.of_the_year):
        return False
    return not name.endswith("活动") or name[:-2].endswith(words.limited) or name != clause


class _Patterns(NamedTuple):
    event: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Made of words at first use, so that an import stays quick."""
    return _Patterns(re.compile(rf"[^,;。\d]{{0,20}}?(?:{'|'.join(map(re.escape, period_words().events))})"))
