# ruff: noqa: E501  namespaces are as long as they are
"""Word files, rich text and workbooks, with what offices put around the text."""

import io
import re
import subprocess
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from corpus_report import Report, number_of_heading, table_text
from render_pdf import laid_out, without_clock

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NUMBERING = f"""<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_TEXT_BOX = """<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml">
<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="5000000" cy="3000000"/>
<wp:docPr id="1" name="box"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5000000" cy="3000000"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>
</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape style="width:400pt;height:200pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"""


def docx(report: Report, *, numbered: bool = False, box: bool = False, tracked: bool = False) -> bytes:
    """A Word file with header, footer and page number field.

    `numbered`: headings get their numbers from Word; `box`: the last paragraph stands in a text box, in both ways Word
    writes one; `tracked`: earlier words of a paragraph are still in the file, marked as deleted.
    """
    from docx import Document
    from docx.oxml import parse_xml
    from docx.shared import Pt

    document = Document()
    if numbered:
        _add_numbering(document)
    document.styles["Normal"].font.size = Pt(16)
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{report.publisher}文件　　第12期（总第386期）"
    _page_field(section.footer.paragraphs[0])
    document.add_paragraph(report.title, style="Title")
    last = next(block for block in reversed(report.blocks) if block.kind == "p")
    for block in report.blocks:
        if block.table:
            _add_table(document, block.table)
        elif box and block is last:
            document.element.body.insert(-1, parse_xml(_TEXT_BOX.format(text=block.text)))
        elif numbered and block.kind == "h":
            _numbered(document, block.text)
        else:
            _add_runs(document.add_paragraph(), block.text, tracked=tracked and block.kind == "p")
    document.add_paragraph(report.publisher)
    document.add_paragraph(report.signed_on)
    moment = datetime(report.published.year, report.published.month, report.published.day)
    document.core_properties.created = document.core_properties.modified = moment
    document.core_properties.title = report.title
    out = io.BytesIO()
    document.save(out)
    return timeless_zip(out.getvalue())


def _add_runs(paragraph, text: str, *, tracked: bool) -> None:  # type: ignore[no-untyped-def]
    """Word splits a sentence into runs wherever it was edited, also in the middle of a number."""
    from docx.oxml import parse_xml

    for at in range(0, len(text), 7):
        paragraph.add_run(text[at : at + 7])
    if tracked:
        deleted = f'<w:del xmlns:w="{_W}" w:id="1" w:author="a"><w:r><w:delText>受理信访事项8888件。</w:delText></w:r></w:del>'
        paragraph._p.append(parse_xml(deleted))


def _page_field(paragraph) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import parse_xml

    for part in ("begin", "PAGE", "end"):
        inner = f"<w:instrText>{part}</w:instrText>" if part == "PAGE" else f'<w:fldChar w:fldCharType="{part}"/>'
        paragraph._p.append(parse_xml(f'<w:r xmlns:w="{_W}">{inner}</w:r>'))
    paragraph.add_run(" / 共12页")


def _add_numbering(document) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import parse_xml

    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for child in list(parse_xml(_NUMBERING)):
        numbering.append(child)


def _numbered(document, heading: str) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import parse_xml

    level, words = number_of_heading(heading)
    paragraph = document.add_paragraph(words if level else heading)
    if level:
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr xmlns:w="{_W}"><w:ilvl w:val="{level - 1}"/><w:numId w:val="7"/></w:numPr>')
        )


def _add_table(document, table) -> None:  # type: ignore[no-untyped-def]
    for line in filter(None, (table.caption, table.unit)):
        document.add_paragraph(line)
    cells, spans = laid_out(table)
    grid = document.add_table(len(cells), len(cells[0]), style="Table Grid")
    for y, row in enumerate(cells):
        for x, text in enumerate(row):
            if text:
                grid.cell(y, x).text = text
    for x, y, columns, rows in spans:
        text = cells[y][x]
        grid.cell(y, x).merge(grid.cell(y + rows - 1, x + columns - 1)).text = text


