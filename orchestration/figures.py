"""The figures of one report, read in a process of its own (see sources.workers); light to import there."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sources.document import Document, Identity
from sources.quarantine import Quarantined
from sources.reading import document_of
from transforms.extract import Context, extract
from transforms.observation import Observation


class Figures(NamedTuple):
    """A report's canonical text, and its figures as the text alone gives them."""

    document: Document
    observations: list[Observation]


def figures_of(root: Path, snapshot_id: str, name: str, identity: Identity) -> Figures | Quarantined:
    """The figures of a snapshot in the store at `root`, or why it can't be read any more.

    Raises BrokenSnapshotError and OSError; anything else is a fault of fazhi's own.
    """
    try:
        document = document_of(root, snapshot_id, name, with_ocr=True)
    except Quarantined as refusal:
        return refusal
    found = extract(document.text, Context.of(identity))
    return Figures(document, [replace(one, location=document.where(one.start)) for one in found])
