"""Texts of ten million characters without a break (`make soak`, some minutes)."""

from collections.abc import Callable

import pytest
from transforms_texts import ENDLESS, growth

pytestmark = pytest.mark.soak

MILLION = 1_000_000
# A fact takes about 2.6 KB: ten million characters of 12件 would be 3.3 million facts in nearly 9 GB.
LENGTHS = dict.fromkeys(ENDLESS, 10 * MILLION) | {"12件": 5 * MILLION}


@pytest.mark.parametrize("name", ENDLESS)
def test_time_grows_with_the_length(name: str, say: Callable[[str], None]) -> None:
    """Ten million characters, but five of 12件, whose facts need 4.2 GB even so."""
    times, line = growth(name, MILLION, LENGTHS[name])
    say(line)
    assert times <= 2.5
