-- Figures that must agree, one row a comparison; the columns are those of the table identity_check.
--
-- Compared are current actual figures of one report, region, scope and first year of accumulation. Where an
-- indicator stands several times, the figure nearest in the text is taken, one in the same sentence first.
--
-- Two things make a comparison less than exact, and they are kept apart:
--   slack      rounding as printed: 7.2% stands for 7.15 to 7.25, 1.42万 for 14150 to 14250
--   low, high  what the words leave open: 530余万 lies between 5300000 and 5400000
-- Slack is tolerated (the macro is in analysis.sql). A comparison that holds for a part only of what the words leave open is UNCERTAIN.

-- name: plain
-- 14200.000000 -> 14200, 7.200000 -> 7.2
CREATE OR REPLACE TEMP MACRO plain(number) AS rtrim(rtrim(number::DECIMAL(24, 6)::VARCHAR, '0'), '.');

-- name: shown
CREATE OR REPLACE TEMP MACRO shown(low, number, high) AS
    CASE WHEN low = high THEN plain(number) ELSE plain(low) || '–' || plain(high) END;

-- name: judged
-- Where the other side lies between `low` and `high`, is that within what the left figure allows?
CREATE OR REPLACE TEMP MACRO judged(left_low, left_high, low, high, tolerance) AS
    CASE
        WHEN low IS NULL OR high IS NULL OR left_low IS NULL THEN 'NOT_ASSESSABLE'
        WHEN low > left_high + tolerance + 1e-6 OR high < left_low - tolerance - 1e-6 THEN 'FAIL'
        WHEN low >= left_low - tolerance - 1e-6 AND high <= left_high + tolerance + 1e-6 THEN 'PASS'
        ELSE 'UNCERTAIN'
    END;

-- name: sign
CREATE OR REPLACE TEMP MACRO sign_of(verdict) AS CASE verdict WHEN 'PASS' THEN '=' WHEN 'FAIL' THEN '≠' ELSE '≈' END;

-- name: identities
WITH figure AS (
    SELECT
        f.observation_id AS id,
        i.indicator_code AS code,
        i.indicator_zh AS zh,
        i.indicator_en AS en,
        CASE WHEN i.unit = '%' THEN '%' ELSE '' END AS mark,
        i.region_additive,
        f.report_key,
        f.region_key,
        f.year_key,
        f.scope,
        f.since_year,
        f.start_offset,
        f.sentence_offset,
        f.status,
        f.raw_text,
        f.sentence,
        f.value AS exact_value,
        f.value::DOUBLE AS value,
        f.value_low::DOUBLE AS low,
        f.value_high::DOUBLE AS high,
        slack(f.raw_text, i.kind, f.value_low, f.value_high) AS slack,
        shown(f.value_low, f.value, f.value_high) AS shown
    FROM fact_observation AS f
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    WHERE f.role = 'actual' AND f.status IN ('current', 'corrected')
),

-- A figure that a relation speaks of, with the figure nearest to it for each term on the other side.
left_figure AS (
    SELECT t.relation_id, t.kind, l.*
    FROM figure AS l
    JOIN relation_term AS t ON t.side = 'left' AND t.indicator_code = l.code
),
term AS (
    SELECT
        l.relation_id,
        l.id AS left_id,
        t.side,
        t.position,
        t.indicator_code AS code,
        d.indicator_zh AS zh,
        d.indicator_en AS en,
        c.id,
        c.value,
        c.low,
        c.high,
        c.slack,
        c.shown
    FROM left_figure AS l
    JOIN relation_term AS t ON t.relation_id = l.relation_id AND t.side <> 'left'
    LEFT JOIN dim_indicator AS d ON d.indicator_code = t.indicator_code
    LEFT JOIN figure AS c
        ON c.code = t.indicator_code
        AND c.report_key = l.report_key
        AND c.region_key = l.region_key
        AND c.scope = l.scope
        AND c.since_year IS NOT DISTINCT FROM l.since_year
    QUALIFY row_number() OVER (
        PARTITION BY l.relation_id, l.id, t.side, t.position
        ORDER BY c.sentence_offset = l.sentence_offset DESC, abs(c.start_offset - l.start_offset), c.id
    ) = 1
),

