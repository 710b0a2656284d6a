"""A YAML file of named entries that a steward edits, with the line of every key, so that an error can say where."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_T = TypeVar("_T", bound=BaseModel)
_SCALARS = yaml.constructor.SafeConstructor()


class YamlFile:
    """The entries of a file as plain data, each checked against a model. Raises `wrong`, naming file and line."""

    wrong: ClassVar[type[ValueError]] = ValueError

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[tuple[str | int, ...], int] = {}
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise self.wrong(f"{path.name}:{mark.line + 1 if mark else 1}: not valid YAML: {error}") from error
        self.data: Any = self._plain(node, ()) if node else {}
        if not isinstance(self.data, dict):
            raise self.wrong(f"{path.name}:1: found {type(self.data).__name__}, expected entries `name: …`")

    def _plain(self, node: Any, at: tuple[str | int, ...]) -> Any:
        self._lines[at] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            plain: dict[str, Any] = {}
            for key, value in node.value:
                name = str(key.value)
                if name in plain:
                    raise self.wrong(f"{self.path.name}:{key.start_mark.line + 1}: {name!r} stands twice; remove one")
                plain[name] = self._plain(value, (*at, name))
                self._lines[(*at, name)] = key.start_mark.line + 1
            return plain
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(value, (*at, i)) for i, value in enumerate(node.value)]
        return _SCALARS.construct_object(node)

    def place(self, *at: str | int) -> str:
        """File and line of a key, or of what it stands in: corrections.yaml:12."""
        while at and at not in self._lines:
            at = at[:-1]
        return f"{self.path.name}:{self._lines.get(at, 1)}"

    def error(self, at: tuple[str | int, ...], message: str) -> ValueError:
        """The error to raise about a key."""
        return self.wrong(f"{self.place(*at)}: {'.'.join(map(str, at))}: {message}")

    def entries(self, model: type[_T]) -> Iterator[tuple[str, _T]]:
        """Each entry with its name, in the order of the file."""
        for name, entry in self.data.items():
            yield name, self.checked(model, entry, name)

    def checked(self, model: type[_T], entry: object, *at: str | int) -> _T:
        """What stands at a place, checked against a model."""
        try:
            return model.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            misnamed = first["type"] == "extra_forbidden" and len(first["loc"]) == 1
            known = (
                f"; expected one of {', '.join(model.model_fields)}; remove it or correct its name" if misnamed else ""
            )
            raise self.error((*at, *first["loc"]), f"{first['msg']} (found {first['input']!r}){known}") from error
