"""Figures of a warehouse that are far from the usual: a row a figure (plausibility.sql).

Kinds: jump (against the other years of the same place) and peers (against the regions beside it, where there are fewer
than three years). Faults: lost_wan, lost_digit, part_for_whole, other_figure, other_indicator, jump, peers.
"""

import duckdb
import pyarrow as pa

from warehouse.statements import statements


def frame(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The comparisons as a table with the columns of plausibility_check. Works on a read-only connection."""
    return connection.execute(prepared(connection)).to_arrow_table()


def insert(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the comparisons into the table plausibility_check of the connected warehouse."""
    connection.execute(f"INSERT INTO plausibility_check {prepared(connection)}")


def prepared(connection: duckdb.DuckDBPyConnection) -> str:
    """Define the temporary macros and return the query that uses them."""
    *macros, query = statements("plausibility.sql").values()
    for macro in macros:
        connection.execute(macro)
    return query
