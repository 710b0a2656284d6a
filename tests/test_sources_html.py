"""Web pages of government sites: page in, lines out. The sites differ; none of their menus may come out as text."""

import base64
import html
import json
import re
import time
from collections.abc import Sequence
from email.message import EmailMessage
from itertools import pairwise
from urllib.parse import quote

import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document import Document
from sources.front_matter import read_front_matter
from sources.quarantine import Quarantined, Reason
from sources.readers import read

NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
CRUMB = '<div>当前位置：<a href="/">首页</a> &gt; <a href="/fz/">法治政府建设</a> &gt; 正文</div>'
FOOT = "<div>版权所有：隆回县人民政府　湘ICP备05001234号　网站标识码：4305240001</div>"
TITLE = "隆回县2024年度法治政府建设情况报告"
PROSE = "全县受理行政复议案件1362件，审结1193件，调解和解217件。"
MORE = "一年来，我县持续推进法治政府建设，办理行政应诉案件85件，败诉3件。"


def opened(page: str | bytes, name: str = "report") -> Document:
    return read(page.encode() if isinstance(page, str) else page, name, "0" * 64)


def lines(page: str | bytes) -> list[str]:
    return opened(page).text.splitlines()


def refused(page: str | bytes) -> Quarantined:
    with pytest.raises(Quarantined) as raised:
        opened(page)
    return raised.value


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def in_div(body: str) -> list[str]:
    """The lines of a page whose text stands in one div among menus."""
    return lines(page(f"{NAV}{CRUMB}<div id='zoom'>{body}</div>{FOOT}"))


# Pages of different content systems.


def test_a_page_of_trs() -> None:
    told = opened(
        page(
            f"""{NAV}{CRUMB}<div class="detail"><h1>{TITLE}</h1>
            <div class="info"><span>发布时间：2025-01-20 09:30</span><span>来源：隆回县司法局</span>
            <span>字体：<a href="javascript:big()">大</a> 中 小</span><span>浏览次数：<em>1206</em>次</span></div>
            <div class="TRS_Editor"><style>.TRS_Editor p{{}}</style><p>一、总体情况</p><p>{PROSE}</p><p>{MORE}</p>
            <p>隆回县司法局</p><p>2025年1月16日</p></div>
            <div class="share">分享到：<a href="#">微信</a></div>
            <div>上一篇：<a href="1.htm">隆回县2023年度法治政府建设情况报告</a></div></div>{FOOT}""",
            f'<title>{TITLE}_隆回县人民政府</title><meta name="ArticleTitle" content="{TITLE}">'
            '<meta name="SiteName" content="隆回县人民政府门户网站"><meta name="Url" content="http://x.gov.cn/t1.html">'
            '<meta name="PubDate" content="2025-01-20 09:30"><meta name="ContentSource" content="隆回县司法局">',
        )
    )
    assert told.text.splitlines() == [
        TITLE,
        "发布时间：2025-01-20 09:30",
        "来源：隆回县司法局",
        "一、总体情况",
        PROSE,
        MORE,
        "隆回县司法局",
        "2025年1月16日",
    ]
    assert told.meta == {
        "title": TITLE,
        "publisher": "隆回县司法局",
        "published": "2025-01-20 09:30",
        "site": "隆回县人民政府门户网站",
        "url": "http://x.gov.cn/t1.html",
    }


def test_a_page_with_the_header_table_of_information_disclosure() -> None:
    told = lines(
        page(
            f"""{NAV}{CRUMB}<table class="xxgk"><tr><td>索 引 号</td><td>430524/2025-00017</td>
            <td>公开责任部门</td><td>隆回县司法局</td></tr>
            <tr><td>名　　称</td><td colspan="3">{TITLE}</td></tr></table>
            <div><a href="#">【打印】</a> <a href="javascript:window.close()">【关闭】</a></div>
            <div class="bt">{TITLE}</div><div id="zoomcon"><p>{PROSE}</p><p>{MORE}</p></div>{FOOT}""",
            f"<title>{TITLE}</title>",
        )
    )
    assert told == [
        "索引号 | 430524/2025-00017 | 公开责任部门 | 隆回县司法局",
        f"名称 | {TITLE} | {TITLE} | {TITLE}",
        TITLE,
        PROSE,
        MORE,
    ]
    assert read_front_matter("\n".join(told)).fields["publisher"] == "隆回县司法局"


def test_a_header_of_lists_whose_labels_and_values_are_elements_of_their_own() -> None:
    told = lines(
        page(
            f"""{NAV}<dl><dt>发布机构：</dt><dd>隆回县司法局</dd><dt>发文日期</dt><dd>2025-01-16</dd></dl>
            <ul><li><b>文　　号：</b>隆司〔2025〕3号</li><li><a href="/x">政务公开</a></li></ul>
            <h1>{TITLE}</h1><div><p>{PROSE}</p><p>{MORE}</p></div>{FOOT}"""
        )
    )
    assert told == ["发布机构 | 隆回县司法局", "发文日期 | 2025-01-16", "文号：隆司〔2025〕3号", TITLE, PROSE, MORE]


