"""Tables of figures: what a cell measures is told by the labels of its row and column, and by the caption."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.explanation import explanation
from transforms.extract import Context, explain, extract
from transforms.lexicon import LEXICON, LexiconError, lexicon
from transforms.observation import Observation
from transforms.sentences import Sentences
from transforms.tables import find
from transforms.tablewords import TABLES, table_words

CITY = Context("430500", 2024, "邵阳市司法局", "邵阳市司法局2024年度法治政府建设情况报告")
COUNTY = Context("430524", 2024, "隆回县司法局", "隆回县司法局2024年度法治政府建设情况报告")
DISCLOSURE = Context("430500", 2024, "邵阳市人民政府", "邵阳市2024年政府信息公开工作年度报告")

ACCEPTED, CONCLUDED = "reconsideration.accepted", "reconsideration.concluded"
DISPUTES, SUCCEEDED = "mediation.disputes", "mediation.succeeded"
AID = "legal_service.aid_cases"


@dataclass(frozen=True)
class Shape:
    """A table, and of every figure read: the words, indicator, role and place (the report's own, if empty)."""

    table: str
    read: tuple[str, ...]
    context: Context = CITY


def told(o: Observation, context: Context) -> str:
    """129 reconsideration.accepted actual; a place, scope or period other than the report's region and year besides."""
    place = "" if o.region_code == context.region_code else f" {o.region_code}"
    scope = "" if o.scope == "region" else f" {o.scope}"
    period = "" if o.period in ("year", "cumulative") else f" {o.period}"
    return f"{o.raw_text} {o.indicator or '-'} {o.direction or o.role}{place}{scope}{period}"


SHAPES = {
    "years across, a change in per cent": Shape(
        """
指标 | 2024年 | 2023年 | 增减
行政复议受理(件) | 129 | 110 | +17.3%
矛盾纠纷调处成功(件) | 3501 | 3510 | -0.3%
""",
        (
            f"129 {ACCEPTED} actual", f"110 {ACCEPTED} prior", f"+17.3% {ACCEPTED} up",
            f"3501 {SUCCEEDED} actual", f"3510 {SUCCEEDED} prior", f"-0.3% {SUCCEEDED} down",
        ),
    ),
    "years down, indicators across, parted by tabs": Shape(
        """
年份	受理行政复议案件（件）	罚没金额（万元）
2022年	98	12.5
2024年度	1 290	约1.2
""",
        (
            f"98 {ACCEPTED} prior", "12.5 enforcement.fines_amount prior",
            f"1 290 {ACCEPTED} actual", "约1.2 enforcement.fines_amount actual",
        ),
    ),
    "a table in Markdown, years without 年": Shape(
        """
| 指标 | 2024 | 2023 |
| --- | ---: | ---: |
| 行政复议受理（件） | 129 | 110 |
""",
        (f"129 {ACCEPTED} actual", f"110 {ACCEPTED} prior"),
    ),
    "words for years": Shape(
        """
指标 | 本年 | 上年同期 | 同比增长
法律援助案件（件） | 892 | 808 | 10.4%
""",
        (f"892 {AID} actual", f"808 {AID} prior", f"10.4% {AID} up"),
    ),
    "a column of units, a unit with a scale": Shape(
        """
序号 | 指标 | 计量单位 | 2024年
1 | 人民调解员 | 人 | 1,374
2 | 罚没款 | 万元 | 35.2
""",
        ("1,374 mediation.mediators actual", "35.2 enforcement.fines_amount actual"),
    ),
    "the unit in the caption, its topic too": Shape(
        """
表1 2024年行政复议案件情况
单位：件
申请 | 受理 | 审结
150 | 129 | 115
""",
        ("150 reconsideration.applications actual", f"129 {ACCEPTED} actual", f"115 {CONCLUDED} actual"),
    ),
    "several units in the caption: the one that fits": Shape(
        """
（单位：人次、件、场次）
指标 | 2024年
法律援助案件 | 892
法治宣传活动 | 230
""",
        (f"892 {AID} actual", "230 publicity.activities actual"),
    ),
    "no unit anywhere": Shape(
        """
指标 | 2024年
受理行政复议案件 | 129
行政诉讼败诉率 | 6.7
行政处罚罚没金额 | 35.2
干部培训 | 300
""",
        (f"129 {ACCEPTED} actual", "6.7 litigation.loss_rate actual"),
    ),
    "a rate below 1 may stand for a hundred times as much": Shape(
        "指标 | 2024年\n行政诉讼败诉率 | 0.067\n调解成功率 | 1\n", ()
    ),
    "a year that the caption gives": Shape(
        "2023年行政复议案件情况\n受理 | 审结\n110件 | 99件\n", (f"110件 {ACCEPTED} prior", f"99件 {CONCLUDED} prior")
    ),
    "two heads, the upper one repeated; places down": Shape(
        """
2024年全市行政复议情况（单位：件）
县区 | 2024年 | 2024年 | 2023年 | 2023年
县区 | 受理 | 审结 | 受理 | 审结
全市 | 129 | 115 | 110 | 99
双清区 | 20 | 18 | 15 | 14
""",
        (
            f"129 {ACCEPTED} actual", f"115 {CONCLUDED} actual", f"110 {ACCEPTED} prior", f"99 {CONCLUDED} prior",
            f"20 {ACCEPTED} actual 430502", f"18 {CONCLUDED} actual 430502",
            f"15 {ACCEPTED} prior 430502", f"14 {CONCLUDED} prior 430502",
        ),
    ),
    "two heads, the upper one blank where it was merged": Shape(
        "指标 | 2024年 |  | 2023年 |\n指标 | 受理 | 审结 | 受理 | 审结\n行政复议(件) | 129 | 115 | 110 | 99\n",
        (f"129 {ACCEPTED} actual", f"115 {CONCLUDED} actual", f"110 {ACCEPTED} prior", f"99 {CONCLUDED} prior"),
    ),
    "counties, own level, and a zone that is no county": Shape(
        """
附件2 人民调解案件统计表
单位：件
县市区 | 调解案件数 | 调解成功数 | 其中：婚姻家庭纠纷
合计 | 1200 | 1180 | 300
市本级 | 20 | 19 | 1
大祥区 | 130 | 128 | 31
经开区 | 10 | 9 | 3
""",
        (
            f"1200 {DISPUTES} actual", f"1180 {SUCCEEDED} actual",
            f"20 {DISPUTES} actual own_level", f"19 {SUCCEEDED} actual own_level",
            f"130 {DISPUTES} actual 430503", f"128 {SUCCEEDED} actual 430503",
        ),
    ),
    "kinds and their total: parts have no code": Shape(
        """
行政复议案件类型
类型 | 受理件数 | 占比
公安 | 40件 | 31.0%
自然资源 | 30件 | 23.3%
合计 | 129件 | 100%
""",
        (
            "40件 - actual part", "31.0% - actual", "30件 - actual part", "23.3% - actual",
            f"129件 {ACCEPTED} actual", "100% - actual",
        ),
    ),
    "kinds without a total: which one would stand for the whole?": Shape(
        "行政复议案件受理情况\n纠纷 | 件数\n纠纷调解 | 40\n家事纠纷调解 | 30\n", ()
    ),
    "rows with indicators of their own": Shape(
        """
行政应诉情况
项目 | 2024年(件)
一审案件 | 69
审结 | 60
败诉 | 4
""",
        ("69 litigation.first_instance actual", "60 litigation.concluded actual", "4 litigation.lost actual"),
    ),
    "groups of rows, merged or blank": Shape(
        """
2024年行政复议、行政应诉案件统计表
项目 | 项目 | 数量(件)
行政复议 | 受理 | 129
 | 审结 | 115
行政应诉 | 一审案件 | 69
行政应诉 | 审结 | 60
""",
        (
            f"129 {ACCEPTED} actual", f"115 {CONCLUDED} actual",
            "69 litigation.first_instance actual", "60 litigation.concluded actual",
        ),
    ),
    "headings between rows": Shape(
        """
（单位：件）
指标 | 2024年 | 2023年
一、行政复议
受理 | 129 | 110
二、行政应诉
审结 | 60 | 61
""",
        (
            f"129 {ACCEPTED} actual", f"110 {ACCEPTED} prior",
            "60 litigation.concluded actual", "61 litigation.concluded prior",
        ),
    ),
    "headings in rows of their own": Shape(
        """
序号 | 指标 | 2024年 | 2023年
一 | 行政复议 | 行政复议 | 行政复议
1 | 受理(件) | 129 | 110
二 | 行政应诉 | |
2 | 审结(件) | 60 | 61
""",
        (
            f"129 {ACCEPTED} actual", f"110 {ACCEPTED} prior",
            "60 litigation.concluded actual", "61 litigation.concluded prior",
        ),
    ),
    "targets": Shape(
        """
指标 | 目标值 | 完成值 | 2025年目标
法律援助案件（件） | 800 | 892 | 900
""",
        (f"800 {AID} target", f"892 {AID} actual", f"900 {AID} plan"),
    ),
    "next year's plan": Shape(
        "三、2025年工作打算\n指标 | 数量\n办理法律援助案件 | 1000件\n", (f"1000件 {AID} plan",)
    ),
    "a row of changes": Shape(
        """
指标 | 受理行政复议案件 | 行政诉讼败诉率
2024年 | 129件 | 6.7%
同比增长 | 17.3% | -3.1个百分点
""",
        (
            f"129件 {ACCEPTED} actual", "6.7% litigation.loss_rate actual",
            f"17.3% {ACCEPTED} up", "-3.1个百分点 litigation.loss_rate down",
        ),
    ),
    "what falls without a sign, and no change at all": Shape(
        "指标 | 行政复议受理 | 行政诉讼败诉率\n降幅 | 2.5 | 0\n", (f"2.5 {ACCEPTED} down",)
    ),
    "a change in a word, and changes in no unit": Shape(
        """
指标 | 2024年 | 比上年 | 增减
行政复议受理（件） | 129 | 增长17.3% | 19
""",
        (f"129 {ACCEPTED} actual", f"增长17.3% {ACCEPTED} up"),
    ),
    "missing is never 0, and 0 is not missing": Shape(
        """
指标 | 2024年 | 2023年
行政复议受理（件） | 0 | —
行政复议审结（件） | / | 无
行政诉讼败诉（件） | | 4
""",
        (f"0 {ACCEPTED} actual", "4 litigation.lost prior"),
    ),
    "pairs of label and figure side by side": Shape(
        """
项目 | 数量 | 项目 | 数量
受理行政复议案件 | 129件 | 人民调解员 | 1,320人
""",
        (f"129件 {ACCEPTED} actual", "1,320人 mediation.mediators actual"),
    ),
    "a row alone": Shape("受理行政复议案件 | 129件\n", (f"129件 {ACCEPTED} actual",)),
    "figures with a note": Shape(
        """
项目 | 隆回县 | 占比最高乡镇
人民调解员 | 1753名 | 112名（桃洪镇）
受理行政复议案件 | 129件(含上年结转12件) | —
""",
        (
            "1753名 mediation.mediators actual", "112名 - actual part", f"129件 {ACCEPTED} actual",
        ),
        COUNTY,
    ),
    "months are no years": Shape(
        "2024年行政复议情况（单位：件）\n月份 | 1月 | 2月 | 全年\n受理 | 10 | 12 | 129\n",
        (f"10 {ACCEPTED} actual month", f"12 {ACCEPTED} actual month", f"129 {ACCEPTED} actual"),
    ),
    "a running total": Shape(
        "指标 | 2021-2024年 | 2024年\n调解矛盾纠纷（件） | 14,000 | 3,582\n",
        (f"14,000 {DISPUTES} actual", f"3,582 {DISPUTES} actual"),
    ),
    "documents in force": Shape(
        """
第二十条第（一）项
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
行政规范性文件 | 3 | 1 | 25
第二十条第（六）项
信息内容 | 本年处理决定数量
行政处罚 | 320
行政强制 | 12
""",
        (
            "3 review.normative_documents_issued actual",
            "1 review.normative_documents_repealed actual",
            "25 review.normative_documents_in_force actual",
            "320 enforcement.penalty_cases actual",
            "12 enforcement.coercion_decisions actual",
        ),
        DISCLOSURE,
    ),
    "requests for information": Shape(
        """
三、收到和处理政府信息公开申请情况
（勾稽关系） | （勾稽关系） | 申请人情况 | 申请人情况 | 申请人情况
（勾稽关系） | （勾稽关系） | 自然人 | 法人或其他组织 | 总计
一、本年新收政府信息公开申请数量 | 一、本年新收政府信息公开申请数量 | 45 | 3 | 48
二、上年结转政府信息公开申请数量 | 二、上年结转政府信息公开申请数量 | 1 | 0 | 1
三、本年度办理结果 | （一）予以公开 | 12 | 2 | 14
三、本年度办理结果 | （七）总计 | 44 | 3 | 47
四、结转下年度继续办理 | 四、结转下年度继续办理 | 2 | 0 | 2
""",
        (
            "48 disclosure.requests actual", "1 disclosure.requests_carried_over actual",
            "2 disclosure.requests_pending actual",
        ),
        DISCLOSURE,
    ),
    "reviews and suits on disclosure alone are no figures of all": Shape(
        """
四、政府信息公开行政复议、行政诉讼情况
行政复议 | 行政复议 | 行政复议 | 行政诉讼 | 行政诉讼
结果维持 | 结果纠正 | 总计 | 未经复议直接起诉 | 复议后起诉
3 | 1 | 4 | 2 | 1
""",
        (),
        DISCLOSURE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_table_says(name: str) -> None:
    shape = SHAPES[name]
    assert tuple(told(o, shape.context) for o in extract(shape.table, shape.context)) == shape.read


@pytest.mark.parametrize(
    "table",
    [
        "索引号 | 000014349/2024 | 发文日期 | 2025-01-16\n发布机构 | 邵阳市司法局 | 浏览次数 | 123次\n",
        "姓名 | 职务 | 电话 | 任职时间\n张三 | 局长 | 5353123 | 2021\n李四 | 副局长 | 5353124 | 2022\n",
        "序号 | 单位 | 文号\n1 | 司法局 | 邵司发〔2024〕12号\n2 | 公安局 | 邵公发〔2024〕13号\n",
        "单位：万元\n项目 | 预算数 | 决算数\n基本支出 | 1200.5 | 1180\n公用经费 | 120 | 110\n",
        "首页 | 公开 | 联系我们\n",
        "行政复议受理 | 甲 | 2024年\n栏次 | 1 | 2\n",
        "指标 | 2024年 | 2024年和2023年\n行政复议受理 | | 129\n",
    ],
)
def test_no_figure_of_anything(table: str) -> None:
    assert extract(table, CITY) == []


def test_a_bar_in_a_title_makes_no_table() -> None:
    text = "2024年法治政府建设报告|邵阳市司法局\n全市受理行政复议案件129件。\n"
    assert not find(text, table_words())
    assert [told(o, CITY) for o in extract(text, CITY)] == [f"129件 {ACCEPTED} actual"]


def test_values_units_and_bounds() -> None:
    text = "指标 | 2024年\n罚没金额（万元） | 约1.2\n接听12348热线（人次） | 1.2万\n调解成功率 | 98.5％\n"
    fine, calls, rate = extract(text, CITY)
    assert (fine.value, fine.unit, fine.qualifier) == (12_000, "元", "about")
    assert (fine.value_low, fine.value_high) == (11_500, 12_500)
    assert (calls.value, calls.canonical_unit, rate.value, rate.unit) == (12_000, "人次", Decimal("98.5"), "%")


def test_the_scale_of_a_tables_head_says_how_far_rounding_goes() -> None:
    text = "指标 | 2024年\n罚没金额（万元） | 56.3\n行政复议受理（件） | 1362\n接听12348热线（人次） | 1.2万\n"
    fine, accepted, calls = extract(text, CITY)
    assert (fine.slack, accepted.slack, calls.slack) == (500, 0, 500)


def test_a_figure_without_a_unit_has_its_indicators() -> None:
    (observation,) = extract("指标 | 2024年\n受理行政复议案件 | 129\n", CITY)
    assert (observation.unit, observation.canonical_unit) == ("", "件")


def test_a_running_total_has_its_first_year() -> None:
    text = "指标 | 2021-2024年 | 2022年以来\n调解矛盾纠纷（件） | 14,000 | 9,000\n"
    assert [o.since_year for o in extract(text, CITY)] == [2021, 2022]


def test_without_a_report_year_the_latest_column_is_this_years() -> None:
    text = "指标 | 2022年 | 2023年\n行政复议受理（件） | 98 | 110\n"
    assert [o.role for o in extract(text, Context("430500"))] == ["prior", "actual"]


def test_the_sentence_is_the_row() -> None:
    text = "指标 | 2024年\n行政复议受理（件） | 129\n"
    (observation,) = extract(text, CITY)
    assert observation.sentence == "行政复议受理（件） | 129"
    assert text[observation.sentence_start :].startswith(observation.sentence)


def test_prose_in_cells_is_read_cell_by_cell() -> None:
    text = "序号 | 工作 | 完成情况\n1 | 行政复议 | 受理行政复议案件129件，审结115件。\n2 | 法律援助 | 另有80件。\n"
    found = extract(text, CITY)
    assert [told(o, CITY) for o in found] == [
        f"129件 {ACCEPTED} actual", f"115件 {CONCLUDED} actual", "80件 - actual",
    ]  # fmt: skip
    assert found[0].sentence == "受理行政复议案件129件，审结115件。"


def test_prose_before_and_after_a_table_is_read_as_ever() -> None:
    text = "受理行政复议案件129件。\n指标 | 2024年\n四、下一步打算 | 3\n办理法律援助案件900件。\n"
    assert [told(o, CITY) for o in extract(text, CITY)] == [f"129件 {ACCEPTED} actual", f"900件 {AID} actual"]


def test_the_same_figure_in_prose_and_table_is_a_duplicate() -> None:
    found = extract("全市受理行政复议案件129件。\n\n指标 | 2024年\n行政复议受理（件） | 129\n", CITY)
    assert [(o.indicator, o.status) for o in found] == [(ACCEPTED, "current"), (ACCEPTED, "duplicate")]


def test_unmapped_figures_wait_for_the_steward_only_with_a_unit_of_their_own() -> None:
    text = "单位：个\n项目 | 便民驿站 | 便民驿站（个）\n城区 | 37 | 38\n"
    assert [(o.raw_text, o.indicator, o.phrase) for o in extract(text, CITY)] == [("38", None, "城区 便民驿站(个)")]


def test_a_figure_of_a_table_explains_itself() -> None:
    reading, other = explain("指标 | 2024年\n行政复议受理（件） | 129\n便民驿站（个） | 38\n", CITY)
    assert reading.told_by == "row 行政复议受理(件), column 2024年"
    why = explanation(reading)
    assert [word.word for word in why.words] == ["受理", "行政复议"]
    assert why.entry is not None and why.entry.startswith("reconsideration.yaml")
    assert explanation(other).told_by.endswith("no frame of the lexicon fits these labels")


def test_sentences_end_at_the_edges_of_cells() -> None:
    text = "受理 | 12件\n审结 | 11件"
    sentences = Sentences(text, find(text, table_words()).breaks)
    assert [text[slice(*sentences.span(sentences.index(at)))] for at in (0, 5, 9, 14)] == [
        "受理",
        "12件",
        "审结",
        "11件",
    ]


KNOWN = {
    "受理行政复议案件": ACCEPTED,
    "审结行政复议案件": CONCLUDED,
    "行政诉讼败诉案件": "litigation.lost",
    "办理法律援助案件": AID,
    "成功调解矛盾纠纷": SUCCEEDED,
}
YEARS = {"2024年": "actual", "2023年": "prior", "上年": "prior", "本年度": "actual", "2025年": "plan"}


@settings(max_examples=60)
@given(
    names=st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=5, unique=True),
    years=st.lists(st.sampled_from(["2024年", "2023年", "2025年"]), min_size=1, max_size=3, unique=True),
    between=st.sampled_from([" | ", "\t"]),
    across=st.booleans(),
    data=st.data(),
)
def test_a_simple_table_comes_out_exactly(
    names: list[str], years: list[str], between: str, across: bool, data: st.DataObject
) -> None:
    number = st.integers(0, 99_999).filter(lambda n: not 1900 <= n <= 2099)
    values = {pair: data.draw(number) for pair in product(names, years)}
    rows = [["指标", *years], *([f"{n}（件）", *(f"{values[n, y]:,}" for y in years)] for n in names)]
    if not across:
        rows = [list(column) for column in zip(*rows, strict=True)]
    found = extract("".join(between.join(row) + "\n" for row in rows), CITY)
    read = {(o.indicator, o.role): (o.value, o.unit) for o in found}
    assert read == {(KNOWN[n], YEARS[y]): (value, "件") for (n, y), value in values.items()}
    assert len(found) == len(values)


CELLS = [
    *("", "指标", "2024年", "2023", "受理", "行政复议", "审结（件）", "129", "1,362", "1 362", "约1.2万", "98.5%"),
    *("—", "/", "合计", "全市", "双清区", "其中：维持", "同比增长", "增减(%)", "-3.2", "增长3%", "单位：件", "序号"),
    *("1", "2", "受理案件12件，审结11件。", "单位", "万元", "12345热线", "2024-01-15", "（12）", "31个（桃洪镇）"),
    *("12件", "|", "\t", "市本级", "占比", "\n"),
]  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(CELLS) | st.text(max_size=6), max_size=6), max_size=8),
    st.sampled_from([" | ", "|", "\t"]),
    st.sampled_from([CITY, Context(), DISCLOSURE]),
)
def test_nothing_like_a_table_makes_it_raise_and_offsets_always_hold(
    rows: list[list[str]], between: str, context: Context
) -> None:
    text = "\n".join(between.join(row) for row in rows)
    found = extract(text, context)
    assert [o.start for o in found] == sorted(o.start for o in found)
    for o in found:
        assert text[o.start : o.end] == o.raw_text
        assert o.raw_text in o.sentence
        assert text[o.sentence_start : o.sentence_start + len(o.sentence)] == o.sentence
        assert 0 <= o.value_low <= o.value and (o.value_high is None or o.value <= o.value_high)
        assert (o.direction is not None) <= (o.role in ("change", "plan"))
        assert o.role != "change" or o.direction


