"""docs/dictionary.md says what the comments in the schema say."""

from pathlib import Path

from warehouse.dictionary import dictionary

WRITTEN = Path(__file__).parent.parent / "docs" / "dictionary.md"


def test_the_dictionary_is_that_of_the_schema() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == dictionary(), "stale: run `make dictionary`"


def test_the_dictionary_explains_every_column() -> None:
    cells = [line.split(" | ") for line in dictionary().splitlines() if line.startswith("| `")]
    assert len(cells) > 300
    assert all(len(cell) == 3 and len(cell[2]) > 5 for cell in cells)
