"""What stands around the prose of a report: title line, header table, byline, signature and its date.

Everything here is read as written; whose name and which place it is, is for `identify` to say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from sources.bodies import body_in_title, is_body
from sources.dates import find_dates, first_year
from sources.places import find_places, is_place
from sources.wording import wording

_LOOKED_AT = 40  # lines before the prose; a longer header is a page's navigation
_TAIL_LINES = 15
_LONGEST_TITLE = 80
_DECORATION = " \t\u3000\xa0#*《》【】|-—_·>"
# Each run of spaces or dashes is looked at once, from its beginning.
SITE_NAME = re.compile(r"[_|]|(?<=\s)[-–—]++(?=\s)|(?<![-–—])[-–—]++(?=[^-–—]*(?:网|网站|政府|门户|平台)$)")
_TITLE_GOES_ON = re.compile(r"(?:关于|年度?|的|人民政府|[局厅委办处院]|街道|镇|乡|管委会)$")
# The column of a site or paper before a title: 【年度报告】X县2024年….
_COLUMN = re.compile(r"^[【\[][^【】\[\]]{1,12}[】\]](?=.{5})")
_MOST_LINES_OF_TITLE = 4
_TITLE_ENDS = re.compile(rf"(?:{'|'.join(wording()['form'])})[)）》]?$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Parts found around the prose, None or empty where the document has none.

    `fields` holds the header table's values by kind: title, publisher, source, published, issued.
    `byline` is a body alone or with a date on a line under the title; `site` one above it (a letterhead, a
    site's name). `dateline` is a date before the prose that belongs to no label, `signed_by` and `signed_on` the
    signature.
    """

    title: str | None
    byline: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    dateline: date | None = None
    signed_by: str | None = None
    signed_on: date | None = None
    site: str | None = None


def read_front_matter(text: str) -> FrontMatter:
    """Find the parts around the prose of `text`."""
    lines = [line for line in map(_bare, text.split("\n")) if line]
    head, tail = _head(lines), lines[-_TAIL_LINES:]
    fields = _fields([*tail, *head])
    plain = [line for line in head if "|" not in line and not _labels().search(line) and not _is_furniture(line)]
    title, above, under = _title(plain)
    signed_by, signed_on = _signature([line for line in tail if not _is_furniture(line)])
    return FrontMatter(
        title=title,
        byline=next(filter(is_body, map(_without_date, under)), None),
        fields=fields,
        dateline=next(_loose_dates(head), None),
        signed_by=signed_by,
        signed_on=signed_on,
        site=next((body for line in above if is_body(body := line.removesuffix("文件"))), None),
    )


def _without_date(line: str) -> str:
    """X县司法局 of `X县司法局 2025年1月16日`."""
    found = next(find_dates(line), None)
    return (line[: found.start] + line[found.end :]).strip(_DECORATION + "()（）") if found else line


def _bare(raw: str) -> str:
    """A line without what decorates it; the empty cells at the ends of a table row are kept, so that columns stay."""
    line = _COLUMN.sub("", raw.strip()).strip(_DECORATION)
    return raw.strip() if "|" in line else line


def without_site_name(title: str) -> str:
    """A page title without the site's name: X县2024年报告_X县人民政府门户网站 is X县2024年报告."""
    parts = [part for part in map(str.strip, SITE_NAME.split(title)) if part]
    return max(parts, key=title_worth, default="").strip(_DECORATION)


def title_worth(line: str) -> int:
    """How much a line looks like the title of a report."""
    words = wording()
    return (
        3 * any(form in line for form in words["form"])
        + 2 * any(subject in line for subject in words["subject"])
        + 2 * (first_year(line) is not None)
        + (body_in_title(line) is not None or bool(find_places(line)))
    )


def _head(lines: Sequence[str]) -> list[str]:
    """The lines before the first one of prose."""
    head: list[str] = []
    for line in lines[:_LOOKED_AT]:
        if _is_prose(line):
            break
        head.append(line)
    return head


def _is_prose(line: str) -> bool:
    if "。" not in line and (_labels().search(line) or _compact(line.split("|", maxsplit=1)[0]) in _label_kinds()):
        return False
    return "。" in line or len(line) > 100 or (len(line) > 25 and line.count("，") + line.count(",") > 0)


def _title(lines: Sequence[str]) -> tuple[str | None, Sequence[str], Sequence[str]]:
    """The title with the lines above and below it; a title broken over two lines is joined."""
    best: tuple[tuple[int, bool], str, int, int] | None = None
    for first, line in enumerate(lines):
        for last, candidate in _readings(lines, first, line):
            worth = title_worth(candidate), bool(_TITLE_ENDS.search(candidate))
            if _could_be_title(candidate) and (best is None or worth > best[0]):
                best = (worth, candidate, first, last)
    if best is None:
        return None, (), lines
    return best[1], lines[: best[2]], lines[best[3] + 1 :]


