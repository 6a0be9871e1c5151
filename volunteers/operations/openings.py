"""Cut-over: what the paper book said, entered by one person and signed off by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Posting
from ledger.operations import Award, earn_points
from volunteers.models import Community, OpeningBalance, User, Volunteer
from volunteers.refusals import AlreadyRecorded, UnknownVolunteers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@transaction.atomic
def enter_opening_balances(
    *,
    community: Community,
    points: Mapping[int, int],
    balance_date: date,
    vouched_by: str,
    by: User,
    at: datetime,
) -> int:
    """Enter opening balances (volunteer id → points) to be signed off; return how many.

    Raises UnknownVolunteers, AlreadyRecorded (a person has one opening balance, ever).
    """
    known = Volunteer.objects.of(community).filter(pk__in=points).values_list("pk", flat=True)
    if missing := set(points) - set(known):
        raise UnknownVolunteers(sorted(missing))
    entered = OpeningBalance.objects.filter(volunteer__in=points).exclude(
        state=OpeningBalance.State.DECLINED
    )
    if repeats := sorted(entered.values_list("volunteer_id", flat=True)):
        raise AlreadyRecorded(repeats)
    OpeningBalance.objects.filter(volunteer__in=points).delete()  # the declined ones
    OpeningBalance.objects.bulk_create(
        OpeningBalance(
            volunteer_id=volunteer_id,
            points=amount,
            balance_date=balance_date,
            vouched_by=vouched_by,
            submitted_at=at,
            submitted_by=by,
        )
        for volunteer_id, amount in points.items()
    )
    return len(points)


@transaction.atomic
def sign_off_opening_balances(*, community: Community, by: User, at: datetime) -> int:
    """Post every waiting balance that `by` did not enter and that is not `by`'s household's.

    Returns how many were posted; those that need somebody else stay waiting.
    """
    waiting = list(
        OpeningBalance.objects.filter(
            volunteer__community=community, state=OpeningBalance.State.SUBMITTED
        )
        .exclude(submitted_by=by)
        .select_related("volunteer")
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
    )
    allowed = [balance for balance in waiting if not by.shares_door_with(balance.volunteer)]
    postings = earn_points(
        awards=[
            Award(
                account_id=balance.volunteer.account_id,
                debt_account_id=balance.volunteer.debt_account_id,
                points=balance.points,
                memo="",
                effective_date=balance.balance_date,
            )
            for balance in allowed
        ],
        kind=Posting.Kind.OPENING,
        book=community.pk,
        by=by.pk,
        at=at,
    )
    for balance, posting in zip(allowed, postings, strict=True):
        balance.posting, balance.state = posting, OpeningBalance.State.SIGNED_OFF
        balance.decided_at, balance.decided_by = at, by
    OpeningBalance.objects.bulk_update(allowed, ["posting", "state", "decided_at", "decided_by"])
    return len(allowed)
