"""Which indicator a figure measures, and why: frames of the lexicon against the words around it.

A figure's own words stand to its left up to the last comma or figure (受理行政复议案件1362件), or to its
right where it is followed by what it counts (15533名人民调解员). What they leave out, the topic of the
passage gives (审结1193件, after 行政复议). Precision comes first: no frame, no code.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.lexicon import Frame, Lexicon
from transforms.wordindex import OWN_TOPIC, MaskedFrame, Term

_FAR = 1 << 30
REACH, NEARBY, _EARLIER = 400, 160, 6
"""How many characters a topic lasts after the word that set it; and beside one set since, of how many looked at."""


Word = tuple[int, int, Term]
"""A word of the lexicon in the text: start, end, term."""


class Deciding(NamedTuple):
    """A word that a frame asked for: as found, or the end or part of the word found that it stands for."""

    start: int
    end: int
    word: str


class Match(NamedTuple):
    """A frame that fits, with the words that decided and where each ends; the higher score wins."""

    frame: Frame
    score: float
    decided_by: list[tuple[str, int]]

    @property
    def words(self) -> list[Deciding]:
        """The words that decided, a word for each group of the frame."""
        return [Deciding(end - len(word), end, word) for word, end in self.decided_by]


_COMPARED = re.compile(r"(?:超过|超出|多于|高于|低于|少于|相当于|[是为]同期)[^,;:。]*$")
_COMPARES = 16
"""Within how many characters before a topic word that it is only compared with must be said."""


def _only_compares(text: str, start: int) -> bool:
    """受理803件,首次超过一审行政案件量(655件),审结771件: what is compared with sets no topic for what follows."""
    before = text[max(0, start - _COMPARES) : start]
    return ("于" in before or "超" in before or "同期" in before) and _COMPARED.search(before) is not None


class Words:
    """The lexicon's words in a normalised text, those within longer ones left out, and the topics they set."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._found = lexicon.index.find(text)
        self._ends = [end for _, end, _ in self._found]
        self._topics = [
            (end, term.topics) for start, end, term in self._found if term.topics and not _only_compares(text, start)
        ]
        self._topic_ends = [end for end, _ in self._topics]

    def within(self, start: int, end: int) -> list[Word]:
        """The words that lie wholly within [start, end)."""
        first = bisect_right(self._ends, start)
        stop = first
        while stop < len(self._ends) and self._ends[stop] <= end:  # mostly a few, sooner counted than looked up
            stop += 1
        while first < stop and self._found[first][0] < start:
            first += 1
        return self._found[first:stop]

    def said(self, start: int, end: int) -> int:
        """The bits of every word that stands in [start, end), and of those they stand for or begin with."""
        said = 0
        for _, _, term in self.within(start, end):
            said |= term.naming
        return said

    def topics_at(self, offset: int, sentence_start: int = 0) -> tuple[int, int]:
        """The bit of the topic in force at `offset`, the last one set, and those of the ones set before it nearby.

        Where the sentence has set one, those of the sentences before it are over: after a paragraph on 复议,
        法律援助案件…,含上年结转45件 is of legal aid.
        """
        i = bisect_right(self._topic_ends, offset) - 1
        if i < 0 or offset - self._topics[i][0] > REACH:
            return 0, 0
        earlier, (set_at, last) = 0, self._topics[i]
        floor = max(offset - NEARBY, sentence_start if set_at > sentence_start else 0)
        first = bisect_left(self._topic_ends, floor, max(0, i - _EARLIER), i)
        for _, topic in self._topics[first:i]:
            earlier |= topic
        return last, earlier & ~last

    def topics(self) -> int:
        """The bits of every topic set anywhere: a title may name several (行政复议和行政应诉)."""
        topics = 0
        for _, topic in self._topics:
            topics |= topic
        return topics


@dataclass(slots=True)
class Wording:
    """What the frames are held against: a figure's own words, and what is known of it otherwise.

    `at` is where it stands among its words. `unit_kind` None lets any unit pass (for a change in per cent, whose
    unit is not the indicator's). `share` says that it is a share (占比22.0%): only indicators that are shares
    themselves may take it; `added` that it is an addition (新增调解员20名), which is no stock of people or things.
    `topics` has the bits of the topic in force, `earlier` of those before it, `sentence` of the words of its sentence;
    `after` is the indicator of the figure it follows at once.
    """

    left: Sequence[Word]
    right: Sequence[Word]
    at: tuple[int, int]
    unit_kind: str | None
    topics: int
    earlier: int
    sentence: int
    share: bool = False
    added: bool = False
    after: str | None = None


