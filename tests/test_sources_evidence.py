"""What sources weigh, together and against each other."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.evidence import Clue, InvalidEvidenceError, confidence, load_weights, said_by, weights

REGION = sorted(source for of, source in weights() if of == "region")


def test_sources_are_independent() -> None:
    assert confidence("region", ["title"]) == pytest.approx(0.8)
    assert confidence("region", ["title", "signature"]) == pytest.approx(1 - 0.2 * 0.3)
    assert confidence("region", ["title", "signature"], overruled=1) == pytest.approx(0.8 * (1 - 0.2 * 0.3))
    assert confidence("region", []) == 0


@given(st.lists(st.sampled_from(REGION)), st.sampled_from(REGION))
def test_one_more_source_never_lowers_it(sources: list[str], another: str) -> None:
    assert confidence("region", sources) <= confidence("region", [*sources, another]) < 1


def test_a_reason_names_the_sources_with_their_words() -> None:
    clues = [Clue("title", ("430524",), "隆回县2024年报告"), Clue("signature", ("430524",), "隆回县人民政府")]
    assert said_by("region", clues) == "the title 隆回县2024年报告, the signature 隆回县人民政府"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("region,title,1.5,the title\n", "line 2: found weight '1.5', expected 0 to 1"),
        ("region,title,0.5,the title\nregion,title,0.6,the title\n", "line 3: ('region', 'title') stands twice"),
        ("region,title,much,the title\n", "line 2: found weight 'much'"),
    ],
)
def test_a_faulty_table_is_named_with_file_and_line(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(f"of,source,weight,label\n{rows}", encoding="utf-8")
    with pytest.raises(InvalidEvidenceError, match=re.escape(message)):
        load_weights(path)


def test_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text("source,weight\n", encoding="utf-8")
    with pytest.raises(InvalidEvidenceError, match="line 1: found columns"):
        load_weights(path)
