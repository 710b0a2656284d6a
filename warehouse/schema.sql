-- The star schema of the warehouse: one row of fact_observation is one figure of one report.
--
-- No FOREIGN KEY on the fact tables: they slow bulk loads down and would stop a load at the first bad
-- row. The warehouse's expectation suite checks every key instead, names what is broken, and blocks the
-- publication. For the same reason the fact's columns carry no NOT NULL. Dimensions have primary keys.

CREATE TABLE dim_indicator (
    indicator_key    INTEGER PRIMARY KEY,
    indicator_code   VARCHAR,
    domain           VARCHAR,
    indicator_zh     VARCHAR,
    indicator_en     VARCHAR,
    unit             VARCHAR,
    unit_kind        VARCHAR,
    kind             VARCHAR,
    region_additive  BOOLEAN,
    measure          VARCHAR,
    direction        VARCHAR,
    part_of          VARCHAR,
    minimum          DECIMAL(24, 6),
    maximum          DECIMAL(24, 6),
    definition       VARCHAR,
    valid_from       INTEGER,
    valid_to         INTEGER
);
COMMENT ON TABLE dim_indicator IS 'What is measured: one row an indicator of the lexicon (指标)';
COMMENT ON COLUMN dim_indicator.indicator_key IS 'Surrogate key: position of the code in alphabetical order (指标键)';
COMMENT ON COLUMN dim_indicator.indicator_code IS 'Stable code, domain.name, such as litigation.loss_rate (指标代码)';
COMMENT ON COLUMN dim_indicator.domain IS 'Field of work, the part of the code before the point (领域)';
COMMENT ON COLUMN dim_indicator.indicator_zh IS 'Name in Chinese (指标中文名)';
COMMENT ON COLUMN dim_indicator.indicator_en IS 'Name in English (指标英文名)';
COMMENT ON COLUMN dim_indicator.unit IS 'Canonical unit that values are stored in (计量单位)';
COMMENT ON COLUMN dim_indicator.unit_kind IS 'What the unit measures: case, person, event, money, percent … (单位类型)';
COMMENT ON COLUMN dim_indicator.kind IS 'count, ratio or amount (指标类型: 计数、比率、金额)';
COMMENT ON COLUMN dim_indicator.region_additive IS 'True where the counties'' figures may be added up to the city''s (可否按地区加总)';
COMMENT ON COLUMN dim_indicator.measure IS 'stock: what is there on a day; flow: what is counted over a period; ratio: reckoned from two others (时点数、时期数、比率)';
COMMENT ON COLUMN dim_indicator.direction IS 'The better way for it to go: higher, lower, or neither where a rise is neither good nor bad in itself (指标方向: 越高越好、越低越好、无方向)';
COMMENT ON COLUMN dim_indicator.part_of IS 'Code of the whole that it is a part of by definition; NULL where it has none (所属总项指标代码)';
COMMENT ON COLUMN dim_indicator.minimum IS 'Least value that can be right; NULL where there is no bound (下限)';
COMMENT ON COLUMN dim_indicator.maximum IS 'Greatest value that can be right; NULL where there is no bound (上限)';
COMMENT ON COLUMN dim_indicator.definition IS 'What exactly is counted, in English and Chinese (指标定义)';
COMMENT ON COLUMN dim_indicator.valid_from IS 'First year it can be reported for; NULL: since before the records (启用年度)';
COMMENT ON COLUMN dim_indicator.valid_to IS 'Last year it can be reported for; NULL: still (停用年度)';

CREATE TABLE dim_unit (
    unit_key  INTEGER PRIMARY KEY,
    unit      VARCHAR,
    unit_en   VARCHAR,
    kind      VARCHAR,
    whole     BOOLEAN,
    aliases   VARCHAR
);
COMMENT ON TABLE dim_unit IS 'Units of measure: those of the lexicon and any other that a report uses (计量单位)';
COMMENT ON COLUMN dim_unit.unit_key IS 'Surrogate key: position of the unit in code point order (单位键)';
COMMENT ON COLUMN dim_unit.unit IS 'Canonical unit, such as 件 or %; empty where a report gives none (规范单位)';
COMMENT ON COLUMN dim_unit.unit_en IS 'Name in English; NULL for a unit the lexicon does not know (单位英文名)';
COMMENT ON COLUMN dim_unit.kind IS 'What it measures: case, person, event, money, percent …; unknown for a unit the lexicon does not know (单位类型)';
COMMENT ON COLUMN dim_unit.whole IS 'True where only whole numbers make sense (是否只取整数)';
COMMENT ON COLUMN dim_unit.aliases IS 'Other ways to write it, separated by spaces (单位别名)';

CREATE TABLE dim_year (
    year_key                INTEGER PRIMARY KEY,
    first_day               DATE,
    last_day                DATE,
    five_year_plan_zh       VARCHAR,
    five_year_plan_en       VARCHAR,
    law_publicity_plan_zh   VARCHAR,
    law_publicity_plan_en   VARCHAR,
    reported                BOOLEAN
);
COMMENT ON TABLE dim_year IS 'Years: from the first to the last reported without a gap, and any other that a figure speaks of (年度)';
COMMENT ON COLUMN dim_year.year_key IS 'The calendar year itself (年度)';
COMMENT ON COLUMN dim_year.first_day IS 'First day of the year (起始日)';
COMMENT ON COLUMN dim_year.last_day IS 'Last day of the year (截止日)';
COMMENT ON COLUMN dim_year.five_year_plan_zh IS 'National five-year plan the year belongs to, in Chinese (国民经济五年规划)';
COMMENT ON COLUMN dim_year.five_year_plan_en IS 'National five-year plan the year belongs to, in English (国民经济五年规划英文名)';
COMMENT ON COLUMN dim_year.law_publicity_plan_zh IS 'Five-year law-publicity plan the year belongs to, in Chinese (普法规划)';
COMMENT ON COLUMN dim_year.law_publicity_plan_en IS 'Five-year law-publicity plan the year belongs to, in English (普法规划英文名)';
COMMENT ON COLUMN dim_year.reported IS 'True from the first year of the reports to the last, gaps among them, which coverage looks at; false for a year that figures only speak of (是否为报告年度)';

