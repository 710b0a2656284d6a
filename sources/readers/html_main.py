"""Which blocks of a web page are the report, and which the page around it.

A report is sentences; what surrounds it on a government site is links, and short words that every such site has
(首页, 字体:大 中 小, 上一篇). So sentences outside links, and tables of figures, vote: the smallest element that holds
nearly all of them holds the report, and of it everything is kept, in the order of the page and however often it is
repeated, but lines that are only links or only such words. A sentence elsewhere on the page is kept too: one line too
many is seen by a reader, one too few by nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby

from turbohtml import Element

from sources.front_matter import SITE_NAME
from sources.readers.html_blocks import Block, Paths, ancestors, page_blocks
from sources.wording import wording

_NEARLY_ALL = 0.95
# Furniture by name is a small part of the page: a `share-box` with most of the sentences is none.
_SMALL_PART = 0.2
_CONTAINERS = frozenset("div td th section article main body html form center fieldset".split())  # noqa: SIM905
_MOST_OF = 0.6
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LONGEST_FURNITURE, _LONGEST_INFO = 200, 200

_SENTENCE = re.compile(r"[。；！？]")
_SHORTEST_CLAUSE = 15
_SPACE_OR_COLON = re.compile(r"[\s:：]")
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_DATE = re.compile(
    r"[\[【(（]?(?:19|20)\d\d[-年./](?:\d{1,2}[-月./]\d{1,2}日?)?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?[\])）】]?"
)
_BETWEEN = r"[\s|丨·•>»›/,，、:：【】\[\]（）()「」《》←→↑↓+-]"
# Lines of these words alone are the page's: 【字体:大 中 小】 打印本页 关闭窗口.
_WORDS = (
    "字体|字号|超大|特大|大|中|小|默认|打印(?:本页|此页|页面|本文|文章)?|关闭(?:窗口|本页|页面|此页)?"
    "|返回(?:顶部|列表|上一页|上级|首页|主页|栏目|目录)?|(?:一键)?分享(?:到|至)?|新?浪?微博|微信|朋友圈|QQ空间|QQ好友|QQ|更多"
    "|(?:加入)?收藏(?:本站)?|设为首页|复制链接|(?:我要)?纠错|网站首页|首页|主页|网站地图|联系我们|关于我们|网站声明|隐私声明"
    "|无障碍(?:浏览|阅读|辅助)?|长者(?:模式|版|助手)|适老(?:化|版)|关怀版|简体(?:中文|版)?|繁[体體](?:中文|版)?|English|手机版|移动版"
    "|登录|注册|退出|搜索|站内搜索|语音播报|朗读|正文|导航|扫一扫|回到顶部|顶部|下载"
    "|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读|点击次数|点击数|点击率|点击量|点击|访问次数|访问量|次|人气|点赞|评论"
)
_ONLY_WORDS = re.compile(rf"(?:{_WORDS}|{_BETWEEN})++", re.I)
_WORDS_AT_THE_END = re.compile(rf"\s(?:{_WORDS}|{_BETWEEN})++$", re.I)
# Between the texts of a line that stood in several elements.
_SEAM = "\x1f"
# Lines that begin so are the page's, whatever follows; the others in brackets have nothing but a colon after them.
_BEGINNINGS = re.compile(
    r"[\s【\[>»]*(?:上一[篇条页]|下一[篇条页]|前一[篇条]|后一[篇条]|(?:您|你)?(?:现在|当前|目前)?(?:所在)?(?:的)?(?:当前)?位置\s*[:：]"
    r"|(?:您|你)现在的位置|(?:您|你)所在的?位置|当前位置|分享(?:到|至)\s*[:：]?|扫一扫|扫码"
    r"|(?:相关|延伸|推荐|热点|热门)(?:链接|阅读|新闻|文章|信息|推荐|稿件|内容|报道|资讯)\s*[】\]]?\s*(?:[:：]|$))"
)
_ANYWHERE = re.compile(
    r"今天是\s*(?:19|20)\d\d|版权所有(?![者人权])|copyright|©|ICP备\s*\d|公网安备|网站标识码|技术支持\s*[:：]|(?:主办|承办|维护)(?:单位)?\s*[:：].*(?:主办|承办|维护|电话)"
    r"|浏览器(?:不支持|版本)|(?:建议|推荐)(?:您)?(?:使用|采用).{0,30}浏览|分辨率.{0,12}浏览|欢迎(?:您)?(?:访问|光临|来到|浏览).{0,30}(?:网|平台|门户)"
    r"|即将(?:离开|跳转)|未经.{0,12}(?:授权|许可|同意).{0,20}(?:转载|复制|镜像)",
    re.I,
)
_CRUMB = re.compile(r"位置\s*[:：]|首页\s*[>»›/-]")
# 浏览次数:1206次 counts the page's readers; not `text` of the report, where 网站访问量1206万次 is a figure.
_COUNTER = re.compile(
    r"(?<![\u4e00-\u9fff])[\[【(（]?(?:本文|本页|文章|已有|已|被|共)?(?:浏览|阅读|点击|访问)(?:次数|数|量|率|人数)?\s*[:：]?"
    r"[\s(（\[]*\d[\d,]*\s*[次人]?\s*[)）\]】]?|(?<![\u4e00-\u9fff])(?:人气|热度|点赞)\s*[:：]?\s*\d+"
)
# Lines of counters alone, as below an article in an app: 赞 49 在看 2 留言 7条.
_ONLY_COUNTERS = re.compile(
    r"(?:(?:点?赞|在看|留言|评论|转发|分享|收藏|阅读|喜欢)\s*[:：(（]?\s*\d[\d,.]*\s*(?:万\+?|[wk]\+?)?\s*[条次个人]?[)）]?[\s|]*)++",
    re.I,
)
# Names of elements (class and id) around a page's main text: those never of the report, and those that may be.
_NEVER = re.compile(
    r"(?:^|[\s_-])(?:footer|copyright|crumbs?|breadcrumbs?|bread|share|bdsharebuttonbox|pagination|related|recommend|prevnext)"
    r"(?=$|[\s_\d-])",
    re.I,
)
_SELDOM = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|header|head|top|foot|bottom|sidebar|side|aside|login|search|banner|logo|dialog"
    r"|popup|layer|tips?|hot|friend|links?|qrcode|ewm|location|position|comments?)(?=$|[\s_\d-])",
    re.I,
)
_NEVER_TAGS, _SELDOM_TAGS = frozenset(("nav", "footer")), frozenset(("aside", "dialog", "menu"))


# What makes up a line, each part with the XPath where it stands.
Parts = list[tuple[str, str]]


def main_text(tree: Element, meta: Mapping[str, str]) -> Iterator[Parts]:
    """The parts of each line: title, header table and main text in the order of the page; none without main text."""
    page = _Page(tree, page_blocks(tree))
    if not any(page.votes):
        return
    paths = Paths()
    title = page.title(meta.get("title", ""))
    if not title and (stated := page.title_of_meta()) is not None:
        yield [(stated[0], f"{paths.of(stated[1])}/@content")]
    yield from page.lines(page.ordered({*title, *page.labelled, *page.kept}), paths)


@dataclass
class _Page:
    """The blocks of a page by their positions, and what each is found to be."""

    tree: Element
    blocks: Sequence[Block]
    _named: dict[Element, int] = field(default_factory=dict)

    @cached_property
    def furniture(self) -> Sequence[bool]:
        return [_is_furniture(block) for block in self.blocks]

    @cached_property
    def links(self) -> Sequence[bool]:
        """Whether a block is links only, with dates beside them as in lists of news; a sentence never is."""
        return [_is_links(block) for block in self.blocks]

    @cached_property
    def header_tables(self) -> set[Element]:
        """Tables of 索引号, 发文日期 and the like, by two labels in their cells."""
        labels: Counter[Element] = Counter()
        for block in self.blocks:
            if block.table is not None:
                labels[block.table] += sum(is_label(cell) for cell in block.text.split(" | "))
                labels[block.table] += len(_labels().findall(block.text))
        return {table for table, count in labels.items() if count >= 2}

    @cached_property
    def votes(self) -> Sequence[int]:
        """What each block counts for being main text: its characters if it is one of prose or of a table of figures.

        On a page without any such block every text counts that is neither link, furniture nor heading.
        """
        found = [self._vote(at) for at in range(len(self.blocks))]
        if not any(found):
            found = [self._plain_vote(at) for at in range(len(self.blocks))]
        by_name = self._weights(found)
        total = sum(found)
        named = [0 if self._is_named(block.node, by_name, total) else vote for block, vote in self._with(found)]
        return named if any(named) else found

    def _with(self, votes: Sequence[int]) -> Iterable[tuple[Block, int]]:
        return zip(self.blocks, votes, strict=True)

    def _vote(self, at: int) -> int:
        block = self.blocks[at]
        if self.furniture[at] or 2 * block.linked >= block.length or block.table in self.header_tables:
            return 0
        figures = block.table is not None and bool(re.search(r"\d", block.text))
        return block.length if figures or _is_prose(block.text) else 0

    def _plain_vote(self, at: int) -> int:
        block = self.blocks[at]
        is_title = block.node.tag in _HEADINGS or block.table in self.header_tables or _labels().search(block.text)
        return 0 if is_title or self.furniture[at] or self.links[at] else block.length

    def _weights(self, votes: Sequence[int]) -> Counter[Element]:
        """The votes within each element."""
        by_node: Counter[Element] = Counter()
        for block, vote in self._with(votes):
            if vote:
                by_node[block.node] += vote
        weights: Counter[Element] = Counter()
        for node, vote in by_node.items():
            weights[node] += vote
            for above in ancestors(node):
                weights[above] += vote
        return weights

    def _is_named(self, node: Element, weights: Counter[Element], total: int) -> int:
        """2 within an element whose name is never a report's, 1 seldom, 0 elsewhere; found once for each element."""
        if node not in self._named:
            parent = node.parent
            above = self._is_named(parent, weights, total) if isinstance(parent, Element) else 0
            own = 0 if weights[node] > _SMALL_PART * total else _name_kind(node)
            self._named[node] = max(above, own)
        return self._named[node]

    def _never(self, at: int) -> bool:
        return self._named[self.blocks[at].node] == 2

    @cached_property
    def _span(self) -> tuple[int, int]:
        """First and last block of the main element, with the lines beside it that are neither link nor furniture."""
        inside = set(self._main_element().iter_elements(include_self=True))
        positions = [at for at, block in enumerate(self.blocks) if block.node in inside]
        first, last = positions[0], positions[-1]
        while first and self._is_plain(first - 1):
            first -= 1
        while last + 1 < len(self.blocks) and self._is_plain(last + 1):
            last += 1
        return first, last

    def _main_element(self) -> Element:
        weights = self._weights(self.votes)
        enough = _NEARLY_ALL * sum(self.votes)
        node = max((node for node, weight in weights.items() if weight >= enough), key=_depth)
        return next((around for around in (node, *ancestors(node)) if around.tag in _CONTAINERS), self.tree)

    def _is_plain(self, at: int) -> bool:
        return not self.furniture[at] and not self.links[at] and not self._named[self.blocks[at].node]

    @cached_property
    def _prose(self) -> tuple[int, int]:
        """The first and last vote of the main element: before it are title and header, behind it signature and foot."""
        first, last = self._span
        voting = [at for at in range(first, last + 1) if self.votes[at]]
        return voting[0], voting[-1]

    @cached_property
    def kept(self) -> set[int]:
        """The positions of the main text."""
        first, last = self._span
        first, last = self._without_site_head(first), self._without_site_foot(last)
        span = {at for at in range(first, last + 1) if not self._is_dropped(at)}
        return span | {at for at, vote in enumerate(self.votes) if vote}

    def _is_dropped(self, at: int) -> bool:
        block = self.blocks[at]
        if block.table is not None:
            return self.links[at] or self._never(at)
        is_link = self.links[at] and block.node.tag not in _HEADINGS and not block.text.startswith("附件")
        return self._never(at) or self.furniture[at] or (is_link and not self._is_linked_text(at))

    def _is_linked_text(self, at: int) -> bool:
        """Whether a line of the prose only happens to be a link: it stands alone there, or has a figure."""
        first, last = self._prose
        alone = not any(self.links[beside] for beside in (at - 1, at + 1) if first <= beside <= last)
        return first < at < last and (alone or bool(re.search(r"\d", _DATE.sub("", self.blocks[at].text))))

    def _without_site_head(self, first: int) -> int:
        """Where the page's body itself holds the text: from behind the last link or breadcrumb before the prose on."""
        prose = self._prose[0]
        ends = (at for at in range(first, prose) if self.links[at] or _CRUMB.search(self.blocks[at].text))
        return max((at + 1 for at in ends if self.blocks[at].node.tag not in _HEADINGS), default=first)

    def _without_site_foot(self, last: int) -> int:
        """To before the first 上一篇, 相关阅读 or 版权所有 after the prose."""
        after = range(self._prose[1] + 1, last + 1)
        return next((at - 1 for at in after if self._never(at) or _is_end(self.blocks[at].text)), last)

    @cached_property
    def labelled(self) -> Sequence[int]:
        """The header table and line (索引号, 发布时间, 来源), wherever they stand before the prose."""
        return [at for at in range(self._prose[0]) if self._is_labelled(at)]

    def _is_labelled(self, at: int) -> bool:
        block = self.blocks[at]
        if self.furniture[at] or self.links[at] or self._never(at):
            return False
        if block.table is not None:
            return block.table in self.header_tables
        if at and self._is_label(at - 1):
            return True
        return self._is_label(at) or (bool(_labels().search(block.text)) and block.length <= _LONGEST_INFO)

    def _is_label(self, at: int) -> bool:
        """Whether a block is nothing but a label, whose value is the next block."""
        block = self.blocks[at]
        return block.table is None and block.length <= 12 and is_label(block.text)

    def title(self, stated: str) -> list[int]:
        """The blocks before the prose that make up most of the title as `stated`, else the last h1 before it."""
        wanted = max(map(_compact, SITE_NAME.split(stated)), key=len)
        before = [at for at in range(self._prose[0]) if not self.furniture[at] and not self._never(at)]
        texts = {at: _compact(self.blocks[at].text) for at in before}
        best: list[int] = []
        # Over two lines or more, as <h1>隆回县司法局<br>关于2024年…的报告</h1>.
        for group in _runs([at for at in before if len(texts[at]) > 1 and texts[at] in wanted]):
            if sum(len(texts[at]) for at in group) >= max(sum(len(texts[at]) for at in best), _MOST_OF * len(wanted)):
                best = group
        longer = [at for at in before if wanted and wanted in texts[at]]
        headings = [at for at in before if self.blocks[at].node.tag == "h1" and not self.links[at]]
        return best or longer[-1:] or headings[-1:]

    def title_of_meta(self) -> tuple[str, Element] | None:
        """The ArticleTitle that the page itself doesn't show."""
        shown = _compact("".join(self.blocks[at].text for at in sorted(self.kept)[:3]))
        for tag in self.tree.iter_elements("meta"):
            title = tag.attr("content") or ""
            if (tag.attr("name") or "").strip().lower() == "articletitle" and title.strip():
                return (title, tag) if _compact(title) not in shown else None
        return None

    def ordered(self, positions: Iterable[int]) -> list[int]:
        """In the order of the page; but a notice that a site has above everything doesn't come before the title."""
        return sorted(positions, key=lambda at: (at >= self._prose[0] or self.votes[at] > 0, at))

    def lines(self, positions: Sequence[int], paths: Paths) -> Iterator[Parts]:
        """Canonical lines of the blocks; around the prose, labels and values go together and counters go out."""
        first, last = self._prose
        taken = set(positions)
        for at in positions:
            block = self.blocks[at]
            if first <= at <= last or block.table is not None:
                yield paths.parts(block)
            elif self._is_label(at) and at + 1 in taken:
                continue
            elif at and self._is_label(at - 1) and at - 1 in taken:
                label = self.blocks[at - 1]
                where = paths.of(_common(label.node, block.node))
                yield [(f"{label.text.rstrip(':： ')} | {block.text}", where)]
            else:
                yield from _info_lines(block, paths)