def test_a_page_laid_out_by_tables_with_the_text_in_one_cell() -> None:
    sentences = [f"第{i}项，全县调解纠纷{i * 37}件，成功{i * 36}件，各项工作任务落地见效。" for i in range(1, 12)]
    told = lines(
        page(
            f"""<table><tr><td><a href="/">网站首页</a></td><td><a href="/x">信息公开</a></td></tr></table>
            <table width="980"><tr><td class="left"><a href="/a">机构职能</a><br><a href="/b">通知公告</a></td>
            <td><table><tr><td align="center"><b>{TITLE}</b></td></tr><tr><td>{"<br><br>　　".join(sentences)}<br>
            <table border="1"><tr><td>项目</td><td>件数</td></tr><tr><td>受理</td><td>1362</td></tr></table>
            </td></tr></table></td></tr></table><table><tr><td>主办：隆回县人民政府 承办：县政府办</td></tr></table>""",
            f"<title>{TITLE}</title>",
        )
    )
    assert told == [TITLE, *sentences, "项目 | 件数", "受理 | 1362"]


def test_a_page_of_divs_and_breaks_without_any_paragraph() -> None:
    assert in_div(f"　　{PROSE}<br/><br/>　　{MORE}<BR>隆回县司法局<br>2025年1月16日<br>") == [
        PROSE,
        MORE,
        "隆回县司法局",
        "2025年1月16日",
    ]


def test_a_very_short_page() -> None:
    assert lines("<p>受理1362件。") == ["受理1362件。"]
    assert in_div("<p>受理行政复议案件1362件</p>") == ["受理行政复议案件1362件"]


def test_text_in_the_body_itself_between_menu_and_foot() -> None:
    told = lines(
        page(
            f"""<a href="/">首页</a> | <a href="/gk">公开</a><p>隆回县司法局文件</p><h2>{TITLE}</h2><p>{PROSE}</p>
            <p>{MORE}</p><p>附件：<a href="a.xls">指标完成表.xls</a></p><p>隆回县司法局</p><p>2025年1月16日</p>
            <p>扫一扫在手机打开当前页</p><p>主办单位：隆回县人民政府 电话：0739-8234567</p>""",
            f"<title>{TITLE}</title>",
        )
    )
    expected = ["隆回县司法局文件", TITLE, PROSE, MORE, "附件：指标完成表.xls", "隆回县司法局", "2025年1月16日"]
    assert told == expected


def test_a_page_saved_by_word() -> None:
    told = lines(
        """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8>
        <!--[if gte mso 9]><xml><o:Pages>9</o:Pages></xml><![endif]--><style>p.MsoNormal{}</style></head>
        <body lang=ZH-CN><div class=WordSection1><p class=MsoNormal><b><span style='font-size:22pt'>隆回县2024年度
        法治政府建设情况报告<span lang=EN-US><o:p></o:p></span></span></b></p>
        <p class=MsoNormal><![if !supportLists]><span>一、<span style='font:7pt'>&nbsp;&nbsp; </span></span>
        <![endif]>总体情况<o:p></o:p></p><p class=MsoNormal>全县受理行政复议案件<span lang=EN-US>1</span><span
        lang=EN-US>362</span>件，审结<span lang=EN-US>1193</span>件<a style='mso-footnote-id:ftn1' href="#_ftn1"><span
        class=MsoFootnoteReference>[1]</span></a>，调解和解<span lang=EN-US>217</span>件。<o:p></o:p></p>
        <p style='mso-hide:all;display:none'>修订：受理99件。</p>
        <table class=MsoTableGrid><tr><td><p class=MsoNormal>受理<o:p></o:p></p></td>
        <td><p class=MsoNormal>1362</p><p class=MsoNormal>件</p></td></tr></table></div></body></html>"""
    )
    assert told == [TITLE, "一、总体情况", PROSE, "受理 | 1362 件"]


def test_xhtml_whatever_its_xml_declaration_says() -> None:
    told = lines(
        '<?xml version="1.0" encoding="gb2312"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        '<base href="http://x.gov.cn/"/><script src="a.js"/></head>'
        f'<body><a name="top"/><p>{PROSE}</p><div/><p>{MORE}</p>'
        "</body></html>"
    )
    assert told == [PROSE, MORE]


def test_unclosed_tags() -> None:
    assert in_div(
        f"<p>一、总体情况<p>{PROSE}<ul><li>受理一审行政案件12件<li>审结11件</ul><font color=red><p>{MORE}"
    ) == [
        "一、总体情况",
        PROSE,
        "受理一审行政案件12件",
        "审结11件",
        MORE,
    ]


def test_text_of_two_elements_beside_a_list_of_news() -> None:
    told = lines(
        page(
            f"""{NAV}<div class="wrap"><div class="main"><h1>{TITLE}</h1><div class="text"><p>{PROSE}</p></div>
            <div class="text"><h3>二、存在的问题</h3><p>{MORE}</p></div></div>
            <div class="side"><h3>最新信息</h3><ul>
            <li><a href="1">我县召开法治建设推进会，部署全年工作</a><span>2025-01-05</span></li>
            <li><a href="2">我县开展宪法宣传周活动</a> [12-04]</li></ul></div></div>{FOOT}"""
        )
    )
    assert told == [TITLE, PROSE, "二、存在的问题", MORE]


def test_a_sentence_far_from_the_others_is_kept() -> None:
    many = "".join(f"<p>第{i}项，全县调解纠纷{i * 37}件，成功{i * 36}件，持续推进。</p>" for i in range(1, 40))
    told = lines(page(f"{NAV}<div><div>{many}</div></div>{NAV}<div><div><p>全县公证1051件。</p></div></div>{FOOT}"))
    assert (len(told), told[-1]) == (40, "全县公证1051件。")


