"""Labels of time in a sentence: which year a figure is of, and which part of it; and how far each label holds.

(去年受理120件, 2023年以来, “十四五”期间, 三年来, 全年; 上半年, 3月份, 宪法宣传周期间, 截至6月底 …)
What tells of a part of a year is `yearparts`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from transforms import yearparts
from transforms.periodwords import period_words
from transforms.sentences import LONGEST
from transforms.yearparts import Part

_ASIDE_REACH = 24
_AN_ASIDE = re.compile(r"其中[^,;。]*$")
_SEMICOLON = re.compile(";")


class Period(NamedTuple):
    """A label of years, which holds for figures in [at, until).

    `since` a year (None where that isn't said) up to `to`, a single `year`, `dated` where it was named with a month,
    `now`, the `whole` year, or the mere `name` of a campaign. `years` are those of a list (2022年、2023年分别为).
    """

    at: int
    until: int
    kind: str
    year: int | None
    to: int | None = None
    years: tuple[int, ...] = ()


_P = TypeVar("_P", Period, Part)


class Told(NamedTuple):
    """What the labels before a figure tell of its time: the year, and a part of the year."""

    label: Period | None = None
    part: Part | None = None


_YEAR = r"(?:19|20)\d\d"
_LABEL = re.compile(
    rf"""
    (?P<range>(?P<first>{_YEAR})年?(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?[-至到](?!(?P=first)年)
      (?P<to>{_YEAR})年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?[底末]?)(?!度)[,间]?   # 2020年-2022年,受理 …
  | (?:自|从)?(?P<since>{_YEAR})年
    (?:[^,。;!?\d]{{0,4}}(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?[^,。;!?\d]{{0,24}}?(?:以来|至今)
      |度?(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?起(?![诉草来点施实执生]))
  | [“"]?(?P<plan>十[一二三四五六]五|[一二三四五六七八九]五)[”"]?(?:普法规划|普法|规划)?[”"]?
    (?P<while>(?:实施)?期间|时期|(?:启动|实施|启动实施)?以来|,)
  | [近过]?(?P<years>[一二两三四五六七八九十]|\d{{1,2}})年多?(?:以)?来(?!最)
  | (?:过去|近)(?P<recent>[两三四五六七八九十]|\d{{1,2}})年(?!来?最|新|平均|同期|的)
  | (?P<recently>近年来|近几年来?|多年来|历年来|历年累计)
  | (?P<since_last>[去上]年以来)
  | (?P<as_of>截[至止])到?(?:(?P<of_year>{_YEAR})年|(?P<of_last>[去上]年)|[今本当]年)?
      (?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日|份?[底末]?)|(?P<year_end>年?[底末]))?
  | (?P<now>今年|本年度?|年初以来|开年以来|一年(?:下来|中|间|里)|目前|当前|现有)
  | (?P<whole>(?<!占)(?:全年度?|年内|年底|年末)|当年度?)
  | (?<![比较同])(?<!结转)(?P<last>(?:去年|上一?年度?+)(?:同期)?|(?<![去上一]年)(?<!年度)同期)
      (?!同期?相?比|相比|增|下|末|减|底?结转)
  | (?<![一二两三四五六七八九十\d目])(?P<before_last>前年)
  | (?<!结转)(?<!结转至)(?P<next>下一?步|下一?年度?|明年|来年|接下来|新的一年)
  | (?<=\()(?P<aside>{_YEAR})年(?=[为是:\d])   # 受理95件(2023年为67件)
  | (?<![比较《(〔\d\-年至])(?P<list>{_YEAR}年?(?:[、和及与]{_YEAR}年?)+)(?<=年)度?
  | (?<![比较《(〔\d\-年至])(?P<year>{_YEAR})年(?!\d{{1,2}}月)度?+(?!同期?相?比|相比)
  | (?P<beginning>以来)
    """,
    re.VERBOSE,
)
# A first character with what may follow it; all in one set, which is looked for quickly.
_BEGINS = re.compile(
    r"""[“"十一二三四五六七八九两近过去上今本截目当现全年同下明来接新开前多历以\d]
    # most end here; what follows asks more of each
    (?=[年一二两三四五六七八九十初底末内步几去前至止有期下的来]|\d(?:年|\d\d[年\-至到、和及与]|(?<=[近过]\d)))
    (?:(?<=[今本全明来去开前多])(?=年)|(?<=\d)(?=\d{3}[年\-至到、和及与]|\d?年多?以?来)|(?<=年)(?=[初底末内])
      |(?<=[一二两三四五六七八九十])(?=[一二三四五六]?五|年)|(?<=[“"])(?=[一二三四五六七八九十])
      |(?<=上)(?=[一年])|(?<=下)(?=[一步])|(?<=[近过])(?=[年几去一二两三四五六七八九十\d])|(?<=当)(?=[年前])
      |(?<=截)(?=[至止])|(?<=目)(?=前)|(?<=现)(?=有)|(?<=同)(?=期)|(?<=接)(?=下)|(?<=新)(?=的一)|(?<=历)(?=年)|(?<=以)(?=来))""",
    re.VERBOSE,
)
_LABELS = 8
"""How many labels before a figure are looked at; one of the last always holds in a sentence people can read."""
_CLAUSE_END = re.compile(r"[,;:]")
# 在2022年度考核中位列前三;3人获评先进: the year is the assessment's, not that of what follows.
_OF_AN_ASSESSMENT = re.compile(r"[^,;:。\d]{0,16}?(?:考核|考评|评估|测评|述法|绩效|满意度|排名|督察)")
# 由去年的365件变为404件, 与2021年的512件相比增加25%: the year is that of the one figure.
_OF_ONE_FIGURE = "从由自与同跟"
_BECAME_OR_COMPARED = re.compile(r"[,;:]|相比|[压缩扩减精优下上提增降延调升变改][^,;:\d]{0,6}[到至为](?=[^,;:]{0,8}\d)")
_IN_WORDS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_NAMES = re.compile(r"《[^》\n]{1,120}》|“[^”\n。]{1,60}”|「[^」\n。]{1,60}」|\"[^\"\n。]{1,60}\"")
_DIGIT = re.compile(r"\d")
_PLAN_YEARS = 5
_FAR = 1 << 40
_BEGINNING_REACH = 24


NOTHING_TOLD = Told()


class Labels:
    """The labels of time in one sentence, in order: those of years, and those of parts of a year."""

    def __init__(self, years: Sequence[Period], parts: Sequence[Part]) -> None:
        self.years, self.parts = years, parts

    def at(self, offset: int) -> Told:
        """The last label of each sort before `offset` that still holds there."""
        if not self.years and not self.parts:
            return NOTHING_TOLD
        return Told(_in_force(self.years, offset), _in_force(self.parts, offset))


_NO_LABELS = Labels((), ())
# 对1998年以来的规范性文件进行清理, 抽取2019年7月以来案卷132卷: how old the things are, not since when they count.
_OF_WHICH_AGE = re.compile(
    r"(?:的|(?:制定|出台|印发|制发|办结|形成)的)?(?:现行有效的?)?(?:行政)?(?:规范性文件|政策文件|政策措施|文件|案卷|卷宗|合同)"
)


def periods(text: str, start: int, end: int, report_year: int | None) -> Labels:
    """The labels of time in text[start:end]; the years in a document's name are nobody's period."""
    return _Reader(text, start, end, report_year).read()


def _in_force(labels: Sequence[_P], offset: int) -> _P | None:
    if not labels:
        return None
    if len(labels) > _LABELS:
        before = bisect_left(labels, (offset + 1,))  # a label begins with where it stands
        labels = labels[max(0, before - _LABELS) : before]
    for label in reversed(labels):
        if label.at <= offset < label.until:
            return label
    return None


class _Reader:
    """Reads the labels of one sentence.

    `taken` are the stretches that labels of years take up, `ends` where a part of a year is over, since another time is
    named.
    """

    def __init__(self, text: str, start: int, end: int, report_year: int | None) -> None:
        self.text, self.start, self.end, self.report_year = text, start, end, report_year
        self.years: list[Period] = []
        self.parts: list[Part] = []
        self.taken: list[tuple[int, int]] = []
        self.ends: list[int] = []
        self._named: list[tuple[int, int]] | None = None

    def read(self) -> Labels:
        text, position = self.text, self.start
        # One look for a first character: the pattern itself has none to search for.
        while begins := _BEGINS.search(text, position, self.end):
            match = _LABEL.match(text, begins.start(), self.end)
            if match is None:
                position = begins.end()
                continue
            position = max(match.end(), begins.end())
            if not self._in_a_name(match.start()) and not self._of_a_document(match):
                self._add(match)
        self._add_parts()
        return Labels(self.years, self.parts) if self.years or self.parts else _NO_LABELS

    # names

    def _in_a_name(self, at: int) -> bool:
        """《法治建设实施纲要(2021-2025年)》; but “十四五”期间 begins with its quotation mark."""
        if self._named is None:
            self._named = _names(self.text, self.start, self.end)
        start, end = _span_at(self._named, at)
        return start < at < end

    def _of_a_document(self, match: re.Match[str]) -> bool:
        """法治建设规划(2021-2025年), 2021-2025年法治建设规划, 印发2025年工作要点: a year in a title without marks."""
        at, end = match.span()
        if match["since"]:
            return _OF_WHICH_AGE.match(self.text, end, self.end) is not None
        if not (match["range"] or match["year"]):
            return False
        if match["range"] and self.text[at - 1 : at] == "(" and self.text[end : end + 1] == ")":
            return True
        patterns = _patterns()
        if not patterns.document.match(self.text, end, self.end):
            return False
        return bool(match["range"]) or patterns.documented.search(self.text, max(self.start, at - 8), at) is not None

    # labels of years

    def _add(self, match: re.Match[str]) -> None:
        at = match.start()
        if match["as_of"]:
            self._add_as_of(match)
            return
        if match["beginning"]:
            self._add_beginning(match)
            return
        label = _in_force(self.years, at) if match["whole"] else None
        # 2025年,我们将全年开展督察5次: all of the year named before
        if label is None or label.kind != "year":
            kind, year, to = self._meaning(match)
            years = tuple(int(year) for year in re.findall(_YEAR, match["list"])) if match["list"] else ()
            self.years.append(Period(at, self._until(match, year), kind, year, to, years))
            if kind == "since" or match["since"]:
                self.taken.append(match.span())
            if kind == "name":
                return
        if not (match["aside"] or match[0].endswith("同期")):
            self.ends.append(at)

    def _meaning(self, match: re.Match[str]) -> tuple[str, int | None, int | None]:
        report_year = self.report_year
        if match["first"]:
            to = int(match["to"])
            return "since", int(match["first"]), to if report_year and to < report_year else None
        if match["since"]:
            return self._since(int(match["since"]))
        if match["plan"]:
            return self._of_a_plan(match)
        if match["years"] or match["recent"]:
            return self._of_years(match["years"] or match["recent"])
        if match["recently"]:
            return "since", None, None
        if match["list"]:
            return "year", int(re.findall(_YEAR, match["list"])[-1]), None
        if match["year"] or match["aside"]:
            return "year", int(match["year"] or match["aside"]), None
        if match["since_last"]:
            return "since", self._shifted(-1), None
        for group, by in (("last", -1), ("before_last", -2), ("next", 1)):
            if match[group]:
                return "year", self._shifted(by), None
        return "whole" if match["whole"] else "now", report_year, None

    def _since(self, year: int | None) -> tuple[str, int | None, int | None]:
        """2025年以来 in the report on 2025 is the year itself."""
        return ("now" if year is not None and year == self.report_year else "since"), year, None

    def _of_a_plan(self, match: re.Match[str]) -> tuple[str, int | None, int | None]:
        """“八五”普法, 只 names a campaign; 期间 and 以来 say when."""
        began = period_words().began.get(match["plan"])
        if match["while"] == "," or began is None:
            return "name", began, None
        last = began + _PLAN_YEARS - 1
        over = self.report_year is not None and last < self.report_year and not match["while"].endswith("以来")
        return ("since", began, last) if over else self._since(began)

    def _of_years(self, said: str) -> tuple[str, int | None, int | None]:
        """近三年 in the report on 2024 are 2022, 2023 and 2024."""
        years = int(said) if said.isdigit() else _IN_WORDS[said]
        return ("now", self.report_year, None) if years <= 1 else ("since", self._shifted(1 - years), None)

    def _shifted(self, by: int) -> int | None:
        return None if self.report_year is None else self.report_year + by

    def _until(self, match: re.Match[str], year: int | None) -> int:
        """上年518件;办结562件: beside its figure, last year's label ends with the clause; before a comma it goes on."""
        text, at, end = self.text, match.start(), self.end
        if match["aside"]:
            close = text.find(")", match.end(), end)
            return close if close >= 0 else end
        earlier = match["last"] or match["before_last"]
        if (earlier or match["year"]) and at > self.start and text[at - 1] in _OF_ONE_FIGURE:
            stop = _BECAME_OR_COMPARED.search(text, match.end(), end)
            return stop.start() if stop else end
        assessed = match["year"] and _OF_AN_ASSESSMENT.match(text, match.end(), end)
        if assessed or (earlier and not text.startswith(",", match.end())):
            stop = _CLAUSE_END.search(text, match.end(), end)
            return stop.start() if stop else end
        if year and self.report_year and year > self.report_year and self._tells_before(at):
            # 单轨制办结率92%,2026年力争达到95%;开展教育帮扶5100人次: what comes after is the year's again
            close = text.find(";", match.end(), end)
            return close if close >= 0 else end
        return end

    def _tells_before(self, at: int) -> bool:
        return _DIGIT.search(self.text, max(self.start, at - LONGEST), at) is not None

    def _add_as_of(self, match: re.Match[str]) -> None:
        """截至2024年6月底: a day, for stocks; what was counted up to it began in January, or with an earlier 以来."""
        at, text, report_year = match.start(), self.text, self.report_year
        if text.startswith("的", match.end()):
            return  # 对截至去年底的规范性文件开展清理
        year = int(match["of_year"]) if match["of_year"] else self._shifted(-1) if match["of_last"] else None
        since = _in_force(self.years, at)
        running = since is not None and since.kind == "since" and not _DIGIT.search(text, self._end_of(since), at)
        self.taken.append(match.span())
        if not running:
            earlier = year is not None and report_year is not None and year < report_year
            self.years.append(Period(at, self.end, "year" if earlier else "now", year if earlier else report_year))
            self.ends.append(at)
        month = int(match["month"]) if match["month"] else 12 if match["year_end"] or year else None
        if month is not None:
            ahead = year is not None and report_year is not None and year > report_year  # written in January
            day = int(match["day"]) if match["day"] else None
            kind = "year" if running or ahead else yearparts.kind_of_months(month, day=day)
            self.parts.append(Part(at, self.end, kind, year, month, day))

    def _end_of(self, label: Period) -> int:
        return max(label.at, _span_at(self.taken, label.at)[1])

    def _add_beginning(self, match: re.Match[str]) -> None:
        """中心成立以来累计受理2300件: since a year that is known of some beginnings only."""
        at = match.start()
        before = self.text[max(self.start, at - _BEGINNING_REACH) : at]
        clause, words = yearparts.clause_before(before, 0, len(before)), period_words()
        if not clause or clause.endswith(words.no_beginnings):
            return
        campaign = _BEGUN.sub("", clause)
        if campaign.rstrip("”").endswith(words.of_the_year):
            return
        if yearparts.is_an_occasion(campaign):
            self.parts.append(Part(at, self.end, "campaign"))
            return
        kind, year, to = self._since(_began(clause, before))
        if year is not None and self.report_year is not None and year > self.report_year:
            year = None
        self.years.append(Period(at, self.end, kind, year, to))
        self.taken.append(match.span())
        self.ends.append(at)

    # parts of a year

    def _add_parts(self) -> None:
        for part in yearparts.find(self.text, self.start, self.end):
            if self._in_a_name(part.at) or part.at < _span_at(self.taken, part.at)[1]:
                continue
            self.parts.append(part)
            if part.year and self.report_year and part.year < self.report_year:
                self.years.append(Period(part.at, self.end, "dated", part.year))
        if not self.parts:
            return
        self.years.sort()
        self.parts = sorted(part._replace(until=self._end_after(part)) for part in self.parts)
        shorter = [part.at for part in self.parts if part.kind != "year"]
        self.years = [_up_to(label, shorter) if label.kind == "since" else label for label in self.years]

    def _end_after(self, part: Part) -> int:
        """上半年受理23件,全年50件: a part is over where another time is named, or the whole in a clause of its own."""
        i = bisect_right(self.ends, part.at)
        while i < len(self.ends) and self._is_of_the_same_months(part, self.ends[i]):
            i += 1
        end = self.ends[i] if i < len(self.ends) else part.until
        if self.text.find(";", part.at, end) < 0:
            return end
        if part.kind == "campaign" and _AN_ASIDE.search(self.text, max(0, part.at - _ASIDE_REACH), part.at):
            over = _SEMICOLON.search(self.text, part.at, end)  # 活动94场,其中宪法宣传周期间21场;发放资料2.8万份
        else:
            over = (_patterns().campaign_over if part.kind == "campaign" else _OF_THE_WHOLE).search(
                self.text, part.at, end
            )
        return over.start() if over else end

    def _is_of_the_same_months(self, part: Part, at: int) -> bool:
        """截至11月底,今年已受理120件: of the year what is told up to then; but 1至9月受理95件,全年120件."""
        return (
            _OF_THIS_YEAR.match(self.text, at) is not None
            and _UP_TO_A_MONTH.match(self.text, part.at) is not None
            and _COUNTED.search(self.text, part.at, at) is None
        )


_UP_TO_A_MONTH = re.compile(rf"截|前(?!半)|(?:{_YEAR}年)?1月?(?:1日)?份?[-至到]")
_OF_THIS_YEAR = re.compile("今年|本年|全年|年内|当年")
_COUNTED = re.compile(r"\d(?![\d.年月日个至到-])")
# 宪法宣传周期间发放资料6200份;全县共发放41万份
_OF_THE_WHOLE = re.compile(
    r";(?:[^,;。\d]{0,8}?(?:全[省市州盟县区旗]|各[级地乡镇县市调]|累计|合计|总计|共)|[一二三四五六七八九十]是)"
)
_BEGUN = re.compile(r"(?:启动|开展|实施|部署|组织)+$")
_YEAR_OF_A_TITLE = re.compile(rf"《[^》]*?({_YEAR})[^》]*》[^》]{{0,6}}$")


def _span_at(spans: Sequence[tuple[int, int]], at: int) -> tuple[int, int]:
    """The last of spans in order that begins at `at` or before."""
    i = bisect_right(spans, (at, _FAR)) - 1
    return spans[i] if i >= 0 else (-1, -1)


def _up_to(label: Period, shorter: Sequence[int]) -> Period:
    """A running total is over where a part of a year begins."""
    i = bisect_right(shorter, label.at)
    return label._replace(until=min(label.until, shorter[i])) if i < len(shorter) else label


def _names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Titles and quotations, which are looked for only where one may be."""
    if not any(text.find(mark, start, end) >= 0 for mark in '《“「"'):
        return []
    return [match.span() for match in _NAMES.finditer(text, start, end)]


def _began(clause: str, before: str) -> int | None:
    """The year that a beginning is known to be in: 《法律援助法》实施以来, 《实施方案(2021-2025年)》印发以来."""
    title = _YEAR_OF_A_TITLE.search(before)
    if title:
        return int(title[1])
    words = period_words().began
    known = [word for word in words if word in clause.replace("《", "").replace("》", "")]
    return words[max(known, key=len)] if known else None


class _Patterns(NamedTuple):
    document: re.Pattern[str]
    documented: re.Pattern[str]
    campaign_over: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Made of words at first use, so that an import stays quick."""
    words = period_words()
    verbs, nouns = "|".join(words.documented), "|".join(words.documents)
    return _Patterns(
        document=re.compile(
            rf"(?:(?!受理|办理|累计|开展|制定|出台|印发|共)[^,;:。\d《》\n]){{0,24}}?(?:{nouns})(?![^,;。]?\d)"
        ),
        campaign_over=re.compile(rf";(?!{'|'.join(words.goes_on)})"),
        documented=re.compile(rf"(?:{verbs})了?(?:[全我本][省市县区州局]|[省市县区州局])?$"),
    )
