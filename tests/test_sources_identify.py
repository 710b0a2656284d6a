"""Who reports on which region and year. All reports here are made up."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document import Document, Identity
from sources.identify import Hint, explain_identity, identify
from sources.quarantine import Quarantined, Reason
from sources.regions import regions

COUNTY = "2024年,全县受理行政复议案件120件,审结118件,人民调解组织调处纠纷3000件。"
DISTRICT = COUNTY.replace("全县", "全区")


def identified(text: str, hint: Hint | None = None, **meta: str) -> Identity:
    return identify(Document("0" * 64, text, "text/plain", meta), hint or Hint())


def quarantined(text: str, hint: Hint | None = None) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        identified(text, hint)
    return raised.value


def test_title_and_signature() -> None:
    report = identified(f"隆回县2024年度法治政府建设情况报告\n\n{COUNTY}\n\n隆回县人民政府\n2025年1月20日\n")
    assert report == Identity(
        title="隆回县2024年度法治政府建设情况报告",
        publisher="隆回县人民政府",
        region_code="430524",
        report_year=2024,
        published=date(2025, 1, 20),
    )


def test_without_title_line_the_first_person_words_give_the_title() -> None:
    report = identified(
        "索引号: | ||\n发布机构: | 发文日期: |\n根据上级通知,现将我局2024年度法治政府建设工作情况报告如下:\n"
        "2024年,全市司法行政系统办理法律援助案件900件。邵阳市出台全民普法方案,武冈市参加示范创建,《市司法局清单》印发。"
        "邵阳市普法活动120场。\n三、2025年工作打算\n完成邵阳市年度立法计划。\n2025年1月8日\n扫一扫打开本页"
    )
    assert report.title == "邵阳市司法局2024年度法治政府建设工作情况报告"
    assert (report.publisher, report.region_code, report.report_year) == ("邵阳市司法局", "430500", 2024)
    assert report.published == date(2025, 1, 8)


@pytest.mark.parametrize(
    ("text", "publisher", "code"),
    [
        (f"隆回县司法局\n关于2024年度法治政府建设情况的报告\n{COUNTY}", "隆回县司法局", "430524"),
        (f"邵阳市双清区市场监管局2024年度\n法治政府建设工作总结\n{DISTRICT}", "邵阳市双清区市场监督管理局", "430502"),
        (
            f"隆回县司法局文件\n隆司发〔2025〕3号\n关于2024年法治建设情况的报告\n县政府:\n{COUNTY}",
            "隆回县司法局",
            "430524",
        ),
        (
            "2024年法治政府建设情况报告\n北京市海淀区人民政府\n2024年,办理行政复议案件20件。",
            "北京市海淀区人民政府",
            "110108",
        ),
        (
            "桃花坪街道2024年法治建设工作总结\n2024年,隆回县委部署后,我街道普法12场。",
            "隆回县桃花坪街道办事处",
            "430524",
        ),
        ("隆回县桃洪镇2024年政府信息公开工作年度报告\n公开信息120条。", "隆回县桃洪镇人民政府", "430524"),
        ("2024年隆回县人民法院行政审判白皮书\n受理行政案件120件。", "隆回县人民法院", "430524"),
        ("邵阳市公安局双清分局2024年法治政府建设总结\n全区行政处罚88件。", "邵阳市公安局双清分局", "430502"),
        ("济源市2024年法治政府建设情况报告\n全市行政复议88件。", "济源市人民政府", "419001"),
        (f"城步苗族自治县2024年法治政府建设情况报告\n{COUNTY}", "城步苗族自治县人民政府", "430529"),
        ("湖南省2024年社区矫正工作情况\n全省在矫3万人。", "湖南省司法厅", "430000"),
        (f"根据要求,现将隆回县2024年度法治政府建设情况报告如下:\n{COUNTY}", "隆回县人民政府", "430524"),
    ],
)
def test_any_body_of_any_place(text: str, publisher: str, code: str) -> None:
    report = identified(text)
    assert (report.publisher, report.region_code, report.report_year) == (publisher, code, 2024)


def test_every_region_of_today_is_told_by_its_full_name_and_none_is_mistaken_by_its_own() -> None:
    mistaken, missed = [], []
    for code, region in regions().items():
        if not region.valid_in(2023):
            continue
        text = "2023年法治政府建设情况报告\n2023年,受理行政复议案件12件。"
        if identified(regions().full_name(code) + text).region_code != code:
            missed.append(code)
        try:
            alone = identified(region.name_zh + text).region_code
        except Quarantined:
            continue
        if alone != code:
            mistaken.append((code, alone))
    assert (missed, mistaken) == ([], [])


def test_the_header_table_says_who_and_when() -> None:
    report = identified(
        "索 引 号: | 4305250001/2025-00012 | 发布机构: | 洞口县司法局\n"
        "标 题: | 洞口县司法局2024年法治政府建设工作总结 | 发布日期: | 2025-01-17\n"
        f"文号: | | 有效期: | 2030-01-01\n{COUNTY}"
    )
    assert (report.title, report.publisher) == ("洞口县司法局2024年法治政府建设工作总结", "洞口县司法局")
    assert (report.region_code, report.published) == ("430525", date(2025, 1, 17))


def test_the_page_itself_says_who_and_when() -> None:
    report = identified(
        COUNTY,
        title="洞口县2024年度法治政府建设情况报告_洞口县人民政府门户网站",
        publisher="洞口县司法局",
        published="2025-01-20 10:00",
    )
    assert report.title == "洞口县2024年度法治政府建设情况报告"
    assert (report.publisher, report.region_code, report.published) == ("洞口县司法局", "430525", date(2025, 1, 20))


def test_a_newspaper_as_source_is_no_publisher() -> None:
    report = identified(f"隆回县2024年度法治政府建设情况报告\n2025-01-20 来源:湖南日报 作者:张三\n{COUNTY}")
    assert (report.publisher, report.published) == ("隆回县人民政府", date(2025, 1, 20))


def test_a_city_and_the_county_of_the_same_name() -> None:
    assert identified(f"邵阳县2024年度法治政府建设情况报告\n邵阳市委要求落实。{COUNTY}").region_code == "430523"
    assert identified("邵阳市2024年度法治政府建设情况报告\n全市行政复议88件,邵阳县12件。").region_code == "430500"


def test_a_county_that_names_its_city_more_often_than_itself() -> None:
    report = identified(
        "2024年法治政府建设工作总结\n2024年,在邵阳市委、邵阳市人民政府领导下,邵阳市司法局指导,新宁县全县调解3000件,"
        "我县普法100场。新宁县委研究法治建设。"
    )
    assert report.region_code == "430528"


def test_namesakes_are_told_apart_or_quarantined() -> None:
    title = "朝阳区司法局2024年度法治政府建设情况报告\n"
    assert identified(f"{title}按照长春市委要求,{DISTRICT}").publisher == "长春市朝阳区司法局"
    error = quarantined(title + DISTRICT)
    assert (error.reason, error.report_year) == (Reason.UNKNOWN_REGION, 2024)
    assert "北京市朝阳区 110105" in error.detail
    assert "吉林省长春市朝阳区 220104" in error.detail
    assert identified(title + DISTRICT, Hint(region_code="110105")).publisher == "北京市朝阳区司法局"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        # The heading stands though it is published late.
        (
            "隆回县2023年度法治政府建设情况报告\n2023年,全县行政复议12件。2024年工作打算\n隆回县人民政府\n2025年1月9日",
            2023,
        ),
        # Last year's heading on this year's report.
        (f"隆回县2023年度法治政府建设情况报告\n{COUNTY}\n二、2025年工作打算\n隆回县人民政府\n2025年1月9日", 2024),
        (f"隆回县2025年法治政府建设年度报告\n{COUNTY}\n隆回县人民政府\n2025年1月9日", 2024),
        # No year in the heading: the text, or failing it the day of publication.
        (f"隆回县法治政府建设情况报告\n{COUNTY}", 2024),
        ("隆回县法治政府建设情况报告\n全县行政复议12件。\n隆回县人民政府\n2025年2月3日", 2024),
        ("隆回县法治政府建设情况报告\n全县行政复议12件。\n隆回县人民政府\n2024年12月20日", 2024),
        (
            "隆回县法治政府建设情况报告\n按照《规划(2021—2025年)》,全县行政复议12件,比2023年多。三、2025年工作打算\n推进。",
            2024,
        ),
        # Other ways to write it.
        (f"隆回县二〇二四年度法治政府建设情况报告\n{COUNTY}", 2024),
        (f"隆回县2024年工作总结及2025年工作计划\n{COUNTY}", 2024),
        ("隆回县2022年-2024年行政审判白皮书\n隆回县人民法院\n三年受理行政案件90件。", 2024),
        ("隆回年鉴2025 法治政府建设\n隆回县司法局\n全县普法12场。", 2024),
    ],
)
def test_the_year_reported_on(text: str, year: int) -> None:
    assert identified(text).report_year == year


def test_a_year_that_is_not_told_is_not_guessed() -> None:
    error = quarantined("隆回县法治政府建设情况报告\n全县受理行政复议案件12件。")
    assert (error.reason, error.region_code) == (Reason.UNKNOWN_YEAR, "430524")
    assert "no year in the heading" in error.detail


def test_a_region_that_is_not_told_is_not_guessed() -> None:
    error = quarantined("2024年度法治政府建设情况报告\n受理行政复议案件12件。")
    assert (error.reason, error.report_year) == (Reason.UNKNOWN_REGION, 2024)


@pytest.mark.parametrize(
    ("year", "published", "code", "publisher"),
    [(2017, "2018年1月12日", "430521", "邵东县人民政府"), (2021, "2022年1月12日", "430582", "邵东市人民政府")],
)
def test_a_place_has_the_code_of_the_year(year: int, published: str, code: str, publisher: str) -> None:
    name = publisher.removesuffix("人民政府")
    report = identified(f"{name}{year}年度法治政府建设情况报告\n行政复议12件。\n{publisher}\n{published}")
    assert (report.region_code, report.publisher) == (code, publisher)


def test_a_hint_fills_what_the_document_does_not_say() -> None:
    text = "法治政府建设情况报告\n办理法律援助案件12件。"
    hint = Hint("430524", 2024, "隆回县司法局", None, date(2025, 1, 3))
    report = identified(text, hint)
    assert (report.region_code, report.report_year, report.publisher) == ("430524", 2024, "隆回县司法局")
    assert report.published == date(2025, 1, 3)
    assert identified(text, Hint("430524", 2024)).publisher == "隆回县(未署名)"


def test_a_hint_does_not_overrule_what_the_document_says() -> None:
    text = f"隆回县司法局2024年度法治政府建设情况报告\n{COUNTY}\n2025年1月16日"
    report = identified(text, Hint("430524", 2024, "隆回县人民政府", "报告", date(2025, 5, 5)))
    assert (report.publisher, report.title) == ("隆回县司法局", "隆回县司法局2024年度法治政府建设情况报告")
    assert report.published == date(2025, 1, 16)


def test_a_hint_that_contradicts_the_document_is_quarantined_naming_both() -> None:
    text = f"隆回县2024年度法治政府建设情况报告\n{COUNTY}"
    other_place, other_year = quarantined(text, Hint("430525", 2024)), quarantined(text, Hint("430524", 2023))
    assert other_place.reason is Reason.UNKNOWN_REGION
    assert "隆回县 430524" in other_place.detail
    assert "洞口县 430525" in other_place.detail
    assert other_year.reason is Reason.UNKNOWN_YEAR
    assert "2024" in other_year.detail
    assert "2023" in other_year.detail


@pytest.mark.parametrize(
    "text",
    [
        "昨日,隆回县司法局在城南广场开展普法宣传活动,发放资料300余份,解答咨询50人次。",
        "隆回县举行龙舟赛\n6月10日,来自全县的20支队伍参赛,观众3万人,颁奖12个。",
        "红烧肉做法\n五花肉500克,切块,焯水。",
        "首页\n新闻中心\n政务公开\n联系我们",
        "隆回县2024年财政预算报告\n2024年,全县一般公共预算收入12亿元,增长3%。",
    ],
)
def test_what_is_no_report_on_the_rule_of_law(text: str) -> None:
    error = quarantined(text, Hint("430524", 2024))
    assert (error.reason, error.region_code, error.report_year) == (Reason.NOT_A_REPORT, "430524", 2024)


def test_the_reasons_name_what_was_found_where() -> None:
    report = identified(
        f"朝阳区2024年度法治政府建设情况报告\n按照长春市委要求,长春市司法局指导,{DISTRICT}\n朝阳区人民政府\n2025年1月16日"
    )
    assert report.reasons == (
        "region 220104 朝阳区: the title 朝阳区2024年度法治政府建设情况报告, the signature 朝阳区人民政府, "
        "words of its level 区",
        "namesake 朝阳区 told by its parent 长春市, named 2 times",
        "year 2024: the title 朝阳区2024年度法治政府建设情况报告, the text speaking of it once, "
        "the date of publication 2025-01-16",
    )


def test_what_is_only_inferred_is_less_sure_than_what_several_sources_say() -> None:
    told = identified(f"隆回县2024年度法治政府建设情况报告\n{COUNTY}\n隆回县人民政府\n2025年1月20日")
    inferred = identified("隆回县法治政府建设情况报告\n全县行政复议12件。\n隆回县人民政府\n2025年2月3日")
    by_votes = identified("2024年度法治政府建设情况报告\n2024年,隆回县委部署,我县行政复议12件。")
    assert told.confidence >= 0.9
    assert max(inferred.confidence, by_votes.confidence) < 0.6
    assert "year 2024: the date of publication 2025-02-03" in inferred.reasons


AGREEING = (
    "signature",
    "byline",
    "header",
    "source",
    "site",
    "url",
    "site_code",
    "page_title",
    "text",
    "hint",
    "period",
)


def with_sources(sources: frozenset[str]) -> Identity:
    """A report of 隆回县 on 2024 on which the sources named agree."""
    lines = ["隆回县2024年度法治政府建设情况报告"]
    lines += ["隆回县司法局"] * ("byline" in sources)
    lines += ["发布机构: | 隆回县司法局 | 发布日期: | 2025-01-20"] * ("header" in sources)
    lines += ["来源:隆回县司法局"] * ("source" in sources)
    lines += ["2024年,全县受理行政复议案件120件,审结118件。"]
    lines += ["2024年,隆回县委部署普法。"] * ("text" in sources)
    lines += ["统计期限为2024年1月1日至2024年12月31日。"] * ("period" in sources)
    lines += ["隆回县司法局", "2025年1月20日"] * ("signature" in sources)
    lines += ["网站标识码:4305240001"] * ("site_code" in sources)
    meta = {
        "site": "隆回县人民政府" * ("site" in sources),
        "url": "https://www.longhui.gov.cn/a.html" * ("url" in sources),
        "title": "隆回县2024年法治政府建设年度报告" * ("page_title" in sources),
    }
    hint = Hint("430524", 2024) if "hint" in sources else Hint()
    return identified("\n".join(lines), hint, **meta)


@settings(max_examples=150)
@given(st.frozensets(st.sampled_from(AGREEING)), st.sampled_from(AGREEING))
def test_a_source_that_agrees_never_lowers_the_confidence(sources: frozenset[str], another: str) -> None:
    before, after = with_sources(sources), with_sources(sources | {another})
    assert (after.region_code, after.report_year) == (before.region_code, before.report_year) == ("430524", 2024)
    assert after.confidence >= before.confidence


def test_two_places_that_disagree_are_named_with_where_each_was_found() -> None:
    error = quarantined(f"隆回县2024年度法治政府建设情况报告\n{COUNTY}\n洞口县人民政府\n2025年1月20日")
    assert error.reason is Reason.UNKNOWN_REGION
    assert "隆回县 430524 in the title 隆回县2024年度法治政府建设情况报告" in error.detail
    assert "洞口县 430525 in the signature 洞口县人民政府" in error.detail


def test_two_years_that_disagree_are_named_with_where_each_was_found() -> None:
    error = quarantined(f"隆回县2021年度法治政府建设情况报告\n{COUNTY}2024年,普法120场。")
    assert error.reason is Reason.UNKNOWN_YEAR
    assert "2021 in the heading and 2024 in the text" in error.detail


def test_configured_regions_tell_namesakes_apart_only_where_nothing_else_does() -> None:
    title = "朝阳区司法局2024年度法治政府建设情况报告\n"
    document = Document("0" * 64, title + DISTRICT, "text/plain")
    taken = identify(document, configured={"220104", "430524"})
    assert taken.region_code == "220104"
    assert any("configured" in reason for reason in taken.reasons)
    named = Document("0" * 64, f"{title}按照北京市委要求,{DISTRICT}", "text/plain")
    assert identify(named, configured={"220104"}).region_code == "110105"
    assert taken.confidence < identify(named).confidence


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        # The header table before the issue date, the page's own statement, a date in the head, the signature.
        ("成文日期: | 2025-01-08 | 发布日期: | 2025-01-20", date(2025, 1, 20)),
        ("成文日期: | 2025-01-08", date(2025, 1, 8)),
        ("2025-01-18 来源:湖南日报", date(2025, 1, 18)),
        ("", date(2025, 1, 6)),
    ],
)
def test_the_day_of_publication_is_that_of_the_header_before_that_of_the_signature(lines: str, published: date) -> None:
    text = f"隆回县2024年度法治政府建设情况报告\n{lines}\n{COUNTY}\n隆回县人民政府\n2025年1月6日"
    assert identified(text).published == published


def test_a_day_before_the_year_was_over_or_after_today_is_suspicious() -> None:
    early = identified(f"隆回县2024年度法治政府建设情况报告\n发布日期:2024-05-20\n{COUNTY}")
    document = Document("0" * 64, f"隆回县2024年度法治政府建设情况报告\n发布日期:2035-05-20\n{COUNTY}", "text/plain")
    late = identify(document, today=date(2025, 3, 1))
    assert "suspicious date: published 2024-05-20, before 2024 was over" in early.reasons
    assert "suspicious date: published 2035-05-20, after today, 2025-03-01" in late.reasons


def test_an_explanation_for_a_reader() -> None:
    told = explain_identity(Document("0" * 64, f"隆回县2024年度法治政府建设情况报告\n{COUNTY}", "text/plain"))
    assert told[:3] == ["title: 隆回县2024年度法治政府建设情况报告", "publisher: 隆回县人民政府", "published: unknown"]
    assert any(line.startswith("region 430524 隆回县: the title") for line in told)
    untold = explain_identity(Document("0" * 64, "红烧肉做法\n五花肉500克。", "text/plain"))
    assert untold[0].startswith("quarantined as not_a_report")


def test_made_up_samples_say_so() -> None:
    text = f"隆回县2024年度法治政府建设情况报告\n{COUNTY}"
    assert not identified(text).synthetic
    assert identified(f"{text}\n(合成样本)").synthetic


def test_full_width_digits_and_control_characters() -> None:
    report = identified("隆回县２０２４年度法治政府建设情况报告\x00\n行政复议１２件。\n２０２５年１月１６日")
    assert report.title == "隆回县2024年度法治政府建设情况报告"
    assert report.published == date(2025, 1, 16)


WORDS = [
    *(
        "隆回县",
        "邵阳市",
        "司法局",
        "2024年",
        "2023年度",
        "法治政府建设",
        "情况报告",
        "现将我局",
        "报告如下",
        "2025年1月9日",
    ),
    *("朝阳区", "全县", "行政复议", "镇", "人民政府", "120件", "来源:", "。", "|", "《", "》", "—", "\n", "\x00"),
]


@settings(max_examples=200)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=60).map("".join))
def test_any_text_is_identified_or_quarantined(text: str) -> None:
    try:
        report = identified(text)
    except Quarantined as error:
        assert error.reason in (Reason.NOT_A_REPORT, Reason.UNKNOWN_REGION, Reason.UNKNOWN_YEAR)
    else:
        assert report.title
        assert report.publisher


@pytest.mark.parametrize(
    "filler", [" ", "1", "2024年", "现将2024年", "来源:", "\n", "《", "隆回县", "中局", "隆回县司法局\n"]
)
def test_a_huge_text_takes_no_longer_than_its_length(filler: str) -> None:
    import time

    text = "隆回县2024年度法治政府建设情况报告\n" + filler * 300_000
    started = time.process_time()
    assert identified(text).region_code == "430524"
    assert time.process_time() - started < 2


def test_a_long_run_of_digits_is_looked_at_once() -> None:
    import time

    started = time.process_time()
    quarantined("全县举办活动" + "1,2.3" * 9_000)
    assert time.process_time() - started < 2


def test_a_report_in_traditional_characters_keeps_its_title() -> None:
    report = identified(
        "隆回縣2023年法治政府建設年度報告\n2023年,全縣受理行政複議案件120件。\n隆回縣司法局\n2024年1月30日"
    )
    assert (report.region_code, report.report_year, report.publisher) == ("430524", 2023, "隆回县司法局")
    assert report.title == "隆回縣2023年法治政府建設年度報告"
