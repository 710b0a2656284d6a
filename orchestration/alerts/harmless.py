"""Text of a report that can do nothing in a chat or a mail: no markup, no link, no mention, no hidden direction.

Chats know no common way to escape Markdown (a backslash is shown as such by DingTalk), so characters that mean
something are shown as their full-width twins, which look the same to a reader of Chinese and mean nothing.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

LONGEST = 300
"""Characters of one text; the rest is in the warehouse."""

LONGEST_ADDRESS = 500

_MEANT = "\\`*_{}[]()<>#|~@&!$^"
"""What Markdown of some chat, its HTML or its mentions give a meaning to."""

_FULL_WIDTH = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in _MEANT})
_FULL_WIDTH_IN_CODE = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "`<>@"})
_SCHEME = re.compile(r"(?<=[^\W\d_]):(?=\S)")
_DOMAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_])")
_BREAK = "\u200b"
"""A zero-width space: after the dot of a domain no program takes it for an address any more."""

_WEB = ("http", "https", "file")
_IN_ADDRESSES = "/:?#[]@!$&'()*+,;=%-._~"


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of visible characters: no control characters, direction marks or private ones; cut where it's long."""
    line = " ".join("".join(_visible(mark) for mark in str(text or "")[: longest * 8]).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def unlinked(text: object, longest: int = LONGEST) -> str:
    """The same, and no program makes a link of what is in it."""
    return _DOMAIN.sub(f".{_BREAK}", _SCHEME.sub("：", plain(text, longest).replace("@", "＠")))


def unmarked(text: object, longest: int = LONGEST) -> str:
    """The same, and none of it is Markdown or HTML."""
    return unlinked(text, longest).translate(_FULL_WIDTH)


def address(text: object) -> str:
    """An address to be shown, with all that could end it or the code around it in percent; nothing of other schemes."""
    line = str(text or "").strip()
    try:
        scheme = urlsplit(line).scheme.lower()
    except ValueError:
        return ""
    if scheme not in _WEB or len(line) > LONGEST_ADDRESS:
        return ""
    return "".join(mark if unicodedata.category(mark) == "Lo" else quote(mark, safe=_IN_ADDRESSES) for mark in line)


def command(text: object) -> str:
    """A command to be shown within backticks: it can't end them or be a tag.

    What it quotes stays quoted, as nothing becomes an ASCII quote; one too long is left out, as half a command is none.
    """
    line = plain(text, 10_000)
    return "" if len(line) > LONGEST_ADDRESS else line.translate(_FULL_WIDTH_IN_CODE)


def around(sentence: object, figure: object, longest: int) -> str:
    """A sentence cut to `longest` around its figure."""
    line, words = plain(sentence, 4_000), plain(figure)
    if len(line) <= longest:
        return line
    start = max(0, min(line.find(words) - longest // 2, len(line) - longest))
    end = start + longest
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _visible(mark: str) -> str:
    category = unicodedata.category(mark)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else mark
