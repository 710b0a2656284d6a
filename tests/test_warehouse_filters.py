"""A filter on region, indicator or year reaches the facts: no view sorts or groups what the question is not about."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_examples import build_small

from sources.regions import regions
from transforms.lexicon import lexicon

REGION, PARENT, YEAR, INDICATOR = "430524", "430500", 2020, "litigation.cases"
HERE = f"region_code = '{REGION}'"

QUESTIONS = {
    "observations": f"{HERE} AND year = {YEAR} AND indicator_code = '{INDICATOR}'",
    "latest": f"{HERE} AND indicator_code = '{INDICATOR}'",
    "latest ": f"place_code = '{REGION}' AND indicator_code = '{INDICATOR}'",
    "latest  ": f"parent_code = '{PARENT}' AND year = {YEAR} AND indicator_code = '{INDICATOR}'",
    "observations_as_of('2022-01-01')": f"{HERE} AND year = {YEAR}",
    "observations_wide": HERE,
    "year_on_year": f"{HERE} AND indicator_code = '{INDICATOR}'",
    "year_on_year ": f"{HERE} AND year = {YEAR}",
    "region_compare": f"{HERE} AND year = {YEAR} AND indicator_code = '{INDICATOR}'",
    "revisions": HERE,
    "sdmx_observations": f"REF_AREA = '{REGION}' AND TIME_PERIOD = '{YEAR}' AND INDICATOR = '{INDICATOR}'",
    "coverage": HERE,
    "indicator_coverage": f"{HERE} AND year = {YEAR}",
}

LOOK_THROUGH_REPORTS = ("observations_as_of('2022-01-01')", "revisions")
"""Views that put all reports in order, of which there are few, before they take up figures."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a report of each of about 3000 places in four years, with 20 made-up figures each."""
    folder = tmp_path_factory.mktemp("large")
    path = folder / "w.duckdb"
    build_small(folder / "staging", path, lexicon=lexicon(), gazetteer=regions(), regions=[REGION])
    with duckdb.connect(path) as connection:
        connection.execute(_FILL)
    return path


_FILL = """
INSERT INTO dim_year BY NAME SELECT y AS year_key, true AS reported FROM range(2018, 2022) AS t (y);
INSERT INTO dim_publisher SELECT 1, '某局', 'department', NULL;
INSERT INTO dim_report BY NAME
SELECT
    row_number() OVER (ORDER BY y, region_key, v)::INTEGER AS report_key, region_code || y || v AS report_hash,
    '年报' AS title, '年报' AS series, 1 AS publisher_key, region_key, y::INTEGER AS year_key, '' AS url,
    make_date(y + 1, v::INTEGER, 1) AS published, TIMESTAMP '2026-01-01' AS retrieved_at,
    make_date(y + 1, v::INTEGER, 1) AS known_from, v::INTEGER AS vintage, false AS synthetic
FROM dim_region CROSS JOIN range(2018, 2022) AS t (y) CROSS JOIN range(1, 3) AS s (v)
WHERE valid_to IS NULL;
INSERT INTO fact_observation BY NAME
SELECT
    r.report_hash || '-' || i.indicator_key AS observation_id, i.indicator_key, u.unit_key, r.year_key, r.region_key,
    1 AS publisher_key, r.report_key, r.report_key AS value, value AS value_low, value AS value_high, 0 AS slack,
    'exact' AS qualifier, 'actual' AS role, 'region' AS scope, r.year_key AS figure_year, 'year' AS period,
    CASE r.vintage WHEN 1 THEN 'superseded' ELSE 'current' END AS status, 'current' AS own_status,
    r.report_key || '件' AS raw_text, i.indicator_key * 10 AS start_offset
FROM dim_report AS r
CROSS JOIN (SELECT * FROM dim_indicator WHERE domain = 'litigation' LIMIT 20) AS i
JOIN dim_unit AS u ON u.unit = i.unit;
"""


def operators(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Name and rows of every step of a query's plan as it was run; DuckDB 2 calls them otherwise than 1.5."""
    rows = node.get("operator_cardinality", node.get("intermediate_rows", 0))
    yield node.get("operator_name", node.get("type", "")), rows
    for child in node.get("operator", node.get("children", ())):
        yield from operators(child)


@pytest.mark.parametrize("view", QUESTIONS)
def test_a_filter_reaches_the_facts(large: Path, tmp_path: Path, view: str) -> None:
    profile = tmp_path / "profile.json"
    with duckdb.connect(large, read_only=True) as connection:
        counted = "SELECT (SELECT count(*) FROM fact_observation), (SELECT count(*) FROM dim_report)"
        ((figures, reports),) = connection.execute(counted).fetchall()
        connection.execute(f"SET enable_profiling = 'json'; SET profiling_output = '{profile}'")
        found = connection.execute(f"SELECT * FROM {view} WHERE {QUESTIONS[view]}").fetchall()  # noqa: S608
    assert found
    steps = list(operators(json.loads(profile.read_text(encoding="utf-8"))))
    # a window or a grouping handles as many rows as its input has
    heavy = [(name, rows) for name, rows in steps if name in ("WINDOW", "STREAMING_WINDOW", "HASH_GROUP_BY", "CTE")]
    assert max((rows for _, rows in heavy), default=0) <= (
        reports if view in LOOK_THROUGH_REPORTS else figures // 50
    ), heavy
