"""Who reports on which region and year, told from the document itself; a hint fills only what it doesn't say.

The story: take the evidence (title line, header table, first-person words, signature, places named), see
that it is a report on the rule of law, tell the year, tell the region, name the body. What can't be told is
never guessed: `Quarantined` says what was found, what was expected and what to do.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sources.bodies import (
    body_in_title,
    in_charge_of,
    is_body,
    last_of_joint,
    official_name,
    region_prefix,
    regions_of_body,
    speaker,
)
from sources.dates import first_date, plain_digits
from sources.document import Document, Identity
from sources.front_matter import FrontMatter, read_front_matter, title_worth, without_site_name
from sources.places import Place, county_stem_codes, find_places, tell_apart
from sources.quarantine import Quarantined, Reason
from sources.regions import regions
from sources.report_year import ToldYear, tell_year
from sources.wording import wording

# A report is a few thousand characters; what is longer is identified by its beginning and its end.
_HEAD_READ, _TAIL_READ = 40_000, 4_000
_LEAD = re.compile(
    r"现将?(?:(?P<who>我[省市县区州旗盟镇乡局厅委办院处队]|我街道|本[局市县区])|(?P<name>[\u4e00-\u9fff]{2,20}?))?的?"
    r"(?P<what>(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年[^。;；,，:：\n]{2,40}?)"
    r"(?P<form>报告|汇报|总结|通报|公布|公开|公示)如下"
)
_SELF = re.compile(r"我(?P<kind>[省市县区州旗盟镇乡局厅委办院]|街道)")
_LEVEL_WORDS = re.compile(r"(?P<self>我)?(?P<all>全)?(?P<level>[省市县区州旗盟])(?P<organ>委|政府|司法局|直|本级|级)?")
_WHOLE_REGION = re.compile(r"全[省市县区州旗盟镇乡]")
_COUNTED = re.compile(r"\d[\d.,]*[余多]?[万亿]?[余多]?(?:[件人次个名场起份项条家%]|万元|亿元)")
_FEW_FIGURES = 3
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SAMPLE_MARKER = "合成样本"
_STRENGTH = {"full": 1.0, "short": 0.3, "slogan": 2.0}
_CLEAR_LEAD = 1.3


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known about a document apart from it: from folder names or a sidecar file."""

    region_code: str | None = None
    report_year: int | None = None
    publisher: str | None = None
    title: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the document says about itself, before anything is concluded."""

    text: str
    front: FrontMatter
    title: str | None
    lead: re.Match[str] | None
    published: date | None
    places: Sequence[Place]

    @property
    def bodies(self) -> Iterable[str]:
        """Bodies the document names as its own, the most telling first."""
        front = self.front
        candidates = (
            front.byline,
            body_in_title(self.title) if self.title else None,
            front.fields.get("publisher"),
            front.signed_by,
            front.fields.get("source"),
            front.site,
        )
        return [last_of_joint(name) for name in candidates if name and is_body(last_of_joint(name))]


def identify(document: Document, hint: Hint = Hint()) -> Identity:
    """Publisher, region, year, title and publication date of a document.

    Raises Quarantined with NOT_A_REPORT, UNKNOWN_YEAR or UNKNOWN_REGION; also where a hint contradicts what
    the document says, naming both.
    """
    evidence = _take_evidence(document)
    if not _is_report(evidence):
        raise Quarantined(
            Reason.NOT_A_REPORT,
            "found no report on the rule of law (法治政府建设, 行政复议, 人民调解, 政府信息公开 …) in the text; "
            "expected a year's report of a public body; remove the file or name the body's report instead",
            region_code=hint.region_code,
            report_year=hint.report_year,
        )
    published = evidence.published or hint.published
    year = _year(evidence, published, hint)
    code = _region(evidence, year, hint)
    if not isinstance(year, int):
        year.region_code = code
        raise year
    publisher = _publisher(evidence, code) or hint.publisher or f"{region_prefix(code)}(未署名)"
    return Identity(
        title=_title(evidence, code, publisher) or hint.title or f"{publisher}{year}年度报告(原文无标题)",
        publisher=publisher,
        region_code=code,
        report_year=year,
        published=published,
        synthetic=_SAMPLE_MARKER in document.text,
    )


def _take_evidence(document: Document) -> _Evidence:
    text = document.text
    if len(text) > _HEAD_READ + _TAIL_READ:
        text = f"{text[:_HEAD_READ]}\n{text[-_TAIL_READ:]}"
    text = _CONTROL.sub(" ", plain_digits(text))
    front = _with_meta(read_front_matter(text), document)
    page_title = without_site_name(document.meta.get("title", ""))
    titles = [title for title in (front.title, front.fields.get("title"), page_title) if title]
    fields = front.fields
    stated = (fields.get("published"), document.meta.get("published"), fields.get("issued"))
    published = next((day for written in stated if written and (day := first_date(written))), None)
    return _Evidence(
        text=text,
        front=front,
        title=max(titles, key=title_worth, default=None),
        lead=_LEAD.search(text),
        published=published or front.dateline or front.signed_on,
        places=find_places(text),
    )


def _with_meta(front: FrontMatter, document: Document) -> FrontMatter:
    """The page's own statement of its source stands in for a header table without one."""
    fields = {**front.fields}
    if publisher := document.meta.get("publisher"):
        fields.setdefault("source", publisher)
    return FrontMatter(front.title, front.byline, fields, front.dateline, front.signed_by, front.signed_on, front.site)


