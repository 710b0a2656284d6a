"""Whose a figure is: the region's, another place's, the level's own, the reporting body's, or no region's."""

from collections import defaultdict

import pytest

from sources.regions import Region, regions
from transforms.extract import Context, extract
from transforms.observation import Observation
from transforms.places import places_within

CITY, COUNTY, DISTRICT = "430500", "430523", "430502"
ACCEPTED = "reconsideration.accepted"
REGION = "region"


def read(text: str, code: str = CITY, year: int = 2024, publisher: str = "") -> list[Observation]:
    return extract(text, Context(code, year, publisher, f"{publisher}{year}年法治政府建设年度报告"))


def owners(text: str, code: str = CITY, year: int = 2024, publisher: str = "") -> list[tuple[str, str | None, str]]:
    """The number as written, the place, and the scope of each figure."""
    return [(o.raw_text, o.region_code, o.scope) for o in read(text, code, year, publisher)]


def scopes(text: str, publisher: str, code: str = "430524") -> list[str]:
    return [o.scope for o in read(text, code, 2024, publisher)]


# places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("邵阳市各级复议机构共受理行政复议案件1402件。", [("1402件", CITY)]),
        ("邵阳各级复议机构共受理行政复议案件1402件。", [("1402件", CITY)]),
        ("邵阳受理行政复议案件1402件。", [("1402件", CITY)]),
        ("邵阳全市受理行政复议案件1402件,邵阳县318件最多。", [("1402件", CITY), ("318件", COUNTY)]),
        ("全市受理行政复议案件1402件,其中邵阳县受理318件。", [("1402件", CITY), ("318件", COUNTY)]),
        ("全市受理行政复议案件1402件,其中邵阳318件。", [("1402件", CITY), ("318件", COUNTY)]),
        # a short name among its like is a county's
        (
            "邵阳、新邵、隆回受理行政复议案件分别为44件、55件、66件。",
            [("44件", COUNTY), ("55件", "430522"), ("66件", "430524")],
        ),
        (
            "邵阳、新邵和隆回分别受理行政复议案件44、55、66件。",
            [("44", COUNTY), ("55", "430522"), ("66件", "430524")],
        ),
        (
            "受理行政复议案件邵阳44件、新邵55件、隆回66件。",
            [("44件", COUNTY), ("55件", "430522"), ("66件", "430524")],
        ),
        ("2024年武冈市受理行政复议案件72件。", [("72件", "430581")]),
        # the place holds on in its sentence, until a semicolon, another place or the whole
        (
            "武冈市受理行政复议案件72件,同比增长5%,审结70件。",
            [("72件", "430581"), ("5%", "430581"), ("70件", "430581")],
        ),
        ("武冈市受理行政复议案件72件;办理法律援助案件900件。", [("72件", "430581"), ("900件", CITY)]),
        ("武冈市受理行政复议案件72件,全市审结1210件。", [("72件", "430581"), ("1210件", CITY)]),
        # an aside doesn't, nor where more is counted than in it
        (
            "全市受理行政复议案件1402件,其中武冈市72件,审结1210件。",
            [("1402件", CITY), ("72件", "430581"), ("1210件", CITY)],
        ),
        (
            "全市受理行政复议案件1402件,其中武冈市受理72件,审结1210件。",
            [("1402件", CITY), ("72件", "430581"), ("1210件", CITY)],
        ),
        # a county that is praised is no subject of what follows; one where something took place neither
        ("武冈市获评全国法治政府建设示范市,受理行政复议案件1402件。", [("1402件", CITY)]),
        ("在武冈市召开现场会,举办法治讲座3场。", [("3场", CITY)]),
        # 新建 is a word
        ("新建法治文化广场3个。", [("3个", CITY)]),
    ],
)
def test_a_name_means_the_region_or_a_place_within(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(raw, place) for raw, place, _ in owners(text)] == expected


def test_a_short_name_that_is_a_word_is_no_place() -> None:
    assert owners("新建法治公园4个,新建区建成法治广场2个。", "360100") == [
        ("4个", "360100", REGION),
        ("2个", "360112", REGION),
    ]


