"""Figures of a warehouse that must agree with one another: a row a comparison (identities.sql).

Kinds: rate (7.2% = 11 / 152), part_of, sum_of, region_sum (counties against their city) and same_figure.
"""

import duckdb
import pyarrow as pa

from warehouse.statements import statements


def frame(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The comparisons as a table with the columns of identity_check. Works on a read-only connection."""
    return connection.execute(prepared(connection)).to_arrow_table()


def insert(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the comparisons into the table identity_check of the connected warehouse."""
    connection.execute(f"INSERT INTO identity_check {prepared(connection)}")


def prepared(connection: duckdb.DuckDBPyConnection) -> str:
    """Define the temporary macros and return the query that uses them."""
    *macros, query = statements("identities.sql").values()
    for macro in macros:
        connection.execute(macro)
    return query
