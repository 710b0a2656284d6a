-- Comparisons over the figures that stand: over time, among regions, between versions of a report, for exchange.
--
-- `latest` is what most of them start from: one row a region, year, indicator and scope, and only figures that stand for
-- the year. Those of a half year, of a campaign or of several years are in `observations`, with their period.
-- Windows are partitioned by the columns that analysts filter on, so that a filter reaches the facts before them.

-- 14200.000000 -> 14200, 7.200000 -> 7.2
CREATE MACRO plain_number(number) AS rtrim(rtrim(number::DECIMAL(24, 6)::VARCHAR, '0'), '.');
COMMENT ON MACRO plain_number IS 'A number without zeros at its end (去尾零)';

-- The unit as an SDMX code: PT, an ISO 4217 currency, or the English name in capitals
CREATE MACRO sdmx_unit(unit, unit_en) AS
    CASE unit
        WHEN '%' THEN 'PT'
        WHEN '元' THEN 'CNY'
        WHEN '美元' THEN 'USD'
        ELSE coalesce(trim(regexp_replace(upper(unit_en), '[^A-Z0-9]+', '_', 'g'), '_'), '_X')
    END;
COMMENT ON MACRO sdmx_unit IS 'Code of a unit in sdmx_observations (SDMX单位代码)';

-- 300场以上 leaves the top open: there is no bound but the most that the indicator can be, 100 for most rates.
CREATE MACRO highest(value_high, maximum) AS coalesce(value_high::DOUBLE, maximum::DOUBLE, 'infinity'::DOUBLE);
COMMENT ON MACRO highest IS 'The upper bound of a figure as a number to reckon with: where the words leave the top open the greatest value that can be right, else infinity (数值上界)';

-- 截至6月底 is another stock than that of the year's end, which is also meant where no day is told.
CREATE MACRO another_day(stock_date) AS
    CASE WHEN month(stock_date) = 12 AND day(stock_date) = 31 THEN NULL ELSE stock_date END;
COMMENT ON MACRO another_day IS 'The day a stock is told for, where it is not the end of a year; else NULL (非年末时点)';

-- A stock told for a day of the last quarter is as near to that of the year as most reports come. A figure whose own year
-- is not known is taken for one of the report's.
CREATE MACRO of_the_year(report_year, figure_year, period, since_year, stock_date) AS
    period = 'year'
    AND since_year IS NULL
    AND coalesce(figure_year, report_year) = report_year
    AND coalesce(stock_date, make_date(report_year, 12, 31)) >= make_date(report_year, 10, 1);
COMMENT ON MACRO of_the_year IS 'Whether a figure stands for the year of its report: all of it, no other year, no running total, and a stock near its end (是否代表报告年度)';

CREATE VIEW place_history AS
SELECT
    g.place_code,
    t.region_zh AS place,
    g.region_code,
    g.region_zh AS region,
    g.region_en,
    g.level,
    g.parent_code,
    g.valid_from,
    g.valid_to,
    count(*) OVER (PARTITION BY g.place_code) AS codes
FROM dim_region AS g
LEFT JOIN dim_region AS t ON t.region_code = g.place_code;
COMMENT ON VIEW place_history IS 'Every place with the codes it has had: 邵东 430582 was 邵东县 430521 until 2018; codes > 1 where it changed (地方沿革)';
COMMENT ON COLUMN place_history.place_code IS 'Last code of the place, the same for all its codes (地方代码)';
COMMENT ON COLUMN place_history.place IS 'Name it has under that code (现名)';
COMMENT ON COLUMN place_history.region_code IS 'A code it has or had (行政区划代码)';
COMMENT ON COLUMN place_history.region IS 'Name under this code (当时名称)';
COMMENT ON COLUMN place_history.region_en IS 'Name under this code, in English (当时英文名)';
COMMENT ON COLUMN place_history.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN place_history.parent_code IS 'Code of the region above; NULL for a province (上级地区代码)';
COMMENT ON COLUMN place_history.valid_from IS 'First year the code is in force; NULL: since before the records (启用年度)';
COMMENT ON COLUMN place_history.valid_to IS 'Last year the code is in force; NULL: still (停用年度)';
COMMENT ON COLUMN place_history.codes IS 'How many codes the place has had (代码数)';

-- The figures of a code, and where the place has another code since, those of its last years under that as well
-- (carried), so that a filter on the later code reaches both. Of the reports on a place, its own go before those of others that mention it; then, as everywhere, the government's
-- before a department's, a later before an earlier one. In one report the first figure of a measure is taken, of a stock
-- the last day. Only figures that stand for the year are here: nothing else can then be taken for them.
CREATE VIEW latest_followed AS
WITH place AS NOT MATERIALIZED (
    SELECT *, region_code AS followed_code, false AS carried, 9999 AS carried_until FROM dim_region
    UNION ALL
    SELECT g.*, h.region_code AS followed_code, true AS carried, h.valid_from - 1 AS carried_until
    FROM dim_region AS h
    JOIN dim_region AS g ON g.region_code = h.prior_code
)
SELECT
    g.followed_code,
    g.carried,
    g.valid_from,
    g.prior_code,
    g.region_code,
    g.region_zh AS region,
    g.place_code,
    g.level,
    g.parent_code,
    f.year_key AS year,
    i.indicator_code,
    i.indicator_zh,
    i.indicator_en,
    f.value,
    f.value_low,
    f.value_high,
    f.slack,
    i.unit,
    f.qualifier,
    f.scope,
    f.since_year,
    f.figure_year,
    f.period,
    f.stock_date,
    i.kind,
    i.maximum,
    i.region_additive AS additive,
    f.status,
    count(*) FILTER (f.status <> 'suspect') OVER (
        PARTITION BY
            g.followed_code, g.carried, g.region_code, g.place_code, g.level, g.parent_code,
            f.year_key, i.indicator_code, f.scope
    ) AS standing,
    f.raw_text,
    f.sentence,
    p.publisher,
    r.title AS report_title,
    r.url,
    r.published,
    r.vintage,
    f.observation_id,
    r.synthetic
FROM fact_observation AS f
JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
JOIN place AS g ON g.region_key = f.region_key AND f.year_key <= g.carried_until
JOIN dim_report AS r ON r.report_key = f.report_key
JOIN dim_publisher AS p ON p.publisher_key = f.publisher_key
WHERE
    f.role = 'actual'
    AND f.status IN ('current', 'corrected', 'suspect')
    AND of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)
