"""The words that the parts of alerting share.

problem     something broken now: a failed expectation's thing, a failed run, a silent source, a missed schedule
alert       a problem as it is followed: since when, how severe, announced or not, muted or acknowledged
message     what one channel is sent: a problem that is new, worse or resolved, or a digest of many
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
Kind = Literal["expectation", "run", "source", "schedule"]
Event = Literal["new", "worse", "resolved", "digest", "test"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From the least to the worst."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something broken now. `fingerprint` is the same in every run that finds it.

    `details` is plain data for templates: what_zh, what_en, sentence, raw_text, url, region, region_code, year,
    expectation_id, meaning_zh, meaning_en, action, since (ISO 8601), checks, times, rerun (a command) and ui (a link);
    whatever isn't known is missing. Of a failed run there are also its job, step and run_id, and when it failed for
    each of its partitions.
    """

    fingerprint: str
    kind: Kind
    severity: Severity
    owner: str
    region_code: str
    domain: str
    title_zh: str
    title_en: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """What one channel is to be sent. `key` is the idempotency key: the same for every attempt.

    `problems` are what it tells, the worst first; a digest holds the top ones, and `total` counts all.
    """

    key: str
    channel: str
    event: Event
    created_at: datetime
    problems: tuple[Problem, ...]
    total: int = 1
    attempts: int = 0
