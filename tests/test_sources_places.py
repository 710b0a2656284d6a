"""Places and bodies named in a text."""

import re
from pathlib import Path

import pytest

from sources.bodies import InvalidBodiesError, body_in_title, is_body, load_bodies, official_name, regions_of_body
from sources.places import find_places, tell_apart
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
    ],
)
def test_a_body_is_kept_under_one_official_name(written: str, code: str, official: str) -> None:
    assert official_name(written, code) == official


def test_a_branch_belongs_to_its_district() -> None:
    assert regions_of_body("邵阳市公安局双清分局") == ("430502",)


def test_faulty_lists_are_named_with_file_and_line(tmp_path: Path) -> None:
    bodies, words = tmp_path / "bodies.csv", tmp_path / "wording.csv"
    bodies.write_text("name,short_forms,speaks_of,in_charge_of\n司法局,,,\n审计局,司法局,,\n", encoding="utf-8")
    words.write_text("kind,word\nform,报告\nforms,总结\n", encoding="utf-8")
    with pytest.raises(InvalidBodiesError, match=re.escape(f"{bodies}, line 3: '司法局'")):
        load_bodies(bodies)
    with pytest.raises(InvalidWordingError, match=re.escape(f"{words}, line 3: found kind 'forms'")):
        load_wording(words)