QUALIFY row_number() OVER (
    PARTITION BY
        g.followed_code, g.carried, g.region_code, g.place_code, g.level, g.parent_code,
        f.year_key, i.indicator_code, f.scope
    ORDER BY
        f.status = 'suspect',
        r.region_key = f.region_key DESC,
        p.kind = 'government' DESC,
        r.published DESC NULLS LAST,
        r.retrieved_at DESC,
        r.report_hash DESC,
        another_day(f.stock_date) DESC NULLS FIRST,
        f.start_offset,
        f.observation_id
) = 1;
COMMENT ON VIEW latest_followed IS 'As latest_or_suspect, with the figures of a place under its former code listed under the later one as well; what year_on_year is made of (沿革衔接的最新值)';
COMMENT ON COLUMN latest_followed.followed_code IS 'Code the figure is listed under: its own, or where carried the one that came next (衔接代码)';
COMMENT ON COLUMN latest_followed.carried IS 'True where followed_code is the code that came next (是否衔接)';
COMMENT ON COLUMN latest_followed.valid_from IS 'First year region_code is in force (启用年度)';
COMMENT ON COLUMN latest_followed.prior_code IS 'Code before region_code (前代码)';
COMMENT ON COLUMN latest_followed.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN latest_followed.region IS 'Name of that place (地区)';
COMMENT ON COLUMN latest_followed.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN latest_followed.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN latest_followed.parent_code IS 'Code of the region above (上级地区代码)';
COMMENT ON COLUMN latest_followed.year IS 'Year of the report (年度)';
COMMENT ON COLUMN latest_followed.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN latest_followed.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN latest_followed.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN latest_followed.value IS 'The figure in unit; a missing figure is a missing row, never 0 (数值)';
COMMENT ON COLUMN latest_followed.value_low IS 'Least value the words allow (数值下界)';
COMMENT ON COLUMN latest_followed.value_high IS 'Greatest value the words allow; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN latest_followed.slack IS 'How far rounding as printed lets the value be off, in its unit (舍入误差)';
COMMENT ON COLUMN latest_followed.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN latest_followed.qualifier IS 'exact, over, about, nearly or at_most (数值限定)';
COMMENT ON COLUMN latest_followed.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN latest_followed.since_year IS 'Always NULL: a running total does not stand for the year, see observations (累计起始年度)';
COMMENT ON COLUMN latest_followed.figure_year IS 'Year the figure speaks of: that of the report, or NULL where not known (数值所属年度)';
COMMENT ON COLUMN latest_followed.period IS 'Always year: a figure of a half year, a quarter, a month or a campaign does not stand for the year, see observations (数值所属时段)';
COMMENT ON COLUMN latest_followed.stock_date IS 'Day a stock is told for, the last of the year where none is; NULL for a flow (时点)';
COMMENT ON COLUMN latest_followed.kind IS 'count, ratio or amount (指标类型)';
COMMENT ON COLUMN latest_followed.maximum IS 'Greatest value the indicator can have; NULL where there is no bound (指标上限)';
COMMENT ON COLUMN latest_followed.additive IS 'True where counties may be added up to their city (可否按地区加总)';
COMMENT ON COLUMN latest_followed.status IS 'current, corrected or suspect (状态: 现行、已更正、存疑)';
COMMENT ON COLUMN latest_followed.standing IS 'Figures of the same measure that stand; 0 for a suspect one (有效数值个数)';
COMMENT ON COLUMN latest_followed.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN latest_followed.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN latest_followed.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN latest_followed.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN latest_followed.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN latest_followed.published IS 'Date of publication (发布日期)';
COMMENT ON COLUMN latest_followed.vintage IS 'Version of the report, from 1 (版次)';
COMMENT ON COLUMN latest_followed.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN latest_followed.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE VIEW latest_or_suspect AS
SELECT
    region_code,
    region,
    place_code,
    level,
    parent_code,
    year,
    indicator_code,
    indicator_zh,
    indicator_en,
    value,
    value_low,
    value_high,
    slack,
    unit,
    qualifier,
    scope,
    since_year,
    figure_year,
    period,
    stock_date,
    kind,
    additive,
    status,
    standing,
    raw_text,
    sentence,
    publisher,
    report_title,
    url,
    published,
    vintage,
    observation_id,
    synthetic
FROM latest_followed
WHERE NOT carried;
COMMENT ON VIEW latest_or_suspect IS 'As latest, and where no figure stands a suspect one; to be used with status in view (最新值或存疑值)';
COMMENT ON COLUMN latest_or_suspect.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN latest_or_suspect.region IS 'Name of that place (地区)';
COMMENT ON COLUMN latest_or_suspect.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN latest_or_suspect.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN latest_or_suspect.parent_code IS 'Code of the region above (上级地区代码)';
COMMENT ON COLUMN latest_or_suspect.year IS 'Year of the report (年度)';
COMMENT ON COLUMN latest_or_suspect.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN latest_or_suspect.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN latest_or_suspect.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN latest_or_suspect.value IS 'The figure in unit; a missing figure is a missing row, never 0 (数值)';
COMMENT ON COLUMN latest_or_suspect.value_low IS 'Least value the words allow (数值下界)';
COMMENT ON COLUMN latest_or_suspect.value_high IS 'Greatest value the words allow; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN latest_or_suspect.slack IS 'How far rounding as printed lets the value be off, in its unit (舍入误差)';
COMMENT ON COLUMN latest_or_suspect.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN latest_or_suspect.qualifier IS 'exact, over, about, nearly or at_most (数值限定)';
COMMENT ON COLUMN latest_or_suspect.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN latest_or_suspect.since_year IS 'Always NULL: a running total does not stand for the year, see observations (累计起始年度)';
COMMENT ON COLUMN latest_or_suspect.figure_year IS 'Year the figure speaks of: that of the report, or NULL where not known (数值所属年度)';
COMMENT ON COLUMN latest_or_suspect.period IS 'Always year: a figure of a half year, a quarter, a month or a campaign does not stand for the year, see observations (数值所属时段)';
COMMENT ON COLUMN latest_or_suspect.stock_date IS 'Day a stock is told for, the last of the year where none is; NULL for a flow (时点)';
COMMENT ON COLUMN latest_or_suspect.kind IS 'count, ratio or amount (指标类型)';
COMMENT ON COLUMN latest_or_suspect.additive IS 'True where counties may be added up to their city (可否按地区加总)';
COMMENT ON COLUMN latest_or_suspect.status IS 'current, corrected or suspect (状态: 现行、已更正、存疑)';
COMMENT ON COLUMN latest_or_suspect.standing IS 'Figures of the same measure that stand; 0 for a suspect one (有效数值个数)';
COMMENT ON COLUMN latest_or_suspect.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN latest_or_suspect.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN latest_or_suspect.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN latest_or_suspect.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN latest_or_suspect.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN latest_or_suspect.published IS 'Date of publication (发布日期)';
COMMENT ON COLUMN latest_or_suspect.vintage IS 'Version of the report, from 1 (版次)';
COMMENT ON COLUMN latest_or_suspect.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN latest_or_suspect.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE VIEW latest AS
SELECT
    region_code,
    region,
    place_code,
    level,
    parent_code,
    year,
    indicator_code,
    indicator_zh,
    indicator_en,
    value,
    value_low,
    value_high,
    slack,
    unit,
    qualifier,
    scope,
    since_year,
    figure_year,
    period,
    stock_date,
    kind,
    additive,
    status,
    standing - 1 AS others,
    raw_text,
    sentence,
    publisher,
    report_title,
    url,
    published,
    vintage,
    observation_id,
    synthetic
