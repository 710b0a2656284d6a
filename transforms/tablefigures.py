"""What the figures of tables measure: the words of row, column and caption, held against the lexicon's frames.

A figure is of its indicator only if every label beside it says something of it, or something that is known to say
nothing of what is counted (a year, a total, a place). Otherwise it is a part of something and has no indicator.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from sources.regions import regions
from transforms import indicators, quantities
from transforms.indicators import Match, Word, Wording, Words, winner
from transforms.lexicon import KINDS_ALIKE, Indicator, Lexicon
from transforms.observation import Observation
from transforms.places import Places
from transforms.quantities import Quantity, slack_of
from transforms.tablelabels import Label, LabelReader
from transforms.tables import Cell, Figure, Table
from transforms.yearparts import Part

_MERE_SIGNS = frozenset("+＋-−±")
_FALLS = frozenset("-−↓▼") | {
    before + word for before in ("", "同比", "环比") for word in ("下降", "减少", "降低", "减", "降")
}
_YEARS = frozenset({"this_year", "last_year", "next_year"})
_OPEN_NOTE = re.compile(r"\((?:含|包括|其中|不含|同比|比上年|较上年)")
_WHOLE = re.compile("全([省市县区州盟旗])")
_SENTENCE = 600
_TEMPTING = 14.0


class Told(NamedTuple):
    """An observation of a table with the frames that fitted, and the labels that told them."""

    observation: Observation
    matches: tuple[Match, ...]
    told_by: str


class Report(NamedTuple):
    """What is known of the report that a table stands in; `planned` says that it stands among next year's plans.

    `topics` are those in force before the table, which count where no caption names one; `scope` is whose its figures
    are where they don't say.
    """

    text: str
    words: Words
    places: Places
    region_code: str | None
    report_year: int | None
    planned: bool
    topics: int
    title: str
    scope: str = "region"


@dataclass(slots=True)
class _Read:
    """A figure being read, and what is decided of it."""

    figure: Figure
    labels: list[Label]
    heads: list[Label]
    section: list[Label]
    role: str = "actual"
    direction: str | None = None
    since: int | None = None
    within: Part | None = None
    year: int | None = None
    place: str | None = None
    own_level: bool = False
    averaged: bool = False
    shared: bool = False
    unit: str = ""
    unit_is_beside: bool = False
    quantity: Quantity | None = None
    matches: list[Match] = field(default_factory=list)
    code: str | None = None
    part: bool = False
    from_caption: bool = False
    note: str = ""

    @property
    def both(self) -> list[Label]:
        """The labels of row and column."""
        return self.labels + self.heads

    @property
    def all(self) -> list[Label]:
        """Those, and the heading above."""
        return self.section + self.both

    @property
    def change(self) -> Label | None:
        """The label that says it is a change."""
        return next((label for label in reversed(self.both) if label.change), None)


class TableReader:
    """Reads the figures of one table."""

    def __init__(self, table: Table, report: Report, reader: LabelReader) -> None:
        self.table, self.report, self.reader, self.lexicon = table, report, reader, reader.lexicon
        self._labels: dict[int, Label] = {}
        self._figures = [self._begin(figure) for figure in table.figures()]
        self._common = self._common_labels()
        self._name_places()
        self.captions = [self._label(cell) for cell in table.captions]
        self._context = [self._label(cell) for cell in table.corners]
        self._units = [u for c in (*table.captions, *table.corners) for u in reader.units(c.text)]
        self._said = self._all_words()
        self._now = self._latest_year()
        texts = [report.title, *(cell.text for cell in (*table.captions, *table.corners)), *self._common]
        self._narrower = any(word in text for word in reader.words.narrower for text in texts)
        self._topics = self._caption_topic()
        self._row_topics = self._topics_along([read.section + read.labels for read in self._figures])
        self._head_topics = self._topics_along([read.heads for read in self._figures])

    def read(self) -> Iterator[Told]:
        """The observations in the order of the text."""
        for read in self._figures:
            self._measure(read)
        self._settle()
        for read in self._figures:
            if read.quantity is not None and (read.code or (read.unit_is_beside and not read.quantity.weak)):
                yield Told(self._observation(read), tuple(read.matches), self._told_by(read))

    def _begin(self, figure: Figure) -> _Read:
        section = [self._label(figure.section)] if figure.section else []
        return _Read(figure, [self._label(c) for c in figure.labels], [self._label(c) for c in figure.heads], section)

    def _label(self, cell: Cell) -> Label:
        if cell.start not in self._labels:
            self._labels[cell.start] = self.reader.read(cell, self.report.words, self.report.places)
        return self._labels[cell.start]

    # what holds for the whole table

    def _common_labels(self) -> set[str]:
        """Labels of every row or every column: they belong to the table as its caption does."""
        common: set[str] = set()
        for lines in (
            {r.figure.row[0].start: r.labels for r in self._figures},
            {r.figure.column: r.heads for r in self._figures},
        ):
            if len(lines) > 1:
                texts = [{label.cell.text for label in labels} for labels in lines.values()]
                common |= set.intersection(*texts)
        return common

    def _all_words(self) -> int:
        said = 0
        for label in (*self._labels.values(), *self.captions, *self._context):
            for _, _, term in label.words:
                said |= term.standing
        return said

    def _latest_year(self) -> int | None:
        """The year that counts as the report's: its own, else the last one that a label names."""
        years = [year for label in self._labels.values() for year in label.years]
        return self.report.report_year or max(years, default=None)

    def _caption_topic(self) -> int:
        """The topic of the nearest of corner and captions that names one; several at once name none."""
        common = [label for label in self._labels.values() if label.cell.text in self._common]
        for labels in (common, self._context, *([caption] for caption in self.captions)):
            topics = _topics_of(labels)
            if topics:
                return topics if topics & (topics - 1) == 0 else 0
        return 0 if self.captions else self.report.topics

    @staticmethod
    def _topics_along(lines: Sequence[Sequence[Label]]) -> dict[tuple[int, ...], int]:
        """For each line of labels the last topic that it or one before it names: 审结 below 行政应诉案件."""
        topics: dict[tuple[int, ...], int] = {}
        last = 0
        for labels in sorted(lines, key=_place_of):
            own = _topics_of(labels)
            last = own if own and own & (own - 1) == 0 else last
            topics[_place_of(labels)] = last
        return topics

    # one figure

    def _measure(self, read: _Read) -> None:
        kinds = self._kinds(read.all)
        read.averaged, read.shared, read.own_level = "average" in kinds, "share" in kinds, "own_level" in kinds
        units = self._candidates(read)
        aside = any(label.cell.text in self.reader.words.aside for label in read.both)
        if aside or not self._set_role(read, kinds) or not self._set_place(read) or units is None:
            return
        self._code(read, units)
        if read.code is not None and (reason := self._why_a_part(read)):
            _take_for_part(read, reason)

    @staticmethod
    def _kinds(labels: Sequence[Label]) -> set[str]:
        return set().union(*(label.kinds for label in labels)) if labels else set()

    def _set_role(self, read: _Read, kinds: set[str]) -> bool:
        """By the labels, else by caption and section; False where they contradict one another."""
        sign = read.figure.parts["sign"] or ""
        change = read.change
        read.within = next((c.part for c in (*read.all, *self._context, *self.captions) if c.part), None)
        if change is not None or (sign and sign not in _MERE_SIGNS):
            read.role = "plan" if self.report.planned else "change"
            read.direction = "down" if sign in _FALLS or (change is not None and change.falls) else "up"
            return sign != "±" and not (change is not None and change.falls and sign in _MERE_SIGNS)
        years = {year for label in read.all for year in label.years}
        if not years and not kinds & _YEARS:
            dated = next((c for c in (*self._context, *self.captions) if c.years or c.kinds & _YEARS), None)
            years, kinds = (set(dated.years), kinds | (dated.kinds & _YEARS)) if dated else (years, kinds)
        since = next((label.since for label in read.all if label.since), None)
        read.since = None if since == self._now else since  # 2024年以来 in the report on 2024
        read.year = self._year(years, kinds)
        read.role = "plan" if self.report.planned else self._by_year(read.year, kinds)
        if read.role not in ("actual", "prior"):
            read.since = None
        return sign not in _MERE_SIGNS and len(years) < 2

    def _year(self, years: set[int], kinds: set[str]) -> int | None:
        if years or self._now is None:
            return max(years, default=None)
        return self._now - 1 if "last_year" in kinds else self._now + 1 if "next_year" in kinds else None

    def _by_year(self, year: int | None, kinds: set[str]) -> str:
        earlier, later = "last_year" in kinds, "next_year" in kinds
        if year is not None and self._now is not None:
            earlier, later = year < self._now, year > self._now
        return "prior" if earlier else "plan" if later else "target" if "target" in kinds else "actual"

    def _name_places(self) -> None:
        """Short names are places where the table has several: 邵阳, 新邵 and 隆回 in a column."""
        labels = list(self._labels.values())
        among = len({label.among for label in labels if label.among}) > 1
        for label in labels:
            if among and label.among and not label.place:
                label.place, label.rest = label.among, ""
            if "whole_region" in label.kinds and (level := _WHOLE.search(label.cell.text)):
                label.place = self.report.places.levels.get(level[1]) or label.place

    def _set_place(self, read: _Read) -> bool:
        """The place that the labels name, else the only one that the captions do; False where there are two."""
        named = {label.place for label in read.all if label.place}
        if not named:
            # 邵阳 of 邵阳市 is no 邵阳县: only full names count
            places = self.report.places
            found = [match[1] for caption in self.captions for match in places.name.finditer(caption.cell.text)]
            full = [places.names[name] for name in found if places.names[name].whose == "below"]
            named = {name.code for name in full if not name.short and name.code}
            named = named if len(named) == 1 else set()
        read.place = next(iter(named), None)
        return len(named) < 2

    def _candidates(self, read: _Read) -> list[str] | None:
        """The units a figure may have, from the nearest place that names one: [] where none does, None if in doubt."""
        if written := read.figure.parts["unit"]:
            read.unit_is_beside = True
            return [written]
        beside = [label.unit for label in read.all if label.unit]
        if read.figure.unit and (unit := self.reader.unit_of_cell(read.figure.unit)):
            beside.append(unit)
        if read.change is not None:
            beside = self._units_of_change(read.change, beside)
        if beside:
            read.unit_is_beside = True
            return beside[:1] if len({self._canonical(unit) for unit in beside}) == 1 else None
        nouns = [noun for label in (*read.heads, *read.labels) if (noun := self.reader.counted(label))]
        return nouns[:1] or list(dict.fromkeys(self._units))

    @staticmethod
    def _units_of_change(label: Label, beside: list[str]) -> list[str]:
        """受理(件) beside 增减 leaves open whether the change is in 件 or in per cent."""
        if label.unit:
            return [label.unit]
        return ["%"] if label.change == "change_rate" else beside if label.change == "change_count" else []

    def _canonical(self, unit: str) -> str:
        known = self.lexicon.unit_of.get(unit)
        return known.unit if known else unit

    def _code(self, read: _Read, units: Sequence[str]) -> None:
        """The indicator, and with it the unit where several or none are named."""
        if not units:
            self._code_without_unit(read)
            return
        fitting = []
        for unit in units:
            quantity = self._quantity(read, unit)
            if quantity is None:
                continue
            found = self._matches(read, quantity)
            if found or len(units) == 1:
                fitting.append((unit, quantity, found))
        if len(fitting) == 1:
            read.unit, read.quantity, read.matches = fitting[0]
            read.code = winner(read.matches) if read.matches else None

    def _code_without_unit(self, read: _Read) -> None:
        """120 under 行政复议受理: read in the indicator's own unit, if all that fit are counted in the same way."""
        found = self._matches(read, None)
        code = winner(found) if found else None
        if code is None or read.role == "change":
            return
        likely = [match for match in found if found[0].score - match.score <= _TEMPTING]
        measured = [self.lexicon.indicators[match.frame.code] for match in likely]
        kind = self.lexicon.units[measured[0].unit].kind
        kinds = {self.lexicon.units[indicator.unit].kind for indicator in measured}
        if kinds - KINDS_ALIKE.get(kind, {kind}) or not _is_plain_count(measured[0], self.lexicon):
            return
        quantity = self._quantity(read, measured[0].unit)
        if quantity is not None:
            read.quantity, read.matches, read.code = replace(quantity, unit=""), found, code
            read.note = f"no unit is given, {measured[0].unit} is the indicator's own"

    def _quantity(self, read: _Read, unit: str) -> Quantity | None:
        """The quantity of a cell as if its unit stood beside it: 1.2 under 金额(万元) is 1.2万元."""
        cell, parts = read.figure.cell, read.figure.parts
        said = parts["figure"].rstrip()
        scaled = re.search(r"[万亿][余多]?$", said) is not None
        written = said if parts["unit"] else said + (re.sub(r"^(?:[十百千]?[万亿])", "", unit) if scaled else unit)
        found = next(quantities.find(written, self.lexicon), None)
        if found is None or found.start != 0 or found.end < len(said) or found.canonical is None:
            return None
        if found.unit == "%" and not parts["unit"] and Decimal(0) < found.value <= 1:
            return None  # 0.985 may stand for 98.5%, and so may 1 for all
        if read.role == "change" and not found.value:
            return None  # neither up nor down
        start = cell.start + parts.start("figure")
        at = cell.start + (parts.start("sign") if parts["sign"] else parts.start("figure"))
        return replace(found, start=at, end=start + len(said), number_start=start + found.number_start)

    def _matches(self, read: _Read, quantity: Quantity | None) -> list[Match]:
        """The frames that fit the labels; where none does, the labels with the words of the nearest caption."""
        found = self._fitting(read, read.both, quantity)
        nearest = next((caption for caption in self.captions if caption.words), None)
        if not found and nearest is not None:
            found = self._fitting(read, [nearest, *read.both], quantity)
            read.from_caption = bool(found)
        return found

    def _fitting(self, read: _Read, labels: Sequence[Label], quantity: Quantity | None) -> list[Match]:
        words, ends = _side_by_side(labels)
        topics = {self._row_topics[_place_of(read.section + read.labels)], self._head_topics[_place_of(read.heads)]} - {
            0
        }
        changed = read.role == "change" and quantity is not None and quantity.kind in ("percent", "point", "multiple")
        wording = Wording(
            left=words,
            right=[],
            at=(0, 0),
            unit_kind=None if quantity is None or changed else quantity.kind,
            topics=topics.pop() if len(topics) == 1 else 0 if topics else self._topics,
            earlier=0,
            sentence=self._said,
            share=read.shared and read.role != "change",
        )
        found = indicators.matches(wording, self.lexicon)
        if read.averaged or (quantity is not None and quantity.kind == "point"):
            found = [match for match in found if self.lexicon.indicators[match.frame.code].kind == "ratio"]
        return [
            match._replace(decided_by=[(word, ends[word, end]) for word, end in match.decided_by]) for match in found
        ]

    # whole and part

    def _why_a_part(self, read: _Read) -> str:
        """Why a figure is only a part of what its words measure, or nothing."""
        if self._narrower:
            return "the table is of a narrower thing"
        note = read.figure.parts["note"]
        if note and not _OPEN_NOTE.match(note):
            return f"it is of {note.strip('()')}"
        frame = read.matches[0].frame
        asked = frozenset().union(*frame.near, *frame.around)
        cues = [cue for topic in frame.topics for cue in self.lexicon.topics[topic]]
        mere_topics = () if frame.topics else self.reader.topics
        for label in read.all:
            if not label.rest or label.rest in mere_topics or label.cell.text in self._common:
                continue
            if self._is_region(label.rest):
                continue
            known = any(asked.intersection(term.stands) for _, _, term in label.words)
            if not known and not any(cue in label.cell.text for cue in cues):
                return f"{label.cell.text} is taken for a part of it"
        return ""

    def _is_region(self, rest: str) -> bool:
        region = regions().get(self.report.region_code or "")
        return region is not None and rest in (region.name_zh, region.stem)

    def _settle(self) -> None:
        """Of several figures of one indicator the total stands; of others that differ none does."""
        rows = _totals(read.section + read.labels for read in self._figures)
        columns = _totals(read.heads for read in self._figures)
        alike: defaultdict[tuple[object, ...], list[_Read]] = defaultdict(list)
        for read in self._figures:
            if read.code is not None and read.quantity is not None:
                unit = read.quantity.canonical.kind if read.role == "change" and read.quantity.canonical else ""
                alike[
                    read.code,
                    read.role,
                    read.year,
                    read.since,
                    read.within,
                    read.place,
                    read.own_level,
                    read.averaged,
                    unit,
                ].append(read)
        for same in alike.values():
            far = [_distance(read, rows, columns) for read in same] if len(same) > 1 else [(False, 0)]
            nearest = [read for read, distance in zip(same, far, strict=True) if distance == min(far)]
            values = {read.quantity.value for read in nearest if read.quantity}
            for read, distance in zip(same, far, strict=True):
                if len(values) > 1:
                    _take_for_part(read, f"several figures fit {read.code}")
                elif distance != min(far):
                    _take_for_part(read, f"{read.code} is {min(values):f} in the table")

    # what comes out

    def _observation(self, read: _Read) -> Observation:
        quantity, text = read.quantity, self.report.text
        assert quantity is not None  # noqa: S101 - read() gives only figures with one
        row_start, row_end = read.figure.row[0].start, read.figure.row[-1].end
        start = max(row_start, quantity.start - _SENTENCE // 2)
        end = max(quantity.end, min(row_end, start + _SENTENCE))
        year, stock = self._figure_year(read), read.code in self.lexicon.stocks
        day = read.within.last_day(year) if read.within and year else None
        return Observation(
            start=quantity.start,
            end=quantity.end,
            number_start=quantity.number_start,
            raw_text=text[quantity.start : quantity.end],
            value=quantity.value,
            value_low=quantity.low,
            value_high=quantity.high,
            slack=slack_of(quantity, rate=read.code in self.lexicon.rates),
            unit=quantity.unit,
            canonical_unit=quantity.canonical.unit if quantity.canonical else "",
            qualifier=quantity.qualifier,
            role=read.role,
            direction=read.direction,
            since_year=None if stock else read.since,
            figure_year=year,
            period="year" if stock else "cumulative" if read.since else read.within.kind if read.within else "year",
            stock_date=day or date(year, 12, 31) if stock and year and read.role != "change" else None,
            scope=self._scope(read),
            region_code=read.place or self.report.region_code,
            indicator=read.code,
            phrase="" if read.code else " ".join(dict.fromkeys(label.cell.text for label in read.both))[:40],
            sentence=text[start:end],
            sentence_start=start,
        )

    def _scope(self, read: _Read) -> str:
        if read.averaged or read.part or read.own_level:
            return "average" if read.averaged else "part" if read.part else "own_level"
        whole = read.place or any("whole_region" in label.kinds for label in (*read.all, *self.captions))
        return "region" if whole else self.report.scope

    def _figure_year(self, read: _Read) -> int | None:
        """The year that labels or caption name, else the report's, the next for a plan, the one before for a prior."""
        if read.role in ("prior", "plan") and self._now is not None:
            by = -1 if read.role == "prior" else 1
            return read.year if read.year and (read.year - self._now) * by > 0 else self._now + by
        return read.year or self._now

    def _told_by(self, read: _Read) -> str:
        row = " / ".join(dict.fromkeys(label.cell.text for label in read.section + read.labels))
        column = " / ".join(dict.fromkeys(label.cell.text for label in read.heads))
        told = ", ".join(f"{name} {said}" for name, said in (("row", row), ("column", column)) if said)
        if read.from_caption:
            told += f", caption {self.captions[0].cell.text}"
        if read.code is None and not read.note:
            read.note = (
                "two indicators fit equally well" if read.matches else "no frame of the lexicon fits these labels"
            )
        return f"{told}; {read.note}" if read.note else told


def _take_for_part(read: _Read, why: str) -> None:
    read.code, read.part, read.note = None, True, why


def _side_by_side(labels: Sequence[Label]) -> tuple[list[Word], dict[tuple[str, int], int]]:
    """The words of labels as if each label stood right before the figure, and where the words end in the text."""
    words: list[Word] = []
    ends: dict[tuple[str, int], int] = {}
    for label in labels:
        for start, end, term in label.words:
            words.append((start - label.cell.end, end - label.cell.end, term))
            ends |= {(word, end - label.cell.end): end for word in term.stands}
    return sorted(words, key=_end), ends


def _end(word: Word) -> int:
    return word[1]


def _place_of(labels: Sequence[Label]) -> tuple[int, ...]:
    return tuple(sorted(label.cell.start for label in labels))


def _topics_of(labels: Sequence[Label]) -> int:
    topics = 0
    for label in labels:
        for _, _, term in label.words:
            topics |= term.topics
    return topics


def _totals(lines: Iterator[Sequence[Label]]) -> set[frozenset[str]]:
    """For each line of a total the other labels it has: those of the lines that it sums up."""
    return {
        frozenset(label.cell.text for label in labels if "total" not in label.kinds)
        for labels in lines
        if any("total" in label.kinds for label in labels)
    }


def _distance(read: _Read, rows: set[frozenset[str]], columns: set[frozenset[str]]) -> tuple[bool, int]:
    """How far a figure is from the whole: of words of its own before a caption's; then lines that are summed up."""
    far = 0
    for labels, totals in ((read.section + read.labels, rows), (read.heads, columns)):
        texts = [label.cell.text for label in labels]
        is_total = any("total" in label.kinds for label in labels)
        subsets = (
            frozenset(chosen) for size in range(min(len(texts), 5) + 1) for chosen in combinations(texts[:5], size)
        )
        far += not is_total and bool(totals) and any(subset in totals for subset in subsets)
        far += any("within" in label.kinds for label in labels)
    return read.from_caption, far


def _is_plain_count(indicator: Indicator, lexicon: Lexicon) -> bool:
    """Whether figures of an indicator need no unit: counts of cases, people, bodies.

    Money may be in 万元, and 干部培训 300 in sessions or in people.
    """
    unit = lexicon.units[indicator.unit]
    return indicator.kind == "count" and unit.whole and unit.kind not in ("visit", "event")
