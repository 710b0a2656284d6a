"""The published figures as files, for programs that don't read DuckDB.

    observations.parquet        the view observations, with the sentence of every figure
    sdmx_observations.csv       the view sdmx_observations, as SDMX-CSV has it
    sdmx_codes.csv              what its codes mean

Each file is replaced in one step; all of them are of one release, whose id the names of the columns don't carry but
`release.json` beside them does.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.files import replaced_atomically, write_atomically

FILES = {
    "observations.parquet": "observations",
    "sdmx_observations.csv": "sdmx_observations",
    "sdmx_codes.csv": "sdmx_codes",
}
"""Each file, and the view it holds."""

_FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written, its rows and bytes."""

    file: Path
    rows: int
    bytes: int


def export(warehouse: Path, folder: Path) -> list[Exported]:
    """Write the files of FILES from the warehouse to `folder`; the same release gives the same rows in order."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        written = [_written(connection, view, folder / name) for name, view in FILES.items()]
        release, built_at = connection.execute("SELECT release_id, built_at FROM release").fetchall()[0]
    about = {"release_id": release, "built_at": f"{built_at:%Y-%m-%dT%H:%M:%SZ}", "files": [*FILES]}
    write_atomically(folder / "release.json", (json.dumps(about, indent=1) + "\n").encode())
    return written


def _written(connection: duckdb.DuckDBPyConnection, view: str, file: Path) -> Exported:
    with replaced_atomically(file) as path:
        rows = connection.execute(
            f"COPY (SELECT * FROM {view} ORDER BY ALL) TO '{_quoted(path)}' ({_FORMATS[file.suffix]})"  # noqa: S608
        ).fetchall()[0][0]
    return Exported(file, rows, file.stat().st_size)


def _quoted(path: Path) -> str:
    """A path within quotes of SQL: COPY takes no parameter for it."""
    return str(path).replace("'", "''")