CREATE TABLE dim_region (
    region_key   INTEGER PRIMARY KEY,
    region_code  VARCHAR,
    region_zh    VARCHAR,
    region_en    VARCHAR,
    level        VARCHAR,
    parent_code  VARCHAR,
    valid_from   INTEGER,
    valid_to     INTEGER,
    former_names VARCHAR,
    place_code   VARCHAR,
    prior_code   VARCHAR,
    configured   BOOLEAN
);
COMMENT ON TABLE dim_region IS 'Every province, prefecture and county of mainland China by its code of GB/T 2260, also codes no longer in force (地区)';
COMMENT ON COLUMN dim_region.region_key IS 'Surrogate key: the code as a number (地区键)';
COMMENT ON COLUMN dim_region.region_code IS 'Six-digit code of GB/T 2260 (行政区划代码)';
COMMENT ON COLUMN dim_region.region_zh IS 'Name in Chinese (地区中文名)';
COMMENT ON COLUMN dim_region.region_en IS 'Name in English (地区英文名)';
COMMENT ON COLUMN dim_region.level IS 'province, prefecture or county (行政级别)';
COMMENT ON COLUMN dim_region.parent_code IS 'Code of the region above; NULL for a province (上级地区代码)';
COMMENT ON COLUMN dim_region.valid_from IS 'First year the code is in force; NULL: since before the records (启用年度)';
COMMENT ON COLUMN dim_region.valid_to IS 'Last year the code is in force; NULL: still (停用年度)';
COMMENT ON COLUMN dim_region.former_names IS 'Names it had under the same code, separated by bars; NULL without any (曾用名)';
COMMENT ON COLUMN dim_region.place_code IS 'Last code of the same place: 430582 for 邵东县 430521 as for 邵东市; follow a trend by it (地方代码)';
COMMENT ON COLUMN dim_region.prior_code IS 'Code of the same place before this one: 430521 for 邵东市 430582; NULL without one (前代码)';
COMMENT ON COLUMN dim_region.configured IS 'True for the regions this warehouse is meant to cover (是否在覆盖范围内)';

CREATE TABLE dim_publisher (
    publisher_key  INTEGER PRIMARY KEY,
    publisher      VARCHAR,
    kind           VARCHAR,
    region_code    VARCHAR
);
COMMENT ON TABLE dim_publisher IS 'The bodies that publish reports (发布单位)';
COMMENT ON COLUMN dim_publisher.publisher_key IS 'Surrogate key: position of the name in code point order (发布单位键)';
COMMENT ON COLUMN dim_publisher.publisher IS 'Name in full, with its region (发布单位名称)';
COMMENT ON COLUMN dim_publisher.kind IS 'government, party, court, procuratorate, department, township or other (单位性质: 人民政府、党的机构、法院、检察院、部门、乡镇、其他)';
COMMENT ON COLUMN dim_publisher.region_code IS 'Place it belongs to; NULL where its name does not say (所属地区代码)';

CREATE TABLE dim_report (
    report_key     INTEGER PRIMARY KEY,
    report_hash    VARCHAR,
    title          VARCHAR,
    series         VARCHAR,
    publisher_key  INTEGER,
    region_key     INTEGER,
    year_key       INTEGER,
    url            VARCHAR,
    published      DATE,
    retrieved_at   TIMESTAMP,
    known_from     DATE,
    vintage        INTEGER,
    media_type     VARCHAR,
    synthetic      BOOLEAN,
    characters     INTEGER,
    text_sha256    VARCHAR,
    confidence     DOUBLE
);
COMMENT ON TABLE dim_report IS 'One row a report as found, that is a snapshot (报告)';
COMMENT ON COLUMN dim_report.report_key IS 'Surrogate key: position by year, region and hash (报告键)';
COMMENT ON COLUMN dim_report.report_hash IS 'SHA-256 of the bytes as found; names the snapshot (报告哈希)';
COMMENT ON COLUMN dim_report.title IS 'Title of the report (标题)';
COMMENT ON COLUMN dim_report.series IS 'Title without marks of revision: reports of one publisher, region and year that share it are versions of one report (报告系列)';
COMMENT ON COLUMN dim_report.publisher_key IS 'Who published it: dim_publisher (发布单位键)';
COMMENT ON COLUMN dim_report.region_key IS 'Region it reports on: dim_region (报告地区键)';
COMMENT ON COLUMN dim_report.year_key IS 'Year it reports on: dim_year (报告年度键)';
COMMENT ON COLUMN dim_report.url IS 'Where it was found first: address or path (来源地址)';
COMMENT ON COLUMN dim_report.published IS 'Date of publication; NULL where the document does not say (发布日期)';
COMMENT ON COLUMN dim_report.retrieved_at IS 'When the snapshot was first taken, UTC (获取时间)';
COMMENT ON COLUMN dim_report.known_from IS 'Day from which it could be known: published, or else retrieved; observations_as_of goes by it (可知日期)';
COMMENT ON COLUMN dim_report.vintage IS '1 for the first publication of a report, 2 for its next version …; one without a date counts as the earliest (版次)';
COMMENT ON COLUMN dim_report.media_type IS 'Format of the snapshot, such as text/html (文件格式)';
COMMENT ON COLUMN dim_report.synthetic IS 'True for made-up sample data, never a real report (是否为合成样例)';
COMMENT ON COLUMN dim_report.characters IS 'Length of the canonical text in characters (正文字数)';
COMMENT ON COLUMN dim_report.text_sha256 IS 'SHA-256 of the canonical text in UTF-8 (正文哈希)';
COMMENT ON COLUMN dim_report.confidence IS 'How far independent sources agree on region and year, 0 to 1 (识别可信度)';

