"""Many hands on one ledger. Each lock is also taken away: then the constraint is all there is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from ledger.models import Account, Hold, Posting, Request
from ledger.operations import (
    Movement,
    capture_hold,
    close_book,
    holds,
    open_book,
    place_hold,
    post_many,
    postings,
    release_hold,
    reversals,
    reverse_posting,
)
from ledger.refusals import AlreadyReversed, HoldEnded, KeyBusy, NotEnoughPoints
from ledger.requests import RequestId, find_result, store_result
from ledger.statements import system_balance
from tests.database import as_owner
from tests.ledger.planting import breached
from tests.ledger.story import AT, CLERK, make_book
from tests.racing import race

TEN = 10


@pytest.fixture
def committed_book(transactional_db):
    return make_book()


def kinds(outcomes):
    """Return how many outcomes there are of each kind: a refusal's class, or None for success."""
    found = [type(each) if isinstance(each, Exception) else None for each in outcomes]
    return {kind: found.count(kind) for kind in set(found)}


def unlocked(monkeypatch, hands):
    """Take the lock away: all hands read the accounts before any of them writes."""
    everyone_has_read = Barrier(hands)

    def only_read(account_ids):
        accounts = Account.objects.filter(counted=True).in_bulk(set(account_ids))
        everyone_has_read.wait(timeout=30)
        return accounts

    for module in (postings, reversals, holds):
        monkeypatch.setattr(module, "lock_accounts", only_read)


@transaction.atomic
def redeem_once(book, member, key, points=30):
    request, content = RequestId("test", key), {"points": points}
    if done := find_result(request, content=content):
        return done["posting"]
    posting = book.redeem(member, points)
    store_result(request, content=content, result={"posting": posting.pk})
    return posting.pk


def test_ten_hands_with_one_key_do_it_once(committed_book):
    lamao = committed_book.member(100)
    outcomes = race(*[partial(redeem_once, committed_book, lamao, "one")] * TEN)
    assert len(set(outcomes)) == 1
    assert lamao.balance == 70
    assert Request.objects.count() == 1


def test_ten_keys_at_thirty_of_a_hundred_are_three(committed_book):
    lamao = committed_book.member(100)
    acts = [partial(redeem_once, committed_book, lamao, f"key {n}") for n in range(TEN)]
    assert kinds(race(*acts)) == {None: 3, NotEnoughPoints: 7}
    assert lamao.balance == 10
    assert Request.objects.count() == 3
    assert breached() == set()


def test_without_the_lock_of_a_batch_the_trigger_refuses_with_the_same_figures(
    committed_book, monkeypatch
):
    lamao = committed_book.member(100)
    unlocked(monkeypatch, TEN)
    outcomes = race(*[partial(post_many, [spending(committed_book, lamao)], by=CLERK, at=AT)] * TEN)
    assert kinds(outcomes) == {None: 3, NotEnoughPoints: 7}
    assert lamao.balance == 10


def spending(book, member, points=30):
    return Movement(
        kind=Posting.Kind.REDEEM, source_id=member.account_id, target_id=book.shop, points=points
    )


