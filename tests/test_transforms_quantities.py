"""Quantities: every way of writing a number with its unit and qualifier, and the numbers that are no statistic."""

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transforms.lexicon import lexicon
from transforms.numerals import written
from transforms.quantities import Quantity, bounds, find, slack_of
from transforms.statistics import Statistics
from transforms.text import normalise


def quantities(text: str) -> list[Quantity]:
    norm = normalise(text)
    statistics = Statistics(norm)
    return [q for q in find(norm, lexicon()) if statistics.may_count(q) and not q.weak]


@pytest.mark.parametrize(
    ("text", "raw", "value", "unit", "qualifier"),
    [
        ("办理案件318件", "318件", "318", "件", "exact"),
        ("办理案件1,318件", "1,318件", "1318", "件", "exact"),
        ("办理案件33，212件", "33，212件", "33212", "件", "exact"),
        ("办理案件３１８件", "３１８件", "318", "件", "exact"),
        ("办理案件27 件", "27 件", "27", "件", "exact"),
        ("举办培训40余场次", "40余场次", "40", "场次", "over"),
        ("发放手册120余万份", "120余万份", "1200000", "份", "over"),
        ("发放手册1.6万余份", "1.6万余份", "16000", "份", "over"),
        ("办理≥3000件", "≥3000件", "3000", "件", "over"),
        ("败诉率＜8%", "＜8%", "8", "%", "at_most"),
        ("败诉率8.5%\n以下。", "8.5%\n以下", "8.5", "%", "at_most"),
        ("发放手册50多万份", "50多万份", "500000", "份", "over"),
        ("解决问题900多个", "900多个", "900", "个", "over"),
        ("培训一百余人", "一百余人", "100", "人", "over"),
        ("挽回损失3.2亿元", "3.2亿元", "320000000", "元", "exact"),
        ("挽回损失3亿5000万元", "3亿5000万元", "350000000", "元", "exact"),
        ("贷款134.9万亿元", "134.9万亿元", "134900000000000", "元", "exact"),
        ("投入1.77亿，", "1.77亿", "177000000", "", "exact"),
        ("满意率98．5％", "98．5％", "98.5", "%", "exact"),
        ("满意率达到百分之九十八点五", "百分之九十八点五", "98.5", "%", "exact"),
        ("发案率千分之二", "千分之二", "0.2", "%", "exact"),
        ("发案率为2‰", "2‰", "0.2", "%", "exact"),
        ("占比四分之三", "四分之三", "75", "%", "exact"),
        ("占比七成五", "七成五", "75", "%", "exact"),
        ("下降近三成", "近三成", "30", "%", "nearly"),
        ("提高2.5个百分点", "2.5个百分点", "2.5", "个百分点", "exact"),
        ("是上年的2.3倍", "2.3倍", "2.3", "倍", "exact"),
        ("约19.2%的案件", "约19.2%", "19.2", "%", "about"),
        ("案件500件左右", "500件左右", "500", "件", "about"),
        ("接近600人", "接近600人", "600", "人", "nearly"),
        ("近4万名群众", "近4万名", "40000", "名", "nearly"),
        ("逾90万元", "逾90万元", "900000", "元", "over"),
        ("突破一万件", "突破一万件", "10000", "件", "over"),
        ("持证率95%以上", "95%以上", "95", "%", "over"),
        ("不低于200次", "不低于200次", "200", "次", "over"),
        ("不足300件", "不足300件", "300", "件", "at_most"),
        ("控制在5%以内", "5%以内", "5", "%", "at_most"),
        ("超过全县人口的60%", "60%", "60", "%", "over"),
        ("③12个乡镇", "12个", "12", "个", "exact"),
        ("聘请三位专家", "三位", "3", "位", "exact"),
        ("新增两个调解室", "两个", "2", "个", "exact"),
        ("网上办理占97.3；", "97.3", "97.3", "", "exact"),
        ("公众号发布信息86，", "86", "86", "", "exact"),
        ("解答咨询近百万件", "近百万件", "1000000", "件", "nearly"),
        ("安排36名律师值班", "36名", "36", "名", "exact"),
        ("举办轮训5期(次)", "5期(次)", "5", "期次", "exact"),
        ("获满意票25票", "25票", "25", "票", "exact"),
        ("检查船舶210艘次", "210艘次", "210", "艘次", "exact"),
        # measures of other fields
        ("夜间噪声46.8分贝", "46.8分贝", "46.8", "分贝", "exact"),
        ("细颗粒物浓度31微克/立方米", "31微克/立方米", "31", "微克/立方米", "exact"),
        ("氨氮0.4毫克/升", "0.4毫克/升", "0.4", "毫克/升", "exact"),
        ("平均气温17.6摄氏度", "17.6摄氏度", "17.6", "摄氏度", "exact"),
        ("装机60兆瓦", "60兆瓦", "60", "兆瓦", "exact"),
        ("装机900千瓦", "900千瓦", "900", "千瓦", "exact"),
        ("节约1.4万吨标准煤", "1.4万吨标准煤", "14000", "吨标准煤", "exact"),
        ("线路110千伏", "110千伏", "110", "千伏", "exact"),
        # counts beside which an ordinal could stand
        ("三位专家授课", "三位", "3", "位", "exact"),
        ("连续举办三届法治微电影展", "三届", "3", "届", "exact"),
        ("先后召开两次常务会议", "两次", "2", "次", "exact"),
        ("召开16次县委常委会会议", "16次", "16", "次", "exact"),
        ("举办培训班,三期共收获好评", "三期", "3", "期", "exact"),
        ("举办两届法治政府论坛", "两届", "2", "届", "exact"),
        ("目前3批试点", "3批", "3", "批", "exact"),
        ("首批9家单位", "9家", "9", "家", "exact"),
        ("第二批6家单位", "6家", "6", "家", "exact"),
        ("第1、2批共14个", "14个", "14", "个", "exact"),
        ("二期工程验收5处", "5处", "5", "处", "exact"),
        ("三轮车40辆", "40辆", "40", "辆", "exact"),
        ("开展三轮排查", "三轮", "3", "轮", "exact"),
        # hyphens of every kind, points and blanks that a program moved
        ("投入4·5万元", "4·5万元", "45000", "元", "exact"),
        ("受众1‧6万人次", "1‧6万人次", "16000", "人次", "exact"),
        ("满意率98•1%", "98•1%", "98.1", "%", "exact"),
        ("败诉率6﹒3%", "6﹒3%", "6.3", "%", "exact"),
        ("发放资料2. 4万份", "2. 4万份", "24000", "份", "exact"),
        ("受众3 .7万人次", "3 .7万人次", "37000", "人次", "exact"),
        ("满意率96. 2%", "96. 2%", "96.2", "%", "exact"),
        ("投入5, 300元", "5, 300元", "5300", "元", "exact"),
        ("受理1 318件", "1 318件", "1318", "件", "exact"),
        # digits with scales, formal digits
        ("受理2千零18件", "2千零18件", "2018", "件", "exact"),
        ("审结4千3百余件", "4千3百余件", "4300", "件", "over"),
        ("罚款叁万贰仟元整", "叁万贰仟元", "32000", "元", "exact"),
        ("发放廿八份", "廿八份", "28", "份", "exact"),
        # the unit of the label, and the one behind a bracket
        ("受理案件(件)318;", "318", "318", "件", "exact"),
        ("罚没金额(万元)41.2;", "41.2", "412000", "元", "exact"),
        ("办结率(%):97.5。", "97.5", "97.5", "%", "exact"),
        # a score that defines a class, and what it has
        ("扣分超过15分的有4卷", "4卷", "4", "卷", "exact"),
        ("扣8分的有3卷", "3卷", "3", "卷", "exact"),
        ("90分(含)以上的44卷", "44卷", "44", "卷", "exact"),
        ("85分及以上的案卷12卷", "12卷", "12", "卷", "exact"),
        ("70分至80分的9卷", "9卷", "9", "卷", "exact"),
        ("案卷平均得分93.5分", "93.5分", "93.5", "分", "exact"),
    ],
)
def test_a_quantity(text: str, raw: str, value: str, unit: str, qualifier: str) -> None:
    (found,) = quantities(text)
    assert text[found.start : found.end] == raw
    assert (found.value, found.unit, found.qualifier) == (Decimal(value), unit, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月18日印发",
        "二〇二四年",
        "20212025年规划",
        "3月至5月",
        "11月25日24时",
        "法治政府建设实施纲要（2021—2025年）",
        "市政发〔2024〕12号",
        "第18位",
        "列第1、2、6、7位",
        "排名前10名",
        "第三批",
        "12345热线",
        "拨打12348",
        "“八五”普法",
        "“1+6+N”机制",
        "提供7×24小时服务",
        "724小时服务",
        "三级联动",
        "四个工作组",
        "“高效办成一件事”",
        "“一件事一次办”",
        "办好三件大事",
        "落实十项重点任务",
        "百日攻坚",
        "千名律师进万企",
        "党的二十届三中全会",
        "为期4天",
        "三年行动计划",
        "60岁以上老人",
        "《优化营商环境36条》出台",
        "每10000人口",
        "办案超过30件的乡镇",
        "李某拖欠工资3万元，",
        "浏览次数：1362次",
        "索引号11430500MB1234567X/2024-00012",
        "联系电话0739-5321234",
        "由任务、问题、计划三部分组成",
        "坚持每月1次",
        "这一成绩",
        "二、数据保留1位小数。",
        "比率保留两位小数。",
        "四舍五入保留2位。",
        "精确到小数点后 1 位。",
        "六届县委全面依法治县委员会召开第四次会议",
        "传达七届市委常委会第21次会议精神",
        "七届市委第21次常委会",
        "七届市委21次常委会会议",
        "市八届人大三次会议",
        "县人大常委会十次会议",
        "市委六届九次全会",
        "第3次、4次常委会会议",
        "五届任期内",
        "三次产业结构更加合理",
        "二次派单",
        "二期工程",
        "三轮巡察正在推进",
        "前3批试点",
        "第 6 批",
        "2023年第3季度",
        "一审、二审程序",
        "压实一把手责任",
        "健全三级网络",
    ],
)
def test_no_statistic(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("办理1200\u00ad1300件", "1200", "1300"),
        ("办理1200\u20101300件", "1200", "1300"),
        ("占5\u20118%", "5", "8"),
        ("罚款2\u22124万元", "20000", "40000"),
        ("培训3\ufe634期", "3", "4"),
        ("调解两三件", "2", "3"),
        ("走访四五十家", "40", "50"),
        ("发放一两千份", "1000", "2000"),
        ("调解十五六件", "15", "16"),
        ("发放两三万份", "20000", "30000"),
    ],
)
def test_what_lies_between_two_numbers(text: str, low: str, high: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.low, found.high) == (Decimal(low), Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "text",
    [
        "受理13 62件",
        "撤销1 1 9 3件",
        "受理13\n62件",
        "受理1\ufffd42件",
        "受理1\ue00142件",
        "受理13·62件",
        "完成率97,6%",
        "举办四十又五场",
        "受理一千零20件",
        "三万5000件",
        "受理12¹34件",
        "受理١٣62件",
        "1. 2万件",
        "四千几百件",
        "300几十名",
        "满意率97点4%",
        "受理1五7件",
        "七佰廿份",
        "五到六千份",
        "2千到3千份",
        "走访六、七十家",
        "调解两、三件",
        "排查2、3百件",
        "调解三或四百件",
        "受理4、157件",
        "受理5:208件",
        "受理12和15件",
        "受理2,300,45件",
        "办理三,二〇〇件",
        "发放4万,2千份",
        "满意率96。5%",
        "化解率96\n.5%",
        "化解率百分之八十\n七点五",
        "办理4余300件",
        "办理2100注1件",
        "受理二十三(32)件",
        "走访4个半万户",
        "走访4个300户",
        "受理②③0件",
        "办理三百有五件",
        "受理□4件",
        "受理1\ufffc42件",
    ],
)
def test_what_may_not_have_been_read_whole_is_doubtful(text: str) -> None:
    assert [found for found in quantities(text) if not found.doubt] == []


