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
from sources.readers.blame import damage
from sources.readers.lines import Lines, clean
from sources.readers.numbering import Numbering, W, numbering
from sources.readers.sniff import DOCX
from sources.readers.word import FURNITURE, Table, field_kind, is_title, soft_lines

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
# A report of 100 pages has some 5 MB of XML.
_LARGEST_XML = 30_000_000
# Fewer characters beside a picture are a cover or a caption, not a report.
_SCARCE = 100
_THROUGH = frozenset(
    f"{W}{name}" for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo")
)
_SIGNS: Mapping[str, str] = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_HOLD_BOXES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object", f"{_MC}AlternateContent"))


def read_docx(data: bytes, name: str, snapshot_id: str) -> Document:
    """Paragraphs with their automatic numbers, and tables, in order; then footnotes and endnotes.

    Text boxes and content controls are in, insertions are in and deletions out, hidden text, headers, footers, page
    numbers and tables of contents are out. `meta` has a `title` where the file's own stands in its text too: Word keeps
    that of the file a report was written over. Raises Quarantined with EMPTY, UNREADABLE, TRUNCATED, ENCRYPTED,
    TOO_COMPLEX, UNSAFE_ARCHIVE, and SCANNED_WITHOUT_OCR for pictures of pages where no OCR is installed.
    """
    package = _Package(name, parts(data, name))
    lines = _lines(package)
    document = lines.document(snapshot_id, DOCX)
    if len(re.sub(r"\s", "", document.text)) < _SCARCE and (pictures := package.pictures()):
        return _recognised(pictures, lines, name, snapshot_id)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} is a Word file without text or pictures; fetch the report again")
    title = clean(package.title())
    return lines.document(snapshot_id, DOCX, {"title": title} if is_title(title, document.text) else {})


def _lines(package: "_Package") -> Lines:
    lines, body = Lines(), package.root.find(f"{W}body")
    if body is None:
        raise package.unreadable("no body in its main part")
    text = _Text(package)
    paragraph = table = 0
    for block in _blocks(body):
        if block.tag == f"{W}p":
            paragraph += 1
            for line in text.paragraph(block):
                lines.add(line, f"paragraph={paragraph}")
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
    return lines


def _recognised(pictures: list[bytes], lines: Lines, name: str, snapshot_id: str) -> Document:
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
    document = lines.document(snapshot_id, DOCX)
    if not document.text:
        raise Quarantined(Reason.EMPTY, f"{name} has {len(pictures)} pictures without text; fetch the report again")
    return document


@dataclass(slots=True)
class _Package:
    """The parts of a Word file; `root` is that of its main part."""

    name: str
    parts: Mapping[str, bytes]
    main: str = ""
    root: Any = None

    def __post_init__(self) -> None:
        targets = self._targets("_rels/.rels", "officeDocument")
        self.main = next((part for part in targets.values() if part in self.parts), "word/document.xml")
        if (root := self._xml(self.main)) is None:
            raise self.unreadable("no main part (word/document.xml)")
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
        return [self.parts[images[one]] for one in dict.fromkeys(shown) if images.get(one) in self.parts]

    def unreadable(self, found: str) -> Quarantined:
        return Quarantined(
            Reason.UNREADABLE,
            f"{self.name} is a damaged Word file ({found}), expected one that Word opens; "
            "open it in a word processor and save it anew",
        )

    def _relations(self) -> str:
        folder, file = posixpath.split(self.main)
        return f"{folder}/_rels/{file}.rels"

    def _targets(self, relations: str, kind: str) -> dict[str, str]:
        """Names of the parts of a kind by relationship id; what lies outside the file is none."""
        root = self._xml(relations)
        folder = posixpath.dirname(posixpath.dirname(relations))
        return {
            one.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            for one in (() if root is None else root.iterchildren("{*}Relationship"))
            if one.get("Type", "").endswith(f"/{kind}") and one.get("TargetMode") != "External"
        }

    def _xml(self, part: str) -> Any | None:
        from lxml import etree  # noqa: PLC0415  slow to import, and text files don't need it

        content = self.parts.get(part)
        if content is None:
            return None
        if len(content) > _LARGEST_XML:
            raise Quarantined(
                Reason.TOO_COMPLEX,
                f"{self.name} has {len(content):,} bytes of XML in {part}, expected at most {_LARGEST_XML:,}; "
                "save its text only",
            )
        for strict, transitional in _STRICT:
            content = content.replace(strict, transitional)
        # Entities stay as they are, nothing is fetched, and nesting beyond 256 is an error.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(content, parser)
        except Exception as error:
            raise self.unreadable(f"{part}: {damage(error)}") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self.unreadable(f"{part} defines entities, which office files must not")
        return root


