"""Stretches of a text that don't overlap, in order: titles, quotations, brackets."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator


class Spans:
    """Looks up which stretch, if any, holds an offset."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)
        self._starts = [start for start, _ in self._spans]

    @classmethod
    def matching(cls, pattern: re.Pattern[str], text: str) -> "Spans":
        """Every match of a pattern."""
        return cls(match.span() for match in pattern.finditer(text))

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)

    def hold(self, start: int, end: int) -> bool:
        """Whether [start, end) lies within one of them."""
        i = bisect_right(self._starts, start) - 1
        return i >= 0 and end <= self._spans[i][1]

    def meet(self, start: int, end: int) -> bool:
        """Whether any of them reaches into [start, end)."""
        i = bisect_left(self._starts, end) - 1
        return i >= 0 and self._spans[i][1] > start

    def cover(self, offset: int) -> bool:
        """Whether the character at `offset` lies within one of them."""
        i = bisect_right(self._starts, offset) - 1
        return i >= 0 and offset < self._spans[i][1]

    def end_of(self, offset: int) -> int:
        """The end of the one that holds `offset` or ends there, or `offset` itself."""
        i = bisect_right(self._starts, offset) - 1
        return max(offset, self._spans[i][1]) if i >= 0 and offset <= self._spans[i][1] else offset
