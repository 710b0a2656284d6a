"""The text as it is read: normalised one character for one, so that offsets stay those of the report."""

import re

from sources.simplified import simplified

_WIDE = "０１２３４５６７８９．％﹪，；：（）　\u00a0–—―～~？！ＡＢ＞＜＝"
_PLAIN = "0123456789.%%,;:()  ---~~?!AB><=".replace("~", "-")
# Fonts and programs write one hyphen in many ways, and PDF files have the soft one for all of them.
_HYPHENS = "\u00ad\u2010\u2011\u2012\u2212\ufe58\ufe63\uff0d"
_PAIRS = (*zip(_WIDE, _PLAIN, strict=True), *((hyphen, "-") for hyphen in _HYPHENS))
# 4·5万, 97•6%: a point in the middle of the line is the decimal one where a scale or a per cent sign follows; “12·4” is
# a day.
_MIDDLE_POINTS = "·‧•﹒∙・⋅"
_MIDDLE_POINT = re.compile(f"[{_MIDDLE_POINTS}]")
_DECIMAL = re.compile(rf"(?<=\d)[{_MIDDLE_POINTS}](?=\d{{1,4}} ?(?:[十百千]?[万亿]|[%‰]))")

# 二O二三年, 三O二件: a letter or a circle is written for 〇 between digits.
_NOUGHTS = "OoОοΟＯ○◯"
_LOOKS_LIKE_NOUGHT = re.compile(
    rf"(?<=[〇一二三四五六七八九])[{_NOUGHTS}](?=[{_NOUGHTS}]?[〇一二三四五六七八九年])"
    rf"|(?<=[〇一二三四五六七八九][{_NOUGHTS}])[{_NOUGHTS}](?=[〇一二三四五六七八九年])"
)


def normalise(text: str) -> str:
    """Full-width digits, signs and dashes as ASCII, traditional characters simplified; the length never changes.

    Circled numbers ① are left alone: they enumerate, and ③12个乡镇 is not 312.
    """
    for wide, plain in _PAIRS:  # faster than translate(), which asks for every character
        if wide in text:
            text = text.replace(wide, plain)
    if _MIDDLE_POINT.search(text):
        text = _DECIMAL.sub(".", text)
    if any(nought in text for nought in _NOUGHTS):
        text = _LOOKS_LIKE_NOUGHT.sub("〇", text)
    return simplified(text)


def before_blanks(text: str, offset: int) -> int:
    """Where the blanks that end at `offset` begin."""
    while offset and text[offset - 1] == " ":
        offset -= 1
    return offset


def after_blanks(text: str, offset: int) -> int:
    """Where the blanks that begin at `offset` end."""
    while text.startswith(" ", offset):
        offset += 1
    return offset
