"""`fazhi ui`, `up` and `daemon`: what each becomes, with which settings. The UI at work is in the browser's tests."""

import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app


@pytest.mark.parametrize(
    ("command", "program", "automation"),
    [("ui", "dagster", "False"), ("up", "dagster", "True"), ("daemon", "dagster._daemon", "False")],
)
def test_only_up_switches_schedules_and_sensors_on(
    command: str, program: str, automation: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    become: dict[str, str] = {}
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    monkeypatch.setattr(
        os, "execve", lambda path, arguments, environment: become.update(environment, program=arguments[4])
    )
    monkeypatch.setattr(signal, "signal", lambda *handling: None)
    CliRunner().invoke(app, [command])
    assert become["program"] == program
    assert become["FAZHI_AUTOMATION"] == automation
    assert become["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert become["DAGSTER_DISABLE_TELEMETRY"] == "yes"