def test_a_notice_above_everything_does_not_come_before_the_title() -> None:
    many = "".join(f"<p>第{i}项，全县调解纠纷{i * 37}件，成功{i * 36}件，持续推进。</p>" for i in range(1, 40))
    notice = "系统将于今晚22时升级，请您提前办理业务。"
    told = lines(
        page(
            f"<div>{notice}</div>{NAV}<div><h1>{TITLE}</h1><p>来源：隆回县司法局 阅读 88</p><div>{many}</div></div>",
            f"<title>{TITLE}</title>",
        )
    )
    assert told[:3] == [TITLE, "来源：隆回县司法局", notice]
    assert len(told) == 42


def test_what_is_not_shown_is_not_read() -> None:
    told = in_div(
        f"""<p>{PROSE}</p><div style="display: none"><p>草稿：受理99件。</p></div><p hidden>受理98件。</p>
        <template><p>受理97件。</p></template><noscript>请打开脚本。</noscript><!-- <p>受理96件。</p> -->
        <p aria-hidden="true">受理95件。</p><script>document.write("受理94件。")</script><p>{MORE}</p>"""
    )
    assert told == [PROSE, MORE]


def test_a_name_of_furniture_around_the_whole_text_hides_nothing() -> None:
    told = lines(
        page(f'{NAV}<div class="share footer"><p>{PROSE}</p><p>{MORE}</p></div><div class="footer">县政府办</div>')
    )
    assert told == [PROSE, MORE]


def test_a_page_without_a_title_of_its_own_has_that_of_its_meta() -> None:
    document = opened(page(f"{NAV}<div><p>{PROSE}</p></div>", f'<meta name="ArticleTitle" content="{TITLE}">'))
    assert document.text.splitlines() == [TITLE, PROSE]
    assert document.pieces[0].where == "/html/head/meta/@content"


def test_what_json_ld_and_open_graph_say() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"年度报告","datePublished":"2025-01-20",'
        '"publisher":{"@type":"Organization","name":"隆回县司法局"}}</script>'
        '<script type="application/ld+json">{</script>'
        '<meta property="og:site_name" content="中国隆回"><link rel="canonical" href="https://x.gov.cn/1.html">'
    )
    assert opened(page(f"<p>{PROSE}</p>", head)).meta == {
        "title": "年度报告",
        "publisher": "隆回县司法局",
        "published": "2025-01-20",
        "site": "中国隆回",
        "url": "https://x.gov.cn/1.html",
    }


def test_half_a_character_in_json_ld_is_none() -> None:
    head = '<script type="application/ld+json">{"headline":"隆回县\\ud83d报告","publisher":"\\ud86a\\ude36县"}</script>'
    assert opened(page(f"<p>{PROSE}</p>", head)).meta == {"title": "隆回县报告", "publisher": "𪨶县"}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gb2312", "utf-8"), ("utf-8", "gb18030"), ("x-unknown", "gb18030"),
     (None, "gb18030"), ("utf-8", "utf-16")],
)  # fmt: skip
def test_pages_are_read_whatever_they_declare(declared: str | None, encoding: str) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    assert lines(page(f"{NAV}<div><p>{PROSE}</p><p>{MORE}</p></div>", head).encode(encoding)) == [PROSE, MORE]


def test_a_page_in_big5() -> None:
    traditional = "全縣受理行政複議案件1362件,審結1193件,人民調解組織調處糾紛。"
    assert lines(page(f"<p>{traditional}</p>" * 3, "<meta charset=gb2312>").encode("big5")) == [traditional] * 3


def test_lines_of_the_text_that_are_links_stay_and_lists_of_links_go() -> None:
    told = in_div(
        f"""<p>{PROSE}</p><p><a href="1">受理一审行政案件12件</a></p><p><a href="2">审结11件</a></p><p>{MORE}</p>
        <p><a href="5">《法治政府建设实施纲要》</a></p><p>{PROSE}</p>
        <ul><li><a href="3">我县召开推进会</a></li><li><a href="4">我县开展宣传周</a></li></ul><p>{MORE}</p>"""
    )
    linked = ["受理一审行政案件12件", "审结11件"]
    assert told == [PROSE, *linked, MORE, "《法治政府建设实施纲要》", PROSE, MORE]


def test_a_link_that_was_never_closed_is_none() -> None:
    body = "".join(f"<p>{PROSE}</p>" for _ in range(9))
    assert in_div(f"<a href='x'><p>{TITLE}</p>{body}<p>隆回县司法局</p>") == [TITLE, *[PROSE] * 9, "隆回县司法局"]


def test_a_page_of_few_words_without_a_sentence() -> None:
    told = in_div(
        f"<h1>{TITLE}</h1><p>来源：县司法局　点击：88</p><ul><li>行政复议案件1362件</li><li>行政应诉85件</li></ul>"
    )
    assert told == [TITLE, "来源：县司法局", "行政复议案件1362件", "行政应诉85件"]
    assert refused(page(f"{NAV}<h1>{TITLE}</h1><iframe src='/a.html'></iframe>")).reason is Reason.EMPTY


