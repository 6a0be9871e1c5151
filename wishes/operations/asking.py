"""A neighbour's sentence comes in, and may be taken back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.requests import RequestId, find_result, store_result
from volunteers.models import Community, Volunteer
from volunteers.refusals import StateMovedOn, UnknownVolunteers
from wishes.models import Dispatch, Pledge, Tree, Wish, WishFacts, WishStep
from wishes.operations.journal import Actor, lock_wish, note_step, wake_screens

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class WishDraft:
    """What is asked, in the asker's own words. Nothing of it is public."""

    kind: str
    request: str
    wisher_name: str
    asked_by: str
    wisher_id: int | None = None
    guardian_name: str = ""
    phone: str = ""
    address: str = ""
    estate: str = ""
    ceiling_yuan: int | None = None
    ceiling_hours: int | None = None
    is_urgent: bool = False


@transaction.atomic
def submit_wish(
    *, request: RequestId, community: Community, draft: WishDraft, by: Actor, at: datetime
) -> Wish:
    """Write a wish down under the community's next number; it waits to be verified.

    Raises UnknownVolunteers, KeyReused.
    """
    content = asdict(draft)
    if done := find_result(request, content=content):
        return Wish.objects.get(pk=done["wish"])
    if draft.wisher_id is not None:
        _require_resident(community, draft.wisher_id)
    wish = Wish.objects.create(
        community=community,
        number=_next_number(community),
        kind=draft.kind,
        estate=draft.estate,
        submitted_at=at,
    )
    facts = {name: value for name, value in content.items() if name not in {"kind", "estate"}}
    WishFacts.objects.create(wish=wish, **facts)
    note_step(wish, WishStep.Kind.SUBMITTED, by=by, at=at)
    store_result(request, content=content, result={"wish": wish.pk})
    return wish


@transaction.atomic
def withdraw_wish(*, community: Community, number: int, by: Actor, at: datetime) -> Wish:
    """Take a wish back, whoever promised it is free again. Raises StateMovedOn once delivered."""
    wish = lock_wish(community, number)
    if wish.state not in {Wish.State.SUBMITTED, Wish.State.APPROVED, Wish.State.PLEDGED}:
        raise StateMovedOn(wish.state)
    wish.pledges.active().update(state=Pledge.State.RELEASED)
    wish.dispatches.live().update(state=Dispatch.State.CANCELLED, answered_at=at)
    wish.state, wish.pledged_shares = Wish.State.WITHDRAWN, 0
    wish.save(update_fields=["state", "pledged_shares"])
    note_step(wish, WishStep.Kind.WITHDRAWN, by=by, at=at)
    wake_screens(community.pk)
    return wish


def _require_resident(community: Community, volunteer_id: int) -> None:
    if not Volunteer.objects.of(community).active().filter(pk=volunteer_id).exists():
        raise UnknownVolunteers([volunteer_id])


def _next_number(community: Community) -> int:
    """Take the next number; two at once wait for each other."""
    Tree.objects.get_or_create(community=community)
    tree = Tree.objects.select_for_update(no_key=True).get(community=community)
    number = tree.next_number
    tree.next_number = number + 1
    tree.save(update_fields=["next_number"])
    return number
