"""Bytes to characters: what encoding a Chinese file is really in, whatever it declares.

Valid UTF-8 beyond ASCII is practically never anything else, so it comes before a declaration; gb2312 and gbk
are read as GB18030, which holds them. A detector is asked only where these fail.
"""

import codecs
import re

from sources.quarantine import Quarantined, Reason

# JSON and YAML may escape a surrogate of UTF-16 without the other, which no text that is stored can hold.
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# idna and zlib are codecs, too.
_PAGES_DECLARE = ("utf-8", "gb18030", "big5", "big5hkscs", "ascii", "euc_jp", "shift_jis", "euc_kr")
_FAMILIES = ("iso8859", "cp", "windows")
_DETECTOR_READS = 65_536
# A page cut by its content system within a character has one bad byte; random bytes have one in three.
_BAD_PER_CHARACTER = 0.001
_CONTROL_PER_CHARACTER, _STRAY_CONTROLS = 0.02, 2
_COMMON_AMONG_WIDE = 0.7
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")
_WIDE = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of `data` without BOM, line ends as they are.

    A byte that its encoding doesn't have becomes U+FFFD, up to one in a thousand characters. Raises
    Quarantined with UNREADABLE for more than that, and for what is no text at all.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom) and (text := _attempt(data, encoding)) is not None:
            return text.removeprefix("\ufeff")
    for likely in filter(None, ("utf-8", _known_codec(declared), "gb18030", "big5hkscs")):
        read = _attempt(data, likely)
        if read is not None and _is_chinese(read, likely):
            return read
    detected = _detect(data)
    if detected is None or (read := _attempt(data, detected)) is None:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is neither UTF-8, GB18030, UTF-16 nor Big5 text ({len(data)} bytes, the first "
            f"{data[:8].hex(' ')}); expected a text or HTML file; open it, save it as UTF-8 and take it in again",
        )
    return read


def _attempt(data: bytes, encoding: str) -> str | None:
    text = data.decode(encoding, errors="replace")
    wide = len(_WIDE.findall(text))
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    few_controls = _STRAY_CONTROLS + _CONTROL_PER_CHARACTER * len(text)
    if bad > _BAD_PER_CHARACTER * max(wide, 1) or len(_CONTROL.findall(text)) > few_controls:
        return None
    return text


def _is_chinese(text: str, encoding: str) -> bool:
    """Whether most wide characters are common ones: what GB18030 makes of Big5 is mostly rare characters."""
    wide = _WIDE.findall(text[:_DETECTOR_READS])
    common_in = "gb2312" if encoding == "gb18030" else "big5" if encoding == "big5hkscs" else None
    if not wide or common_in is None:
        return True
    first_level = sum(_is_common(character, common_in) for character in wide)
    return first_level >= _COMMON_AMONG_WIDE * len(wide)


def _is_common(character: str, charset: str) -> bool:
    """Whether a character is punctuation or of the charset's first level, the 4,000 to 5,000 common ones."""
    code = character.encode(charset, errors="ignore")
    if charset == "gb2312":
        return len(code) == 2 and code[0] <= 0xD7
    return len(code) == 2 and code[0] <= 0xC6


def _known_codec(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        found = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    if found in ("gb2312", "gbk", "hz"):
        return "gb18030"
    return found if found in _PAGES_DECLARE or found.startswith(_FAMILIES) else None


def _detect(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415  only for what the known encodings don't fit

    best = from_bytes(data[:_DETECTOR_READS], cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be"]).best()
    return best.encoding if best else None
