"""What is made of the published warehouse in Dagster: every view asked, pictures of some, the exports."""

import base64
import csv
import re
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq

from orchestration import instance, pictures
from orchestration.definitions import assemble
from orchestration.jobs import PUBLICATION
from orchestration.settings import Settings
from warehouse.query import query
from warehouse.relations import relations


def svg(markdown: str) -> str:
    found = re.fullmatch(r"!\[.+\]\(data:image/svg\+xml;base64,(.+)\)", markdown)
    assert found, markdown[:80]
    return base64.b64decode(found[1]).decode()


def test_views_are_counted_and_drawn_and_the_figures_are_exported(home: Path) -> None:
    settings = Settings(home=home)
    views = [dg.AssetKey(["views", name]) for name, one in relations().items() if one.is_view]
    with instance.opened(settings) as dagster:
        made = (
            assemble(settings)
            .resolve_job_def(PUBLICATION)
            .execute_in_process(asset_selection=[*views, dg.AssetKey("exports")], instance=dagster)
        )
    metadata = {one.asset_key: one.materialization.metadata for one in made.get_asset_materialization_events()}
    assert metadata.keys() == {*views, dg.AssetKey("exports")}
    observations = metadata[dg.AssetKey(["views", "observations"])]
    rows = query(settings.warehouse, "SELECT observation_id FROM observations").rows
    assert observations["dagster/row_count"].value == len(rows) > 0
    exported = pq.read_table(settings.exports / "observations.parquet")
    assert sorted(exported["observation_id"].to_pylist()) == sorted(one for (one,) in rows)
    with (settings.exports / "sdmx_observations.csv").open(encoding="utf-8", newline="") as file:
        assert {"REF_AREA", "TIME_PERIOD", "OBS_VALUE"} <= set(next(csv.reader(file)))


def test_the_map_of_coverage_names_regions_years_and_what_is_missing(published_home: Path) -> None:
    drawn = svg(pictures.coverage_map(Settings(home=published_home).warehouse))
    for word in ("隆回县", "洞口县", "2024", "not published 未发布", "Noto Sans CJK SC"):
        assert word in drawn
    assert pictures.STATES["observed"][0] in drawn


def test_trends_have_a_chart_an_indicator_and_a_line_a_region(published_home: Path) -> None:
    drawn = svg(pictures.trends(Settings(home=published_home).warehouse))
    for word in ("法律援助案件件数 (件)", "隆回县", "洞口县"):
        assert word in drawn
    assert "made-up" not in drawn, "these reports don't say that they are"
