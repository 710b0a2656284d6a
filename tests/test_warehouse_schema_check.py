"""A warehouse has the shape that schema.sql declares; what departs from it is named."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from warehouse_examples import city_report, warehouse_of

from warehouse import schema_check


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(warehouse_of(tmp_path, [city_report()])) as opened:
        yield opened


def violated(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The rules that don't hold, with examples."""
    return {row["rule"]: row["examples"] for row in schema_check.frame(connection).to_pylist() if row["violations"]}


def test_what_the_build_makes_is_as_declared(connection: duckdb.DuckDBPyConnection) -> None:
    rows = schema_check.frame(connection).to_pylist()
    assert [row["rule"] for row in rows] == ["columns_as_declared", "everything_explained", "views_answer"]
    assert [row["violations"] for row in rows] == [0, 0, 0]
    assert all(row["rows_checked"] > 10 for row in rows)


def test_temporary_tables_are_nobodys_business(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TEMP TABLE scratch AS SELECT 1 AS one")
    assert violated(connection) == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "ALTER TABLE dim_report ALTER vintage TYPE BIGINT",
            "dim_report.vintage: found BIGINT in place 12, declared INTEGER in place 12",
        ),
        ("ALTER TABLE correction DROP place", "correction.place: found nothing, declared VARCHAR in place 24"),
        ("ALTER TABLE quarantine ADD more VARCHAR", "quarantine.more: found VARCHAR in place 8, declared nothing"),
        ("DROP TABLE identity_check", "identity_check.difference: found nothing, declared DECIMAL(24,6) in place 14"),
        ("CREATE TABLE other AS SELECT 1 AS one", "other.one: found INTEGER in place 1, declared nothing"),
    ],
)
def test_a_table_that_departs_from_the_declaration_is_named(
    connection: duckdb.DuckDBPyConnection, change: str, says: str
) -> None:
    connection.execute(change)
    assert says in violated(connection)["columns_as_declared"]


@pytest.mark.parametrize(
    ("comment", "example"),
    [
        ("TABLE dim_report", "table dim_report"),
        ("VIEW latest", "view latest"),
        ("COLUMN fact_observation.value", "column fact_observation.value"),
    ],
)
def test_what_has_no_comment_is_named(connection: duckdb.DuckDBPyConnection, comment: str, example: str) -> None:
    connection.execute(f"COMMENT ON {comment} IS NULL")
    assert violated(connection) == {"everything_explained": example}


def test_a_view_that_names_what_is_no_more_is_named_with_the_error(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("ALTER TABLE identity_check RENAME COLUMN difference TO off_by")
    assert violated(connection)["views_answer"].startswith("rates_recomputed: Binder Error")
