"""docs/operations.md and its examples: every command is one that exists, every file is sound."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer.main
import yaml

from orchestration.cli import app
from orchestration.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"

INSTALLED = "/opt/fazhi/.venv/bin/fazhi"

OURS = [DOCS / "operations.md", *(path for path in sorted(EXAMPLES.iterdir()) if path.suffix != ".yml")]

SPOKEN = re.compile(r"(?:`|bin/|^|\[|Dockerfile and )fazhi[ ,]+(?=[a-z\"])[\"]?([a-z]+)", re.MULTILINE)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_commands_and_settings_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    spoken = set(SPOKEN.findall(text))
    assert spoken <= commands.keys()
    assert spoken or INSTALLED not in text
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", text))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_handbook_names_every_example_there_is() -> None:
    named = set(re.findall(r"examples/([\w.-]*\w)(?![\w.-]*\*)", (DOCS / "operations.md").read_text(encoding="utf-8")))
    assert {"fazhi-backup", "Dockerfile", "nginx-fazhi.conf"} <= named
    assert {name for name in named if not (EXAMPLES / name).exists()} == set()
    services = {path.stem for path in EXAMPLES.iterdir() if path.suffix in (".service", ".timer")}
    assert services == {"fazhi-daemon", "fazhi-webserver", "fazhi-onlookers", "fazhi-prune"}


def test_units_are_what_systemd_expects(tmp_path: Path, say: Callable[[str], None]) -> None:
    units = sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")])
    for unit in units:
        text = unit.read_text(encoding="utf-8")
        assert (INSTALLED in text) == (unit.suffix == ".service")
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, sys.executable), encoding="utf-8")
    verify = shutil.which("systemd-analyze")
    if not verify:
        say("NOT TESTED: units of systemd. There is no systemd-analyze here.")
        pytest.skip("there is no systemd-analyze here")
    said = subprocess.run(
        [verify, "verify", *(tmp_path / unit.name for unit in units)], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_containers_publish_on_this_machine_only_and_hold_no_secret() -> None:
    services = yaml.safe_load((EXAMPLES / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {name: service.get("command", [])[1:] for name, service in services.items()} == {
        "postgres": [],
        "daemon": ["daemon"],
        "webserver": ["webserver"],
        "onlookers": ["webserver", "--read-only"],
    }
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:3000:3000", "127.0.0.1:3001:3000"]
    for service in services.values():
        assert not {name for name in service["environment"] if name.endswith(("PASSWORD", "POSTGRES"))}


def test_the_image_holds_every_package_of_the_project() -> None:
    copied = set(re.findall(r"^COPY (\w+) ", (EXAMPLES / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == {"sources", "transforms", "warehouse", "orchestration"}


def test_a_backup_holds_what_cannot_be_made_anew(home: Path, tmp_path: Path) -> None:
    subprocess.run([EXAMPLES / "fazhi-backup", home, tmp_path / "backup"], check=True)
    saved = {path.relative_to(tmp_path / "backup") for path in (tmp_path / "backup").rglob("*") if path.is_file()}
    for folder in ("snapshots", "quality", "releases"):
        assert {path for path in saved if path.parts[0] == folder} == {
            path.relative_to(home) for path in (home / folder).rglob("*") if path.is_file()
        }
    assert {Path("alerts.sqlite"), Path("dagster/history/runs.db"), Path("dagster/history/runs/index.db")} <= saved
