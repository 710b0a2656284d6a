-- What the expectations found: now (quality_results), what of it is broken since when (quality_open), and in every run
-- (quality_history).

CREATE VIEW quality_results AS
SELECT
    r.expectation_id,
    r.suite,
    r.severity,
    e.owner,
    r.region_code,
    g.region_zh AS region,
    r.report_year AS year,
    r.success,
    r.checked,
    r.unexpected,
    e.meaning_zh,
    e.meaning_en,
    e.action,
    r.failing,
    r.run_id,
    r.checked_at
FROM quality_result AS r
LEFT JOIN dim_expectation AS e ON e.expectation_id = r.expectation_id
LEFT JOIN dim_region AS g ON g.region_code = r.region_code;
COMMENT ON VIEW quality_results IS 'Results of the expectations that this warehouse was published on, one row an expectation and partition (质量检查结果)';
COMMENT ON COLUMN quality_results.expectation_id IS 'The expectation (检查项标识)';
COMMENT ON COLUMN quality_results.suite IS 'The suite that declares it (检查套件)';
COMMENT ON COLUMN quality_results.severity IS 'error blocks publication; warning and info do not (严重程度)';
COMMENT ON COLUMN quality_results.owner IS 'Who is told and acts when it fails (负责人)';
COMMENT ON COLUMN quality_results.region_code IS 'Region of the partition; NULL for the warehouse as a whole (分区地区代码)';
COMMENT ON COLUMN quality_results.region IS 'Name of that region (地区)';
COMMENT ON COLUMN quality_results.year IS 'Year of the partition; NULL for the warehouse as a whole (年度)';
COMMENT ON COLUMN quality_results.success IS 'True where nothing unexpected was found (是否通过)';
COMMENT ON COLUMN quality_results.checked IS 'Rows looked at (检查行数)';
COMMENT ON COLUMN quality_results.unexpected IS 'Rows found unexpected (异常行数)';
COMMENT ON COLUMN quality_results.meaning_zh IS 'What is expected, in Chinese (中文含义)';
COMMENT ON COLUMN quality_results.meaning_en IS 'What is expected, in English (英文含义)';
COMMENT ON COLUMN quality_results.action IS 'What to do where it fails (处理办法)';
COMMENT ON COLUMN quality_results.failing IS 'Up to 50 of the unexpected rows, as a JSON list (异常明细)';
COMMENT ON COLUMN quality_results.run_id IS 'Dagster run that found it (运行标识)';
COMMENT ON COLUMN quality_results.checked_at IS 'When it was found, UTC (检查时间)';

-- A thing is broken since the first check after the last one that didn't find it.
CREATE VIEW quality_open AS
WITH broken AS NOT MATERIALIZED (
    SELECT *, unnest(failing::JSON[]) AS found
    FROM quality_results
    WHERE NOT success
),
-- an expectation with more unexpected rows than are shown is open all the same
open AS NOT MATERIALIZED (
    SELECT * EXCLUDE (found, failing), found, coalesce(found ->> 'thing', expectation_id) AS thing
    FROM broken
    UNION ALL BY NAME
    SELECT * EXCLUDE (failing), NULL AS found, expectation_id AS thing
    FROM quality_results
    WHERE NOT success AND len(failing::JSON[]) = 0
),
-- A candidate is always checked as a whole: where a partition has no row then, nothing of it was broken. Figures are
-- checked a partition at a time.
checks AS NOT MATERIALIZED (
    SELECT DISTINCT expectation_id, run_id, checked_at, release_id IS NOT NULL AS whole
    FROM quality_run
),
seen AS NOT MATERIALIZED (
    SELECT
        o.expectation_id,
        o.region_code,
        o.year,
        o.thing,
        k.checked_at,
        coalesce(list_contains(h.things, o.thing), false) AS there,
        coalesce(lag(there) OVER checks, false) AS there_before,
        max(k.checked_at) FILTER (NOT there) OVER (PARTITION BY o.expectation_id, o.region_code, o.year, o.thing) AS last_absent
    FROM open AS o
    JOIN checks AS k ON k.expectation_id = o.expectation_id
    LEFT JOIN quality_run AS h
        ON h.run_id = k.run_id
        AND h.checked_at = k.checked_at
        AND h.expectation_id = o.expectation_id
        AND h.region_code IS NOT DISTINCT FROM o.region_code
        AND h.report_year IS NOT DISTINCT FROM o.year
    WHERE k.whole OR h.run_id IS NOT NULL
    WINDOW checks AS (PARTITION BY o.expectation_id, o.region_code, o.year, o.thing ORDER BY k.checked_at)
),
history AS NOT MATERIALIZED (
    SELECT
        expectation_id,
        region_code,
        year,
        thing,
        min(checked_at) FILTER (there AND (last_absent IS NULL OR checked_at > last_absent)) AS since,
        count(*) FILTER (there AND (last_absent IS NULL OR checked_at > last_absent)) AS checks,
        count(*) FILTER (there AND NOT there_before) AS times
    FROM seen
    GROUP BY ALL
)
SELECT
    o.severity,
    o.expectation_id,
    o.owner,
    o.region_code,
    o.region,
    o.year,
    o.thing,
    coalesce(o.found ->> 'message_zh', o.found ->> 'status_reason', o.found ->> 'detail', o.found ->> 'reason_zh', o.found ->> 'examples', o.meaning_zh) AS what_zh,
    coalesce(o.found ->> 'message_en', o.found ->> 'status_reason', o.found ->> 'detail', o.found ->> 'reason_en', o.found ->> 'examples', o.meaning_en) AS what_en,
    o.found ->> 'raw_text' AS raw_text,
    o.found ->> 'sentence' AS sentence,
    r.url,
    coalesce(h.since, o.checked_at) AS since,
    coalesce(h.checks, 1) AS checks,
    coalesce(h.times, 1) AS times,
    o.meaning_zh,
    o.meaning_en,
    o.action,
    coalesce(o.found ->> 'report_hash', o.found ->> 'snapshot_id') AS report_hash,
    o.run_id,
    o.checked_at
