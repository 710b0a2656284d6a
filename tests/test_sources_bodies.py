"""What kind of body a publisher is."""

import pytest

from sources.bodies import KINDS, bodies, kind_of_body


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("隆回县人民政府", "government"),
        ("邵阳市双清区人民政府", "government"),
        ("中共邵阳市委全面依法治市委员会办公室", "party"),
        ("中共隆回县委、隆回县人民政府", "party"),
        ("隆回县人民法院", "court"),
        ("湖南省邵阳市中级人民法院", "court"),
        ("隆回县人民检察院", "procuratorate"),
        ("隆回县司法局", "department"),
        ("湖南省司法厅", "department"),
        ("邵阳市公安局双清分局", "department"),
        ("隆回县桃洪镇人民政府", "township"),
        ("汽车站街道办事处", "township"),
        ("萍乡市人民政府", "government"),
        ("某某合作社", "other"),
    ],
)
def test_the_kind_of_a_body_is_told_by_its_name(name: str, kind: str) -> None:
    assert kind_of_body(name) == kind


def test_every_listed_body_has_a_kind() -> None:
    assert {kind_of_body(f"隆回县{name}") for name in bodies()} <= set(KINDS) - {"other"}
