"""Who reports on which region and year, told from the document itself; a hint fills only what it doesn't say.

The story: take the evidence (title line, header table, first-person words, signature, places named, the site it stands
on), see that it is a report of a year on the rule of law, tell the year, tell the region, name the body. What can't be
told is never guessed: `Quarantined` says what was found, what was expected and what to do. What is told comes with a
confidence (sources/evidence.py) and the reasons for it.

Departments, townships, development zones, courts and procuratorates belong to the county or city they are named after
or, where they name none, to the one their text speaks of.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from sources.bodies import (
    body_in_title,
    in_charge_of,
    is_body,
    last_of_joint,
    official_name,
    region_prefix,
    regions_of_body,
    speaker,
    zone_in_title,
)
from sources.dates import first_date, plain_digits
from sources.document import Document, Identity
from sources.evidence import Clue, confidence
from sources.front_matter import FrontMatter, read_front_matter, title_worth, without_site_name
from sources.places import Place, body_of_stem, county_stem_codes, find_places
from sources.quarantine import Quarantined, Reason
from sources.regions import regions
from sources.report_region import RegionEvidence, ToldRegion, named, selves, tell_region, without_self
from sources.report_year import ToldYear, other_than_a_year, tell_year
from sources.simplified import simplified
from sources.wording import wording

# A report is a few thousand characters; what is longer is identified by its beginning and its end.
_HEAD_READ, _TAIL_READ = 40_000, 4_000
_LEAD = re.compile(
    r"现将?(?:(?P<who>我[省市县区州旗盟镇乡局厅委办院处队]|我街道|本[局市县区])|(?P<name>[\u4e00-\u9fff]{2,20}?))?的?"
    r"(?P<what>(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年[^。;；,，:：\n]{2,40}?)"
    r"(?P<form>报告|汇报|总结|通报|公布|公开|公示)如下"
)
_WHOLE_REGION = re.compile(r"全[省市县区州旗盟镇乡]")
_COUNTED = re.compile(r"(?<![\d.,])\d[\d.,]*+[余多]?[万亿]?[余多]?(?:[件人次个名场起份项条家%]|万元|亿元)")
_FEW_FIGURES = 3
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SAMPLE_MARKER = "合成样本"
# Of a title line that looks back on a year or a subject nothing better need be sought in the page's own title.
_GOOD_TITLE = 5
# Identifiers of government web sites begin with the code of the region (国办函〔2016〕98号).
_SITE_CODE = re.compile(r"网站标识码\s*[:：]?\s*(?P<code>\d{6})\d{4}")
_SPACED_OUT = re.compile(r"(?:\S[ \u3000]+){5,}\S")
# Letters that recognition takes for digits: 2O24年, 2025年l月.
_LETTER_AS_DIGIT = (
    (re.compile(r"(?<=\d)[Oo](?=[\dOo年月日])"), "0"),
    (re.compile(r"(?<=[年月\d])[lI](?=[\d月日])"), "1"),
)


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
    """What the document says about itself, before anything is concluded.

    All but `written` is in simplified characters; that is the text as it stands, as long as `text`.
    """

    text: str
    written: str
    front: FrontMatter
    title: str | None
    lead: re.Match[str] | None
    published: date | None
    places: Sequence[Place]

    page_title: str | None
    site: str | None
    host: str

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

    @property
    def headings(self) -> dict[str, str]:
        """What may name the year, by source, the title first."""
        found = {"title": self.title, "lead": self.lead["what"] if self.lead else None, "page_title": self.page_title}
        return {source: heading for source, heading in found.items() if heading}


def identify(
    document: Document, hint: Hint = Hint(), *, configured: Collection[str] | None = None, today: date | None = None
) -> Identity:
    """Publisher, region, year, title and publication date of a document.

    `configured` are the codes a run is for: they tell namesakes apart where nothing else does. A publication date
    later than `today` is noted among the reasons. The day of publication is that of the header table or the page's
    own statement, failing these the header's date of issue, a date before the prose, the signature's.

    Raises Quarantined with NOT_A_REPORT, UNKNOWN_YEAR or UNKNOWN_REGION; also where a hint contradicts what
    the document says or the document itself, naming both.
    """
    evidence = _take_evidence(document)
    _check_is_report(evidence, hint)
    published = evidence.published or hint.published
    told_year = _tell_year(evidence, published)
    year = _year(told_year, hint)
    told_region = _tell_region(evidence, year if isinstance(year, int) else None, configured)
    code = _region(told_region, year, hint)
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
        confidence=_confidence(told_region, told_year, code, year, hint),
        reasons=tuple(_reasons(told_region, told_year, code, year, published, hint, today)),
    )


def explain_identity(
    document: Document, hint: Hint = Hint(), *, configured: Collection[str] | None = None
) -> list[str]:
    """What a document is identified as and why, or why not, a line each."""
    try:
        identity = identify(document, hint, configured=configured)
    except Quarantined as error:
        return [f"quarantined as {error.reason.value}: {error.detail}"]
    return [
        f"title: {identity.title}",
        f"publisher: {identity.publisher}",
        f"published: {identity.published or 'unknown'}",
        f"confidence: {identity.confidence:.2f}",
        *identity.reasons,
    ]


def _take_evidence(document: Document) -> _Evidence:
    text = document.text
    if len(text) > _HEAD_READ + _TAIL_READ:
        text = f"{text[:_HEAD_READ]}\n{text[-_TAIL_READ:]}"
    written = _as_meant(_CONTROL.sub(" ", plain_digits(text)))
    text = simplified(written)
    front = _with_meta(read_front_matter(text), document)
    page_title = without_site_name(simplified(plain_digits(document.meta.get("title", "")))) or None
    titles = [title for title in (front.title, front.fields.get("title"), page_title) if title]
    good = (title for title in titles if title_worth(title) >= _GOOD_TITLE)
    title = next(good, None) or max(titles, key=title_worth, default=None)
    fields = front.fields
    stated = (fields.get("published"), document.meta.get("published"), fields.get("issued"))
    published = next((day for written in stated if written and (day := first_date(written))), None)
    return _Evidence(
        text=text,
        written=written,
        front=front,
        title=title,
        lead=_LEAD.search(text),
        published=published or front.dateline or front.signed_on,
        places=find_places(text),
        page_title=page_title if page_title != title else None,
        site=simplified(document.meta.get("site", "")) or None,
        host=_host(document.meta.get("url", "")),
    )


def _as_meant(text: str) -> str:
    """The text without what recognition and typesetting put into it: spaced-out lines, letters for digits."""
    if _SPACED_OUT.search(text):
        text = "\n".join(map(_closed_up, text.split("\n")))
    for letter, digit in _LETTER_AS_DIGIT:
        text = letter.sub(digit, text)
    return text


def _closed_up(line: str) -> str:
    """隆 回 县 2 0 2 4 年 is 隆回县2024年; lines with words between their spaces stay."""
    parts = line.split()
    spaced = len(parts) > 5 and sum(len(part) == 1 for part in parts) > 0.7 * len(parts)
    return "".join(parts) if spaced else line


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # not an address at all
        return ""


def _with_meta(front: FrontMatter, document: Document) -> FrontMatter:
    """The page's own statement of its source stands in for a header table without one."""
    fields = {**front.fields}
    if publisher := document.meta.get("publisher"):
        fields.setdefault("source", simplified(publisher))
    return replace(front, fields=fields)


