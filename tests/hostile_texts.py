"""Texts and web pages that lead a parser into long loops, deep recursion or to another machine."""

from collections.abc import Iterator

_REPORT = "岳西县2023年法治政府建设年度报告\n2023年，全县受理行政复议案件73件，审结65件。\n"
_SENTENCE = "2023年，全县受理行政复议案件73件，审结65件，其中维持30件，占46.2%。"


def texts() -> Iterator[tuple[str, bytes]]:
    """Plain text: traps for front matter, numbers, sentences, tables; encodings that lie."""
    traps = {
        "digits": "受理" + "1" * 1_000_000 + "件",
        "digits-wide": "受理" + "１" * 500_000 + "件",
        "digits-with-commas": "受理" + "1,234," * 150_000 + "件",
        "digits-with-dots": "受理" + "1." * 300_000 + "件",
        "numerals": "受理" + "一千二百三十四万" * 60_000 + "件",
        "zeros": "受理" + "〇" * 500_000 + "件",
        "wan": "受理3" + "万" * 500_000 + "件",
        "percent": "9" + "%" * 500_000,
        "spaces": "受理12" + " " * 1_000_000 + "件",
        "wide-spaces": "受理" + "　" * 500_000 + "12件",
        "brackets": "（" * 100_000 + "受理12件",
        "brackets-of-all-kinds": "（【《“(［" * 30_000,
        "brackets-closed": "（）" * 200_000 + "受理12件",
        "years": "年" * 1_000_000,
        "dates": "2023年1月2日" * 60_000,
        "year-ranges": "2020—2023年" * 60_000,
        "one-sentence": "，".join(["受理行政复议案件73件"] * 40_000),
        "one-line": _SENTENCE * 20_000,
        "many-lines": "受\n" * 500_000,
        "many-headings": "一、主要工作\n（一）行政复议\n" * 40_000,
        "title-goes-on": "关于\n" * 100_000,
        "title-of-bodies": "隆回县司法局" * 50_000 + "2023年法治政府建设报告",
        "places": "双清区大祥区北塔区新邵县邵阳县" * 30_000,
        "lead": "现将" + "我县" * 100_000 + "报告如下",
        "labels": "发布日期：" * 100_000,
        "separators": "-" * 1_000_000,
        "row-of-a-table": " | ".join(["12件"] * 100_000),
        "rows-of-a-table": "县区 | 受理 | 审结\n" + "洋县 | 12 | 11\n" * 40_000,
        "bars": "|" * 500_000,
        "among-them": "其中" * 200_000 + "12件",
        "respectively": "分别为" + "、".join(["12件"] * 50_000),
        "changes": "同比增长" * 100_000 + "3%",
        "combining": "受理" + "\u0301" * 500_000 + "12件",
        "right-to-left": "\u202e" * 300_000 + "受理12件",
        "zero-width": "1\u200b" * 300_000 + "件",
        "quotes": "“受理12件" * 60_000,
        "semicolons": "；" * 500_000,
        "colons": "受理：" * 200_000,
        "decimal-of-a-million": "0." + "9" * 1_000_000 + "%",
    }
    for name, text in traps.items():
        yield f"text-{name}.txt", (_REPORT + text).encode()
    yield "text-of-10-mb.txt", (_REPORT + _SENTENCE * 1000 + "\n").encode() * 100
    yield "text-lone-surrogates.txt", b"\xff\xfe" + b"\x00\xd8" * 100_000
    yield "text-utf-16-odd.txt", _REPORT.encode("utf-16") + b"\x00"
    yield "text-two-encodings.txt", _REPORT.encode() * 50 + _REPORT.encode("gb18030") * 50
    yield "text-gb18030-four-bytes.txt", b"\x81\x30\x81\x30" * 100_000
    yield "text-utf-32.txt", _REPORT.encode("utf-32") * 3


