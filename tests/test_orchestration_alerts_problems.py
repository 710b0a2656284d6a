"""What is broken as problems: one name over all runs, all one needs to act, resolved only by newer results."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from types import ModuleType, SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from alerts_examples import NOON, YAML, configured, problem
from test_orchestration_corrections import LEDGER, with_ledger

from orchestration import automation, instance, pipeline
from orchestration.alerts.following import Alert, Scope
from orchestration.alerts.model import Problem
from orchestration.alerts.observing import observe_now
from orchestration.alerts.outbox import Outbox
from orchestration.alerts.problems import (
    RunFailure,
    broken_now,
    rerun,
    run_problem,
    run_problems,
    silent_source,
    step_fingerprint,
)
from orchestration.progress import silent
from orchestration.settings import Settings
from warehouse.publish import BlockedError, publish

FAILURE = RunFailure("run-1", "fazhi_pipeline", "observations", "the disk\nis full")


@pytest.fixture
def observed_home(home: Path) -> Settings:
    """A published home with a file of alerts, and nothing told yet."""
    configured(home)
    for path in home.glob("alerts.sqlite*"):
        path.unlink()
    return Settings(home=home, alerts=home / "alerts.yaml")


def suspect(settings: Settings) -> Problem:
    (found,) = [one for one in broken_now(settings)[0] if one.details["expectation_id"] == "no_suspect_figure"]
    return found


def test_a_broken_thing_is_said_in_one_line_with_all_one_needs_to_act(published_home: Path) -> None:
    found = suspect(Settings(home=published_home, port=3100))
    assert found.title_zh == '隆回县 2024 1.8余人次: 不符合要求「没有存疑数值(如"1.8余人次"漏写"万")」'
    assert found.title_en.startswith("Longhui County 2024 1.8余人次: a count of 人次 must be whole")
    assert (found.kind, found.severity, found.owner) == ("expectation", "warning", "steward")
    assert (found.region_code, found.domain) == ("430524", "legal_service")
    details = found.details
    assert details["sentence"] == "12348热线接听群众来电1.8余人次。"
    assert details["rerun"] == f"fazhi run {published_home / 'inbox' / 'longhui.txt'}"
    assert details["ui"] == "http://127.0.0.1:3100/assets/observations?view=partitions&partition=430524%7C2024"
    assert datetime.fromisoformat(details["since"]).tzinfo
    assert details["action"].startswith("Read the sentence and ask the publisher")
    assert None not in details.values()


@pytest.mark.parametrize("url", [None, "https://www.shaoyang.gov.cn/a.html", "file:///nowhere/a.txt"])
def test_a_report_that_is_no_file_is_read_again_with_all(url: str | None) -> None:
    assert rerun(url) == "fazhi run --all"


def test_the_scope_is_as_new_as_the_results(published_home: Path) -> None:
    problems, scope = broken_now(Settings(home=published_home))
    assert scope.whole
    assert scope.as_of
    assert scope.as_of.tzinfo
    since = max(datetime.fromisoformat(one.details["since"]) for one in problems)
    assert timedelta() <= scope.as_of - since < timedelta(minutes=5)
    assert len({one.fingerprint for one in problems}) == len(problems)


def test_without_a_warehouse_nothing_is_known(tmp_path: Path) -> None:
    assert broken_now(Settings(home=tmp_path)) == ([], Scope())
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database")
    assert broken_now(Settings(home=tmp_path)) == ([], Scope())


def test_a_failed_step_is_one_problem_over_ten_runs_however_it_was_started(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    ten = [
        run_problem(settings, RunFailure(f"run-{n}", job, "observations", f"error {n}"), NOON)
        for n, job in enumerate(["fazhi_pipeline", "__ASSET_JOB"] * 5)
    ]
    assert len({one.fingerprint for one in ten}) == 1
    assert step_fingerprint("fazhi_pipeline", "snapshots") != ten[0].fingerprint
    found = run_problem(settings, FAILURE, NOON)
    assert found.title_en == "The step observations failed: the disk is full"
    assert (found.kind, found.severity, found.owner) == ("run", "error", "engineer")
    assert found.details["ui"] == "http://127.0.0.1:3000/runs/run-1"


@pytest.mark.parametrize(("newest", "days", "problems"), [(90, 90, 1), (89, 90, 0), (1000, None, 0), (None, 90, 0)])
def test_a_source_is_silent_after_so_many_days(newest: int | None, days: int | None, problems: int) -> None:
    last = None if newest is None else NOON - timedelta(days=newest)
    assert len(list(silent_source(last, days, NOON))) == problems


def failing(*partitions: str, run: str = "run-1", at: datetime | None = None) -> RunFailure:
    return RunFailure(run, "fazhi_pipeline", "observations", "full", at, frozenset(partitions))


def test_a_step_that_failed_for_one_partition_says_which(tmp_path: Path) -> None:
    (found,) = run_problems(Settings(home=tmp_path), [failing("430524|2023")], [], NOON)
    assert found.title_en == "The step observations failed for 430524|2023: full"
    assert (found.region_code, found.details["region"], found.details["year"]) == ("430524", "隆回县", 2023)
    (many,) = run_problems(Settings(home=tmp_path), [failing("430524|2023", "430525|2023", "430527|2023")], [], NOON)
    assert many.title_zh == "运行步骤 observations 失败(430524|2023 … 430527|2023 (3)):full"
    assert many.region_code == ""


def test_a_partition_that_fails_again_is_no_new_problem_and_another_one_is(tmp_path: Path) -> None:
    settings, later = Settings(home=tmp_path), NOON + timedelta(days=1)
    two = failing("430524|2023", "430525|2023", at=NOON)
    (first,) = run_problems(settings, [two], [], NOON)
    known = [Alert(first, NOON, NOON)]
    again = failing("430524|2023", "430502|2022", run="run-2", at=later)
    same, new = run_problems(settings, [again], known, later)
    assert same.fingerprint == first.fingerprint
    assert same.details["run_id"] == "run-2"
    assert {key: at[:10] for key, at in same.details["partitions"].items()} == {
        "430524|2023": "2026-11-27",
        "430525|2023": "2026-11-26",
    }
    assert list(new.details["partitions"]) == ["430502|2022"]
    assert run_problems(settings, [two], known, later) == [first], "heard twice of the same run"


class Receiver(ModuleType):
    """Stands in for sending: takes all that is due, after a while."""

    def __init__(self, seconds: float = 0, error: Exception | None = None) -> None:
        super().__init__("orchestration.alerts.sending")
        self.seconds, self.error, self.taken = seconds, error, []  # type: ignore[var-annotated]

    def load(self) -> None:
        """Needs nothing."""

    def drain(self, outbox: Outbox, config: object, *, now: datetime, worker: str, **more: Any) -> SimpleNamespace:
        if more["seconds"] == 0:
            return SimpleNamespace(sent=0, failed=0, waiting=0, problems=[])
        sleep(self.seconds)
        if self.error:
            raise self.error
        messages = outbox.claim(now, worker, 1000)
        for message in messages:
            outbox.settle_sent(message.key, now)
        self.taken += [(message.event, message.channel, message.total) for message in messages]
        return SimpleNamespace(sent=len(messages), failed=0, waiting=0, problems=[])


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Receiver]:
    def replaced(**given: Any) -> Receiver:
        made = Receiver(**given)
        monkeypatch.setitem(sys.modules, made.__name__, made)
        return made

    return replaced


def test_a_look_follows_all_and_sends_what_is_new_once(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    sending = receiver()
    first = observe_now(observed_home)
    assert (first.sent, first.waiting, first.complaints) == (1, 0, ())
    assert observe_now(observed_home).counted.queued == 0
    assert sending.taken == [("new", "office", 1)]


def test_loading_counts_as_sending_and_what_it_leaves_is_sent_in_the_next_run(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    sending = receiver()
    sending.load = lambda: sleep(5)  # type: ignore[method-assign]
    started = perf_counter()
    observed = observe_now(observed_home, seconds=0.2)
    assert perf_counter() - started < 4
    assert (observed.waiting, observed.complaints) == (1, ())
    again = observe_now(observed_home, seconds=0.2)
    assert (again.sent, again.complaints) == (1, ()), "what has waited once isn't put off again"


def test_a_slow_receiver_holds_a_run_up_for_a_second_at_most(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    receiver(seconds=10)
    started = perf_counter()
    observed = observe_now(observed_home, seconds=0.2)
    assert perf_counter() - started < 5
    assert observed.complaints == (
        "alerts: a receiver has not answered in time; what waits is sent by: fazhi alerts send",
    )


def test_what_a_receiver_breaks_with_fails_no_run_and_is_not_repeated(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    receiver(error=RuntimeError("https://user:geheim@host refused"))
    (complaint,) = observe_now(observed_home).complaints
    assert complaint == "alerts: sending failed (RuntimeError); try again: fazhi alerts send"


def test_with_a_wrong_file_nothing_is_resolved_in_silence_and_a_failed_run_is_kept(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    sending = receiver()
    observe_now(observed_home)
    assert observed_home.alerts
    observed_home.alerts.write_text("routes: []", encoding="utf-8")
    (complaint,) = observe_now(observed_home, run_failures=[FAILURE]).complaints
    assert complaint.startswith("alerts.yaml:1: channels: channels is missing")
    configured(observed_home.home)
    observe_now(observed_home)
    assert sending.taken == [("new", "office", 1), ("new", "office", 1), ("new", "press", 1)]


def test_a_home_that_cannot_be_written_is_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "alerts.sqlite").mkdir()
    (complaint,) = observe_now(Settings(home=tmp_path)).complaints
    assert "alerts.sqlite can't be used" in complaint


def test_a_silent_source_is_told_and_resolved_by_a_new_report(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    sending = receiver()
    configured(observed_home.home, "silent_after_days: 30\n" + YAML)
    later = datetime.now(UTC) + timedelta(days=31)
    observe_now(observed_home, now=lambda: later)
    assert sending.taken == [("new", "office", 1)] * 2
    observe_now(observed_home, now=lambda: later - timedelta(days=2))
    assert sending.taken[2:] == [("resolved", "office", 1)]


def test_runs_tell_what_blocks_them_once_and_its_end(
    observed_home: Settings, receiver: Callable[..., Receiver]
) -> None:
    sending = receiver()
    observe_now(observed_home)
    home = observed_home.home
    ledger = with_ledger(home, LEDGER.replace("1.8余人次", "1.9余人次")).corrections
    sending.taken.clear()
    paths = [home / "inbox" / "dongkou.txt"]
    blocked = pipeline.run(Settings(home=home, alerts=observed_home.alerts, corrections=ledger), paths, silent)
    assert not blocked.published
    assert blocked.alerts == ()
    assert sending.taken == [("new", "office", 1), ("new", "press", 1)], "the expectation, and no failed step beside it"
    with pytest.raises(BlockedError):
        publish(observed_home.candidate, observed_home.warehouse)

    assert pipeline.run(observed_home, paths, silent).published
    assert sending.taken[2:] == [("resolved", "office", 1), ("resolved", "press", 1)]
    with Outbox(observed_home.outbox) as outbox:
        assert {one.problem.severity for one in outbox.alerts()} <= {"warning", "info"}


def test_the_sensors_are_off_until_someone_turns_them_on() -> None:
    from orchestration.definitions import defs

    sensors = {sensor.name: sensor for sensor in defs.sensors or ()}
    assert {"alerts", "failed_runs"} <= set(sensors)
    assert {sensor.default_status for sensor in sensors.values()} == {dg.DefaultSensorStatus.STOPPED}
    assert sensors["alerts"].minimum_interval_seconds == 60


def test_the_sensor_sends_what_waits_and_says_so(observed_home: Settings, receiver: Callable[..., Receiver]) -> None:
    sending = receiver()
    with Outbox(observed_home.outbox) as outbox:
        outbox.observe([problem(kind="run")], datetime.now(UTC), configured(observed_home.home), Scope())
    with instance.opened(observed_home) as dagster, dg.build_sensor_context(instance=dagster) as context:
        skipped = automation.alerts(context, settings=observed_home)
    assert isinstance(skipped, dg.SkipReason)
    assert "sent 2, waiting 0" in str(skipped.skip_message)
    assert len(sending.taken) == 2
