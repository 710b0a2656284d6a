"""The data dictionary: every table, view and macro of a warehouse with its columns, made of their comments."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from transforms.lexicon import Lexicon
from warehouse.build import build

_INTRODUCTION = """\
# Data dictionary

What stands in `warehouse.duckdb`, made of the comments in it by `make dictionary`; don't edit it here. In DuckDB the
same is asked with `select comment from duckdb_columns() where table_name = 'observations'`. The view
`observations_wide` has a further column for each indicator of the lexicon.
"""
_KINDS = (
    ("Views", "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY view_name"),
    ("Macros", "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal ORDER BY function_name"),
    ("Tables", "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"),
)
_COLUMNS = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = $name ORDER BY column_index"


def dictionary() -> str:
    """The dictionary as Markdown, of a warehouse without data or lexicon: they are no part of the schema."""
    nothing = Lexicon(indicators={}, units={}, topics={}, relations=(), version="", unit_of={})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        build(Path(folder) / "staging", path, quarantine=(), regions=(), lexicon=nothing, gazetteer={})
        with duckdb.connect(path, read_only=True) as connection:
            return _INTRODUCTION + "".join(_sections(connection))


def _sections(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for kind, names in _KINDS:
        yield f"\n## {kind}\n"
        for name, comment in connection.execute(names).fetchall():
            yield f"\n### {name}\n\n{comment}\n"
            if columns := connection.execute(_COLUMNS, {"name": name}).fetchall():
                yield "\n| column | type | meaning |\n|---|---|---|\n"
                yield from (f"| `{column}` | {kind} | {_cell(meaning)} |\n" for column, kind, meaning in columns)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
