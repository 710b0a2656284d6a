"""A document's text to its observations: the story of reading, step by step.

quantities → which of them are statistics → their own words → indicator → role, period, place → status
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from transforms import quantities, roles
from transforms.indicators import Match, Word, Words, matches
from transforms.lexicon import Lexicon, lexicon
from transforms.observation import Observation
from transforms.places import Places, places_within
from transforms.quantities import Quantity
from transforms.sections import SectionKinds, sections
from transforms.sentences import Marks, Sentences
from transforms.statistics import Statistics
from transforms.text import normalise


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document: whose report it is, and on which year."""

    region_code: str | None = None
    report_year: int | None = None
    publisher: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An observation with what decided it: the frames that fitted, best first, for --explain."""

    observation: Observation
    matches: tuple[Match, ...]


def extract(text: str, context: Context, words: Lexicon | None = None) -> list[Observation]:
    """The observations of a document, in the order of the text.

    Statuses within the document are set: `duplicate` for a figure that stands twice, `suspect` for one that
    can't be (1.8人次). Never raises on any text.
    """
    return [reading.observation for reading in explain(text, context, words)]


def explain(text: str, context: Context, words: Lexicon | None = None) -> list[Reading]:
    """As extract(), with the frames that fitted each figure."""
    return with_statuses(list(_Reader(text, context, words or lexicon()).read()), words or lexicon())


_CLAUSE_MARKS = r"[,;:。!?\n]"
_RIGHT_MARKS = r"[,;:。!?\n、()]"
_BRACKETS = re.compile(r"\([^()\n]{0,60}\)")
# Words that say nothing of what is counted: after them the figure's words stand in the clause before.
_LIGHT = re.compile(
    r"(?:[\s、和及与,了的“”]|共计|累计|合计|总计|总数|总量|数量|共|计|达到|达|约|为|是|有|全年|年内|全市|全县|全区|全省|其中|今年|已经|已|先后|分别|依次|均|各|也|"
    r"就|仅|同比|环比|较上年|比上年|较去年|比去年|同期|去年|上年|上年度|[较比](?:20\d\d)?年?度?|20\d\d年度?|增长|增加|上升|提高|提升|下降|减少|降低|"
    r"低于|高于|不低于|不高于|达标|增幅|降幅|涨幅|率|近|超过|突破|左右|以上|增|减|升|降|幅度|度|至|到|占比|占)*"
)
_LISTED = re.compile(r"分别|依次|各自")
_LIST_JOINT = re.compile(r"[\s、,和及与]*")
_PLAIN_JOINT = re.compile(r"[\s、和及与]*(?:(?:19|20)\d\d年)?[\s的为]*")
_JOINT = re.compile(r"[\s、和及与]+")
_SHARE = re.compile(r"占(?!用|地|道)")
_LEVEL = re.compile(r"[省市州县区]本级|本级")
_OWN = re.compile(r"我局|本局|局机关|局属|我单位|本单位|局党组|我办|本院|我院")
LEFT_REACH = 90
RIGHT_REACH = 40


@dataclass(slots=True)
class _Figure:
    """A quantity being read: its own words and what was decided."""

    quantity: Quantity
    left_start: int
    left: list[Word]
    right: list[Word]
    right_end: int
    right_shared: bool
    bracketed: bool
    listed: bool = False
    place: str | None = None
    matches: list[Match] = field(default_factory=list)
    code: str | None = None
    measured: str | None = None
    words_at: tuple[int, int] | None = None
    role: roles.Reading = field(default_factory=lambda: roles.Reading("actual"))
    part: bool = False


@dataclass(slots=True)
class _Memory:
    """What a paragraph has said so far: values by indicator, the last figure, a future year that was named."""

    coded: dict[tuple[str, str | None], Decimal] = field(default_factory=dict)
    previous: _Figure | None = None
    counted: _Figure | None = None
    future: roles.Period | None = None


class _Reader:
    """Reads one document; the state is what an earlier figure tells of a later one."""

    def __init__(self, text: str, context: Context, words: Lexicon) -> None:
        self.text, self.context, self.lexicon = text, context, words
        self.norm = normalise(text)
        self.sentences = Sentences(self.norm)
        self.words = Words.find(self.norm, words)
        self.kinds = SectionKinds(sections(self.norm, context.report_year))
        self.statistics = Statistics(self.norm)
        self.places: Places = places_within(context.region_code)
        self.title_topic = Words.find(normalise(context.title), words).topic(len(context.title))

    def read(self) -> Iterator[Reading]:
        found = [q for q in quantities.find(self.norm, self.lexicon) if self.statistics.may_count(q)]
        self._mark_clauses(found)
        by_sentence: dict[int, list[Quantity]] = {}
        for quantity in found:
            by_sentence.setdefault(self.sentences.index(quantity.start), []).append(quantity)
        paragraph, memory = -1, _Memory()
        for index, members in by_sentence.items():
            span = self.sentences.span(index)
            begins = self.norm.rfind("\n", 0, span[0])
            if begins != paragraph:
                paragraph, memory = begins, _Memory()
            yield from self._read_sentence(members, span, memory)

    def _mark_clauses(self, found: Sequence[Quantity]) -> None:
        """Brackets without a figure are part of the words around them: 行政复议案件(含结转)120件."""
        starts = [q.start for q in found]
        transparent: list[tuple[int, int]] = []
        counted: list[tuple[int, int]] = []
        for match in _BRACKETS.finditer(self.norm):
            i = bisect_right(starts, match.start())
            inside = i < len(starts) and starts[i] < match.end()
            (counted if inside else transparent).append(match.span())
        masked = list(self.norm)
        for start, end in transparent:
            masked[start:end] = "-" * (end - start)
        for start, end in counted:
            masked[start] = masked[end - 1] = ","
        clauses = "".join(masked)
        self.left_marks = Marks(clauses, _CLAUSE_MARKS)
        self.right_marks = Marks(clauses, _RIGHT_MARKS)
        self.transparent, self.counted = transparent, counted
        self._transparent_starts = [start for start, _ in transparent]
        self._counted_starts = [start for start, _ in counted]

    def _own_words(self, start: int, end: int) -> list[Word]:
        """The words in [start, end), those within a transparent bracket left out."""
        return [word for word in self.words.within(start, end) if not self._hidden(word)]

    def _hidden(self, word: Word) -> bool:
        i = bisect_right(self._transparent_starts, word.start) - 1
        return i >= 0 and word.end <= self.transparent[i][1]

    def _in_brackets(self, offset: int) -> bool:
        i = bisect_right(self._counted_starts, offset) - 1
        return i >= 0 and offset < self.counted[i][1]

    def _read_sentence(self, members: Sequence[Quantity], span: tuple[int, int], memory: _Memory) -> Iterator[Reading]:
        figures = [self._figure(i, members, span) for i in range(len(members))]
        self._deal_out_lists(figures)
        labels = roles.periods(self.norm, *span, self.context.report_year)
        label_starts = [label.at for label in labels]
        around: dict[tuple[int, int], frozenset[str]] = {}
        for figure in figures:
            quantity = figure.quantity
            window = self.sentences.around(quantity.start, quantity.end, span)
            if window not in around:
                around[window] = self.words.said(*window)
            i = bisect_right(label_starts, quantity.start) - 1
            period = labels[i] if i >= 0 else memory.future
            figure.role = self._role(figure, period)
            self._code(figure, around[window], memory)
            if quantity.weak and figure.code is None and not roles.of_duration(self.norm, quantity):
                continue
            figure.measured = figure.code
            self._set_part(figure, memory.coded)
            yield self._reading(figure, window)
            if not figure.bracketed and figure.role.role != "change":
                memory.previous = figure
                if quantity.unit != "%" or figure.code:
                    memory.counted = figure
        named = [label for label in labels if label.kind in ("year", "now", "since")]
        if named:
            future = named[-1].year is not None and named[-1].year > (self.context.report_year or 9999)
            memory.future = named[-1] if future and named[-1].kind == "year" else None

    def _figure(self, i: int, members: Sequence[Quantity], span: tuple[int, int]) -> _Figure:
        """A figure's own words: left to the last comma or figure, right to the next if a noun follows."""
        quantity = members[i]
        bracketed = self._in_brackets(quantity.start)
        before = self._left_edge(members[i - 1].end, bracketed) if i else span[0]
        floor = max(span[0], before, quantity.start - LEFT_REACH)
        left_start = self.left_marks.last_before(quantity.start, floor)
        right_end, shared = quantity.end, False
        if _leads_on(self.norm, quantity.end):
            ceiling = min(span[1], quantity.end + RIGHT_REACH)
            right_end = self.right_marks.first_after(quantity.end, ceiling)
            if i + 1 < len(members) and members[i + 1].start < right_end:
                right_end, shared = members[i + 1].start, True
        left = self._own_words(left_start, quantity.start)
        right = self._own_words(quantity.end, right_end)
        if right and not shared and self.norm[quantity.start - 1] in "、和及与":
            left = []  # 5次常委会会议、8次常务会议: what stands before the mark is the other figure's
        if not left and not right:
            left_start, left = self._reach_back(left_start, floor, quantity, bracketed, span)
        return _Figure(quantity, left_start, left, right, right_end, shared, bracketed)

    def _left_edge(self, end: int, bracketed: bool) -> int:
        """Where the words of the figure before end; outside brackets they end with the bracket."""
        if bracketed:
            return end
        i = bisect_right(self._counted_starts, end) - 1
        return self.counted[i][1] if i >= 0 and end < self.counted[i][1] else end

    def _reach_back(
        self, left_start: int, floor: int, quantity: Quantity, bracketed: bool, span: tuple[int, int]
    ) -> tuple[int, list[Word]]:
        """案件受理工作平稳,全年共120件: where only light words stand beside a figure, read the clause before."""
        if not _LIGHT.fullmatch(self.norm, left_start, quantity.start):
            return left_start, []
        if bracketed:
            floor = max(span[0], left_start - 30)
        for _ in range(2):
            if left_start <= floor:
                break
            left_start = self.left_marks.last_before(left_start - 1, floor)
            left = self._own_words(left_start, quantity.start)
            if left:
                return left_start, left
        return left_start, []

    def _deal_out_lists(self, figures: list[_Figure]) -> None:
        """受理、审结行政复议案件分别为120件、110件: deal the labels before 分别 out to the figures after it."""
        i = 0
        while i < len(figures):
            head = figures[i]
            match = None
            for match in _LISTED.finditer(self.norm, head.left_start, head.quantity.start):
                pass
            run = [head]
            joint = _PLAIN_JOINT if match else _LIST_JOINT
            while i + len(run) < len(figures):
                following = figures[i + len(run)]
                if not joint.fullmatch(self.norm, run[-1].quantity.end, following.quantity.start):
                    break
                run.append(following)
            if match and len(run) > 1:
                self._deal_out(run, match)
            elif len(run) > 1 and not match:
                pass
            i += len(run)

    def _deal_out(self, run: list[_Figure], listed: re.Match[str]) -> None:
        head = run[0]
        labels = _parts(self.norm, head.left_start, listed.start(), len(run))
        shared = self._own_words(listed.end(), head.quantity.start)
        whole = list(head.left)
        for figure, label in zip(run, labels or [None] * len(run), strict=True):
            figure.listed = True
            figure.words_at = (head.quantity.start, head.quantity.end)
            figure.left_start = head.left_start
            if label is None:
                figure.left = whole
                continue
            figure.place = self.places.named(self.norm, *label)
            own = self._own_words(*label)
            # 济南、临沂受理行政一审案件分别为…: labels of places share the words that stand after them.
            figure.left = whole if figure.place else own + shared
            if not figure.place and not own:
                figure.left = whole

    def _role(self, figure: _Figure, period: roles.Period | None) -> roles.Reading:
        quantity = figure.quantity
        canonical = quantity.canonical
        return roles.read(
            self.norm[figure.left_start : quantity.start],
            self.norm[quantity.end : quantity.end + 24],
            canonical.kind if canonical else "",
            self.kinds.at(quantity.start),
            period,
            self.context.report_year,
            figure.listed,
        )

    def _code(self, figure: _Figure, sentence: frozenset[str], memory: _Memory) -> None:
        """The indicator of a figure: by its own words, else that of the figure it follows."""
        quantity = figure.quantity
        kind = quantity.canonical.kind if quantity.canonical else ""
        changed = figure.role.role == "change"
        own_left = self.norm[figure.left_start : quantity.start]
        if not figure.place:
            figure.place = self.places.labelling(self.norm, figure.left_start, quantity.start)
        topic = self.words.topic(figure.left_start) or self.title_topic
        previous = memory.previous
        share = not changed and kind == "percent" and bool(_SHARE.search(own_left))
        left, right, at = figure.left, figure.right, figure.words_at or (quantity.start, quantity.end)
        light = not right and self._only_light_words(figure)
        if light and previous and not left and (share or _JOINT.fullmatch(own_left)):
            # 优秀31宗,占27%; 拆除违法建筑265处、6.2万平方米: the words are those of the figure before.
            left, right, at = previous.left, previous.right, (previous.quantity.start, previous.quantity.end)
        figure.matches = matches(
            left,
            right,
            at,
            None if changed and kind in ("percent", "point", "multiple") else kind,
            topic,
            sentence,
            self.lexicon,
            share=share,
            right_penalty=6.0 if figure.right_shared else 0.0,
        )
        if figure.matches:
            figure.code = _winner(figure.matches)
        elif (light and not share) or figure.role.role == "target":
            self._inherit(figure, memory, kind)

    def _inherit(self, figure: _Figure, memory: _Memory, kind: str) -> None:
        """同比增长12%, 2023年为66件, 武汉市一地2220件: a change, another year or place of the figure before."""
        if figure.role.role == "change":
            if memory.counted:
                figure.code = memory.counted.code
                figure.place = figure.place or memory.counted.place
            return
        previous = memory.previous
        if previous is None or previous.quantity.canonical is None or previous.quantity.canonical.kind != kind:
            return
        if figure.place:
            figure.code = previous.measured
        elif figure.role.role != previous.role.role:
            figure.code = previous.code

    def _only_light_words(self, figure: _Figure) -> bool:
        stop = figure.words_at[0] if figure.words_at else figure.quantity.start
        left = self.norm[figure.left_start : stop]
        for start, end in self.places.spans(self.norm, figure.left_start, stop):
            left = left.replace(self.norm[start:end], "")
        return _LIGHT.fullmatch(re.sub("一[地市县区]|[市县区]$", "", left)) is not None

    def _set_part(self, figure: _Figure, coded: dict[tuple[str, str | None], Decimal]) -> None:
        """In one paragraph a second, different figure of the same indicator is a part of the first, with no code."""
        if figure.code is None or figure.role.role != "actual" or figure.listed:
            return
        key = (figure.code, figure.place)
        if key not in coded:
            coded[key] = figure.quantity.value
        elif coded[key] != figure.quantity.value:
            figure.code, figure.part = None, True

    def _reading(self, figure: _Figure, window: tuple[int, int]) -> Reading:
        quantity, role = figure.quantity, figure.role
        left = self.norm[figure.left_start : quantity.start]
        scope = (
            "part"
            if figure.part
            else "own_level"
            if _LEVEL.search(left)
            else "publisher"
            if _OWN.search(left)
            else "region"
        )
        observation = Observation(
            start=quantity.start,
            end=quantity.end,
            number_start=quantity.number_start,
            raw_text=self.text[quantity.start : quantity.end],
            value=quantity.value,
            value_low=quantity.low,
            value_high=quantity.high,
            unit=quantity.unit,
            canonical_unit=quantity.canonical.unit if quantity.canonical else "",
            qualifier=quantity.qualifier,
            role=role.role,
            direction=role.direction,
            since_year=role.since_year,
            scope=scope,
            region_code=figure.place or self.context.region_code,
            indicator=figure.code,
            phrase=self._phrase(figure),
            sentence=self.text[window[0] : window[1]],
            sentence_start=window[0],
        )
        return Reading(observation, tuple(figure.matches))

    def _phrase(self, figure: _Figure) -> str:
        """The wording a figure was found with: the noun after it, else the words before it."""
        quantity = figure.quantity
        if figure.right_end > quantity.end and not figure.right_shared:
            return self.norm[quantity.end : min(figure.right_end, quantity.end + 16)].strip()
        return self.norm[max(figure.left_start, quantity.start - 20) : quantity.start].strip(" 、的共计约为达")