def test_the_signature_in_the_foot_of_an_article() -> None:
    told = lines(
        page(
            f"{NAV}<article><header><h1>{TITLE}</h1></header><p>{PROSE}</p><footer><p>隆回县司法局</p></footer></article>"
            "<footer><p>隆回县人民政府办公室主办</p></footer>"
        )
    )
    assert told == [TITLE, PROSE, "隆回县司法局"]


# Numbers.


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("受理<span>1</span><span>362</span>件。", "受理1362件。"),
        ("受理<font>1</font><strong>3</strong><a href='x'>6</a><wbr>2件。", "受理1362件。"),
        ("受理1\u200b362件。", "受理1362件。"),
        ("受理1&nbsp;362件，罚款12&#8239;500元。", "受理1362件，罚款12500元。"),
        ("自2024&nbsp;362件。", "自2024 362件。"),
        ("12&nbsp;&nbsp;345件。", "12 345件。"),
        ("受理1362<sup>[1]</sup>件。", "受理1362件。"),
        ("受理1362<sup>①</sup>件。", "受理1362件。"),
        ("受理1362<span style='vertical-align:super'>2</span>件。", "受理1362件。"),
        ("受理1362<a href='#n1'>〔1〕</a>件。", "受理1362件。"),
        ("绿地362 m<sup>2</sup>，CO<sub>2</sub>下降3%。", "绿地362 m2，CO2下降3%。"),
        ("<b>①</b>服务企业106家。", "①服务企业106家。"),
        # Further marks of notes.
        ("受理1362<sup>1,2</sup>件。", "受理1362件。"),
        ("受理1362<sup>1</sup><sup>,</sup><sup>2</sup>件。", "受理1362件。"),
        ("受理1362<sup>3)</sup>件。", "受理1362件。"),
        ("受理1362<sup>注1</sup>件。", "受理1362件。"),
        ("受理1362<sup>[注1]</sup>件。", "受理1362件。"),
        ("受理1362<sup>[1-3]</sup>件。", "受理1362件。"),
        ("受理1362<sup><a href='#n1'>1</a></sup>件。", "受理1362件。"),
        ("受理1362<a href='#n1'><sup>1</sup></a>件。", "受理1362件。"),
        # Raised, but no mark of a note: kept raised, so that nobody takes it for a digit of the number.
        ("惠及10<sup>4</sup>人。", "惠及10⁴人。"),
        ("惠及3.2×10<sup>2</sup>人。", "惠及3.2×10²人。"),
        ("受理1362<sup>2024</sup>件。", "受理1362²⁰²⁴件。"),
        ("完成1<sup>1</sup>/<sub>2</sub>项。", "完成1¹/₂项。"),
        ("受理1<sup>3</sup>62件。", "受理1³62件。"),
        ("受理1<img src='3.png' alt='3'>62件。", "受理1\ufffd62件。"),
        ("受理<img src='1.png'>362件。", "受理\ufffd362件。"),
        ("<img src='icon.png'>362件<img src='x.png'>。", "362件。"),
        ("受理13<span style='font-size:0'>9</span>62件。", "受理1362件。"),
        ("受理13<span style='position:absolute;left:-9999px'>9</span>62件。", "受理1362件。"),
        ("<span style='font-size:0'><b style='font-size:16px'>受理1362件。</b></span>", "受理1362件。"),
        ("受理13<sub>6</sub>2件。", "受理13₆2件。"),
        ("<span style='vertical-align:sub'>受理64件</span>。", "受理64件。"),
        # Struck through: deleted.
        ("受理<del>1326</del>1362件。", "受理1362件。"),
        ("审结<s>88</s>1193件。", "审结1193件。"),
        ("审结<strike>88</strike>1193件。", "审结1193件。"),
        ("审结<span style='text-decoration:line-through'>88</span>1193件。", "审结1193件。"),
        ("审结<i style='color:red;text-decoration: underline line-through'>88</i>1193件。", "审结1193件。"),
        ("审结<ins>1193</ins>件。", "审结1193件。"),
        # What parts a number only in the source.
        ("受理13<!-- 2024 -->62件。", "受理1362件。"),
        ("受理13<span style='display:none'>9</span>62件。", "受理1362件。"),
    ],
)
def test_a_number_is_one_number(written: str, read_as: str) -> None:
    assert in_div(f"<p>{written}</p>") == [read_as]


def test_marks_that_a_style_sheet_raises_or_strikes_through() -> None:
    """As Word writes the marks of its footnotes."""
    sheet = (
        "<style>span.MsoFootnoteReference{font-size:9pt;vertical-align:super}"
        "#zoom .old,.gone{text-decoration:line-through} .red{color:red}</style>"
    )
    told = lines(
        page(
            "<div id=zoom><p>受理<span class=red>1362</span><span class='MsoFootnoteReference'>1</span>件，"
            "审结<i class='red old'>88</i>1193件。</p></div>",
            sheet,
        )
    )
    assert told == ["受理1362件，审结1193件。"]


def test_the_counter_of_readers_is_no_figure_but_that_of_a_report_is() -> None:
    told = in_div(
        f"<p>2025-01-20　【字体：大 中 小】　阅读：<span>1362</span>　打印本页</p><p>{PROSE}</p>"
        f"<p>网站访问量：1206万次</p><p>{MORE}</p><p>浏览次数：988</p><p>赞 49 <span>在看 2</span> 留言 7条</p>"
    )
    assert told == ["2025-01-20", PROSE, "网站访问量：1206万次", MORE]


