"""The one reward a resident saves toward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rewards.models import Goal, Reward
from rewards.refusals import NotOnShelf

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import Volunteer


@transaction.atomic
def choose_goal(*, volunteer: Volunteer, reward_id: int, at: datetime) -> Goal:
    """Make this reward the goal, in place of any other; twice is the same as once.

    Raises NotOnShelf for what the resident's community does not offer.
    """
    offered = Reward.objects.of(volunteer.community).on_shelf().filter(pk=reward_id)
    if not offered.exists():
        raise NotOnShelf(reward_id)
    # One statement: two taps at once do not meet on the resident's one row.
    [goal] = Goal.objects.bulk_create(
        [Goal(volunteer=volunteer, reward_id=reward_id, chosen_at=at)],
        update_conflicts=True,
        unique_fields=["volunteer"],
        update_fields=["reward", "chosen_at"],
    )
    return goal


@transaction.atomic
def drop_goal(*, volunteer: Volunteer, reward_id: int) -> None:
    """Save for nothing in particular, if this reward was the goal."""
    Goal.objects.filter(volunteer=volunteer, reward=reward_id).delete()