FROM latest_or_suspect
WHERE status <> 'suspect';
COMMENT ON VIEW latest IS 'The figure that stands for a year, one a region, year, indicator and scope: of the newest version, a places own report first, then the governments, then the later one; part-years are in observations (最新值)';
COMMENT ON COLUMN latest.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN latest.region IS 'Name of that place (地区)';
COMMENT ON COLUMN latest.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN latest.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN latest.parent_code IS 'Code of the region above (上级地区代码)';
COMMENT ON COLUMN latest.year IS 'Year of the report (年度)';
COMMENT ON COLUMN latest.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN latest.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN latest.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN latest.value IS 'The figure in unit; a missing figure is a missing row, never 0 (数值)';
COMMENT ON COLUMN latest.value_low IS 'Least value the words allow (数值下界)';
COMMENT ON COLUMN latest.value_high IS 'Greatest value the words allow; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN latest.slack IS 'How far rounding as printed lets the value be off, in its unit (舍入误差)';
COMMENT ON COLUMN latest.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN latest.qualifier IS 'exact, over, about, nearly or at_most (数值限定)';
COMMENT ON COLUMN latest.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN latest.since_year IS 'Always NULL: a running total does not stand for the year, see observations (累计起始年度)';
COMMENT ON COLUMN latest.figure_year IS 'Year the figure speaks of: that of the report, or NULL where not known (数值所属年度)';
COMMENT ON COLUMN latest.period IS 'Always year: a figure of a half year, a quarter, a month or a campaign does not stand for the year, see observations (数值所属时段)';
COMMENT ON COLUMN latest.stock_date IS 'Day a stock is told for, the last of the year where none is; NULL for a flow (时点)';
COMMENT ON COLUMN latest.kind IS 'count, ratio or amount (指标类型)';
COMMENT ON COLUMN latest.additive IS 'True where counties may be added up to their city (可否按地区加总)';
COMMENT ON COLUMN latest.status IS 'current, or corrected by the ledger (状态: 现行、已更正)';
COMMENT ON COLUMN latest.others IS 'Further standing figures of the same measure, to be seen in observations (同一指标的其他数值个数)';
COMMENT ON COLUMN latest.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN latest.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN latest.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN latest.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN latest.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN latest.published IS 'Date of publication (发布日期)';
COMMENT ON COLUMN latest.vintage IS 'Version of the report, from 1 (版次)';
COMMENT ON COLUMN latest.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN latest.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE MACRO observations_as_of(day) AS TABLE
WITH known AS NOT MATERIALIZED (
    -- of the versions known by that day the newest one, in the order in which reports go before one another
    SELECT
        r.*,
        p.publisher,
        row_number() OVER (
            PARTITION BY r.region_key, r.year_key
            ORDER BY p.kind = 'government' DESC, r.published DESC NULLS LAST, r.retrieved_at DESC, r.report_hash DESC
        ) AS place_in_line
    FROM (
        SELECT *
        FROM dim_report
        WHERE known_from <= day::DATE
        QUALIFY vintage = max(vintage) OVER (PARTITION BY publisher_key, region_key, year_key, series)
    ) AS r
    JOIN dim_publisher AS p ON p.publisher_key = r.publisher_key
)
SELECT
    g.region_code,
    g.region_zh AS region,
    g.place_code,
    f.year_key AS year,
    i.indicator_code,
    i.indicator_zh,
    i.indicator_en,
    f.value,
    f.value_low,
    f.value_high,
    f.slack,
    u.unit,
    f.qualifier,
    f.scope,
    f.since_year,
    f.figure_year,
    f.period,
    f.stock_date,
    f.own_status AS status,
    f.correction_id,
    f.reported_value,
    f.raw_text,
    f.sentence,
    r.publisher,
    r.title AS report_title,
    r.url,
    r.published,
    r.report_hash,
    f.start_offset,
    f.end_offset,
    f.observation_id,
    r.synthetic
FROM fact_observation AS f
JOIN known AS r ON r.report_key = f.report_key
JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
JOIN dim_region AS g ON g.region_key = f.region_key
LEFT JOIN dim_unit AS u ON u.unit_key = f.unit_key
WHERE f.role = 'actual' AND f.own_status IN ('current', 'corrected')
QUALIFY r.place_in_line = min(r.place_in_line) OVER (
    PARTITION BY
        g.region_code, g.place_code, f.year_key, i.indicator_code, r.region_key, f.scope,
        f.since_year, f.figure_year, f.period, another_day(f.stock_date)
);
COMMENT ON MACRO TABLE observations_as_of IS 'observations_as_of(DATE ''2024-06-30''): what observations would have shown with only the reports known by that day; statuses across reports are decided anew (指定日期可知的观测值)';

