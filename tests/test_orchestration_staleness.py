"""What Dagster calls stale: exactly what a changed report or changed code makes so."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest
from orchestration_reports import LONGHUI

from orchestration import instance
from orchestration.definitions import assemble
from orchestration.jobs import INTAKE
from orchestration.settings import Settings


def states(settings: Settings, definitions: dg.Definitions) -> dict[str, str]:
    """Of the two partitions with reports, one without, and two assets downstream."""
    asked = [
        *(("observations", f"{region}|2024") for region in ("430524", "430525", "430522")),
        ("fact_observation", None),
        ("warehouse", None),
    ]
    with instance.opened(settings) as dagster:
        resolver = CachingStaleStatusResolver(
            dagster, definitions.resolve_asset_graph(), LoadingContextForTest(dagster)
        )
        return {key or asset: resolver.get_status(dg.AssetKey(asset), key).value for asset, key in asked}


def intake(settings: Settings) -> None:
    with instance.opened(settings) as dagster:
        assert assemble(settings).resolve_job_def(INTAKE).execute_in_process(instance=dagster).success


FRESH = {
    "430524|2024": "FRESH",
    "430525|2024": "FRESH",
    "430522|2024": "MISSING",
    "fact_observation": "FRESH",
    "warehouse": "FRESH",
}


def test_after_a_run_everything_is_fresh_and_the_same_reports_again_change_nothing(home: Path) -> None:
    settings = Settings(home=home)
    assert states(settings, assemble(settings)) == FRESH
    intake(settings)
    assert states(settings, assemble(settings)) == FRESH


def test_a_changed_report_makes_its_own_partition_stale_and_what_is_built_of_it(home: Path) -> None:
    settings = Settings(home=home)
    (settings.inbox_folder / "longhui.txt").write_text(LONGHUI.replace("120件", "121件"), encoding="utf-8")
    intake(settings)
    assert states(settings, assemble(settings)) == FRESH | {"430524|2024": "STALE", "fact_observation": "STALE"}


def test_a_report_that_goes_to_quarantine_leaves_its_partition_stale(home: Path) -> None:
    settings = Settings(home=home)
    (settings.inbox_folder / "longhui.txt.hint.yaml").write_text("report_year: 1999\n", encoding="utf-8")
    intake(settings)
    assert states(settings, assemble(settings)) == FRESH | {"430524|2024": "STALE", "fact_observation": "STALE"}


@pytest.mark.parametrize("changed", ["observations", "fact_observation"])
def test_changed_code_or_lexicon_makes_stale_what_it_makes(home: Path, changed: str) -> None:
    settings = Settings(home=home)
    definitions = assemble(settings).map_resolved_asset_specs(
        selection=dg.AssetSelection.assets(changed), func=lambda spec: spec.replace_attributes(code_version="another")
    )
    found = states(settings, definitions)
    expected = {"430524|2024", "430525|2024"} if changed == "observations" else {"fact_observation"}
    assert {name for name, state in found.items() if state == "STALE"} == expected
