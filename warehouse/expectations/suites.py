"""Running the declared suites over data frames with Great Expectations (pandas engine).

A frame is of one of two kinds. In most, each row is one thing looked at, and unexpected rows are counted.
A frame with the columns `rows_checked` and `violations` already counts: each row is a rule, SQL has looked
at the rows and counted those that break it.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from warehouse.expectations.declarations import DeclarationError, Declared, suite

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 50
"""Failing rows kept with a result."""

_GX_SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}
_ROW = "row"


@dataclass(frozen=True, slots=True)
class PartitionOutcome:
    """What an expectation found in one partition; `checked` and `unexpected` count rows."""

    checked: int
    unexpected: int
    failing: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """What an expectation found.

    `failing` shows up to 50 unexpected rows. `partitions` is keyed `region|year` and filled where the frame
    says which partition a row belongs to; `region_code` and `year` are set on the result of one partition.
    """

    suite: str
    expectation_id: str
    severity: str
    success: bool
    checked: int
    unexpected: int
    failing: list[dict[str, Any]]
    meaning_en: str
    meaning_zh: str
    action: str = ""
    partitions: Mapping[str, PartitionOutcome] = field(default_factory=dict)
    region_code: str | None = None
    year: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether the warehouse must not be published with this result."""
        return self.severity == "error" and not self.success

    @property
    def failing_partitions(self) -> list[str]:
        """The partitions with unexpected rows, as `region|year`."""
        return [name for name, outcome in self.partitions.items() if outcome.unexpected]

    def by_partition(self) -> "list[ExpectationResult]":
        """A result for each partition looked at; empty where the frame had none."""
        return [self._of(name, outcome) for name, outcome in self.partitions.items()]

    def _of(self, name: str, outcome: PartitionOutcome) -> "ExpectationResult":
        region_code, year = name.split("|")
        return replace(
            self,
            success=outcome.unexpected == 0,
            checked=outcome.checked,
            unexpected=outcome.unexpected,
            failing=outcome.failing,
            partitions={},
            region_code=region_code,
            year=int(year),
        )


def check_frame(
    suite_name: str, frame: "pd.DataFrame", *, only: Collection[str] | None = None
) -> list[ExpectationResult]:
    """Check one frame, named `observations`, against a suite; results in the suite's order."""
    return check_frames(suite_name, {"observations": frame}, only=only)


def check_frames(
    suite_name: str, frames: "Mapping[str, pd.DataFrame]", *, only: Collection[str] | None = None
) -> list[ExpectationResult]:
    """Check several frames, by name, against a suite; results in the suite's order.

    `only` names the expectations wanted; all without it. An expectation that can't be evaluated (a column is
    missing) counts as failed and says why. Raises DeclarationError where a declared expectation is none of
    Great Expectations', or its frame is missing.
    """
    declared = suite(suite_name)
    wanted = [one for one in declared.expectations if only is None or one.id in only]
    found: dict[str, ExpectationResult] = {}
    for (name, where), together in _by_rows(wanted).items():
        if name not in frames:
            raise DeclarationError(f"{together[0].place}: there is no frame {name!r}; expected {sorted(frames)}")
        rows = _rows(frames[name], where, together[0].place)
        for one, gx_result in zip(together, _validate(together, rows), strict=True):
            found[one.id] = _judge(declared.show, one, gx_result, rows)
    return [found[one.id] for one in wanted]


def _by_rows(declared: Iterable[Declared]) -> dict[tuple[str, str | None], list[Declared]]:
    """The expectations by the rows they are about: frame and condition."""
    groups: dict[tuple[str, str | None], list[Declared]] = {}
    for one in declared:
        groups.setdefault((one.frame, one.where), []).append(one)
    return groups


def _rows(frame: "pd.DataFrame", where: str | None, place: str) -> "pd.DataFrame":
    """The rows that a condition names, numbered in the column `row`."""
    try:
        rows = (frame.query(where) if where else frame).reset_index(drop=True)
    except (NameError, KeyError, SyntaxError, TypeError, ValueError) as error:
        raise DeclarationError(f"{place}: `where: {where}` can't be applied: {error}") from error
    rows[_ROW] = rows.index
    return rows