CREATE VIEW year_on_year AS
WITH stated AS NOT MATERIALIZED (
    SELECT
        g.region_code,
        f.year_key AS year,
        i.indicator_code,
        f.scope,
        CASE f.direction WHEN 'down' THEN -f.value ELSE f.value END AS change,
        u.unit,
        u.kind,
        f.slack::DOUBLE AS slack,
        CASE f.direction WHEN 'down' THEN -highest(f.value_high, NULL) ELSE f.value_low::DOUBLE END AS low,
        CASE f.direction WHEN 'down' THEN -f.value_low::DOUBLE ELSE highest(f.value_high, NULL) END AS high,
        f.raw_text
    FROM fact_observation AS f
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    JOIN dim_region AS g ON g.region_key = f.region_key
    JOIN dim_unit AS u ON u.unit_key = f.unit_key
    WHERE
        f.role = 'change'
        AND f.status IN ('current', 'corrected')
        AND of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)
    QUALIFY row_number() OVER (
        PARTITION BY g.region_code, f.year_key, i.indicator_code, f.scope
        ORDER BY u.kind IN ('percent', 'point') DESC, f.report_key, f.start_offset, f.observation_id
    ) = 1
),
figure AS NOT MATERIALIZED (
    SELECT * EXCLUDE (slack), slack::DOUBLE AS slack, value_low::DOUBLE AS low, highest(value_high, maximum) AS high
    FROM latest_followed
    WHERE NOT carried AND status <> 'suspect'
),
-- under the code of the year after, which differs where a place has changed its code in between
prior AS NOT MATERIALIZED (
    SELECT * EXCLUDE (slack), slack::DOUBLE AS slack, value_low::DOUBLE AS low, highest(value_high, maximum) AS high
    FROM latest_followed
    WHERE status <> 'suspect' AND (carried OR prior_code IS NULL OR year >= valid_from)
),
compared AS NOT MATERIALIZED (
    SELECT
        c.region_code,
        c.region,
        c.place_code,
        c.year,
        c.indicator_code,
        c.indicator_zh,
        c.indicator_en,
        c.scope,
        c.unit,
        c.value,
        p.value AS prior_value,
        p.region AS prior_region,
        c.value - p.value AS change,
        CASE WHEN p.value > 0 THEN 100.0 * (c.value - p.value)::DOUBLE / p.value::DOUBLE END AS change_percent,
        s.change AS stated_change,
        s.unit AS stated_unit,
        s.raw_text AS stated_text,
        CASE
            WHEN s.kind = 'percent' THEN change_percent
            WHEN s.unit IS NOT NULL THEN (c.value - p.value)::DOUBLE
        END AS comparable,
        -- what open words (530余万, 300场以上) on either side allow
        CASE
            WHEN s.kind <> 'percent' THEN c.low - p.high
            WHEN p.high > 0 THEN 100.0 * (c.low / p.high - 1)
        END AS least,
        CASE
            WHEN s.kind <> 'percent' THEN c.high - p.low
            WHEN p.low > 0 THEN 100.0 * (c.high / p.low - 1)
            ELSE 'infinity'::DOUBLE
        END AS most,
        s.low AS stated_least,
        s.high AS stated_most,
        -- what rounding on either side allows
        CASE
            WHEN s.kind = 'percent' AND p.value > 0
                THEN 100.0 * (c.slack + (c.value / p.value)::DOUBLE * p.slack) / p.value::DOUBLE
            ELSE c.slack + p.slack
        END + s.slack + 1e-6 AS tolerance,
        isinf(c.high) OR isinf(p.high) OR isinf(s.low) OR isinf(s.high) AS open_top,
        c.observation_id,
        p.observation_id AS prior_observation_id,
        c.synthetic
    FROM figure AS c
    LEFT JOIN prior AS p
        ON p.followed_code = c.region_code
        AND p.year = c.year - 1
        AND p.indicator_code = c.indicator_code
        AND p.scope = c.scope
    LEFT JOIN stated AS s
        ON s.region_code = c.region_code
        AND s.year = c.year
        AND s.indicator_code = c.indicator_code
        AND s.scope = c.scope
)
SELECT
    region_code,
    region,
    place_code,
    year,
    indicator_code,
    indicator_zh,
    indicator_en,
    scope,
    value,
    unit,
    prior_value,
    prior_region,
    change,
    round(change_percent, 2) AS change_percent,
    stated_change,
    stated_unit,
    stated_text,
    round(comparable - stated_change::DOUBLE, 2) AS difference,
    CASE
        WHEN stated_change IS NULL THEN 'not_stated'
        WHEN comparable IS NULL THEN 'no_prior'
        WHEN least > stated_most + tolerance OR most < stated_least - tolerance THEN 'differs'
        WHEN open_top AND NOT (least >= stated_least - tolerance AND most <= stated_most + tolerance) THEN 'uncertain'
        ELSE 'agrees'
    END AS verdict,
    observation_id,
    prior_observation_id,
    synthetic
FROM compared;
COMMENT ON VIEW year_on_year IS 'The figure that stands for a year beside that of the year before, and the change as stated beside the change as computed; follows a place across a change of its code (同比)';
COMMENT ON COLUMN year_on_year.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN year_on_year.region IS 'Name of that place (地区)';
COMMENT ON COLUMN year_on_year.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN year_on_year.year IS 'Year of the report (年度)';
COMMENT ON COLUMN year_on_year.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN year_on_year.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN year_on_year.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN year_on_year.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN year_on_year.value IS 'The figure of the year (当年数值)';
COMMENT ON COLUMN year_on_year.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN year_on_year.prior_value IS 'The figure of the year before; NULL where there is none (上年数值)';
COMMENT ON COLUMN year_on_year.prior_region IS 'Name of the place in the year before (上年地区名)';
COMMENT ON COLUMN year_on_year.change IS 'value less prior_value, in unit (增减量)';
COMMENT ON COLUMN year_on_year.change_percent IS 'The change in per cent of prior_value (增减百分比)';
COMMENT ON COLUMN year_on_year.stated_change IS 'The change as the report states it, negative where it went down; mostly but not always against the year before (报告所述增减)';
COMMENT ON COLUMN year_on_year.stated_unit IS 'Unit of stated_change: %, 百分点 or that of the figure (所述增减单位)';
COMMENT ON COLUMN year_on_year.stated_text IS 'Words of the stated change (所述增减原文)';
COMMENT ON COLUMN year_on_year.difference IS 'The computed change less the stated one, in stated_unit (差值)';
COMMENT ON COLUMN year_on_year.verdict IS 'agrees or differs beyond rounding; uncertain where it may agree but a figure has no upper bound; not_stated, no_prior (结论: 相符、不符、不确定、未述、无上年数)';
COMMENT ON COLUMN year_on_year.observation_id IS 'The figure of the year (当年观测值标识)';
COMMENT ON COLUMN year_on_year.prior_observation_id IS 'The figure of the year before (上年观测值标识)';
COMMENT ON COLUMN year_on_year.synthetic IS 'True for made-up sample data (是否为合成样例)';

-- Each figure twice: among its peers, and as the parent of the regions under it, so that one pass finds both.
CREATE VIEW region_compare AS
WITH figure AS NOT MATERIALIZED (
    SELECT
        l.*,
        s.above,
        CASE WHEN s.above THEN l.region_code ELSE l.parent_code END AS family
    FROM latest AS l
    CROSS JOIN (VALUES (false), (true)) AS s (above)
    WHERE l.scope = 'region'
),
ranked AS NOT MATERIALIZED (
    SELECT
        *,
        rank() OVER (PARTITION BY family, above, level, year, indicator_code ORDER BY value DESC) AS rank,
        count(*) OVER (PARTITION BY family, above, level, year, indicator_code) AS peers,
        median(value) OVER (PARTITION BY family, above, level, year, indicator_code) AS peer_median,
        max(value) FILTER (above) OVER (PARTITION BY family, year, indicator_code) AS parent_value
    FROM figure
)
SELECT
    region_code,
    region,
    level,
    family AS parent_code,
    year,
    indicator_code,
    indicator_zh,
    indicator_en,
    since_year,
    value,
    unit,
    rank,
    peers,
    peer_median,
    parent_value,
    CASE WHEN additive AND parent_value > 0 THEN round(100.0 * value::DOUBLE / parent_value::DOUBLE, 2) END AS parent_share,
    additive,
    observation_id,
    synthetic
