"""What is broken now, as `fazhi check` and `fazhi status` say it: of the published warehouse, and of a candidate that
was kept from taking its place.
"""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.query import QueryError, query

if TYPE_CHECKING:
    from orchestration.settings import Settings

OK, WARNING, CRITICAL, UNKNOWN = range(4)
"""Exit codes that monitors such as Nagios and Icinga take for these words."""

WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


@dataclass(frozen=True, slots=True)
class Open:
    """One broken thing: a row of the view quality_open."""

    severity: str
    expectation_id: str
    owner: str | None
    region_code: str | None
    region: str | None
    year: int | None
    thing: str
    what_zh: str
    what_en: str
    raw_text: str | None
    sentence: str | None
    url: str | None
    since: datetime
    checks: int
    times: int
    meaning_zh: str
    meaning_en: str
    action: str


_OPEN = f"select {', '.join(one.name for one in fields(Open))} from quality_open"  # noqa: S608 - our own words
_ERRORS = f"{_OPEN} where severity = 'error'"
_AUDITED = "select count(*) from quality_result"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand. `blocked` are the errors that keep the last candidate from being published."""

    open: tuple[Open, ...]
    blocked: tuple[Open, ...]
    problem: str = ""

    @property
    def code(self) -> int:
        """The exit code: infos are worth knowing and alarm nobody."""
        if self.problem:
            return UNKNOWN
        severities = {one.severity for one in (*self.open, *self.blocked)}
        return CRITICAL if "error" in severities else WARNING if "warning" in severities else OK

    @property
    def line(self) -> str:
        """What a monitor shows: one line."""
        if self.problem:
            return f"FAZHI {WORDS[self.code]} - {self.problem}"
        counts = Counter(one.severity for one in (*self.open, *self.blocked))
        counted = ", ".join(f"{counts[name]} {name}" for name in ("error", "warning", "info"))
        kept = "; the last candidate was not published" if self.blocked else ""
        return f"FAZHI {WORDS[self.code]} - open: {counted}{kept}"


def standing(settings: "Settings") -> Standing:
    """What is broken in the published warehouse, and what keeps a candidate from being published."""
    try:
        blocked = _blocked(settings)
        if not settings.warehouse.exists():
            missing = f"there is no warehouse at {settings.warehouse}; make one: fazhi run FILE_OR_FOLDER..."
            return Standing((), blocked, "" if blocked else missing)
        return Standing(tuple(Open(*row) for row in query(settings.warehouse, _OPEN).rows), blocked)
    except QueryError as error:
        return Standing((), (), str(error))


def _blocked(settings: "Settings") -> tuple[Open, ...]:
    """The errors of a candidate that was checked and stayed where it was."""
    if not settings.candidate.exists():
        return ()
    ((results,),) = query(settings.candidate, _AUDITED).rows
    return tuple(Open(*row) for row in query(settings.candidate, _ERRORS).rows) if results else ()
