from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from datetime import date

    from volunteers.models import Community, PointsRuleVersion  # noqa: F401 - named in brackets below


class PointsRuleVersionQuerySet(models.QuerySet["PointsRuleVersion"]):
    def in_force(self, community: Community, on: date) -> Self:
        """Filter to the one version of each active rule that holds on the day `on`."""
        newest = (
            type(self)(self.model)
            .filter(rule=OuterRef("rule"), valid_from_date__lte=on)
            .order_by("-valid_from_date", "-id")
            .values("pk")[:1]
        )
        return (
            self.filter(rule__community=community, rule__is_active=True, pk=Subquery(newest))
            .select_related("rule")
            .order_by("rule__order", "rule_id")
        )
