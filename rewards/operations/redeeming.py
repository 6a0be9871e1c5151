"""A redemption at the counter: stock and points move together or not at all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from ledger.models import Account, Posting
from ledger.operations import post_points, reverse_posting
from ledger.requests import RequestId, find_result, store_result
from rewards.models import Redemption, RedemptionLine, RedemptionPayment, Reward, StockMovement
from rewards.refusals import (
    AlreadyVoided,
    BasketEmpty,
    CollectorNotNamed,
    MonthLimitReached,
    NotOnShelf,
    OutOfStock,
    OwnHousehold,
    PriceChanged,
    TooLateToVoid,
)
from volunteers.models import Community, User, Volunteer
from volunteers.operations.people import ean13
from volunteers.operations.pins import use_confirmation
from volunteers.refusals import (
    AccountFrozen,
    ConfirmationNotValid,
    ReasonMissing,
    UnknownVolunteers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

SHANGHAI = ZoneInfo("Asia/Shanghai")
SLIP_PREFIX = "21"
REASON_AT_LEAST = 2  # characters


@dataclass(frozen=True)
class BasketLine:
    """So many of one reward, at the price that was on the screen."""

    reward_id: int
    quantity: int
    price_points: int


@dataclass(frozen=True)
class Consent:
    """How the resident agreed: a PIN confirmation, a signature, or a collector's signature."""

    method: Redemption.Confirmation
    pin_confirmation_id: UUID | None = None
    collector_name: str = ""


def basket_content(volunteer: Volunteer, lines: Sequence[BasketLine]) -> dict[str, object]:
    """Return what a PIN confirms: the person, the goods and their prices, whatever the order."""
    return {
        "volunteer": volunteer.pk,
        "lines": sorted([line.reward_id, line.quantity, line.price_points] for line in lines),
    }


@transaction.atomic
def redeem_rewards(
    *,
    request: RequestId,
    community: Community,
    volunteer_id: int,
    lines: Sequence[BasketLine],
    consent: Consent,
    by: User,
    at: datetime,
) -> Redemption:
    """Take the points, take the stock, and write down that it happened; once per request.

    Locks rewards in id order, then the account. Raises NotEnoughPoints, OutOfStock, NotOnShelf,
    PriceChanged, MonthLimitReached, AccountFrozen, OwnHousehold, ConfirmationNotValid, KeyReused.
    """
    content = {
        "volunteer": volunteer_id,
        "lines": sorted([line.reward_id, line.quantity, line.price_points] for line in lines),
        "consent": consent.method,
        "collector": consent.collector_name,
    }
    if done := find_result(request, content=content):
        return Redemption.objects.get(pk=done["redemption"])
    if not lines:
        raise BasketEmpty
    _check_consent(consent)
    volunteer = _payer(community, volunteer_id, by)
    shelf = _lock_rewards(community, lines)
    _check_shelf(shelf, lines, volunteer, at)
    pin_confirmation = None
    if consent.pin_confirmation_id is not None:
        pin_confirmation = use_confirmation(
            confirmation_id=consent.pin_confirmation_id,
            volunteer=volunteer,
            content=basket_content(volunteer, lines),
            at=at,
        )
    points = sum(line.quantity * line.price_points for line in lines)
    posting = post_points(
        kind=Posting.Kind.REDEEM,
        source=volunteer.account_id,
        target=Account.objects.system(community.pk, Account.Kind.SHOP),
        points=points,
        by=by.pk,
        at=at,
    )
    redemption = Redemption.objects.create(
        community=community,
        volunteer=volunteer,
        number=slip_number(),
        points=points,
        balance_after=posting.source_after or 0,
        confirmation=consent.method,
        pin_confirmation=pin_confirmation,
        collector_name=consent.collector_name,
        redeemed_at=at,
        redeemed_by=by,
    )
    _write_lines(redemption, lines, posting, volunteer)
    store_result(request, content=content, result={"redemption": redemption.pk})
    return redemption


@transaction.atomic
def void_redemption(
    *,
    redemption_id: int,
    community: Community,
    reason: str,
    may_void_any: bool,
    by: User,
    at: datetime,
) -> Redemption:
    """Give points and stock back, once.

    Whoever redeemed it may do so for `community.void_minutes`; later it needs `may_void_any`
    (an approver) and a reason. Raises AlreadyVoided, TooLateToVoid, ReasonMissing.
    """
    redemption = (
        Redemption.objects.select_for_update(of=("self",), no_key=True)
        .select_related("volunteer")
        .get(pk=redemption_id, community=community)
    )
    if redemption.state == Redemption.State.VOIDED:
        raise AlreadyVoided
    if not may_void_any:
        _require_own_minutes(redemption, community, by=by, at=at)
    elif len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
    lines = list(redemption.lines.all())
    list(
        Reward.objects.select_for_update(no_key=True)
        .filter(pk__in=[line.reward_id for line in lines])
        .order_by("id")
    )
    for payment in redemption.payments.select_related("volunteer").order_by("posting_id"):
        reverse_posting(
            payment.posting_id,
            debt_account_id=payment.volunteer.debt_account_id,
            by=by.pk,
            at=at,
        )
    StockMovement.objects.bulk_create(
        StockMovement(
            reward_id=line.reward_id,
            kind=StockMovement.Kind.RETURN,
            quantity=line.quantity,
            redemption=redemption,
            moved_at=at,
            moved_by=by,
        )
        for line in lines
    )
    redemption.state = Redemption.State.VOIDED
    redemption.voided_at, redemption.voided_by, redemption.void_reason = at, by, reason
    redemption.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    return redemption


