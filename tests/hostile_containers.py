# ruff: noqa: E501  namespaces and markup are as long as they are
"""ZIP, Office Open XML, old Office and rich text files built to exhaust, mislead or lead elsewhere."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hostile_deflate import crc_of, deflated
from hostile_texts import xml_attacks

_DOCUMENTS = Path(__file__).parent / "corpus" / "documents"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TIME = (2025, 1, 1, 0, 0, 0)
_UTF_8 = 0x800


def containers(url: str) -> Iterator[tuple[str, bytes]]:
    """All of them."""
    yield from _archives()
    yield from _word_files(url)
    yield from _workbooks(url)
    yield from _old_office()
    yield from _rich_texts(url)


@dataclass(frozen=True, slots=True)
class Repeated:
    """Content that is too long to be made: `head`, then a block so many times over."""

    block: bytes
    times: int
    head: bytes = b""


def packed(files: Mapping[str, str | bytes | Repeated]) -> bytes:
    """A ZIP of these files."""
    out, directory = bytearray(), bytearray()
    for path, content in files.items():
        name = path.encode()
        parts = content if isinstance(content, Repeated) else Repeated(_encoded(content), 1)
        body, crc = deflated(parts.block, parts.times, parts.head), crc_of(parts.block, parts.times, parts.head)
        size = len(parts.head) + len(parts.block) * parts.times
        directory += _entry(name, crc, len(body), size, len(out), 8)
        out += (
            struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, _UTF_8, 8, 0, 33, crc, len(body), size, len(name), 0)
            + name
            + body
        )
    return bytes(out + directory + _end(len(files), len(directory), len(out)))


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _archives() -> Iterator[tuple[str, bytes]]:
    report = "岳西县2023年法治政府建设年度报告\n受理行政复议案件73件。\n".encode()
    bomb = packed({"a.txt": Repeated(b" " * 1_000_000, 400)})
    yield "zip-bomb.zip", bomb
    yield "zip-bomb-many.zip", packed({f"{n}.txt": Repeated(b" " * 1_000_000, 20) for n in range(40)})
    yield "zip-ratio-of-text.zip", packed({"a.txt": Repeated(report * 1_000, 500)})
    nested = bomb
    for level in range(4):
        nested = packed({f"{level}-{n}.zip": nested for n in range(6)})
    yield "zip-nested-bombs.zip", nested
    deep = report
    for level in range(200):
        deep = packed({f"{level}.zip": deep})
    yield "zip-nested-deep.zip", deep
    yield "zip-entries.zip", _many_entries(100_000)
    yield "zip-overlapping.zip", _overlapping(2_000)
    sound = packed({"a.txt": report * 1000})
    yield "zip-size-claimed-small.zip", _claiming(packed({"a.txt": Repeated(b" " * 1_000_000, 90)}), 10)
    yield "zip-size-claimed-large.zip", _claiming(sound, 4_000_000_000)
    yield "zip-crc-wrong.zip", sound.replace(struct.pack("<I", zlib.crc32(report * 1000)), b"\x01\x02\x03\x04")
    yield (
        "zip-paths.zip",
        packed({"../../etc/cron.d/a.txt": report, "/etc/a.txt": report, "C:\\a.txt": report, "a/../../b.txt": report}),
    )
    yield "zip-long-name.zip", packed({"年" * 20_000 + ".txt": report})
    yield "zip-names-twice.zip", packed({"aa.txt": report, "ab.txt": b"x"}).replace(b"ab.txt", b"aa.txt")
    link = zipfile.ZipInfo("link.txt", _TIME)
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr(link, "/etc/passwd")
    yield "zip-link.zip", out.getvalue()
    yield "zip-encrypted.zip", _with_heads(sound, 6, _UTF_8 | 1)
    yield "zip-method-unknown.zip", _with_heads(sound, 8, 0x63)
    yield "zip-end-only.zip", b"PK\x05\x06" + b"\x00" * 18
    yield "zip-end-lies.zip", b"PK\x05\x06" + b"\x00" * 4 + b"\xff" * 14
    yield "zip-comment.zip", sound[:-2] + b"\xff\xff" + b"PK\x05\x06" * 16_000
    yield "zip-of-itself.zip", _in_itself()
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as container:
            container.writestr(zipfile.ZipInfo("a.txt", _TIME), b" " * 20_000_000, method)
        yield f"zip-bomb-method-{method}.zip", out.getvalue()


def _many_entries(entries: int) -> bytes:
    """Empty files by the hundred thousand, without the time zipfile takes for them."""
    local, directory = bytearray(), bytearray()
    for number in range(entries):
        name = b"%06d.txt" % number
        offset = len(local)
        local += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
        directory += _entry(name, 0, 0, 0, offset)
    return bytes(local + directory + _end(0xFFFF, len(directory), len(local)))


def _overlapping(entries: int) -> bytes:
    """Many entries of the directory share one local file: the archive unpacks to far more than it has."""
    content = b" " * 5_000_000
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(content) + deflate.flush()
    crc = zlib.crc32(content)
    local = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(body), len(content), 8, 0)
        + b"0000.txt"
        + body
    )
    directory = b"".join(_entry(b"%04d.txt" % n, crc, len(body), len(content), 0, 8) for n in range(entries))
    return local + directory + _end(entries, len(directory), len(local))


def _entry(name: bytes, crc: int, size: int, unpacked: int, offset: int, method: int = 0) -> bytes:
    fields = (b"PK\x01\x02", 20, 20, _UTF_8, method, 0, 33, crc, size, unpacked, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H3I5H2I", *fields) + name


def _end(entries: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, size, offset, 0)


def _in_itself() -> bytes:
    """An entry whose content is the archive from its own beginning, as far as a stored entry can reach."""
    name = b"self.zip"
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 200, 200, len(name), 0) + name
    directory = _entry(name, 0, 200, 200, 0)
    return head + directory + _end(1, len(directory), len(head))


def _claiming(archive: bytes, size: int) -> bytes:
    """The archive with another unpacked size of its only entry, in both its headers."""
    return _with_heads(archive, 22, size, "<I")


def _with_heads(archive: bytes, at: int, value: int, form: str = "<H") -> bytes:
    """The archive with another value in both headers of its only entry; the directory's has it two bytes later."""
    changed = bytearray(archive)
    struct.pack_into(form, changed, at, value)
    struct.pack_into(form, changed, changed.rindex(b"PK\x01\x02") + at + 2, value)
    return bytes(changed)


