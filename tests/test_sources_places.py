"""Places and bodies named in a text."""

import re
from pathlib import Path

import pytest

from sources.bodies import (
    InvalidBodiesError,
    body_in_title,
    is_body,
    load_bodies,
    official_name,
    regions_of_body,
    zone_in_title,
)
from sources.places import body_of_stem, find_places, named_in_host, tell_apart
from sources.wording import InvalidWordingError, load_wording


def codes(text: str) -> list[tuple[str, ...]]:
    return [place.codes for place in find_places(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("湖南省邵阳市隆回县", [("430524",)]),
        ("吉林省吉林市船营区", [("220204",)]),
        ("北京市朝阳区司法局", [("110105",)]),
        ("朝阳区司法局", [("110105", "220104")]),
        ("湖南邵阳市", [("430500",)]),
        ("巴州2024年报告", [("652800",)]),
        ("巴中市巴州区", [("511902",)]),
        ("城步县的普法工作", [("430529",)]),
        ("山西省阳泉市矿区", [("140303",)]),
        ("全县与邵阳县比较", [("430523",)]),
    ],
)
def test_names_chains_and_short_names(text: str, expected: list[tuple[str, ...]]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "召开县委常委会",
        "健全完成县域治理",
        "专项城市体检",
        "沿海城市",
        "合作市场主体",
        "长治久安",
        "主城区整治",
        "文山会海",
        "大同镇的工作",
        "南京路街道",
    ],
)
def test_words_that_hold_a_name_by_chance_are_no_places(text: str) -> None:
    assert codes(text) == []


def test_namesakes_are_told_apart_by_their_parents() -> None:
    text = "按照长春市委部署，朝阳区健全机制。"
    assert tell_apart(("110105", "220104"), find_places(text), 2024) == ("220104",)
    assert tell_apart(("110105", "220104"), find_places("朝阳区健全机制。"), 2024) == ("110105", "220104")


def test_a_code_of_another_time_gives_way_to_the_one_of_the_year() -> None:
    assert tell_apart(("522200", "520600"), [], 2015) == ("520600",), "铜仁地区 became 铜仁市 in 2011"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("隆回县司法局2024年度法治政府建设情况报告", "隆回县司法局"),
        ("2024年绥宁县交通运输局政府信息公开工作年度报告", "绥宁县交通运输局"),
        ("区市场监管局关于2024年法治政府建设情况的报告", "区市场监管局"),
        ("中共武冈市委 武冈市人民政府关于2024年度法治政府建设情况的报告", "武冈市人民政府"),
        ("桃洪镇2024年度法治政府建设工作报告", "桃洪镇"),
        ("隆回县2024年度法治政府建设情况报告", None),
        ("关于2024年度全省法治政府建设情况的报告", None),
    ],
)
def test_the_body_a_title_begins_with(title: str, body: str | None) -> None:
    assert body_in_title(title) == body


@pytest.mark.parametrize("line", ["隆回县司法局", "县司法局", "桃洪镇人民政府", "湖南省邵东市人民法院", "司法局"])
def test_a_body_alone_on_a_line(line: str) -> None:
    assert is_body(line)


@pytest.mark.parametrize(
    "line", ["隆回县", "全县工作情况报告", "坚持以人民为中心", "扫一扫在手机打开", "2025年1月16日"]
)
def test_lines_that_are_no_body(line: str) -> None:
    assert not is_body(line)


@pytest.mark.parametrize(
    ("written", "code", "official"),
    [
        ("县市场监管局", "430524", "隆回县市场监督管理局"),
        ("双清区司法局", "430502", "邵阳市双清区司法局"),
        ("湖南省邵阳市司法局", "430500", "邵阳市司法局"),
        ("邵阳市隆回县司法局", "430524", "隆回县司法局"),
        ("长春法院", "220100", "长春市中级人民法院"),
        ("阿坝州司法局", "513200", "阿坝藏族羌族自治州司法局"),
        ("桃花坪街道", "430524", "隆回县桃花坪街道办事处"),
        ("双清区人民政府石桥街道办事处", "430502", "邵阳市双清区石桥街道办事处"),
        ("司法局", "430000", "湖南省司法厅"),
        ("国家税务总局隆回县税务局", "430524", "国家税务总局隆回县税务局"),
        ("隆回法院", "430524", "隆回县人民法院"),
        ("宜昌高新区管委会", "420500", "宜昌高新区管理委员会"),
        ("郑州铁路运输法院", "410100", "郑州铁路运输法院"),
        ("兴安盟人民政府", "152200", "兴安盟行政公署"),
        ("司法局", "429021", "神农架林区司法局"),
    ],
)
def test_a_body_is_kept_under_one_official_name(written: str, code: str, official: str) -> None:
    assert official_name(written, code) == official


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("邵阳市公安局双清分局", "430502"),
        ("邵阳市生态环境局邵阳县分局", "430523"),
        ("邵阳经济技术开发区管委会", "430500"),
        ("隆回高新区管委会", "430524"),
        ("隆回法院", "430524"),
        ("中华人民共和国满洲里海关", "150781"),
    ],
)
def test_a_branch_a_zone_and_a_court_belong_to_the_place_they_are_called_after(name: str, code: str) -> None:
    assert regions_of_body(name) == (code,)


def test_a_stem_names_a_county_only_before_what_is_a_body_of_it() -> None:
    assert body_of_stem("新宁法院") == ("430528",)
    assert body_of_stem("新宁建设") == ()


@pytest.mark.parametrize(
    ("host", "codes", "named"),
    [
        ("www.longhui.gov.cn", (), ("430524",)),
        ("www.bjchy.gov.cn", ("110105", "220104"), ("110105",)),
        ("chaoyang.changchun.gov.cn", ("110105", "220104"), ("220104",)),
        ("www.gov.cn", ("110105", "220104"), ()),
        ("www.bjchy.gov.cn", (), ()),
    ],
)
def test_a_host_is_called_after_its_place_in_pinyin(host: str, codes: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert named_in_host(host, codes) == named


@pytest.mark.parametrize(
    ("title", "zone"),
    [
        ("宜昌高新区2024年度法治政府建设工作报告", "宜昌高新区"),
        ("2024年隆回工业集中区法治政府建设总结", "隆回工业集中区"),
        ("浦东新区2024年法治政府建设情况报告", None),
        ("隆回县2024年度法治政府建设情况报告", None),
    ],
)
def test_a_zone_reports_unless_it_is_a_region_of_its_own(title: str, zone: str | None) -> None:
    assert zone_in_title(title) == zone


def test_faulty_lists_are_named_with_file_and_line(tmp_path: Path) -> None:
    bodies, words = tmp_path / "bodies.csv", tmp_path / "wording.csv"
    bodies.write_text(
        "name,short_forms,speaks_of,in_charge_of,speaks_for\n司法局,,,,\n审计局,司法局,,,\n", encoding="utf-8"
    )
    words.write_text("kind,word\nform,报告\nforms,总结\n", encoding="utf-8")
    with pytest.raises(InvalidBodiesError, match=re.escape(f"{bodies}, line 3: '司法局'")):
        load_bodies(bodies)
    with pytest.raises(InvalidWordingError, match=re.escape(f"{words}, line 3: found kind 'forms'")):
        load_wording(words)
