# ruff: noqa: S311  seeded, so that the documents are the same each time
"""Renders the reports of `reports/` into `documents/`, with `manifest.yaml` to say what is what.

Run by hand where a report or a renderer has changed: `python tests/corpus/make.py`. Needs Chromium, LibreOffice,
reportlab, the fonts WenQuanYi Zen Hei and Noto CJK. Random parts are seeded by the document's name.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import render_html
import render_office
import render_pdf
import render_scan
import yaml
from corpus_report import Report, load_reports, tables_text, text_of

HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents"

# Which report comes in which shapes; every report comes as text too.
WEB = {
    "yuexi-2023": ("trs", "div_br", "split_numbers"),
    "weifang-2022": ("trs", "layout_table", "word_html"),
    "qingyang-2024": ("declared_wrong", "html5", "split_numbers"),
    "changzhou-justice-2021": ("ucap", "trs", "mobile"),
    "tianhuangping-2023": ("div_br", "mobile"),
    "hanzhong-2020": ("layout_table", "trs", "word_html"),
    "zhungeer-2024": ("html5", "declared_wrong"),
    "litong-2022": ("ucap", "split_numbers"),
    "shunde-2023": ("trs", "html5", "div_br"),
    "zhongshan-hant-2022": ("trs",),
    "lankao-market-2024": ("word_html", "ucap"),
    "jiangbei-2023": ("split_numbers", "mobile", "layout_table"),
    "dali-2022": ("declared_wrong", "html5"),
    "yidu-2021": ("trs", "div_br"),
}
MHTML = ("yidu-2021", "weifang-2022", "jiangbei-2023")
PRINTED = ("weifang-2022", "changzhou-justice-2021", "hanzhong-2020", "jiangbei-2023")
TYPESET = ("yuexi-2023", "changzhou-justice-2021", "shunde-2023", "dali-2022", "yidu-2021", "litong-2022")
WORD = {
    "yuexi-2023": {"numbered": True},
    "weifang-2022": {"numbered": True},
    "qingyang-2024": {"box": True},
    "changzhou-justice-2021": {"numbered": True},
    "hanzhong-2020": {},
    "lankao-market-2024": {"tracked": True},
    "dali-2022": {"box": True, "numbered": True},
    "yidu-2021": {},
}
OLD_WORD = ("qingyang-2024", "changzhou-justice-2021", "hanzhong-2020", "zhungeer-2024")
EXPORTED_RTF = ("yuexi-2023", "shunde-2023")
WORD_RTF = ("weifang-2022", "lankao-market-2024", "litong-2022")
WORKBOOKS = ("weifang-2022", "hanzhong-2020", "shunde-2023", "dali-2022")
# Scanned pages are slow to read: what the default tests read, and what `make soak` reads.
SCANS = {
    ("tianhuangping-2023", "png"): False,
    ("zhungeer-2024", "jpg"): False,
    ("tianhuangping-2023", "pdf"): False,
    ("litong-2022", "tiff"): True,
    ("yidu-2021", "pdf"): True,
    ("lankao-market-2024", "jpg"): True,
    ("yuexi-2023", "pdf"): True,
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document: `tables_only` where it holds the report's tables alone; `soak` where it is slow to read."""

    name: str
    report: str
    format: str
    shape: str
    data: bytes
    tables_only: bool = False
    soak: bool = False


def render(reports: dict[str, Report]) -> Iterator[Rendering]:
    """All documents of the corpus."""
    for of_kind in (_texts, _pages, _pdfs, _word, _workbooks, _scans):
        yield from of_kind(reports)


def _texts(reports: dict[str, Report]) -> Iterator[Rendering]:
    encodings = ("gb18030", "utf-16", "utf-8-sig", "gb18030")
    for at, (name, report) in enumerate(reports.items()):
        text = text_of(report)
        yield Rendering(f"{name}.txt", name, "txt", "utf-8", text.encode())
        if report.tables:
            yield Rendering(f"{name}.tables.txt", name, "txt", "tables", tables_text(report).encode(), tables_only=True)
        encoding = "big5" if report.traditional else encodings[at % len(encodings)]
        yield Rendering(f"{name}.{encoding}.txt", name, "txt", encoding, text.replace("\n", "\r\n").encode(encoding))


def _pages(reports: dict[str, Report]) -> Iterator[Rendering]:
    for name, shapes in WEB.items():
        for shape in shapes:
            # Word's web pages are mostly kept as .doc, and one page has no extension at all
            extension = {"word_html": "doc", "layout_table": "htm", "ucap": "shtml"}.get(shape, "html")
            file = f"{name}.{shape}" if (name, shape) == ("zhungeer-2024", "html5") else f"{name}.{shape}.{extension}"
            yield Rendering(file, name, "html", shape, render_html.SHAPES[shape](reports[name], Random(file)))
    for name in MHTML:
        file = f"{name}.mht"
        yield Rendering(file, name, "mhtml", "trs", render_html.mhtml(reports[name], Random(file)))


