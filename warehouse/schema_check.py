"""Whether a warehouse has the shape that schema.sql declares, everything in it is explained and every view answers."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from warehouse.statements import script

EXAMPLES = 5
_FRAME: dict[str, pa.DataType] = {
    "thing": pa.string(),
    "rule": pa.string(),
    "rows_checked": pa.int64(),
    "violations": pa.int64(),
    "examples": pa.string(),
}
_COLUMNS = """
    SELECT c.table_name || '.' || c.column_name, c.data_type || ' in place ' || c.column_index
    FROM duckdb_columns() AS c
    JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name)
    WHERE NOT t.internal AND NOT t.temporary
"""
_COMMENTS = """
    SELECT 'table ' || table_name, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary
    UNION ALL
    SELECT 'view ' || view_name, comment FROM duckdb_views() WHERE NOT internal AND NOT temporary
    UNION ALL
    SELECT 'column ' || table_name || '.' || column_name, comment
    FROM duckdb_columns()
    WHERE NOT internal AND database_name <> 'temp'
"""


def frame(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row a rule, with the columns of the frame `schema`. Works on a read-only connection."""
    rows = [_columns_as_declared(connection), _everything_explained(connection), _views_answer(connection)]
    return pa.Table.from_pylist(rows, schema=pa.schema(_FRAME))


def _columns_as_declared(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    with duckdb.connect() as empty:
        empty.execute(script("schema.sql"))
        declared = dict(empty.execute(_COLUMNS).fetchall())
    found = dict(connection.execute(_COLUMNS).fetchall())
    wrong = [
        f"{name}: found {found.get(name, 'nothing')}, declared {declared.get(name, 'nothing')}"
        for name in sorted(declared.keys() | found.keys())
        if found.get(name) != declared.get(name)
    ]
    return _row("columns_as_declared", len(declared), wrong)


def _everything_explained(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    comments = connection.execute(_COMMENTS).fetchall()
    return _row("everything_explained", len(comments), sorted(name for name, comment in comments if not comment))


def _views_answer(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary").fetchall()
    wrong: list[str] = []
    for (view,) in sorted(views):
        try:
            connection.execute(f'SELECT * FROM "{view}" LIMIT 0')  # noqa: S608 - its own names
        except duckdb.Error as error:
            wrong.append(f"{view}: {str(error).splitlines()[0]}")
    return _row("views_answer", len(views), wrong)


def _row(rule: str, checked: int, wrong: Sequence[str]) -> dict[str, object]:
    return {
        "thing": rule,
        "rule": rule,
        "rows_checked": checked,
        "violations": len(wrong),
        "examples": "; ".join(wrong[:EXAMPLES]),
    }
