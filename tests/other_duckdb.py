"""Another DuckDB beside the one of the environment, in a folder of its own.

python other_duckdb.py build STAGING FILE    builds a warehouse with whatever DuckDB is imported
python other_duckdb.py read FILE             prints its content hashes as JSON, and changes nothing
"""

import json
import os
import subprocess
import sys
from pathlib import Path

VERSION = "2.0.0"
HERE = Path(__file__).parent
FOLDER = HERE.parent / ".venv-bench" / f"duckdb-{VERSION}"


def installed() -> Path:
    """A folder that, put on the path first, gives DuckDB of VERSION; installed once, raises where it can't be."""
    ready = FOLDER / ".ready"
    if not ready.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "1", "--no-deps"]
        subprocess.run([*pip, "--target", FOLDER, f"duckdb=={VERSION}"], check=True, capture_output=True, timeout=300)
        ready.touch()
    return FOLDER


def asked(first_on_path: Path | None, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """This program in a process of its own, with another DuckDB before the environment's, if any."""
    path = os.pathsep.join(str(one) for one in (first_on_path, HERE, HERE.parent) if one)
    return subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
        timeout=300,
    )


def build(staging: Path, file: Path) -> None:
    from warehouse_examples import Held, build_small, clean_reports, record, stage_all

    from warehouse.audit import audit

    stage_all(staging, clean_reports())
    build_small(staging, file, [Held()])
    record(file, audit(file))


def read(file: Path) -> dict[str, object]:
    import duckdb

    from warehouse.content import content_hashes
    from warehouse.query import query

    return {
        "duckdb": duckdb.__version__,
        "hashes": content_hashes(file),
        "observations": len(query(file, "SELECT * FROM observations").rows),
        "coverage": query(file, "SELECT region_code, state FROM coverage").rows,
        "built_by": query(file, "SELECT duckdb_version FROM release").rows[0][0],
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", staging, file]:
            build(Path(staging), Path(file))
        case ["read", file]:
            json.dump(read(Path(file)), sys.stdout)
        case other:
            raise SystemExit(f"found {other}, expected what the head of this file lists")
