"""Whose a figure is: the region's, another place's, the level's own (市本级), or the reporting body's.

邵阳市各级行政复议机关受理1362件,其中邵阳县310件: the first is the city's, the second the county's. What the words of a
figure name decides; where they name nobody, whoever was named before in the sentence, and else the publisher: a
government or a justice bureau speaks for its region, a department or a township for itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sources.bodies import speaks_for_region
from transforms.figures import LIGHT, Figure
from transforms.places import REGION, Name, Owner, Places

OWN_LEVEL = Owner(scope="own_level")
PUBLISHER = Owner(scope="publisher")
NOBODY = Owner(scope="part", coded=False)
"""Of towns, of a court, or of several places together: no region has it."""
ONE_BODYS = Owner(scope="part", coded=False)
"""Of the department that a sentence is about: a part of what all of them do."""

_SELVES = ("局", "院", "办", "委", "中心", "厅", "队", "处", "站", "所", "镇", "乡", "街道", "单位")
# 我办理, 我委托, 我处理, 本办法, 本所有: the body is the beginning of another word.
_OTHER_WORD = re.compile(
    r"[我本](?:办[理结案公学事法]|委[托派任]|处[理置罚在于]|院[士]|所[有以需属谓在]|队[伍]|中心[城])"
)
_SELVES_BESIDE = ("局机关", "局属", "局法律顾问", "局公职律师", "机关本级")
# 局党组召开会议10次,局长讲课3次: also in the report of a bureau that speaks for its county these are the bureau's.
_INNER = ("局党组", "局党委", "局领导班子", "局班子", "局长", "班子成员")
_OF_INNER_LIFE = ("governance.", "party.", "publicity.lectures")
_LEVELS_COUNTED = ("两级", "三级")
_WHOLES = ("各级", "各地", "各县", "各区", "各市", "各州", "各旗")
_LEVELS_NAMED = re.compile(r"[省市州盟县区旗](?:[、和与及]?[市州盟县区旗乡镇街村]){1,3}$")
_LEVELS_ACT = re.compile(r"(?:人民)?(?:政府|法院|检察院)|[^,;。、\d的]{0,6}(?:机关|部门)")
_TOGETHER = tuple(number + level for number in "两三四五六七八九" for level in ("县", "市", "区", "县市", "县区", "地"))
_ZONES = ("经开区", "高新区", "开发区", "园区", "片区", "管委会")
_TOWNS = ("镇", "乡", "街道", "苏木", "村", "社区", *_ZONES)
_COURT = re.compile(r"(?:中级)?(?:人民)?(?:法院|检察院)")
# 邵阳市司法局抽查30份: a body of another place, whose figure is not that place's.
_BODY = re.compile(r"[委局厅院办处队]|政府|人大|政协|纪委|中心|党|军|公安|司法|检察|教育|税务")
_NAMES_ANOTHER = re.compile(r"[镇乡村路街]|大道|社区|小区")  # 隆回镇 is a town, 邵阳路 a road
# What stands between the mark before a clause and its subject: 其中, 2024年, 一是.
_OPENING = re.compile(
    r"(?:^|本级[、和及与]|[,;:。、()【】\"“”!?\s的])(?:其中|如|仅|而|特别是|尤其是|例如|比如|分别[为是]|依次[为是]|[一二三四五六七八九十]是|[①-⑳]|"
    r"(?:19|20)\d\d年度?|全年|今年|当年|本年|年内|截至目前|目前|同期|去年|上年|[上下]半年)*[:,]?$"
)
_AT_A_NUMBER = re.compile(r"\s*\(?(?:一地|仅|共|就|达|有|为|是|:|约|近){0,2}\s*\d")
_DOES = re.compile(
    r"(?:一地|范围内|全域|辖区|法院)?(?:总共|共|累计|全年|年内|今年|当年|本年|同期|已|也|则|就|各|新|先后|平均|(?:19|20)\d\d年度?|[上下]半年)*"
    r"(?:\s*\d|[一两]级|全[市县区州省]|各[级县市区地]|受理|收到|接收|接待|审结|办结|办理|调解|调处|化解|处理|开展|举办|组织|培训|培育|建成|建立|设立|"
    r"完成|实现|查处|立案|评查|审查|排查|打造|创建|发放|聘请|配备|现有|拥有|行政|人民调解|法律援助|社区矫正|为|是|有|达|仅|共)"
)
_JOINT = re.compile(r"\s*(?:、|以及|和|及|与)?\s*")
# 邵阳41件、新邵52件: the same said of one place after the other.
_ALIKE = re.compile(r"[^,;:。、\n\d]{0,8}\d[\d.,万亿余多]*[^,;:。、\n\d]{0,6}[、,;](?:和|以及|及|与)?")
_AND_ALL = re.compile(r"(?:、|以及|和|及|与)(?:各|所辖|下辖|下属|县|市|区)")
_PLACES_COUNTED = re.compile(r"\s*(?:个|家)?(?:县|市|区|地区?|单位|乡|镇|街道|村|社区)(?![级直辖域本])")
# 邵阳县563件,新宁县498件,两县合计办理1061件
_ADDS_UP = re.compile(r"(?:一共|总共|合计|累计|共计|共)")
_DIRECT = re.compile(rf"各?(?:部门|单位|机关|系统){{0,2}}(?:{_DOES.pattern})")
_ASIDE = re.compile(r"[\s,、(]*(?:其中|包括|包含|含|内有)")
_GOES_ON = 5
_NAMES_A_THING = re.compile("案件|率|文件|人[次员数]")
_ONWARD = re.compile(r"[\s、和及与]*(?:[约均各]|分别)?(?:,?\s*(?:[约均各]|分别)?占.*)?")
# 隆回县获评示范县,受理…: the clause praises a place and is no subject of the next.
_PRAISE = re.compile(r"获|被|评为|入选|荣|成为|列为|推广|经验|做法|转发|肯定|表扬|通报")
_NOT_OF_A_TOWN = re.compile(
    r"[各全我本该每个等两所有多的其了在于向对为从由到将把被使让请会以经与和及县区州省]|^市|指导|推动|督促|赋权|下放|选|确定|授权|委托|支持|帮助|协"
    r"|联|驻|组织|深入|建设|建成|打造|创建|乡|镇|农$|城$|[一二三四五六七八九十\d]$|行政$|示范|重点|试点|中心$|文明$|无讼$|平安$|和谐$|法治$|民主$|美丽$"
    r"|先进|特色$|边远$|部分|所$|小$|建制$"
)
_TOWN = r"[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|苏木|村|社区)"
_TOWNS_LISTED = re.compile(rf"{_TOWN}(?:(?:、|以及|和|及|与){_TOWN}){{1,40}}")
_TOWNS_NAMED = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:、[\u4e00-\u9fff]{2,4}){0,12}?(?:、|以及|和|及|与)[\u4e00-\u9fff]{2,4}?等?(?:[两二三四五六七八九十]|\d{1,2})个?"
    r"(?:重点|试点|边远|山区)?(?:乡镇|镇街|街镇|镇|乡|街道|村|社区)"
)
_TOWN_ALONE = re.compile(r"([\u4e00-\u9fff]{1,4}?)(?:镇|乡|街道|苏木)(?![街村级域区政长里上])")
_ZONE = re.compile(rf"([\u4e00-\u9fff]{{0,6}}?)(?:{'|'.join(_ZONES)})(?:管委会)?(?![内的建域])")
# 如六都寨镇紧盯重点领域,全年调解236件: who opens a sentence is its subject, whatever it does.
_OPENS_A_SENTENCE = re.compile(
    r"[\s(]*(?:(?:其中|如|例如|比如|特别是|尤其是|仅|以)[:,]?|(?:19|20)\d\d年度?,?|全年,?|今年,?)*"
)
# but 送法下乡, 服务进园区, 召开镇依法治镇委员会会议, 苗乡“款约调解室”
_MAY_NAME_A_TOWN = re.compile(r"(?:[^送法进召开审查备建服务整合推行用借]{2,4})?")
_AN_EXAMPLE = re.compile(r"(?:如|例如|比如|仅|以)[:,]?$")
_FIELDS = (
    "公安|交警|自然资源|自然资源和规划|市场监管|市场监督管理|住建|住房和?城乡建设|城管|城市管理|城市管理和综合执法|综合执法|综合行政执法|"
    "生态环境|环保|农业农村|交通|交通运输|税务|卫健|卫生健康|教育|民政|水利|水务|应急|应急管理|医保|医疗保障|林业|退役军人事务|人社|"
    "人力资源和?社会保障|文旅|文化旅游|文化旅游广电体育|消防|消防救援|烟草|审计|统计|财政|发改|气象|审批|行政审批|商务|民宗|科技"
)
# 公安部门聚焦主责主业,全年办理行政处罚案件1800件
_DEPARTMENT = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,4}}?[省市州盟县区旗]|[省市州盟县区旗])?(?:{_FIELDS})(?:分?局|委|部门|系统|[大支总中]队)"
)
# 县市场监管局牵头组织各部门抽查120次, 县公安局、县司法局排查: not of one body alone
_NOT_ALONE = re.compile(
    r"[“镇乡村贤里间风情邻亲规]|等|的|、|和|与|及|会同|联合|联动|协同|配合|牵头|统筹|汇总|组织[各全]|指导|督促|推动[各全]|[^,;。]{0,12}(?:各|全[市县区州省旗盟])"
)
_OF_EVERY_BODY = "enforcement."
# 除公安外,全县办理行政处罚案件2000件; but 除集中培训外,还举办讲座30场
_ALL_BUT = re.compile(r"除(?!了)[^,;。\d]{1,12}?(?:以外|之外|外),(?!还|也|另|均|都|又|全部|一律)")
_OF_A_TOWN = re.compile(r"(?:人民政府|党委|政府|司法所|派出所|(?:人民)?调解委员会|调委会|办事处|综合行政执法[队办])?")
_LEVELS = "市县区州盟旗省"


# 市政府及市政府办公室制定规范性文件14件, 以市政府为被告的案件37件, 市政府法律顾问15名: the government's own, and not
# the region's.
_GOVERNMENTS_OWN = re.compile(
    r"(?:作?为被告)|(?:[及和、](?:其|[市县区州旗盟]政府)?办公?室?|办公?室?|名义|[^,;。]{0,6}办名义)*"
    r"(?:共|新|全年|累计|年内){0,2}(?:行政?规范性文件|规范性文件|(?:制定|出台|印发|制发|发布)[^,;。]{0,12}规范性文件|[^,;。的]{0,8}法律顾问|现行有效[^,;。]{0,6}规范性文件"
    r"|(?:审查|审核)[^,;。]{0,12}(?:文件|合同|协议|决策))"
)
# Of a city its counties hear cases as well, so what the city's government hears is its own.
_HEARS = re.compile(r"(?:共|全年|本年|年内|依法|直接|办公室){0,3}(?:收到|受理|审理|审结|办理)[^,;。]{0,10}复议")
# In a city's report 市司法局审查文件41件: what its counties review is not among them.
_REVIEWS = re.compile(r"(?:全年|共|累计|本年|年内|依法|组织){0,3}(?:进行|开展)?(?:合法性)?(?:审查|审核)")
_OF_THE_REGION = frozenset({"whole", "every", "organ"})


class _Cue(NamedTuple):
    """Words that say whose a figure is, and what kind of words these are."""

    start: int
    end: int
    word: str
    kind: str


class _Told(NamedTuple):
    """Whom some words name, from where on; `items` are the places of a list, each with its code."""

    start: int
    end: int
    owner: Owner
    items: tuple[tuple[int, int, Owner], ...] = ()
    kind: str = "name"


def _where(told: _Told) -> tuple[int, int]:
    return told.start, told.end


class Owners:
    """Whose the figures of one normalised text are."""

    def __init__(self, text: str, places: Places, publisher: str) -> None:
        self.text, self.places, self.publisher = text, places, publisher
        self.default = REGION if speaks_for_region(publisher) else PUBLISHER
        pattern, kinds = _pattern(places)
        self.last: Owner | None = None
        self._cues = [_Cue(m.start(), m.end(), m[0], kinds[m[0]]) for m in pattern.finditer(text)]
        self._starts = [cue.start for cue in self._cues]

    def sentence(self, start: int, end: int) -> "Sentence":
        """The figures of the sentence text[start:end] are then asked for one after the other."""
        first, stop = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return Sentence(self, start, end, self._cues[first:stop])


# 市级保留权责事项1568项, 县级行政职权2647项: what a level keeps; 市级以上 and 市级示范 are no level's own.
_KEPT = re.compile(r"(?:现有|共|继续)?(?:保留|权责|行政职权|行政权力|权力事项)")
_PASSED_ON = frozenset({"下放", "承接", "取消"})
# 代理县政府应诉案件45件: a suit against the government itself
_ACTS_FOR = re.compile(r"代[理表]")
_IN_SUITS = re.compile(r"(?:的|参加|参与){0,2}(?:行政)?(?:诉讼|应诉|出庭|复议答复)")


def _cue_words(levels: Mapping[str, str | None]) -> dict[str, str]:
    """The words that say whose a figure is beside the names of places, by kind."""
    words = {"本级": "own_level", **dict.fromkeys(_WHOLES, "every"), **dict.fromkeys(_TOWNS, "town")}
    words["全国"] = "nation"
    words |= dict.fromkeys(_LEVELS_COUNTED, "levels")
    words |= dict.fromkeys(_TOGETHER, "together") | {level + "直": "direct" for level in levels}
    words |= {who + body: "self" for body in _SELVES for who in "我本"} | dict.fromkeys(_SELVES_BESIDE, "self")
    words |= {level + "级": "kept" for level in levels}
    words |= dict.fromkeys(_INNER, "inner")
    words |= {level + "委": "organ" for level in levels} | {"全系统": "organ"}
    words |= {level + government: "government" for level in levels for government in ("政府", "人民政府", "司法局")}
    for level, above in levels.items():
        words |= {who + level: "above" if above else "whole" for who in "全我本"}
    return words


@cache
def _pattern(places: Places) -> tuple[re.Pattern[str], dict[str, str]]:
    """Every word to look for, grouped by first character so that most characters cost one look; and their kinds."""
    kinds = {**_cue_words(places.levels), **dict.fromkeys(places.names, "name")}
    rests: dict[str, list[str]] = {}
    for word in sorted(kinds, key=len, reverse=True):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items())), kinds


class Sentence:
    """Whose the figures of one sentence are, asked for in their order."""

    def __init__(self, owners: Owners, start: int, end: int, cues: list[_Cue]) -> None:
        self._text, self._places = owners.text, owners.places
        self._owners, self._publisher, self._default = owners, owners.publisher, owners.default
        self._start, self._end, self._at = start, end, start
        # 全区立案886件。其中,简易程序528件: a sentence that begins so is of what the one before was of
        self._base = owners.last if owners.last and _ASIDE.match(owners.text, start) else self._default
        self._told = list(self._tell(cues)) if cues and self._may_differ(cues) else []
        if self._default is REGION and (body := self._one_body()):
            self._told = sorted([body, *self._told], key=_where)
        self._told_at = [told.start for told in self._told]
        self._in_force: Owner | None = None
        self._before_aside: tuple[Owner | None, Decimal] | None = None
        self._said_aside = False
        self._last: Owner | None = None

    def _may_differ(self, cues: list[_Cue]) -> bool:
        """Whether the words may name anybody but the region that all is of anyway, as in most sentences."""
        return self._base is not REGION or not all(cue.kind in _OF_THE_REGION for cue in cues)

    def named(self, figure: Figure) -> Owner | None:
        """Whom the figure's own words name; None where they name nobody."""
        if not self._told:
            return None
        start, end = figure.label or (max(figure.left_start, self._start), figure.quantity.start)
        before = bisect_left(self._told_at, end)
        own = self._told[before - 1] if before else None
        if own is None or own.end <= start:
            return None
        if own.kind in ("several", "town") and _PLACES_COUNTED.match(self._text, figure.quantity.end):
            return self._default  # 隆回县、新宁县2个县获评: they are what is counted
        return self._of_label(own, figure) if figure.label else own.owner

    def settle(self, figure: Figure, named: Owner | None) -> Owner:
        """Whose the figure is, given whom its own words name and which figure it follows."""
        owner = self._settled(figure, named) if self._told else self._base
        if owner is ONE_BODYS and not (figure.code or _OF_EVERY_BODY).startswith(_OF_EVERY_BODY):
            owner = self._base
        if owner is REGION and self._told and self._is_inner(figure):
            owner = PUBLISHER
        self._at, self._last, self._owners.last = figure.quantity.end, owner, owner
        return owner

    def _is_inner(self, figure: Figure) -> bool:
        """Whether the last one named is the bureau's own leadership, and the figure of what such bodies do."""
        before = bisect_left(self._told_at, figure.quantity.start)
        last = self._told[before - 1] if before else None
        return (
            last is not None
            and last.kind == "inner"
            and figure.code is not None
            and figure.code.startswith(_OF_INNER_LIFE)
        )

    def _settled(self, figure: Figure, named: Owner | None) -> Owner:
        if figure.bracketed:
            return named or self._last or self._base
        text, start = self._text, max(figure.left_start, self._start)
        if not figure.listed or figure.nth_of is None or figure.nth_of[0] == 0:
            self._hear(self._at, start, figure.quantity.start)
        if named is not None:
            self._take(figure, named, start)
            return named
        if figure.follows is not None and figure.follows.owner is not None and figure.role.role != "actual":
            return figure.follows.owner  # 其中武冈市110件,同比增长5%
        if self._last is not None and _ONWARD.fullmatch(text, self._at, figure.quantity.start):
            return self._last  # 武冈市培训6期300人次; 武汉市一地2220件,占全省的40%
        larger = self._before_aside is not None and figure.quantity.value > self._before_aside[1]
        if self._before_aside and larger and figure.quantity.kind != "percent":
            self._in_force, self._before_aside = self._before_aside[0], None
        return self._in_force or self._base

    def _take(self, figure: Figure, named: Owner, start: int) -> None:
        """Who was named holds for what follows: 区本级收到38件,受理35件; but 其中武冈市110件 is an aside."""
        told = self._told[bisect_left(self._told_at, figure.quantity.start) - 1]
        if told.kind in ("several", "town") and named.coded and not figure.label:
            self._in_force = NOBODY  # 邵阳县等6个县市建成工作站62个: the 62 are not the city's
            return
        if figure.label and told.items:  # 邵阳、新邵分别受理41、52件,审结90件: nobody's
            self._in_force = self._in_force if _ASIDE.match(self._text, start) else NOBODY
            return
        if told.kind != "whole" and LIGHT.fullmatch(self._text, told.end, figure.quantity.left_end):
            return
        # 全市受理1362件,其中市本级受理303件,审结1193件: 1193 cannot be of the 303
        self._said_aside = _ASIDE.match(self._text, start) is not None
        beside = named.scope == "own_level" and self._last is not None and self._last != named
        aside = self._said_aside or beside
        self._before_aside = (self._in_force, figure.quantity.value) if aside else None
        self._in_force = named

    def _hear(self, start: int, end: int, number: int) -> None:
        """What stands between two figures: a semicolon may end what was in force, a clause name another subject."""
        if start >= end:
            return
        semicolon = self._text.rfind(";", start, end)
        if semicolon >= 0:
            # 区本级收到38件;受理35件 goes on, 市本级审查14件;办理法律援助案件292件 does not
            if self._in_force is not REGION and self._is_over(semicolon, number):
                self._in_force, self._before_aside = None, None
            start = semicolon + 1
        for i in range(bisect_left(self._told_at, end) - 1, bisect_left(self._told_at, start) - 1, -1):
            if self._told[i].end <= end and self._is_subject(self._told[i], end):
                self._in_force, self._before_aside = self._told[i].owner, None
                break

    def _is_over(self, semicolon: int, number: int) -> bool:
        """Whether a semicolon ends whose the figures were.

        An aside (案件55件,其中以县政府为被告的9件;败诉案件3件) ends with it; what was told beside the whole without
        其中 does where the thing is named anew.
        """
        if number - semicolon > _GOES_ON or self._said_aside:
            return True
        return self._before_aside is not None and _NAMES_A_THING.search(self._text, semicolon, number) is not None

    def _is_subject(self, told: _Told, end: int) -> bool:
        comma = self._text.find(",", told.end, end)
        stop = comma if comma >= 0 else end
        if told.kind == "inner" and self._default is REGION:
            return False
        if told.kind == "self" and self._default is REGION:
            # 我局推进复议改革,受理120件: the bureau acts, the figure is the region's; but 局机关:培训5次
            return self._text.find(":", told.end, stop) >= 0
        return told.kind == "whole" or not _PRAISE.search(self._text, told.end, stop)

    @staticmethod
    def _of_label(told: _Told, figure: Figure) -> Owner:
        """Of 隆回县、洞口县分别为80件、70件 the place of one label; of a list that cannot be dealt out none."""
        start, end = figure.label or (0, 0)
        if figure.nth_of and len(told.items) > figure.nth_of[1]:
            return NOBODY
        within = [owner for at, until, owner in told.items if at < end and until > start]
        if not told.items or len(within) == len(told.items) == 1:
            return told.owner
        return within[0] if len(within) == 1 else NOBODY

    # who is named

    def _opens_sentence(self, at: int, end: int) -> bool:
        """Whether the sentence begins with who stands between `at` and `end`, and goes on with what that one did."""
        return at == self._head() and not _NOT_ALONE.match(self._text, end)

    def _head(self) -> int:
        """Where who opens the sentence would stand, behind 如 and 2024年."""
        opening = _OPENS_A_SENTENCE.match(self._text, self._start)
        return opening.end() if opening else self._start

    def _one_body(self) -> _Told | None:
        """The department that the sentence is about: as an example it is a part of everything, else of what all do."""
        head = self._head()
        if rest := _ALL_BUT.match(self._text, head, self._end):
            return _Told(rest.start(), rest.end(), NOBODY, kind="body")
        body = _DEPARTMENT.match(self._text, head, self._end)
        if body is None or _NOT_ALONE.match(self._text, body.end()):
            return None
        example = _AN_EXAMPLE.search(self._text, self._start, body.start())
        return _Told(body.start(), body.end(), NOBODY if example else ONE_BODYS, kind="body")

    def _tell(self, cues: list[_Cue]) -> Iterator[_Told]:
        found: list[_Told] = [*self._names([cue for cue in cues if cue.kind == "name"])]
        for cue in cues:
            if cue.kind not in ("name", "town") and (owner := self._meant(cue)) is not None:
                kind = "level" if owner.scope == "own_level" or owner is NOBODY else cue.kind  # 隆回县|本级
                kind = kind if kind in ("self", "inner", "level") else "whole"
                if found and kind == "level" and owner == found[-1].owner and cue.start - found[-1].end < 2:
                    continue  # 市政府及市政府办公室
                found.append(_Told(cue.start, cue.end, owner, kind=kind))
        towns = [cue for cue in cues if cue.kind == "town"]
        if towns:
            found += self._towns(towns, {told.end for told in found})
        found.sort(key=_where)
        return self._joined(found)

    def _joined(self, found: list[_Told]) -> Iterator[_Told]:
        """Of 隆回县本级 the place and its own level are one; 市本级、邵阳县 are two that a list joins."""
        before: _Told | None = None
        for told in found:
            one = told
            if before and "level" in (told.kind, before.kind):
                between = self._text[before.end : told.start]
                if told.kind == "level" and before.owner.place and len(between) < 2:
                    one = told._replace(start=before.start, owner=Owner(before.owner.place, "own_level"))
                elif between and before.kind != "whole" and _JOINT.fullmatch(between):
                    items = [item for part in (before, told) for item in part.items or (part[:3],)]
                    one = _Told(before.start, told.end, NOBODY, tuple(items), "several")
                else:
                    yield before
            elif before:
                yield before
            before = one
        if before:
            yield before

    def _meant(self, cue: _Cue) -> Owner | None:
        """Whom 全县, 我市, 市本级, 我局 … mean, or None where they mean nobody."""
        text = self._text
        before = text[cue.start - 1 : cue.start] if cue.start > self._start else ""
        if cue.kind in ("self", "inner"):
            return self._of_the_body(cue, before)
        if cue.kind == "nation":  # 全国共有法律明白人400万名; but 全国民主法治示范村2个
            return NOBODY if self._opens_clause(cue.start) and _DOES.match(text, cue.end) else None
        if cue.kind == "together":
            return NOBODY if _ADDS_UP.match(text, cue.end) else None
        if cue.kind == "direct":
            # 市直部门开展160场次,县市区开展3200场次: two parts; but 市直部门、县市区共开展
            return NOBODY if self._opens_clause(cue.start) and _DIRECT.match(text, cue.end) else None
        if cue.kind == "every":  # 各县市区 are the whole of a department too, 各级 say nothing
            return self._default if cue.word == "各级" else REGION
        if cue.kind == "levels":
            return self._of_levels(cue)
        if cue.kind in ("organ", "government"):
            return self._of_organ(cue)
        if cue.kind == "kept":
            return self._of_what_a_level_keeps(cue)
        return self._own_level(before, cue.end) if cue.kind == "own_level" else self._of_all(cue, before)

    def _of_the_body(self, cue: _Cue, before: str) -> Owner | None:
        if cue.kind == "inner":
            return PUBLISHER if self._publisher.endswith("局") else None
        return None if _OTHER_WORD.match(self._text, cue.start) or before == "基" else PUBLISHER

    def _of_what_a_level_keeps(self, cue: _Cue) -> Owner | None:
        above = self._places.levels[cue.word[0]]
        kept = _KEPT.match(self._text, cue.end) and self._text[cue.start - 2 : cue.start] not in _PASSED_ON
        return (Owner(above, "own_level") if above else OWN_LEVEL) if kept else None

    def _of_all(self, cue: _Cue, before: str) -> Owner | None:
        """Of 全县, 我市 and 全省."""
        text, above = self._text, self._places.levels[cue.word[-1]]
        if text.startswith(("参加", "参与", "出席"), cue.start - 2):
            return None  # 参加全区行政执法培训3次: those of the district, attended by whoever reports
        if text[cue.end : cue.end + 1] in ("级", "域") or before in (
            "占",
            "居",
            "列",
            "在",
            "获",
            "比",
            "较",
            "超",
            "于",
        ):
            return None
        if above is None:
            return REGION
        return Owner(above) if self._opens_clause(cue.start) and _DOES.match(text, cue.end) else None

    def _of_levels(self, cue: _Cue) -> Owner | None:
        """市县两级受理500件: of a city all there are, of a county (省市两级 of a city) another's with its own.

        县乡两级 of a city are all but the city's own.
        """
        text = self._text
        named = _LEVELS_NAMED.search(text, max(self._start, cue.start - 8), cue.start)
        foreign = named is not None and self._default is REGION and not self._are_the_regions(named[0])
        if named and foreign and self._opens_clause(named.start()):
            acts = _DOES.match(text, cue.end) or _LEVELS_ACT.match(text, cue.end)
            return NOBODY if acts else None
        return None if cue.word == "三级" else self._default

    def _are_the_regions(self, named: str) -> bool:
        """Whether levels begin with the region's own; 市 is also said of a prefecture (自治州)."""
        levels = self._places.levels
        own = any(levels.get(level, "") is None or (level == "市" and level not in levels) for level in named)
        return not levels or (own and not any(levels.get(level) for level in named))

    def _of_organ(self, cue: _Cue) -> Owner | None:
        """Of 县政府 and 县委: the region's, but for what a government tells of itself."""
        # 局党组学习11次,县政府常务会议学法6次: no longer the bureau's
        if self._default is PUBLISHER:
            # 区政府常务会议学法12次, in a bureau's report
            return REGION if self._text.startswith(("常务会", "常委会"), cue.end) else None
        if cue.kind == "organ" or self._places.levels.get(cue.word[0]) is not None:
            return REGION
        has_counties = any(name.whose == "below" for name in self._places.names.values())
        if cue.word.endswith("司法局"):
            return OWN_LEVEL if has_counties and _REVIEWS.match(self._text, cue.end) else REGION
        if _GOVERNMENTS_OWN.match(self._text, cue.end):
            return OWN_LEVEL
        if _ACTS_FOR.match(self._text, max(0, cue.start - 2)) and _IN_SUITS.match(self._text, cue.end):
            return OWN_LEVEL
        return OWN_LEVEL if has_counties and _HEARS.match(self._text, cue.end) else REGION

    def _own_level(self, before: str, end: int) -> Owner | None:
        if _AND_ALL.match(self._text, end):
            return self._default  # 市本级和各县市区
        if before in _LEVELS and before and before not in self._places.levels and self._places.levels:
            return NOBODY  # of a city's report 县本级
        above = self._places.levels.get(before)
        return Owner(above, "own_level") if above else OWN_LEVEL

    def _names(self, cues: list[_Cue]) -> Iterator[_Told]:
        runs = list(self._runs(cues))
        for number, run in enumerate(runs):
            beside = [runs[at] for at in (number - 1, number + 1) if 0 <= at < len(runs)]
            told = self._alone(run[0], beside) if len(run) == 1 else self._together(run)
            if told is not None:
                yield told

    def _runs(self, cues: list[_Cue]) -> Iterator[list[_Cue]]:
        """Names that a list joins: 邵阳、新邵和隆回. Of 邵阳市隆回县 only the last counts."""
        run: list[_Cue] = []
        for cue in cues:
            if _NAMES_ANOTHER.match(self._text, cue.end) and self._places.names[cue.word].needs:
                continue
            if run and run[-1].end == cue.start:
                run[-1] = cue._replace(start=run[-1].start)
            elif run and _JOINT.fullmatch(self._text, run[-1].end, cue.start):
                run.append(cue)
            else:
                if run:
                    yield run
                run = [cue]
        if run:
            yield run

    def _together(self, run: list[_Cue]) -> _Told | None:
        if not self._opens_clause(run[0].start):
            return None
        items = tuple((cue.start, cue.end, self._among(self._places.names[cue.word])) for cue in run)
        return _Told(run[0].start, run[-1].end, NOBODY, items, "several")

    @staticmethod
    def _among(name: Name) -> Owner:
        if name.among is None:
            return REGION
        return Owner(name.among) if name.among else NOBODY

    def _alone(self, cue: _Cue, beside: list[list[_Cue]]) -> _Told | None:
        text, name = self._text, self._places.names[cue.word]
        opens = self._opens_clause(cue.start)
        if not opens and not (_AT_A_NUMBER.match(text, cue.end) and not name.needs):
            return None
        if text.startswith("等", cue.end) and name.whose != "own":
            return _Told(cue.start, cue.end, NOBODY, kind="several")  # 邵阳县等6个县市
        if _COURT.match(text, cue.end):
            return _Told(cue.start, cue.end, NOBODY) if name.whose == "below" else None
        owner = self._among(name) if name.short and self._is_listed(cue, beside) else self._of_one(name, cue)
        return None if owner is None else _Told(cue.start, cue.end, owner, kind="whole" if owner is REGION else "name")

    def _of_one(self, name: Name, cue: _Cue) -> Owner | None:
        text = self._text
        if name.whose == "own":
            # 新邵县教育局办理30件 is the bureau's
            return None if self._default is PUBLISHER and _BODY.match(text, cue.end) else REGION
        if name.needs == "list" or (name.needs == "verb" and not _DOES.match(text, cue.end)):
            return None
        return Owner(name.code)

    def _is_listed(self, cue: _Cue, beside: list[list[_Cue]]) -> bool:
        """Whether a short name stands among its like: 其中邵阳310件, or 邵阳41件、新邵52件."""
        text = self._text
        if re.match(r"全[市县区州省]|各|共|两级|总|市|州", text[cue.end : cue.end + 2]):
            return False
        if re.search(r"(?:其中|如|仅)[:,]?$", text[max(self._start, cue.start - 4) : cue.start]):
            return _DOES.match(text, cue.end) is not None
        for run in beside:
            if all(self._places.names[one.word].among is None for one in run):
                continue  # the region itself
            first, then = sorted(((cue.start, cue.end), (run[0].start, run[-1].end)))
            if _ALIKE.fullmatch(text, first[1], then[0]) and _DOES.match(text, cue.end):
                return True
        return False

    def _opens_clause(self, at: int) -> bool:
        floor = max(self._start, at - 24)
        before = self._text[floor:at]
        return _OPENING.search(before if floor > self._start else "。" + before) is not None

    # towns

    def _towns(self, cues: list[_Cue], named: set[int]) -> Iterator[_Told]:
        """崀山镇、金石镇分别为312、287件; 黄金、安山两个乡镇 …; 白沙镇调解纠纷166件, also after its county's name."""
        text, start, end = self._text, self._start, self._end
        listed = [m for pattern in (_TOWNS_LISTED, _TOWNS_NAMED) for m in pattern.finditer(text, start, end)]
        for match in listed if len(cues) > 1 or listed else ():
            if self._opens_clause(match.start()) and self._are_towns(match[0]):
                yield _Told(match.start(), match.end(), NOBODY, kind="town")
        for cue in cues:
            opening = max(start, cue.start - 12)
            nearest = cue.start if cue.word in _ZONES else cue.start - 1
            for at in range(nearest, max(opening, cue.start - 5) - 1, -1):
                if at in named or self._opens_clause(at):
                    if told := self._town_alone(at):
                        yield told
                    break

    def _are_towns(self, listed: str) -> bool:
        heads = re.split("、|以及|和|及|与", listed)
        return not any(_NOT_OF_A_TOWN.search(re.sub("(?:镇|乡|街道|苏木|村|社区)$", "", head)) for head in heads[:-1])

    def _town_alone(self, at: int) -> _Told | None:
        match = _ZONE.match(self._text, at, self._end) or _TOWN_ALONE.match(self._text, at, self._end)
        if match is None or _NOT_OF_A_TOWN.search(match[1]):
            return None
        if match[0] in self._publisher:
            return _Told(match.start(), match.end(), PUBLISHER, kind="town")
        body = _OF_A_TOWN.match(self._text, match.end())
        opens = _MAY_NAME_A_TOWN.fullmatch(match[1]) and self._opens_sentence(at, match.end())
        acts = body and (_DOES.match(self._text, body.end()) or opens)
        return _Told(match.start(), match.end(), NOBODY, kind="town") if acts else None
