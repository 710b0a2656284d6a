"""PDF files: their text in reading order, their tables row by row, and scanned pages through OCR."""

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median
from typing import Any, NamedTuple

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr
from sources.readers.layout import (
    PARTING_EM,
    WIDE,
    Box,
    Page,
    Segment,
    Table,
    TableRow,
    around,
    units,
    without_furniture,
)
from sources.readers.lines import SOFT_HYPHEN, UNKNOWN, Cell, Lines
from sources.readers.painted import Extent, Painted, matrix, painted, unseen
from sources.readers.paragraphs import follow, write
from sources.readers.raised import as_raised, belongs
from sources.readers.rules import Grid, GridCell, grids

# A yearly report has 5 to 40 pages with about a thousand characters each.
_MOST_PAGES, _MOST_CHARACTERS_A_PAGE, _MOST_CORNERS = 600, 60_000, 1_000
# Pixels a point: 200 dots per inch; and no more pixels than that makes of an A3 page.
_SCAN_SCALE, _MOST_PIXELS = 200 / 72, 8_000_000
_MOSTLY_IMAGE, _HARDLY_TEXT = 0.5, 10
_GARBLED = 0.08
# Quarter turns; tilted text layers of scans are off by about 1°, watermarks by 30° to 60°.
_SLANTED = 0.1
_RULE_WIDTH = 3.0
_WATERMARK_SIZE = 2.5
_SPACE_EM, _SPACE_IN_NUMBER_EM, _SPACE_IN_WIDE_EM = 0.15, 0.3, 0.8
# PDFium's signs for a hyphen at the end of a line.
_HYPHEN_AT_END = (0x02, 0xFFFE)
# Symbol fonts have their glyphs here; at the head of a line these are bullets.
_SYMBOL_GLYPHS = frozenset(map(chr, range(0xF020, 0xF100)))
# Of a number that is seen in part the rest is looked for among so many characters at most.
_MOST_LOST = 500
_WRITES_NUMBERS = frozenset("0123456789０１２３４５６７８９.,．，·〇零一二两三四五六七八九十百千万亿%％")
_RAISED = frozenset("0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳[]〔〕［］【】()（）*＊※†‡,，、-–注")

_TITLE = re.compile(r"^(?!Microsoft Word)(?!.*\.(?:docx?|wps|pdf|indd)$).*[\u4e00-\u9fff]{4}", re.IGNORECASE)


class _Glyph(NamedTuple):
    character: str
    left: float
    top: float
    right: float
    bottom: float


def read_pdf(data: bytes, name: str, snapshot_id: str) -> Document:
    """The text of a PDF file; each line knows the page and where on it, as RFC 8118 has it.

    Running heads, running feet, page numbers and watermarks are left out; a paragraph or a table that goes on on the
    next page is one. Pages without text that are an image, and pages whose fonts don't say which characters they
    show, are read by OCR. Raises Quarantined with ENCRYPTED, TRUNCATED, UNREADABLE, TOO_COMPLEX, EMPTY, or
    SCANNED_WITHOUT_OCR where the extra `ocr` isn't installed.
    """
    import pypdfium2 as pdfium  # noqa: PLC0415  slow to import, and for PDF files only

    with _opened(pdfium, data, name) as document:
        pages, scanned = _pages(pdfium, document, data, name)
        if scanned:
            pages = _with_ocr(document, pages, scanned, name)
        meta = _meta(document)
    lines = Lines()
    write(without_furniture(pages), _where, lines)
    read = lines.document(snapshot_id, "application/pdf", meta)
    if not read.text:
        raise Quarantined(
            Reason.EMPTY,
            f"{name} has {len(pages)} page(s) and no text on them; expected a report; fetch the file again",
        )
    return read


def _opened(pdfium: Any, data: bytes, name: str) -> Any:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _unopened(pdfium, error, data, name) from error
    if not _is_whole(data):
        document.close()
        raise _truncated(data, name)
    count = len(document)
    if count > _MOST_PAGES:
        document.close()
        raise Quarantined(
            Reason.TOO_COMPLEX,
            f"{name} has {count} pages, expected at most {_MOST_PAGES}; take in the part that is the report",
        )
    return document