@pytest.mark.parametrize(
    "unit", ["|", " | ", "\t", "1 | ", "受理 | 12件\n", "一、受理\n受理 | 12\n", "合计 | 12件 | 类\n"]
)
def test_endless_tables_end(unit: str) -> None:
    found = extract(unit * (60_000 // len(unit)), CITY)
    assert all(len(o.sentence) <= 700 for o in found)


def test_the_words_of_tables_are_known_units_and_groups() -> None:
    words = table_words()
    assert set(words.counted.values()) <= lexicon().unit_of.keys()
    assert words.fall < words.change | words.change_rate | words.change_count


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share: [", "shares: [", "shares: no such group, expected one of"),
        ("share: [", "#", "the group share is missing"),
        ("average: [平均", "average: [合计", "'合计' stands in"),
        ("own_level: [市本级", "own_level: [12", "expected a list of words"),
        ("  条: [条数]", "  只只: [条数]", "'只只' is no unit of units.yaml"),
        ("fall: [下降", "fall: [跌落", "'跌落' is in none of change"),
        ("counted:\n", "counted: []\nno:\n", "no such group"),
    ],
)
def test_the_words_of_tables_are_checked(tmp_path: Path, old: str, new: str, message: str) -> None:
    for file in ("units.yaml", "topics.yaml", "words.yaml", "relations.yaml", "extent.yaml"):
        (tmp_path / file).write_bytes((LEXICON / file).read_bytes())
    (tmp_path / "relations.yaml").write_text("", encoding="utf-8")
    text = TABLES.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "tables.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message) as raised:
        table_words(changed)
    assert str(raised.value).startswith("tables.yaml:")


def test_the_figures_of_a_table_have_their_time() -> None:
    text = "指标 | 2022年 | 2024年 | 2024年上半年 | 2025年计划\n受理行政复议案件（件） | 98 | 129 | 61 | 140\n"
    assert [(o.role, o.figure_year, o.period, o.indicator) for o in extract(text, CITY)] == [
        ("prior", 2022, "year", ACCEPTED),
        ("actual", 2024, "year", ACCEPTED),
        ("actual", 2024, "half_year", ACCEPTED),
        ("plan", 2025, "year", ACCEPTED),
    ]


def test_months_in_columns_are_no_year() -> None:
    text = "指标 | 1月 | 2月 | 1-2月 | 1-12月\n受理行政复议案件（件） | 9 | 7 | 16 | 129\n"
    assert [(o.period, o.indicator) for o in extract(text, CITY)] == [
        ("month", ACCEPTED), ("month", ACCEPTED), ("months", ACCEPTED), ("year", ACCEPTED),
    ]  # fmt: skip


def test_a_stock_in_a_table_has_a_day() -> None:
    text = "指标 | 2024年末 | 截至2024年6月底\n在册社区矫正对象（名） | 412 | 398\n"
    assert [o.stock_date and o.stock_date.isoformat() for o in extract(text, CITY)] == ["2024-12-31", "2024-06-30"]
