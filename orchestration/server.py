"""Dagster's own programs on a home folder: together as `fazhi ui` and `fazhi up`, or one by one as on a server.

Each is what this process becomes, with telemetry off, on the instance `fazhi run` uses; so its runs are to be seen.
"""

import fcntl
import os
import signal
import sys
from typing import NoReturn

import typer

from orchestration import instance
from orchestration.settings import PREFIX, Settings

DEFINITIONS = ("-m", "orchestration.definitions")
QUIET = ("--log-level", "warning")


def ui(settings: Settings) -> NoReturn:
    """Become web server and daemon. Ends with Ctrl+C. Raises InstanceError, as the others do."""
    doing = "schedules and sensors on" if settings.automation else "schedules and sensors off until switched on there"
    _say(f"Dagster UI of {settings.home}: {_address(settings)}, {doing} (Ctrl+C ends it)")
    _be_the_only_daemon(settings)
    _become(settings, "dagster", "dev", *DEFINITIONS, *_listening(settings), *QUIET)


def webserver(settings: Settings, *, read_only: bool) -> NoReturn:
    """Become the web server alone; read-only, it lets nobody start or change anything."""
    _say(f"Dagster UI of {settings.home}: {_address(settings)}{', read-only' if read_only else ''}")
    only = ["--read-only"] if read_only else []
    instance.prepare(settings)
    _become(settings, "dagster_webserver", *DEFINITIONS, *_listening(settings), "--dagster-log-level", "warning", *only)


def daemon(settings: Settings) -> NoReturn:
    """Become the daemon alone: queue, backfills, schedules, sensors, and who watches over runs."""
    _say(f"Dagster daemon of {settings.home}, schedules and sensors {'on' if settings.automation else 'off'}")
    _be_the_only_daemon(settings)
    _become(settings, "dagster._daemon", "run", *DEFINITIONS, *QUIET)


def _be_the_only_daemon(settings: Settings) -> None:
    """Hold a lock for as long as the program runs that this process becomes: two daemons would start each run twice."""
    instance.prepare_queue(settings)
    lock = os.open(settings.daemon_lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise instance.InstanceError(
            f"Another fazhi ui, up or daemon is at work in {settings.home}; expected one. Look at its UI, "
            "or end it first; a second web server alone is fazhi webserver."
        ) from None
    os.set_inheritable(lock, True)


def _become(settings: Settings, module: str, *arguments: str) -> NoReturn:
    environment = {
        **os.environ,
        f"{PREFIX}HOME": str(settings.home),
        f"{PREFIX}AUTOMATION": str(settings.automation),
        "DAGSTER_HOME": str(settings.dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    # A shell starts background jobs with interrupts ignored; Dagster then would not end on a TERM signal either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter, no shell


def _listening(settings: Settings) -> tuple[str, ...]:
    return "--host", settings.host, "--port", str(settings.port)


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()
