"""How fast the steps are (`make bench`). Bounds are wide; the figures are for reading."""

import json
from pathlib import Path
from typing import Any

import pytest
from orchestration_reports import fazhi

from sources.inbox import find

pytestmark = pytest.mark.bench

SAMPLES = Path(__file__).parent.parent / "sources" / "samples" / "reports"


def test_the_whole_job_on_the_samples(benchmark: Any, tmp_path: Path) -> None:
    done = benchmark.pedantic(fazhi, args=("run", SAMPLES), kwargs={"home": tmp_path}, rounds=1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert benchmark.stats["max"] < 30


def test_one_document_on_the_command_line(benchmark: Any, tmp_path: Path) -> None:
    report = next(found.path for found in find([SAMPLES]) if found.path.suffix == ".txt")
    done = benchmark.pedantic(fazhi, args=("extract", report, "--jsonl"), kwargs={"home": tmp_path}, rounds=5)
    assert json.loads(done.stdout)["outcome"] == "ok"
