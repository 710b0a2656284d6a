"""What Dagster's records tell: a failed step is well again once all of its partitions went through; late schedules."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import dagster as dg
import pytest
from alerts_examples import NOON
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickData, TickStatus
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.load_target import PythonFileTarget

from orchestration import automation, instance
from orchestration.alerts.observing import observe_now
from orchestration.alerts.outbox import Outbox
from orchestration.alerts.runs import failed_steps, late_schedules, passed_steps
from orchestration.partitions import Rectangle, partition_of, year_by_region
from orchestration.settings import Settings

PLACES = {"regions": ("430502", "430503", "430511", "430524"), "first_year": 2022, "last_year": 2024}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, **PLACES)  # type: ignore[arg-type]


class Flow:
    """Two assets of an instance that fail when they are told to: one of partitions, one of everything."""

    def __init__(self, dagster: dg.DagsterInstance, settings: Settings) -> None:
        @dg.asset(partitions_def=year_by_region(settings), backfill_policy=dg.BackfillPolicy.single_run())
        def observations(context: dg.AssetExecutionContext) -> None:
            if "fails" in context.run.tags:
                raise OSError("the disk is full")

        @dg.asset(deps=[dg.AssetDep(observations, partition_mapping=dg.AllPartitionMapping())])
        def warehouse(context: dg.AssetExecutionContext) -> None:
            if "fails" in context.run.tags:
                raise OSError("the disk is full")

        self.dagster, self.settings = dagster, settings
        job = dg.define_asset_job("fazhi_pipeline", selection="*")
        self._job = dg.Definitions([observations, warehouse], jobs=[job]).resolve_job_def("fazhi_pipeline")

    def run(self, asset: str, *ends: str, fails: bool = False) -> set[str]:
        """One run, as of `fazhi run` or the UI; returns what is still open by the next look."""
        tags = {"fails": "yes"} if fails else {}
        if ends:
            first, last = ends[0], ends[-1]
            tags |= (
                {"dagster/partition": first} if len(ends) == 1 else Rectangle(*map(partition_of, (first, last))).tags
            )
        result = self._job.execute_in_process(
            asset_selection=[dg.AssetKey(asset)], instance=self.dagster, tags=tags, raise_on_error=False
        )
        events = result.filter_events(lambda event: event.is_step_failure)
        failed = failed_steps(self.dagster, result.run_id, events, self.settings) if events else []
        observe_now(self.settings, run_failures=failed, instance=self.dagster)
        with Outbox(self.settings.outbox) as outbox:
            return {one.problem.title_en.removesuffix(": OSError: the disk is full") for one in outbox.alerts()}


@pytest.fixture
def flow(settings: Settings) -> Iterator[Flow]:
    with instance.opened(settings) as dagster:
        yield Flow(dagster, settings)


def test_a_failed_partition_is_well_again_only_when_a_later_run_covers_it(flow: Flow) -> None:
    failed = {"The step observations failed for 430524|2023"}
    assert flow.run("observations", "430524|2023", fails=True) == failed
    assert flow.run("observations", "430524|2022") == failed, "another year"
    assert flow.run("observations", "430502|2022", "430511|2024") == failed, "other regions"
    assert flow.run("warehouse") == failed, "another step"
    assert flow.run("observations", "430511|2023", "430524|2024") == set()


def test_a_failed_range_is_well_again_when_several_runs_together_cover_it(flow: Flow) -> None:
    failed = {"The step observations failed for 430502|2023 … 430511|2023 (3)"}
    assert flow.run("observations", "430502|2023", "430511|2023", fails=True) == failed
    assert flow.run("observations", "430502|2023", "430503|2023") == failed
    assert flow.run("observations", "430503|2023", fails=True) == failed, "told already; and it is to go through again"
    assert flow.run("observations", "430511|2022", "430511|2024") == failed
    assert flow.run("observations", "430503|2023") == set()


def test_a_step_of_everything_is_well_again_by_any_run_that_it_goes_through_in(flow: Flow) -> None:
    assert flow.run("warehouse", fails=True) == {"The step warehouse failed"}
    assert flow.run("observations", "430502|2022") == {"The step warehouse failed"}
    assert flow.run("warehouse") == set()


def test_a_partition_that_the_settings_know_no_more_is_waited_for_no_longer(flow: Flow) -> None:
    flow.run("observations", "430524|2022", fails=True)
    with Outbox(flow.settings.outbox) as outbox:
        (alert,) = outbox.alerts()
    assert passed_steps(flow.dagster, flow.settings, [alert]) == set()
    later = flow.settings.model_copy(update={"first_year": 2023})
    assert passed_steps(flow.dagster, later, [alert]) == {alert.problem.fingerprint}


def test_of_a_run_that_failed_half_way_only_what_it_did_not_read_is_waited_for(home: Path) -> None:
    """A later `fazhi run` reads only that again."""
    settings = Settings(home=home)
    reports = sorted((home / "staging" / "reports").glob("year=2024/region=*/part.parquet"))
    dongkou, longhui = [path for path in reports if path.parent.name in ("region=430524", "region=430525")]
    for path, at in ((dongkou, time() + 60), (longhui, time() - 60)):
        os.utime(path, (at, at))
    with instance.opened(settings) as dagster:
        flow = Flow(dagster, settings)
        assert flow.run("observations", "430522|2024", "430528|2024", fails=True) >= {
            f"The step observations failed for {longhui.parent.name.removeprefix('region=')}|2024"
        }


def test_a_failed_run_is_noted_by_its_sensor_and_a_run_where_no_step_began_too(flow: Flow) -> None:
    result = flow._job.execute_in_process(
        asset_selection=[dg.AssetKey("warehouse")], instance=flow.dagster, tags={"fails": "yes"}, raise_on_error=False
    )

    def noted() -> list[str]:
        context = dg.build_run_status_sensor_context(
            "failed_runs",
            result.get_run_failure_event(),
            flow.dagster,
            result.dagster_run,
            resources={"settings": flow.settings},
        ).for_run_failure()
        automation.failed_runs(context)
        with Outbox(flow.settings.outbox) as outbox:
            return [one.problem.title_en for one in outbox.alerts()]

    assert noted() == ["The step warehouse failed: OSError: the disk is full"]
    (failed,) = failed_steps(flow.dagster, result.run_id, [], flow.settings, "the code can't be loaded")
    observe_now(flow.settings, run_failures=[failed])
    with Outbox(flow.settings.outbox) as outbox:
        assert "The step run failed: the code can't be loaded" in {one.problem.title_en for one in outbox.alerts()}
    assert flow.run("warehouse") == set(), "a whole run went through"


DEFINITIONS = """
import dagster as dg

