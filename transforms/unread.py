"""The guard of numbers: what belongs to their writing, stands beside a figure and was not read makes it doubtful.

A figure so marked is suspect, whatever it measures: it may be only a part of the number that the report has.
"""

import re

from transforms.numerals import DIGITS, FORMAL, arabic, between, chinese
from transforms.signs import CHINESE_NUMERALS


def unread_digits(raw_text: str, doubt: str) -> str:
    """The reason a figure is suspect whose number may not have been read whole."""
    return f"unread_digits: {doubt!r} beside {raw_text} may belong to the number"


def unread(text: str, match: re.Match[str]) -> str:
    """What stands beside a number that may belong to it and was not read; empty where there is nothing.

    `match` is one of the pattern of `quantities`. There is in 13 62件, 4•5件, 一千零20件, 四十又五场, behind a raised
    digit and a glyph that has no character. A year before a blank (2024 362件) and the number of an item (③12个乡镇)
    are none.
    """
    if match["more1"] == "几" and match["scale"] in ("十", "百", "千"):
        return match[0]  # 三千几百件 is no 3000 hundreds
    start, unit = match.start(), match["unit"]
    before = text[start - 1] if start else ""
    begins_clearly = "\u4e00" <= before <= "\u9fff" and before not in _WRITES_NUMBERS
    if not begins_clearly and (doubt := _before(text, match, before)):
        return doubt
    return "" if unit and unit != "个" else _after(text, match)


_JOINING = "又有点到至余多几注个和与及或"
_WORDS = CHINESE_NUMERALS + FORMAL + "拾佰仟"
_WRITES_NUMBERS = frozenset(_WORDS + _JOINING)
_NUMERALS_BEFORE_DIGITS = frozenset("二两三四五六七八九十百千万亿零〇")  # but 统一12件 is no number
_WEEK = frozenset("周期第")  # 周六5场
_REACH = 12

_MARKS = "\u4e00-\u9fff,;:。、()《》“”%A-Za-z"
_POINT = "[.,·‧•﹒∙・⋅﹐]"
# What stands between digits that a program moved apart: blanks, points, raised and circled digits, signs of any kind.
_DIGITS_APART = re.compile(rf"(?P<digits>[0-9]+)(?P<between>(?:[^{_MARKS}0-9]|{_POINT}){{1,4}})$")
_WORDS_APART = re.compile(rf"[{CHINESE_NUMERALS}0-9][^{_MARKS}0-9]{{1,3}}$")
_SCALE_APART = re.compile(rf"[十百千万亿零〇][^{_MARKS}0-9]{{1,3}}$")
# 四十又五场, 98点5%, 三到四千件, 一百有五件, 3余200件, 3200注1件, 3个200件
_AND_MORE = re.compile(rf"(?:[{CHINESE_NUMERALS}0-9]{_POINT}?[又点到至]|[十百千万亿]有|[0-9][余多几注个]){_POINT}?$")
_NO_CHARACTER = re.compile(rf"[\ufffc\ufffd\ue000-\uf8ff](?:[^{_MARKS}0-9]|{_POINT}){{0,2}}$")
# 办理□3件; but □3件 at the head of a line is a box to tick
_A_BOX_FOR_A_CHARACTER = re.compile(r"[\u4e00-\u9fff\d][□▯☐〓]+$")


def _before(text: str, match: re.Match[str], before: str) -> str:
    start = match.start()
    floor = max(0, start - _REACH)
    if before in _BESIDE_SIGNS and (parted := _parted(text, match, before)):
        return parted
    if "\u4e00" <= before <= "\u9fff" and before not in _JOINING:
        written = _WORDS if match["words"] else _NUMERALS_BEFORE_DIGITS
        return before if before in written and text[start - 2 : start - 1] not in _WEEK else ""
    if not before or before in "(;:。、%" or (before.isascii() and before.isalpha()):
        return ""
    if _NO_CHARACTER.search(text, floor, start):
        return "a glyph without a character"
    apart = _AND_MORE.search(text, floor, start) or (_WORDS_APART if match["words"] else _SCALE_APART).search(
        text, floor, start
    )
    if apart := apart or _A_BOX_FOR_A_CHARACTER.search(text, floor, start):
        return apart[0]
    return _digits_apart(text, match, before, floor)


_ITEMS = 3
"""Digits that no number of an item has."""
_YEARS = re.compile(r"(?:19|20)\d\d", re.ASCII)
_CIRCLED = re.compile(r"[\d\u2460-\u24ff\u2776-\u2793][\u2460-\u24ff\u2776-\u2793]$")  # ①②0件, but ③12个乡镇


