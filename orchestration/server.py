"""The Dagster UI of a home folder: web server and daemon on localhost, with telemetry off."""

import os
import signal
import sys
from typing import NoReturn

import typer

from orchestration import instance
from orchestration.settings import PREFIX, Settings


def serve(settings: Settings) -> NoReturn:
    """Become `dagster dev`, on the instance `fazhi run` uses, so that its runs are to be seen. Ends with Ctrl+C."""
    environment = {
        **os.environ,
        f"{PREFIX}HOME": str(settings.home),
        "DAGSTER_HOME": str(instance.prepare(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "-m", "orchestration.definitions"]
    command += ["--host", settings.host, "--port", str(settings.port), "--log-level", "warning"]
    typer.echo(f"Dagster UI of {settings.home}: http://{settings.host}:{settings.port} (Ctrl+C ends it)")
    sys.stdout.flush()
    # A shell starts background jobs with interrupts ignored; Dagster then would not end on a TERM signal either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter, no shell
