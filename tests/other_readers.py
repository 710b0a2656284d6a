"""Other readers of numbers in Chinese text, to be measured beside ours; a program with an environment of its own.

python other_readers.py install FOLDER TOOL                    makes the environment, or adds the tool to it
FOLDER/bin/python other_readers.py measure READER < DOCUMENTS  reads a JSON list of texts, prints a JSON object

Knows nothing of fazhi, which is not installed there.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Recognizers-Text asks for any emoji, but needs one before 2.0.
PINS = {
    "jieba": ["jieba==0.42.1"],
    "recognizers": [
        "recognizers-text==1.0.2a2",
        "recognizers-text-number==1.0.2a2",
        "recognizers-text-number-with-unit==1.0.2a2",
        "emoji==1.1.0",
        "multipledispatch==1.0.0",
        "regex==2026.11.15",
    ],
}
LONGEST = 5.0  # seconds; a slow reader gets only part of the text


def install(folder: Path, tool: str) -> None:
    """The environment with a tool at its pinned versions; nothing to do where it is there already."""
    ready, pins = folder / f"{tool}.ready", "\n".join(PINS[tool])
    if ready.is_file() and ready.read_text() == pins:
        return
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--retries", "1", "--no-deps"]
    subprocess.run([*pip, *PINS[tool]], check=True)
    ready.write_text(pins)


def jieba_words() -> Callable[[str], int]:
    import jieba

    jieba.dt.tmp_dir = sys.prefix
    number = re.compile(r"\d+(?:\.\d+)?%?|[一二三四五六七八九十百千万亿]+")
    return lambda text: sum(number.fullmatch(word) is not None for word in jieba.lcut(text))


def jieba_parts_of_speech() -> Callable[[str], int]:
    import jieba
    import jieba.posseg

    jieba.dt.tmp_dir = sys.prefix
    return lambda text: sum(word.flag == "m" for word in jieba.posseg.lcut(text))


def recognizers_number() -> Callable[[str], int]:
    from recognizers_number import NumberRecognizer
    from recognizers_text import Culture

    model = NumberRecognizer(Culture.Chinese).get_number_model()
    return lambda text: len(model.parse(text))


def recognizers_unit() -> Callable[[str], int]:
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture

    units = NumberWithUnitRecognizer(Culture.Chinese)
    models = [
        NumberRecognizer(Culture.Chinese).get_percentage_model(),
        units.get_currency_model(),
        units.get_dimension_model(),
    ]
    return lambda text: sum(len(model.parse(text)) for model in models)


READERS: dict[str, tuple[str, Callable[[], Callable[[str], int]]]] = {
    "jieba lcut + regex": ("jieba", jieba_words),
    "jieba posseg": ("jieba", jieba_parts_of_speech),
    "Recognizers number": ("recognizers", recognizers_number),
    "Recognizers with unit": ("recognizers", recognizers_unit),
}


def measure(reader: str, documents: list[str]) -> dict[str, float]:
    """Characters read, numbers found and seconds of processor time, after a first document that loads everything."""
    count = READERS[reader][1]()
    count(documents[0])
    characters = found = 0
    start = time.process_time()
    for document in documents:
        found += count(document)
        characters += len(document)
        if time.process_time() - start > LONGEST:
            break
    return {"characters": characters, "found": found, "seconds": time.process_time() - start}


if __name__ == "__main__":
    if sys.argv[1] == "install":
        install(Path(sys.argv[2]), sys.argv[3])
    else:
        json.dump(measure(sys.argv[2], json.load(sys.stdin)), sys.stdout)