CREATE TABLE fact_observation (
    observation_id   VARCHAR,
    indicator_key    INTEGER,
    unit_key         INTEGER,
    year_key         INTEGER,
    region_key       INTEGER,
    publisher_key    INTEGER,
    report_key       INTEGER,
    value            DECIMAL(24, 6),
    value_low        DECIMAL(24, 6),
    value_high       DECIMAL(24, 6),
    slack            DECIMAL(24, 6),
    raw_unit         VARCHAR,
    qualifier        VARCHAR,
    role             VARCHAR,
    direction        VARCHAR,
    since_year       INTEGER,
    figure_year      INTEGER,
    period           VARCHAR,
    stock_date       DATE,
    scope            VARCHAR,
    status           VARCHAR,
    status_reason    VARCHAR,
    own_status       VARCHAR,
    correction_id    VARCHAR,
    reported_value   DECIMAL(24, 6),
    reported_low     DECIMAL(24, 6),
    reported_high    DECIMAL(24, 6),
    reported_indicator VARCHAR,
    raw_text         VARCHAR,
    start_offset     INTEGER,
    end_offset       INTEGER,
    number_offset    INTEGER,
    sentence         VARCHAR,
    sentence_offset  INTEGER,
    location         VARCHAR,
    phrase           VARCHAR
);
COMMENT ON TABLE fact_observation IS 'One row a figure of a report that has an indicator; keys are checked by expectations, not by constraints, which slow bulk loads (观测值事实表)';
COMMENT ON COLUMN fact_observation.observation_id IS 'Stable id: hash of the report''s hash and the offset of the number (观测值标识)';
COMMENT ON COLUMN fact_observation.indicator_key IS 'What is measured: dim_indicator (指标键)';
COMMENT ON COLUMN fact_observation.unit_key IS 'Unit of value: dim_unit; the indicator''s, or for a change the unit of the change (单位键)';
COMMENT ON COLUMN fact_observation.year_key IS 'Year of the report: dim_year; the year the figure itself speaks of is figure_year (年度键)';
COMMENT ON COLUMN fact_observation.region_key IS 'Place the figure is about: dim_region (地区键)';
COMMENT ON COLUMN fact_observation.publisher_key IS 'Who published the figure: dim_publisher (发布单位键)';
COMMENT ON COLUMN fact_observation.report_key IS 'Report the figure stands in: dim_report (报告键)';
COMMENT ON COLUMN fact_observation.value IS 'The figure in its unit: 1.42万件 is 14200 (数值)';
COMMENT ON COLUMN fact_observation.value_low IS 'Least value the words allow; equal to value for an exact figure (数值下界)';
COMMENT ON COLUMN fact_observation.value_high IS 'Greatest value the words allow; equal to value for an exact figure; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN fact_observation.slack IS 'How far rounding as printed lets the value be off, in its unit: 0.05 for 97.5%, 50 for 1.42万件, 5 for 七成; 0 for a count written in full, and where the bounds differ (舍入误差)';
COMMENT ON COLUMN fact_observation.raw_unit IS 'Unit as written in the report (原文单位)';
COMMENT ON COLUMN fact_observation.qualifier IS 'exact, over, about, nearly or at_most (数值限定: 确数、余、约、近、以下)';
COMMENT ON COLUMN fact_observation.role IS 'actual, target, change, prior or plan (数值角色: 实际、目标、增减、往年、计划)';
COMMENT ON COLUMN fact_observation.direction IS 'up or down, for a change only (增减方向)';
COMMENT ON COLUMN fact_observation.since_year IS 'First year of a figure that accumulates, such as 2023年以来 (累计起始年度)';
COMMENT ON COLUMN fact_observation.figure_year IS 'Year the figure speaks of: that of the report, the next for a plan, an earlier one for a prior; dim_year; NULL where not known (数值所属年度)';
COMMENT ON COLUMN fact_observation.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段: 全年、半年、季度、月份、若干月、专项行动、累计)';
COMMENT ON COLUMN fact_observation.stock_date IS 'Day a stock is told for, such as 截至12月底; NULL for a flow (时点)';
COMMENT ON COLUMN fact_observation.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围: 全域、本级、本单位、部分、平均)';
COMMENT ON COLUMN fact_observation.status IS 'current, duplicate, superseded, conflict, suspect, corrected or dropped (状态: 现行、重复、被替代、冲突、存疑、已更正、已剔除)';
COMMENT ON COLUMN fact_observation.status_reason IS 'Why the status is not current (状态原因)';
COMMENT ON COLUMN fact_observation.own_status IS 'Status within the report alone, before other reports were looked at (本报告内状态)';
COMMENT ON COLUMN fact_observation.correction_id IS 'Entry of the ledger that was applied; NULL without one (更正条目)';
COMMENT ON COLUMN fact_observation.reported_value IS 'value as reported, where an entry of the ledger was applied; else NULL (更正前数值)';
COMMENT ON COLUMN fact_observation.reported_low IS 'value_low as reported, where an entry of the ledger was applied (更正前下界)';
COMMENT ON COLUMN fact_observation.reported_high IS 'value_high as reported, where an entry of the ledger was applied; NULL also where it left the top open (更正前上界)';
COMMENT ON COLUMN fact_observation.reported_indicator IS 'Indicator as read, where an entry of the ledger was applied (更正前指标代码)';
COMMENT ON COLUMN fact_observation.raw_text IS 'The very words of the report, with qualifier and unit (原文)';
COMMENT ON COLUMN fact_observation.start_offset IS 'Where raw_text starts in the canonical text, in characters (起始位置)';
COMMENT ON COLUMN fact_observation.end_offset IS 'Where raw_text ends in the canonical text, in characters, exclusive (结束位置)';
COMMENT ON COLUMN fact_observation.number_offset IS 'Where the number itself starts in the canonical text, in characters (数字位置)';
COMMENT ON COLUMN fact_observation.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN fact_observation.sentence_offset IS 'Where the sentence starts in the canonical text, in characters (原句位置)';
COMMENT ON COLUMN fact_observation.location IS 'Where the figure stands in the file: XPath of a web page, page and box of a PDF (RFC 8118), cells of a workbook, line of a text file (文件中的位置)';
COMMENT ON COLUMN fact_observation.phrase IS 'The wording the figure was recognised by (识别短语)';

