"""Which year a report looks back on.

The heading says it, but headings are carried over from last year; the words of the text and the day of
publication correct them. A report of 2024 appears in the first months of 2025.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sources.dates import number, plain_digits

_LAST_MONTH_OF_LAST_YEARS_REPORT = 6
_FIRST_MONTH_OF_THIS_YEARS_REPORT = 11
_ENOUGH_VOTES = 2.0
_YEAR = r"(?P<y>(?<![\d第〔\[【])(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{2})"
_RANGE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s*年?(?:\d{1,2}月)?(?:\d{1,2}日)?\s*(?:[-—–－~～至到]+)\s*(?:19|20)\d\d\s*年?(?:度)?"
)
_QUOTED = re.compile(r"《[^《》\n]{1,80}》|[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s*\d*\s*号?")
_MENTION = re.compile(_YEAR + r"\s*年(?P<after>[^。\n]{0,16})")
_TITLE_YEAR = re.compile(_YEAR + r"\s*(?P<after>年?[^\d]{0,12})")
_AHEAD = re.compile(r"工作打算|工作计划|工作安排|工作思路|重点工作|工作要点|打算|下一步|目标任务|工作重点|立法计划")
_AGAINST = re.compile(r"(?:比|较|同比|相比|与|和|自|从|对|去年|上年)$")


@dataclass(frozen=True, slots=True)
class ToldYear:
    """The year with how it is known: `stated` in words, or inferred from the date of publication alone.

    `year` is None where it can't be told; `found` then says what the document has.
    """

    year: int | None
    stated: bool
    found: str


def tell_year(headings: Sequence[str], text: str, published: date | None) -> ToldYear:
    """The year reported on, from the headings (title first), the text and the day of publication."""
    votes = _votes(text)
    stated = next((year for heading in headings if (year := heading_year(heading))), None)
    if stated:
        return _settle(stated, headings, votes, published)
    if voted := _voted(votes, published):
        return ToldYear(voted, True, f"the text speaks of {voted}")
    if published and published.month <= _LAST_MONTH_OF_LAST_YEARS_REPORT:
        return ToldYear(published.year - 1, False, f"published {published}")
    if published and published.month >= _FIRST_MONTH_OF_THIS_YEARS_REPORT:
        return ToldYear(published.year, False, f"published {published}")
    mentioned = ", ".join(str(year) for year in sorted(votes)) or "no year"
    return ToldYear(None, False, f"no year in the heading, {mentioned} in the text, published {published or 'unknown'}")


def heading_year(heading: str) -> int | None:
    """The year in a heading: 2024 of 2024年工作总结和2025年工作打算, 2022 of 2020年-2022年白皮书.

    A yearbook (年鉴2021) tells of the year before.
    """
    heading = plain_digits(heading)
    if yearbook := re.search(r"年鉴\D{0,3}(20\d\d)", heading):
        return int(yearbook[1]) - 1
    if span := _RANGE.search(heading):
        return int(re.findall(r"(?:19|20)\d\d", span[0])[-1])
    years = [
        (number(m["y"]), m["after"]) for m in _TITLE_YEAR.finditer(heading) if "年" in m["after"][:1] or m["after"]
    ]
    looking_back = [year for year, after in years if not _AHEAD.search(after)]
    if looking_back:
        return looking_back[0]
    return years[0][0] - 1 if years else None


def _settle(stated: int, headings: Sequence[str], votes: Counter[int], published: date | None) -> ToldYear:
    """Keep the heading's year unless it can't be, or is last year's heading on this year's report."""
    others = [year for heading in headings if (year := heading_year(heading)) and year != stated]
    if published is None:
        other = max(others, key=lambda year: votes[year], default=stated)
        year = other if votes[other] > votes[stated] else stated
        return ToldYear(year, True, f"the heading says {stated}")
    last = published.year - 1
    too_early = stated == published.year and published.month <= 3
    if stated > published.year or too_early:
        year = last if votes[last] > votes[stated] else stated
        if stated > published.year and year == stated:
            return ToldYear(None, True, f"the heading says {stated}, published already {published}")
        return ToldYear(year, True, f"the heading says {stated}, published {published}")
    if stated < last and votes[last] > votes[stated]:
        return ToldYear(last, True, f"the heading says {stated}, but the text published {published} speaks of {last}")
    return ToldYear(stated, True, f"the heading says {stated}")


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
    votes: Counter[int] = Counter()
    for match in _MENTION.finditer(text):
        year, after = number(match["y"]), match["after"]
        a_day = re.match(r"\s*\d{1,2}\s*月\s*\d{1,2}\s*日", after)
        if a_day or _AGAINST.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        if _AHEAD.search(after):
            votes[year - 1] += 2
        elif re.match(r"\s*\d{1,2}\s*月|以来|底|末|起", after):
            votes[year] += 0.5  # type: ignore[assignment]
        else:
            votes[year] += 2 if match.start() < 400 else 1
    return votes


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
