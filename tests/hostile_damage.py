# ruff: noqa: S311  seeded, so that the files are the same each time
"""Good files damaged in any number of ways: within their bytes, and behind what a checksum or a parser of XML catches.

Damage to the bytes of an Office file rarely gets past its ZIP container or its XML. So the parts of containers and the
elements of XML, the control words of rich text and the tags of web pages are damaged as well, each whole again around
what is wrong. The same kind, seed and number give the same file.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from copy import deepcopy
from random import Random
from unittest.mock import patch

from hostile import sound
from lxml import etree, html

from sources.document import Document
from sources.identify import identify
from sources.quarantine import Quarantined
from sources.readers import ocr, read
from sources.readers.archive import members
from sources.readers.sniff import ARCHIVE, media_type
from transforms.extract import Context, extract

_EXTRACTED = 1_000
"""Characters of a damaged text whose figures are read: all of them would take most of the time."""
_VALUES = ("", "-1", "0", "1", "30000", "9" * 30, "9" * 5_000, "1.5", "nan", "1e400", "½", "٣", "true", "none", "#")
_PLACES = ("A1:XFD1048576", "$A$0", "../../x", "rId1", "upperRoman", "%1%2%9", "0." + "0" * 40, "\u3000")
_BYTES = (b"", b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"-1", b"9" * 5_000, b"<", b'"', b"{", b"}", b"\\")
_RTF_TOKEN = re.compile(rb"\\[a-z]+-?\d* ?|\\'..|[{}]|\\.|[^\\{}]+", re.DOTALL)
_RTF_NUMBERS = (b"-1", b"0", b"9999999999", b"-9999999999", b"55357")
_RTF_WORDS = (
    *(rb"\u-10179 ", rb"\u99999999 ", rb"\uc99999 ", rb"\uc-1 ", rb"\bin99999 ", rb"\bin-5 ", rb"\'zz", rb"\'8"),
    *(rb"\cell", rb"\row", rb"\nestcell", rb"\nestrow", rb"\trowd", rb"\cellx-1", rb"\intbl", rb"\itap9"),
    *(rb"\ansicpg99999", rb"\fcharset999", rb"{\footnote ", rb"{\*\shpinst ", rb"{\upr", rb"{\field{\*\fldinst PAGE}"),
)


def faults(kind: str, seed: int, numbers: Iterable[int]) -> list[str]:
    """What was raised that is no reason, at the files of these numbers. For a process of its own (sources.workers)."""
    return [
        f"{kind} {seed} {number}: {fault!r}"
        for number in numbers
        if (fault := fault_at(damaged(kind, seed, number))) is not None
    ]


def fault_at(data: bytes) -> Exception | None:
    """What reading raises that is no reason; scans and old Office files are only opened."""
    try:
        if data.strip() and media_type(data) == ARCHIVE:
            members(data, "damaged")
            return None
        with ocr.allowed(False), patch("shutil.which", _nowhere):
            document = read(data, "damaged", "0" * 64)
        _assert_sound(document)
        extract(document.text[:_EXTRACTED], Context())
        identify(document)
    except Quarantined:
        return None
    except Exception as fault:
        return fault
    return None


def _nowhere(_: str) -> None:
    """No program is installed."""


def _assert_sound(document: Document) -> None:
    document.text.encode()
    "".join(document.meta.values()).encode()
    end = 0
    for piece in document.pieces:
        assert end <= piece.start < piece.end <= len(document.text), piece
        end = piece.end


def damaged(kind: str, seed: int, number: int) -> bytes:
    """One damaged file of a kind (see `hostile.sound`)."""
    random = Random(f"{kind} {seed} {number}")
    good = sound(kind)
    within = {"docx": _parts, "xlsx": _parts, "zip": _parts, "rtf": _words, "html": _page}.get(kind)
    return within(good, random) if within and random.random() < 0.7 else _bytes(good, random)


def _bytes(good: bytes, random: Random) -> bytes:
    """Cut off, flipped, spliced, with a number changed."""
    size = len(good)
    at, to = sorted((random.randrange(size), random.randrange(size)))
    few = random.randrange(9)
    way = random.randrange(7)
    if way == 0:
        return good[: at + 1]
    if way == 1:
        changed = bytearray(good)
        for _ in range(random.choice((1, 1, 5, 50))):
            changed[random.randrange(size)] ^= 1 << random.randrange(8)
        return bytes(changed)
    if way == 2:
        return good[:at] + random.choice(_BYTES) + good[at + few :]
    if way == 3:
        return good[:at] + random.randbytes(few) + good[at + few :]
    if way == 4:
        return good[:at] + good[to:]
    if way == 5:
        return good[: min(to, at + 5_000)] + good[at:]
    number = re.compile(rb"\d+").search(good, at)
    return good[: number.start()] + random.choice(_BYTES) + good[number.end() :] if number else good[:at]


def _parts(good: bytes, random: Random) -> bytes:
    """A container whose parts are damaged, and which is whole itself."""
    with zipfile.ZipFile(io.BytesIO(good)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    main = [name for name in parts if name.endswith(("document.xml", "sheet1.xml", "styles.xml", "numbering.xml"))]
    for name in dict.fromkeys((random.choice(list(parts)), random.choice(main or list(parts)))):
        if not parts[name]:
            continue
        is_xml = name.endswith((".xml", ".rels")) and random.random() < 0.9
        parts[name] = _elements(parts[name], random) if is_xml else _bytes(parts[name], random)
    if random.random() < 0.05:
        del parts[random.choice(list(parts))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return out.getvalue()


def _elements(content: bytes, random: Random) -> bytes:
    return etree.tostring(_shuffled(etree.fromstring(content), random))


def _page(content: bytes, random: Random) -> bytes:
    return html.tostring(_shuffled(html.document_fromstring(content), random), encoding="utf-8")


def _shuffled(root: "etree._Element", random: Random) -> "etree._Element":
    """Attributes of other values, elements twice, elsewhere or gone."""
    elements = list(root.iter("*"))
    for _ in range(random.randrange(1, 8)):
        element, other = random.choice(elements), random.choice(elements)
        parent, way = element.getparent(), random.randrange(6)
        if way < 2 and element.attrib:
            element.set(random.choice(list(element.attrib)), random.choice(_VALUES + _PLACES))
        elif way == 2 and element.attrib:
            del element.attrib[random.choice(list(element.attrib))]
        elif way == 3:
            element.text = random.choice(_VALUES)
        elif parent is not None and way == 4:
            parent.remove(element)
        elif parent is not None:
            other.append(deepcopy(element))
    return root


def _words(content: bytes, random: Random) -> bytes:
    """Rich text with words gone, elsewhere, with other numbers, and between them some that don't belong there."""
    tokens = _RTF_TOKEN.findall(content)
    for _ in range(random.randrange(1, 12)):
        at, way = random.randrange(len(tokens)), random.randrange(4)
        if way == 0:
            tokens[at] = random.choice(tokens)
        elif way == 1:
            tokens[at] = b""
        elif way == 2:
            tokens[at] = re.sub(rb"-?\d+", random.choice(_RTF_NUMBERS), tokens[at])
        else:
            tokens.insert(at, random.choice(_RTF_WORDS))
    return b"".join(tokens)
