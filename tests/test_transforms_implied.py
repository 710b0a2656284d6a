"""Figures that name no unit: zero in words, which is read only where an indicator is surely meant; and bare numbers."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract import Context, explain, extract
from transforms.implied import implied_words
from transforms.lexicon import LEXICON, LexiconError, lexicon
from transforms.observation import Observation

CITY = Context("430500", 2024, "邵阳市司法局", "邵阳市司法局2024年度法治政府建设情况报告")
LOST, LOSS_RATE = "litigation.lost", "litigation.loss_rate"
CORRECTED, REOFFENDERS = "reconsideration.corrected", "corrections.reoffenders"


def zeros(text: str, context: Context = CITY) -> list[Observation]:
    return [one for one in extract(text, context) if one.value == 0]


@pytest.mark.parametrize(
    ("text", "raw", "code"),
    [
        # none of a thing
        ("全市全年无行政诉讼败诉案件。", "无行政诉讼败诉案件", LOST),
        ("全县行政机关无一败诉。", "无一败诉", LOST),
        ("我市行政应诉案件零败诉。", "零败诉", LOST),
        ("全区行政诉讼0败诉。", "0败诉", LOST),
        ("全年没有一件行政诉讼案件败诉。", "没有一件行政诉讼案件败诉", LOST),
        ("全市未发生一起行政诉讼败诉案件。", "未发生一起行政诉讼败诉案件", LOST),
        ("全市没有任何败诉案件。", "没有任何败诉案件", LOST),
        ("行政应诉工作中未出现败诉情况。", "未出现败诉", LOST),
        ("应诉行政案件16件,均未败诉。", "未败诉", LOST),
        ("连续四年行政诉讼“零败诉”。", "零败诉", LOST),
        ("全市实现行政诉讼“零败诉”目标。", "零败诉", LOST),
        ("全县取得行政诉讼零败诉的好成绩。", "零败诉", LOST),
        ("全年保持零败诉率。", "零败诉率", LOSS_RATE),
        ("全年没有被纠错的行政复议案件。", "没有被纠错", CORRECTED),
        ("行政复议方面,全年没有被纠错案件。", "没有被纠错案件", CORRECTED),
        ("审结行政复议案件74件,维持51件,无一被纠错。", "无一被纠错", CORRECTED),
        ("全年未收到行政复议申请。", "未收到行政复议申请", "reconsideration.applications"),
        ("全年无行政复议案件。", "无行政复议案件", "reconsideration.accepted"),
        ("全年没有行政诉讼案件。", "没有行政诉讼案件", "litigation.cases"),
        ("规范性文件备案审查无一被纠错。", "无一被纠错", "review.filing_corrected"),
        ("全市社区矫正对象无重新犯罪。", "无重新犯罪", REOFFENDERS),
        ("全市社区矫正对象无人重新犯罪。", "无人重新犯罪", REOFFENDERS),
        ("全市在册418名社区矫正对象无一人重新犯罪。", "无一人重新犯罪", REOFFENDERS),
        ("没有一名社区矫正对象再犯罪。", "没有一名社区矫正对象再犯罪", REOFFENDERS),
        ("社区矫正对象矫正期间未发生重新犯罪。", "未发生重新犯罪", REOFFENDERS),
        ("全县在册社区矫正对象无脱管、漏管和重新犯罪现象。", "无脱管、漏管和重新犯罪", REOFFENDERS),
        ("社区矫正对象在矫期间无一人脱管漏管、无一人重新犯罪。", "无一人重新犯罪", REOFFENDERS),
        # all instances there are
        ("一审、二审、再审均无败诉。", "无败诉", LOST),
        ("全年应诉行政案件21件,一审、二审均无败诉案件。", "无败诉案件", LOST),
        ("行政诉讼一审、二审、再审全部无败诉。", "无败诉", LOST),
        ("行政诉讼案件一审、二审和再审均未败诉。", "未败诉", LOST),
        # a thing is none
        ("全市行政诉讼败诉案件为零。", "零", LOST),
        ("败诉案件数连续两年为零。", "零", LOST),
        ("全县败诉案件零发生。", "零发生", LOST),
        ("行政诉讼败诉率为零。", "零", LOSS_RATE),
        ("败诉率由上年的4.6%降至零。", "零", LOSS_RATE),
        ("行政诉讼败诉案件从去年的3件降为零。", "零", LOST),
        ("全县行政复议纠错率是零。", "零", "reconsideration.correction_rate"),
        ("行政复议直接纠错案件为零。", "零", CORRECTED),
        ("社区矫正对象重新犯罪率始终保持在零。", "零", "corrections.reoffending_rate"),
        ("全市再犯罪率为零。", "零", "corrections.reoffending_rate"),
        ("社区矫正对象重新犯罪零发生。", "零发生", REOFFENDERS),
        ("全年败诉案件为0,出庭率98%。", "0", LOST),
        # of those just counted
        ("全年应诉57件,审结49件,无一败诉。", "无一败诉", LOST),
        ("审结行政诉讼案件49件(无一败诉)。", "无一败诉", LOST),
        ("在册社区矫正对象233名,全年没有发生重新犯罪。", "没有发生重新犯罪", REOFFENDERS),
    ],
)
def test_zero_in_words(text: str, raw: str, code: str) -> None:
    (zero,) = zeros(text)
    assert (zero.raw_text, zero.indicator, zero.qualifier, zero.role) == (raw, code, "exact", "actual")
    assert text[zero.start : zero.end] == raw
    assert zero.canonical_unit == lexicon().indicators[code].unit
    assert (zero.period, zero.figure_year) == ("year", 2024)


@pytest.mark.parametrize(
    "text",
    [
        # slogans
        "服务企业零距离,办事零跑腿,审批零障碍,准入零门槛,收费零容忍。",
        "12345热线零投诉,法律援助零拒绝,矛盾纠纷零上交。",
        "执法行为零投诉、零复议、零诉讼。",
        "“零调解”村有14个。",
        # the characters in other words
        "无锡市来访交流,无偿提供法律服务,公共场所无障碍设施完善。",
        "零时起,零售企业12家,零星案件,零下8摄氏度。",
        "无效申请,无主财物,无证经营,无正当理由不出庭。",
        # what no indicator counts
        "全年未发生重大群体性事件,无人员伤亡,无违法违纪,无遗漏。",
        "没有提起行政诉讼,没有败诉风险。",
        "人民调解不收费,无收费案件,无财产可供执行案件。",
        # more is said than is known
        "行政案件无一不败诉。",
        "无一例外,行政机关全部胜诉。",
        "全年未发生复议后被法院改判的案件。",
        "行政处罚案件611件,没有一件因程序违法被撤销。",
        "全年无因程序违法败诉案件。",
        "全市并非无败诉案件。",
        "行政诉讼败诉案件实现零的突破。",
        # a class of bodies
        "败诉案件为零的乡镇12个。",
        "零败诉的单位有8家,无败诉单位受到表扬。",
        "3个乡镇没有败诉案件,5个乡镇没有律师。",
        "没有行政复议机构的部门2个。",
        # a condition
        "如果全年无败诉案件,予以加分。",
        "全年无败诉案件的,加2分。",
        "对全年无败诉案件的单位予以表扬。",
        "防止出现败诉案件,避免重新犯罪。",
        # a part
        "某局无败诉案件。",
        "县公安局全年无败诉案件。",
        "市自然资源局加强应诉工作,全年无败诉案件。",
        "其中市公安局应诉15件,无一败诉。",
        "涉企行政诉讼案件无一败诉。",
        "涉企行政诉讼案件13件,无一败诉。",
        "一审行政案件12件,无一败诉。",
        "全年行政诉讼一审无败诉案件。",
        "全年行政诉讼一审、再审均无败诉案件。",
        "民事案件一审、二审、再审均无败诉。",
        "征地拆迁案件8件,无一败诉。",
        "除县本级外均无败诉案件。",
        "佩戴电子手环的36名社区矫正对象无一重新犯罪。",
        "刑满释放人员无重新犯罪。",
        "上半年行政诉讼无败诉案件。",
        # of something else
        "法律援助案件无一败诉。",
        "律师代理行政诉讼案件5件,无一败诉。",
        "行政复议决定无一被法院撤销。",
        "行政复议应诉案件无一败诉。",
        "经复议后被诉一审案件16件,无一败诉。",
        "未受理行政复议申请。",
        "行政复议案件无败诉。",
        "社区矫正对象无脱管漏管。",
        "社区矫正对象无重新犯罪、漏管人员12名。",
        # two things with one head: neither's
        "全年无行政诉讼、行政复议案件。",
        # the part of the year in which there were some
        "全市无败诉案件。\n上半年全市行政诉讼败诉案件3件。",
    ],
)
def test_no_zero_in_words(text: str) -> None:
    assert zeros(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "全市无败诉案件。\n全市行政诉讼败诉案件3件。",
        "全市行政诉讼败诉案件3件。\n全市无败诉案件。",
        "全市行政诉讼案件败诉3件,较上年下降。继续保持全市败诉案件为零。",
        "行政诉讼案件120件,败诉3件。实现全市行政诉讼零败诉。",
    ],
)
def test_a_zero_and_a_count_contradict_one_another(text: str) -> None:
    found = [one for one in extract(text, CITY) if one.indicator == LOST and one.role == "actual"]
    assert {one.value for one in found} == {0, 3}
    assert {one.status for one in found} == {"conflict"}
    assert all("the report also says" in (one.status_reason or "") for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "全市行政诉讼败诉3件。\n市本级无败诉案件。",
        "2023年全市行政诉讼败诉3件。\n2024年,全市无败诉案件。",
        "武冈市行政诉讼败诉3件。\n隆回县无败诉案件。",
        "2021年以来全市行政诉讼败诉3件。\n2024年全市无败诉案件。",
    ],
)
def test_a_zero_of_another_place_scope_or_year_stands(text: str) -> None:
    found = [one for one in extract(text, CITY) if one.indicator == LOST]
    assert {one.value for one in found} == {0, 3}
    assert {one.status for one in found} == {"current"}


def test_a_zero_without_an_indicator_waits_for_nobody() -> None:
    """It has no code and is no quantity: nothing goes to the steward's queue."""
    assert extract("全年无行政处罚被撤销,办事零跑腿,未发生安全事故。", CITY) == []


