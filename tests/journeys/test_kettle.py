"""From a clean-up to a kettle and back, through the operations alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rewards.models import Redemption
from rewards.operations.redeeming import (
    BasketLine,
    Consent,
    basket_content,
    redeem_rewards,
    void_redemption,
)
from tests import factories
from tests.factories import NOW
from volunteers.operations.deciding import confirm_batch, void_batch
from volunteers.operations.pins import choose_pin, confirm_with_pin
from volunteers.operations.recording import Occasion, ServiceLine, record_batch

pytestmark = pytest.mark.django_db(transaction=True)


def balance(volunteer):
    volunteer.account.refresh_from_db()
    return volunteer.account.balance


def test_a_clean_up_earns_points_and_can_be_undone(community, duojie, wangping):
    rule = factories.make_rule(community)
    people = [factories.make_volunteer(community, "卓玛", by=duojie) for _ in range(3)]
    batch = record_batch(
        request=factories.make_request(),
        community=community,
        occasion=Occasion(rule=rule, title="清洁", service_date=date(2023, 11, 15)),
        lines=[ServiceLine(person.pk, 90, "heavy") for person in people],
        by=duojie,
        at=NOW,
    )

    decision = confirm_batch(batch_id=batch.pk, community=community, by=wangping, at=NOW)

    assert (decision.confirmed, decision.left_waiting) == (3, 0)
    assert [balance(person) for person in people] == [4, 4, 4]
    void_batch(batch_id=batch.pk, community=community, reason="下雨取消", by=wangping, at=NOW)
    assert [balance(person) for person in people] == [0, 0, 0]


def test_a_kettle_goes_out_and_comes_back(community, yangjin, duojie, lamao):
    kettle = factories.make_reward(community, "水壶", by=duojie, price_points=60, stock=2)
    choose_pin(volunteer=lamao, pin="480215", at=NOW)
    lines = [BasketLine(kettle.pk, 1, 60)]
    agreed = confirm_with_pin(
        volunteer=lamao,
        pin="480215",
        content=basket_content(lamao, lines),
        device="counter",
        by=yangjin,
        at=NOW,
    )

    redemption = redeem_rewards(
        request=factories.make_request(),
        community=community,
        volunteer_id=lamao.pk,
        lines=lines,
        consent=Consent(method=Redemption.Confirmation.PIN, pin_confirmation_id=agreed.pk),
        by=yangjin,
        at=NOW,
    )

    kettle.refresh_from_db()
    assert (redemption.balance_after, balance(lamao), kettle.on_hand) == (120, 120, 1)
    void_redemption(
        redemption_id=redemption.pk,
        community=community,
        reason="",
        may_void_any=False,
        by=yangjin,
        at=NOW + timedelta(minutes=5),
    )
    kettle.refresh_from_db()
    assert (balance(lamao), kettle.on_hand) == (180, 2)
