"""The tables and views of a warehouse: how they are defined, and what their comments say of them and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb

from warehouse import wide
from warehouse.statements import script

VIEW_FILES = ("views.sql", "analysis.sql", "quality.sql")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its DuckDB type and its comment."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view, its comment, and its columns in order."""

    name: str
    is_view: bool
    meaning: str
    columns: tuple[Column, ...]


def define_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables."""
    _define(connection, "schema.sql")


def define_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the views and macros; observations_wide gets a column for each row of dim_indicator."""
    for file in VIEW_FILES:
        _define(connection, file)
    wide.define(connection)


@cache
def relations() -> Mapping[str, Relation]:
    """Every table and view by its name, of a warehouse without data or indicators: they are no part of the schema."""
    with _empty() as connection:
        rows = connection.execute(
            "SELECT table_name, view_name IS NOT NULL, coalesce(t.comment, v.comment), "
            "list({name: column_name, type: data_type, meaning: c.comment} ORDER BY column_index) "
            "FROM duckdb_columns() AS c LEFT JOIN duckdb_tables() AS t USING (table_name) "
            "LEFT JOIN duckdb_views() AS v ON v.view_name = table_name WHERE NOT c.internal GROUP BY ALL ORDER BY 1"
        ).fetchall()
        return {
            name: Relation(name, is_view, meaning, tuple(Column(**column) for column in columns))
            for name, is_view, meaning, columns in rows
        }


def macros() -> Mapping[str, str]:
    """Every macro by its name, with its comment."""
    with _empty() as connection:
        return dict(
            connection.execute(
                "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal ORDER BY function_name"
            ).fetchall()
        )


def _empty() -> duckdb.DuckDBPyConnection:
    """A warehouse without data, in memory."""
    connection = duckdb.connect()
    define_tables(connection)
    define_views(connection)
    return connection


def _define(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    connection.begin()  # one transaction for the hundreds of comments
    connection.execute(script(file))
    connection.commit()
