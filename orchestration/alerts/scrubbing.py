"""Secrets out of texts: nothing of a channel's address that could open it stays in a log, an error or a database."""

import base64
import logging
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

HIDDEN = "***"

SHORTEST = 6
"""Pieces of a path or a query shorter than this open nothing; users and passwords go whatever their length."""


def scrub(text: str, secrets: Iterable[str]) -> str:
    """`text` without the addresses in `secrets` and without their users, passwords, tokens, queries and path pieces."""
    pieces = {piece for secret in secrets for piece in _pieces(secret.strip()) if piece}
    if not pieces:
        return text
    longest_first = sorted(pieces, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), HIDDEN, text, flags=re.IGNORECASE)


class Scrubbing(logging.Filter):
    """Lets records pass without the secrets it knows; for the loggers of libraries that log addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Takes the secrets out of a record, its arguments and its traceback."""
        if self.secrets:
            record.msg, record.args = scrub(record.getMessage(), self.secrets), ()
            record.exc_info = record.exc_text = None
        return True


def _pieces(secret: str) -> Iterator[str]:
    for piece in _raw_pieces(secret):
        yield from {piece, unquote(piece), quote(unquote(piece), safe="")}


def _raw_pieces(secret: str) -> Iterator[str]:
    if not secret:
        return
    yield secret
    try:
        parts = urlsplit(secret)
    except ValueError:
        return
    login, _, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    yield from (login, user, password)
    if login:
        yield base64.b64encode(unquote(login).encode()).decode()
    # where a service has one host only, its token stands in place of the host
    values = [value for _, value in parse_qsl(parts.query)]
    long = [host if "." not in host and ":" not in host and host != "localhost" else "", parts.query, *values]
    long += [word for value in values for word in value.split()]
    long += [parts.path.strip("/"), *parts.path.split("/"), parts.fragment]
    yield from (piece for piece in long if len(piece) >= SHORTEST)