-- rate = 100 · part / whole; of several wholes the one that fits, else the first
rate_computed AS (
    SELECT
        l.*,
        w.position,
        p.code AS part_indicator,
        p.value AS part_value,
        w.code AS whole_indicator,
        w.value AS whole_value,
        p.zh AS part_zh,
        p.en AS part_en,
        p.id AS part_id,
        p.shown AS part_shown,
        w.code AS whole_code,
        w.zh AS whole_zh,
        w.en AS whole_en,
        w.id AS whole_id,
        w.shown AS whole_shown,
        CASE WHEN w.value > 0 THEN 100 * p.value / w.value END AS right_value,
        CASE WHEN w.high > 0 THEN 100 * p.low / w.high END AS right_low,
        CASE WHEN w.low > 0 THEN 100 * p.high / w.low WHEN w.high > 0 THEN 1e12 END AS right_high,
        l.slack + coalesce(
            CASE WHEN w.value > w.slack THEN 100 * (p.value + p.slack) / (w.value - w.slack) - 100 * p.value / w.value END,
            0
        ) AS tolerance
    FROM left_figure AS l
    JOIN term AS p ON p.relation_id = l.relation_id AND p.left_id = l.id AND p.side = 'part' AND p.position = 0
    JOIN term AS w ON w.relation_id = l.relation_id AND w.left_id = l.id AND w.side = 'whole'
    WHERE l.kind = 'rate'
),
rate_judged AS (
    SELECT *, judged(low, high, right_low, right_high, tolerance) AS verdict
    FROM rate_computed
    QUALIFY row_number() OVER (
        PARTITION BY relation_id, id
        ORDER BY CASE verdict WHEN 'PASS' THEN 0 WHEN 'UNCERTAIN' THEN 1 ELSE 2 END, position
    ) = 1
),
rate AS (
    SELECT
        * EXCLUDE (right_value),
        round(right_value, 6) AS right_value,
        CASE WHEN verdict IN ('PASS', 'UNCERTAIN') THEN whole_code END AS fits,
        list_filter([id, part_id, whole_id], lambda x: x IS NOT NULL) AS observation_ids,
        CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN ': not assessable without '
                || array_to_string(list_filter([
                    CASE WHEN part_id IS NULL THEN part_en END,
                    CASE WHEN whole_id IS NULL THEN whole_en END,
                    CASE WHEN part_id IS NOT NULL AND whole_id IS NOT NULL THEN whole_en || ' above 0' END
                ], lambda x: x IS NOT NULL), ' and ')
            ELSE ' ' || sign_of(verdict) || ' ' || part_shown || ' / ' || whole_shown
                || ' (' || plain(round(right_value, 2)) || '%)'
        END AS said_en,
        CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN ':无法核对,缺少'
                || array_to_string(list_filter([
                    CASE WHEN part_id IS NULL THEN part_zh END,
                    CASE WHEN whole_id IS NULL THEN whole_zh END,
                    CASE WHEN part_id IS NOT NULL AND whole_id IS NOT NULL THEN '大于0的' || whole_zh END
                ], lambda x: x IS NOT NULL), '、')
            ELSE said_en
        END AS said_zh
    FROM rate_judged
),

-- the left figure is part of the whole
part_computed AS (
    SELECT
        l.*,
        w.code AS whole_code,
        w.zh AS whole_zh,
        w.en AS whole_en,
        w.id AS whole_id,
        w.shown AS whole_shown,
        round(w.value, 6) AS right_value,
        l.slack + coalesce(w.slack, 0) AS tolerance,
        -- all between nothing and the whole is right
        judged(0, w.low, l.low, l.high, l.slack + coalesce(w.slack, 0)) AS sure,
        judged(0, w.high, l.low, l.high, l.slack + coalesce(w.slack, 0)) AS possible
    FROM left_figure AS l
    JOIN term AS w ON w.relation_id = l.relation_id AND w.left_id = l.id AND w.side = 'whole' AND w.position = 0
    WHERE l.kind = 'part_of'
),
part AS (
    SELECT
        *,
        CASE
            WHEN whole_id IS NULL THEN 'NOT_ASSESSABLE'
            WHEN sure = 'PASS' THEN 'PASS'
            WHEN possible = 'FAIL' THEN 'FAIL'
            ELSE 'UNCERTAIN'
        END AS verdict,
        NULL AS fits,
        list_filter([id, whole_id], lambda x: x IS NOT NULL) AS observation_ids,
        CASE verdict
            WHEN 'NOT_ASSESSABLE' THEN ': not assessable without ' || whole_en
            WHEN 'PASS' THEN ' ≤ ' || whole_en || ' ' || whole_shown
            WHEN 'FAIL' THEN ' is more than its whole, ' || whole_en || ' ' || whole_shown
            ELSE ' may be more than its whole, ' || whole_en || ' ' || whole_shown
        END AS said_en,
        CASE verdict
            WHEN 'NOT_ASSESSABLE' THEN ':无法核对,缺少' || whole_zh
            WHEN 'PASS' THEN ' ≤ ' || whole_zh || ' ' || whole_shown
            WHEN 'FAIL' THEN ' 超过总数:' || whole_zh || ' ' || whole_shown
            ELSE ' 可能超过总数:' || whole_zh || ' ' || whole_shown
        END AS said_zh
    FROM part_computed
),

