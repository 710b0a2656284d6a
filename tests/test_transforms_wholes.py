"""Of several figures of one indicator, which is the whole; and what is a part, a neighbour, a sum or a share.

Each example is a sentence with what its figures are read as; `-` is a figure without an indicator.
"""

import pytest

from transforms.extract import Context, extract

CITY = Context("430500", 2024, "邵阳市司法局", "邵阳市司法局2024年法治政府建设年度报告")
COUNTY = Context("430524", 2024, "隆回县司法局", "隆回县司法局2024年法治政府建设年度报告")


def read(text: str, context: Context = COUNTY) -> dict[str, str]:
    return {one.raw_text: one.indicator or "-" for one in extract(text, context)}


WHOLES = {
    "the larger one, wherever it stands": (
        "禁毒宣传月里发放手册800份。全年发放普法资料9.6万份。",
        {"800份": "-", "9.6万份": "publicity.materials"},
    ),
    "what is counted in the indicator's own unit": (
        "全县培育法律明白人960名,培训法律明白人2100人次。",
        {"960名": "publicity.rural_law_guides", "2100人次": "-"},
    ),
    "what says that it is the whole": (
        "三个调解室化解纠纷410件。全县共化解矛盾纠纷395件。",
        {"410件": "-", "395件": "mediation.disputes"},
    ),
    "the year before a half of it": (
        "上半年受理行政复议案件31件,全年受理72件。",
        {"31件": "-", "72件": "reconsideration.accepted"},
    ),
    "the year within a running total": (
        "平台上线以来累计办件41万件,其中2024年办件9.2万件。",
        {"41万件": "service.cases_handled", "9.2万件": "service.cases_handled"},
    ),
    "a total that its parts prove": (
        "案卷评查抽取处罚卷31本、许可卷22本,共53本。",
        {"31本": "-", "22本": "-", "53本": "enforcement.case_files_reviewed"},
    ),
}

PARTS = {
    "of two side by side neither": (
        "清理规范性文件84件,废止11件、宣布失效7件、继续有效66件。",
        {"84件": "review.normative_documents_cleaned", "11件": "-", "7件": "-"}
        | {"66件": "review.normative_documents_in_force"},
    ),
    "of two levels neither": ("开展法治督察2轮,督察乡镇9个、部门14个。", {"9个": "-", "14个": "-"}),
    "what names the whole's own thing again": (
        "聘请村(社区)法律顾问210名,其中160名法律顾问为执业律师。",
        {"210名": "legal_service.village_advisers", "160名": "-"},
    ),
    "what a word narrows": ("集中化解重大矛盾纠纷23件。", {"23件": "-"}),
    "what follows a part": (
        "涉企行政复议案件19件,增长三成。全县行政复议受理案件88件,上升10%。",
        {"19件": "-", "三成": "-", "88件": "reconsideration.accepted", "10%": "reconsideration.accepted"},
    ),
    "of kinds counted together neither, whatever parts them": (
        "清理规范性文件61件,废止9件,宣布失效4件。行政处罚中罚款18万元,没收违法所得3万元。",
        {"9件": "-", "4件": "-", "18万元": "-", "3万元": "-"},
    ),
    "one department's cases": (
        "生态环境部门立案54宗。全县行政处罚案件820件。",
        {"54宗": "-", "820件": "enforcement.penalty_cases"},
    ),
    "what the whole country has": (
        "全国共有法律明白人380万名。全县有法律明白人2200名。",
        {"380万名": "-", "2200名": "publicity.rural_law_guides"},
    ),
    "what towns did": ("全县乡镇(街道)办理行政处罚案件96件。", {"96件": "-"}),
    "one field of cases, and its fines": (
        "查处食品药品违法案件31件,罚款88万元。全县罚没款2600万元。",
        {"31件": "-", "88万元": "-", "2600万元": "enforcement.fines_amount"},
    ),
    "what is only proposed": ("梳理规范性文件52件,建议废止7件。", {"7件": "-"}),
    "suits in which a head should appear": (
        "应由行政机关负责人出庭的案件31件,实际出庭29件。",
        {"31件": "-", "29件": "litigation.head_appearances"},
    ),
    "of units visited together none": ("对5个乡镇、11个县直部门开展法治督察。", {"11个": "-"}),
    "of advisers of two professions none": (
        "14名律师、9名基层法律服务工作者担任120个村(社区)法律顾问。",
        {"14名": "-", "120个": "legal_service.villages_with_advisers"},
    ),
    "what only the towns reviewed": ("推进乡镇合法性审查全覆盖,共审查各类事项830件。", {"830件": "-"}),
    "of centres, stations and rooms none": (
        "现有公共法律服务中心1个,工作站21个,工作室260个。",
        {"1个": "-", "21个": "-", "260个": "-"},
    ),
    "both kinds in one figure are the whole": (
        "废止和宣布失效规范性文件13件,修改4件。",
        {"13件": "review.normative_documents_repealed"},
    ),
    "one kind with none beside it": ("清理后宣布废止规范性文件6件。", {"6件": "review.normative_documents_repealed"}),
    "what goes on from a part": (
        "调解校园纠纷52件,成功50件,成功率96.2%。全县调解纠纷2900件。",
        {"52件": "-", "50件": "-", "96.2%": "-", "2900件": "mediation.disputes"},
    ),
    "one law's publicity is not all": (
        "开展民法典宣传活动70场,受众1.2万人次。",
        {"70场": "-", "1.2万人次": "-"},
    ),
    "what the advisers are besides": (
        "聘请政府法律顾问9人,其中律师7人。全县有执业律师61人。",
        {"9人": "governance.legal_advisers", "7人": "-", "61人": "legal_service.lawyers"},
    ),
    "what was handled with what was carried over": (
        "办理行政复议案件45件,其中上年结转6件、新收39件。",
        {"45件": "-", "6件": "reconsideration.carried_over", "39件": "reconsideration.accepted"},
    ),
    "what is told among the problems": (
        "法律援助办案310件。\n存在的主要问题:个别单位重视不够,抽查合同40份有6份未审查。",
        {"310件": "legal_service.aid_cases", "40份": "-", "6份": "-"},
    ),
}

