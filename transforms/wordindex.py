"""The lexicon made ready for matching: an automaton over its words, and its frames as bit masks.

What belongs here is how words relate to one another; what they mean is data (`lexicon/*.yaml`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from transforms.lexicon import Frame, Lexicon

OWN_TOPIC = 4.0
"""What it adds to a frame's score that the figure's own words set its topic."""
OTHER_TOPIC = "其他"
"""The topic of what no indicator tells of; no frame asks for it."""
_NEGATIONS = frozenset("不未非无")


@dataclass(slots=True, eq=False)
class Term:
    """A word of the lexicon and what finding it implies, words and topics as bits.

    `stands` are the words it stands for, `standing` the bits of those that frames ask for; `naming` of those asked for
    or ruled out in a sentence, also where it only begins with them (审查总量 speaks of 审查); `holding` the bits of the
    words within it that rule a frame out. `other` says that it names a thing no indicator counts, `narrows` that it
    narrows what is counted.
    """

    word: str
    stands: tuple[str, ...]
    standing: int
    naming: int
    holding: int
    topics: int
    other: bool
    narrows: bool


@dataclass(slots=True, eq=False)
class MaskedFrame:
    """A frame with its groups of words as bits, so that most misfits cost one `&` each; `weight` is of its groups.

    `other_near` are the near groups but the first, whose words anchor the frame; `most` the best score it can have.
    Neither this nor a Term is a tuple, since their fields are read for every word of a text, which is quicker so.
    """

    frame: Frame
    code: str
    other_near: tuple[int, ...]
    around: tuple[int, ...]
    without: int
    without_around: int
    topics: int
    counts_additions: bool
    weight: float
    most: float


class WordIndex:
    """Finds the lexicon's words in a text and the frames that a word can anchor."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._every = _words(lexicon)
        frames = [frame for indicator in lexicon.indicators.values() for frame in indicator.frames]
        # Only words that are asked for have bits, those asked of a sentence the lowest, which keeps the masks short.
        around = {word for frame in frames for group in (*frame.around, frame.without_around) for word in group}
        near = {word for frame in frames for group in frame.near[1:] for word in group}
        self._around = _bits(sorted(around))
        self._asked = _bits([*sorted(around), *sorted(near - around)])
        self._without = _bits(sorted({word for frame in frames for word in frame.without}))
        self._topic_bits = {topic: 1 << i for i, topic in enumerate(lexicon.topics)}
        self._terms = self._terms_of(lexicon)
        self._automaton = AhoCorasick([term.word for term in self._terms], store_patterns=False)
        self.frames = self._frames(lexicon)
        self.foreign = self._foreign(lexicon)

    def find(self, text: str) -> list[tuple[int, int, Term]]:
        """The words of a text left to right, as (start, end, term), without those that lie within another.

        Words may overlap: 行政机关负责人出庭率 is both 行政机关负责人出庭 and 负责人出庭率.
        """
        found, reached, terms = list[tuple[int, int, Term]](), len(text) + 1, self._terms
        # Overlapping matches come by their ends, the longest first; so from the right the longest of an end is last.
        for number, start, end in reversed(self._automaton.find_matches_as_indexes(text, overlapping=True)):
            if start < reached:
                reached = start
                if found and found[-1][1] == end:
                    found.pop()
                found.append((start, end, terms[number]))
        found.reverse()
        return found

    def _terms_of(self, lexicon: Lexicon) -> list[Term]:
        cues = {cue: topic for topic, words in lexicon.topics.items() for cue in words}
        terms = []
        for word in sorted(self._every):
            other = word in lexicon.extent.others
            stands = () if other else _standing_for(word, self._every)
            topic = _topic(word, cues)
            told = OTHER_TOPIC if other and word not in cues else topic
            topics = self._topic_bits[told] if told else 0
            holding, narrows = _mask(self._within(word), self._without), word in lexicon.extent.narrow
            standing = _mask(stands, self._asked)
            begins = () if other else [word[:i] for i in range(1, len(word))]
            naming = _mask((*stands, *begins), self._around)
            terms.append(Term(word, stands, standing, naming, holding, topics, other, narrows))
        return terms

    def _frames(self, lexicon: Lexicon) -> Mapping[str | None, Mapping[str, list[MaskedFrame]]]:
        """By kind of unit, None being any, the frames that a word can anchor: those whose first near group has it."""
        by_kind: defaultdict[str | None, dict[str, list[MaskedFrame]]] = defaultdict(dict)
        for frame in (frame for indicator in lexicon.indicators.values() for frame in indicator.frames):
            weight = 10.0 * len(frame.near) + 6.0 * (len(frame.around) + bool(frame.after))
            masked = MaskedFrame(
                frame=frame,
                code=frame.code,
                other_near=tuple(_mask(group, self._asked) for group in frame.near[1:]),
                around=tuple(_mask(group, self._around) for group in frame.around),
                without=_mask(frame.without, self._without),
                without_around=_mask(frame.without_around, self._around),
                topics=sum(self._topic_bits[topic] for topic in frame.topics),
                counts_additions=_counts_additions(frame, lexicon),
                weight=weight,
                most=weight + OWN_TOPIC + sum(max(map(len, group)) for group in frame.near),
            )
            for word in frame.near[0]:
                for kind in (None, *frame.kinds):
                    by_kind[kind].setdefault(word, []).append(masked)
        for by_word in by_kind.values():
            for masked_frames in by_word.values():
                masked_frames.sort(key=lambda masked: -masked.most)  # the likelier first
        return dict(by_kind)

    def _foreign(self, lexicon: Lexicon) -> int:
        """The bits of the topics that no frame asks for: what is told under them no indicator counts.

        OTHER_TOPIC is none of them: a single figure of another thing (综合纠错率30%) leaves the passage its topic.
        """
        asked = {
            topic for indicator in lexicon.indicators.values() for frame in indicator.frames for topic in frame.topics
        }
        foreign = 0
        for topic in lexicon.topics.keys() - asked - {OTHER_TOPIC}:
            foreign |= self._topic_bits[topic]
        return foreign

    def _within(self, word: str) -> set[str]:
        """The words within a word, wherever they stand: what rules a frame out may be part of a longer one."""
        parts = {word[i:j] for i in range(len(word)) for j in range(i + 1, len(word) + 1)}
        return parts & self._every


