"""Pictures whose headers promise far more than is there, or that unpack to far more than they are."""

import struct
import zlib
from collections.abc import Iterator

from hostile_deflate import zlibbed


def pictures() -> Iterator[tuple[str, bytes]]:
    """PNG, JPEG, GIF, TIFF, BMP and WebP."""
    yield "picture-bomb.png", _png(13_000, 13_000, zlibbed(b"\x00" * 1626 * 100, 130))
    yield "picture-bomb-large.png", _png(30_000, 30_000, zlibbed(b"\x00" * 3751 * 300, 100))
    yield "picture-too-large.png", _png(2**31 - 1, 2**31 - 1, zlib.compress(b"\x00" * 100))
    yield "picture-empty.png", _png(0, 0, b"")
    yield "picture-thin.png", _png(1, 20_000_000, zlib.compress(b"\x00" * 1000))
    yield "picture-flat.png", _png(20_000_000, 1, zlib.compress(b"\x00" * 3_000_000))
    text = b"Comment\x00\x00" + zlibbed(b"a" * 1_000_000, 50)
    yield "picture-text-bomb.png", _png(9, 9, zlib.compress(b"\x00" * 27), _chunk(b"zTXt", text) * 20)
    yield "picture-chunks.png", _png(9, 9, zlib.compress(b"\x00" * 27), _chunk(b"tEXt", b"a\x00b") * 200_000)
    yield "picture-chunk-length.png", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + b"\x00" * 100
    profile = b"a\x00\x00" + zlibbed(b"\x00" * 1_000_000, 100)
    yield "picture-profile-bomb.png", _png(9, 9, zlib.compress(b"\x00" * 27), _chunk(b"iCCP", profile))
    yield "picture-huge.jpg", _jpeg(65_500, 65_500)
    yield "picture-empty.jpg", _jpeg(0, 0)
    yield "picture-scans.jpg", _jpeg(2_000, 2_000, scans=5_000)
    yield "picture-huge.gif", b"GIF89a\xff\xff\xff\xff\xf0\x00\x00" + b"\x00\xff" * 3 + _gif_frame(0xFFFF)
    yield (
        "picture-frames.gif",
        b"GIF89a\x10\x00\x10\x00\xf0\x00\x00" + b"\x00\xff" * 3 + _gif_frame(16) * 100_000 + b";",
    )
    yield (
        "picture-huge.bmp",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 999, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 1, 1, 0, 0),
    )
    yield "picture-run-length-bomb.bmp", _run_length_bmp()
    yield "picture-huge.webp", b"RIFF\x40\x00\x00\x00WEBPVP8L\x30\x00\x00\x00/\xff\xff\xff\x0f" + b"\x00" * 60
    yield "picture-loop.tiff", _tiff(100, 100, next_directory=8)
    yield "picture-huge.tiff", _tiff(2**31 - 1, 2**31 - 1)
    yield "picture-bomb.tiff", _tiff(13_000, 13_000, zlibbed(b"\x00" * 1_000_000, 22))
    yield "picture-strips.tiff", _tiff(100, 2**24, rows_a_strip=1)
    yield "picture-frames.tiff", _tiff_frames(20_000)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, packed: bytes, before: bytes = b"") -> bytes:
    """Of one bit a pixel; `packed` are its lines, compressed."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _jpeg(width: int, height: int, scans: int = 1) -> bytes:
    """Progressive, without a single pixel; many scans make a decoder go over the whole picture each time."""
    tables = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64 + b"\xff\xc4\x00\x14\x00\x01" + b"\x00" * 15 + b"\x00"
    frame = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + b"\x00" * 8
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + tables
        + frame
        + scan * scans
        + b"\xff\xd9"
    )


def _gif_frame(side: int) -> bytes:
    return b",\x00\x00\x00\x00" + struct.pack("<HH", side, side) + b"\x00\x02\x02\x4c\x01\x00"


def _run_length_bmp() -> bytes:
    width = height = 30_000
    runs = b"\xff\x00" * 100_000 + b"\x00\x01"
    head = struct.pack("<IHHI", 1078 + len(runs), 0, 0, 1078)
    return (
        b"BM"
        + head
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(runs), 1, 1, 0, 0)
        + b"\x00" * 1024
        + runs
    )


def _tiff(
    width: int, height: int, strip: bytes = b"\x00" * 100, *, next_directory: int = 0, rows_a_strip: int | None = None
) -> bytes:
    """One directory at byte 8, one strip behind it."""
    rows = rows_a_strip or min(height, 2**31 - 1)
    entries = [
        (256, width),
        (257, height),
        (258, 1),
        (259, 8),
        (262, 1),
        (273, 8 + 2 + 9 * 12 + 4),
        (277, 1),
        (278, rows),
    ]
    entries.append((279, len(strip)))
    packed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return (
        b"II*\x00\x08\x00\x00\x00"
        + struct.pack("<H", len(entries))
        + packed
        + struct.pack("<I", next_directory)
        + strip
    )


def _tiff_frames(frames: int) -> bytes:
    """As many pages, of one pixel each."""
    entries = [(256, 1), (257, 1), (258, 1), (259, 1), (262, 1), (273, 0), (277, 1), (278, 1), (279, 1)]
    packed = struct.pack("<H", 9) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    size = len(packed) + 4
    pages = b"".join(packed + struct.pack("<I", 8 + size * (n + 1) if n + 1 < frames else 0) for n in range(frames))
    return b"II*\x00\x08\x00\x00\x00" + pages