def slip_number() -> str:
    """Return a fresh slip number: EAN-13 with prefix 21, unique in the installation by chance.

    Ten random digits; the UNIQUE constraint refuses the one-in-ten-billion repeat.
    """
    return ean13(f"{SLIP_PREFIX}{secrets.randbelow(10**10):010d}")


def _check_consent(consent: Consent) -> None:
    is_pin = consent.method == Redemption.Confirmation.PIN
    if is_pin != (consent.pin_confirmation_id is not None):
        raise ConfirmationNotValid
    if consent.method == Redemption.Confirmation.COLLECTOR and not consent.collector_name:
        raise CollectorNotNamed


def _payer(community: Community, volunteer_id: int, by: User) -> Volunteer:
    volunteer: Volunteer | None = (
        Volunteer.objects.of(community).active().filter(pk=volunteer_id).first()
    )
    if volunteer is None:
        raise UnknownVolunteers([volunteer_id])
    if volunteer.is_frozen:
        raise AccountFrozen(volunteer.frozen_reason)
    if by.shares_door_with(volunteer):
        raise OwnHousehold
    return volunteer


def _lock_rewards(community: Community, lines: Sequence[BasketLine]) -> Mapping[int, Reward]:
    """Lock in id order: the last item is sold once, and opposite baskets never deadlock."""
    rewards = (
        Reward.objects.of(community)
        .select_for_update(no_key=True)
        .filter(pk__in=[line.reward_id for line in lines])
        .order_by("id")
    )
    return {reward.pk: reward for reward in rewards}


def _check_shelf(
    shelf: Mapping[int, Reward], lines: Sequence[BasketLine], volunteer: Volunteer, at: datetime
) -> None:
    for line in lines:
        reward = shelf.get(line.reward_id)
        if reward is None or not reward.is_active:
            raise NotOnShelf(line.reward_id)
        if reward.price_points != line.price_points:
            raise PriceChanged(reward.pk, reward.price_points)
        if reward.free < line.quantity:
            raise OutOfStock(reward.pk, reward.free)
    limited = [line for line in lines if shelf[line.reward_id].person_month_limit is not None]
    if not limited:
        return
    had = _had_this_month(volunteer, [line.reward_id for line in limited], at)
    for line in limited:
        left = max(0, (shelf[line.reward_id].person_month_limit or 0) - had.get(line.reward_id, 0))
        if line.quantity > left:
            raise MonthLimitReached(line.reward_id, left)


def _had_this_month(
    volunteer: Volunteer, reward_ids: Sequence[int], at: datetime
) -> dict[int, int]:
    month_start = at.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = (
        RedemptionLine.objects.filter(
            redemption__volunteer=volunteer,
            redemption__state=Redemption.State.DONE,
            redemption__redeemed_at__gte=month_start,
            reward__in=reward_ids,
        )
        .values("reward")
        .annotate(had=Sum("quantity"))
    )
    return {row["reward"]: row["had"] for row in rows}


def _write_lines(
    redemption: Redemption,
    lines: Sequence[BasketLine],
    posting: Posting,
    volunteer: Volunteer,
) -> None:
    RedemptionPayment.objects.create(redemption=redemption, volunteer=volunteer, posting=posting)
    RedemptionLine.objects.bulk_create(
        RedemptionLine(
            redemption=redemption,
            reward_id=line.reward_id,
            quantity=line.quantity,
            price_points=line.price_points,
        )
        for line in lines
    )
    StockMovement.objects.bulk_create(
        StockMovement(
            reward_id=line.reward_id,
            kind=StockMovement.Kind.REDEMPTION,
            quantity=-line.quantity,
            redemption=redemption,
            moved_at=redemption.redeemed_at,
            moved_by=redemption.redeemed_by,
        )
        for line in lines
    )


def _require_own_minutes(
    redemption: Redemption, community: Community, *, by: User, at: datetime
) -> None:
    until = redemption.redeemed_at + timedelta(minutes=community.void_minutes)
    if redemption.redeemed_by_id != by.pk or at > until:
        raise TooLateToVoid(until)
