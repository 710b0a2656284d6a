"""Names of the bodies that report: how they are written, shortened and recognised.

`bodies.csv` lists the usual bodies with their short forms (市场监管局), the words by which a text shows which
body is speaking (司法行政系统), and what a body is in charge of by statute (the justice bureau of 人民调解 by
人民调解法 art. 5, of 社区矫正 by 社区矫正法 art. 8, of 法律援助 by 法律援助法 art. 5), so that a report which
names only the place has its author. `speaks_for` is `region` for those whose report tells of the whole region. A body
that isn't listed is still recognised by the ending of its name.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sources.places import Place, body_of_stem, child_by_stem, find_places
from sources.regions import regions
from sources.wording import wording

_COLUMNS = ["name", "short_forms", "speaks_of", "in_charge_of", "speaks_for"]
_ENDING = "(?:" + "|".join(wording()["body_ending"]) + ")"
_WHOLE = re.compile(rf"[\u4e00-\u9fff、·()()\s]{{1,40}}?{_ENDING}")
_NOT_IN_A_BODY = re.compile(r"关于|报告|总结|情况|年度|年鉴|以来|首页|通知|公告|公示|建设工作|一年来|坚持|推进")
_SUBJECT = (
    r"(?=关于|\s*(?:19|20)?\d\d|\s*二[〇○零]|法治|依法|行政|政务|政府信息|年度|工作|普法|人民调解|法律援助|法律服务|案件|案卷|"
    r"推进|落实|贯彻|开展|公共法律|[“\"']|司法审查|的)"
)
_TITLE_BODY = re.compile(rf"(?P<body>[\u4e00-\u9fff、·()()\s]{{1,45}}?{_ENDING}){_SUBJECT}")
_LEADING_YEAR = re.compile(r"^(?:关于)?\s*(?:(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{2})年?度?\s*")
_TOWNSHIP = re.compile(
    r"^(?:人民政府)?(?P<town>[\u4e00-\u9fff]{1,8}?(?P<kind>镇|乡|苏木|街道))(?:人民政府|办事处|政府)?$"
)
_ZONE_BODY = re.compile(r"(?:区|园)(?:管理委员会|管委会)$")
_ZONE = re.compile(
    r"(?P<zone>[\u4e00-\u9fff]{2,20}?(?:高新区|经开区|开发区|园区|集中区|示范区|度假区|名胜区|保税区|新区))" + _SUBJECT
)
_COURTS = {"province": "高级人民法院", "prefecture": "中级人民法院", "county": "人民法院"}
_MUNICIPALITIES = ("11", "12", "31", "50")
_LEVEL_CHARACTERS = "省市县区州旗盟"
_SPEAKS_FOR_REGION = re.compile(
    r"行政公署$|司法厅$|政府办公厅$|依法治[\u4e00-\u9fff]{1,3}(?:委员会|领导小组)?办公室$|法治[\u4e00-\u9fff]{0,6}办公室$"
)


class InvalidBodiesError(ValueError):
    """A row of the list of bodies breaks its rules; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of body: 市场监督管理局, with its short forms, its own words and its statutory subjects."""

    name: str
    short_forms: tuple[str, ...]
    speaks_of: tuple[str, ...]
    in_charge_of: tuple[str, ...]
    speaks_for: str = ""


@cache
def bodies() -> Mapping[str, Body]:
    """The list that ships, by name."""
    return load_bodies(Path(__file__).with_name("bodies.csv"))


def load_bodies(path: Path) -> Mapping[str, Body]:
    """Read and check a list of bodies; raises InvalidBodiesError naming file and line."""
    found: dict[str, Body] = {}
    owners: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != _COLUMNS:
            raise InvalidBodiesError(f"{path}, line 1: found columns {reader.fieldnames}, expected {_COLUMNS}")
        for row in reader:
            forms, speaks_of, subjects = (tuple(filter(None, row[column].split("|"))) for column in _COLUMNS[1:4])
            body = Body(row["name"], forms, speaks_of, subjects, row["speaks_for"])
            if body.speaks_for not in ("", "region"):
                where = f"{path}, line {reader.line_num}"
                raise InvalidBodiesError(f"{where}: speaks_for is {body.speaks_for!r}, expected region or nothing")
            for form in (body.name, *body.short_forms):
                if not form or form in owners:
                    where = f"{path}, line {reader.line_num}"
                    raise InvalidBodiesError(f"{where}: {form!r} is empty or belongs to {owners.get(form)} already")
                owners[form] = body.name
            found[body.name] = body
    return found


def is_body(line: str) -> bool:
    """Whether a line is the name of a body and nothing else: 隆回县司法局, 区司法局, 澧浦镇人民政府."""
    line = line.strip()
    if not _WHOLE.fullmatch(line) or _NOT_IN_A_BODY.search(line):
        return False
    return (
        bool(find_places(line) or body_of_stem(line) or _TOWNSHIP.match(line) or _ZONE_BODY.search(line))
        or _official(_without_level(line)) in _known()
    )


def body_in_title(title: str) -> str | None:
    """The body that a title begins with: 隆回县司法局 in 隆回县司法局2024年度法治政府建设情况报告."""
    rest = _LEADING_YEAR.sub("", title.strip())
    match = _TITLE_BODY.match(rest)
    if not match or _NOT_IN_A_BODY.search(match["body"]):
        return None
    return last_of_joint(match["body"])


def zone_in_title(title: str) -> str | None:
    """The development zone that a title begins with, unless it is a region of its own as 浦东新区 is."""
    match = _ZONE.match(_LEADING_YEAR.sub("", title.strip()))
    zone = match["zone"] if match else ""
    own_region = any(place.strength == "full" and place.end == len(zone) for place in find_places(zone))
    return zone if zone and not own_region else None


def last_of_joint(names: str) -> str:
    """Of a joint heading the government's side: 中共A县委 A县人民政府 is A县人民政府."""
    parts = [part for part in re.split(r"[\s、]+", names.strip()) if part]
    return next((part for part in reversed(parts) if part.endswith("人民政府")), "".join(parts))


