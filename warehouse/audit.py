"""The audit of a candidate: the suites of the candidate over small frames that SQL makes of it."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from warehouse import schema_check
from warehouse.build import record_comparisons
from warehouse.expectations.declarations import suites_on
from warehouse.expectations.results import ExpectationResult
from warehouse.expectations.suites import check_frames
from warehouse.statements import statements

if TYPE_CHECKING:
    import pandas as pd


_COMPARED = {"identities", "plausibility"}
"""The frames made of comparisons, which have to be recorded first."""


def audit(
    candidate: Path, *, only: Collection[str] | None = None, folder: Path | None = None, run: str = ""
) -> list[ExpectationResult]:
    """Check a candidate warehouse against every expectation of its suites, in their order.

    Fills the candidate's tables of comparisons first, then only reads: never for a published warehouse. `only` names
    the expectations wanted, all without it; `folder` and `run`: see expectations.validation.validate. A result of
    severity error that isn't a success blocks publication.
    """
    if _COMPARED & _frames_for(only):
        record_comparisons(candidate)
    return check_again(candidate, only=only, folder=folder, run=run)


def check_again(
    warehouse: Path, *, only: Collection[str] | None = None, folder: Path | None = None, run: str = ""
) -> list[ExpectationResult]:
    """`audit` of a warehouse whose comparisons are recorded; opens it read-only."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return check_frames("candidate", frames(connection, _frames_for(only)), only=only, folder=folder, run=run)


def frames(connection: duckdb.DuckDBPyConnection, names: Collection[str] | None = None) -> "dict[str, pd.DataFrame]":
    """The frames of the suites of the candidate by name, see expectations.frames; all of them without `names`."""
    asked = {**statements("audit.sql"), **statements("reporting.sql")}
    made: dict[str, Callable[[], pa.Table]] = {name: partial(_table, connection, sql) for name, sql in asked.items()}
    made["schema"] = partial(schema_check.frame, connection)
    return {name: make().to_pandas() for name, make in made.items() if names is None or name in names}


def _table(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    return connection.execute(sql).to_arrow_table()


def _frames_for(only: Collection[str] | None) -> set[str]:
    """The frames that the wanted expectations look at."""
    declared = [one for suite in suites_on("candidate") for one in suite.expectations]
    return {one.frame for one in declared if only is None or one.id in only}
