# ruff: noqa: E501  markup stands as content systems write it
"""Web pages in the shapes that content systems of Chinese government sites give them, with all the furniture."""

import html
import quopri
import re
from collections.abc import Callable, Iterator
from random import Random

from corpus_report import Report, Table

_NUMBER = re.compile(r"\d[\d,.]*")


def table_html(table: Table, attributes: str = 'border="1"') -> str:
    """A table with merged cells as rowspan and colspan."""
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{_spans(cell.rows, cell.columns)}>{html.escape(cell.text)}</td>" for cell in row)
        + "</tr>"
        for row in table.rows
    )
    return f"<table {attributes}>\n{rows}\n</table>"


def _spans(rows: int, columns: int) -> str:
    return (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")


def _blocks(
    report: Report, paragraph: Callable[[str], str], heading: Callable[[str], str] | None = None
) -> Iterator[str]:
    for block in report.blocks:
        if block.table:
            yield paragraph(block.table.caption)
            if block.table.unit:
                yield paragraph(block.table.unit)
            yield table_html(block.table)
        else:
            yield (heading if heading and block.kind == "h" else paragraph)(block.text)
    yield paragraph(report.publisher)
    yield paragraph(report.signed_on)


def _p(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _body(report: Report, paragraph: Callable[[str], str] = _p, heading: Callable[[str], str] | None = None) -> str:
    return "\n".join(_blocks(report, paragraph, heading))


def _related(report: Report, random: Random) -> str:
    """Titles beside the report, with years and figures that are not its own."""
    year = report.year
    titles = [
        f"{report.publisher}{year - 1}年法治政府建设年度报告",
        f"关于印发{year + 1}年重点工作任务的通知",
        f"我市{random.randint(20, 90)}家律师事务所参加公益法律服务月活动",
        f"{year + 1}年第{random.randint(2, 9)}次常务会议召开 审议通过{random.randint(3, 9)}件规范性文件",
        f"{random.randint(200, 900)}名法律明白人参加培训",
    ]
    return "".join(
        f'<li><a href="/art/{year + 1}/1/{at + 3}/art_{random.randint(1000, 9999)}.html" title="{title}">{title}</a>'
        f"<span>{year + 1}-01-{at + 10}</span></li>"
        for at, title in enumerate(titles)
    )


def _navigation() -> str:
    names = ("首页", "政务公开", "政务服务", "互动交流", "走进我们", "12345热线", "数据开放(36)", "专题专栏")
    return "".join(f'<li><a href="/col{at}/">{name}</a></li>' for at, name in enumerate(names))


def _footer(random: Random) -> str:
    return (
        f"<p>主办：市人民政府办公室 承办：市大数据中心 联系电话：0{random.randint(310, 999)}-"
        f"{random.randint(2000000, 8999999)}</p><p>ICP备{random.randint(10000000, 23999999)}号-1 "
        f"政府网站标识码：{random.randint(3000000000, 4999999999)} "
        f"公网安备{random.randint(10**13, 9 * 10**13)}号</p>"
        f"<p>您是第{random.randint(100000, 9999999)}位访问者，今日访问{random.randint(100, 9999)}人次，"
        "建议使用1024×768分辨率浏览</p>"
    )


def _index_table(report: Report, random: Random) -> str:
    return (
        '<table class="xxgk_table"><tbody>'
        f"<tr><td>索引号：</td><td>{random.randint(10**8, 10**9)}/{report.published.year}-00{random.randint(100, 999)}</td>"
        f"<td>信息分类：</td><td>法治政府建设年度报告</td></tr>"
        f"<tr><td>公开责任部门：</td><td>{report.publisher}</td><td>发文日期：</td><td>{report.published}</td></tr>"
        f"<tr><td>文号：</td><td>无</td><td>公开范围：</td><td>面向全社会</td></tr></tbody></table>"
    )


def trs(report: Report, random: Random) -> bytes:
    """The commonest system: meta tags, header table, breadcrumb, counters, related lists, footer."""
    page = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{report.title}_{report.publisher}门户网站</title>
<meta name="SiteName" content="{report.publisher}"><meta name="ColumnName" content="法治政府建设年度报告">
<meta name="ArticleTitle" content="{report.title}"><meta name="PubDate" content="{report.published} 10:26">
<meta name="ContentSource" content="{report.publisher}"><meta name="Keywords" content="法治,政府">
<style>.TRS_Editor p{{line-height:2;font-size:12pt}}</style>
<script>var siteId=120; var visits = {{count: {random.randint(100, 9999)}}}; document.write("今日受理咨询88件");</script>
</head><body>
<div class="header"><ul class="nav">{_navigation()}</ul>
<div class="search"><input type="text" value="请输入关键字"><a>热搜：行政复议案件120件</a></div></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a>法定主动公开内容</a> &gt; 正文</div>
<div class="main">{_index_table(report, random)}
<h1 class="title">{report.title}</h1>
<div class="info"><span>发布时间：{report.published} 10:26</span> <span>来源：{report.publisher}</span>
<span>浏览次数：<em id="hits">{random.randint(100, 9999)}</em>次</span> <span>字体：【大 中 小】</span></div>
<div class="TRS_Editor" id="zoom">
{_body(report)}
</div>
<div class="share">分享到：<a>微信</a><a>微博</a><a>QQ空间</a> <span>已有{random.randint(10, 99)}人点赞</span></div>
<div class="tools"><a href="javascript:window.print()">【打印本页】</a><a>【关闭窗口】</a></div>
<div class="related"><h3>相关阅读</h3><ul>{_related(report, random)}</ul></div>
</div><div class="footer">{_footer(random)}</div></body></html>"""
    return page.encode()


def declared_wrong(report: Report, random: Random) -> bytes:
    """Declares UTF-8, is GB18030; the body stands in one cell of a table."""
    page = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{report.title}</title></head><body bgcolor="#ffffff"><table width="960"><tr><td>
<table><tr><td class="nav">首页 | 概况 | 公开 | 服务 | 互动</td></tr></table>
<table><tr><td align="center"><b>{report.title}</b></td></tr>
<tr><td align="center">发布日期：{report.published}　点击数：{random.randint(100, 9999)}　信息来源：{report.publisher}</td></tr>
<tr><td id="content">{_body(report)}</td></tr></table>
</td></tr><tr><td>{_footer(random)}</td></tr></table></body></html>"""
    return page.encode("gb18030")


def div_br(report: Report, random: Random) -> bytes:
    """Paragraphs that only <br> ends, indented by full-width spaces; gb2312."""
    lines = "<br>\n".join(
        piece.replace("<p>", "　　").replace("</p>", "") if piece.startswith("<p>") else piece
        for piece in _blocks(report, _p)
    )
    page = f"""<html><head><meta charset="gb2312"><title>{report.title}-政府信息公开</title></head><body>
<div id="top">欢迎访问 今天是{report.published.year}年3月8日 星期五 气温3～12℃</div>
<div id="menu"><ul>{_navigation()}</ul></div>
<div id="article"><div class="tit">{report.title}</div>
<div class="sub">时间：{report.published}　来源：{report.publisher}　阅读：{random.randint(100, 999)}</div>
<div class="con">{lines}</div></div>
<div id="right"><h4>热点排行</h4><ol>{_related(report, random)}</ol></div>
<div id="bottom">{_footer(random)}</div></body></html>"""
    return page.encode("gb18030")


def layout_table(report: Report, random: Random) -> bytes:
    """A page of the early 2000s: everything in nested tables, navigation in the left column."""
    body = "\n".join(_blocks(report, lambda text: f'<p style="text-indent:2em"><font size="3">{text}</font></p>'))
    left = "".join(
        f"<tr><td><a href='#'>{name}({random.randint(1, 99)})</a></td></tr>" for name in ("公告", "法规", "年报")
    )
    page = f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gbk"><TITLE>{report.title}</TITLE>
</HEAD><BODY><TABLE width=1000 align=center><TR><TD colspan=2><IMG src="banner.jpg" alt="政府门户网站"></TD></TR>
<TR><TD width=200 valign=top><TABLE>{left}</TABLE><TABLE><TR><TD>最新文件</TD></TR><TR><TD><UL>{_related(report, random)}</UL>
</TD></TR></TABLE></TD><TD valign=top><TABLE><TR><TD align=center><H2>{report.title}</H2></TD></TR>
<TR><TD align=center>{report.published} 【字号 大 中 小】 浏览{random.randint(10, 999)}次</TD></TR>
<TR><TD>{body}</TD></TR></TABLE></TD></TR><TR><TD colspan=2>{_footer(random)}</TD></TR></TABLE></BODY></HTML>"""
    return page.encode("gb18030")


def _split(text: str, random: Random) -> str:
    """Numbers split as word processors and editors split them: over spans, with &nbsp; beside them or for a comma."""

    def number(found: re.Match[str]) -> str:
        digits = found[0]
        way = random.choice(("spans", "spaces", "as it is"))
        if re.fullmatch(r"\d{1,3},\d{3}", digits) and way == "spaces":
            return digits.replace(",", "&nbsp;")
        if way == "spans" and len(digits) > 1:
            at = random.randrange(1, len(digits))
            return f'<span style="font-family:仿宋">{digits[:at]}</span><span lang="EN-US">{digits[at:]}</span>'
        return f"&nbsp;{digits}&nbsp;" if way == "spaces" and text[found.end() : found.end() + 1] != "年" else digits

    return _NUMBER.sub(number, html.escape(text))


def split_numbers(report: Report, random: Random) -> bytes:
    """Numbers over several spans, no-break spaces around them, zero-width spaces after full stops."""
    body = _body(
        report,
        lambda text: f'<p style="text-indent: 2em;">{_split(text, random).replace("。", "。&#8203;")}</p>',
        lambda text: f"<p><strong><span>{text[:2]}</span></strong><strong>{text[2:]}</strong></p>",
    )
    page = f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>{report.title}</title>
<meta name="ArticleTitle" content="{report.title}"/><meta name="PubDate" content="{report.published}"/>
<meta name="ContentSource" content="{report.publisher}"/></head><body>
<div class="crumb">您的位置： 首页 &gt; 信息公开 &gt; 年度报告</div>
<div class="detail"><h2>{report.title}</h2><p class="date">{report.published}　浏览量：{random.randint(100, 999)}</p>
<div class="article-content">{body}</div></div>
<div class="prev-next"><p>上一篇：<a href="#">{report.year - 1}年度行政执法数据公示（受理{random.randint(100, 999)}件）</a></p>
<p>下一篇：<a href="#">无</a></p></div><footer>{_footer(random)}</footer></body></html>"""
    return page.encode()


def word_html(report: Report, random: Random) -> bytes:
    """What Word writes on "save as web page"; often kept under the name .doc."""
    paragraph = "<p class=MsoNormal style='text-indent:32.0pt;line-height:28.0pt'>{}<o:p></o:p></p>"

    def runs(text: str) -> str:
        spans = _NUMBER.sub(
            r"</span><span lang=EN-US style='font-size:16.0pt'>\g<0></span><span lang=ZH>", html.escape(text)
        )
        return paragraph.format(f"<span style='font-size:16.0pt;font-family:仿宋_GB2312'>{spans}</span>")

    body = "\n".join(_blocks(report, runs)).replace("<table border", "<table class=MsoTableGrid border")
    page = f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 11"><title>{report.title}</title>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>办公室</o:Author><o:Revision>12</o:Revision>
<o:TotalTime>386</o:TotalTime><o:Pages>5</o:Pages><o:Words>{random.randint(400, 3000)}</o:Words></o:DocumentProperties></xml>
<![endif]--><style><!-- @font-face {{font-family:仿宋_GB2312; panose-1:2 1 6 9 3 1 1 1 1 1;}}
p.MsoNormal {{mso-style-parent:""; margin:0cm; font-size:10.5pt;}} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><div class=Section1 style='layout-grid:15.6pt'>
<p class=MsoNormal align=center><b><span style='font-size:22.0pt'>{report.title}</span></b></p>
<p class=MsoNormal><span lang=EN-US><![if !supportEmptyParas]>&nbsp;<![endif]><o:p></o:p></span></p>
{body}
</div></body></html>"""
    return page.encode("gb18030")


def html5(report: Report, random: Random) -> bytes:
    """A recent system: article, header, nav, aside; scripts with data in them; hidden elements."""
    body = _body(report, heading=lambda text: f"<h3>{text}</h3>")
    page = f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{report.title} - 政府门户</title>
<meta property="og:title" content="{report.title}"><meta property="article:published_time" content="{report.published}T09:00:00+08:00">
<meta name="author" content="{report.publisher}">
<script type="application/ld+json">{{"@type":"Article","headline":"{report.title}","interactionCount":"{random.randint(10, 999)}"}}</script>
<script>window.__DATA__={{"stat":"本月受理投诉{random.randint(100, 999)}件"}}</script></head><body>
<nav><ul>{_navigation()}</ul></nav>
<main><article><header><h1>{report.title}</h1><time datetime="{report.published}">{report.published}</time>
<span class="source">来源：{report.publisher}</span><span class="views">阅读量 {random.randint(1000, 9999)}</span></header>
<section class="body">{body}</section>
<div style="display:none">调解矛盾纠纷99999件</div></article>
<aside><h3>推荐阅读</h3><ul>{_related(report, random)}</ul></aside></main>
<footer>{_footer(random)}</footer></body></html>"""
    return page.encode()


def ucap(report: Report, random: Random) -> bytes:
    """A system with a tag of its own around the text and the header as a definition list; UTF-8 with BOM."""
    page = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{report.publisher} 年度报告 {report.title}</title></head><body>
<div class="zwgk_nav"><a>政府信息公开指南</a><a>政府信息公开制度</a><a>法定主动公开内容</a><a>政府信息公开年报</a></div>
<dl class="gk"><dt>索&nbsp;引&nbsp;号：</dt><dd>1234{random.randint(1000, 9999)}/{report.published.year}-0{random.randint(1000, 9999)}</dd>
<dt>发布机构：</dt><dd>{report.publisher}</dd><dt>生成日期：</dt><dd>{report.published}</dd><dt>公开方式：</dt><dd>主动公开</dd></dl>
<div class="article"><h1 id="ti">{report.title}</h1>
<p class="subtitle">发布日期：{report.published}　访问次数：<span id="count">{random.randint(100, 9999)}</span></p>
<UCAPCONTENT>{_body(report)}</UCAPCONTENT></div>
<div class="evaluate">您对本页内容是否满意？ 满意（{random.randint(10, 99)}） 一般（{random.randint(1, 9)}） 不满意（0）</div>
<div class="friend">友情链接：<select><option>31个省区市政府网站</option><option>12个县（市、区）政府网站</option></select></div>
<div class="foot">{_footer(random)}</div></body></html>"""
    return b"\xef\xbb\xbf" + page.encode()


def mobile(report: Report, random: Random) -> bytes:
    """An article of a social-media account: sections and spans all the way down, counters, no furniture of a site."""
    body = _body(
        report,
        lambda text: (
            f'<section style="margin:0 8px"><section><span style="font-size:15px">{text}</span></section></section>'
        ),
    )
    page = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta property="og:title" content="{report.title}"><title>{report.title}</title></head><body>
<div id="img-content"><h1 class="rich_media_title">{report.title}</h1>
<div class="meta_list"><span>{report.publisher}</span> <em id="publish_time">{report.published}</em> <em>发表于本地</em></div>
<div class="rich_media_content" id="js_content"><section>{body}</section></div></div>
<div class="tool">阅读 {random.randint(1000, 9999)}　赞 {random.randint(10, 99)}　在看 {random.randint(1, 9)}　留言 {random.randint(1, 9)}条</div>
</body></html>"""
    return page.encode()


def mhtml(report: Report, random: Random) -> bytes:
    """A page as a browser saves it in one file: quoted-printable HTML and a picture."""
    page = quopri.encodestring(trs(report, random)).replace(b"\n", b"\r\n")
    lines = [
        b"From: <Saved by Blink>",
        b"Snapshot-Content-Location: https://www.example.gov.cn/art/2024/1/26/art_1_1362.html",
        b"Subject: =?utf-8?Q?" + quopri.encodestring(report.title.encode()).replace(b"=\n", b"") + b"?=",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/related; type="text/html"; boundary="----MultipartBoundary--x1362y"',
        b"",
        b"------MultipartBoundary--x1362y",
        b"Content-Type: text/html",
        b"Content-ID: <frame-1362@mhtml.blink>",
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        page,
        b"------MultipartBoundary--x1362y",
        b"Content-Type: image/gif",
        b"Content-Transfer-Encoding: base64",
        b"Content-Location: https://www.example.gov.cn/images/dot.gif",
        b"",
        b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
        b"------MultipartBoundary--x1362y--",
        b"",
    ]
    return b"\r\n".join(lines)


SHAPES: dict[str, Callable[[Report, Random], bytes]] = {
    "trs": trs,
    "declared_wrong": declared_wrong,
    "div_br": div_br,
    "layout_table": layout_table,
    "split_numbers": split_numbers,
    "word_html": word_html,
    "html5": html5,
    "ucap": ucap,
    "mobile": mobile,
}


def printable(report: Report) -> str:
    """A page to be printed: a running head on each sheet, text of 16 points as offices set it."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{report.title}</title><style>
@page {{ size: A4; margin: 3cm 2.6cm; @bottom-center {{ content: "- " counter(page) " -"; font-size: 12pt }}
@top-right {{ content: "{report.publisher}　{report.published}　第" counter(page) "页"; font-size: 9pt }} }}
body {{ font: 16pt/1.8 "Noto Serif CJK SC"; text-align: justify }} h1 {{ font-size: 20pt; text-align: center }}
h2 {{ font: bold 16pt "Noto Sans CJK SC" }} p {{ text-indent: 2em; margin: 0; word-break: break-all }}
table {{ border-collapse: collapse; width: 100%; font-size: 12pt }} td {{ border: 1px solid; text-align: center }}
</style></head><body><h1>{report.title}</h1>
{_body(report, heading=lambda text: f"<h2>{text}</h2>")}</body></html>"""