@dataclass(slots=True)
class _Field:
    """A field whose result is shown only where `shows`: `{ PAGE }` is no text."""

    kind: str = ""
    in_result: bool = False

    @property
    def shows(self) -> bool:
        return self.in_result and self.kind not in FURNITURE


@dataclass(slots=True)
class _Text:
    """The text of blocks, read in the order of the file: numbers count on, and fields reach over paragraphs."""

    package: _Package
    _numbering: Numbering = field(init=False)
    _hidden_styles: frozenset[str] = field(init=False)
    _fields_end: bool = field(init=False)
    _fields: list[_Field] = field(default_factory=list)
    _boxes: list[Any] = field(default_factory=list)
    _notes: dict[str, list[str]] = field(default_factory=lambda: {"footnote": [], "endnote": []})
    _carried: str = ""

    def __post_init__(self) -> None:
        styles = self.package.beside("styles")
        self._numbering = numbering(self.package.beside("numbering"), styles)
        self._hidden_styles = _hidden(styles)
        kinds = [one.get(f"{W}fldCharType") for one in self.package.root.iter(f"{W}fldChar")]
        self._fields_end = kinds.count("begin") == kinds.count("end")

    def paragraph(self, paragraph: Any) -> list[str]:
        """Its lines, the number at the head of the first, then those of the text boxes that hang on it.

        One whose end was deleted goes on in the next.
        """
        if not self._fields_end:
            self._fields.clear()
        text = self._carried + "".join(self._inline(paragraph))
        self._carried = ""
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None):
            self._carried = text
            return self._take_boxes()
        lines = soft_lines(text)
        if (mark is None or not self._is_hidden(mark) or lines) and (label := self._numbering.label(paragraph)):
            lines = [_labelled(label, lines[0]), *lines[1:]] if lines else []
        return lines + self._take_boxes()

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
            else:
                nested += [line for row in self.table(block) for line in row]
        return own, nested

    def _lines_in(self, container: Any) -> list[str]:
        own: list[str] = []
        for block in _blocks(container):
            own += (
                self.paragraph(block) if block.tag == f"{W}p" else [line for row in self.table(block) for line in row]
            )
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
            elif child.tag in _THROUGH or str(child.tag).startswith(_MATH):
                yield from self._inline(child)

    def _run(self, run: Any) -> Iterator[str]:
        properties = run.find(f"{W}rPr")
        hidden = properties is not None and self._is_hidden(properties)
        for child in run:
            if child.tag == f"{W}fldChar":
                self._field(child.get(f"{W}fldCharType"))
            elif child.tag == f"{W}instrText" and self._fields and not self._fields[-1].kind:
                self._fields[-1].kind = field_kind(child.text or "")
            elif hidden or not all(one.shows for one in self._fields):
                continue
            elif child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = child.tag.removeprefix(W).removesuffix("Reference")
                self._notes[kind].append(child.get(f"{W}id", ""))
            elif child.tag == f"{W}ruby":
                for base in child.iterchildren(f"{W}rubyBase"):
                    yield from self._inline(base)
            elif child.tag in _HOLD_BOXES:
                self._boxes += _boxes(child)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_hidden(self, properties: Any) -> bool:
        own = properties.find(f"{W}vanish")
        if own is not None:
            return _on(own)
        style = properties.find(f"{W}rStyle")
        return style is not None and style.get(f"{W}val") in self._hidden_styles


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, through content controls and what else may stand around them."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
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


def _labelled(label: str, line: str) -> str:
    """A number never runs into the figure behind it: `1.` and `12件` are `1. 12件`."""
    line = line.lstrip()
    return f"{label} {line}" if line[:1].isdigit() and not label.endswith(" ") else label + line


def _hidden(styles: Any | None) -> frozenset[str]:
    """The character styles that hide text, themselves or by what they are based on."""
    if styles is None:
        return frozenset()
    styled = {one.get(f"{W}styleId"): one for one in styles.iter(f"{W}style") if one.get(f"{W}type") == "character"}
    return frozenset(one for one in styled if _hides(one, styled))


def _hides(style_id: str, styled: Mapping[str, Any]) -> bool:
    seen: set[str] = set()
    while style_id in styled and style_id not in seen:
        seen.add(style_id)
        if (own := styled[style_id].find(f"{W}rPr/{W}vanish")) is not None:
            return _on(own)
        base = styled[style_id].find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val", "")
    return False


def _on(switch: Any) -> bool:
    return switch.get(f"{W}val", "1") not in ("0", "false", "off")


def _number(element: Any | None, otherwise: int) -> int:
    try:
        return otherwise if element is None else int(element.get(f"{W}val", ""))
    except ValueError:
        return otherwise
