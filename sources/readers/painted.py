"""What is painted on a PDF page, in that order, and which of its text nobody sees.

Text is unseen where it is white on white, or behind a box, a picture or an annotation that is painted over it. Whether
it shows is asked of PDFium: the page is drawn with the text in doubt and without it. A page on which nothing is in
doubt, as on nearly all, isn't drawn.
"""

import ctypes
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

# More objects than a page of a report has; browsers make one of each character.
_MOST_OBJECTS = 100_000
_FORM_DEPTH = 5
# From here on a colour is white to the eye; a drawn page that changes by less than the other doesn't.
_WHITE, _SEEN, _TRANSPARENT = 240, 24, 16
# Dots a point, and as many as an A3 page has.
_SCALE, _MOST_PIXELS = 2.0, 4_000_000
_INVISIBLE = 3
# Points: thinner boxes are rules and underlines, and a box covers nothing of a line it only touches.
_THIN, _TOUCHES = 3.0, 1.0
# With more boxes than this painted over text, all text before them is looked at.
_MOST_COVERS = 200
_FAR_AWAY = 100_000.0

# Left, bottom, right and top in the file's coordinates, which go up.
Extent = tuple[float, float, float, float]
# What is painted, of what kind, and the matrix of the form that it is in.
Painted = tuple[Any, int, Any]


def painted(raw: Any, page: Any) -> list[Painted]:
    """All that is painted on a page, what is painted over it later coming later."""
    return list(islice(_painted(raw, page), _MOST_OBJECTS))


def matrix(raw: Any, drawn: Any) -> Any:
    """The matrix of a form or picture."""
    from pypdfium2 import PdfMatrix  # noqa: PLC0415  slow to import

    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, own)
    return PdfMatrix.from_raw(own)


def unseen(
    raw: Any, page: Any, text: Any, objects: Sequence[Painted], *, is_scan: bool, is_layered: bool
) -> dict[int, bool]:
    """The characters of a page that don't show, by their index in its text; true where something lies over them.

    On a scan (`is_scan`) the text that OCR put invisibly over or under its image is the page's. Where a file has
    layers that may be off (`is_layered`) all text is in doubt.
    """
    pale, covered = _doubtful(raw, page, objects, is_scan=is_scan, is_layered=is_layered)
    if not pale and not covered:
        return {}
    seen, to_pixels = _seen(raw, page, [*pale.values(), *covered.values()])
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = {}
    for index in range(raw.FPDFText_CountChars(text)):
        drawn = raw.FPDFText_GetTextObject(text, index)
        address = _address(drawn) if drawn else 0
        if (address in pale or address in covered) and raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            box = to_pixels((left.value, bottom.value, right.value, top.value))
            if seen.crop(box).getbbox() is None:
                found[index] = address in covered
    return found


def _painted(raw: Any, page: Any) -> Iterator[Painted]:
    # Not through pypdfium2's get_objects, which makes a Python object of each.
    from pypdfium2 import PdfMatrix  # noqa: PLC0415  slow to import

    get_kind = raw.FPDFPageObj_GetType
    holders = [(page, iter(range(raw.FPDFPage_CountObjects(page))), raw.FPDFPage_GetObject, PdfMatrix())]
    while holders:
        holder, indexes, get_object, form = holders[-1]
        for index in indexes:
            drawn = get_object(holder, index)
            kind = get_kind(drawn)
            yield drawn, kind, form
            if kind == raw.FPDF_PAGEOBJ_FORM and len(holders) <= _FORM_DEPTH:
                inner = iter(range(raw.FPDFFormObj_CountObjects(drawn)))
                holders.append((drawn, inner, raw.FPDFFormObj_GetObject, matrix(raw, drawn).multiply(form)))
                break
        else:
            holders.pop()


# --- what is in doubt -----------------------------------------------------------------------------------------------


def _doubtful(
    raw: Any, page: Any, objects: Sequence[Painted], *, is_scan: bool, is_layered: bool
) -> tuple[dict[int, Any], dict[int, Any]]:
    """The text objects that may not show: those that are pale themselves, and the others, each by its address."""
    texts = [(at, drawn, form) for at, (drawn, kind, form) in enumerate(objects) if kind == raw.FPDF_PAGEOBJ_TEXT]
    if not texts:
        return {}, {}
    every = [drawn for _, drawn, _ in texts]
    if is_layered:
        return {_address(drawn): drawn for drawn in every}, {}
    covers = [
        (at, extent)
        for at, (drawn, kind, form) in enumerate(objects[texts[0][0] :], texts[0][0])
        if kind != raw.FPDF_PAGEOBJ_TEXT and (extent := _cover(raw, drawn, kind, form, is_scan=is_scan))
    ]
    covers += [(len(objects), extent) for extent in _noted(raw, page)]
    pale = {_address(drawn): drawn for drawn in _pale(raw, every, is_scan=is_scan)}
    covered = [drawn for at, drawn, form in texts if covers and _is_covered(raw, at, drawn, form, covers)]
    return pale, {address: drawn for drawn in covered if (address := _address(drawn)) not in pale}


