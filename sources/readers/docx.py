"""Word files (DOCX, DOCM, DOTX, as Word, WPS and LibreOffice write them): what the page shows, in its order.

The parts are read as XML (ECMA-376 part 1, 17): python-docx leaves out content controls, text boxes, revisions and
automatic numbers, and opens neither DOCM nor DOTX.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers.archive import parts
from sources.readers.flat import LABEL, flat_parts, unreadable, word_2003_parts, xml_root
from sources.readers.lines import PICTURE, Lines, clean, without_pictures
from sources.readers.numbering import Numbering, W, numbering
from sources.readers.raised import RAISED, RAISED_FROM, RAISED_TO, in_paragraph
from sources.readers.sniff import DOCX, FLAT_OPC, WORD_2003, media_type
from sources.readers.word import FURNITURE, Table, as_shown, field_kind, is_title, labelled, soft_lines, without_result

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
# ISO/IEC 29500 strict names the same elements in other namespaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _MATH[1:-1].encode()),
)
# Fewer characters beside a picture are a cover or a caption, not a report.
_SCARCE = 100
_THROUGH = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo", "sect", "cfChunk")
)
_SIGNS: Mapping[str, str] = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# Files within the file whose text Word shows in place (ECMA-376 part 1, 17.17.2.1), and how deep they may lie.
_CHUNK, _OUTSIDE, _DEEPEST_CHUNK = f"{W}altChunk", f"{W}subDoc", 3
# What makes text hidden or deleted-looking, by itself or by its style.
_UNSHOWN = frozenset(f"{W}{name}" for name in ("vanish", "strike", "dstrike"))
_VANISH, _LEVEL, _RUN_STYLE = f"{W}vanish", f"{W}vertAlign", f"{W}rStyle"
_SWITCHES = _UNSHOWN | {_LEVEL}
_LOOKS = _SWITCHES | {_RUN_STYLE}
_PLAIN: Mapping[str, bool] = {}
_WHITE = frozenset(("FFFFFF", "WHITE"))
_SHADES = (f"{W}shd", f"{W}highlight")
_SHADED = frozenset((f"{W}tbl", f"{W}txbxContent"))
_INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_HOLD_BOXES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object", f"{_MC}AlternateContent"))


def read_docx(data: bytes, name: str, snapshot_id: str) -> Document:
    """Paragraphs with their automatic numbers, and tables, in order; then footnotes and endnotes.

    Text boxes and content controls are in, insertions are in and deletions out, hidden text, headers, footers, page
    numbers and tables of contents are out. `meta` has a `title` where the file's own stands in its text too: Word keeps
    that of the file a report was written over. Raises Quarantined with EMPTY, UNREADABLE, TRUNCATED, ENCRYPTED,
    TOO_COMPLEX, UNSAFE_ARCHIVE, and SCANNED_WITHOUT_OCR for pictures of pages where no OCR is installed.
    """
    return _read(_Package(name, parts(data, name)), snapshot_id, DOCX)


def read_flat_opc(data: bytes, name: str, snapshot_id: str) -> Document:
    """A Word file saved as one XML file, as `read_docx` reads the same one packed; raises as it does."""
    return _read(_Package(name, flat_parts(data, name)), snapshot_id, FLAT_OPC)


def read_word_2003(data: bytes, name: str, snapshot_id: str) -> Document:
    """The XML of Word 2003 as `read_docx` reads a DOCX file, but without text in its pictures; raises as it does."""
    return _read(_Package(name, word_2003_parts(data, name)), snapshot_id, WORD_2003)


def _read(package: "_Package", snapshot_id: str, kind: str) -> Document:
    name, lines = package.name, Lines()
    _add(package, lines)
    document = lines.document(snapshot_id, kind)
    if len(re.sub(r"\s", "", document.text)) < _SCARCE and (pictures := package.pictures()):
        return _recognised(pictures, lines, name, snapshot_id, kind)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} is a Word file without text or pictures; fetch the report again")
    title = clean(package.title())
    return lines.document(snapshot_id, kind, {"title": title} if is_title(title, document.text) else {})


def _add(package: "_Package", lines: Lines) -> None:
    body = package.root.find(f"{W}body")
    if body is None:
        raise unreadable(package.name, "no body in its main part")
    text = _Text(package)
    paragraph = table = chunk = 0
    for block in _blocks(body):
        if block.tag == f"{W}p":
            paragraph += 1
            for line in text.paragraph(block):
                lines.add(line, f"paragraph={paragraph}")
        elif block.tag != f"{W}tbl":
            chunk += 1
            for line in text.chunk(block):
                lines.add(line, f"chunk={chunk}")
        else:
            table += 1
            for row, row_lines in enumerate(text.table(block), 1):
                for line in row_lines:
                    lines.add(line, f"table={table}&row={row}")
    lines.add(text.left_over(), f"paragraph={paragraph}")
    for kind in ("footnote", "endnote"):
        for at, note in enumerate(text.notes(kind), 1):
            for line in note:
                lines.add(line, f"{kind}={at}")


def _recognised(pictures: list[bytes], lines: Lines, name: str, snapshot_id: str, kind: str) -> Document:
    """The text and that of the pictures, in order; they are nearly all there is in the file."""
    from sources.readers import ocr  # noqa: PLC0415  loads models

    if not ocr.available():
        raise Quarantined(
            Reason.SCANNED_WITHOUT_OCR,
            f"{name} has {len(pictures)} pictures and nearly no text, expected a report's text; "
            "install fazhi[ocr] so that its pictures are read, or take in a file with text",
        )
    from sources.readers.image import read_image  # noqa: PLC0415  only with OCR

    for at, picture in enumerate(pictures, 1):
        try:
            read = read_image(picture, f"picture {at} of {name}", snapshot_id)
        except Quarantined as problem:
            if problem.reason not in (Reason.EMPTY, Reason.UNREADABLE):
                raise
            continue  # a seal, a line or a drawing has no text
        for piece in read.pieces:
            lines.add(read.text[piece.start : piece.end], f"picture={at}&{piece.where}")
    document = lines.document(snapshot_id, kind)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} has {len(pictures)} pictures without text; fetch the report again")
    return document


@dataclass(slots=True)
class _Package:
    """The parts of a Word file; `root` is that of its main part. `depth` counts the files it lies in."""

    name: str
    parts: Mapping[str, bytes]
    depth: int = 0
    main: str = ""
    root: Any = None

    def __post_init__(self) -> None:
        # The names of parts are the same in small letters and in capitals: ECMA-376 part 2, 6.2.2.3.
        self.parts = {name.casefold(): content for name, content in self.parts.items()}
        targets = self._targets("_rels/.rels", "officeDocument")
        self.main = next((part for part in targets.values() if self._content(part) is not None), "word/document.xml")
        if (root := self._xml(self.main)) is None:
            raise unreadable(self.name, "no main part (word/document.xml)")
        self.root = root

    def beside(self, kind: str) -> Any | None:
        """The root of the part of a kind (`numbering`, `styles`, `footnotes` ...) that belongs to the main part."""
        found = self._targets(self._relations(), kind).values()
        return next((root for part in found if (root := self._xml(part)) is not None), None)

    def title(self) -> str:
        core = next(iter(self._targets("_rels/.rels", "core-properties").values()), "docProps/core.xml")
        root = self._xml(core)
        return "" if root is None else root.findtext(f".//{_TITLE}") or ""

    def pictures(self) -> list[bytes]:
        """The pictures of the main part in order, each once."""
        images = self._targets(self._relations(), "image")
        shown = [one.get(f"{_R}embed") or one.get(f"{_R}id") or "" for one in self.root.iter("{*}blip", "{*}imagedata")]
        found = (self._content(images.get(one, "")) for one in dict.fromkeys(shown))
        return [picture for picture in found if picture is not None]

    def chunk(self, chunk: Any) -> list[str]:
        """The lines of a file within this one, which is shown in place of a `w:altChunk`.

        Raises Quarantined where the text isn't in the file, or can't be read: a report without a part of it is none.
        """
        part = self._targets(self._relations(), "aFChunk").get(chunk.get(f"{_R}id") or "", "")
        content = self._content(part)
        if content is None:
            found = (
                "a chapter in another file" if chunk.tag == _OUTSIDE else "text in a part that is missing (altChunk)"
            )
            raise unreadable(self.name, f"{found}, {part or 'not named'}")
        if self.depth >= _DEEPEST_CHUNK:
            raise Quarantined(
                Reason.TOO_COMPLEX,
                f"{self.name} has files within files more than {_DEEPEST_CHUNK} deep; open it in Word and save it anew",
            )
        return self._chunk_lines(content, f"{part} in {self.name}")

    def _chunk_lines(self, content: bytes, name: str) -> list[str]:
        from sources.readers import read  # noqa: PLC0415  which reads with this module

        packages = {DOCX: parts, FLAT_OPC: flat_parts, WORD_2003: word_2003_parts}
        if taken_apart := packages.get(media_type(content)):
            lines = Lines()
            _add(_Package(name, taken_apart(content, name), self.depth + 1), lines)
            return lines.document("", DOCX).text.splitlines()
        return read(content, name, "").text.splitlines() if content.strip() else []

    def _content(self, part: str) -> bytes | None:
        return self.parts.get(part.casefold())

    def _relations(self) -> str:
        folder, file = posixpath.split(self.main)
        return f"{folder}/_rels/{file}.rels"

    def _targets(self, relations: str, kind: str) -> dict[str, str]:
        """Names of the parts of a kind by relationship id; what lies outside the file is none."""
        root = self._xml(relations)
        folder = posixpath.dirname(posixpath.dirname(relations))
        return {
            one.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, one.get("Target", "").replace("\\", "/"))
            ).lstrip("/")
            for one in (() if root is None else root.iterchildren("{*}Relationship"))
            if one.get("Type", "").endswith(f"/{kind}") and one.get("TargetMode") != "External"
        }

    def _xml(self, part: str) -> Any | None:
        if (content := self._content(part)) is None:
            return None
        for strict, transitional in _STRICT:
            content = content.replace(strict, transitional)
        return xml_root(content, part, self.name)


@dataclass(slots=True)
class _Field:
    """A field whose result is shown only where `shows`: `{ PAGE }` is no text."""

    instruction: str = ""
    in_result: bool = False
    chosen: str = ""

    @property
    def kind(self) -> str:
        return field_kind(self.instruction)

    @property
    def shows(self) -> bool:
        return self.in_result and self.kind not in FURNITURE


@dataclass(slots=True)
class _Text:
    """The text of blocks, read in the order of the file: numbers count on, and fields reach over paragraphs."""

    package: _Package
    _numbering: Numbering = field(init=False)
    _styles: Mapping[str, Any] = field(init=False)
    _style_looks: dict[str, Mapping[str, bool]] = field(default_factory=dict)
    _looks: Mapping[str, bool] = field(default_factory=lambda: _PLAIN)
    _fields_end: bool = field(init=False)
    _fields: list[_Field] = field(default_factory=list)
    _boxes: list[Any] = field(default_factory=list)
    _notes: dict[str, list[str]] = field(default_factory=lambda: {"footnote": [], "endnote": []})
    _carried: str = ""

    def __post_init__(self) -> None:
        styles = self.package.beside("styles")
        self._numbering = numbering(self.package.beside("numbering"), styles)
        self._styles = {} if styles is None else {one.get(f"{W}styleId"): one for one in styles.iter(f"{W}style")}
        kinds = [one.get(f"{W}fldCharType") for one in self.package.root.iter(f"{W}fldChar")]
        self._fields_end = kinds.count("begin") == kinds.count("end")

    def paragraph(self, paragraph: Any) -> list[str]:
        """Its lines, the number at the head of the first, then those of the text boxes that hang on it.

        One whose end was deleted goes on in the next.
        """
        if not self._fields_end:
            self._fields.clear()
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        self._looks = self._of_style(style)
        text = without_pictures(RAISED.sub(in_paragraph, self._carried + "".join(self._inline(paragraph))))
        self._carried = ""
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None):
            self._carried = text
            return self._take_boxes()
        lines = soft_lines(text)
        if mark is None or lines or not self._look(mark).get(_VANISH):
            label = self._numbering.label(paragraph) or paragraph.get(LABEL, "")
            lines = [labelled(label, lines[0]), *lines[1:]] if lines else []
        return lines + self._take_boxes()

    def chunk(self, chunk: Any) -> list[str]:
        """The lines of a file within the file, shown in its place."""
        return self.package.chunk(chunk)

    def left_over(self) -> str:
        """What stands in a last paragraph whose end was deleted."""
        return self._carried

    def table(self, table: Any) -> list[list[str]]:
        """The lines of each row, as `Table.lines` has them."""
        read = Table()
        for row in _within(table, f"{W}tr"):
            if (marks := row.find(f"{W}trPr")) is not None and marks.find(f"{W}del") is not None:
                continue
            read.begin_row(_number(row.find(f"{W}trPr/{W}gridBefore"), 0))
            for cell in _within(row, f"{W}tc"):
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                kind = "" if merge is None else merge.get(f"{W}val", "continue")
                paragraphs, nested = self._cell(cell)
                columns = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                read.add_cell(paragraphs, nested, columns, begins=kind == "restart", goes_on=kind == "continue")
        return read.lines()

    def notes(self, kind: str) -> list[list[str]]:
        """The lines of each footnote or endnote, in the order in which the text refers to them."""
        if not (wanted := dict.fromkeys(self._notes[kind])) or (part := self.package.beside(f"{kind}s")) is None:
            return []
        notes = {note.get(f"{W}id"): note for note in part.iterchildren(f"{W}{kind}")}
        return [self._lines_in(notes[one]) for one in wanted if one in notes]

    def _cell(self, cell: Any) -> tuple[list[str], list[str]]:
        """The lines of a cell's paragraphs, and those of the tables in it."""
        own: list[str] = []
        nested: list[str] = []
        for block in _blocks(cell):
            if block.tag == f"{W}p":
                own += self.paragraph(block)
            elif block.tag != f"{W}tbl":
                own += self.chunk(block)
            else:
                nested += [line for row in self.table(block) for line in row]
        return own, nested

    def _lines_in(self, container: Any) -> list[str]:
        own: list[str] = []
        for block in _blocks(container):
            if block.tag == f"{W}p":
                own += self.paragraph(block)
            elif block.tag != f"{W}tbl":
                own += self.chunk(block)
            else:
                own += [line for row in self.table(block) for line in row]
        return own

    def _take_boxes(self) -> list[str]:
        lines: list[str] = []
        while self._boxes:
            boxes, self._boxes = self._boxes, []
            outside, (self._fields, self._carried) = (self._fields, self._carried), ([], "")
            for box in boxes:
                lines += self._lines_in(box)
            self._fields, self._carried = outside
        return lines

    def _inline(self, parent: Any) -> Iterator[str]:
        """The shown text within a paragraph."""
        for child in parent:
            if child.tag == f"{W}r":
                yield from self._run(child)
            elif child.tag == f"{_MATH}r":
                yield "".join(child.itertext(f"{_MATH}t"))
            elif child.tag == f"{W}fldSimple":
                self._fields.append(_Field(field_kind(child.get(f"{W}instr", "")), in_result=True))
                yield from self._inline(child)
                self._fields.pop()
            elif child.tag == f"{W}sdt":
                if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    yield from self._inline(child)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._inline(_chosen(child))
            elif child.tag == _OUTSIDE:
                self.package.chunk(child)
            elif child.tag in _THROUGH or str(child.tag).startswith(_MATH):
                yield from self._inline(child)

    def _run(self, run: Any) -> Iterator[str]:
        properties = run.find(f"{W}rPr")
        look = self._looks if properties is None else self._look(properties)
        hidden = look is not _PLAIN and any(look.get(tag) for tag in _UNSHOWN)
        hidden = hidden or (properties is not None and self._is_white_on_white(run, properties))
        raised = look is not _PLAIN and look.get(_LEVEL, False)
        for child in run:
            if child.tag == f"{W}fldChar":
                shown = self._field(child)
                yield "" if hidden else shown
            elif child.tag == f"{W}instrText" and self._fields and not self._fields[-1].in_result:
                self._fields[-1].instruction += child.text or ""
            elif hidden or not all(one.shows for one in self._fields):
                continue
            elif child.tag == f"{W}t":
                text = child.text or ""
                yield f"{RAISED_FROM}{text}{RAISED_TO}" if raised else text
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == f"{W}sym":
                yield as_shown(_code(child.get(f"{W}char")), child.get(f"{W}font", ""))
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = child.tag.removeprefix(W).removesuffix("Reference")
                self._notes[kind].append(child.get(f"{W}id", ""))
            elif child.tag == f"{W}ruby":
                for base in child.iterchildren(f"{W}rubyBase"):
                    yield from self._inline(base)
            elif child.tag in _HOLD_BOXES:
                self._boxes += _boxes(child)
                yield PICTURE if _is_inline_picture(child) else ""

    def _is_white_on_white(self, run: Any, properties: Any) -> bool:
        """Whether a run is white on the page itself; in tables and boxes, and on any shade, white writing is common."""
        colour = properties.find(f"{W}color")
        if colour is None or colour.get(f"{W}val", "").upper() not in _WHITE:
            return False
        if (
            any(properties.find(shade) is not None for shade in _SHADES)
            or self.package.root.find(f"{W}background") is not None
        ):
            return False
        return not any(
            above.tag in _SHADED or above.find(f"{W}pPr/{W}shd") is not None for above in run.iterancestors()
        )

    def _field(self, mark: Any) -> str:
        """Begin, part or end a field; what Word shows for one that has no result."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field(chosen=_chosen_entry(mark)))
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.in_result and all(one.shows for one in self._fields):
                return without_result(ended.instruction, ended.chosen)
        return ""

    def _look(self, properties: Any) -> Mapping[str, bool]:
        """What is switched on or off for a run: by its paragraph's style, by its own style, by itself."""
        own = {child.tag: child for child in properties if child.tag in _LOOKS}
        if not own:
            return self._looks
        style = own.pop(_RUN_STYLE, None)
        of_style = self._of_style(style)
        if not own and not of_style:
            return self._looks
        return {**self._looks, **of_style, **{tag: _on(switch) for tag, switch in own.items()}}

    def _of_style(self, style: Any | None) -> Mapping[str, bool]:
        """What a style switches on or off; few of a file's styles are in use."""
        if style is None:
            return _PLAIN
        style_id = style.get(f"{W}val", "")
        if style_id not in self._style_looks:
            self._style_looks[style_id] = _switched(style_id, self._styles) or _PLAIN
        return self._style_looks[style_id]


