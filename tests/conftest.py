"""What this machine is set to and how fast it is stays out of the tests; the one published warehouse that several tests
look at; figures that were measured are shown after all tests."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's doing; what a test may take is measured by those marked so.
settings.register_profile("fazhi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fazhi")

for _name in [name for name in os.environ if name.startswith(("FAZHI_", "DAGSTER_"))]:
    if _name in ("FAZHI_GOLD", "FAZHI_BENCH_FACTS"):  # settings of the tests themselves
        continue
    del os.environ[_name]


@pytest.fixture(scope="session")
def published_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder after `fazhi run` on two short reports; to be looked at, not changed."""
    from orchestration_reports import write_reports

    from orchestration import pipeline
    from orchestration.progress import silent
    from orchestration.settings import Settings

    home = tmp_path_factory.mktemp("published")
    report = pipeline.run(Settings(home=home), [write_reports(home / "inbox")], silent)
    assert report.published, report.failures
    return home


@pytest.fixture
def home(published_home: Path, tmp_path: Path) -> Path:
    """A copy of the published home folder, to be changed."""
    return shutil.copytree(published_home, tmp_path / "home")


_SAID = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Takes a line to be shown after all tests."""
    return pytestconfig.stash.setdefault(_SAID, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of a run on several cores hands its lines over to the process that shows them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["said"] = session.config.stash.get(_SAID, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the lines of a worker that has ended, or nothing of one that broke down."""
    node.config.stash.setdefault(_SAID, []).extend(getattr(node, "workeroutput", {}).get("said", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_SAID, []):
        terminalreporter.write_line(line)
