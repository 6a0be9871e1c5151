"""Residents' PINs: chosen by them alone, tried a few times, never seen."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import check_password

from tests import factories
from tests.factories import NOW
from volunteers.models import FirstPinCode, Identification, MemberAccess, PinAttempt
from volunteers.operations import pins
from volunteers.refusals import (
    ConfirmationNotValid,
    NotIdentified,
    PinAlreadyChosen,
    PinNotChosen,
    PinTooSimple,
    TooManyTries,
    WrongPin,
)

pytestmark = pytest.mark.django_db

PIN = "480215"
BASKET = {"volunteer": 1, "lines": [[1, 2, 25]]}


def minutes(count):
    return NOW + timedelta(minutes=count)


def try_pin(volunteer, pin=PIN, at=NOW, device="counter", **more):
    return pins.try_pin(volunteer=volunteer, pin=pin, device=device, at=at, **more)


def confirm(volunteer, by, pin=PIN, at=NOW, content=None):
    return pins.confirm_with_pin(
        volunteer=volunteer, pin=pin, content=content or BASKET, device="counter", by=by, at=at
    )


def use(confirmation_id, volunteer, at=NOW, content=None):
    return pins.use_confirmation(
        confirmation_id=confirmation_id, volunteer=volunteer, content=content or BASKET, at=at
    )


@pytest.fixture
def with_pin(lamao):
    pins.choose_pin(volunteer=lamao, pin=PIN, at=NOW)
    return lamao


def test_pin_is_kept_as_a_hash_only(with_pin):
    access = MemberAccess.objects.get(volunteer=with_pin)
    assert PIN not in access.pin_hash
    assert access.pin_hash.startswith("argon2pin$argon2id$")
    assert check_password(PIN, access.pin_hash)


@pytest.mark.parametrize(
    "pin",
    ["111111", "123456", "987654", "12345", "1234567", "", "４８０２１５", "48021a", "\0" * 6],
)
def test_pin_too_simple_is_refused(lamao, pin):
    with pytest.raises(PinTooSimple):
        pins.choose_pin(volunteer=lamao, pin=pin, at=NOW)
    assert not MemberAccess.objects.exists()


def test_right_pin_opens_and_is_counted(with_pin):
    assert try_pin(with_pin).access.volunteer_id == with_pin.pk
    assert list(PinAttempt.objects.values_list("succeeded", flat=True)) == [True]


def test_wrong_pin_says_how_many_tries_are_left(with_pin):
    assert [try_pin(with_pin, "000001").refusal.tries_left for _ in range(5)] == [4, 3, 2, 1, 0]


def test_sixth_try_is_not_evaluated_even_if_right(with_pin):
    for _ in range(5):
        try_pin(with_pin, "000001")

    outcome = try_pin(with_pin)

    assert outcome.access is None
    assert outcome.refusal == TooManyTries(until=minutes(15))
    assert PinAttempt.objects.count() == 5


def test_tries_open_again_after_fifteen_minutes(with_pin):
    for _ in range(5):
        try_pin(with_pin, "000001")
    assert try_pin(with_pin, at=minutes(15) + timedelta(seconds=1)).refusal is None


def test_a_success_does_not_forgive_the_wrong_ones_before_it(with_pin):
    for _ in range(4):
        try_pin(with_pin, "000001")
    try_pin(with_pin)
    assert try_pin(with_pin, "000001").refusal.tries_left == 0
    assert isinstance(try_pin(with_pin).refusal, TooManyTries)


def test_twenty_wrong_ones_pause_the_device_for_everybody(community, duojie):
    people = [factories.make_volunteer(community, by=duojie) for _ in range(6)]
    for person in people:
        pins.choose_pin(volunteer=person, pin=PIN, at=NOW)
    for person in people[:5]:
        for _ in range(4):
            try_pin(person, "000001")

    assert isinstance(try_pin(people[5]).refusal, TooManyTries)
    assert try_pin(people[5], device="kiosk").refusal is None


def test_a_hundred_wrong_ones_in_a_row_stop_until_a_reset(with_pin):
    PinAttempt.objects.bulk_create(
        PinAttempt(volunteer=with_pin, device="x", at=NOW - timedelta(days=day), succeeded=False)
        for day in range(1, 101)
    )
    assert try_pin(with_pin).refusal == TooManyTries(until=None)


def test_confirmation_works_once_for_exactly_this_basket(with_pin, yangjin):
    confirmation = confirm(with_pin, yangjin)

    with pytest.raises(ConfirmationNotValid):
        use(confirmation.pk, with_pin, content={"volunteer": 1, "lines": [[1, 3, 25]]})
    assert use(confirmation.pk, with_pin).used_at == NOW
    with pytest.raises(ConfirmationNotValid):
        use(confirmation.pk, with_pin)


def test_confirmation_is_of_one_person_and_short_lived(with_pin, yangjin, community, duojie):
    other = factories.make_volunteer(community, by=duojie)
    confirmation = confirm(with_pin, yangjin)

    for volunteer, at in [(other, NOW), (with_pin, minutes(5))]:
        with pytest.raises(ConfirmationNotValid):
            use(confirmation.pk, volunteer, at=at)
    for unknown in (uuid4(), None):
        with pytest.raises(ConfirmationNotValid):
            use(unknown, with_pin)


def test_confirming_with_a_wrong_pin_is_refused_but_counted(with_pin, yangjin):
    with pytest.raises(WrongPin):
        confirm(with_pin, yangjin, pin="000001")
    assert PinAttempt.objects.filter(succeeded=False).count() == 1


def test_confirming_without_a_pin_is_refused(lamao, yangjin):
    with pytest.raises(PinNotChosen):
        confirm(lamao, yangjin)


def identify(volunteer, by, at=NOW):
    return pins.identify_volunteer(volunteer=volunteer, way=Identification.Way.CARD, by=by, at=at)


def choose_when_identified(volunteer, by, at):
    return pins.choose_pin_when_identified(volunteer=volunteer, pin=PIN, by=by, at=at)


def test_identified_resident_chooses_a_first_pin(lamao, yangjin):
    identify(lamao, yangjin)
    choose_when_identified(lamao, yangjin, minutes(1))
    assert try_pin(lamao).refusal is None


def test_identification_lasts_two_minutes_for_one_clerk_and_one_pin(lamao, yangjin, duojie):
    identify(lamao, yangjin)
    with pytest.raises(NotIdentified):
        choose_when_identified(lamao, yangjin, minutes(2))
    with pytest.raises(NotIdentified):
        choose_when_identified(lamao, duojie, minutes(1))
    choose_when_identified(lamao, yangjin, minutes(1))
    pins.reset_pin(volunteer=lamao, at=minutes(1))
    with pytest.raises(NotIdentified):
        choose_when_identified(lamao, yangjin, minutes(1))


def test_identification_is_not_used_up_by_a_pin_too_simple(lamao, yangjin):
    identify(lamao, yangjin)
    with pytest.raises(PinTooSimple):
        pins.choose_pin_when_identified(volunteer=lamao, pin="111111", by=yangjin, at=NOW)
    choose_when_identified(lamao, yangjin, minutes(1))


def test_staff_cannot_give_a_second_pin(with_pin, yangjin):
    for act in (
        lambda: identify(with_pin, yangjin),
        lambda: choose_when_identified(with_pin, yangjin, NOW),
        lambda: pins.issue_first_code(volunteer=with_pin, by=yangjin, at=NOW),
    ):
        with pytest.raises(PinAlreadyChosen):
            act()


def test_printed_code_opens_once_and_asks_for_a_pin(lamao, yangjin):
    code = pins.issue_first_code(volunteer=lamao, by=yangjin, at=NOW)

    opened = try_pin(lamao, code)

    assert opened.access.must_change
    assert code not in FirstPinCode.objects.get().code_hash
    assert try_pin(lamao, code).refusal == PinNotChosen()
    assert not pins.choose_pin(volunteer=lamao, pin=PIN, at=NOW).must_change


def test_printed_code_ends_after_a_day_and_with_the_next_one(lamao, yangjin):
    first = pins.issue_first_code(volunteer=lamao, by=yangjin, at=NOW)
    assert try_pin(lamao, first, at=NOW + timedelta(hours=24)).refusal == PinNotChosen()
    second = pins.issue_first_code(volunteer=lamao, by=yangjin, at=minutes(1))
    outcome = try_pin(lamao, first, at=minutes(1))
    assert first == second or isinstance(outcome.refusal, WrongPin)


def test_printed_code_confirms_nothing_at_the_counter(lamao, yangjin):
    code = pins.issue_first_code(volunteer=lamao, by=yangjin, at=NOW)
    with pytest.raises(PinNotChosen):
        confirm(lamao, yangjin, pin=code)
    assert FirstPinCode.objects.get().used_at is None


def test_guessing_a_printed_code_is_counted_like_a_pin(lamao, yangjin):
    code = pins.issue_first_code(volunteer=lamao, by=yangjin, at=NOW)
    wrong = "000001" if code != "000001" else "000002"
    for _ in range(5):
        try_pin(lamao, wrong)
    assert isinstance(try_pin(lamao, code).refusal, TooManyTries)


def test_reset_takes_the_pin_away_and_ends_sessions(with_pin):
    before = MemberAccess.objects.get(volunteer=with_pin).pin_version
    pins.reset_pin(volunteer=with_pin, at=NOW)
    assert try_pin(with_pin).refusal == PinNotChosen()
    assert MemberAccess.objects.get(volunteer=with_pin).pin_version == before + 1
