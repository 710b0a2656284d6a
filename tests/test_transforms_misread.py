"""Figures of the samples that were once read as something else: each is right now, or flagged; none stands twice."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.readers import read
from transforms.extract import Context, extract
from transforms.observation import STANDING, Observation

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "sources" / "samples"
MISREAD: list[dict[str, Any]] = yaml.safe_load((TESTS / "goldens" / "misread.yaml").read_text(encoding="utf-8"))
MANIFEST: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "manifest.yaml").read_text(encoding="utf-8"))


@cache
def reading(file: str) -> tuple[str, list[Observation]]:
    entry = next(entry for entry in MANIFEST if entry["file"].endswith(file))
    path = SAMPLES / "reports" / entry["file"]
    text = read(path.read_bytes(), path.name, "sample").text
    return text, extract(text, Context(entry["region_code"], entry["report_year"], entry["publisher"], entry["title"]))


def wrong(case: dict[str, Any]) -> Iterator[str]:
    """What of a figure's reading differs from what it is; nothing where it is flagged, or not read at all."""
    text, observations = reading(case["file"])
    before, figure, after = case["words"].replace("【", "】").split("】")
    at = text.index(before + figure + after) + len(before)
    found = next((o for o in observations if o.start < at + len(figure) and at < o.end), None)
    if found is None or found.status not in STANDING:
        return
    expected = {
        "indicator": None if case["indicator"] == "none" else case["indicator"],
        "role": case.get("role", "actual"),
        "scope": case.get("scope", found.scope),
        "since_year": case.get("since", found.since_year),
        "direction": case.get("direction", found.direction),
    }
    for name, right in expected.items():
        if getattr(found, name) != right:
            yield f"{name} {getattr(found, name)!r} for {right!r}"


@pytest.mark.parametrize("case", MISREAD, ids=[case["words"] for case in MISREAD])
def test_is_right_or_flagged(case: dict[str, Any]) -> None:
    assert not list(wrong(case))


READ = [entry["file"] for entry in MANIFEST if entry["outcome"] == "ok"]


@pytest.mark.parametrize("file", READ)
def test_of_one_thing_no_two_values_stand(file: str) -> None:
    values = defaultdict(set)
    for one in reading(file)[1]:
        if one.indicator and one.role == "actual" and one.status in STANDING:
            measured = (one.indicator, one.region_code, one.scope, one.period, one.since_year, one.figure_year)
            values[measured].add(one.value)
    assert not {measured: found for measured, found in values.items() if len(found) > 1}