def test_what_is_said_twice_stands_twice() -> None:
    assert in_div(f"<p>{PROSE}</p><p>{MORE}</p><p>{PROSE}</p><p>{PROSE}</p>") == [PROSE, MORE, PROSE, PROSE]


# Tables.


def test_a_table_with_caption_unit_and_merged_cells() -> None:
    told = in_div(
        f"""<p>{PROSE}</p><p align="right">单位：件</p><table><caption>表1　行政复议案件情况</caption>
        <thead><tr><th rowspan="2">类别</th><th colspan="2">件数</th></tr>
        <tr><th>2023年</th><th>2024年</th></tr></thead>
        <tbody><tr><td>受理</td><td>118</td><td>1&nbsp;362</td></tr><tr><td><p>审结</p><p>（含上年）</p></td><td>97</td>
        <td><a href="x">1193</a></td></tr></tbody></table><p>{MORE}</p>"""
    )
    assert told == [
        PROSE,
        "单位：件",
        "表1 行政复议案件情况",
        "类别 | 件数 | 件数",
        "类别 | 2023年 | 2024年",
        "受理 | 118 | 1362",
        "审结（含上年） | 97 | 1193",
        MORE,
    ]


def test_a_table_of_long_cells_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{i}</td><td>{PROSE}</td><td>{MORE}</td></tr>" for i in range(3))
    assert in_div(f"<table>{rows}</table>") == [f"{i} | {PROSE} | {MORE}" for i in range(3)]


@pytest.mark.parametrize(
    "spans", ['colspan="1000000"', 'rowspan="1000000" colspan="99999999999"', 'colspan="-1"', "rowspan=0"]
)
def test_wrong_spans_neither_explode_nor_lose_a_cell(spans: str) -> None:
    row = f"<tr><td {spans}>受理</td><td>1362</td></tr>"
    told = in_div(f"<p>{PROSE}</p><table>{row * 300}</table>")
    assert sum(line.count("1362") for line in told[1:]) == 300


# What a browser shows, however the page is marked up.

ARTICLE = f"<h1>{TITLE}</h1><p>{PROSE}</p><p>{MORE}</p>"


@pytest.mark.parametrize(
    "whole",
    [
        f"<html><body>{NAV}</body></html><div>{ARTICLE}</div>{FOOT}</body></html>",
        f"<html><body>{NAV}</html><div>{ARTICLE}</div>{FOOT}",
        f"<html><body>{NAV}</html><table><tr><td>{ARTICLE}</td></tr></table>{FOOT}",
        f"<html><body><h1>{TITLE}</h1><p>{PROSE}</p></body></html><p>{MORE}</p>",
        f"<html><body>{NAV}</body></html><!DOCTYPE html><html><head><title>x</title></head><body>{ARTICLE}</html>",
        f"<html><body>{NAV}</body><body class='content'>{ARTICLE}</body></html>",
        f"<div>{ARTICLE}</div><!DOCTYPE html><html><head></head><body>{NAV}{FOOT}</body></html>",
        f"<html><head><div>{ARTICLE}</div></head><body>{NAV}{FOOT}</body></html>",
        f"<html><body>{NAV}<div>{ARTICLE.replace('</p>', '</p></body></html>')}</div>{FOOT}</body></html>",
        f"<html><body>{NAV}<div><html><body>{ARTICLE}</body></html></div>{FOOT}</body></html>",
        f"<html><body>{ARTICLE}<frameset><frame src='x.html'></frameset></body></html>",
    ],
)
def test_all_that_stands_beyond_an_end_of_the_page(whole: str) -> None:
    """Templates are put together from files, each of which may open and close the page."""
    assert lines(whole) == [TITLE, PROSE, MORE]


@pytest.mark.parametrize(
    "body",
    [
        f"<div><b><p>{ARTICLE}</b></div></p>",
        f"</div></div></td></tr></table></span><div>{ARTICLE}</div>",
        f"<table>{ARTICLE}<tr><td></td></tr></table>",
        f"<table><tr>{ARTICLE}</tr></table>",
        f"<table><caption>{ARTICLE}</caption></table>",
        f"<font color=red><b><i>{ARTICLE}",
        f"<form><form><div>{ARTICLE}</div></form></form>",
        f"<button onclick='print()'>打印<div>{ARTICLE}{f'<p>{MORE}</p>' * 9}</div>",
        f"<!-- header --!><div>{ARTICLE}</div><!-- footer -->",
        f"<!--[if IE]>x<![endif]--><div><![if !IE]>{ARTICLE}<![endif]></div>",
        f"<div class='a><span>x</span><div class='b'>{ARTICLE}</div>",
        f"<details><summary>{TITLE}</summary>{ARTICLE}</details>",
        f"<pre>{TITLE}\n{PROSE}\n{MORE}</pre>",
        f"<xmp>{TITLE}\n{PROSE}\n{MORE}</xmp>",
    ],
)
def test_markup_that_is_not_nested_as_it_should_be(body: str) -> None:
    told = lines(page(f"{NAV}{body}"))
    assert [told.count(line) > 0 for line in (TITLE, PROSE, MORE)] == [True] * 3


