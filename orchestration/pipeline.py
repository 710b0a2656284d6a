"""`fazhi run`: the assets of the Dagster UI materialised in this process, in as few runs as possible.

    first   snapshots
    then    observations of exactly the partitions concerned, one run a rectangle of year × region
    last    the star schema with its checks, then warehouse

Each is an ordinary Dagster run: it shows in the UI, and a step that fails there fails here.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from orchestration import jobs
from orchestration.alerts.problems import RunFailure
from orchestration.instance import BY_HAND
from orchestration.partitions import Partition, configured, partition_of, rectangles
from orchestration.progress import Progress, working
from orchestration.readings import UnreadPartitionsError
from orchestration.settings import Settings
from orchestration.tables import STAR
from orchestration.waiting import identified, partitions_concerned, staged_reports
from orchestration.writer import AnotherWriterError, become_writer, step_down
from sources.files import locked
from sources.snapshots import SnapshotStore
from transforms.corrections import CorrectionError, Ledger, ledger
from transforms.lexicon import lexicon
from warehouse.staging import unstage

if TYPE_CHECKING:
    import dagster as dg
    from dagster_shared.error import SerializableErrorInfo

    from warehouse.releases import Release


class CannotRunError(Exception):
    """No run can begin or go on: another one works in the home folder, it can't be written, or the ledger is wrong."""


@dataclass(slots=True)
class RunReport:
    """What a run did: what came in, how much was read, whether it published, and what went wrong.

    `alerts` are complaints about telling others of it.
    """

    documents: int = 0
    new: int = 0
    problems: list[str] = field(default_factory=list)
    partitions: int = 0
    runs: int = 0
    seconds: float = 0.0
    published: bool = False
    failures: list[str] = field(default_factory=list)
    failed_steps: list[RunFailure] = field(default_factory=list)
    alerts: tuple[str, ...] = ()


def run(
    settings: Settings, paths: Sequence[Path], progress: Progress, *, everything: bool = False, verbose: bool = False
) -> RunReport:
    """Take in `paths` (the inbox without any), read what they concern, build, check, publish.

    `everything` reads every report again, not only those just taken in. `verbose` lets Dagster's own log
    through to standard error. Raises CannotRunError.
    """
    started = monotonic()
    corrections = _ledger(settings)
    with working("starting", progress):
        from orchestration import instance
        from orchestration.definitions import assemble
    with _alone(settings), _writable(settings.home), instance.opened(settings) as dagster:
        pipeline = _Pipeline(assemble(settings, progress), dagster, settings, verbose)
        pipeline.take_in(paths)
        if not pipeline.nothing_to_do():
            pipeline.read(everything, corrections)
            with working("building, checking, publishing", progress):
                pipeline.publish()
        _tell(settings, dagster, pipeline.report)
    pipeline.report.seconds = monotonic() - started
    return pipeline.report


def put_back(settings: Settings, wanted: str) -> "Release":
    """Roll the warehouse back to the release `wanted` (the one before, if empty), while no run is at work.

    Raises CannotRunError where one is, ReleaseError where there is no such release or it isn't whole.
    """
    from warehouse.publish import roll_back

    with _alone(settings):
        return roll_back(settings.warehouse, wanted)


