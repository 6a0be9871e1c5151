"""Which wishes hang on the drawn tree, where, and which became stars.

The tree has 64 places, ordered so that any first few of them look balanced. A wish keeps its place
as long as it hangs: the place follows from its number, and only a newcomer that finds its own place
taken moves to the next free one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from wishes.models import Wish

PLACES = 64
MOST_LAMPS = 48
# However many wait, some light stays on the tree; and the other way round.
FEWEST_LIT = 24
FRESH_FOR = timedelta(days=1)
MOST_RINGS = 3
MOST_STARS = 320
SHINE = {"approved": "wait", "pledged": "claim", "delivered": "claim", "lit": "lit"}


@dataclass(frozen=True)
class Lamp:
    """One wish on the drawing: `shine` is wait, claim or lit; `slot` is the place."""

    wish: Wish
    shine: str
    slot: int
    is_fresh: bool = False


def hang_lamps(waiting: Sequence[Wish], lit: Sequence[Wish], *, at: datetime) -> list[Lamp]:
    """Return at most 48 lamps by number: who waits longest and what was lit last come first."""
    room_for_waiting = MOST_LAMPS - min(len(lit), FEWEST_LIT)
    shown = list(waiting[:room_for_waiting])
    shown += lit[: MOST_LAMPS - len(shown)]
    rings = {wish.pk for wish in lit[:MOST_RINGS] if wish.lit_at and at - wish.lit_at < FRESH_FOR}
    shown.sort(key=lambda wish: wish.number)
    slots = _places([wish.number for wish in shown])
    return [
        Lamp(wish, SHINE[wish.state], slot, wish.pk in rings)
        for wish, slot in zip(shown, slots, strict=True)
    ]


def _places(numbers: Sequence[int]) -> list[int]:
    """Give each number its own place, or the first free one when an older wish hangs there."""
    own: dict[int, int] = {}
    for number in numbers:
        own.setdefault((number - 1) % MOST_LAMPS, number)
    free = (place for place in range(PLACES) if place not in own)
    return [
        place if own[place := (number - 1) % MOST_LAMPS] == number else next(free)
        for number in numbers
    ]


def star_paths(count: int) -> list[str]:
    """Return three SVG paths of dots, one for each size of star, in a sky of 1920 × 1080.

    The first stars stay where they are when more come: each place follows from its number alone.
    """
    paths = ["", "", ""]
    for index, (x, y) in enumerate(_sky(min(count, MOST_STARS))):
        is_big, is_small = index % 9 == 0, index % 3 != 0
        paths[0 if is_big else 2 if is_small else 1] += f"M{x} {y}h0"
    return paths


def _sky(count: int) -> Iterator[tuple[int, int]]:
    """Scatter evenly (the R2 sequence), denser towards the top and away from the horizon."""
    for index in range(count):
        across = (0.5 + 0.754877666 * (index + 1)) % 1
        down = (0.5 + 0.569840291 * (index + 1)) % 1
        yield round(24 + 1872 * across), round(18 + 430 * down**1.4)
