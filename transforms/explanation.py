"""Why a figure has the indicator it has: the words that decided, the lexicon entry, and what came second."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.extract import Reading
from transforms.indicators import Deciding, Match


@dataclass(frozen=True, slots=True)
class Explanation:
    """`words` under one of `topics` decided for `entry` (file:indicator[frame]); `second` is the runner-up, or None.

    `told_by` says in words what else decided: the figure it follows, or a whole it is a part of.
    """

    words: tuple[Deciding, ...]
    topics: tuple[str, ...]
    entry: str | None
    score: float | None
    second: Match | None
    told_by: str


def explanation(reading: Reading) -> Explanation:
    """What decided the indicator of one figure."""
    found = reading.matches
    if not found:
        return Explanation((), (), None, None, None, reading.told_by or "no frame of the lexicon fits its words")
    tied = len(found) > 1 and reading.observation.indicator is None and not reading.told_by
    told_by = "two indicators fit equally well, so it has none" if tied else reading.told_by
    best = found[0]
    second = found[1] if len(found) > 1 else None
    words, topics = tuple(best.words), tuple(sorted(best.frame.topics))
    return Explanation(words, topics, best.frame.source, best.score, second, told_by)


def marked(text: str, start: int, end: int, figure: tuple[int, int], words: Sequence[Deciding]) -> str:
    """A sentence with the figure in 【】 and the deciding words in [], for people to read."""
    brackets = {figure: ("【", "】")}
    brackets |= {(word.start, word.end): ("[", "]") for word in words if not _overlaps(word, figure)}
    shown, at = "", start
    for begins, ends in sorted(brackets):
        if at <= begins and ends <= end:
            left, right = brackets[begins, ends]
            shown += f"{text[at:begins]}{left}{text[begins:ends]}{right}"
            at = ends
    return shown + text[at:end]


def _overlaps(word: Deciding, figure: tuple[int, int]) -> bool:
    return word.start < figure[1] and figure[0] < word.end
