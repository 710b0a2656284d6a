"""The sensors of the inbox and of what waits: what arrives is read once, whole, and nothing is asked for twice."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from orchestration_reports import DONGKOU, LONGHUI, write_reports

from orchestration import arrivals as sensors
from orchestration import instance
from orchestration.arrivals import inbox, waiting_reports
from orchestration.definitions import assemble
from orchestration.jobs import INTAKE, PUBLICATION, READING
from orchestration.settings import Settings
from sources import arrivals
from sources.intake import take_in
from sources.snapshots import SnapshotStore
from warehouse.staging import staged_partitions


@pytest.fixture(autouse=True)
def soon_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SETTLED", timedelta(seconds=0.3))


def look(
    sensor: dg.SensorDefinition, settings: Settings, dagster: dg.DagsterInstance, cursor: str | None = None
) -> tuple[list[dg.RunRequest], str | None]:
    """One tick: what it asks for, and the cursor for the next one."""
    with dg.build_sensor_context(dagster, cursor=cursor, resources={"settings": settings}) as context:
        outcome = sensor.evaluate_tick(context)
    return list(outcome.run_requests or []), outcome.cursor


def paths_of(request: dg.RunRequest) -> list[str]:
    return list(request.run_config["ops"]["snapshots"]["config"]["paths"])


def intake(settings: Settings, *paths: Path) -> None:
    take_in(
        paths,
        SnapshotStore(settings.snapshots),
        regions=settings.regions,
        years=settings.years,
        max_bytes=1 << 20,
        clock=lambda: datetime.now(UTC),
    )


def test_a_report_in_the_inbox_is_taken_in_and_then_its_year_and_region_is_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    definitions = assemble(settings)
    with instance.opened(settings) as dagster:
        assert look(inbox, settings, dagster) == ([], "{}")
        (report := write_reports(settings.inbox_folder) / "longhui.txt").touch()
        time.sleep(0.4)
        (asked,), cursor = look(inbox, settings, dagster)
        assert sorted(paths_of(asked)) == [str(report.with_name("dongkou.txt")), str(report)]
        assert look(inbox, settings, dagster, cursor)[0] == []  # the run isn't done yet
        taken = definitions.resolve_job_def(INTAKE).execute_in_process(run_config=asked.run_config, instance=dagster)
        assert taken.success
        assert look(inbox, settings, dagster, cursor) == ([], "{}")
        (reading,), cursor = look(waiting_reports, settings, dagster)
        assert reading.job_name == READING
        assert look(waiting_reports, settings, dagster, cursor)[0] == []  # asked for once
        done = definitions.resolve_job_def(READING).execute_in_process(tags=reading.tags, instance=dagster)
        assert done.success
        assert look(waiting_reports, settings, dagster, cursor) == ([], cursor)
    assert staged_partitions(settings.staging) == {(2024, "430524"), (2024, "430525")}


def test_nothing_is_asked_for_while_some_are_being_read(home: Path) -> None:
    settings = Settings(home=home)
    (settings.inbox_folder / "longhui.txt").write_text(LONGHUI.replace("120件", "121件"), encoding="utf-8")
    intake(settings, settings.inbox_folder)
    with instance.opened(settings) as dagster:
        dagster.create_run_for_job(assemble(settings).resolve_job_def(READING), status=dg.DagsterRunStatus.STARTED)
        assert look(waiting_reports, settings, dagster)[0] == []


def test_a_quarantine_that_has_changed_is_published(home: Path) -> None:
    settings = Settings(home=home)
    empty = settings.inbox_folder / "empty.txt"
    empty.write_bytes(b"")
    intake(settings, empty)
    with instance.opened(settings) as dagster:
        (publication,), cursor = look(waiting_reports, settings, dagster)
        assert publication.job_name == PUBLICATION
        assert look(waiting_reports, settings, dagster, cursor)[0] == []


def test_many_files_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "BATCH", 2)
    settings = Settings(home=tmp_path)
    settings.inbox_folder.mkdir()
    for number in range(5):
        (settings.inbox_folder / f"{number}.txt").write_text(f"{number}", encoding="utf-8")
    time.sleep(0.4)
    with instance.opened(settings) as dagster:
        assert [len(paths_of(asked)) for asked in look(inbox, settings, dagster)[0]] == [2, 2, 1]


def test_200_files_dropped_while_it_looks_are_read_once_and_whole(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.inbox_folder.mkdir()
    expected = {f"{number}.txt": f"{DONGKOU}第{number}号" for number in range(200)}

    def drop(names: list[str]) -> None:
        """Every third one slowly: it stays open, half written, for longer than a file takes to come to rest."""
        for name in names:
            with (settings.inbox_folder / name).open("w", encoding="utf-8") as file:
                file.write(expected[name][:100])
                if int(name.removesuffix(".txt")) % 3 == 0:
                    file.flush()
                    time.sleep(0.5)
                file.write(expected[name][100:])

    writers = [threading.Thread(target=drop, args=(list(expected)[first::8],)) for first in range(8)]
    for writer in writers:
        writer.start()
    asked, cursor = Counter[str](), None
    with instance.opened(settings) as dagster:
        while sum(asked.values()) < 200 or any(writer.is_alive() for writer in writers):
            requests, cursor = look(inbox, settings, dagster, cursor)
            for request in requests:
                asked.update(Path(path).name for path in paths_of(request))
                intake(settings, *map(Path, paths_of(request)))
            time.sleep(0.1)
        assert look(inbox, settings, dagster, cursor)[0] == []
    assert asked == Counter(expected.keys())
    store = SnapshotStore(settings.snapshots)
    assert sorted(store.read(record.snapshot_id).decode() for record in store.records()) == sorted(expected.values())
