"""Why a figure whose words fit an indicator is still not its whole.

What is asked here is asked of each figure by itself and with the one before; which of several figures in a paragraph
is the whole, `memory` decides.
"""

import re

from transforms.figures import Figure
from transforms.lexicon import Lexicon
from transforms.memory import Memory
from transforms.sections import SectionKinds
from transforms.sentences import Sentences

_BESIDE = 60
"""Within how many characters the other kinds of a list are told: the length of some four."""
_MARKS = ",;:。、(\n"
_LONGEST_OUTCOME = 3
"""Characters of the words that only say what came of a thing (成功, 受众, 成功率); a longer one names its own thing."""
_COUNTERS_OF_THINGS = "个处家所"
_NUMBER = r"\d[\d.,]*[万亿余多]*"
# 宣布失效5件, 工作站达到16个; 32名基层法律服务工作者
_COUNTED_AFTER = re.compile(rf"[^,;:。、\d]{{0,8}}{_NUMBER}(?P<unit>.)")
_COUNTED_BEFORE = re.compile(rf"{_NUMBER}(?P<unit>[\u4e00-\u9fff])[^,;:。、\d]{{0,6}}$")
# (办理45件,)其中上年结转6件、新收39件
_CARRIED_AND_NEW = re.compile(
    r"[\s,(]*(?:其中|含|包括)[^;。]{0,12}结转[^;。]{0,12}[,、及和]\s*(?:本年|今年|当年)?新?(?:收|受理|增)[^;。\d]{0,6}\d"
)
# 败诉率7.8%,低于全市平均败诉率9.1%: the average is others'.
_COMPARED_AVERAGE = re.compile(r"(?:[低高优大好多少快慢]于|[超比较])[^,;。]{0,10}?(?:平均|均值)")
_WHOLE_REGION = re.compile("全[省市州县区盟旗]")
# 全国民主法治示范村2个、省级17个: parts by level
_NEXT_LEVEL = re.compile(r"、(?:国家|省|市|县|区|乡镇?)级(?:的|有|共|达)?\d")
_SUCH_AS = re.compile("的(?:有|共|达|仅有?|只有|约)?$")


class Parts:
    """Tells of the figures of one normalised text which are parts."""

    def __init__(self, text: str, words: Lexicon, sentences: Sentences, sections: SectionKinds) -> None:
        self._text, self._lexicon, self._sentences, self._sections = text, words, sentences, sections

    def why(self, figure: Figure, left_text: str, memory: Memory) -> str | None:
        """Why a coded figure is only a part, or None where nothing says so. `left_text` are its words to the left."""
        if figure.averaged and not figure.role.direction and _COMPARED_AVERAGE.search(left_text):
            return "it is an average of others, told to compare"
        if memory.previous and self._goes_on_from_a_part(figure, left_text, memory.previous):
            figure.narrowed = True
            return "it goes on from a figure that is only a part"
        if figure.says_part and memory.whole and self._is_a_role_among(figure, memory.whole):
            return "it says what those before are besides"
        if figure.code in self._lexicon.newly_come and self._counts_what_was_carried_over(figure, left_text):
            return "it counts what was carried over too"
        if self._tells_of_a_problem(figure, left_text):
            return "among the problems only a part is told"
        end = figure.quantity.end
        if self._text.startswith("、", end) and _NEXT_LEVEL.match(self._text, end):
            return "the next figure is of another level"
        which = "的" in left_text[-4:] and _SUCH_AS.search(left_text)
        if which and memory.whole and self._is_of_another_thing(figure, memory.whole):
            return "it says which of those before"
        return None

    def kind_beside(self, figure: Figure) -> str | None:
        """What is counted beside a figure that is of one kind only: 废止12件,宣布失效5件 are both of one indicator."""
        kinds, start, end = self._lexicon.kinds.get(figure.code or "", ()), self._own_start(figure), figure.right_end
        named = [kind for kind in kinds if kind.search(self._text, start, end)]
        if len(named) != 1:
            return None
        first, last = self._sentences.around(start, end, self._sentences.span(self._sentences.index(start)))
        counter = self._text[figure.quantity.end - 1]
        alike = _COUNTERS_OF_THINGS if counter in _COUNTERS_OF_THINGS else counter
        for beside in (self._text[max(first, start - _BESIDE) : start], self._text[end : min(last, end + _BESIDE)]):
            for found in (found for kind in kinds if kind is not named[0] for found in kind.finditer(beside)):
                after = _COUNTED_AFTER.match(beside, found.end())
                before = _COUNTED_BEFORE.search(beside, 0, found.start())
                if any(counted and counted["unit"] in alike for counted in (after, before)):
                    return found[0]
        return None

    def _own_start(self, figure: Figure) -> int:
        """Where a figure's own words start: of 督察6个街道、15个部门 the 街道 is still what the 6 count."""
        start = figure.left_start
        if self._text[start - 1 : start] in _MARKS:
            return start
        return max(start, self._text.find("、", start, figure.quantity.start) + 1)

    def _goes_on_from_a_part(self, figure: Figure, left_text: str, before: Figure) -> bool:
        """调解校园纠纷146件,成功143件: what came of a part is a part, where its words name nothing but that."""
        return (
            before.narrowed
            and len(figure.matches) > 0
            and len(figure.matches[0].decided_by) == 1
            and len(figure.matches[0].decided_by[0][0]) <= _LONGEST_OUTCOME
            and not any(term.topics for _, _, term in figure.left)
            and figure.left_start - max(before.quantity.end, before.right_end) <= 1
            and self._text[figure.left_start - 1] in ",、"
            and not self._lexicon.says_whole.search(left_text)
        )

    def _is_a_role_among(self, figure: Figure, whole: Figure) -> bool:
        """法律顾问15人,其中律师11人: these lawyers are advisers, and not the lawyers there are."""
        return (
            figure.code is not None
            and whole.measured not in (None, figure.code, self._lexicon.indicators[figure.code].part_of)
            and {whole.measured, figure.code} <= self._lexicon.stocks
            and figure.quantity.kind == whole.quantity.kind == "person"
        )

    def _counts_what_was_carried_over(self, figure: Figure, left_text: str) -> bool:
        """办理复议案件45件,其中上年结转6件、新收39件: the 45 were handled, and 39 accepted."""
        return "办理" in left_text and _CARRIED_AND_NEW.match(self._text, figure.quantity.end) is not None

    def _tells_of_a_problem(self, figure: Figure, left_text: str) -> bool:
        """存在的问题:…抽查60份合同: of problems some are counted, unless the region is named; rates may be its own."""
        return (
            figure.quantity.kind != "percent"
            and figure.role.role == "actual"
            and self._sections.at(figure.quantity.start) == "problems"
            and not _WHOLE_REGION.search(left_text)
        )

    def _is_of_another_thing(self, figure: Figure, whole: Figure) -> bool:
        """会前学法10次,邀请专家授课的有4次: four of the ten, where one word alone (授课) says otherwise."""
        return (
            whole.code is not None
            and figure.code is not None
            and len(figure.matches) > 0
            and len(figure.matches[0].decided_by) == 1
            and whole.quantity.kind == figure.quantity.kind
            and self._lexicon.indicators[whole.code].domain != self._lexicon.indicators[figure.code].domain
        )
