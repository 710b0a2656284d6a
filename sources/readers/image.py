"""Images of reports, photographed, scanned or saved from a screen, through OCR."""

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr
from sources.readers.blame import damage
from sources.readers.layout import Box, Page, without_furniture
from sources.readers.lines import Lines
from sources.readers.paragraphs import write

if TYPE_CHECKING:
    from PIL.Image import Image

# A page scanned with 600 dots per inch has 35 million.
_MOST_PIXELS, _MOST_PAGES = 60_000_000, 100
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")


def read_image(data: bytes, name: str, snapshot_id: str) -> Document:
    """The text in a PNG, JPEG, TIFF, GIF, BMP or WebP image; `where` is in pixels (W3C Media Fragments).

    All pages of a TIFF file, the first picture of a moving one. Raises Quarantined with TRUNCATED, UNREADABLE (damaged,
    or too poor a scan), TOO_COMPLEX, EMPTY, or SCANNED_WITHOUT_OCR where the extra `ocr` isn't installed.
    """
    pages, found, media_type = [], [], ""
    for number, (image, media_type) in enumerate(_pictures(data, name), start=1):
        if not ocr.available():
            raise Quarantined(
                Reason.SCANNED_WITHOUT_OCR,
                f"{name} is an image ({media_type}, {image.width} × {image.height} pixels); install the extra that "
                'reads images: pip install "fazhi[ocr]"',
            )
        read = ocr.lines(image)
        found += read
        pages.append(Page(number, image.width, image.height, tuple(line.segment() for line in read)))
    if not found:
        raise Quarantined(
            Reason.EMPTY, f"{name} is an image without writing; expected a report; take in the page it belongs to"
        )
    ocr.require_legible(found, name)
    lines = Lines()
    write(without_furniture(pages), _where_of_many if len(pages) > 1 else _where, lines)
    return lines.document(snapshot_id, media_type)


def _pictures(data: bytes, name: str) -> Iterator[tuple["Image", str]]:
    """Each page upright, in RGB on white, with the file's media type."""
    from PIL import Image, ImageOps  # noqa: PLC0415  for images only

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=_FORMATS) as file:
            pages = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
            _bound(file.width * file.height, pages, name)
            media_type = Image.MIME[file.format or "PNG"]
            for page in range(pages):
                file.seek(page)
                _bound(file.width * file.height, pages, name)
                yield _on_white(ImageOps.exif_transpose(file)), media_type
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_large(name, str(error)) from error
    except Exception as error:
        raise _damaged(name, damage(error)) from error


def _on_white(image: "Image") -> "Image":
    from PIL import Image  # noqa: PLC0415

    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def _bound(pixels: int, pages: int, name: str) -> None:
    if pixels > _MOST_PIXELS or pages > _MOST_PAGES:
        raise _too_large(name, f"{pixels} pixels, {pages} page(s)")


def _too_large(name: str, found: str) -> Quarantined:
    return Quarantined(
        Reason.TOO_COMPLEX,
        f"{name} is too large an image ({found}), expected at most {_MOST_PIXELS} pixels and {_MOST_PAGES} pages; "
        "save it with 200 dots per inch",
    )


def _damaged(name: str, found: str) -> Quarantined:
    """Pillow says only in words that a file breaks off."""
    if any(word in found.lower() for word in ("truncated", "unexpected end", "not enough", "eof")):
        return Quarantined(Reason.TRUNCATED, f"{name} is an image that breaks off ({found}); fetch it again")
    return Quarantined(
        Reason.UNREADABLE, f"{name} is a damaged image ({found}); expected one that opens; fetch it again"
    )


def _where(_: Page, box: Box) -> str:
    return "xywh=" + ",".join(f"{max(number, 0):.0f}" for number in (box.left, box.top, box.width, box.height))


def _where_of_many(page: Page, box: Box) -> str:
    return f"page={page.number}&{_where(page, box)}"