FROM ranked
WHERE NOT above;
COMMENT ON VIEW region_compare IS 'A figure among the regions under the same parent: rank, median, and share of the parent for indicators that add up (地区比较)';
COMMENT ON COLUMN region_compare.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN region_compare.region IS 'Name of that place (地区)';
COMMENT ON COLUMN region_compare.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN region_compare.parent_code IS 'Code of the region above (上级地区代码)';
COMMENT ON COLUMN region_compare.year IS 'Year of the report (年度)';
COMMENT ON COLUMN region_compare.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN region_compare.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN region_compare.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN region_compare.since_year IS 'Always NULL, as in latest (累计起始年度)';
COMMENT ON COLUMN region_compare.value IS 'The figure in unit; a missing figure is a missing row, never 0 (数值)';
COMMENT ON COLUMN region_compare.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN region_compare.rank IS 'Rank by value among the peers that report it, the greatest first; ties share a rank (位次)';
COMMENT ON COLUMN region_compare.peers IS 'Regions under the same parent that report it, this one included (同级地区数)';
COMMENT ON COLUMN region_compare.peer_median IS 'Median of the peers (同级中位数)';
COMMENT ON COLUMN region_compare.parent_value IS 'The figure of the parent, as its own report states it (上级数值)';
COMMENT ON COLUMN region_compare.parent_share IS 'Share of the parent in per cent; NULL where the indicator does not add up or the parent has no figure (占上级百分比)';
COMMENT ON COLUMN region_compare.additive IS 'True where counties may be added up to their city (可否按地区加总)';
COMMENT ON COLUMN region_compare.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN region_compare.synthetic IS 'True for made-up sample data (是否为合成样例)';

-- The figures of a version and of the one before it, paired by what they measure and by their order in the text.
CREATE VIEW revisions AS
WITH version AS NOT MATERIALIZED (
    SELECT report_key, lag(report_key) OVER versions AS prior_key
    FROM dim_report
    WINDOW versions AS (PARTITION BY publisher_key, region_key, year_key, series ORDER BY vintage)
),
side AS NOT MATERIALIZED (
    SELECT report_key AS new_key, report_key, false AS before FROM version WHERE prior_key IS NOT NULL
    UNION ALL
    SELECT report_key AS new_key, prior_key AS report_key, true AS before FROM version WHERE prior_key IS NOT NULL
),
figure AS NOT MATERIALIZED (
    SELECT
        g.region_code,
        g.region_zh AS region,
        f.year_key AS year,
        i.indicator_code,
        i.indicator_zh,
        i.indicator_en,
        f.role,
        f.direction,
        f.scope,
        f.since_year,
        f.figure_year,
        f.period,
        u.unit,
        s.new_key,
        s.before,
        f.value,
        f.raw_text,
        f.observation_id,
        row_number() OVER (
            PARTITION BY
                g.region_code, g.region_zh, f.year_key, i.indicator_code, i.indicator_zh, i.indicator_en,
                f.role, f.direction, f.scope, f.since_year, f.figure_year, f.period, u.unit, s.new_key, s.before
            ORDER BY f.start_offset, f.observation_id
        ) AS nth
    FROM fact_observation AS f
    JOIN side AS s ON s.report_key = f.report_key
    JOIN dim_region AS g ON g.region_key = f.region_key
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    JOIN dim_unit AS u ON u.unit_key = f.unit_key
),
paired AS NOT MATERIALIZED (
    SELECT
        region_code,
        region,
        year,
        indicator_code,
        indicator_zh,
        indicator_en,
        role,
        direction,
        scope,
        since_year,
        figure_year,
        period,
        unit,
        new_key,
        nth,
        max(value) FILTER (before) AS old_value,
        max(value) FILTER (NOT before) AS new_value,
        max(raw_text) FILTER (before) AS old_text,
        max(raw_text) FILTER (NOT before) AS new_text,
        max(observation_id) FILTER (before) AS old_observation_id,
        max(observation_id) FILTER (NOT before) AS new_observation_id
    FROM figure
    GROUP BY ALL
)
SELECT
    p.region_code,
    p.region,
    p.year,
    b.publisher,
    p.indicator_code,
    p.indicator_zh,
    p.indicator_en,
    p.role,
    p.scope,
    p.since_year,
    p.figure_year,
    p.period,
    CASE WHEN p.old_value IS NULL THEN 'added' WHEN p.new_value IS NULL THEN 'withdrawn' ELSE 'changed' END AS change,
    p.old_value,
    p.new_value,
    p.new_value - p.old_value AS difference,
    p.unit,
    p.old_text,
    p.new_text,
    o.vintage AS old_vintage,
    n.vintage AS new_vintage,
    o.published AS old_published,
    n.published AS new_published,
    n.title AS report_title,
    n.url,
    p.old_observation_id,
    p.new_observation_id,
    n.synthetic
FROM paired AS p
JOIN dim_report AS n ON n.report_key = p.new_key
JOIN version AS v ON v.report_key = p.new_key
JOIN dim_report AS o ON o.report_key = v.prior_key
JOIN dim_publisher AS b ON b.publisher_key = n.publisher_key
WHERE p.old_value IS DISTINCT FROM p.new_value;
COMMENT ON VIEW revisions IS 'What changed between a version of a report and the one before it, one row a figure (修订)';
COMMENT ON COLUMN revisions.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN revisions.region IS 'Name of that place (地区)';
COMMENT ON COLUMN revisions.year IS 'Year of the report (年度)';
COMMENT ON COLUMN revisions.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN revisions.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN revisions.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN revisions.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN revisions.role IS 'actual, target, change, prior or plan (数值角色)';
COMMENT ON COLUMN revisions.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN revisions.since_year IS 'First year of a figure that accumulates (累计起始年度)';
COMMENT ON COLUMN revisions.figure_year IS 'Year the figure speaks of; NULL where not known (数值所属年度)';
COMMENT ON COLUMN revisions.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段)';
COMMENT ON COLUMN revisions.change IS 'changed, added or withdrawn (变动: 修改、新增、撤回)';
COMMENT ON COLUMN revisions.old_value IS 'The figure before; NULL where it was added (修订前数值)';
COMMENT ON COLUMN revisions.new_value IS 'The figure after; NULL where it was withdrawn (修订后数值)';
COMMENT ON COLUMN revisions.difference IS 'new_value less old_value (差值)';
COMMENT ON COLUMN revisions.unit IS 'Unit of both (单位)';
COMMENT ON COLUMN revisions.old_text IS 'The words before (修订前原文)';
COMMENT ON COLUMN revisions.new_text IS 'The words after (修订后原文)';
COMMENT ON COLUMN revisions.old_vintage IS 'Version before (修订前版次)';
COMMENT ON COLUMN revisions.new_vintage IS 'Version after (修订后版次)';
COMMENT ON COLUMN revisions.old_published IS 'Date of publication of the version before (修订前发布日期)';
COMMENT ON COLUMN revisions.new_published IS 'Date of publication of the version after (修订后发布日期)';
COMMENT ON COLUMN revisions.report_title IS 'Title of the version after (报告标题)';
COMMENT ON COLUMN revisions.url IS 'Where the version after was found (来源地址)';
COMMENT ON COLUMN revisions.old_observation_id IS 'The figure before (修订前观测值标识)';
COMMENT ON COLUMN revisions.new_observation_id IS 'The figure after (修订后观测值标识)';
COMMENT ON COLUMN revisions.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE VIEW rates_recomputed AS
SELECT
    c.region_code,
    g.region_zh AS region,
    c.year,
    c.indicator_code,
    i.indicator_zh,
    i.indicator_en,
    c.scope,
    c.since_year,
    c.figure_year,
    c.period,
    c.left_value AS stated,
    c.right_value AS recomputed,
    c.difference,
    c.tolerance,
    c.verdict,
    c.part_indicator,
    c.part_value,
    c.whole_indicator,
    c.whole_value,
    c.sentence,
    c.message_en,
    c.message_zh,
    c.relation_id,
    c.report_hash,
    c.observation_ids
