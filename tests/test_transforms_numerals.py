"""Chinese and Arabic numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numerals import arabic, between, chinese, mixed, step, written


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十三", 23),
        ("一百零二", 102),
        ("一百二", 120),
        ("两千三百", 2300),
        ("一万二", 12000),
        ("三万五", 35000),
        ("三亿五千万", 350_000_000),
        ("三万亿", 3_000_000_000_000),
        ("二〇二四", 2024),
        ("百", 100),
        # 零十 without 一
        ("一万零十二", 10_012),
        ("三千零十八", 3_018),
        ("四百零十", 410),
        ("两亿零十万", 200_100_000),
        ("六百零十七", 617),
        ("九千零十", 9_010),
        # 廿, 卅, 卌 and the formal digits
        ("廿六", 26),
        ("卅", 30),
        ("卌二", 42),
        ("一百廿三", 123),
        ("叁佰贰拾万零捌仟", 3_208_000),
        ("柒仟元"[:2], 7_000),
        ("玖拾陆", 96),
        ("壹亿贰仟万", 120_000_000),
        ("肆万伍仟零陆", 45_006),
        # a 零 left out where nothing else can be meant, or said where it need not be
        ("二万三百", 20_300),
        ("二十万零三千", 203_000),
        ("一千万亿", 10**15),
    ],
)
def test_chinese_numerals(words: str, value: int) -> None:
    assert chinese(words) == value


@pytest.mark.parametrize(
    "words", ["万", "百千", "万万", "三四百五百", "二三", "七八", "一二三", "十百", "三百千", "五十六十"]
)
def test_what_is_no_numeral(words: str) -> None:
    assert chinese(words) is None


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿", min_size=1, max_size=16))
def test_any_string_of_numerals_has_a_value_or_none(words: str) -> None:
    value = chinese(words)
    assert value is None or value >= 0


@given(st.integers(0, 10**15))
def test_what_is_written_is_read_back(number: int) -> None:
    assert chinese(written(Decimal(number))) == number


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("两三", 2, 3),
        ("五六", 5, 6),
        ("八九", 8, 9),
        ("三五", 3, 5),
        ("六七十", 60, 70),
        ("两三百", 200, 300),
        ("一两万", 10_000, 20_000),
        ("十七八", 17, 18),
        ("四十五六", 45, 46),
        ("一百三四十", 130, 140),
        ("七八千万", 70_000_000, 80_000_000),
    ],
)
def test_two_digits_side_by_side_are_an_approximation(words: str, low: int, high: int) -> None:
    assert between(words) == (low, high)


@pytest.mark.parametrize("words", ["九十", "三二", "一四", "二〇二四", "一二三", "五五", "十"])
def test_what_is_no_approximation(words: str) -> None:
    assert between(words) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1千零30", 1_030),
        ("6千4百", 6_400),
        ("2百17", 217),
        ("5千1百零9", 5_109),
        ("4万2千6百", 42_600),
        ("2万零7", 20_007),
        ("3万零150", 30_150),
        ("2亿零300万", 203_000_000),
        ("5千零40万", 50_400_000),
        ("7万2000", 72_000),
        ("18万5千", 185_000),
        ("2亿6千万", 260_000_000),
    ],
)
def test_digits_and_scales(text: str, value: int) -> None:
    assert mixed(text) == value


@given(st.integers(0, 10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert arabic(f"{number:,}") == arabic(str(number)) == number


@pytest.mark.parametrize(
    ("value", "place"), [("530", "10"), ("1.2", "0.1"), ("1000", "1000"), ("15533", "1"), ("93.40", "0.1"), ("0", "1")]
)
def test_the_place_of_the_last_digit_that_is_not_zero(value: str, place: str) -> None:
    assert step(Decimal(value)) == Decimal(place)
