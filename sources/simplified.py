"""Traditional characters read as simplified ones, which all lists of words are written in.

Some web sites of Guangdong and Fujian offer their reports in both. `traditional.csv` holds the pairs.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path


class InvalidCharactersError(ValueError):
    """A row of the list of characters breaks its rules; the message names file and line."""


def simplified(text: str) -> str:
    """`text` in simplified characters, one for one, so offsets stay: 受理行政複議案件 is 受理行政复议案件."""
    traditional, pairs = _traditional()
    return text.translate(pairs) if traditional.search(text) else text


@cache
def _traditional() -> tuple[re.Pattern[str], Mapping[int, str]]:
    """A traditional character, and what each is in simplified writing."""
    pairs = load_traditional(Path(__file__).with_name("traditional.csv"))
    return re.compile(f"[{''.join(pairs)}]"), str.maketrans(dict(pairs))


def load_traditional(path: Path) -> Mapping[str, str]:
    """Simplified characters by traditional ones; raises InvalidCharactersError naming file and line.

    Characters that simplified writing has as well are none of them: 著 is 着, but also that of 显著.
    """
    pairs: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        if (header := next(rows, None)) != ["traditional", "simplified"]:
            raise InvalidCharactersError(
                f"{path}, line 1: found columns {header}, expected ['traditional', 'simplified']"
            )
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            if [len(cell) for cell in row] != [1, 1] or not all("\u4e00" <= cell <= "\u9fff" for cell in row):
                raise InvalidCharactersError(f"{where}: found {row}, expected one character for one")
            if row[0] in pairs or row[0] == row[1]:
                raise InvalidCharactersError(f"{where}: {row[0]} stands twice; remove a row")
            pairs[row[0]] = row[1]
    return pairs
