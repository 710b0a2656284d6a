"""Which year a report looks back on.

The heading says it, but headings are carried over from last year; the words of the text and the day of
publication correct them. A report of 2024 appears in the first months of 2025. A reporting period from 1 January to
31 December, which reports on the disclosure of information state (政府信息公开条例 art. 50), decides.

What looks back on less than a year (上半年, 第三季度) or on a five-year plan (十三五, 2016—2020年), or looks ahead
only (工作要点), is no report of a year: its figures would stand beside those of whole years. A white paper of two
or three years is kept under the last of them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sources.dates import find_dates, number, plain_digits
from sources.evidence import Clue, confidence, said_by, times

_LAST_MONTH_OF_LAST_YEARS_REPORT = 6
_FIRST_MONTH_OF_THIS_YEARS_REPORT = 11
_ENOUGH_VOTES = 2.0
_YEAR = r"(?P<y>(?<![\d第〔\[【])(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{2})"
_RANGE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s*年?(?:\d{1,2}月)?(?:\d{1,2}日)?\s*(?:[-—–－~～至到]+)\s*(?:19|20)\d\d\s*年?(?:度)?"
)
_QUOTED = re.compile(r"《[^《》\n]{1,80}》|[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s*\d*\s*号?")
_MENTION = re.compile(_YEAR + r"\s*年(?P<after>[^。\n]{0,16})")
_TITLE_YEAR = re.compile(_YEAR + r"\s*(?P<after>年?[^\d]{0,24})")
_PERIOD = re.compile(
    r"(?P<y>(?<!\d)20\d\d)\s*年\s*1\s*(?:月\s*(?:1\s*日)?)?(?:\s*[0零]时)?[\s起,，自至到止—–\-－~～]{1,8}"
    r"(?:(?P<end>20\d\d)\s*年)?\s*12\s*月"
)
# 24年 and 24年度, but not 近20年 or 20年来.
_SHORT_YEAR = re.compile(r"(?<![\d.近第用了逾超])(?P<y>[12]\d)年(?=度|[\u4e00-\u9fff]{2})(?!来|以来|间)")
_PART_OF_YEAR = re.compile(
    r"[上下]半年|半年度|第?[一二三四1-4]季度|前三季度|(?:第?[一二三四五六七八九十]{1,2}|\d{1,2})月份|"
    r"1\s*[-—–－~～至]\s*(?:[2-9]|1[01])月"
)
_PLAN = re.compile(r"(?:要点|计划|规划|方案|安排|打算|思路|任务分解表?|责任清单)(?:[（(《》][^()（）]*[)）》]?)?$")
_LOOKS_BACK = re.compile(r"报告|总结|汇报|通报|白皮书|年报|情况|综述|公示")
_DONE = re.compile(r"的?(?:贯彻)?(?:落实|完成|执行|推进|实施)")
_FIVE_YEARS = re.compile(r"[“\"]?十[一二三四五]五[”\"]?|[五六七八九]五[”\"]?普法|五年|\d{1,2}年来")
_MOST_YEARS_TOGETHER = 3
_CLEAR_VOTES = 3.0
_AHEAD = re.compile(r"工作打算|工作计划|工作安排|工作思路|重点工作|工作要点|打算|下一步|目标任务|工作重点|立法计划")
_AGAINST = re.compile(r"(?:比|较|同比|相比|与|和|自|从|对|去年|上年)$")


@dataclass(frozen=True, slots=True)
class ToldYear:
    """The year with how it is known: `stated` in words, or inferred from the date of publication alone.

    `year` is None where it can't be told; `found` then says what the document has. `clues` say the year, `overruled`
    another one.
    """

    year: int | None
    stated: bool
    found: str
    clues: Sequence[Clue[int]] = ()
    overruled: Sequence[Clue[int]] = ()

    @property
    def confidence(self) -> float:
        """How far the sources that agree settle the year, in 0..1."""
        return confidence("year", [clue.source for clue in self.clues], len(self.overruled))

    @property
    def reasons(self) -> list[str]:
        """Who says so, and who says otherwise."""
        said = [f"year {self.year}: {said_by('year', self.clues)}"]
        return said + [f"overruled: year {c.candidates[0]} in {said_by('year', [c])}" for c in self.overruled]


def tell_year(headings: Mapping[str, str], text: str, published: date | None) -> ToldYear:
    """The year reported on, from the headings by source (the title first), the text and the day of publication."""
    votes = _votes(text)
    told = _told(list(headings.values()), text, votes, published)
    clues = [*_clues(headings, text, votes, published)]
    return ToldYear(
        told.year,
        told.stated,
        told.found,
        [clue for clue in clues if clue.candidates[0] == told.year],
        [clue for clue in clues if clue.candidates[0] != told.year and clue.source != "published"],
    )


def _told(headings: Sequence[str], text: str, votes: Counter[int], published: date | None) -> ToldYear:
    if (period := reporting_period(text)) and _could_be_of(period, published):
        return ToldYear(period, True, f"the reporting period is {period}")
    stated = next((year for heading in headings if (year := heading_year(heading))), None)
    if stated:
        return _settle(stated, headings, votes, published)
    if voted := _voted(votes, published):
        return ToldYear(voted, True, f"the text speaks of {voted}")
    if published and (inferred := _year_before(published)):
        return ToldYear(inferred, False, f"published {published}")
    mentioned = ", ".join(str(year) for year in sorted(votes)) or "no year"
    return ToldYear(None, False, f"no year in the heading, {mentioned} in the text, published {published or 'unknown'}")


def _clues(headings: Mapping[str, str], text: str, votes: Counter[int], published: date | None) -> Iterator[Clue[int]]:
    for source, heading in headings.items():
        if year := heading_year(heading):
            spans = not _ahead_of(_RANGE.sub(_blank, heading)) and _RANGE.search(heading)
            yield Clue("span" if spans else source, (year,), heading)
    if (period := reporting_period(text)) and _could_be_of(period, published):
        yield Clue("period", (period,), f"1 January to 31 December {period}")
    if voted := _voted(votes, published):
        mentions = sum(number(match["y"]) == voted for match in _MENTION.finditer(plain_digits(text)))
        yield Clue("text", (voted,), f"speaking of it {times(mentions)}")
    if published and (before := _year_before(published)):
        yield Clue("published", (before,), str(published))


def _year_before(published: date) -> int | None:
    """The year a report published that day is most likely of; None for one of the summer."""
    if published.month <= _LAST_MONTH_OF_LAST_YEARS_REPORT:
        return published.year - 1
    return published.year if published.month >= _FIRST_MONTH_OF_THIS_YEARS_REPORT else None


def _could_be_of(year: int, published: date | None) -> bool:
    """Whether a report of the whole `year` can have been published then."""
    return published is None or (published.year, published.month) >= (year, _FIRST_MONTH_OF_THIS_YEARS_REPORT)


def reporting_period(text: str) -> int | None:
    """The one year that `text` states as its period: 2024年1月1日至2024年12月31日, 2024年1月1日起至12月31日止."""
    periods = {int(match["y"]) for match in _PERIOD.finditer(plain_digits(text)) if match["end"] in (None, match["y"])}
    return periods.pop() if len(periods) == 1 else None


def other_than_a_year(heading: str) -> str | None:
    """What a heading announces instead of a report of a year, in words for a message; None where it doesn't."""
    heading = plain_digits(heading)
    if (part := _PART_OF_YEAR.search(heading)) and "全年" not in heading:
        return f"a report of a part of a year ({part[0]})"
    if (ahead := _PLAN.search(heading)) and not _LOOKS_BACK.search(heading):
        return f"a plan ({ahead[0]})"
    alone = _ahead_of(_FIVE_YEARS.sub(_blank, _RANGE.sub(_blank, heading)))
    if not alone and (long := _long_span(heading)):
        return f"a report of several years ({long})"
    return None


