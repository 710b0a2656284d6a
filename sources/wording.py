"""The words by which a report is recognised: labels of header tables, forms of report, its subjects.

`wording.csv` holds them, a word a row with its kind:

- `label_title`, `label_publisher`, `label_source`, `label_published`, `label_issued`, `label_other`:
  what stands before a colon or in the left cell of a page's header table;
- `furniture`: words of the page around a report;
- `form`: what a report calls itself; `summary`: phrases of looking back over a period;
- `subject`: what reports on the rule of law speak of;
- `body_ending`: how the names of bodies end; `people`: the peoples in names of autonomous areas, without 族;
- `no_place`: words that hold the short name of a place by chance (长治久安);
- `ordinary_place`: full names that are also ordinary words (城区), which name a place only right after its
  parent's name or, past two characters, at the start of a line.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

KINDS = (
    "label_title",
    "label_publisher",
    "label_source",
    "label_published",
    "label_issued",
    "label_other",
    "furniture",
    "form",
    "summary",
    "subject",
    "body_ending",
    "people",
    "no_place",
    "ordinary_place",
)


class InvalidWordingError(ValueError):
    """A row of the wording list breaks its rules; the message names file and line."""


@cache
def wording() -> Mapping[str, tuple[str, ...]]:
    """Words by kind, in the order of the file."""
    return load_wording(Path(__file__).with_name("wording.csv"))


def load_wording(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Read and check a wording list; raises InvalidWordingError naming file and line."""
    words: dict[str, list[str]] = {kind: [] for kind in KINDS}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != ["kind", "word"]:
            raise InvalidWordingError(f"{path}, line 1: found columns {reader.fieldnames}, expected ['kind', 'word']")
        for row in reader:
            kind, word = row["kind"], row["word"]
            where = f"{path}, line {reader.line_num}"
            if kind not in words:
                raise InvalidWordingError(f"{where}: found kind {kind!r}, expected one of {', '.join(KINDS)}")
            if not word or word in words[kind]:
                raise InvalidWordingError(f"{where}: {word!r} is empty or stands twice under {kind}; remove the row")
            words[kind].append(word)
    return {kind: tuple(listed) for kind, listed in words.items()}