FROM identity_check AS c
LEFT JOIN dim_region AS g ON g.region_code = c.region_code
LEFT JOIN dim_indicator AS i ON i.indicator_code = c.indicator_code
WHERE c.kind = 'rate';
COMMENT ON VIEW rates_recomputed IS 'Rates as stated beside part / whole as stated in the same report: 7.2% = 11 / 152 (比率复算)';
COMMENT ON COLUMN rates_recomputed.region_code IS 'Code of GB/T 2260 (行政区划代码)';
COMMENT ON COLUMN rates_recomputed.region IS 'Name of the region (地区)';
COMMENT ON COLUMN rates_recomputed.year IS 'Year of the report (年度)';
COMMENT ON COLUMN rates_recomputed.indicator_code IS 'Indicator of the rate (比率指标代码)';
COMMENT ON COLUMN rates_recomputed.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN rates_recomputed.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN rates_recomputed.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN rates_recomputed.since_year IS 'First year of a rate that accumulates (累计起始年度)';
COMMENT ON COLUMN rates_recomputed.figure_year IS 'Year the figure speaks of; NULL where not known (数值所属年度)';
COMMENT ON COLUMN rates_recomputed.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段)';
COMMENT ON COLUMN rates_recomputed.stated IS 'The rate as stated, in per cent (所述比率)';
COMMENT ON COLUMN rates_recomputed.recomputed IS '100 part / whole; NULL where one of them is missing (复算比率)';
COMMENT ON COLUMN rates_recomputed.difference IS 'stated less recomputed (差值)';
COMMENT ON COLUMN rates_recomputed.tolerance IS 'Difference that the rounding as printed allows (容许误差)';
COMMENT ON COLUMN rates_recomputed.verdict IS 'PASS, FAIL, UNCERTAIN or NOT_ASSESSABLE (结论: 相符、不符、不确定、无法核对)';
COMMENT ON COLUMN rates_recomputed.part_indicator IS 'Indicator of the part (分子指标代码)';
COMMENT ON COLUMN rates_recomputed.part_value IS 'The part as stated (分子)';
COMMENT ON COLUMN rates_recomputed.whole_indicator IS 'Indicator of the whole that fits, or of the first that could be (分母指标代码)';
COMMENT ON COLUMN rates_recomputed.whole_value IS 'The whole as stated (分母)';
COMMENT ON COLUMN rates_recomputed.sentence IS 'Sentence of the rate (原句)';
COMMENT ON COLUMN rates_recomputed.message_en IS 'The comparison in words, in English (英文说明)';
COMMENT ON COLUMN rates_recomputed.message_zh IS 'The comparison in words, in Chinese (中文说明)';
COMMENT ON COLUMN rates_recomputed.relation_id IS 'Relation of the lexicon (关系标识)';
COMMENT ON COLUMN rates_recomputed.report_hash IS 'SHA-256 of the report as found (报告哈希)';
COMMENT ON COLUMN rates_recomputed.observation_ids IS 'The figures compared: rate, part, whole (涉及的观测值)';

-- What the ledger's entries found in the reports they name. An entry holds where it was applied in one of them, and in
-- the newest version of each report that it was applied in.
CREATE VIEW correction_check AS
WITH named AS NOT MATERIALIZED (
    SELECT c.correction_id, r.report_key, r.publisher_key, r.region_key, r.year_key, r.series, r.vintage
    FROM correction AS c
    JOIN dim_publisher AS p ON p.publisher = c.publisher
    JOIN dim_region AS g ON g.region_code = c.region_code
    JOIN dim_report AS r ON r.publisher_key = p.publisher_key AND r.region_key = g.region_key AND r.year_key = c.year
    UNION
    SELECT c.correction_id, r.report_key, r.publisher_key, r.region_key, r.year_key, r.series, r.vintage
    FROM correction AS c
    JOIN dim_report AS n ON n.report_hash[:12] = c.report_hash[:12] AND starts_with(n.report_hash, c.report_hash)
    -- with the later versions of a document that is named by its hash, which may have been mended
    JOIN dim_report AS r
        ON r.publisher_key = n.publisher_key
        AND r.region_key = n.region_key
        AND r.year_key = n.year_key
        AND r.series = n.series
        AND r.vintage >= n.vintage
),
applied AS NOT MATERIALIZED (
    SELECT correction_id, report_key, count(*) AS figures
    FROM (
        SELECT correction_id, report_key FROM fact_observation WHERE correction_id IS NOT NULL
        UNION ALL
        SELECT correction_id, report_key FROM unmapped_observation WHERE correction_id IS NOT NULL
    )
    GROUP BY ALL
),
version AS NOT MATERIALIZED (
    SELECT
        n.*,
        coalesce(a.figures, 0) AS figures,
        max(n.vintage) OVER series = n.vintage AND coalesce(a.figures, 0) = 0
            AND sum(coalesce(a.figures, 0)) OVER series > 0 AS lost
    FROM named AS n
    LEFT JOIN applied AS a ON a.correction_id = n.correction_id AND a.report_key = n.report_key
    WINDOW series AS (PARTITION BY n.correction_id, n.publisher_key, n.region_key, n.year_key, n.series)
),
counted AS NOT MATERIALIZED (
    SELECT correction_id, count(*) AS reports, sum(figures)::BIGINT AS figures, bool_or(lost) AS lost
    FROM version
    GROUP BY correction_id
),
found AS NOT MATERIALIZED (
    SELECT
        c.correction_id,
        array_to_string(list_slice(list(f.raw_text ORDER BY f.report_key, f.start_offset), 1, 5), ', ') AS words
    FROM correction AS c
    JOIN named AS n ON n.correction_id = c.correction_id
    JOIN dim_indicator AS i ON i.indicator_code = c.indicator_code
    JOIN fact_observation AS f ON f.report_key = n.report_key AND f.indicator_key = i.indicator_key
    WHERE f.correction_id IS NULL
    GROUP BY c.correction_id
),
judged AS NOT MATERIALIZED (
    SELECT
        c.*,
        coalesce(n.reports, 0) AS reports,
        coalesce(n.figures, 0) AS figures,
        f.words AS found,
        coalesce(c.expect_text, c.quote, plain_number(c.expect_value)) AS expected,
        CASE
            WHEN n.reports IS NULL THEN 'NOT_APPLICABLE'
            WHEN n.figures = 0 OR n.lost THEN 'GUARD_FAILED'
            ELSE 'APPLIED'
        END AS verdict
    FROM correction AS c
    LEFT JOIN counted AS n ON n.correction_id = c.correction_id
    LEFT JOIN found AS f ON f.correction_id = c.correction_id
)
SELECT
    correction_id,
    action,
    verdict,
    reports,
    figures,
    region_code,
    year,
    indicator_code,
    expected,
    found,
    reason,
    author,
    decided_on,
    place,
    CASE verdict
        WHEN 'APPLIED' THEN format('{} at {} was applied to figures: {}', correction_id, place, figures)
        WHEN 'NOT_APPLICABLE' THEN format('{} at {} is about a report that is not here', correction_id, place)
        ELSE format(
            '{} at {} expects {}, but the report says {}; it was not applied. Remove the entry or write its guard anew',
            correction_id, place, expected, coalesce(found, 'nothing of the kind')
        )
    END AS message_en,
    CASE verdict
        WHEN 'APPLIED' THEN format('{}({})已用于{}个数值', correction_id, place, figures)
        WHEN 'NOT_APPLICABLE' THEN format('{}({})所指报告不在库中', correction_id, place)
        ELSE format(
            '{}({})应见"{}",报告中却是"{}";未予更正。请删除该条目或改写其校验值',
            correction_id, place, expected, coalesce(found, '无此数值')
        )
    END AS message_zh