def test_one_in_none_is_no_figure() -> None:
    (zero,) = extract("全市未发生1起行政诉讼败诉案件。", CITY)
    assert (zero.raw_text, zero.value, zero.unit) == ("未发生1起行政诉讼败诉案件", 0, "起")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("无行政诉讼案件,无败诉案件。", "region"),
        ("2024年,我市无行政诉讼案件、无败诉案件。", "region"),
        ("全年未发生行政诉讼案件,也无败诉案件。", "region"),
        ("行政应诉方面:无行政诉讼案件,无败诉案件。", "region"),
        ("我单位无行政诉讼案件,无败诉案件。", "publisher"),
    ],
)
def test_one_zero_after_the_other(text: str, scope: str) -> None:
    assert [(o.indicator, o.scope) for o in zeros(text)] == [("litigation.cases", scope), (LOST, scope)]


def test_zeros_of_a_list() -> None:
    found = zeros("全县行政复议零纠错、行政诉讼零败诉。")
    assert [(o.raw_text, o.indicator) for o in found] == [("零纠错", CORRECTED), ("零败诉", LOST)]


@pytest.mark.parametrize(
    ("text", "scope", "region"),
    [
        ("市本级无行政诉讼败诉案件。", "own_level", "430500"),
        ("我局无行政诉讼败诉案件。", "publisher", "430500"),
        ("局无一败诉。", "publisher", "430500"),
        ("邵阳市行政机关无一败诉。", "region", "430500"),
        ("武冈市无败诉案件,邵东市败诉2件。", "region", "430581"),
        ("县公安局规范执法,全市无败诉案件。", "region", "430500"),
    ],
)
def test_whose_a_zero_is(text: str, scope: str, region: str) -> None:
    (zero,) = zeros(text)
    assert (zero.scope, zero.region_code) == (scope, region)


