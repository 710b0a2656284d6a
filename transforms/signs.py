"""Numbers that are signs, not counts: dates, ordinals, document numbers, service lines, numerals in idioms.

What belongs here is told by the number and the characters that touch it; what takes a sentence to tell
(slogans, thresholds, stories) is in `statistics`.
"""

import re

from transforms.text import before_blanks

CHINESE_NUMERALS = "〇零一二两三四五六七八九十廿卅卌百千万亿"

_NUMBERS = rf"(?:\d+|[{CHINESE_NUMERALS}]+)"
_ORDINALS = re.compile(  # 第18位, 第1、2批, 第3次、4次会议
    rf"{_NUMBERS}(?:[、,和至-]{_NUMBERS})*"
    rf"(?: ?(?P<counter>[位名条项款次届批期个章节号季页])(?:[、和至-] ?{_NUMBERS} ?(?P=counter))*)?"
)
_DATE = re.compile(
    r"""
    (?:19|20)\d{2}(?:年)?(?:[-至到](?:19|20)\d{2})+年?     # 2021-2025年, 2020年-2022年
  | (?:(?:19|20)\d{2}){1,2}年(?:度)?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:\d{1,2}时)?
                                                           # 2024年3月; 20212025年 has lost its dash
  | (?:19|20)\d{2}-\d{1,2}-\d{1,2}
  | (?:19|20)\d{2}(?:\d{1,4})?日                           # 201842日 has lost its 年 and 月
  | \d{1,2}月(?:\d{1,2}日)?(?:(?:至|-|到|、)(?:\d{1,2}月)?\d{1,2}日)?
  | \d{1,2}(?:至|-|到)\d{1,2}月
  | \d{1,2}(?:至|-|到)\d{1,2}日
  | \d{1,4}日(?:\d{1,2}时)?
  | \d{1,2}时(?:\d{1,2}分)?
    """,
    re.VERBOSE,
)
# 1+6, 7×24小时, A/2021-357849
_LONGER_SIGN = re.compile(r"[A-Za-z0-9+×*/_.#@-]*(?:小时|天|年)?")
SERVICE_LINES = frozenset(
    (
        *("12345", "12348", "12315", "12333", "12309", "12368", "12337", "12339", "12388"),
        *("12310", "12328", "12350", "12369", "8890", "96110", "110", "114", "119", "120", "122"),
    )
)
_OF_A_SERVICE_LINE = re.compile(
    r"热线|平台|公共法律|法律服务|政务服务|电话|便民|诉求|投诉|数据|消费|警|接处|号|市民|系统|转|工单|效能|联动|、|/|和|等"
)


# 九届县委第35次常委会, 五届一次会议, 二十届三中全会: terms and sessions are numbered; 举办三届文化节 counts.
_TERM_OF = re.compile(
    rf"任期|历次|[\u4e00-\u9fff]{{0,6}}?(?:[省市州盟县区旗镇乡村党工]委|人大|人民代表|(?<!法治)政府|政协|党委|委员会|常委|纪委|"
    rf"管委会|中央|全国|人代会|党代会|代表大会)|{_NUMBERS}(?:次|中全会)"
)
_IN_A_TERM = re.compile(r"届[^,;。、\d]{0,16}$")  # 九届县委35次会议
_MEETING = re.compile(r"(?:全体|常务|常委|主席|主任|专题|党组|扩大)?(?:会议|全会|常委会|全委会|常务会|主任会)")
_ENDS_A_BODY = frozenset("会委大府协")  # 县人大常委会十次会议, but 先后召开三次会议
# 二次派单, 二期工程, 二轮巡察: what is counted is 两次, 两期; 二 before these only numbers.
_NUMBERS_WHAT_FOLLOWS = ("第", "№")
_NUMBERED = frozenset(("次", "期", "批", "轮", "届", "批次", "轮次"))
_THE_FIRST = re.compile("(?<![目当之此以会年节日提])前$")  # 前3批, but 目前3批
_KIND_BY_NUMBER = re.compile("(?<=次)(?:产业(?!园|链|大?会|项目|培训|对接)|分配)|(?<=期)(?:工程|项目|建设)")  # 三次产业
_BEGINS_A_CLAUSE = frozenset(",;:。、(\n")
_SUMMED_UP = re.compile(r"[\u4e00-\u9fff](?<![共累合总分])")  # 三轮巡察覆盖8家, but 举办培训,三期共120人


def end_of_sign(text: str, match: re.Match[str]) -> int | None:
    """Where the sign ends that a matched number is part of; None if the number may be a count.

    `match` is one of the pattern of `quantities`, with groups digits, words, unit, scale, more1, more2.
    """
    start, end = match.span()
    before = text[start - 1] if start else ""
    if before in _NUMBERS_WHAT_FOLLOWS or (before == " " and text.startswith("第", max(0, start - 2))):
        listed = _ORDINALS.match(text, start)  # 第18位, 第1、2、6、7位
        return listed.end() if listed else end
    if match["unit"] in _NUMBERED and not match["scale"] and _is_numbered(text, match):
        return end
    if match["digits"]:
        return _end_in_digits(text, match, before)
    return _end_in_words(text, match, before) if match["words"] else None


