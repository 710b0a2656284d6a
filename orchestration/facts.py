"""Facts of a document or a passage as JSON, read on the spot with nothing stored: what `fazhi extract` prints.

Imports neither Dagster nor the warehouse, so that one file answers at once.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import tee
from typing import Any

from sources.document import Document, Identity
from sources.identify import Hint, identify
from sources.inbox import FoundFile, Problem
from sources.intake import OCR_SECONDS, gave_up, too_large
from sources.quarantine import Quarantined
from sources.readers import read
from sources.readers.archive import members
from sources.readers.sniff import ARCHIVE, media_type
from sources.workers import Limits, guarded
from transforms.explanation import explanation, marked
from transforms.extract import Context, Reading, explain, extract
from transforms.observation import Observation

Json = dict[str, Any]


class PassageError(ValueError):
    """A line of a passages file that can't be read: says which line, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text whose report is already known, as given in a passages file."""

    id: str
    text: str
    context: Context


def facts_of_files(
    found: Iterable[FoundFile | Problem], max_bytes: int, limits: Limits, *, explained: bool = False
) -> Iterator[Json | Problem]:
    """The facts of each document, read side by side, in order; an archive gives those of each of its files."""
    here, there = tee(found)
    tasks = ((one, max_bytes, explained) for one in there if isinstance(one, FoundFile))
    facts = guarded(facts_of_file, tasks, limits, seconds=OCR_SECONDS)  # who waits here may also stop it
    for one in here:
        if isinstance(one, Problem):
            yield one
            continue
        told = next(facts)
        if isinstance(told, Exception):
            told = [{"id": one.path.stem} | _refusal_json(gave_up(one.path.name, told))]
        yield from told


def facts_of_file(found: FoundFile, max_bytes: int, explained: bool) -> list[Json]:
    """A file's documents, one but for an archive: who reports on what, and its facts; or `outcome` quarantined.

    A document that can be read but not identified still shows its facts, without a year to tell them by; one
    over `max_bytes` isn't read at all.
    """
    named = {"id": found.path.stem}
    try:
        if found.size > max_bytes:
            raise too_large(found.path.name, found.size, max_bytes)
        data = found.path.read_bytes()
        if media_type(data) != ARCHIVE:
            return [named | _told(data, found.path.name, found.hint, explained)]
        unpacked = members(data, found.path.name)
    except Quarantined as refusal:
        return [named | _refusal_json(refusal)]
    return [
        *({"id": one.path} | _told(one.data, one.path, found.hint, explained) for one in unpacked.members),
        *({"id": path} | _refusal_json(refusal) for path, refusal in unpacked.problems),
    ]


def _told(data: bytes, name: str, hint: Hint, explained: bool) -> Json:
    try:
        document = read(data, name, "")
    except Quarantined as refusal:
        return _refusal_json(refusal)
    try:
        identity = identify(document, hint)
    except Quarantined as refusal:
        told = Context(refusal.region_code, refusal.report_year)
        return _refusal_json(refusal) | {"facts": _facts(document, told, explained)}
    facts = _facts(document, Context.of(identity), explained)
    return {"outcome": "ok"} | _identity_json(identity) | {"facts": facts}


def _facts(document: Document, context: Context, explained: bool) -> list[Json]:
    """The facts of a document, each with where it stands in its file where the format tells."""
    return [
        fact | ({"where": where} if (where := document.where(fact["start"])) else {})
        for fact in _facts_of_text(document.text, context, explained)
    ]


def _facts_of_text(text: str, context: Context, explained: bool) -> list[Json]:
    if not explained:
        return [fact_json(observation) for observation in extract(text, context)]
    readings = explain(text, context)
    return [fact_json(reading.observation) | {"explanation": _explanation_json(text, reading)} for reading in readings]


def _explanation_json(text: str, reading: Reading) -> Json:
    """The deciding words, the lexicon's entry, what came second, and the sentence with all of it marked."""
    told, fact = explanation(reading), reading.observation
    end = fact.sentence_start + len(fact.sentence)
    second = told.second
    return {
        "words": [word.word for word in told.words],
        "topics": list(told.topics),
        "entry": told.entry,
        "score": told.score,
        "second": {"entry": second.frame.source, "score": second.score, "words": [word.word for word in second.words]}
        if second
        else None,
        "told_by": told.told_by,
        "marked": marked(text, fact.sentence_start, end, (fact.start, fact.end), told.words),
    }


def _refusal_json(refusal: Quarantined) -> Json:
    return {"outcome": "quarantined", "reason": refusal.reason.value, "detail": refusal.detail}


def passages_of(lines: Iterable[str]) -> Iterator[Passage | PassageError]:
    """Passages of a JSON Lines file, one at a time, in order; a line that can't be read is given as an error."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _passage(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                yield PassageError(
                    f"line {number}: {_what_is_wrong(error)}; expected a JSON object with id, title, publisher, "
                    "region_code, report_year and text; the line is left out"
                )


def facts_of_passage(passage: Passage, *, explained: bool = False) -> Json:
    """The facts of one passage; offsets count characters of the text as given."""
    return {"id": passage.id, "facts": _facts_of_text(passage.text, passage.context, explained)}


def fact_json(observation: Observation) -> Json:
    """An observation with its value and bounds as JSON numbers; an open top is null."""
    return {
        "start": observation.start,
        "end": observation.end,
        "raw_text": observation.raw_text,
        "value": json_number(observation.value),
        "value_low": json_number(observation.value_low),
        "value_high": None if observation.value_high is None else json_number(observation.value_high),
        "unit": observation.unit,
        "qualifier": observation.qualifier,
        "role": observation.role,
        "direction": observation.direction,
        "indicator": observation.indicator,
        "since": observation.since_year,
        "figure_year": observation.figure_year,
        "period": observation.period,
        "stock_date": observation.stock_date.isoformat() if observation.stock_date else None,
        "region_code": observation.region_code,
        "scope": observation.scope,
        "status": observation.status,
        "sentence": observation.sentence,
    }


def json_number(value: Decimal) -> int | float:
    """14200 for 1.42万, 99.82 for 99.82%: whole numbers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


def _identity_json(identity: Identity) -> Json:
    return {
        "title": identity.title,
        "publisher": identity.publisher,
        "region_code": identity.region_code,
        "report_year": identity.report_year,
        "published": identity.published.isoformat() if identity.published else None,
        "confidence": identity.confidence,
        "reasons": list(identity.reasons),
    }


def _passage(fields: Json) -> Passage:
    context = Context(
        fields.get("region_code"), fields.get("report_year"), fields.get("publisher") or "", fields.get("title") or ""
    )
    return Passage(str(fields["id"]), fields["text"] + "", context)


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON ({error.msg} at character {error.pos + 1})"
    return f"no {error.args[0]!r}" if isinstance(error, KeyError) else "a field has the wrong type"
