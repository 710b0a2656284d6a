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
    return _spec(relations()[name], [name], "star", deps, code_version, condition)


def view_specs(
    dep: dg.AssetsDefinition, *, code_version: str, condition: dg.AutomationCondition[Any]
) -> Sequence[dg.AssetSpec]:
    """The views, with keys such as views/coverage, since an asset and a view are both named observations."""
    views = (one for one in relations().values() if one.is_view)
    return [_spec(view, ["views", view.name], "views", [dep], code_version, condition) for view in views]


def _spec(
    relation: Relation,
    key: Sequence[str],
    group: str,
    deps: Iterable[dg.AssetDep | dg.AssetsDefinition],
    code_version: str,
    condition: dg.AutomationCondition[Any],
) -> dg.AssetSpec:
    columns = [dg.TableColumn(one.name, type=one.type, description=one.meaning) for one in relation.columns]
    return dg.AssetSpec(
        key,
        deps=deps,
        description=relation.meaning,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "dagster/table_name": f"warehouse.main.{relation.name}",
        },
        group_name=group,
        code_version=code_version,
        automation_condition=condition,
        owners=OWNERS,
        tags={"layer": "view" if relation.is_view else "star"},
        kinds={"duckdb", "view" if relation.is_view else "table"},
    )