def heading_year(heading: str) -> int | None:
    """The year in a heading: 2024 of 2024年工作总结和2025年工作打算, 2022 of 2020年-2022年白皮书, 2024 of 24年度.

    A yearbook (年鉴2021) tells of the year before. A span counts only where no year stands beside it.
    """
    heading = plain_digits(heading)
    if yearbook := re.search(r"年鉴\D{0,3}(20\d\d)", heading):
        return int(yearbook[1]) - 1
    alone = _ahead_of(_RANGE.sub(_blank, heading))
    if looking_back := [year for year, ahead in alone if not ahead]:
        return looking_back[0]
    if span := _RANGE.search(heading):
        return int(re.findall(r"(?:19|20)\d\d", span[0])[-1])
    if short := _SHORT_YEAR.search(heading):
        return 2000 + int(short["y"])
    return alone[0][0] - 1 if alone else None


def _ahead_of(heading: str) -> list[tuple[int, bool]]:
    """The years of a heading, each with whether it is one that is planned for."""
    return [
        (number(match["y"]), _is_ahead(match["after"])) for match in _TITLE_YEAR.finditer(heading) if match["after"]
    ]


def _is_ahead(after: str) -> bool:
    """Whether a year's words announce what is to be done in it: 工作要点, but not 工作要点落实情况."""
    ahead = _AHEAD.search(after)
    return ahead is not None and not (_LOOKS_BACK.search(after[: ahead.start()]) or _DONE.match(after, ahead.end()))


