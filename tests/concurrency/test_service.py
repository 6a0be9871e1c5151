"""Two at once at the desk: one batch, points once, batches and records that agree. No deadlock."""

from __future__ import annotations

from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from ledger import invariants
from ledger.models import Posting
from tests import factories
from tests.factories import NOW
from tests.racing import race
from tests.volunteers.logging import balance, clean_up, logged, logging
from volunteers.models import RecordBatch, ServiceRecord
from volunteers.operations import deciding, recording
from volunteers.operations.deciding import (
    confirm_batch,
    confirm_record,
    decline_batch,
    void_batch,
    void_record,
)
from volunteers.refusals import AlreadyRecorded, DayOverfull, StateMovedOn

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
HANDS = 6


@pytest.fixture
def people(community, duojie):
    clean_up(community)
    return [factories.make_volunteer(community, f"志愿者{n}", by=duojie) for n in range(8)]


@pytest.fixture(autouse=True)
def _books_are_in_order():
    before = deadlocks()
    yield
    checked = [name for name in invariants.registered() if name.startswith(("volun", "ledger."))]
    assert [list(invariants.find_breaches(name)) for name in checked] == [[] for _ in checked]
    assert deadlocks() == before


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def kinds(outcomes):
    found = [type(each) for each in outcomes]
    return {kind: found.count(kind) for kind in set(found)}


def deciding_on(verb, batch, *, by):
    reason = {} if verb is confirm_batch else {"reason": "下雨取消"}
    return partial(verb, batch_id=batch.pk, community=batch.community, by=by, at=NOW, **reason)


def test_one_key_is_one_batch(community, duojie, people):
    request = factories.make_request()
    act = logging(community, people, by=duojie, request=request)

    outcomes = race(*[act] * HANDS)

    assert len({batch.pk for batch in outcomes}) == 1
    assert ServiceRecord.objects.count() == len(people)


def test_two_keys_for_one_activity_are_one_batch(community, duojie, wangping, people):
    acts = [logging(community, people, by=user) for user in (duojie, wangping)]
    assert kinds(race(*acts)) == {RecordBatch: 1, AlreadyRecorded: 1}


def test_without_the_lock_people_are_recorded_twice(community, duojie, people, monkeypatch):
    """What the lock on people is for: nothing else stops it."""
    everyone_has_looked = Barrier(2)
    look = recording._refuse_repeats  # noqa: SLF001 - slowed down, not called

    def look_and_wait(occasion, listed):
        look(occasion, listed)
        everyone_has_looked.wait(timeout=30)

    monkeypatch.setattr(recording, "_lock_people", lambda _community, _ids: people)
    monkeypatch.setattr(recording, "_refuse_repeats", look_and_wait)
    outcomes = race(*(logging(community, people, by=duojie) for _ in range(2)))
    assert kinds(outcomes) == {RecordBatch: 2}


def test_a_day_has_twenty_four_hours_for_two_recorders_together(community, duojie, people):
    acts = [
        logging(community, people, by=duojie, title=title, minutes=13 * 60)
        for title in ("清洁", "读书")
    ]
    assert kinds(race(*acts)) == {RecordBatch: 1, DayOverfull: 1}


