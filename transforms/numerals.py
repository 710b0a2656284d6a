"""Chinese and Arabic numerals to exact decimals, and the step their words leave open.

Nothing here looks at text around a number; that is `quantities`.
"""

import re
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
TENS = {"十": 10, "百": 100, "千": 1000}
FORMAL = "壹贰叁肆伍陆柒捌玖"
"""Digits as money is written in contracts: 伍仟元整."""
_PLAIN = str.maketrans(
    {
        **dict(zip(f"{FORMAL}拾佰仟萬億", "一二三四五六七八九十百千万亿", strict=True)),
        **{"〇": "零", "○": "零", "两": "二", "廿": "二十", "卅": "三十", "卌": "四十"},
    }
)
SCALES = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "十亿": Decimal(1_000_000_000),
    "百亿": Decimal(10_000_000_000),
    "千亿": Decimal(100_000_000_000),
    "万亿": Decimal(1_000_000_000_000),
}
LARGEST = Decimal(10) ** 15
"""Digits that would make a number this large are a code of some kind, not a count."""


def chinese(words: str) -> Decimal | None:
    """The value of a Chinese numeral: 一千二百 is 1200, 十五 is 15, 二〇二四 is 2024, 一万二 is 12000.

    A numeral is one that the rules of writing give for its value; beside those are read 两 for 二, 廿, 〇, the formal
    digits, 零十 for 零一十 and a scale left out at the end (一万二). None for all others: 百千, 万万, 二三.
    """
    plain = _filled(words.translate(_PLAIN))
    if all(c in DIGITS for c in plain):
        return _digit_by_digit(plain) if len(plain) == 1 or (len(plain) == 4 or "零" in plain[1:]) else None
    value = _added_up(plain)
    # 一万二百 leaves out the 零 of 一万零二百 and can mean nothing else
    return value if value is not None and _without_nought(written(value)) == _without_nought(plain) else None


def between(words: str) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest of a numeral in which two digits stand side by side: 两三 is 2 to 3, 二三十 20 to 30.

    十五六 is 15 to 16, 一两千 1000 to 2000, 三五 3 to 5. None where there is no such pair, or more than one.
    """
    plain = words.translate(_PLAIN)
    pairs = [i for i in range(len(plain) - 1) if plain[i] in DIGITS and plain[i + 1] in DIGITS]
    if len(pairs) != 1 or not 0 < (at := pairs[0]) + 1 <= len(plain):
        return None
    first, second = DIGITS[plain[at]], DIGITS[plain[at + 1]]
    if not first or not (second - first == 1 or (first, second) == (3, 5)):
        return None
    low, high = chinese(plain[: at + 1] + plain[at + 2 :]), chinese(plain[:at] + plain[at + 1 :])
    return (low, high) if low is not None and high is not None and low < high else None


def mixed(text: str) -> Decimal | None:
    """The value of digits with scales between them, read as the numeral they stand for: 1千零20, 2万3千5百, 3万4000."""
    return chinese(_DIGITS.sub(lambda found: written(Decimal(found[0])), text))


def written(value: Decimal) -> str:
    """A whole number as it is written in words, every scale and 零 said: 10012 is 一万零一十二."""
    number = int(value)
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            return written(Decimal(number // scale)) + name + _rest(number % scale, scale)
    for scale, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            return _NAMES[number // scale] + name + _rest(number % scale, scale)
    return _NAMES[number]


def _rest(number: int, scale: int) -> str:
    if not number:
        return ""
    return ("零" if number < scale // 10 else "") + written(Decimal(number))


_NAMES = "零一二三四五六七八九"
_DIGITS = re.compile(r"\d+")
_TEN_WITHOUT_ONE = re.compile("(?<![一二三四五六七八九])(?=十)|^(?=[百千])")
_SCALE_LEFT_OUT = re.compile("(?<=([百千万亿]))[一二三四五六七八九]$")
_NEXT_SCALE = {"百": "十", "千": "百", "万": "千", "亿": "千万"}


def _filled(plain: str) -> str:
    """A plain numeral with what its writing leaves out: 零十 is 零一十, 一百二 is 一百二十, 三万五 is 三万五千."""
    plain = _TEN_WITHOUT_ONE.sub("一", plain)
    left_out = _SCALE_LEFT_OUT.search(plain)
    return plain + _NEXT_SCALE[left_out[1]] if left_out else plain


def _without_nought(plain: str) -> str:
    return plain.replace("零", "")


def _digit_by_digit(plain: str) -> Decimal:
    return Decimal("".join(str(DIGITS[c]) for c in plain))


def _added_up(plain: str) -> Decimal | None:
    """The sum of a numeral's digits times their scales; whether it is one, only its writing tells."""
    total = section = digit = 0
    for c in plain:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in TENS:
            section += digit * TENS[c]
            digit = 0
        elif c == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif c == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
        else:
            return None
    return Decimal(total + section + digit)


_ONE, _IN_FULL = Decimal(1), Decimal(0)
_SCALE_SIGNS = "十百千万亿"
_END = re.compile(rf"(?:[.点](?P<decimals>[\d{_NAMES}]+))?(?P<scales>[{_SCALE_SIGNS}]*)$")
_LEFT_OUT = re.compile(rf"(?<=([百千万亿]))[1-9{_NAMES[1:]}]$")


def last_place(text: str) -> Decimal:
    """The place of the last digit written, 0 for a whole number written in full, as which nothing is rounded.

    1.42万 steps by 100, 530万 by 10000, 98.5 by 0.1, 7千3百 by 100, 三万五 and 三万五千 by 1000, 三百万 by 10000.
    In full are 1362, 1千零20, 一万零五, the formal 叁万, and what words have no other writing for: 二十, 三千. Who
    writes 3千 could have written 3000.
    """
    if text.isascii():  # by far the most
        decimals = text.partition(".")[2].strip()
        return _ONE.scaleb(-len(decimals)) if decimals else _IN_FULL
    if text[0] in FORMAL:
        return _IN_FULL
    plain = text.translate(_PLAIN).replace(" ", "")
    if left_out := _LEFT_OUT.search(plain):
        return SCALES[_NEXT_SCALE[left_out[1]]]
    end = _END.search(plain)
    assert end is not None  # noqa: S101 - all of it may be missing
    decimals, scales = end["decimals"] or "", end["scales"]
    if not scales:
        return _ONE.scaleb(-len(decimals)) if decimals else _IN_FULL
    if not decimals and not _DIGITS.search(plain):  # words
        if not ("万" in plain or "亿" in plain):
            return _IN_FULL
        scales = scales.lstrip("十百千") or scales[-1]
    place = _ONE
    for scale in scales:
        place *= SCALES[scale]
    return place.scaleb(-len(decimals))


def fraction(words: str) -> Decimal | None:
    """The digits after 点, one by one: 九十八点五六 ends in 0.56."""
    plain = words.translate(_PLAIN)
    return _digit_by_digit(plain).scaleb(-len(plain)) if plain and all(c in DIGITS for c in plain) else None


def arabic(digits: str) -> Decimal:
    """The value of ASCII digits with thousands separators and a decimal point: 1,362.5."""
    return Decimal(digits.replace(",", "").replace(" ", ""))


def step(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 530 steps by 10, 1.2 by 0.1, 1000 by 1000."""
    if not value:
        return Decimal(1)
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
