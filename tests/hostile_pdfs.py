"""PDFs that lead round in circles or unpack to far more than they are (ISO 32000-1)."""

import zlib
from collections.abc import Iterator, Mapping

from hostile_deflate import zlibbed

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_TEXT = b"BT /F 12 Tf 72 720 Td (2023 report 73 cases) Tj ET"


def pdf(changed: Mapping[int, bytes], trailer: bytes = b"", root: bytes = b"1 0 R") -> bytes:
    """A PDF of one page; `changed` objects take the place of its own or are added, by number."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE % b"",
        4: stream(_TEXT),
        5: _FONT,
        **changed,
    }
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, content in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer\n<</Size %d/Root %s%s>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, root, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes, times: int = 1, entries: bytes = b"") -> bytes:
    """A stream compressed `times` times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter[" + b"/FlateDecode" * times + b"]" + entries)


def pdfs(url: str) -> Iterator[tuple[str, bytes]]:
    """Loops, depth, sizes that lie, and things that want to be fetched or run."""
    yield from (_named(name, changed) for name, changed in _loops().items())
    yield from (_named(name, changed) for name, changed in _growing().items())
    whole = pdf({})
    start = whole.rindex(b"startxref\n") + 10
    xref = whole[start:].split(b"\n")[0]
    yield "pdf-xref-loop.pdf", whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev " + xref)
    yield "pdf-xref-of-nothing.pdf", whole.replace(b"\nxref\n", b"\nxxxx\n")
    yield "pdf-xref-far-away.pdf", whole[:start] + b"99999999999999\n%%EOF"
    yield "pdf-xref-of-millions.pdf", whole.replace(b"xref\n0 1\n", b"xref\n0 99999999\n")
    yield "pdf-root-missing.pdf", pdf({}, root=b"99 0 R")
    yield "pdf-root-itself.pdf", pdf({1: b"1 0 R"})
    yield "pdf-size-huge.pdf", pdf({}, trailer=b"/Size 2147483647")
    protected = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"5a" * 32, b"a5" * 32)
    yield "pdf-encrypted.pdf", pdf({}, trailer=protected)
    unknown = b"/Encrypt<</Filter/Nobody.Knows/V 9>>/ID[<00><00>]"
    yield "pdf-encrypted-unknown.pdf", pdf({}, trailer=unknown)
    opened = b"<</Type/Catalog/Pages 2 0 R/OpenAction %s>>"
    yield "pdf-javascript.pdf", pdf({1: opened % b"<</S/JavaScript/JS(while\\(1\\){})>>"})
    yield "pdf-launch.pdf", pdf({1: opened % b"<</S/Launch/F(/bin/touch /tmp/launched)>>"})
    yield "pdf-uri.pdf", pdf({1: opened % (b"<</S/URI/URI(%s/uri)>>" % url.encode())})
    external = stream(b"", b"/F<</FS/URL/F(%s/external)>>/FFilter/FlateDecode" % url.encode())
    yield "pdf-external-stream.pdf", pdf({4: external})


def _named(name: str, changed: Mapping[int, bytes]) -> tuple[str, bytes]:
    return f"pdf-{name}.pdf", pdf(changed)


