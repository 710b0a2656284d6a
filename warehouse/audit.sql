-- The small frames that the suites of the candidate run on; their columns are listed in expectations/frames.py.

-- name: integrity
-- One row a rule: rows checked, rows that break it, and up to five of them by name.
WITH figure AS (
    SELECT * FROM fact_observation
    UNION ALL
    SELECT * FROM unmapped_observation
),
loaded AS (
    SELECT r.year_key, g.region_code, count(DISTINCT r.report_key) AS reports, count(f.observation_id) AS observations
    FROM dim_report AS r
    LEFT JOIN dim_region AS g ON g.region_key = r.region_key
    LEFT JOIN figure AS f ON f.report_key = r.report_key
    GROUP BY ALL
),
natural_key AS (
    SELECT 'dim_indicator ' || indicator_code AS name FROM dim_indicator
    UNION ALL SELECT 'dim_unit ' || unit FROM dim_unit
    UNION ALL SELECT 'dim_region ' || region_code FROM dim_region
    UNION ALL SELECT 'dim_publisher ' || publisher FROM dim_publisher
    UNION ALL SELECT 'dim_report ' || report_hash FROM dim_report
    UNION ALL SELECT 'dim_year ' || year_key FROM dim_year
),
rule (rule, rows_checked) AS (
    SELECT unnest(['indicator_present', 'indicator_resolves']), count(*) FROM fact_observation
    UNION ALL SELECT 'uncoded_apart', count(*) FROM unmapped_observation
    UNION ALL SELECT unnest([
        'unit_resolves', 'year_resolves', 'figure_year_resolves', 'region_resolves', 'publisher_resolves',
        'report_resolves', 'no_observation_twice', 'region_in_force'
    ]), count(*) FROM figure
    UNION ALL SELECT 'dimension_unique', count(*) FROM natural_key
    UNION ALL SELECT 'region_parent_resolves', count(*) FROM dim_region
    UNION ALL SELECT unnest(['report_keys_resolve', 'vintages_contiguous', 'year_reported']), count(*) FROM dim_report
    UNION ALL SELECT 'staged_is_loaded', count(*) FROM staged_partition
),
broken (rule, example) AS (
    SELECT 'indicator_present', observation_id FROM fact_observation WHERE indicator_key IS NULL
    UNION ALL
    SELECT 'indicator_resolves', observation_id FROM fact_observation AS f ANTI JOIN dim_indicator USING (indicator_key)
    WHERE f.indicator_key IS NOT NULL
    UNION ALL
    SELECT 'uncoded_apart', observation_id FROM unmapped_observation WHERE indicator_key IS NOT NULL
    UNION ALL
    SELECT 'unit_resolves', observation_id FROM figure ANTI JOIN dim_unit USING (unit_key)
    UNION ALL
    SELECT 'year_resolves', observation_id FROM figure ANTI JOIN dim_year USING (year_key)
    UNION ALL
    SELECT 'figure_year_resolves', observation_id || ' ' || figure_year
    FROM figure
    WHERE figure_year IS NOT NULL AND figure_year NOT IN (SELECT year_key FROM dim_year)
    UNION ALL
    SELECT 'region_resolves', observation_id FROM figure ANTI JOIN dim_region USING (region_key)
    UNION ALL
    SELECT 'publisher_resolves', observation_id FROM figure ANTI JOIN dim_publisher USING (publisher_key)
    UNION ALL
    SELECT 'report_resolves', observation_id FROM figure ANTI JOIN dim_report USING (report_key)
    UNION ALL
    SELECT 'no_observation_twice', observation_id FROM figure GROUP BY observation_id HAVING count(*) > 1
    UNION ALL
    SELECT 'region_in_force', f.observation_id || ' ' || g.region_zh || ' ' || f.year_key
    FROM figure AS f
    JOIN dim_region AS g ON g.region_key = f.region_key
    WHERE f.year_key NOT BETWEEN coalesce(g.valid_from, 0) AND coalesce(g.valid_to, 9999)
    UNION ALL
    SELECT 'dimension_unique', name FROM natural_key GROUP BY name HAVING count(*) > 1
    UNION ALL
    SELECT 'region_parent_resolves', region_code FROM dim_region AS g
    WHERE parent_code IS NOT NULL AND parent_code NOT IN (SELECT region_code FROM dim_region)
    UNION ALL
    SELECT 'report_keys_resolve', report_hash FROM dim_report AS r
    WHERE NOT (
        EXISTS (SELECT 1 FROM dim_publisher AS d WHERE d.publisher_key = r.publisher_key)
        AND EXISTS (SELECT 1 FROM dim_region AS d WHERE d.region_key = r.region_key)
        AND EXISTS (SELECT 1 FROM dim_year AS d WHERE d.year_key = r.year_key)
    )
    UNION ALL
    SELECT 'year_reported', report_hash FROM dim_report AS r JOIN dim_year AS y USING (year_key) WHERE NOT y.reported
    UNION ALL
    SELECT 'vintages_contiguous', 'publisher ' || publisher_key || ' region ' || region_key || ' year ' || year_key
    FROM dim_report
    GROUP BY publisher_key, region_key, year_key, series
    HAVING min(vintage) <> 1 OR max(vintage) <> count(*) OR count(DISTINCT vintage) <> count(*)
    UNION ALL
    SELECT 'staged_is_loaded', format(
        '{}|{}: staged {} reports and {} figures, loaded {} and {}',
        s.region_code, s.year_key, s.staged_reports, s.staged_observations,
        coalesce(l.reports, 0), coalesce(l.observations, 0)
    )
    FROM staged_partition AS s
    LEFT JOIN loaded AS l ON l.region_code = s.region_code AND l.year_key = s.year_key
    WHERE s.staged_reports <> coalesce(l.reports, 0) OR s.staged_observations <> coalesce(l.observations, 0)
),
counted AS (
    SELECT rule, count(*) AS violations, array_to_string(list_slice(list(example ORDER BY example), 1, 5), '; ') AS examples
    FROM broken
    GROUP BY rule
)
SELECT r.rule AS thing, r.rule, r.rows_checked, coalesce(c.violations, 0) AS violations, coalesce(c.examples, '') AS examples
FROM rule AS r
LEFT JOIN counted AS c ON c.rule = r.rule
ORDER BY r.rule;

