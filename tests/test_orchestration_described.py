"""What the Dagster UI shows of a report's words: the words, and nothing that acts."""

import pytest

from orchestration.described import literal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("受理行政复议案件1362件,败诉率7.2%", "受理行政复议案件1362件,败诉率7.2%"),
        ("[点此](http://evil.example)", r"\[点此\](http\://evil.example)"),
        ("见www.evil.example", r"见www\.evil.example"),
        ("![](x)<img src=x>", r"\!\[\](x)\<img src=x\>"),
        ("甲|乙\n# 丙", r"甲\|乙 \# 丙"),
    ],
)
def test_words_of_a_report_are_no_markdown(text: str, shown: str) -> None:
    assert literal(text) == shown
