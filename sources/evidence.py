"""How much each source says about a document's region and year, and what they say together.

`evidence.csv` gives each source a weight: the share of documents in which that source alone, without any other, would
settle the question. Sources are taken as independent, so that together they settle it in 1 - Π(1 - weight): a title
(0.8) with a signature (0.7) of the same county make 0.94. One more source that agrees therefore never lowers a
confidence; each that had to be overruled takes a fifth of it, and so does a namesake told apart by circumstances.
The confidence of an identity is the lower of those of its region and its year: from 0.9 on several sources agree on
both, below 0.6 one of them was only inferred (the year from the day of publication, the region from what the text
speaks of).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path
from typing import Generic, TypeVar

_COLUMNS = ["of", "source", "weight", "label"]
_OVERRULED = 0.8

T = TypeVar("T", str, int)


class InvalidEvidenceError(ValueError):
    """A row of the table of evidence breaks its rules; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a source weighs, in 0..1, and what it is called in a reason."""

    weight: float
    label: str


@dataclass(frozen=True, slots=True)
class Clue(Generic[T]):
    """What one source says: the codes or years it may mean, and its words as found."""

    source: str
    candidates: tuple[T, ...]
    words: str


@cache
def weights() -> Mapping[tuple[str, str], Weight]:
    """The table that ships, by what it is of (region, year) and source."""
    return load_weights(Path(__file__).with_name("evidence.csv"))


def load_weights(path: Path) -> Mapping[tuple[str, str], Weight]:
    """Read and check a table of evidence; raises InvalidEvidenceError naming file and line."""
    found: dict[tuple[str, str], Weight] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != _COLUMNS:
            raise InvalidEvidenceError(f"{path}, line 1: found columns {reader.fieldnames}, expected {_COLUMNS}")
        for row in reader:
            where, key = f"{path}, line {reader.line_num}", (row["of"], row["source"])
            if key in found:
                raise InvalidEvidenceError(f"{where}: {key} stands twice; remove a row")
            try:
                weight = float(row["weight"])
            except ValueError:
                weight = -1.0
            if not 0 < weight < 1:
                raise InvalidEvidenceError(f"{where}: found weight {row['weight']!r}, expected 0 to 1")
            found[key] = Weight(weight, row["label"])
    return found


def confidence(of: str, sources: Iterable[str], overruled: int = 0) -> float:
    """What `sources` that agree say together, in 0..1, where `overruled` others say otherwise."""
    doubt = prod(1 - weights()[of, source].weight for source in set(sources))
    return float((1 - doubt) * _OVERRULED**overruled)


def label(of: str, source: str) -> str:
    """What a source is called: `the header table`."""
    return weights()[of, source].label


def said_by(of: str, clues: Sequence[Clue[T]]) -> str:
    """Who says it with which words: `the title 隆回县2024年…, the signature 隆回县人民政府`."""
    return ", ".join(f"{label(of, clue.source)} {_short(clue.words)}".rstrip() for clue in clues)


def times(count: int) -> str:
    """`once`, `3 times`."""
    return "once" if count == 1 else f"{count} times"


def _short(words: str, longest: int = 40) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