def matches(wording: Wording, lexicon: Lexicon) -> list[Match]:
    """The frames that fit a figure, best first; of several frames of one indicator the best."""
    if not wording.left and not wording.right:
        return []
    near, said, held, own_topics = _nearest(wording), 0, 0, 0
    for _, _, term in (*wording.left, *wording.right) if wording.right else wording.left:
        said |= term.standing
        held |= term.holding
        own_topics |= term.topics
    # 受理信访事项84件 after 行政复议: a topic of no indicator leaves nothing of those before.
    in_force = own_topics if own_topics & lexicon.index.foreign else own_topics | wording.topics
    over = own_topics & ~wording.topics or wording.topics & lexicon.index.foreign
    topics = in_force if over else in_force | wording.earlier
    by_anchor = lexicon.index.frames.get(wording.unit_kind, {})
    best: dict[str, Match] = {}
    for anchor in near:
        for masked in by_anchor.get(anchor, ()):
            # what rules most frames out is asked here, since a call for each would take longer than the asking
            if masked.without & held or (masked.topics and not masked.topics & topics):
                continue
            before = best.get(masked.code)
            if (before is not None and masked.most <= before.score) or _misfits(masked, wording, said):
                continue
            match = _scored(masked, near, own_topics, in_force)
            if before is None or match.score > before.score:
                best[masked.code] = match
    return sorted(best.values(), key=_worst_last) if len(best) > 1 else list(best.values())


def _misfits(masked: MaskedFrame, wording: Wording, said: int) -> bool:
    """Whether anything else a frame asks for is missing, or anything it rules out is there; its anchor is there."""
    for group in masked.other_near:
        if not group & said:
            return True
    if (wording.share and not masked.frame.share) or (wording.added and not masked.counts_additions):
        return True
    if masked.frame.after and masked.frame.after != wording.after:
        return True
    for group in masked.around:
        if not group & wording.sentence:
            return True
    return bool(masked.without_around and masked.without_around & wording.sentence)


def _worst_last(match: Match) -> float:
    return -match.score


def _nearest(wording: Wording) -> dict[str, tuple[int, int]]:
    """Each word beside the figure, and each it stands for, the nearest first: the distance, and where it ends."""
    if not wording.right and (only := _nearest_of_different(wording.left, wording.at[0])):
        return only
    at_start, at_end = wording.at
    nearest: dict[str, tuple[int, int]] = {}
    for _, end, term in wording.left:  # the last one is the nearest
        for word in term.stands:
            nearest[word] = (at_start - end, end)
    for _, end, term in reversed(wording.right):
        for word in term.stands:
            distance = end - len(word) - at_end
            if word not in nearest or nearest[word][0] > distance:
                nearest[word] = (distance, end)
    return dict(sorted(nearest.items(), key=_distance)) if len(nearest) > 1 else nearest


def _nearest_of_different(left: Sequence[Word], at: int) -> dict[str, tuple[int, int]] | None:
    """The same where all words stand before `at` and no two stand for one, as mostly: they are in order."""
    nearest: dict[str, tuple[int, int]] = {}
    words = 0
    for _, end, term in reversed(left):
        where = (at - end, end)
        for word in term.stands:
            nearest[word] = where
        words += len(term.stands)
    return nearest if len(nearest) == words else None


def _distance(word: tuple[str, tuple[int, int]]) -> int:
    return word[1][0]


def _scored(masked: MaskedFrame, near: dict[str, tuple[int, int]], own_topics: int, in_force: int) -> Match:
    """More groups before fewer, longer words before shorter, nearer before farther; its topic helps, most if its own.

    A topic that another has replaced since counts against a frame: 审结 after 复议 and then 诉讼 is of the latter.
    """
    decided_by, length, closest = [], 0, _FAR
    for group in masked.frame.near:
        for word, (distance, end) in near.items():  # the nearest first
            if word in group:
                decided_by.append((word, end))
                length += len(word)
                closest = min(closest, distance)
                break
    topic = 0.0
    if masked.topics:
        topic = OWN_TOPIC if masked.topics & own_topics else 1.0 if masked.topics & in_force else -4.0
    return Match(masked.frame, masked.weight + topic + length - 0.8 * closest, decided_by)


def winner(found: Sequence[Match]) -> str | None:
    """The best frame's code, or None where two indicators fit equally well: no code is better than a wrong one."""
    if len(found) > 1 and found[0].score - found[1].score < 0.01:
        return None
    return found[0].frame.code
