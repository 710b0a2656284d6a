"""Word files that are one XML file: Flat OPC (Word 2007 and later), and the XML of Word 2003.

Both are brought into the form of a DOCX file's parts, which `docx` reads. The XML of Word 2003 names nearly all as DOCX
does, in another namespace; what it names otherwise is renamed here ([MS-DOC2003XML] is that schema's description).
"""

import base64
from typing import Any

from sources.quarantine import Quarantined, Reason
from sources.readers.blame import damage
from sources.readers.numbering import W

# A report of 100 pages has some 5 MB of XML; its pictures lie in it as text.
LARGEST_XML = 30_000_000
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_RENAMED = {f"{W}vmerge": "vMerge", f"{W}hlink": "hyperlink", f"{_WX}sub-section": "sect", f"{_WX}sect": "sect"}
# Elements of other schemas hold text where they mark it, as `<st1:chsdate>` does a date.
_NO_MARKS = (W, _AML, _WX, "{urn:schemas-microsoft-com:", "{http://schemas.microsoft.com/")
_SMART_TAGS = "{urn:schemas-microsoft-com:office:smarttags}"
LABEL = f"{W}label"
"""The number that Word 2003 showed at the head of a paragraph, as an attribute of it."""
_RELATION = '<Relationship Id="{0}" Type="/{0}" Target="{0}.xml"/>'
_RELATIONS = f"<Relationships>{''.join(map(_RELATION.format, ('styles', 'footnotes', 'endnotes')))}</Relationships>"
_REVISIONS = {"Word.Insertion": "ins", "Word.Deletion": "del"}


def xml_root(content: bytes, part: str, name: str) -> Any:
    """The root of XML in an office file; entities stay as they are and nothing is fetched.

    Raises Quarantined with TOO_COMPLEX or UNREADABLE; nesting beyond 256 is an error.
    """
    from lxml import etree  # noqa: PLC0415  slow to import, and text files don't need it

    if len(content) > LARGEST_XML:
        raise Quarantined(
            Reason.TOO_COMPLEX,
            f"{name} has {len(content):,} bytes of XML in {part}, expected at most {LARGEST_XML:,}; save its text only",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except Exception as error:
        raise unreadable(name, f"{part}: {damage(error)}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise unreadable(name, f"{part} defines entities, which office files must not")
    return root


def unreadable(name: str, found: str) -> Quarantined:
    """The refusal of a damaged Word file."""
    return Quarantined(
        Reason.UNREADABLE,
        f"{name} is a damaged Word file ({found}), expected one that Word opens; "
        "open it in a word processor and save it anew",
    )


def flat_parts(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of a Flat OPC file by their names, as those of a DOCX file: `word/document.xml`.

    Raises Quarantined with UNREADABLE and TOO_COMPLEX, and with UNSUPPORTED_FORMAT for presentations and sheets.
    """
    from lxml import etree  # noqa: PLC0415  slow to import

    parts: dict[str, bytes] = {}
    for part in xml_root(data, "the file", name).iterchildren(f"{_PKG}part"):
        path = (part.get(f"{_PKG}name") or "").replace("\\", "/").lstrip("/")
        binary = part.findtext(f"{_PKG}binaryData")
        written = next(iter(part.findall(f"{_PKG}xmlData/*")), None)
        if binary is not None:
            parts[path] = _decoded(binary)
        elif written is not None:
            parts[path] = etree.tostring(written, encoding="utf-8")
    if not any(path.startswith("word/") for path in parts):
        raise Quarantined(
            Reason.UNSUPPORTED_FORMAT,
            f"{name} is an office file in one XML (Flat OPC) with {', '.join(sorted(parts)[:3]) or 'no parts'}, "
            "expected a Word file; save it as DOCX or XLSX",
        )
    return parts


def word_2003_parts(data: bytes, name: str) -> dict[str, bytes]:
    """The body, styles, notes and title of a Word 2003 XML file as the parts of a DOCX file."""
    from lxml import etree  # noqa: PLC0415  slow to import

    root = xml_root(data.replace(_WORD_2003, W[1:-1].encode()), "the file", name)
    notes: dict[str, Any] = {f"{kind}s": etree.Element(f"{W}{kind}s") for kind in ("footnote", "endnote")}
    for element in list(root.iter("{*}*")):
        _rename(element, notes)
    styles, body = root.find(f"{W}styles"), root.find(f"{W}body")
    if body is None:
        raise unreadable(name, "no body in its XML")
    document = etree.Element(f"{W}document")
    document.append(body)
    parts = {"word/document.xml": document, **{f"word/{kind}.xml": part for kind, part in notes.items()}}
    if styles is not None:
        parts["word/styles.xml"] = styles
    title = root.findtext("{*}DocumentProperties/{*}Title")
    core = etree.Element("core")
    etree.SubElement(core, "{http://purl.org/dc/elements/1.1/}title").text = title
    return {path: etree.tostring(part, encoding="utf-8") for path, part in parts.items()} | {
        "docProps/core.xml": etree.tostring(core, encoding="utf-8"),
        "word/_rels/document.xml.rels": _RELATIONS.encode(),
    }


def _rename(element: Any, notes: dict[str, Any]) -> None:
    """What Word 2003 names or places otherwise, as DOCX has it."""
    tag = element.tag
    if tag in _RENAMED:
        element.tag = f"{W}{_RENAMED[tag]}"
    elif tag == f"{_AML}annotation":
        # Comments and bookmarks have no text of the page.
        element.tag = f"{W}{_REVISIONS.get(element.get(f'{W}type', ''), 'comment')}"
    elif tag == f"{_AML}content":
        element.tag = f"{W}ins"
    elif tag == f"{_WX}t" and element.getparent().tag == f"{W}listPr":
        label = element.get(f"{_WX}val", "")
        if any(sign.isalnum() for sign in label):  # no bullet
            element.getparent().getparent().getparent().set(LABEL, f"{label} ")
    elif tag.startswith(_SMART_TAGS) or not tag.startswith(_NO_MARKS):
        element.tag = f"{W}smartTag"
    elif tag in (f"{W}footnote", f"{W}endnote") and element.getparent().tag == f"{W}r":
        name = tag.removeprefix(W)
        container = notes[f"{name}s"]
        element.addprevious(element.makeelement(f"{W}{name}Reference", {f"{W}id": str(len(container))}))
        element.set(f"{W}id", str(len(container)))
        element.tail = None
        container.append(element)


def _decoded(binary: str) -> bytes:
    try:
        return base64.b64decode(binary)
    except ValueError:  # a picture or a macro; what is not there is missed where it is asked for
        return b""