def timeless_zip(data: bytes) -> bytes:
    """The same container with one time for all its entries, and for what it says of its own making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = _MOMENT.sub(b"2025-01-01T00:00:00Z", old.read(entry))
            new.writestr(zipfile.ZipInfo(entry.filename, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def converted(data: bytes, before: str, after: str) -> bytes:
    """What LibreOffice makes of a file: `after` is doc, rtf, xls, pdf …"""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"report.{before}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", after, "--outdir", folder, source],
            check=True,
            capture_output=True,
            timeout=180,
        )
        made = source.with_suffix(f".{after}").read_bytes()
    return without_clock(made) if after == "pdf" else timeless_zip(made) if after == "xlsx" else made


def rtf(report: Report) -> bytes:
    r"""Rich text as Word writes it: \'xx in GBK, now and then \uN, destinations to skip, a picture's hex digits."""
    head = (
        r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\adeff0\deff0\deflang1033\deflangfe2052"
        r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f13\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}"
        r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 \fs21 Normal;}}"
        r"{\info{\title 0}{\creatim\yr2024\mo1\dy26\hr10\min26}{\nofpages12}{\nofwords1362}}"
        rf"{{\header \pard {_escaped(report.publisher)}{_escaped('文件 第386期')}\par}}"
        r"{\footer \pard {\field{\*\fldinst PAGE}{\fldrslt 12}}\par}"
        r"{\*\generator Riched20 10.0.19041}\viewkind4\uc1"
    )
    lines = [rf"\pard\qc\b\fs44 {_escaped(report.title)}\b0\par"]
    for block in report.blocks:
        if block.table:
            lines += [rf"\pard {_escaped(line)}\par" for line in table_text(block.table)[: 1 + bool(block.table.unit)]]
            lines += [_rtf_row(row) for row in laid_out(block.table)[0]]
        else:
            lines.append(rf"\pard\fi640\fs32 {_escaped(block.text)}\par")
    lines += [
        r"{\pict\pngblip\picw10\pich10 89504e470d0a1a0a0000000d494844520000136200001362}",
        rf"\pard\qr {_escaped(report.publisher)}\par",
        rf"\pard\qr {_escaped(report.signed_on)}\par",
    ]
    return (head + "\r\n" + "\r\n".join(lines) + "}").encode("ascii")


def _rtf_row(cells: list[str]) -> str:
    edges = "".join(rf"\cellx{2000 * (at + 1)}" for at in range(len(cells)))
    return rf"\trowd\trgaph108{edges}" + "".join(rf"\pard\intbl {_escaped(cell)}\cell" for cell in cells) + r"\row"


def _escaped(text: str) -> str:
    r"""GBK bytes as \'xx; every ninth character as \uN with its GBK bytes behind it, as later Words do."""
    return "".join(_escape(character, unicode=at % 9 == 8) for at, character in enumerate(text))


def _escape(character: str, *, unicode: bool) -> str:
    if character.isascii():
        return f"\\{character}" if character in "\\{}" else character
    code = "".join(f"\\'{byte:02x}" for byte in character.encode("gb18030"))
    # {\uc2 …}: two bytes stand for the character where a reader doesn't know \u
    return f"{{\\uc2\\u{(ord(character) + 32768) % 65536 - 32768} {code}}}" if unicode else code


def xlsx(report: Report, *, percent_cells: bool = False, formulas: bool = False) -> bytes:
    """A workbook: title over all columns, unit, merged heads, numbers as numbers; a second sheet of instructions.

    `percent_cells`: rates are 0.986 shown as 98.6%; `formulas`: totals are sums (to be calculated by LibreOffice).
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    for at, table in enumerate(report.tables, 1):
        sheet = book.create_sheet(f"表{at}")
        cells, spans = laid_out(table)
        sheet.append([report.title])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(cells[0]))
        sheet["A1"].font, sheet["A1"].alignment = Font(size=16, bold=True), Alignment(horizontal="center")
        for line in filter(None, (table.caption, table.unit)):
            sheet.append([line])
        top = sheet.max_row
        for row in cells:
            sheet.append([_number(text) for text in row])
        for x, y, columns, rows in spans:
            sheet.merge_cells(start_row=top + y + 1, end_row=top + y + rows, start_column=x + 1, end_column=x + columns)
        for row in sheet.iter_rows(min_row=top + 1):
            _format(row, percent_cells=percent_cells)
            if formulas and row[0].value == "合计":
                for cell in row[1:]:
                    cell.value = f"=SUM({cell.column_letter}{top + 2}:{cell.column_letter}{cell.row - 1})"
    notes = book.create_sheet("填报说明")
    for line in ("填报说明", "一、本表由各单位于每月5日前报送。", "二、数据保留1位小数。"):
        notes.append([line])
    out = io.BytesIO()
    book.save(out)
    return timeless_zip(out.getvalue())


def _number(text: str) -> str | int | float:
    plain = text.replace(",", "")
    if plain.isdigit():
        return int(plain)
    return float(plain) if plain.replace(".", "", 1).isdigit() else text


def _format(row, *, percent_cells: bool) -> None:  # type: ignore[no-untyped-def]
    is_rate = any(cell.value == "%" for cell in row)
    for cell in row:
        if percent_cells and is_rate and isinstance(cell.value, float):
            cell.value, cell.number_format = round(cell.value / 100, 4), "0.0%"
        elif isinstance(cell.value, int) and cell.value >= 1000:
            cell.number_format = "#,##0"


def gbk_zip(files: dict[str, bytes]) -> bytes:
    """A ZIP as Chinese Windows writes it: names in GBK, not marked as anything."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in files.items():
            # zipfile writes what it can't take for ASCII as UTF-8; CP437 gives the bytes of GBK as they are
            entry = _GbkName(name, (2025, 1, 1, 0, 0, 0))
            container.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _GbkName(zipfile.ZipInfo):
    """An entry whose name is written in GBK without the flag of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  zipfile's name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800
