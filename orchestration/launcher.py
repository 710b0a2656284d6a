"""Whether the process of a run is still there, which Dagster's own launcher can't tell.

Dagster's code server reports a run of its own that was killed within a second. Where the code server went too, as when
the machine did, the run would count as started for ever, and hold its place in the queue and in its pool.
"""

import fcntl
from collections.abc import Iterator

import dagster as dg
import psutil
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.instance import BY_HAND
from orchestration.settings import Settings, load


class WatchedRunLauncher(DefaultRunLauncher):
    """Dagster's launcher of runs on this machine; Dagster's run monitoring asks it about each that has started."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether run monitoring may ask; it may."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Running, unless one knows that what executed the run is gone."""
        if GRPC_INFO_TAG in run.tags:
            gone = not all(_is_there(pid, since) for pid, since in self._processes(run))
        else:
            gone = BY_HAND in run.tags and not _is_locked(load())
        if gone:
            return CheckRunHealthResult(WorkerStatus.FAILED, "its process is gone")
        return CheckRunHealthResult(WorkerStatus.RUNNING)

    def _processes(self, run: dg.DagsterRun) -> Iterator[tuple[int, float]]:
        """The process that said it executes the run, and when it said so; nothing while none did."""
        for entry in self._instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
            metadata = entry.get_dagster_event().engine_event_data.metadata
            if "pid" in metadata:
                yield int(str(metadata["pid"].value)), entry.timestamp
                return


def _is_there(pid: int, since: float) -> bool:
    """Whether a process is the one of that number then, not one that got its number later."""
    try:
        process = psutil.Process(pid)
        return process.create_time() <= since and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_locked(settings: Settings) -> bool:
    """Whether a `fazhi run` is at work in the home folder."""
    with settings.run_lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
