"""Staff ask one to three people or units, one after the other, whether they would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.models import Community, Unit, User, Volunteer
from volunteers.operations.recording import shanghai_date
from volunteers.refusals import StateMovedOn, UnknownVolunteers
from wishes.models import Dispatch, Helper, Wish, WishStep
from wishes.models.dispatch import MAX_TURNS
from wishes.operations.journal import Actor, lock_wish, note_step, wake_screens
from wishes.operations.pledging import DAYS_TO_MEET, Promise, is_own_wish, take_shares
from wishes.refusals import NobodyToAsk, OfferEnded, OwnWish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wishes.models import Pledge

HOURS_TO_ANSWER = 4


@dataclass(frozen=True)
class Candidate:
    """Whom to ask; exactly one of the two."""

    volunteer_id: int | None = None
    unit_id: int | None = None


@transaction.atomic
def offer_wish(
    *,
    community: Community,
    number: int,
    candidates: Sequence[Candidate],
    hours_to_answer: int = HOURS_TO_ANSWER,
    by: User,
    at: datetime,
) -> list[Dispatch]:
    """Ask the first of one to three now, the next when the one before declines or is silent.

    Raises StateMovedOn (not open, or others are being asked), NobodyToAsk, OwnWish,
    UnknownVolunteers.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.APPROVED or wish.dispatches.live().exists():
        raise StateMovedOn(wish.state)
    _check_candidates(wish, candidates)
    dispatches = Dispatch.objects.bulk_create(
        Dispatch(
            wish=wish,
            volunteer_id=candidate.volunteer_id,
            unit_id=candidate.unit_id,
            turn=turn,
            hours_to_answer=hours_to_answer,
            submitted_at=at,
            submitted_by=by,
        )
        for turn, candidate in enumerate(candidates, start=1)
    )
    _ask_next(wish, at)
    note_step(wish, WishStep.Kind.OFFERED, by=by, at=at)
    return dispatches


@transaction.atomic
def accept_offer(*, community: Community, dispatch_id: int, by: Actor, at: datetime) -> Pledge:
    """Accept: the offer becomes a promise of all shares that are left, nobody else is asked.

    Raises OfferEnded, and what `pledge_wish` raises; Dispatch.DoesNotExist.
    """
    wish, dispatch = _lock_offer(community, dispatch_id)
    promise = Promise(
        due_date=shanghai_date(at) + timedelta(days=DAYS_TO_MEET),
        volunteer_id=dispatch.volunteer_id,
        unit_id=dispatch.unit_id,
        shares=max(1, wish.shares_left),
    )
    pledge = take_shares(wish, promise, by=by, at=at)
    _answer(dispatch, Dispatch.State.ACCEPTED, by=by, at=at)
    wish.dispatches.live().update(state=Dispatch.State.CANCELLED, answered_at=at)
    note_step(wish, WishStep.Kind.OFFER_ACCEPTED, by=by, at=at, pledge=pledge)
    wake_screens(community.pk)
    return pledge


@transaction.atomic
def decline_offer(*, community: Community, dispatch_id: int, by: Actor, at: datetime) -> Dispatch:
    """Decline, which costs nothing and needs no reason; the next one is asked.

    Raises OfferEnded, Dispatch.DoesNotExist.
    """
    wish, dispatch = _lock_offer(community, dispatch_id)
    _answer(dispatch, Dispatch.State.DECLINED, by=by, at=at)
    note_step(wish, WishStep.Kind.OFFER_DECLINED, by=by, at=at)
    _ask_next(wish, at)
    return dispatch


@transaction.atomic
def recall_offers(*, community: Community, number: int, by: User, at: datetime) -> Wish:
    """Stop asking. Raises StateMovedOn when nobody is being asked."""
    wish = lock_wish(community, number)
    if not wish.dispatches.live().update(state=Dispatch.State.CANCELLED, answered_at=at):
        raise StateMovedOn(wish.state)
    note_step(wish, WishStep.Kind.RECALLED, by=by, at=at)
    return wish


def pass_on_unanswered(*, by: User, at: datetime) -> int:
    """Ask the next wherever nobody answered in time, in every community; for the daily run.

    Returns how many offers went unanswered.
    """
    passed = 0
    for dispatch_id in list(Dispatch.objects.unanswered(at).values_list("pk", flat=True)):
        passed += _pass_on(dispatch_id, by=by, at=at)
    return passed


@transaction.atomic
def register_helper(
    *, volunteer: Volunteer, skills: Sequence[str], note: str, is_willing: bool
) -> Helper:
    """Write down that a volunteer may be asked, and what they are good at."""
    helper, _is_new = Helper.objects.update_or_create(
        volunteer=volunteer,
        defaults={"skills": sorted(skills), "note": note, "is_willing": is_willing},
    )
    return helper


@transaction.atomic
def _pass_on(dispatch_id: int, *, by: User, at: datetime) -> int:
    wish = Wish.objects.select_for_update(no_key=True).get(dispatches=dispatch_id)
    dispatch = Dispatch.objects.unanswered(at).filter(pk=dispatch_id).first()
    if dispatch is None:
        return 0
    dispatch.state, dispatch.answered_at = Dispatch.State.LAPSED, at
    dispatch.save(update_fields=["state", "answered_at"])
    note_step(wish, WishStep.Kind.OFFER_LAPSED, by=by, at=at)
    _ask_next(wish, at)
    return 1


def _lock_offer(community: Community, dispatch_id: int) -> tuple[Wish, Dispatch]:
    """Lock the wish first, as everybody does, then look whether the offer still stands."""
    wish = (
        Wish.objects.select_for_update(no_key=True)
        .filter(community=community, dispatches=dispatch_id)
        .first()
    )
    if wish is None:
        raise Dispatch.DoesNotExist
    dispatch = wish.dispatches.get(pk=dispatch_id)
    if dispatch.state != Dispatch.State.OFFERED:
        raise OfferEnded(dispatch.state)
    return wish, dispatch


def _answer(dispatch: Dispatch, state: Dispatch.State, *, by: Actor, at: datetime) -> None:
    dispatch.state, dispatch.answered_at = state, at
    dispatch.answered_by = by if isinstance(by, User) else None
    dispatch.save(update_fields=["state", "answered_at", "answered_by"])


def _ask_next(wish: Wish, at: datetime) -> None:
    following = wish.dispatches.filter(state=Dispatch.State.QUEUED).order_by("turn").first()
    if following is None:
        return
    following.state = Dispatch.State.OFFERED
    following.answer_until = at + timedelta(hours=following.hours_to_answer)
    following.save(update_fields=["state", "answer_until"])


def _check_candidates(wish: Wish, candidates: Sequence[Candidate]) -> None:
    if not 1 <= len(candidates) <= MAX_TURNS or len(set(candidates)) != len(candidates):
        raise NobodyToAsk(MAX_TURNS)
    ids = [one.volunteer_id for one in candidates if one.volunteer_id is not None]
    people = list(Volunteer.objects.active().filter(community=wish.community_id, pk__in=ids))
    unit_ids = [one.unit_id for one in candidates if one.unit_id is not None]
    units = Unit.objects.filter(community=wish.community_id, is_active=True, pk__in=unit_ids)
    if len(people) != len(ids) or units.count() != len(unit_ids):
        raise UnknownVolunteers(sorted(set(ids) - {person.pk for person in people}))
    if any(is_own_wish(wish.facts, person) for person in people):
        raise OwnWish
