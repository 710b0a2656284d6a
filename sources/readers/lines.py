"""Canonical text, line by line: what every reader but that of text files writes into.

A paragraph is a line. A table row is a line with " | " between its cells; a cell merged over several rows or columns
is repeated in each, so that every row says by itself what its figures are of, but a figure stands only once, so that
it isn't counted twice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sources.document import Document, Piece

BETWEEN_CELLS = " | "
SOFT_HYPHEN = "\u00ad"
UNKNOWN = "\ufffd"
"""A glyph whose character isn't known; what reads figures takes none beside it for sure."""
PICTURE = "\ufffc"
"""A picture in a line, until what stands beside it is known."""
_PICTURE = re.compile(f"{PICTURE}+")
_HANZI = re.compile("[\u4e00-\u9fff]")
# A soft hyphen beside a digit is the hyphen of a range (1300\u00ad1400件) in another character, and stays.
_ZERO_WIDTH = re.compile("(?<![0-9])\u00ad(?![0-9])|[\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_IN_WIDE_TEXT = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])"
)
_FIGURE = re.compile(r"(?!(?:19|20)\d\d\s*年?度?$)[^\u4e00-\u9fff]*\d[\d,.\uff0c\s]*(?:[^\d年月季日]{0,4})?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell that covers `rows` × `columns` places of the grid, from its top left on."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class Lines:
    """Collects the lines of a document with where each was found."""

    _lines: list[str] = field(default_factory=list)
    _pieces: list[Piece] = field(default_factory=list)
    _length: int = 0

    def add(self, line: str, where: str = "") -> None:
        """A line as it is to stand; one without text is left out. Line ends within it are taken for spaces."""
        self.add_parts([(line, where)])

    def add_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        """A line found in several places, such as a paragraph over a page break: each part's text and where.

        Parts follow each other as they are: where there is a space between two, the latter begins with it.
        """
        line = ""
        for part, where in parts:
            text = clean(part)
            if not text:
                continue
            line += " " if line and part[0].isspace() else ""
            start = self._length + len(line)
            line += text
            if where:
                self._pieces.append(Piece(start, start + len(text), where))
        if line:
            self._lines.append(line)
            self._length += len(line) + 1

    def document(self, snapshot_id: str, media_type: str, meta: Mapping[str, str] | None = None) -> Document:
        """The document of the lines so far, each ended by a line end."""
        text = "".join(f"{line}\n" for line in self._lines)
        return Document(snapshot_id, text, media_type, dict(meta or {}), tuple(self._pieces))


def clean(text: str) -> str:
    """One line: no controls, halves, invisible characters; any white space one space, none at ends or between hanzi."""
    # Of what is to go, printable text has only spaces.
    if not text.isprintable():
        text = _SPACE.sub(" ", _CONTROL.sub("", _ZERO_WIDTH.sub("", text)))
    elif "  " in text:
        text = _SPACE.sub(" ", text)
    text = text.strip()
    return _IN_WIDE_TEXT.sub("", text) if " " in text else text


def shows_a_digit(before: str, after: str) -> bool:
    """Whether a picture may show a digit, by the characters beside it: 受理1[picture]62件, 受理[picture]62件."""
    return before.isdecimal() or (after.isdecimal() and bool(_HANZI.fullmatch(before)))


def without_pictures(line: str) -> str:
    """A line whose pictures are left out, but for those that may show a digit, which are UNKNOWN."""
    return _PICTURE.sub(_glyph_or_nothing, line) if PICTURE in line else line


def _glyph_or_nothing(picture: re.Match[str]) -> str:
    before, after = picture.string[: picture.start()][-1:], picture.string[picture.end() :][:1]
    return UNKNOWN if shows_a_digit(before, after) else ""


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """A line for each row of a table whose `rows` list the cells that begin in them; a row without text is "".

    Cells that reach beyond the last row end with it.
    """
    grid: list[dict[int, str]] = [{} for _ in rows]
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in grid[at]:
                column += 1
            text = clean(cell.text).replace("|", "\uff5c")
            repeated = "" if _FIGURE.fullmatch(text) else text
            for down in range(at, min(at + max(cell.rows, 1), len(rows))):
                for across in range(column, column + max(cell.columns, 1)):
                    grid[down].setdefault(across, text if (down, across) == (at, column) else repeated)
            column += max(cell.columns, 1)
    return [
        _line([row.get(column, "") for column in range(max(row, default=-1) + 1)], alone=len(cells) == 1)
        for row, cells in zip(grid, rows, strict=True)
    ]


def _line(cells: Sequence[str], *, alone: bool) -> str:
    """The cells of one row; a cell merged over the whole row stands once, as a caption does."""
    if not any(cells):
        return ""
    return cells[0] if alone and len(set(cells)) == 1 else BETWEEN_CELLS.join(cells).strip()
