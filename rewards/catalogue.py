"""The shelf as residents read it: what they can have now, what is near, what is out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from rewards.models import Goal, Reward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from volunteers.models import Community, Volunteer

NEAR_PERCENT = 75  # of the price; from there on it is worth saying
PLAIN_SYMBOL = "box"  # the model's default: no drawing of its own


@dataclass(frozen=True)
class Offer:
    """One reward as one reader sees it; `available` is None for a visitor."""

    reward: Reward
    available: int | None = None
    is_goal: bool = False

    @property
    def is_out(self) -> bool:
        return self.reward.free < 1

    @property
    def missing(self) -> int:
        """Points still missing; 0 for a visitor."""
        if self.available is None:
            return 0
        return max(0, self.reward.price_points - self.available)

    @property
    def percent(self) -> int:
        """How much of the price is there, 0 to 100."""
        return min(100, max(0, self.available or 0) * 100 // self.reward.price_points)

    @property
    def can_have(self) -> bool:
        return self.available is not None and not self.is_out and not self.missing

    @property
    def is_near(self) -> bool:
        return bool(self.missing) and not self.is_out and self.percent >= NEAR_PERCENT

    @property
    def pic(self) -> str:
        return "" if self.reward.symbol == PLAIN_SYMBOL else self.reward.symbol

    @property
    def tone(self) -> str:
        """The class of the tile's ground; the first has none of its own."""
        return f"t{self.reward.tone - 1}" if self.reward.tone > 1 else ""

    @property
    def photo(self) -> str:
        return self.reward.picture.url if self.reward.picture else ""

    @property
    def alt(self) -> str:
        """What a picture shows, in words, where it stands alone."""
        return self.reward.picture_alt or self.reward.name

    @property
    def left(self) -> str:
        """How many are left, with their measure: 剩 3 口."""
        few, plenty = _("只剩 %(count)d %(measure)s"), _("剩 %(count)d %(measure)s")
        words = few if self.reward.is_low else plenty
        return words % {"count": self.reward.free, "measure": self.reward.measure}


@dataclass(frozen=True)
class Shelf:
    """The catalogue of a community for one reader, cheapest first."""

    offers: Sequence[Offer]

    @property
    def goal(self) -> Offer | None:
        return next((offer for offer in self.offers if offer.is_goal), None)

    @property
    def can_have(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.can_have]

    @property
    def near(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.is_near]

    @property
    def out(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.is_out]


def read_shelf(community: Community, volunteer: Volunteer | None, find: str = "") -> Shelf:
    """Return all that is on the shelf, or what `find` names; two queries, one for a visitor."""
    rewards = Reward.objects.of(community).on_shelf().select_related("category").search(find)
    goal = Goal.objects.filter(volunteer=volunteer).first() if volunteer else None
    available = volunteer.account.available if volunteer else None
    return Shelf(
        [
            Offer(reward, available, is_goal=goal is not None and goal.reward_id == reward.pk)
            for reward in rewards.order_by("price_points", "name", "id")
        ]
    )
