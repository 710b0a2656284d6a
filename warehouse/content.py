"""What a warehouse holds, as hashes: two builds of the same input must agree in every one.

The hashes of a table's rows, each written as text, are added up: the order of the rows on disk doesn't matter, and
DuckDB computes them on all cores. Such a sum tells apart whatever differs by accident; against deceit the SHA-256 of
the file stands in the manifest. Left out is what TOLD_BY_THE_CLOCK and HISTORY name, which no two builds share.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

TOLD_BY_THE_CLOCK = {"release": {"built_at"}, "quality_result": {"run_id", "checked_at"}}
"""Columns by table that no content hash covers."""

HISTORY = "quality_run"
"""A table that grows with every run, and that no content hash covers at all."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a hash of them, 64 hexadecimal digits, whatever order they lie in."""

    rows: int
    hash: str


def content_hashes(path: Path) -> dict[str, str]:
    """For each table of the warehouse the hash of its content."""
    return {table: content.hash for table, content in contents(path).items()}


def contents(path: Path) -> dict[str, Content]:
    """For each table of the warehouse its content."""
    with duckdb.connect(path, read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "JOIN duckdb_tables() USING (database_name, schema_name, table_name) WHERE NOT duckdb_tables.internal "
            "AND table_name <> $history GROUP BY table_name ORDER BY table_name",
            {"history": HISTORY},
        ).fetchall()
        return {table: _content(connection, table, names) for table, names in columns}


def _content(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Content:
    covered = [name for name in columns if name not in TOLD_BY_THE_CLOCK.get(table, ())]
    # no report holds these separators; the second one stands for NULL
    values = ", ".join(f"""coalesce("{name}"::VARCHAR, chr(30))""" for name in covered)
    ((rows, total),) = connection.execute(
        f'SELECT count(*), sum(md5_number_lower(concat_ws(chr(31), {values}))) FROM "{table}"'  # noqa: S608 - its own names
    ).fetchall()
    return Content(rows, hashlib.sha256(f"{covered} {rows} {total}".encode()).hexdigest())
