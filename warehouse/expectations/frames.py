"""The frames that expectations look at: what a row of each is, and which columns it has.

A suite that names another frame or column is refused when it is loaded; a test holds every frame against this list.
Every frame has the column `thing`, the name by which a failing row is followed from run to run, and those that know
it the column `partition` (`region|year`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.staging import OBSERVATIONS

_COUNTED = ("thing", "rule", "rows_checked", "violations", "examples")
_IDENTITIES = (
    "identity_id relation_id kind region_code year scope report_hash indicator_code left_value right_value "
    "difference tolerance verdict fits part_indicator part_value whole_indicator whole_value observation_ids status raw_text sentence message_en message_zh"
).split()


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """What a row is, where the frame is made, and its columns."""

    row: str
    made_by: str
    columns: frozenset[str]


def _spec(row: str, made_by: str, *columns: str) -> FrameSpec:
    return FrameSpec(row, made_by, frozenset(columns))


FRAMES: Mapping[str, FrameSpec] = {
    "observations": _spec(
        "a figure of a report as staged, with what its indicator and unit are",
        "warehouse/staging.py",
        *(name for name in OBSERVATIONS.names if name != "report_year"),
        *("thing", "partition", "year", "unit", "kind", "whole", "indicator_minimum", "indicator_maximum"),
        *("coded", "indicator_known", "fraction", "bounded", "quote_length", "span"),
    ),
    "integrity": _spec("a rule about keys, uniqueness and completeness", "warehouse/audit.sql", *_COUNTED),
    "identities": _spec(
        "a comparison that fails; those of a kind and partition that don't are one row",
        "warehouse/audit.sql, warehouse/identities.sql",
        *("thing", "partition", "rows_checked", "violations", *_IDENTITIES),
    ),
    "coverage": _spec(
        "a configured region and year",
        "warehouse/audit.sql",
        *("thing", "partition", "region_code", "region", "year", "reports", "figures", "coded_figures"),
        *("quarantined", "state", "reason_zh", "reason_en"),
    ),
    "quarantine": _spec(
        "a document in quarantine",
        "warehouse/audit.sql",
        *("thing", "snapshot_id", "uri", "reason", "detail", "region_code", "year", "message_en"),
    ),
    "corrections": _spec(
        "an entry of the ledger of corrections",
        "warehouse/audit.sql",
        *("thing", "correction_id", "action", "verdict", "reports", "figures", "region_code", "year"),
        *("indicator_code", "expected", "found", "reason", "author", "decided_on", "place"),
        *("message_en", "message_zh"),
    ),
}
