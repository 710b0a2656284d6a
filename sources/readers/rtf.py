r"""Rich text (RTF 1.9.1), as Word, WPS and LibreOffice write it.

striprtf knows the destinations and character sets and is used for these; its text has the Chinese names of fonts at its
head, bytes of GBK read as Latin where the run's Latin font is named, hidden text, and no footnotes or text boxes.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.lines import Lines, clean
from sources.readers.raised import RAISED, RAISED_FROM, RAISED_TO, in_paragraph
from sources.readers.word import FURNITURE, Table, field_kind, is_title, soft_lines

_MEDIA_TYPE = "application/rtf"
_DEEPEST = 1_000
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_SIGNS = {
    **{"line": "\n", "lbr": "\n", "tab": "\t", "page": " ", "column": " ", "softline": "\n"},
    **{"emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•"},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
}
_ESCAPED = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
# Destinations that striprtf leaves out and a page shows.
_SHOWN = frozenset(
    ("footnote", "shp", "shpinst", "shptxt", "pntext", "nesttableprops", "do", "dptxbxtext", "upr", "ud")
)
# After `\*`, which marks what older programs may skip.
_KNOWN = frozenset(("shpinst", "nesttableprops", "ud", "fldinst", "shptxt"))
_WIDE_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950"}
_WIDE_PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950", 10008: "gb18030", 54936: "gb18030"}
# Cells whose edges lie within a point of each other are in one column; 20 twips are a point.
_SAME_EDGE = 20


def read_rtf(data: bytes, name: str, snapshot_id: str) -> Document:
    """Paragraphs with the numbers they are shown with, and tables, in order; then footnotes.

    Hidden and deleted text, headers, footers, page numbers and tables of contents are out. `meta` has a `title` where
    the file's own stands in its text too. Raises Quarantined with EMPTY, with TRUNCATED where it ends within a group,
    with TOO_COMPLEX where groups are nested more than 1,000 deep, with SCANNED_WITHOUT_OCR for pictures without text.
    """
    reading = _Reading(name)
    reading.read(data.decode("latin-1"))
    lines = Lines()
    for line, where in reading.body.ended():
        lines.add(line, where)
    for at, note in enumerate(reading.notes, 1):
        for line, _ in note.ended():
            lines.add(line, f"footnote={at}")
    document = lines.document(snapshot_id, _MEDIA_TYPE)
    if not document.text and reading.has_pictures:
        raise Quarantined(
            Reason.SCANNED_WITHOUT_OCR,
            f"{name} has pictures and no text; save it as DOCX or PDF, where OCR reads pictures",
        )
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} is rich text without text; fetch the report again")
    title = clean(reading.title)
    return lines.document(snapshot_id, _MEDIA_TYPE, {"title": title} if is_title(title, document.text) else {})


@dataclass(slots=True)
class _Edge:
    """The right edge of a cell in twips, and whether the cell is merged with those around it."""

    right: int
    begins: bool = False
    goes_on: bool = False
    joined: bool = False


@dataclass(slots=True)
class _Defined:
    """How the cells of a row are laid out: `\\trowd` and what follows it."""

    left: int = 0
    edges: list[_Edge] = field(default_factory=list)
    next: _Edge = field(default_factory=lambda: _Edge(0))

    def control(self, word: str, number: int) -> None:
        if word == "trleft":
            self.left = number
        elif word == "clvmgf":
            self.next.begins = True
        elif word == "clvmrg":
            self.next.goes_on = True
        elif word == "clmrg":
            self.next.joined = True
        elif word == "cellx" and len(self.edges) < 100:
            self.edges.append(replace(self.next, right=number))
            self.next = _Edge(0)


@dataclass(slots=True)
class _CellText:
    paragraphs: list[str]
    nested: list[str]


@dataclass(slots=True, eq=False)
class _Flow:
    """A stretch of text on its own: the body, a footnote, a text box."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    defined: _Defined = field(default_factory=_Defined)
    _in_cell: list[str] = field(default_factory=list)
    _inner_cells: list[str] = field(default_factory=list)
    _nested: list[str] = field(default_factory=list)
    _cells: list[_CellText] = field(default_factory=list)
    _rows: list[tuple[_Defined, list[_CellText]]] = field(default_factory=list)
    _paragraphs: int = 0
    _tables: int = 0

    def end_paragraph(self, *, in_table: bool) -> None:
        lines = [*soft_lines(RAISED.sub(in_paragraph, "".join(self.text))), *self.beside]
        self.text.clear()
        self.beside.clear()
        if in_table:
            self._in_cell += lines
            return
        self._end_table()
        self._paragraphs += 1
        self.lines += [(line, f"paragraph={self._paragraphs}") for line in [*self._in_cell, *lines]]
        self._in_cell.clear()

    def end_cell(self) -> None:
        self.end_paragraph(in_table=True)
        self._cells.append(_CellText(self._in_cell, self._nested))
        self._in_cell, self._nested = [], []

    def end_row(self) -> None:
        if self._cells:
            self._rows.append((self.defined, self._cells))
        # A row without a definition of its own has that of the row before.
        self._cells, self.defined = [], _Defined(self.defined.left, list(self.defined.edges))

    def end_inner_cell(self) -> None:
        self.end_paragraph(in_table=True)
        self._inner_cells.append(" ".join(self._in_cell))
        self._in_cell = []

    def end_inner_row(self) -> None:
        table = Table()
        table.begin_row()
        for text in self._inner_cells:
            table.add_cell([text] if text else [], [])
        self._nested += table.lines()[0]
        self._inner_cells = []

    def ended(self) -> list[tuple[str, str]]:
        """Its lines, with where each is."""
        if self._cells:
            self.end_row()
        self.end_paragraph(in_table=False)
        return self.lines

    def _end_table(self) -> None:
        if not self._rows:
            return
        self._tables += 1
        columns = _columns([edge for defined, _ in self._rows for edge in (defined.left, *_rights(defined))])
        table = Table()
        for defined, cells in self._rows:
            _add_row(table, columns, defined, cells)
        for at, lines in enumerate(table.lines(), 1):
            self.lines += [(line, f"table={self._tables}&row={at}") for line in lines]
        self._rows = []


