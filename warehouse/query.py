"""Reading the published warehouse: one query, read-only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


class QueryError(Exception):
    """A query can't be answered; the message is one line."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The rows of an answer with the names and the DuckDB types of their columns."""

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]


def query(path: Path, sql: str) -> QueryResult:
    """Answer `sql` from the warehouse at `path`, without touching it or any other file.

    Raises QueryError, in one line, where there is no warehouse or the query is wrong or wants to write.
    """
    if not path.exists():
        raise QueryError(f"there is no warehouse at {path} yet; publish one first (fazhi run)")
    try:
        # external access off: a query may neither read nor write other files (COPY … TO, read_csv)
        with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
            answer: duckdb.DuckDBPyConnection | None = connection.execute(sql)
            if answer is None:  # a comment, or nothing at all
                raise QueryError("there is no query; expected one, such as: select * from coverage")
            columns = answer.description or []
            return QueryResult([c[0] for c in columns], [str(c[1]) for c in columns], answer.fetchall())
    except duckdb.Error as error:
        raise QueryError(_one_line(error)) from error


def _one_line(error: duckdb.Error) -> str:
    """The message without the excerpt of the query that DuckDB draws under it."""
    message = str(error).split("\nLINE ")[0]
    return " ".join(line.strip() for line in message.splitlines() if line.strip())
