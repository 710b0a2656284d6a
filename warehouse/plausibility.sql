-- Figures that are far from the usual, one row a figure; the columns are those of the table plausibility_check.
--
-- A series is three to ten points long, too short for a model. The usual is a median, and three questions keep what is
-- merely unusual apart from what is wrong:
--   beyond   is the figure more than `bound` times the usual, or less than one over it?
--   alone    is there no other figure near it? (100, 110, 1050, 1100 is a reform, not a misprint)
--   agreed   are more than half of the others near the usual? (100, 1000, 10000 has no usual)
-- and a fourth asks whether the regions beside it moved in the same way that year.
--
-- The median is of the others, without the figure itself. Of two in the middle the one nearer to the figure is taken, so
-- that in 100, 110, 1050 the two good years stay good. A series of fewer than three years is compared with the regions
-- of the same level under the same parent; where there are fewer than four of them, the figure has no row: there is
-- nothing that it could be compared with, and in most warehouses this would be most of the table.
-- Likewise only a figure that fails has words; those of all others stand in fact_observation.

-- name: allowed
-- Of what the words allow, what is nearest to another figure: 530余万 lies between 5300000 and 5400000, 300以上 at or above 300
CREATE OR REPLACE TEMP MACRO allowed(low, high, other) AS greatest(low, least(high, other));

-- name: apart
-- How many times the larger is the smaller. Neither may be NULL: least and greatest pass over it.
CREATE OR REPLACE TEMP MACRO apart(one, other, small) AS
    CASE
        WHEN one = other THEN 1.0
        WHEN least(one, other) + small <= 0 THEN 1e300
        ELSE (greatest(one, other) + small) / (least(one, other) + small)
    END;

-- name: times_zh
CREATE OR REPLACE TEMP MACRO times_zh(ratio) AS
    CASE
        WHEN ratio >= 1 THEN format(',约为{}倍', plain_number(round(ratio, CASE WHEN ratio < 10 THEN 1 ELSE 0 END)))
        WHEN ratio > 0 THEN format(',约为1/{}', plain_number(round(1 / ratio, CASE WHEN ratio > 0.1 THEN 1 ELSE 0 END)))
        ELSE ''
    END;

-- name: times_en
CREATE OR REPLACE TEMP MACRO times_en(ratio) AS
    CASE
        WHEN ratio >= 1 THEN format(', about {} times', plain_number(round(ratio, CASE WHEN ratio < 10 THEN 1 ELSE 0 END)))
        WHEN ratio > 0 THEN format(', about 1/{}', plain_number(round(1 / ratio, CASE WHEN ratio > 0.1 THEN 1 ELSE 0 END)))
        ELSE ''
    END;

-- name: plausibility
-- place_code is the same for all codes that a place has had, and in a year one of them is in force.
WITH figure AS MATERIALIZED (
    SELECT
        l.observation_id AS id,
        l.place_code,
        l.region_code,
        l.level,
        coalesce(l.parent_code, '') AS parent_code,
        l.year,
        l.indicator_code,
        l.value::DOUBLE AS value,
        coalesce(l.value_low, l.value)::DOUBLE AS low,
        highest(l.value_high, NULL) AS high,
        b.small::DOUBLE AS small,
        b.factor::DOUBLE AS alike,
        b.peer_factor::DOUBLE AS peers_alike
    FROM latest AS l
    JOIN dim_region AS g ON g.region_code = l.region_code
    JOIN plausibility_bound AS b ON b.indicator_code = l.indicator_code
    WHERE l.scope = 'region'
      AND l.value >= 0
      AND l.year BETWEEN coalesce(g.valid_from, 0) AND coalesce(g.valid_to, 9999)
),
series AS MATERIALIZED (
    SELECT place_code, indicator_code, list_sort(list(value)) AS vals FROM figure GROUP BY place_code, indicator_code
),
short AS MATERIALIZED (
    SELECT f.* FROM figure AS f JOIN series AS s USING (place_code, indicator_code) WHERE len(s.vals) < 3
),
peers AS (
    SELECT level, parent_code, year, indicator_code, list_sort(list(value)) AS vals
    FROM figure
    SEMI JOIN short USING (level, parent_code, year, indicator_code)
    GROUP BY level, parent_code, year, indicator_code
    HAVING count(*) >= 5
),