@pytest.mark.parametrize(
    "text",
    [
        "2024 362件",
        "③12个乡镇",
        "“12·4”宪法日5场",
        "行政复议·2023年3件",
        "2024年1月35件",
        "一是12件",
        "(1)35件",
        "1、35件",
        "统一12件",
        "周六5场",
        "1. 20件",
        "受理二十三(23)件",
        "各街道分别受理41、52件",
        "1:35件",
        "□35件",
        "统一、三是12件",
        "第3、4次会议通过35件",
        "二〇二四年,三十二件",
    ],
)
def test_what_stands_beside_a_number_and_is_none_of_it(text: str) -> None:
    assert {found.doubt for found in quantities(text)} == {""}


@pytest.mark.parametrize(("text", "value"), [("三O二件", "302"), ("一○五件", "105"), ("二ＯＯ四件", "2004")])
def test_a_letter_or_circle_between_digits_is_a_nought(text: str, value: str) -> None:
    assert [(found.value, found.doubt) for found in quantities(f"受理{text}")] == [(Decimal(value), "")]


def test_a_bracket_between_number_and_unit() -> None:
    outer, inner = quantities("受理418(含上年结转21)件")
    assert (outer.value, outer.unit, inner.value, inner.unit) == (418, "件", 21, "件")


def test_a_range_keeps_both_ends() -> None:
    (found,) = quantities("每月开展3至5次")
    assert (found.value, found.low, found.high) == (3, 3, 5)