def _is_report(evidence: _Evidence) -> bool:
    """A report names its subject and looks back over a period, or counts for a whole region.

    A news item (市司法局 distributes leaflets on a square) has the subject but neither.
    """
    words = wording()
    title, text = evidence.title or "", evidence.text
    subjects = sum(word in text or word in title for word in words["subject"])
    looks_back = any(word in text or word in title for word in words["summary"])
    titled = any(form in title for form in words["form"]) or bool(evidence.lead)
    counts_for_region = bool(_WHOLE_REGION.search(text)) and len(_COUNTED.findall(text)) >= _FEW_FIGURES
    return bool(subjects) and (titled or counts_for_region or (subjects >= 2 and looks_back) or subjects >= 4)


def _year(evidence: _Evidence, published: date | None, hint: Hint) -> int | Quarantined:
    headings = [evidence.title or "", evidence.lead["what"] if evidence.lead else ""]
    told = tell_year(headings, evidence.text.replace(headings[0], "", 1), published)
    if told.stated and told.year and hint.report_year not in (None, told.year):
        return _unknown_year(
            f"{told.found} ({told.year}), the hint says {hint.report_year}; expected one year; correct the hint "
            f"or move the file",
            hint,
        )
    settled = told.year if told.stated and told.year else hint.report_year or told.year
    return settled or _unknown_year(_what_to_do_for_year(told), hint)


def _what_to_do_for_year(told: ToldYear) -> str:
    return f"found {told.found}; expected the year reported on; name it by a folder region/year or a hint file"


def _unknown_year(detail: str, hint: Hint) -> Quarantined:
    return Quarantined(Reason.UNKNOWN_YEAR, detail, region_code=hint.region_code, report_year=hint.report_year)


def _region(evidence: _Evidence, year: int | Quarantined, hint: Hint) -> str:
    known_year = year if isinstance(year, int) else None
    codes = _region_candidates(evidence, known_year)
    if known_year:
        codes = tuple(dict.fromkeys(regions().in_year(code, known_year) for code in codes))
    if hint.region_code:
        return _with_hint(codes, hint.region_code, known_year)
    if len(codes) == 1:
        return codes[0]
    found = " or ".join(f"{regions().full_name(code)} {code}" for code in codes[:4]) or "no place as its own"
    raise Quarantined(
        Reason.UNKNOWN_REGION,
        f"found {found}; expected one region of GB/T 2260; name it by a folder region/year or a hint file",
        report_year=known_year or hint.report_year,
    )


def _with_hint(codes: Sequence[str], hinted: str, year: int | None) -> str:
    if hinted not in regions():
        raise Quarantined(
            Reason.UNKNOWN_REGION,
            f"found region code {hinted} in the hint; expected a code of GB/T 2260; correct the hint",
            report_year=year,
        )
    in_year = regions().in_year(hinted, year) if year else hinted
    if not codes or in_year in codes or hinted in codes:
        return in_year
    found = " or ".join(f"{regions().full_name(code)} {code}" for code in codes[:4])
    raise Quarantined(
        Reason.UNKNOWN_REGION,
        f"the document is of {found}, the hint says {regions().full_name(hinted)} {hinted}; expected one region; "
        "correct the hint or move the file",
        report_year=year,
    )


def _region_candidates(evidence: _Evidence, year: int | None) -> tuple[str, ...]:
    """Codes the document may be of: by the names it carries, or failing these by what its text speaks of."""
    named = [codes for codes in map(_codes_named, _carried_names(evidence)) if codes]
    if not named:
        return _most_spoken_of(evidence, year)
    candidates = named[0]
    for other in named[1:]:
        candidates = tuple(code for code in candidates if code in other) or candidates
    return tell_apart(candidates, evidence.places, year)


