"""The steward's queue: figures that no indicator fits, grouped by the thing they count."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from transforms.phrases import counted_thing
from warehouse.query import query

_UNCODED = """
SELECT u.phrase, u.raw_text, u.sentence, u.report_key
FROM unmapped_observation u
WHERE u.role = 'actual' AND u.status = 'current'
ORDER BY u.report_key, u.start_offset
"""


@dataclass(frozen=True, slots=True)
class Uncoded:
    """A thing that reports count and the lexicon doesn't know; `sentences` are pairs of figure and sentence."""

    thing: str
    figures: int
    reports: int
    sentences: tuple[tuple[str, str], ...]


def queue(warehouse: Path) -> list[Uncoded]:
    """What has no indicator yet in the published warehouse, the most frequent first; raises QueryError."""
    found: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for phrase, raw_text, sentence, report in query(warehouse, _UNCODED).rows:
        found[counted_thing(phrase)].append((raw_text, sentence, report))
    things = [
        Uncoded(
            thing,
            len(figures),
            len({report for _, _, report in figures}),
            tuple((raw_text, sentence) for raw_text, sentence, _ in figures),
        )
        for thing, figures in found.items()
    ]
    return sorted(things, key=lambda one: (-one.reports, -one.figures, one.thing))
