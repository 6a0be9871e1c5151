"""A resident gives points to the community's wish fund; never from person to person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Account, Posting
from ledger.operations import post_points
from ledger.requests import RequestId, find_result, store_result
from volunteers.models import User, Volunteer
from volunteers.refusals import AccountFrozen
from wishes.models import FundGift
from wishes.operations.journal import actor_number

if TYPE_CHECKING:
    from datetime import datetime

    from wishes.operations.journal import Actor


@transaction.atomic
def give_to_wish_fund(
    *, request: RequestId, volunteer: Volunteer, points: int, by: Actor, at: datetime
) -> FundGift:
    """Move `points` of the volunteer's own to the wish fund; once per request.

    Raises NotEnoughPoints, AccountFrozen, KeyReused.
    """
    content = {"volunteer": volunteer.pk, "points": points}
    if done := find_result(request, content=content):
        return FundGift.objects.get(pk=done["gift"])
    if volunteer.is_frozen:
        raise AccountFrozen(volunteer.frozen_reason)
    posting = post_points(
        kind=Posting.Kind.GIFT,
        source=volunteer.account_id,
        target=Account.objects.system(volunteer.community_id, Account.Kind.WISH_FUND),
        points=points,
        by=actor_number(by),
        at=at,
    )
    gift = FundGift.objects.create(
        community=volunteer.community,
        volunteer=volunteer,
        points=points,
        posting=posting,
        submitted_at=at,
        submitted_by=by if isinstance(by, User) else None,
    )
    store_result(request, content=content, result={"gift": gift.pk})
    return gift
