"""The Dagster instance of a home folder: runs, events and check results, of `fazhi run` and the UI alike."""

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Settings
from sources.files import write_atomically

if TYPE_CHECKING:
    import dagster as dg

JOB = "fazhi_pipeline"
"""The job of the whole flow, by which its runs are known."""


def prepare(settings: Settings) -> Path:
    """Make the instance's folder with our dagster.yaml in it (telemetry off) and return it."""
    folder = settings.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "dagster.yaml", Path(__file__).with_name("dagster.yaml").read_bytes())
    return folder


def opened(settings: Settings) -> "dg.DagsterInstance":
    """The instance, to be used in a `with`."""
    import dagster as dg

    return dg.DagsterInstance.from_config(str(prepare(settings)))
