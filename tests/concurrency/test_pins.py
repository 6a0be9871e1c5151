"""Many hands at one PIN: guessing at once is no quicker than one after the other."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import timedelta
from functools import partial
from itertools import count
from threading import Barrier

import pytest
from django.db.models import QuerySet

from tests import factories
from tests.factories import NOW
from tests.racing import race
from volunteers.models import FirstPinCode, Identification, PinAttempt
from volunteers.operations import pins
from volunteers.refusals import NotIdentified, PinAlreadyChosen, TooManyTries, WrongPin

pytestmark = pytest.mark.django_db(transaction=True)

PIN = "480215"
HANDS = 32


@pytest.fixture(autouse=True)
def _quick_pins(monkeypatch):
    """What is raced here is the counting, not the hashing."""
    monkeypatch.setattr(pins, "PIN_HASHER", "md5")


@pytest.fixture
def people(community, duojie):
    found = [factories.make_volunteer(community, by=duojie) for _ in range(8)]
    for person in found:
        pins.choose_pin(volunteer=person, pin=PIN, at=NOW)
    return found


def tries(people, devices):
    return [
        partial(
            pins.try_pin,
            volunteer=people[n % len(people)],
            pin="000001",
            device=devices[n % len(devices)],
            at=NOW,
        )
        for n in range(HANDS)
    ]


def refusals(outcomes):
    return Tally(type(outcome.refusal) for outcome in outcomes)


DEVICES = [f"device {n}" for n in range(HANDS)]


@pytest.mark.parametrize("devices", [DEVICES[:1], DEVICES], ids=["one device", "many devices"])
def test_of_thirty_two_at_once_five_are_evaluated(people, devices):
    outcomes = race(*tries(people[:1], devices))
    assert refusals(outcomes) == {WrongPin: 5, TooManyTries: HANDS - 5}
    assert PinAttempt.objects.count() == 5


def test_one_device_gets_twenty_over_all_accounts(people):
    outcomes = race(*tries(people, DEVICES[:1]))
    assert refusals(outcomes) == {WrongPin: 20, TooManyTries: HANDS - 20}


def meet_before_counting(monkeypatch, hands):
    """Let all hands look whether tries are paused before any of them is counted."""
    everyone_has_looked = Barrier(hands)
    pause = pins._pause  # noqa: SLF001 - the gap between looking and counting

    def look_together(*args):
        found = pause(*args)
        everyone_has_looked.wait(timeout=30)
        return found

    monkeypatch.setattr(pins, "_pause", look_together)


def test_without_the_accounts_lock_all_are_evaluated(people, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    meet_before_counting(monkeypatch, HANDS)
    assert refusals(race(*tries(people[:1], DEVICES))) == {WrongPin: HANDS}


def test_without_the_devices_lock_all_are_evaluated(people, monkeypatch):
    monkeypatch.setattr(pins, "_lock_device", lambda _device: None)
    hands = len(people)
    for person in people[:6]:
        for _ in range(3):
            pins.try_pin(volunteer=person, pin="000001", device="x", at=NOW)
    meet_before_counting(monkeypatch, hands)
    one_each = tries(people, ["x"])[:hands]
    assert refusals(race(*one_each)) == {WrongPin: hands}  # eighteen before: two were left


def test_with_the_devices_lock_two_more_are_evaluated(people):
    for person in people[:6]:
        for _ in range(3):
            pins.try_pin(volunteer=person, pin="000001", device="x", at=NOW)
    one_each = tries(people, ["x"])[: len(people)]
    assert refusals(race(*one_each)) == {WrongPin: 2, TooManyTries: 6}


def test_one_identification_is_one_pin(community, duojie, yangjin):
    person = factories.make_volunteer(community, by=duojie)
    pins.identify_volunteer(volunteer=person, way=Identification.Way.CARD, by=yangjin, at=NOW)
    act = partial(pins.choose_pin_when_identified, volunteer=person, pin=PIN, by=yangjin, at=NOW)
    outcomes = race(*[act] * 8)
    kinds = Tally(type(one) if isinstance(one, Exception) else None for one in outcomes)
    assert kinds[None] == 1
    assert kinds[PinAlreadyChosen] + kinds[NotIdentified] == 7


def test_one_printed_code_is_alive(community, duojie, yangjin):
    person = factories.make_volunteer(community, by=duojie)
    later = count()

    def issue():
        at = NOW + timedelta(seconds=next(later))
        return pins.issue_first_code(volunteer=person, by=yangjin, at=at)

    race(*[issue] * 8)
    codes = FirstPinCode.objects.all()
    assert codes.count() == 8
    assert codes.filter(expires_at__gt=NOW + timedelta(seconds=8)).count() == 1


def test_a_printed_code_opens_once(community, duojie, yangjin):
    person = factories.make_volunteer(community, by=duojie)
    code = pins.issue_first_code(volunteer=person, by=yangjin, at=NOW)
    act = partial(pins.try_pin, volunteer=person, pin=code, device="x", at=NOW)
    outcomes = race(*[act] * 8)
    assert [outcome.access is not None for outcome in outcomes].count(True) == 1
