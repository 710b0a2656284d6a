"""How many documents of each format are read in a second (`make bench`), on one core and on all of them.

The documents are those of `tests/corpus`. Seconds of one core are those of the processor; what programs beside ours
take (LibreOffice) is counted with it.
"""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_corpus import CORPUS, FORMATS, MANIFEST, needs

from orchestration.facts import facts_of_file
from sources.identify import Hint, identify
from sources.inbox import FoundFile
from sources.readers import read
from sources.workers import Limits, guarded
from transforms.extract import Context, extract

pytestmark = pytest.mark.bench

FEW = {"scan": 2, "doc": 3, "xls": 1}
"""Documents of the slow formats."""


def documents(kind: str) -> list[Path]:
    files = [CORPUS / "documents" / entry["file"] for entry in MANIFEST if entry["format"] == kind]
    return files[: FEW.get(kind, 12)]


def processor_seconds() -> float:
    """Of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.mark.parametrize("kind", FORMATS)
def test_documents_a_second_by_format(kind: str, say: Callable[[str], None]) -> None:
    needs(kind)
    files = [(file.read_bytes(), file.name) for file in documents(kind)]
    first = read(*files[0], "0" * 64)  # what is loaded once
    extract(first.text, Context.of(identify(first, Hint())))
    seconds = {"reading": 0.0, "identifying": 0.0, "figures": 0.0}
    for data, name in files:
        began = processor_seconds()
        document = read(data, name, "0" * 64)
        parsed = processor_seconds()
        identity = identify(document, Hint())
        known = processor_seconds()
        extract(document.text, Context.of(identity))
        seconds["reading"] += parsed - began
        seconds["identifying"] += known - parsed
        seconds["figures"] += processor_seconds() - known
    rate = len(files) / sum(seconds.values())
    said = ", ".join(f"{step} {taken / len(files) * 1000:.1f} ms" for step, taken in seconds.items())
    say(f"{kind:<6} {len(files):>3} documents: {rate:7.2f} documents/s and core ({said} each)")
    assert rate > 0.02


def test_reading_uses_all_cores(say: Callable[[str], None]) -> None:
    """A hundred pages and Word files by one process and by one a core, wall time."""
    files = [file for kind in ("html", "docx", "pdf") for file in documents(kind)] * 6
    tasks = [(FoundFile(file, file.stat().st_size, Hint()), 1 << 30, False) for file in files]
    cores = os.cpu_count() or 1
    taken = {}
    for processes in (1, cores):
        limits = Limits(processes)
        list(guarded(facts_of_file, tasks[: 2 * processes], limits))  # started, and loaded
        began = time.perf_counter()
        assert not [one for one in guarded(facts_of_file, tasks, limits) if isinstance(one, Exception)]
        taken[processes] = time.perf_counter() - began
    ratio = taken[1] / taken[cores]
    say(f"{len(tasks)} documents: {taken[1]:.1f} s by one process, {taken[cores]:.1f} s by {cores}: {ratio:.2f} x")
    assert cores == 1 or ratio > 0.6 * cores
