"""What a release is made of: the version of the code, and an id that tells releases of different content apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa

CONTENT = ("sources", "transforms", "warehouse")
"""The packages that decide about the content; scheduling and screens don't."""

READING = ("sources", "transforms")
"""Those that decide which figures are read in a report."""

_READ = (".py", ".sql", ".yaml", ".csv")


@cache
def code_version(packages: tuple[str, ...] = CONTENT) -> str:
    """The version of fazhi with a hash of the code and data files of some packages: 0.1.0+3f2a91c0d4e1."""
    top = Path(__file__).parents[1]
    digest = sha256()
    for file in sorted(file for package in packages for file in (top / package).rglob("*") if file.suffix in _READ):
        digest.update(f"{file.relative_to(top).as_posix()}\0".encode() + sha256(file.read_bytes()).digest())
    return f"{version('fazhi')}+{digest.hexdigest()[:12]}"


def release_of(inputs: Mapping[str, pa.Table], lexicon_version: str, built_at: datetime) -> pa.Table:
    """The row of the table `release` that doesn't need counting, for everything that a build reads.

    `inputs` are the tables that load.sql reads, with the hash of every staged file among them.
    """
    row = {
        "release_id": _release_id(inputs, lexicon_version),
        "built_at": built_at.astimezone(UTC).replace(tzinfo=None),
        "code_version": code_version(),
        "lexicon_version": lexicon_version,
        "duckdb_version": duckdb.__version__,
    }
    return pa.Table.from_pylist([row])


def _release_id(inputs: Mapping[str, pa.Table], lexicon_version: str) -> str:
    digest = sha256("\0".join([code_version(), duckdb.__version__, lexicon_version]).encode())
    for name, table in sorted(inputs.items()):
        rows = sorted(map(repr, table.to_pylist()))  # in whatever order they were handed in
        digest.update("\0".join([name, *rows]).encode())
    return digest.hexdigest()[:12]
