"""Role of a figure: this year's, an earlier year's, a target, a plan, or a change and its direction; and its time.

What belongs here is told by the words around a figure, whatever it measures.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from transforms.periods import Period, Told
from transforms.quantities import Quantity
from transforms.sentences import LONGEST

_UP = "增长|比增|增加|上升|提高|提升|提速|增幅|增|上涨|升高|攀升|新增|多出|多|高出|高|增速|涨幅|升"
_DOWN = "下降|比降|比减|减少|降低|压减|精简|削减|下滑|减|缩减|降幅|压缩|回落|缩短|少|低|降"
_CHANGED_BY = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|(?:幅度?|率|(?<=[幅速]))(?:分别)?(?:达|为)?|(?:分别)?(?:达|近|约|超过|逾|超|突破))?[:达约]?$"
)
# 平均压缩时限74%, 减少申请材料40%
_CUT = re.compile(
    r"(?:压缩|压减|缩减|缩短|减少|精简|降低)了?(?:办理|审批|办结|承诺|申请|申报)?"
    r"(?:时限|时间|材料|环节|成本|费用|周期)(?:近|约|超过|超|达)?$"
)
# 同比-2.5%, 增速为-3%: the sign says which way.
_BELOW_NOUGHT = re.compile(
    r"(?:同比|环比|[较比](?:去年|上一?年|同期)(?:同期)?|增[长速幅]|涨幅)(?:增[长速幅]|变化)?[为:]?-$"
)
_ONLY_COMPARED = ("多", "升", "新增", "增", "高", "低")
_COMPARED = re.compile(r"同比|环比|[比较][上去前]|[比较](?:20\d\d年|同期)|相比")
_MORE_THAN = re.compile(
    r"(?:同比|环比|[较比][^,;。]{1,12}?)(?:分别)?"
    r"(?:(?P<up>增长|增加|上升|提高|提升|多|增|上涨)|(?P<down>下降|减少|降低|少|减|下滑|回落))"
    r"(?:了|近|约|[审办收]|受理|办理|调解|开展|发放)?$"
)
_MORE_ALONE = re.compile(r"[\s,]*(?:(?P<up>净增|多了|增加了|多出|增长了)|(?P<down>少了|减少了|降低了|下降了))")
_ENDS_OF_MORE = "增了出"
_COMPARED_TO = re.compile(r"[较比与](?:去年|上一?年|(?P<year>(?:19|20)\d\d)年)度?(?:同期)?的?$")
_NAMED_FOR_COMPARISON = re.compile(r"[较比与从由同]((?:19|20)\d\d)年")
# 较2022年的24家增加7家
_MORE_THAN_ANOTHER = re.compile(
    r"[较比与][^,;。\d]{0,6}(?:(?:19|20)\d\d年)?[^,;。\d]{0,8}的[\d.,]+[余多]?[万亿]?[^\d,;。]{1,4}?"
    r"(?:相比)?(?:(?P<up>增加|增长|上升|多)|(?P<down>减少|下降|降低|少))了?$"
)
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
_ENDS_A_TARGET = frozenset("标值数务线达定额为是于求的准到级家区州县")
"""What _TARGET_BEFORE ends with."""
_BEGINS_A_TARGET = "的年考控约警目省市国规既预法最以任标指红底"
_DONE_OF_TARGET = re.compile(r"完成|达到[^,;。]*的$|占[^,;。]*的$")
_INTENDED = re.compile(
    r"目标是|预计|确保(?=[^,。;]{0,20}(?:达到|达|不低于|以上))|拟(?<![重草代模虚]拟)(?!定|稿|订|合|态)|"
    r"要达到|(?<![相对响反适供])应当?(?=完成|达到)|"
    r"将(?:新增|新建|达到|力争|打造|建成|培育|组织开展)"
)
# 力争调处成功率98%,评查案卷200件: a wish holds for the rest of its sentence, and so does 拟提请审议法规2件,规章4件.
_WISHED = re.compile(
    r"力争|争取(?!到|了|项目|资金|上级|中央|省级|各类|专项)|"
    r"计划(?=办理|开展|新增|完成|组织|培训|建成|培育|举办|新建|打造|提请|制定|审议|修订|评查|调处|调解)|"
    r"拟(?:于[^,;。]{1,8})?提[请交]|列入[^,;。]{0,14}(?:立法|制定|审议)[^,;。]{0,6}计划(?!的(?!项目|审议|立法|调研))|"
    r"立法(?:工作)?计划(?:项目)?[:列]|"
    r"(?P<aim>(?:(?:19|20)\d\d年度?|(?<!上)年度|全年|年初|[今本]年度?)(?:工作|绩效|主要|任务|确定|计划|的){0,2}目标(?:任务|值)?[:为是])"
)
# 预计办理600件,实际完成655件: what was expected of this year, and what came of it.
_DONE_AFTER = re.compile(
    r"[余多]?[^,;。\d]{0,16}[,;(][^,;。\d]{0,8}(?:实际|实办|实为|实有|已(?:办|完|开|受|审|培|建|举|组|超)|超额|完成率)[^,;。]{0,16}?\d"
)
_CAME_OF_IT = re.compile(
    r"[,;:。(][^,;:。\d]{0,8}(?:实际|实办|实为|实有|已(?:办|完|开|受|审|培|建|举|组|超)|超额|完成率)"
)
_LISTED = "拟列立"
_WISH_REACH = 120
# The year's list as it was decided is what was done: 经市委研究确定2024年度拟提请审议法规草案2件.
_DECIDED = re.compile(r"(?:研究|审议|通过|并)确定了?(?:(?:19|20)\d\d年度?)?$")
_DONE_SINCE = re.compile("已|完成|实际|全年")
_DIGIT = re.compile(r"\d")


class Reading(NamedTuple):
    """Role of a figure, the direction of a change, and its time.

    `since_year` is the year a running total began, `figure_year` the one the figure speaks of, `period` what of it
    (observation.PERIODS), `day` the last day of that where one is told.
    """

    role: str
    direction: str | None = None
    since_year: int | None = None
    figure_year: int | None = None
    period: str = "year"
    day: date | None = None


ACTUAL = Reading("actual")


@dataclass(slots=True)
class Surroundings:
    """What stands around a figure in a normalised text.

    `left_start` is where its clause begins, `sentence_start` its sentence, `words_end` where its own words end, which
    is before the first figure of a dealt-out list; `section` is the kind of section; `told` what the labels of time
    before it say; `nth_of` its number in a list after 依次 or 分别, and the list's length; `aimed` says that a zero in
    words is meant to be (确保零败诉), `wishes` whether its sentence has words of a wish at all (see may_wish).
    """

    text: str
    sentence_start: int
    left_start: int
    words_end: int
    section: str
    told: Told
    report_year: int | None
    nth_of: tuple[int, int] | None
    aimed: bool = False
    wishes: bool = True

    def far_back(self, start: int) -> int:
        """Where the sentence begins, or as far before a figure as any sentence that people write."""
        return max(self.sentence_start, start - LONGEST)

    @property
    def named_year(self) -> int | None:
        """The year that a label names; of a list of years (2022年、2023年分别为) the figure's own."""
        label = self.told.label
        if label is None or label.kind not in ("year", "dated"):
            return None
        if self.nth_of and len(label.years) == self.nth_of[1]:
            return label.years[self.nth_of[0]]
        return label.year


