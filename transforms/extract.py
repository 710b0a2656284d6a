"""A document's text to its observations: the story of reading, step by step.

quantities → which may be statistics → their own words → role and period → indicator and place → status
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from sources.document import Identity
from transforms import implied, indicators, periods, quantities, roles, tables
from transforms.figures import DOING, LIGHT, Clauses, Figure
from transforms.implied import Implied
from transforms.indicators import Match, Words, winner
from transforms.lexicon import Lexicon, lexicon
from transforms.memory import Memory, forget_parts, inherit, key_of, rate_of, set_part, sum_of_parts
from transforms.observation import Observation
from transforms.owners import PUBLISHER, Owners
from transforms.parts import Parts
from transforms.periodwords import period_words
from transforms.places import Owner, Places, places_within
from transforms.quantities import Quantity, slack_of
from transforms.resolve import within_report
from transforms.sections import SectionKinds, sections
from transforms.sentences import LONGEST, Marks, Sentences
from transforms.statistics import Statistics
from transforms.tablefigures import Report, TableReader
from transforms.tablewords import table_words
from transforms.text import normalise
from transforms.unread import unread_digits


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document: whose report it is, and on which year."""

    region_code: str | None = None
    report_year: int | None = None
    publisher: str = ""
    title: str = ""

    @classmethod
    def of(cls, identity: Identity) -> "Context":
        """The context that an identified report gives."""
        return cls(identity.region_code, identity.report_year, identity.publisher, identity.title)


class Reading(NamedTuple):
    """An observation with what decided it: the frames that fitted, best first, or what else told (`told_by`).

    `spelt` marks a zero in words (无一败诉).
    """

    observation: Observation
    matches: tuple[Match, ...]
    told_by: str = ""
    spelt: bool = False


def extract(text: str, context: Context, words: Lexicon | None = None) -> list[Observation]:
    """The observations of a document, in the order of the text; never raises, whatever the text.

    Statuses within the document are set: `duplicate` for a figure that stands twice, `suspect` for one that
    can't be (1.8人次).
    """
    known = words or lexicon()
    return _within_report(_uncontradicted(_Reader(text, context, known).read()), known)


def explain(text: str, context: Context, words: Lexicon | None = None) -> list[Reading]:
    """As extract(), with the frames that fitted each figure."""
    known = words or lexicon()
    readings = _uncontradicted(_Reader(text, context, known).read())
    observations = _within_report(readings, known)
    return [reading._replace(observation=marked) for reading, marked in zip(readings, observations, strict=True)]


def _uncontradicted(readings: Iterable[Reading]) -> list[Reading]:
    """Without zeros in words of what the report counts for a part of the year: 上半年败诉3件 beside 全年无败诉案件."""
    found = list(readings)
    if not any(reading.spelt for reading in found):
        return found
    counted = {
        _thing_measured(reading.observation)
        for reading in found
        if reading.observation.value and reading.observation.period not in ("year", "cumulative")
    }
    return [reading for reading in found if not reading.spelt or _thing_measured(reading.observation) not in counted]


def _thing_measured(one: Observation) -> tuple[object, ...]:
    return one.indicator, one.region_code, one.scope, one.role, one.figure_year


def _within_report(readings: Sequence[Reading], words: Lexicon) -> list[Observation]:
    strengths = [reading.matches[0].score if reading.matches else 0.0 for reading in readings]
    # 败诉案件为零 is as strong a claim as 败诉3件, however either is worded: both are asked about
    for i, zero in enumerate(readings):
        if zero.spelt:
            thing = _thing_measured(zero.observation)
            alike = (n for n, other in enumerate(readings) if not other.spelt)
            counted = [strengths[n] for n in alike if _thing_measured(readings[n].observation) == thing]
            strengths[i] = max(counted, default=strengths[i])
    return within_report([reading.observation for reading in readings], words, strengths)


