"""Made-up staged Parquet of any size, from a seed: what the warehouse is measured and shaken with.

python warehouse_synthetic.py ROOT FACTS REGIONS    stages FACTS figures of REGIONS regions in each of ten years

Every figure stands in a sentence of its own at the place its offsets say; ids are those of warehouse.staging.
"""

import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sources.regions import regions
from transforms.lexicon import lexicon
from warehouse.staging import OBSERVATIONS, REPORTS, partition_file

YEARS = range(2015, 2025)
FIGURES_A_REPORT = 200
CITY = "430500"

_REPORTS = """
    SELECT
        sha256(format('{}|{}|{}|{}', $seed, $year, p.code, n)) AS snapshot_id,
        format('{}第{}局{}年法治政府建设情况报告', p.name_zh, n, $year) AS title,
        title AS series,
        format('{}第{}局', p.name_zh, n) AS publisher,
        'department' AS publisher_kind,
        p.code AS publisher_region_code,
        p.code AS region_code,
        $year::INTEGER AS report_year,
        make_date($year + 1, 1, 1 + (n % 28)::INTEGER) AS published,
        make_timestamp($year + 1, 2, 1 + (n % 28)::INTEGER, 8, 0, 0.0) AS retrieved_at,
        'text/plain' AS media_type,
        format('inbox/{}/{}/{}.txt', p.code, $year, n) AS uri,
        true AS synthetic,
        100000::INTEGER AS characters,
        sha256(format('text|{}|{}|{}|{}', $seed, $year, p.code, n)) AS text_sha256,
        1.0::DOUBLE AS confidence,
        '' AS corrections
    FROM place AS p
    CROSS JOIN range((p.figures + $figures_a_report - 1) // $figures_a_report) AS r (n)
    ORDER BY region_code, snapshot_id
"""
_OBSERVATIONS = """
    WITH report AS (SELECT *, row_number() OVER (PARTITION BY region_code ORDER BY snapshot_id) - 1 AS n FROM made),
    numbered AS (
        SELECT
            r.snapshot_id,
            r.region_code,
            unnest(range(least(p.figures - r.n * $figures_a_report, $figures_a_report))) AS nth
        FROM report AS r
        JOIN place AS p ON p.code = r.region_code
    ),
    drawn AS (
        SELECT
            *,
            md5_number_lower(format('{}|{}|{}', $seed, snapshot_id, nth)) AS chance,
            ((chance // 101) % $indicators)::BIGINT AS pick
        FROM numbered
    ),
    worded AS (
        SELECT
            d.*,
            CASE WHEN chance % 10 > 0 THEN i.code END AS indicator,
            i.unit,
            CASE
                WHEN i.unit = '%' THEN ((chance // 7) % 10000)::DECIMAL(24, 6) / 100
                ELSE (1 + (chance // 7) % 20000)::DECIMAL(24, 6)
            END::DECIMAL(24, 6) AS value,
            (chance // 1000) % 20 AS draw,
            CASE (chance // 31) % 4
                WHEN 0 THEN '全市各级各部门认真落实法治政府建设责任,'
                WHEN 1 THEN '全年'
                WHEN 2 THEN '坚持依法行政,严格规范公正文明执法,'
                ELSE '深入推进依法治市工作,'
            END || i.name_zh AS before,
            CASE (chance // 37) % 3
                WHEN 0 THEN ',群众满意度持续提升。' WHEN 1 THEN ',较上年有所增长。' ELSE '。'
            END AS after
        FROM drawn AS d
        JOIN indicator AS i ON i.n = d.pick
    ),
    placed AS (
        SELECT
            *,
            rtrim(rtrim(value::VARCHAR, '0'), '.') || unit AS raw_text,
            before || raw_text || after AS sentence,
            (nth * 120)::INTEGER AS sentence_offset,
            sentence_offset + length(before)::INTEGER AS start_offset
        FROM worded
    )
    SELECT
        substr(sha256(snapshot_id || ':' || start_offset), 1, 16) AS observation_id,
        snapshot_id,
        $year::INTEGER AS report_year,
        region_code AS report_region_code,
        region_code,
        indicator,
        value,
        value AS value_low,
        value AS value_high,
        CASE
            WHEN unit = '%' THEN 0.5 / power(10, length(split_part(rtrim(rtrim(value::VARCHAR, '0'), '.'), '.', 2)))
            ELSE 0
        END::DECIMAL(24, 6) AS slack,
        unit AS raw_unit,
        unit AS canonical_unit,
        'exact' AS qualifier,
        CASE draw WHEN 0 THEN 'target' WHEN 1 THEN 'prior' WHEN 2 THEN 'plan' ELSE 'actual' END AS role,
        NULL::VARCHAR AS direction,
        CASE WHEN draw = 3 THEN $year::INTEGER - 2 END AS since_year,
        $year::INTEGER + CASE draw WHEN 1 THEN -1 WHEN 2 THEN 1 ELSE 0 END AS figure_year,
        CASE draw WHEN 3 THEN 'cumulative' WHEN 6 THEN 'half_year' ELSE 'year' END AS period,
        NULL::DATE AS stock_date,
        CASE WHEN draw = 4 THEN 'publisher' ELSE 'region' END AS scope,
        CASE WHEN draw = 5 THEN 'duplicate' ELSE 'current' END AS status,
        CASE WHEN draw = 5 THEN 'the same figure stands before' END AS status_reason,
        status AS own_status,
        NULL::VARCHAR AS correction_id,
        NULL::DECIMAL(24, 6) AS reported_value,
        NULL::DECIMAL(24, 6) AS reported_low,
        NULL::DECIMAL(24, 6) AS reported_high,
        NULL::VARCHAR AS reported_indicator,
        raw_text,
        raw_text AS text_slice,
        start_offset,
        start_offset + length(raw_text)::INTEGER AS end_offset,
        start_offset AS number_offset,
        sentence,
        sentence_offset,
        NULL::VARCHAR AS location,
        before AS phrase
    FROM placed
    ORDER BY report_region_code, snapshot_id, number_offset
"""


