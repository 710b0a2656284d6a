"""What the build knows besides the staged figures, as tables for load.sql: lexicon, regions, ledger, …"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sources.regions import Regions
from warehouse.expectations.declarations import expects, owners, suites
from warehouse.plans import KINDS, plan_of
from warehouse.staging import DECIMAL

if TYPE_CHECKING:
    from sources.regions import Region
    from sources.snapshots import SnapshotRecord
    from transforms.corrections import Ledger
    from transforms.lexicon import Lexicon
    from warehouse.bounds import Bounds

YEARS = range(1949, 2100)
"""Years that dim_year can hold."""


def tables(
    lexicon: "Lexicon",
    gazetteer: "Mapping[str, Region]",
    configured: Collection[str],
    quarantine: "Sequence[SnapshotRecord]",
    corrections: "Ledger",
    bounds: "Bounds",
) -> dict[str, pa.Table]:
    """The tables that load.sql reads, by the names it uses."""
    return {
        "lexicon_indicator": _indicators(lexicon),
        "lexicon_unit": _units(lexicon),
        "lexicon_relation": _relations(lexicon),
        "expectation": _expectations(),
        "bound": _bounds(lexicon, bounds),
        "gazetteer": _gazetteer(gazetteer, configured),
        "ledger": _corrections(corrections),
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
        "unit_kind": pa.string(),
        "kind": pa.string(),
        "region_additive": pa.bool_(),
        "measure": pa.string(),
        "direction": pa.string(),
        "part_of": pa.string(),
        "minimum": DECIMAL,
        "maximum": DECIMAL,
        "definition": pa.string(),
        "valid_from": pa.int32(),
        "valid_to": pa.int32(),
    }
    own = [name for name in columns if name != "unit_kind"]
    kinds = {name: unit.kind for name, unit in lexicon.units.items()}
    return _table(
        columns,
        ({**_attributes(i, own), "unit_kind": kinds.get(i.unit, "unknown")} for i in lexicon.indicators.values()),
    )


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
        "unless_en": pa.string(),
        "unless_zh": pa.string(),
        "worded": pa.string(),
    }
    rows = (
        {
            "relation_id": r.id,
            "kind": r.kind,
            "side": side,
            "position": position,
            "indicator_code": code,
            "unless_en": r.unless[0] if r.unless else None,
            "unless_zh": r.unless[1] if r.unless else None,
            "worded": "|".join(r.worded) or None,
        }
        for r in sorted(lexicon.relations, key=lambda relation: relation.id)
        for side, codes in (("left", (r.left,)), ("part", r.parts), ("minus", r.minus), ("whole", r.wholes))
        for position, code in enumerate(codes)
    )
    return _table(columns, rows)


def _expectations() -> pa.Table:
    columns: dict[str, pa.DataType] = dict.fromkeys(
        (
            *("expectation_id", "suite", "checked_on", "severity", "owner", "owner_zh", "meaning_en", "meaning_zh"),
            *("action", "expects", "condition", "place"),
        ),
        pa.string(),
    )
    rows = (
        {
            **_attributes(one, [name for name in columns if hasattr(one, name)]),
            "expectation_id": one.id,
            "checked_on": suite.checked_on,
            "owner_zh": owners()[one.owner].name_zh,
            "expects": expects(one),
            "condition": one.where,
        }
        for suite in suites().values()
        for one in suite.expectations
    )
    return _table(columns, rows)


def _bounds(lexicon: "Lexicon", bounds: "Bounds") -> pa.Table:
    columns = {"indicator_code": pa.string(), "factor": DECIMAL, "small": DECIMAL, "peer_factor": DECIMAL}
    rows = (
        {"indicator_code": indicator.code, **_attributes(bound, [*columns][1:]), "why": bound.why}
        for indicator in lexicon.indicators.values()
        for bound in (bounds.of(indicator),)
    )
    return _table({**columns, "why": pa.string()}, rows)


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
    places = gazetteer if isinstance(gazetteer, Regions) else Regions(gazetteer)
    rows = (
        {
            **_attributes(region, columns),
            "former_names": "|".join(region.former_names) or None,
            "place_code": places.place(region.code),
            "prior_code": places.before(region.code),
            "configured": region.code in configured,
        }
        for region in gazetteer.values()
    )
    further = dict.fromkeys(("former_names", "place_code", "prior_code"), pa.string())
    return _table({**columns, **further, "configured": pa.bool_()}, rows)


def _corrections(ledger: "Ledger") -> pa.Table:
    columns: dict[str, tuple[str, pa.DataType]] = {
        "correction_id": ("id", pa.string()),
        "action": ("action", pa.string()),
        "report_hash": ("report_hash", pa.string()),
        "publisher": ("publisher", pa.string()),
        "region_code": ("region_code", pa.string()),
        "year": ("year", pa.int32()),
        "indicator_code": ("indicator", pa.string()),
        "quote": ("quote", pa.string()),
        "pattern": ("pattern", pa.string()),
        "expect_text": ("expect_text", pa.string()),
        "expect_value": ("expect_value", DECIMAL),
        "value": ("value", DECIMAL),
        "value_low": ("low", DECIMAL),
        "value_high": ("high", DECIMAL),
        "factor": ("factor", DECIMAL),
        "to_indicator": ("to_indicator", pa.string()),
        "to_role": ("to_role", pa.string()),
        "to_scope": ("to_scope", pa.string()),
        "to_period": ("to_period", pa.string()),
        "to_figure_year": ("to_figure_year", pa.int32()),
        "reason": ("reason", pa.string()),
        "author": ("author", pa.string()),
        "decided_on": ("date", pa.date32()),
        "place": ("place", pa.string()),
    }
    types = {name: kind for name, (_, kind) in columns.items()}
    rows = ({name: getattr(entry, own) for name, (own, _) in columns.items()} for entry in ledger.entries)
    return _table(types, rows)


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
