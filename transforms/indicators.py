"""Which indicator a figure measures, and why: frames of the lexicon against the words around it.

A figure's own words stand to its left up to the last comma or figure (受理行政复议案件1362件), or to its
right where it is followed by what it counts (15533名人民调解员). What they leave out, the topic of the
passage gives (审结1193件, after 行政复议). Precision comes first: no frame, no code.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.lexicon import Frame, Lexicon

REACH = 400
"""How many characters a topic lasts after the word that set it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the lexicon in the text."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fits, with the words that decided; the higher score wins."""

    frame: Frame
    score: float
    words: tuple[Word, ...]


@dataclass(slots=True)
class Words:
    """The lexicon's words in a text, in order, with the topics they set."""

    found: list[Word]
    lexicon: Lexicon
    _starts: list[int] = field(init=False)
    _topics: list[tuple[int, str]] = field(init=False)
    _topic_ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [word.start for word in self.found]
        topic_of = self.lexicon.topic_of
        self._topics = [(word.end, topic_of[word.word]) for word in self.found if word.word in topic_of]
        self._topic_ends = [end for end, _ in self._topics]

    @classmethod
    def find(cls, text: str, lexicon: Lexicon) -> "Words":
        """The longest words of the lexicon, left to right, in a normalised text."""
        found = [Word(end - len(word) + 1, end + 1, word) for end, word in lexicon.automaton.iter_long(text)]
        return cls(found, lexicon)

    def within(self, start: int, end: int) -> list[Word]:
        """The words that lie wholly within [start, end)."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [word for word in self.found[first:last] if word.end <= end]

    def said(self, start: int, end: int) -> frozenset[str]:
        """Every word that stands in [start, end), and those they stand for."""
        stands = self.lexicon.standing_for
        return frozenset(word for found in self.within(start, end) for word in stands[found.word])

    def topics_at(self, offset: int) -> frozenset[str]:
        """The topic in force at `offset`: the last one set; none if it lies too far back."""
        i = bisect_right(self._topic_ends, offset) - 1
        if i < 0 or offset - self._topics[i][0] > REACH:
            return frozenset()
        return frozenset({self._topics[i][1]})

    def topics(self) -> frozenset[str]:
        """Every topic set anywhere: a title may name several (行政复议和行政应诉)."""
        return frozenset(topic for _, topic in self._topics)


def matches(
    left: Sequence[Word],
    right: Sequence[Word],
    figure: tuple[int, int],
    unit_kind: str | None,
    topics: frozenset[str],
    sentence: frozenset[str],
    lexicon: Lexicon,
    *,
    share: bool = False,
    added: bool = False,
    right_penalty: float = 0.0,
) -> list[Match]:
    """The frames that fit a figure, best first.

    `left` and `right` are the figure's own words; `unit_kind` None lets any unit pass (for a change in
    per cent, whose unit is not the indicator's). `share` says that the figure is a share (占比22.0%): only
    indicators that are shares themselves may take it. `added` says that the figure is an addition (新增调解员20名),
    which is no stock of people or things.
    """
    stands = lexicon.standing_for
    near = {word for found in (*left, *right) for word in lexicon.holding[found.word]}
    topic_of = lexicon.topic_of
    near_topics = {topic_of[word] for word in near if word in topic_of}
    nearest: dict[str, tuple[float, Word]] = {}
    for found in left:  # the last one is the nearest
        for word in stands[found.word]:
            nearest[word] = (figure[0] - found.end, Word(found.end - len(word), found.end, word))
    for found in reversed(right):
        for word in stands[found.word]:
            start = found.end - len(word)
            distance = start - figure[1] + right_penalty
            if word not in nearest or nearest[word][0] > distance:
                nearest[word] = (distance, Word(start, found.end, word))
    seen: dict[str, Match] = {}
    for anchor in nearest:
        for frame in lexicon.frames_by_word.get(anchor, ()):
            fitted = _fit(frame, nearest, near, near_topics, near_topics | topics, unit_kind, sentence, share)
            if added and fitted and not _counts_additions(frame, lexicon):
                continue
            if fitted and (frame.code not in seen or fitted.score > seen[frame.code].score):
                seen[frame.code] = fitted
    return sorted(seen.values(), key=lambda match: -match.score)


_STOCKS = frozenset({"person", "thing", "place"})


def _counts_additions(frame: Frame, lexicon: Lexicon) -> bool:
    stock = lexicon.units[lexicon.indicators[frame.code].unit].kind in _STOCKS
    return not stock or any("新增" in group or "建成" in group for group in frame.near)


def _fit(
    frame: Frame,
    nearest: dict[str, tuple[float, Word]],
    near: set[str],
    near_topics: set[str],
    topics: set[str],
    unit_kind: str | None,
    sentence: frozenset[str],
    share: bool,
) -> Match | None:
    if unit_kind is not None and unit_kind not in frame.kinds:
        return None
    if share and not frame.share:
        return None
    if frame.topics and not frame.topics & topics:
        return None
    if frame.without & near or frame.without_around & sentence:
        return None
    if any(not group & sentence for group in frame.around):
        return None
    words: list[Word] = []
    closest = 99.0
    for group in frame.near:
        candidates = [nearest[word] for word in group if word in nearest]
        if not candidates:
            return None
        distance, word = min(candidates, key=lambda candidate: candidate[0])
        closest = min(closest, distance)
        words.append(word)
    score = (
        10.0 * len(frame.near)
        + 6.0 * len(frame.around)
        + (4.0 if frame.topics & near_topics else 1.0 if frame.topics else 0.0)
        + sum(word.end - word.start for word in words)
        - 0.8 * closest
    )
    return Match(frame, score, tuple(words))


def winner(found: Sequence[Match]) -> str | None:
    """The best frame's code, or None where two indicators fit equally well: no code is better than a wrong one."""
    if len(found) > 1 and found[0].score - found[1].score < 0.01:
        return None
    return found[0].frame.code