_BRACKETED = re.compile(r"\([^()]*\)")
_SAYING_NOTHING = re.compile(r"[^\u4e00-\u9fff]|各类|各种|申请|材料|诉讼|请求|归档|[量数书会案]")
_NEW_LINE = re.compile("\n")
_JOINT = re.compile(r"[\s、和及与]*")
_JOINT_OF_KINDS = re.compile(r"[\s,、和及与]*")
_TOGETHER = re.compile(r"[^,;:。、和及与]{0,4}(?:、|以及|(?<!参)与|和(?!解)|(?<![涉普])及)[^,;:。、和及与]{0,6}")
_AS_LIKELY = 14.0
"""How far the second-best frame may lie behind, in scores: about a group of words."""
_SHARE = re.compile(r"占(?!用|地|道)")
_SHARE_OF = re.compile(r"[\s,、]*(?:[约均各]|分别)?占")
_LEVEL_NAMED = re.compile(r"省级|省直|市级|市直|县级|县直|区级|区直|乡镇|镇街|街道|村级|村居|村\(社区\)|社区|部门|单位")
_WITH_A_LEVEL = re.compile("级[、和及与]$")
_COUNTS = re.compile(r"\d[余多万亿千]{0,3}(?![\d年月日])[^\d,;:]{1,3}$")
_OF_IT = re.compile(r"[\s,、(]*(?:其中|包括|包含|含|内有)")
_THIS_YEAR = re.compile(r"(?:其中|包括|含)[:,]?(?:今年|本年度?|当年|年内|全年|(?P<year>20\d\d)年度?)(?!新增|新|增)")
_ADDED = re.compile(r"新(?:增|建|设|招|[选增]?聘|选任|任命|成立|培[育养]|吸纳|发展|录用)|增[聘设]")
_AVERAGE = re.compile(r"[日月年人户场次件所]均|平均|每[^,;。]{0,8}$|每[个名所家村镇乡][^,;。]{0,20}$")
_DENIED = re.compile(r"(?:[无未零]|没有|并无)(?:一[件起例宗])?$")
_SUMMED = re.compile("合计|共计|总计|共")
_IN_ALL = re.compile(r"总数|总量|现有|共有|累计|全年|总计|共|达")
_LEVEL = re.compile("[全我本][省市县区州盟旗]|一[地市县区]|[省市县区州盟旗]?本级|[市县区]$")
_COMPARABLE = ("percent", "point", "multiple")