-- the left figure is the sum of the parts, all of which must be there
added AS (
    SELECT
        relation_id,
        left_id,
        count(*) FILTER (id IS NULL) AS missing,
        sum(value::DECIMAL(24, 6))::DOUBLE AS right_value,
        sum(low::DECIMAL(24, 6))::DOUBLE AS right_low,
        sum(high::DECIMAL(24, 6))::DOUBLE AS right_high,
        sum(slack::DECIMAL(24, 6))::DOUBLE AS right_slack,
        string_agg(shown, ' + ' ORDER BY position) AS terms_shown,
        string_agg(zh, '、' ORDER BY position) FILTER (id IS NULL) AS missing_zh,
        string_agg(en, ' and ' ORDER BY position) FILTER (id IS NULL) AS missing_en,
        list(id ORDER BY position) FILTER (id IS NOT NULL) AS ids
    FROM term
    WHERE side = 'part'
    GROUP BY relation_id, left_id
),
total AS (
    SELECT
        l.*,
        CASE WHEN a.missing = 0 THEN a.right_value END AS right_value,
        l.slack + coalesce(a.right_slack, 0) AS tolerance,
        CASE
            WHEN a.missing > 0 THEN 'NOT_ASSESSABLE'
            ELSE judged(l.low, l.high, a.right_low, a.right_high, l.slack + a.right_slack)
        END AS verdict,
        NULL AS fits,
        list_prepend(l.id, coalesce(a.ids, [])) AS observation_ids,
        CASE
            WHEN a.missing > 0 THEN ': not assessable without ' || a.missing_en
            ELSE ' ' || sign_of(verdict) || ' ' || a.terms_shown || ' (' || plain(a.right_value) || ')'
        END AS said_en,
        CASE WHEN a.missing > 0 THEN ':无法核对,缺少' || a.missing_zh ELSE said_en END AS said_zh
    FROM left_figure AS l
    JOIN added AS a ON a.relation_id = l.relation_id AND a.left_id = l.id
    WHERE l.kind = 'sum_of'
),

-- A region against its children (a city against its counties): of several figures the one that
-- alarms least is taken, the largest of the city and the smallest of each county.
child AS (
    SELECT c.region_key, p.region_key AS parent_key, c.valid_from, c.valid_to
    FROM dim_region AS c
    JOIN dim_region AS p ON p.region_code = c.parent_code
),
additive AS (
    SELECT * FROM figure WHERE region_additive AND scope = 'region'
),
parent_figure AS (
    SELECT *
    FROM additive
    WHERE region_key IN (SELECT parent_key FROM child)
    QUALIFY row_number() OVER (PARTITION BY region_key, year_key, code, since_year ORDER BY high DESC, id) = 1
),
child_figure AS (
    SELECT a.*, c.parent_key
    FROM additive AS a
    JOIN child AS c ON c.region_key = a.region_key
    QUALIFY row_number() OVER (PARTITION BY a.region_key, a.year_key, a.code, a.since_year ORDER BY a.low, a.id) = 1
),
children AS (
    SELECT c.parent_key, y.year_key, count(*) AS regions
    FROM child AS c
    JOIN dim_year AS y ON y.year_key BETWEEN coalesce(c.valid_from, 0) AND coalesce(c.valid_to, 9999)
    GROUP BY ALL
),
children_sum AS (
    SELECT
        parent_key,
        year_key,
        code,
        since_year,
        count(*) AS reporting,
        sum(exact_value)::DOUBLE AS right_value,
        sum(low::DECIMAL(24, 6))::DOUBLE AS right_low,
        sum(high::DECIMAL(24, 6))::DOUBLE AS right_high,
        sum(slack::DECIMAL(24, 6))::DOUBLE AS right_slack,
        list(id ORDER BY region_key) AS ids
    FROM child_figure
    GROUP BY ALL
),
region_compared AS (
    SELECT
        'region_sum' AS relation_id,
        'region_sum' AS kind,
        p.*,
        s.right_value,
        s.right_low,
        s.right_high,
        p.slack + s.right_slack AS tolerance,
        s.reporting,
        greatest(n.regions, s.reporting) AS regions,
        list_prepend(p.id, s.ids) AS observation_ids,
        judged(p.low, p.high, s.right_low, s.right_high, p.slack + s.right_slack) AS agreement
    FROM parent_figure AS p
    JOIN children_sum AS s
        ON s.parent_key = p.region_key
        AND s.year_key = p.year_key
        AND s.code = p.code
        AND s.since_year IS NOT DISTINCT FROM p.since_year
    JOIN children AS n ON n.parent_key = p.region_key AND n.year_key = p.year_key
),
region_sum AS (
    SELECT
        *,
        CASE
            WHEN right_low > high + tolerance THEN 'FAIL'
            WHEN reporting = regions AND agreement = 'PASS' THEN 'PASS'
            ELSE 'UNCERTAIN'
        END AS verdict,
        NULL AS fits,
        CASE verdict
            WHEN 'FAIL' THEN ' is less than its parts of the region together: '
            WHEN 'PASS' THEN ' = its parts of the region together: '
            ELSE ' against its parts of the region together: '
        END || shown_sum || format(' ({} of {} reporting)', reporting, regions) AS said_en,
        CASE verdict WHEN 'FAIL' THEN ' < 下辖地区合计 ' WHEN 'PASS' THEN ' = 下辖地区合计 ' ELSE ' ; 下辖地区合计 ' END
            || shown_sum || format('({}个中{}个已报告)', regions, reporting) AS said_zh
    FROM (SELECT *, shown(right_low, right_value, right_high) AS shown_sum FROM region_compared)
),

