-- From the staged Parquet to the star schema, statement by statement in this order.
--
-- The build provides: variables staged_observation_files and staged_report_files (lists of paths), and the tables
-- lexicon_indicator, lexicon_unit, lexicon_relation, expectation, bound, gazetteer, ledger, year_plan, held, staged_file,
-- release_of.
-- Every load is ordered, so that a build is deterministic and a report's figures lie together on disk.

-- name: staged_observation
CREATE TEMP VIEW staged_observation AS
SELECT * FROM read_parquet(getvariable('staged_observation_files'), hive_partitioning = false);

-- name: staged_report
CREATE TEMP TABLE staged_report AS
SELECT * FROM read_parquet(getvariable('staged_report_files'), hive_partitioning = false);

-- name: staged_word
-- One pass over the observations for all that dimensions need to know of them.
CREATE TEMP TABLE staged_word AS SELECT DISTINCT region_code, canonical_unit, figure_year FROM staged_observation;

-- name: staged_partition
-- Counted from the footers of the partition files, to compare what was loaded with.
INSERT INTO staged_partition
SELECT
    year,
    region_code,
    coalesce(sum(rows) FILTER (kind = 'reports'), 0),
    coalesce(sum(rows) FILTER (kind = 'observations'), 0),
    any_value(sha256) FILTER (kind = 'reports'),
    any_value(sha256) FILTER (kind = 'observations'),
    NULL
FROM staged_file
GROUP BY year, region_code
ORDER BY year, region_code;

-- name: dim_indicator
INSERT INTO dim_indicator
SELECT row_number() OVER (ORDER BY code), * FROM lexicon_indicator ORDER BY code;

-- name: relation_term
INSERT INTO relation_term SELECT * FROM lexicon_relation;

-- name: dim_expectation
INSERT INTO dim_expectation SELECT * FROM expectation ORDER BY expectation_id;

-- name: plausibility_bound
INSERT INTO plausibility_bound SELECT * FROM bound ORDER BY indicator_code;

-- name: dim_unit
INSERT INTO dim_unit
WITH named AS (
    SELECT unit FROM lexicon_unit
    UNION
    SELECT unit FROM lexicon_indicator
    UNION
    SELECT canonical_unit FROM staged_word
)
SELECT
    row_number() OVER (ORDER BY n.unit),
    n.unit,
    l.name_en,
    coalesce(l.kind, 'unknown'),
    l.whole,
    coalesce(l.aliases, '')
FROM named AS n
LEFT JOIN lexicon_unit AS l ON l.unit = n.unit
WHERE n.unit IS NOT NULL
ORDER BY n.unit;

-- name: quarantine
INSERT INTO quarantine SELECT * FROM held ORDER BY snapshot_id;

-- name: correction
INSERT INTO correction SELECT * FROM ledger ORDER BY correction_id;

-- name: dim_region
INSERT INTO dim_region SELECT code::INTEGER, * FROM gazetteer ORDER BY code;

-- name: dim_year
INSERT INTO dim_year
WITH reported AS (
    SELECT report_year FROM staged_report
    UNION ALL
    SELECT q.report_year
    FROM quarantine AS q
    JOIN dim_region AS g ON g.region_code = q.region_code AND g.configured
    WHERE q.reason NOT IN ('year_not_configured', 'region_not_configured')
),
span AS (
    SELECT min(report_year) AS first_year, max(report_year) AS last_year FROM reported
)
SELECT
    p.year_key,
    make_date(p.year_key, 1, 1),
    make_date(p.year_key, 12, 31),
    p.* EXCLUDE (year_key),
    coalesce(p.year_key BETWEEN s.first_year AND s.last_year, false) AS reported
FROM year_plan AS p
CROSS JOIN span AS s
WHERE p.year_key BETWEEN s.first_year AND s.last_year OR p.year_key IN (SELECT figure_year FROM staged_word)
ORDER BY p.year_key;

-- name: dim_publisher
INSERT INTO dim_publisher
SELECT row_number() OVER (ORDER BY publisher), publisher, min(publisher_kind), min(publisher_region_code)
FROM staged_report
WHERE publisher IS NOT NULL
GROUP BY publisher
ORDER BY publisher;

-- name: dim_report
INSERT INTO dim_report
SELECT
    row_number() OVER (ORDER BY r.report_year, r.region_code, r.snapshot_id) AS report_key,
    r.snapshot_id,
    r.title,
    r.series,
    p.publisher_key,
    g.region_key,
    r.report_year,
    r.uri,
    r.published,
    r.retrieved_at,
    coalesce(r.published, r.retrieved_at::DATE),
    row_number() OVER (
        PARTITION BY r.publisher, r.region_code, r.report_year, r.series
        ORDER BY r.published NULLS FIRST, r.retrieved_at, r.snapshot_id
    ),
    r.media_type,
    r.synthetic,
    r.characters,
    r.text_sha256,
    r.confidence
FROM staged_report AS r
LEFT JOIN dim_publisher AS p ON p.publisher = r.publisher
LEFT JOIN dim_region AS g ON g.region_code = r.region_code
ORDER BY report_key;

-- name: observation
-- A coded figure is in its indicator's unit; a change (增长12.3%) and a figure without code keep their own.
CREATE TEMP VIEW keyed_observation AS
SELECT
    o.observation_id,
    i.indicator_key,
    u.unit_key,
    o.report_year AS year_key,
    g.region_key,
    r.publisher_key,
    r.report_key,
    o.value,
    o.value_low,
    o.value_high,
    o.slack,
    o.raw_unit,
    o.qualifier,
    o.role,
    o.direction,
    o.since_year,
    o.figure_year,
    o.period,
    o.stock_date,
    o.scope,
    o.status,
    o.status_reason,
    o.own_status,
    o.correction_id,
    o.reported_value,
    o.reported_low,
    o.reported_high,
    o.reported_indicator,
    o.raw_text,
    o.start_offset,
    o.end_offset,
    o.number_offset,
    o.sentence,
    o.sentence_offset,
    o.location,
    o.phrase,
    o.indicator
FROM staged_observation AS o
LEFT JOIN dim_report AS r ON r.report_hash = o.snapshot_id
LEFT JOIN dim_region AS g ON g.region_code = o.region_code
LEFT JOIN dim_indicator AS i ON i.indicator_code = o.indicator
LEFT JOIN dim_unit AS u ON u.unit = CASE WHEN o.role = 'change' THEN o.canonical_unit ELSE coalesce(i.unit, o.canonical_unit) END;

-- name: fact_observation
INSERT INTO fact_observation SELECT * EXCLUDE (indicator) FROM keyed_observation WHERE indicator IS NOT NULL
ORDER BY report_key, number_offset, observation_id;

-- name: unmapped_observation
INSERT INTO unmapped_observation SELECT * EXCLUDE (indicator) FROM keyed_observation WHERE indicator IS NULL
ORDER BY report_key, number_offset, observation_id;

-- name: release
INSERT INTO release
WITH snapshot AS (SELECT report_hash AS id FROM dim_report UNION SELECT snapshot_id FROM quarantine)
SELECT
    r.release_id,
    r.built_at,
    r.code_version,
    r.lexicon_version,
    r.duckdb_version,
    (SELECT count(*) FROM snapshot),
    (SELECT sha256(coalesce(string_agg(id, chr(10) ORDER BY id), '')) FROM snapshot),
    (SELECT count(*) FROM staged_partition),
    (SELECT count(*) FROM dim_report),
    (SELECT count(*) FROM fact_observation),
    (SELECT count(*) FROM unmapped_observation),
    (SELECT count(*) FROM quarantine)
FROM release_of AS r;
