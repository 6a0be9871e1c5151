"""Whom to ask: willing people ranked by what they can do, how near they are and what they carry.

And what else the community knows of a request: the same wish asked twice, or met elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from wishes.models import Dispatch, Helper, Wish
from wishes.operations.pledging import is_own_wish

if TYPE_CHECKING:
    from volunteers.models import Volunteer
    from wishes.models import WishFacts

MOST_CANDIDATES = 30
LOOKED_BACK_AT = 300  # newest wishes compared with a new one
LIKE_ENOUGH = 0.34  # share of common pairs of characters


@dataclass(frozen=True)
class Candidate:
    """A willing volunteer, and why they come where they do in the list."""

    volunteer: Volunteer
    has_skill: bool
    speaks_same: bool
    lives_near: bool
    carries: int
    asked_before: bool

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller comes first: what fits, less what they carry and whether they were asked."""
        fits = 3 * self.has_skill + 2 * self.speaks_same + self.lives_near
        return (self.carries + 4 * self.asked_before - fits, self.volunteer.pk)


def rank_candidates(wish: Wish) -> list[Candidate]:
    """Return the willing volunteers, best first; never the wisher's own household. Two queries."""
    facts = wish.facts
    wisher = facts.wisher
    asked = set(
        Dispatch.objects.filter(wish=wish, volunteer__isnull=False).values_list(
            "volunteer", flat=True
        )
    )
    helpers = (
        Helper.objects.filter(
            is_willing=True, volunteer__community=wish.community_id, volunteer__state="active"
        )
        .select_related("volunteer")
        .annotate(carries=Count("volunteer__pledges", filter=Q(volunteer__pledges__state="active")))
    )
    candidates = [
        Candidate(
            volunteer=helper.volunteer,
            has_skill=bool(facts.skill) and facts.skill in helper.skills,
            speaks_same=wisher is not None and wisher.language == helper.volunteer.language,
            lives_near=bool(wish.estate) and wish.estate == helper.volunteer.estate,
            carries=helper.carries,
            asked_before=helper.volunteer_id in asked,
        )
        for helper in helpers
        if not is_own_wish(facts, helper.volunteer)
    ]
    return sorted(candidates, key=lambda candidate: candidate.rank)[:MOST_CANDIDATES]


def look_alikes(wish: Wish) -> list[Wish]:
    """Return other wishes of the same person, door or phone, or in much the same words.

    A wish that was lit among them may mean that this one is met already. One query.
    """
    facts = wish.facts
    others = (
        Wish.objects.of(wish.community)
        .exclude(pk=wish.pk)
        .select_related("facts", "facts__wisher")
        .order_by("-number")[:LOOKED_BACK_AT]
    )
    return [other for other in others if _is_alike(facts, other.facts)]


def _is_alike(mine: WishFacts, theirs: WishFacts) -> bool:
    same = (
        (mine.wisher_id, theirs.wisher_id),
        (mine.phone, theirs.phone),
        (mine.address, theirs.address),
    )
    if any(one and one == other for one, other in same):
        return True
    return _likeness(mine.request, theirs.request) >= LIKE_ENOUGH


def _likeness(one: str, other: str) -> float:
    """Return the share of pairs of neighbouring characters that both texts have."""
    pairs, others = _pairs(one), _pairs(other)
    return len(pairs & others) / len(pairs | others) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    letters = [letter for letter in text if letter.isalnum()]
    return {a + b for a, b in pairwise(letters)}
