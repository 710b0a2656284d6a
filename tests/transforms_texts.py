"""Texts to measure the reading with, and how long they take."""

import random
import re
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from sources.inbox import FoundFile, find
from sources.quarantine import Quarantined
from sources.readers import read
from transforms.extract import Context, extract

SAMPLES = Path(__file__).parent.parent / "sources" / "samples" / "reports"
CONTEXT = Context("430500", 2024)
REPORT = 15_000  # characters of a city's report

ENDLESS = {
    "digits": "7",
    "opening brackets": "（",
    "one sentence": "受理行政复议案件12件",
    "万": "万",
    "12件": "12件",
    "zeros": "审结5件,无一败诉,",
}

_FIGURE = re.compile(r"(?<![\d第])(?!(?:19|20)\d\d(?!\d))\d+(?![\d年月日号])")


def sample_texts() -> list[str]:
    """The digest and the other sample reports that are text files."""
    texts = []
    for found in find([SAMPLES]):
        assert isinstance(found, FoundFile)
        if found.path.suffix == ".txt":
            try:
                texts.append(read(found.path.read_bytes(), found.path.name, "").text)
            except Quarantined:
                continue
    return texts


def reports(characters: int, seed: int = 0) -> list[str]:
    """Documents of a real report's length, about `characters` in all: the samples over and over.

    The figures are other ones each time, so that nothing remembered of one copy reads the next.
    """
    pieces, found = _pieces(random.Random(seed)), list[str]()  # noqa: S311
    while sum(map(len, found)) < characters:
        report = ""
        while len(report) < REPORT:
            report += next(pieces) + "\n"
        found.append(report)
    return found


def _pieces(chance: random.Random) -> Iterator[str]:
    texts = sample_texts()
    for number in count():
        yield _FIGURE.sub(
            lambda figure: "".join(chance.choices("123456789", k=len(figure[0]))), texts[number % len(texts)]
        )


def seconds_a_character(piece: str, characters: int) -> float:
    """Processor time to read `characters` of a piece without end."""
    text = piece * (characters // len(piece))
    extract(text[:1000], CONTEXT)
    start = time.process_time()
    extract(text, CONTEXT)
    return (time.process_time() - start) / len(text)


def growth(name: str, short: int, long: int) -> tuple[float, str]:
    """How many times the time a character takes in the longer text, and a line that tells it."""
    few, many = (seconds_a_character(ENDLESS[name], characters) for characters in (short, long))
    rates = f"{1 / few:>11,.0f} characters/s at {short / 1e6:g} M, {1 / many:>11,.0f} at {long / 1e6:g} M"
    return many / few, f"{rates}, time a character x {many / few:.2f}: {name}"
