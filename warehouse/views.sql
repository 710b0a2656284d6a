-- What analysts read. `observations` is the one to start with; nothing is hidden in `observations_all`.

CREATE VIEW observations_all AS
WITH figure AS NOT MATERIALIZED (
    SELECT * FROM fact_observation
    UNION ALL
    SELECT * FROM unmapped_observation
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
    f.raw_unit,
    f.qualifier,
    f.role,
    f.direction,
    f.scope,
    f.since_year,
    f.figure_year,
    f.period,
    f.stock_date,
    f.status,
    f.status_reason,
    f.own_status,
    f.correction_id,
    f.reported_value,
    f.raw_text,
    f.sentence,
    f.phrase,
    p.publisher,
    r.title AS report_title,
    r.url,
    r.published,
    r.vintage,
    r.report_hash,
    f.start_offset,
    f.end_offset,
    f.location,
    f.observation_id,
    r.synthetic
FROM figure AS f
LEFT JOIN dim_indicator AS i ON i.indicator_key = f.indicator_key
LEFT JOIN dim_unit AS u ON u.unit_key = f.unit_key
LEFT JOIN dim_region AS g ON g.region_key = f.region_key
LEFT JOIN dim_publisher AS p ON p.publisher_key = f.publisher_key
LEFT JOIN dim_report AS r ON r.report_key = f.report_key;
COMMENT ON VIEW observations_all IS 'Every figure of every report, whatever its role and status, coded or not (全部观测值)';
COMMENT ON COLUMN observations_all.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN observations_all.region IS 'Name of that place (地区)';
COMMENT ON COLUMN observations_all.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN observations_all.year IS 'Year of the report (年度)';
COMMENT ON COLUMN observations_all.indicator_code IS 'Indicator; NULL where the figure is not coded (指标代码)';
COMMENT ON COLUMN observations_all.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN observations_all.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN observations_all.value IS 'The figure in unit (数值)';
COMMENT ON COLUMN observations_all.value_low IS 'Least value the words allow (数值下界)';
COMMENT ON COLUMN observations_all.value_high IS 'Greatest value the words allow; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN observations_all.slack IS 'How far rounding as printed lets the value be off, in its unit (舍入误差)';
COMMENT ON COLUMN observations_all.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN observations_all.raw_unit IS 'Unit as written (原文单位)';
COMMENT ON COLUMN observations_all.qualifier IS 'exact, over, about, nearly or at_most (数值限定)';
COMMENT ON COLUMN observations_all.role IS 'actual, target, change, prior or plan (数值角色)';
COMMENT ON COLUMN observations_all.direction IS 'up or down, for a change only (增减方向)';
COMMENT ON COLUMN observations_all.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN observations_all.since_year IS 'First year of a figure that accumulates (累计起始年度)';
COMMENT ON COLUMN observations_all.figure_year IS 'Year the figure speaks of; NULL where not known (数值所属年度)';
COMMENT ON COLUMN observations_all.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段)';
COMMENT ON COLUMN observations_all.stock_date IS 'Day a stock is told for, the last of the year where none is; NULL for a flow (时点)';
COMMENT ON COLUMN observations_all.status IS 'current, duplicate, superseded, conflict, suspect, corrected or dropped (状态)';
COMMENT ON COLUMN observations_all.status_reason IS 'Why the status is not current (状态原因)';
COMMENT ON COLUMN observations_all.own_status IS 'Status within the report alone (本报告内状态)';
COMMENT ON COLUMN observations_all.correction_id IS 'Entry of the ledger that was applied; NULL without one (更正条目)';
COMMENT ON COLUMN observations_all.reported_value IS 'The figure as reported, where an entry of the ledger was applied; else NULL (更正前数值)';
COMMENT ON COLUMN observations_all.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN observations_all.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN observations_all.phrase IS 'The wording the figure was found with (所在短语)';
COMMENT ON COLUMN observations_all.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN observations_all.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN observations_all.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN observations_all.published IS 'Date of publication (发布日期)';
COMMENT ON COLUMN observations_all.vintage IS 'Which publication of this publisher on this region and year, from 1 (版次)';
COMMENT ON COLUMN observations_all.report_hash IS 'SHA-256 of the report as found (报告哈希)';
COMMENT ON COLUMN observations_all.start_offset IS 'Where raw_text starts in the canonical text (起始位置)';
COMMENT ON COLUMN observations_all.end_offset IS 'Where raw_text ends in the canonical text, exclusive (结束位置)';
COMMENT ON COLUMN observations_all.location IS 'Where the figure stands in the file: XPath of a web page, page and box of a PDF (文件中的位置)';
COMMENT ON COLUMN observations_all.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN observations_all.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE VIEW observations AS
SELECT
    region_code,
    region,
    place_code,
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
    status,
    correction_id,
    reported_value,
    raw_text,
    sentence,
    publisher,
    report_title,
    url,
    published,
    report_hash,
    start_offset,
    end_offset,
    location,
    observation_id,
    synthetic
