"""The Dagster instance of a home folder: runs, events and check results, of `fazhi run` and the UI alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import PREFIX, Settings
from sources.files import write_atomically

if TYPE_CHECKING:
    import dagster as dg

BY_HAND = "fazhi/command"
"""The tag of a run that `fazhi run` executes in its own process."""

WRITING = "warehouse"
"""The pool of what builds, checks and publishes the warehouse: one run at a time holds it."""

PROFILES = Path(__file__).with_name("profiles")


class InstanceError(Exception):
    """Dagster's database doesn't answer. Says what it was answered, and what to do."""


def prepare(settings: Settings) -> Path:
    """Make the instance's folder with the dagster.yaml of the profile in it and return it. Raises InstanceError."""
    folder = settings.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    parts = [(PROFILES / f"{name}.yaml").read_bytes() for name in ("common", settings.profile)]
    write_atomically(folder / "dagster.yaml", b"\n".join(parts))
    if settings.profile == "team" and settings.postgres:
        _reach(settings.postgres.get_secret_value())
    return folder


@contextmanager
def opened(settings: Settings) -> "Iterator[dg.DagsterInstance]":
    """The instance. Raises InstanceError, also where its database is lost while it is used."""
    import dagster as dg
    from sqlalchemy.exc import SQLAlchemyError

    with dg.DagsterInstance.from_config(str(prepare(settings))) as dagster:
        try:
            yield dagster
        except Exception as error:
            # dagster-postgres tries again for a while, then raises an error of its own
            cause = error.__cause__ or error
            if settings.profile == "team" and isinstance(cause, SQLAlchemyError):
                raise _no_answer(cause) from error
            raise


def prepare_queue(settings: Settings) -> Path:
    """The same as `prepare`, for what takes runs from the queue. Raises InstanceError.

    Dagster limits a pool only from the second time on that it meets it, and the first two runs would go together.
    """
    with opened(settings) as dagster:
        dagster.event_log_storage.initialize_concurrency_limit_to_default(WRITING)
    return settings.dagster_home


def _reach(address: str) -> None:
    """See that the database answers, as Dagster would try for a quarter of a minute and then show a traceback."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        create_engine(address, poolclass=NullPool).connect().close()
    except SQLAlchemyError as error:
        raise _no_answer(error) from error


def _no_answer(error: BaseException) -> InstanceError:
    said = " ".join(str(getattr(error, "orig", error)).split())
    return InstanceError(
        f"Dagster's database doesn't answer: {said}; expected the one that {PREFIX}POSTGRES names. "
        f"See that it runs and lets this user in, or set {PREFIX}PROFILE to local."
    )
