"""What an expectation found: over everything it looked at, and by partition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

SHOWN = 50
"""Failing rows kept with a result, and with each of its partitions."""


@dataclass(frozen=True, slots=True)
class PartitionOutcome:
    """What an expectation found in one partition; `checked` and `unexpected` count rows."""

    checked: int
    unexpected: int
    failing: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """What an expectation found.

    `failing` shows up to 50 unexpected rows, each with its `thing`. `partitions` is keyed `region|year` and filled
    where the frame says which partition a row belongs to (empty for a row of the warehouse as a whole); `region_code`
    and `year` are set on the result of one partition. `run_id` and `checked_at` (ISO 8601, UTC) say which run found
    it, and when.
    """

    suite: str
    expectation_id: str
    severity: str
    success: bool
    checked: int
    unexpected: int
    failing: list[dict[str, Any]]
    partitions: Mapping[str, PartitionOutcome] = field(default_factory=dict)
    region_code: str | None = None
    year: int | None = None
    run_id: str = ""
    checked_at: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the warehouse must not be published with this result."""
        return self.severity == "error" and not self.success

    @property
    def failing_partitions(self) -> list[str]:
        """The partitions with unexpected rows, as `region|year`."""
        return [name for name, outcome in self.partitions.items() if name and outcome.unexpected]

    def by_partition(self) -> "list[ExpectationResult]":
        """A result for each partition looked at; empty where the frame had none."""
        return [self._of(name, outcome) for name, outcome in self.partitions.items()]

    def _of(self, name: str, outcome: PartitionOutcome) -> "ExpectationResult":
        region_code, _, year = name.partition("|")
        return replace(
            self,
            success=outcome.unexpected == 0,
            checked=outcome.checked,
            unexpected=outcome.unexpected,
            failing=outcome.failing,
            partitions={},
            region_code=region_code or None,
            year=int(year) if year else None,
        )


def joined(results: "list[ExpectationResult]") -> ExpectationResult:
    """The results of one expectation on several lots of rows as one."""
    first = results[0]
    return replace(
        first,
        success=all(one.success for one in results),
        checked=sum(one.checked for one in results),
        unexpected=sum(one.unexpected for one in results),
        failing=[row for one in results for row in one.failing][:SHOWN],
        partitions={name: outcome for one in results for name, outcome in one.partitions.items()},
    )


def stamped(results: "list[ExpectationResult]", run_id: str, checked_at: datetime) -> list[ExpectationResult]:
    """Results with the run that found them, and when."""
    moment = checked_at.astimezone(UTC).isoformat(timespec="milliseconds")
    return [replace(one, run_id=run_id, checked_at=moment) for one in results]
