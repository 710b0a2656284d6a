"""A corpus of made-up documents of all provinces and kinds of body, and the rate at which they are identified.

`first.yaml` are the documents that the rules were made on; `second.yaml` and `third.yaml` were written afterwards,
each before the rules were looked at again.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.document import Document, Identity
from sources.identify import Hint, identify
from sources.quarantine import Quarantined

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "identify_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
GENUINE = [case for case in CASES if "quarantine" not in case]


def outcome(case: dict[str, Any]) -> Identity | Quarantined:
    document = Document("0" * 64, case["text"], "text/plain", case.get("meta", {}))
    try:
        return identify(document, Hint(**case.get("hint", {})), configured=case.get("configured"))
    except Quarantined as error:
        return error


def found(outcome: Identity | Quarantined, keys: dict[str, Any]) -> dict[str, Any]:
    """What came of a case, under those keys by which the case says what was expected."""
    if isinstance(outcome, Quarantined):
        return {"quarantine": outcome.reason.value, "detail": outcome.detail}
    every = {
        "region": outcome.region_code,
        "year": outcome.report_year,
        "publisher": outcome.publisher,
        "title": outcome.title,
        "published": outcome.published,
    }
    return {key: value for key, value in every.items() if key in keys}


@pytest.mark.parametrize("case", GENUINE, ids=lambda case: case["id"])
def test_a_genuine_report_is_identified(case: dict[str, Any]) -> None:
    expected = {key: case[key] for key in ("region", "year", "publisher", "title", "published") if key in case}
    assert found(outcome(case), expected) == expected


@pytest.mark.parametrize("case", [c for c in CASES if "quarantine" in c], ids=lambda case: case["id"])
def test_what_is_not_told_is_quarantined(case: dict[str, Any]) -> None:
    assert found(outcome(case), {})["quarantine"] == case["quarantine"]


def test_at_least_99_percent_are_right_and_at_most_5_percent_of_genuine_reports_are_quarantined() -> None:
    outcomes = [(case, outcome(case)) for case in GENUINE]
    told = [(case, one) for case, one in outcomes if isinstance(one, Identity)]
    wrong = [case["id"] for case, one in told if (one.region_code, one.report_year) != (case["region"], case["year"])]
    assert len(GENUINE) >= 120
    assert len(wrong) <= 0.01 * len(told), f"{len(told)} told, wrong: {wrong}"
    assert len(told) >= 0.95 * len(GENUINE), f"{len(GENUINE) - len(told)} of {len(GENUINE)} quarantined"


def test_every_identity_says_why() -> None:
    for case in GENUINE:
        one = outcome(case)
        assert isinstance(one, Identity)
        assert 0 < one.confidence < 1
        assert any(reason.startswith(f"region {one.region_code} ") for reason in one.reasons)
        assert any(reason.startswith(f"year {one.report_year}: ") for reason in one.reasons)