def test_a_page_that_begins_with_a_long_comment_or_script() -> None:
    assert lines(f"<!-- {'saved from a portal ' * 400} -->\n<html><body><p>{PROSE}</p></body></html>") == [PROSE]
    assert lines(f"<script>{'var a = 1;' * 600}</script><p>{PROSE}</p>") == [PROSE]
    assert lines(f"{chr(10) * 5000}<html><body><p>{PROSE}</p></body></html>") == [PROSE]


# Damaged bytes.


def cut(text: str, encoding: str) -> bytes:
    """As a content system cuts a text after so many bytes, within a character."""
    return text.encode(encoding)[:-1]


REPORT = f"<h1>{TITLE}</h1><p>{PROSE}</p>" + f"<p>{MORE}</p>" * 20


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<title>", "</title>"),
        ("<meta name='description' content='", "'>"),
        ("<meta name='ContentSource' content='", "'>"),
        ("<ul>" + "<li><a href='1.htm'>", "</a></li></ul>"),
        ("<script>var title = '", "';</script>"),
        ("<!-- ", " -->"),
        ("<img alt='", "'>"),
    ],
)
def test_damage_beside_the_report_does_not_count(before: str, after: str, encoding: str) -> None:
    beside = before.encode() + cut("关于印发隆回县行政执法工作方案的通知", encoding) + after.encode()
    told = opened(page("").encode().replace(b"</body>", beside * 8 + REPORT.encode(encoding) + b"</body>"))
    assert PROSE in told.text.splitlines()
    assert "\ufffd" not in told.text + "".join(told.meta.values())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_damage_within_the_report_counts(encoding: str) -> None:
    damaged = REPORT.encode(encoding).replace(MORE.encode(encoding), cut(MORE.rstrip("。"), encoding))
    error = refused(b"<html><body>" + damaged + b"</body></html>")
    assert error.reason is Reason.UNREADABLE
    assert "20 damaged characters in its main text" in error.detail


def test_a_declaration_of_a_western_encoding_is_not_believed() -> None:
    links = b"<ul>" + (b"<li><a href='1.htm'>" + cut("关于印发工作方案的通知", "gb18030") + b"</a></li>") * 9 + b"</ul>"
    head = b"<html><head><meta charset='iso-8859-1'></head><body>"
    assert PROSE in lines(head + links + REPORT.encode("gb18030"))


# An article that the page holds without showing it.

FOOT_WITH_ADDRESS = (
    "<p>主办：隆回县人民政府办公室</p><p>地址：隆回县桃洪镇大道1号，邮编：422200，电话：0739-8235555</p>"
)


@pytest.mark.parametrize(
    ("holds", "where"),
    [
        (f"<textarea style='display:none'>{ARTICLE}</textarea>", "in a <textarea>"),
        (f"<textarea>{html.escape(ARTICLE)}</textarea>", "in a <textarea>"),
        (f"<script type='text/xml'><record><![CDATA[{ARTICLE}]]></record></script>", "in a <script>"),
        (f"<script>show({json.dumps(ARTICLE)})</script>", "in a <script>"),
        (f"<script>document.write(unescape('{quote(ARTICLE)}'))</script>", "in a <script>"),
        (f"<template>{ARTICLE}</template>", "in a <template>"),
        (f"<xml><record>{ARTICLE}</record></xml>", "in a <xml>"),
        (f"<noscript>{ARTICLE}</noscript>", "in a <noscript>"),
        (f"<input type='hidden' value='{html.escape(ARTICLE)}'>", "in the attribute value of a <input>"),
        (f"<div data-text='{html.escape(ARTICLE)}'></div>", "in the attribute data-text of a <div>"),
        (f"<iframe srcdoc='{html.escape(ARTICLE)}'></iframe>", "in the attribute srcdoc of a <iframe>"),
        (f"<div style='display: none'>{ARTICLE}</div>", "in a hidden <div>"),
        (f"<!-- {ARTICLE} -->", "in a comment"),
        (f"<!-- header <div>{ARTICLE}</div>", "in a comment"),
        (f"<script>var a = 1;<div>{ARTICLE}</div>", "in a <script>"),
        (f"<iframe src='/2024/report.html'></iframe><h1>{TITLE}</h1>", "it shows '/2024/report.html' in a frame"),
        (f"<object data='2024.pdf'></object><h1>{TITLE}</h1>", "it shows '2024.pdf' in a frame"),
        (f"<script>show(atob('{base64.b64encode(ARTICLE.encode()).decode()}'))</script>", "(navigation or a script"),
    ],
)
def test_an_article_that_a_browser_does_not_show(holds: str, where: str) -> None:
    error = refused(page(f"{NAV}{FOOT_WITH_ADDRESS}{holds}", f"<title>{TITLE}</title>"))
    assert error.reason is Reason.EMPTY
    assert where in error.detail


def test_a_report_that_is_shown_and_held_for_a_script_too() -> None:
    held = f"<script>window.state = {json.dumps([ARTICLE, ARTICLE])}</script>"
    assert lines(page(f"{NAV}<div>{ARTICLE}</div>{held}")) == [TITLE, PROSE, MORE]


