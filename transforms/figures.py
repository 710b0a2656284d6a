"""A figure's own words: the stretch of text beside a quantity that says what it measures.

To the left they reach back to the last comma or figure (受理行政复议案件1362件); to the right on to the next
mark, where a noun follows directly (15533名人民调解员). Brackets without a figure belong to the words around
them; lists after 分别 are dealt out, a label to each figure.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.indicators import Match, Word, Words
from transforms.places import REGION, Owner, Places
from transforms.quantities import Quantity
from transforms.roles import ACTUAL, Reading
from transforms.sentences import Marks
from transforms.spans import Spans

_LEFT_REACH = 90
_RIGHT_REACH = 40
_AT_ONCE = 2
_LONGEST_LIST = 64
"""Figures dealt out after one 分别: no list in a report has more, and each reads all that stands before it."""
_BRACKETS = re.compile(r"\([^()\n]{0,60}\)")
_LISTS = re.compile("分别|依次|各")
_LISTED = re.compile(r"分别|依次|各自|各为?$")
# 分别增长8.4%和下降3.2%: each change may say again which way it goes.
_LIST_JOINT = re.compile(r"[\s、,和及与]*(?:(?:19|20)\d\d年)?[\s的为]*(?:增长|上升|提高|增加|下降|减少|降低)?")
_LABEL_JOINT = re.compile(r"以及|[、与]|(?<!调解)和(?!解)|及(?![时其格])")

# Words that say nothing of what is counted: a figure beside them alone takes its words from elsewhere.
# Longer ones before those they begin with, and possessive: 达到 is also 达 + 到, and going back over such pairs takes
# time that doubles with each.
_LIGHT = (
    r"[\s、和及与,了的“”]|变为|变成|提到|共计|累计|合计|总计|总数|总量|数量|共|计|达到|达标|达|已建成|已建|建成|约|为|是|有|全年|年内|"
    r"全市|全县|全区|全省|其中|实际做到|实际|实达|现|目前|当前|今年|已经|已|先后|分别|依次|均|各|也|就|仅|同比|环比|同期|相比|去年|前年|上年度|上年|"
    r"[较比](?:去年|上年|同期|(?:20\d\d)?年?[度底末]?)|20\d\d年[度底末]?|增长|增加|上升|上涨|提高|提升|提到|变为|变成|攀升|削减|精简|压减|缩减|比增|下降|减少|降低|下滑|回落|增幅|降幅|涨幅|幅度|"
    r"[多少]|低于|高于|不低于|不高于|率|近|超过|突破|左右|以上|增|减|升|降|度|至|到|占比|占"
)
LIGHT = re.compile(rf"(?:{_LIGHT})*+")
# Words that say only that something was done: 组织, 参加, 发出 leave open of what.
DOING = re.compile(
    rf"(?:{_LIGHT}|组织|开展|举办|举行|召开|参加|参与|参训|培训|接受|覆盖|惠及|服务|聘请|选聘|聘任|配备|设立|建立|成立|打造|创建|制发|"
    r"发出|发放|下发|上报|报送|申报|推荐|收到|受理|办理|办结|审结|处理|审查|审核|梳理|清理|涉及|安排|保障|接听|接待|解答|提供|出具|"
    r"登台|讲|完成|实现|在册|在岗|在任|人员|人数|人次|事项|案件|件数|项目|业务|电话|群众|干部|党员|队伍|主体|等|的|对|为|由|向|把|将|被|到|"
    r"其|该|此|之|又|再|能|都)*+"
)


@dataclass(slots=True)
class Figure:
    """A quantity being read: its own words, and what is decided of it step by step.

    `measured` is the indicator its words tell; `code` the one it is recorded under, None where it is only a
    part of a figure already given. `owner` is whose it is; `elsewhere` says that its own words name another place or
    level (武冈市一地110件), `narrowed` that they, or those it goes on from, name a part (校园纠纷). `floor` is how far
    back its words may be looked for, `topic_at` where its topic was named, if not before its words. Of a dealt-out
    list, `words_at` is where its words stood, `nth_of` the figure's number and the list's length, `label` where its
    label stands, `shared_word` what the last label ends with.
    """

    quantity: Quantity
    left_start: int
    left: list[Word]
    right: list[Word]
    right_end: int
    right_shared: bool
    bracketed: bool
    floor: int = 0
    places_follow: bool = False
    listed: bool = False
    words_at: tuple[int, int] | None = None
    nth_of: tuple[int, int] | None = None
    label: tuple[int, int] | None = None
    topic_at: int | None = None
    shared_word: Sequence[Word] = ()
    elsewhere: bool = False
    owner: Owner = REGION
    matches: Sequence[Match] = ()
    measured: str | None = None
    code: str | None = None
    part: bool = False
    narrowed: bool = False
    says_part: bool = False
    says_this_year: bool = False
    joined_before: bool = False
    level: str = ""
    has_a_whole: bool = False
    says_whole: bool = False
    unit_fits: bool = False
    follows: "Figure | None" = None
    averaged: bool = False
    told_by: str = ""
    role: Reading = ACTUAL

    @property
    def score(self) -> float:
        """How well its best frame fits; 0 without one."""
        return self.matches[0].score if self.matches else 0.0

    @property
    def kind_counted(self) -> str:
        """The kind of unit, but `place` where a place or body follows that is itself counted: 督察了11个部门."""
        return "place" if self.places_follow else self.quantity.kind

    @property
    def at(self) -> tuple[int, int]:
        """Where the figure stands among its words: its own place, or that of the list it was dealt from."""
        return self.words_at or (self.quantity.left_end, self.quantity.right_start)


# 48户市场主体, 6名社区矫正对象, 12名村民 are no towns.
_OTHER_THING = re.compile(
    r"(?:[省市县区]直)?(?:县|市(?![场民])|区(?!域)|乡(?!贤)|镇|村(?!民)|社区(?!矫正|服刑|居民)|"
    r"街道|州|部门|单位|领域|行业|省|盟|旗|环节|点位)"
)
_OF_THOSE = re.compile(r"没有|未|存在|还|多数")
_SUMMED_UP = re.compile(r"(?:这|等)?[两二三四五六七八九十\d]{1,2}(?:项|类|个|件|种|方面)")
_FORMERS_NOUN = re.compile(r"方面|领域|类别|部门|单位|乡镇|镇街|县区|环节")
_AMONG = re.compile(r"之?中(?![央心小学级医国])")
_MARK = re.compile(r"[,;:。!?\n、()【】]")


class Clauses:
    """The clauses, brackets and words of one normalised text."""

    def __init__(self, text: str, words: Words, places: Places, quantities: Sequence[Quantity]) -> None:
        self._text, self._words, self._places = text, words, places
        self._transparent, self._counted = _brackets(text, [quantity.start for quantity in quantities])
        hidden = {offset for start, end in self._transparent for offset in range(start, end)}
        marks = [at for mark in _MARK.finditer(text) if (at := mark.start()) not in hidden]
        edges = {edge for start, end in self._counted for edge in (start, end - 1)}
        self._left_marks = Marks([at for at in marks if text[at] not in "、()【" or at in edges])
        self._right_marks = Marks([at for at in marks if text[at] != "】"])

    def figures(self, members: Sequence[Quantity], span: tuple[int, int]) -> list[Figure]:
        """The figures of one sentence with their own words, lists dealt out."""
        figures = [self._figure(i, members, span) for i in range(len(members))]
        if len(figures) > 1 and _LISTS.search(self._text, *span):
            self._deal_out_lists(figures)
        return figures

    def _figure(self, i: int, members: Sequence[Quantity], span: tuple[int, int]) -> Figure:
        quantity = members[i]
        text, start, end = self._text, quantity.start, quantity.end
        bracketed = self._counted.cover(start)
        before = members[i - 1].end if i else span[0]
        if not bracketed:
            before = self._counted.end_of(before)  # 受理120件(含结转9件),审结: the bracket is over
        floor = max(span[0], before, start - _LEFT_REACH)
        left_start = self._left_marks.last_before(start, floor)
        right_end, shared = end, False
        if _leads_on(text, end):
            right_end = self._right_marks.first_after(end, min(span[1], end + _RIGHT_REACH))
            if i + 1 < len(members) and members[i + 1].start < right_end:
                right_end, shared = members[i + 1].start, True
        left, right = self._own(left_start, start), self._own(end, right_end) if right_end > end else []
        if left and i and _FORMERS_NOUN.fullmatch(text, members[i - 1].end, start):
            left = []  # 反馈5个方面32个问题: 方面 is what the 5 count
        other_thing = (right or quantity.kind == "thing") and _OTHER_THING.match(text, quantity.right_start) is not None
        with_next = shared and text[right_end - 1] in "与和"  # 392个村与109名律师签订合同: each is of the other
        if other_thing and not with_next and (shared or _OF_THOSE.search(text, end, right_end)):
            right = []  # 11个乡镇全部设立司法所, 14个市州调解组织共…: towns and cities are counted
        if shared and _AMONG.match(text, end):
            right = []  # 审结的36件中胜诉33件: what follows is of those within
        if shared:  # 6家律师事务所结对企业91家: all but the noun that follows at once may be the next figure's
            right = [word for word in right[:1] if word[0] <= quantity.right_start + _AT_ONCE]
        left, right, topic_at = _without_others(left, right)
        if right and not shared and text[quantity.left_end - 1] in "、和及与":
            left = []  # 5次常委会会议、8次常务会议: what stands before the mark is the other figure's
        if not left and not right and LIGHT.fullmatch(text, left_start, start):
            left_start, left = self._reach_back(
                left_start, max(span[0], left_start - 30) if bracketed else floor, start
            )
        places_follow = quantity.kind == "thing" and other_thing
        figure = Figure(quantity, left_start, left, right, right_end, shared, bracketed, floor, places_follow)
        figure.topic_at = topic_at
        return figure

    def before(self, figure: Figure) -> list[Word]:
        """The words of the clause before a figure's own, where nothing but a comma or a colon parts them."""
        start = figure.left_start
        if figure.bracketed or start <= figure.floor or self._text[start - 1] not in ",:":
            return []
        return self._own(self._left_marks.last_before(start - 1, figure.floor), start)

    def _own(self, start: int, end: int) -> list[Word]:
        """The words in [start, end), those within a transparent bracket left out."""
        words = self._words.within(start, end)
        if not words or not self._transparent.meet(start, end):
            return words
        return [word for word in words if not self._transparent.hold(word[0], word[1])]

    def _reach_back(self, left_start: int, floor: int, start: int) -> tuple[int, list[Word]]:
        """案件受理工作平稳,全年共120件: with only light words beside a figure, read up to two clauses before."""
        for _ in range(2):
            if left_start <= floor:
                break
            left_start = self._left_marks.last_before(left_start - 1, floor)
            left = self._own(left_start, start)
            if left:
                return left_start, left
        return left_start, []

    def _deal_out_lists(self, figures: list[Figure]) -> None:
        """受理、审结行政复议案件分别为120件、110件: deal the labels before 分别 out to the figures after it."""
        i = 0
        while i < len(figures):
            head = figures[i]
            alone = i + 1 == len(figures)
            listed = [] if alone else list(_LISTED.finditer(self._text, head.left_start, head.quantity.left_end))
            run = [head]
            while listed and len(run) < _LONGEST_LIST and i + len(run) < len(figures):
                following = figures[i + len(run)]
                if not _LIST_JOINT.fullmatch(self._text, run[-1].quantity.end, following.quantity.start):
                    break
                run.append(following)
            if len(run) > 1:
                self._deal_out(run, listed[-1])
            i += len(run)

    def _deal_out(self, run: list[Figure], listed: re.Match[str]) -> None:
        head, whole = run[0], run[0].left
        shared = self._own(listed.end(), head.quantity.start)
        labels = _labels(self._text, head.left_start, listed.start(), len(run))
        dealt = len({start for start, _ in labels}) == len(run)
        if not dealt and (earlier := self._labels_before(head, listed.start(), len(run))):
            labels, dealt = earlier, True
        for i, (figure, label) in enumerate(zip(run, labels, strict=True)):
            figure.listed, figure.left_start = True, head.left_start
            figure.words_at = (head.quantity.left_end, head.quantity.right_start)
            figure.nth_of = (i, len(run))
            own = self._own(*label)
            figure.label = label if dealt else None
            # 济南、临沂受理一审案件分别为…: places share the words; so do labels that say nothing known.
            if not own or self._places.name.match(self._text, *label) or not dealt:
                figure.left = whole
                continue
            figure.left = own + shared
            # 律师、公证、司法鉴定办案分别为…: what the last label ends with may be said of all.
            figure.shared_word = self._own(*labels[-1])[-1:] if label != labels[-1] else []
            figure.topic_at = label[1]

    def _labels_before(self, head: Figure, listed: int, count: int) -> list[tuple[int, int]]:
        """Labels of the clause before: 把法律援助、纠纷调处两项任务分解到季度,分别完成480件、2200件."""
        start = head.left_start
        if not DOING.fullmatch(self._text, start, listed) or start <= head.floor or self._text[start - 1] != ",":
            return []
        begins = self._left_marks.last_before(start - 1, head.floor)
        summed = _SUMMED_UP.search(self._text, begins, start)
        labels = _labels(self._text, begins, summed.start(), count) if summed else []
        return labels if len(set(labels)) == count and all(self._own(*label) for label in labels) else []