def _validate(declared: list[Declared], frame: "pd.DataFrame") -> Iterator[Any]:
    """Great Expectations' own results, in the order of `declared`."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the package is imported
    import great_expectations as gx  # noqa: PLC0415 - takes seconds, and only checks need it
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    gx_suite = gx.ExpectationSuite(name="suite", expectations=[_expectation(one) for one in declared])
    definition = gx.ValidationDefinition(
        name="validation",
        data=asset.add_batch_definition_whole_dataframe("whole"),
        suite=context.suites.add(gx_suite),
    )
    outcome = definition.run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_ROW]},
    )
    by_id = {_id_of(result): result for result in outcome.results}  # they come in an order of their own
    return (by_id[one.id] for one in declared)


def _id_of(gx_result: Any) -> str:
    return str(gx_result.expectation_config.meta["id"])


def _expectation(one: Declared) -> Any:
    import great_expectations.expectations as gxe  # noqa: PLC0415

    kind = getattr(gxe, one.expect, None)
    if kind is None or not one.expect.startswith("Expect"):
        raise DeclarationError(f"{one.place}: {one.expect!r} is no expectation of Great Expectations")
    try:
        return kind(**one.arguments, severity=_GX_SEVERITY[one.severity], meta={"id": one.id})
    except (TypeError, ValueError) as error:
        raise DeclarationError(f"{one.place}: {one.expect} can't take {dict(one.arguments)}: {error}") from error


def _judge(show: tuple[str, ...], one: Declared, gx_result: Any, looked_at: "pd.DataFrame") -> ExpectationResult:
    problem = _problem(gx_result.exception_info)
    if problem:
        return _result(one, success=False, checked=0, unexpected=1, failing=[{"detail": f"not evaluated: {problem}"}])
    unexpected = looked_at.loc[[entry[_ROW] for entry in gx_result.result["unexpected_index_list"]]]
    failing = _shown(unexpected, show)
    if "violations" in looked_at.columns:
        if looked_at.empty:
            return _result(
                one, success=False, checked=0, unexpected=1, failing=[{"detail": f"no row where {one.where}"}]
            )
        checked, count = int(looked_at["rows_checked"].sum()), int(unexpected["violations"].sum())
    else:
        checked, count = len(looked_at), len(unexpected)
    return _result(
        one,
        success=bool(gx_result.success),
        checked=checked,
        unexpected=count,
        failing=failing,
        partitions=_partitions(looked_at, unexpected, show),
    )


def _result(one: Declared, **outcome: Any) -> ExpectationResult:
    return ExpectationResult(
        suite=one.suite,
        expectation_id=one.id,
        severity=one.severity,
        meaning_en=one.meaning_en,
        meaning_zh=one.meaning_zh,
        action=one.action,
        **outcome,
    )


def _problem(info: Mapping[str, Any]) -> str:
    """Why an expectation couldn't be evaluated; empty where it could."""
    nested = [info, *(value for value in info.values() if isinstance(value, dict))]
    return next((str(entry["exception_message"]) for entry in nested if entry.get("raised_exception")), "")


def _partitions(
    looked_at: "pd.DataFrame", unexpected: "pd.DataFrame", show: tuple[str, ...]
) -> dict[str, PartitionOutcome]:
    if "partition" not in looked_at.columns:
        return {}
    failing = {str(name): rows for name, rows in unexpected.groupby("partition")}
    return {
        str(name): PartitionOutcome(int(checked), len(failing.get(str(name), ())), _shown_of(failing, str(name), show))
        for name, checked in looked_at.groupby("partition").size().items()
    }


def _shown_of(failing: "Mapping[str, pd.DataFrame]", name: str, show: tuple[str, ...]) -> list[dict[str, Any]]:
    return _shown(failing[name], show) if name in failing else []


def _shown(rows: "pd.DataFrame", show: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = [column for column in show if column in rows.columns]
    records = rows[columns].head(SHOWN).to_dict("records")
    return [{str(key): _plain(value) for key, value in record.items()} for record in records]


def _plain(value: Any) -> Any:
    """A cell as plain Python, fit for JSON: no NaN, no numpy, no Decimal."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value is None or value != value else value  # noqa: PLR0124 - NaN differs from itself
