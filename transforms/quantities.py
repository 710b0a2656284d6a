"""Quantities in a text: value, bounds, qualifier and unit, and which numbers are no statistic at all.

What belongs here is what can be told from a number and the few characters beside it. What a figure
measures is `indicators`; whether it is this year's is `roles`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from transforms.lexicon import Lexicon, Unit
from transforms.numerals import LARGEST, SCALES, arabic, chinese, step

ONE, HUNDRED = Decimal(1), Decimal(100)


@dataclass(slots=True)
class Quantity:
    """A number with its unit and qualifier; offsets are those of the text.

    `weak` marks a reading that counts only if an indicator or a rule asks for it (二十年, 一次).
    """

    start: int
    end: int
    number_start: int
    value: Decimal
    low: Decimal
    high: Decimal
    unit: str
    canonical: Unit | None
    qualifier: str
    weak: bool = False


# What stands before a number. The words that name a floor leave the top open (不低于, 至少), those that
# say "a little more" don't (超, 逾): see bounds().
_BEFORE = {
    "over": ("超过", "突破", "超", "逾"),
    "floor": ("不低于", "不少于", "至少", "不下"),
    "about": ("大约", "约为", "约", "大致", "估计"),
    "nearly": ("将近", "接近", "近"),
    "at_most": ("不超过", "不高于", "不多于", "低于", "少于", "不足", "不到", "不满", "至多", "最多"),
}
_QUALIFIED = sorted(((word, kind) for kind, words in _BEFORE.items() for word in words), key=lambda pair: -len(pair[0]))
_BEFORE_RE = re.compile("(?:" + "|".join(word for word, _ in _QUALIFIED) + r") ?$")
_KIND_BEFORE = dict(_QUALIFIED)
# 节约12万元 saves 120 000 yuan, 最近3年 is no "nearly": the qualifier is part of another word.
_PART_OF_WORD = re.compile(r"(?:[节预签违契合公条制邀特]约|[最附邻临新相靠亲]近|[赶反]超|不近)$")
# 超过全区人口的74%: the qualifier stands apart, and is not part of the quote.
_APART = re.compile(r"(?P<word>超过|突破|逾|不低于|不少于|约占|约为|将近|接近|不足|不到)[\u4e00-\u9fff]{1,8}[的达]?$")
_AFTER = {
    "余": "over",
    "多": "over",
    "以上": "floor",
    "之多": "exact",
    "以下": "at_most",
    "以内": "at_most",
    "之内": "at_most",
    "左右": "about",
    "上下": "about",
}

_CN = "〇零一二两三四五六七八九十百千万亿"
_CN_DIGIT = "〇零一二三四五六七八九"
# Numbers that are names: emergency and service lines, whatever follows them (12345热线, 110警情).
_SERVICE_LINES = frozenset(
    "12345 12348 12315 12333 12309 12368 12337 12339 12388 12310 12328 12350 12369 8890 96110 110 119 120 122 114".split()
)
_NAMED_AFTER = re.compile(
    r"(?:热线|平台|公共法律|法律服务|政务服务|电话|便民|诉求|投诉|数据|消费|警|接处|号|市民|系统|转|工单|效能|联动|、|/|和|等)"
)


@cache
def _pattern(written_units: tuple[str, ...]) -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(written_units, key=len, reverse=True))
    return re.compile(
        rf"""
        (?:
          (?P<percent>百分之|千分之|万分之)\ ?
          (?:(?P<pd>\d+(?:\.\d+)?)|(?P<pc>[{_CN}]{{1,12}}(?:点[{_CN_DIGIT}]{{1,8}})?))
        | (?P<denominator>[{_CN}]{{1,4}})分之(?P<numerator>[{_CN}]{{1,6}})
        | (?:
            (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d{{1,3}}(?:\ \d{{3}})+(?=[^\d.,])|\d+(?:\.\d+)?)
          | (?P<words>[{_CN}]{{1,16}}(?:点[{_CN_DIGIT}]{{1,8}})?)
          )
          (?P<more1>[余多几])? \ ?
          (?P<scale>万亿|[十百千]?[万亿]|[十百千])?
          (?P<more2>[余多])? \ ?
          (?P<unit>{units})?
        )
        (?P<after>余|多(?!个|样|元|方|种|家|项|次|层|部|渠|年)|以上|之多|以下|以内|之内|左右|上下)?
        """,
        re.VERBOSE,
    )


def bounds(value: Decimal, kind: str, is_rate: bool) -> tuple[Decimal, Decimal]:
    """What the words allow, by the place of the last digit written that is not zero.

    exact     530万份           [5300000, 5300000]
    over      530余万份         [5300000, 5400000)   a little more: below the next such step
    floor     不低于1000次      [1000, 2000)         likewise; a rate's top is 100
    about     约19.2%           [19.15, 19.25]       half a step to either side
    nearly    近4万名           [35000, 40000)       half a step below
    at_most   不足500件         [0, 500]
    """
    if kind == "exact":
        return value, value
    if kind == "at_most":
        return Decimal(0), value
    one = step(value)
    if kind == "about":
        return value - one / 2, value + one / 2
    if kind == "nearly":
        return value - one / 2, value
    if kind == "floor" and is_rate:
        return value, max(value, HUNDRED)
    return value, min(value + one, HUNDRED) if is_rate and value <= HUNDRED else value + one


def find(text: str, lexicon: Lexicon) -> Iterator[Quantity]:
    """The quantities of a normalised text, left to right; numbers that are no statistic are passed over."""
    pattern = _pattern(tuple(lexicon.unit_of))
    position, length = 0, len(text)
    while position < length:
        match = pattern.search(text, position)
        if match is None:
            return
        skipped = _no_statistic(text, match)
        if skipped is not None:
            position = max(skipped, match.end(), match.start() + 1)
            continue
        position = match.end()
        quantity = _read(text, match, lexicon)
        if quantity is None:
            continue
        # 3亿5000万元: the parts of one number follow one another without a unit between.
        while quantity.canonical is None and match["scale"] and quantity.qualifier == "exact":
            rest = pattern.match(text, position)
            if rest is None or not rest["digits"]:
                break
            tail = _read(text, rest, lexicon)
            if tail is None or tail.value >= quantity.value:
                break
            quantity = Quantity(
                quantity.start,
                tail.end,
                quantity.number_start,
                quantity.value + tail.value,
                quantity.low + tail.low,
                quantity.high + tail.high,
                tail.unit,
                tail.canonical,
                tail.qualifier,
                tail.weak,
            )
            position = rest.end()
            match = rest
        yield quantity


_YEAR = re.compile(r"(?:19|20)\d{2}")
_DATE_AFTER = re.compile(r"\d{0,2}月(?:\d{1,2}日)?|\d{1,2}日|[上下]半年|[春秋冬夏]季|度")
_JOINED = re.compile(r"[-至到、/](?:\d{4}|\d{1,2})(?:年|月|日|时|号|位|条)")
_LETTER = re.compile(r"[A-Za-z0-9+×xX*#@_]")
_RATIO_SIGN = re.compile(r"[+×xX*:](?=\d)|[+×xX*](?=[A-Za-z])")


def _no_statistic(text: str, match: re.Match[str]) -> int | None:
    """Where to go on if the number is a date, an ordinal, a document number, a name … and None if it may count."""
    start, end = match.span()
    before = text[start - 1] if start else ""
    digits = match["digits"]
    if before == "第" or (before and before in "号№") or text[max(0, start - 2) : start] in ("第 ", "前第"):
        # 第18位, 第1、2、6、7位
        listed = _ORDINALS.match(text, start)
        return listed.end() if listed else end
    if digits is None:
        return _no_statistic_in_words(text, match, before)
    after = text[match.end("digits") : match.end("digits") + 8]
    if before and (before.isascii() and (before.isalnum() or before in "+×*/_.#@") or before in "×〔[【"):
        # 1+6, 7×24小时, A12, 〔2025〕19号: part of a longer sign
        return _end_of_sign(text, end)
    if after[:1] in ("+", "×", "*", "x", "X") or (after[:1].isascii() and after[:1].isalpha()):
        return _end_of_sign(text, end)
    if before in ("〕", "]") or after[:1] == "号":
        return end
    if not match["scale"] and after.startswith(("年", "-", "至", "月", "日", "时")) and "." not in digits:
        dated = _DATED.match(text, start)
        if dated:
            return dated.end()
    if digits in _SERVICE_LINES and (
        not match["unit"] and not match["scale"] or _NAMED_AFTER.match(text, match.end("digits"))
    ):
        return match.end("digits")
    return None


_ORDINALS = re.compile(rf"(?:\d+|[{_CN}]+)(?:[、,和至-](?:\d+|[{_CN}]+))*[位名条项款次届批期个章节号季页]?")
_DATED = re.compile(
    r"""
    (?:19|20)\d{2}(?:年)?(?:[-至到](?:19|20)\d{2})+年?      # 2021-2025年, 2020年-2022年
  | (?:(?:19|20)\d{2}){1,2}年(?:度)?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:\d{1,2}时)?   # 2024年3月; 20212025年 lost its dash
  | (?:19|20)\d{2}-\d{1,2}-\d{1,2}
  | (?:19|20)\d{2}(?:\d{1,4})?日                             # 201842日 lost its 年 and 月
  | \d{1,2}月(?:\d{1,2}日)?(?:(?:至|-|到|、)(?:\d{1,2}月)?\d{1,2}日)?
  | \d{1,2}(?:至|-|到)\d{1,2}月
  | \d{1,2}(?:至|-|到)\d{1,2}日
  | \d{1,4}日(?:\d{1,2}时)?
  | \d{1,2}时(?:\d{1,2}分)?
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"[A-Za-z0-9+×*/_.#@-]*(?:小时|天|年)?")