def _digits_apart(text: str, match: re.Match[str], before: str, floor: int) -> str:
    start = match.start()
    if joined := _DIGITS_APART.search(text, floor, start):
        year = _YEARS.fullmatch(joined["digits"]) and not joined["between"].strip()
        # 3. 392个村 at the head of a line is the third item; 3. 2万份 may be 3.2万份
        heads_a_line = (
            text[max(0, joined.start() - 1) : joined.start()] in ("", "\n") and len(joined["digits"]) < _ITEMS
        )
        numbered = heads_a_line and joined["between"].startswith(".") and not match["scale"] and match["unit"] != "%"
        return "" if year or numbered else joined[0]
    if circled := _CIRCLED.search(text, floor, start):
        return circled[0]
    enumerates = "\u2460" <= before <= "\u24ff" or "\u2776" <= before <= "\u2793"
    return before if before.isdigit() and not enumerates else ""


LIST_REACH = 40
LISTED_NUMBERS = re.compile(r"(?:分别|依次)[^,;:。\n]*$")
"""分别受理41、 begins a list of numbers, and so does the number after it: 分别受理41、52、63件."""
_BESIDE_SIGNS = frozenset("、:。(,和与及或")
_DIGITS_BESIDE = re.compile(r"(?<=[^\n\d.])\d+[、:。和与及或]$")  # 2、3百件, 1:136件, 98。5%; 1、136件 heads a line
_WORDS_BESIDE = re.compile(rf"(?<![{CHINESE_NUMERALS}])(?P<words>[{CHINESE_NUMERALS}]+)[、和与或]$")  # 六、七十件
_DIGIT_BY_DIGIT = re.compile(rf"[{CHINESE_NUMERALS}],$")  # 三,二〇〇件
_ROUND_BESIDE = re.compile(r"\d[万亿],$")  # 3万,2千件
_TOLD_TWICE = re.compile(rf"(?P<words>[{CHINESE_NUMERALS}]+)\($")  # 二十三(32)件


def _parted(text: str, match: re.Match[str], before: str) -> str:
    """The head of a number that a sign may part from its end; empty for lists, items and figures of their own."""
    start, words = match.start(), match["words"] or ""
    floor = max(0, start - _REACH)
    if before == "(":
        told = _TOLD_TWICE.search(text, floor, start) if match["digits"] and text.startswith(")", match.end()) else None
        return told[0] if told and not match["unit"] and chinese(told["words"]) != arabic(match["digits"]) else ""
    if before == ",":
        one_by_one = len(words) > 1 and all(c in DIGITS or c == "〇" for c in words)
        thousands = match["scale"] in ("十", "百", "千") or match["mixed"]
        parted = (_DIGIT_BY_DIGIT if one_by_one else _ROUND_BESIDE).search(text, floor, start)
        return parted[0] if parted and (one_by_one or thousands) else ""
    if LISTED_NUMBERS.search(text, max(0, start - LIST_REACH), start):
        return ""
    if parted := _DIGITS_BESIDE.search(text, floor, start):
        return parted[0]
    parted = _WORDS_BESIDE.search(text, floor, start)
    return parted[0] if parted and _goes_on(parted["words"], words) else ""


def _goes_on(first: str, second: str) -> bool:
    """Whether two numerals are the ends of one span: 六、七十, 两、三, 一百、二百; but 统一、三是 are no such two."""
    return bool(second) and (len(first) > 1 or between(first + second[0]) is not None)


_NUMBER_AFTER_COUNTER = re.compile(r"\d|半[十百千万]")  # 3个200件, 3个半万件
_NEXT_LINE_GOES_ON = re.compile(rf"\n[{CHINESE_NUMERALS}\d.点]")
_THOUSANDS_AFTER = re.compile(r",\d+[十百千]")  # 3万,2千件


def _after(text: str, match: re.Match[str]) -> str:
    """What goes on as if the number were not yet whole, behind one without a unit or with 个, which may be none.

    百分之九十⏎八点五, 3万,2千件, 3个200件, 3个半万件.
    """
    if match["unit"]:
        goes_on = _NUMBER_AFTER_COUNTER.match(text, match.end())
    elif match["scale"]:
        goes_on = _THOUSANDS_AFTER.match(text, match.end())
    else:
        rate = match["percent"] or match["denominator"] or match["tenths_words"]
        goes_on = _NEXT_LINE_GOES_ON.match(text, match.end()) if rate else None
    return goes_on[0].lstrip() if goes_on else ""
