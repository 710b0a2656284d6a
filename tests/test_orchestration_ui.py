"""`fazhi ui` and `fazhi up`: the web server answers on localhost with the project's assets, and ends when asked to."""

import os
import signal
from pathlib import Path

import pytest
from orchestration_reports import fazhi_process
from typer.testing import CliRunner
from web_server import ask_until, free_port

from orchestration.cli import app

ASSETS = "{ assetNodes { assetKey { path } hasAssetChecks } }"


@pytest.mark.slow
def test_the_ui_shows_the_assets_with_their_checks(tmp_path: Path) -> None:
    port = free_port()
    with fazhi_process("ui", home=tmp_path, FAZHI_PORT=str(port)) as server:
        try:
            answer = ask_until(port, ASSETS, server, lambda answer: answer["assetNodes"])
        finally:
            server.terminate()
            stdout, stderr = server.communicate(timeout=60)
    assert answer, stderr
    assert {node["assetKey"]["path"][0]: node["hasAssetChecks"] for node in answer["assetNodes"]} == {
        "snapshots": False,
        "observations": True,
        "warehouse_candidate": True,
        "warehouse": False,
        "data_docs": False,
    }
    assert f"http://127.0.0.1:{port}" in stdout
    assert "schedules and sensors off" in stdout
    assert "enabled: false" in (tmp_path / "dagster" / "dagster.yaml").read_text(encoding="utf-8")


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
