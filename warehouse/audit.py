"""The audit of a candidate: the warehouse suite over small frames that SQL makes of it (audit.sql)."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse import identities
from warehouse.expectations.suites import ExpectationResult, check_frames
from warehouse.statements import statements

if TYPE_CHECKING:
    import pandas as pd


def audit(candidate: Path, *, only: Collection[str] | None = None) -> list[ExpectationResult]:
    """Check a candidate warehouse against every expectation of the warehouse suite, in the suite's order.

    `only` names the expectations wanted; all without it. Opens the candidate read-only. A result of
    severity error that isn't a success blocks publication.
    """
    with duckdb.connect(candidate, read_only=True) as connection:
        return check_frames("warehouse", _frames(connection), only=only)


def _frames(connection: duckdb.DuckDBPyConnection) -> "dict[str, pd.DataFrame]":
    """integrity (a row a rule), identities (a row a comparison), coverage (region × year), quarantine."""
    frames = {
        name: connection.execute(sql).to_arrow_table().to_pandas() for name, sql in statements("audit.sql").items()
    }
    compared = identities.frame(connection).to_pandas()
    compared["partition"] = compared["region_code"] + "|" + compared["year"].astype(str)
    return {**frames, "identities": compared}
