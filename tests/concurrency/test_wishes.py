"""Two at once, thirty-two at once: a wish has one legal end. ROUNDS=200 for the long run."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from ledger import invariants
from tests import factories
from tests.factories import NOW, make_request
from tests.racing import race
from tests.wishes import making
from volunteers.refusals import StateMovedOn
from wishes.models import Pledge, Wish
from wishes.operations.asking import WishDraft, submit_wish, withdraw_wish
from wishes.operations.delivering import deliver_wish
from wishes.operations.dispatching import Candidate, accept_offer, offer_wish
from wishes.operations.giving import give_to_wish_fund
from wishes.operations.pledging import (
    Promise,
    pledge_wish,
    release_pledge,
    return_silent_pledges,
)
from wishes.refusals import NoSharesLeft, PledgeEnded

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("ROUNDS", "20"))
CLIENTS = 32


@pytest.fixture
def helpers(community, duojie):
    return [
        factories.make_volunteer(community, f"志愿者{number}", by=duojie)
        for number in range(CLIENTS)
    ]


@pytest.fixture(autouse=True)
def _books_are_in_order():
    yield
    tree = [name for name in invariants.registered() if name.startswith(("wishes.", "ledger."))]
    assert [list(invariants.find_breaches(name)) for name in tree] == [[] for _ in tree]


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def pledging(wish, helper, *, request=None, shares=1):
    return partial(
        pledge_wish,
        request=request or make_request(),
        community=wish.community,
        number=wish.number,
        promise=Promise(due_date=making.DAY, volunteer_id=helper.pk, shares=shares),
        by=helper,
        at=NOW,
    )


def test_thirty_two_pledge_one_wish_and_one_has_it(community, duojie, helpers):
    before = deadlocks()
    wish = making.hang(community, duojie)

    outcomes = race(*(pledging(wish, helper) for helper in helpers))

    assert Counter(type(outcome) for outcome in outcomes) == {Pledge: 1, NoSharesLeft: CLIENTS - 1}
    assert Wish.objects.get().state == "pledged"
    assert deadlocks() == before


def test_thirty_two_pledge_five_shares_and_five_have_them(community, duojie, helpers):
    wish = making.hang(community, duojie, shares=5)

    outcomes = race(*(pledging(wish, helper) for helper in helpers))

    assert sum(isinstance(outcome, Pledge) for outcome in outcomes) == 5
    assert Wish.objects.get().pledged_shares == 5


def test_the_same_click_twice_is_one_promise(community, duojie, helpers):
    wish = making.hang(community, duojie, shares=2)
    request = make_request()

    outcomes = race(*[pledging(wish, helpers[0], request=request)] * 2)

    assert [type(outcome) for outcome in outcomes] == [Pledge, Pledge]
    assert Pledge.objects.count() == 1


def test_one_person_in_a_hurry_does_not_hoard(community, duojie, helpers):
    wishes = [making.hang(community, duojie) for _ in range(8)]

    race(*(pledging(wish, helpers[0]) for wish in wishes))

    assert Pledge.objects.active().count() == 3


def test_numbers_are_given_once(community, duojie):
    draft = WishDraft(kind="thing", asked_by="phone", wisher_name="尕藏加措", request="一盏灯")
    ask = partial(submit_wish, community=community, draft=draft, by=duojie, at=NOW)

    wishes = race(*(partial(ask, request=make_request()) for _ in range(16)))

    assert sorted(wish.number for wish in wishes) == list(range(1, 17))


def delivering(wish, by):
    return partial(
        deliver_wish, community=wish.community, number=wish.number, done="送到了", hands=[], by=by,
        at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("other", ["release", "expire", "withdraw"])
def test_delivering_against_giving_back_has_one_legal_end(other, community, duojie, helpers):
    """Either it was delivered and the promise stands, or it went back and nothing was delivered."""
    ends: Counter[str] = Counter()
    before = deadlocks()
    for number in range(ROUNDS):
        helper = helpers[number % CLIENTS]
        wish = making.hang(community, duojie)
        pledge = making.pledge(wish, volunteer=helper)
        place = {"community": community, "number": wish.number}
        going_back = {
            "release": partial(release_pledge, pledge_id=pledge.pk, by=helper, at=NOW, **place),
            "expire": partial(return_silent_pledges, by=duojie, at=NOW + timedelta(days=9)),
            "withdraw": partial(withdraw_wish, by=duojie, at=NOW, **place),
        }[other]

        delivered, went_back = race(delivering(wish, duojie), going_back)

        wish.refresh_from_db()
        pledge.refresh_from_db()
        ends[wish.state] += 1
        if wish.state == "delivered":
            assert isinstance(delivered, Wish)
            assert pledge.state == "active"
            assert went_back == [] or isinstance(went_back, (StateMovedOn, PledgeEnded))
        else:
            assert isinstance(delivered, StateMovedOn)
            assert pledge.state in {"released", "lapsed"}
            assert wish.pledged_shares == 0
        Pledge.objects.filter(pk=pledge.pk).update(due_date=NOW + timedelta(days=99))
    print(f"{other}: {dict(ends)}")
    assert deadlocks() == before


def test_accepting_against_pledging_has_one_winner(community, duojie, helpers):
    for _ in range(ROUNDS // 4):
        wish = making.hang(community, duojie)
        [offer] = offer_wish(
            community=community, number=wish.number, by=duojie, at=NOW,
            candidates=[Candidate(unit_id=making.make_unit(community, f"单位{wish.number}").pk)],
        )  # fmt: skip
        accepting = partial(
            accept_offer, community=community, dispatch_id=offer.pk, by=duojie, at=NOW
        )

        outcomes = race(accepting, pledging(wish, helpers[wish.number]))

        assert sum(isinstance(outcome, Pledge) for outcome in outcomes) == 1


def test_gifts_never_overdraw(lamao):
    """180 points, ten gifts of 30 at once: six are given."""
    give = partial(give_to_wish_fund, volunteer=lamao, points=30, by=lamao, at=NOW)

    outcomes = race(*(partial(give, request=make_request()) for _ in range(10)))

    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 6
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 0