@dg.op
def look() -> None: ...

@dg.job
def looking() -> None:
    look()

nightly = dg.ScheduleDefinition(
    name="nightly", job=looking, cron_schedule="30 2 * * *", execution_timezone="Asia/Shanghai"
)
defs = dg.Definitions(jobs=[looking], schedules=[nightly])
"""


def test_a_schedule_that_is_on_and_did_not_tick_is_a_problem_until_it_ticks(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.py").write_text(DEFINITIONS, encoding="utf-8")
    due = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)  # 02:30 in China
    with instance.opened(settings) as dagster:
        target = PythonFileTarget(str(tmp_path / "small.py"), "defs", str(tmp_path), "small")
        with create_test_daemon_workspace_context(target, dagster) as workspace:
            request = workspace.create_request_context()
            (location,) = request.code_locations
            (repository,) = location.get_repositories().values()
            schedule = repository.get_schedule("nightly")
            assert late_schedules(dagster, settings, due + timedelta(days=9)) == [], "nobody has turned it on"
            with monkeypatch.context() as then:
                then.setattr("dagster._core.scheduler.scheduler.get_current_timestamp", NOON.timestamp)
                dagster.start_schedule(schedule)

        def late(after: timedelta) -> list[str]:
            return [one.title_en for one in late_schedules(dagster, settings, due + after)]

        assert late(timedelta(hours=-1)) == [], "it wasn't on the night before"
        assert late(timedelta(minutes=9)) == []
        assert late(timedelta(minutes=11)) == ["The schedule nightly did not tick at 2026-11-27 02:30 UTC+8"]
        assert observe_now(settings, instance=dagster, now=lambda: due + timedelta(hours=1)).problems == 1
        (state,) = dagster.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
        tick = TickData(
            state.instigator_origin_id,
            "nightly",
            InstigatorType.SCHEDULE,
            TickStatus.STARTED,
            due.timestamp(),
            selector_id=state.selector_id,
        )
        dagster.create_tick(tick)
        assert late(timedelta(hours=23)) == []
        observe_now(settings, instance=dagster, now=lambda: due + timedelta(hours=2))
        with Outbox(settings.outbox) as outbox:
            assert outbox.alerts() == []
        assert late(timedelta(hours=25)) == ["The schedule nightly did not tick at 2026-11-28 02:30 UTC+8"]
