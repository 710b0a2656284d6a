"""What stands around the prose of a report."""

import time
from datetime import date

import pytest

from sources.front_matter import read_front_matter, without_site_name

PROSE = "2024年,全县受理行政复议案件120件。"


@pytest.mark.parametrize(
    "table",
    [
        "发布机构: | 隆回县司法局 | 发布日期: | 2025-01-16",
        "发布机构 | 隆回县司法局 | 发布日期 | 2025-01-16",
        "发布机构:隆回县司法局 发布日期:2025-01-16",
        "索 引 号: | 000014349/2025-00012\n发布机构:隆回县司法局\n发布日期:2025-01-16",
        "索引号 | 发布机构 | 发布日期 | 文号\n000014349/2025-00012 | 隆回县司法局 | 2025-01-16 | 无",
        "文号 | 发布机构 | 发布日期\n | 隆回县司法局 | 2025-01-16",
        "发布机构 | 发布日期 | 文号\n隆回县司法局 | 2025-01-16 |",
    ],
)
def test_header_tables_in_every_usual_form(table: str) -> None:
    front = read_front_matter(f"{table}\n隆回县2024年度法治政府建设情况报告\n{PROSE}")
    assert (front.fields["publisher"], front.fields["published"]) == ("隆回县司法局", "2025-01-16")
    assert front.title == "隆回县2024年度法治政府建设情况报告"


def test_an_empty_cell_gives_no_value() -> None:
    front = read_front_matter(f"发布机构: | | 发布日期: | 2025-01-16\n{PROSE}")
    assert dict(front.fields) == {"published": "2025-01-16"}


def test_a_body_is_preferred_as_source() -> None:
    front = read_front_matter(f"作者:县司法局 来源:隆回县人民政府网 时间:2025-01-16\n{PROSE}")
    assert front.fields["source"] == "县司法局"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("隆回县人民政府\n关于2024年度法治政府建设情况的\n报告", "隆回县人民政府关于2024年度法治政府建设情况的报告"),
        ("隆回县2024年度法治政府建设工\n作情况报告", "隆回县2024年度法治政府建设工作情况报告"),
        ("隆回县\n2024年度\n法治政府建设情况报告", "隆回县2024年度法治政府建设情况报告"),
        ("【年度报告】隆回县2024年法治政府建设报告", "隆回县2024年法治政府建设报告"),
        # A site's or another body's name above a title that begins with its own.
        ("邵阳市人民政府\n隆回县2024年法治政府建设报告", "隆回县2024年法治政府建设报告"),
        ("隆回县人民政府\n县司法局2024年法治政府建设报告", "县司法局2024年法治政府建设报告"),
        ("隆回县2024年法治政府建设报告\n2025年1月16日", "隆回县2024年法治政府建设报告"),
    ],
)
def test_a_title_broken_over_lines(lines: str, title: str) -> None:
    assert read_front_matter(f"{lines}\n{PROSE}").title == title


@pytest.mark.parametrize(
    ("tail", "signed_by"),
    [
        ("隆回县司法局\n2025年1月16日", "隆回县司法局"),
        ("隆回县司法局 2025年1月16日", "隆回县司法局"),
        ("(隆回县司法局\n2025年1月16日)", "隆回县司法局"),
        ("2025年1月16日", None),
    ],
)
def test_signatures(tail: str, signed_by: str | None) -> None:
    front = read_front_matter(f"隆回县2024年度法治政府建设情况报告\n{PROSE}\n{tail}")
    assert (front.signed_by, front.signed_on) == (signed_by, date(2025, 1, 16))


def test_a_byline_may_carry_its_date() -> None:
    front = read_front_matter(f"2024年度法治政府建设情况报告\n隆回县司法局　（2025年1月16日）\n{PROSE}")
    assert (front.byline, front.dateline) == ("隆回县司法局", date(2025, 1, 16))


@pytest.mark.parametrize(
    "page", ["隆回县2024年报告_隆回县人民政府", "隆回县2024年报告-隆回县人民政府门户网站", "隆回县2024年报告 - 司法局"]
)
def test_a_page_title_without_its_site(page: str) -> None:
    assert without_site_name(page) == "隆回县2024年报告"


@pytest.mark.parametrize("run", [" ", "-", "\n", " -", "_"])
def test_a_page_title_of_one_long_run_is_read_at_once(run: str) -> None:
    started = time.process_time()
    assert without_site_name(f"隆回县2024年报告{run * 50_000}x").startswith("隆回县2024年报告")
    assert time.process_time() - started < 5
