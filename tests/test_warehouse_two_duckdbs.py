"""DuckDB 1.5 and 2.0: either builds the warehouse, both open what either has built, and the content is the same."""

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from other_duckdb import VERSION, asked, installed

from warehouse.audit import audit


@pytest.fixture(scope="module")
def other() -> Path:
    try:
        return installed()
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", b"") or error).strip().splitlines()
        pytest.skip(f"NOT TESTED: DUCKDB {VERSION} COULD NOT BE INSTALLED: {said[-1] if said else error}")


@pytest.fixture(scope="module")
def built(other: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A warehouse of the same reports, built by either."""
    folder = tmp_path_factory.mktemp("two")
    files = {}
    for version, path in ((duckdb.__version__, None), (VERSION, other)):
        files[version] = folder / f"{version}.duckdb"
        done = asked(path, "build", folder / f"staging-{version}", files[version])
        assert done.returncode == 0, done.stderr
    return files


def read(path: Path | None, file: Path) -> dict[str, Any]:
    done = asked(path, "read", file)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_each_opens_what_the_other_has_built_and_finds_the_same(other: Path, built: dict[str, Path]) -> None:
    found = []
    for by, file in built.items():
        here, there = read(None, file), read(other, file)
        assert (here.pop("duckdb"), there.pop("duckdb")) == (duckdb.__version__, VERSION)
        assert here == there, "both read the same"
        assert here.pop("built_by") == by
        assert here["observations"] > 0
        del here["hashes"]["release"]  # names the DuckDB that built it
        found.append(here)
    assert found[0] == found[1], "both build the same"


def test_what_the_other_has_built_passes_the_audit_here(built: dict[str, Path]) -> None:
    assert [one.expectation_id for one in audit(built[VERSION]) if one.blocks] == []
