"""Every corruption of the shop's books is found, and under the name that says what it is."""

from __future__ import annotations

import pytest

from ledger import invariants
from rewards.models import Redemption
from rewards.operations.redeeming import (
    BasketLine,
    Consent,
    basket_content,
    redeem_rewards,
    void_redemption,
)
from tests import factories
from tests.ledger.planting import plant
from tests.rewards.conftest import PIN
from volunteers.operations.pins import confirm_with_pin

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(community, with_pin, soapy, towel, yangjin):
    """One redemption by PIN, one by signature that was voided; their ids by name."""
    lines = [BasketLine(soapy.pk, 2, 25), BasketLine(towel.pk, 1, 10)]
    agreed = confirm_with_pin(
        volunteer=with_pin,
        pin=PIN,
        content=basket_content(with_pin, lines),
        device="counter",
        by=yangjin,
        at=factories.NOW,
    )
    done = redeem_rewards(
        request=factories.make_request(),
        community=community,
        volunteer_id=with_pin.pk,
        lines=lines,
        consent=Consent(Redemption.Confirmation.PIN, pin_confirmation_id=agreed.pk),
        by=yangjin,
        at=factories.NOW,
    )
    voided = factories.redeem(with_pin, [(soapy, 1)], by=yangjin)
    void_redemption(
        redemption_id=voided.pk,
        community=community,
        reason="",
        may_void_any=False,
        by=yangjin,
        at=factories.NOW,
    )
    return {
        "done": done.pk,
        "voided": voided.pk,
        "soapy": soapy.pk,
        "lamao": with_pin.pk,
        "clerk": yangjin.pk,
        "posting": done.payments.get().posting_id,
    }


def breached():
    return {
        name.removeprefix("rewards.")
        for name in invariants.registered()
        if name.startswith("rewards.") and any(invariants.find_breaches(name))
    }


def test_the_story_itself_is_sound(story):
    assert breached() == set()


REDEMPTION = "UPDATE rewards_redemption SET {} WHERE id = {}"
LINE = "UPDATE rewards_redemptionline SET {} WHERE redemption_id = {} AND reward_id = {{soapy}}"
MOVEMENT = "UPDATE rewards_stockmovement SET {} WHERE redemption_id = {} AND reward_id = {{soapy}}"
PLANTS = [
    (
        "dearer than it was paid",
        [REDEMPTION.format("points = 61", "{done}"), LINE.format("price_points = 26", "{done}")],
        "redemptions_are_paid_in_full",
    ),
    (
        "payment gone",
        ["DELETE FROM rewards_redemptionpayment WHERE redemption_id = {done}"],
        "redemptions_are_paid_in_full",
    ),
    (
        "paid by nobody's document",
        ["DELETE FROM rewards_redemptionpayment WHERE redemption_id = {done}"],
        "redeem_postings_have_their_redemption",
    ),
    (
        "paid by another posting",
        ["UPDATE rewards_redemptionpayment SET posting_id = 0 WHERE redemption_id = {done}"],
        "redeem_postings_have_their_redemption",
    ),
    (
        "void without refund",
        [
            REDEMPTION.format(
                "state = 'voided', voided_at = redeemed_at, voided_by_id = {clerk}", "{done}"
            )
        ],
        "voided_redemptions_are_reversed",
    ),
    (
        "un-voided",
        [REDEMPTION.format("state = 'done', voided_at = NULL, voided_by_id = NULL", "{voided}")],
        "voided_redemptions_are_reversed",
    ),
    (
        "goods gone without a movement",
        ["DELETE FROM rewards_stockmovement WHERE redemption_id = {done}"],
        "redemptions_moved_exactly_their_goods",
    ),
    (
        "one more piece gone",
        [MOVEMENT.format("quantity = quantity - 1", "{done}")],
        "redemptions_moved_exactly_their_goods",
    ),
    (
        "goods that are in no line",
        ["DELETE FROM rewards_redemptionline WHERE redemption_id = {done}"],
        "redemptions_moved_exactly_their_goods",
    ),
    (
        "voided goods that never came back",
        ["DELETE FROM rewards_stockmovement WHERE redemption_id = {voided} AND kind = 'return'"],
        "redemptions_moved_exactly_their_goods",
    ),
    (
        "line made cheaper",
        [LINE.format("price_points = 1", "{done}")],
        "lines_of_a_redemption_add_up",
    ),
    (
        "stock edited by hand",
        ["UPDATE rewards_reward SET on_hand = on_hand + 1 WHERE id = {soapy}"],
        "stock_is_the_sum_of_movements",
    ),
    (
        "promised more than there is",
        [
            "ALTER TABLE rewards_reward DROP CONSTRAINT rewards_reward_never_oversold",
            "UPDATE rewards_reward SET reserved = on_hand + 1 WHERE id = {soapy}",
        ],
        "stock_is_the_sum_of_movements",
    ),
    (
        "confirmation of somebody else",
        ["UPDATE volunteers_pinconfirmation SET volunteer_id = {lamao} + 1"],
        "pins_confirmed_their_redemption",
    ),
    (
        "confirmation never used",
        ["UPDATE volunteers_pinconfirmation SET used_at = NULL"],
        "pins_confirmed_their_redemption",
    ),
    (
        "guard asleep",
        ["ALTER TABLE rewards_stockmovement DISABLE TRIGGER USER"],
        "guards_are_in_place",
    ),
]


@pytest.mark.parametrize(
    ("statements", "found"), [plan[1:] for plan in PLANTS], ids=[plan[0] for plan in PLANTS]
)
def test_a_planted_corruption_is_found(story, statements, found):
    plant(*(statement.format(**story) for statement in statements))
    assert found in breached()


def test_every_invariant_of_the_shop_has_a_plant():
    planted = {found for _name, _statements, found in PLANTS}
    mine = {
        name.removeprefix("rewards.")
        for name in invariants.registered()
        if name.startswith("rewards.")
    }
    assert planted <= mine
    assert {name for name in mine if "redemption" in name or "stock" in name} <= planted
