"""The thing an uncoded figure seems to count, so that a steward's queue can be grouped by it."""

import re

_BEFORE = re.compile(
    r".*(?:新增|新建|建成|建立|设立|成立|组建|打造|开展|组织|召开|举办|制定|出台|印发|办理|受理|完成|发现|查处|抽查|检查|排查|走访|"
    r"发放|收集|征集|培育|选聘|聘请|聘任|配备|共有|现有|拥有|其中|达到|全[省市县区]|累计|共|的|为|对|在|了|等|和|及)"
)
_AFTER = re.compile(r"(?:的|在|被|进行|获|参加|均|全部|实现|完成|开展|纳入|通过|达|与|和|及|、|[(“”《》])")
_LONGEST = 10


def counted_thing(phrase: str) -> str:
    """全县建成便民驿站 counts 便民驿站, 名网格员参加培训 counts 网格员; the phrase itself where nothing is left."""
    after = _AFTER.split(phrase.lstrip("名位个家所处件次场份项条部 “"), maxsplit=1)[0]
    thing = _BEFORE.sub("", after).strip(" ,;:|。") or after
    return thing[-_LONGEST:] or phrase