def is_label(text: str) -> bool:
    """Whether a text is a label of a page's header table: 索引号, 发文日期:."""
    return _compact(text) in _label_words()


def _info_lines(block: Block, paths: Paths) -> Iterator[Parts]:
    lines = list(_info(block))
    if lines == [block.text]:
        yield paths.parts(block)
    else:
        yield from ([(line, paths.of(block.node))] for line in lines)


def _info(block: Block) -> Iterator[str]:
    """`发布时间:2025-01-20 来源:X县司法局 浏览次数:1206 打印` as a line a label, without what is the page's own."""
    if _is_prose(block.text) or block.length > _LONGEST_INFO:
        yield block.text
        return
    written = _SEAM.join(re.sub(r"\s+", " ", run) for run in block.runs)
    for part in _labels().split(_COUNTER.sub(_SEAM, written)):
        line = _WORDS_AT_THE_END.sub("", part.strip())
        if not _ONLY_WORDS.fullmatch(line or " "):
            yield line.replace(_SEAM, "")


def _is_prose(text: str) -> bool:
    """A sentence, or a clause of one: 受理行政复议案件1362件,审结1193件."""
    clause = len(text) >= _SHORTEST_CLAUSE and ("，" in text or "," in text) and bool(_HANZI.search(text))
    return clause or bool(_SENTENCE.search(text))


