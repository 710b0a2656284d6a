"""The text as it is read: one character for one."""

from transforms.extract import Context, extract
from transforms.text import normalise


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
