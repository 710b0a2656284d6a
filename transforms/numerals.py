"""Chinese and Arabic numerals to exact decimals, and the step their words leave open.

Nothing here looks at text around a number; that is `quantities`.
"""

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
TENS = {"十": 10, "百": 100, "千": 1000}
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

    None where the characters are no numeral (百千, 万万).
    """
    if all(c in DIGITS for c in words):
        # Digit by digit, as in 二〇二四; a lone digit is itself.
        return Decimal("".join(str(DIGITS[c]) for c in words))
    total, section, digit = 0, 0, None
    last_scale = 0
    for c in words:
        if c in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[c]
        elif c in TENS:
            if digit is None and (section or (c != "十" and (total or words[0] != c))):
                return None
            section += (1 if digit is None else digit) * TENS[c]
            digit, last_scale = None, TENS[c]
        else:
            scale = 10_000 if c == "万" else 100_000_000
            section += digit or 0
            if section == 0 and (c == "万" or total == 0):
                return None
            total = (total + section) * scale if c == "亿" else total + section * scale
            section, digit, last_scale = 0, None, scale
    if digit is not None:
        # 一百二 is 120 and 三万五 is 35000, but 一百零二 is 102.
        abbreviated = last_scale > 10 and words[-2] not in "零〇十" and len(words) > 1
        section += digit * (last_scale // 10) if abbreviated else digit
    return Decimal(total + section)


def arabic(digits: str) -> Decimal:
    """The value of ASCII digits with thousands separators and a decimal point: 1,362.5."""
    return Decimal(digits.replace(",", "").replace(" ", ""))


def step(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 530 steps by 10, 1.2 by 0.1, 1000 by 1000."""
    if not value:
        return Decimal(1)
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
