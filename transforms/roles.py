"""Role of a figure: this year's, an earlier year's, a target, a plan, or a change and its direction.

What belongs here is told by the words around a figure, whatever it measures.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from transforms.periods import Period
from transforms.quantities import Quantity

_UP = "增长|比增|增加|上升|提高|提升|增幅|增|上涨|升高|攀升|新增|多出|多|高出|高|增速|涨幅|升"
_DOWN = "下降|比降|比减|减少|降低|压减|精简|削减|下滑|减|缩减|降幅|压缩|回落|缩短|少|低|降"
_CHANGED_BY = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|(?:幅度?|率|(?<=[幅速]))(?:分别)?(?:达|为)?|(?:分别)?(?:达|近|约|超过|逾|超|突破))?[:达约]?$"
)
# 平均压缩时限74%, 减少申请材料40%
_CUT = re.compile(
    r"(?:压缩|压减|缩减|缩短|减少|精简|降低)了?(?:办理|审批|办结|承诺|申请|申报)?"
    r"(?:时限|时间|材料|环节|成本|费用|周期)(?:近|约|超过|超|达)?$"
)
_ONLY_COMPARED = ("多", "升", "新增", "增", "高", "低")
_COMPARED = re.compile(r"同比|环比|[比较][上去前]|[比较](?:20\d\d年|同期)|相比")
_MORE_THAN = re.compile(
    r"(?:同比|环比|[较比][^,;。]{1,12}?)(?:分别)?"
    r"(?:(?P<up>增长|增加|上升|提高|提升|多|增|上涨)|(?P<down>下降|减少|降低|少|减|下滑|回落))"
    r"(?:了|近|约|[审办收]|受理|办理|调解|开展|发放)?$"
)
_MORE_ALONE = re.compile(r"[\s,]*(?:(?P<up>净增|多了|增加了|多出|增长了)|(?P<down>少了|减少了|降低了|下降了))")
_COMPARED_TO = re.compile(r"[较比与](?:去年|上一?年|(?:19|20)\d\d年)度?(?:同期)?的?$")
# 分别较2019年底增长1.2倍、1.5倍
_SHARED_CHANGE = re.compile(
    rf"分别(?:同比|环比|[较比](?:去年|上一?年|同期|(?:19|20)\d\d年)[度底末]?(?:同期)?)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?(?=\d)"
)

_TARGET_AFTER = re.compile(
    r"^的?(?:年度|考核|控制|约束|警戒|目标|省定|市定|国家|规定|既定|预期|法定|最低|以上|以下){0,2}的?"
    r"(?:考核标准|考核目标|目标任务|(?<=年度)任务|(?<=目标)任务|(?<=考核)任务|任务目标|任务数|目标值|目标要求|目标|标准(?!化)|指标值|(?<=控制)指标|(?<=约束)指标|(?<=考核)指标|(?<=控制)线|(?<=考核)线|(?<=警戒)线|红线|底线|的要求)"
)
_TARGET_BEFORE = re.compile(
    r"(?:目标(?:值|数|任务)?|(?:考核|控制|警戒)线|下达[^,;。]{0,12}任务|任务数|指标(?:任务|值)|计划数|下达|既定|定额)(?:为|是|不低于|不少于|要求|的)?$"
    r"|(?:标准|要求)(?:为|是|不低于|不少于|达到|达)?$|(?:考核|规定|任务)要求的$"
    r"|(?:低于|高于|不低于|不超过|超过|超出)(?:[省市国][定级家]|自治[区州县])(?:规定|要求)?的?$"
)
_TARGET_WORD = re.compile("[标线务数准求达定额]")
_DONE_OF_TARGET = re.compile(r"完成|达到[^,;。]*的$|占[^,;。]*的$")
_INTENDED = re.compile(
    r"目标是|预计|确保(?=[^,。;]{0,20}(?:达到|达|不低于|以上))|(?<![重草代模])拟(?!提请|定|稿|订)|"
    r"将(?:新增|新建|达到|力争|打造|建成|培育|组织开展)"
)
# 力争调处成功率98%,评查案卷200件: a wish holds for the rest of its sentence.
_WISHED = re.compile(
    r"力争|争取(?!到|了|项目|资金|上级|中央|省级|各类|专项)|"
    r"计划(?=办理|开展|新增|完成|组织|培训|建成|培育|举办|新建|打造)"
)
_WISH_REACH = 120


class Reading(NamedTuple):
    """Role of a figure, the direction of a change, and the year a running total began."""

    role: str
    direction: str | None = None
    since_year: int | None = None


ACTUAL = Reading("actual")


@dataclass(slots=True)
class Surroundings:
    """What stands around a figure in a normalised text.

    `left_start` is where its clause begins, `sentence_start` its sentence, `words_end` where its own words end, which
    is before the first figure of a dealt-out list; `section` is the kind of section; `listed` says that it stands in
    a list after 依次 or 分别.
    """

    text: str
    sentence_start: int
    left_start: int
    words_end: int
    section: str
    period: Period | None
    report_year: int | None
    listed: bool


def read(quantity: Quantity, around: Surroundings) -> Reading:
    """The role told by section, clause and period, in this order: plan, change, target, prior, actual."""
    text, start, end = around.text, quantity.left_end, quantity.right_start
    left, right = text[around.left_start : start], text[end : end + 24]
    direction = change(text[around.left_start : around.words_end], quantity.kind)
    if around.section == "plan" or _is_wished(around, start) or _lies_ahead(around.period, around.report_year):
        return Reading("plan", direction)
    if direction:
        return Reading("change", direction)
    if _is_target(left, right, quantity.kind):
        return Reading("target")
    if _INTENDED.search(left):
        return Reading("plan")
    # 由15个工作日压缩到3个工作日, 从120项指标精简为60项, 较去年的120件
    if _BECAME.match(right) or _COMPARED_TO.search(left[-12:]):
        return Reading("prior")
    if _BECAME_WHAT.match(right) and _FROM.search(left[-12:]):
        return Reading("prior")
    return ACTUAL if _BECAME_BEFORE.search(left[-4:]) else _by_period(around)


def _is_wished(around: Surroundings, start: int) -> bool:
    since = max(around.sentence_start, start - _WISH_REACH)
    return _WISHED.search(around.text, since, start) is not None


def _lies_ahead(period: Period | None, report_year: int | None) -> bool:
    return bool(
        period and period.kind == "year" and period.year is not None and report_year and period.year > report_year
    )


def _is_target(left: str, right: str, kind: str) -> bool:
    """低于15%的考核标准 is a target; 完成年度任务数的118% is what was reached."""
    if _TARGET_AFTER.match(right):
        return True
    before = left[-20:]
    if not _TARGET_WORD.search(before):
        return False
    return _TARGET_BEFORE.search(before) is not None and not (kind == "percent" and _DONE_OF_TARGET.search(left))


def _by_period(around: Surroundings) -> Reading:
    period, report_year = around.period, around.report_year
    if period is None or report_year is None:
        return Reading("actual", since_year=period.year) if period and period.kind == "since" else ACTUAL
    if period.kind == "since":
        # 2020年以来,败诉率依次为…: a series of years, not a running total
        return Reading("prior") if around.listed else Reading("actual", since_year=period.year)
    if period.kind == "year" and period.year is not None and period.year < report_year:
        return Reading("prior")
    return ACTUAL


def change(left: str, unit_kind: str) -> str | None:
    """up or down where the figure is a growth or fall: 同比增长12.3%, 比2019年增加842件; None otherwise.

    A count is a change only beside a comparison: 新增调解员20名 is a count of its own.
    """
    tail = left[-24:]
    if unit_kind not in ("percent", "point", "multiple", "duration"):
        compared = _MORE_THAN.search(tail) if "比" in tail or "较" in tail else None
        return _direction(compared or _MORE_ALONE.fullmatch(left))
    match = _CHANGED_BY.search(tail)
    if match and ((match["up"] or match["down"]) not in _ONLY_COMPARED or _COMPARED.search(tail)):
        return _direction(match)
    if _CUT.search(tail):
        return "down"
    return _direction(_SHARED_CHANGE.search(left))


def _direction(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return "up" if match["up"] else "down"


_BECOMING = (
    "压缩|缩短|缩|压|扩展|扩大|扩充|缩减|减少|压减|削减|精简|优化|下降|上升|提高|提升|增加|降低|增长|调整|延长|"
    "发展|壮大|扩容|降|升|增|减|变"
)
_BECAME = re.compile(rf"(?:{_BECOMING})[到至为]")
_BECAME_WHAT = re.compile(rf",?[\u4e00-\u9fff]{{0,6}}?(?:{_BECOMING})(?:优化|调整)?[到至为]")
_FROM = re.compile(r"[从由][^,;。]{0,10}$")
_BECAME_BEFORE = re.compile(rf"(?:{_BECOMING}|提速|控制)[到至为在]$")
_MUCH_TIME = 100
_SHORTENED = re.compile(r"(?:缩短|压缩|压减|提前|延长)(?:了|近|约)?$")
_TAKES_TIME = re.compile(r"(?:平均|用时|时长|时间|周期|时限)[^,;。]{0,6}$")


def of_duration(text: str, quantity: Quantity) -> bool:
    """A time that was really taken: 压缩到3个工作日, 平均办理时间48天, 服务4100小时. Others are no statistics."""
    if quantity.kind != "duration":
        return False
    if quantity.unit in ("小时", "个小时", "分钟") and quantity.value >= _MUCH_TIME:
        return True
    left = text[max(0, quantity.left_end - 10) : quantity.left_end]
    return bool(
        _BECAME_BEFORE.search(left)
        or _TAKES_TIME.search(left)
        or _SHORTENED.search(left)
        or _BECAME.match(text, quantity.right_start)
    )
