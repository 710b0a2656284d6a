"""A row that an expectation found, in words: where it is, what is wrong, and the sentence of the report.

Which columns a row has depends on the expectation; see `show` in the suites.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.answers import as_text

_SAYING = ("message_en", "status_reason", "detail", "raw_text", "reason_zh", "examples", "rule")


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` is region and year, empty where the row is of neither; `sentence` is empty where it has none."""

    place: str
    what: str
    sentence: str
    figure: str


def finding(row: Mapping[str, Any]) -> Finding:
    """The finding that a failing row stands for."""
    region, year = row.get("region_code"), row.get("year")
    return Finding(
        place=f"{region} {year:.0f}" if region and year else str(region or ""),
        what=next((as_text(row[column]) for column in _SAYING if row.get(column)), as_text(dict(row))),
        sentence=" ".join(str(row.get("sentence") or "").split()),
        figure=str(row.get("raw_text") or ""),
    )
