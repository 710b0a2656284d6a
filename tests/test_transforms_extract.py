"""From a sentence to observations: indicator, role, period, place and status, one construction a test."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract import Context, extract
from transforms.lexicon import lexicon
from transforms.observation import QUALIFIERS, ROLES, SCOPES, STATUSES, Observation

CITY = Context("430500", 2024, "邵阳市司法局", "邵阳市司法局2024年度法治政府建设情况报告")


def read(text: str, context: Context = CITY) -> list[Observation]:
    return extract(text, context)


def coded(text: str, context: Context = CITY) -> list[tuple[str, str | None]]:
    return [(o.raw_text, o.indicator) for o in read(text, context)]


EXAMPLES = [(code, example) for code, i in lexicon().indicators.items() for example in i.examples]


@pytest.mark.parametrize(("code", "example"), EXAMPLES, ids=[f"{code}-{i}" for i, (code, _) in enumerate(EXAMPLES)])
def test_every_example_of_the_lexicon(code: str, example: str) -> None:
    """The brackets 【】 mark the figure that has the code."""
    at = example.index("【")
    found = [o for o in read(example.replace("【", "").replace("】", "")) if o.start <= at <= o.number_start]
    assert [o.indicator for o in found] == [code]


def test_every_indicator_has_an_example() -> None:
    assert [code for code, indicator in lexicon().indicators.items() if not indicator.examples] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # words before, an ellipsis after
        (
            "全县新受理行政复议案件64件,审结58件。",
            [("64件", "reconsideration.accepted"), ("58件", "reconsideration.concluded")],
        ),
        # words after
        (
            "现有820名人民调解员、31家律师事务所。",
            [("820名", "mediation.mediators"), ("31家", "enterprise.law_firms")],
        ),
        # labels before 分别
        (
            "行政复议申请、受理、审结分别为90件、81件、77件。",
            [
                ("90件", "reconsideration.applications"),
                ("81件", "reconsideration.accepted"),
                ("77件", "reconsideration.concluded"),
            ],
        ),
        # a head shared by all labels
        (
            "律师、公证、司法鉴定办案分别为500件、610件、70件。",
            [
                ("500件", "legal_service.lawyer_cases"),
                ("610件", "legal_service.notary_cases"),
                ("70件", "legal_service.forensic_cases"),
            ],
        ),
        # a bracket without a figure is transparent
        ("行政复议直接纠错(含撤销、变更)19件。", [("19件", "reconsideration.corrected")]),
        # a colon list
        (
            "【行政复议】受理:98件;审结:89件。",
            [("98件", "reconsideration.accepted"), ("89件", "reconsideration.concluded")],
        ),
        # two units for one thing
        ("拆除违法建筑80处、2.1万平方米。", [("80处", None), ("2.1万平方米", "enforcement.illegal_building_area")]),
        # a share of the figure before
        ("抽查行政执法案卷200宗,优秀50宗,占25%。", [
            ("200宗", "enforcement.case_files_reviewed"), ("50宗", None), ("25%", "enforcement.files_excellent_rate"),
        ]),
        # an addition is no stock, the total after it is
        ("新增公职律师8名,总数达41名。", [("8名", None), ("41名", "governance.public_lawyers")]),
        # an average is no count
        ("日均解答法律咨询40人次。", [("40人次", None)]),
            # towns are counted, not the rooms; where an indicator counts bodies, they are what it counts
        ("调解室走遍18个县(市)。", [("18个", None)]),
            ("对6个单位开展法治督察并反馈问题。", [("6个", "governance.inspected_units")]),
            # one figure for two kinds of thing is neither's
            ("开展中心组学习和法治培训9次。", [("9次", None)]),
            # another measure of the same, with nothing between
            ("开展行政执法培训6期480人次。", [
                ("6期", "enforcement.trainings"), ("480人次", "enforcement.training_attendance"),
            ]),
            # words may overlap: 行政机关负责人出庭 and 负责人出庭率
            ("行政机关负责人出庭率从88%提升到96%。", [
                ("88%", "litigation.head_appearance_rate"), ("96%", "litigation.head_appearance_rate"),
            ]),
            # a clause that only says something was done takes the one before along
            ("推进法治文化阵地建设,累计建成120个。", [("120个", "publicity.bases")]),
            # each label its figure
            ("受理、审结行政复议案件各70件、64件。", [
                ("70件", "reconsideration.accepted"), ("64件", "reconsideration.concluded"),
            ]),
            # what was reached beside a target
            ("普法覆盖率要求达到90%,实际92.5%。", [
                ("90%", "publicity.coverage_rate"), ("92.5%", "publicity.coverage_rate"),
            ]),
            # a rate that has lost its sign
            ("行政诉讼败诉率为7.4。", [("7.4", "litigation.loss_rate")]),
        # a part after its whole
        (
            "行政复议机关受理行政复议案件300件,其中县级政府受理120件。",
            [("300件", "reconsideration.accepted"), ("120件", None)],
        ),
        # a slogan
        ("出台“稳岗惠企20条”。", []),
        # what a bare verb is done to is named: it is of that thing
        ("受理行政复议案件48件,受理群众来电1870件。", [("48件", "reconsideration.accepted"), ("1870件", None)]),
        # a topic that no indicator asks for leaves nothing of those before
        (
            "办理行政应诉案件16件;受理信访事项84件,办结81件。",
            [("16件", "litigation.cases"), ("84件", None), ("81件", None)],
        ),
        # what is only compared with sets no topic
        (
            "行政复议受理803件,首次超过一审行政案件量(655件);已办结771件。",
            [
                ("803件", "reconsideration.accepted"),
                ("655件", "litigation.first_instance"),
                ("771件", "reconsideration.concluded"),
            ],
        ),
        # what follows 中 is of those within the figure
        (
            "一审行政应诉案件41件,审结的36件中胜诉33件。",
            [("41件", "litigation.first_instance"), ("36件", "litigation.concluded"), ("33件", "litigation.won")],
        ),
        # 方面 is what the first figure counts, not the second
        (
            "巡察组反馈4个方面31个问题。",
            [("4个", "party.inspection_problem_areas"), ("31个", "party.inspection_problems")],
        ),
        # suits after reconsideration are told apart by what stands before them
        (
            "法院判决行政机关败诉5件;其中经复议的案件12件,败诉1件。",
            [
                ("5件", "litigation.lost"),
                ("12件", "litigation.after_reconsideration"),
                ("1件", "litigation.after_reconsideration_lost"),
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_figure_measures(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert coded(text) == expected


@pytest.mark.parametrize(
    ("text", "raw", "role", "direction", "since"),
    [
        ("受理行政复议案件64件,同比增长12.3%。", "12.3%", "change", "up", None),
        ("受理行政复议案件64件,比2023年减少8件。", "8件", "change", "down", None),
        ("行政复议纠错率15%,较上年下降2.1个百分点。", "2.1个百分点", "change", "down", None),
        ("去年受理行政复议案件57件。", "57件", "prior", None, None),
        ("受理行政复议案件64件,上年57件;审结60件。", "60件", "actual", None, None),
        ("2023年办理的复议案件为57件。", "57件", "prior", None, None),
        ("行政诉讼败诉率6%,低于15%的考核标准。", "15%", "target", None, None),
        ("行政诉讼败诉率6%，低于8%的控制目标。", "8%", "target", None, None),
        ("行政诉讼败诉率6%,低于省定10%的控制线。", "10%", "target", None, None),
        ("完成法律援助年度任务数的118%。", "118%", "actual", None, None),
        ("省里下达法律援助任务600件。", "600件", "target", None, None),
        ("2022年以来,办理法律援助案件3100件。", "3100件", "actual", None, 2022),
        ("三年来,办理法律援助案件3100件。", "3100件", "actual", None, 2022),
        ("“八五”普法以来,发放宣传资料30万份。", "30万份", "actual", None, 2021),
        ("2022年以来,败诉率依次为9%、8%。", "8%", "prior", None, None),
        ("力争全年办理法律援助案件900件,调处成功率98%。", "98%", "plan", None, None),
        ("2025年,我们将举办法治讲座20场。", "20场", "plan", None, None),
        ("审批时限由15个工作日压缩到3个工作日。", "15个工作日", "prior", None, None),
        ("审批时限由15个工作日压缩到3个工作日。", "3个工作日", "actual", None, None),
        ("法治督察覆盖率提高到80%。", "80%", "actual", None, None),
        # what a number is cut from, with a noun between, and to
        ("办理流程从120个环节精简为45个环节。", "120个", "prior", None, None),
        ("办理流程从120个环节精简为45个环节。", "45个", "actual", None, None),
        ("审批环节精简后平均压缩时限68%。", "68%", "change", "down", None),
        ("受理行政复议案件64件,比增12.3%。", "12.3%", "change", "up", None),
        ("收到复议申请70件,比上年同期低4.5%。", "4.5%", "change", "down", None),
        ("律师、律所数分别较2019年底增长1.2倍、1.5倍。", "1.5倍", "change", "up", None),
        # an aside of another year holds within its brackets only
        ("受理行政复议案件64件(2023年为57件),审结60件。", "57件", "prior", None, None),
        ("受理行政复议案件64件(2023年为57件),审结60件。", "60件", "actual", None, None),
        # the year of an assessment is not that of what follows; nor is where something is carried over to
        ("在2023年度全省法治建设考核中位列第三;干部8名获评先进。", "8名", "actual", None, None),
        ("办结公开申请22件,结转下年度办理3件。", "3件", "actual", None, None),
        # funds striven for were obtained
        ("为司法所争取项目资金26万元。", "26万元", "actual", None, None),
        ("承诺提速率66%,超过自治区规定的60%。", "60%", "target", None, None),
        ("热线接通率97%,比考核要求的95%更优。", "95%", "target", None, None),
    ],
)
def test_role_and_period(text: str, raw: str, role: str, direction: str | None, since: int | None) -> None:
    (observation,) = [o for o in read(text) if o.raw_text == raw]
    assert (observation.role, observation.direction, observation.since_year) == (role, direction, since)


@pytest.mark.parametrize(
    "text",
    [
        "受理行政复议案件 1362 件,较上年增长 8.6 %,比上年增加 12 件。",
        "行政复议纠错率 15 %,较上年下降 3 个百分点,低于 20 % 的考核标准。",
        "行政复议案件受理 64 件,占 12.5 % ,超过 300 件。",
        "法律援助任务完成率 达 98 % 。",
        "行政诉讼败诉率为 7.4 。",
        "审批时限由 15 个工作日压缩到 3 个工作日。",
        "行政复议申请、受理、审结分别为 90 件、 81 件、 77 件。",
        "坚持每月 1 次会商,每 10000 人口配备 3 名。",
        "现有 820 名 人民调解员、 31 家 律师事务所。",
        "办案超过 30 件 的有 7 个。",
        "平均年龄 41 岁。",
        "累计出台 三项 制度,新增 两个 调解室。",
        "行政机关负责人出庭率达到 98% 以上,公众满意度 95 % 左右。",
        "超过国家规定的 60 % ,不足  500 件。",
    ],
)
def test_blanks_beside_figures_change_nothing(text: str) -> None:
    """Web pages set figures off with &nbsp;."""

    def told(text: str) -> list[tuple[object, ...]]:
        return [(o.value, o.qualifier, o.indicator, o.role, o.direction, o.scope) for o in read(text)]

    assert told(text) == told(text.replace(" ", ""))
    assert told(text.replace(" ", "\u00a0")) == told(text)


def test_a_change_carries_the_code_of_what_changes() -> None:
    text = "收到行政复议申请113件,受理100件,较2023年分别增长25.6%、28.2%。"
    assert coded(text)[2:] == [("25.6%", "reconsideration.applications"), ("28.2%", "reconsideration.accepted")]


@pytest.mark.parametrize("target", ["考核标准", "控制目标", "控制指标", "控制线", "目标任务"])
def test_a_target_carries_the_code_of_what_it_is_for(target: str) -> None:
    text = f"行政诉讼败诉率6.1%，低于8%的{target}。"
    assert coded(text) == [("6.1%", "litigation.loss_rate"), ("8%", "litigation.loss_rate")]


def test_a_department_counts_its_part_but_for_its_own_report() -> None:
    text = "公安局收到行政复议申请31件。"
    assert coded(text) == [("31件", None)]
    assert coded(text, Context("430523", 2024, "邵阳县公安局")) == [("31件", "reconsideration.applications")]


def test_a_figure_in_next_years_plan_is_a_plan() -> None:
    text = "一、主要工作\n办理法律援助案件900件。\n三、2025年工作打算\n(一)做优服务。办理法律援助案件1000件。\n"
    assert [(o.raw_text, o.role) for o in read(text)] == [("900件", "actual"), ("1000件", "plan")]


def test_figures_among_the_problems_are_actual() -> None:
    text = "二、存在的问题\n行政执法人员中40岁以上的占比61.3%。\n"
    assert [(o.raw_text, o.role) for o in read(text)] == [("61.3%", "actual")]


def test_the_year_in_a_stale_heading_is_no_plan() -> None:
    text = "一、2024年工作安排落实情况。办理法律援助案件900件。"
    assert [o.role for o in read(text)] == ["actual"]


def test_a_total_since_a_year_is_no_whole_of_this_years() -> None:
    text = "2021年以来,共办理法律援助案件4200件。今年办理法律援助案件900件。"
    assert coded(text) == [("4200件", "legal_service.aid_cases"), ("900件", "legal_service.aid_cases")]


def test_a_figure_of_another_place_has_that_places_code() -> None:
    text = "全市受理行政复议案件1300件,其中武冈市110件。"
    found = [(o.raw_text, o.indicator, o.region_code) for o in read(text)]
    assert found == [
        ("1300件", "reconsideration.accepted", "430500"),
        ("110件", "reconsideration.accepted", "430581"),
    ]


def test_places_of_a_list_are_dealt_out() -> None:
    text = "隆回县、洞口县受理行政复议案件分别为80件、70件。"
    assert [(o.raw_text, o.region_code) for o in read(text)] == [("80件", "430524"), ("70件", "430525")]


def test_the_citys_own_level_is_a_scope() -> None:
    assert [o.scope for o in read("市本级审查规范性文件14件。")] == ["own_level"]


@pytest.mark.parametrize("text", ["3.5万 ", "受理3.5万 。", "共3.5万 \n下一段"])
def test_a_blank_after_a_figure_without_a_unit_is_no_part_of_it(text: str) -> None:
    assert [o.raw_text for o in read(text)] == ["3.5万"]


def test_a_level_named_before_a_colon_holds_up_to_the_semicolon() -> None:
    text = "市本级合法性审查：规范性文件14件，政府合同22件，涉法事务12件；全市办理法律援助案件292件。"
    assert [o.scope for o in read(text)] == ["own_level", "own_level", "own_level", "region"]
    assert [o.scope for o in read("全市受理行政复议案件120件：市本级38件，县级82件。")][:2] == ["region", "own_level"]


def test_a_count_that_is_not_whole_is_suspect() -> None:
    (observation,) = read("全年12348热线呼入量2.6余人次。")
    assert observation.value == Decimal("2.6")
    assert observation.status == "suspect"
    assert "万 or a digit may be missing" in (observation.status_reason or "")


def test_a_rate_over_a_hundred_is_suspect_but_for_completion() -> None:
    assert [o.status for o in read("行政诉讼败诉率172%。")] == ["suspect"]
    assert [o.status for o in read("完成法律援助任务数的151.8%。")] == ["current"]


def test_the_same_figure_twice_is_a_duplicate() -> None:
    found = read("全年律师办案1.3万件。\n全年律师办案1.3万件。\n")
    assert [o.status for o in found] == ["current", "duplicate"]


def test_an_unmapped_figure_keeps_its_phrase() -> None:
    (observation,) = read("全县建成便民驿站37个。")
    assert observation.indicator is None
    assert observation.phrase == "全县建成便民驿站"


PIECES = [
    *("受理", "行政复议", "案件", "审结", "分别为", "其中", "(", ")", "【", "】", "“", "”", "《", "》", "、"),
    *(",", "。", "\n", "12件", "3.5万", "%", "余", "同比", "增长", "2023年", "以来", "力争", "武冈市", "调解"),
    *(
        "一是",
        "①",
        "第",
        "号",
        "元",
        "人次",
        "占",
        "的",
        "1/3",
        "０．５",
        "三",
        "百分之",
        "上年",
        "某",
        "张某",
        "至",
        " ",
    ),
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_no_text_makes_it_raise_and_offsets_always_hold(text: str) -> None:
    for o in extract(text, CITY):
        assert text[o.start : o.end] == o.raw_text
        assert o.raw_text in o.sentence
        assert text[o.sentence_start : o.sentence_start + len(o.sentence)] == o.sentence
        assert o.value_low <= o.value and (o.value_high is None or o.value <= o.value_high)
        assert o.qualifier in QUALIFIERS
        assert (o.role in ROLES) and (o.scope in SCOPES) and (o.status in STATUSES)
        assert (o.direction is not None) <= (o.role in ("change", "plan"))


@pytest.mark.parametrize("before", ["达到", "的", "共计", "减少"])
def test_words_that_can_be_cut_in_two_ways_take_no_longer(before: str) -> None:
    """Reading both ways again and again would take days."""
    assert [o.raw_text for o in read(f"推进行政复议,{before * 40}鑫办理12件。")] == ["12件"]


@pytest.mark.parametrize("unit", ["1", "万", "(", "受理行政复议案件12件,", "一", "12件", "《", "“", "2023年", "、"])
def test_endless_texts_end(unit: str) -> None:
    """No full stop anywhere: the reading must stay linear, and a sentence short enough to show."""
    text = unit * (200_000 // len(unit))
    observations = extract(text, CITY)
    assert all(len(o.sentence) <= 700 for o in observations)


def test_a_list_that_does_not_end_is_dealt_out_no_further_than_any_list_in_a_report() -> None:
    """Each figure of a list reads all that stands before it, which takes too long for one of thousands."""
    found = read("2022年以来,行政诉讼败诉率依次为" + "、".join(["5%"] * 100) + "。")
    assert [o.role for o in found] == ["prior"] * 64 + ["actual"] * 36
