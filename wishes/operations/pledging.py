"""Promises to meet a wish: made once, kept, given back freely, or returned when silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.requests import RequestId, find_result, store_result
from volunteers.models import Community, Unit, User, Volunteer
from volunteers.operations.recording import shanghai_date
from volunteers.refusals import StateMovedOn, UnknownVolunteers
from wishes.models import Pledge, Wish, WishStep
from wishes.operations.journal import Actor, lock_wish, note_step, wake_screens
from wishes.refusals import (
    AlreadyPledged,
    DayOutOfRange,
    NoSharesLeft,
    OwnWish,
    PledgeEnded,
    TooManyPledges,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from wishes.models import WishFacts

DAYS_TO_MEET = 15
# A unit has more hands than a person; neither may hoard.
MOST_PLEDGES = {"volunteer": 3, "unit": 10}
OPEN_FOR_RELEASE = (Wish.State.APPROVED, Wish.State.PLEDGED)


@dataclass(frozen=True)
class Promise:
    """Who takes how many shares until which day; exactly one of volunteer and unit."""

    due_date: date
    volunteer_id: int | None = None
    unit_id: int | None = None
    shares: int = 1
    with_family: bool = False


@transaction.atomic
def pledge_wish(
    *,
    request: RequestId,
    community: Community,
    number: int,
    promise: Promise,
    by: Actor,
    at: datetime,
) -> Pledge:
    """Promise to meet a wish, or some shares of it; once per request.

    Raises StateMovedOn, NoSharesLeft, OwnWish, AlreadyPledged, TooManyPledges, DayOutOfRange,
    UnknownVolunteers, KeyReused.
    """
    content = {
        "wish": number,
        "volunteer": promise.volunteer_id,
        "unit": promise.unit_id,
        "shares": promise.shares,
        "family": promise.with_family,
        "due": promise.due_date.isoformat(),
    }
    if done := find_result(request, content=content):
        return Pledge.objects.get(pk=done["pledge"])
    wish = lock_wish(community, number)
    pledge = take_shares(wish, promise, by=by, at=at)
    wake_screens(community.pk)
    store_result(request, content=content, result={"pledge": pledge.pk})
    return pledge


def take_shares(wish: Wish, promise: Promise, *, by: Actor, at: datetime) -> Pledge:
    """Make the promise on a wish the caller's transaction has locked; see `pledge_wish`."""
    if wish.state == Wish.State.PLEDGED:
        raise NoSharesLeft(0)
    if wish.state != Wish.State.APPROVED:
        raise StateMovedOn(wish.state)
    if promise.shares > wish.shares_left:
        raise NoSharesLeft(wish.shares_left)
    _check_day(promise.due_date, at)
    _check_pledger(wish, promise)
    pledge = Pledge.objects.create(
        wish=wish,
        volunteer_id=promise.volunteer_id,
        unit_id=promise.unit_id,
        with_family=promise.with_family,
        shares=promise.shares,
        due_date=promise.due_date,
        submitted_at=at,
    )
    wish.pledged_shares += promise.shares
    if not wish.shares_left:
        wish.state = Wish.State.PLEDGED
    wish.save(update_fields=["pledged_shares", "state"])
    note_step(wish, WishStep.Kind.PLEDGED, by=by, at=at, pledge=pledge)
    return pledge


@transaction.atomic
def release_pledge(
    *, community: Community, number: int, pledge_id: int, by: Actor, at: datetime
) -> Pledge:
    """Give a promise back; it costs nothing and needs no reason.

    Raises StateMovedOn once the wish was delivered, PledgeEnded, Pledge.DoesNotExist.
    """
    wish = lock_wish(community, number)
    pledge = _standing(wish, pledge_id)
    if wish.state not in OPEN_FOR_RELEASE:
        raise StateMovedOn(wish.state)
    _give_back(wish, pledge, Pledge.State.RELEASED)
    note_step(wish, WishStep.Kind.RELEASED, by=by, at=at, pledge=pledge)
    wake_screens(community.pk)
    return pledge


@transaction.atomic
def say_done(
    *, community: Community, number: int, pledge_id: int, by: Actor, at: datetime
) -> Pledge:
    """Note that the pledger says it is done: it no longer lapses, and staff go and see.

    Raises StateMovedOn, PledgeEnded, Pledge.DoesNotExist.
    """
    wish = lock_wish(community, number)
    pledge = _standing(wish, pledge_id)
    if wish.state not in OPEN_FOR_RELEASE:
        raise StateMovedOn(wish.state)
    if pledge.said_done_at is None:
        pledge.said_done_at = at
        pledge.save(update_fields=["said_done_at"])
        note_step(wish, WishStep.Kind.SAID_DONE, by=by, at=at, pledge=pledge)
    return pledge


