"""Which indicators are stocks: what there is on a day (在册社区矫正对象412名), not what was done in a year."""

from transforms.lexicon import Lexicon


def is_stock(code: str | None, lexicon: Lexicon) -> bool:
    """Whether figures of an indicator are told for a day (时点数)."""
    return code is not None and lexicon.indicators[code].measure == "stock"
