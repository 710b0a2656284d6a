"""Dates and years as Chinese documents write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dates import find_dates, first_date, first_year, plain_digits

DIGITS = "〇一二三四五六七八九"
DAYS = st.dates(date(1980, 1, 1), date(2099, 12, 31))


def numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return {0: "", 1: "十"}.get(tens, DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def in_numerals(day: date) -> str:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"


@pytest.mark.parametrize(
    "written",
    ["2025年1月16日", "2025-01-16", "2025/1/16", "2025.01.16", "二〇二五年一月十六日", "二○二五年一月十六日",
     "二零二五年一月十六日", "２０２５年１月１６日", "2025 年 1 月 16 日", "2025-01-16 10:20:31"],
)  # fmt: skip
def test_every_usual_way_to_write_a_date(written: str) -> None:
    assert first_date(f"发布时间:{written} 来源") == date(2025, 1, 16)


@pytest.mark.parametrize("written", ["2025年2月30日", "2025年13月1日", "12025-01-16", "2025-01/16", "2025年1月"])
def test_what_is_no_date(written: str) -> None:
    assert first_date(written) is None


@given(DAYS)
def test_digits_and_numerals_say_the_same_day(day: date) -> None:
    assert first_date(f"{day.year}年{day.month}月{day.day}日") == day
    if day.year >= 1990 and str(day.year)[:2] in ("19", "20"):
        assert first_date(in_numerals(day)) == day


@given(st.text(), DAYS)
def test_offsets_point_at_the_date(before: str, day: date) -> None:
    text = f"{before}。{day.year}年{day.month}月{day.day}日"
    found = list(find_dates(text))[-1]
    assert found.day == day
    assert plain_digits(text)[found.start : found.end] == f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize(("text", "year"), [("二〇二四年度报告", 2024), ("２０２３年", 2023), ("第12024号", None)])
def test_years(text: str, year: int | None) -> None:
    assert first_year(text) == year