def test_what_a_script_says_to_the_readers_is_no_article() -> None:
    """Of a page that tells a figure, only figures elsewhere outweigh it."""
    says = "".join(f"alert('请输入正确的用户名和密码，{word}输入错误以后将被锁定账户');" for word in "再又还仍")
    short = "<p>全县受理行政复议案件1362件。</p>"
    assert lines(page(f"{NAV}{short}<script>{says}</script>")) == ["全县受理行政复议案件1362件。"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>行政复议案件1362件</p><p>行政应诉案件85件</p>",
        "<p>行政复议案件（件）：1362</p>",
        "<table><tr><td>行政复议案件</td><td>1362</td></tr><tr><td>行政应诉案件</td><td>85</td></tr></table>",
        "<p>调解纠纷三十二件</p>",
        "<p>我县持续推进法治政府建设。</p>",
    ],
)
def test_a_page_of_few_words_is_no_empty_one(body: str) -> None:
    assert lines(page(f"{NAV}<h1>{TITLE}</h1>{body}"))


# Where each line stands.


def found_at(where: str, tree: turbohtml.Document) -> list[str]:
    """The text of what an XPath finds; of `/html/body/pre#line=3` that line."""
    path, _, line = where.partition("#line=")
    found = tree.xpath(path)
    assert isinstance(found, list)
    texts = [one if isinstance(one, str) else one.text for one in found]
    return [text.split("\n")[int(line) - 1] for text in texts] if line else texts


@pytest.mark.parametrize(
    "body",
    [
        f"<div>x</div><div><h1>{TITLE}</h1><p>{PROSE}</p><p>{MORE}</p>{PROSE}<br>{MORE}</div>",
        f"<st1:place><p>{PROSE}</p></st1:place><o:p><p>{MORE}</p></o:p><o:p><p>{PROSE}</p></o:p>",
        f"<table><tr><td>{PROSE}</td></tr></table><table><tr><td>受理</td><td>12</td></tr><tr><td>审结</td><td>11</td></tr></table>",
        f"{PROSE}<br>{MORE}<!-- x --><br><font>{PROSE}<br>受理<b>12</b>件，审结<i>11 件，<u>调解</u>3</i>件。</font>",
        f"{PROSE}<p>{MORE}</p>尾部：{PROSE}",
        f"<pre>{PROSE}\n\n受理<b>12件。\n审</b>结11件。</pre>",
        f"<ul><li>{PROSE}<ul><li>{MORE}</li></ul></li></ul>",
        f"<div><span>{PROSE}<br/>受理1&nbsp;362件，\u3000审结85件。</span></div>",
    ],
)
def test_each_text_is_found_again_by_its_xpath(body: str) -> None:
    whole = page(body, "<meta charset='utf-8'>")
    document, tree = opened(whole), turbohtml.parse(whole)
    assert {line for piece in document.pieces for line in document.text[piece.start : piece.end].splitlines()}
    for piece in document.pieces:
        (text,) = found_at(piece.where, tree)
        for cell in document.text[piece.start : piece.end].split(" | "):
            assert re.sub(r"\s", "", cell) in re.sub(r"\s", "", text)


def places(body: str) -> list[str]:
    """Where each figure of a page stands."""
    document = opened(page(body))
    return [document.where(figure.start()) or "" for figure in re.finditer(r"\d+件", document.text)]


def test_a_figure_stands_in_the_nearest_block() -> None:
    assert places("<div><p>受理12件，审结11件。</p><p>调解3件。</p></div>") == [
        "/html/body/div/p[1]",
        "/html/body/div/p[1]",
        "/html/body/div/p[2]",
    ]
    assert places("<table><tr><td>受理</td><td>12件</td></tr><tr><td>审结</td><td>11件</td></tr></table>") == [
        "/html/body/table/tbody/tr[1]",
        "/html/body/table/tbody/tr[2]",
    ]


def test_lines_of_one_element_are_told_apart() -> None:
    """A body or a div with a hundred lines would stand for all their figures."""
    assert places("受理12件，已审结。<br>调解3件，<b>撤销4件</b>。") == [
        "/html/body/text()[1]",
        "/html/body/text()[2]",
        "/html/body/b/text()",
    ]
    assert places("<div>受理12件，已审结。<p>调解3件。</p>撤销4件，维持5件。</div>") == [
        "/html/body/div/text()[1]",
        "/html/body/div/p",
        "/html/body/div/text()[2]",
        "/html/body/div/text()[2]",
    ]
    assert places("<pre>受理12件，已审结。\n调解3件。</pre>") == ["/html/body/pre#line=1", "/html/body/pre#line=2"]
    assert places("受理12件，已审结。") == ["/html/body/text()"]


# Pages that can't be read.


@pytest.mark.parametrize(
    ("body", "to_do"),
    [
        ("", "save the page as the browser shows it"),
        (NAV + FOOT, "save the page as the browser shows it"),
        ("<div id='app'></div><script>render()</script>", "save the page as the browser shows it"),
        (
            "<iframe src='/report/2024.html'></iframe>",
            "it shows '/report/2024.html' in a frame; take in the page there",
        ),
        ("<p><a href='2024.pdf'>年度报告</a></p>", "links to '2024.pdf'; take in the file there"),
    ],
)
def test_a_page_without_main_text_says_what_to_do(body: str, to_do: str) -> None:
    error = refused(page(body))
    assert error.reason is Reason.EMPTY
    assert "main text" in error.detail
    assert to_do in error.detail


def test_a_page_of_framesets() -> None:
    error = refused("<html><frameset cols='20%,80%'><frame src='menu.htm'><frame src='main.htm'></frameset></html>")
    assert "'menu.htm', 'main.htm'" in error.detail


