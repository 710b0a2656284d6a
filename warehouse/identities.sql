-- Figures that must agree, one row a comparison; the columns are those of the table identity_check.
--
-- Compared are current actual figures of one report, region, scope and time: period, the year the figure speaks of, first
-- year of accumulation. Where an indicator stands several times, the figure nearest in the text is taken, one in the same
-- sentence first. Against the report of the year before stand changes as told, last year's figures as told, and stock
-- carried over; between reports only what stands for the year, since nobody knows which half year another one means.
--
-- A row is a claim about somebody's report, so where words leave room for another reading a comparison that doesn't
-- hold is UNCERTAIN, not FAIL.
--
-- Two things make a comparison less than exact, and they are kept apart:
--   slack      rounding as printed: 7.2% stands for 7.15 to 7.25, 1.42万 for 14150 to 14250
--   low, high  what the words leave open: 530余万 lies between 5300000 and 5400000, 300场以上 between 300 and infinity
-- Slack is tolerated; it is read with the figure. A comparison that holds for a part only of what the words leave open is UNCERTAIN.
--
-- With millions of figures the room that rows take decides: they go by number (fact, indicator_key) and get their words
-- at the end. `fact` is the rowid in fact_observation, below 0 in unmapped_observation.

-- name: plain
-- 14200.000000 -> 14200, 7.200000 -> 7.2
CREATE OR REPLACE TEMP MACRO plain(number) AS rtrim(rtrim(number::DECIMAL(24, 6)::VARCHAR, '0'), '.');

-- name: shown
CREATE OR REPLACE TEMP MACRO shown(low, number, high) AS
    CASE
        WHEN low = high THEN plain(number)
        WHEN coalesce(high::DOUBLE, 'infinity'::DOUBLE) = 'infinity'::DOUBLE THEN '≥' || plain(low)
        ELSE plain(low) || '–' || plain(high)
    END;

-- name: summed
-- A sum that is the same in whatever order, and infinite where a term is.
CREATE OR REPLACE TEMP MACRO summed(number) AS
    coalesce(max(CASE WHEN isinf(number) THEN number END), sum(CASE WHEN isinf(number) THEN 0 ELSE number END::DECIMAL(24, 6))::DOUBLE);

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

-- name: signed
-- 15.06 -> +15.06
CREATE OR REPLACE TEMP MACRO signed(number) AS
    CASE WHEN number >= 0 THEN '+' ELSE '' END
    || CASE WHEN isinf(number) THEN CASE WHEN number > 0 THEN '∞' ELSE '-∞' END ELSE plain(CASE WHEN NOT isinf(number) THEN number END) END;

-- name: weighed
-- Of several figures to compare with, the one that agrees goes first.
CREATE OR REPLACE TEMP MACRO weighed(verdict) AS CASE verdict WHEN 'PASS' THEN 0 WHEN 'UNCERTAIN' THEN 1 WHEN 'FAIL' THEN 2 ELSE 3 END;

-- name: present
CREATE OR REPLACE TEMP MACRO present(ids) AS list_filter(ids, lambda x: x IS NOT NULL);

-- name: narrow
-- Digits and marks of full width as ASCII, one for one.
CREATE OR REPLACE TEMP MACRO narrow(words) AS translate(words, '０１２３４５６７８９．％，；：！？（）', '0123456789.%,;:!?()');

-- name: clause
-- The words right before a figure, back to the last mark: 受理100件,较2021年分别增长25.6% -> 较2021年分别增长
CREATE OR REPLACE TEMP MACRO clause(words) AS regexp_extract(words, '[^,;:。、()“”"\s]*$');

-- name: bases
-- Words that say of what a share is taken: 占受理案件的14.4%, 审结118件
CREATE OR REPLACE TEMP MACRO bases(words) AS regexp_extract_all(words, '申请|受理|收到|新收|审结|办结|结案|审理|开庭|一审|应诉|被诉|调处|调解|发现|排查');

-- name: says_no_more
-- Does the clause of a figure say no more than that it is a comparison with the year before of what was just spoken
-- of? Where it says more it may speak of a part: 涉企行政复议案件同比上升31%.
CREATE OR REPLACE TEMP MACRO says_no_more(words) AS regexp_full_match(
    words,
    '(?:同比|比|较|与|和|相比|去年|上一?年度?|同期|(?:19|20)[0-9]{2}年|年|报告|年末|年底|全年|的|又|也|均|都|分别|了|约|近|超|达|至|到|为|是|仅|有|由|从|共|总|数|量|件|率'
    || '|增长|比增|增加|上升|提高|提升|增幅|上涨|升高|攀升|多出?|高出?|增|升|下降|比降|比减|减少|降低|下滑|回落|减幅|降幅|减|降|少|低|幅度?'
    || '|行政复议|复议|行政诉讼|法律援助|人民调解|案件|申请|受理|收到|新收|审结|办结|结案|办理|调处|调解|开展|完成|审查)*'
);

-- name: of_another_year
-- Is a change told against something else than the year before?
CREATE OR REPLACE TEMP MACRO of_another_year(words, year) AS
    regexp_matches(
        words,
        '年前|前年|[前近][两二三四五六七八九十0-9]+年|环比|上月|上季|季度|年初|年均|月均|日均|平均|累计|历史|疫情|改革前|实施前|修订前|“?十[二三四五]五”?(?:期|末|规划)|[比较与于](?:全国|全省|全市|全区|全县|省|市)|[上下]半年|1[-—至]1?[0-9]月|前[三四五六七八九十0-9]+个?月'
    )
    OR len(list_filter(
        regexp_extract_all(words, '(?:比|较|与|于|自|从)((?:19|20)[0-9]{2})年', 1), lambda y: y::INTEGER <> year - 1
    )) > 0;

-- name: of_the_year_before
CREATE OR REPLACE TEMP MACRO of_the_year_before(words, year) AS
    regexp_matches(words, '同比|比增|比降|比减|去年|上一?年|同期') OR contains(words, (year - 1) || '年');

-- name: relation
CREATE OR REPLACE TEMP TABLE relation AS
SELECT
    dense_rank() OVER (ORDER BY t.relation_id)::INTEGER AS relation,
    t.relation_id,
    t.kind,
    t.side,
    t.position,
    t.indicator_code AS code,
    i.indicator_key,
    i.indicator_zh AS zh,
    i.indicator_en AS en,
    CASE WHEN i.unit = '%' THEN '%' ELSE '' END AS mark,
    t.unless_en,
    t.unless_zh,
    t.worded
FROM relation_term AS t
LEFT JOIN dim_indicator AS i ON i.indicator_code = t.indicator_code;

-- name: figure
-- The figures that relations speak of. Of rates alone the sentence is looked into, so only theirs is kept.
CREATE OR REPLACE TEMP TABLE figure AS
SELECT
    f.rowid AS fact,
    f.observation_id AS id,
    f.indicator_key,
    f.report_key,
    f.region_key,
    f.year_key,
    f.scope,
    f.since_year,
    coalesce(f.figure_year, f.year_key) AS figure_year,
    f.period,
    of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date) AS of_the_year,
    f.start_offset,
    f.sentence_offset,
    f.value::DOUBLE AS value,
    f.value_low::DOUBLE AS low,
    highest(f.value_high, i.maximum) AS high,
    f.slack::DOUBLE AS slack,
    CASE WHEN i.kind = 'ratio' THEN f.sentence END AS sentence
