"""Role, direction, period and scope of a figure: this year's, last year's, a target, a plan, a change.

What belongs here is told by the words around a figure, whatever it measures.
"""

import re
from dataclasses import dataclass

from transforms.quantities import Quantity

_UP = "增长|增加|上升|提高|提升|增幅|增|上涨|升高|攀升|新增|多|高出|增速|涨幅|升"
_DOWN = "下降|减少|降低|压减|下滑|减|缩减|降幅|压缩|回落|缩短|少|降"
_CHANGED_BY = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|幅度?(?:达|为)?|率?(?:达|为)|近|约|超过|逾|超|突破)?[:为达约]?$"
)
# 提高到15% is a level reached, not a change of 15%.
_COMPARED = re.compile(
    r"同比|环比|比上|比去|比前|较上|较去|较前|比20\d\d年|较20\d\d年|[较比]同期|[较比]20\d\d年?|同期相比|相比"
)
_MORE_THAN = re.compile(
    r"(?:同比|环比|[较比][^,;。]{1,12}?)(?:分别)?(?:(?P<up>增长|增加|上升|提高|提升|多|增|上涨)|(?P<down>下降|减少|降低|少|减|下滑|回落))(?:了|近|约)?$"
)
_SHARED_CHANGE = re.compile(rf"分别(?:同比|较上年|比上年)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了)?(?=\d)")

_TARGET_AFTER = re.compile(
    r"^的?(?:年度|考核|目标|省定|市定|国家|规定|既定|预期|法定|最低|以上|以下){0,2}的?"
    r"(?:考核标准|考核目标|目标任务|(?<=年度)任务|(?<=目标)任务|(?<=考核)任务|任务目标|任务数|目标值|目标要求|目标|标准(?!化)|红线|底线|的要求)"
)
_TARGET_BEFORE = re.compile(
    r"(?:目标(?:值|数|任务)?|任务数|指标(?:任务|值)|标准|要求|计划数|下达|既定|定额)(?:为|是|不低于|不少于|要求|的)?$|(?:低于|高于|不低于|不超过)(?:省|市|国家)[定级](?:的)?$"
)
_PLAN_BEFORE = re.compile(
    r"力争|争取|计划(?!外|内|单列)|预计|目标是|确保(?=[^,。;]{0,20}(?:达到|达|不低于|以上))|拟(?!提请|定|稿|订)|将(?:新增|新建|达到|力争|打造|建成|培育|组织开展)"
)


@dataclass(frozen=True, slots=True)
class Period:
    """What a label says of time: `since` a year, a single `year`, or `now`; `at` is where it stands."""

    at: int
    kind: str
    year: int | None


_PERIOD = re.compile(
    r"""
    (?P<past>(?:(?P<py>(?:19|20)\d\d)年?[-至到](?:19|20)\d\d年)(?!度)[,间]?)     # 2020年-2022年, 受理 …
  | (?:自|从)?(?P<sy>(?:19|20)\d\d)年[^,。;!?\d]{0,4}(?:\d{1,2}月(?:\d{1,2}日)?)?[^,。;!?\d]{0,24}?(?:以来|至今|起)
  | (?P<plan>[“"]?(?P<which>十[一二三四五六]五|[一二三四五六七八九]五)[”"]?(?:普法|规划)?
      (?:期间|以来|时期|实施以来|启动以来|,))
  | (?P<n>[近过]?(?:[一二两三四五六七八九十]|\d{1,2})年(?:多)?来|[近过去]{1,2}(?:[两三四五六七八九十]|\d{1,2})年)
  | (?P<lastsince>去年以来|上年以来)
  | (?P<now>今年|本年度?|全年|年内|截至|截止|目前|当前|现有|本年|年底|年末)
  | (?<![比较同])(?P<last>去年|上一?年度?+|同期)(?!同期?相?比|相比|增|下|末|减|底?结转)
  | (?<![比较《(〔\d\-年至])(?P<y>(?:19|20)\d\d)年(?!\d{1,2}月)(?:度)?(?!同期?相?比|相比)
    """,
    re.VERBOSE,
)
_LAW_PUBLICITY_PLANS = {"五五": 2006, "六五": 2011, "七五": 2016, "八五": 2021, "九五": 2026, "四五": 2001}
_FIVE_YEAR_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
_YEARS_IN_WORDS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def periods(text: str, start: int, end: int, report_year: int | None) -> list[Period]:
    """The labels of time in text[start:end], left to right."""
    found: list[Period] = []
    for match in _PERIOD.finditer(text, start, end):
        found.append(_period(match, report_year))
    return found


