from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import Community
    from wishes.models import Wish  # noqa: F401 - named in brackets below

ON_TREE = ("approved", "pledged", "delivered", "lit")


class WishQuerySet(models.QuerySet["Wish"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def public(self) -> Self:
        """Leave what everybody may read: cleared words, hung on the tree."""
        return self.filter(is_on_tree=True, state__in=ON_TREE)

    def waiting(self) -> Self:
        """Leave what somebody could pledge, those waiting longest first."""
        return self.filter(state="approved").order_by("approved_at", "id")

    def pledged(self) -> Self:
        """Leave what somebody took on and whose lamp does not glow yet."""
        return self.filter(state__in=["pledged", "delivered"]).order_by("number")

    def lit(self) -> Self:
        """Leave the lit ones, newest first."""
        return self.filter(state="lit").order_by("-lit_at", "-id")

    def lit_in(self, year: int) -> Self:
        """Leave what was lit in that year of the community's own time, oldest first."""
        return self.filter(state="lit", lit_at__year=year).order_by("lit_at", "id")

    def on_board(self, *, lit_since: datetime) -> Self:
        """Leave what staff still have to do with, and what was lit lately; oldest first."""
        lately = Q(state="lit", lit_at__gte=lit_since)
        waiting = Q(state__in=["submitted", "approved", "pledged", "delivered"])
        return self.filter(waiting | lately).order_by("number")

    def tally(self) -> dict[str, int]:
        """Return how many are lit, taken (`claim`) and waiting (`wait`): one query."""
        return self.aggregate(
            lit=Count("id", filter=Q(state="lit")),
            claim=Count("id", filter=Q(state__in=["pledged", "delivered"])),
            wait=Count("id", filter=Q(state="approved")),
        )
