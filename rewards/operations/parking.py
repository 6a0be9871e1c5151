"""Baskets set aside while somebody else is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rewards.models import ParkedBasket
from rewards.operations.redeeming import merge_lines
from rewards.refusals import BasketEmpty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rewards.operations.redeeming import BasketLine
    from volunteers.models import User, Volunteer


@transaction.atomic
def park_basket(
    *, volunteer: Volunteer, lines: Sequence[BasketLine], by: User, at: datetime
) -> ParkedBasket:
    """Set the basket aside for this clerk; a newer one of the same person takes its place.

    Nothing is reserved, so doing it twice is harmless. Raises BasketEmpty.
    """
    if not lines:
        raise BasketEmpty
    kept = [[line.reward_id, line.quantity, line.price_points] for line in merge_lines(lines)]
    parked, _is_new = ParkedBasket.objects.update_or_create(
        parked_by=by,
        volunteer=volunteer,
        defaults={"community_id": volunteer.community_id, "lines": kept, "parked_at": at},
    )
    return parked


@transaction.atomic
def drop_parked_basket(*, volunteer: Volunteer, by: User) -> None:
    """Forget what this clerk had set aside for the person."""
    ParkedBasket.objects.parked_by(by).filter(volunteer=volunteer).delete()