def _period(match: re.Match[str], report_year: int | None) -> Period:
    at = match.start()
    if match["sy"]:
        return Period(at, "since", int(match["sy"]))
    if match["past"]:
        return Period(at, "since", int(match["py"]))
    if match["plan"]:
        year = _LAW_PUBLICITY_PLANS.get(match["which"]) or _FIVE_YEAR_PLANS.get(match["which"])
        # 迎接“七五”普法, names a campaign; 期间 and 以来 say when.
        ended = match[0][-1] in ",间期" and not match[0].endswith(("期间", "时期"))
        return Period(at, "name" if ended else "since", year)
    if match["n"]:
        digits = re.sub(r"\D", "", match["n"])
        years = int(digits) if digits else _YEARS_IN_WORDS.get(match["n"].strip("近过去多来年"), 1)
        if years <= 1 or report_year is None:
            return Period(at, "now", None)
        return Period(at, "since", report_year - years)
    if match["lastsince"]:
        return Period(at, "since", report_year - 1 if report_year else None)
    if match["now"]:
        return Period(at, "now", report_year)
    if match["last"]:
        return Period(at, "year", report_year - 1 if report_year else None)
    return Period(at, "year", int(match["y"]))


@dataclass(frozen=True, slots=True)
class Reading:
    """Role of a figure, the direction of a change, and the year a running total began."""

    role: str
    direction: str | None = None
    since_year: int | None = None


def read(
    left: str, right: str, unit_kind: str, section: str, period: Period | None, report_year: int | None, listed: bool
) -> Reading:
    """The role told by the clause to the left, the words to the right, the period in force and the section.

    `left` reaches back to the last comma, `right` on to the next; `listed` says that the figure stands in a
    list after 依次 or 分别.
    """
    direction = change(left, unit_kind)
    if direction:
        return Reading("change", direction)
    if section == "plan":
        return Reading("plan")
    if _TARGET_AFTER.match(right) or (_TARGET_BEFORE.search(left) and not (unit_kind == "percent" and "完成" in left)):
        return Reading("target")
    if _PLAN_BEFORE.search(left):
        return Reading("plan")
    if _BECAME.match(right):
        return Reading("prior")  # 由20个工作日压缩至2个工作日
    if period is None or period.kind in ("now", "name"):
        return Reading("actual")
    if period.kind == "since":
        if listed and report_year is not None:
            return Reading("prior")  # 2018年以来,败诉率依次为…: a series of years, not a running total
        return Reading("actual", since_year=period.year)
    if period.year is not None and report_year is not None:
        if period.year > report_year:
            return Reading("plan")
        if period.year < report_year:
            return Reading("prior")
    return Reading("actual")


_TO_LEVEL = re.compile(r"(?:[到至为](?:了)?|达到?|[到至]约)$")


def change(left: str, unit_kind: str) -> str | None:
    """up or down where the figure is a growth or fall: 同比增长12.3%, 比2019年增加842件; None otherwise.

    A count is a change only beside a comparison: 新增调解员20名 is a count of its own.
    """
    tail = left[-24:]
    if unit_kind in ("percent", "point", "multiple"):
        match = _CHANGED_BY.search(tail)
        if match and not (match["up"] in ("多", "升", "新增", "增") and not _COMPARED.search(tail)):
            if unit_kind == "percent" and match["up"] == "提高" and tail.endswith("为"):
                return None
            return "up" if match["up"] else "down"
        shared = _SHARED_CHANGE.search(left)
        if shared:
            return "up" if shared["up"] else "down"
        return None
    match = _MORE_THAN.search(tail)
    if match:
        return "up" if match["up"] else "down"
    return None


_BECAME = re.compile(r"(?:压缩|缩短|缩减|减少|压减|下降|上升|提高|提升|增加|降低|增长|调整|延长)(?:[到至为])")
_BECAME_BEFORE = re.compile(r"(?:压缩|缩短|缩减|减少|压减|降低|提速|控制在)(?:[到至为在了])?$")


def of_duration(text: str, quantity: Quantity) -> bool:
    """A time that was really reached: 由20个工作日压缩至2个工作日. All other durations are no statistics."""
    if quantity.canonical is None or quantity.canonical.kind != "duration":
        return False
    return bool(
        _BECAME_BEFORE.search(text, max(0, quantity.start - 8), quantity.start) or _BECAME.match(text, quantity.end)
    )
