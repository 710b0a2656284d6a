"""Dagster's web server as a test asks it: by GraphQL, waiting until it answers."""

import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

import requests


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(port: int, query: str, **variables: Any) -> Any:
    """The web server's answer to a GraphQL query, or None while it does not answer yet."""
    asked = {"query": query, "variables": variables}
    try:
        answer = requests.post(f"http://127.0.0.1:{port}/graphql", json=asked, timeout=30).json()
    except (requests.ConnectionError, requests.Timeout):
        return None
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def ask_until(port: int, query: str, server: subprocess.Popen[str], enough: Callable[[Any], object]) -> Any:
    """The first answer that is enough; the last one after a minute and a half or the server's end."""
    deadline = time.monotonic() + 90
    answer: Any = None
    while not (answer and enough(answer)) and time.monotonic() < deadline and server.poll() is None:
        time.sleep(0.5)
        answer = ask(port, query)
    return answer
