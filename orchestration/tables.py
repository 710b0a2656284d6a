"""The tables and views of the warehouse as Dagster shows them: an asset each, described by its own comment."""

from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from warehouse.relations import Relation, relations

OWNERS = ["team:rule-of-law-data"]

STAR = (
    "dim_indicator",
    "dim_unit",
    "dim_year",
    "dim_region",
    "dim_publisher",
    "dim_report",
    "fact_observation",
    "unmapped_observation",
    "quarantine",
    "correction",
)
"""The tables that one build makes of the staged figures; what the checks write into them later isn't among them."""


def table_spec(
    name: str, deps: Iterable[dg.AssetDep], *, code_version: str, condition: dg.AutomationCondition[Any]
) -> dg.AssetSpec:
    """A table of the star schema; its key is its name."""
    return dg.AssetSpec(
        name,
        deps=deps,
        description=relations()[name].meaning,
        metadata=_shape(relations()[name]),
        group_name="star",
        code_version=code_version,
        automation_condition=condition,
        owners=OWNERS,
        tags={"layer": "star"},
        kinds={"duckdb", "table"},
    )


def view_specs(
    dep: dg.AssetsDefinition, *, code_version: str, condition: dg.AutomationCondition[Any]
) -> Sequence[dg.AssetSpec]:
    """The views, with keys such as views/coverage, since an asset and a view are both named observations."""
    return [
        dg.AssetSpec(
            ["views", view.name],
            deps=[dep],
            description=view.meaning,
            metadata=_shape(view),
            group_name="views",
            code_version=code_version,
            automation_condition=condition,
            owners=OWNERS,
            tags={"layer": "view"},
            kinds={"duckdb", "view"},
        )
        for view in relations().values()
        if view.is_view
    ]


def _shape(relation: Relation) -> dict[str, object]:
    columns = [dg.TableColumn(one.name, type=one.type, description=one.meaning) for one in relation.columns]
    return {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "dagster/table_name": f"warehouse.main.{relation.name}",
    }
