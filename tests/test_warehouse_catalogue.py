"""The catalogue of expectations is that of the suites."""

from pathlib import Path

from warehouse.expectations.catalogue import catalogue
from warehouse.expectations.declarations import expectations

WRITTEN = Path(__file__).parents[1] / "docs" / "expectations.md"


def test_the_catalogue_is_that_of_the_suites() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == catalogue(), "stale: run `make expectations`"


def test_every_expectation_has_a_line_with_what_to_do() -> None:
    lines = catalogue().splitlines()
    for one in expectations().values():
        (line,) = [line for line in lines if line.startswith(f"| `{one.id}` |")]
        assert one.meaning_zh in line
        assert one.action.replace("|", "\\|") in line


def test_there_are_at_least_forty() -> None:
    assert len(expectations()) >= 40