def regions_of_body(name: str) -> tuple[str, ...]:
    """Codes of the place a body belongs to; of 邵阳市公安局双清分局 the district. Empty where it names none."""
    places = find_places(name)
    if not places:
        return body_of_stem(name)
    if name.endswith("分局") and (below := _last_below(places)):
        return below
    codes = _best(places).codes
    branch = re.search(r"局(?P<stem>[\u4e00-\u9fff]{2,6}?)区?分局$", name)
    if branch and len(codes) == 1 and (child := child_by_stem(codes[0], branch["stem"])):
        return (child,)
    return codes


KINDS = ("government", "party", "court", "procuratorate", "department", "township", "other")
"""Kinds of body, as kind_of_body tells them."""


@cache
def kind_of_body(name: str) -> str:
    """What kind of body a name is of: government, party, court, procuratorate, department, township or other.

    隆回县人民政府 is the government of its region, 澧浦镇人民政府 a township's; 中共邵阳市委全面依法治市委员会办公室 is
    a party body; 隆回县司法局 a department.
    """
    if name.startswith("中共"):
        return "party"
    if name.endswith("人民法院"):
        return "court"
    if name.endswith("人民检察院"):
        return "procuratorate"
    if re.search(r"(?:镇|乡|苏木)(?:人民政府|政府)$|街道(?:办事处)?$", name):
        return "township"
    if name.endswith("人民政府"):
        return "government"
    return "department" if re.search(_ENDING + "$", name) else "other"


@cache
def speaks_for_region(publisher: str) -> bool:
    """Whether a report of this body tells of the whole region; a department's or a township's tells of its own.

    A government, a party committee, a justice bureau (whose field, reconsideration and mediation, is all of the
    region's) and a court (whose report is on the suits against the region's bodies) speak for it, and so does whoever
    published a report that doesn't say by whom.
    """
    kind = kind_of_body(publisher)
    if kind in ("government", "party", "court", "procuratorate") or not publisher:
        return True
    if kind == "township" or _ZONE_BODY.search(publisher):
        return False
    listed = max((form for form in _known() if publisher.endswith(form)), key=len, default="")
    if listed:
        return bodies()[_known()[listed]].speaks_for == "region"
    return kind == "other" or _SPEAKS_FOR_REGION.search(publisher) is not None


def official_name(written: str, code: str) -> str:
    """The one name a body is kept under, whatever the document shortens.

    Region, then the body's full name: 市场监管局 of 430524 is 隆回县市场监督管理局. A district is named with its
    city (邵阳市双清区司法局), since district names repeat over the country; the province is left out, and so
    is the city before a county. Party bodies and national ones (国家税务总局隆回县税务局) stay as written.
    """
    written = re.sub(r"\s", "", written)
    if _ZONE_BODY.search(written):
        return written.removesuffix("管委会").removesuffix("管理委员会") + "管理委员会"
    if written.startswith(("中共", "国家", "中国", "中华人民共和国")) or written.endswith("分局"):
        return written
    places = [place for place in find_places(written) if place.strength != "slogan"]
    if places and places[0].start > 0:
        return written
    rest = written[places[0].end :] if places else _without_level(_without_stem(written, code))
    if places and places[0].strength == "short" and not _names_whole_area(written[: places[0].end], rest, code):
        return written
    return region_prefix(code) + _official(rest, code)


