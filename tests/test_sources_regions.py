"""The list of regions and what it answers."""

import re
from pathlib import Path

import pytest

from sources.regions import InvalidRegionsError, load_regions, regions, stem

HEADER = "code,name_zh,name_en,level,parent_code,valid_from,valid_to,former_names\n"
SHAOYANG = {
    "430500": "邵阳市",
    "430502": "双清区",
    "430503": "大祥区",
    "430511": "北塔区",
    "430522": "新邵县",
    "430523": "邵阳县",
    "430524": "隆回县",
    "430525": "洞口县",
    "430527": "绥宁县",
    "430528": "新宁县",
    "430529": "城步苗族自治县",
    "430581": "武冈市",
    "430582": "邵东市",
}


def test_shaoyang_and_its_counties_are_there() -> None:
    assert {code: regions()[code].name_zh for code in SHAOYANG} == SHAOYANG
    assert all(regions().ancestors(code)[-1] == "430000" for code in SHAOYANG)


def test_the_whole_country_is_there() -> None:
    today = [region for region in regions().values() if region.valid_in(2023)]
    by_level = {level: sum(r.level == level for r in today) for level in ("province", "prefecture", "county")}
    assert by_level["province"] == 31
    assert by_level["prefecture"] == 333
    assert 2800 <= by_level["county"] <= 2900


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("430500", "Shaoyang City"),
        ("430524", "Longhui County"),
        ("430525", "Dongkou County"),
        ("430527", "Suining County"),
        ("430502", "Shuangqing District"),
        ("430529", "Chengbu Miao Autonomous County"),
        ("433100", "Xiangxi Tujia and Miao Autonomous Prefecture"),
        ("430100", "Changsha City"),
        ("500000", "Chongqing Municipality"),
        ("610000", "Shaanxi Province"),
        ("140000", "Shanxi Province"),
        ("540000", "Xizang Autonomous Region (Tibet)"),
        ("330382", "Yueqing City"),
        ("341500", "Lu'an City"),
        ("371722", "Shan County"),
        ("361124", "Yanshan County"),
        ("150100", "Hohhot City"),
        ("429021", "Shennongjia Forestry District"),
    ],
)
def test_english_names_follow_how_a_place_is_really_read(code: str, english: str) -> None:
    assert regions()[code].name_en == english


def test_a_county_that_became_a_city_has_two_codes_with_their_years() -> None:
    county, city = regions()["430521"], regions()["430582"]
    assert (county.name_zh, county.valid_to) == ("邵东县", 2018)
    assert (city.name_zh, city.valid_from) == ("邵东市", 2019)
    assert regions().in_year("430521", 2021) == "430582"
    assert regions().in_year("430582", 2017) == "430521"
    assert regions().in_year("430524", 2021) == "430524"


@pytest.mark.parametrize(("code", "name"), [("419001", "济源市"), ("429004", "仙桃市"), ("659001", "石河子市")])
def test_counties_directly_under_a_province_have_it_as_parent(code: str, name: str) -> None:
    assert regions()[code].name_zh == name
    assert regions()[code].parent_code == code[:2] + "0000"


def test_collective_entries_are_no_regions() -> None:
    for name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"):
        assert regions().named(name) == ()


def test_namesakes_and_former_names_are_found() -> None:
    assert {r.code for r in regions().named("朝阳区")} == {"110105", "220104"}
    assert "130502" in {r.code for r in regions().named("桥东区")}, "襄都区 of 邢台 was 桥东区 until 2019"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("隆回县", "隆回"),
        ("城步苗族自治县", "城步"),
        ("恩施土家族苗族自治州", "恩施"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("管城回族区", "管城"),
        ("东乡族自治县", ""),
    ],
)
def test_stem_is_the_name_without_kind_and_peoples(name: str, bare: str) -> None:
    assert stem(name) == bare


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("43050,邵阳市,Shaoyang City,prefecture,430000,,,", "six digits"),
        ("430500,邵阳市,Shaoyang City,city,430000,,,", "expected one of province, prefecture, county"),
        ("430500,邵阳市,,prefecture,430000,,,", "needs a Chinese and an English name"),
        ("430500,邵阳市,Shaoyang City,prefecture,,,,", "all but provinces have one"),
        ("430500,邵阳市,Shaoyang City,prefecture,430000,19x6,,", "expected four digits"),
        ("430500,邵阳市,Shaoyang City,prefecture,430000,2020,2010,", "the first year comes first"),
        ("430500,邵阳市,Shaoyang City,prefecture,440000,,,", "parent 440000 of 430500 has no row"),
        ("430000,湖南省,Hunan Province,province,,,,", "stands twice"),
    ],
)
def test_a_wrong_row_is_named_with_file_and_line(tmp_path: Path, row: str, complaint: str) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(f"{HEADER}430000,湖南省,Hunan Province,province,,,,\n{row}\n", encoding="utf-8")
    with pytest.raises(InvalidRegionsError, match=re.escape(complaint)) as raised:
        load_regions(path)
    assert str(raised.value).startswith(f"{path}, line 3: ")


@pytest.mark.parametrize(
    ("code", "place", "before"),
    [
        ("430521", "430582", None),  # 邵东县, a city since 2019
        ("430582", "430582", "430521"),
        ("430524", "430524", None),
        ("130721", "130721", None),  # 宣化县 was merged into 宣化区, which was there before
        ("130705", "130705", None),
    ],
)
def test_a_place_keeps_one_code_and_knows_the_one_before(code: str, place: str, before: str | None) -> None:
    assert (regions().place(code), regions().before(code)) == (place, before)


def test_a_place_has_all_the_codes_it_had() -> None:
    assert regions().codes_of_place("430582") == regions().codes_of_place("430521") == ("430521", "430582")
    assert regions().codes_of_place("430524") == ("430524",)
    assert regions().codes_of_place("130705") == ("130705",)  # not 宣化县, which was merged into it


def test_every_place_has_one_last_code() -> None:
    for code in regions():
        last = regions().place(code)
        assert regions().place(last) == last
        earlier = regions().before(code)
        assert earlier is None or regions().place(earlier) == regions().place(code)
