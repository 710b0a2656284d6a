"""Asking the published warehouse: answers with names and types, errors in one line, nothing written anywhere."""

from pathlib import Path

import pytest
from warehouse_examples import city_report, warehouse_of

from warehouse.query import QueryError, query


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warehouse_of(tmp_path_factory.mktemp("query"), [city_report()])


def test_an_answer_has_columns_types_and_rows(warehouse: Path) -> None:
    answer = query(warehouse, "SELECT indicator_code, value FROM observations WHERE raw_text = '7.2%'")
    assert answer.columns == ["indicator_code", "value"]
    assert answer.types == ["VARCHAR", "DECIMAL(24,6)"]
    assert [(code, float(value)) for code, value in answer.rows] == [("litigation.loss_rate", 7.2)]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT nonsense FROM observations", "nonsense"),
        ("SELEC 1", "syntax error"),
        ("-- only a comment", "there is no query"),
        ("DELETE FROM quarantine", "read-only"),
        ("COPY quarantine TO 'stolen.csv'", "file system operations are disabled"),
        ("SELECT * FROM read_csv('/etc/hostname')", "file system operations are disabled"),
        ("ATTACH 'other.duckdb'", "disabled"),
    ],
)
def test_a_wrong_query_is_one_clear_line(warehouse: Path, sql: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(warehouse.parent)
    before = sorted(warehouse.parent.iterdir())
    with pytest.raises(QueryError) as error:
        query(warehouse, sql)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert sorted(warehouse.parent.iterdir()) == before


def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="fazhi run"):
        query(tmp_path / "warehouse.duckdb", "SELECT 1")
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_what_is_no_database_is_an_error_too(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_text("not a database, just text" * 400)
    with pytest.raises(QueryError, match="not a valid DuckDB"):
        query(tmp_path / "warehouse.duckdb", "SELECT 1")