class _Reader:
    """Reads one document."""

    def __init__(self, text: str, context: Context, words: Lexicon) -> None:
        self.text, self.context, self.lexicon = text, context, words
        self.norm = normalise(text)
        self.tables = tables.find(self.norm, table_words())
        self.sentences = Sentences(self.norm, self.tables.breaks)
        self.words = Words(self.norm, words)
        self.sections = SectionKinds(sections(self.tables.blanked(self.norm), context.report_year))
        self.statistics = Statistics(self.norm)
        self.places: Places = places_within(context.region_code, context.report_year)
        self.owners = Owners(self.norm, self.places, context.publisher)
        self.parts = Parts(self.norm, words, self.sentences, self.sections)
        self.title_topics = Words(normalise(context.title), words).topics()

    def read(self) -> Iterator[Reading]:
        """Prose and tables, in the order of the text."""
        if not self.tables:
            return self._read_prose()
        return merge(self._read_prose(), self._read_tables(), key=lambda reading: reading.observation.start)

    def _read_tables(self) -> Iterator[Reading]:
        for table in self.tables.found:
            report = Report(
                text=self.text,
                words=self.words,
                places=self.places,
                region_code=self.context.region_code,
                report_year=self.context.report_year,
                planned=self.sections.at(table.start) == "plan",
                topics=self.words.topics_at(table.start)[0] or self.title_topics,
                title=self.context.title,
                scope=self.owners.default.scope,
            )
            for told in TableReader(table, report, self.lexicon.labels).read():
                yield Reading(*told)

    def _read_prose(self) -> Iterator[Reading]:
        unitless = implied.find(self.norm, self.words, self.places, self.lexicon)
        every = implied.joined(quantities.find(self.norm, self.lexicon), unitless)
        found = [quantity for quantity in every if self.statistics.may_count(quantity)]
        if self.tables:
            found = [quantity for quantity in found if not self.tables.taken.cover(quantity.start)]
        self.clauses = Clauses(self.norm, self.words, self.places, found)
        new_lines = (match.start() for match in _NEW_LINE.finditer(self.norm))
        paragraphs = Marks(sorted({*new_lines, *(at - 1 for at in self.tables.breaks)}) if self.tables else new_lines)
        by_sentence = groupby(found, key=lambda quantity: self.sentences.index(quantity.start))
        sentences = ((self.sentences.span(index), list(members)) for index, members in by_sentence)
        for _, paragraph in groupby(sentences, key=lambda sentence: paragraphs.last_before(sentence[0][0], 0)):
            yield from self._read_paragraph(paragraph)

    def _read_paragraph(self, sentences: Iterable[tuple[tuple[int, int], list[Quantity]]]) -> Iterator[Reading]:
        """Which figure is the whole and which a part is told when all of a paragraph is read."""
        memory = Memory()
        read = [
            placed
            for span, members in sentences
            for placed in self._read_sentence(self.clauses.figures(members, span), span, memory)
        ]
        forget_parts(figure for figure, _ in read)
        for figure, window in read:
            if figure.code is None and isinstance(figure.quantity, Implied) and figure.quantity.weak:
                continue
            observation = self._observation(figure, window)
            yield Reading(observation, tuple(figure.matches), figure.told_by, _is_spelt(figure))

    def _read_sentence(
        self, figures: Sequence[Figure], span: tuple[int, int], memory: Memory
    ) -> Iterator[tuple[Figure, tuple[int, int]]]:
        """The figures of a sentence that count, each with the part of the sentence it stands in."""
        labels = periods.periods(self.norm, *span, self.context.report_year)
        said: dict[tuple[int, int], int] = {}
        owners, wishes = self.owners.sentence(*span), roles.may_wish(self.norm, *span)
        for figure in figures:
            quantity = figure.quantity
            window = self.sentences.around(quantity.start, quantity.end, span)
            if window not in said:
                said[window] = self.words.said(*window)
            told = labels.at(quantity.start)
            if memory.future and not labels.years:
                told = told._replace(label=memory.future)
            figure.role = self._role(figure, span[0], told, wishes)
            named = owners.named(figure)
            figure.elsewhere = named is not None and _is_elsewhere(named, memory, span[0])
            self._code(figure, said[window], span[0], memory)
            figure.owner = owners.settle(figure, named)
            _deny_code(figure)
            if isinstance(quantity, Implied):
                self._measure(figure, quantity, memory)
            if figure.code is None and self._needs_a_code(quantity):
                continue
            figure.role = self._over_time(figure, span[0], told, memory)
            if not _is_spelt(figure):
                set_part(figure, memory)
            yield figure, window
            memory.remember(figure)
        memory.remember_future(labels.years, self.context.report_year)

    def _measure(self, figure: Figure, quantity: Implied, memory: Memory) -> None:
        """A figure that names no unit has that of its indicator; 局无一败诉 is the body's own."""
        if not implied.stands(figure, quantity, memory, self.lexicon):
            figure.code = None
            return
        figure.quantity = implied.measured(figure, quantity, self.lexicon)
        if quantity.of_the_body:
            figure.owner = PUBLISHER

    def _needs_a_code(self, quantity: Quantity) -> bool:
        """Durations, slogans and 一次 count only where an indicator asks for them, or a time was reached."""
        weak = quantity.weak or self.statistics.in_a_short_quotation(quantity)
        return weak and not roles.of_duration(self.norm, quantity)

    def _role(self, figure: Figure, sentence_start: int, told: periods.Told, wishes: bool) -> roles.Reading:
        quantity, left_start, words_end = figure.quantity, figure.left_start, figure.at[0]
        section, report_year = self.sections.at(quantity.start), self.context.report_year
        aimed = isinstance(quantity, Implied) and quantity.aimed
        # by order, since a class that is given its fields by name makes a dict of them first
        around = roles.Surroundings(
            self.norm, sentence_start, left_start, words_end, section, told, report_year, figure.nth_of, aimed, wishes
        )
        return roles.read(quantity, around)

    def _over_time(self, figure: Figure, sentence_start: int, told: periods.Told, memory: Memory) -> roles.Reading:
        """A stock is told for a day and runs since no year; 累计接收社区矫正对象2310名 runs since the beginning."""
        role = figure.role
        if figure.code in self.lexicon.stocks:
            if role.period == "cumulative" and self._was_added(figure, told):
                return role
            return role._replace(since_year=None, period="year")
        if figure.code not in period_words().running_totals:
            return role
        if role.role != "actual" or role.period == "cumulative":
            return role
        since = figure.left_start
        if self._only_up_to(told):
            since = max(sentence_start, figure.left_start - LONGEST)
            since = max(since, self.norm.rfind(";", since, figure.left_start))
        elif not self._is_beyond_the_year(figure, memory):
            return role
        if "累计" in self.norm[since : figure.quantity.start]:
            return role._replace(period="cumulative", day=None)
        return role

    def _only_up_to(self, told: periods.Told) -> bool:
        """Whether nothing is told of the time but up to when: 截至11月底,累计接收2310人; but not 全年累计接收290人."""
        label, part = told
        if part is not None and (label is None or part.at != label.at):
            return False
        return label is None or self.norm.startswith(("截", "目前", "当前"), label.at)

    def _is_beyond_the_year(self, figure: Figure, memory: Memory) -> bool:
        """全年新接收290人,累计接收2310人: the year's figure is told, and is another one."""
        year = memory.coded.get(key_of(figure.code, figure)) if figure.code else None
        if year is None or year.quantity.value >= figure.quantity.value:
            return False
        return "累计" not in self.norm[year.left_start : year.quantity.start]

    def _was_added(self, figure: Figure, told: periods.Told) -> bool:
        """三年来共培育法律明白人3300名: how many were added, not how many there are (2021年以来…,在册对象412名)."""
        words, end = period_words(), figure.quantity.start
        start = told.label.at if told.label else figure.left_start
        *before, own = re.split("[,;:]", self.norm[max(start, self.norm.rfind(";", start, end) + 1) : end])
        # 加强队伍建设,… only leads up; 累计建成公园40个,广场12个 are both added
        added = own + "".join(clause for clause in before if _COUNTS.search(clause))
        if not any(verb in added for verb in words.added):
            return False
        own = own.rpartition("、")[2] + self.norm[figure.quantity.end : figure.right_end]
        return not any(word in own for word in words.there_is)

    def _code(self, figure: Figure, sentence: int, sentence_start: int, memory: Memory) -> None:
        """The indicator of a figure: by its own words, else that of the figure it follows."""
        left_text = self.norm[figure.left_start : figure.quantity.left_end]
        before = self.norm[figure.left_start - 1 : figure.left_start]
        figure.joined_before = before == "、" or left_text.startswith("、")
        figure.says_part = _OF_IT.match(left_text) is not None
        figure.says_this_year = figure.says_part and self._says_this_year(left_text)
        share = _is_share(figure, left_text)
        source = memory.previous if memory.previous and self._borrows(figure, left_text, share, memory) else figure
        added = ("新" in left_text or "增" in left_text) and _ADDED.search(left_text) is not None
        figure.averaged = ("均" in left_text or "每" in left_text) and _AVERAGE.search(left_text) is not None
        memory.led_up = added or figure.averaged
        changed = figure.role.direction is not None and figure.quantity.kind in _COMPARABLE
        # 社区矫正对象无脱管漏管、无重新犯罪: the first of several zeros names the topic of all
        topic_at = figure.quantity.start if _is_spelt(figure) else figure.topic_at or figure.left_start
        topics, earlier = self.words.topics_at(topic_at, sentence_start)
        topics = topics or self.title_topics
        unit_kind = None if changed or isinstance(figure.quantity, Implied) else figure.kind_counted
        wording = indicators.Wording(
            source.left,
            source.right,
            source.at,
            unit_kind,
            topics,
            earlier,
            sentence,
            share,
            added,
            self._directly_before(figure, memory.previous),
        )
        figure.matches = self._fitting(wording, figure)
        if narrow := self._narrowed(figure.matches, wording):
            figure.narrowed = True
        if figure.matches and narrow:
            figure.told_by, figure.part = f"{narrow} says that only a part is counted", True
        elif self._is_named_again(figure) and self._names_the_whole(figure, memory.whole):
            figure.told_by, figure.part = "it is a part of the figure before, whose thing it names again", True
        elif figure.matches:
            figure.code = None if self._totals_several(figure) else winner(figure.matches)
        elif share and (rate := rate_of(figure, memory, self.lexicon)):
            figure.code, figure.told_by = rate, f"it is the share that {rate} stands for"
        elif figure.role.role == "target" or (
            not share and (self._says_nothing(figure) or self._came_of(figure, memory))
        ):
            summed = _SUMMED.search(left_text) and sum_of_parts(figure, memory)
            if summed:
                figure.code, figure.told_by = summed, "it is the sum of the figures before"
            else:
                inherit(figure, memory)
        if figure.code and (reason := self.parts.why(figure, left_text, memory)):
            figure.code, figure.part, figure.told_by = None, True, reason
        if figure.quantity.kind in ("thing", "place", "item", "case"):
            level = _LEVEL_NAMED.search(self.norm, figure.left_start, figure.right_end)
            figure.level = level[0] if level else ""
        figure.has_a_whole = figure.code is not None and self.lexicon.indicators[figure.code].part_of is not None
        if figure.code or figure.level:
            figure.says_whole = self.lexicon.says_whole.search(left_text) is not None
        figure.measured = figure.code
        if figure.code in self.lexicon.kinds and (beside := self.parts.kind_beside(figure)):
            figure.code, figure.part = None, True
            figure.told_by = f"of the kinds that are counted together it is only one, with {beside} beside it"
        figure.unit_fits = figure.code is not None and figure.quantity.kind == self._kind_of(figure.code)

    def _directly_before(self, figure: Figure, before: Figure | None) -> str | None:
        """The indicator of the figure that only a comma parts from this one's words: 上线事项18项,办件2.1万件."""
        at_once = before is not None and figure.left_start - before.right_end <= 1
        return before.code if before is not None and at_once and self.norm[figure.left_start - 1] == "," else None

    def _totals_several(self, figure: Figure) -> bool:
        """中心组学习和法治培训5次: one figure for two kinds of thing, each of which has an indicator, is neither's."""
        if len(figure.matches) < 2 or figure.matches[0].score - figure.matches[1].score > _AS_LIKELY:
            return False
        best, second = figure.matches[:2]
        # 废止和宣布失效: words of one and the same frame
        others = [other for other in second.words if not any(other.word in group for group in best.frame.near)]
        its_own = [word for word in best.words if not any(o.start < word.end and word.start < o.end for o in others)]
        if not others or not its_own or any(word.end > figure.at[0] for word in (*its_own, *others)):
            return False
        first, then = sorted((min(words), max(words)) for words in (its_own, others))
        return _TOGETHER.fullmatch(self.norm, first[1].end, then[0].start) is not None

    @staticmethod
    def _is_named_again(figure: Figure) -> bool:
        return figure.says_part and bool(figure.matches) and not (figure.elsewhere or figure.says_this_year)

    def _names_the_whole(self, figure: Figure, whole: Figure | None) -> bool:
        """Whether a part names only what the whole counts: 村法律顾问330名,其中280名法律顾问为执业律师.

        其中邵阳县受理310件 is another place's whole.
        """
        if not figure.says_part or figure.elsewhere or whole is None or not whole.matches:
            return False
        if whole.elsewhere:
            return False  # 全市受理1362件,其中我县受理96件
        if whole.measured and self.lexicon.indicators[figure.matches[0].frame.code].part_of == whole.measured:
            return False  # 审查规范性文件、合同465件,其中规范性文件34件
        named = self.norm[whole.left_start : whole.right_end]
        return all(word in named for word, _ in figure.matches[0].decided_by)

    def _says_this_year(self, left_text: str) -> bool:
        """累计办件186.4万件,其中2020年办件72万件, in the report on 2020."""
        year = _THIS_YEAR.search(left_text)
        return year is not None and (year["year"] is None or int(year["year"]) == self.context.report_year)

    def _kind_of(self, code: str) -> str:
        return self.lexicon.units[self.lexicon.indicators[code].unit].kind

    def _narrowed(self, found: Sequence[Match], wording: indicators.Wording) -> str | None:
        """The word that narrows what is counted, where the frame does not ask for it: 重大矛盾纠纷46件."""
        words = (*wording.left, *wording.right) if wording.right else wording.left
        # In a department's own report (县公安局办理…, 教育系统开展…) its name narrows nothing.
        own = self.context.publisher
        narrowing = [t.word for at, _, t in words if t.narrows and self._alone(at)]
        narrowing = [word for word in narrowing if word.removesuffix("系统") not in own]
        if not narrowing:
            return None
        frames = [match.frame for match in found[:1]]
        topics = [self.lexicon.topics[topic] for frame in frames for topic in frame.topics]
        groups = [*topics, *(group for frame in frames for group in (*frame.near, *frame.around))]
        asked = [word for group in groups for word in group]
        return next((narrow for narrow in narrowing if not any(narrow in word for word in asked)), None)

    def _alone(self, at: int) -> bool:
        """Whether no other level is named with what stands there: 市本级和区级受理 are all of a city."""
        return _WITH_A_LEVEL.search(self.norm, max(0, at - 2), at) is None

    def _fitting(self, wording: indicators.Wording, figure: Figure) -> list[Match]:
        found = indicators.matches(wording, self.lexicon)
        if not found and figure.shared_word:
            with_shared = replace(wording, left=[*wording.left, *figure.shared_word])
            found = indicators.matches(with_shared, self.lexicon)
        if not found and wording.left is figure.left and (before := self.clauses.before(figure)):
            # 推进法治文化阵地建设,累计建成320个: the clause before names what its own words do something with
            with_before = replace(wording, left=[*before, *figure.left])
            found = [m for m in indicators.matches(with_before, self.lexicon) if self._only_done(figure, m)]
        if found and "等" in self.norm[figure.left_start : figure.at[0]]:
            found = self._of_the_sum(figure, found)
        if isinstance(figure.quantity, Implied):
            found = implied.fitting(found, figure.quantity, self.lexicon)
        elif found and figure.right:
            found = [match for match in found if not self._is_denied(figure, match)]
        if figure.averaged or figure.quantity.kind == "point":
            # A change in percentage points and an average are of ratios only.
            found = [match for match in found if self.lexicon.indicators[match.frame.code].kind == "ratio"]
        if found and self._acts_on_another_thing(figure, found[0]):
            return []
        return found

    def _is_denied(self, figure: Figure, match: Match) -> bool:
        """诉讼案件14件无败诉: that none of them was lost is no figure of those that were."""
        after = (word for word in match.words if word.start >= figure.quantity.end)
        return any(_DENIED.search(self.norm, figure.quantity.end, word.start) for word in after)

    def _acts_on_another_thing(self, figure: Figure, match: Match) -> bool:
        """受理群众来电1870件 after 行政复议: what the verb is done to is named, and is not what the topic is about."""
        (word, end), start = match.decided_by[0], figure.quantity.left_end
        if len(match.decided_by) > 1 or figure.listed or not match.frame.topics or word not in self.lexicon.extent.acts:
            return False
        if not figure.left_start < end < start:
            return False
        named = _BRACKETED.sub("", self.places.without(self.norm[end:start]))
        for topic in match.frame.topics:
            for cue in self.lexicon.topics[topic]:
                named = named.replace(cue, "")
        return len(_SAYING_NOTHING.sub("", DOING.sub("", named))) > 0

    def _of_the_sum(self, figure: Figure, found: list[Match]) -> list[Match]:
        """法治公园、宪法长廊等宣传阵地38处: what stands before 等 are examples of what is named after it."""
        summed = self.norm.rfind("等", figure.left_start, figure.at[0])
        if "、" not in self.norm[figure.left_start : summed] or not any(start > summed for start, _, _ in figure.left):
            return found
        return [match for match in found if any(end > summed for _, end in match.decided_by)]

    def _only_done(self, figure: Figure, match: Match) -> bool:
        """Whether a figure's own words, those that decided aside, only say that something was done."""
        rest, at = "", figure.left_start
        for start, end, _ in sorted(match.words):
            if figure.left_start <= start and at <= end:
                rest += self.norm[at:start]
                at = max(at, end)
        rest += self.norm[at : figure.quantity.start]
        return DOING.fullmatch(self.places.without(rest)) is not None

    def _borrows(self, figure: Figure, left_text: str, share: bool, memory: Memory) -> bool:
        """Whether a figure's words are those of the figure before.

        优秀50宗,占25% is a share of it; 拆除违法建筑80处、2.1万平方米 and 培训6期300人次 another measure of it; and in
        新建广场3处,现有27处 or 日均咨询40人次,全年9200人次 the figure before only led up to this one.
        """
        if share and _SHARE_OF.match(left_text):
            return True
        if not (memory.led_up and _IN_ALL.search(left_text)):
            if figure.left:
                return False
            other_kind = memory.previous is not None and memory.previous.quantity.kind != figure.quantity.kind
            joint = _JOINT_OF_KINDS if other_kind else _JOINT
            if not joint.fullmatch(left_text):
                return False
        return self._says_nothing(figure)

    def _says_nothing(self, figure: Figure) -> bool:
        """Whether only light words and names of places stand beside a figure."""
        if figure.right:
            return False
        if roles.only_became(self.norm[figure.left_start : figure.at[0]]):
            return True
        left = self.places.without(self.norm[figure.left_start : figure.at[0]])
        return LIGHT.fullmatch(_LEVEL.sub("", left)) is not None

    def _came_of(self, figure: Figure, memory: Memory) -> bool:
        """Whether a figure is what came of the target before it: 计划开展普法活动50场,实际开展62场."""
        if figure.right or memory.previous is None or memory.previous.role.role != "target":
            return False
        left = self.norm[figure.left_start : figure.at[0]]
        return "实际" in left and DOING.fullmatch(self.places.without(left)) is not None

    def _observation(self, figure: Figure, window: tuple[int, int]) -> Observation:
        quantity = figure.quantity
        return Observation(
            start=quantity.start,
            end=quantity.end,
            number_start=quantity.number_start,
            raw_text=self.text[quantity.start : quantity.end],
            value=quantity.value,
            value_low=quantity.low,
            value_high=quantity.high,
            slack=slack_of(quantity, rate=figure.code in self.lexicon.rates),
            unit=quantity.unit,
            canonical_unit=quantity.canonical.unit if quantity.canonical else "",
            qualifier=quantity.qualifier,
            role=figure.role.role,
            direction=figure.role.direction,
            since_year=figure.role.since_year,
            figure_year=figure.role.figure_year,
            period=figure.role.period,
            stock_date=self._stock_date(figure),
            scope=_scope(figure),
            region_code=figure.owner.place or self.context.region_code,
            indicator=figure.code,
            phrase="" if figure.code else self._phrase(figure),
            sentence=self.text[window[0] : window[1]],
            sentence_start=window[0],
            status="suspect" if quantity.doubt else "current",
            status_reason=unread_digits(self.text[quantity.start : quantity.end], quantity.doubt)
            if quantity.doubt
            else None,
        )

    def _stock_date(self, figure: Figure) -> date | None:
        """The day that is told, 截至2024年6月底, else the last of the year."""
        role = figure.role
        if figure.code not in self.lexicon.stocks or role.role == "change" or role.period == "cumulative":
            return None
        return None if role.figure_year is None else role.day or date(role.figure_year, 12, 31)

    def _phrase(self, figure: Figure) -> str:
        """The wording a figure was found with: the noun after it, else the words before it."""
        start, end = figure.quantity.start, figure.quantity.end
        if figure.right_end > end and not figure.right_shared:
            return self.norm[end : min(figure.right_end, end + 16)].strip()
        return self.norm[max(figure.left_start, start - 20) : start].strip(" 、的共计约为达")


