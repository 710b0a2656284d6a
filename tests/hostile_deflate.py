"""Compressed data that unpacks to hundreds of megabytes, made in no time: one compressed block, many times over."""

import zlib


def deflated(block: bytes, times: int, head: bytes = b"") -> bytes:
    """Raw Deflate data (RFC 1951) of `head` and then `block` repeated."""
    return _block(head) + _block(block) * times + b"\x03\x00"


def _block(content: bytes) -> bytes:
    """Compressed on its own, so that it may stand anywhere."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH) if content else b""


def zlibbed(block: bytes, times: int) -> bytes:
    """The same as zlib data (RFC 1950), as PDF and PNG have it."""
    checksum = 1
    for _ in range(times):
        checksum = zlib.adler32(block, checksum)
    return b"\x78\xda" + deflated(block, times) + checksum.to_bytes(4, "big")


def crc_of(block: bytes, times: int, head: bytes = b"") -> int:
    """The CRC-32 of `head` and then `block` repeated."""
    checksum = zlib.crc32(head)
    for _ in range(times):
        checksum = zlib.crc32(block, checksum)
    return checksum