def test_the_same_people_in_opposite_order_do_not_wait_in_a_circle(community, duojie, people):
    for round_number in range(ROUNDS):
        acts = [
            logging(community, order, by=duojie, title=f"{round_number} {number}", minutes=9)
            for number, order in enumerate([people, people[::-1]] * (HANDS // 2))
        ]
        assert kinds(race(*acts)) == {RecordBatch: HANDS}


def test_confirming_the_same_people_twice_does_not_wait_in_a_circle(
    community, duojie, wangping, people
):
    batches = [
        logged(community, order, by=duojie, title=str(number))
        for number, order in enumerate([people, people[::-1]] * (HANDS // 2))
    ]

    race(*(deciding_on(confirm_batch, batch, by=wangping) for batch in batches))

    assert [balance(person) for person in people] == [2 * HANDS] * len(people)


def test_many_confirmers_pay_once(community, duojie, wangping, people):
    batch = logged(community, people, by=duojie)

    outcomes = race(*[deciding_on(confirm_batch, batch, by=wangping)] * HANDS)

    assert kinds(outcomes) == {deciding.Decision: 1, StateMovedOn: HANDS - 1}
    assert [balance(person) for person in people] == [2] * len(people)


@pytest.mark.parametrize("other", [decline_batch, void_batch])
def test_a_batch_has_one_end(community, duojie, wangping, people, other):
    """Whoever comes first; the books after each round say that batch and records agree."""
    for round_number in range(ROUNDS):
        batch = logged(community, people, by=duojie, title=str(round_number))
        race(
            deciding_on(confirm_batch, batch, by=wangping),
            deciding_on(other, batch, by=wangping),
        )
        batch.refresh_from_db()
        assert set(batch.records.values_list("state", flat=True)) == {batch.state}


def test_a_batch_is_undone_once(community, duojie, wangping, people):
    batch = logged(community, people, by=duojie, confirmed_by=wangping)

    outcomes = race(*[deciding_on(void_batch, batch, by=wangping)] * HANDS)

    assert kinds(outcomes) == {type(None): 1, StateMovedOn: HANDS - 1}
    assert Posting.objects.filter(kind="reversal").count() == len(people)


def confirming_each(batch, *, by):
    for record_id in batch.records.values_list("pk", flat=True):
        yield partial(confirm_record, record_id=record_id, community=batch.community, by=by, at=NOW)


def test_two_who_confirm_the_last_two_records_settle_the_batch(community, duojie, wangping, people):
    batch = logged(community, people[:2], by=duojie)
    race(*confirming_each(batch, by=wangping))
    batch.refresh_from_db()
    assert batch.state == RecordBatch.State.CONFIRMED


def test_without_the_batch_lock_nobody_settles_it(community, duojie, wangping, people, monkeypatch):
    """What the lock on the batch is for: each sees the other's record still waiting."""
    everyone_has_decided = Barrier(2)
    settle = deciding._settle_batch  # noqa: SLF001 - slowed down, not called

    def wait_and_settle(*args, **kwargs):
        everyone_has_decided.wait(timeout=30)
        settle(*args, **kwargs)
        everyone_has_decided.wait(timeout=30)

    batches = RecordBatch.objects.select_related("community")
    monkeypatch.setattr(deciding, "_lock_batch", lambda pk, _community: batches.get(pk=pk))
    monkeypatch.setattr(deciding, "_settle_batch", wait_and_settle)
    batch = logged(community, people[:2], by=duojie)

    race(*confirming_each(batch, by=wangping))

    batch.refresh_from_db()
    assert batch.state == RecordBatch.State.SUBMITTED
    RecordBatch.objects.update(state=RecordBatch.State.CONFIRMED)


def test_without_the_record_lock_the_guard_still_pays_once(
    community, duojie, wangping, people, monkeypatch
):
    """The locks are for the good message, the trigger is for the truth."""
    everyone_has_read = Barrier(2)

    def only_read(records):
        found = list(records.select_related("volunteer").order_by("id"))
        everyone_has_read.wait(timeout=30)
        return found

    batches = RecordBatch.objects.select_related("community")
    monkeypatch.setattr(deciding, "_lock_batch", lambda pk, _community: batches.get(pk=pk))
    monkeypatch.setattr(deciding, "_lock_records", only_read)
    batch = logged(community, people, by=duojie)

    outcomes = race(*[deciding_on(confirm_batch, batch, by=wangping)] * 2)

    assert kinds(outcomes) == {deciding.Decision: 1, IntegrityError: 1}
    assert [balance(person) for person in people] == [2] * len(people)


def test_one_record_and_its_batch_are_decided_in_one_order(community, duojie, wangping, people):
    for round_number in range(ROUNDS):
        batch = logged(community, people, by=duojie, title=str(round_number))
        single = batch.records.order_by("id").last()
        facts = {"record_id": single.pk, "community": community, "by": wangping, "at": NOW}
        race(deciding_on(confirm_batch, batch, by=wangping), partial(confirm_record, **facts))
        race(
            deciding_on(void_batch, batch, by=wangping),
            partial(void_record, reason="记错了", **facts),
        )
        batch.refresh_from_db()
        assert batch.state == RecordBatch.State.VOIDED