@pytest.mark.parametrize(
    ("text", "slack"),
    [
        # written in full
        ("办理案件1362件", "0"),
        ("办理案件1,362件", "0"),
        ("罚没5000元", "0"),
        ("培训二十人", "0"),
        ("培训三千人", "0"),
        ("培训一千二百三十五人", "0"),
        ("培训一万零五人", "0"),
        ("培训1千零20人", "0"),
        ("培训3万4000人", "0"),
        ("罚款叁万元整", "0"),
        # digits with a scale
        ("受理1.42万件", "50"),
        ("发放530万份", "5000"),
        ("发放５３０万份", "5000"),
        ("罚没2.35亿元", "500000"),
        ("罚没5千万元", "5000000"),
        ("罚没3亿5000万元", "5000"),
        ("培训3千人", "500"),
        ("培训7千3百人", "50"),
        ("培训1万2千人", "500"),
        ("罚没金额(万元)56.3", "500"),
        ("罚没金额(万元)56", "5000"),
        # words, by their last scale
        ("发放三万份", "5000"),
        ("发放三万五份", "500"),
        ("发放三万五千份", "500"),
        ("发放二百五份", "5"),
        ("发放三百万份", "5000"),
        # shares
        ("占97.5%", "0.05"),
        ("占97.50%", "0.005"),
        ("占97%", "0.5"),
        ("占百分之九十八", "0.5"),
        ("占百分之九十八点五", "0.05"),
        ("占百分之98.5", "0.05"),
        ("发案率为2‰", "0.05"),
        ("发案率为千分之二点五", "0.005"),
        ("发案率为万分之三", "0.005"),
        ("占七成", "5"),
        ("占7成", "5"),
        ("占七成半", "2.5"),
        ("占七成五", "0.5"),
        ("占7.5成", "0.5"),
        ("占四分之三", "12.5"),
        ("占十分之七", "5"),
        ("提高2.5个百分点", "0.05"),
        ("提高2个百分点", "0.5"),
        ("是上年的2.3倍", "0.05"),
        # an area is measured, and told in as many digits as are known
        ("拆除1.5平方米", "0.05"),
    ],
)
def test_how_far_rounding_as_printed_lets_a_value_be_off(text: str, slack: str) -> None:
    (quantity,) = quantities(text)
    assert quantity.slack == Decimal(slack)


