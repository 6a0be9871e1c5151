"""Redeeming and voiding, without the web around it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from ledger.models import Posting
from ledger.refusals import KeyReused, NotEnoughPoints
from rewards import refusals
from rewards.models import ParkedBasket, Redemption, RedemptionLine, Reward, StockMovement
from rewards.operations import redeeming, slips
from rewards.operations.parking import park_basket
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards, void_redemption
from rewards.operations.slips import file_signed_slip
from tests import factories
from tests.factories import NOW
from volunteers.models import Household, Volunteer
from volunteers.operations.pins import choose_pin, confirm_with_pin
from volunteers.refusals import (
    AccountFrozen,
    ConfirmationNotValid,
    ReasonMissing,
    UnknownVolunteers,
)

pytestmark = pytest.mark.django_db

PAPER = Consent(Redemption.Confirmation.PAPER)
PIN = "480215"


def line(reward, quantity=1, price=None):
    return BasketLine(reward.pk, quantity, price or reward.price_points)


def redeem(volunteer, lines, by, *, consent=PAPER, at=NOW, request=None, community=None):
    return redeem_rewards(
        request=request or factories.make_request(),
        community=community or volunteer.community,
        volunteer_id=volunteer.pk,
        lines=lines,
        consent=consent,
        by=by,
        at=at,
    )


def void(redemption, by, *, reason="", any_=False, at=NOW, request=None):
    return void_redemption(
        redemption_id=redemption.pk,
        community=redemption.community,
        reason=reason,
        may_void_any=any_,
        by=by,
        at=at,
        request=request,
    )


def balance(volunteer):
    volunteer.account.refresh_from_db()
    return volunteer.account.balance


def on_hand(reward):
    return Reward.objects.values_list("on_hand", flat=True).get(pk=reward.pk)


def test_redeem_moves_points_and_goods_and_writes_it_down(lamao, soapy, towel, yangjin):
    redemption = redeem(lamao, [line(towel, 2), line(soapy)], yangjin)

    redemption.refresh_from_db()
    assert (redemption.points, redemption.balance_after, redemption.held_points) == (45, 135, 0)
    assert (balance(lamao), on_hand(soapy), on_hand(towel)) == (135, 13, 1)
    assert list(redemption.lines.order_by("reward").values_list("reward", "quantity")) == [
        (soapy.pk, 1),
        (towel.pk, 2),
    ]
    payment = redemption.payments.get()
    assert payment.posting.kind == Posting.Kind.REDEEM
    assert payment.posting.points == 45
    assert list(
        StockMovement.objects.filter(redemption=redemption)
        .order_by("reward")
        .values_list("reward", "quantity")
    ) == [(soapy.pk, -1), (towel.pk, -2)]


def test_slip_number_is_an_ean13_with_prefix_21(lamao, soapy, yangjin):
    number = redeem(lamao, [line(soapy)], yangjin).number
    assert number.startswith("21")
    assert sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(number)) % 10 == 0


def test_taken_slip_number_is_drawn_again(lamao, soapy, yangjin, monkeypatch):
    first = redeem(lamao, [line(soapy)], yangjin)
    drawn = iter([first.number, first.number, "2100000000005"])
    monkeypatch.setattr(slips, "slip_number", lambda: next(drawn))

    second = redeem(lamao, [line(soapy)], yangjin)

    assert second.number == "2100000000005"
    assert (balance(lamao), on_hand(soapy)) == (130, 12)


def test_same_reward_twice_in_a_basket_is_one_line(lamao, soapy, yangjin):
    redemption = redeem(lamao, [line(soapy), line(soapy, 2)], yangjin)
    assert list(redemption.lines.values_list("quantity", flat=True)) == [3]


def test_same_request_again_answers_with_the_first(lamao, soapy, yangjin):
    request = factories.make_request()
    first = redeem(lamao, [line(soapy)], yangjin, request=request)
    again = redeem(lamao, [line(soapy)], yangjin, request=request, at=NOW + timedelta(minutes=3))
    assert again == first
    assert again.redeemed_at == NOW
    assert balance(lamao) == 155


def test_same_request_is_answered_even_when_the_points_are_gone(lamao, soapy, yangjin):
    request = factories.make_request()
    lines = [line(soapy, 7)]
    first = redeem(lamao, lines, yangjin, request=request)
    assert redeem(lamao, lines, yangjin, request=request) == first


def test_same_key_with_another_basket_is_refused(lamao, soapy, yangjin):
    request = factories.make_request()
    redeem(lamao, [line(soapy)], yangjin, request=request)
    with pytest.raises(KeyReused):
        redeem(lamao, [line(soapy, 2)], yangjin, request=request)


def test_a_refusal_keeps_no_key_and_moves_nothing(lamao, soapy, towel, yangjin):
    request = factories.make_request()
    with pytest.raises(NotEnoughPoints) as refusal:
        redeem(lamao, [line(soapy, 8)], yangjin, request=request)
    assert (refusal.value.available, refusal.value.needed) == (180, 200)
    assert (balance(lamao), on_hand(soapy)) == (180, 14)
    redeem(lamao, [line(towel)], yangjin, request=request)


def test_all_lines_or_nothing(lamao, soapy, towel, yangjin):
    with pytest.raises(refusals.OutOfStock) as refusal:
        redeem(lamao, [line(soapy), line(towel, 4)], yangjin)
    assert (refusal.value.reward_id, refusal.value.left) == (towel.pk, 3)
    assert (balance(lamao), on_hand(soapy), RedemptionLine.objects.count()) == (180, 14, 0)


def test_what_is_promised_to_an_order_is_not_free(lamao, towel, yangjin):
    Reward.objects.filter(pk=towel.pk).update(reserved=2)
    with pytest.raises(refusals.OutOfStock) as refusal:
        redeem(lamao, [line(towel, 2)], yangjin)
    assert refusal.value.left == 1


def test_price_that_changed_since_is_refused(lamao, soapy, yangjin):
    with pytest.raises(refusals.PriceChanged) as refusal:
        redeem(lamao, [line(soapy, 1, price=20)], yangjin)
    assert refusal.value.price_points == 25


def test_reward_off_the_shelf_or_of_another_community_is_refused(
    lamao, soapy, yangjin, other_community, stranger
):
    foreign = factories.make_reward(other_community, by=stranger, stock=5)
    Reward.objects.filter(pk=soapy.pk).update(is_active=False)
    for reward in (foreign, soapy):
        with pytest.raises(refusals.NotOnShelf):
            redeem(lamao, [line(reward)], yangjin)


def test_month_limit_counts_what_was_given_this_month(lamao, soapy, yangjin):
    Reward.objects.filter(pk=soapy.pk).update(person_month_limit=2)
    before_midnight = NOW.replace(month=10, day=31, hour=15)  # 23:00 in Shanghai
    redeem(lamao, [line(soapy)], yangjin, at=before_midnight)
    redeem(lamao, [line(soapy)], yangjin)
    voided = redeem(lamao, [line(soapy)], yangjin)
    void(voided, yangjin)

    with pytest.raises(refusals.MonthLimitReached) as refusal:
        redeem(lamao, [line(soapy, 2)], yangjin)

    assert refusal.value.left == 1
    redeem(lamao, [line(soapy)], yangjin)


def test_basket_must_be_something_and_not_too_much(lamao, community, duojie, yangjin):
    gold = factories.make_reward(community, "金子", by=duojie, price_points=1_000_000, stock=2)
    with pytest.raises(refusals.BasketEmpty):
        redeem(lamao, [], yangjin)
    with pytest.raises(refusals.BasketTooLarge):
        redeem(lamao, [line(gold, 2)], yangjin)
    for quantity in (0, -1, 1000, 2**63):
        with pytest.raises(ValueError, match="pieces"):
            line(gold, quantity)


def test_frozen_moved_and_foreign_people_are_refused(
    lamao, soapy, yangjin, other_community, stranger
):
    with pytest.raises(UnknownVolunteers):
        redeem(lamao, [line(soapy)], stranger, community=other_community)
    Volunteer.objects.filter(pk=lamao.pk).update(
        frozen_at=NOW, frozen_by=yangjin, frozen_reason="有异议"
    )
    with pytest.raises(AccountFrozen, match="有异议"):
        redeem(lamao, [line(soapy)], yangjin)
    Volunteer.objects.filter(pk=lamao.pk).update(state="moved")
    with pytest.raises(UnknownVolunteers):
        redeem(lamao, [line(soapy)], yangjin)


def test_nobody_serves_or_voids_the_own_household(community, lamao, soapy, yangjin, duojie):
    done = redeem(lamao, [line(soapy)], duojie)
    household = Household.objects.create(community=community)
    own = factories.make_volunteer(community, "央金", by=duojie, points=50, household=household)
    yangjin.own_volunteer = own
    yangjin.save()
    with pytest.raises(refusals.OwnHousehold):
        redeem(own, [line(soapy)], yangjin)
    Volunteer.objects.filter(pk=lamao.pk).update(household=household)
    with pytest.raises(refusals.OwnHousehold):
        redeem(lamao, [line(soapy)], yangjin)
    with pytest.raises(refusals.OwnHousehold):
        void(done, yangjin, any_=True, reason="拿错了")


def test_collector_has_to_be_named(lamao, soapy, yangjin):
    with pytest.raises(refusals.CollectorNotNamed):
        redeem(lamao, [line(soapy)], yangjin, consent=Consent(Redemption.Confirmation.COLLECTOR))
    consent = Consent(Redemption.Confirmation.COLLECTOR, collector_name="丈夫 才让东知")
    assert redeem(lamao, [line(soapy)], yangjin, consent=consent).needs_signed_slip


def confirm(lamao, lines, by):
    agreed = confirm_with_pin(
        volunteer=lamao,
        pin=PIN,
        content=redeeming.basket_content(lamao, lines),
        device="counter",
        by=by,
        at=NOW,
    )
    return Consent(Redemption.Confirmation.PIN, pin_confirmation_id=agreed.pk)


def test_pin_confirms_one_redemption_of_one_basket(lamao, soapy, towel, yangjin):
    choose_pin(volunteer=lamao, pin=PIN, at=NOW)
    consent = confirm(lamao, [line(soapy)], yangjin)

    with pytest.raises(ConfirmationNotValid):
        redeem(lamao, [line(towel)], yangjin, consent=consent)
    redemption = redeem(lamao, [line(soapy)], yangjin, consent=consent)
    assert not redemption.needs_signed_slip
    with pytest.raises(ConfirmationNotValid):
        redeem(lamao, [line(soapy)], yangjin, consent=consent)


@pytest.mark.parametrize("method", ["pin", "paper"])
def test_pin_and_confirmation_go_together(lamao, soapy, yangjin, method):
    consent = Consent(method, pin_confirmation_id=None if method == "pin" else uuid4())
    with pytest.raises(ConfirmationNotValid):
        redeem(lamao, [line(soapy)], yangjin, consent=consent)


def test_redeem_takes_at_most_eight_statements(
    lamao, soapy, towel, yangjin, django_assert_num_queries
):
    Reward.objects.filter(pk=soapy.pk).update(person_month_limit=2)
    choose_pin(volunteer=lamao, pin=PIN, at=NOW)
    lines = [line(soapy), line(towel)]
    consent = confirm(lamao, lines, yangjin)
    with django_assert_num_queries(12) as captured:  # four of them open and close savepoints
        redeem(lamao, lines, yangjin, consent=consent)
    real = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(real) == 8


def test_void_gives_points_and_goods_back_once(lamao, soapy, towel, yangjin):
    redemption = redeem(lamao, [line(soapy), line(towel, 2)], yangjin)
    voided = void(redemption, yangjin)
    assert (voided.state, voided.voided_by) == (Redemption.State.VOIDED, yangjin)
    assert (balance(lamao), on_hand(soapy), on_hand(towel)) == (180, 14, 3)
    with pytest.raises(refusals.AlreadyVoided):
        void(redemption, yangjin)


def test_void_sent_again_answers_with_the_first(lamao, soapy, yangjin):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    request = factories.make_request()
    assert void(redemption, yangjin, request=request) == void(redemption, yangjin, request=request)


def test_void_by_its_clerk_within_ten_minutes_only(lamao, soapy, yangjin, duojie):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    with pytest.raises(refusals.TooLateToVoid):
        void(redemption, duojie)
    with pytest.raises(refusals.TooLateToVoid) as refusal:
        void(redemption, yangjin, at=NOW + timedelta(minutes=10, seconds=1))
    assert refusal.value.until == NOW + timedelta(minutes=10)
    void(redemption, yangjin, at=NOW + timedelta(minutes=10))


def test_void_later_needs_an_approver_with_a_reason(lamao, soapy, yangjin, wangping):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    later = NOW + timedelta(days=3)
    for reason in ("", " ", "错"):
        with pytest.raises(ReasonMissing):
            void(redemption, wangping, any_=True, reason=reason, at=later)
    assert void(redemption, wangping, any_=True, reason="壶漏水", at=later).void_reason == "壶漏水"


def test_approver_who_served_needs_no_reason_within_ten_minutes(lamao, soapy, wangping):
    redemption = redeem(lamao, [line(soapy)], wangping)
    void(redemption, wangping, any_=True)


def test_redeeming_forgets_the_basket_this_clerk_parked(lamao, soapy, yangjin, duojie):
    for clerk in (yangjin, duojie):
        park_basket(volunteer=lamao, lines=[line(soapy)], by=clerk, at=NOW)
    redeem(lamao, [line(soapy)], yangjin)
    assert list(ParkedBasket.objects.values_list("parked_by", flat=True)) == [duojie.pk]


def test_parking_again_replaces_the_basket(lamao, soapy, towel, yangjin):
    park_basket(volunteer=lamao, lines=[line(soapy)], by=yangjin, at=NOW)
    park_basket(volunteer=lamao, lines=[line(towel, 2)], by=yangjin, at=NOW)
    assert ParkedBasket.objects.get().lines == [[towel.pk, 2, 10]]
    with pytest.raises(refusals.BasketEmpty):
        park_basket(volunteer=lamao, lines=[], by=yangjin, at=NOW)


def test_signed_slip_is_filed_once_and_only_where_there_is_one(lamao, soapy, yangjin, wangping):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    for clerk in (yangjin, wangping):
        filed = file_signed_slip(
            redemption_id=redemption.pk, community=lamao.community, by=clerk, at=NOW
        )
        assert filed.signed_slip_by == yangjin
    choose_pin(volunteer=lamao, pin=PIN, at=NOW)
    by_pin = redeem(lamao, [line(soapy)], yangjin, consent=confirm(lamao, [line(soapy)], yangjin))
    with pytest.raises(refusals.NoSlipNeeded):
        file_signed_slip(redemption_id=by_pin.pk, community=lamao.community, by=yangjin, at=NOW)


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "change",
    [
        "points = points + 1",
        "balance_after = 0",
        "state = 'done', voided_at = NULL, voided_by_id = NULL",
        "void_reason = '别的'",
        "redeemed_at = redeemed_at - interval '1 day'",
    ],
)
def test_what_was_redeemed_stays_as_it_was(lamao, soapy, yangjin, change):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    void(redemption, yangjin)
    with pytest.raises(IntegrityError, match="what was redeemed stays"):
        run(f"UPDATE rewards_redemption SET {change} WHERE id = {redemption.pk}")


def test_a_redemption_is_never_deleted(lamao, soapy, yangjin):
    redemption = redeem(lamao, [line(soapy)], yangjin)
    with pytest.raises(IntegrityError, match="never deleted"):
        run(f"DELETE FROM rewards_redemption WHERE id = {redemption.pk}")
