"""Raised and lowered text: what points to a note, and what belongs to the word or number before it.

1362¹件 and 1362[2]件 with a raised mark are 1362件; m² is m2, as CO₂ is CO2; 10⁴ stays 10⁴, so that no figure takes the
raised digit for one of its own.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

# [1], 〔2〕, ①, * mark a note wherever they stand raised or link to it; raised, 1 and 1,2 and 3) do too.
_SIGN = r"(?:注\s*)?(?:\d{1,3}|[a-z*])"
_BETWEEN = r"\s*[,，、;；~～–—-]\s*"
_MARK = re.compile(
    rf"\s*(?:[\[【〔(（]\s*{_SIGN}(?:{_BETWEEN}{_SIGN})*\s*[\])）〕】]|[①-⑳㉑-㉟❶-❿*＊※†‡]|{_BETWEEN})+\s*"
)
_NUMBER = re.compile(rf"\s*(?:注\s*)?\d{{1,3}}(?:{_BETWEEN}\d{{1,3}})*\s*[)）]?\s*")
# Unless they are a power, an index or a fraction: m², CO₂, 3.2×10⁴, 10⁸, 1¹/₂.
_FORMULA = re.compile(r"(?:[a-zA-Zａ-ｚＡ-Ｚ/⁄∕⁰¹²³⁴⁵⁶⁷⁸⁹]|[×✕*·]\s*10)\s*$")
_POWER_OF_TEN, _LARGE_POWER = re.compile(r"(?<![\d.,])10\s*$"), re.compile(r"\s*[4-9]\s*")
_FRACTION = re.compile(r"\s*[/⁄∕]")
_LATIN = re.compile(r"[a-zA-Z]\s*$")
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d\s*$"), re.compile(r"\s*\d")
SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
SUBSCRIPT = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")

# Marks around raised text until its paragraph is known; what is read has no such characters.
RAISED_FROM, RAISED_TO = "\x0e", "\x0f"
RAISED = re.compile(f"(?:{RAISED_FROM}[^{RAISED_TO}]*{RAISED_TO})+")


class Stretch(NamedTuple):
    """Text of one look, as in a cell of a workbook; `struck` text was deleted."""

    text: str
    struck: bool = False
    raised: bool = False


def shown_text(stretches: Iterable[Stretch]) -> str:
    """What is read of text in several looks."""
    marked = (f"{RAISED_FROM}{one.text}{RAISED_TO}" if one.raised else one.text for one in stretches if not one.struck)
    return RAISED.sub(in_paragraph, "".join(marked))


def in_paragraph(raised: re.Match[str]) -> str:
    """What a match of RAISED in a paragraph is on the line; all of it where the whole paragraph is raised."""
    before, after = raised.string[: raised.start()], raised.string[raised.end() :]
    text = raised[0].replace(RAISED_FROM, "").replace(RAISED_TO, "")
    if not before.strip() and not after.strip():
        return text
    return "" if is_note(text, before, after) else as_raised(text, before)


def is_note(raised: str, before: str, after: str) -> bool:
    """Whether raised or lowered text marks a note; it is no text of the line then.

    A number is none in a power, an index, a fraction (m², 10⁴, 1¹/₂) or between digits (1³6): nobody puts a mark there.
    """
    return is_note_mark(raised) or bool(_NUMBER.fullmatch(raised) and not belongs(raised, before, after))


def is_note_mark(text: str) -> bool:
    """Whether text marks a note wherever it stands: [1], ①."""
    return bool(_MARK.fullmatch(text))


def belongs(raised: str, before: str, after: str) -> bool:
    """Whether a raised number belongs to what stands before or after it."""
    if _FORMULA.search(before) or _FRACTION.match(after):
        return True
    if _POWER_OF_TEN.search(before) and _LARGE_POWER.fullmatch(raised):
        return True
    return bool(_DIGIT_BEFORE.search(before) and _DIGIT_AFTER.match(after))


def as_raised(raised: str, before: str) -> str:
    """Raised text as it is; digits as raised ones, but for those of a unit: 10⁴, m2."""
    return raised if _LATIN.search(before) else raised.translate(SUPERSCRIPT)
