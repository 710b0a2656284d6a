"""Scans: pages drawn with Noto CJK, slightly grey, with specks, as pictures and as PDFs without text."""

import io
from random import Random
from typing import TYPE_CHECKING

from corpus_report import Report

if TYPE_CHECKING:
    from PIL.Image import Image

_FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
_SIMPLIFIED = 2  # of the faces in Noto's collections
_LINE_CHARACTERS, _LINES_A_PAGE = 36, 34
_NO_LINE_BEGINS_WITH = "，。；：、）”》％%"


def pages(report: Report, random: Random, dpi: int = 150) -> list["Image"]:
    """The report as grey A4 pages."""
    lines = list(_wrapped(report))
    return [
        _page(lines[at : at + _LINES_A_PAGE], at // _LINES_A_PAGE + 1, random, dpi)
        for at in range(0, len(lines), _LINES_A_PAGE)
    ]


def _wrapped(report: Report):  # type: ignore[no-untyped-def]
    yield report.title.center(_LINE_CHARACTERS, "　")[: _LINE_CHARACTERS + 4].rstrip("　")
    yield ""
    for block in report.blocks:
        text = f"　　{block.text}"
        while text:
            end = _LINE_CHARACTERS
            while end < len(text) and text[end] in _NO_LINE_BEGINS_WITH:
                end += 1
            yield text[:end]
            text = text[end:]
    yield ""
    yield "　" * 22 + report.publisher
    yield "　" * 22 + report.signed_on


def _page(lines: list[str], number: int, random: Random, dpi: int) -> "Image":
    from PIL import Image, ImageDraw, ImageFont

    width, height = round(8.27 * dpi), round(11.69 * dpi)
    page = Image.new("L", (width, height), 246)
    draw = ImageDraw.Draw(page)
    size = round(width * 0.8 / _LINE_CHARACTERS)
    font = ImageFont.truetype(_FONT, size, index=_SIMPLIFIED)
    for at, line in enumerate(lines):
        draw.text((width * 0.09, height * 0.09 + at * size * 1.75), line, font=font, fill=25)
    draw.text((width * 0.48, height * 0.94), f"— {number} —", font=font, fill=40)
    for _ in range(width * height // 4000):
        page.putpixel((random.randrange(width), random.randrange(height)), random.randrange(90, 220))
    return page.rotate(random.uniform(-0.25, 0.25), fillcolor=246)


def picture(page: "Image", kind: str) -> bytes:
    """PNG of 16 greys or JPEG."""
    out = io.BytesIO()
    if kind == "png":
        page.quantize(16).save(out, "PNG", optimize=True)
    else:
        page.save(out, "JPEG", quality=55)
    return out.getvalue()


def tiff(sheets: list["Image"]) -> bytes:
    """Black and white, several pages, fax compression: what office scanners write."""
    out = io.BytesIO()
    black = [sheet.point(lambda grey: 255 if grey > 140 else 0).convert("1") for sheet in sheets]
    black[0].save(out, "TIFF", compression="group4", save_all=True, append_images=black[1:], dpi=(200, 200))
    return out.getvalue()


def image_pdf(sheets: list["Image"], dpi: int) -> bytes:
    """A PDF that has only pictures of pages."""
    from render_pdf import without_clock

    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=dpi, quality=55)
    return without_clock(out.getvalue())