NEIGHBOURS = {
    "a longer name is another thing": (
        "法律顾问参与诉讼活动96次。开展公平竞争审查33件。",
        {"96次": "-", "33件": "-"},
    ),
    "one hotline is not the other": (
        "受理12345热线诉求8200件,满意率97.1%。12348热线接听咨询1630通,满意率99.2%。",
        {"8200件": "service.hotline_cases", "97.1%": "-", "1630通": "legal_service.hotline_answered"}
        | {"99.2%": "legal_service.hotline_satisfaction"},
    ),
    "a named body's cases are not those of the topic before": (
        "收到行政复议申请52件。行政争议协调化解中心受理案件20件。",
        {"52件": "reconsideration.applications", "20件": "-"},
    ),
    "the bundled service and the hall": (
        "“高效办成一件事”上线18项,办件2.1万件。\n政务服务大厅全年办件31万件。",
        {"2.1万件": "service.one_thing_cases", "31万件": "service.cases_handled"},
    ),
    "a number in quotation marks is still the hotline's": (
        "“12345”热线受理诉求9100件,满意率97.3%。",
        {"97.3%": "-"},
    ),
    "lawyers of a team": ("组织26名律师、公证员组成服务队。", {"26名": "-"}),
    "what is cleaned up, and what stays": (
        "对现行有效的规范性文件88件开展清理,继续有效70件。",
        {"88件": "review.normative_documents_cleaned", "70件": "review.normative_documents_in_force"},
    ),
    "the nearest object wins": (
        "受理行政复议案件88件。办理法律援助案件310件,含上年结转21件。",
        {"88件": "reconsideration.accepted", "310件": "legal_service.aid_cases", "21件": "-"},
    ),
    "an average of others is only compared with": (
        "行政机关败诉率6.4%,低于全市平均败诉率8.8%。",
        {"6.4%": "litigation.loss_rate", "8.8%": "-"},
    ),
    "what none of them was is not counted": ("参加民事诉讼案件17件无败诉。", {"17件": "-"}),
    "a town of the county named before it": (
        "隆回县桃花坪街道办事处受理调解纠纷73件。全县调解纠纷2900件。",
        {"73件": "-", "2900件": "mediation.disputes"},
    ),
    "two rates of one thing are two claims": (
        "行政诉讼败诉率7%。抓好整改,行政诉讼败诉率8%。",
        {"7%": "litigation.loss_rate", "8%": "litigation.loss_rate"},
    ),
    "what stands after 等 is counted": (
        "建成法治公园、普法长廊等法治文化阵地27处。",
        {"27处": "publicity.bases"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), (WHOLES | PARTS | NEIGHBOURS).values(), ids=WHOLES | PARTS | NEIGHBOURS)
def test_what_is_counted(text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= read(text).items()


def test_a_running_total_is_not_the_years() -> None:
    total, year = extract("平台上线以来累计办件41万件,其中2024年办件9.2万件。", COUNTY)
    assert (total.period, year.period) == ("cumulative", "year")


def test_a_share_is_the_rate_that_its_value_proves() -> None:
    assert read("代理行政诉讼案件60件,已审结51件,占85%。")["85%"] == "litigation.conclusion_rate"
    assert read("代理行政诉讼案件60件,已审结51件,占82%。")["82%"] == "-"


def test_suits_after_reconsideration_are_narrower() -> None:
    found = read("经复议后被诉一审案件40件,败诉3件,败诉率7.5%;全市行政诉讼败诉率9.4%。", CITY)
    assert found["3件"] == "litigation.after_reconsideration_lost"
    assert found["7.5%"] == "litigation.after_reconsideration_loss_rate"
    assert found["9.4%"] == "litigation.loss_rate"


@pytest.mark.parametrize(
    "text",
    [
        "市政府及市政府办公室制定规范性文件12件。",
        "市政府聘请法律顾问9名。",
        "以市政府为被告的行政诉讼案件31件,已审结28件。",
        "代理市政府行政诉讼案件31件,其中一审20件、二审11件。",
        "市级保留权责事项1203项。",
    ],
)
def test_what_a_government_tells_of_itself_is_of_its_own_level(text: str) -> None:
    assert {one.scope for one in extract(text, CITY)} == {"own_level"}


def test_what_two_counties_have_together_is_neither_ones() -> None:
    text = "隆回县办理法律援助案件310件,洞口县办理法律援助案件190件,两县合计办理500件。"
    assert [(one.indicator, one.region_code) for one in extract(text, CITY)][:2] == [
        ("legal_service.aid_cases", "430524"),
        ("legal_service.aid_cases", "430525"),
    ]
    assert read(text, CITY)["500件"] == "-"


def test_the_departments_and_the_counties_of_a_city_are_two_parts() -> None:
    assert set(read("市直部门开展法治宣传活动120场次,县市区开展法治宣传活动1900场次。", CITY).values()) == {"-"}


def test_what_has_to_be_reached_is_no_figure_of_the_year() -> None:
    now, aim = extract("全县公职律师达到18人。2024年底前,公职律师要达到26人。", COUNTY)
    assert (now.role, aim.role) == ("actual", "plan")


def test_the_publishers_part_of_what_the_city_has_is_its_own() -> None:
    found = extract("全市共受理行政复议案件1210件,其中隆回县受理88件。", COUNTY)
    assert [(one.indicator, one.region_code) for one in found] == [
        ("reconsideration.accepted", "430500"),
        ("reconsideration.accepted", "430524"),
    ]


def test_the_advisers_of_a_bureau_are_its_own() -> None:
    assert {one.scope for one in extract("局法律顾问审查合同21份。", CITY)} == {"publisher"}


def test_trainings_of_the_county_that_a_bureau_attends_are_not_told_for_the_county() -> None:
    bureau = Context("430524", 2024, "隆回县教育局", "隆回县教育局2024年法治政府建设年度报告")
    assert {one.scope for one in extract("参加全县行政执法培训2次31人次。", bureau)} == {"publisher"}


def test_what_the_leadership_of_a_bureau_does_is_the_bureaus() -> None:
    text = "局党组重视法治建设,召开会议专题研究法治工作5次,理论学习中心组专题学法8次。"
    assert {one.scope for one in extract(text, COUNTY)} == {"publisher"}
    assert {one.scope for one in extract("局党组高度重视,全年受理行政复议案件66件。", COUNTY)} == {"region"}


def test_what_a_citys_bureau_reviews_is_of_its_own_level_and_a_countys_is_all() -> None:
    assert {one.scope for one in extract("市司法局审查规范性文件21件。", CITY)} == {"own_level"}
    assert {one.scope for one in extract("县司法局审查规范性文件21件。", COUNTY)} == {"region"}