CREATE TABLE unmapped_observation (
    observation_id   VARCHAR,
    indicator_key    INTEGER,
    unit_key         INTEGER,
    year_key         INTEGER,
    region_key       INTEGER,
    publisher_key    INTEGER,
    report_key       INTEGER,
    value            DECIMAL(24, 6),
    value_low        DECIMAL(24, 6),
    value_high       DECIMAL(24, 6),
    slack            DECIMAL(24, 6),
    raw_unit         VARCHAR,
    qualifier        VARCHAR,
    role             VARCHAR,
    direction        VARCHAR,
    since_year       INTEGER,
    figure_year      INTEGER,
    period           VARCHAR,
    stock_date       DATE,
    scope            VARCHAR,
    status           VARCHAR,
    status_reason    VARCHAR,
    own_status       VARCHAR,
    correction_id    VARCHAR,
    reported_value   DECIMAL(24, 6),
    reported_low     DECIMAL(24, 6),
    reported_high    DECIMAL(24, 6),
    reported_indicator VARCHAR,
    raw_text         VARCHAR,
    start_offset     INTEGER,
    end_offset       INTEGER,
    number_offset    INTEGER,
    sentence         VARCHAR,
    sentence_offset  INTEGER,
    location         VARCHAR,
    phrase           VARCHAR
);
COMMENT ON TABLE unmapped_observation IS 'One row a figure without an indicator, with the phrase found: the steward''s queue (待编码观测值)';
COMMENT ON COLUMN unmapped_observation.observation_id IS 'Stable id: hash of the report''s hash and the offset of the number (观测值标识)';
COMMENT ON COLUMN unmapped_observation.indicator_key IS 'Always NULL: no indicator of the lexicon fits (指标键, 恒为空)';
COMMENT ON COLUMN unmapped_observation.unit_key IS 'Unit of value: dim_unit; the canonical form of the unit as written (单位键)';
COMMENT ON COLUMN unmapped_observation.year_key IS 'Year of the report: dim_year; the year the figure itself speaks of is figure_year (年度键)';
COMMENT ON COLUMN unmapped_observation.region_key IS 'Place the figure is about: dim_region (地区键)';
COMMENT ON COLUMN unmapped_observation.publisher_key IS 'Who published the figure: dim_publisher (发布单位键)';
COMMENT ON COLUMN unmapped_observation.report_key IS 'Report the figure stands in: dim_report (报告键)';
COMMENT ON COLUMN unmapped_observation.value IS 'The figure in its unit: 1.42万件 is 14200 (数值)';
COMMENT ON COLUMN unmapped_observation.value_low IS 'Least value the words allow; equal to value for an exact figure (数值下界)';
COMMENT ON COLUMN unmapped_observation.value_high IS 'Greatest value the words allow; equal to value for an exact figure; NULL where they leave the top open, such as 300场以上 (数值上界)';
COMMENT ON COLUMN unmapped_observation.slack IS 'How far rounding as printed lets the value be off, in its unit: 0.05 for 97.5%, 50 for 1.42万件, 5 for 七成; 0 for a count written in full, and where the bounds differ (舍入误差)';
COMMENT ON COLUMN unmapped_observation.raw_unit IS 'Unit as written in the report (原文单位)';
COMMENT ON COLUMN unmapped_observation.qualifier IS 'exact, over, about, nearly or at_most (数值限定: 确数、余、约、近、以下)';
COMMENT ON COLUMN unmapped_observation.role IS 'actual, target, change, prior or plan (数值角色: 实际、目标、增减、往年、计划)';
COMMENT ON COLUMN unmapped_observation.direction IS 'up or down, for a change only (增减方向)';
COMMENT ON COLUMN unmapped_observation.since_year IS 'First year of a figure that accumulates, such as 2023年以来 (累计起始年度)';
COMMENT ON COLUMN unmapped_observation.figure_year IS 'Year the figure speaks of: that of the report, the next for a plan, an earlier one for a prior; dim_year; NULL where not known (数值所属年度)';
COMMENT ON COLUMN unmapped_observation.period IS 'What of that time is meant: year, half_year, quarter, month, months (several), campaign or cumulative; only year stands for the year (数值所属时段: 全年、半年、季度、月份、若干月、专项行动、累计)';
COMMENT ON COLUMN unmapped_observation.stock_date IS 'Day a stock is told for, such as 截至12月底; NULL for a flow (时点)';
COMMENT ON COLUMN unmapped_observation.scope IS 'Whose figure: region, own_level, publisher, part or average (统计范围: 全域、本级、本单位、部分、平均)';
COMMENT ON COLUMN unmapped_observation.status IS 'current, duplicate, superseded, conflict, suspect, corrected or dropped (状态: 现行、重复、被替代、冲突、存疑、已更正、已剔除)';
COMMENT ON COLUMN unmapped_observation.status_reason IS 'Why the status is not current (状态原因)';
COMMENT ON COLUMN unmapped_observation.own_status IS 'Status within the report alone, before other reports were looked at (本报告内状态)';
COMMENT ON COLUMN unmapped_observation.correction_id IS 'Entry of the ledger that was applied; NULL without one (更正条目)';
COMMENT ON COLUMN unmapped_observation.reported_value IS 'value as reported, where an entry of the ledger was applied; else NULL (更正前数值)';
COMMENT ON COLUMN unmapped_observation.reported_low IS 'value_low as reported, where an entry of the ledger was applied (更正前下界)';
COMMENT ON COLUMN unmapped_observation.reported_high IS 'value_high as reported, where an entry of the ledger was applied; NULL also where it left the top open (更正前上界)';
COMMENT ON COLUMN unmapped_observation.reported_indicator IS 'Indicator as read, where an entry of the ledger was applied (更正前指标代码)';
COMMENT ON COLUMN unmapped_observation.raw_text IS 'The very words of the report, with qualifier and unit (原文)';
COMMENT ON COLUMN unmapped_observation.start_offset IS 'Where raw_text starts in the canonical text, in characters (起始位置)';
COMMENT ON COLUMN unmapped_observation.end_offset IS 'Where raw_text ends in the canonical text, in characters, exclusive (结束位置)';
COMMENT ON COLUMN unmapped_observation.number_offset IS 'Where the number itself starts in the canonical text, in characters (数字位置)';
COMMENT ON COLUMN unmapped_observation.sentence IS 'The sentence the figure stands in (原句)';
COMMENT ON COLUMN unmapped_observation.sentence_offset IS 'Where the sentence starts in the canonical text, in characters (原句位置)';
COMMENT ON COLUMN unmapped_observation.location IS 'Where the figure stands in the file: XPath of a web page, page and box of a PDF (RFC 8118), cells of a workbook, line of a text file (文件中的位置)';
COMMENT ON COLUMN unmapped_observation.phrase IS 'The wording the figure was found with (所在短语)';

