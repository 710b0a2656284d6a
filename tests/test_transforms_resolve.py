"""Several reports on one region and year: the order of preference."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from transforms.extract import Context, extract
from transforms.observation import Observation
from transforms.resolve import ReportKey, resolve, series

CONTEXT = Context("430524", 2023)
NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)


def report(
    name: str, text: str, publisher: str = "隆回县司法局", title: str = "2023年报告", published: date | None = None
) -> tuple[ReportKey, Sequence[Observation]]:
    return ReportKey(name, title, publisher, published, NOON), extract(text, CONTEXT)


def statuses(*reports: tuple[ReportKey, Sequence[Observation]]) -> list[list[str]]:
    return [[o.status for o in observations] for observations in resolve(reports)]


def test_a_single_report_stands() -> None:
    assert statuses(report("a", "受理行政复议案件64件。")) == [["current"]]


def test_a_report_published_again_supersedes_the_earlier_as_a_whole() -> None:
    earlier = report("a", "受理行政复议案件64件,审结60件。", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", title="2023年报告(更正)", published=date(2024, 3, 1))
    assert statuses(earlier, later) == [["superseded", "superseded"], ["current"]]


@pytest.mark.parametrize("mark", ["(更正)", "\uff08更正\uff09", "【修订稿】", " 更新版", "[勘误]"])
def test_a_mark_of_revision_does_not_make_another_report(mark: str) -> None:
    assert series(f"隆回县2023年报告{mark}") == "隆回县2023年报告"


def test_a_townships_government_does_not_speak_for_the_county() -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    township = report("b", "受理行政复议案件3件。", publisher="隆回县桃洪镇人民政府", published=date(2024, 1, 1))
    assert statuses(department, township) == [["current"], ["conflict"]]


def test_a_figure_outdone_keeps_its_own_status_beside() -> None:
    earlier = report("a", "受理行政复议案件64件。", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", published=date(2024, 3, 1))
    (outdone,), (standing,) = resolve([earlier, later])
    assert (outdone.status, outdone.own_status) == ("superseded", "current")
    assert (standing.status, standing.own_status) == ("current", None)


def test_of_other_reports_of_one_publisher_the_later_figure_stands() -> None:
    earlier = report("a", "受理行政复议案件64件,审结60件。", title="年报", published=date(2024, 1, 5))
    later = report("b", "受理行政复议案件65件。", title="复议白皮书", published=date(2024, 3, 1))
    assert statuses(earlier, later) == [["superseded", "current"], ["current"]]


def test_the_governments_own_report_goes_before_a_departments() -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    government = report("b", "受理行政复议案件65件。", publisher="隆回县人民政府", published=date(2024, 1, 1))
    assert statuses(department, government) == [["conflict"], ["current"]]


def test_publishers_that_agree_are_duplicates() -> None:
    first = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    second = report("b", "受理行政复议案件64件。", publisher="隆回县人民法院", published=date(2024, 1, 1))
    assert statuses(first, second) == [["current"], ["duplicate"]]


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({}, "conflict"),
        ({"period": "half_year"}, "current"),
        ({"figure_year": 2022}, "current"),
        ({"stock_date": date(2023, 6, 30)}, "current"),
        ({"stock_date": date(2023, 12, 31)}, "conflict"),
    ],
)
def test_figures_of_another_time_are_no_conflict(other: dict[str, Any], status: str) -> None:
    department = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    government = report("b", "受理行政复议案件65件。", publisher="隆回县人民政府")
    moved = [replace(one, **other) for one in department[1]]
    assert statuses((department[0], moved), government) == [[status], ["current"]]


def test_the_order_given_changes_nothing() -> None:
    first = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    second = report("b", "受理行政复议案件65件。", publisher="隆回县人民法院", published=date(2024, 1, 1))
    assert statuses(first, second) == statuses(second, first)[::-1]


def test_a_suspect_figure_never_wins() -> None:
    suspect = report("a", "发放宣传资料2.5份。", published=date(2024, 3, 1))
    plain = report("b", "发放宣传资料25000份。", title="普法总结", published=date(2024, 1, 1))
    assert statuses(suspect, plain) == [["suspect"], ["current"]]


def test_a_suspect_figure_is_superseded_with_its_report_once_that_is_published_again() -> None:
    suspect = report("a", "发放宣传资料2.5份。", published=date(2024, 1, 5))
    again = report("b", "发放宣传资料2.5万份。", title="2023年报告(更正)", published=date(2024, 3, 1))
    ((before,), (now,)) = resolve([suspect, again])
    assert (before.status, before.own_status, now.status) == ("superseded", "suspect", "current")