@contextmanager
def trigger_without_its_lock():
    """The trigger without its lock, and slow enough for ten hands to read at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('ledger_posting_apply'::regproc)")
        [whole] = cursor.fetchone()
    loop = whole[whole.index("FOR account IN") : whole.index("END LOOP;")]
    hasty = loop.replace(" FOR NO KEY UPDATE", "")
    assert hasty != loop
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(whole.replace(loop, hasty + "PERFORM pg_sleep(0.2); "))
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(whole)


def test_without_the_triggers_lock_line_numbers_still_stop_a_double_spend(committed_book):
    lamao = committed_book.member(100)
    with trigger_without_its_lock():
        found = kinds(race(*[partial(committed_book.redeem, lamao, 30)] * TEN))
    assert found[IntegrityError] + found[None] == TEN
    assert 1 <= found[None] <= 3
    assert lamao.balance == 100 - 30 * found[None]
    assert breached() == set()


def test_a_key_without_its_lock_is_stored_once_and_answers_nobody(committed_book, monkeypatch):
    lamao = committed_book.member(100)
    everyone_has_looked = Barrier(2)

    def look_at_once(request, *, content):
        everyone_has_looked.wait(timeout=30)

    monkeypatch.setitem(globals(), "find_result", look_at_once)
    outcomes = race(*[partial(redeem_once, committed_book, lamao, "one")] * 2)
    assert kinds(outcomes) == {None: 1, IntegrityError: 1}
    assert lamao.balance == 70


def test_who_does_not_wait_is_told_that_the_first_is_busy(committed_book):
    request, content = RequestId("test", "slow"), {"points": 1}
    first_has_begun = Barrier(2)

    @transaction.atomic
    def first():
        find_result(request, content=content)
        first_has_begun.wait(timeout=30)
        time.sleep(0.5)
        store_result(request, content=content, result={"posting": 1})
        return "done"

    @transaction.atomic
    def second():
        first_has_begun.wait(timeout=30)
        return find_result(request, content=content, wait=False)

    done, refusal = race(first, second)
    assert done == "done"
    assert isinstance(refusal, KeyBusy)


def test_who_waits_longer_than_the_database_allows_is_told_the_same(committed_book):
    request, content = RequestId("test", "slow"), {"points": 1}
    first_has_begun, second_has_given_up = Barrier(2), Barrier(2)

    @transaction.atomic
    def first():
        find_result(request, content=content)
        first_has_begun.wait(timeout=30)
        second_has_given_up.wait(timeout=30)

    @transaction.atomic
    def second():
        first_has_begun.wait(timeout=30)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        try:
            return find_result(request, content=content)
        finally:
            second_has_given_up.wait(timeout=30)

    assert isinstance(race(first, second)[1], KeyBusy)


def test_a_refused_request_leaves_the_key_to_the_next(committed_book):
    lamao = committed_book.member(20)
    assert isinstance(race(partial(redeem_once, committed_book, lamao, "one"))[0], NotEnoughPoints)
    committed_book.earn(lamao, 20)
    outcomes = race(*[partial(redeem_once, committed_book, lamao, "one")] * 2)
    assert len(set(outcomes)) == 1
    assert lamao.balance == 10


def test_a_posting_is_reversed_by_one_of_ten(committed_book):
    lamao = committed_book.member(100)
    spent = committed_book.redeem(lamao, 40)
    act = partial(reverse_posting, spent.pk, by=CLERK, at=AT)
    assert kinds(race(*[act] * TEN)) == {None: 1, AlreadyReversed: 9}
    assert lamao.balance == 100


def test_without_the_lock_a_posting_is_still_reversed_once(committed_book, monkeypatch):
    lamao = committed_book.member(100)
    spent = committed_book.redeem(lamao, 40)
    everyone_has_looked = Barrier(2)
    monkeypatch.setattr(
        reversals, "_refuse_second_reversal", lambda _ids: everyone_has_looked.wait(timeout=30)
    )
    monkeypatch.setattr(reversals, "lock_accounts", lambda ids: Account.objects.in_bulk(set(ids)))
    act = partial(reverse_posting, spent.pk, by=CLERK, at=AT)
    assert kinds(race(act, act)) == {None: 1, IntegrityError: 1}
    assert lamao.balance == 100


def hold_of(book, points=60):
    member = book.member(100)
    hold = place_hold(
        account_id=member.account_id, points=points, kind=Hold.Kind.SPECIAL_ORDER, by=CLERK, at=AT
    )
    return member, hold


def ends_of(book, hold):
    capture = partial(
        capture_hold,
        hold_id=hold.pk, target_id=book.shop, kind=Posting.Kind.COLLECT, by=CLERK, at=AT,
    )  # fmt: skip
    return [capture, partial(release_hold, hold_id=hold.pk, by=CLERK, at=AT)]


def test_a_hold_ends_once_however_many_hands_end_it(committed_book):
    lamao, hold = hold_of(committed_book)
    assert kinds(race(*ends_of(committed_book, hold) * 5)) == {None: 1, HoldEnded: 9}
    assert lamao.held == 0
    assert breached() == set()


def test_without_the_lock_a_hold_still_ends_once(committed_book, monkeypatch):
    lamao, hold = hold_of(committed_book)
    everyone_has_looked = Barrier(2)

    def look(hold_ids):
        found = Hold.objects.in_bulk(list(hold_ids))
        everyone_has_looked.wait(timeout=30)
        return found

    for module in (postings, holds):
        monkeypatch.setattr(module, "lock_accounts", lambda _ids: {})
        monkeypatch.setattr(module, "read_open_holds", look)
    assert kinds(race(*ends_of(committed_book, hold))) == {None: 1, IntegrityError: 1}
    assert lamao.held == 0


def holding_and_spending(book, member):
    hold = partial(
        place_hold,
        account_id=member.account_id, points=30, kind=Hold.Kind.PUBLICITY, by=CLERK, at=AT,
    )  # fmt: skip
    return [hold, partial(book.redeem, member, 30)] * 5


def test_what_is_held_cannot_be_spent_at_the_same_moment(committed_book):
    lamao = committed_book.member(100)
    outcomes = race(*holding_and_spending(committed_book, lamao))
    assert kinds(outcomes) == {None: 3, NotEnoughPoints: 7}
    assert lamao.available == 10


def test_without_the_lock_what_is_held_still_cannot_be_spent(committed_book, monkeypatch):
    lamao = committed_book.member(100)
    unlocked(monkeypatch, TEN // 2)  # spending has the trigger's lock, holding only the CHECK
    outcomes = race(*holding_and_spending(committed_book, lamao))
    assert kinds(outcomes)[None] == 3
    assert IntegrityError in kinds(outcomes)
    assert lamao.available == 10


def crossing_batches(book, members, rounds):
    """Two hands that post the same members' points, one from the first, one from the last."""
    movements = [
        Movement(kind=Posting.Kind.REDEEM, source_id=each.account_id, target_id=book.shop, points=1)
        for each in members
    ]

    def hand(order):
        for _ in range(rounds):
            post_many(order, by=CLERK, at=AT)

    return [partial(hand, movements), partial(hand, movements[::-1])] * 2