def _rights(defined: _Defined) -> Iterator[int]:
    return (edge.right for edge in defined.edges)


def _columns(edges: list[int]) -> dict[int, int]:
    """The number of the grid line at each edge, from 0 on."""
    columns: dict[int, int] = {}
    line, last = -1, None
    for edge in sorted(set(edges)):
        if last is None or edge - last > _SAME_EDGE:
            line, last = line + 1, edge
        columns[edge] = line
    return columns


def _add_row(table: Table, columns: dict[int, int], defined: _Defined, cells: list[_CellText]) -> None:
    if len(defined.edges) != len(cells):
        table.begin_row()
        for cell in cells:
            table.add_cell(cell.paragraphs, cell.nested)
        return
    left = columns[defined.left]
    table.begin_row(left)
    at = 0
    while at < len(cells):
        edge, cell = defined.edges[at], cells[at]
        right = columns[edge.right]
        while at + 1 < len(cells) and defined.edges[at + 1].joined:
            at += 1
            right = columns[defined.edges[at].right]
        table.add_cell(cell.paragraphs, cell.nested, right - left, begins=edge.begins, goes_on=edge.goes_on)
        left, at = right, at + 1


@dataclass(slots=True)
class _Field:
    instruction: str = ""


@dataclass(slots=True)
class _Group:
    """What holds within a group, and after it no more."""

    flow: _Flow
    takes: str = "text"
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    raised: bool = False
    in_table: bool = False
    font: int | None = None
    wide_font: int | None = None
    script: str = ""
    skip_after: int = 1
    field: _Field | None = None
    owner: bool = False


