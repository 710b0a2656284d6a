"""`fazhi releases`, `fazhi rollback`, and what `fazhi status` says of them."""

import shutil
from pathlib import Path

import pytest
from orchestration_reports import DONGKOU
from typer.testing import CliRunner

from orchestration import pipeline
from orchestration.cli import app
from orchestration.progress import silent
from orchestration.settings import Settings
from warehouse.query import query
from warehouse.releases import Release, kept_releases


def ask(home: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"FAZHI_HOME": str(home)}).invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def two_releases(published_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder in which a third report came in after the first publication; to be looked at, not changed."""
    home = tmp_path_factory.mktemp("releases") / "home"
    shutil.copytree(published_home, home)
    report = home / "inbox" / "xinning.txt"
    report.write_text(DONGKOU.replace("洞口县", "新宁县"), encoding="utf-8")
    assert pipeline.run(Settings(home=home), [report], silent).published
    return home


def reports(home: Path) -> int:
    return int(query(home / "warehouse.duckdb", "select count(*) from dim_report").rows[0][0])


def kept(home: Path) -> list[Release]:
    return kept_releases(home / "warehouse.duckdb")


def test_a_copied_home_keeps_its_releases(two_releases: Path) -> None:
    assert [release.reports for release in kept(two_releases)] == [3, 2]
    assert [release.published for release in kept(two_releases)] == [True, False]


def test_releases_are_listed_with_the_published_one_marked(two_releases: Path) -> None:
    exit_code, screen = ask(two_releases, "releases")
    assert exit_code == 0
    lines = screen.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [release.release_id for release in kept(two_releases)]
    assert [" * " in line for line in lines] == [True, False]


def test_without_any_it_says_how_to_get_one(tmp_path: Path) -> None:
    assert "fazhi run" in ask(tmp_path, "releases")[1]
    exit_code, complaint = ask(tmp_path, "rollback")
    assert exit_code == 1
    assert "no release before the published one" in complaint


def test_rolling_back_shows_in_the_status_until_a_new_release(two_releases: Path, tmp_path: Path) -> None:
    home = shutil.copytree(two_releases, tmp_path / "home")
    newer, older = kept(home)
    assert "Rolled back" not in ask(home, "status")[1]

    exit_code, said = ask(home, "rollback")
    assert exit_code == 0
    assert f"Published is now release {older.release_id}" in said
    assert reports(home) == 2
    status = ask(home, "status")[1]
    assert f"Release {older.release_id}, built " in status
    assert f"Rolled back: release {newer.release_id}" in status

    assert ask(home, "rollback", newer.release_id[:5])[0] == 0
    assert reports(home) == 3
    assert "Rolled back" not in ask(home, "status")[1]


def test_no_rollback_while_a_run_is_at_work(two_releases: Path) -> None:
    with pipeline._alone(Settings(home=two_releases)):
        exit_code, complaint = ask(two_releases, "rollback")
    assert exit_code == 1
    assert "Another fazhi run is at work" in complaint
    assert reports(two_releases) == 3