def test_two_thirds_may_be_off_by_half_a_third() -> None:
    (quantity,) = quantities("占三分之二")
    assert round(quantity.slack, 6) == Decimal("16.666667")


def test_a_figure_that_says_its_bounds_needs_no_slack_and_that_of_a_rate_is_rounded() -> None:
    (about,), (count,) = quantities("约19.2%的案件"), quantities("有律师3名")
    assert slack_of(about, rate=True) == 0
    assert (slack_of(count, rate=False), slack_of(count, rate=True)) == (0, Decimal("0.5"))


def test_saved_money_is_not_about() -> None:
    """节约 saves; 约 means about only where it is a word of its own."""
    (found,) = quantities("节约12万元")
    assert found.qualifier == "exact"


@pytest.mark.parametrize(
    ("value", "qualifier", "is_rate", "low", "high"),
    [
        ("5300000", "over", False, "5300000", "5400000"),
        ("70", "over", False, "70", "80"),
        ("1000", "floor", False, "1000", None),
        ("93.4", "floor", True, "93.4", None),
        ("93.4", "over", True, "93.4", "93.5"),
        ("19.2", "about", True, "19.15", "19.25"),
        ("40000", "nearly", False, "35000", "40000"),
        ("500", "at_most", False, "0", "500"),
        ("151.8", "exact", True, "151.8", "151.8"),
    ],
)
def test_bounds(value: str, qualifier: str, is_rate: bool, low: str, high: str | None) -> None:
    top = None if high is None else Decimal(high)
    assert bounds(Decimal(value), qualifier, is_rate) == (Decimal(low), top)


