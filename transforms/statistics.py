"""Which quantities may be statistics: not titles, slogans, thresholds, stories of one case, or page furniture."""

import re
from bisect import bisect_left

from transforms.quantities import Quantity
from transforms.spans import Spans

_TITLE = re.compile(r"《[^》\n]{1,120}》")
_QUOTED = re.compile(r"[“‘\"「][^”’\"」\n。,]{1,16}[”’\"」]")
# 某村村民张某…: one person's case. 某拆迁系列案 is none, so the name must be a surname.
_STORY = re.compile(
    r"[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎鲁马苗方俞任袁柳鲍史唐费薛雷贺倪汤罗毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒屈项董梁杜阮蓝闵季贾路江童郭梅林钟徐邱高夏蔡田胡凌霍卢莫房解应丁邓郁洪包左石崔龚程邢裴陆翁曲段侯全班秋仲宫宁仇甘厉祖武符刘景詹龙叶黎白蒲邰赖卓屠池乔阴能苍闻翟谭劳申扶冉雍桑桂牛边农温庄柴瞿阎慕连茹习艾鱼容向古易廖步都耿文寇广东欧利师聂关荆游权]某(?![市县区州省镇乡局部院公企单项些种])|某某"
)
_STORY_REACH = 300
_FURNITURE = re.compile(
    r"(?:浏览|点击|阅读|访问|点赞|下载)(?:(?:次数|人数|总数|量|数)?[:\s]+)$|(?:字号|字体|邮编|邮政编码|电话|传真|备案号|页码):?\s*$|第\s*$"
)
# 办案超过30件的有7个: 30 defines the class, 7 counts it.
_CLASS_AFTER = re.compile(
    r"(?:\(含\))?(?:\)|及?以[上下内])*"
    r"的(?!考核|目标|标准|要求|任务|红线|底线|增|降|速|成绩|比例|幅度)"
)
# 扣5分的有3卷, 90分及以上的50卷, 80分至90分的30卷: scores part the files, and the files are counted.
_SCORED = re.compile(
    r"(?:\(?含\)?|\(?含[^()]{1,6}\))?(?:[及或]?以[上下内])?的(?:有|共|仅|为|占|案卷|卷宗|单位|部门|\d)|[至到~-]\d{1,3}分"
)
_FREQUENCY = re.compile(r"每(?:个|隔)?(?:月|周|季度?|年|日|天|半年)(?:都|至少|不少于)?$")  # 坚持每月1次
_CLASS_QUALIFIERS = frozenset({"over", "at_most"})
_ONE_EACH = re.compile(
    r"一(?:乡镇?|镇街?|街|村|居|社区|校|所|企|院|站|户|窗|县|区|市|局)(?:\([^)]{1,3}\))?配?备?$"
)  # 一村一名法律顾问
_RANK = re.compile(r"(?:[前居列]|(?<!安)排名?第?|位[居列])(?:全[国省市县区]|在)?(?:前)?$")
_RANK_UNITS = frozenset({"名", "位", "强"})
_OF_DECIMALS = re.compile(r"(?:小数(?:点后)?|精确[到至]|四舍五入[后,]?|保留[到至]?)$")  # 四舍五入保留2位
_DECIMALS = re.compile(r"(?:有效)?(?:小数|数字)")  # 保留1位小数
_AVERAGE_AGE = re.compile(r"平均年龄[^,;。]{0,3}$")


class Statistics:
    """Knows the titles, quotes and stories of one normalised text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._titles = Spans.matching(_TITLE, text)
        self._quoted = Spans.matching(_QUOTED, text)
        self._stories = [match.start() for match in _STORY.finditer(text)] if "某" in text else []

    def may_count(self, quantity: Quantity) -> bool:
        """Whether a quantity may be a statistic."""
        start, end = quantity.start, quantity.end
        return not (
            self._titles.cover(start)
            or self._follows_a_label(quantity)
            or (quantity.kind == "age" and not self._ends(_AVERAGE_AGE, quantity, 8))
            or self._defines_a_class(quantity)
            or (quantity.unit in _RANK_UNITS and (self._ranks(quantity) or self._counts_decimals(quantity)))
            or (quantity.value == 1 and self._ends(_ONE_EACH, quantity, 8))
            or self._in_a_story(start, end)
        )

    def _follows_a_label(self, quantity: Quantity) -> bool:
        """浏览次数: 1362, or 每月 1次; the last character tells most often that it is neither."""
        text, start, left_end = self._text, quantity.start, quantity.left_end
        if text[start - 1 : start] in ": \t\n第" and _FURNITURE.search(text, max(0, start - 10), start):
            return True
        return text[left_end - 1 : left_end] in "月周季度年日天都少于" and self._ends(_FREQUENCY, quantity, 8)

    def in_a_short_quotation(self, quantity: Quantity) -> bool:
        """“稳岗惠企20条” is a name; a rate within quotation marks (“四个100%”) may still be meant."""
        return quantity.unit != "%" and self._quoted.cover(quantity.start)

    def _defines_a_class(self, quantity: Quantity) -> bool:
        if quantity.kind == "score" and _SCORED.match(self._text, quantity.right_start):
            return True
        if quantity.qualifier not in _CLASS_QUALIFIERS or (quantity.unit == "%" and quantity.qualifier == "over"):
            return False
        if self._text[quantity.end - 1] in "余多":
            return False
        return _CLASS_AFTER.match(self._text, quantity.right_start) is not None

    def _ranks(self, quantity: Quantity) -> bool:
        return quantity.value <= 200 and self._ends(_RANK, quantity, 6)

    def _counts_decimals(self, quantity: Quantity) -> bool:
        return quantity.unit == "位" and bool(
            _DECIMALS.match(self._text, quantity.right_start) or self._ends(_OF_DECIMALS, quantity, 6)
        )

    def _ends(self, pattern: re.Pattern[str], quantity: Quantity, reach: int) -> bool:
        """Whether the words before a quantity end with a pattern, which is at most `reach` long."""
        end = quantity.left_end
        return pattern.search(self._text, max(0, end - reach), end) is not None

    def _in_a_story(self, start: int, end: int) -> bool:
        if not self._stories:
            return False
        floor, ceiling = max(0, start - _STORY_REACH), end + _STORY_REACH
        first = bisect_left(self._stories, floor)
        if first == len(self._stories) or self._stories[first] >= ceiling:
            return False
        begins = max(self._text.rfind("。", floor, start), self._text.rfind("\n", floor, start), floor - 1) + 1
        stop = self._text.find("。", end, ceiling)
        i = bisect_left(self._stories, begins)
        return i < len(self._stories) and self._stories[i] < (stop if stop >= 0 else ceiling)
