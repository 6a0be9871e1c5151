from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date

    from rewards.models import ParkedBasket, Redemption, Reward  # noqa: F401 - named in brackets
    from volunteers.models import Community, User


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

    def on_day(self, day: date) -> Self:
        """Filter to what left the shelf on a day of the installation's time zone."""
        midnight = datetime.combine(day, time.min, timezone.get_default_timezone())
        return self.filter(redeemed_at__gte=midnight, redeemed_at__lt=midnight + timedelta(days=1))

    def slip_missing(self) -> Self:
        """Filter to those whose consent was a signature and whose signed slip is not filed yet."""
        return self.done().exclude(confirmation="pin").filter(signed_slip_at__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("volunteer", "redeemed_by", "voided_by", "signed_slip_by")


class ParkedBasketQuerySet(models.QuerySet["ParkedBasket"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def parked_by(self, clerk: User) -> Self:
        return self.filter(parked_by=clerk)