def _carried_names(evidence: _Evidence) -> list[str]:
    """Strings that name the report's own place, the most telling first; a parent's web site comes last."""
    lead = (evidence.lead["name"] if evidence.lead else None) or ""
    title = evidence.title or ""
    if not find_places(title) and (codes := county_stem_codes(title)):
        spoken = {code for place in evidence.places for code in place.codes if place.strength == "full"}
        title = "".join(regions()[code].name_zh for code in codes if code in spoken) or title
    return [title, lead, *(name for name in evidence.bodies if name not in title)]


def _codes_named(name: str) -> tuple[str, ...]:
    body = name if is_body(name) else body_in_title(name)
    if body and (codes := regions_of_body(body)):
        return codes
    places = find_places(name)
    full = [place for place in places if place.strength == "full"]
    return (full or places)[0].codes if places else ()


def _most_spoken_of(evidence: _Evidence, year: int | None) -> tuple[str, ...]:
    """The region the text speaks of most, weighed by where and how it is named and by the level it speaks at."""
    level = _own_level(evidence.text)
    votes: Counter[str] = Counter()
    for place in evidence.places:
        codes = tell_apart(place.codes, evidence.places, year) if place.strength == "full" else place.codes
        for code in codes:
            early = 2.0 if place.start < 300 or place.end > len(evidence.text) - 100 else 1.0
            fits = 1.0 if level is None or _at_level(code, level) else 0.1
            votes[code] += _STRENGTH[place.strength] * early * fits / len(codes)  # type: ignore[assignment]
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 1.0:
        return ()
    if len(ranked) > 1 and ranked[0][1] < _CLEAR_LEAD * ranked[1][1]:
        return tuple(code for code, _ in ranked)
    return (ranked[0][0],)


def _own_level(text: str) -> str | None:
    """省, 市, 县, 区, 州, 旗, 盟 or 乡 (for a township): the level at which the text speaks of itself."""
    votes: Counter[str] = Counter()
    for match in _LEVEL_WORDS.finditer(text):
        weight = 5 * bool(match["self"]) + 3 * bool(match["all"]) + bool(match["organ"])
        if weight:
            votes[match["level"]] += weight
    for match in _SELF.finditer(text):
        if match["kind"] in ("镇", "乡", "街道"):
            votes["乡"] += 5
    return votes.most_common(1)[0][0] if votes else None


def _at_level(code: str, level: str) -> bool:
    region = regions()[code]
    if level == "乡":
        return region.level == "county"
    return region.name_zh.endswith(level)


def _publisher(evidence: _Evidence, code: str) -> str | None:
    """The reporting body under its official name; None where nothing says who it is."""
    for name in evidence.bodies:
        own = regions_of_body(name)
        if not own or code in _of_that_year(own, code):
            return official_name(name, code)
    if spoken := _speaks_as(evidence):
        return official_name(spoken, code)
    lead = evidence.lead[0] if evidence.lead and evidence.lead["name"] else ""
    for heading in (evidence.title or "", lead):
        if code in _of_that_year(_codes_named(heading), code):
            return official_name(in_charge_of(heading), code)
    return None


def _of_that_year(codes: Iterable[str], code: str) -> set[str]:
    """`codes`, with `code` itself where one of them is the same place under an earlier code."""
    same = {code for other in codes if regions()[other].stem == regions()[code].stem}
    return {*codes, *same}


def _speaks_as(evidence: _Evidence) -> str | None:
    """The body behind 我局, 我委, 我院 …: the one of that ending which the text speaks of."""
    selves = Counter(match["kind"] for match in _SELF.finditer(evidence.text))
    if evidence.lead and evidence.lead["who"]:
        selves[evidence.lead["who"][1:]] += 10
    kind = selves.most_common(1)[0][0] if selves else None
    if kind in ("局", "厅", "委", "办", "院"):
        return speaker(evidence.text, kind)
    return "人民政府" if kind and kind in "省市县区州旗" else None


def _title(evidence: _Evidence, code: str, publisher: str) -> str | None:
    """The title as written; without a title line the words of 现将我局2024年度…报告如下, 我局 resolved."""
    if evidence.title:
        return evidence.title
    lead = evidence.lead
    if lead is None:
        return None
    who = lead["who"] or ""
    subject = region_prefix(code) if who[1:2] and who[1:2] in "省市县区州旗盟" else lead["name"] or publisher
    form = lead["form"] if lead["form"] in ("报告", "汇报", "总结", "通报") else "报告"
    what = _SELF.sub("", lead["what"]).removesuffix("的").removesuffix(form)
    return f"{subject}{what}{form}"