FROM observations_all
WHERE indicator_code IS NOT NULL AND role = 'actual' AND status IN ('current', 'corrected');
COMMENT ON VIEW observations IS 'Figures to work with: coded, actual, current or corrected; one row a figure, of whatever period; latest has those that stand for the year (观测值)';
COMMENT ON COLUMN observations.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN observations.region IS 'Name of that place (地区)';
COMMENT ON COLUMN observations.place_code IS 'Last code of the same place, one for 邵东县 and 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN observations.year IS 'Year of the report (年度)';
COMMENT ON COLUMN observations.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN observations.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN observations.indicator_en IS 'Indicator in English (指标英文名)';
COMMENT ON COLUMN observations.value IS 'The figure in unit; a missing figure is a missing row, never 0 (数值)';
COMMENT ON COLUMN observations.value_low IS 'Least value the words allow (数值下界)';
COMMENT ON COLUMN observations.value_high IS 'Greatest value the words allow; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN observations.slack IS 'How far rounding as printed lets the value be off, in its unit (舍入误差)';
COMMENT ON COLUMN observations.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN observations.qualifier IS 'exact, over, about, nearly or at_most (数值限定)';
COMMENT ON COLUMN observations.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围)';
COMMENT ON COLUMN observations.since_year IS 'First year of a figure that accumulates (累计起始年度)';
COMMENT ON COLUMN observations.figure_year IS 'Year the figure speaks of; NULL where not known (数值所属年度)';
COMMENT ON COLUMN observations.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段)';
COMMENT ON COLUMN observations.stock_date IS 'Day a stock is told for, the last of the year where none is; NULL for a flow (时点)';
COMMENT ON COLUMN observations.status IS 'current, or corrected by the ledger (状态: 现行、已更正)';
COMMENT ON COLUMN observations.correction_id IS 'Entry of the ledger that was applied; NULL without one (更正条目)';
COMMENT ON COLUMN observations.reported_value IS 'The figure as reported, where it was corrected; else NULL (更正前数值)';
COMMENT ON COLUMN observations.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN observations.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN observations.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN observations.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN observations.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN observations.published IS 'Date of publication (发布日期)';
COMMENT ON COLUMN observations.report_hash IS 'SHA-256 of the report as found (报告哈希)';
COMMENT ON COLUMN observations.start_offset IS 'Where raw_text starts in the canonical text (起始位置)';
COMMENT ON COLUMN observations.end_offset IS 'Where raw_text ends in the canonical text, exclusive (结束位置)';
COMMENT ON COLUMN observations.location IS 'Where the figure stands in the file: XPath of a web page, page and box of a PDF (文件中的位置)';
COMMENT ON COLUMN observations.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN observations.synthetic IS 'True for made-up sample data (是否为合成样例)';

CREATE VIEW suspect_observations AS
SELECT
    region_code,
    region,
    year,
    indicator_code,
    indicator_zh,
    value,
    unit,
    raw_text,
    status_reason,
    sentence,
    publisher,
    report_title,
    url,
    report_hash,
    observation_id,
    synthetic