def _docx(body: str, more: Mapping[str, str | bytes] | None = None, doctype: str = "") -> bytes:
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats'
        '-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/'
        'document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    return packed({
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": f"{_XML}{doctype}<w:document {_W} {_R}><w:body>{body}</w:body></w:document>",
        **(more or {}),
    })  # fmt: skip


def _relations(*of: tuple[str, str, bool]) -> str:
    entries = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if external else ""}/>'
        for at, (kind, target, external) in enumerate(of, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _word_files(url: str) -> Iterator[tuple[str, bytes]]:
    report = _paragraph("岳西县2023年法治政府建设年度报告") + _paragraph("2023年，全县受理行政复议案件73件。")
    for name, (doctype, body) in xml_attacks(url, "w:document").items():
        yield f"word-{name}.docx", _docx(report + _paragraph(body), doctype=doctype)
    cell, end = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    traps = {
        "nested-tables": cell * 100_000 + end * 100_000,
        "nested-tables-some": cell * 200 + _paragraph("12件") + end * 200,
        "nested-content-controls": "<w:sdt><w:sdtContent>" * 50_000 + report + "</w:sdtContent></w:sdt>" * 50_000,
        "paragraphs": "<w:p/>" * 500_000,
        "runs": "<w:p>" + "<w:r><w:t>1</w:t></w:r>" * 200_000 + "</w:p>",
        "grid-span": '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
        "grid-spans": "<w:tbl>" + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="5000"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>' * 5_000 + "</w:tbl>",
        "cells": "<w:tbl><w:tr>" + "<w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc>" * 100_000 + "</w:tr></w:tbl>",
        "rows": "<w:tbl>" + f"<w:tr><w:tc>{_paragraph('受理')}</w:tc><w:tc>{_paragraph('12')}</w:tc></w:tr>" * 40_000 + "</w:tbl>",
        "number-value": '<w:p><w:pPr><w:numPr><w:ilvl w:val="99999999999999"/><w:numId w:val="-1"/></w:numPr></w:pPr></w:p>',
        "one-text": _paragraph("受理12件，" * 500_000),
        "text-boxes": "<w:p><w:r><w:pict><w:txbxContent>" * 5_000 + report + "</w:txbxContent></w:pict></w:r></w:p>" * 5_000,
        "alternate-chunk": '<w:altChunk r:id="r1"/>',
        "spaces": " " * 10_000_000,
    }  # fmt: skip
    for name, trap in traps.items():
        yield f"word-{name}.docx", _docx(report + trap)
    yield "word-not-closed.docx", packed({"word/document.xml": f"{_XML}<w:document {_W}><w:body>{report}"})
    yield (
        "word-alone.docx",
        packed({"word/document.xml": f"{_XML}<w:document {_W}><w:body>{report}</w:body></w:document>"}),
    )
    yield "word-not-xml.docx", packed({"word/document.xml": b"\x00\x01\x02" * 1000})
    style = f'<w:styles {_W}><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    styled = '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>12件</w:t></w:r></w:p>'
    related = _relations(("styles", "styles.xml", False))
    yield (
        "word-styles-in-a-circle.docx",
        _docx(report + styled, {"word/styles.xml": style, "word/_rels/document.xml.rels": related}),
    )
    external = _relations(
        ("attachedTemplate", f"{url}/template", True), ("image", f"{url}/image", True), ("oleObject", f"{url}/ole", True),
        ("hyperlink", f"{url}/link", True), ("header", f"{url}/header", True),
    )  # fmt: skip
    yield "word-fetching.docx", _docx(report, {"word/_rels/document.xml.rels": external})
    loop = _relations(
        ("header", "document.xml", False), ("footer", "../word/document.xml", False), ("styles", "document.xml", False)
    )
    yield "word-parts-in-a-circle.docx", _docx(report, {"word/_rels/document.xml.rels": loop})


def _xlsx(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    strings: str = "",
    doctype: str = "",
    sheets: int = 1,
    rows_repeated: Repeated | None = None,
) -> bytes:
    names = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    relations = [("worksheet", "worksheets/sheet1.xml", False)] * sheets + [
        ("sharedStrings", "sharedStrings.xml", False)
    ]
    kinds = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/worksheets/sheet1.xml": "worksheet",
        "/xl/sharedStrings.xml": "sharedStrings",
    }
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    head = f"{_XML}{doctype}<worksheet {_S}>{before}<sheetData>"
    return packed({
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f"{_XML}<workbook {_S} {_R}><sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(*relations),
        # what is repeated is never closed: a parser has had enough long before
        "xl/worksheets/sheet1.xml": replace(rows_repeated, head=head.encode()) if rows_repeated else f"{head}{rows}</sheetData>{after}</worksheet>",
        "xl/sharedStrings.xml": f"{_XML}<sst {_S}><si><t>受理行政复议案件</t></si>{strings}</sst>",
    })  # fmt: skip


