"""What a page holds but doesn't show: an article in a textarea, a script, an attribute, a frame or a hidden element.

Some content systems send the article so and let a script show it. The page as saved has then only its title and its
foot, from which nothing can be learnt; it must not pass for a report without figures.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from turbohtml import Comment, Element

from sources.readers.html_blocks import NO_TEXT
from sources.readers.html_main import is_label
from sources.readers.html_styles import Look, Styles
from sources.readers.lines import BETWEEN_CELLS

# What says something: a sentence, or a number of something (件, %), dates and the numbers of addresses apart.
_FIGURE = re.compile(
    r"[\d０-９〇一二三四五六七八九十百千万亿两]\s*[余多]?\s*"
    r"(?:[%％‰]|(?![年月日号时分秒届楼室座路街、.:-])[\u4e00-\u9fff])"
)
# 受理案件:1362, 受理案件(件)1362; but 邮编:422200, 电话 8235555.
_LABELLED = re.compile(r"(?![编码话真号机])[\u4e00-\u9fff)）]\s*[:：]?\s*\d[\d.,]*\s*$")
_SENTENCE = re.compile(r"[。；！？]")
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_MARKUP = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(r"[\\%]u([0-9a-fA-F]{4})")
_CLAUSE = re.compile(r"[^\n\r\"'`。；！？]{15,}")
_MOSTLY_HANZI = 0.3
# An article that isn't shown is that only if it is long, and far longer than what is shown.
_LONG, _TIMES = 60, 3
# Of a page that says more than this, only what is written as such can outweigh it; a lookup of all would take long.
_SAYS_LITTLE = 300


def said(shown: str) -> int:
    """How long the lines of a canonical text are that say something, a sentence or a figure.

    0 for a title, a signature and the page's foot: such a page has no main text.
    """
    return sum(len(line) for line in shown.splitlines() if _says(line))


def unseen_article(tree: Element, page: str, shown: int) -> str | None:
    """Where the page keeps an article that it doesn't show, `in a <textarea>`; None where what it shows is the report.

    `page` is the page's source, `shown` how much is `said` in what it shows.
    """
    if shown > _SAYS_LITTLE and _TIMES * shown > _wide(page):
        return None
    weigh = _figures if shown else _clauses
    weight, where = max(((sum(map(len, weigh(text))), where) for text, where in _unseen(tree)), default=(0, ""))
    return where if weight >= _LONG and weight > _TIMES * shown else None


def _says(line: str) -> bool:
    cells = line.split(BETWEEN_CELLS)
    if len(cells) > 1:
        return bool(re.search(r"\d", line)) and not any(is_label(cell) for cell in cells)
    return bool(_SENTENCE.search(line) or _FIGURE.search(line) or _LABELLED.search(line))


def _wide(page: str) -> int:
    """About the number of wide characters: three bytes each in UTF-8."""
    return (len(page.encode(errors="replace")) - len(page)) // 2


def _unseen(tree: Element) -> Iterator[tuple[str, str]]:
    styles = Styles({})
    for node in tree.iter_elements(include_self=True):
        tag = node.tag
        if tag in NO_TEXT and tag not in ("head", "select"):
            yield node.text, f"in a <{tag}>"
        elif styles.look(node) is Look.HIDDEN:
            yield node.text, f"in a hidden <{tag}>"
        elif styles.look(node) is Look.STRUCK:
            yield node.text, f"in a <{tag}> that is struck through"
        for name, value in node.attrs.items():
            if isinstance(value, str) and len(value) >= _LONG:
                yield value, f"in the attribute {name} of a <{tag}>"
    comments = tree.xpath("//comment()")
    for comment in comments if isinstance(comments, list) else []:
        if isinstance(comment, Comment):
            yield comment.data, "in a comment"


def _clauses(text: str) -> set[str]:
    """The clauses of Chinese in a text, each once, however often a script says it."""
    if len(text) < _LONG:
        return set()
    clauses = {clause.strip() for clause in _CLAUSE.findall(_MARKUP.sub("\n", _unescaped(text)))}
    return {clause for clause in clauses if len(_HANZI.findall(clause)) >= _MOSTLY_HANZI * len(clause)}


def _figures(text: str) -> set[str]:
    """The clauses that tell a figure; what a script says to its users seldom does."""
    return {clause for clause in _clauses(text) if _FIGURE.search(clause)}


def _unescaped(text: str) -> str:
    """As a script or a browser would undo it: \\u5168, %u5168, &#20840; and %E5%85%A8 are 全."""
    if "\\u" in text or "%u" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if "&" in text:
        text = unescape(text)
    return unquote(text, errors="ignore") if "%" in text else text