def _end_of_sign(text: str, end: int) -> int:
    match = _SIGN.match(text, end)
    return match.end() if match else end


# Counts in words that can be real: 三位法学名家, 两期, 两部. 个, 项, 类, 级 mostly name a fixed structure
# (三级, 四项指标, 四个协调小组), so they count only after a word of doing (新增两个调解室).
_COUNTED_IN_WORDS = frozenset("位 名 人 期 部 批次 场 场次 次 件 份 篇 起 宗 例 人次 户 册 届 轮 轮次 堂 本".split())
_STRUCTURE = frozenset("个 家 项 处 所 条 类 支 间 座 组 门 种 台 辆 面".split())
_DONE = re.compile(
    r"(?:新增|新建|新设|增设|建成|建立|设立|成立|创建|打造|获评|评为|命名|出台|制定|印发|修订|查处|培育|选树|配备|"
    r"招录|聘请|聘任|引进|开设|增加|建设|废止|公布|发布|办理|受理|审结|选派|表彰|推荐|入选|抽查|检查|共有|现有|共|有)(?:了|各)?$"
)
_NOT_COUNTED_BEFORE = re.compile(r"[第前每各这那某另同任其几数双哪首逐跑统单]$|上述|以上|全国|连续$|[数几][十百千万]?$")
_CASES_IN_BRACKETS = re.compile(r"[\u4e00-\u9fff]{0,6}\(\d")