FROM observations_all
WHERE status = 'suspect';
COMMENT ON VIEW suspect_observations IS 'Figures that cannot be right as printed, kept as reported, with the reason (存疑数值)';
COMMENT ON COLUMN suspect_observations.region_code IS 'Code of GB/T 2260 of the place the figure is about (行政区划代码)';
COMMENT ON COLUMN suspect_observations.region IS 'Name of that place (地区)';
COMMENT ON COLUMN suspect_observations.year IS 'Year of the report (年度)';
COMMENT ON COLUMN suspect_observations.indicator_code IS 'Indicator; NULL where the figure is not coded (指标代码)';
COMMENT ON COLUMN suspect_observations.indicator_zh IS 'Indicator in Chinese (指标中文名)';
COMMENT ON COLUMN suspect_observations.value IS 'The figure as printed (数值)';
COMMENT ON COLUMN suspect_observations.unit IS 'Unit of value (单位)';
COMMENT ON COLUMN suspect_observations.raw_text IS 'The very words of the report (原文)';
COMMENT ON COLUMN suspect_observations.status_reason IS 'Why it cannot be right (存疑原因)';
COMMENT ON COLUMN suspect_observations.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN suspect_observations.publisher IS 'Who published the report (发布单位)';
COMMENT ON COLUMN suspect_observations.report_title IS 'Title of the report (报告标题)';
COMMENT ON COLUMN suspect_observations.url IS 'Where the report was found (来源地址)';
COMMENT ON COLUMN suspect_observations.report_hash IS 'SHA-256 of the report as found (报告哈希)';
COMMENT ON COLUMN suspect_observations.observation_id IS 'Stable id of the figure (观测值标识)';
COMMENT ON COLUMN suspect_observations.synthetic IS 'True for made-up sample data (是否为合成样例)';

