"""The last releases of the warehouse, kept beside it with their manifests.

    <folder of the warehouse>/releases/20261125T215012.345678Z-3f2a91c0d4e1.duckdb    the file as it was published
    <folder of the warehouse>/releases/20261125T215012.345678Z-3f2a91c0d4e1.json      its manifest

The name says when it was built and its release id. The file is a hard link: the published one takes no room twice.
See docs/decisions/0007-releases.md.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb

from sources.files import clear_stale_temporaries, locked, replaced_atomically, write_atomically
from warehouse.content import contents

KEEP = 5
"""Releases kept, the published one among them."""


class ReleaseError(Exception):
    """A release can't be kept, found or put back; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A kept release: its file, when it was built (UTC), figures with and without an indicator, and its hash."""

    file: Path
    release_id: str
    built_at: datetime
    reports: int
    observations: int
    unmapped: int
    code_version: str
    duckdb_version: str
    sha256: str
    published: bool

    @property
    def name(self) -> str:
        """Its name, by which it sorts."""
        return self.file.stem


def folder_of(warehouse: Path) -> Path:
    """Where the releases of a warehouse are kept."""
    return warehouse.with_name("releases")


def kept_releases(warehouse: Path) -> list[Release]:
    """The kept releases of a warehouse, the newest first. Raises ReleaseError where a manifest can't be read."""
    published = _name_of(warehouse)
    manifests = sorted(folder_of(warehouse).glob("*.json"), reverse=True)
    return [_release(path, published) for path in manifests if path.with_suffix(".duckdb").exists()]


def manifest_of(database: Path) -> dict[str, Any]:
    """What a warehouse file holds and was made of, with hashes; every run of the same build gives the same.

    release (the row of the table), database (bytes and SHA-256 of the file), tables (rows and content hash each)
    and staged (the Parquet files it was read from: rows and SHA-256 by year and region).
    """
    with duckdb.connect(database, read_only=True) as connection:
        (release,) = _rows(connection, "SELECT * FROM release")
        staged = _rows(connection, "SELECT * FROM staged_partition ORDER BY year_key, region_code")
    tables = {name: {"rows": content.rows, "content": content.hash} for name, content in contents(database).items()}
    return {
        "release": release,
        "database": {"bytes": database.stat().st_size, "sha256": sha256_of(database)},
        "tables": tables,
        "staged": staged,
    }


def write_manifest(database: Path, path: Path) -> None:
    """Write the manifest of a warehouse file, in one step."""
    write_atomically(path, (json.dumps(manifest_of(database), indent=1, default=str) + "\n").encode())


def keep(warehouse: Path, manifest: Path | None = None) -> None:
    """Keep the published warehouse, unless it is kept already or says of no release that it is one.

    `manifest` is one written before, which is moved; without it one is made. The file comes last, so that a
    kept file always has its manifest.
    """
    name = _name_of(warehouse)
    if name is None:
        return
    folder = folder_of(warehouse)
    file, own = folder / f"{name}.duckdb", folder / f"{name}.json"
    if manifest:
        folder.mkdir(exist_ok=True)
        manifest.replace(own)
    elif file.exists() and own.exists():
        return
    else:
        write_manifest(warehouse, own)
    put_in_place(warehouse, file)


def prune(warehouse: Path, most: int) -> None:
    """Remove all but the `most` newest releases of different content; never the published one."""
    seen: set[str] = set()
    for release in kept_releases(warehouse):
        wanted = release.release_id not in seen and len(seen) < most
        seen.add(release.release_id)
        if not (wanted or release.published):
            release.file.unlink()
            release.file.with_suffix(".json").unlink()
    for left in folder_of(warehouse).glob("*.json"):
        if not left.with_suffix(".duckdb").exists():
            left.unlink()


def put_in_place(source: Path, target: Path) -> None:
    """Give a finished file a second name in one step: a hard link, or a copy where the file system has none."""
    with replaced_atomically(target) as temporary:
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@contextmanager
def alone(warehouse: Path) -> Iterator[None]:
    """Hold the releases' lock, and clear what a killed holder left. Raises ReleaseError where it is held."""
    folder = folder_of(warehouse)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder):
            clear_stale_temporaries(folder)
            for left in warehouse.parent.glob(f".{warehouse.name}.*.tmp"):
                left.unlink()
            yield
    except BlockingIOError as error:
        raise ReleaseError(f"another publication or rollback of {warehouse} is at work; wait for it to end") from error


def _name_of(database: Path) -> str | None:
    """The name of the release that a file says it is; None where it isn't there or says nothing of the kind."""
    try:
        with duckdb.connect(database, read_only=True) as connection:
            row = connection.execute("SELECT built_at, release_id FROM release").fetchone()
    except duckdb.Error:
        return None
    return f"{row[0]:%Y%m%dT%H%M%S.%f}Z-{row[1]}" if row else None


def _release(manifest: Path, published: str | None) -> Release:
    try:
        told = json.loads(manifest.read_bytes())
        row = told["release"]
        return Release(
            file=manifest.with_suffix(".duckdb"),
            release_id=row["release_id"],
            built_at=datetime.fromisoformat(row["built_at"]),
            reports=row["reports"],
            observations=row["observations"],
            unmapped=row["unmapped"],
            code_version=row["code_version"],
            duckdb_version=row["duckdb_version"],
            sha256=told["database"]["sha256"],
            published=manifest.stem == published,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{manifest} is no manifest of a release ({error!r}); delete it together with its .duckdb file"
        ) from error


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
