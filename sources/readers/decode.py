"""Bytes to characters: what encoding a Chinese file is really in, whatever it declares.

Valid UTF-8 beyond ASCII is practically never anything else, so it comes before a declaration; gb2312 and gbk
are read as GB18030, which holds them. A detector is asked only where these fail.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
# One that cuts each title of a list of links has one in twenty or thirty; what isn't in the encoding at all has most.
_BAD_PER_CHARACTER_OF_PAGE = 0.05
_CONTROL_PER_CHARACTER, _STRAY_CONTROLS = 0.02, 2
_COMMON_AMONG_WIDE = 0.7
# Of the smaller charset of each, the last byte that begins punctuation or a character of the first level, the 4,000 to
# 5,000 common ones.
_FIRST_LEVEL = {"gb18030": ("gb2312", 0xD7), "big5hkscs": ("big5", 0xC6)}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")
_WIDE = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of `data` without BOM, line ends as they are.

    A byte that its encoding doesn't have becomes U+FFFD, up to one in a thousand characters. Raises
    Quarantined with UNREADABLE for more than that, and for what is no text at all.
    """
    return _decoded(data, name, declared, _BAD_PER_CHARACTER)


@dataclass(frozen=True, slots=True)
class Page:
    """The characters of a page; `damaged` says that more than one in a thousand is none of its encoding."""

    text: str
    damaged: bool

    def refuse_damage(self, report: str, name: str) -> None:
        """Raise Quarantined with UNREADABLE where more than one in a thousand characters of the report is damaged."""
        bad = report.count("\ufffd") if self.damaged else 0
        if bad > _BAD_PER_CHARACTER * max(len(_WIDE.findall(report)), 1):
            raise Quarantined(
                Reason.UNREADABLE,
                f"{name} has {bad} damaged characters in its main text, at {_beside_damage(report)!r}; expected at "
                "most one in a thousand; fetch the page again, or open it and save it as UTF-8",
            )


def decode_page(data: bytes, name: str, declared: str | None = None) -> Page:
    """The characters of a page, of which only the report must be whole: its lists of links are often cut in characters.

    A byte that its encoding doesn't have becomes U+FFFD, up to one in twenty characters. Raises Quarantined with
    UNREADABLE for more than that, and for what is no text at all.
    """
    text = _decoded(data, name, declared, _BAD_PER_CHARACTER, _BAD_PER_CHARACTER_OF_PAGE)
    return Page(text.removeprefix("\ufeff"), _is_damaged(text, data, _BAD_PER_CHARACTER))


def _decoded(data: bytes, name: str, declared: str | None, *most_bad: float) -> str:
    """By the first encoding that fits; where none does, by the first that fits with a higher share of bad bytes."""
    text = _with_bom(data)
    if text is None:
        attempts = (_attempt(data, likely, share) for likely, share in _likely(declared, most_bad))
        text = next((read for read in attempts if read is not None), None)
    if text is None and (detected := _detect(data)):
        text = _attempt(data, detected, _BAD_PER_CHARACTER, chinese=False)
    if text is None:
        raise Quarantined(
            Reason.UNREADABLE,
            f"{name} is neither UTF-8, GB18030, UTF-16 nor Big5 text ({len(data)} bytes, the first "
            f"{data[:8].hex(' ')}); expected a text or HTML file; open it, save it as UTF-8 and take it in again",
        )
    return text


def _beside_damage(text: str) -> str:
    at = text.index("\ufffd")
    return text[max(at - 10, 0) : at + 10]


def _with_bom(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom) and (text := _attempt(data, encoding, _BAD_PER_CHARACTER)) is not None:
            return text.removeprefix("\ufeff")
    return None


def _likely(declared: str | None, most_bad: Sequence[float]) -> Iterator[tuple[str, float]]:
    """Encodings with the share of bad bytes each may have. Nearly any bytes are text of a Western one: it is last."""
    known = _known_codec(declared)
    is_western = known is not None and known.startswith(_FAMILIES)
    for share in most_bad:
        for encoding in ("utf-8", None if is_western else known, "gb18030", "big5hkscs"):
            if encoding:
                yield encoding, share
    if known and is_western:
        yield known, _BAD_PER_CHARACTER


def _attempt(data: bytes, encoding: str, most_bad: float, *, chinese: bool = True) -> str | None:
    text = data.decode(encoding, errors="replace")
    if _is_damaged(text, data, most_bad):
        return None
    few_controls = _STRAY_CONTROLS + _CONTROL_PER_CHARACTER * len(text)
    if len(_CONTROL.findall(text)) > few_controls or (chinese and not _is_chinese(text, encoding)):
        return None
    return text


def _is_damaged(text: str, data: bytes, most_bad: float) -> bool:
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    return bad > 0 and bad > most_bad * max(len(_WIDE.findall(text)), 1)


def _is_chinese(text: str, encoding: str) -> bool:
    """Whether most wide characters are common ones: what GB18030 makes of Big5 is mostly rare characters."""
    if encoding not in _FIRST_LEVEL:
        return True
    charset, last = _FIRST_LEVEL[encoding]
    wide = "".join(_WIDE.findall(text[:_DETECTOR_READS]))
    # Two bytes each, the first of which rises from level to level.
    first_level = sum(lead <= last for lead in wide.encode(charset, errors="ignore")[::2])
    return first_level >= _COMMON_AMONG_WIDE * len(wide)


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