@dataclass(slots=True)
class _Pipeline:
    """The runs of one `fazhi run`, one after the other, on one Dagster instance."""

    definitions: "dg.Definitions"
    instance: "dg.DagsterInstance"
    settings: Settings
    verbose: bool
    report: RunReport = field(default_factory=RunReport)
    taken: set[Partition] = field(default_factory=set)
    stopped: bool = False

    def take_in(self, paths: Sequence[Path]) -> None:
        """Materialise snapshots; the run's own metadata say what came in."""
        config = {"ops": {"snapshots": {"config": {"paths": [str(path.absolute()) for path in paths]}}}}
        if metadata := self._run(jobs.INTAKE, config=config).get("snapshots"):
            self.report.documents = metadata["documents"].value
            self.report.new = metadata["new"].value
            self.report.problems = metadata["problems"].value
            self.taken = {partition_of(key) for key in metadata["partitions"].value}

    def nothing_to_do(self) -> bool:
        """Whether nothing came in: nothing is rebuilt then, unless reports taken in earlier wait for it."""
        if self.stopped:
            return True
        if self.report.documents or (not self.report.problems and SnapshotStore(self.settings.snapshots).records()):
            return False
        if not self.report.problems:
            self.report.failures.append(
                f"There is no report in {self.settings.inbox_folder}. Put reports there, or name files and folders: "
                "fazhi run FILE_OR_FOLDER..."
            )
        return True

    def read(self, everything: bool, corrections: Ledger) -> None:
        """Materialise observations of the partitions concerned, and no others."""
        records = SnapshotStore(self.settings.snapshots).records()
        staged = staged_reports(self.settings.staging)
        taken = self.taken | set(staged) if everything else self.taken
        concerned = partitions_concerned(taken, identified(records, corrections), staged)
        known = configured(self.settings, concerned)
        for year, region in concerned - known:
            # no run can cover a partition that the settings no longer know; its snapshots stay
            unstage(self.settings.staging, year, region)
        self.report.partitions = len(known)
        for rectangle in rectangles(known, self.settings.codes, self.settings.years):
            self._run(jobs.READING, tags=rectangle.tags)

    def publish(self) -> None:
        """Materialise the star schema with its checks, then the warehouse; a failed check leaves the old one.

        A partition that could not be read stays as it was, and keeps no other from being published.
        """
        if self.stopped:
            return
        try:
            become_writer(self.settings)
            self._run(jobs.PUBLICATION, [*STAR, "warehouse"])
        except AnotherWriterError as error:
            raise CannotRunError(str(error)) from error
        finally:
            step_down(self.settings)
        self.report.published = not self.stopped

    def _run(
        self,
        job: str,
        assets: Sequence[str] = (),
        *,
        config: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Mapping[str, Mapping[str, Any]]:
        """One Dagster run of a job, or of some of its assets with their checks; the metadata of each asset it made."""
        import dagster as dg

        level = "DEBUG" if self.verbose else "CRITICAL"
        result = self.definitions.resolve_job_def(job).execute_in_process(
            asset_selection=[dg.AssetKey(asset) for asset in assets],
            instance=self.instance,
            run_config={"loggers": {"console": {"config": {"log_level": level}}}, **(config or {})},
            # who typed it sees that it failed, and no queue could begin it again
            tags={BY_HAND: "fazhi run", "dagster/max_retries": "0", **(tags or {})},
            raise_on_error=False,
        )
        self.report.runs += 1
        if _interrupted(result):
            raise KeyboardInterrupt
        self.report.failures += _failures(result)
        self.stopped |= _stops(result)
        self.report.failed_steps += self._failed_steps(result)
        made = [event.materialization for event in result.get_asset_materialization_events()]
        return {one.asset_key.to_user_string(): one.metadata for one in made}

    def _failed_steps(self, result: "dg.ExecuteInProcessResult") -> list[RunFailure]:
        """The steps to tell of; a failed expectation is told by itself."""
        from orchestration.alerts.runs import failed_steps

        events = _step_failures(result)
        return failed_steps(self.instance, result.run_id, events, self.settings) if events else []


def _step_failures(result: "dg.ExecuteInProcessResult") -> "Sequence[dg.DagsterEvent]":
    return result.filter_events(lambda event: event.is_step_failure)


def _failures(result: "dg.ExecuteInProcessResult") -> list[str]:
    """What made steps fail, a line each; a step that only waited for a failed one isn't named."""
    lines = []
    for event in _step_failures(result):
        error = event.step_failure_data.error
        cause = error.cause or error if error else None
        lines.append(f"{event.step_key}: {_without_class(cause.message) if cause else 'failed'}")
    return lines


def _stops(result: "dg.ExecuteInProcessResult") -> bool:
    """Whether anything failed that leaves nothing to be published; a partition that could not be read doesn't."""
    causes = {str((error.cause or error).cls_name) for error in _errors(result)}
    return bool(causes - {UnreadPartitionsError.__name__})


def _tell(settings: Settings, dagster: "dg.DagsterInstance", report: RunReport) -> None:
    """Follow what is broken now, and send what is due of it, for a second at most."""
    from orchestration.alerts.observing import observe_now

    report.alerts = observe_now(settings, run_failures=report.failed_steps, instance=dagster).complaints


def _errors(result: "dg.ExecuteInProcessResult") -> "list[SerializableErrorInfo]":
    """The errors that made steps fail, each with its cause."""
    return [error for event in _step_failures(result) if (error := event.step_failure_data.error)]


def _interrupted(result: "dg.ExecuteInProcessResult") -> bool:
    """Whether Ctrl+C ended the run: Dagster takes the signal and makes a failed step of it."""
    from dagster import DagsterExecutionInterruptedError

    name = DagsterExecutionInterruptedError.__name__
    return any(name in (error.cls_name, error.cause and error.cause.cls_name) for error in _errors(result))


def _without_class(message: str) -> str:
    """An error's own words on one line, without the name of its class before them."""
    return " ".join(re.sub(r"^[\w.]+: ", "", message).split())


def _ledger(settings: Settings) -> Ledger:
    try:
        return ledger(lexicon(), *settings.ledgers)
    except CorrectionError as error:
        raise CannotRunError(f"{error}. Nothing was changed; the last release stays.") from error


@contextmanager
def _writable(home: Path) -> Iterator[None]:
    """Say what a full or read-only disk means, whoever met it: we, or Dagster's database of runs."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        free = shutil.disk_usage(home).free / 2**20
        reason = getattr(error, "strerror", None) or str(getattr(error, "orig", error)).splitlines()[0]
        raise CannotRunError(
            f"{home} can't be written: {reason} ({free:.1f} MiB are free there); expected room for snapshots, staging "
            "and a second warehouse. The published warehouse is as it was. Make room or set FAZHI_HOME, then run again."
        ) from error


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the home folder's lock, which the system gives back also when the process is killed."""
    home = settings.home
    with ExitStack() as lock:
        try:
            lock.enter_context(locked(settings.run_lock))
        except BlockingIOError:
            raise CannotRunError(
                f"Another fazhi run is at work in {home}; wait for it to end, then run again."
            ) from None
        except OSError as error:
            raise CannotRunError(
                f"{home} can't be used: {error.strerror}; expected a folder this user may write in; set FAZHI_HOME."
            ) from error
        yield