def may_wish(text: str, start: int, end: int) -> bool:
    """Whether the sentence text[start:end] has words of a wish; most have none, so no figure need look for them."""
    return _WISHED.search(text, start, end) is not None


def read(quantity: Quantity, around: Surroundings) -> Reading:
    """The role told by section, clause and period, in this order: plan, change, target, prior, actual; and the time."""
    reading = _role(quantity, around)
    part = around.told.part
    if part is None:
        return reading
    day = part.last_day(reading.figure_year) if reading.figure_year else None
    return reading._replace(period=reading.period if part.kind == "year" else part.kind, day=day)


def _role(quantity: Quantity, around: Surroundings) -> Reading:
    text, start, end = around.text, quantity.left_end, quantity.right_start
    left, right = text[around.left_start : start], text[end : end + 24]
    direction = change(text[around.left_start : around.words_end], quantity.kind) or _more_than_another(around, start)
    report_year, named = around.report_year, around.named_year
    lies_ahead = named is not None and report_year is not None and named > report_year
    if around.section == "plan" or around.aimed or lies_ahead:
        return _plan(around, direction)
    if around.wishes and (wish := _wished(around, start)):
        listed = wish[0][0] in _LISTED  # 列入立法计划12件,已完成8件: what such a plan has stays planned
        return _plan(around, direction) if listed else _expected(around, direction, end, aimed=wish["aim"] is not None)
    if direction:
        return Reading("change", direction, figure_year=named or report_year)
    if _is_target(left, right, quantity.kind):
        return Reading("target", figure_year=named or report_year)
    if _is_intended(left, around, start):
        return _expected(around, None, end)
    # 由15个工作日压缩到3个工作日, 从120项指标精简为60项, 较去年的120件
    tail = left[-12:]
    compared = _COMPARED_TO.search(tail) if "年" in tail else None
    if compared or _goes_on_to_become(tail, right):
        return Reading("prior", figure_year=_earlier_year(compared, around, start))
    became = _BECAME_BEFORE.search(left[-16:]) if left[-1:] in _ENDS_OF_BECOMING else None
    return _became(int(became["year"]) if became["year"] else None, around) if became else _by_period(around, named)