-- name: identities
-- Each comparison that fails, up to twenty of a kind and partition and a thousand of a kind, the newest
-- first; those left over and those that hold are one row each.
WITH compared AS (
    SELECT
        *,
        region_code || '|' || year AS partition,
        verdict = 'FAIL' AS failed,
        failed
            AND row_number() OVER (PARTITION BY kind, region_code, year, verdict = 'FAIL' ORDER BY identity_id) <= 20
            AND row_number() OVER (PARTITION BY kind, verdict = 'FAIL' ORDER BY year DESC, identity_id) <= 1000 AS shown
    FROM identity_check
)
SELECT identity_id AS thing, * EXCLUDE (failed, shown), 1::BIGINT AS rows_checked, 1::BIGINT AS violations
FROM compared
WHERE shown
UNION ALL BY NAME
SELECT
    kind,
    partition,
    region_code,
    year,
    CASE WHEN failed THEN 'FAIL' ELSE 'PASS' END AS verdict,
    count(*) FILTER (verdict <> 'NOT_ASSESSABLE') AS rows_checked,
    count(*) FILTER (failed) AS violations
FROM compared
WHERE NOT shown
GROUP BY kind, partition, region_code, year, failed
ORDER BY kind, region_code, year, thing;

-- name: plausibility
-- As identities: failing figures one by one, the others counted.
WITH looked_at AS (
    SELECT
        *,
        region_code || '|' || year AS partition,
        verdict = 'FAIL' AS failed,
        failed
            AND row_number() OVER (PARTITION BY fault, region_code, year ORDER BY check_id) <= 20
            AND row_number() OVER (PARTITION BY fault ORDER BY year DESC, check_id) <= 1000 AS shown
    FROM plausibility_check
)
SELECT check_id AS thing, * EXCLUDE (failed, shown), 1::BIGINT AS rows_checked, 1::BIGINT AS violations
FROM looked_at
WHERE shown
UNION ALL BY NAME
SELECT
    kind,
    fault,
    partition,
    region_code,
    year,
    CASE WHEN failed THEN 'FAIL' ELSE 'PASS' END AS verdict,
    count(*) FILTER (verdict <> 'NOT_ASSESSABLE') AS rows_checked,
    count(*) FILTER (failed) AS violations
FROM looked_at
WHERE NOT shown
GROUP BY kind, fault, partition, region_code, year, failed
ORDER BY kind, region_code, year, thing;

-- name: coverage
SELECT region_code || '|' || year AS partition, partition AS thing, * FROM coverage ORDER BY region_code, year;

-- name: corrections
SELECT correction_id AS thing, * FROM correction_check ORDER BY correction_id;

-- name: quarantine
SELECT
    snapshot_id AS thing,
    snapshot_id,
    uri,
    reason,
    detail,
    region_code,
    report_year AS year,
    format('{} ({}): {}', regexp_extract(url_decode(uri), '[^/]*$'), reason, detail) AS message_en
FROM quarantine
ORDER BY snapshot_id;