def _long_span(heading: str) -> str | None:
    if five := _FIVE_YEARS.search(heading):
        return five[0]
    for span in _RANGE.finditer(heading):
        first, last = (int(year) for year in re.findall(r"(?:19|20)\d\d", span[0]))
        if last - first >= _MOST_YEARS_TOGETHER:
            return span[0]
    return None


def _settle(stated: int, headings: Sequence[str], votes: Counter[int], published: date | None) -> ToldYear:
    """Keep the heading's year unless it can't be, or is last year's heading on this year's report."""
    others = [year for heading in headings if (year := heading_year(heading)) and year != stated]
    if published is None:
        other = max(others, key=lambda year: votes[year], default=stated)
        year = other if votes[other] > votes[stated] else stated
        return _unless_text_differs(year, stated, votes)
    last = published.year - 1
    too_early = stated == published.year and published.month <= 3
    if stated > published.year or too_early:
        year = last if votes[last] > votes[stated] else stated
        if stated > published.year and year == stated:
            return ToldYear(None, True, f"the heading says {stated}, published already {published}")
        return ToldYear(year, True, f"the heading says {stated}, published {published}")
    if stated < last and votes[last] > votes[stated]:
        return ToldYear(last, True, f"the heading says {stated}, but the text published {published} speaks of {last}")
    return _unless_text_differs(stated, stated, votes)


def _unless_text_differs(year: int, stated: int, votes: Counter[int]) -> ToldYear:
    """None where the text never speaks of the heading's year, but clearly of another: one of them is a leftover."""
    spoken, count = max(votes.items(), key=lambda vote: vote[1], default=(year, 0))
    if not votes[year] and count >= _CLEAR_VOTES:
        return ToldYear(None, True, f"{stated} in the heading and {spoken} in the text, which never speaks of {stated}")
    return ToldYear(year, True, f"the heading says {stated}")


def _voted(votes: Counter[int], published: date | None) -> int | None:
    likely = votes
    if published:
        near = Counter({year: n for year, n in votes.items() if published.year - 1 <= year <= published.year})
        likely = near or votes
    ranked = likely.most_common(2)
    if not ranked or ranked[0][1] < (0.5 if published else _ENOUGH_VOTES):
        return None
    if len(ranked) > 1 and ranked[0][1] < 1.5 * ranked[1][1]:
        return None
    return ranked[0][0]


def _votes(text: str) -> Counter[int]:
    """How much the text speaks of each year as its own: names of plans, spans, single days and comparisons don't count.

    A heading of next year's plan (2025年工作打算) speaks for the year before it.
    """
    text = _QUOTED.sub(_blank, plain_digits(text))
    text = _RANGE.sub(_blank, text)
    text = _without_days(text)
    votes: Counter[int] = Counter()
    for match in _MENTION.finditer(text):
        year, after = number(match["y"]), match["after"]
        if _AGAINST.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        if _is_ahead(re.split("[,，;；]", after)[0]):
            votes[year - 1] += 2
        elif re.match(r"\s*\d{1,2}\s*月|以来|底|末|起", after):
            votes[year] += 0.5  # type: ignore[assignment]
        else:
            votes[year] += 2 if match.start() < 400 else 1
    return votes


def _without_days(text: str) -> str:
    """The text without its full dates: a signature's 二〇二五年一月十日 doesn't speak of 2025."""
    kept, end = [], 0
    for day in find_dates(text):
        kept += [text[end : day.start], " " * (day.end - day.start)]
        end = day.end
    return "".join([*kept, text[end:]])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
