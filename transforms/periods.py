"""Labels of time in a sentence: this year, another year, or since a year; and how far each holds.

(去年受理120件, 2023年以来, “十四五”期间, 三年来, 全年 …)
"""

import re
from bisect import bisect_left
from typing import NamedTuple


class Period(NamedTuple):
    """A label of time: `since` a year, a single `year`, `now`, or the mere `name` of a campaign.

    It holds for figures in [at, until).
    """

    at: int
    until: int
    kind: str
    year: int | None


_LABEL = re.compile(
    r"""
    (?P<range>(?:(?P<first>(?:19|20)\d\d)年?[-至到](?:19|20)\d\d年)(?!度)[,间]?)   # 2020年-2022年,受理 …
  | (?:自|从)?(?P<since>(?:19|20)\d\d)年
    [^,。;!?\d]{0,4}(?:\d{1,2}月(?:\d{1,2}日)?)?[^,。;!?\d]{0,24}?(?:以来|至今|起)
  | [“"]?(?P<plan>十[一二三四五六]五|[一二三四五六七八九]五)[”"]?(?:普法|规划)?
    (?P<while>期间|以来|时期|实施以来|启动以来|,)
  | [近过]?(?P<years>[一二两三四五六七八九十]|\d{1,2})年多?来
  | (?:过去|近)(?P<recent>[两三四五六七八九十]|\d{1,2})年
  | (?P<since_last>[去上]年以来)
  | (?P<now>今年|本年度?|截至|截止|目前|当前|现有|本年)
  | (?P<all_year>全年|年内|年底|年末)
  | (?<![比较同])(?<!结转)(?P<last>去年|上一?年度?+|同期)(?!同期?相?比|相比|增|下|末|减|底?结转)
  | (?<!结转)(?<!结转至)(?P<next>下一?步|下一?年度?|明年|来年|接下来|新的一年)
  | (?<=\()(?P<aside>(?:19|20)\d\d)年(?=[为是])   # 受理95件(2023年为67件)
  | (?<![比较《(〔\d\-年至])(?P<year>(?:19|20)\d\d)年(?!\d{1,2}月)度?+(?!同期?相?比|相比)(?![及、和]20\d\d年)
    """,
    re.VERBOSE,
)
_BEGINS = re.compile(r"[自从“\"十一二三四五六七八九两近过去上今本截目当现全年同下明来接新12]")
_LABELS = 8
"""How many labels before a figure are looked at; one of the last always holds in a sentence people can read."""
_CLAUSE_END = re.compile(r"[,;:]")
# 在2022年度考核中位列前三;3人获评先进: the year is the assessment's, not that of what follows.
_OF_AN_ASSESSMENT = re.compile(r"[^,;:。\d]{0,16}?(?:考核|考评|评估|测评|述法|绩效|满意度|排名|督察)")
# Years in which the national law-publicity plans (普法规划) and the five-year plans began.
_BEGAN = {
    **{"四五": 2001, "五五": 2006, "六五": 2011, "七五": 2016, "八五": 2021, "九五": 2026},
    **{"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026},
}
_IN_WORDS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def periods(text: str, start: int, end: int, report_year: int | None) -> list[Period]:
    """The labels of time in text[start:end], left to right."""
    found: list[Period] = []
    position = start
    # One look for a first character: the pattern itself has none to search for.
    while begins := _BEGINS.search(text, position, end):
        match = _LABEL.match(text, begins.start(), end)
        position = begins.end() if match is None else max(match.end(), begins.end())
        if match is None or (match["all_year"] and found):
            continue  # 2025年,我们将全年开展督察5次: all of the year named before
        kind, year = _meaning(match, report_year)
        found.append(Period(match.start(), _until(text, match, end), kind, year))
    return found


def in_force(labels: list[Period], offset: int) -> Period | None:
    """The last label before `offset` that still holds there."""
    before = bisect_left(labels, (offset + 1,))  # a period begins with where it stands
    for label in reversed(labels[max(0, before - _LABELS) : before]):
        if offset < label.until:
            return label
    return None


def _until(text: str, match: re.Match[str], end: int) -> int:
    """上年518件;办结562件: beside its figure, last year's label ends with the clause; before a comma it holds on."""
    if match["aside"]:
        close = text.find(")", match.end(), end)
        return close if close >= 0 else end
    assessed = match["year"] and _OF_AN_ASSESSMENT.match(text, match.end(), end)
    if not assessed and (not match["last"] or text.startswith(",", match.end())):
        return end
    stop = _CLAUSE_END.search(text, match.end(), end)
    return stop.start() if stop else end


def _meaning(match: re.Match[str], report_year: int | None) -> tuple[str, int | None]:
    if match["since"] or match["first"]:
        return "since", int(match["since"] or match["first"])
    if match["plan"]:
        # “八五”普法, 只 names a campaign; 期间 and 以来 say when.
        return "name" if match["while"] == "," else "since", _BEGAN.get(match["plan"])
    if match["years"] or match["recent"]:
        said = match["years"] or match["recent"]
        years = int(said) if said.isdigit() else _IN_WORDS[said]
        return ("now", None) if years <= 1 or report_year is None else ("since", report_year - years)
    if match["year"] or match["aside"]:
        return "year", int(match["year"] or match["aside"])
    if match["since_last"]:
        return "since", _shifted(report_year, -1)
    if match["last"]:
        return "year", _shifted(report_year, -1)
    if match["next"]:
        return "year", _shifted(report_year, 1)
    return "now", report_year


def _shifted(year: int | None, by: int) -> int | None:
    return None if year is None else year + by
