"""The text as it is read: normalised one character for one, so that offsets stay those of the report."""

from sources.simplified import simplified

_WIDE = "０１２３４５６７８９．％﹪，；：（）　\u00a0－–—―～~？！ＡＢ"
_PLAIN = "0123456789.%%,;:()  -----~?!AB".replace("~", "-")
_PAIRS = tuple(zip(_WIDE, _PLAIN, strict=True))


def normalise(text: str) -> str:
    """Full-width digits, signs and dashes as ASCII, traditional characters simplified; the length never changes.

    Circled numbers ① are left alone: they enumerate, and ③12个乡镇 is not 312.
    """
    for wide, plain in _PAIRS:  # faster than translate(), which asks for every character
        if wide in text:
            text = text.replace(wide, plain)
    return simplified(text)


def before_blanks(text: str, offset: int) -> int:
    """Where the blanks that end at `offset` begin."""
    while offset and text[offset - 1] == " ":
        offset -= 1
    return offset


def after_blanks(text: str, offset: int) -> int:
    """Where the blanks that begin at `offset` end."""
    while text.startswith(" ", offset):
        offset += 1
    return offset
