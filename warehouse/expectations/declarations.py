"""Reading the declared expectations (suites/*.yaml), with file and line in every error.

A suite is refused as a whole where it names an owner, frame, column or indicator that doesn't exist: an expectation
that looks at nothing would hold for ever.
"""

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from transforms.lexicon import lexicon
from transforms.yamlfile import YamlFile
from warehouse.expectations.frames import FRAMES

SUITES = Path(__file__).with_name("suites")
OWNERS = Path(__file__).with_name("owners.yaml")

_CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
"""What a text must look like to mean an indicator."""


class DeclarationError(ValueError):
    """A suite says something that can't be used; the message names file and line."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_min_length=1, str_strip_whitespace=True)


class _OwnerEntry(_Entry):
    zh: str
    en: str
    duty: str


class _Expectation(_Entry):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Literal["error", "warning", "info"]
    owner: str | None = None
    frame: str
    meaning_en: str
    meaning_zh: str
    action: str
    expect: str
    arguments: dict[str, Any] = Field(default={}, alias="with")
    where: str | None = None


class _Head(_Entry):
    checked_on: Literal["partition", "candidate"]
    owner: str
    show: list[str] = Field(min_length=1)
    expectations: list[Any] = Field(min_length=1)


class _Declarations(YamlFile):
    wrong: ClassVar[type[ValueError]] = DeclarationError


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is told when an expectation fails, and what they do then."""

    id: str
    name_zh: str
    name_en: str
    duty: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One expectation as a steward declared it.

    `expect` is a Great Expectations type, ours among them, `arguments` its arguments, `where` a condition on the rows
    of `frame` (pandas query language), `reads` the columns that both name. `place` is file and line.
    """

    suite: str
    id: str
    severity: str
    owner: str
    frame: str
    meaning_en: str
    meaning_zh: str
    action: str
    expect: str
    arguments: Mapping[str, Any]
    where: str | None
    reads: frozenset[str]
    place: str


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one file, where they are checked, and the columns by which a failing row is shown."""

    name: str
    checked_on: str
    show: tuple[str, ...]
    expectations: tuple[Declared, ...]
    version: str


@cache
def owners(path: Path = OWNERS) -> dict[str, Owner]:
    """Those who can own an expectation, by id. Raises DeclarationError."""
    entries = _Declarations(path).entries(_OwnerEntry)
    return {name: Owner(name, entry.zh, entry.en, entry.duty) for name, entry in entries}


@cache
def suites(folder: Path = SUITES) -> dict[str, Suite]:
    """All suites by name; ids are unique over all of them. Raises DeclarationError where a file can't be used."""
    loaded = {path.stem: _suite(_Declarations(path)) for path in sorted(folder.glob("*.yaml"))}
    seen: dict[str, str] = {}
    for one in (one for suite in loaded.values() for one in suite.expectations):
        if one.id in seen:
            raise DeclarationError(f"{one.place}: {one.id} is already declared at {seen[one.id]}; ids are unique")
        seen[one.id] = one.place
    return loaded


def suite(name: str, folder: Path = SUITES) -> Suite:
    """One suite. Raises DeclarationError where there is none such or the files can't be used."""
    loaded = suites(folder)
    if name not in loaded:
        raise DeclarationError(f"there is no suite {name!r}; expected one of {', '.join(loaded)}")
    return loaded[name]


def suites_on(where: str, folder: Path = SUITES) -> list[Suite]:
    """The suites that are checked on a partition, or on the candidate."""
    return [one for one in suites(folder).values() if one.checked_on == where]


def expectations(folder: Path = SUITES) -> dict[str, Declared]:
    """Every declared expectation by id."""
    return {one.id: one for suite in suites(folder).values() for one in suite.expectations}


def expects(one: Declared) -> str:
    """What an expectation asks, on one line: ExpectColumnValuesToBeInSet(column=role, value_set=[…])."""
    arguments = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in one.arguments.items())
    return f"{one.expect}({arguments})"


def _suite(file: _Declarations) -> Suite:
    head = file.checked(_Head, file.data)
    known = {column for spec in FRAMES.values() for column in spec.columns}
    if unknown := [column for column in head.show if column not in known]:
        raise file.error(("show",), f"{unknown} is no column of any frame")
    return Suite(
        name=file.path.stem,
        checked_on=head.checked_on,
        show=tuple(head.show),
        expectations=tuple(
            _declared(file, head, file.checked(_Expectation, entry, "expectations", number), number)
            for number, entry in enumerate(head.expectations)
        ),
        version=hashlib.sha256(file.path.read_bytes()).hexdigest()[:12],
    )


def _declared(file: _Declarations, head: _Head, entry: _Expectation, number: int) -> Declared:
    at = ("expectations", number)
    owner = entry.owner or head.owner
    if owner not in owners():
        where = (*at, "owner") if entry.owner else ("owner",)
        raise file.error(where, f"{owner!r} is none of {', '.join(owners())}; add it to {OWNERS.name} or name another")
    if entry.frame not in FRAMES:
        raise file.error((*at, "frame"), f"there is no frame {entry.frame!r}; expected one of {', '.join(FRAMES)}")
    named = {"with": set(_columns(entry.arguments)), "where": set(_names(file, at, entry.where))}
    for key, columns in named.items():
        if unknown := sorted(columns - FRAMES[entry.frame].columns):
            known = ", ".join(sorted(FRAMES[entry.frame].columns))
            raise file.error((*at, key), f"{', '.join(unknown)} is no column of {entry.frame}; it has {known}")
    for key, words in (("with", _texts(entry.arguments)), ("where", _texts(entry.where or ""))):
        if unknown := [word for word in words if _CODE.fullmatch(word) and word not in lexicon().indicators]:
            raise file.error((*at, key), f"{', '.join(unknown)} is no indicator of the lexicon; see docs/lexicon.md")
    return Declared(
        suite=file.path.stem,
        id=entry.id,
        severity=entry.severity,
        owner=owner,
        frame=entry.frame,
        meaning_en=_one_line(entry.meaning_en),
        meaning_zh=_one_line(entry.meaning_zh),
        action=_one_line(entry.action),
        expect=entry.expect,
        arguments=entry.arguments,
        where=entry.where,
        reads=frozenset(named["with"] | named["where"]),
        place=file.place(*at),
    )


def _columns(arguments: Mapping[str, Any]) -> Iterator[str]:
    """Every column that the arguments of an expectation name: column, column_A, column_list …"""
    for name, value in arguments.items():
        if name.startswith("column"):
            yield from value if isinstance(value, list) else [str(value)]


def _names(file: _Declarations, at: tuple[str | int, ...], where: str | None) -> list[str]:
    """The columns that a condition names."""
    try:
        tree = ast.parse(where or "True", mode="eval")
    except SyntaxError as error:
        raise file.error((*at, "where"), f"{where!r} is no condition: {error.msg}") from error
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _texts(value: object) -> Iterator[str]:
    """Every text in the arguments of an expectation, or in quotes in a condition."""
    if isinstance(value, str):
        yield from (part for part in re.split("[\"']", value) if part)
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts(one))


def _one_line(text: str) -> str:
    return " ".join(text.split())
