"""How long the definitions take to load beyond Dagster's own import, for few regions and for the whole country."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.regions import regions

LOAD = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import dagster
started = time.process_time()
from orchestration.definitions import defs
defs.get_repository_def()
print(json.dumps(time.process_time() - started))
"""

MOST = {"邵阳市 and its counties": (13, 2.0), "every county, fifteen years": (2800, 4.0)}
"""Regions, and the seconds of processor time that loading may take."""


def seconds_to_load(home: Path, **settings: str) -> float:
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "FAZHI_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(loaded.stdout))


@pytest.mark.bench
@pytest.mark.parametrize("which", MOST)
def test_definitions_load_fast(which: str, tmp_path: Path, say: Callable[[str], None]) -> None:
    count, most = MOST[which]
    years = {"FAZHI_FIRST_YEAR": "2010", "FAZHI_LAST_YEAR": "2024"}
    chosen = {"FAZHI_REGIONS": ",".join(sorted(regions())[:count])} if count > 13 else {}
    seconds = min(seconds_to_load(tmp_path, **chosen, **years) for _ in range(3))
    say(f"definitions of {which}: {seconds:.2f} s of processor time beyond Dagster's import")
    assert seconds < most
