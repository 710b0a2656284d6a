"""Scans: pages drawn with Noto CJK, slightly grey, with specks, as pictures and as PDFs without text."""

import io
from collections.abc import Iterator, Sequence
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
    lines = list(_lines(report))
    return [
        _page(lines[at : at + _LINES_A_PAGE], at // _LINES_A_PAGE + 1, random, dpi)
        for at in range(0, len(lines), _LINES_A_PAGE)
    ]


def _lines(report: Report) -> Iterator[tuple[str, str]]:
    """The lines of the report with how each is set: centred, justified, from the left or at the right."""
    yield report.title, "centre"
    yield "", "left"
    for block in report.blocks:
        *full, last = _wrapped(f"　　{block.text}")
        yield from ((line, "justified") for line in full)
        yield last, "left"
    yield "", "left"
    yield report.publisher, "right"
    yield report.signed_on, "right"


def _wrapped(text: str) -> Iterator[str]:
    """Lines as Word breaks them: full, with a punctuation mark in the margin rather than at the start of the next."""
    line, width = "", 0.0
    for character in text:
        wide = 0.5 if character.isascii() else 1.0
        if width + wide > _LINE_CHARACTERS and character not in _NO_LINE_BEGINS_WITH:
            yield line
            line, width = "", 0.0
        line, width = line + character, width + wide
    yield line


def _page(lines: Sequence[tuple[str, str]], number: int, random: Random, dpi: int) -> "Image":
    from PIL import Image, ImageDraw, ImageFont

    width, height = round(8.27 * dpi), round(11.69 * dpi)
    page = Image.new("L", (width, height), 246)
    draw = ImageDraw.Draw(page)
    size = round(width * 0.8 / _LINE_CHARACTERS)
    font = ImageFont.truetype(_FONT, size, index=_SIMPLIFIED)
    left, across = width * 0.09, float(size * _LINE_CHARACTERS)
    for at, (line, how) in enumerate(lines):
        spare = across - font.getlength(line)
        x = left + {"centre": spare / 2, "right": spare - 2 * size}.get(how, 0.0)
        gap = max(spare, 0.0) / max(len(line) - 1, 1) if how == "justified" else 0.0
        for character in line:
            draw.text((x, height * 0.09 + at * size * 1.75), character, font=font, fill=25)
            x += font.getlength(character) + gap
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
