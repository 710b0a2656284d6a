"""The text as it is read: one character for one."""

from pathlib import Path

import pytest

from transforms.extract import Context, extract
from transforms.lexicon import LEXICON, LexiconError
from transforms.text import load_traditional, normalise


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert normalise("受理行政複議案件１３８６件,執業律師") == "受理行政复议案件1386件,执业律师"


def test_a_figure_in_traditional_characters_is_quoted_as_written() -> None:
    text = "全縣辦理行政複議案件90餘件,較上年增長8.6%。"
    found = extract(text, Context("430524", 2024))
    assert [(o.raw_text, o.qualifier, o.direction) for o in found] == [
        ("90餘件", "over", None),
        ("8.6%", "exact", "up"),
    ]
    assert {o.sentence for o in found} == {text}


def test_no_character_of_simplified_writing_is_taken_for_a_traditional_one() -> None:
    """GB 2312 is the set of simplified writing: 著 of 显著 and 乾 of 乾县 are in it."""
    simplified = load_traditional(LEXICON / "traditional.csv")
    assert [one for one in simplified if one.encode("gb2312", "ignore")] == []
    assert [one for one in simplified.values() if not one.encode("gb2312", "ignore")] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("from,to\n", "traditional.csv:1: found columns ['from', 'to']"),
        ("traditional,simplified\n複議,复议\n", "traditional.csv:2: found ['複議', '复议'], expected one character"),
        ("traditional,simplified\n議,议\n議,议\n", "traditional.csv:3: 議 stands twice"),
    ],
)
def test_a_wrong_row_is_named(rows: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "traditional.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        load_traditional(tmp_path / "traditional.csv")
    assert told in str(error.value)
