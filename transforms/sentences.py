"""Sentences and clauses: where a sentence begins and ends, and where the reach of a phrase stops."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

_SENTENCE_END = re.compile(r"[。!?\n.][。!?\n]*[”’」)]*")
_FULL_STOP = re.compile(r"(?<=\D)\.(?=\s|$)")  # not the point of 3.5, nor that of a file name
LONGEST = 600
"""A stretch with no full stop longer than this is cut at commas, so that a page without punctuation stays readable."""


class Sentences:
    """The sentences of a normalised text, by offset; one ends at each of `breaks`, the edges of table cells."""

    def __init__(self, text: str, breaks: Sequence[int] = ()) -> None:
        self._text = text
        self._ends = [
            match.end()
            for match in _SENTENCE_END.finditer(text)
            if match[0][0] != "." or _FULL_STOP.match(text, match.start())
        ]
        if breaks:
            self._ends = sorted({*self._ends, *breaks} - {0})
        if not self._ends or self._ends[-1] < len(text):
            self._ends.append(len(text))

    def index(self, offset: int) -> int:
        """The number of the sentence that holds the character at `offset`."""
        return min(bisect_right(self._ends, offset), len(self._ends) - 1)

    def span(self, index: int) -> tuple[int, int]:
        """Start and end of a sentence, white space at its ends left out."""
        start = self._ends[index - 1] if index else 0
        end = self._ends[index]
        text = self._text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end

    def around(self, start: int, end: int, span: tuple[int, int]) -> tuple[int, int]:
        """The sentence `span`, or the part of it around a figure where it is longer than LONGEST."""
        if span[1] - span[0] <= LONGEST:
            return span
        left = max(span[0], start - LONGEST // 2)
        right = min(span[1], end + LONGEST // 2)
        if left > span[0]:
            left = _after_mark(self._text, left, start)
        if right < span[1]:
            right = _before_mark(self._text, end, right)
        return left, right


_MARK = re.compile(r"[,;:、]")


def _after_mark(text: str, start: int, end: int) -> int:
    match = _MARK.search(text, start, end)
    return match.end() if match else start


def _before_mark(text: str, start: int, end: int) -> int:
    at = max(text.rfind(mark, start, end) for mark in ",;:、")
    return at if at > start else end


class Marks:
    """Positions in a text, in order, for finding the nearest one on either side."""

    def __init__(self, positions: Iterable[int]) -> None:
        self._at = list(positions)

    def last_before(self, offset: int, floor: int) -> int:
        """The position after the last mark in [floor, offset), or floor."""
        i = bisect_left(self._at, offset) - 1
        return max(floor, self._at[i] + 1) if i >= 0 else floor

    def first_after(self, offset: int, ceiling: int) -> int:
        """The position of the first mark in [offset, ceiling), or ceiling."""
        i = bisect_left(self._at, offset)
        return min(ceiling, self._at[i]) if i < len(self._at) else ceiling
