"""Dagster's web server as a test asks it: by GraphQL, waiting until it answers."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(port: int, query: str) -> Any:
    """The web server's answer to a GraphQL query, or None while it does not answer yet."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)["data"]
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def ask_until(port: int, query: str, server: subprocess.Popen[str], enough: Callable[[Any], object]) -> Any:
    """The first answer that is enough; the last one after a minute and a half or the server's end."""
    deadline = time.monotonic() + 90
    answer: Any = None
    while not (answer and enough(answer)) and time.monotonic() < deadline and server.poll() is None:
        time.sleep(0.5)
        answer = ask(port, query)
    return answer