def _check_is_report(evidence: _Evidence, hint: Hint) -> None:
    other = next(filter(None, map(other_than_a_year, list(evidence.headings.values())[:1])), None)
    if other is None and _is_report(evidence):
        return
    found = other or "no report on the rule of law (法治政府建设, 行政复议, 人民调解, 政府信息公开 …) in the text"
    raise Quarantined(
        Reason.NOT_A_REPORT,
        f"found {found}; expected a year's report of a public body; remove the file or name the body's report instead",
        region_code=hint.region_code,
        report_year=hint.report_year,
    )


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


def _tell_year(evidence: _Evidence, published: date | None) -> ToldYear:
    headings = evidence.headings
    return tell_year(headings, evidence.text.replace(headings.get("title", "\0"), "", 1), published)


def _year(told: ToldYear, hint: Hint) -> int | Quarantined:
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


def _tell_region(evidence: _Evidence, year: int | None, configured: Collection[str] | None) -> ToldRegion:
    named_by = RegionEvidence(
        names=[*_title_clue(evidence), *_clues(_carried_names(evidence))],
        around=[*_clues(_names_around(evidence)), *_site_code(evidence.text)],
        host=evidence.host,
        places=evidence.places,
        text=evidence.text,
        configured=configured or (),
    )
    return tell_region(named_by, year)


def _region(told: ToldRegion, year: int | Quarantined, hint: Hint) -> str:
    known_year = year if isinstance(year, int) else None
    if hint.region_code:
        return _with_hint(told, hint.region_code, known_year)
    if len(told.codes) == 1:
        return told.codes[0]
    raise Quarantined(
        Reason.UNKNOWN_REGION,
        f"found {told.found}; expected one region of GB/T 2260; name it by a folder region/year or a hint file",
        report_year=known_year or hint.report_year,
    )


def _with_hint(told: ToldRegion, hinted: str, year: int | None) -> str:
    if hinted not in regions():
        raise Quarantined(
            Reason.UNKNOWN_REGION,
            f"found region code {hinted} in the hint; expected a code of GB/T 2260; correct the hint",
            report_year=year,
        )
    in_year = regions().in_year(hinted, year) if year else hinted
    if not told.codes or in_year in told.codes or hinted in told.codes:
        return in_year
    found = told.found or " or ".join(map(named, told.codes[:4]))
    raise Quarantined(
        Reason.UNKNOWN_REGION,
        f"the document is of {found}, the hint says {regions().full_name(hinted)} {hinted}; expected one region; "
        "correct the hint or move the file",
        report_year=year,
    )


