"""Figures of a warehouse that must agree with one another: a row a comparison (identities.sql).

Within a report: rate (7.2% = 11 / 152), rate_base (14.4% of those accepted, where those concluded are named), part_of,
sum_of, balance (pending = carried over + accepted - concluded), listed (parts in the words of the report),
contradiction (two values of one thing), same_figure.
Against the report of the year before: change, prior, carried. Against other places: region_sum (counties and city).
"""

import duckdb
import pyarrow as pa

from warehouse.statements import statements

_QUERY = "identities"
"""The last statement; those before it define the macros and temporary tables that it reads."""


def frame(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The comparisons as a table with the columns of identity_check. Works on a read-only connection."""
    table = connection.execute(prepared(connection)).to_arrow_table()
    _clear(connection)
    return table


def insert(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the comparisons into the table identity_check of the connected warehouse."""
    connection.execute(f"INSERT INTO identity_check {prepared(connection)}")
    _clear(connection)


def prepared(connection: duckdb.DuckDBPyConnection) -> str:
    """Define what the query reads, in temporary tables, and return the query."""
    for name, statement in statements("identities.sql").items():
        if name != _QUERY:
            connection.execute(statement)
    return statements("identities.sql")[_QUERY]


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Give back the room that the temporary tables take."""
    for name in ("identity", "term", "figure", "relation"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
