-- Whether reports come, and when: by region and year, and for the warehouse as a whole.

-- name: reporting
-- One row a configured region and year (about = 'region'), and one for the warehouse (about = 'warehouse').
--
-- Reports of a year are to be open to the public before 1 April of the next: 法治政府建设与责任落实督察工作规定 (2019), article 24, as
-- quoted in disclosure catalogues of district governments. Earlier years fall under the outline of 2015, which names
-- the first quarter for reporting upwards and no day for publishing, so that only reports of 2019 and later can be late.
--
-- What is in quarantine has come, whatever became of it. A place is followed across a change of its code.
WITH built AS (
    SELECT
        max(built_at)::DATE AS day,
        year(day) - CASE WHEN day >= make_date(year(day), 4, 1) THEN 1 ELSE 2 END AS last_due_year
    FROM release
),
reported AS (
    SELECT g.region_code, g.place_code, r.year_key AS year, count(*) AS reports, min(r.published) AS first_published
    FROM dim_report AS r
    JOIN dim_region AS g ON g.region_key = r.region_key
    WHERE g.configured
    GROUP BY ALL
),
held AS (
    SELECT region_code, report_year AS year, count(*) AS quarantined
    FROM quarantine
    WHERE region_code IS NOT NULL AND report_year IS NOT NULL
    GROUP BY ALL
),
-- years on end in which a place reported
run AS (
    SELECT place_code, min(year) AS first_year, max(year) AS last_year
    FROM (
        SELECT place_code, year, year - row_number() OVER (PARTITION BY place_code ORDER BY year) AS island
        FROM (SELECT DISTINCT place_code, year FROM reported)
    )
    GROUP BY place_code, island
),
reporting AS (
    SELECT year, count(DISTINCT place_code) AS places FROM reported GROUP BY year
),
cell AS (
    SELECT
        g.region_code,
        g.region_zh AS region,
        g.region_en,
        y.year_key AS year,
        coalesce(r.reports, 0) AS reports,
        coalesce(h.quarantined, 0) AS quarantined,
        r.first_published,
        make_date(y.year_key + 1, 4, 1) AS due_on,
        due_on <= b.day AS overdue,
        n.first_year,
        coalesce(y.year_key - n.first_year, 0) AS reported_before,
        coalesce(p.places, 0) - CASE WHEN s.place_code IS NULL THEN 0 ELSE 1 END AS others_reported,
        s.place_code IS NULL AND h.quarantined IS NULL AND overdue AND reported_before >= 2 AND others_reported >= 1
            AS missing_though_regular,
        coalesce(y.year_key >= 2019 AND r.first_published >= due_on, false) AS published_late,
        coalesce(r.first_published < make_date(y.year_key, 12, 1), false) AS published_before_year_end
    FROM dim_region AS g
    JOIN dim_year AS y ON y.reported
    CROSS JOIN built AS b
    LEFT JOIN reported AS r ON r.region_code = g.region_code AND r.year = y.year_key
    LEFT JOIN (SELECT DISTINCT place_code, year FROM reported) AS s ON s.place_code = g.place_code AND s.year = y.year_key
    LEFT JOIN held AS h ON h.region_code = g.region_code AND h.year = y.year_key
    LEFT JOIN run AS n ON n.place_code = g.place_code AND y.year_key - 1 BETWEEN n.first_year AND n.last_year
    LEFT JOIN reporting AS p ON p.year = y.year_key
    WHERE g.configured
      AND (
          y.year_key BETWEEN coalesce(g.valid_from, 0) AND coalesce(g.valid_to, 9999)
          OR r.reports > 0
          OR h.quarantined > 0
      )
),
-- the last years on end in which anybody reported, and the last year whose reports are due
whole_run AS (
    SELECT min(year) AS first_year, max(year) AS last_year
    FROM (SELECT year, year - row_number() OVER (ORDER BY year) AS island FROM reporting)
    GROUP BY island
    ORDER BY last_year DESC
    LIMIT 1
),
-- also of a year that is not configured: it has come, and somebody knows
waiting AS (
    SELECT count(*) AS waiting
    FROM quarantine AS q
    JOIN dim_region AS g ON g.region_code = q.region_code AND g.configured
    WHERE q.report_year >= (SELECT last_due_year FROM built)
),
whole AS (
    SELECT
        b.last_due_year AS year,
        coalesce(p.places, 0) AS reports,
        w.waiting AS quarantined,
        make_date(b.last_due_year + 1, 4, 1) AS due_on,
        n.first_year,
        n.last_year,
        coalesce(n.last_year - n.first_year + 1, 0) AS reported_before,
        coalesce(reported_before >= 2 AND n.last_year < b.last_due_year AND quarantined = 0, false) AS nothing_new
    FROM built AS b
    LEFT JOIN whole_run AS n ON true
    LEFT JOIN reporting AS p ON p.year = b.last_due_year
    CROSS JOIN waiting AS w
    WHERE b.day IS NOT NULL
)
SELECT
    region_code || '|' || year AS thing,
    'region' AS about,
    region_code || '|' || year AS partition,
    region_code,
    region,
    year,
    reports,
    quarantined,
    first_published,
    due_on,
    overdue,
    reported_before,
    others_reported,
    missing_though_regular,
    published_late,
    published_before_year_end,
    false AS nothing_new,
    CASE
        WHEN missing_though_regular THEN 'missing_though_regular'
        WHEN published_before_year_end THEN 'published_before_year_end'
        WHEN published_late THEN 'published_late'
        WHEN reports > 0 THEN 'reported'
        WHEN quarantined > 0 THEN 'quarantined'
        WHEN overdue THEN 'not_found'
        ELSE 'not_due'
    END AS state,
    region_en || ' ' || year || CASE state
        WHEN 'missing_though_regular' THEN format(
            ': no report, which was due before {}; it reported from {} to {}, and for {} there are reports of other regions: {}',
            due_on, first_year, year - 1, year, others_reported
        )
        WHEN 'published_before_year_end' THEN format(
            ': published on {}, before the year had ended; the year was probably read wrongly', first_published
        )
        WHEN 'published_late' THEN format(': first published on {}, due before {}', first_published, due_on)
        WHEN 'reported' THEN format(': reports: {}', reports)
        WHEN 'quarantined' THEN format(': documents in quarantine: {}', quarantined)
        WHEN 'not_found' THEN format(': no report was found, due before {}', due_on)
        ELSE format(': no report yet, due before {}', due_on)
    END AS message_en,
    region || ' ' || year || '年' || CASE state
        WHEN 'missing_though_regular' THEN format(
            '报告应于{}前公布,至今未见;该地区{}–{}年均有报告,{}年另有{}个地区已报告', due_on, first_year, year - 1, year, others_reported
        )
        WHEN 'published_before_year_end' THEN format('报告发布于{},当年尚未结束,年度可能识别有误', first_published)
        WHEN 'published_late' THEN format('报告最早于{}公布,应于{}前公布', first_published, due_on)
        WHEN 'reported' THEN format('有{}份报告', reports)
        WHEN 'quarantined' THEN format('有{}份文件被隔离', quarantined)
        WHEN 'not_found' THEN format('报告应于{}前公布,未见', due_on)
        ELSE format('报告未到公布期限({}前)', due_on)
    END AS message_zh
FROM cell
UNION ALL BY NAME
SELECT
    'warehouse ' || year AS thing,
    'warehouse' AS about,
    NULL AS partition,
    year,
    reports,
    quarantined,
    due_on,
    true AS overdue,
    reported_before,
    0 AS others_reported,
    false AS missing_though_regular,
    false AS published_late,
    false AS published_before_year_end,
    nothing_new,
    CASE WHEN nothing_new THEN 'nothing_new' WHEN reports > 0 THEN 'reported' ELSE 'not_found' END AS state,
    CASE
        WHEN nothing_new THEN format(
            'no report of {} from any region, due before {}; there are reports of every year from {} to {}',
            year, due_on, first_year, last_year
        )
        ELSE format('regions that reported for {}, the last year that is due: {}', year, reports)
    END AS message_en,
    CASE
        WHEN nothing_new THEN format(
            '{}年报告应于{}前公布,各地区均未见;{}–{}年每年均有报告', year, due_on, first_year, last_year
        )
        ELSE format('最近一个应公布的年度为{}年,已有{}个地区报告', year, reports)
    END AS message_zh
FROM whole
ORDER BY about, region_code, year;