def _without_others(left: list[Word], right: list[Word]) -> tuple[list[Word], list[Word], int | None]:
    """The words beside a figure without those that speak of another thing, which no indicator counts.

    12345平台二次派单58件: what stands before 二次派单 says nothing of the 58; nor does 办理 in 办理26件民事案件. With
    where the other thing was named, since it sets the topic: 行政争议协调化解中心受理33件 is no reconsideration.
    """
    if right and right[0][2].other:
        return [], [], None
    for i in range(len(left) - 1, -1, -1):
        if left[i][2].other:
            return left[i + 1 :], right, left[i][1]
    return left, right, None


def _leads_on(text: str, offset: int) -> bool:
    """Whether words follow a figure directly: 15533名人民调解员, 600余名“法律明白人”."""
    following = text[offset : offset + 1]
    return "\u4e00" <= following <= "\u9fff" or (following != "" and following in '“"《 ')


def _labels(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The last `count` labels of a list in text[start:end]; the whole stretch for each where there are fewer."""
    edges = [start]
    for match in _LABEL_JOINT.finditer(text, start, end):
        edges += match.span()
    edges.append(end)
    labels = [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i + 1] > edges[i]]
    return labels[-count:] if len(labels) >= count else [(start, end)] * count


def _brackets(text: str, starts: Sequence[int]) -> tuple[Spans, Spans]:
    """Brackets without a figure, whose words are left out (直接纠错(含撤销)29件), and those with one."""
    transparent: list[tuple[int, int]] = []
    counted: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(text):
        i = bisect_right(starts, match.start())
        (counted if i < len(starts) and starts[i] < match.end() else transparent).append(match.span())
    return Spans(transparent), Spans(counted)
