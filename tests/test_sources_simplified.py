"""Traditional characters and the simplified ones they are read as."""

from pathlib import Path

import pytest

from sources.simplified import InvalidCharactersError, load_traditional, simplified

LIST = Path(__file__).parents[1] / "sources" / "traditional.csv"


def test_one_character_stands_for_one() -> None:
    assert simplified("全縣受理行政複議案件,成效顯著") == "全县受理行政复议案件,成效显著"


def test_no_character_of_simplified_writing_is_taken_for_a_traditional_one() -> None:
    """GB 2312 is the set of simplified writing: 著 of 显著 and 乾 of 乾县 are in it."""
    pairs = load_traditional(LIST)
    assert [one for one in pairs if one.encode("gb2312", "ignore")] == []
    assert [one for one in pairs.values() if not one.encode("gb2312", "ignore")] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("from,to\n", "traditional.csv, line 1: found columns ['from', 'to']"),
        (
            "traditional,simplified\n複議,复议\n",
            "traditional.csv, line 2: found ['複議', '复议'], expected one character",
        ),
        ("traditional,simplified\n議,议\n議,议\n", "traditional.csv, line 3: 議 stands twice"),
    ],
)
def test_a_wrong_row_is_named(rows: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "traditional.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InvalidCharactersError) as error:
        load_traditional(tmp_path / "traditional.csv")
    assert told in str(error.value)
