"""The profiles of Dagster's instance: what they set; `team` keeps its runs in PostgreSQL and its secret nowhere."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import postgres_server
import psutil
import pytest
import yaml
from dagster._core.instance.config import PoolGranularity
from orchestration_reports import fazhi, fazhi_process, write_reports
from postgres_server import PASSWORD, USER
from web_server import ask_until, free_port

from orchestration import instance
from orchestration.settings import Settings, SettingsError, explain, load

NO_ADDRESS = "FAZHI_POSTGRES: found something else, not shown here, expected an address such as postgresql+psycopg2://"

WATCHED = """{
    permissions { permission value }
    instance { info daemonHealth { allDaemonStatuses { daemonType required healthy } } }
}"""


@pytest.fixture(scope="module")
def postgres(say: Callable[[str], None]) -> Iterator[int]:
    """The port of a PostgreSQL."""
    programs = postgres_server.programs()
    if programs is None:
        say("NOT TESTED: the profile team. There is no PostgreSQL here (Debian: apt-get install postgresql).")
        pytest.skip("there is no PostgreSQL here, neither on the PATH nor in /usr/lib/postgresql")
    with postgres_server.serving(programs) as port:
        yield port


@pytest.fixture
def team(postgres: int) -> dict[str, str]:
    """The environment of the profile team, with a database of its own."""
    database = f"fazhi_{os.urandom(4).hex()}"
    postgres_server.ask(postgres, f"create database {database}")
    address = f"postgresql+psycopg2://{USER}:{PASSWORD}@127.0.0.1:{postgres}/{database}"
    return {"FAZHI_PROFILE": "team", "FAZHI_POSTGRES": address}


@pytest.mark.parametrize("profile", ["local", "team"])
def test_what_is_written_is_the_common_part_and_the_profiles_own(profile: str) -> None:
    common, own = (
        yaml.safe_load((instance.PROFILES / f"{name}.yaml").read_text(encoding="utf-8")) or {}
        for name in ("common", profile)
    )
    assert not common.keys() & own.keys(), "of a key that stands twice YAML takes the last and says nothing"


def test_local_needs_nothing_and_keeps_runs_in_sqlite(tmp_path: Path) -> None:
    with instance.opened(Settings(home=tmp_path)) as dagster:
        assert_as_the_profiles_say(dagster)
        assert "Sqlite" in type(dagster.run_storage).__name__


def test_team_keeps_runs_in_postgresql(team: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in team.items():
        monkeypatch.setenv(name, value)
    with instance.opened(load().model_copy(update={"home": tmp_path})) as dagster:
        assert_as_the_profiles_say(dagster)
        assert PASSWORD not in dagster.info_str()
    assert PASSWORD not in (tmp_path / "dagster" / "dagster.yaml").read_text(encoding="utf-8")


def assert_as_the_profiles_say(dagster: dg.DagsterInstance) -> None:
    assert not dagster.telemetry_enabled
    assert (dagster.run_retries_enabled, dagster.run_retries_max_retries) == (True, 2)
    assert not dagster.run_retries_retry_on_asset_or_op_failure
    assert dagster.run_monitoring_enabled
    assert dagster.run_monitoring_poll_interval_seconds <= 60
    assert dagster.run_launcher.supports_check_run_worker_health
    assert dagster.freshness_enabled
    concurrency = dagster.get_concurrency_config()
    assert concurrency.pool_config.pool_granularity == PoolGranularity.RUN
    assert concurrency.pool_config.default_pool_limit == 1
    assert concurrency.run_queue_config
    assert concurrency.run_queue_config.max_concurrent_runs == 4


def test_the_queue_knows_from_the_first_run_on_that_one_writes_at_a_time(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for _again in range(2):
        instance.prepare_queue(settings)
    with instance.opened(settings) as dagster:
        (pool,) = dagster.event_log_storage.get_pool_limits()
    assert (pool.name, pool.limit, pool.from_default) == (instance.WRITING, 1, True)


@pytest.mark.slow
def test_a_run_of_the_profile_team_is_in_postgresql_and_not_in_sqlite(team: dict[str, str], tmp_path: Path) -> None:
    ran = fazhi("run", write_reports(tmp_path / "inbox"), home=tmp_path / "home", **team)
    assert ran.returncode == 0, ran.stderr
    assert PASSWORD not in ran.stdout + ran.stderr
    with dg.DagsterInstance.from_config(str(tmp_path)) as elsewhere:
        assert elsewhere.get_runs() == []
    assert [path.name for path in (tmp_path / "home" / "dagster").rglob("*") if path.is_file()] == ["dagster.yaml"]
    port, database = team["FAZHI_POSTGRES"].rpartition(":")[2].split("/")
    rows = postgres_server.ask(int(port), "select status from runs", database)
    assert len(rows) >= 3
    assert set(rows) == {("SUCCESS",)}


@pytest.mark.soak
def test_web_server_and_daemon_run_apart_and_onlookers_can_change_nothing(team: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    environment = {**team, "FAZHI_PORT": str(port)}
    with (
        fazhi_process("daemon", home=tmp_path, **environment) as daemon,
        fazhi_process("webserver", "--read-only", home=tmp_path, **environment) as webserver,
    ):
        try:
            answer = ask_until(port, WATCHED, webserver, lambda answer: all(required_daemons(answer).values()))
            commands = [child.cmdline() for parent in (daemon, webserver) for child in family(parent.pid)]
        finally:
            daemon.terminate()
            webserver.terminate()
            said = daemon.communicate(timeout=60) + webserver.communicate(timeout=60)
    assert not any(permission["value"] for permission in answer["permissions"])
    assert {"QUEUED_RUN_COORDINATOR", "MONITORING", "EVENT_LOG_CONSUMER", "SENSOR"} <= required_daemons(answer).keys()
    assert len(commands) > 2
    for shown in (said, commands, answer["instance"]["info"]):
        assert PASSWORD not in json.dumps(shown)


def required_daemons(answer: dict[str, dict[str, dict[str, list[dict[str, object]]]]]) -> dict[object, object]:
    statuses = answer["instance"]["daemonHealth"]["allDaemonStatuses"]
    return {status["daemonType"]: status["healthy"] for status in statuses if status["required"]}


def family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    address = f"postgresql+psycopg2://{USER}:{PASSWORD}@127.0.0.1:{free_port()}/fazhi"
    for command in (["run", write_reports(tmp_path / "inbox")], ["up"]):
        refused = fazhi(*command, home=tmp_path, FAZHI_PROFILE="team", FAZHI_POSTGRES=address)
        assert refused.returncode == 1
        assert refused.stderr.startswith("Dagster's database doesn't answer: connection to server at")
        assert "See that it runs" in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert PASSWORD not in refused.stderr


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://fazhi@127.0.0.1/fazhi",  # without the driver
        "postgresql+psycopg2://fazhi:s3cret/x@127.0.0.1/fazhi",
        "postgresql+psycopg2://fazhi:12/s3cret@127.0.0.1/fazhi",
        "postgresql+psycopg2://fazhi:12?s3cret@127.0.0.1/fazhi",
        "postgresql+psycopg2://fazhi:x@s3cret@127.0.0.1/fazhi",
    ],
)
def test_an_address_that_is_refused_is_not_shown(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("FAZHI_POSTGRES", address)
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value).startswith(NO_ADDRESS)
    assert "%40" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_team_without_an_address_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_PROFILE", "team")
    with pytest.raises(SettingsError, match="FAZHI_POSTGRES is not set; expected"):
        load()


def test_the_listing_shows_the_profile_and_not_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_PROFILE", "team")
    monkeypatch.setenv("FAZHI_POSTGRES", f"postgresql+psycopg2://fazhi:{PASSWORD}@127.0.0.1/fazhi")
    listed = {setting.name: setting.value for setting in explain(load())}
    assert listed["FAZHI_PROFILE"] == "team"
    assert listed["FAZHI_POSTGRES"] == "**********"
    assert listed["FAZHI_AUTOMATION"] == "False"
