"""What a paragraph has said so far, and what a figure takes over from those before it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from transforms.figures import Figure
from transforms.lexicon import Lexicon
from transforms.periods import Period

_REMEMBERED = 16
"""Figures a change or a target can refer back to; more than any list in a report has."""


@dataclass(slots=True)
class Memory:
    """What one paragraph has said so far.

    `coded` holds, by key_of(), the figure of each indicator and place that stands for the whole, one of the year and
    one for each running total;
    `previous` is the last figure that is no change, `whole` the last of these that is not introduced as a part (其中);
    `counted` those that are no bare shares; `future` a coming year that was named; `led_up`
    says that the last figure was an addition or an average.
    """

    coded: dict[tuple[object, ...], Figure] = field(default_factory=dict)
    previous: Figure | None = None
    whole: Figure | None = None
    counted: deque[Figure] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    future: Period | None = None
    led_up: bool = False

    def remember(self, figure: Figure) -> None:
        """Keep a figure that has been read; one in brackets (含结转9件) is an aside."""
        if figure.bracketed or figure.role.role == "change":
            return
        self.previous = figure
        if not figure.says_part:
            self.whole = figure
        if figure.code or figure.quantity.unit != "%":
            self.counted.append(figure)

    def remember_future(self, labels: Sequence[Period], report_year: int | None) -> None:
        """The coming year a sentence ended with (2026年实事 …) holds for what follows, up to another label."""
        named = [label for label in labels if label.kind != "name"]
        last = named[-1] if named else None
        ahead = last and last.kind == "year" and last.year is not None and report_year and last.year > report_year
        self.future = last if ahead else None


def key_of(code: str, figure: Figure) -> tuple[object, ...]:
    """What of `code` in one paragraph has one whole: 累计接收2310人 and 全年新接收290人 are a total and the year's."""
    return code, figure.owner.place, figure.role.since_year, figure.role.period == "cumulative"


def inherit(figure: Figure, memory: Memory) -> None:
    """Give a figure without words of its own the indicator of one before it.

    同比增长12% is a change of it, 低于15%的标准 a target for it, 2023年为57件 the same in another year,
    武冈市一地110件 of another place.
    """
    source = _source(figure, memory)
    if source is None:
        return
    figure.follows = source
    figure.code = source.measured if figure.elsewhere and not figure.role.direction else source.code
    if figure.code:
        figure.told_by = f"it follows {source.quantity.value:f}{source.quantity.unit}, which is {figure.code}"


_HUNDRED = Decimal(100)
_PROVES = Decimal("0.5")  # 占七成 may be many a share


def rate_of(figure: Figure, memory: Memory, lexicon: Lexicon) -> str | None:
    """The rate that a share of the figure before is, where its value proves it: 案件50件,已审结45件,占90%."""
    part = memory.previous
    if part is None or part.code is None:
        return None
    given = figure.quantity.value
    slack = min(figure.quantity.slack, _PROVES)
    for relation in lexicon.rates_of.get(part.code, ()):
        for code in relation.wholes:
            whole = memory.coded.get(key_of(code, part))
            if whole and whole.quantity.value:
                exact = _HUNDRED * part.quantity.value / whole.quantity.value
                if abs(exact - given) <= slack:
                    return relation.left
    return None


def _source(figure: Figure, memory: Memory) -> Figure | None:
    if figure.role.direction:
        return _changed(figure, memory)
    kind, previous = figure.quantity.kind, memory.previous
    if figure.role.role == "target":
        return next(
            (before for before in reversed(memory.counted) if before.code and before.quantity.kind == kind), None
        )
    if figure.elsewhere and kind and (previous is None or previous.quantity.kind != kind):
        # 化解纠纷6.3万件,成功率98%,其中兰州市2.9万件: of what was last counted in its unit
        return next((before for before in reversed(memory.counted) if before.quantity.kind == kind), None)
    if previous is None or not kind or previous.quantity.kind != kind:
        return None
    told, before = figure.role, previous.role
    other_time = (told.role, told.figure_year) != (before.role, before.figure_year)
    return previous if figure.elsewhere or other_time else None


def _changed(figure: Figure, memory: Memory) -> Figure | None:
    """The figure that a change is of: the last one, or of 收到113件、受理100件,分别增长25.6%、28.2% each its own."""
    if figure.nth_of and not figure.elsewhere and len(memory.counted) >= figure.nth_of[1]:
        number, length = figure.nth_of
        return memory.counted[number - length]
    return memory.counted[-1] if memory.counted else None


_FITS_BETTER = 8.0
"""How much better a frame must fit, in scores, to tell the whole from the part: most of a group of words."""