def _goes_on_to_become(left: str, right: str) -> bool:
    """从120项精简为60项, 120项,压缩至60项: whether a figure is told to have become another."""
    if right[:1] in _BEGINS_BECOMING and _BECAME.match(right):
        return True
    from_it = ("从" in left or "由" in left) and _FROM.search(left)
    return bool(from_it and _BECAME_WHAT.match(right))


def _plan(around: Surroundings, direction: str | None) -> Reading:
    """Of the year that is named, 2024年度拟提请审议 in the report on 2024, else of the next."""
    report_year, named = around.report_year, around.named_year
    if named is not None and (report_year is None or named >= report_year):
        return Reading("plan", direction, figure_year=named)
    return Reading("plan", direction, figure_year=None if report_year is None else report_year + 1)


def _expected(around: Surroundings, direction: str | None, end: int, *, aimed: bool = False) -> Reading:
    """预计办理600件 is a plan; a target of this year where what came of it (实际完成655件) or a target is told of."""
    if not aimed and _DONE_AFTER.match(around.text, end, end + 48) is None:
        return _plan(around, direction)
    year = around.named_year or around.report_year
    return Reading("plan" if direction else "target", direction, figure_year=year)


def _became(year: int | None, around: Surroundings) -> Reading:
    """由365件变为404件, 升至2023年的20.6%: what a figure became is this year's, or of the year named with it."""
    if year is not None and around.report_year is not None and year < around.report_year:
        return Reading("prior", figure_year=year)
    return Reading("actual", figure_year=around.report_year)


def _earlier_year(compared: re.Match[str] | None, around: Surroundings, start: int) -> int | None:
    """The year of an earlier figure: 较2022年的24家, 前年败诉9件, 与2020年相比,由315件增至429件; else one before."""
    report_year = around.report_year
    if compared and compared["year"]:
        return int(compared["year"])
    named = around.named_year
    if named is None and "年" in (before := around.text[around.far_back(start) : start]):
        years = [int(year) for year in _NAMED_FOR_COMPARISON.findall(before)]
        named = years[-1] if years else None
    if named is not None and (report_year is None or named < report_year):
        return named
    return None if report_year is None else report_year - 1


def _is_intended(left: str, around: Surroundings, start: int) -> bool:
    """拟修订规章2部; but of what was gone through (清理文件160件,拟废止12件) it says what was found."""
    intended = _INTENDED.search(left)
    if intended is None:
        return False
    if intended[0] != "拟":
        return True
    cleaned = "清理" in around.text[around.far_back(start) : start]
    return not cleaned and _DECIDED.search(left, 0, intended.start()) is None


def _wished(around: Surroundings, start: int) -> re.Match[str] | None:
    """The wish before the figure that still holds; one that follows other figures ends with the semicolon."""
    text = around.text
    for wish in _WISHED.finditer(text, max(around.sentence_start, start - _WISH_REACH), start):
        since, listed = text[wish.end() : start], wish[0][0] in _LISTED
        if ";" in since and (listed or _DIGIT.search(text, around.far_back(start), wish.start())):
            continue
        if listed and (_DONE_SINCE.search(since) or _DECIDED.search(text, around.far_back(start), wish.start())):
            continue  # 列入立法计划12件,已完成8件
        if _CAME_OF_IT.search(since):
            continue  # 计划办理600件,实际完成655件
        return wish
    return None


def _is_target(left: str, right: str, kind: str) -> bool:
    """低于15%的考核标准 is a target; 完成年度任务数的118% is what was reached."""
    if right[:1] in _BEGINS_A_TARGET and _TARGET_AFTER.match(right):
        return True
    if left[-1:] not in _ENDS_A_TARGET or not _TARGET_BEFORE.search(left[-20:]):
        return False
    return not (kind == "percent" and _DONE_OF_TARGET.search(left))