CREATE TABLE quarantine (
    snapshot_id   VARCHAR PRIMARY KEY,
    uri           VARCHAR,
    size          BIGINT,
    reason        VARCHAR,
    detail        VARCHAR,
    region_code   VARCHAR,
    report_year   INTEGER
);
COMMENT ON TABLE quarantine IS 'Documents that could not be read or identified, with the reason (隔离区)';
COMMENT ON COLUMN quarantine.snapshot_id IS 'SHA-256 of the bytes as found (快照标识)';
COMMENT ON COLUMN quarantine.uri IS 'Where it was found first: address or path (来源地址)';
COMMENT ON COLUMN quarantine.size IS 'Size in bytes (字节数)';
COMMENT ON COLUMN quarantine.reason IS 'empty, unreadable, encrypted, too_complex, scanned_without_ocr, not_a_report, unknown_region … (隔离原因)';
COMMENT ON COLUMN quarantine.detail IS 'What was found, what was expected and what to do (详情与处理办法)';
COMMENT ON COLUMN quarantine.region_code IS 'Region, where known all the same (已知的地区代码)';
COMMENT ON COLUMN quarantine.report_year IS 'Report year, where known all the same (已知的报告年度)';

CREATE TABLE correction (
    correction_id   VARCHAR PRIMARY KEY,
    action          VARCHAR,
    report_hash     VARCHAR,
    publisher       VARCHAR,
    region_code     VARCHAR,
    year            INTEGER,
    indicator_code  VARCHAR,
    quote           VARCHAR,
    pattern         VARCHAR,
    expect_text     VARCHAR,
    expect_value    DECIMAL(24, 6),
    value           DECIMAL(24, 6),
    value_low       DECIMAL(24, 6),
    value_high      DECIMAL(24, 6),
    factor          DECIMAL(24, 6),
    to_indicator    VARCHAR,
    to_role         VARCHAR,
    to_scope        VARCHAR,
    to_period       VARCHAR,
    to_figure_year  INTEGER,
    reason          VARCHAR,
    author          VARCHAR,
    decided_on      DATE,
    place           VARCHAR
);
COMMENT ON TABLE correction IS 'The ledger of corrections, one row an entry; correction_check says which were applied (更正台账)';
COMMENT ON COLUMN correction.correction_id IS 'Name of the entry (更正条目)';
COMMENT ON COLUMN correction.action IS 'override, scale, drop, recode or flag (处理方式: 改数、换算、剔除、改码、存疑)';
COMMENT ON COLUMN correction.report_hash IS 'Report it is about, by the first digits of its hash; NULL where publisher, region and year name it (报告哈希)';
COMMENT ON COLUMN correction.publisher IS 'Publisher of the report it is about (发布单位)';
COMMENT ON COLUMN correction.region_code IS 'Region of the report it is about (报告地区代码)';
COMMENT ON COLUMN correction.year IS 'Year of the report it is about (报告年度)';
COMMENT ON COLUMN correction.indicator_code IS 'Indicator of the figure as read; NULL for any (指标代码)';
COMMENT ON COLUMN correction.quote IS 'The very words of the figure (原文)';
COMMENT ON COLUMN correction.pattern IS 'Regular expression of words the figure stands in, where there is no quote (匹配式)';
COMMENT ON COLUMN correction.expect_text IS 'Guard: what the words must be (应有原文)';
COMMENT ON COLUMN correction.expect_value IS 'Guard: what the value as read must be (应有数值)';
COMMENT ON COLUMN correction.value IS 'Of override: the right value (更正后数值)';
COMMENT ON COLUMN correction.value_low IS 'Of override: least value it can be, where open (更正后下界)';
COMMENT ON COLUMN correction.value_high IS 'Of override: greatest value it can be, where open (更正后上界)';
COMMENT ON COLUMN correction.factor IS 'Of scale: what the value is multiplied by (倍数)';
COMMENT ON COLUMN correction.to_indicator IS 'Of recode: the right indicator (更正后指标代码)';
COMMENT ON COLUMN correction.to_role IS 'Of recode: the right role (更正后数值角色)';
COMMENT ON COLUMN correction.to_scope IS 'Of recode: the right scope (更正后统计范围)';
COMMENT ON COLUMN correction.to_period IS 'Of recode: the right period (更正后时段)';
COMMENT ON COLUMN correction.to_figure_year IS 'Of recode: the year it speaks of (更正后所属年度)';
COMMENT ON COLUMN correction.reason IS 'Why (更正理由)';
COMMENT ON COLUMN correction.author IS 'Who decided (更正人)';
COMMENT ON COLUMN correction.decided_on IS 'When it was decided (更正日期)';
COMMENT ON COLUMN correction.place IS 'File and line of the entry (文件与行号)';

CREATE TABLE staged_partition (
    year_key             INTEGER,
    region_code          VARCHAR,
    staged_reports       BIGINT,
    staged_observations  BIGINT,
    reports_sha256       VARCHAR,
    observations_sha256  VARCHAR,
    checked_by           VARCHAR
);
COMMENT ON TABLE staged_partition IS 'What the staging held when this warehouse was built, counted from the Parquet footers (暂存分区)';
COMMENT ON COLUMN staged_partition.year_key IS 'Year of the partition (年度)';
COMMENT ON COLUMN staged_partition.region_code IS 'Region of the partition (地区代码)';
COMMENT ON COLUMN staged_partition.staged_reports IS 'Reports staged (暂存报告数)';
COMMENT ON COLUMN staged_partition.staged_observations IS 'Observations staged (暂存观测值数)';
COMMENT ON COLUMN staged_partition.reports_sha256 IS 'SHA-256 of the Parquet file of reports (报告暂存文件哈希)';
COMMENT ON COLUMN staged_partition.observations_sha256 IS 'SHA-256 of the Parquet file of observations (观测值暂存文件哈希)';
COMMENT ON COLUMN staged_partition.checked_by IS 'Version of the suites and of the lexicon by which exactly these figures were checked; NULL where they were not, which keeps a candidate from being published (核验版本)';

