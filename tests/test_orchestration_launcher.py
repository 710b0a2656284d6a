"""Runs whose process is gone are found out by Dagster's run monitoring and begin again; the others are let alone."""

import fcntl
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.events import EngineEventData
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._daemon.monitoring.run_monitoring import monitor_started_run

from orchestration import instance
from orchestration.settings import Settings, load

RETRY = "dagster/will_retry"

LAUNCHED = {GRPC_INFO_TAG: "{}"}
BY_HAND = {instance.BY_HAND: "fazhi run"}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    return load()


@pytest.fixture
def dagster(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with instance.opened(settings) as dagster:
        yield dagster


@dg.op
def nothing() -> None:
    """Nothing."""


@dg.job
def job() -> None:
    """A job of nothing."""
    nothing()


def started(dagster: dg.DagsterInstance, tags: dict[str, str], pid: int | None = None) -> str:
    """A run that a process said it executes, and of which nobody heard again."""
    run = dagster.create_run_for_job(job, tags=tags)
    if pid is not None:
        dagster.report_engine_event("Started process for run", run, EngineEventData.in_process(pid))
    start = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, run.job_name)
    dagster.report_dagster_event(start, run.run_id)
    return run.run_id


def monitored(dagster: dg.DagsterInstance, run_id: str) -> dg.DagsterRun:
    """The run after one look of Dagster's run monitoring."""
    record = dagster.get_run_record_by_id(run_id)
    assert record
    monitor_started_run(dagster, None, record, logging.getLogger())  # type: ignore[arg-type]
    run = dagster.get_run_by_id(run_id)
    assert run
    return run


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_run_whose_process_is_gone_has_failed_and_begins_again(dagster: dg.DagsterInstance) -> None:
    run = monitored(dagster, started(dagster, LAUNCHED, ended_process()))
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert run.tags[RETRY] == "true"


def test_a_run_whose_process_is_at_work_goes_on(dagster: dg.DagsterInstance) -> None:
    assert monitored(dagster, started(dagster, LAUNCHED, os.getpid())).status == dg.DagsterRunStatus.STARTED


def test_a_process_that_got_the_number_later_is_another(
    dagster: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = started(dagster, LAUNCHED, os.getpid())
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: time.time() + 1)
    assert monitored(dagster, run_id).status == dg.DagsterRunStatus.FAILURE


def test_a_run_that_no_process_has_taken_up_is_let_alone(dagster: dg.DagsterInstance) -> None:
    assert monitored(dagster, started(dagster, LAUNCHED)).status == dg.DagsterRunStatus.STARTED


def test_fazhi_run_is_at_work_while_it_holds_its_lock(settings: Settings, dagster: dg.DagsterInstance) -> None:
    run_id = started(dagster, BY_HAND, ended_process())
    with settings.run_lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert monitored(dagster, run_id).status == dg.DagsterRunStatus.STARTED
    run = monitored(dagster, run_id)
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_a_run_that_others_execute_is_let_alone(dagster: dg.DagsterInstance) -> None:
    assert monitored(dagster, started(dagster, {}, ended_process())).status == dg.DagsterRunStatus.STARTED