def _workbooks(url: str) -> Iterator[tuple[str, bytes]]:
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>73</v></c></row>'
    for name, (doctype, body) in xml_attacks(url, "worksheet").items():
        cell = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{body}</t></is></c></row>'
        yield f"book-{name}.xlsx", _xlsx(row + cell, doctype=doctype)
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "book-used-range.xlsx", _xlsx(row + last, before='<dimension ref="A1:XFD1048576"/>')
    yield "book-range-claimed.xlsx", _xlsx(row, before='<dimension ref="A1:XFD1048576"/>')
    yield "book-column-out-of-range.xlsx", _xlsx('<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>')
    yield "book-merged-all.xlsx", _xlsx(row, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    merged = "".join(f'<mergeCell ref="A{n}:Z{n + 1}"/>' for n in range(1, 40_000, 2))
    yield "book-merged-many.xlsx", _xlsx(row, after=f"<mergeCells>{merged}</mergeCells>")
    referring = b"<row>" + b'<c t="s"><v>0</v></c>' * 1000 + b"</row>"
    yield "book-strings-referred-to.xlsx", _xlsx("", rows_repeated=Repeated(referring, 10_000))
    yield "book-string-missing.xlsx", _xlsx('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>')
    yield "book-strings.xlsx", _xlsx(row, strings="<si><t>a</t></si>" * 500_000)
    yield "book-string-long.xlsx", _xlsx(row, strings=f"<si><t>{'年' * 3_000_000}</t></si>")
    yield "book-rows.xlsx", _xlsx("<row/>" * 1_000_000)
    yield (
        "book-rows-backwards.xlsx",
        _xlsx("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(50_000, 0, -1))),
    )
    yield (
        "book-numbers.xlsx",
        _xlsx(
            f'<row r="1"><c r="A1"><v>{"9" * 500_000}</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>nan</v></c></row>'
        ),
    )
    yield (
        "book-dates.xlsx",
        _xlsx('<row r="1"><c r="A1" t="d"><v>99999-99-99</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'),
    )
    yield "book-sheets.xlsx", _xlsx(row, sheets=5_000)
    yield "book-nested.xlsx", _xlsx("<row>" * 300_000)
    yield "book-formula.xlsx", _xlsx(f'<row r="1"><c r="A1"><f>WEBSERVICE("{url}/formula")</f><v>1</v></c></row>')


def _old_office() -> Iterator[tuple[str, bytes]]:
    """Compound files whose tables of sectors lead in circles ([MS-CFB])."""
    for kind, name in (("doc", "zhungeer-2024.wps"), ("xls", "dali-2022.xls")):
        sound = (_DOCUMENTS / name).read_bytes()
        fat = 512 * (1 + struct.unpack_from("<I", sound, 0x4C)[0])
        yield (
            f"ole-sectors-in-a-circle.{kind}",
            sound[:fat] + b"".join(struct.pack("<I", n) for n in range(128)) + sound[fat + 512 :],
        )
        yield f"ole-sectors-missing.{kind}", sound[:fat] + b"\xff" * 512 + sound[fat + 512 :]
        directory = 512 * (1 + struct.unpack_from("<I", sound, 0x30)[0])
        changed = bytearray(sound)
        for entry in range(4):  # left, right and child siblings lead to the entry itself
            struct.pack_into("<III", changed, directory + 128 * entry + 68, entry, entry, entry)
        yield f"ole-directory-in-a-circle.{kind}", bytes(changed)
        changed = bytearray(sound)
        struct.pack_into("<I", changed, 0x44, 0)
        struct.pack_into("<I", changed, 0x48, 2**31 - 1)
        yield f"ole-table-of-tables.{kind}", bytes(changed)
        changed = bytearray(sound)
        struct.pack_into("<HH", changed, 0x1E, 0xFFFF, 0)
        yield f"ole-sector-size.{kind}", bytes(changed)
        yield (
            f"ole-protected.{kind}",
            _renamed(sound, "WordDocument" if kind == "doc" else "Workbook", "EncryptedPackage"),
        )


def _renamed(compound: bytes, stream: str, name: str) -> bytes:
    at = compound.index(stream.encode("utf-16-le") + b"\x00\x00")
    entry = bytearray(compound[at : at + 128])
    entry[:66] = name.encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 2 * len(name) + 2)
    return compound[:at] + bytes(entry) + compound[at + 128 :]


def _rich_texts(url: str) -> Iterator[tuple[str, bytes]]:
    head = rb"{\rtf1\ansi\ansicpg936 "
    report = "".join(
        f"\\'{byte:02x}" for byte in "岳西县2023年法治政府建设年度报告，受理73件。".encode("gb18030")
    ).encode()
    traps = {
        "groups": b"{" * 1_000_000,
        "groups-closed": b"{" * 200_000 + report + b"}" * 200_000,
        "closing": b"}" * 500_000,
        "escapes": rb"\'b1" * 500_000,
        "escapes-broken": rb"\'zz" * 300_000,
        "unicode": rb"\u21463?" * 200_000,
        "unicode-far": rb"\u99999999999999999999?" * 10_000,
        "unicode-skipping": rb"\uc999999999\u21463 " + report,
        "binary": rb"\bin2147483647 " + report,
        "binary-negative": rb"\bin-5 " + report,
        "word-long": b"\\" + b"a" * 3_000_000,
        "number-long": rb"\par" + b"9" * 1_000_000,
        "object": rb"{\object\objdata " + b"d0cf11e0" * 500_000 + b"}",
        "cells": rb"\trowd" + rb"\cellx99" * 100_000 + rb"\intbl 12\cell" * 100_000 + rb"\row",
        "nested-cells": rb"\itap99999\intbl 12\nestcell{\*\nesttableprops\trowd\nestrow}" * 20_000,
        "paragraphs": rb"\par " * 500_000,
        "backslashes": b"\\" * 1_000_000,
        "fonts": rb"{\fonttbl" + rb"{\f9\fcharset134 a;}" * 100_000 + b"}",
        "charset": rb"{\fonttbl{\f0\fcharset9999 a;}}\f0 " + report,
        "destinations": rb"{\*\x" * 200_000,
        "fetching": rb'{\field{\*\fldinst INCLUDEPICTURE "%s/picture" \\d}}{\*\template %s/template}' % (url.encode(), url.encode()),
    }  # fmt: skip
    for name, trap in traps.items():
        yield f"rich-{name}.rtf", head + report + rb"\par " + trap + rb"\par " + report + b"}"
