"""What was promised arrives; the neighbour says it is well; the lamp lights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.models import Community, User, Volunteer
from volunteers.operations.pins import use_confirmation
from volunteers.operations.recording import shanghai_date
from volunteers.operations.wish_service import WishLine, WishService, record_wish_service
from volunteers.refusals import (
    ConfirmationNotValid,
    DateInFuture,
    ReasonMissing,
    StateMovedOn,
    UnknownVolunteers,
)
from wishes.models import HelpingHand, Pledge, Wish, WishPhoto, WishStep
from wishes.operations.journal import lock_wish, note_step, wake_screens
from wishes.operations.pledging import is_own_wish
from wishes.refusals import HandNotAllowed, RuleMissing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.core.files.base import ContentFile

REASON_AT_LEAST = 2  # characters
LONGEST_NAMES = 160


@dataclass(frozen=True)
class Hand:
    """Somebody who gave time: whole minutes on one day. Goods given are not hours."""

    volunteer_id: int
    minutes: int
    intensity: str
    service_date: date


@dataclass(frozen=True)
class Picture:
    """Our own drawing of a photo the neighbour agreed to; `is_public`: that everybody may see."""

    image: ContentFile[bytes]
    is_public: bool


@dataclass(frozen=True)
class Lighting:
    """How the neighbour confirmed, and what they said. `thanks` may be read by everybody."""

    confirmed_how: str
    rating: int | None = None
    thanks: str = ""
    pin_confirmation_id: UUID | None = None


def lighting_content(wish: Wish) -> Mapping[str, object]:
    """Return what the neighbour's PIN confirms."""
    return {"wish": wish.pk, "is": "delivered"}


@transaction.atomic
def deliver_wish(
    *,
    community: Community,
    number: int,
    done: str,
    hands: Sequence[Hand],
    picture: Picture | None = None,
    by: User,
    at: datetime,
) -> Wish:
    """Note what was done and who gave time; the lamp waits for the neighbour's word.

    Raises StateMovedOn unless every share is pledged, HandNotAllowed, UnknownVolunteers,
    DateInFuture, RuleMissing.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.PLEDGED:
        raise StateMovedOn(wish.state)
    _check_hands(wish, hands, at)
    HelpingHand.objects.bulk_create(
        HelpingHand(
            wish=wish,
            volunteer_id=hand.volunteer_id,
            minutes=hand.minutes,
            intensity=hand.intensity,
            service_date=hand.service_date,
        )
        for hand in hands
    )
    if picture is not None:
        WishPhoto.objects.create(
            wish=wish, image=picture.image, is_public=picture.is_public, agreed_at=at, agreed_by=by
        )
    wish.facts.done = done
    wish.facts.save(update_fields=["done"])
    wish.state = Wish.State.DELIVERED
    wish.delivered_at, wish.delivered_by = at, by
    wish.save(update_fields=["state", "delivered_at", "delivered_by"])
    note_step(wish, WishStep.Kind.DELIVERED, by=by, at=at)
    wake_screens(community.pk)
    return wish


@transaction.atomic
def reopen_wish(
    *, community: Community, number: int, reason: str, due_date: date, by: User, at: datetime
) -> Wish:
    """Go on with a wish because the neighbour is not content; the promises stand until `due_date`.

    Raises StateMovedOn, ReasonMissing.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.DELIVERED:
        raise StateMovedOn(wish.state)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ReasonMissing
    wish.hands.all().delete()
    wish.pledges.active().update(due_date=due_date, said_done_at=None)
    wish.state = Wish.State.PLEDGED
    wish.delivered_at = wish.delivered_by = None
    wish.save(update_fields=["state", "delivered_at", "delivered_by"])
    note_step(wish, WishStep.Kind.REOPENED, by=by, at=at, note=reason)
    wake_screens(community.pk)
    return wish


@transaction.atomic
def light_wish(
    *,
    community: Community,
    number: int,
    lighting: Lighting,
    may_confirm: bool,
    by: User,
    at: datetime,
) -> Wish:
    """Light the lamp on the neighbour's word, and enter the service of those who helped.

    Their points are paid now if `may_confirm` and `by` is not the one who noted the delivery;
    otherwise the records wait in the review queue, and the lamp glows all the same.
    Raises StateMovedOn, ConfirmationNotValid, RuleNotInForce, UnknownVolunteers.
    """
    wish = lock_wish(community, number)
    if wish.state != Wish.State.DELIVERED:
        raise StateMovedOn(wish.state)
    _use_pin(wish, lighting, at)
    _record_hands(wish, may_confirm=may_confirm, by=by, at=at)
    wish.lit_names = _names(wish)
    wish.pledges.active().update(state=Pledge.State.KEPT)
    wish.state = Wish.State.LIT
    wish.lit_at, wish.lit_by = at, by
    wish.confirmed_how, wish.thanks = lighting.confirmed_how, lighting.thanks
    wish.save()
    wish.facts.rating = lighting.rating
    wish.facts.save(update_fields=["rating"])
    note_step(wish, WishStep.Kind.LIT, by=by, at=at)
    wake_screens(community.pk)
    return wish


def _check_hands(wish: Wish, hands: Sequence[Hand], at: datetime) -> None:
    if hands and wish.rule_id is None:
        raise RuleMissing
    today = shanghai_date(at)
    for hand in hands:
        if hand.service_date > today:
            raise DateInFuture(hand.service_date)
    ids = [hand.volunteer_id for hand in hands]
    people = Volunteer.objects.active().filter(community=wish.community_id, pk__in=ids)
    if len(people) != len(ids):
        raise UnknownVolunteers(sorted(set(ids) - {person.pk for person in people}))
    if own := [person.pk for person in people if is_own_wish(wish.facts, person)]:
        raise HandNotAllowed(own)


def _use_pin(wish: Wish, lighting: Lighting, at: datetime) -> None:
    if lighting.confirmed_how != Wish.Confirmation.PIN:
        return
    wisher = wish.facts.wisher
    if wisher is None or lighting.pin_confirmation_id is None:
        raise ConfirmationNotValid
    use_confirmation(
        confirmation_id=lighting.pin_confirmation_id,
        volunteer=wisher,
        content=lighting_content(wish),
        at=at,
    )


def _record_hands(wish: Wish, *, may_confirm: bool, by: User, at: datetime) -> None:
    hands = list(wish.hands.order_by("id"))
    if not hands or wish.rule is None or wish.delivered_by is None:
        return
    records = record_wish_service(
        community=wish.community,
        service=WishService(
            rule=wish.rule,
            title=f"{wish.number}号心愿 {wish.title}",
            place=wish.estate,
            organiser=wish.community.official_name,
            person_in_charge=wish.delivered_by.name,
        ),
        lines=[
            WishLine(hand.volunteer_id, hand.minutes, hand.intensity, hand.service_date)
            for hand in hands
        ],
        submitted_by=wish.delivered_by,
        may_confirm=may_confirm,
        by=by,
        at=at,
    )
    for hand, record in zip(hands, records, strict=True):
        hand.record = record
    HelpingHand.objects.bulk_update(hands, ["record"])


def _names(wish: Wish) -> str:
    """Return who met the wish as everybody may read it: units by name, people masked."""
    pledges = wish.pledges.active().select_related("volunteer", "unit").order_by("id")
    return "、".join(pledge.public_name for pledge in pledges)[:LONGEST_NAMES]
