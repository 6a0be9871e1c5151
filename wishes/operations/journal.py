"""What every operation of the tree does besides its own: lock, write down, wake the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from volunteers.models import Community, User, Volunteer
from wishes.models import Tree, Wish, WishStep

if TYPE_CHECKING:
    from datetime import datetime

    from wishes.models import Pledge

# A member of staff (or a machine), or the resident with their own phone.
Actor = User | Volunteer


def lock_wish(community: Community, number: int) -> Wish:
    """Return the wish, locked until the transaction ends. Raises Wish.DoesNotExist."""
    return Wish.objects.select_for_update(no_key=True).get(community=community, number=number)


def actor_number(by: Actor) -> int:
    """Return who did it as the ledger keeps it: a user's id, or a resident's with a minus."""
    return by.pk if isinstance(by, User) else -by.pk


def note_step(
    wish: Wish,
    kind: WishStep.Kind,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    pledge: Pledge | None = None,
) -> WishStep:
    """Add a line to the wish's story."""
    return WishStep.objects.create(
        wish=wish,
        kind=kind,
        pledge=pledge,
        at=at,
        by=by if isinstance(by, User) else None,
        by_volunteer=by if isinstance(by, Volunteer) else None,
        note=note,
    )


def wake_screens(community_id: int) -> None:
    """Let every screen of the community see that its tree changed.

    Called last: the row is the one thing that operations on different wishes share.
    """
    Tree.objects.filter(community=community_id).update(version=F("version") + 1)