@pytest.mark.parametrize(
    ("text", "role", "year"),
    [
        ("力争全年零败诉。", "plan", 2025),
        ("确保行政诉讼零败诉。", "plan", 2025),
        ("三、2025年工作计划\n全市行政诉讼零败诉。", "plan", 2025),
        ("2023年无行政诉讼败诉案件。", "prior", 2023),
        ("去年行政诉讼零败诉。", "prior", 2023),
    ],
)
def test_the_year_of_a_zero(text: str, role: str, year: int) -> None:
    (zero,) = zeros(text)
    assert (zero.role, zero.figure_year) == (role, year)


def test_what_was_reached_in_a_holiday_is_not_the_year_s() -> None:
    (zero,) = zeros("春节期间,全市社区矫正对象无重新犯罪。")
    assert zero.period == "campaign"


def test_the_reading_says_that_it_is_in_words() -> None:
    told = explain("应诉案件57件,无一败诉。", CITY)
    assert [reading.spelt for reading in told] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("复议纠错3,纠错率5.1%。", [("3", CORRECTED), ("5.1%", "reconsideration.correction_rate")]),
        (
            "收到行政复议申请130件,审结118。",
            [("130件", "reconsideration.applications"), ("118", "reconsideration.concluded")],
        ),
        ("受理行政诉讼案件58,败诉案件数为4。", [("58", "litigation.cases"), ("4", LOST)]),
        # a note's number, a year, a service line, and words that are not all known
        ("依法办理行政复议案件1。", []),
        ("规范行政复议案件2,审结118件。", [("118件", "reconsideration.concluded")]),
        ("审结118件,办理行政复议案件2024,", [("118件", "reconsideration.concluded")]),
        ("接听热线12348,解答咨询520人次。", [("520人次", "legal_service.consultations")]),
    ],
)
def test_bare_numbers(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(o.raw_text, o.indicator) for o in extract("行政复议。" + text, CITY)] == expected