CREATE TABLE relation_term (
    relation_id     VARCHAR,
    kind            VARCHAR,
    side            VARCHAR,
    position        INTEGER,
    indicator_code  VARCHAR,
    unless_en       VARCHAR,
    unless_zh       VARCHAR,
    worded          VARCHAR
);
COMMENT ON TABLE relation_term IS 'Relations of the lexicon that figures must satisfy, one row a term (指标勾稽关系)';
COMMENT ON COLUMN relation_term.relation_id IS 'Name of the relation (关系标识)';
COMMENT ON COLUMN relation_term.kind IS 'rate: left = 100 part / whole; part_of: left <= whole; sum_of: left = sum of parts; balance: that less those of minus; carried: left = the part in the report of the year before (关系类型)';
COMMENT ON COLUMN relation_term.side IS 'left, part, minus or whole (项的位置: 左项、分项、减项、总项)';
COMMENT ON COLUMN relation_term.position IS 'Order among the terms of a side, from 0; wholes are tried in this order (次序)';
COMMENT ON COLUMN relation_term.indicator_code IS 'Indicator of the term (指标代码)';
COMMENT ON COLUMN relation_term.unless_en IS 'Why a correct report may break the relation, which is then UNCERTAIN; NULL where nothing excuses it (例外说明, 英文)';
COMMENT ON COLUMN relation_term.unless_zh IS 'The same in Chinese (例外说明)';
COMMENT ON COLUMN relation_term.worded IS 'Words, parted by |, of which the sentence of the rate must have one for that; NULL where it always holds (例外适用的措辞)';

CREATE TABLE identity_check (
    identity_id      VARCHAR,
    relation_id      VARCHAR,
    kind             VARCHAR,
    region_code      VARCHAR,
    year             INTEGER,
    scope            VARCHAR,
    figure_year      INTEGER,
    period           VARCHAR,
    since_year       INTEGER,
    report_hash      VARCHAR,
    indicator_code   VARCHAR,
    left_value       DECIMAL(24, 6),
    right_value      DECIMAL(24, 6),
    difference       DECIMAL(24, 6),
    tolerance        DECIMAL(24, 6),
    verdict          VARCHAR,
    fits             VARCHAR,
    part_indicator   VARCHAR,
    part_value       DECIMAL(24, 6),
    whole_indicator  VARCHAR,
    whole_value      DECIMAL(24, 6),
    observation_ids  VARCHAR[],
    status           VARCHAR,
    raw_text         VARCHAR,
    sentence         VARCHAR,
    message_en       VARCHAR,
    message_zh       VARCHAR
);
COMMENT ON TABLE identity_check IS 'One row a comparison of figures that must agree (勾稽检查)';
COMMENT ON COLUMN identity_check.identity_id IS 'Relation and observation id of the left figure; begins with rate_base for that kind (检查标识)';
COMMENT ON COLUMN identity_check.relation_id IS 'Relation of the lexicon; or region_sum, change, prior, contradiction, same_figure; or listed_within, listed_division, listed_total for parts in the words of the report (关系标识)';
COMMENT ON COLUMN identity_check.kind IS 'Within a report rate, rate_base, part_of, sum_of, balance, listed, contradiction, same_figure; against the year before change, prior, carried; against other places region_sum (检查类型)';
COMMENT ON COLUMN identity_check.region_code IS 'Region of the left figure (地区代码)';
COMMENT ON COLUMN identity_check.year IS 'Year of the report (年度)';
COMMENT ON COLUMN identity_check.scope IS 'Scope of the left figure (统计范围)';
COMMENT ON COLUMN identity_check.figure_year IS 'Year the left figure speaks of (数值所属年度)';
COMMENT ON COLUMN identity_check.period IS 'What of that time it means: year, half_year, quarter, month, months (several), campaign or cumulative (数值所属时段)';
COMMENT ON COLUMN identity_check.since_year IS 'First year of a left figure that accumulates (累计起始年度)';
COMMENT ON COLUMN identity_check.report_hash IS 'Report of the left figure (报告哈希)';
COMMENT ON COLUMN identity_check.indicator_code IS 'Indicator of the left figure; NULL for a figure not coded yet (左项指标代码)';
COMMENT ON COLUMN identity_check.left_value IS 'The figure as stated; a change downwards is negative (左项数值)';
COMMENT ON COLUMN identity_check.right_value IS 'The figure computed from the others (右项数值)';
COMMENT ON COLUMN identity_check.difference IS 'left_value less right_value (差值)';
COMMENT ON COLUMN identity_check.tolerance IS 'Difference that the rounding as printed allows (容许误差)';
COMMENT ON COLUMN identity_check.verdict IS 'PASS, FAIL, UNCERTAIN or NOT_ASSESSABLE (结论: 相符、不符、不确定、无法核对)';
COMMENT ON COLUMN identity_check.fits IS 'Indicator code of the whole that the rate agrees with, of the several possible (相符的总项)';
COMMENT ON COLUMN identity_check.part_indicator IS 'Of a rate: indicator of the part (分子指标代码)';
COMMENT ON COLUMN identity_check.part_value IS 'Of a rate: the part as stated (分子)';
COMMENT ON COLUMN identity_check.whole_indicator IS 'Of a rate: indicator of the whole it was compared with (分母指标代码)';
COMMENT ON COLUMN identity_check.whole_value IS 'Of a rate: the whole as stated (分母)';
COMMENT ON COLUMN identity_check.observation_ids IS 'The figures compared, the left one first (涉及的观测值)';
COMMENT ON COLUMN identity_check.status IS 'Status of the left figure (左项状态)';
COMMENT ON COLUMN identity_check.raw_text IS 'Words of the left figure (左项原文)';
COMMENT ON COLUMN identity_check.sentence IS 'Sentence of the left figure (左项原句)';
COMMENT ON COLUMN identity_check.message_en IS 'The comparison in words, in English (英文说明)';
COMMENT ON COLUMN identity_check.message_zh IS 'The comparison in words, in Chinese (中文说明)';

