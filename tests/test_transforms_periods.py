"""Which time a figure is of: the year it speaks of, what of that year, since when, and the day of a stock."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract import Context, extract
from transforms.lexicon import LexiconError, lexicon
from transforms.observation import PERIODS, Observation
from transforms.periodwords import PERIODS_FILE, period_words

CITY = Context("430500", 2024, "邵阳市司法局", "邵阳市司法局2024年度法治政府建设情况报告")


def figure(text: str, raw: str, context: Context = CITY) -> Observation:
    return next(o for o in extract(text, context) if o.raw_text == raw)


def time_of(text: str, raw: str, context: Context = CITY) -> tuple[str, int | None, str, int | None]:
    o = figure(text, raw, context)
    return o.role, o.figure_year, o.period, o.since_year


YEAR = ("actual", 2024, "year", None)


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("按照《湘中市法治社会建设规划（2021-2025年）》，办理法律援助案件930件。", "930件"),
        ("根据法治政府建设实施意见（2021—2025年），全市举办讲座85场。", "85场"),
        ("落实2021-2025年法治宣传教育规划，举办普法活动85场。", "85场"),
        ("推进“法治乡村2022—2026年”工程，举办普法活动85场。", "85场"),
        ("对照《提升执法质量三年行动计划（2023-2025年）》，评查行政执法案卷85卷。", "85卷"),
        ("编制2025年普法工作要点，举办普法活动85场。", "85场"),
        ("《湘中市2025年立法计划》形成后，开展普法活动85场。", "85场"),
        ("对“八五”普法规划开展中期评估，举办普法活动85场。", "85场"),
    ],
)
def test_the_years_of_a_document_are_nobodys(text: str, raw: str) -> None:
    assert time_of(text, raw) == YEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年以来，办理法律援助案件930件。", YEAR),
        ("今年以来，办理法律援助案件930件。", YEAR),
        ("年初以来，办理法律援助案件930件。", YEAR),
        ("自2024年3月揭牌以来，办理法律援助案件930件。", YEAR),
        ("一年下来，办理法律援助案件930件。", YEAR),
        ("2022年以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("自2023年5月揭牌以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2023)),
        ("2022年至今，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("自2021年7月1日起，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2021)),
        ("近三年，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("两年来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2023)),
        ("“十四五”以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2021)),
        ("“八五”普法规划启动以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2021)),
        ("2022—2024年，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("2022年4月至2024年底，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("2020—2022年，办理法律援助案件930件。", ("prior", 2022, "cumulative", 2020)),
        ("援助中心成立以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", None)),
        ("近年来，办理法律援助案件930件。", ("actual", 2024, "cumulative", None)),
        ("《法律援助法》施行以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("《法律援助惠民方案（2022—2024年）》印发以来，办理法律援助案件930件。", ("actual", 2024, "cumulative", 2022)),
        ("新行政复议法施行以来，办理法律援助案件930件。", YEAR),
        ("长期以来，坚持应援尽援，办理法律援助案件930件。", YEAR),
        ("全年累计办理法律援助案件930件。", YEAR),
        ("累计办理法律援助案件930件。", YEAR),
        ("2024年检察机关提起诉讼后，办理法律援助案件930件。", YEAR),
    ],
)
def test_since_when(text: str, expected: tuple[str, int | None, str, int | None]) -> None:
    assert time_of(text, "930件") == expected


@pytest.mark.parametrize(
    "text",
    [
        "平台启用以来累计办理法律援助案件4100件；当年办理930件。",
        "2021年以来办理法律援助案件4100件，全年办理930件。",
        "2021年以来办理法律援助案件4100件，今年办理930件。",
        "2021年以来办理法律援助案件4100件，2024年办理930件。",
        "2021年以来办理法律援助案件4100件。本年办理法律援助案件930件。",
        "三年来办理法律援助案件4100件；本年度办理930件。",
    ],
)
def test_a_running_total_holds_up_to_the_year(text: str) -> None:
    assert time_of(text, "4100件")[2] == "cumulative"
    assert time_of(text, "930件") == YEAR


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("上半年办理法律援助案件412件。", "half_year"),
        ("2024年下半年，办理法律援助案件412件。", "half_year"),
        ("1—6月，办理法律援助案件412件。", "half_year"),
        ("今年1至6月份办理法律援助案件412件。", "half_year"),
        ("截至6月底，办理法律援助案件412件。", "half_year"),
        ("截至6月20日，办理法律援助案件412件。", "half_year"),
        ("7—12月办理法律援助案件412件。", "half_year"),
        ("一季度办理法律援助案件412件。", "quarter"),
        ("第四季度，办理法律援助案件412件。", "quarter"),
        ("4-6月办理法律援助案件412件。", "quarter"),
        ("3月份办理法律援助案件412件。", "month"),
        ("11月，办理法律援助案件412件。", "month"),
        ("去年12月办理法律援助案件412件。", "month"),
        ("国家宪法日当天，解答法律援助咨询412人次。", "campaign"),
        ("“百日清欠”专项行动中办理法律援助案件412件。", "campaign"),
        ("民法典宣传月期间，办理法律援助案件412件。", "campaign"),
        ("民法典宣传月，全市办理法律援助案件412件。", "campaign"),
        ("元旦前办理法律援助案件412件。", "campaign"),
        ("12月4日，现场办理法律援助案件412件。", "campaign"),
        ("3月1日至31日办理法律援助案件412件。", "year"),
        ("3月5日至3月31日办理法律援助案件412件。", "campaign"),
        ("欠薪集中整治行动启动以来，办理法律援助案件412件。", "campaign"),
        # months that are no half and no quarter, and eleven of them are no year
        ("前5个月办理法律援助案件412件。", "months"),
        ("前三季度办理法律援助案件412件。", "months"),
        ("1至9月办理法律援助案件412件。", "months"),
        ("3—5月办理法律援助案件412件。", "months"),
        ("截至6月5日，办理法律援助案件412件。", "months"),
        ("1—11月办理法律援助案件412件。", "months"),
        ("今年1至11月，全市办理法律援助案件412件。", "months"),
        ("2024年1月至2024年11月办理法律援助案件412件。", "months"),
        ("1月1日至11月30日，办理法律援助案件412件。", "months"),
        ("截至10月底，办理法律援助案件412件。", "months"),
        ("截至2024年11月底办理法律援助案件412件。", "months"),
        ("截止11月15日，今年办理法律援助案件412件。", "months"),
        ("截至10月底，坚持应援尽援，全年办理法律援助案件412件。", "months"),
        ("前10个月办理法律援助案件412件。", "months"),
        ("前十一个月办理法律援助案件412件。", "months"),
        ("截至12月5日，办理法律援助案件412件。", "months"),
        # all of it
        ("1—12月办理法律援助案件412件。", "year"),
        ("截至12月底，办理法律援助案件412件。", "year"),
        ("截至12月20日，办理法律援助案件412件。", "year"),
        ("截至年底，办理法律援助案件412件。", "year"),
        ("截至目前，办理法律援助案件412件。", "year"),
        ("截至2025年1月，办理法律援助案件412件。", "year"),
        ("2024年1月至2024年12月办理法律援助案件412件。", "year"),
        # what begins in a month goes on
        ("5月印发通知，办理法律援助案件412件。", "year"),
        # but a count that begins in a month is no year's
        ("自5月起办理法律援助案件412件。", "months"),
        ("5月以来办理法律援助案件412件。", "months"),
        ("10月以来，办理法律援助案件412件。", "quarter"),
        ("1月以来，办理法律援助案件412件。", "year"),
        ("下半年以来，全县办理法律援助案件412件。", "half_year"),
        # the activity is counted, no time is told
        ("举办法律援助宣传周活动，办理法律援助案件412件。", "year"),
        ("结合国家宪法日，办理法律援助案件412件。", "year"),
        ("三年行动中办理法律援助案件412件。", "year"),
        ("主题教育期间，办理法律援助案件412件。", "year"),
        ("服刑期间申请法律援助的412件。", "year"),
        ("完成惠民行动中法律援助任务412件。", "year"),
        ("法律援助惠民活动中办理法律援助案件412件。", "year"),
        ("坚持按季度通报，办理法律援助案件412件。", "year"),
        ("较上半年更快，办理法律援助案件412件。", "year"),
        ("在上半年考核中领先，办理法律援助案件412件。", "year"),
    ],
)
def test_a_part_of_the_year_is_no_year(text: str, period: str) -> None:
    assert next(o for o in extract(text, CITY) if o.raw_text.startswith("412")).period == period


@pytest.mark.parametrize(
    "text",
    [
        "上半年办理法律援助案件412件，全年930件。",
        "上半年办理法律援助案件412件；全年办理930件。",
        "1至9月办理法律援助案件412件，今年办理930件。",
        "截至10月底办理法律援助案件412件，全年办理930件。",
        "一季度办理法律援助案件412件，到年底办理930件。",
        "宪法宣传周期间办理法律援助案件412件。全市办理法律援助案件930件。",
        "宪法宣传周期间办理法律援助案件412件；全市共办理法律援助案件930件。",
        "春节前办理法律援助案件412件，当年办理法律援助案件930件。",
        "专项行动期间办理法律援助案件412件；二是办理法律援助案件930件。",
    ],
)
def test_a_part_of_the_year_ends_where_the_year_is_named(text: str) -> None:
    assert time_of(text, "412件")[2] != "year"
    assert time_of(text, "930件") == YEAR


def test_a_campaign_goes_on_after_a_semicolon_with_what_one_does_in_it() -> None:
    text = "宪法宣传周期间，举办普法活动12场；发放宣传资料8000份；年度考核优秀率96%。"
    assert [o.period for o in extract(text, CITY)] == ["campaign", "campaign", "year"]


@pytest.mark.parametrize(
    ("text", "raw", "expected"),
    [
        ("去年办理法律援助案件870件。", "870件", ("prior", 2023, "year", None)),
        ("前年办理法律援助案件870件。", "870件", ("prior", 2022, "year", None)),
        ("去年以来我们回头看：前年行政诉讼败诉14件。", "14件", ("prior", 2022, "year", None)),
        ("2021年办理法律援助案件870件。", "870件", ("prior", 2021, "year", None)),
        ("办理法律援助案件930件（2022年870件），受援人960人。", "870件", ("prior", 2022, "year", None)),
        ("办理法律援助案件930件（2022年870件），受援人960人。", "960人", YEAR),
        ("截至2023年底，办理法律援助案件870件。", "870件", ("prior", 2023, "year", None)),
        ("上半年办理法律援助案件412件，去年同期398件。", "398件", ("prior", 2023, "half_year", None)),
        ("去年同期，办理法律援助案件398件。", "398件", ("prior", 2023, "year", None)),
        ("与2021年的640件相比增加25%。", "640件", ("prior", 2021, "year", None)),
        ("与2021年的640件相比增加25%。", "25%", ("change", 2024, "year", None)),
        ("比去年同期的640件多25%。", "25%", ("change", 2024, "year", None)),
        ("较2022年的31家增加6家。", "6家", ("change", 2024, "year", None)),
        ("与2022年相比，法律援助案件由640件增至800件。", "640件", ("prior", 2022, "year", None)),
        ("2025年，计划办理法律援助案件1000件。", "1000件", ("plan", 2025, "year", None)),
        ("到2026年，力争办理法律援助案件1000件。", "1000件", ("plan", 2026, "year", None)),
        ("力争办理法律援助案件1000件。", "1000件", ("plan", 2025, "year", None)),
        ("2024年度拟提请审议地方性法规草案3件。", "3件", ("plan", 2024, "year", None)),
        ("办结率93%，2025年力争达到95%；办理法律援助案件930件。", "930件", YEAR),
        ("行政诉讼败诉率6%，低于8%的控制目标。", "8%", ("target", 2024, "year", None)),
    ],
)
def test_the_year_that_a_figure_speaks_of(
    text: str, raw: str, expected: tuple[str, int | None, str, int | None]
) -> None:
    assert time_of(text, raw) == expected


def test_the_figures_of_listed_years_are_dealt_out() -> None:
    text = "2022年、2023年、2024年行政诉讼败诉率分别为9.1%、8.4%、7.7%。"
    assert [(o.role, o.figure_year) for o in extract(text, CITY)] == [
        ("prior", 2022),
        ("prior", 2023),
        ("actual", 2024),
    ]
    text = "2022年以来，行政诉讼败诉率依次为9.1%、8.4%、7.7%。"
    assert [(o.role, o.figure_year) for o in extract(text, CITY)] == [
        ("prior", 2022),
        ("prior", 2023),
        ("actual", 2024),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "行政诉讼败诉率从14.6%降至9.3%。",
        "行政诉讼败诉率由14.6%变为9.3%。",
        "行政诉讼败诉率由2022年的14.6%压降到9.3%。",
        "行政诉讼败诉率从2022年的14.6%回落至2024年的9.3%。",
        "行政诉讼败诉率从去年的14.6%降到今年的9.3%。",
        "行政诉讼败诉率由14.6%跃升至9.3%。",
        "行政诉讼败诉率由14.6%，下降为9.3%。",
    ],
)
def test_what_a_figure_was_and_what_it_became(text: str) -> None:
    was, became = extract(text, CITY)
    assert [was.role, became.role] == ["prior", "actual"]
    assert was.indicator == became.indicator == "litigation.loss_rate"
    assert (was.figure_year, became.figure_year) == (2022 if "2022" in text else 2023, 2024)


def test_each_earlier_year_has_the_indicator() -> None:
    text = "行政诉讼败诉率从2022年的14.6%、2023年的11.2%下降到2024年的9.3%。"
    found = extract(text, CITY)
    assert [(o.role, o.figure_year) for o in found] == [("prior", 2022), ("prior", 2023), ("actual", 2024)]
    assert {o.indicator for o in found} == {"litigation.loss_rate"}
    text = "行政诉讼败诉率9.3%，上年为11.2%，前年为14.6%。"
    assert {o.indicator for o in extract(text, CITY)} == {"litigation.loss_rate"}


def test_what_comes_after_a_compared_year_is_this_years() -> None:
    text = "负责人出庭率从2022年的91.6%提到97.2%，办理行政应诉案件88件。"
    assert [(o.role, o.figure_year) for o in extract(text, CITY)] == [
        ("prior", 2022), ("actual", 2024), ("actual", 2024),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("在册社区矫正对象412名。", date(2024, 12, 31)),
        ("截至2024年6月底，在册社区矫正对象412名。", date(2024, 6, 30)),
        ("截至11月15日，在册社区矫正对象412名。", date(2024, 11, 15)),
        ("截至10月底，在册社区矫正对象412名。", date(2024, 10, 31)),
        ("1至11月，解除矫正280人，在册社区矫正对象412名。", date(2024, 11, 30)),
        ("截至目前，在册社区矫正对象412名。", date(2024, 12, 31)),
        ("截至2025年1月，在册社区矫正对象412名。", date(2025, 1, 31)),
        ("2月底，在册社区矫正对象412名。", date(2024, 2, 29)),
        ("12月31日，在册社区矫正对象412名。", date(2024, 12, 31)),
        ("年末在册社区矫正对象412名。", date(2024, 12, 31)),
        ("2022年以来，评查社区矫正案件1200件；在册社区矫正对象412名。", date(2024, 12, 31)),
    ],
)
def test_a_stock_has_a_day_and_runs_since_no_year(text: str, day: date) -> None:
    o = figure(text, "412名")
    assert o.indicator == "corrections.subjects"
    assert (o.role, o.figure_year, o.period, o.since_year, o.stock_date) == ("actual", 2024, "year", None, day)


@pytest.mark.parametrize(
    ("text", "raw", "since"),
    [
        ("自2021年起累计培养法律明白人3300名。", "3300名", 2021),
        ("三年来共培育法律明白人3300名。", "3300名", 2022),
        ("“八五”普法以来，全市累计建成法治文化公园52个。", "52个", 2021),
        ("近年来，全市发展律师1200名。", "1200名", None),
        ("2021年以来，新建法治文化公园52个，培育法律明白人3300名。", "3300名", 2021),
    ],
)
def test_what_was_added_over_years_is_no_stock(text: str, raw: str, since: int | None) -> None:
    o = figure(text, raw)
    assert o.indicator in lexicon().stocks
    assert (o.period, o.since_year, o.stock_date) == ("cumulative", since, None)


@pytest.mark.parametrize(
    "text",
    [
        "2021年以来，全市现有法律明白人3300名。",
        "自2021年起建立名册，共有法律明白人3300名。",
        "三年来，法律明白人达3300名。",
        "2021年以来，法律明白人队伍发展到3300名。",
        "2021年以来，加强队伍建设，全市有法律明白人3300名。",
        "2021年以来，累计建成法治文化公园52个；在册法律明白人3300名。",
        "2021年以来，累计建成法治文化公园52个，目前法律明白人3300名。",
        "累计培育法律明白人3300名。",
    ],
)
def test_what_there_is_is_a_stock(text: str) -> None:
    o = figure(text, "3300名")
    assert (o.indicator, o.period, o.since_year) == ("publicity.rural_law_guides", "year", None)
    assert o.stock_date == date(2024, 12, 31)


def test_last_years_stock_has_last_years_day() -> None:
    o = figure("截至2023年底，在册社区矫正对象398名。", "398名")
    assert (o.role, o.figure_year, o.stock_date) == ("prior", 2023, date(2023, 12, 31))


def test_a_flow_has_no_day() -> None:
    assert figure("截至2024年6月底，办理法律援助案件412件。", "412件").stock_date is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("累计接收社区矫正对象2560名。", "cumulative"),
        ("全市累计接收社区矫正对象2560名，累计解除2310名。", "cumulative"),
        ("全年累计接收社区矫正对象2560名。", "year"),
        ("2024年累计接收社区矫正对象2560名。", "year"),
        ("接收社区矫正对象2560名。", "year"),
    ],
)
def test_offices_of_correction_count_from_the_beginning(text: str, period: str) -> None:
    assert {o.period for o in extract(text, CITY)} == {period}


@pytest.mark.parametrize(
    "text",
    [
        "全年新接收社区矫正对象290人，累计接收2310人。",
        "累计接收社区矫正对象2310人，全年新接收290人。",
        "累计接收社区矫正对象2310人，其中今年新接收290人。",
        "截至11月底，累计接收社区矫正对象2310人，在册412人；当年新接收290人。",
        "截至目前，累计接收社区矫正对象2310人，累计解除1898人；今年新接收290人，解除矫正301人。",
        "目前累计接收社区矫正对象2310人，2024年新接收290人。",
    ],
)
def test_the_years_own_stands_beside_what_was_counted_from_the_beginning(text: str) -> None:
    total, year = figure(text, "2310人"), figure(text, "290人")
    assert (total.indicator, total.period) == ("corrections.subjects_received", "cumulative")
    assert (year.indicator, year.period, year.figure_year) == ("corrections.subjects_received", "year", 2024)


@pytest.mark.parametrize(
    "text",
    [
        "2025年，法律援助办案量增长8%以上。",
        "三、2025年工作打算\n(一)法律援助办案量增长8%以上。\n",
        "力争法律援助案件数量同比增长8%以上。",
    ],
)
def test_a_planned_growth_is_a_change_in_per_cent(text: str) -> None:
    (o,) = extract(text, CITY)
    assert (o.role, o.direction, o.canonical_unit, o.value_high) == ("plan", "up", "%", None)


@pytest.mark.parametrize(
    "text",
    [
        "立法计划：提请审议地方性法规草案3件，政府规章5件。",
        "一、2024年主要工作\n(一)拟提请市人大常委会审议地方性法规草案3件、政府规章5件。\n",
        "列入2025年立法计划的审议项目中，拟提请审议地方性法规草案3件，修改规章5件。",
        "列入市人大常委会立法计划地方性法规草案3件，政府规章5件。",
        "列入2024年度立法工作计划的项目3件，其中政府规章5件。",
    ],
)
def test_what_a_plan_of_legislation_lists_is_planned(text: str) -> None:
    assert [o.role for o in extract(text, CITY)] == ["plan", "plan"]


@pytest.mark.parametrize(
    "text",
    [
        "预计办理法律援助案件600件，实际完成655件。",
        "年初预计全年办理法律援助案件600件，实际办理655件。",
        "计划办理法律援助案件600件，实际办理655件。",
        "计划办理法律援助案件600件，截至年底已办结655件。",
        "拟办理法律援助案件600件（实际办理655件）。",
        "年度目标为办理法律援助案件600件，实际655件。",
        "2024年目标：办理法律援助案件600件；全年实际办理655件。",
    ],
)
def test_what_was_expected_of_the_year_is_a_target(text: str) -> None:
    expected, done = extract(text, CITY)
    assert (expected.raw_text, expected.role, expected.figure_year) == ("600件", "target", 2024)
    assert (done.raw_text, done.role, done.figure_year) == ("655件", "actual", 2024)


def test_what_came_of_a_target_is_of_the_same_thing() -> None:
    found = extract("全年计划开展普法活动50场，实际开展62场。", CITY)
    assert [(o.role, o.indicator) for o in found] == [
        ("target", "publicity.activities"),
        ("actual", "publicity.activities"),
    ]


@pytest.mark.parametrize(
    ("text", "role", "year"),
    [
        ("2024年目标：培训人民调解员500人次。", "target", 2024),
        ("年度目标任务为培训人民调解员500人次，全市公职律师26人。", "target", 2024),
        ("2025年目标：培训人民调解员500人次。", "plan", 2025),
        ("预计培训人民调解员500人次。", "plan", 2025),
        ("2025年预计培训人民调解员500人次。", "plan", 2025),
        ("围绕建设法治政府目标：培训人民调解员500人次。", "actual", 2024),
        ("实现年度目标，培训人民调解员500人次。", "actual", 2024),
        ("三、2025年工作计划\n（一）年度目标：培训人民调解员500人次。", "plan", 2025),
    ],
)
def test_targets_and_plans(text: str, role: str, year: int) -> None:
    o = figure(text, "500人次")
    assert (o.role, o.figure_year) == (role, year)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("列入立法计划12件，已完成8件。", ["plan", "actual"]),
        ("清理规范性文件160件，拟继续有效118件，拟废止42件。", ["actual", "actual", "actual"]),
        ("代拟文件稿7件。", ["actual"]),
        ("科学编制立法计划，提请审议地方性法规草案3件。", ["actual"]),
    ],
)
def test_what_is_no_plan(text: str, roles: list[str]) -> None:
    assert [o.role for o in extract(text, CITY)] == roles


def test_without_a_report_year_only_what_is_named_is_known() -> None:
    context = Context("430500")
    assert time_of("办理法律援助案件930件。", "930件", context)[1] is None
    assert time_of("2023年办理法律援助案件930件。", "930件", context)[1] == 2023


PIECES = [
    *("2024年", "2023年", "2025年", "以来", "启动以来", "截至", "6月底", "上半年", "1-6月", "3月份", "2月30日", "13月"),
    *(
        "全年",
        "当年",
        "去年",
        "前年",
        "同期",
        "近三年",
        "“十四五”",
        "期间",
        "宪法宣传周",
        "专项行动中",
        "累计",
        "拟提请",
        "增长",
    ),
    *("(2021-2025年)", "《", "》", "“", "”", ",", ";", "。", "、", "分别为", "由", "升至", "的", "与", "相比"),
    *("办理法律援助案件", "在册社区矫正对象", "败诉率", "12件", "40名", "9.1%", "5%以上", "2022年、2023年"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.sampled_from([CITY, Context("430500")]))
def test_every_figure_has_its_time(text: str, context: Context) -> None:
    for o in extract(text, context):
        assert o.period in PERIODS
        assert o.figure_year is not None or context.report_year is None
        assert o.since_year is None or o.period == "cumulative"
        if o.indicator in lexicon().stocks:
            assert o.period in ("year", "cumulative")
            assert (o.stock_date is None) == (o.figure_year is None or o.role == "change" or o.period == "cumulative")
        else:
            assert o.stock_date is None
        assert o.value_high is None or o.value_low <= o.value <= o.value_high


@pytest.mark.parametrize(
    "unit", ["2023年以来3月份,", "明年", "《2023年》", "截至6月底12件", "由12件降至", "拟12件", "期间,", "1-"]
)
def test_endless_labels_end(unit: str) -> None:
    """Labels without end in one sentence take time that grows with their length only."""
    started = time.process_time()
    extract(unit * (60_000 // len(unit)), CITY)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("holidays: [", "holyday: [", "holyday: no such group"),
        ("holidays: [", "#", "the group holidays is missing"),
        ("holidays: [春节", "holidays: [12", "expected a list of words"),
        ("八五: 2021", "八五: soon", "expected a year"),
        ("[corrections.subjects_received", "[corrections.nothing", "is no indicator"),
    ],
)
def test_the_words_of_periods_are_checked(tmp_path: Path, old: str, new: str, message: str) -> None:
    for file in PERIODS_FILE.parent.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "indicators").mkdir()
    for file in (PERIODS_FILE.parent / "indicators").glob("*.yaml"):
        (tmp_path / "indicators" / file.name).write_bytes(file.read_bytes())
    text = PERIODS_FILE.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "periods.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message) as raised:
        period_words(changed)
    assert str(raised.value).startswith("periods.yaml:")


def test_the_age_of_what_is_looked_through_is_no_beginning() -> None:
    """对2003年以来的规范性文件进行清理 in 2024 counts what was repealed in 2024."""
    context = Context("430524", 2024, "隆回县司法局", "隆回县司法局2024年法治政府建设年度报告")
    for text in ("对2003年以来的规范性文件进行清理,宣布失效15件。", "抽取2022年7月以来案卷60卷进行评查。"):
        assert {(one.period, one.since_year) for one in extract(text, context)} == {("year", None)}


def test_both_halves_are_the_year() -> None:
    context = Context("430524", 2024, "隆回县司法局", "隆回县司法局2024年法治政府建设年度报告")
    *_, reviewed = extract("上半年、下半年各评查1次,共抽查案卷88卷。", context)
    assert reviewed.period == "year"