FROM fact_observation AS f
JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
WHERE
    f.role = 'actual'
    AND f.status IN ('current', 'corrected')
    AND f.indicator_key IN (SELECT indicator_key FROM relation);

-- name: term
-- For each figure on the left of a relation the figure nearest to it for each term on the other side.
CREATE OR REPLACE TEMP TABLE term AS
SELECT
    t.relation,
    l.fact AS left_fact,
    t.side,
    t.position,
    c.id,
    c.value,
    c.low,
    c.high,
    c.slack,
    c.start_offset,
    c.sentence_offset = l.sentence_offset AS beside
FROM figure AS l
JOIN relation AS r ON r.side = 'left' AND r.kind <> 'carried' AND r.indicator_key = l.indicator_key
JOIN relation AS t ON t.relation = r.relation AND t.side <> 'left'
LEFT JOIN figure AS c
    ON c.indicator_key = t.indicator_key
    AND c.report_key = l.report_key
    AND c.region_key = l.region_key
    AND c.scope = l.scope
    AND c.since_year IS NOT DISTINCT FROM l.since_year
    AND c.figure_year = l.figure_year
    AND c.period = l.period
    -- two half years and twelve months have one name each
    AND (l.period IN ('year', 'cumulative') OR c.sentence_offset = l.sentence_offset)
QUALIFY row_number() OVER (
    PARTITION BY t.relation, l.fact, t.side, t.position
    ORDER BY beside DESC, abs(c.start_offset - l.start_offset), c.id
) = 1;

-- name: identity
CREATE OR REPLACE TEMP TABLE identity AS
WITH left_figure AS (
    SELECT
        r.relation,
        r.relation_id,
        r.kind,
        r.unless_en,
        r.unless_zh,
        r.unless_en IS NOT NULL AND (r.worded IS NULL OR regexp_matches(l.sentence, r.worded)) AS excused,
        l.*,
        shown(l.low, l.value, l.high) || r.mark AS shown
    FROM figure AS l
    JOIN relation AS r ON r.side = 'left' AND r.indicator_key = l.indicator_key
),

-- rate = 100 · part / whole; of several wholes the one that fits, else the first
rate_computed AS (
    SELECT
        l.*,
        w.position,
        p.value AS part_value,
        p.id AS part_id,
        shown(p.low, p.value, p.high) AS part_shown,
        w.value AS whole_value,
        w.id AS whole_id,
        shown(w.low, w.value, w.high) AS whole_shown,
        w.beside AS whole_beside,
        w.start_offset AS whole_offset,
        CASE WHEN w.value > 0 THEN 100 * p.value / w.value END AS right_value,
        CASE WHEN w.high > 0 THEN 100 * p.low / w.high END AS right_low,
        CASE WHEN w.low > 0 THEN 100 * p.high / w.low WHEN w.high > 0 THEN 1e12 END AS right_high,
        l.slack + coalesce(
            CASE WHEN w.value > w.slack THEN 100 * (p.value + p.slack) / (w.value - w.slack) - 100 * p.value / w.value END,
            0
        ) AS tolerance,
        judged(l.low, l.high, right_low, right_high, tolerance) AS verdict
    FROM left_figure AS l
    JOIN term AS p ON p.relation = l.relation AND p.left_fact = l.fact AND p.side = 'part' AND p.position = 0
    JOIN term AS w ON w.relation = l.relation AND w.left_fact = l.fact AND w.side = 'whole'
    WHERE l.kind = 'rate'
),
rate_named AS (
    SELECT
        c.* EXCLUDE (right_value),
        round(c.right_value, 6) AS right_value,
        p.code AS part_indicator,
        p.zh AS part_zh,
        p.en AS part_en,
        w.code AS whole_indicator,
        w.zh AS whole_zh,
        w.en AS whole_en,
        plain(round(c.right_value, 2)) || '%' AS right_shown,
        present([c.id, c.part_id, c.whole_id]) AS observation_ids
    FROM rate_computed AS c
    JOIN relation AS p ON p.relation = c.relation AND p.side = 'part' AND p.position = 0
    JOIN relation AS w ON w.relation = c.relation AND w.side = 'whole' AND w.position = c.position
),
rate_judged AS (
    SELECT *
    FROM rate_named
    QUALIFY row_number() OVER (
        PARTITION BY relation, fact
        ORDER BY CASE verdict WHEN 'PASS' THEN 0 WHEN 'UNCERTAIN' THEN 1 ELSE 2 END, position
    ) = 1
),
rate AS (
    SELECT
        *,
        CASE WHEN verdict IN ('PASS', 'UNCERTAIN') THEN whole_indicator END AS fits,
        shown || CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN ': not assessable without '
                || array_to_string(present([
                    CASE WHEN part_id IS NULL THEN part_en END,
                    CASE WHEN whole_id IS NULL THEN whole_en END,
                    CASE WHEN part_id IS NOT NULL AND whole_id IS NOT NULL THEN whole_en || ' above 0' END
                ]), ' and ')
            ELSE ' ' || sign_of(verdict) || ' ' || part_shown || ' / ' || whole_shown || ' (' || right_shown || ')'
        END AS said_en,
        CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN shown || ':无法核对,缺少'
                || array_to_string(present([
                    CASE WHEN part_id IS NULL THEN part_zh END,
                    CASE WHEN whole_id IS NULL THEN whole_zh END,
                    CASE WHEN part_id IS NOT NULL AND whole_id IS NOT NULL THEN '大于0的' || whole_zh END
                ]), '、')
            ELSE said_en
        END AS said_zh
    FROM rate_judged
),

-- A rate on another base than the one named: 审结118件,纠错19件,纠错案件占审结案件的14.4%, where 14.4% is 19 of the
-- 132 accepted. Named is the whole whose figure stands in the sentence of the rate; of several the one that
-- 占审结案件的 speaks of, else the first of the relation.
rate_on_named_base AS (
    SELECT *
    FROM rate_named
    WHERE whole_beside AND verdict <> 'NOT_ASSESSABLE'
    QUALIFY row_number() OVER (
        PARTITION BY relation, fact
        ORDER BY
            list_has_any(
                bases(regexp_extract(substr(narrow(sentence), 1, start_offset - sentence_offset), '占([^,;:。、]*)$', 1)),
                bases(clause(substr(narrow(sentence), 1, whole_offset - sentence_offset)))
            ) DESC,
            position
    ) = 1
),
rate_base AS (
    SELECT
        b.* EXCLUDE (kind, verdict, observation_ids),
        'rate_base' AS kind,
        CASE WHEN b.verdict <> 'FAIL' THEN b.verdict WHEN r.verdict = 'PASS' THEN 'FAIL' ELSE 'UNCERTAIN' END AS verdict,
        r.fits,
        CASE
            WHEN b.verdict <> 'FAIL' THEN b.observation_ids
            ELSE list_append(b.observation_ids, r.whole_id)
        END AS observation_ids,
        CASE
            WHEN b.verdict <> 'FAIL'
                THEN format('{} {} of {} ({}), the base named: {}', b.shown, CASE b.verdict WHEN 'PASS' THEN 'is that' ELSE 'may be that' END, b.whole_shown, b.whole_en, b.right_shown)
            ELSE format('{} fits {} ({}), not {} ({}): {}', b.shown, r.whole_shown, r.whole_en, b.whole_shown, b.whole_en, b.right_shown)
        END AS said_en,
        CASE
            WHEN b.verdict <> 'FAIL'
                THEN format('{} 与所述{} {}({}){}', b.shown, b.whole_zh, b.whole_shown, b.right_shown, CASE b.verdict WHEN 'PASS' THEN '相符' ELSE '可能相符' END)
            ELSE format('{} 与{} {} 相符,与所述{} {}({})不符', b.shown, r.whole_zh, r.whole_shown, b.whole_zh, b.whole_shown, b.right_shown)
        END AS said_zh
    FROM rate_on_named_base AS b
    JOIN rate AS r ON r.relation = b.relation AND r.fact = b.fact
    WHERE r.verdict IN ('PASS', 'UNCERTAIN')
),

