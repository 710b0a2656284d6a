"""Steps of the warehouse measured in a process of their own, so that its peak of memory is theirs alone.

python warehouse_measured.py plain ROOT FILE           one ordered table of the staged observations, with DuckDB alone
python warehouse_measured.py build ROOT FILE REGIONS   the candidate of the staged partitions
python warehouse_measured.py audit FILE                the candidate's suites, Great Expectations imported before
python warehouse_measured.py count FILE                SQL alone that counts what the suites find
python warehouse_measured.py ask FILE                  the questions analysts ask most, each in milliseconds

Prints one JSON object: `seconds`, `processor_seconds` and `peak_mib` of the step, or the questions' times.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
QUESTIONS = {
    "point": "SELECT value, sentence FROM observations WHERE region_code = '430524' AND year = 2020 "
    "AND indicator_code = $indicator",
    "trend over years": "SELECT year, count(*), sum(value) FROM observations WHERE region_code = '430524' "
    "AND indicator_code = $indicator GROUP BY year ORDER BY year",
    "city against counties": "SELECT region_code, region, sum(value) FROM observations WHERE year = 2020 "
    "AND indicator_code = $indicator AND region_code BETWEEN '430500' AND '430599' "
    "GROUP BY ALL ORDER BY region_code",
}


def measured(step: str, *arguments: str | Path) -> dict[str, float]:
    """What a step took, run in a process of its own."""
    import subprocess

    command = [sys.executable, __file__, step, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=HERE.parent)
    assert done.returncode == 0, done.stderr
    told: dict[str, float] = json.loads(done.stdout)
    return told


def plain(root: Path, file: Path) -> Callable[[], None]:
    def run() -> None:
        with duckdb.connect(file) as connection:
            connection.execute(
                f"CREATE TABLE plain AS SELECT * FROM read_parquet('{root}/observations/*/*/*.parquet', "  # noqa: S608
                "hive_partitioning = false) ORDER BY report_year, region_code, snapshot_id, number_offset"
            )

    return run


def build(root: Path, candidate: Path, region_count: str) -> Callable[[], None]:
    import pandas  # noqa: F401 - pyarrow loads it when it first makes a table of Python's values
    from warehouse_synthetic import places

    from transforms.lexicon import lexicon
    from warehouse.build import build as build_warehouse

    known, regions = lexicon(), places(int(region_count))
    return lambda: void(build_warehouse(root, candidate, quarantine=[], regions=regions, lexicon=known))


def audit(candidate: Path) -> Callable[[], None]:
    from warehouse.audit import audit as audit_warehouse
    from warehouse.expectations.validation import context_in

    context_in(None)
    return lambda: void(audit_warehouse(candidate))


def count(candidate: Path) -> Callable[[], None]:
    """The violations of each rule, kind and expectation, by SQL and nothing else."""
    import pandas  # noqa: F401 - as above

    from warehouse import identities, plausibility
    from warehouse.build import MEMORY_LIMIT
    from warehouse.statements import statements

    def run() -> None:
        asked = {**statements("audit.sql"), **statements("reporting.sql")}
        with duckdb.connect(candidate, read_only=True) as connection:
            connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
            for name in ("integrity", "coverage", "corrections", "quarantine", "reporting"):
                connection.execute(f"SELECT count(*) FROM ({asked[name].rstrip(';')})").fetchall()  # noqa: S608
            for query in (identities.prepared(connection), plausibility.prepared(connection)):
                counted = f"SELECT kind, verdict, count(*) FROM ({query.rstrip(';')}) GROUP BY ALL"  # noqa: S608
                connection.execute(counted).fetchall()

    return run


def void(_: object) -> None:
    """Nothing, of whatever was returned."""


def ask(file: Path) -> dict[str, float]:
    """The best of five of each question, each put to a database that was opened for it."""
    times: dict[str, float] = {}
    with duckdb.connect(file, read_only=True) as connection:
        # one that the region has in that year, of however few figures
        indicator = connection.execute(
            "SELECT mode(indicator_code) FROM observations WHERE region_code = '430524' AND year = 2020"
        ).fetchall()[0][0]
    for name, sql in QUESTIONS.items():
        taken = []
        for _ in range(5):
            with duckdb.connect(file, read_only=True) as connection:
                start = time.perf_counter()
                found = connection.execute(sql, {"indicator": indicator}).fetchall()
                taken.append((time.perf_counter() - start) * 1000)
            assert found, name
        times[name] = min(taken)
    return times


def timed(step: Callable[[], None]) -> dict[str, float]:
    start, processor = time.perf_counter(), time.process_time()
    step()
    return {
        "seconds": time.perf_counter() - start,
        "processor_seconds": time.process_time() - processor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["plain", root, file]:
            result = timed(plain(Path(root), Path(file)))
        case ["build", root, file, regions]:
            result = timed(build(Path(root), Path(file), regions))
        case ["audit", file]:
            result = timed(audit(Path(file)))
        case ["count", file]:
            result = timed(count(Path(file)))
        case ["ask", file]:
            result = ask(Path(file))
        case other:
            raise SystemExit(f"found {other}, expected what the head of this file lists")
    json.dump(result, sys.stdout)