def _no_statistic_in_words(text: str, match: re.Match[str], before: str) -> int | None:
    words, end = match["words"], match.end()
    if words is None:
        return None
    if _NOT_COUNTED_BEFORE.search(text[max(0, match.start() - 2) : match.start()]) or before in '“‘"《〈':
        return end
    unit = match["unit"]
    if unit is None:
        return end
    if words[0] in "百千万" and not match["more1"] and not match["more2"]:
        return end  # 百日攻坚, 千名律师, 万企
    if len(words) == 1 and words != "十":
        if unit in _COUNTED_IN_WORDS:
            return None
        left = text[max(0, match.start() - 4) : match.start()]
        if unit in _STRUCTURE and words != "一" and _DONE.search(left):
            return None
        if unit == "类" and _CASES_IN_BRACKETS.match(text, end):
            return None  # 八类案件(1532件): a count of kinds that is itself counted
        return end
    if unit == "届":
        return end  # 二十届三中全会
    if unit in ("年", "月", "日", "周年", "年度", "时", "分", "天", "周", "大", "个月"):
        return None if unit in ("年", "天") else end
    return None


def _read(text: str, match: re.Match[str], lexicon: Lexicon) -> Quantity | None:
    """The quantity a match holds; None where it is no numeral, or a bare number that measures nothing."""
    start, end, weak = match.start(), match.end(), False
    unit_text, canonical = match["unit"] or "", None
    kind = "exact"
    if match["percent"]:
        value = arabic(match["pd"]) if match["pd"] else _spoken(match["pc"])
        unit_text = "%" if match["percent"] == "百分之" else "‰"
        if match["percent"] == "万分之" and value is not None:
            value /= 10
    elif match["denominator"]:
        denominator, value = chinese(match["denominator"]), chinese(match["numerator"])
        if not denominator or value is None or value > denominator:
            return None
        value, unit_text = (value / denominator * HUNDRED).quantize(Decimal("0.0001")).normalize(), "%"
    else:
        value = arabic(match["digits"]) if match["digits"] else _spoken(match["words"])
        if value is None:
            return None
        if match["scale"]:
            value *= SCALES[match["scale"]]
        if match["more1"] or match["more2"]:
            kind = "over"
        weak = match["words"] is not None and value == ONE
    if value is None or value > LARGEST:
        return None
    if unit_text == "成":
        value, unit_text = value * 10, "%"
    canonical = lexicon.unit_of.get(unit_text)
    if canonical is None and not _measures_without_unit(text, match):
        return None
    after = match["after"]
    if after:
        kind = _AFTER[after] if kind == "exact" else kind
    prefix = _BEFORE_RE.search(text, max(0, start - 4), start)
    number_start = start
    if prefix and not _PART_OF_WORD.search(text, max(0, start - 4), prefix.start() + 1):
        kind = _KIND_BEFORE[prefix[0].rstrip()]
        start = prefix.start()
        if text[end : end + 8].startswith("的") and _STANDARD.match(text, end):
            kind, start = "exact", number_start  # 低于15%的考核标准: the standard is 15%
    elif apart := _APART.search(text, max(0, start - 12), start):
        if not _AVERAGE.search(apart[0]):
            kind = _KIND_BEFORE.get(apart["word"], "about" if apart["word"].startswith("约") else "over")
    if canonical is not None:
        weak = weak or canonical.weak
    low, high = bounds(value, kind, unit_text == "%")
    qualifier = "over" if kind == "floor" else kind
    return Quantity(start, end, number_start, value, low, high, unit_text, canonical, qualifier, weak)


