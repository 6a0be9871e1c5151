from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from rewards.models import Redemption, Reward  # noqa: F401 - named in brackets below
    from volunteers.models import Community


class RewardQuerySet(models.QuerySet["Reward"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def on_shelf(self) -> Self:
        """Rewards that residents may see, those that are out included."""
        return self.filter(is_active=True)

    def in_stock(self) -> Self:
        return self.filter(is_active=True, on_hand__gt=F("reserved"))

    def search(self, text: str) -> Self:
        """Filter by name, pinyin, initials or barcode; `%` and `_` are literal."""
        found = self
        for word in text.split()[:6]:
            key = word.lower()
            found = found.filter(
                Q(name__icontains=word)
                | Q(pinyin__contains=key)
                | Q(initials__contains=key)
                | Q(pk__in=type(self)(self.model).filter(barcodes__code=word).values("pk"))
            )
        return found


class RedemptionQuerySet(models.QuerySet["Redemption"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def done(self) -> Self:
        return self.filter(state="done")
