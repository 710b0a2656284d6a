"""Traditional characters and radicals, and the simplified ones they are read as."""

from pathlib import Path

import pytest
from opencc import OpenCC

from sources.regions import regions
from sources.simplified import CHARACTERS, InvalidCharactersError, load_characters, simplified


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("全縣受理行政複議案件,成效顯著", "全县受理行政复议案件,成效显著"),
        ("提供法律諮詢", "提供法律咨询"),
        ("乾縣乾部瞭解", "乾县干部了解"),
        ("中衞市", "中卫市"),
        ("乾县公安局", "乾县公安局"),  # simplified already
        ("⾏政执法⼈员", "行政执法人员"),
        ("⽐上年增⻓", "比上年增长"),
        ("⻔户⽹站", "门户网站"),
    ],
)
def test_one_character_stands_for_one(written: str, read: str) -> None:
    assert simplified(written) == read
    assert len(written) == len(read)


@pytest.mark.parametrize("writing", ["s2t", "s2tw", "s2hk"])
def test_every_place_is_known_by_its_name_in_traditional_writing(writing: str) -> None:
    names = sorted({region.name_zh for region in regions().values()})
    traditional = OpenCC(writing).convert("\n".join(names)).split("\n")
    assert [simplified(name) for name in traditional] == names


def test_no_character_of_simplified_writing_is_listed() -> None:
    """GB 2312 is the set of simplified writing: 著 of 显著 and 乾 of 乾县 are in it."""
    assert [one for one in load_characters(CHARACTERS) if one.encode("gb2312", "ignore")] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("from,to\n", "characters.csv, line 1: found columns ['from', 'to']"),
        ("written,simplified\n複議,复议\n", "characters.csv, line 2: found ['複議', '复议'], expected one character"),
        ("written,simplified\n議,议\n議,议\n", "characters.csv, line 3: 議 stands twice"),
    ],
)
def test_a_wrong_row_is_named(rows: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "characters.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InvalidCharactersError) as error:
        load_characters(tmp_path / "characters.csv")
    assert told in str(error.value)
