"""Words of labels in tables that say nothing of what is counted (years, totals, changes): `lexicon/tables.yaml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from transforms.lexicon import LEXICON, LexiconError, lexicon
from transforms.yamlfile import YamlFile

TABLES = LEXICON / "tables.yaml"


class _Lines(YamlFile):
    """The file of words for tables."""

    wrong = LexiconError


@dataclass(frozen=True, slots=True)
class TableWords:
    """The groups of words of tables.yaml, which says what each means."""

    this_year: frozenset[str]
    last_year: frozenset[str]
    next_year: frozenset[str]
    no_year: frozenset[str]
    target: frozenset[str]
    change: frozenset[str]
    change_rate: frozenset[str]
    change_count: frozenset[str]
    fall: frozenset[str]
    share: frozenset[str]
    average: frozenset[str]
    total: frozenset[str]
    whole_region: frozenset[str]
    own_level: frozenset[str]
    within: frozenset[str]
    light: frozenset[str]
    serial: frozenset[str]
    column_names: frozenset[str]
    aside: frozenset[str]
    missing: frozenset[str]
    unit_heads: frozenset[str]
    narrower: frozenset[str]
    counted: Mapping[str, str]
    """The unit that a word at the end of a label names: 件 of 案件数."""
    figure: re.Pattern[str]
    """A cell that holds one figure: `sign` or word of change before it, `figure`, and a `note` in brackets after it."""

    def kind_of(self) -> dict[str, str]:
        """The group of every word that a label may hold beside those of an indicator."""
        return {word: group for group in _IN_LABELS for word in getattr(self, group)}


_IN_LABELS = (
    *("this_year", "last_year", "next_year", "no_year", "target", "change", "change_rate", "change_count", "share"),
    *("average", "total", "whole_region", "own_level", "within", "light"),
)
_MAY_STAND_TWICE = frozenset({"fall", "counted", "unit_heads"})


@cache
def table_words(path: Path = TABLES) -> TableWords:
    """Load and check the words; cached, since they don't change while a process runs.

    Raises LexiconError with file and line where an entry is wrong.
    """
    lines = _Lines(path)
    expected = {field.name for field in fields(TableWords)} - {"figure"}
    if unknown := sorted(lines.data.keys() - expected):
        raise lines.error((unknown[0],), f"no such group, expected one of {', '.join(sorted(expected))}")
    if missing := sorted(expected - lines.data.keys()):
        raise lines.error((), f"the group {missing[0]} is missing; add it, if only as an empty list")
    seen: dict[str, str] = {}
    groups = {name: _words(lines, (name,), seen) for name in expected - {"counted"}}
    if stray := sorted(groups["fall"] - groups["change"] - groups["change_rate"] - groups["change_count"]):
        raise lines.error(("fall",), f"{stray[0]!r} is in none of change, change_rate and change_count; add it there")
    units = lexicon(path.parent).unit_of
    countable = [written for written, unit in units.items() if not unit.weak]  # 2024年 in a cell is a label
    return TableWords(**groups, counted=_counted(lines, seen, tuple(units)), figure=_figure(countable))


def _words(lines: _Lines, at: tuple[str, ...], seen: dict[str, str]) -> frozenset[str]:
    found = lines.data
    for key in at:
        found = found[key]
    if not isinstance(found, list) or not all(isinstance(word, str) and word.strip() for word in found):
        raise lines.error(at, f"found {found!r}, expected a list of words")
    for word in found:
        if at[0] in _MAY_STAND_TWICE:
            continue
        if word in seen:
            raise lines.error(at, f"{word!r} stands in {seen[word]} already; remove one")
        seen[word] = at[0]
    return frozenset(found)


def _counted(lines: _Lines, seen: dict[str, str], units: Sequence[str]) -> dict[str, str]:
    by_unit = lines.data["counted"]
    if not isinstance(by_unit, dict):
        raise lines.error(("counted",), f"found {by_unit!r}, expected `unit: [words]`")
    if unknown := next((unit for unit in by_unit if unit not in units), None):
        raise lines.error(("counted", unknown), f"{unknown!r} is no unit of units.yaml")
    return {word: unit for unit in by_unit for word in _words(lines, ("counted", unit), seen)}


def _figure(units: Sequence[str]) -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?P<sign>[+＋\-−±↑↓▲▼]|(?:同比|环比)?(?:增长|增加|上升|提高|下降|减少|降低|增|减|升|降))?\s*
        (?P<figure>
          (?:大?约|将?近|超过?|逾|不足|不少于|不低于|不超过)?\s?
          (?!0\d)(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:\ \d{{3}})+|\d{{1,15}})(?:\.\d{{1,9}})?
          [余多]?\s?(?:[十百千]?[万亿])?[余多]?\s?
          (?P<unit>{alternatives(frozenset(units))})?
          (?:左右)?
        )
        \s*(?P<note>\([^()]*\))?
        """,
        re.VERBOSE,
    )


def alternatives(words: frozenset[str] | Mapping[str, str]) -> str:
    """A pattern of words, the longest first; it fits nothing where there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