@dataclass(slots=True)
class _Reading:
    """One pass over the file; groups are on a stack of their own, so that nesting costs no recursion."""

    name: str
    body: _Flow = field(default_factory=_Flow)
    notes: list[_Flow] = field(default_factory=list)
    title: str = ""
    has_pictures: bool = False
    _group: _Group = field(init=False)
    _stack: list[_Group] = field(default_factory=list)
    _charsets: dict[int, int] = field(default_factory=dict)
    _page: int = 1252
    _bytes: bytearray = field(default_factory=bytearray)
    _units: list[int] = field(default_factory=list)
    _skip: int = 0
    _star: bool = False
    _default_font: int | None = None

    def __post_init__(self) -> None:
        self._group = _Group(self.body)

    def read(self, text: str) -> None:
        at, opened = 0, False
        while match := _TOKEN.match(text, at):
            at = match.end()
            word, number, pair, escaped, brace, raw = match.groups()
            if pair or raw:
                self._take(bytes.fromhex(pair) if pair else raw.encode("latin-1"), pair=bool(pair))
            elif word:
                at = self._word(word, number, at)
            elif escaped:
                self._escape(escaped)
            elif brace == "{":
                self._open()
                opened = True
            elif brace and self._stack:
                self._close()
            if opened and not self._stack:
                break
        self._flush()
        if self._stack or not opened:
            raise Quarantined(
                Reason.TRUNCATED,
                f"{self.name} ends within {len(self._stack)} groups, expected rich text with an end; fetch it again",
            )

    def _take(self, content: bytes, *, pair: bool) -> None:
        if self._skip:
            skipped = 1 if pair else min(self._skip, len(content))
            self._skip -= skipped
            content = content[skipped:]
        if content:
            self._flush_units()
            self._bytes += content

    def _escape(self, sign: str) -> None:
        if sign == "*":
            self._flush()
            self._star = True
        elif sign in _ESCAPED and self._skip:
            self._skip -= 1
        elif sign in _ESCAPED:
            self._flush()
            self._put(_ESCAPED[sign])

    def _open(self) -> None:
        self._flush()
        self._star = False
        if len(self._stack) >= _DEEPEST:
            raise Quarantined(
                Reason.TOO_COMPLEX,
                f"{self.name} has groups nested more than {_DEEPEST:,} deep; save it anew",
            )
        self._stack.append(self._group)
        self._group = replace(self._group, owner=False)

    def _close(self) -> None:
        self._flush()
        ended, self._group = self._group, self._stack.pop()
        if ended.owner and ended.flow not in self.notes:
            self._group.flow.beside += [line for line, _ in ended.flow.ended()]

    def _word(self, word: str, number: str | None, at: int) -> int:
        """Carry out a control word; where to read on."""
        if word == "u" and number is not None:
            self._flush_bytes()
            self._units.append(int(number) % 0x10000)
            self._skip = self._group.skip_after
            return at
        self._flush()
        star, self._star = self._star, False
        value = int(number) if number else 0
        if word == "bin":
            return at + max(value, 0)
        if star and word not in _KNOWN:
            self._group.takes = "nothing"
        elif word in _destinations():
            self._enter(word)
        else:
            self._control(word, value, on=number != "0")
        return at

    def _enter(self, word: str) -> None:
        """Begin a destination: a group with a content of its own."""
        group = self._group
        self.has_pictures |= word == "pict"
        if word == "ud" and group.takes == "older":
            group.takes = "text"
        elif group.takes == "nothing":
            return
        elif word == "upr":
            group.takes = "older"
        elif word in ("fonttbl", "fldinst", "nesttableprops"):
            group.takes = word
        elif word == "info":
            group.takes = "info"
        elif word == "title" and group.takes == "info":
            group.takes = "title"
        elif word in ("footnote", "shptxt", "dptxbxtext") and group.takes == "text":
            group.flow, group.owner, group.in_table = _Flow(), True, False
            if word == "footnote":
                self.notes.append(group.flow)
        elif word not in _SHOWN:
            group.takes = "nothing"

    def _control(self, word: str, value: int, *, on: bool) -> None:
        group = self._group
        if word in ("ansicpg", "deff", "f", "af", "loch", "hich", "dbch", "fcharset"):
            self._set_font(word, value)
        elif word == "uc":
            group.skip_after = max(0, min(value, 10))
        elif word == "v":
            group.hidden = on
        elif word == "deleted":
            group.deleted = on
        elif word in ("strike", "striked"):
            group.struck = on
        elif word in ("super", "sub", "nosupersub"):
            group.raised = on and word != "nosupersub"
        elif word == "plain":
            group.hidden = group.deleted = group.struck = group.raised = False
            group.font, group.wide_font, group.script = self._default_font, None, ""
        elif word == "field":
            group.field = _Field()
        elif word == "fldrslt" and group.field and field_kind(group.field.instruction) in FURNITURE:
            group.takes = "nothing"
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif group.takes in ("text", "nesttableprops"):
            self._lay_out(word, value)

    def _set_font(self, word: str, value: int) -> None:
        """What tells the encoding of a run."""
        group = self._group
        if word == "ansicpg":
            self._page = value
        elif word == "deff":
            self._default_font = value
        elif word == "fcharset":
            if group.takes == "fonttbl" and group.font is not None:
                self._charsets[group.font] = value
        elif word in ("f", "af"):
            if group.script == "dbch":
                group.wide_font = value
            if word == "f":
                group.font = value
        else:
            group.script = word

    def _lay_out(self, word: str, value: int) -> None:
        """Paragraphs, cells and rows; definitions of rows within cells are left out."""
        group, flow = self._group, self._group.flow
        if word == "pard":
            group.in_table = False
        elif word in ("intbl", "itap"):
            group.in_table = word == "intbl" or value > 0
        elif word in ("par", "sect"):
            flow.end_paragraph(in_table=group.in_table)
        elif word == "cell":
            flow.end_cell()
        elif word == "row":
            flow.end_row()
        elif word == "nestcell":
            flow.end_inner_cell()
        elif word == "nestrow":
            flow.end_inner_row()
        elif word == "trowd" and group.takes == "text":
            flow.defined = _Defined()
        elif group.takes == "text":
            flow.defined.control(word, value)

    def _put(self, text: str) -> None:
        group = self._group
        if group.takes == "text" and not (group.hidden or group.deleted or group.struck):
            group.flow.text.append(f"{RAISED_FROM}{text}{RAISED_TO}" if group.raised else text)
        elif group.takes == "fldinst" and group.field:
            group.field.instruction += text
        elif group.takes == "title":
            self.title += text

    def _flush(self) -> None:
        self._skip = 0
        self._flush_bytes()
        self._flush_units()

    def _flush_bytes(self) -> None:
        if self._bytes:
            self._put(self._bytes.decode(self._encoding(), errors="replace"))
            self._bytes.clear()

    def _flush_units(self) -> None:
        """UTF-16 code units, of which two may be one character."""
        if self._units:
            units = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self._put(units.decode("utf-16-le", errors="replace"))
            self._units.clear()

    def _encoding(self) -> str:
        """That of the run's font where it is of East Asia, else of the file, else of the run's East Asian font."""
        font = self._default_font if self._group.font is None else self._group.font
        charset, wide = (0 if one is None else self._charsets.get(one, 0) for one in (font, self._group.wide_font))
        for found in (_WIDE_CHARSETS.get(charset), _WIDE_PAGES.get(self._page), _WIDE_CHARSETS.get(wide)):
            if found:
                return found
        return _codec(_single(charset)) or _codec(f"cp{self._page}") or "cp1252"


@cache
def _destinations() -> frozenset[str]:
    from striprtf.striprtf import destinations  # noqa: PLC0415  for rich text only

    return frozenset(destinations) | _SHOWN


def _single(charset: int) -> str:
    from striprtf.striprtf import charset_map  # noqa: PLC0415  for rich text only

    return charset_map.get(charset, "") if charset else ""


def _codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None
