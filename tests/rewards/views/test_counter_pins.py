"""A first PIN at the counter: identified, two minutes, typed by the resident."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import factories
from tests.rewards.conftest import PIN
from volunteers.models import FirstPinCode, Identification, MemberAccess
from volunteers.operations.pins import try_pin

pytestmark = pytest.mark.django_db

TWICE = {"pin": PIN, "again": PIN}


def text(response):
    return response.content.decode()


@pytest.fixture
def pin_page(lamao):
    return f"{lamao.pk}/pin/choose/"


@pytest.fixture
def identified(counter, lamao, time_machine):
    time_machine.move_to(factories.NOW)
    counter.post(f"{lamao.pk}/pin/identify/", way="card")


def test_keypad_comes_after_the_person_is_identified(counter, pin_page, lamao):
    assert "先核对来的就是本人" in text(counter.get(pin_page))
    response = counter.post(f"{lamao.pk}/pin/identify/", way="card")
    assert response.url == f"/counter/{pin_page}"
    page = text(counter.get(pin_page))
    assert "两遍" in page
    assert "先核对来的就是本人" not in page
    assert Identification.objects.get().way == "card"


def test_resident_chooses_a_pin_and_goes_back_to_the_basket(counter, pin_page, identified, lamao):
    assert counter.post(pin_page, **TWICE).url == f"/counter/{lamao.pk}/"
    opened = try_pin(volunteer=lamao, pin=PIN, device="x", at=factories.NOW)
    assert opened.refusal is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pin": PIN, "again": "480216"}, "两次按的不一样"),
        ({"pin": "111111", "again": "111111"}, "这个密码太好猜"),
        ({"pin": "12345", "again": "12345"}, "密码是 6 位数字"),
        ({"pin": "", "again": ""}, "请输入 6 位密码"),
        ({"pin": "４８０２１５", "again": "４８０２１５"}, "密码是 6 位数字"),
        ({"pin": "\0" * 6, "again": "\0" * 6}, "密码是 6 位数字"),
    ],
)
def test_pin_that_will_not_do_is_refused_and_never_shown(
    counter, pin_page, identified, fields, words
):
    response = counter.post(pin_page, **fields)
    assert response.status_code == 422
    assert words in text(response)
    assert fields["pin"] == "" or f'value="{fields["pin"]}"' not in text(response)
    assert not MemberAccess.objects.exists()


def test_two_minutes_later_it_has_to_be_asked_again(counter, pin_page, identified, time_machine):
    time_machine.shift(timedelta(minutes=2))
    response = counter.post(pin_page, **TWICE)
    assert response.status_code == 422
    assert "请再核对一次" in text(response)
    assert not MemberAccess.objects.exists()


def test_pin_without_identification_is_refused(counter, pin_page):
    assert counter.post(pin_page, **TWICE).status_code == 422
    assert not MemberAccess.objects.exists()


def test_how_it_was_checked_has_to_be_said(counter, lamao):
    response = counter.post(f"{lamao.pk}/pin/identify/", way="magic")
    assert response.status_code == 422
    assert not Identification.objects.exists()


def test_clerk_cannot_change_a_pin_that_is_there(counter, pin_page, with_pin):
    assert "已经有密码了" in text(counter.get(pin_page))
    response = counter.post(f"{with_pin.pk}/pin/identify/", way="card")
    assert response.status_code == 422
    assert counter.post(f"{with_pin.pk}/pin/forget/").status_code == 403


def test_recorder_clears_a_forgotten_pin_and_nobody_sees_it(counter_of, duojie, with_pin):
    response = counter_of(duojie).post(f"{with_pin.pk}/pin/forget/")
    assert response.url == f"/counter/{with_pin.pk}/pin/choose/"
    assert MemberAccess.objects.get().pin_hash == ""


def test_one_time_code_is_shown_once_to_be_printed(counter, lamao):
    response = counter.post(f"{lamao.pk}/pin/code/")
    [shown] = re.findall(r'class="digits">(\d{3} \d{3})<', text(response))
    assert "no-store" in response.headers["Cache-Control"]
    assert FirstPinCode.objects.count() == 1
    issued_at = FirstPinCode.objects.get().issued_at
    opened = try_pin(volunteer=lamao, pin=shown.replace(" ", ""), device="x", at=issued_at)
    assert opened.refusal is None


def test_no_code_for_who_has_a_pin(counter, with_pin):
    assert counter.post(f"{with_pin.pk}/pin/code/").url == f"/counter/{with_pin.pk}/pin/choose/"
    assert not FirstPinCode.objects.exists()


def test_basket_is_kept_while_a_pin_is_chosen(counter, lamao, soapy, time_machine):
    time_machine.move_to(factories.NOW)
    response = counter.basket(f"{lamao.pk}/park/", (soapy, 2), choose_pin="1")
    assert response.url == f"/counter/{lamao.pk}/pin/choose/"
    counter.post(f"{lamao.pk}/pin/identify/", way="known")
    counter.post(response.url.removeprefix("/counter/"), **TWICE)
    till = counter.get(f"{lamao.pk}/").context["till"]
    assert [line.quantity for line in till.lines] == [2]
    assert till.has_pin


def test_choosing_page_takes_five_statements(counter, pin_page, django_assert_num_queries):
    counter.get(pin_page)
    with django_assert_num_queries(5):
        counter.get(pin_page)
