"""What a label of a table says beside what is counted: year, total, change, place, unit.

The words that say so are data (`lexicon/tables.yaml`); how they stand together in a label is told here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms import yearparts
from transforms.indicators import Word, Words
from transforms.lexicon import Lexicon
from transforms.places import Places
from transforms.tables import Cell
from transforms.tablewords import TableWords, alternatives
from transforms.yearparts import Part

_PUNCTUATION = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、)])|[\s,;:。、()“”\"《》/+±%*#.-]|的|为"
)
_UNIT_SAID = re.compile(r"单位[:为]?\s*([^()\n]{1,24})")
_RANGE = re.compile(r"((?:19|20)\d\d)年?[-至到]((?:19|20)\d\d)年?度?")
_SINCE = re.compile(r"((?:19|20)\d\d)年?(?:以来|至今|起)")
# no date and no document number
_YEAR = re.compile(r"(?<![\d〔\[-])((?:19|20)\d\d)(?![\d./-]|年\d{1,2}月)(?:年[底末]|年?度?)")


@dataclass(slots=True)
class Label:
    """What one label says; `rest` is what none of the words of tables.yaml accounts for.

    `part` is the part of a year that it names.

    `among` is the place that it names where the table has others of its kind (邵阳 beside 新邵 and 隆回).
    """

    cell: Cell
    kinds: set[str]
    rest: str
    unit: str = ""
    years: tuple[int, ...] = ()
    since: int | None = None
    part: Part | None = None
    place: str | None = None
    among: str | None = None
    change: str = ""
    falls: bool = False
    words: Sequence[Word] = ()


class LabelReader:
    """Reads labels: which year, total, change, place and unit each speaks of."""

    def __init__(self, words: TableWords, lexicon: Lexicon) -> None:
        self.words, self.lexicon = words, lexicon
        self.topics = frozenset(cue for cues in lexicon.topics.values() for cue in cues)
        self._kind_of = words.kind_of()
        self._said = re.compile(alternatives(self._kind_of))
        self._counted = re.compile(rf"(?:{alternatives(words.counted)})$")
        units = alternatives(dict.fromkeys(lexicon.unit_of, ""))
        self._unit = re.compile(rf"(?:单位[:为]?)?\s*((?:[十百千]?[万亿])?(?:{units}))")
        self._in_brackets = re.compile(rf"\((?:计量)?{self._unit.pattern}\)|%$")
        earlier = alternatives(words.last_year)
        self._compared = re.compile(rf"[较比与](?:{earlier}|(?:19|20)\d\d年?度?)(?:{earlier})?(?:相比)?")

    def read(self, cell: Cell, found: Words, places: Places) -> Label:
        """The label of a cell; `found` are the lexicon's words of the whole text."""
        said, unit = self._without_unit(cell.text)
        label = Label(cell, set(), "", unit, words=found.within(cell.start, cell.end))
        said = self._take_change(said, label)
        if since := _SINCE.search(said) or _RANGE.search(said):
            label.since = int(since[1])
            label.years = tuple(int(year) for year in since.groups()[1:] if year)
            said = said.replace(since[0], "")
        if named := yearparts.named(said):
            label.part, words = named
            label.years += (label.part.year,) if label.part.year else ()
            said = said.replace(words, "")
        label.years += tuple(int(year[1]) for year in _YEAR.finditer(said))
        said = _YEAR.sub("", said)
        label.kinds |= {
            kind for match in self._said.finditer(said) if self._holds(kind := self._kind_of[match[0]], match, said)
        }
        said = self._said.sub(lambda match: match[0] if self._kind_of[match[0]] == "no_year" else "", said)
        said = _PUNCTUATION.sub("", said)
        if match := places.name.fullmatch(said):
            name = places.names[match[1]]
            label.place, label.among = name.code if name.needs != "list" and not name.short else None, name.among
            said = "" if label.place else said
        label.rest = said
        return label

    @staticmethod
    def _holds(kind: str, match: re.Match[str], said: str) -> bool:
        """目标 and 占比 count at the end of a label, 其中 at its beginning."""
        if kind == "within":
            return not _PUNCTUATION.sub("", said[: match.start()])
        return kind not in ("target", "share") or not said[match.end() :].strip("值数的情况()% ")

    def _take_change(self, said: str, label: Label) -> str:
        """较上年增减(%) is a change whatever is compared; 增长, 下降 are only where the label ends with them."""
        compared = self._compared.search(said)
        rest = said.replace(compared[0], "") if compared else said
        bare = rest.strip("()%± :情况")
        found = [match for match in self._said.finditer(bare) if self._kind_of[match[0]].startswith("change")]
        if found and (compared or found[-1].end() == len(bare)):
            word = found[-1][0]
            label.change, label.falls = self._kind_of[word], word in self.words.fall
            return bare[: found[-1].start()] + bare[found[-1].end() :]
        if compared and not _PUNCTUATION.sub("", rest):
            label.change = "change"
            return ""
        return said

    def _without_unit(self, said: str) -> tuple[str, str]:
        match = self._in_brackets.search(said)
        if match is None:
            return said, ""
        return said[: match.start()] + said[match.end() :], match[1] or "%"

    def counted(self, label: Label) -> str:
        """The unit that a label's last word names: 件 of 案件数, % of 办结率."""
        said = re.sub(r"\([^()]*\)$", "", label.cell.text).strip()
        match = self._counted.search(said)
        return self.words.counted[match[0]] if match else ""

    def units(self, said: str) -> list[str]:
        """The units that a caption (单位:人次、件) or a cell of a column of units names."""
        named = _UNIT_SAID.search(said)
        return [match[1] for match in self._unit.finditer(named[1])] if named else []

    def unit_of_cell(self, cell: Cell) -> str:
        """The unit that a cell consists of, or nothing."""
        match = self._unit.fullmatch(cell.text.strip("()"))
        return match[1] if match else ""
