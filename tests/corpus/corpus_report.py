"""A report of the corpus in a neutral form, and its plain text, to which the other formats are compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sources.readers.lines import Cell, table_lines

REPORTS = Path(__file__).parent / "reports"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the lines over it; `rows` list the cells that begin in them."""

    caption: str
    unit: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or table of a report."""

    kind: str
    text: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`expect` lists (indicator, value, role[, region_code]) that any rendering must give."""

    id: str
    title: str
    publisher: str
    region_code: str
    year: int
    published: date
    blocks: tuple[Block, ...]
    expect: tuple[tuple[Any, ...], ...]
    traditional: bool = False

    @property
    def signed_on(self) -> str:
        day = self.published
        return f"{day.year}年{day.month}月{day.day}日"

    @property
    def tables(self) -> Sequence[Table]:
        return [block.table for block in self.blocks if block.table]


def load_reports() -> dict[str, Report]:
    """All source reports by their id, which is the name of their file."""
    return {path.stem: _report(path) for path in sorted(REPORTS.glob("*.yaml"))}


def _report(path: Path) -> Report:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    written["blocks"] = tuple(_block(*entry) for block in written["blocks"] for entry in block.items())
    written["expect"] = tuple(tuple(fact) for fact in written["expect"])
    return Report(id=path.stem, **written)


def _block(kind: str, content: Any) -> Block:
    if kind != "table":
        return Block(kind, content)
    rows = tuple(tuple(_cell(cell) for cell in row) for row in content["rows"])
    return Block(kind, table=Table(content["caption"], content.get("unit", ""), rows))


def _cell(written: Any) -> Cell:
    if isinstance(written, dict):
        return Cell(str(written["text"]), written.get("rows", 1), written.get("columns", 1))
    return Cell(str(written))


def text_of(report: Report) -> str:
    """The report as a text file: a line a paragraph, table rows as lines with " | " between cells."""
    return "\n".join([report.title, "", *_lines(report), "", report.publisher, report.signed_on, ""])


def tables_text(report: Report) -> str:
    """The same of its tables alone, for workbooks."""
    tables = [line for table in report.tables for line in table_text(table)]
    return "\n".join([report.title, *tables, ""])


def _lines(report: Report) -> Iterator[str]:
    for block in report.blocks:
        if block.table:
            yield from table_text(block.table)
        else:
            yield block.text


def table_text(table: Table) -> list[str]:
    """Caption, unit and rows, a line each."""
    return [line for line in (table.caption, table.unit, *table_lines(table.rows)) if line]


def number_of_heading(heading: str) -> tuple[int, str]:
    """Level and words of a heading without its number: （二）提升质量 is (2, 提升质量)."""
    found = re.match(r"(?P<one>[一二三四五六七八九十]+、)|(?P<two>（[一二三四五六七八九十]+）)", heading)
    if not found:
        return 0, heading
    return (1 if found["one"] else 2), heading[found.end() :]