def _loops() -> dict[str, Mapping[int, bytes]]:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>>>"
    return {
        "page-tree-cycle": {2: b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>"},
        "page-tree-cycle-of-two": {
            2: b"<</Type/Pages/Kids[6 0 R]/Count 9>>",
            6: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 9>>",
        },
        "page-tree-deep": {
            **{n: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (n - 1, n + 1) for n in range(10, 20_010)},
            2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
            20_010: _PAGE % b"",
        },
        "page-count-lies": {2: b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>"},
        "page-count-negative": {2: b"<</Type/Pages/Kids[3 0 R]/Count -1>>"},
        "page-many-times": {2: b"<</Type/Pages/Kids[%s]/Count 20000>>" % (b"3 0 R " * 20_000)},
        "form-in-itself": {
            3: _PAGE % b"/XObject<</X 6 0 R>>",
            4: stream(b"/X Do " + _TEXT),
            6: stream(b"/X Do /X Do", form),
        },
        "forms-in-one-another": {
            3: _PAGE % b"/XObject<</X 6 0 R/Y 7 0 R>>",
            4: stream(b"/X Do /Y Do"),
            6: stream(b"/Y Do /Y Do", form),
            7: stream(b"/X Do /X Do", form),
        },
        "forms-doubling": {
            3: _PAGE % b"/XObject<</X 10 0 R>>",
            4: stream(b"/X Do"),
            **{n: stream(b"/X Do /X Do", _form_to(n + 1)) for n in range(10, 40)},
            40: stream(_TEXT, form),
        },
        "object-is-a-reference-to-itself": {4: b"4 0 R"},
        "references-in-a-circle": {4: b"6 0 R", 6: b"7 0 R", 7: b"4 0 R"},
        "length-is-itself": {4: b"<</Length 4 0 R>>stream\nBT ET\nendstream"},
        "object-stream-in-itself": {6: stream(b"6 0 <</Type/Catalog>>", b"/Type/ObjStm/N 1/First 4/Extends 6 0 R")},
        "outline-loop": {
            1: b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>",
            6: b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 9>>",
            7: b"<</Title(a)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Prev 7 0 R>>",
        },
        "font-in-itself": {5: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>"},
        "struct-tree-loop": {
            1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>>>",
            6: b"<</Type/StructTreeRoot/K 7 0 R/ParentTree 7 0 R>>",
            7: b"<</S/P/P 6 0 R/K[7 0 R 7 0 R]/Kids[7 0 R]>>",
        },
    }


def _form_to(number: int) -> bytes:
    return b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>" % number


def _growing() -> dict[str, Mapping[int, bytes]]:
    zeros = zlibbed(b"\x00" * 1_000_000, 400)
    image = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    shown = {3: _PAGE % b"/XObject<</X 6 0 R>>", 4: stream(b"500 0 0 500 0 0 cm /X Do")}
    boxed = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    lines = b" BT /F 12 Tf 72 1 Td (73) Tj ET 1 1 m 9 9 l S"
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffffffff> endcodespacerange "
    )
    return {
        "flate-bomb": {4: stream(zeros, b"/Filter/FlateDecode")},
        "flate-bomb-of-operators": {4: stream(zlibbed(b"q Q " * 250_000, 100), b"/Filter/FlateDecode")},
        "flate-bomb-twice": {4: stream(zlib.compress(zeros, 9), b"/Filter[/FlateDecode/FlateDecode]")},
        "flate-bomb-predictor": {
            4: flate(b" " * 1000, 1, b"/DecodeParms[<</Predictor 15/Columns 2147483647/Colors 32>>]")
        },
        "filters-by-the-thousand": {4: stream(_TEXT, b"/Filter[" + b"/ASCIIHexDecode" * 5_000 + b"]")},
        "texts-by-the-hundred-thousand": {4: flate(lines * 100_000)},
        "texts-on-one-spot": {4: flate(b"BT /F 12 Tf " + b"1 0 0 1 72 72 Tm (7) Tj " * 100_000 + b"ET")},
        "lines-in-a-grid": {
            4: flate(b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S " % (n, n, n, n) for n in range(3_000)))
        },
        "states-never-restored": {4: flate(b"q " * 2_000_000)},
        "arrays-nested": {6: b"[" * 500_000 + b"]" * 500_000, 3: _PAGE % b"/XObject 6 0 R"},
        "dictionaries-nested": {6: b"<</A" * 200_000, 3: _PAGE % b"/XObject 6 0 R"},
        "text-array-nested": {4: flate(b"BT /F 12 Tf " + b"[" * 1_000_000 + b" TJ ET")},
        "string-open": {4: stream(b"BT (" + b"(" * 1_000_000)},
        "media-box-huge": {3: boxed % b"0 0 1e12 1e12"},
        "media-box-empty": {3: boxed % b"0 0 0 0"},
        "media-box-negative": {3: boxed % b"9e9 9e9 -9e9 -9e9"},
        "media-box-no-numbers": {3: boxed % b"/a /b /c /d"},
        "image-huge": {**shown, 6: stream(b"\x00", image % (1_000_000, 1_000_000))},
        "image-bomb": {**shown, 6: stream(zeros, (image % (10_000, 10_000)) + b"/Filter/FlateDecode")},
        "image-jbig2-noise": {
            **shown,
            6: stream(bytes(range(256)) * 40, (image % (5000, 5000)) + b"/Filter/JBIG2Decode"),
        },
        "image-jpx-noise": {**shown, 6: stream(bytes(range(256)) * 40, (image % (5000, 5000)) + b"/Filter/JPXDecode")},
        "images-by-the-thousand": {
            **shown,
            4: flate(b"q 5 0 0 5 0 0 cm /X Do Q " * 20_000),
            6: stream(b"\x00" * 10_000, image % (100, 100)),
        },
        "to-unicode-of-all": {
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            6: stream(to_unicode + b"100 beginbfrange <00000000> <ffffffff> <0000> endbfrange endcmap"),
        },
        "type-3-font-in-itself": {
            5: b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 4 0 R>>"
            b"/Encoding<</Differences[0/a]>>/FirstChar 0/LastChar 255/Widths[9]/Resources<</Font<</F 5 0 R>>>>>>"
        },
        "pages-by-the-thousand": {
            2: b"<</Type/Pages/Kids[%s]/Count 5000>>" % b" ".join(b"%d 0 R" % n for n in range(10, 5_010)),
            **dict.fromkeys(range(10, 5010), _PAGE % b""),
        },
    }
