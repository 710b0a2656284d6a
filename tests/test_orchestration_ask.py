"""`fazhi sql`, `fazhi status` and `fazhi settings`: asking what is there."""

import csv
import io
import json
from pathlib import Path

import pytest
from orchestration_reports import fazhi
from typer.testing import CliRunner

from orchestration.cli import app

QUESTION = "select region_code, indicator_code, value, since_year from observations order by value limit 1"


def ask(home: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner(env={"FAZHI_HOME": str(home)}).invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_an_answer_in_a_pipe_is_tab_separated(published_home: Path) -> None:
    assert ask(published_home, "sql", QUESTION) == (
        0,
        "region_code\tindicator_code\tvalue\tsince_year\n430525\treconsideration.concluded\t53\t\n",
        "",
    )


def test_an_answer_as_csv_or_json(published_home: Path) -> None:
    _, as_csv, _ = ask(published_home, "sql", "--csv", "select '甲,乙' as names, 1.50 as share")
    assert list(csv.reader(io.StringIO(as_csv))) == [["names", "share"], ["甲,乙", "1.5"]]
    _, as_json, _ = ask(published_home, "sql", "--json", QUESTION)
    assert json.loads(as_json) == {
        "region_code": "430525",
        "indicator_code": "reconsideration.concluded",
        "value": 53,
        "since_year": None,
    }


@pytest.mark.parametrize(
    "query",
    [
        "selec 1",
        "select nothing from observations",
        "create table mine as select 1",
        "delete from fact_observation",
        "drop view coverage",
        "copy (select 1) to 'stolen.csv'",
        "select * from read_text('/etc/hostname')",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_a_bad_or_writing_query_is_one_clear_line(published_home: Path, query: str) -> None:
    exit_code, output, complaint = ask(published_home, "sql", query)
    assert (exit_code, output) == (1, "")
    assert len(complaint.splitlines()) == 1
    assert "Error" in complaint


def test_an_empty_query_is_answered_with_an_example(published_home: Path) -> None:
    exit_code, output, complaint = ask(published_home, "sql", " ")
    assert (exit_code, output) == (2, "")
    assert "select * from coverage" in complaint


@pytest.mark.parametrize("command", [["sql", "select 1"], ["status"]])
def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path, command: list[str]) -> None:
    exit_code, output, complaint = ask(tmp_path, *command)
    assert (exit_code, output) == (1, "")
    assert len(complaint.splitlines()) == 1
    assert "fazhi run" in complaint


def test_status_shows_coverage_and_the_suspect_figure_with_its_sentence(published_home: Path) -> None:
    exit_code, screen, _ = ask(published_home, "status")
    assert exit_code == 0
    longhui = next(line for line in screen.splitlines() if line.startswith("430524 隆回县"))
    assert "/" in longhui
    assert "·" in next(line for line in screen.splitlines() if line.startswith("430502 双清区"))
    assert "1.8余人次" in screen
    assert "12348热线接听群众来电1.8余人次" in screen
    assert str(published_home / "warehouse.duckdb") in screen


def test_settings_are_listed_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    listed = fazhi("settings", home=tmp_path, FAZHI_PORT="3100")
    port = next(line for line in listed.stdout.splitlines() if line.startswith("FAZHI_PORT"))
    assert port.split()[1:3] == ["3100", "environment"]
    refused = fazhi("settings", home=tmp_path, FAZHI_PORT="0")
    assert refused.returncode == 2
    assert refused.stderr.startswith("FAZHI_PORT: found '0', expected ")


def test_the_version_is_the_packages(published_home: Path) -> None:
    exit_code, output, _ = ask(published_home, "--version")
    assert exit_code == 0
    assert output.startswith("fazhi ")
