"""What word processors' files of all formats have in common: soft line breaks, tables, titles, page furniture."""

import re
from dataclasses import dataclass, field

from sources.readers.lines import UNKNOWN, Cell, clean, table_lines

# Fields of page numbers, and of contents and indexes, which say every heading a second time.
FURNITURE = frozenset(("PAGE", "PAGEREF", "NUMPAGES", "SECTIONPAGES", "TOC", "INDEX"))
# Word has 63 columns at most.
_WIDEST = 100
# Symbol fonts have their glyphs at F020 to F0FF; of these, the font Symbol has digits and signs where ASCII has them.
_SYMBOLS = range(0xF020, 0xF100)
_AS_IN_ASCII = frozenset("0123456789%()+,./:;<=>[]{}")
_MINUS = {0xF02D: "\u2212", 0xF0B7: "•"}
_NO_NUMBER = frozenset(("Wingdings", "Wingdings 2", "Wingdings 3", "Webdings"))
# What writes numbers; and labels that are parted from them by more than a blank.
_WRITES_NUMBERS = "0-9０-９〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾廿卅○.,．，%①-⑳⑴-⒛"
_NUMBER_HEAD = re.compile(rf"\s*[{_WRITES_NUMBERS}\-+−－–—]")
_BARE_LABEL = re.compile(rf"[{_WRITES_NUMBERS}a-zA-Z\-–—](?<!^\d\.)(?<!^\d\d\.)\s*$")
# `EQ \o\ac(○,12)` is ⑫, `EQ \f(2,3)` is two thirds.
_CIRCLED = re.compile(r"EQ\s*\\o\s*(?:\\a[clr]\s*)?\([○〇◯]\s*[,，;]\s*(\d{1,2})\)", re.IGNORECASE)
_FRACTION = re.compile(r"EQ\s*\\f\s*\(\s*(\d+)\s*[,，;]\s*(\d+)\s*\)", re.IGNORECASE)
_COUNTED = frozenset(("AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM", "EQ", "ADVANCE"))
_FIELD_KIND = re.compile(r"\s*\\?\s*([A-Za-z]+)")
# A soft break ends a line where a sentence ends before it or a section begins after it, not within `隆回县↵人民政府`.
_SENTENCE_END = re.compile(r"[。！？；;：:]\s*$")
_SECTION = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、章节]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d))"
)
_LAYOUT_PARAGRAPHS, _LAYOUT_CHARACTERS = 5, 300
_NO_TITLE = re.compile(r"\s*(?:(?:Microsoft\s+)?Word\b|Word\s*文档|新建|文档\d*|无标题|标题|PowerPoint)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def field_kind(instruction: str) -> str:
    r"""The kind of a field, in capitals: ` page \* MERGEFORMAT ` is PAGE."""
    found = _FIELD_KIND.match(instruction)
    return found[1].upper() if found else ""


def without_result(instruction: str, chosen: str = "") -> str:
    """What a field shows that has no result in the file: Word computes it from what it says.

    The entry `chosen` in a form; of a formula a circled number or a fraction, else UNKNOWN, as for automatic numbers.
    """
    kind = field_kind(instruction)
    if kind == "FORMDROPDOWN":
        return chosen
    text = instruction.strip()
    if (circled := _CIRCLED.fullmatch(text)) and 0 < int(circled[1]) <= 20:
        return chr(ord("①") + int(circled[1]) - 1)
    if fraction := _FRACTION.fullmatch(text):
        return f"{fraction[1]}/{fraction[2]}"
    return UNKNOWN if kind in _COUNTED and kind != "ADVANCE" else ""


def as_shown(code: int, font: str) -> str:
    """The character of a symbol given by its place in a font; UNKNOWN where no character is known for it."""
    if code not in _SYMBOLS:
        return chr(code) if font not in _NO_NUMBER else UNKNOWN
    if font != "Symbol":
        return UNKNOWN
    character = chr(code - 0xF000)
    return _MINUS.get(code) or (character if character in _AS_IN_ASCII else UNKNOWN)


def labelled(label: str, line: str) -> str:
    """A line behind its automatic number, which never runs into the figure at its head.

    `1.` and `12件` are `1. 12件`. Of `1` and `312件`, which a page shows a tab apart, the number is left out: nothing
    parts it from the figure once white space is a blank (1 312 is a number too).
    """
    if not label:
        return line
    line = line.lstrip()
    if not _NUMBER_HEAD.match(line):
        return label + line
    if _BARE_LABEL.search(label):
        return line
    return label + line if label.endswith(" ") else f"{label} {line}"


def soft_lines(text: str) -> list[str]:
    """The lines of a paragraph with soft line breaks (`\\n`), those without text left out."""
    lines: list[str] = []
    for part in text.split("\n"):
        if lines and not _SENTENCE_END.search(lines[-1]) and not _SECTION.match(part):
            lines[-1] += " " + part
        else:
            lines.append(part)
    return [line for line in lines if clean(line)]


def is_title(title: str, text: str) -> bool:
    """Whether a file's own title is that of its text: a file keeps the title of the report it was written over."""
    return len(title) >= 4 and not _NO_TITLE.match(title) and _SPACE.sub("", title) in _SPACE.sub("", text)


@dataclass(slots=True)
class _Growing:
    """A cell that may yet reach into the next row."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _Row:
    """The cells that begin in a row, its paragraphs, and the lines of tables within; `width` counts all its cells."""

    cells: list[_Growing] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    width: int = 0
    column: int = 0

    def lays_out(self) -> bool:
        """Whether it is page layout, not a row of a table: a single cell, or cells with paragraph after paragraph."""
        return self.width == 1 or (
            len(self.paragraphs) > _LAYOUT_PARAGRAPHS * self.width
            and sum(map(len, self.paragraphs)) > _LAYOUT_CHARACTERS
        )


@dataclass(slots=True)
class Table:
    """A table as it is read, row by row and cell by cell."""

    _rows: list[_Row] = field(default_factory=list)
    _merging: dict[int, _Growing] = field(default_factory=dict)

    def begin_row(self, skipped: int = 0) -> None:
        """A row that begins after so many columns of the grid."""
        skipped = max(0, min(skipped, _WIDEST))
        self._rows.append(_Row([_Growing("", skipped)] if skipped else [], column=skipped))

    def add_cell(
        self, paragraphs: list[str], nested: list[str], columns: int = 1, *, begins: bool = False, goes_on: bool = False
    ) -> None:
        """The next cell of the row; one merged over rows `begins` in the first and `goes_on` in the others."""
        row, columns = self._rows[-1], max(1, min(columns, _WIDEST))
        if goes_on and row.column in self._merging:
            self._merging[row.column].rows += 1
        else:
            row.cells.append(_Growing(" ".join(paragraphs), columns))
            row.paragraphs += paragraphs + nested
            row.nested += nested
            self._merging.pop(row.column, None)
            if begins or goes_on:
                self._merging[row.column] = row.cells[-1]
        row.width += 1
        row.column += columns

    def lines(self) -> list[list[str]]:
        """The lines of each row: one for a row of cells, one a paragraph where the table only lays out the page.

        The rows of a table within a cell follow the row it is in.
        """
        lines = table_lines([[Cell(cell.text, cell.rows, cell.columns) for cell in row.cells] for row in self._rows])
        return [
            row.paragraphs if row.lays_out() else [line, *row.nested]
            for row, line in zip(self._rows, lines, strict=True)
        ]