@transaction.atomic
def remind_pledger(
    *, community: Community, number: int, pledge_id: int, by: User, at: datetime
) -> Pledge:
    """Note that staff asked the pledger kindly how it goes. Raises PledgeEnded."""
    wish = lock_wish(community, number)
    pledge = _standing(wish, pledge_id)
    pledge.reminded_at, pledge.reminded_by = at, by
    pledge.save(update_fields=["reminded_at", "reminded_by"])
    note_step(wish, WishStep.Kind.REMINDED, by=by, at=at, pledge=pledge)
    return pledge


def return_silent_pledges(*, by: User, at: datetime) -> list[Pledge]:
    """Give every promise back whose day went by in silence, in every community; for the daily run.

    Each is a transaction of its own. A wish that was delivered, or a pledger who said it is done,
    is left alone. Returns what was given back.
    """
    today = shanghai_date(at)
    silent = (
        Pledge.objects.silent_since(today).order_by("wish_id", "id").values_list("pk", flat=True)
    )
    returned = []
    for pledge_id in list(silent):
        pledge = _return_one(pledge_id, today=today, by=by, at=at)
        if pledge is not None:
            returned.append(pledge)
    return returned


@transaction.atomic
def _return_one(pledge_id: int, *, today: date, by: User, at: datetime) -> Pledge | None:
    """Lock the wish first, then look again: somebody may have delivered meanwhile."""
    wish = Wish.objects.select_for_update(no_key=True).select_related(None).get(pledges=pledge_id)
    pledge = Pledge.objects.silent_since(today).filter(pk=pledge_id).first()
    if pledge is None:
        return None
    _give_back(wish, pledge, Pledge.State.LAPSED)
    note_step(wish, WishStep.Kind.LAPSED, by=by, at=at, pledge=pledge)
    wake_screens(wish.community_id)
    return pledge


def _standing(wish: Wish, pledge_id: int) -> Pledge:
    pledge = wish.pledges.get(pk=pledge_id)
    if pledge.state != Pledge.State.ACTIVE:
        raise PledgeEnded(pledge.state)
    return pledge


def _give_back(wish: Wish, pledge: Pledge, state: Pledge.State) -> None:
    pledge.state = state
    pledge.save(update_fields=["state"])
    wish.pledged_shares -= pledge.shares
    wish.state = Wish.State.APPROVED
    wish.save(update_fields=["pledged_shares", "state"])


def _check_day(due_date: date, at: datetime) -> None:
    first = shanghai_date(at)
    last = first + timedelta(days=DAYS_TO_MEET)
    if not first <= due_date <= last:
        raise DayOutOfRange(first, last)


def _check_pledger(wish: Wish, promise: Promise) -> None:
    """Refuse the wisher, a second promise, and too many at once.

    The pledger's row is locked, so that two promises at once are counted one after the other.
    """
    if promise.volunteer_id is not None:
        pledger = _lock_volunteer(wish, promise.volunteer_id)
        if is_own_wish(wish.facts, pledger):
            raise OwnWish
        limit, standing = (
            MOST_PLEDGES["volunteer"],
            Pledge.objects.active().filter(volunteer=pledger),
        )
    else:
        unit = _lock_unit(wish, promise.unit_id or 0)
        limit, standing = MOST_PLEDGES["unit"], Pledge.objects.active().filter(unit=unit)
    waiting = [pledge.wish_id for pledge in standing.exclude(wish__state=Wish.State.DELIVERED)]
    if wish.pk in waiting:
        raise AlreadyPledged
    if len(waiting) >= limit:
        raise TooManyPledges(limit)


def _lock_volunteer(wish: Wish, volunteer_id: int) -> Volunteer:
    pledger = (
        Volunteer.objects.select_for_update(no_key=True)
        .active()
        .filter(community=wish.community_id, pk=volunteer_id)
        .first()
    )
    if pledger is None:
        raise UnknownVolunteers([volunteer_id])
    return pledger


def _lock_unit(wish: Wish, unit_id: int) -> Unit:
    unit = (
        Unit.objects.select_for_update(no_key=True)
        .filter(community=wish.community_id, is_active=True, pk=unit_id)
        .first()
    )
    if unit is None:
        raise UnknownVolunteers([])
    return unit


def is_own_wish(facts: WishFacts, person: Volunteer) -> bool:
    """Return whether the person, or somebody of their household, made the wish."""
    wisher = facts.wisher
    if wisher is None:
        return False
    if wisher.pk == person.pk:
        return True
    return person.household_id is not None and person.household_id == wisher.household_id
