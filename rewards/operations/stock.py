"""Stock is moved, never typed over: every change of what is on hand is a movement with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rewards.models import PriceChange, Reward, StockMovement
from rewards.refusals import OutOfStock
from volunteers.refusals import ReasonMissing

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import User

NEEDS_REASON = {
    StockMovement.Kind.COUNT,
    StockMovement.Kind.DAMAGE,
    StockMovement.Kind.LOAN,
}


@transaction.atomic
def move_stock(
    *, reward: Reward, kind: StockMovement.Kind, quantity: int, reason: str, by: User, at: datetime
) -> StockMovement:
    """Put goods on the shelf (quantity > 0) or take them off (< 0).

    Raises OutOfStock when what would go is not free, ReasonMissing where a reason is due.
    """
    if kind in NEEDS_REASON and not reason.strip():
        raise ReasonMissing
    locked = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    if locked.free + quantity < 0:
        raise OutOfStock(locked.pk, locked.free)
    return StockMovement.objects.create(
        reward=locked, kind=kind, quantity=quantity, reason=reason, moved_at=at, moved_by=by
    )


@transaction.atomic
def change_price(*, reward: Reward, price_points: int, by: User, at: datetime) -> None:
    """Set a new price and keep the old one in the history; open baskets are told."""
    locked = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    if locked.price_points == price_points:
        return
    PriceChange.objects.create(
        reward=locked,
        before_points=locked.price_points,
        after_points=price_points,
        changed_at=at,
        changed_by=by,
    )
    locked.price_points = price_points
    locked.save(update_fields=["price_points"])
    reward.price_points = price_points