-- The same figure twice: kept as a duplicate, beside the one that counts.
every_figure AS (
    SELECT * FROM fact_observation
    UNION ALL
    SELECT * FROM unmapped_observation
),
same_figure AS (
    SELECT
        'same_figure' AS relation_id,
        'same_figure' AS kind,
        d.observation_id AS id,
        i.indicator_code AS code,
        coalesce(i.indicator_zh, d.phrase, '') AS zh,
        coalesce(i.indicator_en, d.phrase, '') AS en,
        '' AS mark,
        d.report_key,
        d.region_key,
        d.year_key,
        d.scope,
        d.status,
        d.raw_text,
        d.sentence,
        d.value::DOUBLE AS value,
        o.value::DOUBLE AS right_value,
        0.0 AS tolerance,
        'FAIL' AS verdict,
        NULL AS fits,
        list_filter([d.observation_id, o.observation_id], lambda x: x IS NOT NULL) AS observation_ids,
        shown(d.value_low, d.value, d.value_high) AS shown,
        ' (' || d.raw_text || ') stands more than once' AS said_en,
        '(' || d.raw_text || ')重复出现' AS said_zh
    FROM every_figure AS d
    LEFT JOIN dim_indicator AS i ON i.indicator_key = d.indicator_key
    LEFT JOIN every_figure AS o
        ON o.year_key = d.year_key
        AND o.region_key = d.region_key
        AND o.indicator_key IS NOT DISTINCT FROM d.indicator_key
        AND o.value = d.value
        AND o.observation_id <> d.observation_id
        AND o.status IN ('current', 'corrected')
    WHERE d.status = 'duplicate'
    QUALIFY row_number() OVER (
        PARTITION BY d.observation_id
        ORDER BY o.report_key = d.report_key DESC, abs(o.start_offset - d.start_offset), o.observation_id
    ) = 1
),

identity AS (
    SELECT * FROM rate
    UNION ALL BY NAME
    SELECT * FROM part
    UNION ALL BY NAME
    SELECT * FROM total
    UNION ALL BY NAME
    SELECT * FROM region_sum
    UNION ALL BY NAME
    SELECT * FROM same_figure
)
SELECT
    c.relation_id || ':' || c.id AS identity_id,
    c.relation_id,
    c.kind,
    g.region_code,
    c.year_key AS year,
    c.scope,
    r.report_hash,
    c.code AS indicator_code,
    round(c.value, 6)::DECIMAL(24, 6) AS left_value,
    CASE WHEN c.verdict <> 'NOT_ASSESSABLE' THEN round(c.right_value, 6)::DECIMAL(24, 6) END AS right_value,
    CASE WHEN c.verdict <> 'NOT_ASSESSABLE' THEN round(c.value - c.right_value, 6)::DECIMAL(24, 6) END AS difference,
    round(c.tolerance, 6)::DECIMAL(24, 6) AS tolerance,
    c.verdict,
    c.fits,
    c.part_indicator,
    c.part_value::DECIMAL(24, 6) AS part_value,
    c.whole_indicator,
    c.whole_value::DECIMAL(24, 6) AS whole_value,
    c.observation_ids::VARCHAR[] AS observation_ids,
    c.status,
    c.raw_text,
    c.sentence,
    c.en || ' ' || c.shown || c.mark || c.said_en AS message_en,
    c.zh || ' ' || c.shown || c.mark || c.said_zh AS message_zh
FROM identity AS c
LEFT JOIN dim_region AS g ON g.region_key = c.region_key
LEFT JOIN dim_report AS r ON r.report_key = c.report_key
ORDER BY c.kind, g.region_code, c.year_key, identity_id