def _title_clue(evidence: _Evidence) -> Iterator[Clue[str]]:
    """The place in the title; a bare stem (定安年鉴2021) is one that the text names in full."""
    title = evidence.title or ""
    codes = _codes_named(title)
    if not codes:
        spoken = {code for place in evidence.places for code in place.codes if place.strength == "full"}
        codes = tuple(code for code in county_stem_codes(title) if code in spoken)
    if codes:
        yield Clue("title", codes, title)


def _carried_names(evidence: _Evidence) -> Iterator[tuple[str, str]]:
    """What beside the title names the report's own place, by source, the most telling first."""
    front = evidence.front
    yield "lead", (evidence.lead["name"] if evidence.lead else None) or ""
    yield "page_title", evidence.page_title or ""
    bodies = {
        "byline": front.byline,
        "signature": front.signed_by,
        "header": front.fields.get("publisher"),
        "letterhead": front.site,
    }
    for source, name in bodies.items():
        if name and is_body(last_of_joint(name)):
            yield source, last_of_joint(name)


def _names_around(evidence: _Evidence) -> Iterator[tuple[str, str]]:
    """Strings that name what the report stands on or was taken from, by source."""
    source = evidence.front.fields.get("source")
    if source and is_body(last_of_joint(source)):
        yield "source", last_of_joint(source)
    yield "site", evidence.site or ""


def _clues(names: Iterable[tuple[str, str]]) -> Iterator[Clue[str]]:
    for source, name in names:
        if codes := _codes_named(name):
            yield Clue(source, codes, name)


def _site_code(text: str) -> Iterator[Clue[str]]:
    for match in _SITE_CODE.finditer(text):
        if match["code"] in regions():
            yield Clue("site_code", (match["code"],), match[0])


def _codes_named(name: str) -> tuple[str, ...]:
    body = name if is_body(name) else body_in_title(name)
    if body and (codes := regions_of_body(body)):
        return codes
    places = find_places(name)
    full = [place for place in places if place.strength == "full"]
    return (full or places)[0].codes if places else body_of_stem(name)


def _confidence(region: ToldRegion, year: ToldYear, code: str, report_year: int, hint: Hint) -> float:
    """The lower of what is known about region and year; a hint is one more source of either."""
    of_region = region.confidence if region.codes == (code,) else 0.0
    of_year = year.confidence if year.year == report_year else 0.0
    if hint.region_code:
        of_region = 1 - (1 - of_region) * (1 - confidence("region", ["hint"]))
    if hint.report_year:
        of_year = 1 - (1 - of_year) * (1 - confidence("year", ["hint"]))
    return round(min(of_region, of_year), 2)


def _reasons(
    region: ToldRegion,
    year: ToldYear,
    code: str,
    report_year: int,
    published: date | None,
    hint: Hint,
    today: date | None,
) -> Iterator[str]:
    """Why this region and year, and what is odd about the day of publication, a sentence each."""
    if region.codes == (code,):
        yield from region.reasons
    if hint.region_code:
        yield f"region {code} {regions()[code].name_zh}: the hint"
    if year.year == report_year:
        yield from year.reasons
    if hint.report_year:
        yield f"year {report_year}: the hint"
    if published and published < date(report_year, 12, 1):
        yield f"suspicious date: published {published}, before {report_year} was over"
    if published and today and published > today:
        yield f"suspicious date: published {published}, after today, {today}"


def _publisher(evidence: _Evidence, code: str) -> str | None:
    """The reporting body under its official name; None where nothing says who it is."""
    for name in evidence.bodies:
        own = regions_of_body(name)
        if not own or code in _of_that_year(own, code):
            return official_name(name, code)
    if spoken := _speaks_as(evidence):
        return official_name(spoken, code)
    if zone := zone_in_title(evidence.title or ""):
        return official_name(f"{zone}管理委员会", code)
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
    spoken = selves(evidence.text)
    if evidence.lead and evidence.lead["who"]:
        spoken[evidence.lead["who"][1:]] += 10
    kind = spoken.most_common(1)[0][0] if spoken else None
    if kind in ("局", "厅", "委", "办", "院"):
        return speaker(evidence.text, kind)
    return "人民政府" if kind and kind in "省市县区州旗" else None


def _title(evidence: _Evidence, code: str, publisher: str) -> str | None:
    """The title as written; without a title line the words of 现将我局2024年度…报告如下, 我局 resolved."""
    if evidence.title:
        at = evidence.text.find(evidence.title)
        return evidence.written[at : at + len(evidence.title)] if at >= 0 else evidence.title
    lead = evidence.lead
    if lead is None:
        return None
    who = lead["who"] or ""
    subject = region_prefix(code) if who[1:2] and who[1:2] in "省市县区州旗盟" else lead["name"] or publisher
    form = lead["form"] if lead["form"] in ("报告", "汇报", "总结", "通报") else "报告"
    what = without_self(lead["what"]).removesuffix("的").removesuffix(form)
    return f"{subject}{what}{form}"