-- the left figure is part of the whole
part_computed AS (
    SELECT
        l.*,
        d.zh AS whole_zh,
        d.en AS whole_en,
        w.id AS whole_id,
        shown(w.low, w.value, w.high) AS whole_shown,
        round(w.value, 6) AS right_value,
        l.slack + coalesce(w.slack, 0) AS tolerance,
        -- all between nothing and the whole is right
        judged(0, w.low, l.low, l.high, l.slack + coalesce(w.slack, 0)) AS sure,
        judged(0, w.high, l.low, l.high, l.slack + coalesce(w.slack, 0)) AS possible
    FROM left_figure AS l
    JOIN term AS w ON w.relation = l.relation AND w.left_fact = l.fact AND w.side = 'whole' AND w.position = 0
    JOIN relation AS d ON d.relation = l.relation AND d.side = 'whole' AND d.position = 0
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
        present([id, whole_id]) AS observation_ids,
        shown || CASE verdict
            WHEN 'NOT_ASSESSABLE' THEN ': not assessable without ' || whole_en
            WHEN 'PASS' THEN ' ≤ ' || whole_en || ' ' || whole_shown
            WHEN 'FAIL' THEN ' is more than its whole, ' || whole_en || ' ' || whole_shown
            ELSE ' may be more than its whole, ' || whole_en || ' ' || whole_shown
        END AS said_en,
        shown || CASE verdict
            WHEN 'NOT_ASSESSABLE' THEN ':无法核对,缺少' || whole_zh
            WHEN 'PASS' THEN ' ≤ ' || whole_zh || ' ' || whole_shown
            WHEN 'FAIL' THEN ' 超过总数:' || whole_zh || ' ' || whole_shown
            ELSE ' 可能超过总数:' || whole_zh || ' ' || whole_shown
        END AS said_zh
    FROM part_computed
),

-- The left figure is the sum of the parts, less those of minus; all must be there. A balance that holds without the
-- stock at its beginning (受理151件,含上年结转13件) is no fault.
added AS (
    SELECT
        t.relation,
        t.left_fact,
        count(*) FILTER (t.id IS NULL) AS missing,
        sum(CASE t.side WHEN 'minus' THEN -t.value ELSE t.value END::DECIMAL(24, 6))::DOUBLE AS right_value,
        summed(CASE t.side WHEN 'minus' THEN -t.high ELSE t.low END) AS right_low,
        summed(CASE t.side WHEN 'minus' THEN -t.low ELSE t.high END) AS right_high,
        sum(t.slack::DECIMAL(24, 6))::DOUBLE AS right_slack,
        max(t.high) FILTER (r.kind = 'balance' AND t.side = 'part' AND t.position = 0) AS opening,
        string_agg(shown(t.low, t.value, t.high), ' + ' ORDER BY t.position) FILTER (t.side = 'part') AS parts_shown,
        string_agg(' − ' || shown(t.low, t.value, t.high), '' ORDER BY t.position) FILTER (t.side = 'minus') AS minus_shown,
        parts_shown || coalesce(minus_shown, '') AS terms_shown,
        string_agg(r.zh, '、' ORDER BY t.side DESC, t.position) FILTER (t.id IS NULL) AS missing_zh,
        string_agg(r.en, ' and ' ORDER BY t.side DESC, t.position) FILTER (t.id IS NULL) AS missing_en,
        list(t.id ORDER BY t.side DESC, t.position) FILTER (t.id IS NOT NULL) AS ids
    FROM term AS t
    JOIN relation AS r ON r.relation = t.relation AND r.side = t.side AND r.position = t.position
    WHERE r.kind IN ('sum_of', 'balance')
    GROUP BY t.relation, t.left_fact
),
total AS (
    SELECT
        l.*,
        CASE WHEN a.missing = 0 THEN a.right_value END AS right_value,
        l.slack + coalesce(a.right_slack, 0) AS tolerance,
        CASE
            WHEN a.missing > 0 THEN 'NOT_ASSESSABLE'
            ELSE judged(l.low, l.high, a.right_low, a.right_high, l.slack + a.right_slack)
        END AS reckoned,
        CASE
            WHEN reckoned = 'FAIL'
                AND judged(l.low, l.high, a.right_low - a.opening, a.right_high, l.slack + a.right_slack) IN ('PASS', 'UNCERTAIN')
                THEN 'UNCERTAIN'
            ELSE reckoned
        END AS verdict,
        list_prepend(l.id, coalesce(a.ids, [])) AS observation_ids,
        l.shown || CASE
            WHEN a.missing > 0 THEN ': not assessable without ' || a.missing_en
            ELSE ' ' || sign_of(verdict) || ' ' || a.terms_shown || ' (' || plain(a.right_value) || ')'
        END AS said_en,
        CASE WHEN a.missing > 0 THEN l.shown || ':无法核对,缺少' || a.missing_zh ELSE said_en END AS said_zh
    FROM left_figure AS l
    JOIN added AS a ON a.relation = l.relation AND a.left_fact = l.fact
    WHERE l.kind IN ('sum_of', 'balance')
),

-- What a correct report may break is no fault: 援助办结 of cases carried over may be more than 受理.
within_report AS (
    SELECT
        * REPLACE (
            CASE WHEN broken THEN 'UNCERTAIN' ELSE verdict END AS verdict,
            said_en || CASE WHEN broken THEN '; ' || unless_en ELSE '' END AS said_en,
            said_zh || CASE WHEN broken THEN ';' || unless_zh ELSE '' END AS said_zh
        )
    FROM (
        SELECT *, verdict = 'FAIL' AND excused AS broken
        FROM (
            FROM rate
            UNION ALL BY NAME
            FROM part
            UNION ALL BY NAME
            FROM total
        )
    )
),

