"""Several reports on one region and year: the order of preference."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from transforms.extract import Context, extract
from transforms.observation import Observation
from transforms.resolve import ReportKey, resolve

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


def test_the_order_given_changes_nothing() -> None:
    first = report("a", "受理行政复议案件64件。", published=date(2024, 3, 1))
    second = report("b", "受理行政复议案件65件。", publisher="隆回县人民法院", published=date(2024, 1, 1))
    assert statuses(first, second) == statuses(second, first)[::-1]


def test_a_suspect_figure_never_wins() -> None:
    suspect = report("a", "发放宣传资料2.5份。", published=date(2024, 3, 1))
    plain = report("b", "发放宣传资料25000份。", title="普法总结", published=date(2024, 1, 1))
    assert statuses(suspect, plain) == [["suspect"], ["current"]]