FROM open AS o
LEFT JOIN history AS h
    ON h.expectation_id = o.expectation_id
    AND h.region_code IS NOT DISTINCT FROM o.region_code
    AND h.year IS NOT DISTINCT FROM o.year
    AND h.thing = o.thing
LEFT JOIN dim_report AS r ON r.report_hash = coalesce(o.found ->> 'report_hash', o.found ->> 'snapshot_id')
ORDER BY
    CASE o.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
    o.expectation_id,
    o.region_code,
    o.year,
    o.thing;
COMMENT ON VIEW quality_open IS 'What is broken now, one row a thing: since when, how often, with its sentence (当前质量问题)';
COMMENT ON COLUMN quality_open.severity IS 'error blocks publication; warning and info do not (严重程度)';
COMMENT ON COLUMN quality_open.expectation_id IS 'The expectation that fails (检查项标识)';
COMMENT ON COLUMN quality_open.owner IS 'Who is told and acts (负责人)';
COMMENT ON COLUMN quality_open.region_code IS 'Region of the partition; NULL for the warehouse as a whole (分区地区代码)';
COMMENT ON COLUMN quality_open.region IS 'Name of that region (地区)';
COMMENT ON COLUMN quality_open.year IS 'Year of the partition; NULL for the warehouse as a whole (年度)';
COMMENT ON COLUMN quality_open.thing IS 'What is broken: an observation, a comparison, a rule, a document, a partition; the same name in every run (异常对象)';
COMMENT ON COLUMN quality_open.what_zh IS 'What was found, in Chinese where it is said in Chinese (问题说明)';
COMMENT ON COLUMN quality_open.what_en IS 'What was found, in English (英文说明)';
COMMENT ON COLUMN quality_open.raw_text IS 'Words of the figure (数值原文)';
COMMENT ON COLUMN quality_open.sentence IS 'Its sentence (原句)';
COMMENT ON COLUMN quality_open.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN quality_open.since IS 'First check of those without a break that found it, UTC (开始时间)';
COMMENT ON COLUMN quality_open.checks IS 'Checks that found it since (连续检出次数)';
COMMENT ON COLUMN quality_open.times IS 'How often it broke, this time included (出现次数)';
COMMENT ON COLUMN quality_open.meaning_zh IS 'What is expected, in Chinese (中文含义)';
COMMENT ON COLUMN quality_open.meaning_en IS 'What is expected, in English (英文含义)';
COMMENT ON COLUMN quality_open.action IS 'What to do (处理办法)';
COMMENT ON COLUMN quality_open.report_hash IS 'SHA-256 of the report (报告哈希)';
COMMENT ON COLUMN quality_open.run_id IS 'Dagster run of the last check (最近检查的运行标识)';
COMMENT ON COLUMN quality_open.checked_at IS 'Time of the last check, UTC (最近检查时间)';

-- Figures are checked before a candidate is built of them: their release is the first one checked afterwards.
CREATE VIEW quality_history AS
WITH candidate AS (
    SELECT release_id, min(checked_at) AS checked_at
    FROM quality_run
    WHERE release_id IS NOT NULL
    GROUP BY release_id, run_id
)
SELECT
    h.checked_at,
    h.run_id,
    coalesce(h.release_id, c.release_id) AS release_id,
    h.expectation_id,
    h.suite,
    h.severity,
    h.region_code,
    g.region_zh AS region,
    h.report_year AS year,
    h.success,
    h.checked,
    h.unexpected,
    h.things,
    h.failing
FROM quality_run AS h
ASOF LEFT JOIN candidate AS c ON c.checked_at >= h.checked_at
LEFT JOIN dim_region AS g ON g.region_code = h.region_code
ORDER BY h.checked_at, h.suite, h.expectation_id, h.region_code, h.report_year;
COMMENT ON VIEW quality_history IS 'Results of the expectations in every run, the oldest first (质量检查历史)';
COMMENT ON COLUMN quality_history.checked_at IS 'When it was checked, UTC (检查时间)';
COMMENT ON COLUMN quality_history.run_id IS 'Dagster run (运行标识)';
COMMENT ON COLUMN quality_history.release_id IS 'The candidate that was checked, or the first one checked after the figures were; published or not (发布版本)';
COMMENT ON COLUMN quality_history.expectation_id IS 'The expectation (检查项标识)';
COMMENT ON COLUMN quality_history.suite IS 'The suite that declared it then (检查套件)';
COMMENT ON COLUMN quality_history.severity IS 'Severity then (当时的严重程度)';
COMMENT ON COLUMN quality_history.region_code IS 'Region of the partition; NULL for the warehouse as a whole (分区地区代码)';
COMMENT ON COLUMN quality_history.region IS 'Name of that region (地区)';
COMMENT ON COLUMN quality_history.year IS 'Year of the partition; NULL for the warehouse as a whole (年度)';
COMMENT ON COLUMN quality_history.success IS 'True where nothing unexpected was found (是否通过)';
COMMENT ON COLUMN quality_history.checked IS 'Rows looked at (检查行数)';
COMMENT ON COLUMN quality_history.unexpected IS 'Rows found unexpected (异常行数)';
COMMENT ON COLUMN quality_history.things IS 'What was broken, up to 50 names (异常对象)';
COMMENT ON COLUMN quality_history.failing IS 'The same with all that was shown of them, as a JSON list (异常明细)';
