"""`fazhi metrics`: what Prometheus reads is valid and true, also where there is no warehouse."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from orchestration_reports import fazhi
from prometheus_client.parser import text_string_to_metric_families

from orchestration.metrics import metrics
from orchestration.settings import Settings
from warehouse.query import query

RULES = Path(__file__).parent.parent / "docs" / "examples" / "fazhi-alerts.rules.yml"
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def parsed(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def measured(home: Path) -> dict[tuple[str, ...], float]:
    return parsed(metrics(Settings(home=home), NOW).decode())


def test_without_a_warehouse_it_is_down_and_says_nothing_wrong(tmp_path: Path) -> None:
    done = fazhi("metrics", home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    found = parsed(done.stdout)
    assert found[("fazhi_up",)] == 0
    assert found[("fazhi_blocked",)] == 0
    assert {name for name, *_ in found} == {"fazhi_up", "fazhi_blocked", "fazhi_build_info"}


def test_a_warehouse_that_cant_be_read_is_down(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database")
    assert measured(tmp_path)[("fazhi_up",)] == 0


def test_figures_are_those_of_the_warehouse(published_home: Path) -> None:
    found = measured(published_home)
    warehouse = published_home / "warehouse.duckdb"

    def asked(sql: str) -> float:
        return float(query(warehouse, sql).rows[0][0])

    assert found[("fazhi_up",)] == 1
    assert found[("fazhi_reports",)] == asked("select count(*) from dim_report") > 0
    assert found[("fazhi_last_success_timestamp_seconds",)] == asked("select epoch(max(built_at)) from release")
    assert abs(found[("fazhi_last_success_timestamp_seconds",)] - datetime.now(UTC).timestamp()) < 3600
    assert found[("fazhi_warehouse_rows", "fact")] == asked("select count(*) from fact_observation") > 0
    assert found[("fazhi_observations", "current")] == asked(
        "select count(*) from observations_all where status = 'current'"
    )
    assert 0 < found[("fazhi_figures_coded_ratio",)] <= 1
    assert sum(value for (name, *_), value in found.items() if name == "fazhi_coverage_cells") == asked(
        "select count(*) from coverage"
    )
    assert sum(value for (name, *_), value in found.items() if name == "fazhi_expectations") == asked(
        "select count(distinct (suite, expectation_id)) from quality_result"
    )
    for severity in ("error", "warning", "info"):
        assert found[("fazhi_open_problems", severity)] == asked(
            f"select count(*) from quality_open where severity = '{severity}'"  # noqa: S608
        )
    assert found[("fazhi_last_run_duration_seconds",)] > 0
    assert found[("fazhi_last_run_succeeded",)] == 1


def test_alerts_and_the_outbox(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "alerts.sqlite") as connection:
        connection.execute("create table alert (resolved_at, muted_until, severity)")
        connection.execute("create table message (state)")
        later, before = (NOW + timedelta(days=1)), (NOW - timedelta(days=1))
        connection.executemany(
            "insert into alert values (?, ?, ?)",
            [
                (None, None, "error"),
                (None, later.isoformat(), "error"),
                (None, later.timestamp(), "warning"),
                (None, before.isoformat(), "error"),
                (before.isoformat(), None, "error"),
            ],
        )
        connection.executemany("insert into message values (?)", [("sent",), ("sent",), ('odd "\n\\',)])
    connection.close()
    found = measured(tmp_path)
    assert found[("fazhi_alerts", "error", "open")] == 2
    assert found[("fazhi_alerts", "error", "muted")] == 1
    assert found[("fazhi_alerts", "warning", "muted")] == 1
    assert found[("fazhi_alerts", "error", "resolved")] == 1
    assert found[("fazhi_outbox_messages", "sent")] == 2
    assert found[("fazhi_outbox_messages", 'odd "\n\\')] == 1


@pytest.mark.parametrize("content", [b"", b"no database at all, though long enough to be one" * 100])
def test_an_alerts_file_of_another_kind_is_no_harm(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "alerts.sqlite").write_bytes(content)
    assert measured(tmp_path)[("fazhi_up",)] == 0


def test_a_file_for_the_textfile_collector(published_home: Path, tmp_path: Path) -> None:
    done = fazhi("metrics", "--output", tmp_path / "new" / "fazhi.prom", home=published_home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert parsed((tmp_path / "new" / "fazhi.prom").read_text(encoding="utf-8"))[("fazhi_up",)] == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["fazhi.prom"]


def test_a_file_that_cant_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = fazhi("metrics", "--output", tmp_path / "taken" / "fazhi.prom", home=tmp_path)
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_example_rules_ask_for_what_there_is(published_home: Path, tmp_path: Path) -> None:
    rules = [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"\bfazhi_\w+", rule["expr"])}
    shutil.copytree(published_home / "dagster", tmp_path / "dagster")
    shutil.copy(published_home / "warehouse.duckdb", tmp_path)
    with sqlite3.connect(tmp_path / "alerts.sqlite") as connection:
        connection.execute("create table message (state)")
        connection.execute("insert into message values ('waiting')")
    connection.close()
    assert asked <= {name for name, *_ in measured(tmp_path)}


def test_promtool_takes_the_example_rules_and_the_figures(published_home: Path, say: Callable[[str], None]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        say(f"NOT CHECKED: {RULES.name}; promtool isn't installed here (Debian: apt-get install prometheus)")
        pytest.skip("no promtool")
    checked = subprocess.run([promtool, "check", "rules", RULES], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    text = metrics(Settings(home=published_home))
    linted = subprocess.run([promtool, "check", "metrics"], check=False, input=text, capture_output=True)
    assert linted.returncode == 0, linted.stdout + linted.stderr
