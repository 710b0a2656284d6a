"""Reading the declared expectations (suites/*.yaml), with file and line in every error."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SUITES = Path(__file__).with_name("suites")
SEVERITIES = ("error", "warning", "info")
_TEXTS = ("id", "severity", "frame", "meaning_en", "meaning_zh", "action", "expect")
_KEYS = {*_TEXTS, "with", "where"}


class DeclarationError(ValueError):
    """A suite says something that can't be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One expectation as a steward declared it.

    `expect` is a Great Expectations type, `arguments` its arguments, `where` a condition on the rows of
    `frame` (pandas query language). `place` is file and line.
    """

    suite: str
    id: str
    severity: str
    frame: str
    meaning_en: str
    meaning_zh: str
    action: str
    expect: str
    arguments: Mapping[str, Any]
    where: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one place, and the columns by which a failing row is shown."""

    name: str
    show: tuple[str, ...]
    expectations: tuple[Declared, ...]


@cache
def suite(name: str, folder: Path = SUITES) -> Suite:
    """Load a suite (`partition`, `warehouse`). Raises DeclarationError where the file can't be used."""
    path = folder / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        raise DeclarationError(f"there is no suite {name!r}; expected one of {known}")
    data, lines = _read(path)
    show = data.get("show")
    if not isinstance(show, list) or not all(isinstance(column, str) for column in show):
        raise DeclarationError(f"{path.name}:1: expected `show`, a list of columns, found {show!r}")
    seen: dict[str, str] = {}
    declared = []
    for entry, line in zip(data["expectations"], lines, strict=True):
        one = _declared(name, entry, f"{path.name}:{line}")
        if one.id in seen:
            raise DeclarationError(f"{one.place}: {one.id} is already declared at {seen[one.id]}; ids are unique")
        seen[one.id] = one.place
        declared.append(one)
    return Suite(name, tuple(show), tuple(declared))


def _read(path: Path) -> tuple[dict[str, Any], list[int]]:
    """The file's content, and the line that each of its expectations starts on."""
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(f"{path.name}:{line}: not valid YAML: {error.problem}") from error
    finally:
        loader.dispose()
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise DeclarationError(f"{path.name}:1: expected keys `show` and `expectations`")
    if not isinstance(data.get("expectations"), list) or not data["expectations"]:
        raise DeclarationError(f"{path.name}:1: expected a list `expectations`")
    entries = next(value for key, value in node.value if key.value == "expectations")
    return data, [entry.start_mark.line + 1 for entry in entries.value]


def _declared(suite_name: str, entry: object, place: str) -> Declared:
    if not isinstance(entry, dict):
        raise DeclarationError(f"{place}: expected an expectation with keys {', '.join(_TEXTS)}, found {entry!r}")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise DeclarationError(f"{place}: expected a text for {key!r}, found {entry.get(key)!r}")
    if unknown := sorted(set(entry) - _KEYS):
        raise DeclarationError(f"{place}: unknown keys {unknown}; expected {sorted(_KEYS)}")
    if entry["severity"] not in SEVERITIES:
        raise DeclarationError(f"{place}: severity {entry['severity']!r} is none of {', '.join(SEVERITIES)}")
    arguments, where = entry.get("with", {}), entry.get("where")
    if not isinstance(arguments, dict) or not (where is None or isinstance(where, str)):
        raise DeclarationError(f"{place}: `with` holds the arguments by name, `where` a condition as text")
    texts = {key: " ".join(entry[key].split()) for key in _TEXTS}
    return Declared(suite=suite_name, arguments=arguments, where=where, place=place, **texts)