def pages(url: str) -> Iterator[tuple[str, bytes]]:
    """Web pages and MHTML."""
    report = f"<h1>岳西县2023年法治政府建设年度报告</h1><p>{_SENTENCE}</p>"
    traps = {
        "nested-divs": "<div>" * 1_000_000,
        "nested-spans-closed": "<span>" * 100_000 + "12件" + "</span>" * 100_000,
        "nested-formatting": "<b><i><u>" * 20_000 + "<p>" * 20_000,
        "nested-tables": "<table><tr><td>" * 20_000,
        "nested-lists": "<ul><li>" * 50_000,
        "attributes": "<p " + " ".join(f"a{n}='1'" for n in range(500_000)) + ">受理12件</p>",
        "one-attribute": "<p title='" + "x" * 5_000_000 + "'>受理12件</p>",
        "colspan": "<table><tr><td colspan=1000000000>受理</td><td rowspan=1000000000>12</td></tr></table>",
        "colspans": "<table>" + "<tr><td colspan=1000 rowspan=1000>1</td></tr>" * 2_000 + "</table>",
        "colspan-negative": "<table><tr><td colspan=-5 rowspan=0>受理</td><td colspan=9e99>12</td></tr></table>",
        "cells": "<table><tr>" + "<td>12" * 300_000 + "</table>",
        "rows": "<table>" + "<tr><td>受理<td>12" * 100_000 + "</table>",
        "comments-open": "<!--" * 300_000,
        "angle-brackets": "<" * 1_000_000,
        "end-tags": "</div>" * 200_000,
        "entities": "&#x53d7;" * 300_000,
        "entities-unknown": "&nosuch" * 200_000,
        "character-reference": "&#" + "9" * 1_000_000 + ";",
        "script": "<script>" + "document.write('<p>受理12件</p>');" * 50_000,
        "paragraphs": "<p>受理12件。" * 200_000,
        "breaks": "受理12件<br>" * 100_000,
        "links": "<a href='#'>2022年受理12件</a>" * 80_000,
        "cdata": "<![CDATA[" * 200_000,
        "templates": "<template>" * 50_000,
        "frames": "<frameset>" * 10_000 + f"<frame src='{url}/frame'>",
        "selects": "<select><option>" * 50_000,
        "svg": "<svg><foreignObject>" * 30_000,
    }
    for name, trap in traps.items():
        yield f"page-{name}.html", f"<!DOCTYPE html><html><body>{report}{trap}{report}</body></html>".encode()
    fetching = (
        f'<link rel=stylesheet href="{url}/css"><base href="{url}/">'
        f'<meta http-equiv=refresh content="0;url={url}/next">'
        f'<img src="{url}/img"><iframe src="{url}/iframe"></iframe><object data="{url}/object"></object>'
        f'<embed src="{url}/embed"><script src="{url}/js"></script><video src="{url}/video"></video>'
    )
    yield "page-fetching.html", f"<html><body>{report}{fetching}</body></html>".encode()
    yield from (_xhtml(name, doctype, body) for name, (doctype, body) in xml_attacks(url).items())
    yield "page-charset-bomb.html", b"<meta charset=" + b"x" * 4000 + b">" + report.encode()
    yield "page-charset-utf-7.html", b"<meta charset=utf-7>" + "<p>受理12件</p>".encode("utf-7")
    yield "page-charset-idna.html", b"<meta charset=idna>" + report.encode("gb18030")
    yield "page-charset-zlib.html", b"<meta charset=zlib_codec>" + report.encode("gb18030")
    yield from _mhtml(report)


def _xhtml(name: str, doctype: str, body: str) -> tuple[str, bytes]:
    page = f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n<html xmlns="http://www.w3.org/1999/xhtml"><body>'
    return f"page-{name}.xhtml", f"{page}<p>{_SENTENCE}</p><p>{body}</p></body></html>".encode()


def xml_attacks(url: str, root: str = "html") -> dict[str, tuple[str, str]]:
    """DOCTYPE and text that uses it, by name: entities that grow, and that lead elsewhere."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "billion-laughs": (f'<!DOCTYPE {root} [<!ENTITY l0 "lol">{laughs}]>', "&l9;"),
        "quadratic": (f'<!DOCTYPE {root} [<!ENTITY a "{"a" * 100_000}">]>', "&a;" * 20_000),
        "entity-loop": (f'<!DOCTYPE {root} [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        "external-file": (f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        "external-url": (f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{url}/entity">]>', "&x;"),
        "external-dtd": (f'<!DOCTYPE {root} SYSTEM "{url}/dtd">', "&x;"),
        "parameter-entity": (f'<!DOCTYPE {root} [<!ENTITY % p SYSTEM "{url}/parameter"> %p;]>', "x"),
    }


def _mhtml(report: str) -> Iterator[tuple[str, bytes]]:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="{}"\r\n'
    page = f"Content-Type: text/html; charset=utf-8\r\n\r\n{report}\r\n"
    nested = "".join(f"{head.format(f'b{n}')}\r\n--b{n}\r\n" for n in range(3_000))
    yield "mhtml-nested.mht", (nested + page).encode()
    yield "mhtml-parts.mht", (head.format("b") + "\r\n" + f"--b\r\n{page}" * 10_000 + "--b--").encode()
    yield (
        "mhtml-same-boundary.mht",
        (head.format("b") + "\r\n--b\r\n" + (head.format("b") + "\r\n--b\r\n") * 500).encode(),
    )
    yield "mhtml-no-boundary.mht", f"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n{report}".encode()
    yield "mhtml-long-header.mht", (head.format("b") + "X: " + "x" * 2_000_000 + f"\r\n\r\n--b\r\n{page}").encode()
    yield "mhtml-headers.mht", (head.format("b") + "X: y\r\n" * 200_000 + f"\r\n--b\r\n{page}").encode()
    base64 = f"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n{'=@#' * 100_000}\r\n"
    yield "mhtml-bad-base64.mht", (head.format("b") + f"\r\n--b\r\n{base64}--b--").encode()
