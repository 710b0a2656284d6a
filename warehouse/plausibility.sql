-- Figures that are far from the usual, one row a figure; the columns are those of the table plausibility_check.
--
-- A series is three to ten points long, too short for a model. The usual is a median, and three questions keep what is
-- merely unusual apart from what is wrong:
--   beyond   is the figure more than `bound` times the usual, or less than one over it?
--   alone    is there no other figure near it? (100, 110, 1050, 1100 is a reform, not a misprint)
--   agreed   are more than half of the others near the usual? (100, 1000, 10000 has no usual)
-- and a fourth asks whether the regions beside it moved in the same way that year: enough to explain at least half of the
-- way, reckoned in times. Neighbours that moved by a twentieth explain no fall to one twentieth.
--
-- What may have been misread is looked for in the report itself: another figure of the same unit near the usual, without an
-- indicator or in conflict, is likely to be the whole of which this one is a part. Else the figure may be that of another
-- indicator, which it agrees with and which the year lacks. Last year's figure as this report tells it is a point of the
-- series where last year has none.
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
WITH latest_figure AS MATERIALIZED (
    SELECT
        true AS asked,
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
told_of_the_year_before AS (
    SELECT
        false AS asked,
        f.observation_id AS id,
        g.place_code,
        g.region_code,
        g.level,
        coalesce(g.parent_code, '') AS parent_code,
        f.figure_year AS year,
        i.indicator_code,
        f.value::DOUBLE AS value,
        f.value_low::DOUBLE AS low,
        highest(f.value_high, NULL) AS high,
        b.small::DOUBLE AS small,
        b.factor::DOUBLE AS alike,
        b.peer_factor::DOUBLE AS peers_alike
    FROM fact_observation AS f
    JOIN dim_region AS g ON g.region_key = f.region_key
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    JOIN plausibility_bound AS b ON b.indicator_code = i.indicator_code
    WHERE f.role = 'prior'
      AND f.status IN ('current', 'corrected')
      AND f.scope = 'region'
      AND f.period = 'year'
      AND f.since_year IS NULL
      AND f.figure_year = f.year_key - 1
      AND f.value >= 0
    QUALIFY row_number() OVER (
        PARTITION BY g.place_code, i.indicator_code, f.figure_year ORDER BY f.start_offset, f.observation_id
    ) = 1
),
figure AS MATERIALIZED (
    FROM latest_figure
    UNION ALL
    FROM told_of_the_year_before AS t ANTI JOIN latest_figure AS l USING (place_code, indicator_code, year)
),
series AS MATERIALIZED (
    SELECT place_code, indicator_code, list_sort(list(value)) AS vals FROM figure GROUP BY place_code, indicator_code
),
short AS MATERIALIZED (
    SELECT f.* FROM figure AS f JOIN series AS s USING (place_code, indicator_code) WHERE f.asked AND len(s.vals) < 3
),
peers AS (
    SELECT level, parent_code, year, indicator_code, list_sort(list(value)) AS vals
    FROM figure
    SEMI JOIN short USING (level, parent_code, year, indicator_code)
    WHERE asked
    GROUP BY level, parent_code, year, indicator_code
    HAVING count(*) >= 5
),

-- each figure with all values that it stands among, in order, and its place in them
placed AS (
    SELECT 'jump' AS kind, f.*, f.alike AS bound, s.vals, list_position(s.vals, f.value) AS place
    FROM figure AS f
    JOIN series AS s USING (place_code, indicator_code)
    WHERE f.asked AND len(s.vals) >= 3
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
every_figure AS (
    SELECT * FROM fact_observation
    UNION ALL
    SELECT * FROM unmapped_observation
),
-- 普法活动599场次 in the report whose 29场 stands for its events
near_usual AS (
    SELECT
        c.id,
        e.observation_id AS beside,
        e.raw_text AS beside_text,
        trim(substr(e.sentence, greatest(e.start_offset - e.sentence_offset - 20, 0)::INTEGER + 1, 40)) AS beside_words
    FROM measured AS c
    JOIN fact_observation AS f ON f.observation_id = c.id
    JOIN every_figure AS e
        ON e.report_key = f.report_key
        AND e.region_key = f.region_key
        AND e.unit_key = f.unit_key
        AND e.observation_id <> f.observation_id
    WHERE c.beyond
      AND c.usual > 0
      AND e.role = 'actual'
      AND e.period = 'year'
      AND e.status IN ('current', 'conflict')
      AND (e.indicator_key IS NULL OR e.indicator_key = f.indicator_key)
      AND apart(e.value::DOUBLE, c.usual, c.small) <= 1.5
    QUALIFY row_number() OVER (
        PARTITION BY c.id ORDER BY apart(e.value::DOUBLE, c.usual, c.small), e.start_offset, e.observation_id
    ) = 1
),
-- Of the same field of work, or in a unit that few things are counted in, since many things are counted in 件 and 人.
of_another_indicator AS (
    SELECT c.id, j.indicator_zh AS another_zh, j.indicator_en AS another_en, median(o.value) AS another_usual
    FROM measured AS c
    JOIN dim_indicator AS i ON i.indicator_code = c.indicator_code
    JOIN dim_indicator AS j
        ON j.unit = i.unit
        AND j.indicator_code <> i.indicator_code
        AND (j.domain = i.domain OR j.unit NOT IN ('件', '人', '个', '次', '项', '家', '%'))
    JOIN figure AS o ON o.place_code = c.place_code AND o.indicator_code = j.indicator_code
    WHERE c.beyond AND c.kind = 'jump' AND c.taken >= 10
    GROUP BY c.id, c.year, c.taken, c.small, j.indicator_code, j.indicator_zh, j.indicator_en
    HAVING count(*) >= 2 AND NOT bool_or(o.year = c.year) AND apart(median(o.value), c.taken, 0) <= 1.25
    QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY apart(median(o.value), c.taken, 0), j.indicator_code) = 1
),
looked_at AS (
    SELECT
        c.* EXCLUDE (vals, next_below, next_above),
        m.peer_factor,
        n.beside,
        n.beside_text,
        n.beside_words,
        a.another_zh,
        a.another_en,
        a.another_usual,
        (next_below IS NULL OR apart(allowed(low, high, next_below), next_below, small) > alike)
            AND (next_above IS NULL OR apart(allowed(low, high, next_above), next_above, small) > alike) AS alone,
        list_filter(vals, lambda other: apart(other, usual, small) <= alike) AS fellows,
        2 * len(fellows) > points AS agreed,
        coalesce(
            CASE
                WHEN factor > 1 THEN factor / peer_factor <= bound AND peer_factor * peer_factor >= factor
                ELSE factor / peer_factor >= 1 / bound AND peer_factor * peer_factor <= factor
            END,
            false
        ) AS with_the_others,
        CASE
            WHEN least(taken, usual) <= 0 THEN NULL
            WHEN taken * 1e4 BETWEEN least(usual / 2, list_min(fellows)) AND greatest(usual * 2, list_max(fellows))
                OR taken / 1e4 BETWEEN least(usual / 2, list_min(fellows)) AND greatest(usual * 2, list_max(fellows))
                THEN 'lost_wan'
            WHEN n.beside IS NOT NULL THEN CASE WHEN taken < usual THEN 'part_for_whole' ELSE 'other_figure' END
            WHEN kind = 'jump' AND (taken BETWEEN 8 * usual AND 12.5 * usual OR usual BETWEEN 8 * taken AND 12.5 * taken)
                THEN 'lost_digit'
            WHEN a.another_zh IS NOT NULL THEN 'other_indicator'
        END AS could_be
    FROM measured AS c
    LEFT JOIN moved AS m ON m.id = c.id
    LEFT JOIN near_usual AS n ON n.id = c.id
    LEFT JOIN of_another_indicator AS a ON a.id = c.id
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
        CASE WHEN verdict = 'FAIL' THEN could_be END AS likely,
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
        list_prepend(c.id, CASE WHEN c.beside IS NULL THEN w.ids ELSE list_prepend(c.beside, w.ids) END) AS ids,
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
            WHEN c.likely = 'part_for_whole' THEN format('may be a part taken for the whole; the report also has {} 「{}」', c.beside_text, c.beside_words)
            WHEN c.likely = 'other_figure' THEN format('may be of something else; the report also has {} 「{}」', c.beside_text, c.beside_words)
            WHEN c.likely = 'other_indicator' THEN format('may be {}, {} in its other years', c.another_en, plain_number(c.another_usual))
            ELSE 'look at the sentence'
        END AS likely_en,
        CASE
            WHEN c.likely = 'lost_wan' AND ratio < 1 THEN '可能漏写"万"'
            WHEN c.likely = 'lost_wan' THEN '可能多写"万"'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' AND ratio > 1 THEN '可能漏写小数点'
            WHEN c.likely = 'lost_digit' AND i.unit = '%' THEN '可能点错小数点'
            WHEN c.likely = 'lost_digit' AND ratio < 1 THEN '可能漏写一位数'
            WHEN c.likely = 'lost_digit' THEN '可能多写一位数'
            WHEN c.likely = 'part_for_whole' THEN format('可能误以部分为总数;报告另有{}「{}」', c.beside_text, c.beside_words)
            WHEN c.likely = 'other_figure' THEN format('可能误取他数;报告另有{}「{}」', c.beside_text, c.beside_words)
            WHEN c.likely = 'other_indicator' THEN format('可能为{},该指标其他年度为{}', c.another_zh, plain_number(c.another_usual))
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