def _is_numbered(text: str, match: re.Match[str]) -> bool:
    """Whether a counter of events tells which one it was, not how many: 九届县委, 五届一次会议, 二次派单, 三次产业."""
    unit, words, (start, end) = match["unit"], match["words"], match.span()
    before = text[start - 1 : start]
    if words == "二" or _KIND_BY_NUMBER.match(text, end):
        return True
    if before == "前" and _THE_FIRST.search(text, max(0, start - 2), start):
        return True
    if words and words != "两" and (not before or before in _BEGINS_A_CLAUSE) and _SUMMED_UP.match(text, end):
        return True
    if unit == "届":
        return _TERM_OF.match(text, end) is not None
    if unit != "次" or not _MEETING.match(text, end):
        return False
    if words and before in _ENDS_A_BODY:
        return True
    return _IN_A_TERM.search(text, max(0, start - 18), start) is not None


def _end_in_digits(text: str, match: re.Match[str], before: str) -> int | None:
    start, end = match.span()
    digits_end = match.end("digits")
    after = text[digits_end : digits_end + 1]
    if before and ((before.isascii() and (before.isalnum() or before in "+×*/_.#@")) or before in "×〔[【"):
        return _longer(text, end)
    if after and (after in "+×*" or (after.isascii() and after.isalpha())):
        return _longer(text, end)
    left = before_blanks(text, start)
    if before in ("〕", "]") or text[left - 1 : left] == "每" or after == "号":
        return end  # 每10000人口
    if not match["scale"] and after and after in "年-至到月日时" and "." not in match["digits"]:
        date = _DATE.match(text, start)
        if date:
            return date.end()
    if match["digits"] in SERVICE_LINES and (
        not (match["unit"] or match["scale"]) or _OF_A_SERVICE_LINE.match(text, digits_end)
    ):
        return digits_end
    return None


def _longer(text: str, end: int) -> int:
    match = _LONGER_SIGN.match(text, end)
    return match.end() if match else end


# Counts in words that can be real: 三位专家, 两期, 两部. 个, 项, 级 mostly name a fixed structure (三级,
# 四项指标, 四个工作组), so those count only after a word of doing (新增两个调解室).
_COUNTING = frozenset("位名人期部场次件份篇起宗例户册届轮堂本") | {"批次", "场次", "人次", "轮次"}
_STRUCTURAL = frozenset("个家项处所条类支间座组门种台辆面")
_CALENDAR = frozenset({"月", "日", "周年", "年度", "时", "分", "周", "个月", "届"})  # 二十届三中全会
_DOING = re.compile(
    r"(?:新增|新建|新设|增设|建成|建立|设立|成立|创建|打造|获评|评为|命名|出台|制定|印发|修订|查处|培育|选树|配备|招录|"
    r"聘请|聘任|引进|开设|增加|建设|废止|公布|发布|办理|受理|审结|选派|表彰|推荐|入选|抽查|检查|共有|现有|共|有)(?:了|各)?$"
)
_OTHER_WORD = re.compile(r"[第前每各这那某另同任其几数双哪首逐跑统单]$|上述|以上|全国|连续$|[数几][十百千万]?$")
_A_LITTLE_LESS = frozenset("近约超逾破足")
_NOT_ONE = re.compile(r"[未没无不][^,;。]{0,6}$")  # 未办理一件案件
_COUNTED_IN_BRACKETS = re.compile(r"[\u4e00-\u9fff]{0,6}\(\d")


def _end_in_words(text: str, match: re.Match[str], before: str) -> int | None:
    words, unit, (start, end) = match["words"], match["unit"], match.span()
    left = before_blanks(text, start)
    if (
        unit is None
        or words in "零〇"
        or (before and before in '“‘"《〈')
        or _OTHER_WORD.search(text, max(0, left - 2), left)
    ):
        return end
    if words == "一" and _NOT_ONE.search(text, max(0, left - 8), left):
        return end
    if text.startswith(("事", "立", "员", "功", "办", "大事", "实事", "要事"), end):
        return end  # “高效办成一件事”, 一次办, 两成员, 办好三件大事
    if words[0] in "百千万" and not (match["more1"] or match["more2"] or before in _A_LITTLE_LESS):
        return end  # 百日攻坚, 千名律师, 万企, but 近百万件
    if len(words) > 1:
        return end if unit in _CALENDAR else None
    if words == "十" and unit in _CALENDAR:
        return end
    if unit in _COUNTING:
        return None
    if unit in _STRUCTURAL and words != "一" and _DOING.search(text, max(0, left - 4), left):
        return None
    if unit == "类" and _COUNTED_IN_BRACKETS.match(text, end):
        return None  # 五类案件(320件): kinds that are themselves counted
    return end
