"""Many hands at the counter. Each lock is also taken away, to see what it is for."""

from __future__ import annotations

import os
from collections import Counter as Tally
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client

from ledger.refusals import AlreadyReversed, NotEnoughPoints
from rewards.models import ParkedBasket, Redemption, Reward
from rewards.operations import redeeming
from rewards.operations.parking import park_basket
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards, void_redemption
from rewards.querysets import RedemptionQuerySet
from rewards.refusals import AlreadyVoided, MonthLimitReached, OutOfStock
from tests import factories
from tests.factories import NOW
from tests.racing import race
from tests.rewards.test_invariants import breached
from volunteers.operations.pins import choose_pin, confirm_with_pin
from volunteers.refusals import ConfirmationNotValid

pytestmark = pytest.mark.django_db(transaction=True)

TEN = 10
PAPER = Consent(Redemption.Confirmation.PAPER)


def kinds(outcomes):
    """Return how many outcomes there are of each kind: a refusal's class, or None for success."""
    return Tally(type(one) if isinstance(one, Exception) else None for one in outcomes)


def redeem(volunteer, goods, by, *, request=None, consent=PAPER):
    return redeem_rewards(
        request=request or factories.make_request(),
        community=volunteer.community,
        volunteer_id=volunteer.pk,
        lines=[BasketLine(reward.pk, count, reward.price_points) for reward, count in goods],
        consent=consent,
        by=by,
        at=NOW,
    )


def void(redemption, by):
    return void_redemption(
        redemption_id=redemption.pk,
        community=redemption.community,
        reason="",
        may_void_any=False,
        by=by,
        at=NOW,
    )


def shelf(community, by, count, *, price=30, stock=20):
    return [
        factories.make_reward(community, f"肥皂{n}", by=by, price_points=price, stock=stock)
        for n in range(count)
    ]


def crowd(community, by, count, points=100):
    return [factories.make_volunteer(community, by=by, points=points) for _ in range(count)]


def balance(volunteer):
    volunteer.account.refresh_from_db()
    return volunteer.account.balance


@pytest.fixture
def hundred(community, duojie):
    return crowd(community, duojie, 1)[0]


def test_ten_hands_with_one_key_redeem_once(community, hundred, duojie, yangjin):
    [soap] = shelf(community, duojie, 1)
    act = partial(redeem, hundred, [(soap, 1)], yangjin, request=factories.make_request())
    outcomes = race(*[act] * TEN)
    assert len({redemption.pk for redemption in outcomes}) == 1
    assert (balance(hundred), Redemption.objects.count()) == (70, 1)


@pytest.mark.parametrize("rewards", [1, TEN])
def test_ten_keys_at_thirty_of_a_hundred_are_three(community, hundred, duojie, yangjin, rewards):
    goods = shelf(community, duojie, rewards)
    acts = [partial(redeem, hundred, [(goods[n % rewards], 1)], yangjin) for n in range(TEN)]
    assert kinds(race(*acts)) == {None: 3, NotEnoughPoints: 7}
    assert (balance(hundred), Redemption.objects.count()) == (10, 3)
    assert breached() == set()


def test_last_one_is_given_once(community, duojie, yangjin):
    [soap] = shelf(community, duojie, 1, stock=1)
    people = crowd(community, duojie, TEN)
    acts = [partial(redeem, person, [(soap, 1)], yangjin) for person in people]
    assert kinds(race(*acts)) == {None: 1, OutOfStock: 9}
    assert sum(balance(person) for person in people) == 970
    assert breached() == set()


def only_read_rewards(monkeypatch, hands):
    """Take the shelf's lock away: all hands see it as it is before any of them takes something."""
    everyone_has_read = Barrier(hands)

    def read(community, reward_ids):
        rewards = Reward.objects.of(community).in_bulk(reward_ids)
        everyone_has_read.wait(timeout=30)
        return rewards

    monkeypatch.setattr(redeeming, "lock_rewards", read)


def test_without_the_shelfs_lock_the_constraint_gives_one_but_says_it_badly(
    community, duojie, yangjin, monkeypatch
):
    [soap] = shelf(community, duojie, 1, stock=1)
    people = crowd(community, duojie, TEN)
    only_read_rewards(monkeypatch, TEN)
    acts = [partial(redeem, person, [(soap, 1)], yangjin) for person in people]
    assert kinds(race(*acts)) == {None: 1, IntegrityError: 9}


def limited(community, by):
    [soap] = shelf(community, by, 1, price=5)
    Reward.objects.filter(pk=soap.pk).update(person_month_limit=2)
    return soap


def test_monthly_limit_holds_at_ten_counters(community, hundred, duojie, yangjin):
    soap = limited(community, duojie)
    outcomes = race(*[partial(redeem, hundred, [(soap, 1)], yangjin)] * TEN)
    assert kinds(outcomes) == {None: 2, MonthLimitReached: 8}


def test_without_the_shelfs_lock_the_monthly_limit_is_broken(
    community, hundred, duojie, yangjin, monkeypatch
):
    soap = limited(community, duojie)
    everyone_has_counted = Barrier(TEN)
    monkeypatch.setattr(
        redeeming,
        "lock_rewards",
        lambda community, ids: Reward.objects.of(community).in_bulk(ids),
    )
    counted = redeeming.had_this_month

    def count_together(*args):
        had = counted(*args)
        everyone_has_counted.wait(timeout=30)
        return had

    monkeypatch.setattr(redeeming, "had_this_month", count_together)
    outcomes = race(*[partial(redeem, hundred, [(soap, 1)], yangjin)] * TEN)
    assert kinds(outcomes) == {None: TEN}


