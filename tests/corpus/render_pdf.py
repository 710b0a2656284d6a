"""PDFs: printed by Chromium, set by reportlab with running heads, and exported by LibreOffice (render_office)."""

import io
import re
import subprocess
import tempfile
from pathlib import Path

from corpus_report import Report, Table
from render_html import printable

ZENHEI = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
# /ID [ <…> <…> ] of the trailer, and LibreOffice's own
_HASHES = re.compile(rb"(?<=/ID \[ )<[0-9A-F]{32}>\s*<[0-9A-F]{32}>|(?<=/DocChecksum /)[0-9A-F]{32}")
_CLOCK = re.compile(rb"D:\d{14}([+-]\d\d'\d\d'?|Z)")


def printed(report: Report) -> bytes:
    """The page as Chromium prints it: subset fonts, running head, page numbers in the margin."""
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "page.html", Path(folder) / "out.pdf"
        page.write_text(printable(report), encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/p",
        ]
        subprocess.run(
            ["/usr/bin/chromium", *options, f"--print-to-pdf={out}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return without_clock(out.read_bytes())


def without_clock(pdf: bytes) -> bytes:
    """The same file whenever it is made: dates of creation become one date, and hashes of them nought."""
    pdf = _CLOCK.sub(lambda found: b"D:20250101000000" + found[1], pdf)
    return _HASHES.sub(lambda found: re.sub(rb"[0-9A-F]", b"0", found[0]), pdf)


def typeset(report: Report) -> bytes:
    """A4 as official documents are: 28 characters a line, pages numbered "— 3 —", numbers broken wherever lines end."""
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(TTFont("zenhei", ZENHEI))
    body = ParagraphStyle("body", fontName="zenhei", fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK")
    title = ParagraphStyle("title", body, fontSize=20, leading=32, firstLineIndent=0, alignment=TA_CENTER)
    small = ParagraphStyle("small", body, fontSize=12, leading=20, firstLineIndent=0, alignment=TA_CENTER)

    def sheet(canvas, _document) -> None:  # type: ignore[no-untyped-def]  # reportlab has no types
        canvas.setFont("zenhei", 9)
        canvas.drawString(28 * mm, 285 * mm, f"{report.title}")
        canvas.drawRightString(182 * mm, 285 * mm, f"{report.published}")
        canvas.setFont("zenhei", 14)
        canvas.drawCentredString(105 * mm, 18 * mm, f"— {canvas.getPageNumber()} —")

    story = [Paragraph(report.title, title), Spacer(1, 14)]
    for block in report.blocks:
        if block.table:
            story += [Paragraph(line, small) for line in (block.table.caption, block.table.unit) if line]
            story += [_grid(block.table), Spacer(1, 8)]
        else:
            story.append(Paragraph(block.text, body))
    story += [Spacer(1, 28), Paragraph(report.publisher, small), Paragraph(report.signed_on, small)]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=28 * mm, rightMargin=26 * mm, topMargin=37 * mm, bottomMargin=35 * mm, invariant=1
    ).build(story, onFirstPage=sheet, onLaterPages=sheet)
    return out.getvalue()


def _grid(table: Table):  # type: ignore[no-untyped-def]
    from reportlab.lib import colors
    from reportlab.platypus import Table as Grid

    cells, spans = laid_out(table)
    style = [
        ("FONT", (0, 0), (-1, -1), "zenhei", 11),
        ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *(("SPAN", (x, y), (x + w - 1, y + h - 1)) for x, y, w, h in spans),
    ]
    return Grid(cells, style=style, repeatRows=1)


def laid_out(table: Table) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """The grid of texts, and merged areas as (column, row, columns, rows)."""
    taken: dict[tuple[int, int], str] = {}
    spans = []
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            taken.update({(y + down, x + across): "" for down in range(cell.rows) for across in range(cell.columns)})
            taken[y, x] = cell.text
            if cell.rows > 1 or cell.columns > 1:
                spans.append((x, y, cell.columns, cell.rows))
    height, width = max(y for y, _ in taken) + 1, max(x for _, x in taken) + 1
    return [[taken.get((y, x), "") for x in range(width)] for y in range(height)], spans