@pytest.mark.parametrize("text", ["300场以上", "不少于300场", "不低于98%", "至少300场", "不下300场", "98%以上"])
def test_a_floor_leaves_the_top_open(text: str) -> None:
    (found,) = quantities(text)
    assert (found.qualifier, found.low, found.high) == ("over", found.value, None)


@pytest.mark.parametrize("text", ["300余场", "超300场", "逾300场", "突破300场", "超过98%", "300多场"])
def test_a_little_more_has_a_top(text: str) -> None:
    (found,) = quantities(text)
    assert found.qualifier == "over"
    assert found.high is not None and found.high > found.value


@given(
    st.text(
        alphabet="0123456789０９.,，．·•余多近约超万亿千百十一二三两廿壹佰零件人次%％‰成倍年月日第、。"
        "《》“”（）()①¹某又 至-\u00ad\ufffd\n",
        max_size=60,
    )
)
def test_no_text_makes_it_raise_and_bounds_hold(text: str) -> None:
    for found in find(normalise(text), lexicon()):
        assert 0 <= found.start <= found.number_start < found.end <= len(text)
        assert found.low <= found.value
        assert found.high is None or found.value <= found.high


@given(st.text(max_size=200))
def test_normalising_keeps_every_offset(text: str) -> None:
    assert len(normalise(text)) == len(text)


FORMS = st.one_of(
    st.integers(0, 10**7).map(lambda n: (str(n), Decimal(n))),
    st.integers(0, 10**9).map(lambda n: (f"{n:,}", Decimal(n))),
    st.integers(1, 10**9).map(lambda n: (written(Decimal(n)), Decimal(n))),
    st.integers(11, 10**6).map(
        lambda n: (written(Decimal(n)).replace("二千", "两千").replace("二万", "两万"), Decimal(n))
    ),
    st.decimals("0.1", "999", places=1).map(lambda d: (f"{d}万", d * 10_000)),
    st.tuples(st.integers(1, 9), st.integers(100, 9999)).map(
        lambda n: (f"{n[0]}万{n[1]:04}".replace("万0", "万零"), Decimal(n[0] * 10_000 + n[1]))
    ),
    st.tuples(st.integers(1, 9), st.integers(1, 9)).map(
        lambda n: (f"{n[0]}千{n[1]}百", Decimal(n[0] * 1000 + n[1] * 100))
    ),
)
NOISE = st.sampled_from(
    [" ", "\n", "\u00a0", "\ufffd", "\ue005", "¹", "²", "·", "•", "﹒", ",", "，", "٢", "又", "'", "\u2009", "④"]
)


def read_of(number: str) -> list[Quantity]:
    return [one for one in find(normalise(f"全年共受理{number}份材料"), lexicon()) if one.unit == "份"]


def holds(number: str, value: Decimal) -> bool:
    """A number is read whole, or not at all, or with a doubt."""
    return all(
        one.doubt or one.value == value or (one.low <= value and one.qualifier != "exact") for one in read_of(number)
    )


def is_undisturbed(form: tuple[str, Decimal]) -> None:
    number, value = form
    found = read_of(number)
    assert [(one.value, one.doubt) for one in found] == [(value, "")] or value < 2 or number[0] in "百千万零", found


def is_disturbed(form: tuple[str, Decimal], noise: str, at: int) -> None:
    number, value = form
    assume(noise not in ",，" or set(number) <= set("0123456789,."))  # 其二,三份 are two things
    at = 1 + at % max(1, len(number) - 1)
    assume(not (noise.isspace() and re.fullmatch(r"(19|20)\d\d", number[:at])))  # 2024 362份 are two things
    assert holds(number[:at] + noise + number[at:], value), read_of(number[:at] + noise + number[at:])


@given(FORMS)
def test_a_number_in_any_form_is_read_right(form: tuple[str, Decimal]) -> None:
    is_undisturbed(form)


@given(FORMS, NOISE, st.integers(0, 40))
def test_a_disturbed_number_is_read_right_or_doubted_or_not_read(
    form: tuple[str, Decimal], noise: str, at: int
) -> None:
    is_disturbed(form, noise, at)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(FORMS, NOISE, st.integers(0, 40))
def test_twenty_thousand_disturbed_numbers(form: tuple[str, Decimal], noise: str, at: int) -> None:
    is_undisturbed(form)
    is_disturbed(form, noise, at)