def _path(folder: str, target: str) -> str:
    """The name of the part that a relationship of a folder points to."""
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, through content controls and what else may stand around them."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl", _CHUNK, _OUTSIDE):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _blocks(_chosen(child))
        elif child.tag == f"{W}sdt":
            if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                yield from _blocks(child)
        elif child.tag in _THROUGH:
            yield from _blocks(child)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls around them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt" or child.tag in _THROUGH:
            yield from _within(child, tag)


def _chosen(alternates: Any) -> Any:
    """The first of several ways to write the same (a drawing, and for older programs VML)."""
    return next(iter(alternates), alternates)


def _is_inline_picture(drawing: Any) -> bool:
    """Whether a drawing stands in the line, as a character does."""
    return next(drawing.iter(_INLINE), None) is not None and next(drawing.iter(f"{W}txbxContent"), None) is None


def _boxes(drawing: Any) -> list[Any]:
    """The contents of the text boxes in a drawing, each once, those in text boxes not told from them."""
    for alternate in drawing if drawing.tag == f"{_MC}AlternateContent" else (drawing,):
        found = [
            box
            for box in alternate.iter(f"{W}txbxContent")
            if not any(True for _ in _outer(box, alternate, f"{W}txbxContent"))
            and not any(True for _ in _outer(box, alternate, f"{_MC}Fallback"))
        ]
        if found:
            return found
    return []