def region_prefix(code: str) -> str:
    """The name of a region as bodies carry it: 邵阳市双清区, 隆回县, 神农架林区, 湖南省."""
    region = regions()[code]
    if region.level == "county" and region.name_zh.endswith("区") and region.parent_code:
        above = regions()[region.parent_code]
        is_city = above.level == "prefecture" or above.code.startswith(_MUNICIPALITIES)
        return above.name_zh + region.name_zh if is_city else region.name_zh
    return region.name_zh


def speaker(text: str, ending: str) -> str | None:
    """The body a text speaks as where it only says 我局, 我委, 我院 …: `ending` is 局, 委, 院 …

    Counted are the bodies of that ending that the text names, twice when named as the level's own (市司法局),
    and the words of its field (司法行政系统); None where no body clearly leads.
    """
    votes: Counter[str] = Counter()
    for body in bodies().values():
        name = body.name.removesuffix("局") + "厅" if ending == "厅" else body.name
        forms = (name, *(form for form in body.short_forms if form[-1] == ending))
        if not any(_fits_ending(form, ending) for form in forms):
            continue
        for form in forms:
            if plainly := text.count(form):
                votes[name] += plainly + sum(text.count(level + form) for level in _LEVEL_CHARACTERS)
        votes[name] += sum(2 * text.count(sign) for sign in body.speaks_of)
    leaders = votes.most_common(2)
    if not leaders or not leaders[0][1] or (len(leaders) > 1 and leaders[0][1] < 1.2 * leaders[1][1]):
        return None
    return leaders[0][0]


def in_charge_of(title: str) -> str:
    """The body whose statutory subject a title names; 人民政府 for 法治政府建设 and all that no one else owns."""
    if not re.search(r"法治政府|依法行政|法治建设", title):
        for body in bodies().values():
            if any(subject in title for subject in body.in_charge_of):
                return body.name
    return "人民政府"


def _names_whole_area(place: str, rest: str, code: str) -> bool:
    """阿坝州 and 合肥(法院) stand for the area; 邵阳 and 郑州 are part of another name in 郑州铁路运输法院."""
    a_kind_of_area = place[-1] in "州县旗盟" and not place.endswith(regions()[code].stem)
    return a_kind_of_area or rest.startswith("法院")


def _fits_ending(name: str, ending: str) -> bool:
    return name.endswith({"委": "委员会", "办": "办公室"}.get(ending, ending)) or name.endswith(ending)


def _official(rest: str, code: str | None = None) -> str:
    if town := _TOWNSHIP.match(rest):
        return town["town"] + ("办事处" if town["kind"] == "街道" else "人民政府")
    if rest in ("法院", "两级法院") and code:
        return _COURTS[regions()[code].level]
    if rest == "人民政府" and code and regions()[code].name_zh.endswith(("盟", "地区")):
        return "行政公署"
    name = _known().get(rest, rest)
    is_province = code is not None and regions()[code].level == "province" and code[:2] not in _MUNICIPALITIES
    return "司法厅" if name == "司法局" and is_province else name


@cache
def _known() -> Mapping[str, str]:
    return {form: body.name for body in bodies().values() for form in (body.name, *body.short_forms)}


def _without_level(name: str) -> str:
    """区司法局 is 司法局; 市场监管局 stays, since its 市 isn't a level."""
    if name in _known() or name[:1] not in _LEVEL_CHARACTERS:
        return name
    return name[1:] if name[1:] in _known() or not find_places(name) else name


def _without_stem(name: str, code: str) -> str:
    """汝城法院 is 法院."""
    return name[len(regions()[code].stem) :] if code in body_of_stem(name) else name


def _last_below(places: list[Place]) -> tuple[str, ...]:
    """邵阳市生态环境局邵阳县分局 is of 邵阳县."""
    above, last = places[0].codes, places[-1].codes
    return tuple(code for code in last if any(a in above for a in regions().ancestors(code)))


def _best(places: list[Place]) -> Place:
    return next((place for place in places if place.strength == "full"), places[0])
