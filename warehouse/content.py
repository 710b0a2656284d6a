"""What a warehouse holds, as hashes: two builds of the same input must agree in every one."""

import hashlib
from pathlib import Path

import duckdb

_BATCH = 10_000


def content_hashes(path: Path) -> dict[str, str]:
    """For each table of the warehouse the SHA-256 of its rows, written as text and put in order."""
    with duckdb.connect(path, read_only=True) as connection:
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
        ).fetchall()
        return {name: _hash(connection, name) for (name,) in names}


def _hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    digest = hashlib.sha256()
    rows = connection.execute(f'SELECT t::VARCHAR FROM "{table}" AS t ORDER BY ALL')  # noqa: S608 - a table's own name
    while batch := rows.fetchmany(_BATCH):
        for (row,) in batch:
            digest.update(row.encode() + b"\x1e")
    return digest.hexdigest()
