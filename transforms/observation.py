"""An observation: a quantity in a report that measures something of a region in a year."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

QUALIFIERS = ("exact", "over", "about", "nearly", "at_most")
ROLES = ("actual", "target", "change", "prior", "plan")
SCOPES = ("region", "own_level", "publisher", "part", "average")
PERIODS = ("year", "half_year", "quarter", "month", "months", "campaign", "cumulative")
STATUSES = ("current", "duplicate", "superseded", "conflict", "suspect", "corrected", "dropped")
STANDING = ("current", "corrected")
"""Statuses of figures to work with."""


# Not frozen, though nothing ever changes one (replace() and altered() make another): a frozen class sets each of its
# fields by a call, which for all of these took a twelfth of reading a report.
@dataclass(slots=True, unsafe_hash=True)
class Observation:
    """One figure of a report, with the very characters it was read from.

    `text[start:end] == raw_text` for the canonical text of the report. `value` is in `unit` (万 and 亿
    multiplied out: 1.42万件 is 14200 件); `value_low`/`value_high` are what the words allow
    (530余万份 is [5300000, 5400000)), equal to `value` for an exact figure; `value_high` is None where they leave the
    top open (300场以上, 不低于98%). `slack` is how far rounding as printed lets the value be off, in the same unit: 50
    for 1.42万件, 0.05 for 97.5%; 0 for a count written in full, and where the bounds say what is left open.

    `unit` is the counter as written (名, 宗, 场); `canonical_unit` the lexicon's own (人, 件, 场次). A zero in words
    (无一败诉) has the unit of its indicator in both.
    `indicator` is a lexicon code or None; `phrase` is then the wording the figure was found with, for the
    steward's queue. `region_code` is the report's unless the sentence names another place.
    `direction` (up, down) goes with a change, also one that is planned (role `plan`).
    `figure_year` is the year the figure speaks of: the report's own for an actual figure, the next for a plan, the one
    before for a prior, or the year that is named. `period` is what of it is meant: the whole `year`, a half_year, a
    quarter, a month, other `months` of it (1-11月), a campaign of some weeks, or `cumulative` for a running total,
    which began in `since_year` where that is said. Only figures of a whole year stand for the year. A figure of a
    stock (在册社区矫正对象412名) is told for a day, `stock_date`; what was added to it since (三年来共培育3300名) is a
    running total and has none.
    `scope`: region (the whole region), own_level (市本级), publisher (the reporting body's own affairs), part (a
    sub-population), average (per person, day or office: 平均每所2.3人).

    `location` is where in its file the figure stands, as `sources.document.Piece` writes it, where that is known.

    `own_status` is the status within the report alone, where reports beside it have changed it. A correction that a
    steward made has its entry's name in `correction_id`, and what it changed stays as it was reported in
    `reported_value`, `reported_low`, `reported_high` and `reported_indicator`.
    """

    start: int
    end: int
    number_start: int
    raw_text: str
    value: Decimal
    value_low: Decimal
    value_high: Decimal | None
    unit: str
    canonical_unit: str
    qualifier: str
    role: str
    direction: str | None
    since_year: int | None
    scope: str
    region_code: str | None
    indicator: str | None
    phrase: str
    sentence: str
    sentence_start: int
    slack: Decimal = Decimal(0)
    location: str | None = None
    figure_year: int | None = None
    period: str = "year"
    stock_date: date | None = None
    status: str = "current"
    status_reason: str | None = None
    own_status: str | None = None
    correction_id: str | None = None
    reported_value: Decimal | None = None
    reported_low: Decimal | None = None
    reported_high: Decimal | None = None
    reported_indicator: str | None = None


_values = attrgetter(*(field.name for field in fields(Observation)))


def altered(observation: Observation, **changes: Any) -> Observation:
    """A copy with other values of some fields: what dataclasses.replace() does, in a fifth of its time."""
    copy = Observation(*_values(observation))
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