-- Region × year of the configured regions, each place under the code it had that year. A code outside its years of
-- validity (邵东市 before 2019) has a row only where something was found for it.
CREATE VIEW coverage AS
WITH reason_name (reason, reason_zh) AS (
    VALUES
        ('empty', '空文件'),
        ('unreadable', '无法读取'),
        ('too_large', '文件过大'),
        ('truncated', '文件不完整'),
        ('encrypted', '文件已加密'),
        ('too_complex', '解析超出时间或内存上限'),
        ('unsafe_archive', '压缩包不安全'),
        ('scanned_without_ocr', '扫描件,未安装文字识别'),
        ('needs_libreoffice', '需要LibreOffice转换'),
        ('unsupported_format', '格式不支持'),
        ('not_a_report', '不是报告'),
        ('unknown_region', '地区不明'),
        ('unknown_year', '年度不明'),
        ('region_not_configured', '地区不在范围内'),
        ('year_not_configured', '年度不在范围内')
),
-- by region_code, so that a filter on it reaches the figures
reported AS NOT MATERIALIZED (
    SELECT g.region_code, r.year_key, count(*) AS reports
    FROM dim_report AS r
    JOIN dim_region AS g ON g.region_key = r.region_key
    GROUP BY ALL
),
figure AS NOT MATERIALIZED (
    SELECT report_key, 1 AS coded FROM fact_observation
    UNION ALL
    SELECT report_key, 0 AS coded FROM unmapped_observation
),
counted AS NOT MATERIALIZED (
    SELECT g.region_code, r.year_key, count(*) AS figures, sum(f.coded)::BIGINT AS coded_figures
    FROM figure AS f
    JOIN dim_report AS r ON r.report_key = f.report_key
    JOIN dim_region AS g ON g.region_key = r.region_key
    GROUP BY ALL
),
held AS NOT MATERIALIZED (
    SELECT
        q.region_code,
        q.report_year,
        count(*) AS quarantined,
        string_agg(DISTINCT q.reason, ', ' ORDER BY q.reason) AS reasons_en,
        string_agg(DISTINCT coalesce(n.reason_zh, q.reason), '、' ORDER BY coalesce(n.reason_zh, q.reason)) AS reasons_zh
    FROM quarantine AS q
    LEFT JOIN reason_name AS n ON n.reason = q.reason
    GROUP BY ALL
),
cell AS NOT MATERIALIZED (
    SELECT
        g.region_code,
        g.region_zh AS region,
        g.place_code,
        y.year_key AS year,
        coalesce(r.reports, 0) AS reports,
        coalesce(c.figures, 0) AS figures,
        coalesce(c.coded_figures, 0) AS coded_figures,
        coalesce(h.quarantined, 0) AS quarantined,
        CASE
            WHEN c.coded_figures > 0 THEN 'observed'
            WHEN c.figures > 0 THEN 'not_mentioned'
            WHEN r.reports > 0 THEN 'no_number'
            WHEN h.quarantined > 0 THEN 'quarantined'
            ELSE 'not_published'
        END AS state,
        h.reasons_en,
        h.reasons_zh
    FROM dim_region AS g
    JOIN dim_year AS y ON y.reported
    LEFT JOIN reported AS r ON r.region_code = g.region_code AND r.year_key = y.year_key
    LEFT JOIN counted AS c ON c.region_code = g.region_code AND c.year_key = y.year_key
    LEFT JOIN held AS h ON h.region_code = g.region_code AND h.report_year = y.year_key
    WHERE g.configured
      AND (
          y.year_key BETWEEN coalesce(g.valid_from, 0) AND coalesce(g.valid_to, 9999)
          OR r.reports > 0
          OR h.quarantined > 0
      )
)
SELECT
    region_code,
    region,
    place_code,
    year,
    reports,
    figures,
    coded_figures,
    quarantined,
    state,
    CASE state
        WHEN 'observed' THEN format('{}份报告,{}个数值,其中{}个已编码', reports, figures, coded_figures)
        WHEN 'not_mentioned' THEN format('{}份报告,{}个数值,均不属于任何指标', reports, figures)
        WHEN 'no_number' THEN format('有{}份报告,但未读出数值', reports)
        WHEN 'quarantined' THEN format('{}份文件被隔离:{}', quarantined, reasons_zh)
        ELSE '未见发布'
    END
    || CASE
        WHEN state IN ('observed', 'not_mentioned', 'no_number') AND quarantined > 0
            THEN format(';另有{}份文件被隔离:{}', quarantined, reasons_zh)
        ELSE ''
    END AS reason_zh,
    CASE state
        WHEN 'observed' THEN format('reports: {}, figures: {}, of them coded: {}', reports, figures, coded_figures)
        WHEN 'not_mentioned' THEN format('reports: {}, figures: {}, but none of an indicator', reports, figures)
        WHEN 'no_number' THEN format('reports: {}, but no figure was found in them', reports)
        WHEN 'quarantined' THEN format('documents quarantined: {} ({})', quarantined, reasons_en)
        ELSE 'no report was found'
    END
    || CASE
        WHEN state IN ('observed', 'not_mentioned', 'no_number') AND quarantined > 0
            THEN format('; documents quarantined besides: {} ({})', quarantined, reasons_en)
        ELSE ''
    END AS reason_en
FROM cell
ORDER BY region_code, year;
COMMENT ON VIEW coverage IS 'Configured places by year, under the code valid then: what there is, and why there is a gap (覆盖情况)';
COMMENT ON COLUMN coverage.region_code IS 'Code of GB/T 2260 (行政区划代码)';
COMMENT ON COLUMN coverage.region IS 'Name of the region (地区)';
COMMENT ON COLUMN coverage.place_code IS 'Last code of the same place; one row a place and year (地方代码)';
COMMENT ON COLUMN coverage.year IS 'Report year (年度)';
COMMENT ON COLUMN coverage.reports IS 'Reports loaded, every vintage (报告数)';
COMMENT ON COLUMN coverage.figures IS 'Figures found in them, of every role and status (数值个数)';
COMMENT ON COLUMN coverage.coded_figures IS 'Of these, figures that have an indicator (已编码数值个数)';
COMMENT ON COLUMN coverage.quarantined IS 'Documents of this region and year in quarantine (隔离文件数)';
COMMENT ON COLUMN coverage.state IS 'observed, not_mentioned (figures, none of an indicator), no_number, quarantined or not_published (状态)';
COMMENT ON COLUMN coverage.reason_zh IS 'The state in words, in Chinese (中文说明)';
COMMENT ON COLUMN coverage.reason_en IS 'The state in words, in English (英文说明)';