-- A region against its children (a city against its counties): of several figures that which the view latest shows.
child AS (
    SELECT c.region_key, p.region_key AS parent_key, c.valid_from, c.valid_to
    FROM dim_region AS c
    JOIN dim_region AS p ON p.region_code = c.parent_code
),
additive AS (
    SELECT
        f.rowid AS fact,
        f.observation_id AS id,
        f.indicator_key,
        f.report_key,
        f.region_key,
        f.year_key,
        f.scope,
        f.since_year,
        f.stock_date,
        f.start_offset,
        f.value::DOUBLE AS value,
        f.value_low::DOUBLE AS low,
        highest(f.value_high, i.maximum) AS high,
        f.slack::DOUBLE AS slack
    FROM fact_observation AS f
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key AND i.region_additive
    WHERE
        f.role = 'actual'
        AND f.status IN ('current', 'corrected')
        AND f.scope = 'region'
        AND (
            of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)
            OR (f.since_year IS NOT NULL AND f.period IN ('year', 'cumulative'))
        )
),
-- only regions that have children, and children beside a figure of their parent
compared_region AS (
    SELECT *, region_key AS parent_key, true AS whole FROM additive WHERE region_key IN (SELECT parent_key FROM child)
    UNION ALL
    SELECT a.*, c.parent_key, false AS whole
    FROM additive AS a
    JOIN child AS c ON c.region_key = a.region_key
    SEMI JOIN additive AS p
        ON p.region_key = c.parent_key AND p.year_key = a.year_key AND p.indicator_key = a.indicator_key
),
standing_region AS (
    SELECT a.*
    FROM compared_region AS a
    JOIN dim_report AS r ON r.report_key = a.report_key
    LEFT JOIN dim_publisher AS p ON p.publisher_key = r.publisher_key
    QUALIFY row_number() OVER (
        PARTITION BY a.whole, a.parent_key, a.region_key, a.year_key, a.indicator_key, a.since_year
        ORDER BY
            r.region_key = a.region_key DESC,
            p.kind = 'government' DESC,
            r.published DESC NULLS LAST,
            r.retrieved_at DESC,
            r.report_hash DESC,
            another_day(a.stock_date) DESC NULLS FIRST,
            a.start_offset,
            a.id
    ) = 1
),
parent_figure AS (
    FROM standing_region WHERE whole
),
child_figure AS (
    FROM standing_region WHERE NOT whole
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
        indicator_key,
        since_year,
        count(*) AS reporting,
        sum(value::DECIMAL(24, 6))::DOUBLE AS right_value,
        summed(low) AS right_low,
        summed(high) AS right_high,
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
        p.slack + s.right_slack AS tolerance,
        s.reporting,
        greatest(n.regions, s.reporting) AS regions,
        list_prepend(p.id, s.ids) AS observation_ids,
        judged(p.low, p.high, s.right_low, s.right_high, p.slack + s.right_slack) AS agreement,
        s.right_low > p.high + p.slack + s.right_slack AS exceeds,
        shown(p.low, p.value, p.high) AS shown,
        shown(s.right_low, s.right_value, s.right_high) AS shown_sum
    FROM parent_figure AS p
    JOIN children_sum AS s
        ON s.parent_key = p.region_key
        AND s.year_key = p.year_key
        AND s.indicator_key = p.indicator_key
        AND s.since_year IS NOT DISTINCT FROM p.since_year
    JOIN children AS n ON n.parent_key = p.region_key AND n.year_key = p.year_key
),
-- Some of the counties may be more than their city because one of them counts otherwise, so only all of them are held
-- against it; a county whose figure is suspect has none here.
region_sum AS (
    SELECT
        *,
        CASE
            WHEN exceeds AND reporting = regions THEN 'FAIL'
            WHEN reporting = regions AND agreement = 'PASS' THEN 'PASS'
            ELSE 'UNCERTAIN'
        END AS verdict,
        shown || CASE
            WHEN verdict = 'FAIL' THEN ' is less than its parts of the region together: '
            WHEN verdict = 'PASS' THEN ' = its parts of the region together: '
            WHEN exceeds THEN ' is less already than the parts of the region that report: '
            ELSE ' against its parts of the region together: '
        END || shown_sum || format(' ({} of {} reporting)', reporting, regions) AS said_en,
        shown || CASE
            WHEN verdict = 'FAIL' THEN ' < 下辖地区合计 '
            WHEN verdict = 'PASS' THEN ' = 下辖地区合计 '
            WHEN exceeds THEN ' < 已报告的下辖地区合计 '
            ELSE ' ; 下辖地区合计 '
        END || shown_sum || format('({}个中{}个已报告)', regions, reporting) AS said_zh
    FROM region_compared
),

