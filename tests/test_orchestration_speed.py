"""How fast the steps are (`make bench`). Bounds are wide; the figures are for reading."""

import json
from pathlib import Path
from typing import Any

import pytest
from orchestration_reports import fazhi

from orchestration.facts import Passage, facts_of_passage
from sources.inbox import FoundFile, find
from sources.quarantine import Quarantined
from sources.readers import read
from transforms.extract import Context

pytestmark = pytest.mark.bench

SAMPLES = Path(__file__).parent.parent / "sources" / "samples" / "reports"


def sample_texts() -> list[str]:
    texts = []
    for found in find([SAMPLES]):
        assert isinstance(found, FoundFile)
        try:
            texts.append(read(found.path.read_bytes(), found.path.name, "").text)
        except Quarantined:
            continue
    return texts


def test_reading_figures(benchmark: Any) -> None:
    texts = sample_texts()
    passages = [Passage(str(number), text, Context("430500", 2024)) for number, text in enumerate(texts)]
    benchmark(lambda: [facts_of_passage(passage) for passage in passages])
    characters = sum(map(len, texts))
    benchmark.extra_info["characters a second"] = round(characters / benchmark.stats["min"])
    assert characters / benchmark.stats["min"] > 10_000


def test_the_whole_job_on_the_samples(benchmark: Any, tmp_path: Path) -> None:
    done = benchmark.pedantic(fazhi, args=("run", SAMPLES), kwargs={"home": tmp_path}, rounds=1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert benchmark.stats["max"] < 30


def test_one_document_on_the_command_line(benchmark: Any, tmp_path: Path) -> None:
    report = next(found.path for found in find([SAMPLES]) if found.path.suffix == ".txt")
    done = benchmark.pedantic(fazhi, args=("extract", report, "--jsonl"), kwargs={"home": tmp_path}, rounds=5)
    assert json.loads(done.stdout)["outcome"] == "ok"