def set_part(figure: Figure, memory: Memory) -> None:
    """In one paragraph only one of several different figures of an indicator is the whole; the others have no code."""
    before = memory.previous
    if before is not None and before.code and _are_levels(figure, before):
        _take_for_part(before, figure)
        figure.code, figure.part = None, True
    if figure.code is None or figure.role.role != "actual" or figure.listed:
        return
    key = key_of(figure.code, figure)
    whole = memory.coded.setdefault(key, figure)
    if figure.quantity.kind == whole.quantity.kind == "percent" and not (figure.says_part or whole.says_part):
        return
    if whole.quantity.value == figure.quantity.value or _of_parts_of_the_year(figure, whole):
        return
    if figure.says_this_year and figure.role.since_year is None:
        whole.role, memory.coded[key] = whole.role._replace(period="cumulative"), figure
        return
    if _are_siblings(figure, whole, memory.previous):
        _take_for_part(figure, whole)
        if not whole.part:
            _take_for_part(whole, figure)
        memory.coded[key] = figure
        return
    if whole.part:
        memory.coded[key] = figure
        return
    part = figure
    if _is_the_whole(figure, whole):
        memory.coded[key], part, whole = figure, whole, figure
    _take_for_part(part, whole)


def _take_for_part(part: Figure, other: Figure) -> None:
    part.told_by = f"{part.code} is {other.quantity.value:f} in this paragraph; this is taken as a part of it"
    part.code, part.part = None, True


def sum_of_parts(figure: Figure, memory: Memory) -> str | None:
    """The indicator of 共67卷 after 处罚卷40卷、许可卷27卷: what its value proves to be the sum of has it no longer."""
    total, parts = Decimal(0), []
    for part in reversed(memory.counted):
        if part.quantity.kind != figure.quantity.kind or part.role.role != "actual":
            return None
        parts.append(part)
        total += part.quantity.value
        if total >= figure.quantity.value:
            break
    codes = {part.measured for part in parts if part.measured}
    if total != figure.quantity.value or len(parts) < 2 or len(codes) != 1:
        return None
    for part in parts:
        if part.code:
            _take_for_part(part, figure)
    return codes.pop()


def _are_levels(later: Figure, first: Figure) -> bool:
    """督察乡镇6个、部门8个, 区级中心1个、乡镇工作站13个: neither is the whole, unless its level has a code."""
    return (
        later.joined_before
        and later.level != ""
        and first.level not in ("", later.level)
        and later.quantity.kind == first.quantity.kind
        and not (first.has_a_whole or first.says_whole or later.says_whole or first.elsewhere or later.elsewhere)
    )


def _are_siblings(later: Figure, first: Figure, before: Figure | None) -> bool:
    """废止10件、失效6件: two parts side by side, each in words of its own, of which neither is the whole."""
    if before is not first or not later.joined_before:
        return False
    if later.says_whole or first.says_whole or later.says_part or later.unit_fits != first.unit_fits:
        return False
    if not later.matches or not first.matches or later.quantity.kind == "percent":
        return False
    words = [{word for word, _ in figure.matches[0].decided_by} for figure in (later, first)]
    return words[0].isdisjoint(words[1]) and abs(later.score - first.score) < _FITS_BETTER


def _is_the_whole(later: Figure, first: Figure) -> bool:
    """Whether the later of two figures is the whole: 化解重大纠纷46件 … 全年化解矛盾纠纷3.2万件.

    What is told of the year goes before what is told of a month or a campaign, the region's before 市本级, then what is
    counted in the indicator's own unit, what says that it is the whole, what fits better, and the larger; of two rates
    the first.
    """
    if _of_the_year(later) != _of_the_year(first):
        return _of_the_year(later)
    if (later.owner.scope == "region") != (first.owner.scope == "region"):
        return later.owner.scope == "region"
    if later.says_part or first.says_part:
        # 常务会议21次,其中研究法治3次: what the indicator counts is the part
        return not later.says_part or later.score - first.score >= _FITS_BETTER
    if later.unit_fits != first.unit_fits:  # 培育法律明白人1260名,全年培训3400人次: people are counted, not visits
        return later.unit_fits
    if later.says_whole != first.says_whole:
        return later.says_whole
    if abs(later.score - first.score) >= _FITS_BETTER:
        return later.score > first.score
    return later.quantity.kind != "percent" and later.quantity.value > first.quantity.value


def _of_parts_of_the_year(one: Figure, other: Figure) -> bool:
    """上半年231件,下半年319件: neither is the whole."""
    parts = ("half_year", "quarter", "month", "months")
    return one.role.period in parts and other.role.period in parts


def _of_the_year(figure: Figure) -> bool:
    return figure.role.period in ("year", "cumulative")


def forget_parts(figures: Iterable[Figure]) -> None:
    """What followed a figure that turned out to be a part (涉企案件34件,增长两成) is of no indicator either."""
    for figure in figures:
        source = figure.follows
        if source is not None and source.part and figure.code == source.measured and not figure.elsewhere:
            figure.code = None