_STANDARD = re.compile(r"的[^,。;、]{0,8}(?:标准|目标|要求|红线|底线|指标|警戒线|平均)")
_AVERAGE = re.compile("平均|水平|上年|去年|同期")


def _spoken(words: str) -> Decimal | None:
    """九十八点五 is 98.5."""
    whole, _, fraction = words.partition("点")
    value = chinese(whole)
    if value is None or not fraction:
        return value
    digits = chinese(fraction) if len(fraction) > 1 else chinese(fraction)
    return None if digits is None else value + digits.scaleb(-len(fraction))


_BARE_BEFORE = re.compile(r"(?:占比?|占总数的|达到?|公开|共计?|累计|合计|[率数量]为?|数为|为|分别为)$")
_BARE_AFTER = re.compile(r"[,。;、)\n]|$")


def _measures_without_unit(text: str, match: re.Match[str]) -> bool:
    """A number that lost its unit (占98.66; 政务微信公开170), or one with a scale alone (投资1.77亿)."""
    if match["digits"] is None or match["more1"] or match["more2"] and not match["scale"]:
        return False
    if match["scale"] in ("万", "亿", "万亿", "千万", "百万"):
        return True
    bare = match["digits"]
    if len(bare) > 9 or (_YEAR.fullmatch(bare) and text[match.start() - 1] not in "开"):
        return False
    return bool(
        _BARE_AFTER.match(text, match.end()) and _BARE_BEFORE.search(text, max(0, match.start() - 5), match.start())
    )