def _is_elsewhere(named: Owner, memory: Memory, sentence_start: int) -> bool:
    """Whether a figure names another owner than the region; or the region after another: 邵阳市1362件,我县40件.

    Of 武冈市受理62件,审结60件,全市1362件 it is open which of the two the last is.
    """
    if named.place is not None or named.scope == "own_level":
        return True
    told = [one for one in memory.counted if one.quantity.start >= sentence_start]
    if not told or told[-1].owner.place is None:
        return False
    return len(told) < 2 or told[-2].owner != told[-1].owner


def _scope(figure: Figure) -> str:
    """What is of the level's own stays so also where it is only a part of what all levels have."""
    if figure.averaged:
        return "average"
    return "part" if figure.part and figure.owner.scope != "own_level" else figure.owner.scope


def _deny_code(figure: Figure) -> None:
    """What towns, a court or several places together have is no region's: 隆回、新宁两县受理40件."""
    if not figure.owner.coded:
        if figure.code:
            figure.told_by = f"it would be {figure.code}, but it is not of one region"
        figure.code, figure.part = None, True


def _is_spelt(figure: Figure) -> bool:
    return isinstance(figure.quantity, Implied) and figure.quantity.spelt


def _is_share(figure: Figure, left_text: str) -> bool:
    return figure.role.direction is None and figure.quantity.kind == "percent" and bool(_SHARE.search(left_text))