CREATE TABLE dim_expectation (
    expectation_id  VARCHAR PRIMARY KEY,
    suite           VARCHAR,
    checked_on      VARCHAR,
    severity        VARCHAR,
    owner           VARCHAR,
    owner_zh        VARCHAR,
    meaning_en      VARCHAR,
    meaning_zh      VARCHAR,
    action          VARCHAR,
    expects         VARCHAR,
    condition       VARCHAR,
    place           VARCHAR
);
COMMENT ON TABLE dim_expectation IS 'What is expected of figures and warehouse: one row an expectation of the suites (质量检查项)';
COMMENT ON COLUMN dim_expectation.expectation_id IS 'Stable name, unique over all suites (检查项标识)';
COMMENT ON COLUMN dim_expectation.suite IS 'The suite that declares it (检查套件)';
COMMENT ON COLUMN dim_expectation.checked_on IS 'partition: on the figures of a year and region as read; candidate: on the warehouse before it is published (检查对象)';
COMMENT ON COLUMN dim_expectation.severity IS 'error blocks publication; warning and info do not (严重程度)';
COMMENT ON COLUMN dim_expectation.owner IS 'Who is told and acts when it fails (负责人)';
COMMENT ON COLUMN dim_expectation.owner_zh IS 'The owner in Chinese (负责人中文名)';
COMMENT ON COLUMN dim_expectation.meaning_en IS 'What is expected, in English (英文含义)';
COMMENT ON COLUMN dim_expectation.meaning_zh IS 'What is expected, in Chinese (中文含义)';
COMMENT ON COLUMN dim_expectation.action IS 'What to do where it fails (处理办法)';
COMMENT ON COLUMN dim_expectation.expects IS 'The expectation of Great Expectations with its arguments (检查方法与参数)';
COMMENT ON COLUMN dim_expectation.condition IS 'Which rows it is about; NULL for all (适用条件)';
COMMENT ON COLUMN dim_expectation.place IS 'File and line of the declaration (声明位置)';

CREATE TABLE plausibility_bound (
    indicator_code  VARCHAR PRIMARY KEY,
    factor          DECIMAL(24, 6),
    small           DECIMAL(24, 6),
    peer_factor     DECIMAL(24, 6),
    why             VARCHAR
);
COMMENT ON TABLE plausibility_bound IS 'How far a figure may lie from the usual, one row an indicator (合理性界限)';
COMMENT ON COLUMN plausibility_bound.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN plausibility_bound.factor IS 'How many times larger or smaller than its other years a figure may be (与其他年度相比的倍数上限)';
COMMENT ON COLUMN plausibility_bound.small IS 'Added to both sides before dividing, in the unit of the indicator: below it counts jump by chance (小数缓冲)';
COMMENT ON COLUMN plausibility_bound.peer_factor IS 'How many times larger or smaller than the regions beside it a figure may be (与同级地区相比的倍数上限)';
COMMENT ON COLUMN plausibility_bound.why IS 'Why the indicator has a bound of its own; NULL where that of its kind holds (理由)';

CREATE TABLE plausibility_check (
    check_id         VARCHAR,
    kind             VARCHAR,
    region_code      VARCHAR,
    year             INTEGER,
    indicator_code   VARCHAR,
    scope            VARCHAR,
    value            DECIMAL(24, 6),
    usual            DECIMAL(24, 6),
    factor           DOUBLE,
    bound            DECIMAL(24, 6),
    peer_factor      DOUBLE,
    points           INTEGER,
    likely           VARCHAR,
    verdict          VARCHAR,
    fault            VARCHAR,
    observation_ids  VARCHAR[],
    raw_text         VARCHAR,
    sentence         VARCHAR,
    message_en       VARCHAR,
    message_zh       VARCHAR,
    report_hash      VARCHAR
);
COMMENT ON TABLE plausibility_check IS 'Figures against the other years of the same place, or where these are too few against the regions beside it; a figure with neither has no row (合理性检查)';
COMMENT ON COLUMN plausibility_check.check_id IS 'Kind and observation id of the figure (检查标识)';
COMMENT ON COLUMN plausibility_check.kind IS 'jump: against its other years; peers: against regions of the same level under the same parent in the same year (检查类型: 年度跳变、同级比较)';
COMMENT ON COLUMN plausibility_check.region_code IS 'Region of the figure (地区代码)';
COMMENT ON COLUMN plausibility_check.year IS 'Year of the report (年度)';
COMMENT ON COLUMN plausibility_check.indicator_code IS 'Indicator (指标代码)';
COMMENT ON COLUMN plausibility_check.scope IS 'Whose figure: region throughout (统计范围)';
COMMENT ON COLUMN plausibility_check.value IS 'The figure (数值)';
COMMENT ON COLUMN plausibility_check.usual IS 'Median of the other years or of the peers; of two in the middle the one nearer to the figure (通常数值: 中位数)';
COMMENT ON COLUMN plausibility_check.factor IS 'The figure over the usual, after what counts as small was added to both; of an approximate figure as near to 1 as its words allow; NULL where one of them is 0 and nothing was added (倍数)';
COMMENT ON COLUMN plausibility_check.bound IS 'The factor, or one over it, that is allowed (倍数上限)';
COMMENT ON COLUMN plausibility_check.peer_factor IS 'Median factor of the regions beside it in the same year against their own other years; only where the figure is beyond its bound and at least three of them have one (同级地区倍数)';
COMMENT ON COLUMN plausibility_check.points IS 'Years or peers compared with (参照数值个数)';
COMMENT ON COLUMN plausibility_check.likely IS 'Of a figure that fails: lost_wan (about 10000 times or 1/10000), lost_digit (about 10 times or 1/10), part_for_whole or other_figure (its report has another figure near the usual), other_indicator (it agrees with one that the year lacks); NULL where none (可能原因: 万字、位数、以部分为总数、他数、他指标)';
COMMENT ON COLUMN plausibility_check.verdict IS 'PASS, FAIL, or NOT_ASSESSABLE where those compared with do not agree with one another (结论: 相符、不符、无法核对)';
COMMENT ON COLUMN plausibility_check.fault IS 'Of a figure that fails: what is likely, else jump or peers; NULL of one that does not (异常类型)';
COMMENT ON COLUMN plausibility_check.observation_ids IS 'The figure first; where it fails, then the figure of its report that may be meant and those it was compared with (涉及的观测值)';
COMMENT ON COLUMN plausibility_check.raw_text IS 'Words of a figure that fails; else NULL, see fact_observation (原文)';
COMMENT ON COLUMN plausibility_check.sentence IS 'Sentence of a figure that fails; else NULL, see fact_observation (原句)';
COMMENT ON COLUMN plausibility_check.message_en IS 'Of a figure that fails, the comparison in words, in English (英文说明)';
COMMENT ON COLUMN plausibility_check.message_zh IS 'Of a figure that fails, the comparison in words, in Chinese (中文说明)';
COMMENT ON COLUMN plausibility_check.report_hash IS 'Report of a figure that fails; else NULL, see fact_observation (报告哈希)';