def test_a_bare_number_has_the_unit_of_its_indicator() -> None:
    bare = extract("复议纠错3,纠错率5.1%。", CITY)[0]
    assert (bare.unit, bare.canonical_unit, bare.value) == ("", "件", 3)


BEFORE = (
    "",
    "全市",
    "全年",
    "我局",
    "2023年",
    "力争",
    "某局",
    "其中",
    "武冈市",
    "应诉57件,",
    "县公安局",
    "上半年",
    "对",
    "由3件",
)
NONE = ("无", "零", "0", "无一", "未发生一起", "没有", "没有1件", "未")
THINGS = (
    "败诉",
    "败诉案件",
    "行政诉讼败诉案件",
    "被纠错",
    "重新犯罪",
    "败诉率",
    "投诉",
    "距离",
    "重大群体性事件",
    "锡市",
    "偿服务",
)
AFTER = ("。", ",", "、", "的单位8家。", "为零。", "零发生", "”目标。", "不", "\n", "(", "1件")


@settings(max_examples=400)
@given(st.lists(st.tuples(*(st.sampled_from(words) for words in (BEFORE, NONE, THINGS, AFTER))), max_size=4))
def test_a_zero_in_words_is_always_of_an_indicator_that_may_be_none(clauses: list[tuple[str, str, str, str]]) -> None:
    text = "".join("".join(clause) for clause in clauses)
    for reading in explain(text, CITY):
        one = reading.observation
        assert text[one.start : one.end] == one.raw_text
        if reading.spelt:
            assert one.indicator in implied_words().told_as_none
            assert (one.value, one.value_low, one.value_high, one.qualifier) == (0, 0, 0, "exact")
            assert one.canonical_unit and one.unit


UNKNOWN = st.text(alphabet="桥梁护栏树苗牧草渔港锅炉玻璃棉纱", min_size=1, max_size=6)


@settings(max_examples=200)
@given(st.sampled_from(("全市", "全年", "行政诉讼")), st.sampled_from(NONE[:6]), UNKNOWN, st.booleans())
def test_one_unknown_word_in_the_clause_and_there_is_no_zero(whose: str, none: str, word: str, first: bool) -> None:
    clause = f"{whose}{word}{none}败诉案件。" if first else f"{whose}{none}{word}败诉案件。"
    assert zeros(clause) == []
    assert len(zeros(f"{whose}{none}败诉案件。")) == 1


@given(st.text(alphabet="无零未没有发生一起件人败诉纠错案率为0123被,。、全市年行政复议不的“”() \n", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    for one in extract(text, CITY):
        assert text[one.start : one.end] == one.raw_text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("told_as_none: [", "told_as_none: [litigation.lots, ", "'litigation.lots' is no indicator of the lexicon"),
        ("aims: [", "aim: [", "no such group"),
        ("aims: [", "aims: [1, ", "expected a list of words"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, before: str, after: str, said: str) -> None:
    for source in LEXICON.rglob("*.yaml"):
        target = tmp_path / source.relative_to(LEXICON)
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "implied.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=r"implied\.yaml:") as error:
        implied_words(file)
    assert said in str(error.value)


def test_a_missing_group_is_told(tmp_path: Path) -> None:
    file = tmp_path / "implied.yaml"
    file.write_text("none_of: [无]\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"the group .* is missing"):
        implied_words(file)


def test_another_lexicon_has_its_own_words() -> None:
    """Without the indicator there is no zero of it."""
    others = {code: indicator for code, indicator in lexicon().indicators.items() if code != LOST}
    assert [o for o in extract("全市无败诉案件。", CITY, replace(lexicon(), indicators=others)) if o.value == 0] == []