def _readings(lines: Sequence[str], first: int, line: str) -> Iterator[tuple[int, str]]:
    """A line as it stands, then with the lines that go on with it, each with the last line it takes."""
    yield first, line
    joined = line
    for last in range(first + 1, min(first + _MOST_LINES_OF_TITLE, len(lines))):
        following = lines[last]
        if not _goes_on(joined) or is_body(following) or body_in_title(following):
            return
        if (places := find_places(following)) and places[0].start == 0:
            return
        joined += following
        yield last, joined


def _goes_on(line: str) -> bool:
    """Whether a title is unfinished at the end of `line`: 隆回县司法局, 关于隆回县2024年度法治政府, …建设工."""
    if _TITLE_GOES_ON.search(line) or is_place(line):
        return True
    begun = "关于" in line or (first_year(line) is not None and title_worth(line) > 3)
    return begun and not _TITLE_ENDS.search(line) and next(find_dates(line), None) is None


def _could_be_title(line: str) -> bool:
    if not 5 <= len(line) <= _LONGEST_TITLE or line.endswith((":", "：", "；", ";")) or is_body(line):
        return False
    if re.match(r"^[（(]?[一二三四五六七八九十]+[、)）]", line):
        return False
    date_only = next(find_dates(line), None)
    return not (date_only and date_only.end - date_only.start > len(line) - 6) and title_worth(line) > 0


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """Values of the header table by kind; the first line that gives one wins, the head before the tail.

    Of two on a line (作者:县司法局 来源:X县人民政府网) a body is preferred.
    """
    fields: dict[str, str] = {}
    for line in _unfolded(lines):
        of_line: dict[str, str] = {}
        for kind, value in _labelled(line):
            if not (kind in of_line and is_body(of_line[kind])):
                of_line[kind] = value
        fields |= of_line
    return fields


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    """The lines, a row of labels over a row of values made one row of both: `文号 | 发布机构` over `无 | X县司法局`."""
    for line, following in pairwise([*lines, ""]):
        labels, values = ([cell.strip(_DECORATION) for cell in row.split("|")] for row in (line, following))
        if len(labels) > 1 and all(_compact(label) in _label_kinds() for label in labels):
            yield " | ".join(f"{label} | {value}" for label, value in zip(labels, values, strict=False))
        else:
            yield line


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    """Pairs of a line such as `发布机构: | X县司法局 | 发布日期:2025-01-16` or `来源:X县司法局 时间:2025-01-16`."""
    cells = [cell.strip(_DECORATION) for cell in re.split(r"[|\t]", line)]
    for position, cell in enumerate(cells):
        found = list(_labels().finditer(cell))
        if len(cells) > 1 and not found and (kind := _label_kinds().get(_compact(cell))):
            yield from _value(kind, cells[position + 1 : position + 2])
        for match, following in pairwise([*found, None]):
            if match is None:
                continue
            kind = _label_kinds()[_compact(match["label"])]
            value = cell[match.end() : following.start() if following else None].strip(_DECORATION)
            yield from _value(kind, [value] if value else cells[position + 1 : position + 2])


def _value(kind: str, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for value in cells:
        if value and kind != "other" and not _labels().search(value) and _compact(value) not in _label_kinds():
            yield kind, value


def _loose_dates(head: Sequence[str]) -> Iterator[date]:
    """Dates of short lines that no label claims for something else, as in `2025-01-20 来源:X日报`."""
    for line in head:
        labels = list(_labels().finditer(line))
        for found in find_dates(line) if len(line) < 60 else ():
            before = [label for label in labels if label.end() <= found.start]
            if not before or _label_kinds()[_compact(before[-1]["label"])] in ("source", "publisher"):
                yield found.day


def _signature(lines: Sequence[str]) -> tuple[str | None, date | None]:
    """Who signed and when: `X县司法局 2025年1月16日` on one line or two, also at the end of the last sentence."""
    for position in range(len(lines) - 1, -1, -1):
        line = lines[position]
        if _labels().search(line):
            continue
        tail = re.split(r"[。;；!！]", line)[-1] if "。" in line else line
        dates = list(find_dates(tail))
        if not dates or len(tail) > 60:
            continue
        rest = (tail[: dates[-1].start] + tail[dates[-1].end :]).strip(_DECORATION + "()（）")
        if rest and not is_body(rest):
            continue
        before = lines[position - 1].strip("()（）") if position else ""
        return rest or (before if is_body(before) else None), dates[-1].day
    alone = next((line for line in reversed(lines[-3:]) if is_body(line)), None)
    return alone, None


def _is_furniture(line: str) -> bool:
    return len(line) < 60 and any(word in line for word in wording()["furniture"])


def _compact(label: str) -> str:
    return re.sub(r"[\s\u3000\xa0::]", "", label)


@cache
def _label_kinds() -> Mapping[str, str]:
    words = wording()
    return {w: kind.removeprefix("label_") for kind in words if kind.startswith("label_") for w in words[kind]}


@cache
def _labels() -> re.Pattern[str]:
    """A label with its colon; its characters may be spaced out (索 引 号:)."""
    spaced = [r"[ \u3000\xa0]*".join(label) for label in sorted(_label_kinds(), key=len, reverse=True)]
    return re.compile(rf"(?<![\u4e00-\u9fff])(?P<label>{'|'.join(spaced)})[ \u3000\xa0]*[:：]")
