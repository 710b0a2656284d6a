"""The text as it is read: normalised one character for one, so that offsets stay those of the report."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from transforms.lexicon import LEXICON, LexiconError

_WIDE = "０１２３４５６７８９．％﹪，；：（）　\u00a0－–—―～~？！ＡＢ"
_PLAIN = "0123456789.%%,;:()  -----~?!AB".replace("~", "-")
_PAIRS = tuple(zip(_WIDE, _PLAIN, strict=True))


def normalise(text: str) -> str:
    """Full-width digits, signs and dashes as ASCII, traditional characters simplified; the length never changes.

    Circled numbers ① are left alone: they enumerate, and ③12个乡镇 is not 312.
    """
    for wide, plain in _PAIRS:  # faster than translate(), which asks for every character
        if wide in text:
            text = text.replace(wide, plain)
    traditional, simplified = _traditional()
    return text.translate(simplified) if traditional.search(text) else text


@cache
def _traditional() -> tuple[re.Pattern[str], Mapping[int, str]]:
    """A traditional character, and what each is in simplified writing."""
    simplified = load_traditional(LEXICON / "traditional.csv")
    return re.compile(f"[{''.join(simplified)}]"), str.maketrans(dict(simplified))


def load_traditional(path: Path) -> Mapping[str, str]:
    """Simplified characters by traditional ones; raises LexiconError naming file and line.

    Characters that simplified writing has as well are none of them: 著 is 着, but also that of 显著.
    """
    simplified: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        if (header := next(rows, None)) != ["traditional", "simplified"]:
            raise LexiconError(f"{path.name}:1: found columns {header}, expected ['traditional', 'simplified']")
        for row in rows:
            if [len(cell) for cell in row] != [1, 1] or not all("\u4e00" <= cell <= "\u9fff" for cell in row):
                raise LexiconError(f"{path.name}:{rows.line_num}: found {row}, expected one character for one")
            if row[0] in simplified or row[0] == row[1]:
                raise LexiconError(f"{path.name}:{rows.line_num}: {row[0]} stands twice; remove a row")
            simplified[row[0]] = row[1]
    return simplified


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