CREATE TABLE quality_result (
    suite           VARCHAR,
    expectation_id  VARCHAR,
    region_code     VARCHAR,
    report_year     INTEGER,
    severity        VARCHAR,
    success         BOOLEAN,
    checked         BIGINT,
    unexpected      BIGINT,
    failing         VARCHAR,
    run_id          VARCHAR,
    checked_at      TIMESTAMP
);
COMMENT ON TABLE quality_result IS 'The results that this warehouse was published on, one row an expectation and partition; the view quality_results is easier to read (质量检查结果)';
COMMENT ON COLUMN quality_result.suite IS 'The suite that declares it (检查套件)';
COMMENT ON COLUMN quality_result.expectation_id IS 'The expectation, see dim_expectation (检查项标识)';
COMMENT ON COLUMN quality_result.region_code IS 'Region of the partition; NULL for the warehouse as a whole (分区地区代码)';
COMMENT ON COLUMN quality_result.report_year IS 'Year of the partition; NULL for the warehouse as a whole (分区年度)';
COMMENT ON COLUMN quality_result.severity IS 'error blocks publication; warning and info do not (严重程度)';
COMMENT ON COLUMN quality_result.success IS 'True where nothing unexpected was found (是否通过)';
COMMENT ON COLUMN quality_result.checked IS 'Rows looked at (检查行数)';
COMMENT ON COLUMN quality_result.unexpected IS 'Rows found unexpected (异常行数)';
COMMENT ON COLUMN quality_result.failing IS 'Up to 50 of the unexpected rows, as a JSON list (异常明细)';
COMMENT ON COLUMN quality_result.run_id IS 'Dagster run that found it (运行标识)';
COMMENT ON COLUMN quality_result.checked_at IS 'When it was found, UTC (检查时间)';

CREATE TABLE quality_run (
    run_id          VARCHAR,
    checked_at      TIMESTAMP,
    release_id      VARCHAR,
    suite           VARCHAR,
    expectation_id  VARCHAR,
    region_code     VARCHAR,
    report_year     INTEGER,
    severity        VARCHAR,
    success         BOOLEAN,
    checked         BIGINT,
    unexpected      BIGINT,
    things          VARCHAR[],
    failing         VARCHAR
);
COMMENT ON TABLE quality_run IS 'Every result of every run, kept as Parquet and loaded anew; the view quality_history is easier to read (质量检查历史)';
COMMENT ON COLUMN quality_run.run_id IS 'Dagster run that found it (运行标识)';
COMMENT ON COLUMN quality_run.checked_at IS 'When it was found, UTC (检查时间)';
COMMENT ON COLUMN quality_run.release_id IS 'The candidate that was looked at, published or not; NULL for figures of a partition, which are checked before one is built (发布版本)';
COMMENT ON COLUMN quality_run.suite IS 'The suite that declared it then (检查套件)';
COMMENT ON COLUMN quality_run.expectation_id IS 'The expectation (检查项标识)';
COMMENT ON COLUMN quality_run.region_code IS 'Region of the partition; NULL for the warehouse as a whole (分区地区代码)';
COMMENT ON COLUMN quality_run.report_year IS 'Year of the partition; NULL for the warehouse as a whole (分区年度)';
COMMENT ON COLUMN quality_run.severity IS 'Severity then (当时的严重程度)';
COMMENT ON COLUMN quality_run.success IS 'True where nothing unexpected was found (是否通过)';
COMMENT ON COLUMN quality_run.checked IS 'Rows looked at (检查行数)';
COMMENT ON COLUMN quality_run.unexpected IS 'Rows found unexpected (异常行数)';
COMMENT ON COLUMN quality_run.things IS 'What was broken, up to 50 names that stay the same from run to run (异常对象)';
COMMENT ON COLUMN quality_run.failing IS 'The same with all that was shown of them, as a JSON list (异常明细)';

CREATE TABLE release (
    release_id        VARCHAR,
    built_at          TIMESTAMP,
    code_version      VARCHAR,
    lexicon_version   VARCHAR,
    duckdb_version    VARCHAR,
    snapshots         BIGINT,
    snapshots_sha256  VARCHAR,
    partitions        BIGINT,
    reports           BIGINT,
    observations      BIGINT,
    unmapped          BIGINT,
    quarantined       BIGINT
);
COMMENT ON TABLE release IS 'One row: what this warehouse is and what it was built from (发布版本)';
COMMENT ON COLUMN release.release_id IS 'Hash over everything the build read, its code and DuckDB: equal ids mean equal content (版本标识)';
COMMENT ON COLUMN release.built_at IS 'When it was built, UTC; the one thing that content hashes leave out (建库时间)';
COMMENT ON COLUMN release.code_version IS 'Version of fazhi, and after the plus sign a hash of its code and data files (程序版本)';
COMMENT ON COLUMN release.lexicon_version IS 'Version of the lexicon: a hash of its files (指标库版本)';
COMMENT ON COLUMN release.duckdb_version IS 'DuckDB that built it (DuckDB版本)';
COMMENT ON COLUMN release.snapshots IS 'Snapshots it rests on: reports and quarantined documents (快照数)';
COMMENT ON COLUMN release.snapshots_sha256 IS 'SHA-256 over their ids in order, one a line (快照标识集合哈希)';
COMMENT ON COLUMN release.partitions IS 'Partitions staged, year by region (分区数)';
COMMENT ON COLUMN release.reports IS 'Reports loaded (报告数)';
COMMENT ON COLUMN release.observations IS 'Figures with an indicator (已编码观测值数)';
COMMENT ON COLUMN release.unmapped IS 'Figures without an indicator (待编码观测值数)';
COMMENT ON COLUMN release.quarantined IS 'Documents in quarantine (隔离文件数)';
