"""The books of the tree: each corruption that can be planted is found."""

from __future__ import annotations

import pytest
from django.db import connection

from ledger import invariants
from tests import factories
from tests.database import as_owner
from tests.factories import NOW, make_request
from tests.wishes import making
from wishes.operations.dispatching import Candidate, accept_offer, offer_wish
from wishes.operations.giving import give_to_wish_fund

PROMISE = "wishes_pledge"
PLANTED = {
    "shares_are_the_sum_of_pledges": f"UPDATE {PROMISE} SET state = 'lapsed'",
    "lit_wishes_have_kept_pledges": f"UPDATE {PROMISE} SET state = 'active' WHERE state = 'kept'",
    "lit_wishes_recorded_their_hands": "UPDATE wishes_helpinghand SET minutes = 59",
    "public_words_are_agreed_to": "UPDATE wishes_wish SET title = '别的话'",
    "gifts_are_their_postings": "UPDATE wishes_fundgift SET points = 3",
    "offers_end_as_they_say": "UPDATE wishes_dispatch SET unit_id = NULL, volunteer_id = "
    "(SELECT min(id) FROM volunteers_volunteer) WHERE state = 'accepted'",
}


@pytest.fixture
def busy_tree(community, duojie, wangping, lamao):
    """A promise, a lit wish with time given, an accepted offer and a gift."""
    helper = factories.make_volunteer(community, "曲杰卓玛", by=duojie)
    making.pledge(making.hang(community, duojie), volunteer=helper)
    wish = making.hang(community, duojie)
    making.pledge(wish, volunteer=helper)
    making.deliver(wish, duojie, hands=[making.hand(helper)])
    making.light(wish, wangping)
    asked = making.hang(community, duojie)
    [offer] = offer_wish(
        community=community, number=asked.number, by=duojie, at=NOW,
        candidates=[Candidate(unit_id=making.make_unit(community).pk)],
    )  # fmt: skip
    accept_offer(community=community, dispatch_id=offer.pk, by=duojie, at=NOW)
    give_to_wish_fund(request=make_request(), volunteer=lamao, points=5, by=lamao, at=NOW)
    return community


def breaches():
    return {
        name
        for name in invariants.registered()
        if name.startswith("wishes.") and list(invariants.find_breaches(name))
    }


def test_a_busy_tree_is_in_order(busy_tree):
    assert breaches() == set()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_corruption_is_found(name, busy_tree):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(PLANTED[name])

    assert f"wishes.{name}" in breaches()


def test_every_invariant_has_its_corruption():
    registered = {name for name in invariants.registered() if name.startswith("wishes.")}

    assert registered == {f"wishes.{name}" for name in PLANTED}
