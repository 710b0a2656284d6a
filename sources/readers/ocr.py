"""Text of images: RapidOCR (PP-OCR models in ONNX), the optional extra `ocr`.

Its models are in the wheel, so that nothing is fetched. An A4 page takes some seconds.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sources.quarantine import Quarantined, Reason
from sources.readers.layout import Box, Segment, units

if TYPE_CHECKING:
    from PIL.Image import Image

# Many workers read side by side.
_THREADS = 2
# The engine shrinks what is longer, until a screenshot of a whole article isn't legible: it is read in parts.
_LONGEST_SIDE, _PART_OVERLAP = 2_000, 300
# Of a good scan it is above 0.95. Below 0.75 about one character in ten is another one, and among them digits.
_LEAST_CONFIDENCE = 0.75

_ALLOWED = ContextVar("OCR is allowed", default=True)

_ONE = re.compile(r"(?<=\d)[lI|](?=\d)")
_ZERO = re.compile(r"(?<=\d)[oO〇](?=\d)")
_POINT = re.compile(r"(?<=\d)[。·](?=\d+[%％])")


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A piece of text on one line; `box` in pixels, `confidence` from 0 to 1."""

    text: str
    box: Box
    confidence: float

    def segment(self, unit: float = 1.0) -> Segment:
        """For the layout of a page whose unit is `unit` of a pixel."""
        box = self.box.scaled(unit)
        return Segment(self.text, box, box.width / units(self.text))


def installed() -> bool:
    """Whether the extra is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def available() -> bool:
    """Whether the extra is installed, and may be used here."""
    return _ALLOWED.get() and installed()


@contextmanager
def allowed(yes: bool) -> Iterator[None]:
    """Whether scans may be read within: it takes so much longer that those who wait must be ready for it."""
    before = _ALLOWED.set(yes)
    try:
        yield
    finally:
        _ALLOWED.reset(before)


def lines(image: "Image") -> list[OcrLine]:
    """The writing in an RGB image, from top to bottom, those of low confidence too."""
    return [
        OcrLine(line.text, line.box._replace(top=line.box.top + top, bottom=line.box.bottom + top), line.confidence)
        for top, bottom in _parts(image)
        for line in _read(image.crop((0, top, image.width, bottom)))
    ]


def require_legible(found: Sequence[OcrLine], name: str, certain: int = 0) -> None:
    """Raise Quarantined with UNREADABLE where most of a document is guesswork: no figure is better than a wrong one.

    A single bad line, such as a seal's, doesn't make it so. `certain` characters came from elsewhere, without doubt.
    """
    characters = certain + sum(len(line.text) for line in found)
    sure = certain + sum(line.confidence * len(line.text) for line in found)
    if characters and sure / characters < _LEAST_CONFIDENCE:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is a scan too poor to read figures from (OCR is {sure / characters:.0%} sure, expected "
            f"{_LEAST_CONFIDENCE:.0%}); scan it again with 200 dots per inch or more, or take in the text",
        )


def corrected(text: str) -> str:
    """Letters between digits as the digits they look like: `1O2l3件` is 10213件. Nothing else is certain."""
    return _POINT.sub(".", _ZERO.sub("0", _ONE.sub("1", text)))


def _read(image: "Image") -> list[OcrLine]:
    import numpy as np  # noqa: PLC0415  with the engine only

    # Colours in OpenCV's order.
    result = _engine()(np.asarray(image)[:, :, ::-1])
    if result.boxes is None or result.txts is None:
        return []
    return [
        OcrLine(corrected(text), _upright(corners), float(score))
        for text, corners, score in zip(result.txts, result.boxes, result.scores, strict=True)
        if text.strip()
    ]


def _upright(corners: Any) -> Box:
    """The box of four corners; a line that is a little askew is as high as its writing, not as its slant."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
    middle, height = (y0 + y1 + y2 + y3) / 4, ((y3 - y0) + (y2 - y1)) / 2
    return Box(min(x0, x3), middle - height / 2, max(x1, x2), middle + height / 2)


def _parts(image: "Image") -> list[tuple[int, int]]:
    """From where to where down a long image its parts go, cut where a row of pixels is of one colour."""
    import numpy as np  # noqa: PLC0415  with the engine only

    parts, top = [], 0
    while image.height - top > _LONGEST_SIDE:
        lowest = top + _LONGEST_SIDE - _PART_OVERLAP
        rows = np.asarray(image.crop((0, lowest, image.width, top + _LONGEST_SIDE)).convert("L")).std(axis=1)
        cut = lowest + int(rows[::-1].argmin() * -1 + len(rows) - 1)
        parts.append((top, cut))
        top = cut
    return [*parts, (top, image.height)]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415  an optional extra, seconds to load

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            # Nothing is left out for being uncertain; `require_legible` judges the whole.
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