@pytest.mark.parametrize(
    "tangle",
    [
        "<div>" * 1_000_000,
        "<p>受理12件。</p>" * 100_000 + "<b>" * 300_000,
        "<" * 20_000_000,
        "<p " + " ".join(f"a{i}='>'" for i in range(1_000_000)) + ">受理12件。",
        "<p>受理12件。" * 600_000,
        "<!--" * 1_000_000,
        "&" * 5_000_000,
        "<table><tr><td>" * 100_000,
        "<table>" + "<tr><td colspan=1000 rowspan=60000>受理<td>12</tr>" * 20_000 + "</table>",
        "<div>" + "返回首页" * 40 + "x" + "</div>",
        "<p>" + "," * 1_000_000 + "</p>",
        "<p>受" + "索 " * 300_000 + "</p>",
    ],
    ids=lambda tangle: tangle[:12],
)  # fmt: skip
def test_a_tangle_of_tags_neither_crashes_nor_hangs(tangle: str) -> None:
    started = time.process_time()
    try:
        opened(page(tangle))
    except Quarantined as error:
        assert error.reason in (Reason.TOO_COMPLEX, Reason.EMPTY)
    assert time.process_time() - started < 10


def test_a_page_too_deep_for_the_parser_is_refused_not_cut() -> None:
    error = refused(page(f"<p>{PROSE}</p>" + "<div>" * 300 + MORE))
    assert error.reason is Reason.TOO_COMPLEX
    assert "save its text" in error.detail


def test_a_tag_with_a_picture_in_it_is_not_too_long() -> None:
    assert in_div(f"<p>{PROSE}</p><img src='data:image/png;base64,{'iVBORw0KGgo' * 100_000}'>") == [PROSE]


# Web archives.


def archive(*pages: tuple[str, str], start: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"], message["MIME-Version"] = TITLE, "1.0"
    message.make_related()
    for name, text in pages:
        message.add_related(
            text.encode("gb18030"), "text", "html", cid=name, cte="base64", params={"charset": "gb2312"}
        )
    message.add_related(b"\x89PNG", "image", "png")
    if start:
        message.set_param("start", start)
    return message.as_bytes()


def test_a_web_archive() -> None:
    document = opened(archive(("<a>", page(f"{NAV}<h1>{TITLE}</h1><div><p>{PROSE}</p></div>"))))
    assert document.media_type == "multipart/related"
    assert document.text.splitlines() == [TITLE, PROSE]


def test_the_root_of_an_archive_is_where_it_says_and_frames_follow() -> None:
    menu, main = page(NAV), page(f"<p>{PROSE}</p>")
    assert lines(archive(("<a>", page(f"<p>{MORE}</p>")), ("<b>", main), start="<b>")) == [PROSE]
    assert lines(archive(("<a>", menu), ("<b>", main))) == [PROSE]


def test_an_archive_without_a_page() -> None:
    error = refused(archive())
    assert error.reason is Reason.UNREADABLE
    assert "text/html" in error.detail


# Any page.


def tagged(text: str, cuts: Sequence[int], tags: Sequence[str]) -> str:
    """`text` cut into pieces, each within an inline element."""
    pieces = [text[start:end] for start, end in pairwise([0, *sorted({cut % len(text) for cut in cuts}), len(text)])]
    return "".join(f"<{tags[i % len(tags)]}>{piece}</{tags[i % len(tags)]}>" for i, piece in enumerate(pieces))


paragraphs = st.builds(
    "{}{}件，{}{}%。".format,
    st.sampled_from(["全县受理行政复议案件", "调处矛盾纠纷", "办理法律援助案件", "开展普法宣传活动"]),
    st.integers(1, 999_999),
    st.sampled_from(["成功率", "办结率", "同比增长"]),
    st.decimals(0, 100, places=2),
)
surroundings = st.lists(
    st.sampled_from(
        [
            NAV,
            CRUMB,
            FOOT,
            "<ul><li><a href='1'>我县召开推进会</a> 2025-01-05</li></ul>",
            "<div class='share'>分享到：<a href='#'>微信</a></div>",
            "<table><tr><td><a href='/'>首页</a></td><td><a href='/gk'>公开</a></td></tr></table>",
            "<div>【字体：大 中 小】【打印】【关闭】</div>",
        ]
    ),
    max_size=4,
)


@settings(max_examples=150)
@given(
    st.lists(paragraphs, min_size=1, max_size=12),
    st.lists(st.integers(0, 99), max_size=4),
    st.lists(st.sampled_from(["span", "b", "font", "em", "u", "a", "o:p"]), min_size=1, max_size=3),
    surroundings,
    surroundings,
    st.sampled_from(["<p>{}</p>", "{}<br>", "<div>{}</div>", "<p>{}", "<ul><li>{}</li></ul>"]),
    st.sampled_from(["<div>{}</div>", "{}", "<table><tr><td>{}</td></tr></table>", "<div><div>{}</div></div>"]),
)
def test_every_paragraph_comes_out_once_in_order_and_nothing_else(
    written: list[str],
    cuts: list[int],
    tags: list[str],
    before: list[str],
    after: list[str],
    block: str,
    around: str,
) -> None:
    body = around.format("".join(block.format(tagged(text, cuts, tags)) for text in written))
    assert lines(page(f"{''.join(before)}{body}{''.join(after)}")) == written