-- Changes and last year's figures as told in this year's report: 同比增长12.3%, 上年为1200件
told AS (
    SELECT
        f.rowid AS fact,
        f.observation_id AS id,
        f.indicator_key,
        i.unit AS indicator_unit,
        f.report_key,
        f.region_key,
        f.year_key,
        f.scope,
        f.role,
        f.start_offset,
        f.sentence_offset,
        u.unit,
        CASE WHEN f.role = 'change' AND f.direction = 'down' THEN -f.value ELSE f.value END::DOUBLE AS value,
        CASE
            WHEN f.role = 'change' AND f.direction = 'down' THEN -highest(f.value_high, NULL)
            ELSE f.value_low::DOUBLE
        END AS low,
        CASE
            WHEN f.role = 'change' AND f.direction = 'down' THEN -f.value_low::DOUBLE
            WHEN f.role = 'change' THEN highest(f.value_high, NULL)
            ELSE highest(f.value_high, i.maximum)
        END AS high,
        f.slack::DOUBLE AS slack,
        narrow(f.sentence) AS sentence,
        says_no_more(clause(substr(narrow(f.sentence), 1, f.start_offset - f.sentence_offset))) AS of_the_same
    FROM fact_observation AS f
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    JOIN dim_unit AS u ON u.unit_key = f.unit_key
    WHERE
        f.since_year IS NULL
        AND f.period = 'year'
        AND coalesce(f.figure_year = f.year_key - CASE f.role WHEN 'prior' THEN 1 ELSE 0 END, true)
        AND f.status IN ('current', 'corrected')
        AND (
            (f.role = 'change' AND f.direction IS NOT NULL)
            OR (
                f.role = 'prior'
                AND of_the_year_before(narrow(f.sentence), f.year_key)
                -- 2021年、2022年分别为80件、95件: which of the years?
                AND NOT regexp_matches(f.sentence, '年前|前年|半年|季度|月')
                AND len(list_filter(
                    regexp_extract_all(narrow(f.sentence), '((?:19|20)[0-9]{2})年', 1),
                    lambda y: y::INTEGER NOT IN (f.year_key, f.year_key - 1)
                )) = 0
            )
        )
),
-- What is looked for in the report of the year before, a place that has changed its code under the code it had then.
asked AS (
    SELECT 0 AS relation, fact, indicator_key, region_key, year_key, scope FROM told
    UNION ALL
    SELECT r.relation, l.fact, t.indicator_key, l.region_key, l.year_key, l.scope
    FROM figure AS l
    JOIN relation AS r ON r.side = 'left' AND r.kind = 'carried' AND r.indicator_key = l.indicator_key
    JOIN relation AS t ON t.relation = r.relation AND t.side = 'part'
    WHERE l.of_the_year
),
asked_then AS (
    SELECT a.* EXCLUDE (region_key, year_key), coalesce(b.region_key, g.region_key) AS region_key, a.year_key - 1 AS year_key
    FROM asked AS a
    JOIN dim_region AS g ON g.region_key = a.region_key
    LEFT JOIN dim_region AS b ON b.region_code = g.prior_code AND a.year_key - 1 < g.valid_from
),
-- Of several figures those that the view latest_followed would take first; any that agrees will do.
figure_then AS (
    SELECT
        f.region_key,
        f.year_key,
        f.indicator_key,
        f.scope,
        f.observation_id AS id,
        f.value::DOUBLE AS value,
        f.value_low::DOUBLE AS low,
        highest(f.value_high, i.maximum) AS high,
        f.slack::DOUBLE AS slack,
        row_number() OVER (
            PARTITION BY f.region_key, f.year_key, f.indicator_key, f.scope
            ORDER BY
                r.region_key = f.region_key DESC,
                p.kind = 'government' DESC,
                r.published DESC NULLS LAST,
                r.retrieved_at DESC,
                r.report_hash DESC,
                f.start_offset,
                f.observation_id
        ) AS choice
    FROM fact_observation AS f
    SEMI JOIN asked_then AS a
        ON a.region_key = f.region_key
        AND a.year_key = f.year_key
        AND a.indicator_key = f.indicator_key
        AND a.scope = f.scope
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    JOIN dim_report AS r ON r.report_key = f.report_key
    LEFT JOIN dim_publisher AS p ON p.publisher_key = r.publisher_key
    WHERE
        f.role = 'actual'
        AND f.status IN ('current', 'corrected')
        AND of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)
    QUALIFY choice <= 8
),
year_before AS (
    SELECT a.relation, a.fact, p.* EXCLUDE (region_key, year_key, indicator_key, scope), shown(p.low, p.value, p.high) AS shown
    FROM asked_then AS a
    JOIN figure_then AS p
        ON p.region_key = a.region_key
        AND p.year_key = a.year_key
        AND p.indicator_key = a.indicator_key
        AND p.scope = a.scope
),
-- The figure that a change is told of: the nearest of its report. Only beside it is it sure what the change is of.
this_year AS (
    SELECT
        t.fact,
        c.observation_id AS id,
        c.value::DOUBLE AS value,
        c.value_low::DOUBLE AS low,
        highest(c.value_high, i.maximum) AS high,
        c.slack::DOUBLE AS slack,
        c.sentence_offset = t.sentence_offset AND c.end_offset <= t.start_offset AS beside,
        shown(c.value_low, c.value, highest(c.value_high, i.maximum)) AS shown
    FROM told AS t
    JOIN fact_observation AS c
        ON c.report_key = t.report_key
        AND c.indicator_key = t.indicator_key
        AND c.region_key = t.region_key
        AND c.scope = t.scope
    JOIN dim_indicator AS i ON i.indicator_key = c.indicator_key
    WHERE
        t.role = 'change'
        AND c.role = 'actual'
        AND c.status IN ('current', 'corrected')
        AND of_the_year(c.year_key, c.figure_year, c.period, c.since_year, c.stock_date)
    QUALIFY row_number() OVER (
        PARTITION BY t.fact
        ORDER BY c.sentence_offset = t.sentence_offset DESC, abs(c.start_offset - t.start_offset), c.observation_id
    ) = 1
),
-- A growth in per cent of a count, in points of a rate, or in the unit of the figure itself. 败诉率下降10% may mean points,
-- and 增长1.2倍 both 120 and 20 per cent.
change_computed AS (
    SELECT
        t.*,
        'change' AS relation_id,
        'change' AS kind,
        c.id AS this_id,
        c.shown AS this_shown,
        coalesce(c.beside, false) AS beside,
        p.id AS then_id,
        p.shown AS then_shown,
        p.choice,
        CASE
            WHEN t.unit = '%' AND t.indicator_unit <> '%' THEN 'percent'
            WHEN t.unit = '百分点' AND t.indicator_unit = '%' THEN 'points'
            WHEN t.unit = t.indicator_unit AND t.unit <> '%' THEN 'plain'
        END AS measure,
        of_another_year(t.sentence, t.year_key) AS elsewhere,
        CASE measure
            WHEN 'percent' THEN CASE WHEN p.value > 0 THEN 100 * (c.value / p.value - 1) END
            ELSE c.value - p.value
        END AS right_value,
        CASE measure WHEN 'percent' THEN CASE WHEN p.low > 0 THEN 100 * (c.low / p.high - 1) END ELSE c.low - p.high END AS right_low,
        CASE measure WHEN 'percent' THEN CASE WHEN p.low > 0 THEN 100 * (c.high / p.low - 1) END ELSE c.high - p.low END AS right_high,
        t.slack + coalesce(
            CASE
                WHEN measure <> 'percent' THEN c.slack + p.slack
                WHEN p.value > p.slack THEN 100 * ((c.value + c.slack) / (p.value - p.slack) - c.value / p.value)
            END,
            0
        ) AS tolerance,
        CASE
            WHEN measure IS NULL OR elsewhere THEN 'NOT_ASSESSABLE'
            ELSE judged(t.low, t.high, right_low, right_high, tolerance)
        END AS reckoned
    FROM told AS t
    LEFT JOIN this_year AS c ON c.fact = t.fact
    LEFT JOIN year_before AS p ON p.relation = 0 AND p.fact = t.fact
    WHERE t.role = 'change'
),
change_judged AS (
    SELECT
        *,
        CASE
            WHEN reckoned = 'FAIL' AND NOT (beside AND of_the_same AND of_the_year_before(sentence, year_key)) THEN 'UNCERTAIN'
            ELSE reckoned
        END AS verdict
    FROM change_computed
    QUALIFY row_number() OVER (PARTITION BY fact ORDER BY weighed(reckoned), choice) = 1
),
change AS (
    SELECT
        * EXCLUDE (right_value),
        round(right_value, 6) AS right_value,
        present([id, this_id, then_id]) AS observation_ids,
        CASE measure WHEN 'percent' THEN '%' WHEN 'points' THEN '百分点' ELSE unit END AS mark,
        CASE WHEN low = high THEN signed(value) ELSE signed(low) || '–' || signed(high) END AS told_shown,
        signed(round(right_value, 2)) AS right_shown,
        told_shown || CASE measure WHEN 'plain' THEN '' ELSE replace(mark, '百分点', ' points') END || ' as told' || CASE
            WHEN measure IS NULL THEN ': not assessable, a change in this unit may mean several things'
            WHEN elsewhere THEN ': not assessable, the sentence compares with another time than the year before'
            WHEN this_id IS NULL THEN ': not assessable without the figure of the year in this report'
            WHEN verdict = 'NOT_ASSESSABLE' THEN format(': not assessable without a figure for {}', year_key - 1)
            ELSE format(
                ' {} {}{} ({} in {}, {} in {})',
                sign_of(verdict), right_shown, CASE measure WHEN 'plain' THEN '' ELSE replace(mark, '百分点', ' points') END, then_shown, year_key - 1, this_shown, year_key
            )
        END AS said_en,
        '所述增减 ' || told_shown || mark || CASE
            WHEN measure IS NULL THEN ':无法核对,该单位的增减可有不同理解'
            WHEN elsewhere THEN ':无法核对,原句所比的不是上年'
            WHEN this_id IS NULL THEN ':无法核对,缺少本报告当年数'
            WHEN verdict = 'NOT_ASSESSABLE' THEN format(':无法核对,缺少{}年数', year_key - 1)
            ELSE format(
                ' {} {}{}({}年 {},{}年 {})',
                sign_of(verdict), right_shown, mark, year_key - 1, then_shown, year_key, this_shown
            )
        END AS said_zh
    FROM change_judged
),
prior_judged AS (
    SELECT
        t.*,
        'prior' AS relation_id,
        'prior' AS kind,
        p.id AS then_id,
        p.shown AS then_shown,
        p.value AS right_value,
        t.slack + coalesce(p.slack, 0) AS tolerance,
        judged(t.low, t.high, p.low, p.high, t.slack + p.slack) AS reckoned,
        CASE WHEN reckoned = 'FAIL' AND NOT t.of_the_same THEN 'UNCERTAIN' ELSE reckoned END AS verdict
    FROM told AS t
    LEFT JOIN year_before AS p ON p.relation = 0 AND p.fact = t.fact
    WHERE t.role = 'prior'
    QUALIFY row_number() OVER (PARTITION BY t.fact ORDER BY weighed(reckoned), p.choice) = 1
),
prior AS (
    SELECT
        *,
        present([id, then_id]) AS observation_ids,
        shown(low, value, high) || CASE WHEN indicator_unit = '%' THEN '%' ELSE '' END AS told_shown,
        format('{} as told for {}', told_shown, year_key - 1) || CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN ': not assessable without a figure in the report for that year'
            ELSE format(' {} {} in the report for that year', sign_of(verdict), then_shown)
        END AS said_en,
        format('所述{}年数 {}', year_key - 1, told_shown) || CASE
            WHEN verdict = 'NOT_ASSESSABLE' THEN ':无法核对,当年报告中无此数'
            ELSE format(' {} 当年报告 {}', sign_of(verdict), then_shown)
        END AS said_zh
    FROM prior_judged
),