def _leads_on(text: str, offset: int) -> bool:
    """Whether words follow a figure directly: 15533名人民调解员, 3000余名“法律明白人”."""
    following = text[offset : offset + 1]
    return "\u4e00" <= following <= "\u9fff" or following in '“"《 ' and offset < len(text)


_LABEL_JOINT = re.compile(r"[、和与及]|以及")


def _parts(text: str, start: int, end: int, count: int) -> list[tuple[int, int] | None] | None:
    """The last `count` labels of a list in text[start:end]; None where there are fewer."""
    edges = [start]
    for match in _LABEL_JOINT.finditer(text, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    labels = [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i + 1] > edges[i]]
    return list(labels[-count:]) if len(labels) >= count else None


def _winner(found: Sequence[Match]) -> str | None:
    """The best frame's code, or None where two indicators fit equally well: no code is better than a wrong one."""
    if len(found) > 1 and found[0].score - found[1].score < 0.01:
        return None
    return found[0].frame.code


def with_statuses(readings: list[Reading], words: Lexicon) -> list[Reading]:
    """Marks figures that stand twice in one document, and those that can't be as they stand."""
    from dataclasses import replace

    seen: set[tuple[object, ...]] = set()
    marked: list[Reading] = []
    for reading in readings:
        observation = reading.observation
        status, reason = "current", None
        impossible = _impossible(observation, words)
        if impossible:
            status, reason = "suspect", impossible
        elif observation.indicator:
            key = (
                observation.indicator,
                observation.region_code,
                observation.role,
                observation.direction,
                observation.since_year,
                observation.value,
                observation.qualifier,
                observation.scope,
            )
            if key in seen:
                status, reason = "duplicate", "the same figure stands earlier in the report"
            seen.add(key)
        marked.append(
            reading
            if status == "current"
            else Reading(replace(observation, status=status, status_reason=reason), reading.matches)
        )
    return marked


def _impossible(observation: Observation, words: Lexicon) -> str | None:
    unit = words.units.get(observation.canonical_unit)
    if unit and unit.whole and observation.value != observation.value.to_integral_value():
        return f"{observation.raw_text}: a count of {unit.unit} must be whole; a 万 or a digit may be missing"
    indicator = words.indicators.get(observation.indicator or "")
    if indicator is None or observation.role == "change":
        return None
    if observation.value < indicator.minimum:
        return f"{observation.raw_text}: below {indicator.minimum}, the least {indicator.name_zh} can be"
    if indicator.maximum is not None and observation.value > indicator.maximum:
        return f"{observation.raw_text}: above {indicator.maximum}, the most {indicator.name_zh} can be"
    return None
