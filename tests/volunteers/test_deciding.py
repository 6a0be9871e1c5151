"""Confirming, declining and undoing: whole batches, single records, and what is left of a batch."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import NOW
from tests.volunteers.logging import balance, logged
from volunteers.models import RecordBatch, ServiceRecord
from volunteers.operations.deciding import (
    confirm_batch,
    confirm_record,
    decline_batch,
    decline_record,
    void_batch,
    void_record,
)
from volunteers.refusals import OwnPoints, ReasonMissing, SamePersonDecides, StateMovedOn

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(community, duojie):
    return [factories.make_volunteer(community, name, by=duojie) for name in ("卓玛", "才让")]


@pytest.fixture
def own_in_batch(community, duojie, wangping, pair):
    """A batch of which 王萍 may decide only 才让's part: 卓玛 is herself."""
    wangping.own_volunteer = pair[0]
    wangping.save()
    batch = logged(community, pair, by=duojie, confirmed_by=wangping)
    assert batch.state == RecordBatch.State.SUBMITTED
    return batch


def states(batch):
    batch.refresh_from_db()
    return [batch.state, *batch.records.order_by("id").values_list("state", flat=True)]


def test_declining_the_rest_lets_the_confirmed_part_stand(community, own_in_batch, pair, duojie):
    decline_batch(batch_id=own_in_batch.pk, community=community, reason="没有来", by=duojie, at=NOW)

    assert states(own_in_batch) == ["confirmed", "declined", "confirmed"]
    assert [balance(person) for person in pair] == [0, 2]


def test_a_half_confirmed_batch_is_undone_as_a_whole(community, own_in_batch, pair, wangping):
    void_batch(batch_id=own_in_batch.pk, community=community, reason="下雨", by=wangping, at=NOW)

    assert states(own_in_batch) == ["voided", "declined", "voided"]
    assert balance(pair[1]) == 0


def test_a_batch_is_settled_with_its_last_record(community, duojie, wangping, pair):
    batch = logged(community, pair, by=duojie)
    first, second = batch.records.order_by("id")
    facts = {"community": community, "by": wangping, "at": NOW}

    confirm_record(record_id=first.pk, **facts)
    assert states(batch) == ["submitted", "confirmed", "submitted"]
    decline_record(record_id=second.pk, reason="没有来", **facts)
    assert states(batch) == ["confirmed", "confirmed", "declined"]
    void_record(record_id=first.pk, reason="记错了", **facts)
    assert states(batch) == ["voided", "voided", "declined"]
    assert balance(pair[0]) == 0


def test_nobody_confirms_a_record_of_their_own(community, duojie, wangping, pair):
    record = logged(community, pair, by=wangping).records.first()
    with pytest.raises(SamePersonDecides):
        confirm_record(record_id=record.pk, community=community, by=wangping, at=NOW)


def test_household_members_are_as_oneself(community, duojie, wangping, pair):
    """Even where the community asks for no second person."""
    community.needs_second_person = False
    community.save()
    factories.make_household(community, pair)
    wangping.own_volunteer = pair[0]
    wangping.save()
    batch = logged(community, [pair[1]], by=wangping)

    with pytest.raises(OwnPoints):
        confirm_batch(batch_id=batch.pk, community=community, by=wangping, at=NOW)
    with pytest.raises(OwnPoints):
        confirm_record(record_id=batch.records.get().pk, community=community, by=wangping, at=NOW)


def test_the_setting_is_frozen_on_the_record(community, wangping, pair):
    batch = logged(community, pair, by=wangping)
    community.needs_second_person = False
    community.save()

    with pytest.raises(SamePersonDecides):
        confirm_batch(batch_id=batch.pk, community=community, by=wangping, at=NOW)


@pytest.mark.parametrize("decide", [decline_record, void_record])
def test_undoing_one_record_needs_a_reason(community, duojie, wangping, pair, decide):
    batch = logged(community, pair, by=duojie)
    with pytest.raises(ReasonMissing):
        decide(
            record_id=batch.records.first().pk,
            community=community,
            reason=" 错 ",
            by=wangping,
            at=NOW,
        )


def test_a_record_is_decided_once(community, duojie, wangping, pair):
    record = logged(community, pair, by=duojie, confirmed_by=wangping).records.first()
    facts = {"record_id": record.pk, "community": community, "by": wangping, "at": NOW}

    with pytest.raises(StateMovedOn):
        confirm_record(**facts)
    with pytest.raises(StateMovedOn):
        decline_record(reason="不对", **facts)
    void_record(reason="记错了", **facts)
    with pytest.raises(StateMovedOn):
        void_record(reason="记错了", **facts)


def test_another_communitys_record_is_not_there(community, other_community, stranger, duojie, pair):
    record = logged(community, pair, by=duojie).records.first()
    with pytest.raises(ServiceRecord.DoesNotExist):
        confirm_record(record_id=record.pk, community=other_community, by=stranger, at=NOW)


def test_spent_points_become_a_debt_that_later_service_pays(community, duojie, wangping, pair):
    batch = logged(community, pair, by=duojie, confirmed_by=wangping)
    factories.spend(pair[0], 1, by=duojie)

    void_batch(batch_id=batch.pk, community=community, reason="下雨", by=wangping, at=NOW)

    pair[0].debt_account.refresh_from_db()
    assert (balance(pair[0]), pair[0].debt_account.balance) == (0, -1)
    logged(community, pair, by=duojie, confirmed_by=wangping, title="读书")
    pair[0].debt_account.refresh_from_db()
    assert (balance(pair[0]), pair[0].debt_account.balance) == (1, 0)
