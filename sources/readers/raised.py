"""Raised and lowered text: what points to a note, and what belongs to the word or number before it.

1362¹件 and 1362[2]件 with a raised mark are 1362件; m² is m2, as CO₂ is CO2; 10⁴ stays 10⁴, so that no figure takes the
raised digit for one of its own.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

# [1], 〔2〕, ①, * mark a note wherever they stand raised; so do 1 and 1,2 but for powers and formulas.
_MARK = re.compile(
    r"\s*(?:[\[【〔(（]\s*(?:注?\s*\d{1,3}(?:\s*[,，、\-–—]\s*\d{1,3})*|[a-z*])\s*[\])）〕】]|[①-⑳㉑-㉟❶-❿*＊※†‡])+\s*"
)
_NUMBER = re.compile(r"\s*注?\s*\d{1,3}(?:\s*[,，、\-–—]\s*\d{1,3})*\s*")
_FORMULA = re.compile(r"[a-zA-Zａ-ｚＡ-Ｚ]\s*$|(?<!\d)10\s*$|[⁰¹²³⁴⁵⁶⁷⁸⁹]$")
_LATIN = re.compile(r"[a-zA-Z]\s*$")
_RAISED_DIGITS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

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
    before, text = raised.string[: raised.start()], raised[0].replace(RAISED_FROM, "").replace(RAISED_TO, "")
    if not before.strip() and not raised.string[raised.end() :].strip():
        return text
    return on_the_line(text, before)


def on_the_line(raised: str, before: str) -> str:
    """What raised or lowered text is on the line, behind the text `before` it: nothing for the mark of a note."""
    if _MARK.fullmatch(raised) or (_NUMBER.fullmatch(raised) and not belongs(before)):
        return ""
    return as_raised(raised, before)


def belongs(before: str) -> bool:
    """Whether a raised number behind this text is no mark of a note, but of a unit or a power: m², 10⁴."""
    return bool(_FORMULA.search(before))


def as_raised(raised: str, before: str) -> str:
    """Raised text as it is; digits as raised ones, but for those of a unit: 10⁴, m2."""
    return raised if _LATIN.search(before) else raised.translate(_RAISED_DIGITS)