def places(count: int) -> list[str]:
    """Region codes in force all through YEARS, 邵阳市 and its counties first."""
    codes = [code for code, region in regions().items() if region.valid_in(YEARS.start) and region.valid_in(YEARS.stop)]
    first = codes.index(CITY)
    return [*codes[first:], *codes[:first]][:count]


def synthesise(root: Path, facts: int, region_count: int, seed: int = 20240116) -> None:
    """Stage `facts` figures, as evenly as can be, in `region_count` regions × YEARS."""
    per_year = [facts * (n + 1) // len(YEARS) - facts * n // len(YEARS) for n in range(len(YEARS))]
    with duckdb.connect() as connection:
        connection.register("indicator", _indicators())
        for year, figures in zip(YEARS, per_year, strict=True):
            _stage_year(connection, root, year, _shares(figures, region_count), seed)


def stage_again(root: Path, year: int, region_code: str, figures: int, seed: int) -> None:
    """Stage one partition anew with other figures."""
    with duckdb.connect() as connection:
        connection.register("indicator", _indicators())
        _stage_year(connection, root, year, {region_code: figures}, seed)


def _shares(figures: int, region_count: int) -> dict[str, int]:
    codes = places(region_count)
    return {code: figures * (n + 1) // len(codes) - figures * n // len(codes) for n, code in enumerate(codes)}


def _indicators() -> pa.Table:
    rows = [
        {"n": n, "code": i.code, "name_zh": i.name_zh, "unit": i.unit}
        for n, i in enumerate(lexicon().indicators.values())
    ]
    return pa.Table.from_pylist(rows)


def _stage_year(
    connection: duckdb.DuckDBPyConnection, root: Path, year: int, shares: dict[str, int], seed: int
) -> None:
    known = regions()
    place = [{"code": code, "name_zh": known[code].name_zh, "figures": share} for code, share in shares.items()]
    connection.register("place", pa.Table.from_pylist(place))
    given = {"seed": seed, "year": year, "figures_a_report": FIGURES_A_REPORT}
    reports = connection.execute(_REPORTS, given).to_arrow_table().cast(REPORTS)
    connection.register("made", reports)
    made = connection.execute(_OBSERVATIONS, {**given, "indicators": len(lexicon().indicators)})
    observations = made.to_arrow_table().cast(OBSERVATIONS)
    _write_parts(root, "reports", year, reports, "region_code")
    _write_parts(root, "observations", year, observations, "report_region_code")


def _write_parts(root: Path, kind: str, year: int, table: pa.Table, region: str) -> None:
    """One file a region; the rows of a region lie together."""
    start = 0
    counts = {entry["values"]: entry["counts"] for entry in table[region].value_counts().to_pylist()}
    for code in sorted(counts):
        file = partition_file(root, kind, year, code)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = table.slice(start, counts[code])
        start += counts[code]
        pq.write_table(part, file, compression="zstd", write_page_checksum=True)


if __name__ == "__main__":
    synthesise(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