def _pdfs(reports: dict[str, Report]) -> Iterator[Rendering]:
    for name in PRINTED:
        yield Rendering(f"{name}.printed.pdf", name, "pdf", "chromium", render_pdf.printed(reports[name]))
    for name in TYPESET:
        file = f"{name}.typeset" if name == "dali-2022" else f"{name}.typeset.pdf"
        yield Rendering(file, name, "pdf", "reportlab", render_pdf.typeset(reports[name]))
    for name in ("qingyang-2024", "hanzhong-2020"):
        exported = render_office.converted(render_office.docx(reports[name]), "docx", "pdf")
        yield Rendering(f"{name}.exported.pdf", name, "pdf", "libreoffice", exported)


def _word(reports: dict[str, Report]) -> Iterator[Rendering]:
    for name, options in WORD.items():
        # one kept under a wrong name
        file = f"{name}.docx.txt" if name == "yidu-2021" else f"{name}.docx"
        shape = "+".join(options) or "plain"
        yield Rendering(file, name, "docx", shape, render_office.docx(reports[name], **options))
    for name in OLD_WORD:
        file = f"{name}.wps" if name == "zhungeer-2024" else f"{name}.libreoffice.doc"
        old = render_office.converted(render_office.docx(reports[name], numbered=True), "docx", "doc")
        yield Rendering(file, name, "doc", "libreoffice", old)
    for name in EXPORTED_RTF:
        rich = render_office.converted(render_office.docx(reports[name]), "docx", "rtf")
        yield Rendering(f"{name}.libreoffice.rtf", name, "rtf", "libreoffice", rich)
    for name in WORD_RTF:
        file = f"{name}.rich.doc" if name == "lankao-market-2024" else f"{name}.rtf"
        yield Rendering(file, name, "rtf", "word", render_office.rtf(reports[name]))


def _workbooks(reports: dict[str, Report]) -> Iterator[Rendering]:
    for name in WORKBOOKS:
        book = render_office.xlsx(reports[name], percent_cells=name == "shunde-2023")
        yield Rendering(f"{name}.xlsx", name, "xlsx", "openpyxl", book, tables_only=True)
    sums = render_office.xlsx(reports["hanzhong-2020"], formulas=True)
    calculated = render_office.converted(render_office.converted(sums, "xlsx", "ods"), "ods", "xlsx")
    yield Rendering("hanzhong-2020.sums.xlsx", "hanzhong-2020", "xlsx", "formulas", calculated, tables_only=True)
    old = render_office.converted(render_office.xlsx(reports["dali-2022"]), "xlsx", "xls")
    yield Rendering("dali-2022.xls", "dali-2022", "xls", "libreoffice", old, tables_only=True)


def _scans(reports: dict[str, Report]) -> Iterator[Rendering]:
    kinds: dict[str, Callable[[Report, str], bytes]] = {"png": _first, "jpg": _first, "tiff": _fax, "pdf": _sheets}
    for (name, kind), slow in SCANS.items():
        data = kinds[kind](reports[name], kind)
        yield Rendering(f"{name}.scan.{kind}", name, "scan", kind, data, soak=slow)


def _first(report: Report, kind: str) -> bytes:
    (page,) = render_scan.pages(report, Random(report.id))
    return render_scan.picture(page, kind)


def _fax(report: Report, _kind: str) -> bytes:
    return render_scan.tiff(render_scan.pages(report, Random(report.id), 200))


def _sheets(report: Report, _kind: str) -> bytes:
    return render_scan.image_pdf(render_scan.pages(report, Random(report.id), 150), 150)


def archives(renderings: list[Rendering]) -> Iterator[tuple[str, list[str], bytes]]:
    """ZIP archives of documents under Chinese names, with the names of the documents in them."""
    by_name = {one.name: one for one in renderings}
    for name, members in (
        (
            "年报汇总.zip",
            ("yuexi-2023.docx", "weifang-2022.xlsx", "tianhuangping-2023.gb18030.txt", "yidu-2021.trs.html"),
        ),
        ("附件.zip", ("shunde-2023.typeset.pdf", "lankao-market-2024.rich.doc")),
    ):
        chinese = {
            f"法治政府建设年度报告/{by_name[one].report}年报.{one.rsplit('.', 1)[1]}": by_name[one].data
            for one in members
        }
        yield name, list(members), render_office.gbk_zip(chinese)


def main() -> None:
    """Write everything anew."""
    DOCUMENTS.mkdir(exist_ok=True)
    for old in DOCUMENTS.iterdir():
        old.unlink()
    renderings = list(render(load_reports()))
    entries: list[dict[str, object]] = []
    for one in renderings:
        (DOCUMENTS / one.name).write_bytes(one.data)
        entry = {key: value for key, value in asdict(one).items() if key not in ("name", "data") and value is not False}
        entries.append({"file": one.name, **entry})
    for name, members, data in archives(renderings):
        (DOCUMENTS / name).write_bytes(data)
        entries.append({"file": name, "format": "zip", "members": members})
    written = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
    (HERE / "manifest.yaml").write_text(written, encoding="utf-8")
    size = sum(path.stat().st_size for path in DOCUMENTS.iterdir())
    sys.stdout.write(f"{len(entries)} documents, {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
