"""Expectations that the domain needs and Great Expectations doesn't have. Importing this imports Great Expectations.

They are used in suites by their class's name like any other.
"""

from typing import Any, Literal

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine  # type: ignore[attr-defined]
from great_expectations.expectations.expectation import ColumnMapExpectation, MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (  # type: ignore[attr-defined]
    ColumnMapMetricProvider,
    MulticolumnMapMetricProvider,
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)


class IdentityHolds(ColumnMapMetricProvider):
    """Whether each verdict of a comparison is other than FAIL."""

    condition_metric_name = "column_values.identity_holds"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[Any]", **_: Any) -> "pd.Series[bool]":  # noqa: N805 - GX makes it a class method
        return column != "FAIL"


class ExpectIdentityToHold(ColumnMapExpectation):
    """Expect that figures which must agree do, within rounding and within what the words leave open.

    The column holds verdicts. UNCERTAIN (530余万 against 5,312,400) and NOT_ASSESSABLE (a figure is missing) are no
    failures; see warehouse/identities.sql for how a verdict comes about.
    """

    map_metric = "column_values.identity_holds"


class TextAtOffsets(MulticolumnMapMetricProvider):
    """Whether each text holds its quote at the stated place."""

    condition_metric_name = "multicolumn_values.text_at_offsets"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> "pd.Series[bool]":  # noqa: N805 - GX makes it a class method
        stands = [_stands(*row) for row in column_list.itertuples(index=False, name=None)]
        return pd.Series(stands, index=column_list.index, dtype=bool)


class ExpectTextAtOffsets(MulticolumnMapExpectation):
    """Expect that a text holds a quote where the offsets say: text[start - base:][:len(quote)] == quote.

    `column_list` names four columns: the quote, the text, the quote's start in the document, and the start of the
    text in the document, all offsets in characters. A row where one is missing isn't looked at.
    """

    map_metric = "multicolumn_values.text_at_offsets"
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"


def _stands(quote: str, text: str, start: int, base: int) -> bool:
    at = int(start) - int(base)
    return at >= 0 and text.startswith(quote, at)