-- stock carried over: 上年结转12件 = 结转下年12件 of the year before
carried_judged AS (
    SELECT
        l.*,
        p.id AS then_id,
        p.shown AS then_shown,
        p.value AS right_value,
        l.slack + coalesce(p.slack, 0) AS tolerance,
        judged(l.low, l.high, p.low, p.high, l.slack + p.slack) AS verdict
    FROM left_figure AS l
    LEFT JOIN year_before AS p ON p.relation = l.relation AND p.fact = l.fact
    WHERE l.kind = 'carried' AND l.of_the_year
    QUALIFY row_number() OVER (PARTITION BY l.relation, l.fact ORDER BY weighed(verdict), p.choice) = 1
),
carried AS (
    SELECT
        c.*,
        present([c.id, c.then_id]) AS observation_ids,
        c.shown || CASE
            WHEN c.verdict = 'NOT_ASSESSABLE' THEN format(': not assessable without {} in the report for {}', d.en, c.year_key - 1)
            ELSE format(' {} {} {} in the report for {}', sign_of(c.verdict), d.en, c.then_shown, c.year_key - 1)
        END AS said_en,
        c.shown || CASE
            WHEN c.verdict = 'NOT_ASSESSABLE' THEN format(':无法核对,{}年报告缺少{}', c.year_key - 1, d.zh)
            ELSE format(' {} {}年报告所载{} {}', sign_of(c.verdict), c.year_key - 1, d.zh, c.then_shown)
        END AS said_zh
    FROM carried_judged AS c
    JOIN relation AS d ON d.relation = c.relation AND d.side = 'part' AND d.position = 0
),

every_figure AS (
    SELECT rowid AS fact, * FROM fact_observation
    UNION ALL
    SELECT -1 - rowid AS fact, * FROM unmapped_observation
),