FROM judged;
COMMENT ON VIEW correction_check IS 'The entries of the ledger and what they found: applied, not applicable, or a guard that failed (更正核对)';
COMMENT ON COLUMN correction_check.correction_id IS 'Name of the entry (更正条目)';
COMMENT ON COLUMN correction_check.action IS 'override, scale, drop, recode or flag (处理方式)';
COMMENT ON COLUMN correction_check.verdict IS 'APPLIED, NOT_APPLICABLE where the report is not here, GUARD_FAILED where it says something else (结论: 已用、不适用、校验不符)';
COMMENT ON COLUMN correction_check.reports IS 'Reports here that the entry names, every version (报告数)';
COMMENT ON COLUMN correction_check.figures IS 'Figures it was applied to (更正数值个数)';
COMMENT ON COLUMN correction_check.region_code IS 'Region of the report named (报告地区代码)';
COMMENT ON COLUMN correction_check.year IS 'Year of the report named (报告年度)';
COMMENT ON COLUMN correction_check.indicator_code IS 'Indicator of the figure as read (指标代码)';
COMMENT ON COLUMN correction_check.expected IS 'What the entry expects to find (应有原文)';
COMMENT ON COLUMN correction_check.found IS 'Up to five figures of that indicator in those reports that were not corrected (现有原文)';
COMMENT ON COLUMN correction_check.reason IS 'Why (更正理由)';
COMMENT ON COLUMN correction_check.author IS 'Who decided (更正人)';
COMMENT ON COLUMN correction_check.decided_on IS 'When it was decided (更正日期)';
COMMENT ON COLUMN correction_check.place IS 'File and line of the entry (文件与行号)';
COMMENT ON COLUMN correction_check.message_en IS 'The outcome in words, in English (英文说明)';
COMMENT ON COLUMN correction_check.message_zh IS 'The outcome in words, in Chinese (中文说明)';

-- Why an indicator of a region and year has no figure. A configured region and a year in which its code is in force.
CREATE VIEW indicator_coverage AS
WITH found AS NOT MATERIALIZED (
    SELECT
        g.region_code,
        f.year_key AS year,
        i.indicator_code,
        bool_or(
            f.role = 'actual'
            AND f.status IN ('current', 'corrected')
            AND of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)
        ) AS stands,
        bool_or(f.role = 'actual' AND of_the_year(f.year_key, f.figure_year, f.period, f.since_year, f.stock_date)) AS actual,
        bool_or(f.role = 'actual') AS of_other_period,
        count(*) AS figures
    FROM fact_observation AS f
    JOIN dim_region AS g ON g.region_key = f.region_key
    JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
    GROUP BY ALL
),
stated AS NOT MATERIALIZED (
    SELECT
        c.region_code,
        c.region,
        c.year,
        i.indicator_code,
        i.indicator_zh,
        i.indicator_en,
        coalesce(f.figures, 0) AS figures,
        CASE
            WHEN f.stands THEN 'observed'
            WHEN f.actual THEN 'set_aside'
            WHEN f.of_other_period THEN 'other_period'
            WHEN f.figures > 0 THEN 'other_role'
            WHEN c.state = 'observed' THEN 'not_mentioned'
            ELSE c.state
        END AS state,
        c.reason_zh,
        c.reason_en
    FROM coverage AS c
    JOIN dim_indicator AS i
        ON c.year BETWEEN coalesce(i.valid_from, 0) AND coalesce(i.valid_to, 9999)
    LEFT JOIN found AS f
        ON f.region_code = c.region_code AND f.year = c.year AND f.indicator_code = i.indicator_code
)
SELECT
    region_code,
    region,
    year,
    indicator_code,
    indicator_zh,
    indicator_en,
    figures,
    state,
    CASE state
        WHEN 'observed' THEN '有数值'
        WHEN 'set_aside' THEN '有数值,但存疑、冲突或已剔除'
        WHEN 'other_period' THEN '只有半年、若干月、专项行动、累计等非全年数值'
        WHEN 'other_role' THEN '只有目标、计划、增减或往年数'
        WHEN 'not_mentioned' THEN '报告未提及'
        ELSE stated.reason_zh
    END AS reason_zh,
    CASE state
        WHEN 'observed' THEN 'there is a figure'
        WHEN 'set_aside' THEN 'there is a figure, but a suspect, conflicting or dropped one'
        WHEN 'other_period' THEN 'only a figure of a part of the year, of several years or of another one'
        WHEN 'other_role' THEN 'only a target, plan, change or figure of an earlier year'
        WHEN 'not_mentioned' THEN 'the report does not mention it'
        ELSE stated.reason_en
    END AS reason_en
FROM stated;
COMMENT ON VIEW indicator_coverage IS 'Configured regions by year and indicator: whether there is a figure that stands for the year, and why there is none (指标覆盖情况)';
COMMENT ON COLUMN indicator_coverage.region_code IS 'Code of GB/T 2260 (行政区划代码)';
COMMENT ON COLUMN indicator_coverage.region IS 'Name of the region (地区)';
COMMENT ON COLUMN indicator_coverage.year IS 'Year of the report (年度)';
COMMENT ON COLUMN indicator_coverage.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN indicator_coverage.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN indicator_coverage.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN indicator_coverage.figures IS 'Figures of the indicator, of every role and status (数值个数)';
COMMENT ON COLUMN indicator_coverage.state IS 'observed, set_aside, other_period, other_role, not_mentioned, no_number, quarantined or not_published (状态: 有数值、存疑或冲突、仅有其他时段、仅有其他角色、未提及、无数字、被隔离、未发布)';
COMMENT ON COLUMN indicator_coverage.reason_zh IS 'The state in words, in Chinese (中文说明)';
COMMENT ON COLUMN indicator_coverage.reason_en IS 'The state in words, in English (英文说明)';