def _unopened(pdfium: Any, error: Any, data: bytes, name: str) -> Quarantined:
    if getattr(error, "err_code", None) in (pdfium.raw.FPDF_ERR_PASSWORD, pdfium.raw.FPDF_ERR_SECURITY):
        return Quarantined(
            Reason.ENCRYPTED, f"{name} is a PDF file with a password; expected one that opens without; save it without"
        )
    return _unreadable(data, name, str(error))


def _unreadable(data: bytes, name: str, found: str) -> Quarantined:
    if not _is_whole(data):
        return _truncated(data, name)
    return Quarantined(
        Reason.UNREADABLE,
        f"{name} is a damaged PDF file ({found}); expected one that opens; fetch it again or print it to PDF anew",
    )


def _is_whole(data: bytes) -> bool:
    """Whether the cross-references, which come after all objects, are there (ISO 32000-1, 7.5.5).

    PDFium opens many a file without, by searching it for objects: without those that were cut off.
    """
    return max(data.rfind(b"startxref"), data.rfind(b"%%EOF")) > data.rfind(b"endobj")


def _truncated(data: bytes, name: str) -> Quarantined:
    return Quarantined(
        Reason.TRUNCATED,
        f"{name} is a PDF file that breaks off after {len(data)} bytes, without the %%EOF that ends one; "
        "fetch it again",
    )


def _meta(document: Any) -> Mapping[str, str]:
    """The title where it is one: word processors put the first template's or the file's name there."""
    title = document.get_metadata_value("Title").strip()
    return {"title": title} if _TITLE.match(title) and not any(map(_is_no_character, map(ord, title))) else {}


def _where(page: Page, box: Box) -> str:
    """The fragment identifier of RFC 8118 for a box on a page."""
    shown = _turned(box, page.width, page.height, page.turned)
    numbers = (shown.left, shown.top, shown.width, shown.height)
    return f"page={page.number}&viewrect=" + ",".join(f"{max(number, 0):.0f}" for number in numbers)


# --- pages ----------------------------------------------------------------------------------------------------------


def _pages(pdfium: Any, document: Any, data: bytes, name: str) -> tuple[list[Page], list[int]]:
    """All pages, and the numbers of those without a text layer that can be read."""
    pages, scanned = [], []
    is_layered = b"/OCG" in data
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            text = page.get_textpage()
        except pdfium.PdfiumError as error:
            raise _unreadable(data, name, f"page {number} of {len(document)}: {error}") from error
        try:
            read, is_scanned = _page(pdfium.raw, page, text, number, name, is_layered=is_layered)
        finally:
            text.close()
            page.close()
        pages.append(read)
        if is_scanned:
            scanned.append(number)
    return pages, scanned


