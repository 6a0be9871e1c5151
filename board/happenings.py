"""What just happened in the community, newest first, from the documents themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from rewards.models import Redemption
from volunteers.models import RecordBatch

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import Community

SHOWN = 6


@dataclass(frozen=True)
class Happening:
    """One line of the feed. `kind` names the template line that words it; `facts` fill it."""

    at: datetime
    kind: str
    facts: dict[str, object] = field(default_factory=dict)


def happenings(community: Community) -> list[Happening]:
    """Return the newest six of everything, in three queries."""
    found = [*_batches(community), *_redemptions(community)]
    return sorted(found, key=lambda happening: happening.at, reverse=True)[:SHOWN]


def _batches(community: Community) -> list[Happening]:
    batches = (
        RecordBatch.objects.filter(community=community)
        .select_related("activity", "submitted_by", "decided_by")
        .annotate(
            people=Count("records"),
            points=Sum("records__points", filter=Q(records__points__gt=0), default=0),
        )
        .order_by("-submitted_at")[:SHOWN]
    )
    return [
        Happening(
            at=batch.decided_at or batch.submitted_at,
            kind=f"batch_{batch.state}",
            facts={
                "title": batch.activity.title if batch.activity else "",
                "people": batch.people,
                "points": batch.points,
                "by": batch.decided_by or batch.submitted_by,
            },
        )
        for batch in batches
    ]


def _redemptions(community: Community) -> list[Happening]:
    redemptions = (
        Redemption.objects.of(community)
        .select_related("volunteer")
        .prefetch_related("lines__reward")
        .order_by("-redeemed_at")[:SHOWN]
    )
    return [
        Happening(
            at=redemption.voided_at or redemption.redeemed_at,
            kind="voided" if redemption.voided_at else "redeemed",
            facts={
                "name": redemption.volunteer.name,
                "lines": list(redemption.lines.all()),
                "points": redemption.points,
                "balance": redemption.balance_after,
                "reason": redemption.void_reason,
            },
        )
        for redemption in redemptions
    ]
