"""What a release is made of: the version of the code, and an id that tells releases of different content apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version

import duckdb
import pyarrow as pa

from sources.code import code_hash

CONTENT = ("sources", "transforms", "warehouse")
"""The packages that decide about the content; scheduling and screens don't."""

READING = ("sources", "transforms")
"""Those that decide which figures are read in a report."""


def code_version(packages: tuple[str, ...] = CONTENT) -> str:
    """The version of fazhi with a hash of the code and data files of some packages: 0.1.0+3f2a91c0d4e1."""
    return f"{version('fazhi')}+{code_hash(*packages)}"


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