-- Parts in the words of the report itself, coded or not. Figures of a sentence fall into runs; a run begins where words
-- say so:
--   within    受理1127件,其中民事500件、刑事300件    parts of the figure before
--   division  处罚30件,按程序分为简易10件、普通20件    parts of it, and all of them
--   total     企业12家、商户8家,共计20家              the figure is all of the run before
listed_sentence AS (
    SELECT
        f.fact,
        f.observation_id AS id,
        f.indicator_key,
        f.report_key,
        f.region_key,
        f.year_key,
        f.scope,
        f.role,
        f.status,
        u.unit,
        u.kind AS unit_kind,
        -- 培训1306人次 may be coded in 人
        contains(f.raw_unit, '次') AS of_times,
        f.value::DOUBLE AS value,
        f.value_low::DOUBLE AS low,
        highest(f.value_high, NULL) AS high,
        f.slack::DOUBLE AS slack,
        coalesce(f.figure_year, f.year_key) AS figure_year,
        f.period,
        f.sentence_offset,
        row_number() OVER sentence AS n,
        narrow(f.sentence) AS sentence,
        f.start_offset - f.sentence_offset AS begins,
        coalesce(lag(f.end_offset) OVER sentence - f.sentence_offset, 0) AS since
    FROM every_figure AS f
    LEFT JOIN dim_unit AS u ON u.unit_key = f.unit_key
    WHERE regexp_matches(f.sentence, '其中|合计|共计|总计|分为|按[^,;。\x{FF0C}\x{FF1B}]{1,8}分')
    WINDOW sentence AS (PARTITION BY f.report_key, f.sentence_offset ORDER BY f.start_offset, f.fact)
),
listed_worded AS (
    SELECT
        * EXCLUDE (sentence, begins, since),
        substr(sentence, since + 1, greatest(begins - since, 0)) AS words,
        CASE
            WHEN regexp_matches(words, '其中[,:]?[^,;。!?]{0,20}$') THEN 'within'
            WHEN regexp_matches(words, '(?:^|[^部十充])分为[^,;。!?]{0,20}$|按[^,;。]{1,8}分[^,;。!?]{0,20}$') THEN 'division'
            WHEN regexp_matches(words, '(?:合计|共计|总计)(?:约|近|超|为|达|有|:)*$') THEN 'total'
            WHEN regexp_matches(words, '其中|[;。!?)]') THEN 'new'
        END AS opens,
        role = 'actual'
            AND status IN ('current', 'corrected', 'duplicate')
            AND unit <> ''
            AND unit_kind NOT IN ('percent', 'point', 'multiple', 'score', 'duration', 'years', 'age') AS counts,
        CASE WHEN role = 'actual' THEN n END AS actual_n
    FROM listed_sentence
),
listed_run AS (
    SELECT
        *,
        count(opens) OVER (PARTITION BY report_key, sentence_offset ORDER BY n ROWS UNBOUNDED PRECEDING) AS run,
        last_value(actual_n IGNORE NULLS) OVER (
            PARTITION BY report_key, sentence_offset ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before_n
    FROM listed_worded
),
listed AS (
    SELECT
        *,
        first_value(n) OVER run AS first_n,
        first_value(opens) OVER run AS run_opens,
        first_value(before_n) OVER run AS whole_n,
        sum(CASE WHEN contains(words, ',') THEN 1 ELSE 0 END) OVER run
            - CASE WHEN contains(first_value(words) OVER run, ',') THEN 1 ELSE 0 END AS commas,
        -- 办理案件12件,接访8件,其中涉企10件: 其中 may speak of both
        sum(CASE WHEN counts THEN high + slack ELSE 0 END) OVER (
            PARTITION BY report_key, sentence_offset, run, unit ORDER BY n ROWS UNBOUNDED PRECEDING
        ) AS so_far,
        shown(low, value, high) AS shown
    FROM listed_run
    WINDOW run AS (PARTITION BY report_key, sentence_offset, run ORDER BY n ROWS UNBOUNDED PRECEDING)
),
-- Each part beside the figure it is a part of.
listed_pair AS (
    SELECT w AS whole, m AS part, m.run_opens AS relation
    FROM listed AS m
    JOIN listed AS w
        ON w.report_key = m.report_key AND w.sentence_offset = m.sentence_offset AND w.n = m.whole_n
    WHERE m.run_opens IN ('within', 'division')
    UNION ALL
    SELECT w, m, 'total'
    FROM listed AS w
    JOIN listed AS m
        ON m.report_key = w.report_key AND m.sentence_offset = w.sentence_offset AND m.run = w.run - 1
    WHERE w.opens = 'total' AND (m.run_opens IS NULL OR m.run_opens = 'new')
),
listed_added AS (
    SELECT
        relation,
        whole,
        part.counts
            AND part.unit = whole.unit
            AND part.of_times = whole.of_times
            AND part.period = whole.period
            AND part.figure_year = whole.figure_year AS comparable,
        part.run AS run,
        part.n AS n,
        part.commas = 0 AND part.status <> 'duplicate' AS beyond_doubt,
        part.commas AS commas,
        part.first_n = part.n AS first,
        part.words AS words,
        part.low AS low,
        part.value AS value,
        part.high AS high,
        part.slack AS slack,
        part.id AS id,
        part.shown AS shown,
        part.unit_kind AS unit_kind,
        part.role AS role
    FROM listed_pair
    WHERE whole.counts AND whole.status <> 'duplicate'
),
listed_summed AS (
    SELECT
        relation,
        any_value(whole) AS whole,
        count(*) FILTER (comparable) AS parts,
        count(*) FILTER (NOT comparable) AS others,
        count(*) FILTER (NOT comparable AND role <> 'change') AS strangers,
        bool_and(low = high AND slack = 0) FILTER (comparable) AS exact,
        max(low - slack) FILTER (comparable) AS largest,
        max(low - slack) FILTER (comparable AND beyond_doubt) AS largest_sure,
        sum(value::DECIMAL(24, 6)) FILTER (comparable)::DOUBLE AS right_value,
        summed(CASE WHEN comparable THEN low END) AS right_low,
        summed(CASE WHEN comparable THEN high END) AS right_high,
        sum(slack::DECIMAL(24, 6)) FILTER (comparable)::DOUBLE AS right_slack,
        list(id ORDER BY n) FILTER (comparable) AS ids,
        string_agg(shown, ' + ' ORDER BY n) FILTER (comparable) AS parts_shown,
        arg_max(shown, low) FILTER (comparable) AS largest_shown,
        max(commas) AS commas,
        -- an enumeration and nothing else: 、 between the parts, no figure left unread, nothing that says there are more
        bool_and(first OR regexp_matches(words, '^(?:[、和及与]|以及)[^,;。、0-9]{0,15}$'))
            AND NOT bool_or(regexp_matches(words, '[0-9]|新增|新建|新设|新聘|增加|累计|等|主要|部分|重点|另|含|包括|此外')) AS enumerated,
        max(run) AS run
    FROM listed_added
    GROUP BY relation, whole.report_key, whole.sentence_offset, whole.n
),
listed_judged AS (
    SELECT
        s.*,
        s.whole.low AS low,
        s.whole.high AS high,
        s.whole.slack + s.right_slack AS tolerance,
        -- 审结84件,其中调解20件(其中涉企5件): a part stands inside another
        coalesce(x.opens = 'within', false) AS nested,
        judged(s.whole.low, s.whole.high, s.right_low, s.right_high, tolerance) AS agreement
    FROM listed_summed AS s
    LEFT JOIN listed AS x
        ON s.relation <> 'total'
        AND x.report_key = s.whole.report_key
        AND x.sentence_offset = s.whole.sentence_offset
        AND x.run = s.run + 1
        AND x.n = x.first_n
    WHERE s.parts > 0
),
listed_whole AS (
    SELECT
        'listed_' || relation AS relation_id,
        'listed' AS kind,
        whole.fact AS fact,
        whole.id AS id,
        whole.indicator_key AS indicator_key,
        whole.report_key AS report_key,
        whole.region_key AS region_key,
        whole.year_key AS year_key,
        whole.scope AS scope,
        whole.value AS value,
        whole.shown AS shown,
        right_value,
        tolerance,
        list_prepend(whole.id, ids) AS observation_ids,
        parts_shown,
        largest_shown,
        CASE
            WHEN relation <> 'within' AND (parts < 2 OR strangers > 0) THEN NULL
            WHEN relation <> 'within' AND agreement = 'FAIL'
                AND NOT (enumerated AND commas = 0 AND others = 0 AND NOT nested) THEN 'unlike'
            WHEN relation <> 'within' THEN CASE agreement WHEN 'PASS' THEN 'equal' WHEN 'FAIL' THEN 'unequal' ELSE 'open' END
            WHEN largest_sure > whole.so_far + 1e-6 THEN 'exceeds'
            WHEN largest > high + whole.slack + 1e-6 THEN 'may_exceed'
            WHEN strangers > 0 OR nested OR parts < 2 OR NOT exact OR low <> high OR whole.slack > 0 THEN 'within'
            WHEN right_value > high THEN 'overlap'
            WHEN right_value = high THEN 'equal'
            WHEN parts >= 3 AND right_value >= 0.9 * high THEN 'short'
            ELSE 'within'
        END AS finding
    FROM listed_judged
),
listed_row AS (
    SELECT
        *,
        CASE
            WHEN finding IN ('equal', 'within') THEN 'PASS'
            WHEN finding IN ('exceeds', 'unequal') THEN 'FAIL'
            ELSE 'UNCERTAIN'
        END AS verdict,
        plain(right_value) AS right_shown,
        plain(abs(value - right_value)) AS gap,
        shown || CASE finding
            WHEN 'equal' THEN format(' = {} ({})', parts_shown, right_shown)
            WHEN 'unequal' THEN format(' ≠ {} ({})', parts_shown, right_shown)
            WHEN 'open' THEN format(' ≈ {} ({})', parts_shown, right_shown)
            WHEN 'unlike' THEN format(': what is listed, {}, adds up to {}; it may not be all of it', parts_shown, right_shown)
            WHEN 'exceeds' THEN format(' is less than a part of it, {}', largest_shown)
            WHEN 'may_exceed' THEN format(' may be less than a part of it, {}', largest_shown)
            WHEN 'overlap' THEN format(': its parts, {}, add up to {} of {}, {} too many; they may overlap', parts_shown, right_shown, shown, gap)
            WHEN 'short' THEN format(': its parts, {}, add up to {} of {}, {} missing', parts_shown, right_shown, shown, gap)
            ELSE format(' ≥ each of its parts, {}', replace(parts_shown, ' + ', ', '))
        END AS said_en,
        shown || CASE finding
            WHEN 'equal' THEN format(' = {} ({})', parts_shown, right_shown)
            WHEN 'unequal' THEN format(' ≠ {} ({})', parts_shown, right_shown)
            WHEN 'open' THEN format(' ≈ {} ({})', parts_shown, right_shown)
            WHEN 'unlike' THEN format(':所列 {} 合计 {},可能并非全部', parts_shown, right_shown)
            WHEN 'exceeds' THEN format(' 小于其中的 {}', largest_shown)
            WHEN 'may_exceed' THEN format(' 可能小于其中的 {}', largest_shown)
            WHEN 'overlap' THEN format(':其中 {} 合计 {},比总数 {} 多 {},可能有重叠', parts_shown, right_shown, shown, gap)
            WHEN 'short' THEN format(':其中 {} 合计 {},比总数 {} 少 {}', parts_shown, right_shown, shown, gap)
            ELSE format(' ≥ 其中各项 {}', replace(parts_shown, ' + ', '、'))
        END AS said_zh
    FROM listed_whole
    WHERE finding IS NOT NULL
),

-- Two values of one thing in one report: both stand, or neither could be told to be the better reading. A region has many
-- parts, and a year many half years, so theirs are none.
contradictory AS (
    SELECT rowid AS fact, *
    FROM fact_observation
    WHERE
        role = 'actual'
        AND scope NOT IN ('part', 'average')
        AND period IN ('year', 'cumulative')
        AND (status IN ('current', 'corrected') OR (status = 'conflict' AND own_status = 'conflict'))
    WINDOW measure AS (
        PARTITION BY
            report_key, indicator_key, region_key, scope, since_year,
            coalesce(figure_year, year_key), period, another_day(stock_date)
    )
    QUALIFY min(value) OVER measure <> max(value) OVER measure
),
contradictory_figure AS (
    SELECT
        f.* EXCLUDE (value, slack),
        f.value::DOUBLE AS value,
        highest(f.value_high, i.maximum) AS high,
        shown(f.value_low, f.value, f.value_high) || CASE WHEN i.unit = '%' THEN '%' ELSE '' END AS shown,
        f.slack::DOUBLE AS slack,
        -- the sentence about the figure, so that both fit into one message
        substr(f.sentence, greatest(f.start_offset - f.sentence_offset - 80, 0)::INTEGER + 1, 160) AS around
    FROM contradictory AS f
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
),
contradiction AS (
    SELECT
        'contradiction' AS relation_id,
        'contradiction' AS kind,
        l.fact,
        l.observation_id AS id,
        l.indicator_key,
        l.report_key,
        l.region_key,
        l.year_key,
        l.scope,
        l.value,
        o.value AS right_value,
        l.slack + o.slack AS tolerance,
        'FAIL' AS verdict,
        [l.observation_id, o.observation_id] AS observation_ids,
        -- each value before its own sentence: that of the figure itself stands beside the message, and is shown after it
        format('{} 「{}」 ≠ {} in the same report', o.shown, o.around, l.shown) AS said_en,
        format('{}「{}」≠ 同一报告所载 {}', o.shown, o.around, l.shown) AS said_zh
    FROM contradictory_figure AS l
    JOIN contradictory_figure AS o
        ON o.report_key = l.report_key
        AND o.indicator_key = l.indicator_key
        AND o.region_key = l.region_key
        AND o.scope = l.scope
        AND o.since_year IS NOT DISTINCT FROM l.since_year
        AND coalesce(o.figure_year, o.year_key) = coalesce(l.figure_year, l.year_key)
        AND o.period = l.period
        AND another_day(o.stock_date) IS NOT DISTINCT FROM another_day(l.stock_date)
        AND (o.start_offset, o.observation_id) > (l.start_offset, l.observation_id)
        AND greatest(o.value_low::DOUBLE, l.value_low::DOUBLE) > least(o.high, l.high) + o.slack + l.slack + 1e-6
    QUALIFY row_number() OVER (PARTITION BY l.observation_id ORDER BY o.start_offset, o.observation_id) = 1
),

-- The same figure twice: kept as a duplicate, beside the one that counts.
same_figure AS (
    SELECT
        'same_figure' AS relation_id,
        'same_figure' AS kind,
        d.fact,
        d.observation_id AS id,
        d.indicator_key,
        d.report_key,
        d.region_key,
        d.year_key,
        d.scope,
        d.value::DOUBLE AS value,
        o.value::DOUBLE AS right_value,
        0.0 AS tolerance,
        'FAIL' AS verdict,
        present([d.observation_id, o.observation_id]) AS observation_ids,
        shown(d.value_low, d.value, d.value_high) || ' (' || d.raw_text || ') stands more than once' AS said_en,
        shown(d.value_low, d.value, d.value_high) || '(' || d.raw_text || ')重复出现' AS said_zh
    FROM every_figure AS d
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
)
SELECT fact, relation_id, kind, id, indicator_key, report_key, region_key, year_key, scope,
    value, right_value, tolerance, verdict, observation_ids, said_en, said_zh,
    fits, part_indicator, part_value, whole_indicator, whole_value
FROM (
    FROM within_report
    UNION ALL BY NAME
    FROM rate_base
    UNION ALL BY NAME
    FROM region_sum
    UNION ALL BY NAME
    FROM change
    UNION ALL BY NAME
    FROM prior
    UNION ALL BY NAME
    FROM carried
    UNION ALL BY NAME
    FROM listed_row
    UNION ALL BY NAME
    FROM contradiction
    UNION ALL BY NAME
    FROM same_figure
);

-- name: identities
-- A table of its own, so that DuckDB knows which side is the smaller: the words of millions of figures only pass by.
SELECT
    CASE WHEN c.kind = 'rate_base' THEN 'rate_base:' ELSE '' END || c.relation_id || ':' || c.id AS identity_id,
    c.relation_id,
    c.kind,
    g.region_code,
    c.year_key AS year,
    c.scope,
    s.figure_year,
    s.period,
    s.since_year,
    r.report_hash,
    i.indicator_code,
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
    s.status,
    s.raw_text,
    s.sentence,
    ltrim(coalesce(i.indicator_en, trim(narrow(s.phrase), ' ,、;:'), '') || ' ' || c.said_en) AS message_en,
    ltrim(coalesce(i.indicator_zh, trim(narrow(s.phrase), ' ,、;:'), '') || ' ' || c.said_zh) AS message_zh
FROM identity AS c
JOIN (
    SELECT rowid AS fact, figure_year, period, since_year, status, raw_text, sentence, phrase FROM fact_observation
    UNION ALL
    SELECT -1 - rowid AS fact, figure_year, period, since_year, status, raw_text, sentence, phrase FROM unmapped_observation
) AS s ON s.fact = c.fact
LEFT JOIN dim_indicator AS i ON i.indicator_key = c.indicator_key
LEFT JOIN dim_region AS g ON g.region_key = c.region_key
LEFT JOIN dim_report AS r ON r.report_key = c.report_key
ORDER BY c.kind, g.region_code, c.year_key, identity_id
