"""Running the declared suites over data frames.

A frame is of one of two kinds. In most, each row is one thing looked at, and unexpected rows are counted.
A frame with the columns `rows_checked` and `violations` has been reduced by SQL: a row stands for the rows it counts.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.expectations import validation
from warehouse.expectations.declarations import DeclarationError, Declared, Suite, suites_on
from warehouse.expectations.results import SHOWN, ExpectationResult, PartitionOutcome, joined
from warehouse.expectations.validation import ROW, THING

if TYPE_CHECKING:
    import pandas as pd

LOT = 200_000
"""Rows of a frame that are checked together, unless one partition has more: what bounds the memory."""


def check_partitions(
    frames: "Iterable[pd.DataFrame]", *, only: Collection[str] | None = None, folder: Path | None = None, run: str = ""
) -> list[ExpectationResult]:
    """Check lots of observations against the suites of a partition, one result an expectation.

    `only` names the expectations wanted; all without it. `folder` and `run`: see validation.validate.
    """
    found: dict[str, list[ExpectationResult]] = {}
    for number, frame in enumerate(frames):
        for result in check_frames(
            "partition", {"observations": frame}, only=only, folder=folder, run=f"{run}-{number}"
        ):
            found.setdefault(result.expectation_id, []).append(result)
    return [joined(results) for results in found.values()]


def check_frames(
    checked_on: str,
    frames: "Mapping[str, pd.DataFrame]",
    *,
    only: Collection[str] | None = None,
    folder: Path | None = None,
    run: str = "",
) -> list[ExpectationResult]:
    """Check frames, by name, against all suites of a place (`partition`, `candidate`); results in their order.

    An expectation that can't be evaluated (a column is missing) counts as failed and says why. Raises
    DeclarationError where a declared expectation is none of Great Expectations' or ours, or its frame is missing.
    """
    found: dict[str, ExpectationResult] = {}
    wanted = [(suite, _wanted(suite, only)) for suite in suites_on(checked_on)]
    for suite, declared in wanted:
        for name in dict.fromkeys(one.frame for one in declared):
            together = [one for one in declared if one.frame == name]
            if name not in frames:
                raise DeclarationError(f"{together[0].place}: there is no frame {name!r}; expected {sorted(frames)}")
            frame = frames[name].reset_index(drop=True)
            frame[ROW] = frame.index
            results = validation.validate(f"{suite.name}.{name}", together, frame, folder=folder, run=run)
            for one, gx_result in zip(together, results, strict=True):
                found[one.id] = _judge(suite.show, one, gx_result, frame)
    return [found[one.id] for _, declared in wanted for one in declared]


def _wanted(suite: Suite, only: Collection[str] | None) -> list[Declared]:
    return [one for one in suite.expectations if only is None or one.id in only]


def _judge(show: tuple[str, ...], one: Declared, gx_result: Any, frame: "pd.DataFrame") -> ExpectationResult:
    if problem := validation.problem(gx_result.exception_info):
        return _result(one, success=False, checked=0, unexpected=1, failing=[_not_evaluated(one, problem)])
    looked_at = frame.query(one.where) if one.where else frame
    unexpected = frame.loc[[entry[ROW] for entry in gx_result.result["unexpected_index_list"]]]
    if "rule" in frame.columns and looked_at.empty:
        return _result(one, success=False, checked=0, unexpected=1, failing=[_not_evaluated(one, "no such rule")])
    shown = _records(unexpected, show)
    return _result(
        one,
        success=bool(gx_result.success),
        checked=_rows(looked_at, "rows_checked"),
        unexpected=_rows(unexpected, "violations"),
        failing=shown[:SHOWN],
        partitions=_partitions(looked_at, unexpected, shown),
    )


def _not_evaluated(one: Declared, problem: str) -> dict[str, Any]:
    return {THING: one.id, "detail": f"not evaluated: {problem}"}


def _result(one: Declared, **outcome: Any) -> ExpectationResult:
    return ExpectationResult(suite=one.suite, expectation_id=one.id, severity=one.severity, **outcome)


def _rows(frame: "pd.DataFrame", counts: str) -> int:
    """How many rows a frame stands for."""
    return int(frame[counts].sum()) if counts in frame.columns else len(frame)


def _partitions(
    looked_at: "pd.DataFrame", unexpected: "pd.DataFrame", shown: list[dict[str, Any]]
) -> dict[str, PartitionOutcome]:
    """The outcome of each partition looked at; `shown` are the records of the unexpected rows."""
    if "partition" not in looked_at.columns:
        return {}
    failing: dict[str, list[dict[str, Any]]] = {}
    for name, record in zip(unexpected["partition"].fillna("").tolist(), shown, strict=True):
        failing.setdefault(name, []).append(record)
    checked, broken = _by_partition(looked_at, "rows_checked"), _by_partition(unexpected, "violations")
    return {
        name: PartitionOutcome(rows, broken.get(name, 0), failing.get(name, [])[:SHOWN])
        for name, rows in sorted(checked.items())
    }


def _by_partition(frame: "pd.DataFrame", counts: str) -> dict[str, int]:
    """How many rows a frame stands for in each partition."""
    partition = frame["partition"].fillna("")
    counted = frame[counts].groupby(partition).sum() if counts in frame else partition.value_counts()
    return {str(name): int(rows) for name, rows in counted.items()}


def _records(rows: "pd.DataFrame", show: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = [column for column in dict.fromkeys((THING, *show)) if column in rows.columns]
    records = rows[columns].to_dict("records")
    return [{str(key): _plain(value) for key, value in record.items()} for record in records]


def _plain(value: Any) -> Any:
    """A cell as plain Python, fit for JSON: no NaN, no numpy, no Decimal, no date."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()  # noqa: PLR0124 - NaT differs from itself
    return None if value is None or value != value else value  # noqa: PLR0124 - NaN differs from itself
