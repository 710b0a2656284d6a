# ruff: noqa: S311  seeded, so that the files are the same each time
"""Damaged and hostile files of every format, made from a seed: what no reader may hang on, crash on or fetch from.

`hostile_files` writes them one by one, so that a test may remove each after use; all together take about 165 MB. They
are damaged copies of documents of the corpus (cut off, bits flipped, bytes swapped, under a wrong name or magic number)
and files built to exhaust a parser: see hostile_texts, hostile_containers, hostile_pdfs and hostile_pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

from hostile_containers import containers
from hostile_pdfs import pdfs
from hostile_pictures import pictures
from hostile_texts import pages, texts

NOBODY = "http://127.0.0.1:9"
"""The discard port: where external references go if no test listens for them."""

_DOCUMENTS = Path(__file__).parent / "corpus" / "documents"
# One small document of each format.
SOUND = {
    "txt": "tianhuangping-2023.gb18030.txt",
    "utf16": "zhungeer-2024.txt",
    "html": "zhungeer-2024.declared_wrong.html",
    "mht": "yidu-2021.mht",
    "pdf": "shunde-2023.typeset.pdf",
    "docx": "hanzhong-2020.docx",
    "doc": "zhungeer-2024.wps",
    "rtf": "litong-2022.rtf",
    "xlsx": "hanzhong-2020.xlsx",
    "xls": "dali-2022.xls",
    "png": "tianhuangping-2023.scan.png",
    "jpg": "zhungeer-2024.scan.jpg",
    "tiff": "litong-2022.scan.tiff",
    "zip": "附件.zip",
}
_MAGIC = {
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rtf": b"{\\rtf1\\ansi\\ansicpg936 ",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "gif": b"GIF89a",
    "tiff": b"II*\x00\x08\x00\x00\x00",
    "bmp": b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00",
    "webp": b"RIFF\xff\xff\x00\x00WEBPVP8 ",
    "html": b"<!DOCTYPE html><html><body>",
    "mht": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
    "bom16": b"\xff\xfe",
    "rar": b"Rar!\x1a\x07\x00",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "gzip": b"\x1f\x8b\x08\x00",
}


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file to read: its name says what is wrong with it."""

    name: str
    path: Path


def hostile_files(seed: int, folder: Path, url: str = NOBODY) -> Iterator[HostileFile]:
    """Write and yield at least 300 files; the same seed gives the same ones. External references lead to `url`."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = chain(damaged(seed), noise(seed), texts(), pages(url), containers(url), pdfs(url), pictures())
    made: set[str] = set()
    for name, data in everything:
        if name in made:  # a short file has few places to be cut at
            continue
        made.add(name)
        path = folder / name
        path.write_bytes(data)
        yield HostileFile(name, path)


def damaged(seed: int) -> Iterator[tuple[str, bytes]]:
    """Sound documents, each broken in many ways."""
    for kind in SOUND:
        random = Random(f"{seed} {kind}")
        end = {"utf16": "txt"}.get(kind, kind)
        for label, data in _broken(sound(kind), random):
            yield f"{kind}-{label}.{end}", data
        yield f"{kind}-wrong-name.{random.choice([other for other in SOUND if other != kind])}", sound(kind)


def sound(kind: str) -> bytes:
    """The good document of a kind."""
    data = (_DOCUMENTS / SOUND[kind]).read_bytes()
    return data.decode().encode("utf-16") if kind == "utf16" else data


def _broken(sound: bytes, random: Random) -> Iterator[tuple[str, bytes]]:
    size = len(sound)
    for at in (1, 9, 600, size // 3, size // 2, size - 1000, size - 7):
        yield f"cut-at-{max(at, 1)}", sound[: max(at, 1)]
    for number in range(3):
        yield f"one-bit-{number}", _flipped(sound, 1, random)
        yield f"many-bits-{number}", _flipped(sound, max(20, size // 200), random)
    yield "early-bits", _flipped(sound[:512], 24, random) + sound[512:]
    swapped = bytearray(sound)
    swapped[: size // 2 * 2 : 2], swapped[1::2] = sound[1::2], sound[: size // 2 * 2 : 2]
    yield "bytes-swapped", bytes(swapped)
    yield "no-magic", b"\x00" * 8 + sound[8:]
    yield "other-magic", _MAGIC["pdf"] + sound
    middle = random.randrange(size // 4, size // 2)
    yield "hole", sound[:middle] + b"\x00" * min(4096, size // 4) + sound[middle + min(4096, size // 4) :]
    yield "without-middle", sound[:middle] + sound[middle + size // 8 :]
    yield "middle-twice", sound[: middle + size // 8] + sound[middle:]
    yield "as-text", sound.replace(b"\n", b"\r\n")


def _flipped(data: bytes, bits: int, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(bits):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def noise(seed: int) -> Iterator[tuple[str, bytes]]:
    """Nothing, next to nothing, and random bytes behind the magic number of each format."""
    random = Random(seed)
    yield "empty.pdf", b""
    yield "one-byte.docx", b"P"
    yield "one-nul.txt", b"\x00"
    yield "nuls.xlsx", b"\x00" * 1_000_000
    yield "spaces.html", b" \r\n\t" * 250_000
    yield "ff.doc", b"\xff" * 100_000
    yield "random.txt", random.randbytes(100_000)
    for kind, magic in _MAGIC.items():
        yield f"only-magic.{kind}", magic
        yield f"noise.{kind}", magic + random.randbytes(random.randrange(2_000, 60_000))
