"""The catalogue of all expectations as a page: docs/expectations.md, made by `make expectations`."""

from collections.abc import Iterator

from warehouse.expectations.declarations import Declared, Suite, expects, owners, suites
from warehouse.expectations.frames import FRAMES

_INTRODUCTION = """\
# Expectations

What is expected of figures and of the warehouse: {expectations} expectations in {suites} suites, made of
`warehouse/expectations/suites/*.yaml` by `make expectations`; don't edit it here. To change, add or remove one, edit
those files: an expectation is a few lines, and a mistake is named with file and line before anything is checked.

- **error**: a fault of extraction or loading. The candidate is not published, the last release stays.
- **warning**: probably a fault of the publisher, or a gap. The figure is stored as reported.
- **info**: worth knowing.

Each is a check of Dagster's under its name, an expectation of Great Expectations with its failing rows in the Data
Docs, and a row in the views `quality_results`, `quality_open` and `quality_history`. `fazhi check` lists what is
broken now. For each a test plants the fault and sees this expectation fail and no other
(`tests/test_warehouse_expectations.py`).
"""


def catalogue() -> str:
    """The catalogue as Markdown."""
    loaded = suites()
    count = sum(len(suite.expectations) for suite in loaded.values())
    return _INTRODUCTION.format(expectations=count, suites=len(loaded)) + "".join(
        line for part in (_owners(), *map(_suite, loaded.values())) for line in part
    )


def _owners() -> Iterator[str]:
    yield "\n## Owners\n\n| owner | | acts how |\n|---|---|---|\n"
    for owner in owners().values():
        yield f"| `{owner.id}` | {owner.name_en} {owner.name_zh} | {owner.duty} |\n"


def _suite(suite: Suite) -> Iterator[str]:
    where = "the figures of a partition" if suite.checked_on == "partition" else "the candidate"
    yield f"\n## {suite.name}\n\nChecked on {where}. A row is "
    frames = dict.fromkeys(one.frame for one in suite.expectations)
    yield "; ".join(f"{FRAMES[name].row} (`{name}`, {FRAMES[name].made_by})" for name in frames) + ".\n\n"
    yield "| expectation | severity | owner | what is expected | which rows | how | what to do |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for one in suite.expectations:
        yield _row(one)


def _row(one: Declared) -> str:
    where = f"`{one.frame}`" + (f" where `{one.where}`" if one.where else "")
    meaning = f"{one.meaning_en}<br>{one.meaning_zh}"
    cells = (f"`{one.id}`", one.severity, one.owner, meaning, where, f"`{expects(one)}`", one.action)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
