"""The audit of a candidate: the suites of the candidate over small frames that SQL makes of it."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse import schema_check
from warehouse.build import record_comparisons
from warehouse.expectations.results import ExpectationResult
from warehouse.expectations.suites import check_frames
from warehouse.statements import statements

if TYPE_CHECKING:
    import pandas as pd


def audit(
    candidate: Path, *, only: Collection[str] | None = None, folder: Path | None = None, run: str = ""
) -> list[ExpectationResult]:
    """Check a candidate warehouse against every expectation of its suites, in their order.

    Fills the candidate's tables of comparisons first, then only reads. `only` names the expectations wanted, all
    without it; `folder` and `run`: see expectations.validation.validate. A result of severity error that isn't a
    success blocks publication.
    """
    record_comparisons(candidate)
    return check_again(candidate, only=only, folder=folder, run=run)


def check_again(
    warehouse: Path, *, only: Collection[str] | None = None, folder: Path | None = None, run: str = ""
) -> list[ExpectationResult]:
    """`audit` of a warehouse whose comparisons are recorded; opens it read-only."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return check_frames("candidate", frames(connection), only=only, folder=folder, run=run)


def frames(connection: duckdb.DuckDBPyConnection) -> "dict[str, pd.DataFrame]":
    """The frames of the suites of the candidate, see expectations.frames."""
    asked = {**statements("audit.sql"), **statements("reporting.sql")}
    made = {name: connection.execute(sql).to_arrow_table().to_pandas() for name, sql in asked.items()}
    return {**made, "schema": schema_check.frame(connection).to_pandas()}
