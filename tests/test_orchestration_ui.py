"""`fazhi ui`: the web server answers on localhost with the project's assets, and ends when asked to."""

import time
from pathlib import Path
from typing import Any

import pytest
from dagster_ui import ask, free_port
from orchestration_reports import fazhi_process

ASSETS = "{ assetNodes { assetKey { path } hasAssetChecks } }"


@pytest.mark.slow
def test_the_ui_shows_the_assets_with_their_checks(tmp_path: Path) -> None:
    port = free_port()
    with fazhi_process("ui", home=tmp_path, FAZHI_PORT=str(port)) as server:
        try:
            deadline = time.monotonic() + 90
            answer: Any = None
            while not (answer and answer["assetNodes"]) and time.monotonic() < deadline and server.poll() is None:
                time.sleep(0.5)
                answer = ask(port, ASSETS)
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
    assert "enabled: false" in (tmp_path / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
