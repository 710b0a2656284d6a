"""What code and data this is: hashes that change with them, so that what an older version made is noticed."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_TOP = Path(__file__).parents[1]
_READ = (".py", ".sql", ".yaml", ".csv")


@cache
def code_hash(*folders: str) -> str:
    """A hash of the code and data files in some folders of the project, 12 hexadecimal digits."""
    digest = sha256()
    for file in sorted(file for folder in folders for file in (_TOP / folder).rglob("*") if file.suffix in _READ):
        digest.update(f"{file.relative_to(_TOP).as_posix()}\0".encode() + sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
