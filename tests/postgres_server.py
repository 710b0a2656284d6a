"""A PostgreSQL of its own on loopback, from Debian's package, for as long as a test needs it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from web_server import free_port

USER, PASSWORD = "fazhi", "s3cret-of-the-database"


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version's; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).resolve().parent if found else installed[-1].parent if installed else None


@contextmanager
def serving(programs: Path) -> Iterator[int]:
    """The port of a server with one user and an empty database, both called fazhi."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="fazhi-postgres-") as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        asked = [f"--username={USER}", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--no-sync"]
        as_user = _who_may_serve(folder)
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", *asked], user=as_user, check=True, capture_output=True
        )
        listening = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *listening], user=as_user, stdout=log, stderr=log
            )
        try:
            _wait_for(server, port, folder / "log")
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def ask(port: int, query: str, database: str = "postgres") -> list[tuple[object, ...]]:
    """The rows of a query."""
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=USER, password=PASSWORD, dbname=database, connect_timeout=5
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def _who_may_serve(folder: Path) -> str | None:
    """PostgreSQL refuses root; another user then gets the folder."""
    if os.geteuid() != 0:
        return None
    user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
    for path in (folder, folder / "password"):
        os.chown(path, pwd.getpwnam(user).pw_uid, -1)
    return user


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            ask(port, "select 1")
            return
        except psycopg2.OperationalError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.1)
