"""Quantities in a text: value, bounds, qualifier and unit of every number that may be a count.

What a figure measures is `indicators`; whether it is this year's is `roles`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from transforms.lexicon import Lexicon, Unit
from transforms.numerals import FORMAL, LARGEST, SCALES, arabic, between, chinese, fraction, last_place, mixed, step
from transforms.signs import CHINESE_NUMERALS, end_of_sign
from transforms.text import after_blanks, before_blanks
from transforms.unread import LIST_REACH, LISTED_NUMBERS, unread

HUNDRED = Decimal(100)
_EXACT = Decimal(0)


@dataclass(slots=True)
class Quantity:
    """A number with its unit and qualifier; offsets are those of the text, `unit` is as written.

    `left_end` is where the words before it end and `right_start` where those after it begin, blanks left out: web
    pages set figures off with spaces (增长 8.6 %).
    `high` is None where the words leave the top open (300场以上).
    `kind` is that of the unit, empty where the figure has lost its unit. `weak` marks a reading that counts only
    if an indicator or a rule asks for it (20年, 一次). `doubt` says why the number may not have been read whole.
    `slack` is half a unit of the last digit printed, as far as rounding lets the value be off: 0.05 for 97.5%, 50 for
    1.42万件, 5 for 七成; 0 for a whole number of things that is written in full (1362件).
    """

    start: int
    end: int
    left_end: int
    right_start: int
    number_start: int
    value: Decimal
    low: Decimal
    high: Decimal | None
    unit: str
    canonical: Unit | None
    qualifier: str
    kind: str
    weak: bool = False
    doubt: str = ""
    slack: Decimal = _EXACT


# 三部分, 12处理, 3期间: what looks like a counter begins another word.
_BEGINS_ANOTHER_WORD = {
    **{"部": "分门队署委长", "处": "理罚置分", "期": "间限内刊", "起": "草诉来点", "位": "于置居", "场": "所地景合"},
    **{
        "批": "准示复",
        "轮": "车胎椅滑",
        "名": "义称",
        "节": "约日点",
        "所": "有属以",
        "家": "庭长属",
        "项": "目",
        "条": "件例款",
        "份": "额",
    },
    **{"分": "之类别局行组", "元": "素旦", "面": "积对向", "班": "子", "对": "象", "人": "民"},
}


# 3. 2万份, 97. 6%, 1, 200元: one number whose point or comma a blank has moved off, right behind a word.
_SPACED = (
    r"(?<=[\u4e00-\u9fff])(?:\d+(?:\ \.\ ?|\.\ )\d+(?=\ ?(?:[十百千]?[万亿]|[%‰]))|\d{1,3}(?:\ ,\ ?|,\ )\d{3}(?!\d))"
)


@cache
def _pattern(written_units: tuple[str, ...]) -> re.Pattern[str]:
    units = _alternatives(written_units)
    numeral, digit = CHINESE_NUMERALS, "〇零一二三四五六七八九"
    scaled = r"(?:[十百千]?[万亿]|[十百千])"
    return re.compile(
        rf"""
        (?:
          (?P<percent>百分之|千分之|万分之)\ ?
          (?:(?P<percent_digits>\d+(?:\.\d+)?)|(?P<percent_words>[{numeral}]{{1,12}}(?:点[{digit}]{{1,8}})?))
        | (?P<denominator>[{numeral}]{{1,4}})分之(?P<numerator>[{numeral}]{{1,6}})
        | (?:(?P<tenths_words>[一二两三四五六七八九十])|(?P<tenths_digits>\d(?:\.\d)?))成
          (?P<tenth>[半{digit[2:]}])?(?![员立功为年本熟果效绩长套])
        | (?:
            (?P<mixed>\d{{1,4}}{scaled}(?:[零〇]?\d{{1,4}}{scaled}?)+)(?![\d.])
          | (?P<spaced>{_SPACED})
          | (?:(?P<lower>\d{{1,4}}(?:\.\d+)?)%?(?:-|至|到)(?=\d))?
            (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d{{1,3}}(?:\ \d{{3}})+(?=[^\d.,])|\d+(?:\.\d+)?)
          | (?P<words>[{FORMAL}][零{FORMAL}拾佰仟万亿]{{1,24}}|[{numeral}]{{1,24}}(?:点[{digit}]{{1,8}})?)
          )
          (?P<more1>[余多几])?\ ?
          (?P<scale>万亿|[十百千]?[万亿]|[十百]|千(?![瓦伏克]))?
          (?P<more2>[余多])?\ ?
          (?P<unit>{units})?
        )
        (?:\ (?=以[上下内]|之[多内]|左右)|\n(?=(?:以[上下内]|之[多内]|左右)[,。;、\n]))?
        (?P<after>余|多(?![个样元方种家项次层部渠年])|以上|之多|以下|以内|之内|左右|上下)?
        """,
        re.VERBOSE | re.ASCII,
    )


def _alternatives(written_units: tuple[str, ...]) -> str:
    """A pattern of the units, the longest first; grouped by first character, so that most cost one look."""
    rest_of: dict[str, list[str]] = {}
    for unit in sorted(written_units, key=len, reverse=True):
        ends = f"(?![{_BEGINS_ANOTHER_WORD[unit]}])" if unit in _BEGINS_ANOTHER_WORD else ""
        rest_of.setdefault(unit[0], []).append(re.escape(unit[1:]) + ends)
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in rest_of.items())


@cache
def _numerals(written_units: tuple[str, ...]) -> re.Pattern[str]:
    """A digit, or a Chinese numeral before a character that can go on with it: 一 in 一是 is not worth a look."""
    go_on = CHINESE_NUMERALS + " 余多几点分成" + "".join(sorted({unit[0] for unit in written_units}))
    return re.compile(
        f"[0-9{CHINESE_NUMERALS}](?:(?<=[0-9])|(?=[{re.escape(go_on)}]))|[{FORMAL}](?=[零{FORMAL}拾佰仟万亿])"
    )


def find(text: str, lexicon: Lexicon) -> Iterator[Quantity]:
    """The quantities of a normalised text, left to right; dates, ordinals and other signs are passed over."""
    pattern = _pattern(tuple(lexicon.unit_of))
    position = 0
    numerals = _numerals(tuple(lexicon.unit_of))
    # One look for a numeral first: the pattern itself has no first character to search for.
    while numeral := numerals.search(text, position):
        match = pattern.match(text, numeral.start())
        if match is None:
            position = numeral.end()
            continue
        position = match.end()
        sign_end = end_of_sign(text, match)
        if sign_end is not None:
            position = max(sign_end, position)
            continue
        unit = "" if match["unit"] else _unit_said_elsewhere(text, match, pattern, lexicon)
        quantity = _read(text, match, lexicon, unit)
        if quantity is not None:
            yield quantity


# 受理行政复议案件(件)1362; 罚没金额(万元)56.3
_UNIT_OF_LABEL = re.compile(r"\((?P<unit>[^()\d]{1,6})\)[: ]?$")
# 1362(含上年结转25)件
_UNIT_AFTER_BRACKET = re.compile(r"\([^()\n]{1,20}\)(?P<unit>[^()\d,;。]{1,4})")
_UNIT_AFTER_ALL = re.compile(r"\)(?P<unit>[^()\d,;。]{1,4})")


def _unit_said_elsewhere(text: str, match: re.Match[str], pattern: re.Pattern[str], lexicon: Lexicon) -> str:
    """The unit of a number that has none beside it: of its label, of its list, or behind a bracket; else empty."""
    if match["digits"] is None:
        return ""
    start, end = match.span()
    after = text[end : end + 1]
    if after == "、":
        return _unit_of_list(text, match, pattern)
    if after == "(" and (behind := _UNIT_AFTER_BRACKET.match(text, end)):
        return _longest_unit(behind["unit"], lexicon)
    if after == ")" and (behind := _UNIT_AFTER_ALL.match(text, end)) and "(" in text[max(0, start - 12) : start]:
        return _longest_unit(behind["unit"], lexicon)
    if text[start - 1 : start] in ") :" and _BARE_AFTER.match(text, after_blanks(text, end)):
        label = _UNIT_OF_LABEL.search(text, max(0, start - 9), start)
        if label and label["unit"].lstrip("万亿") in lexicon.unit_of:
            return label["unit"]
    return ""


def _longest_unit(text: str, lexicon: Lexicon) -> str:
    return next((text[:n] for n in range(len(text), 0, -1) if text[:n] in lexicon.unit_of), "")


def _unit_of_list(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> str:
    """The unit that the last number of a list has for all of it: 分别为41、52、63件; empty where there is none."""
    left = before_blanks(text, match.start())
    before = text[max(0, left - LIST_REACH) : left]
    if not LISTED_NUMBERS.search(before):
        return ""
    rest: re.Match[str] | None = match
    while rest is not None and rest["digits"] and not rest["unit"] and not rest["percent"]:
        joint = _NUMBER_JOINT.match(text, rest.end())
        rest = pattern.match(text, joint.end()) if joint else None
    return (rest["unit"] or "") if rest is not None and rest["digits"] else ""


def _read(text: str, match: re.Match[str], lexicon: Lexicon, unit_elsewhere: str = "") -> Quantity | None:
    """The quantity a match holds; None where it is no numeral, or a bare number that measures nothing."""
    measured = _value(match)
    if measured is None or measured[0] >= LARGEST:
        return None
    value, unit = measured
    if unit_elsewhere:
        unit = unit_elsewhere.lstrip("万亿")
        value *= SCALES.get(unit_elsewhere[: len(unit_elsewhere) - len(unit)], 1)
    canonical = lexicon.unit_of.get(unit)
    if canonical is None and not _measures_without_unit(text, match):
        return None
    start, qualifier = _qualifier(text, match)
    low, high = bounds(value, qualifier, unit == "%")
    if match["lower"]:  # 3至5件: the lower end is the value, the range its bounds
        value = low = arabic(match["lower"]) * (SCALES[match["scale"]] if match["scale"] else 1)
        if high is not None and low > high:
            return None
    if match["words"] and (pair := between(match["words"])):  # 两三件, 十五六起
        scale = SCALES[match["scale"]] if match["scale"] else 1
        value, low, high = pair[0] * scale, pair[0] * scale, pair[1] * scale
    end = match.start() + len(match[0].rstrip(" "))  # the blank before a unit that never came: 3.5万 。
    return Quantity(
        start=start,
        end=end,
        left_end=before_blanks(text, start),
        right_start=after_blanks(text, end),
        number_start=match.start(),
        value=value,
        low=low,
        high=high,
        unit=unit,
        canonical=canonical,
        qualifier="over" if qualifier == "floor" else qualifier,
        kind=canonical.kind if canonical else "",
        weak=(canonical is not None and canonical.weak) or (match["words"] is not None and value == 1),
        doubt=unread(text, match),
        slack=_slack(match, canonical, unit_elsewhere),
    )


def slack_of(quantity: Quantity, *, rate: bool) -> Decimal:
    """How far rounding lets the figure be off that a quantity is of, which is a `rate` or a count, in its unit.

    0 where its bounds say already what the words leave open (约19.2%). A whole number is rounded where it is a rate
    (每万人拥有律师3名), and none is a zero that stands in words (无一败诉).
    """
    if quantity.low != quantity.high:
        return _EXACT
    return quantity.slack or (_HALF if rate and quantity.value else _EXACT)


_HALF = Decimal("0.5")
_ROUNDED_KINDS = frozenset({"percent", "point", "multiple"})


def _slack(match: re.Match[str], canonical: Unit | None, unit_elsewhere: str) -> Decimal:
    """Half a unit of the last digit: 56.3 below (万元) may be off by 500, 三分之二 by half of a third."""
    digits, rounded = match["digits"], canonical is not None and canonical.kind in _ROUNDED_KINDS
    if digits and not match["scale"] and not unit_elsewhere and not rounded and "." not in digits:
        return _EXACT  # by far the most
    if match["percent"]:
        return (last_place(match["percent_digits"] or match["percent_words"]) or 1) * _HALF / _PER[match["percent"]]
    if match["denominator"]:
        return HUNDRED / (chinese(match["denominator"]) or 1) * _HALF
    if match["tenths_words"] or match["tenths_digits"]:
        if match["tenth"]:  # 七成五 is told by the per cent, 七成半 by the half of ten
            return Decimal("2.5") if match["tenth"] == "半" else _HALF
        return (last_place(match["tenths_digits"] or match["tenths_words"]) or 1) * 10 * _HALF
    scale = (match["scale"] or "") + unit_elsewhere[: len(unit_elsewhere) - len(unit_elsewhere.lstrip("万亿"))]
    place = last_place((digits or match["spaced"] or match["mixed"] or match["words"]) + scale)
    if not place and rounded:
        place = Decimal(1)
    return place * _HALF / (10 if match["unit"] == "‰" else 1)


_PER = {"百分之": 1, "千分之": 10, "万分之": 100}
_WITHOUT_BRACKETS = str.maketrans("", "", "()")  # 人(次)
_TENTHS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"半": 5}


def _value(match: re.Match[str]) -> tuple[Decimal, str] | None:
    """Value and unit: 1.42万件 is 14200 件, 百分之九十八点五 98.5 %, 三分之二 66.6667 %, 七成五 75 %, 2‰ 0.2 %."""
    if match["percent"]:
        value = arabic(match["percent_digits"]) if match["percent_digits"] else _spoken(match["percent_words"])
        if value is None:
            return None
        return value / _PER[match["percent"]], "%"
    if match["denominator"]:
        denominator, numerator = chinese(match["denominator"]), chinese(match["numerator"])
        if not denominator or numerator is None or numerator > denominator:
            return None
        return (numerator / denominator * HUNDRED).quantize(Decimal("0.0001")).normalize(), "%"
    if match["tenths_words"] or match["tenths_digits"]:
        tenths = arabic(match["tenths_digits"]) if match["tenths_digits"] else chinese(match["tenths_words"])
        return (tenths or Decimal(0)) * 10 + _TENTHS.get(match["tenth"], 0), "%"
    value = _counted(match)
    if value is None:
        return None
    unit = (match["unit"] or "").translate(_WITHOUT_BRACKETS)
    return (value / 10, "%") if unit == "‰" else (value, unit)


def _counted(match: re.Match[str]) -> Decimal | None:
    digits, scale = match["digits"] or match["spaced"], match["scale"] or ""
    if digits:
        return arabic(digits) * SCALES.get(scale, 1)
    if scale and not match["more1"]:  # 三十 万, of which a blank is part: the scale belongs to the numeral
        return mixed((match["mixed"] or match["words"]) + scale)
    if match["mixed"]:
        value = mixed(match["mixed"])
    else:
        pair = between(match["words"])
        value = pair[0] if pair else _spoken(match["words"])
    return None if value is None else value * SCALES.get(scale, 1)


def _spoken(words: str) -> Decimal | None:
    """九十八点五 is 98.5."""
    whole, _, rest = words.partition("点")
    value = chinese(whole)
    digits = fraction(rest) if rest else Decimal(0)
    return None if value is None or digits is None else value + digits


# Words before a number. Those that name a floor leave the top open (不低于, 至少), those that say "a little
# more" don't (超, 逾): see bounds().
_BEFORE = {
    "over": ("超过", "突破", "超", "逾"),
    "floor": ("不低于", "不少于", "至少", "不下", "≥", "≧", ">=", ">"),
    "about": ("大约", "约为", "约", "大致", "估计"),
    "nearly": ("将近", "接近", "近"),
    "at_most": (
        "不超过",
        "不高于",
        "不多于",
        "低于",
        "少于",
        "不足",
        "不到",
        "不满",
        "至多",
        "最多",
        "≤",
        "≦",
        "<=",
        "<",
    ),
}
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
_QUALIFIER_OF = {word: qualifier for qualifier, words in _BEFORE.items() for word in words}
_LAST_OF_QUALIFIERS = frozenset(word[-1] for word in _QUALIFIER_OF)
_QUALIFIED = re.compile("(?:" + "|".join(sorted(_QUALIFIER_OF, key=len, reverse=True)) + ")$")
# 节约12万元 saves 120 000 yuan, 最近3年 is no "nearly": the qualifier is part of another word.
_PART_OF_WORD = re.compile(r"(?:[节预签违契合公条制邀特民规履]约|(?<!损)失约|[最附邻临新相靠亲]近|[赶反]超)$")
# 超过全县人口的60%: the qualifier stands apart, and is not part of the quote.
_APART = re.compile(r"(?P<word>超过|突破|逾|不低于|不少于|至少|约为|将近|接近|不足|不到)[\u4e00-\u9fff]{1,8}[的达]?$")
_COMPARED_WITH = re.compile("平均|水平|上年|去年|同期")
_OF_A_RULE = re.compile(r"(?:规定|要求|标准)的$")  # 超过国家规定的60%: the rule says 60%
_OF_A_STANDARD = re.compile(r"的[^,。;、]{0,8}(?:标准|目标|要求|红线|底线|指标|(?:警戒|控制|考核)线|平均)")


def _qualifier(text: str, match: re.Match[str]) -> tuple[int, str]:
    """Where the quote begins, and over, floor, about, nearly, at_most or exact."""
    start = match.start()
    left = before_blanks(text, start)
    ends_a_qualifier = text[left - 1 : left] in _LAST_OF_QUALIFIERS
    before = _QUALIFIED.search(text, max(0, left - 3), left) if ends_a_qualifier else None
    if before and not _PART_OF_WORD.search(text, max(0, left - 3), before.start() + 1):
        if _OF_A_STANDARD.match(text, after_blanks(text, match.end())):
            return start, "exact"  # 低于15%的考核标准: the standard is 15%
        return before.start(), _QUALIFIER_OF[before[0]]
    if match["more1"] or match["more2"]:
        return start, "over"
    if match["after"]:
        return start, _AFTER[match["after"]]
    apart = _APART.search(text, max(0, left - 12), left)
    if apart and not _COMPARED_WITH.search(apart[0]) and not _OF_A_RULE.search(apart[0]):
        return start, _QUALIFIER_OF[apart["word"]]
    return start, "exact"


def bounds(value: Decimal, qualifier: str, is_rate: bool) -> tuple[Decimal, Decimal | None]:
    """What the words allow, by the place of the last digit written that is not zero.

    exact     530万份       [5300000, 5300000]
    over      530余万份     [5300000, 5400000)   a little more: below the next such step
    floor     不低于1000次  [1000, None)         the top is open, that of a rate too
    about     约19.2%       [19.15, 19.25]       half a step to either side
    nearly    近4万名       [35000, 40000)       half a step below
    at_most   不足500件     [0, 500]
    """
    if qualifier == "exact":
        return value, value
    if qualifier == "at_most":
        return Decimal(0), value
    if qualifier == "floor":
        return value, None
    one = step(value)
    if qualifier == "about":
        return value - one / 2, value + one / 2
    if qualifier == "nearly":
        return value - one / 2, value
    return value, min(value + one, HUNDRED) if is_rate and value <= HUNDRED else value + one


_NUMBER_JOINT = re.compile(r"\s*[、和及与]\s*(?=\d)")
_BARE_BEFORE = re.compile(
    r"(?:占比?|占总数的|达到?|公开|发布(?:信息|消息|微博|博文)?|推送|共计?|累计|合计|[率数量]为?|为)$"
)
_BARE_AFTER = re.compile(r"[,。](?!\d)|\n(?!\.\d)|[;、)]|$")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def _measures_without_unit(text: str, match: re.Match[str]) -> bool:
    """A number that lost its unit (占97.3; 微信公开85), or one with a scale alone (投资1.77亿)."""
    digits = match["digits"]
    if match["mixed"]:
        return bool(match["mixed"][-1] in "万亿")
    if digits is None or match["lower"] or match["more1"] or (match["more2"] and not match["scale"]):
        return False
    if match["scale"]:
        return match["scale"][-1] in "万亿"
    if len(digits) > 9 or _YEAR.fullmatch(digits):
        return False
    left = before_blanks(text, match.start())
    right = after_blanks(text, match.end())
    return bool(_BARE_AFTER.match(text, right) and _BARE_BEFORE.search(text, max(0, left - 5), left))
