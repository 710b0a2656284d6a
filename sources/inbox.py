"""Files and folders as a source: what lies there, and what the folder or a sidecar says about it.

A hint comes from a pair of folders, region and year in either order (`430524/2023/report.txt`), or from a
sidecar `report.txt.hint.yaml` beside the file, which goes first. A folder of digits alone is no hint when
the other one is missing, except a region's.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sources.identify import Hint
from sources.readers.blame import damage
from sources.readers.decode import HALF_A_CHARACTER
from sources.regions import regions

SIDECAR_ENDING = ".hint.yaml"
_EARLIEST_YEAR, _LATEST_YEAR = 1978, 2100
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISCHR, "a character device"),
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file to take in, its size in bytes and what is known about it apart from its content."""

    path: Path
    size: int
    hint: Hint


@dataclass(frozen=True, slots=True)
class Problem:
    """A path that can't be taken in; `what` is a full sentence with what to do."""

    path: Path
    what: str


def find(paths: Iterable[Path]) -> Iterator[FoundFile | Problem]:
    """Every file at or below `paths`, folders sorted by name, each path once; hidden files and sidecars skipped.

    Links to files are followed, links to folders are not (they may lead in circles) and come as a Problem.
    """
    seen: set[Path] = set()
    for root in paths:
        for found in _below(root, root):
            absolute = Path(os.path.abspath(found.path))  # noqa: PTH100  resolve() would follow links
            if absolute not in seen:
                seen.add(absolute)
                yield found


def _below(path: Path, root: Path) -> Iterator[FoundFile | Problem]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Problem(path, _why_not(path, error))
        return
    if stat.S_ISDIR(mode):
        yield from _folder(path, root)
    elif stat.S_ISREG(mode):
        yield from _file(path, root)
    else:
        kind = next((named for test, named in _KINDS if test(mode)), "no regular file")
        yield Problem(path, f"{path} is {kind}, expected a file or folder; give the file itself.")


def _folder(path: Path, root: Path) -> Iterator[FoundFile | Problem]:
    if path.is_symlink() and path != root:
        yield Problem(path, f"{path} is a link to a folder, which isn't followed; give the folder itself.")
        return
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208  names only, sorted
    except OSError as error:
        yield Problem(path, _why_not(path, error))
        return
    for name in names:
        if not name.startswith(".") and not name.endswith(SIDECAR_ENDING):
            yield from _below(path / name, root)


def _file(path: Path, root: Path) -> Iterator[FoundFile | Problem]:
    hint = folder_hint(path, root)
    sidecar = path.with_name(path.name + SIDECAR_ENDING)
    if sidecar.exists():
        try:
            hint = merged(read_hint(sidecar), hint)
        except (OSError, ValueError) as error:
            yield Problem(sidecar, f"{error}")
    yield FoundFile(path, path.stat().st_size, hint)


def folder_hint(path: Path, root: Path) -> Hint:
    """What the folders between `root` and `path` say; the names of `root` count from its end as far as they fit."""
    below = path.parent.relative_to(root).parts if path != root else ()
    own = path.parent.parts if path == root else root.parts
    names = [*_fitting_tail(own), *below]
    region = next((name for name in reversed(names) if name in regions()), None)
    year = next((int(name) for name in reversed(names) if _is_year(name)), None)
    return Hint(region_code=region, report_year=year if region else None)


def read_hint(sidecar: Path) -> Hint:
    """The hint in a sidecar file; raises ValueError naming file and line for what doesn't belong there."""
    try:
        written = sidecar.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{sidecar} isn't valid YAML in UTF-8 ({error}); correct it.") from error
    try:
        node = yaml.compose(written, Loader=yaml.SafeLoader)
        given = yaml.safe_load(written)
    except Exception as error:
        raise ValueError(f"{sidecar} isn't valid YAML in UTF-8 ({damage(error)}); correct it.") from error
    if given is None:
        return Hint()
    lines = {k.value: k.start_mark.line + 1 for k, _ in node.value} if isinstance(node, yaml.MappingNode) else {}
    if not isinstance(given, dict):
        raise ValueError(f"{sidecar}, line 1: expected lines such as `region_code: 430524`; correct it.")
    known = [field.name for field in fields(Hint)]
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"{sidecar}, line {lines.get(key, 1)}: found {key!r}, expected one of {', '.join(known)}.")
        if complaint := _complaint(key, value):
            raise ValueError(f"{sidecar}, line {lines.get(key, 1)}: {key} is {value!r}, expected {complaint}.")
    return _hint(given)


def _complaint(key: str, value: Any) -> str | None:
    if value is None:
        return None
    if key == "region_code" and str(value) not in regions():
        return "a six-digit code of GB/T 2260"
    if key == "report_year" and not _is_year(str(value)):
        return "a year such as 2024"
    if key == "published" and not isinstance(value, date):
        return "a date such as 2025-01-16"
    if key in ("publisher", "title") and (not isinstance(value, str) or HALF_A_CHARACTER.search(value)):
        return "text"
    return None


def _hint(given: Mapping[str, Any]) -> Hint:
    code, year = given.get("region_code"), given.get("report_year")
    published = given.get("published")
    return Hint(
        region_code=str(code) if code is not None else None,
        report_year=int(year) if year is not None else None,
        publisher=given.get("publisher"),
        title=given.get("title"),
        published=date(published.year, published.month, published.day) if published else None,
    )


def merged(first: Hint, second: Hint) -> Hint:
    """The first hint, with what only the second one says."""
    missing = {f.name: getattr(second, f.name) for f in fields(Hint) if getattr(first, f.name) is None}
    return replace(first, **missing)


def _fitting_tail(parts: Sequence[str]) -> list[str]:
    tail: list[str] = []
    for name in reversed(parts):
        if name not in regions() and not _is_year(name):
            break
        tail.insert(0, name)
    return tail


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isascii() and name.isdigit() and _EARLIEST_YEAR <= int(name) <= _LATEST_YEAR


def _why_not(path: Path, error: OSError) -> str:
    if path.is_symlink() and isinstance(error, FileNotFoundError):
        return f"{path} is a link to nothing; restore its target or remove the link."
    if isinstance(error, FileNotFoundError):
        return f"{path} doesn't exist; check the path."
    if isinstance(error, PermissionError):
        return f"{path} can't be read: no permission; give this user the right to read it."
    return f"{path} can't be read: {error.strerror or error}; check the path and the disk."