def test_names_are_those_of_the_reports_year() -> None:
    text = "全市受理行政复议案件1402件,其中{}受理88件。"
    assert owners(text.format("邵东县"), year=2017)[1] == ("88件", "430521", REGION)
    assert owners(text.format("邵东"), year=2017)[1] == ("88件", "430521", REGION)
    assert owners(text.format("邵东市"), year=2024)[1] == ("88件", "430582", REGION)
    # a report that keeps to the old name means the place all the same
    assert owners(text.format("邵东县"), year=2024)[1] == ("88件", "430582", REGION)


def test_an_abolished_place_is_known_in_its_years_only() -> None:
    assert "绍兴县" in places_within("330600", 2012).names
    assert "绍兴县" not in places_within("330600", 2014).names


def test_a_former_name_is_the_places() -> None:
    assert places_within("320800", 2011).names["楚州区"].code == "320803"


def test_several_places_together_have_no_indicator() -> None:
    for text in (
        "邵东、新邵两县共受理行政复议案件143件。",
        "邵东市和新邵县受理行政复议案件143件。",
        "市本级和新邵县受理行政复议案件143件。",
    ):
        assert [(o.indicator, o.region_code, o.scope) for o in read(text)] == [(None, CITY, "part")], text
    # where they are what is counted, they are the region's
    assert owners("隆回县、新宁县2个县获评全国法治政府建设示范县。") == [("2个", CITY, REGION)]


def test_a_list_whose_places_and_figures_differ_in_number_is_nobodys() -> None:
    found = read("邵阳县、新邵县、隆回县、洞口县受理行政复议案件分别为44件、55件、66件。")
    assert {o.region_code for o in found if o.indicator} <= {None}


def test_a_countys_report_may_name_its_city_and_its_neighbours() -> None:
    assert owners("邵阳县全年受理行政复议案件84件。", COUNTY) == [("84件", COUNTY, REGION)]
    assert owners("邵阳市共受理行政复议案件1402件,我县受理84件。", COUNTY) == [
        ("1402件", CITY, REGION),
        ("84件", COUNTY, REGION),
    ]
    assert owners("全市受理行政复议案件1402件,全县受理84件。", COUNTY) == [
        ("1402件", CITY, REGION),
        ("84件", COUNTY, REGION),
    ]
    # in a county-level city 全市 is the place itself; a rank in the city is no figure of the city
    assert owners("全市受理行政复议案件88件。", "430582") == [("88件", "430582", REGION)]
    assert owners("在全市法治宣传月中办讲座12场。", COUNTY) == [("12场", COUNTY, REGION)]
    assert owners("邵阳市司法局抽查执法案卷30份。", COUNTY) == [("30份", COUNTY, REGION)]


def test_a_court_of_another_place_is_no_region() -> None:
    found = read("隆回县人民法院审结一审行政诉讼案件52件。")
    assert [(o.indicator, o.scope) for o in found] == [(None, "part")]


# towns


@pytest.mark.parametrize(
    "text",
    [
        "高沙镇、花园镇、竹市镇人民调解委员会调解纠纷较多,分别为210件、188件、140件。",
        "高沙镇、花园镇、竹市镇人民调解委员会调解纠纷分别为210、188、140件。",
        "高沙、花园、竹市三个乡镇调解纠纷分别为210件、188件、140件。",
        "高沙、花园、竹市等3个镇调解纠纷较多,分别为210件、188件、140件。",
        "高沙镇调解纠纷210件。",
        "高沙镇司法所调解纠纷210件,成功200件。",
        "红岩村、白竹村和石下江社区调解纠纷分别为21件、18件、14件。",
        "高沙镇紧盯重点人群,深入开展走访,全年共调解纠纷210件。",
        "如高沙镇探索“板凳会”,把矛盾解决在家门口,调解纠纷210件。",
        "经开区全年调解纠纷210件。",
        "产业园区管委会主动上门服务,全年调解纠纷210件。",
        "以县林业局为例,2024年调解纠纷210件。",
        "仅县交警大队就调解纠纷210件。",
        "除公安外,全县调解纠纷210件。",
    ],
)
def test_figures_of_towns_are_no_countys(text: str) -> None:
    found = [o for o in read(text, "430525") if o.raw_text != "3个"]
    assert found
    assert {(o.indicator, o.region_code, o.scope) for o in found} == {(None, "430525", "part")}


