"""Chinese and Arabic numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numerals import arabic, chinese, step


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
    ],
)
def test_chinese_numerals(words: str, value: int) -> None:
    assert chinese(words) == value


@pytest.mark.parametrize("words", ["万", "百千", "万万", "三四百五百"])
def test_what_is_no_numeral(words: str) -> None:
    assert chinese(words) is None


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿", min_size=1, max_size=16))
def test_any_string_of_numerals_has_a_value_or_none(words: str) -> None:
    value = chinese(words)
    assert value is None or value >= 0


@given(st.integers(0, 10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert arabic(f"{number:,}") == arabic(str(number)) == number


@pytest.mark.parametrize(
    ("value", "place"), [("530", "10"), ("1.2", "0.1"), ("1000", "1000"), ("15533", "1"), ("93.40", "0.1"), ("0", "1")]
)
def test_the_place_of_the_last_digit_that_is_not_zero(value: str, place: str) -> None:
    assert step(Decimal(value)) == Decimal(place)
