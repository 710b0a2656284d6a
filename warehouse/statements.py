"""Reading the SQL files of this package; a line `-- name: x` starts a named statement."""

import re
from functools import cache
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def script(name: str) -> str:
    """The whole of a SQL file beside this module, such as `schema.sql`."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


@cache
def statements(name: str) -> dict[str, str]:
    """The named statements of a SQL file, in the order they stand."""
    parts = _NAME.split(script(name))
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
