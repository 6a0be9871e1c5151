"""A redemption at the counter: stock and points move together or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery, Sum
from django.utils import timezone

from ledger.models import Account, Posting
from ledger.operations import post_points, reverse_many
from ledger.requests import RequestId, find_result, store_result
from rewards.models import Redemption, RedemptionLine, Reward, StockMovement
from rewards.models.counter import MAX_LINE_QUANTITY
from rewards.models.shelf import MAX_POINTS
from rewards.operations.slips import write_redemption
from rewards.refusals import (
    AlreadyVoided,
    BasketEmpty,
    BasketTooLarge,
    CollectorNotNamed,
    MonthLimitReached,
    NotOnShelf,
    OutOfStock,
    OwnHousehold,
    PriceChanged,
    TooLateToVoid,
)
from volunteers.models import Community, User, Volunteer
from volunteers.operations.pins import use_confirmation
from volunteers.refusals import (
    AccountFrozen,
    ConfirmationNotValid,
    ReasonMissing,
    UnknownVolunteers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import WithAnnotations

REASON_AT_LEAST = 2  # characters


class PayerFacts(TypedDict):
    """What is read together with the person who pays."""

    is_own_household: bool
    shop_account: int


@dataclass(frozen=True)
class BasketLine:
    """So many of one reward, at the price that was on the screen.

    Raises ValueError for a quantity outside 1 … 999: who reads a form or a request checks first.
    """

    reward_id: int
    quantity: int
    price_points: int

    def __post_init__(self) -> None:
        if not 1 <= self.quantity <= MAX_LINE_QUANTITY:
            raise ValueError(f"a line of {self.quantity} pieces")


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


def merge_lines(lines: Iterable[BasketLine]) -> list[BasketLine]:
    """Return one line for each reward and price, in the order they came into the basket.

    Raises ValueError when together they are more than a line may hold.
    """
    pieces: Counter[tuple[int, int]] = Counter()
    for line in lines:
        pieces[line.reward_id, line.price_points] += line.quantity
    return [
        BasketLine(reward_id=reward_id, quantity=quantity, price_points=price_points)
        for (reward_id, price_points), quantity in pieces.items()
    ]


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

    Locks rewards in id order, then the account. Nine statements at most, without the savepoint. The
    same request again returns the first redemption, whose `redeemed_at` is then not `at`. Raises
    BasketEmpty, BasketTooLarge, CollectorNotNamed, UnknownVolunteers, AccountFrozen, OwnHousehold,
    NotOnShelf, PriceChanged, OutOfStock, MonthLimitReached, ConfirmationNotValid, NotEnoughPoints,
    KeyReused, KeyBusy.
    """
    content = {
        "volunteer": volunteer_id,
        "lines": sorted([line.reward_id, line.quantity, line.price_points] for line in lines),
        "consent": consent.method,
        "collector": consent.collector_name,
    }
    if done := find_result(request, content=content):
        return Redemption.objects.get(pk=done["redemption"])
    points = _check_basket(lines, consent)
    volunteer, shop_account_id = _payer(community, volunteer_id, by)
    basket = merge_lines(lines)
    shelf = lock_rewards(community, [line.reward_id for line in basket])
    _check_shelf(shelf, basket, volunteer, at)
    pin_confirmation = None
    if consent.pin_confirmation_id is not None:
        pin_confirmation = use_confirmation(
            confirmation_id=consent.pin_confirmation_id,
            volunteer=volunteer,
            content=basket_content(volunteer, lines),
            at=at,
        )
    posting = post_points(
        kind=Posting.Kind.REDEEM,
        source=volunteer.account_id,
        target=shop_account_id,
        points=points,
        by=by.pk,
        at=at,
    )
    redemption = write_redemption(
        volunteer=volunteer,
        basket=[(line.reward_id, line.quantity, line.price_points) for line in basket],
        posting=posting,
        confirmation=consent.method,
        pin_confirmation=pin_confirmation,
        collector_name=consent.collector_name,
        by=by,
        at=at,
    )
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
    request: RequestId | None = None,
) -> Redemption:
    """Give points and stock back, once.

    Whoever redeemed it may do so for `community.void_minutes`; later it needs `may_void_any` (an
    approver) and a reason. Nobody voids what their own household was given. The same `request`
    again returns what it did. Raises AlreadyVoided, TooLateToVoid, ReasonMissing, OwnHousehold.
    """
    content = {"void": redemption_id, "reason": reason}
    if request and (done := find_result(request, content=content)):
        return Redemption.objects.select_related("volunteer").get(pk=done["voided"])
    redemption = (
        Redemption.objects.select_for_update(of=("self",), no_key=True)
        .select_related("volunteer")
        .get(pk=redemption_id, community=community)
    )
    if redemption.state == Redemption.State.VOIDED:
        raise AlreadyVoided
    _check_void(redemption, community, reason, may_void_any=may_void_any, by=by, at=at)
    lines = list(redemption.lines.order_by("reward_id"))
    lock_rewards(community, [line.reward_id for line in lines])
    payments = redemption.payments.select_related("volunteer").order_by("posting_id")
    reverse_many(
        [(payment.posting_id, payment.volunteer.debt_account_id) for payment in payments],
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
    if request:
        store_result(request, content=content, result={"voided": redemption.pk})
    return redemption


def had_this_month(volunteer: Volunteer, reward_ids: Sequence[int], at: datetime) -> dict[int, int]:
    """Return by reward how many the person was given since the month began; voided ones not."""
    month_start = timezone.localtime(at, timezone.get_default_timezone()).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
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


def lock_rewards(community: Community, reward_ids: Sequence[int]) -> dict[int, Reward]:
    """Lock in id order: the last item is sold once, and opposite baskets never deadlock."""
    rewards = (
        Reward.objects.of(community)
        .select_for_update(no_key=True)
        .filter(pk__in=reward_ids)
        .order_by("id")
    )
    return {reward.pk: reward for reward in rewards}


def _check_basket(lines: Sequence[BasketLine], consent: Consent) -> int:
    """Return what the basket costs."""
    if not lines:
        raise BasketEmpty
    is_pin = consent.method == Redemption.Confirmation.PIN
    if is_pin != (consent.pin_confirmation_id is not None):
        raise ConfirmationNotValid
    if consent.method == Redemption.Confirmation.COLLECTOR and not consent.collector_name:
        raise CollectorNotNamed
    points = sum(line.quantity * line.price_points for line in lines)
    if points > MAX_POINTS:
        raise BasketTooLarge(points, MAX_POINTS)
    return points


def _payer(community: Community, volunteer_id: int, by: User) -> tuple[Volunteer, int]:
    """Return who pays and the account that is paid, in one statement."""
    own = Volunteer.objects.filter(pk=by.own_volunteer_id or 0, household=OuterRef("household"))
    shop = Account.objects.filter(book=community.pk, kind=Account.Kind.SHOP, counted=False)
    found = (
        Volunteer.objects.of(community)
        .active()
        .filter(pk=volunteer_id)
        .annotate(is_own_household=Exists(own), shop_account=Subquery(shop.values("pk")))
        .first()
    )
    payer = cast("WithAnnotations[Volunteer, PayerFacts] | None", found)
    if payer is None:
        raise UnknownVolunteers([volunteer_id])
    if payer.is_frozen:
        raise AccountFrozen(payer.frozen_reason)
    if payer.pk == by.own_volunteer_id or payer.is_own_household:
        raise OwnHousehold
    return payer, payer.shop_account


def _check_shelf(
    shelf: Mapping[int, Reward], basket: Sequence[BasketLine], volunteer: Volunteer, at: datetime
) -> None:
    for line in basket:
        reward = shelf.get(line.reward_id)
        if reward is None or not reward.is_active:
            raise NotOnShelf(line.reward_id)
        if reward.price_points != line.price_points:
            raise PriceChanged(reward.pk, reward.price_points)
        if reward.free < line.quantity:
            raise OutOfStock(reward.pk, reward.free)
    limits = {
        reward.pk: reward.person_month_limit
        for reward in shelf.values()
        if reward.person_month_limit is not None
    }
    if not limits:
        return
    # Only now, under the locks: what another counter has just given is counted too.
    had = had_this_month(volunteer, list(limits), at)
    for line in basket:
        if line.reward_id in limits:
            left = max(0, limits[line.reward_id] - had.get(line.reward_id, 0))
            if line.quantity > left:
                raise MonthLimitReached(line.reward_id, left)


def _check_void(
    redemption: Redemption,
    community: Community,
    reason: str,
    *,
    may_void_any: bool,
    by: User,
    at: datetime,
) -> None:
    own = by.own_volunteer
    payer = redemption.volunteer
    if own is not None and (
        own.pk == payer.pk or (own.household_id and own.household_id == payer.household_id)
    ):
        raise OwnHousehold
    until = redemption.redeemed_at + timedelta(minutes=community.void_minutes)
    if redemption.redeemed_by_id == by.pk and at <= until:
        return
    if not may_void_any:
        raise TooLateToVoid(until)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