def _by_period(around: Surroundings, named: int | None) -> Reading:
    label, report_year = around.told.label, around.report_year
    if label is not None and label.kind == "since":
        return _running(label, around)
    if named is not None and report_year is not None and named < report_year:
        return Reading("prior", figure_year=named)
    return Reading("actual", figure_year=report_year or named)


def _running(label: Period, around: Surroundings) -> Reading:
    """A running total (2020年以来,受理…), or a series of years (2020年以来,败诉率依次为…)."""
    report_year = around.report_year
    if around.nth_of and report_year is not None:
        number, length = around.nth_of
        year = None if label.year is None else label.year + number
        if year is None or label.year is None or label.year + length - 1 > report_year:
            return Reading("prior", figure_year=report_year - 1)
        return Reading("prior" if year < report_year else "actual", figure_year=year)
    role = "actual" if label.to is None else "prior"
    return Reading(role, since_year=label.year, figure_year=label.to or report_year, period="cumulative")


def change(left: str, unit_kind: str) -> str | None:
    """up or down where the figure is a growth or fall: 同比增长12.3%, 比2019年增加842件; None otherwise.

    A count is a change only beside a comparison: 新增调解员20名 is a count of its own.
    """
    tail = left[-24:]
    if unit_kind not in ("percent", "point", "multiple", "duration"):
        compared = _MORE_THAN.search(tail) if "比" in tail or "较" in tail else None
        if compared is None and left[-1:] in _ENDS_OF_MORE:
            compared = _MORE_ALONE.fullmatch(left)
        return _direction(compared)
    if tail.endswith("-") and _BELOW_NOUGHT.search(tail):
        return "down"
    match = _CHANGED_BY.search(tail)
    if match and ((match["up"] or match["down"]) not in _ONLY_COMPARED or _COMPARED.search(tail)):
        return _direction(match)
    if _CUT.search(tail):
        return "down"
    return _direction(_SHARED_CHANGE.search(left)) if "分别" in left else None


def _more_than_another(around: Surroundings, start: int) -> str | None:
    """较2022年的24家增加7家: a count is a change where it follows what it is compared with."""
    if around.text[start - 1 : start] not in _ENDS_OF_CHANGES:
        return None
    return _direction(_MORE_THAN_ANOTHER.search(around.text, max(around.sentence_start, start - 40), start))


_ENDS_OF_CHANGES = frozenset("加长升多少降低了")


def _direction(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return "up" if match["up"] else "down"


_BECOMING = (
    "压缩|压降|缩短|缩|压|扩展|扩大|扩充|拓展|缩减|减少|压减|削减|精简|优化|下降|上升|跃升|攀升|提高|提升|提速|增加|降低|"
    "回落|上调|下调|增长|发展|壮大|扩容|调整|延长|降|升|增|减|变"
)
_BEGINS_BECOMING = frozenset(word[0] for word in (*_BECOMING.split("|"), "提"))
_BECAME = re.compile(rf"(?:{_BECOMING})[到至为成]|提[到至](?=[^,;。]{{0,8}}\d)")
_BECAME_WHAT = re.compile(rf",?[\u4e00-\u9fff]{{0,6}}?(?:{_BECOMING}|提)(?:优化|调整)?[到至为成]")
_FROM = re.compile(r"[从由][^,;。]{0,10}$")
# 提到96.3%, 升至2023年的20.6%
_OF_WHEN = r"了?(?:(?P<year>(?:19|20)\d\d)年?[度底末]?的?|(?:今年|本年|目前|现在|当前)的?)?"
_BECAME_BEFORE = re.compile(rf"(?:{_BECOMING}|提|控制)[到至为在成]{_OF_WHEN}$")
_ENDS_OF_BECOMING = frozenset("到至为在成了年度底末的前0123456789")
"""What a word of becoming ends with, or the year after it."""
_BECAME_ALONE = re.compile(rf"[\s,]*(?:已|大幅|逐步|进一步|再)?(?:{_BECOMING}|提)[到至为成]{_OF_WHEN}")
_MUCH_TIME = 100
_SHORTENED = re.compile(r"(?:缩短|压缩|压减|提前|延长)(?:了|近|约)?$")
_TAKES_TIME = re.compile(r"(?:平均|用时|时长|时间|周期|时限)[^,;。]{0,6}$")


def only_became(left: str) -> bool:
    """Whether the words before a figure say only that it is what the figure before became: 由365件变为404件."""
    return left[-1:] in _ENDS_OF_BECOMING and _BECAME_ALONE.fullmatch(left) is not None


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