def _outer(element: Any, within: Any, tag: str) -> Iterator[Any]:
    for ancestor in element.iterancestors():
        if ancestor is within:
            return
        if ancestor.tag == tag:
            yield ancestor


def _switched(style_id: str, styled: Mapping[str, Any]) -> dict[str, bool]:
    """What a style switches on or off, itself or by what it is based on."""
    seen: set[str] = set()
    switched: dict[str, bool] = {}
    while style_id in styled and style_id not in seen:
        seen.add(style_id)
        if (own := styled[style_id].find(f"{W}rPr")) is not None:
            switched = {one.tag: _on(one) for one in own if one.tag in _SWITCHES} | switched
        base = styled[style_id].find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val", "")
    return switched


def _on(switch: Any) -> bool:
    return switch.get(f"{W}val", "1") not in ("0", "false", "off", "baseline")


def _chosen_entry(mark: Any) -> str:
    """The entry that a drop-down list of a form shows; it stands nowhere else."""
    entries = [one.get(f"{W}val", "") for one in mark.iterfind(f"{W}ffData/{W}ddList/{W}listEntry")]
    chosen = mark.find(f"{W}ffData/{W}ddList/{W}result")
    at = _number(chosen, 0)
    return entries[at] if 0 <= at < len(entries) else ""


def _code(hexadecimal: str | None) -> int:
    try:
        return min(int(hexadecimal or "", 16), 0x10FFFF)
    except ValueError:
        return 0xFFFD


def _number(element: Any | None, otherwise: int) -> int:
    try:
        return otherwise if element is None else int(element.get(f"{W}val", ""))
    except ValueError:
        return otherwise
