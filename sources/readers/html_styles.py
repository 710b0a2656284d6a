"""How an element looks as far as it changes what is read: hidden, struck through, or raised above the line.

Only what a page says at the element (`style`, `hidden`) and what its `<style>` says of a class (`.fn{…}`, as Word
writes it of the marks of footnotes) is looked at, not the cascade. A class that hides is not believed: scripts take it
away again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from turbohtml import Element


class Look(Enum):
    """What becomes of a text: hidden and struck ones are not read, raised ones may be marks of notes."""

    PLAIN = "plain"
    HIDDEN = "hidden"
    STRUCK = "struck"
    RAISED = "raised"


_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4,}(?:\.\d+)?(?:px|pt|em|rem)",  # moved off the screen
    re.I,
)
# Around elements with sizes of their own, it only takes away the blanks between them.
_OF_NO_SIZE = re.compile(r"font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!]|$)", re.I)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;}]*line-through", re.I)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|sub)", re.I)
# The last of a selector: p.note, span.MsoFootnoteReference, #zoom .sup
_CLASS = re.compile(r"(?:.*[\s>])?\w*\.([\w-]+)", re.S)
_TAGS = {**dict.fromkeys(("del", "s", "strike"), Look.STRUCK), **dict.fromkeys(("sup", "sub"), Look.RAISED)}


@dataclass(frozen=True, slots=True)
class Styles:
    """The looks of a page's elements; `classes` are those that its style sheets strike through or raise."""

    classes: Mapping[str, Look]

    @classmethod
    def of(cls, tree: Element) -> "Styles":
        """The styles of a page by its `<style>` elements."""
        return cls({name: look for sheet in tree.iter_elements("style") for name, look in _classes(sheet.text)})

    def look(self, node: Element) -> Look:
        """How an element looks by itself; `<body style="display:none">` is shown by a script that minds frames."""
        plain = _TAGS.get(node.tag, Look.PLAIN)
        attributes = node.attrs
        if not attributes or node.tag in ("html", "body"):
            return plain
        if "hidden" in attributes or node.attr("aria-hidden") == "true":
            return Look.HIDDEN
        style = node.attr("style")
        if style and (look := _look(style)) is not Look.PLAIN:
            return look
        if style and _OF_NO_SIZE.search(style) and not any(isinstance(child, Element) for child in node):
            return Look.HIDDEN
        if self.classes:
            names = (node.attr("class") or "").split()
            return next((self.classes[name] for name in names if name in self.classes), plain)
        return plain


def _look(style: str) -> Look:
    if _HIDDEN.search(style):
        return Look.HIDDEN
    if _STRUCK.search(style):
        return Look.STRUCK
    return Look.RAISED if _RAISED.search(style) else Look.PLAIN


def _classes(sheet: str) -> Iterator[tuple[str, Look]]:
    lowered = sheet.lower()
    if "line-through" not in lowered and "super" not in lowered and "sub" not in lowered:
        return
    for rule in sheet.split("}"):
        around, _, declared = rule.rpartition("{")
        look = _look(declared)
        if look in (Look.STRUCK, Look.RAISED):
            for selector in around.rpartition("{")[2].split(","):
                if name := _CLASS.fullmatch(selector.strip()):
                    yield name[1], look
