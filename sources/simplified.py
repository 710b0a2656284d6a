"""Traditional characters and radicals read as simplified ones, which all lists of words are written in.

Some web sites of Guangdong and Fujian offer their reports in both writings; OpenCC's dictionaries turn one into the
other, phrases among them (乾縣 is 乾县, 乾部 is 干部). `characters.csv` holds what these leave as it is: variants of
Hong Kong and of place names, and the radicals of dictionaries (⻓) that PDF files have in the place of characters, as
far as Unicode itself doesn't take them for one (from its list of equivalent ideographs).
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

CHARACTERS = Path(__file__).with_name("characters.csv")
_COLUMNS = ["written", "simplified"]
_RADICALS = range(0x2E80, 0x2FE0)
_RADICAL = re.compile("[\u2e80-\u2fdf]")


class InvalidCharactersError(ValueError):
    """A row of the list of characters breaks its rules; the message names file and line."""


def simplified(text: str) -> str:
    """`text` in simplified characters, one for one, so offsets stay: 受理行政複議案件 is 受理行政复议案件."""
    if _RADICAL.search(text):
        text = text.translate(_radicals())
    traditional, convert = _traditional()
    if not traditional.search(text):
        return text
    return "".join(convert(line) if traditional.search(line) else line for line in text.splitlines(keepends=True))


@cache
def _radicals() -> Mapping[int, str]:
    """The characters that the radicals of Unicode stand for."""
    alike = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in _RADICALS}
    listed = {ord(sign): one for sign, one in load_characters(CHARACTERS).items() if ord(sign) in _RADICALS}
    return {sign: one for sign, one in alike.items() if len(one) == 1} | listed


@cache
def _traditional() -> tuple[re.Pattern[str], Callable[[str], str]]:
    """The characters that only traditional writing has, and what turns a line of it into simplified writing.

    乾 is also simplified, in 乾县: it is looked at only in a line that has a character of the former kind.
    """
    from opencc import OpenCC  # noqa: PLC0415 - reads its dictionaries, and most runs meet no such text

    dictionaries, listed = OpenCC("t2s"), str.maketrans(dict(load_characters(CHARACTERS)))
    every = [chr(point) for point in range(0x4E00, 0xA000)]
    turned = dictionaries.convert("\n".join(every)).split("\n")
    only = "".join(
        one
        for one, other in zip(every, turned, strict=True)
        if (one != other and not _in_gb2312(one)) or ord(one) in listed
    )

    def convert(line: str) -> str:
        other = dictionaries.convert(line)
        return (other if len(other) == len(line) else line).translate(listed)

    return re.compile(f"[{only}]"), convert


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def load_characters(path: Path) -> Mapping[str, str]:
    """Simplified characters by how they are written; raises InvalidCharactersError naming file and line."""
    pairs: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        if (header := next(rows, None)) != _COLUMNS:
            raise InvalidCharactersError(f"{path}, line 1: found columns {header}, expected {_COLUMNS}")
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            if [len(cell) for cell in row] != [1, 1] or not all("\u2e80" <= cell <= "\u9fff" for cell in row):
                raise InvalidCharactersError(f"{where}: found {row}, expected one character for one")
            if row[0] in pairs or row[0] == row[1]:
                raise InvalidCharactersError(f"{where}: {row[0]} stands twice; remove a row")
            pairs[row[0]] = row[1]
    return pairs