-- The codes that sdmx_observations uses. FREQ, OBS_STATUS, CONF_STATUS, UNIT_MULT and DECIMALS are those of the
-- cross-domain code lists of SDMX; the others are this warehouse's own.
CREATE VIEW sdmx_codes AS
SELECT *
FROM (
    VALUES
        ('FREQ', 'CL_FREQ', 'A', 'Annual', '年度'),
        ('OBS_STATUS', 'CL_OBS_STATUS', 'A', 'Normal value: stands as reported', '正常值: 按报告原样'),
        ('OBS_STATUS', 'CL_OBS_STATUS', 'E', 'Estimated value: corrected by a steward', '估计值: 经台账更正'),
        ('OBS_STATUS', 'CL_OBS_STATUS', 'U', 'Low reliability: cannot be right as printed', '可靠性低: 按原样不可能成立'),
        ('CONF_STATUS', 'CL_CONF_STATUS', 'F', 'Free for publication', '可公开'),
        ('UNIT_MULT', 'CL_UNIT_MULT', '0', 'Units: 1.42万 is stored as 14200', '个: 1.42万存为14200'),
        ('SINCE', '', '_Z', 'Not applicable: a figure of the year alone', '不适用: 仅为当年数'),
        ('SCOPE', '', 'REGION', 'The whole region', '全域'),
        ('SCOPE', '', 'OWN_LEVEL', 'The region''s own level (市本级)', '本级'),
        ('SCOPE', '', 'PUBLISHER', 'The publishing body itself', '本单位'),
        ('SCOPE', '', 'PART', 'A sub-population', '部分'),
        ('SCOPE', '', 'AVERAGE', 'Per person, day or office', '平均'),
        ('UNIT_MEASURE', '', 'PT', 'Per cent', '百分比'),
        ('UNIT_MEASURE', '', 'CNY', 'Chinese yuan (ISO 4217)', '元'),
        ('UNIT_MEASURE', '', 'USD', 'US dollar (ISO 4217)', '美元')
) AS code (concept, codelist, code, meaning_en, meaning_zh)
UNION ALL
SELECT 'UNIT_MEASURE', '', sdmx_unit(unit, unit_en), any_value(unit_en), any_value(unit)
FROM dim_unit
WHERE unit_en IS NOT NULL AND unit NOT IN ('%', '元', '美元')
GROUP BY sdmx_unit(unit, unit_en);
COMMENT ON VIEW sdmx_codes IS 'The codes that sdmx_observations uses, with their meaning; where codelist is given, of the cross-domain code lists of SDMX (SDMX代码)';
COMMENT ON COLUMN sdmx_codes.concept IS 'Column of sdmx_observations (概念)';
COMMENT ON COLUMN sdmx_codes.codelist IS 'Cross-domain code list of SDMX the code is taken from; empty for codes of this warehouse (代码表)';
COMMENT ON COLUMN sdmx_codes.code IS 'The code (代码)';
COMMENT ON COLUMN sdmx_codes.meaning_en IS 'What it stands for here, in English (英文含义)';
COMMENT ON COLUMN sdmx_codes.meaning_zh IS 'What it stands for here, in Chinese (中文含义)';

CREATE VIEW sdmx_observations AS
SELECT
    'A' AS FREQ,
    f.region_code AS REF_AREA,
    f.indicator_code AS INDICATOR,
    upper(f.scope) AS SCOPE,
    '_Z' AS SINCE,
    f.year::VARCHAR AS TIME_PERIOD,
    f.value AS OBS_VALUE,
    CASE f.status WHEN 'suspect' THEN 'U' WHEN 'corrected' THEN 'E' ELSE 'A' END AS OBS_STATUS,
    'F' AS CONF_STATUS,
    sdmx_unit(f.unit, u.unit_en) AS UNIT_MEASURE,
    '0' AS UNIT_MULT,
    length(rtrim(split_part(f.value::VARCHAR, '.', 2), '0'))::VARCHAR AS DECIMALS,
    f.raw_text AS COMMENT_OBS,
    f.publisher AS DATA_SOURCE,
    f.url AS SOURCE_URL,
    f.observation_id AS OBSERVATION_ID,
    f.synthetic AS SYNTHETIC
FROM latest_or_suspect AS f
LEFT JOIN dim_unit AS u ON u.unit = f.unit;
COMMENT ON VIEW sdmx_observations IS 'The latest figures for exchange by SDMX: FREQ, REF_AREA, INDICATOR, SCOPE, SINCE and TIME_PERIOD are the key; a suspect figure where none stands, with OBS_STATUS U (SDMX观测值)';
COMMENT ON COLUMN sdmx_observations.FREQ IS 'Frequency: A, annual (频率)';
COMMENT ON COLUMN sdmx_observations.REF_AREA IS 'Code of GB/T 2260 (参考地区)';
COMMENT ON COLUMN sdmx_observations.INDICATOR IS 'Indicator of the lexicon (指标)';
COMMENT ON COLUMN sdmx_observations.SCOPE IS 'Whose figure, see sdmx_codes (统计范围)';
COMMENT ON COLUMN sdmx_observations.SINCE IS '_Z, not applicable: running totals are not exchanged as figures of a year (累计起始年度)';
COMMENT ON COLUMN sdmx_observations.TIME_PERIOD IS 'Year (时期)';
COMMENT ON COLUMN sdmx_observations.OBS_VALUE IS 'The figure (观测值)';
COMMENT ON COLUMN sdmx_observations.OBS_STATUS IS 'A normal, E corrected by a steward, U suspect (观测状态)';
COMMENT ON COLUMN sdmx_observations.CONF_STATUS IS 'F, free for publication (保密状态)';
COMMENT ON COLUMN sdmx_observations.UNIT_MEASURE IS 'Unit of measure, see sdmx_codes (计量单位)';
COMMENT ON COLUMN sdmx_observations.UNIT_MULT IS 'Power of ten: always 0 (单位乘数)';
COMMENT ON COLUMN sdmx_observations.DECIMALS IS 'Decimals of OBS_VALUE (小数位数)';
COMMENT ON COLUMN sdmx_observations.COMMENT_OBS IS 'The very words of the report (原文)';
COMMENT ON COLUMN sdmx_observations.DATA_SOURCE IS 'Who published the report (数据来源)';
COMMENT ON COLUMN sdmx_observations.SOURCE_URL IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN sdmx_observations.OBSERVATION_ID IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN sdmx_observations.SYNTHETIC IS 'True for made-up sample data (是否为合成样例)';
