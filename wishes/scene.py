"""Everything the tree shows of a community, read at once, from public rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wishes.lamps import MOST_LAMPS, Lamp, hang_lamps, star_paths
from wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from volunteers.models import Community

MOST_ON_BOARD = 5


@dataclass(frozen=True)
class Scene:
    """The lamps, the counts, and what the board beside the tree says."""

    lamps: Sequence[Lamp]
    tally: dict[str, int]
    newest: Wish | None
    waiting: Sequence[Wish]
    stars: Sequence[str]

    @property
    def is_bare(self) -> bool:
        """Whether no wish was ever hung on this tree."""
        return not any(self.tally.values())

    @property
    def waiting_unseen(self) -> int:
        """How many wait that the board has no room for."""
        return self.tally["wait"] - len(self.waiting)


def read_scene(community: Community, *, at: datetime) -> Scene:
    """Read the tree in four queries, however many wishes there are."""
    public = Wish.objects.of(community).public()
    tally = public.tally()
    waiting = list(public.waiting()[:MOST_LAMPS])
    taken = list(public.pledged()[:MOST_LAMPS])
    lit = list(public.lit()[:MOST_LAMPS])
    not_lit = sorted(waiting + taken, key=lambda wish: (wish.approved_at, wish.pk))
    lamps = hang_lamps(not_lit, lit, at=at)
    glowing = sum(lamp.shine == "lit" for lamp in lamps)
    return Scene(
        lamps=lamps,
        tally=tally,
        newest=lit[0] if lit else None,
        waiting=waiting[: MOST_ON_BOARD if tally["wait"] <= MOST_ON_BOARD else MOST_ON_BOARD - 1],
        stars=star_paths(tally["lit"] - glowing),
    )
