"""Images: what is told without OCR, and what RapidOCR reads."""

import io
from pathlib import Path

import pytest
from PIL import Image

from sources.document import Document
from sources.quarantine import Quarantined, Reason
from sources.readers import ocr, read
from sources.readers.layout import Box

FILES = Path(__file__).parent / "fixtures" / "pdf"
FORMATS = ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"]


def opened(data: bytes) -> Document:
    return read(data, "scan", "0" * 64)


def refused(data: bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(data)
    return raised.value


def saved(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def noise(width: int = 300, height: int = 200) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


class Reader:
    """Stands in for OCR, which takes seconds: each image says a line, and remembers what it was shown."""

    def __init__(self, *texts: tuple[str, float], confidence: float = 0.99) -> None:
        self.texts, self.confidence, self.seen = texts, confidence, list[Image.Image]()

    def __call__(self, image: Image.Image) -> list[ocr.OcrLine]:
        self.seen.append(image)
        return [
            ocr.OcrLine(text, Box(20, top, 20 + 16 * len(text), top + 20), self.confidence) for text, top in self.texts
        ]


def reading(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> Reader:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "lines", reader)
    return reader


# --- images ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_without_ocr(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    found = refused(saved(noise(), format))
    assert found.reason is Reason.SCANNED_WITHOUT_OCR
    assert "300 × 200" in found.detail and 'pip install "fazhi[ocr]"' in found.detail


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_with_ocr(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reading(monkeypatch, Reader(("受理12件。", 40)))
    document = opened(saved(noise(), format))
    assert (document.text, document.media_type) == ("受理12件。\n", f"image/{format.lower()}")
    assert document.where(0) == "xywh=20,40,96,20"
    assert [(image.mode, image.size) for image in reader.seen] == [("RGB", (300, 200))]


def test_all_pages_of_a_tiff_file(monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, Reader(("受理12件。", 40), ("第1页", 190)))
    document = opened(saved(noise(), "TIFF", save_all=True, append_images=[noise()]))
    assert document.text == "受理12件。\n" * 2
    assert [piece.where for piece in document.pieces] == ["page=1&xywh=20,40,96,20", "page=2&xywh=20,40,96,20"]


def test_an_image_is_turned_as_its_camera_says_and_lies_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reading(monkeypatch, Reader(("受理12件。", 40)))
    turned = Image.Exif()
    turned[0x0112] = 6
    opened(saved(noise(), "JPEG", exif=turned.tobytes()))
    opened(saved(Image.new("RGBA", (30, 20), (0, 0, 0, 0))))
    assert reader.seen[0].size == (200, 300)
    assert reader.seen[1].getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_an_image_that_breaks_off(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, Reader())
    whole = saved(noise(), format)
    assert refused(whole[: len(whole) // 2]).reason in (Reason.TRUNCATED, Reason.UNREADABLE)


def test_a_photograph_that_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, Reader())
    whole = saved(noise(), "JPEG")
    assert refused(whole[: len(whole) // 2]).reason is Reason.TRUNCATED


def test_a_damaged_image() -> None:
    whole = saved(noise())
    assert refused(whole[:40] + b"\x93" * 200 + whole[240:]).reason is Reason.UNREADABLE


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_an_image_too_large_to_unpack(side: int) -> None:
    found = refused(saved(Image.new("1", (side, side)), "PNG"))
    assert found.reason is Reason.TOO_COMPLEX
    assert "dots per inch" in found.detail


def test_an_image_without_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, Reader())
    assert refused(saved(noise())).reason is Reason.EMPTY


def test_a_scan_too_poor_to_read_figures_from(monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, Reader(("受理12件。", 40), confidence=0.6))
    found = refused(saved(noise()))
    assert found.reason is Reason.UNREADABLE
    assert "60% sure" in found.detail


def test_a_poor_photo_in_a_report_with_text_is_no_reason_to_refuse_it() -> None:
    photo = [ocr.OcrLine("湘A12345", Box(0, 0, 100, 20), 0.3)]
    ocr.require_legible(photo, "report.pdf", certain=2_000)
    with pytest.raises(Quarantined):
        ocr.require_legible(photo, "report.pdf")


# --- OCR ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read_as", "expected"),
    [
        ("受理1O2l3件", "受理10213件"),
        ("办结率99。82%", "办结率99.82%"),
        ("2024年。12个单位", "2024年。12个单位"),
        ("A1O级", "A1O级"),
        ("1、362件", "1、362件"),
    ],
)
def test_only_letters_between_digits_are_corrected(read_as: str, expected: str) -> None:
    assert ocr.corrected(read_as) == expected


def test_a_long_image_is_read_in_parts_cut_between_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy")
    image = noise(60, 4_500)
    image.paste("white", (0, 1_900, 60, 1_910))
    seen: list[tuple[int, int]] = []

    def read_part(part: Image.Image) -> list[ocr.OcrLine]:
        seen.append(part.size)
        return [ocr.OcrLine("受理", Box(0, 10, 32, 26), 0.9)]

    monkeypatch.setattr(ocr, "_read", read_part)
    tops = [line.box.top for line in ocr.lines(image)]
    assert sum(height for _, height in seen) == 4_500 and all(height <= 2_000 for _, height in seen)
    assert 1_900 <= seen[0][1] <= 1_910
    assert tops[:2] == [10, 10 + seen[0][1]]


with_ocr = pytest.mark.skipif(not ocr.available(), reason="the extra ocr isn't installed")


@with_ocr
@pytest.mark.slow
def test_a_scan_is_read() -> None:
    document = opened((FILES / "scan.png").read_bytes())
    assert document.text == "青岩县2024年度法治政府建设情况报告\n全县受理行政复议案件1362件，审结率96.92%。\n"
    assert document.pieces[1].where.startswith("xywh=")


@with_ocr
@pytest.mark.slow
def test_a_scanned_page_among_pages_of_text_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("OCR asked the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    document = opened((FILES / "with_a_scan.pdf").read_bytes())
    assert document.text.splitlines()[-1] == "全县人民调解组织调处矛盾纠纷18265件，"
    assert document.pieces[-1].where.startswith("page=2&viewrect=9")
