"""How far a figure may lie from the usual, by kind of indicator and by indicator (expectations/bounds.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from transforms.lexicon import lexicon as own_lexicon
from transforms.yamlfile import YamlFile

if TYPE_CHECKING:
    from transforms.lexicon import Indicator, Lexicon

BOUNDS = Path(__file__).with_name("expectations") / "bounds.yaml"
KINDS = ("count", "ratio", "amount")
_NUMBERS = ("factor", "small", "peer_factor")


class BoundsError(ValueError):
    """bounds.yaml says something that can't be used; the message names file and line."""


class _BoundsFile(YamlFile):
    wrong = BoundsError


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    factor: Annotated[Decimal, Field(gt=1, lt=10**9)] | None = None
    small: Annotated[Decimal, Field(ge=0, lt=10**12)] | None = None
    peer_factor: Annotated[Decimal, Field(gt=1, lt=10**9)] | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """How many times larger or smaller than the usual; `small` is added to both sides before dividing.

    `factor` is for the other years of the same place, `peer_factor` for the regions beside it.
    """

    factor: Decimal
    small: Decimal
    peer_factor: Decimal
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of each kind of indicator, and those of indicators that differ from their kind."""

    kinds: Mapping[str, Bound]
    indicators: Mapping[str, Bound]

    def of(self, indicator: "Indicator") -> Bound:
        """The bound of an indicator."""
        return self.indicators.get(indicator.code) or self.kinds[indicator.kind]


@cache
def bounds() -> Bounds:
    """The bounds that ship, checked against the lexicon that ships. Raises BoundsError."""
    return read_bounds(BOUNDS, own_lexicon())


def read_bounds(path: Path, lexicon: "Lexicon") -> Bounds:
    """The bounds of a file. Raises BoundsError, naming file and line."""
    file = _BoundsFile(path)
    entries = dict(file.entries(_Entry))
    kinds: dict[str, Bound] = {}
    for kind in KINDS:
        if kind not in entries:
            raise BoundsError(f"{path.name}:1: {kind} is missing; expected bounds for each of {', '.join(KINDS)}")
        given = entries.pop(kind).model_dump()
        if missing := [name for name in _NUMBERS if given[name] is None]:
            raise file.error((kind,), f"{', '.join(missing)} is missing; a kind needs {', '.join(_NUMBERS)}")
        kinds[kind] = Bound(**given)
    own: dict[str, Bound] = {}
    for code, entry in entries.items():
        if "." not in code:
            raise file.error((code,), f"no kind of indicator; expected one of {', '.join(KINDS)}")
        if code not in lexicon.indicators:
            raise file.error((code,), "no indicator of the lexicon; correct the code or remove the entry")
        given = {name: value for name, value in entry.model_dump().items() if value is not None}
        if not entry.why or len(given) == 1:
            raise file.error((code,), f"expected `why`, and one of {', '.join(_NUMBERS)} that differs from its kind")
        own[code] = replace(kinds[lexicon.indicators[code].kind], **given)
    return Bounds(kinds, own)