def test_ten_hands_void_once(community, hundred, duojie, yangjin):
    [soap] = shelf(community, duojie, 1, stock=1)
    redemption = redeem(hundred, [(soap, 1)], yangjin)
    assert kinds(race(*[partial(void, redemption, yangjin)] * TEN)) == {None: 1, AlreadyVoided: 9}
    soap.refresh_from_db()
    assert (balance(hundred), soap.on_hand) == (100, 1)
    assert breached() == set()


def test_without_the_documents_lock_it_is_voided_once_but_said_badly(
    community, hundred, duojie, yangjin, monkeypatch
):
    [soap] = shelf(community, duojie, 1, stock=1)
    redemption = redeem(hundred, [(soap, 1)], yangjin)
    monkeypatch.setattr(RedemptionQuerySet, "select_for_update", lambda self, **_options: self)
    both_have_looked = Barrier(2)
    monkeypatch.setattr(
        redeeming, "_check_void", lambda *_args, **_kwargs: both_have_looked.wait(timeout=30)
    )
    outcomes = race(*[partial(void, redemption, yangjin)] * 2)
    assert kinds(outcomes) == {None: 1, AlreadyReversed: 1}
    assert balance(hundred) == 100


def opposite(community, duojie, yangjin, hands):
    """Baskets of the same goods, half of them put together from the other end."""
    goods = shelf(community, duojie, 6, price=1, stock=100)
    baskets = [[(reward, 1) for reward in goods], [(reward, 1) for reward in reversed(goods)]]
    people = crowd(community, duojie, hands)
    return [partial(redeem, person, baskets[n % 2], yangjin) for n, person in enumerate(people)]


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_opposite_baskets_never_wait_in_a_circle(community, duojie, yangjin):
    before = deadlocks()
    assert kinds(race(*opposite(community, duojie, yangjin, TEN))) == {None: TEN}
    assert deadlocks() == before
    assert breached() == set()


def test_locks_in_the_baskets_own_order_do_wait_in_a_circle(
    community, duojie, yangjin, monkeypatch
):
    both_hold_one = Barrier(2)

    def lock_as_they_come(community, reward_ids):
        locked = {}
        for place, reward_id in enumerate(reward_ids):
            locked[reward_id] = Reward.objects.select_for_update(no_key=True).get(pk=reward_id)
            if place == 0:
                both_hold_one.wait(timeout=30)
        return locked

    monkeypatch.setattr(redeeming, "lock_rewards", lock_as_they_come)
    outcomes = race(*opposite(community, duojie, yangjin, 2))
    assert kinds(outcomes) == {None: 1, OperationalError: 1}


def test_one_pin_confirms_one_of_ten(community, hundred, duojie, yangjin):
    [soap] = shelf(community, duojie, 1)
    choose_pin(volunteer=hundred, pin="480215", at=NOW)
    lines = [BasketLine(soap.pk, 1, 30)]
    agreed = confirm_with_pin(
        volunteer=hundred,
        pin="480215",
        content=redeeming.basket_content(hundred, lines),
        device="counter",
        by=yangjin,
        at=NOW,
    )
    consent = Consent(Redemption.Confirmation.PIN, pin_confirmation_id=agreed.pk)
    act = partial(redeem, hundred, [(soap, 1)], yangjin, consent=consent)
    assert kinds(race(*[act] * TEN)) == {None: 1, ConfirmationNotValid: 9}
    assert balance(hundred) == 70


def test_parking_from_two_windows_keeps_one(community, hundred, duojie, yangjin):
    [soap] = shelf(community, duojie, 1)
    act = partial(
        park_basket, volunteer=hundred, lines=[BasketLine(soap.pk, 1, 30)], by=yangjin, at=NOW
    )
    assert kinds(race(*[act] * TEN)) == {None: TEN}
    assert ParkedBasket.objects.count() == 1


def test_double_click_shows_one_slip(community, hundred, duojie, yangjin):
    [soap] = shelf(community, duojie, 1)
    client = Client()
    client.force_login(yangjin)
    sent = {"request_key": str(uuid4()), "line": f"{soap.pk}:1:30", "method": "paper"}

    def click():
        window = Client()
        window.cookies = client.cookies
        return window.post(f"/counter/{hundred.pk}/", sent)

    answers = race(*[click] * TEN)
    number = Redemption.objects.get().number
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url.split("?")[0] for answer in answers} == {f"/counter/slips/{number}/"}
    assert balance(hundred) == 70


ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
HANDS = 32


@pytest.mark.slow
def test_thirty_two_hands_round_after_round(community, duojie, yangjin):
    """Last items, one balance, voids and opposite baskets in one crowd; RACE_ROUNDS for more."""
    before = deadlocks()
    goods = shelf(community, duojie, 4, price=1, stock=0)
    people = crowd(community, duojie, 4, points=10_000)
    for _ in range(ROUNDS):
        factories.restock(goods[0], 3, by=duojie)
        for reward in goods[1:]:
            factories.restock(reward, HANDS, by=duojie)
        redemption = redeem(people[0], [(goods[1], 1)], yangjin)
        last = [partial(redeem, people[n % 4], [(goods[0], 1)], yangjin) for n in range(8)]
        voids = [partial(void, redemption, yangjin)] * 8
        crossing = [
            partial(redeem, people[n % 4], [(r, 1) for r in goods[1:][:: 1 - 2 * (n % 2)]], yangjin)
            for n in range(16)
        ]
        outcomes = race(*last, *voids, *crossing)
        assert kinds(outcomes) == {None: 3 + 1 + 16, OutOfStock: 5, AlreadyVoided: 7}
    assert deadlocks() == before
    assert breached() == set()
