"""What is done with a hostile file in a process of its own; a module of its own, so that the process can import it."""

from pathlib import Path

from sources.identify import identify
from sources.quarantine import Quarantined
from sources.readers import read
from sources.readers.archive import members
from sources.readers.sniff import ARCHIVE, media_type
from transforms.extract import Context, extract


def outcome(path: str) -> str:
    """`ok` or the reason of quarantine; an archive's is that of its first problem. Raises what a parser raises."""
    data = Path(path).read_bytes()
    try:
        if data.strip() and media_type(data) == ARCHIVE:
            problems = members(data, Path(path).name).problems
            return problems[0][1].reason.value if problems else "ok"
        document = read(data, Path(path).name, "0" * 64)
        extract(document.text, Context.of(identify(document)))
    except Quarantined as refusal:
        return refusal.reason.value
    return "ok"
