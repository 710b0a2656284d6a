"""How fast text becomes facts (`make bench`), beside a plain regular expression and other readers of numbers.

All read the same documents in the same run, each on one core; seconds are those of the processor. Bounds are wide;
the figures are for reading.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from other_readers import READERS
from transforms_texts import CONTEXT, ENDLESS, growth, reports, sample_texts

from transforms.extract import extract

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(timer=time.process_time)]

CHARACTERS = 500_000
OTHER_READERS = Path(__file__).parent / "other_readers.py"
THEIR_HOME = Path(__file__).parent.parent / ".venv-bench"
REGEX = "plain regex"
NUMBER_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)(万|亿)?(件|个|项|人次|人|名|次|场|份|户|起|家|条|元|%)")


@dataclass(frozen=True, slots=True)
class Rate:
    """What a reader read and found in how many seconds, or why it did not."""

    name: str
    characters: float = 0
    found: float = 0
    seconds: float = 1
    failure: str = ""

    def line(self, regex: "Rate | None") -> str:
        if self.failure:
            return f"{self.name:<24}{self.failure}"
        rate, found = self.characters / self.seconds, self.found / self.seconds
        slower = f"{regex.characters / regex.seconds / rate:,.1f}" if regex else "?"
        return f"{self.name:<24}{rate:>14,.0f}{found:>14,.0f}{slower:>22}"


@pytest.fixture(scope="module")
def rates(say: Callable[[str], None]) -> Iterator[list[Rate]]:
    """Where rates are gathered, to be shown as a table in the end."""
    measured: list[Rate] = []
    yield measured
    regex = next((rate for rate in measured if rate.name == REGEX), None)
    say(f"\n{'reader':<24}{'characters/s':>14}{'found/s':>14}{'regex is faster by':>22}")
    for rate in measured:
        say(rate.line(regex))


@pytest.fixture(scope="module")
def documents() -> list[str]:
    return reports(CHARACTERS)


def plain(texts: list[str]) -> int:
    return sum(len(NUMBER_AND_UNIT.findall(text)) for text in texts)


def facts(texts: list[str]) -> int:
    return sum(len(extract(text, CONTEXT)) for text in texts)


def test_a_plain_regular_expression(benchmark: Any, documents: list[str], rates: list[Rate]) -> None:
    found = benchmark.pedantic(plain, args=(documents,), rounds=5, warmup_rounds=1)
    rates.append(Rate(REGEX, sum(map(len, documents)), found, benchmark.stats["min"]))


def test_reading_the_samples(benchmark: Any, rates: list[Rate]) -> None:
    texts = sample_texts()
    found = benchmark.pedantic(facts, args=(texts,), rounds=5, warmup_rounds=1)
    rates.append(Rate("fazhi, sample reports", sum(map(len, texts)), found, benchmark.stats["min"]))
    assert rates[-1].characters / rates[-1].seconds > 10_000


def test_reading_reports_of_a_real_length(benchmark: Any, rates: list[Rate]) -> None:
    """Other figures in each round: the first is those that the other readers read."""
    seeds = count()
    found = benchmark.pedantic(facts, setup=lambda: ((reports(CHARACTERS, next(seeds)),), {}), rounds=3)
    characters = sum(map(len, reports(CHARACTERS)))
    rates.append(Rate("fazhi, 500 000 in all", characters, found, benchmark.stats["min"]))
    assert characters / benchmark.stats["min"] > 10_000


@pytest.mark.parametrize("reader", READERS)
def test_another_reader(reader: str, documents: list[str], rates: list[Rate]) -> None:
    try:
        run(sys.executable, "install", str(THEIR_HOME), READERS[reader][0])
        told = run(str(THEIR_HOME / "bin" / "python"), "measure", reader, given=json.dumps(documents))
    except (OSError, subprocess.SubprocessError) as error:
        reason = f"NOT MEASURED, {reader.upper()} COULD NOT BE INSTALLED OR RUN: {last_words(error)}"
        rates.append(Rate(reader, failure=reason))
        pytest.skip(reason)
    rates.append(Rate(reader, **json.loads(told)))


def run(python: str, *asked: str, given: str = "") -> str:
    command = [python, "-W", "ignore", OTHER_READERS, *asked]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=120).stdout


def last_words(error: Exception) -> str:
    """The first line a failed program said of an error, else the last, else what failed."""
    said = str(getattr(error, "stderr", "") or error).strip().splitlines()
    return next((line for line in said if line.startswith("ERROR")), said[-1])


@pytest.mark.parametrize("name", ENDLESS)
def test_time_grows_with_the_length(name: str, say: Callable[[str], None]) -> None:
    times, line = growth(name, 250_000, 1_000_000)
    say(line)
    assert times < 2.0
