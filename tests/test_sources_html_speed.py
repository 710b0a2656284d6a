"""How fast web pages are read (`make bench`), beside trafilatura's extraction of the same page and the parse alone.

All read the same pages in the same run, on one core; seconds are those of the processor. Bounds are wide.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
import trafilatura
import turbohtml

from sources.readers.html import read_html

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(timer=time.process_time)]

MENU = "<ul class='nav'>" + "".join(f"<li><a href='/{i}/'>栏目{i}</a></li>" for i in range(120)) + "</ul>"
PARAGRAPH = (
    "<p style='text-indent:2em'><span>第{0}项，全县调解纠纷<span>{1}</span>件，"
    "成功{2}件，持续推进各项工作落地。</span></p>"
)
ROW = "<tr><td>项目{0}</td><td>{1}</td><td>{2}</td></tr>"


def page(paragraphs: int) -> bytes:
    text = "".join(PARAGRAPH.format(i, i * 37, i * 36) for i in range(paragraphs))
    table = "".join(ROW.format(i, i * 37, i * 36) for i in range(paragraphs // 10))
    body = f"{MENU}<div><h1>2024年度报告</h1><div>{text}<table>{table}</table></div></div>"
    return f"<html><body>{body}</body></html>".encode()


def least_seconds(read: Callable[[bytes], object], data: bytes) -> float:
    """Of five readings the fastest, after one to warm up."""
    seconds = []
    for _ in range(6):
        started = time.process_time()
        read(data)
        seconds.append(time.process_time() - started)
    return min(seconds[1:])


@pytest.mark.parametrize("paragraphs", [20, 200, 2_000])
def test_a_page_takes_no_longer_than_by_its_library(
    benchmark: Any, paragraphs: int, say: Callable[[str], None]
) -> None:
    data = page(paragraphs)
    benchmark.pedantic(read_html, args=(data, "page", "0" * 64), rounds=5, warmup_rounds=1)
    own = benchmark.stats["min"]
    extracted = least_seconds(lambda data: trafilatura.extract(data, include_comments=False), data)
    parsed = least_seconds(lambda data: turbohtml.parse(data.decode()), data)
    say(
        f"{len(data):>9,} bytes: read_html {own * 1000:.1f} ms, trafilatura {extracted * 1000:.1f} ms, "
        f"the parse alone {parsed * 1000:.2f} ms"
    )
    assert own < 3 * extracted