def test_batches_in_opposite_order_never_wait_in_a_circle(committed_book):
    members = [committed_book.member(100) for _ in range(20)]
    outcomes = race(*crossing_batches(committed_book, members, rounds=5))
    assert kinds(outcomes) == {None: 4}
    assert {member.balance for member in members} == {80}


def test_without_the_lock_batches_in_opposite_order_do(committed_book, monkeypatch):
    members = [committed_book.member(100) for _ in range(20)]
    monkeypatch.setattr(postings, "lock_accounts", lambda _ids: {})
    outcomes = race(*crossing_batches(committed_book, members, rounds=40))
    assert kinds(outcomes).get(OperationalError, 0) > 0
    assert breached() == set()


def test_a_book_opened_by_ten_hands_is_one_book(transactional_db):
    assert kinds(race(*[partial(open_book, book=3)] * TEN)) == {None: TEN}
    assert Account.objects.in_book(3).count() == 5


def test_a_closing_counts_everything_before_it_while_others_post(committed_book):
    members = [committed_book.member(100) for _ in range(4)]

    def spend(member):
        for _ in range(25):
            committed_book.redeem(member, 1)

    def close():
        for _ in range(10):
            close_book(book=committed_book.number)

    outcomes = race(close, *(partial(spend, member) for member in members))
    assert kinds(outcomes) == {None: 5}
    assert system_balance(committed_book.shop) == 100
    assert breached() == set()