@pytest.mark.parametrize(
    "text",
    [
        "乡镇街道调解委员会调解纠纷210件。",
        "指导乡镇调解纠纷210件。",
        "各乡镇、村、社区调解纠纷210件。",
        "建成法治文化广场、法治文明村、无讼社区210个。",
        "全县乡镇司法所调解纠纷210件。",
        "送法下乡赶集20次,调解纠纷210件。",
        "整合乡贤力量,调解纠纷210件。",
        "县公安局、县司法局联合排查,全年调解纠纷210件。",
        "县市场监管局牵头,各部门全年调解纠纷210件。",
        "高沙镇被评为先进,全年全县调解纠纷210件。",
        "除集中走访外,还调解纠纷210件。",
    ],
)
def test_towns_in_general_are_the_county(text: str) -> None:
    assert {o.scope for o in read(text, "430525")} == {REGION}


def test_a_department_has_a_part_of_what_every_department_does() -> None:
    text = "公安部门聚焦主责主业,强化执法监督,全年办理行政处罚案件1800件,调解纠纷210件。"
    assert [(o.indicator, o.scope) for o in read(text, "430525")] == [
        (None, "part"),
        ("mediation.disputes", REGION),
    ]


# the level's own


def test_the_own_level_holds_on_until_another_scope_is_named() -> None:
    text = "区本级收到行政复议申请41件,受理37件,审结36件,全区办理法律援助案件52件。"
    assert [scope for *_, scope in owners(text, DISTRICT)] == ["own_level", "own_level", "own_level", REGION]
    text = "区本级收到行政复议申请41件;受理37件;审结36件。"
    assert [scope for *_, scope in owners(text, DISTRICT)] == ["own_level"] * 3


@pytest.mark.parametrize(
    ("text", "code", "whose"),
    [
        # all the levels that the region has
        ("市县两级受理行政复议案件1402件。", CITY, REGION),
        ("市、县(区)两级行政复议机关受理行政复议案件1402件。", CITY, REGION),
        ("市区两级受理行政复议案件1402件。", CITY, REGION),
        ("市本级和区级受理行政复议案件1402件。", CITY, REGION),
        ("市县乡三级调解组织调解矛盾纠纷1402件。", CITY, REGION),
        ("县乡两级调解矛盾纠纷1402件。", COUNTY, REGION),
        ("各级行政复议机关受理行政复议案件1402件。", COUNTY, REGION),
        # another's with them, or without its own
        ("省市两级受理行政复议案件1402件。", CITY, "part"),
        ("市县两级受理行政复议案件1402件。", COUNTY, "part"),
        ("省市县三级行政机关受理行政复议案件1402件。", COUNTY, "part"),
        ("县乡两级调解矛盾纠纷1402件。", CITY, "part"),
        ("县级办理行政处罚案件1402件。", CITY, "part"),
        # the level of an honour is nobody's
        ("创建省市两级民主法治示范村1402个。", COUNTY, REGION),
    ],
)
def test_levels_that_are_named_together(text: str, code: str, whose: str) -> None:
    (found,) = read(text, code)
    assert found.scope == whose
    assert (found.indicator is None) == (whose == "part")


@pytest.mark.parametrize(
    "text",
    [
        "湖南省受理行政复议案件3.2万件,邵阳市1402件,我县84件。",
        "全省受理行政复议案件3.2万件,全市1402件,我县84件。",
        "湖南省受理行政复议案件3.2万件、邵阳市1402件、本县84件。",
        "湖南省受理行政复议案件3.2万件,邵阳市1402件,同比增长5%,邵阳县84件。",
    ],
)
def test_levels_one_after_the_other_with_the_own_last(text: str) -> None:
    found = [(o.region_code, o.indicator) for o in read(text, COUNTY) if o.role == "actual"]
    assert found == [("430000", ACCEPTED), (CITY, ACCEPTED), (COUNTY, ACCEPTED)]


def test_of_two_things_of_another_place_the_own_figure_may_be_either() -> None:
    found = read("武冈市受理行政复议案件72件,审结70件,全市1402件。")
    assert [(o.region_code, o.indicator) for o in found][-1] == (CITY, None)


