"""The parts of a report: which passages tell of the year, of its problems, of next year's plan.

The genre is set by 《法治政府建设与责任落实督察工作规定》 and custom: 一、主要做法和成效 … 二、存在的问题 …
三、下一年度打算. A figure in the plan is `plan`, whatever its sentence says.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

_HEADING = re.compile(
    r"[\n。;][ \t]*"
    r"(?P<mark>第[一二三四五六七八九十]部分|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)"
    r"|(?<=[\n\t ])\d{1,2}(?:、|\.(?!\d)))"
    r"(?P<title>[^。\n]{0,40})"
)
_PLAN = re.compile(
    r"打算|下一?步|下一?年|明年|展望|工作(?:计划|安排|思路|重点|目标|谋划|措施)|今后|努力方向|"
    r"(?<=20\d\d年)(?:重点|主要)?(?:工作)?(?:任务|举措)"
)
# A paragraph that says what it is about in its first words: 主要问题:一是2个镇没有通过验收;
# 工作虽有成效,但也存在一些不足:…
_PARAGRAPH_OF_PROBLEMS = re.compile(
    r"\n(?:[^\n。]{0,60}?(?:存在|还有|面临))?[ \t]*(?:一些|一定的?|不少|以下|的|主要|突出|当前|工作|中){0,3}"
    r"(?:问题|不足|困难|短板|差距)(?:[和与及、](?:问题|不足|困难|短板|差距))*(?:主要)?(?:是|有|为)?[:。,][^\n]*"
)
_PROBLEMS = re.compile(r"问题|不足|困难|短板|薄弱")
_SHORT_TITLE = 16
_YEAR = re.compile(r"(20\d\d)年")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text from `start` to the next section; `kind` is year, problems or plan."""

    start: int
    kind: str


def sections(text: str, report_year: int | None = None) -> list[Section]:
    """The sections of a normalised text in order; the first begins at 0.

    Only a heading of the same or a higher rank ends a part: (一) within 三、2026年工作打算 is still plan.
    """
    found = [Section(0, "year")]
    rank = 9
    for match in _HEADING.finditer(f"\n{text}"):  # offsets are one too high, which is that of the mark before
        own_rank = 2 if match["mark"].startswith("(") else 3 if match["mark"][0].isdigit() else 1
        kind = _kind(match["title"].split(",")[0], report_year)
        if own_rank == 3 and (kind != "plan" or len(match["title"]) > _SHORT_TITLE):
            kind = "year"  # 1. 执法自查问题111个,整改106个: items are numbered too
        if own_rank <= rank or kind != "year":
            if kind != found[-1].kind:
                found.append(Section(max(0, match.start() - 1), kind))
            rank = own_rank if kind != "year" else 9
    return _with_paragraphs_of_problems(text, found)


def _with_paragraphs_of_problems(text: str, found: list[Section]) -> list[Section]:
    """The sections, a paragraph that begins with 主要问题: being one of its own."""
    for match in _PARAGRAPH_OF_PROBLEMS.finditer(f"\n{text}"):
        start, end = match.start(), match.end() - 1
        before = [section for section in found if section.start <= start]
        after = [section for section in found if section.start > end]
        found = [*before, Section(start, "problems"), Section(end, before[-1].kind), *after]
    return found


def _kind(title: str, report_year: int | None) -> str:
    problem, plan = _PROBLEMS.search(title), _PLAN.search(title)
    if problem and not (plan and plan.start() < problem.start()):
        return "problems"
    year = _YEAR.search(title)
    if plan:
        return "year" if year and report_year and int(year[1]) <= report_year else "plan"
    # 三、2025年重点工作, in the report on 2024
    return "plan" if year and report_year and int(year[1]) == report_year + 1 else "year"


class SectionKinds:
    """Looks up the kind of section at an offset."""

    def __init__(self, found: list[Section]) -> None:
        self._starts = [section.start for section in found]
        self._kinds = [section.kind for section in found]

    def at(self, offset: int) -> str:
        """year, problems or plan."""
        return self._kinds[bisect_right(self._starts, offset) - 1]