def _page(raw: Any, page: Any, text: Any, number: int, name: str, *, is_layered: bool) -> tuple[Page, bool]:
    left, bottom, right, top = page.get_bbox()
    box = Box(left, bottom, right, top)
    count = raw.FPDFText_CountChars(text)
    if count > _MOST_CHARACTERS_A_PAGE:
        raise Quarantined(
            Reason.TOO_COMPLEX,
            f"page {number} of {name} has {count} characters, expected at most {_MOST_CHARACTERS_A_PAGE}; "
            "take in the part that is the report",
        )
    objects = painted(raw, page)
    is_scan = _images(raw, objects, box) >= _MOSTLY_IMAGE * box.width * box.height
    hidden = unseen(raw, page, text, objects, is_scan=is_scan, is_layered=is_layered)
    quarters, glyphs, unmapped = _glyphs(raw, text, count, box, hidden)
    width, height = (box.height, box.width) if quarters % 2 else (box.width, box.height)
    turned = (page.get_rotation() // 90 - quarters) % 4
    empty = Page(number, width, height, (), turned=turned)
    # Those without a meaning that draw something are among the glyphs.
    if unmapped and unmapped > _GARBLED * (unmapped + sum(glyph.character != UNKNOWN for glyph in glyphs)):
        return empty, True
    if len(glyphs) < _HARDLY_TEXT and is_scan:
        return empty, True
    tables = []
    for grid in grids(_ruled(raw, objects, box, quarters)):
        table, glyphs = _table(grid, glyphs)
        if table:
            tables.append(table)
    return replace(empty, segments=tuple(_segments(glyphs)), tables=tuple(tables)), False


def _turned(box: Box, width: float, height: float, quarters: int) -> Box:
    """The box after the page, `width` × `height`, was turned clockwise."""
    left, top, right, bottom = box
    return (
        box,
        Box(height - bottom, left, height - top, right),
        Box(width - right, height - bottom, width - left, height - top),
        Box(top, width - right, bottom, width - left),
    )[quarters % 4]


def _glyphs(raw: Any, text: Any, count: int, page: Box, hidden: Mapping[int, bool]) -> tuple[int, list[_Glyph], int]:
    """The page's characters in upright position, and how many had no meaning: those are U+FFFD.

    First, how many quarter turns clockwise set them upright: wide tables are printed sideways. Characters in another
    direction than most, watermarks above all, are left out, and so are those `hidden` and those outside the page.
    """
    of_direction: dict[int, list[_Glyph]] = {}
    lost: dict[int, list[_Glyph]] = {}
    rect, unmapped = raw.FS_RECTF(), 0
    by_reference = ctypes.byref(rect)
    handle = text.raw
    get_box, get_angle = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharAngle
    has_no_meaning = raw.FPDFText_HasUnicodeMapError
    page_left, page_bottom, page_right, page_top = page
    for index, code in enumerate(_codes(raw, text, count)):
        # White space is told from distances: of what there is in the file PDFium keeps some and adds some.
        if code in (32, 13, 10, 9, 0xA0, 0x3000):
            continue
        character = chr(code)
        if has_no_meaning(handle, index) > 0 or _is_no_character(code):
            character = _unmapped(code)
            unmapped += character != SOFT_HYPHEN
            if not _has_ink(raw, handle, index):
                continue
        if (hidden and hidden.get(index) is False) or not get_box(handle, index, by_reference):
            continue
        # PDFium gives it clockwise, from 0 to 2π.
        angle = -get_angle(handle, index) / (math.pi / 2)
        direction = round(angle)
        if abs(angle - direction) > _SLANTED:
            continue
        left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
        inside = page_left <= (left + right) / 2 <= page_right and page_bottom <= (top + bottom) / 2 <= page_top
        glyph = _Glyph(character, left - page_left, page_top - top, right - page_left, page_top - bottom)
        seen = inside and (not hidden or index not in hidden)
        (of_direction if seen else lost).setdefault(direction % 4, []).append(glyph)
    if not of_direction:
        return 0, [], unmapped
    quarters = max(of_direction, key=lambda direction: len(of_direction[direction]))
    glyphs = of_direction[quarters]
    if cut := lost.get(quarters):
        glyphs = glyphs + list(_cut_off(cut, glyphs))
    if quarters:
        glyphs = [_Glyph(g.character, *_turned(Box(*g[1:]), page.width, page.height, quarters)) for g in glyphs]
    return quarters, glyphs, unmapped


def _unmapped(code: int) -> str:
    """What stands for a glyph without a character: the end of a line has its hyphen, symbols wait for their place."""
    if code in _HYPHEN_AT_END:
        return SOFT_HYPHEN
    return chr(code) if chr(code) in _SYMBOL_GLYPHS else UNKNOWN


def _cut_off(lost: Sequence[_Glyph], glyphs: Sequence[_Glyph]) -> Iterator[_Glyph]:
    """Marks where a number goes on that is seen in part: `13` of 1362件 covered, or its end outside the page."""
    numbers = [glyph for glyph in glyphs if glyph.character in _WRITES_NUMBERS]
    for glyph in lost[:_MOST_LOST]:
        if glyph.character in _WRITES_NUMBERS and any(_beside(glyph, other) for other in numbers):
            middle = (glyph.left + glyph.right) / 2
            if not any(g.left < middle < g.right and _on_one_baseline(g, glyph) for g in glyphs):
                yield glyph._replace(character=UNKNOWN)


def _beside(glyph: _Glyph, other: _Glyph) -> bool:
    # In whatever direction it is written.
    near = 0.3 * min(glyph.bottom - glyph.top, glyph.right - glyph.left) + 1
    across = max(glyph.left, other.left) - min(glyph.right, other.right)
    down = max(glyph.top, other.top) - min(glyph.bottom, other.bottom)
    return max(across, down) < near and min(across, down) < 0


def _has_ink(raw: Any, handle: Any, index: int) -> bool:
    """Whether a glyph draws anything; fonts without a mapping have spaces too."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
    return bool(found) and right.value - left.value > 0 and top.value - bottom.value > 0


def _codes(raw: Any, text: Any, count: int) -> Iterable[int]:
    """The code point of each character: all at once, where that leaves none out."""
    at_once = text.get_text_range() if count else ""
    if len(at_once) == count:
        return map(ord, at_once)
    return _whole([raw.FPDFText_GetUnicode(text, index) for index in range(count)])


def _whole(units: Sequence[int]) -> list[int]:
    """Code points of UTF-16 units: a character of two is at the place of its first, with a space after it."""
    codes = list(units)
    for at, (high, low) in enumerate(pairwise(units)):
        if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            codes[at : at + 2] = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), 0x20
    return codes


def _is_no_character(code: int) -> bool:
    """Whether it is a control, half a character, of private use, or U+FFFD: what fonts without a mapping yield."""
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code in (0xFFFD, 0xFFFE, 0xFFFF)


# --- from characters to lines ---------------------------------------------------------------------------------------


def _segments(glyphs: Sequence[_Glyph]) -> list[Segment]:
    """The writing, parted at wide white space; by position only, since files draw text in any order."""
    return [segment for row in _rows(_in_front(_runs(glyphs))) for segment in _parted(row)]


def _runs(glyphs: Sequence[_Glyph]) -> list[list[_Glyph]]:
    """Characters drawn one after the other on one baseline: mostly whole lines."""
    runs: list[list[_Glyph]] = []
    before: _Glyph | None = None
    for glyph in glyphs:
        if before is not None and _on_one_baseline(before, glyph) and glyph.left >= before.left:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        before = glyph
    return runs


def _in_front(runs: list[list[_Glyph]]) -> list[list[_Glyph]]:
    """The runs without large writing that the text runs across, such as a watermark that isn't slanted."""
    heights = [run[0].bottom - run[0].top for run in runs]
    if not heights or max(heights) <= _WATERMARK_SIZE * (usual := median(heights)):
        return runs
    large = [height > _WATERMARK_SIZE * usual for height in heights]
    text = [_box(run) for run, is_large in zip(runs, large, strict=True) if not is_large]
    return [
        run
        for run, is_large in zip(runs, large, strict=True)
        if not (is_large and any(_box(run).overlaps(box) for box in text))
    ]


def _box(run: Sequence[_Glyph]) -> Box:
    return Box(run[0].left, min(g.top for g in run), max(g.right for g in run), max(g.bottom for g in run))


def _on_one_baseline(a: _Glyph, b: _Glyph) -> bool:
    shared = (a.bottom if a.bottom < b.bottom else b.bottom) - (a.top if a.top > b.top else b.top)
    height, other = a.bottom - a.top, b.bottom - b.top
    return 2 * shared > (height if height < other else other)


def _rows(runs: Sequence[list[_Glyph]]) -> list[list[_Glyph]]:
    rows: list[tuple[_Glyph, list[_Glyph]]] = []
    for run in sorted(runs, key=lambda run: run[0].top + run[0].bottom):
        highest = max(run, key=lambda g: g.bottom - g.top)
        row = next((row for lead, row in reversed(rows[-3:]) if _on_one_baseline(lead, highest)), None)
        if row is None:
            rows.append((highest, run))
        else:
            row.extend(run)
    return [sorted(row, key=lambda g: g.left) for _, row in rows]


def _parted(row: Sequence[_Glyph]) -> Iterator[Segment]:
    """The segments of a row, without what is drawn twice to look bold, and without the numbers of footnotes."""
    em = _em(row)
    part: list[_Glyph] = []
    level: _Glyph | None = None  # the last that isn't raised
    for at, drawn in enumerate(row):
        gap = drawn.left - part[-1].right if part else 0.0
        if part and gap < 0 and _is_again(part[-1], drawn):
            continue
        glyph = drawn
        if part and level is not None and _is_raised(level, drawn, em):
            following = [after for after in row[at + 1 : at + 2] if not _is_raised(level, after, em)]
            after = following[0].character if _touches_number(drawn, following, em) else ""
            if not belongs(drawn.character, "".join(glyph.character for glyph in part[-3:]), after):
                continue
            glyph = drawn._replace(character=as_raised(drawn.character, part[-1].character))
        else:
            level = drawn
        if gap > PARTING_EM * em:
            yield _segment(part)
            part = []
        if drawn.character in _SYMBOL_GLYPHS:
            if not part and not _touches_number(drawn, row[at + 1 : at + 2], em):
                continue  # a bullet
            glyph = drawn._replace(character=UNKNOWN)
        part.append(glyph)
    if part:
        yield _segment(part)


def _touches_number(glyph: _Glyph, following: Sequence[_Glyph], em: float) -> bool:
    return any(after.character.isdigit() and after.left - glyph.right < _SPACE_IN_NUMBER_EM * em for after in following)


def _em(glyphs: Sequence[_Glyph]) -> float:
    hanzi = [g.right - g.left for g in glyphs if "\u4e00" <= g.character <= "\u9fff"]
    if hanzi:
        return max(median(hanzi), 1.0)
    width = sum(g.right - g.left for g in glyphs)
    return max(width / units("".join(g.character for g in glyphs)), 1.0)


def _is_again(before: _Glyph, glyph: _Glyph) -> bool:
    shared = before.right - glyph.left
    return before.character == glyph.character and shared > 0.6 * (glyph.right - glyph.left)


def _is_raised(before: _Glyph, glyph: _Glyph, em: float) -> bool:
    """Whether it is the mark of a note, or a part of one, by its form: raised and small, as in 1362¹件 and 45[2]件."""
    if glyph.character not in _RAISED:
        return False
    small = glyph.bottom - glyph.top < 0.75 * (before.bottom - before.top)
    return small and glyph.bottom < before.bottom - 0.2 * em


def _segment(part: Sequence[_Glyph]) -> Segment:
    em = _em(part)
    in_numbers = _gap_in_numbers(part)
    text = [part[0].character]
    for before, glyph in pairwise(part):
        if glyph.left - before.right >= _SPACE_EM * em:
            text.append(_space(before, glyph, em, in_numbers))
        text.append(glyph.character)
    line = "".join(text)
    if SOFT_HYPHEN in line:  # one is a hyphen that a page shows; only at the end of a line a word may go on after it
        line = line[:-1].replace(SOFT_HYPHEN, "-") + line[-1]
    return Segment(line, _box(part), em)


def _gap_in_numbers(part: Sequence[_Glyph]) -> float:
    """How far digits are usually apart: in `表2 2020年` not at all, in lines that are stretched as far as all else."""
    gaps = [b.left - a.right for a, b in pairwise(part) if a.character.isdigit() and b.character.isdigit()]
    return median(gaps) if gaps else 0.0


def _space(before: _Glyph, glyph: _Glyph, em: float, in_numbers: float) -> str:
    """The white space between two characters: lines are stretched between hanzi, not within words and numbers."""
    gap = glyph.left - before.right
    if WIDE.match(before.character) or WIDE.match(glyph.character):
        return " " if gap > _SPACE_IN_WIDE_EM * em else ""
    both_digits = before.character.isdigit() and glyph.character.isdigit()
    narrow = gap < _SPACE_IN_NUMBER_EM * em and gap - in_numbers < _SPACE_EM * em
    return "" if both_digits and narrow else " "


# --- ruled tables ---------------------------------------------------------------------------------------------------


def _images(raw: Any, objects: Sequence[Painted], page: Box) -> float:
    """The area of a page's images in square points."""
    return sum(
        _area(matrix(raw, drawn).multiply(form).on_rect(0, 0, 1, 1), page)
        for drawn, kind, form in objects
        if kind == raw.FPDF_PAGEOBJ_IMAGE
    )


def _ruled(raw: Any, objects: Sequence[Painted], page: Box, quarters: int) -> list[Box]:
    """The rules drawn on a page, in upright position."""
    rules = (
        rule for drawn, kind, form in objects if kind == raw.FPDF_PAGEOBJ_PATH for rule in _rules(raw, drawn, form)
    )
    return [
        _turned(
            Box(x0 - page.left, page.bottom - y1, x1 - page.left, page.bottom - y0), page.width, page.height, quarters
        )
        for x0, y0, x1, y1 in rules
    ]


def _area(extent: Extent, page: Box) -> float:
    left, bottom, right, top = extent
    width, height = min(right, page.right) - max(left, page.left), min(top, page.bottom) - max(bottom, page.top)
    return max(width, 0) * max(height, 0)


def _rules(raw: Any, path: Any, form: Any) -> Iterator[Extent]:
    """The lying and standing lines of a path: thin boxes that word processors fill, or the sides of what is drawn."""
    points = list(_corners(raw, path, form))
    if len(points) < 2:
        return
    xs, ys = [x for _, x, _ in points], [y for _, _, y in points]
    whole = min(xs), min(ys), max(xs), max(ys)
    if whole[2] - whole[0] <= _RULE_WIDTH or whole[3] - whole[1] <= _RULE_WIDTH:
        yield whole
        return
    for (_, x0, y0), (begins, x1, y1) in pairwise(points):
        if not begins and (abs(x0 - x1) < 1 or abs(y0 - y1) < 1):
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _corners(raw: Any, path: Any, form: Any) -> Iterator[tuple[bool, float, float]]:
    """The points of a path in the page's coordinates, and whether the pen moves there without drawing."""
    to_page = matrix(raw, path).multiply(form)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_CORNERS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        begins = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO
        point = to_page.on_point(x.value, y.value)
        start = point if begins else start
        yield begins, *point
        if raw.FPDFPathSegment_GetClose(segment):
            yield False, *start


def _table(grid: Grid, glyphs: list[_Glyph]) -> tuple[Table | None, list[_Glyph]]:
    """The table of a grid and the characters outside it; None where nothing is written in it."""
    written: dict[GridCell, list[_Glyph]] = {cell: [] for cell in grid.cells}
    places = grid.places()
    outside: list[_Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        cell = places.get(grid.place(x, y)) if x < grid.box.right and y < grid.box.bottom else None
        (outside if cell is None else written[cell]).append(glyph)
    if not any(written.values()):
        return None, glyphs
    rows = [
        TableRow(tuple(Cell(_cell_text(written[c], c.box), c.rows, c.columns) for c in row), around(c.box for c in row))
        for row in (list(row) for _, row in groupby(grid.cells, key=lambda cell: cell.row))
    ]
    return Table(tuple(rows), grid.box, grid.columns), outside


def _cell_text(glyphs: Sequence[_Glyph], cell: Box) -> str:
    """The lines of a cell as one; of two numbers below each other only one that fills the cell goes on."""
    text, right = "", 0.0
    for row in _rows(_runs(glyphs)):
        segments = list(_parted(row))
        if not segments:
            continue
        line = " ".join(segment.text for segment in segments)
        new_number = text[-1:].isdigit() and line[:1].isdigit() and cell.right - right > 2 * segments[0].em
        text = f"{text} {line}" if new_number else "".join(follow(text, line))
        right = segments[-1].box.right
    return text.replace(SOFT_HYPHEN, "-")


# --- scanned pages --------------------------------------------------------------------------------------------------


def _with_ocr(document: Any, pages: Sequence[Page], scanned: Sequence[int], name: str) -> list[Page]:
    if not ocr.available():
        raise Quarantined(
            Reason.SCANNED_WITHOUT_OCR,
            f"{name} has no text that can be read on page(s) {_numbers(scanned)} of {len(pages)}, which are images; "
            'install the extra that reads them: pip install "fazhi[ocr]"',
        )
    certain = sum(len(segment.text) for page in pages for segment in page.segments)
    read = {number: _scan(document[number - 1], pages[number - 1]) for number in scanned}
    ocr.require_legible([line for _, found in read.values() for line in found], name, certain)
    return [read[page.number][0] if page.number in read else page for page in pages]


def _numbers(pages: Sequence[int]) -> str:
    """`1–3, 7`."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][-1] + 1:
            spans[-1].append(page)
        else:
            spans.append([page])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans)


def _scan(page: Any, empty: Page) -> tuple[Page, list[ocr.OcrLine]]:
    """A page as OCR reads it, in points of the page as shown."""
    width, height = page.get_size()
    scale = min(_SCAN_SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
    found = ocr.lines(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
    return Page(empty.number, width, height, tuple(line.segment(1 / scale) for line in found)), found