def _is_furniture(block: Block) -> bool:
    text = block.text
    if block.table is not None or len(text) > _LONGEST_FURNITURE:
        return False
    if _ANYWHERE.search(text) or _ONLY_WORDS.fullmatch(text) or _ONLY_COUNTERS.fullmatch(text):
        return True
    return bool(_BEGINNINGS.match(text)) and not _SENTENCE.search(text)


def _is_links(block: Block) -> bool:
    if not block.linked or (block.table is None and _SENTENCE.search(block.text)):
        return False
    beside = block.length - sum(len("".join(date.split())) for date in _DATE.findall(block.text))
    return min(block.linked, beside) >= 0.8 * beside


def _is_end(text: str) -> bool:
    return bool(_BEGINNINGS.match(text) or _ANYWHERE.search(text))


def _name_kind(node: Element) -> int:
    if node.tag in ("html", "body"):
        return 0
    if node.tag in _NEVER_TAGS:
        # The foot of an article is its signature.
        return 2 * (next((above for above in ancestors(node) if above.tag == "article"), None) is None)
    names = f"{node.attr('class') or ''} {node.attr('id') or ''}"
    if names != " " and _NEVER.search(names):
        return 2
    return 1 if node.tag in _SELDOM_TAGS or (names != " " and _SELDOM.search(names)) else 0


def _runs(positions: Sequence[int]) -> Iterator[list[int]]:
    """Stretches of positions that follow one another."""
    for _, group in groupby(enumerate(positions), key=lambda pair: pair[1] - pair[0]):
        yield [position for _, position in group]


def _depth(node: Element) -> int:
    return len(ancestors(node))


def _common(one: Element, other: Element) -> Element:
    """The smallest element that holds both."""
    above = {one, *ancestors(one)}
    return other if other in above else next(node for node in ancestors(other) if node in above)


def _compact(text: str) -> str:
    return _SPACE_OR_COLON.sub("", text)


@cache
def _label_words() -> frozenset[str]:
    words = wording()
    return frozenset(word for kind in words if kind.startswith("label_") for word in words[kind])


@cache
def _labels() -> re.Pattern[str]:
    """Before a label with its colon; its characters may be spaced out (索 引 号:) and stand in several elements."""
    spaced = [r"\s*".join(label) for label in sorted(_label_words(), key=len, reverse=True)]
    return re.compile(rf"(?<![\u4e00-\u9fff])(?=(?:{'|'.join(spaced)})\s*[:：])")
