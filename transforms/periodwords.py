"""Words that tell which time a figure is of, checked when loaded: `lexicon/periods.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from transforms.lexicon import LEXICON, LexiconError, lexicon
from transforms.yamlfile import YamlFile

PERIODS_FILE = LEXICON / "periods.yaml"


class _Lines(YamlFile):
    """The file of words for periods."""

    wrong = LexiconError


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """The groups of words of periods.yaml, which says what each means; `began` has the year of each beginning."""

    occasions: tuple[str, ...]
    dated: tuple[str, ...]
    holidays: tuple[str, ...]
    of_years: tuple[str, ...]
    of_the_year: tuple[str, ...]
    limited: tuple[str, ...]
    made_use_of: tuple[str, ...]
    verbs_before: tuple[str, ...]
    goes_on: tuple[str, ...]
    began: Mapping[str, int]
    no_beginnings: tuple[str, ...]
    events: tuple[str, ...]
    documents: tuple[str, ...]
    documented: tuple[str, ...]
    running_totals: frozenset[str]
    added: tuple[str, ...]
    there_is: tuple[str, ...]


@cache
def period_words(path: Path = PERIODS_FILE) -> PeriodWords:
    """Load and check the words; cached, since they don't change while a process runs.

    Raises LexiconError with file and line where a group is missing, unknown, or no list of words.
    """
    lines = _Lines(path)
    expected = {field.name for field in fields(PeriodWords)}
    if unknown := sorted(lines.data.keys() - expected):
        raise lines.error((unknown[0],), f"no such group, expected one of {', '.join(sorted(expected))}")
    if missing := sorted(expected - lines.data.keys()):
        raise lines.error((), f"the group {missing[0]} is missing; add it, if only as an empty list")
    words: dict[str, Any] = {name: _words(lines, name) for name in expected - {"began"}}
    if strange := sorted(set(words["running_totals"]) - lexicon(path.parent).indicators.keys()):
        raise lines.error(("running_totals",), f"{strange[0]!r} is no indicator of the lexicon")
    words["running_totals"] = frozenset(words["running_totals"])
    return PeriodWords(**words, began=_years(lines, "began"))


def _words(lines: _Lines, group: str) -> tuple[str, ...]:
    found = lines.data[group]
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        raise lines.error((group,), f"found {found!r}, expected a list of words")
    return tuple(found)


def _years(lines: _Lines, group: str) -> Mapping[str, int]:
    found = lines.data[group]
    if not isinstance(found, dict):
        raise lines.error((group,), f"found {found!r}, expected `words: year`")
    for word, year in found.items():
        if not isinstance(year, int):
            raise lines.error((group, word), f"found {year!r}, expected a year such as 2021")
    return found