def whose_loss(text: str, code: str = COUNTY) -> list[str]:
    return [o.scope for o in read(text, code) if o.indicator in ("litigation.lost", "litigation.loss_rate")]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        # what follows a semicolon is the whole's again
        ("全县行政诉讼案件55件,其中以县政府为被告的行政诉讼案件9件;败诉案件3件,败诉率5.5%。", REGION),
        ("全县行政诉讼案件55件。其中以县政府为被告的行政诉讼案件9件;败诉案件3件,败诉率5.5%。", REGION),
        ("全县行政诉讼案件55件,以县政府为被告的行政诉讼案件9件;败诉案件3件,败诉率5.5%。", REGION),
        # a comma goes on
        ("全县行政诉讼案件55件,其中以县政府为被告的行政诉讼案件9件,败诉案件3件,败诉率33.3%。", "own_level"),
        # and so does a semicolon where nothing was told of the whole
        ("以县政府为被告的行政诉讼案件9件;败诉案件3件,败诉率33.3%。", "own_level"),
    ],
)
def test_whose_the_suits_are_after_those_against_the_government(text: str, scope: str) -> None:
    assert whose_loss(text) == [scope, scope]


def test_the_own_level_of_another_place_is_its_own() -> None:
    assert owners("隆回县本级受理行政复议案件15件。") == [("15件", "430524", "own_level")]
    assert owners("市本级、隆回县受理行政复议案件分别为303件、80件。") == [
        ("303件", CITY, "own_level"),
        ("80件", "430524", REGION),
    ]
    assert owners("市本级及各县市区受理行政复议案件1402件。") == [("1402件", CITY, REGION)]
    assert owners("县本级受理行政复议案件402件。") == [("402件", CITY, "part")]


# the reporting body


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        ("隆回县人民政府", REGION),
        ("隆回县司法局", REGION),
        ("中共隆回县委全面依法治县委员会办公室", REGION),
        ("邵阳市中级人民法院", REGION),
        ("隆回县(未署名)", REGION),
        ("", REGION),
        ("隆回县教育局", "publisher"),
        ("隆回县自然资源局", "publisher"),
        ("邵阳市生态环境局隆回分局", "publisher"),
        ("隆回县小沙江镇人民政府", "publisher"),
        ("邵阳市双清区汽车站街道办事处", "publisher"),
        ("隆回高新技术产业开发区管理委员会", "publisher"),
    ],
)
def test_for_whom_a_body_speaks(publisher: str, expected: str) -> None:
    assert scopes("全年开展法治宣传活动36场。", publisher) == [expected]


def test_the_words_of_a_department_may_name_the_whole() -> None:
    text = "全年办理行政处罚案件64件,全县教育系统开展法治宣传活动118场,受众2.6万人次。培训执法人员40人次。"
    assert scopes(text, "隆回县教育局") == ["publisher", REGION, REGION, "publisher"]
    assert scopes("全县:开展法治宣传活动118场,受众2.6万人次。", "隆回县教育局") == [REGION, REGION]
    assert scopes("在全县率先建成法治文化广场3个。", "隆回县教育局") == ["publisher"]
    assert scopes("隆回县教育局开展法治宣传活动18场。", "隆回县教育局") == ["publisher"]
    assert scopes("全镇调解纠纷85件,全县办理法律援助案件420件。", "隆回县小沙江镇人民政府") == ["publisher", REGION]
    # 其中 goes on with what the sentence before was of
    text = "全区立案查处行政处罚案件886件。其中,简易程序528件,普通程序358件。"
    assert scopes(text, "邵阳市双清区城市管理和综合执法局", DISTRICT) == [REGION] * 3


@pytest.mark.parametrize("who", ["我局", "本局", "局机关", "我院", "本委", "我街道", "我镇", "本单位", "我中心"])
def test_a_body_that_speaks_of_itself(who: str) -> None:
    assert scopes(f"{who}组织集中学法7次,培训300人次。全县受理行政复议案件90件。", "隆回县司法局") == [
        "publisher",
        "publisher",
        REGION,
    ]


def test_a_bureau_that_acts_is_no_scope() -> None:
    """我局推进改革,受理120件: the bureau acts, the cases are the region's."""
    assert scopes("我局深入推进行政复议改革,受理行政复议案件120件。", "隆回县司法局") == [REGION]
    assert scopes("由我办理的案件120件,按本办法审查文件14件。", "隆回县司法局") == [REGION, REGION]
    assert scopes("局党组开展普法活动11场,县政府组织领导干部旁听庭审6次。", "隆回县司法局") == ["publisher", REGION]


def test_a_table_of_a_department_is_its_own() -> None:
    table = "项目\t数量\n行政处罚案件\t64件\n全县法律援助案件\t640件\n法治宣传活动\t36场\n"
    assert scopes(table, "隆回县教育局") == ["publisher", REGION, "publisher"]
    assert scopes(table, "隆回县人民政府") == [REGION] * 3


