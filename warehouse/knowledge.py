"""What the build knows besides the staged figures, as tables for load.sql: lexicon, regions, plans, quarantine."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from warehouse.plans import KINDS, plan_of
from warehouse.staging import DECIMAL

if TYPE_CHECKING:
    from sources.regions import Region
    from sources.snapshots import SnapshotRecord
    from transforms.lexicon import Lexicon

YEARS = range(1949, 2100)
"""Years that dim_year can hold."""


def tables(
    lexicon: "Lexicon",
    gazetteer: "Mapping[str, Region]",
    configured: Collection[str],
    quarantine: "Sequence[SnapshotRecord]",
) -> dict[str, pa.Table]:
    """The tables that load.sql reads, by the names it uses."""
    return {
        "lexicon_indicator": _indicators(lexicon),
        "lexicon_unit": _units(lexicon),
        "lexicon_relation": _relations(lexicon),
        "gazetteer": _gazetteer(gazetteer, configured),
        "year_plan": _year_plans(),
        "held": _held(quarantine),
    }


def _indicators(lexicon: "Lexicon") -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "code": pa.string(),
        "domain": pa.string(),
        "name_zh": pa.string(),
        "name_en": pa.string(),
        "unit": pa.string(),
        "kind": pa.string(),
        "region_additive": pa.bool_(),
        "minimum": DECIMAL,
        "maximum": DECIMAL,
        "definition": pa.string(),
    }
    return _table(columns, (_attributes(indicator, columns) for indicator in lexicon.indicators.values()))


def _units(lexicon: "Lexicon") -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "unit": pa.string(),
        "name_en": pa.string(),
        "kind": pa.string(),
        "whole": pa.bool_(),
        "aliases": pa.string(),
    }
    rows = ({**_attributes(unit, columns), "aliases": " ".join(unit.aliases)} for unit in lexicon.units.values())
    return _table(columns, rows)


def _relations(lexicon: "Lexicon") -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "relation_id": pa.string(),
        "kind": pa.string(),
        "side": pa.string(),
        "position": pa.int32(),
        "indicator_code": pa.string(),
    }
    rows = (
        {"relation_id": r.id, "kind": r.kind, "side": side, "position": position, "indicator_code": code}
        for r in sorted(lexicon.relations, key=lambda relation: relation.id)
        for side, codes in (("left", (r.left,)), ("part", r.parts), ("whole", r.wholes))
        for position, code in enumerate(codes)
    )
    return _table(columns, rows)


def _gazetteer(gazetteer: "Mapping[str, Region]", configured: Collection[str]) -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "code": pa.string(),
        "name_zh": pa.string(),
        "name_en": pa.string(),
        "level": pa.string(),
        "parent_code": pa.string(),
        "valid_from": pa.int32(),
        "valid_to": pa.int32(),
    }
    rows = ({**_attributes(r, columns), "configured": r.code in configured} for r in gazetteer.values())
    return _table({**columns, "configured": pa.bool_()}, rows)


def _year_plans() -> pa.Table:
    columns: dict[str, pa.DataType] = {"year_key": pa.int32()}
    for kind in KINDS:
        columns |= {f"{kind}_zh": pa.string(), f"{kind}_en": pa.string()}
    return _table(columns, (_plans_of(year) for year in YEARS))


def _plans_of(year: int) -> dict[str, Any]:
    row: dict[str, Any] = {"year_key": year}
    for kind in KINDS:
        plan = plan_of(kind, year)
        row |= {f"{kind}_zh": plan.name_zh, f"{kind}_en": plan.name_en} if plan else {}
    return row


def _held(quarantine: "Sequence[SnapshotRecord]") -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "snapshot_id": pa.string(),
        "uri": pa.string(),
        "size": pa.int64(),
        "reason": pa.string(),
        "detail": pa.string(),
        "region_code": pa.string(),
        "report_year": pa.int32(),
    }
    return _table(columns, (_attributes(record, columns) for record in quarantine if record.reason is not None))


def _attributes(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _table(columns: Mapping[str, pa.DataType], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema(columns))