def _bits(words: Iterable[str]) -> Mapping[str, int]:
    return {word: 1 << i for i, word in enumerate(words)}


def _mask(words: Iterable[str], bits: Mapping[str, int]) -> int:
    """The bits of those words that have one."""
    mask = 0
    for word in words:
        mask |= bits.get(word, 0)
    return mask


def _words(lexicon: Lexicon) -> frozenset[str]:
    """Every word that a frame or a topic asks for, and those of other things and of parts."""
    words: set[str] = {cue for cues in lexicon.topics.values() for cue in cues}
    words.update(lexicon.extent.others, lexicon.extent.narrow)
    for indicator in lexicon.indicators.values():
        for frame in indicator.frames:
            words.update(frame.without, frame.without_around, *frame.near, *frame.around)
    return frozenset(words)


def _topic(word: str, cues: Mapping[str, str]) -> str | None:
    """The topic a word sets: that of the topic word it ends with or holds last (案卷 in 行政执法案卷)."""
    within = [cue for cue in cues if cue in word]
    return cues[max(within, key=lambda cue: (word.rindex(cue) + len(cue), len(cue)))] if within else None


def _standing_for(word: str, every: frozenset[str]) -> tuple[str, ...]:
    """The words a found word stands for: itself, the words it ends with, and those it is a plain chain of.

    The head of a Chinese noun phrase comes last: 法治宣传活动 is a 宣传活动 too. A negation in front (不予受理,
    未成功) makes it another thing. 执法人员培训 is 执法人员 + 培训 and stands for both, and “单轨制” for 单轨制.
    """
    ends = [word[i:] for i in range(len(word)) if word[i:] in every and not _NEGATIONS.intersection(word[:i])]
    bare = _standing_for(word[1:-1], every) if word[0] == "“" and word[-1] == "”" else ()
    return tuple(dict.fromkeys((*ends, *bare, *_chain(word, every))))


def _chain(word: str, every: frozenset[str]) -> list[str]:
    """The shorter words that a word is a plain chain of, or none."""
    for i in range(len(word) - 1, 0, -1):
        if word[:i] in every:
            rest = [word[i:]] if word[i:] in every else _chain(word[i:], every)
            if rest:
                return [word[:i], *rest]
    return []


def _counts_additions(frame: Frame, lexicon: Lexicon) -> bool:
    """新增调解员20名 is no stock of people or things, unless the frame asks for additions."""
    stock = lexicon.units[lexicon.indicators[frame.code].unit].kind in ("person", "thing", "place")
    return not stock or any("新增" in group or "建成" in group for group in frame.near)