def _pale(raw: Any, texts: Sequence[Any], *, is_scan: bool) -> list[Any]:
    """White and invisible text."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    colour = tuple(map(ctypes.byref, (red, green, blue, alpha)))
    get_colour, get_mode = raw.FPDFPageObj_GetFillColor, raw.FPDFTextObj_GetTextRenderMode
    return [
        drawn
        for drawn in texts
        if (not is_scan and get_mode(drawn) == _INVISIBLE)
        or (
            get_colour(drawn, *colour)
            and (alpha.value < _TRANSPARENT or min(red.value, green.value, blue.value) >= _WHITE)
        )
    ]


def _cover(raw: Any, drawn: Any, kind: int, form: Any, *, is_scan: bool) -> Extent | None:
    """What a filled box, a picture or a shading covers; None for rules and outlines."""
    if kind == raw.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(drawn, fill, stroke) or not fill.value:
            return None
    elif kind == raw.FPDF_PAGEOBJ_FORM or (kind == raw.FPDF_PAGEOBJ_IMAGE and is_scan):
        return None
    extent = _extent(raw, drawn, form)
    return extent if min(extent[2] - extent[0], extent[3] - extent[1]) > _THIN else None


def _noted(raw: Any, page: Any) -> Iterator[Extent]:
    """The places of annotations that may hide what they lie on."""
    hiding = (
        *(raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_STAMP),
        *(raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_REDACT, raw.FPDF_ANNOT_INK),
    )
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_COVERS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if note and raw.FPDFAnnot_GetSubtype(note) in hiding:
            place = raw.FS_RECTF()
            if raw.FPDFAnnot_GetRect(note, place):
                yield place.left, min(place.bottom, place.top), place.right, max(place.bottom, place.top)
        raw.FPDFPage_CloseAnnot(note)


def _is_covered(raw: Any, at: int, drawn: Any, form: Any, covers: Sequence[tuple[int, Extent]]) -> bool:
    """Whether something is painted over a text object later, or may be."""
    if len(covers) > _MOST_COVERS:
        return at < covers[-1][0]
    left, bottom, right, top = _extent(raw, drawn, form)
    return any(
        at < later
        and min(right, x1) - max(left, x0) > min(_TOUCHES, (right - left) / 2)
        and min(top, y1) - max(bottom, y0) > min(_TOUCHES, (top - bottom) / 2)
        for later, (x0, y0, x1, y1) in covers
    )


def _extent(raw: Any, drawn: Any, form: Any) -> Extent:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    extent: Extent = form.on_rect(left.value, bottom.value, right.value, top.value)
    return extent


# --- what shows -----------------------------------------------------------------------------------------------------


def _seen(raw: Any, page: Any, doubtful: Sequence[Any]) -> tuple[Any, Callable[[Extent], tuple[int, int, int, int]]]:
    """A picture of the page with ink where the text in doubt shows; and from an extent to a box on it."""
    from PIL import ImageChops  # noqa: PLC0415  slow to import

    width, height = page.get_size()
    scale = min(_SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
    with_text = _drawn(page, scale)
    _move(raw, doubtful, _FAR_AWAY)
    without = _drawn(page, scale)
    _move(raw, doubtful, -_FAR_AWAY)
    ink = ImageChops.difference(with_text, without).point([0] * _SEEN + [255] * (256 - _SEEN))
    columns, rows = ink.size
    x, y = ctypes.c_int(), ctypes.c_int()

    def to_pixels(extent: Extent) -> tuple[int, int, int, int]:
        corners = []
        for across, up in (extent[:2], extent[2:]):
            raw.FPDF_PageToDevice(page, 0, 0, columns, rows, 0, across, up, x, y)
            corners.append((x.value, y.value))
        (x0, y0), (x1, y1) = corners
        return min(x0, x1), min(y0, y1), max(x0, x1) + 1, max(y0, y1) + 1

    return ink, to_pixels


def _drawn(page: Any, scale: float) -> Any:
    return page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()


def _move(raw: Any, texts: Sequence[Any], by: float) -> None:
    for drawn in texts:
        raw.FPDFPageObj_Transform(drawn, 1, 0, 0, 1, by, 0)


def _address(drawn: Any) -> int:
    return ctypes.addressof(drawn.contents)
