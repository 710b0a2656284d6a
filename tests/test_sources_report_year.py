"""Which year a report looks back on."""

from datetime import date

import pytest

from sources.report_year import heading_year, other_than_a_year, reporting_period, tell_year


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("隆回县2024年度法治政府建设情况报告", 2024),
        ("隆回县 2024 年度法治政府建设情况报告", 2024),
        ("隆回县二〇二四年法治政府建设情况报告", 2024),
        ("隆回县24年法治政府建设工作总结", 2024),
        ("隆回县24年度法治政府建设工作总结", 2024),
        ("隆回县近20年来行政复议情况报告", None),
        ("隆回县司法局2024年工作总结和2025年工作计划", 2024),
        ("隆回县2024年法治政府建设工作要点落实情况报告", 2024),
        ("隆回县人民法院2022—2024年行政审判白皮书", 2024),
        ("隆回县贯彻《法治政府建设实施纲要(2021-2025年)》2024年度情况报告", 2024),
        ("隆回年鉴2025 法治", 2024),
        ("隆回县法治政府建设情况报告", None),
    ],
)
def test_the_year_in_a_heading(heading: str, year: int | None) -> None:
    assert heading_year(heading) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("统计期限自2024年1月1日起至2024年12月31日止", 2024),
        ("统计期限为2024年1月1日至12月31日", 2024),
        ("统计期限从2024年1月1日起,至2024年12月31日止", 2024),
        ("2024年1-12月", 2024),
        ("2024年10至12月", None),
        ("2023年1月1日至2024年12月31日", None),
        ("2023年1月1日至2023年12月31日,2024年1月1日至2024年12月31日", None),
        ("2024年1月1日至6月30日", None),
    ],
)
def test_the_reporting_period(text: str, year: int | None) -> None:
    assert reporting_period(text) == year


@pytest.mark.parametrize(
    "heading",
    [
        "隆回县司法局2024年上半年工作总结",
        "隆回县2024年第三季度行政执法情况通报",
        "隆回县2024年1—9月行政复议工作情况",
        "隆回县2025年法治政府建设工作要点",
        "隆回县法治政府建设实施方案(2021—2025年)",
        "隆回县“十三五”时期法治政府建设工作总结",
        "隆回县2016—2020年法治政府建设工作总结",
        "隆回县“七五”普法工作总结",
    ],
)
def test_what_is_no_report_of_a_year(heading: str) -> None:
    assert other_than_a_year(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "隆回县2024年度法治政府建设情况报告",
        "隆回县2024年第四季度暨全年行政复议情况通报",
        "隆回县2024年法治政府建设工作要点落实情况报告",
        "隆回县“十四五”法治政府建设规划2024年度实施情况报告",
        "隆回县人民法院2022—2024年行政审判白皮书",
        "关于印发《隆回县2024年法治政府建设年度报告》的通知",
    ],
)
def test_what_is_a_report_of_a_year(heading: str) -> None:
    assert other_than_a_year(heading) is None


def test_the_reporting_period_decides_against_a_heading_carried_over() -> None:
    told = tell_year({"title": "隆回县2023年年度报告"}, "统计期限为2024年1月1日至12月31日。", date(2025, 1, 16))
    assert told.year == 2024
    assert "overruled: year 2023 in the title 隆回县2023年年度报告" in told.reasons


def test_a_period_that_was_not_over_at_publication_is_not_the_one_reported_on() -> None:
    told = tell_year({"title": "隆回县2024年年度报告"}, "有效期2025年1月1日至12月31日。", date(2025, 1, 16))
    assert told.year == 2024


def test_the_last_year_of_a_span_is_less_sure_than_a_year_by_itself() -> None:
    span = tell_year({"title": "2022—2024年行政审判白皮书"}, "", None)
    alone = tell_year({"title": "2024年行政审判白皮书"}, "", None)
    assert span.year == alone.year == 2024
    assert span.confidence < alone.confidence


def test_a_day_in_numerals_does_not_speak_of_its_year() -> None:
    told = tell_year({"title": "隆回县二〇二四年工作报告"}, "一年来成效明显。\n二〇二五年一月十日", date(2025, 1, 10))
    assert told.year == 2024
    assert not told.overruled