-- each figure with all values that it stands among, in order, and its place in them
placed AS (
    SELECT 'jump' AS kind, f.*, f.alike AS bound, s.vals, list_position(s.vals, f.value) AS place
    FROM figure AS f
    JOIN series AS s USING (place_code, indicator_code)
    WHERE len(s.vals) >= 3
    UNION ALL
    SELECT 'peers' AS kind, f.*, f.peers_alike AS bound, p.vals, list_position(p.vals, f.value) AS place
    FROM short AS f
    JOIN peers AS p USING (level, parent_code, year, indicator_code)
),
-- without the figure itself: the one or two in the middle, and its neighbours
middle AS (
    SELECT
        *,
        len(vals) - 1 AS points,
        vals[len(vals) // 2 + (place <= len(vals) // 2)::INTEGER] AS lower,
        vals[(len(vals) + 1) // 2 + (place <= (len(vals) + 1) // 2)::INTEGER] AS upper,
        vals[nullif(place - 1, 0)] AS next_below,
        vals[place + 1] AS next_above
    FROM placed
),
with_usual AS (
    SELECT
        *,
        CASE
            WHEN apart(allowed(low, high, lower), lower, small) <= apart(allowed(low, high, upper), upper, small) THEN lower
            ELSE upper
        END AS usual,
        allowed(low, high, usual) AS taken
    FROM middle
),
measured AS MATERIALIZED (
    SELECT
        * EXCLUDE (vals, lower, upper),
        CASE
            WHEN taken = usual THEN 1.0
            WHEN least(taken, usual) + small > 0 THEN (taken + small) / (usual + small)
        END AS factor,
        apart(taken, usual, small) > bound AS beyond,
        CASE WHEN beyond THEN vals END AS vals
    FROM with_usual
),

-- the few that are beyond their bound
moved AS (
    SELECT c.id, median(p.factor) AS peer_factor
    FROM measured AS c
    JOIN measured AS p
        ON p.kind = 'jump'
        AND p.level = c.level
        AND p.parent_code = c.parent_code
        AND p.year = c.year
        AND p.indicator_code = c.indicator_code
        AND p.place_code <> c.place_code
    WHERE c.kind = 'jump' AND c.beyond
    GROUP BY c.id
    HAVING count(p.factor) >= 3
),
looked_at AS (
    SELECT
        c.* EXCLUDE (vals, next_below, next_above),
        m.peer_factor,
        (next_below IS NULL OR apart(allowed(low, high, next_below), next_below, small) > alike)
            AND (next_above IS NULL OR apart(allowed(low, high, next_above), next_above, small) > alike) AS alone,
        list_filter(vals, lambda other: apart(other, usual, small) <= alike) AS fellows,
        2 * len(fellows) > points AS agreed,
        coalesce(CASE WHEN factor > 1 THEN factor / peer_factor <= bound ELSE factor / peer_factor >= 1 / bound END, false)
            AS with_the_others,
        CASE
            WHEN taken * 1e4 BETWEEN least(usual / 2, list_min(fellows)) AND greatest(usual * 2, list_max(fellows))
                OR taken / 1e4 BETWEEN least(usual / 2, list_min(fellows)) AND greatest(usual * 2, list_max(fellows))
                THEN 'lost_wan'
            WHEN kind = 'jump' AND (taken BETWEEN 8 * usual AND 12.5 * usual OR usual BETWEEN 8 * taken AND 12.5 * taken)
                THEN 'lost_digit'
        END AS could_be
    FROM measured AS c
    LEFT JOIN moved AS m ON m.id = c.id
    WHERE c.beyond
),
judged AS MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN factor IS NULL THEN 'NOT_ASSESSABLE'
            WHEN NOT alone OR with_the_others THEN 'PASS'
            WHEN NOT agreed THEN 'NOT_ASSESSABLE'
            ELSE 'FAIL'
        END AS verdict,
        CASE WHEN verdict = 'FAIL' AND least(taken, usual) > 0 THEN could_be END AS likely,
        CASE WHEN verdict = 'FAIL' THEN coalesce(likely, kind) END AS fault
    FROM looked_at
),

-- those that fail, in words
fault AS (
    SELECT *, CASE WHEN usual > 0 THEN taken / usual END AS ratio FROM judged WHERE verdict = 'FAIL'
),
compared_with AS (
    SELECT c.id, list(o.id ORDER BY o.year, o.region_code, o.id) AS ids, min(o.year) AS first_year, max(o.year) AS last_year
    FROM fault AS c
    JOIN figure AS o ON o.place_code = c.place_code AND o.indicator_code = c.indicator_code AND o.id <> c.id
    WHERE c.kind = 'jump'
    GROUP BY c.id
    UNION ALL
    SELECT c.id, list(o.id ORDER BY o.year, o.region_code, o.id) AS ids, min(o.year) AS first_year, max(o.year) AS last_year
    FROM fault AS c
    JOIN figure AS o
        ON o.level = c.level
        AND o.parent_code = c.parent_code
        AND o.year = c.year
        AND o.indicator_code = c.indicator_code
        AND o.id <> c.id
    WHERE c.kind = 'peers'
    GROUP BY c.id
),
worded AS (
    SELECT
        c.*,
        list_prepend(c.id, w.ids) AS ids,
        o.raw_text,
        o.sentence,
        r.report_hash,
        CASE WHEN i.unit = '%' THEN '%' ELSE '' END AS mark_en,
        CASE WHEN i.unit = '%' THEN '%' ELSE ' ' || i.unit END AS mark_zh,
        CASE
            WHEN c.low = c.high THEN plain_number(c.value)
            WHEN isinf(c.high) THEN '≥' || plain_number(c.low)
            ELSE plain_number(c.low) || '–' || plain_number(c.high)
        END AS shown,
        CASE
            WHEN c.kind = 'peers' THEN format('median of the {} regions beside it', c.points)
            ELSE format('median of its other years ({}–{})', w.first_year, w.last_year)
        END AS usual_en,
        CASE
            WHEN c.kind = 'peers' THEN format('同级{}个地区中位数', c.points)
            ELSE format('其他年度({}–{})中位数', w.first_year, w.last_year)
        END AS usual_zh,
        CASE
            WHEN c.likely = 'lost_wan' AND ratio < 1 THEN 'may have lost its 万'
            WHEN c.likely = 'lost_wan' THEN 'may have a 万 too many'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' AND ratio > 1 THEN 'may have lost its decimal point'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' THEN 'may have its decimal point in the wrong place'
            WHEN c.likely = 'lost_digit' AND ratio < 1 THEN 'may have lost a digit'
            WHEN c.likely = 'lost_digit' THEN 'may have a digit too many'
            ELSE 'look at the sentence'
        END AS likely_en,
        CASE
            WHEN c.likely = 'lost_wan' AND ratio < 1 THEN '可能漏写"万"'
            WHEN c.likely = 'lost_wan' THEN '可能多写"万"'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' AND ratio > 1 THEN '可能漏写小数点'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' THEN '可能点错小数点'
            WHEN c.likely = 'lost_digit' AND ratio < 1 THEN '可能漏写一位数'
            WHEN c.likely = 'lost_digit' THEN '可能多写一位数'
            ELSE '请核对原句'
        END AS likely_zh,
        format('{} {}: {}{}, {} {}{}', i.indicator_en, c.year, shown, mark_en, usual_en, plain_number(c.usual), mark_en)
            || times_en(ratio)
            || CASE
                WHEN c.peer_factor IS NULL THEN ''
                ELSE format(' (the regions beside it: {} times)', plain_number(round(c.peer_factor, 1)))
            END || ': ' || likely_en AS message_en,
        format('{} {}年 {}{},{} {}{}', i.indicator_zh, c.year, shown, mark_zh, usual_zh, plain_number(c.usual), mark_zh)
            || times_zh(ratio)
            || CASE
                WHEN c.peer_factor IS NULL THEN ''
                ELSE format('(同级地区为{}倍)', plain_number(round(c.peer_factor, 1)))
            END || ':' || likely_zh AS message_zh
    FROM fault AS c
    JOIN compared_with AS w ON w.id = c.id
    JOIN fact_observation AS o ON o.observation_id = c.id
    JOIN dim_indicator AS i ON i.indicator_key = o.indicator_key
    LEFT JOIN dim_report AS r ON r.report_key = o.report_key
),
checked AS (
    SELECT kind, id, region_code, year, indicator_code, value, usual, factor, bound, points, 'PASS' AS verdict
    FROM measured
    WHERE NOT beyond
    UNION ALL BY NAME
    SELECT kind, id, region_code, year, indicator_code, value, usual, factor, bound, peer_factor, points, verdict
    FROM judged
    WHERE verdict <> 'FAIL'
    UNION ALL BY NAME
    SELECT
        kind, id, region_code, year, indicator_code, value, usual, factor, bound, peer_factor, points, verdict,
        likely, fault, ids, raw_text, sentence, message_en, message_zh, report_hash
    FROM worded
)
SELECT
    kind || ':' || id AS check_id,
    kind,
    region_code,
    year,
    indicator_code,
    'region' AS scope,
    value::DECIMAL(24, 6) AS value,
    usual::DECIMAL(24, 6) AS usual,
    round(factor, 6) AS factor,
    bound::DECIMAL(24, 6) AS bound,
    round(peer_factor, 6) AS peer_factor,
    points::INTEGER AS points,
    likely,
    verdict,
    fault,
    coalesce(ids, [id])::VARCHAR[] AS observation_ids,
    raw_text,
    sentence,
    message_en,
    message_zh,
    report_hash
FROM checked
ORDER BY kind, region_code, year, check_id