def test_short_names_in_a_table_are_places_among_their_like() -> None:
    table = "县市区\t行政复议受理件数\n邵阳\t44\n新邵\t55\n隆回\t66\n"
    assert [o.region_code for o in read(table)] == [COUNTY, "430522", "430524"]


# a city and its county of one name


WITHIN: defaultdict[str | None, list[Region]] = defaultdict(list)
for _region in regions().values():
    WITHIN[_region.parent_code].append(_region)
Pair = tuple[Region, Region]


def pairs_in(year: int) -> list[Pair]:
    """Every prefecture with a county of the same short name, where both existed in the year."""
    cities = [region for region in regions().values() if region.level == "prefecture" and region.valid_in(year)]
    return [(city, one) for city in cities for one in WITHIN[city.code] if one.stem == city.stem and one.valid_in(year)]


def test_there_are_as_many_pairs_as_known() -> None:
    assert len({city.code for city, _ in pairs_in(2026)}) > 25
    assert len({city.code for year in range(2010, 2027) for city, _ in pairs_in(year)}) > 43


@pytest.mark.parametrize("year", range(2010, 2027))
def test_each_figure_of_a_city_and_its_county_of_one_name_is_at_its_place(year: int) -> None:
    wrong = []
    for city, county in pairs_in(year):
        for region, report in ((city, of_the_city(city, county, year)), (county, of_the_county(city, county, year))):
            text = "\n".join(sentence for sentence, _ in report)
            found = [o.region_code for o in read(text, region.code, year)]
            wanted = [place.code for _, places in report for place in places]
            if found != wanted:
                wrong.append(f"{region.name_zh} {year}: {found} is not {wanted} in\n{text}")
    assert not wrong, "\n".join(wrong[:5])


def two_others(city: Region, county: Region, year: int) -> list[Region]:
    """Two more counties of the city, of short names that mean nothing else."""
    others = [one for one in WITHIN[city.code] if one.valid_in(year) and one != county and len(one.stem) > 1]
    stems = [one.stem for one in others]
    return [one for one in others if stems.count(one.stem) == 1 and one.stem != city.stem][:2]


def of_the_city(city: Region, county: Region, year: int) -> list[tuple[str, list[Region]]]:
    """A report of the city: the whole, the county, lists of counties; and whose each figure is."""
    first, second = two_others(city, county, year)
    c, k, three = city.name_zh, county.name_zh, [county, first, second]
    report = [
        (f"{c}各级行政复议机关共受理行政复议案件1402件。", [city]),
        (f"{city.stem}各级行政复议机关共受理行政复议案件1402件,{k}318件居首。", [city, county]),
        (f"{year}年,{c}受理行政复议案件1402件,其中{k}318件、{first.name_zh}72件。", [city, county, first]),
        (f"{c}受理行政复议案件1402件,{k}受理行政复议案件318件,审结300件。", [city, county, county]),
        (f"{k}、{first.name_zh}、{second.name_zh}受理行政复议案件分别为318件、72件、66件。", three),
    ]
    if sum(one.stem == city.stem and one.valid_in(year) for one in WITHIN[city.code]) == 1:
        s, f, t = (one.stem for one in three)
        report += [
            (f"{s}、{f}、{t}受理行政复议案件分别为318件、72件、66件。", three),
            (f"{s}、{f}和{t}分别受理行政复议案件318、72、66件。", three),
            (f"受理行政复议案件{s}318件、{f}72件、{t}66件。", three),
            (f"{c}受理行政复议案件1402件,其中{s}318件。", [city, county]),
        ]
    return report


def of_the_county(city: Region, county: Region, year: int) -> list[tuple[str, list[Region]]]:
    """A report of the county: the whole, what its city has, a list with its neighbour."""
    c, k, (first, _) = city.name_zh, county.name_zh, two_others(city, county, year)
    return [
        (f"{k}全年受理行政复议案件84件,审结80件。", [county, county]),
        (f"{county.stem}受理行政复议案件84件。", [county]),
        (f"{c}{k}全年受理行政复议案件84件。", [county]),
        (f"{c}共受理行政复议案件1402件,{k}受理84件。", [city, county]),
        (f"{k}、{first.name_zh}受理行政复议案件分别为84件、72件。", [county, first]),
    ]
