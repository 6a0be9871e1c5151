"""The kiosk: a card or a number, the PIN, the points; then it forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.models import Identification, MemberAccess
from volunteers.operations.people import issue_card
from volunteers.operations.pins import choose_pin, identify_volunteer, issue_first_code

pytestmark = pytest.mark.django_db

PIN = "480215"


@pytest.fixture
def kiosk(client, yangjin):
    """A machine that 央金 has made the community's kiosk."""
    client.force_login(yangjin)
    response = client.post(reverse("kiosk:switch_on"))
    assert response.url == reverse("kiosk:idle")
    return client


@pytest.fixture
def lamao(lamao):
    choose_pin(volunteer=lamao, pin=PIN, at=timezone.now())
    return lamao


@pytest.fixture
def card(lamao, duojie):
    return issue_card(volunteer=lamao, by=duojie, at=timezone.now()).card


def name_oneself(kiosk, number):
    return kiosk.post(reverse("kiosk:number"), {"number": number}, follow=True)


def come_in(kiosk, number="1", pin=PIN):
    name_oneself(kiosk, number)
    return kiosk.post(reverse("kiosk:pin"), {"pin": pin}, follow=True)


def test_making_a_kiosk_signs_the_clerk_out(kiosk):
    assert kiosk.get(reverse("staff:account")).status_code == 302
    assert "请扫您的手册卡" in kiosk.get(reverse("kiosk:idle")).text


def test_residents_and_visitors_make_no_kiosk(client, community):
    assert "/staff/login/" in client.post(reverse("kiosk:switch_on")).url
    assert "kiosk" not in client.cookies


@pytest.mark.parametrize("name", ["idle", "number", "pin", "first_pin"])
@pytest.mark.parametrize("cookie", [None, "1:forged", "1:forged:signature"])
def test_any_other_machine_is_no_kiosk(client, community, name, cookie):
    if cookie:
        client.cookies["kiosk"] = cookie

    assert client.get(reverse(f"kiosk:{name}")).status_code == 403


def test_a_machine_can_be_an_ordinary_one_again(kiosk, yangjin):
    kiosk.force_login(yangjin)
    kiosk.post(reverse("kiosk:switch_off"))

    assert kiosk.get(reverse("kiosk:idle")).status_code == 403


def test_a_number_and_the_pin_show_the_points(kiosk, lamao):
    page = come_in(kiosk)

    assert page.redirect_chain[-1][0] == reverse("kiosk:mine")
    assert "索南拉毛" in page.text
    assert ">180<" in page.text
    assert "20</span> 秒后自动退出" in page.text
    assert "我看完了" in page.text


def test_a_card_alone_shows_a_masked_name(kiosk, card):
    page = name_oneself(kiosk, card.barcode)

    assert "索**毛" in page.text
    for secret in ("索南拉毛", "180", "藏式小区", "1968", "13800001234", "CX-0001"):
        assert secret not in page.text
    assert kiosk.get(reverse("kiosk:mine")).status_code == 302


def test_a_typed_number_shows_no_name_at_all(kiosk, lamao):
    known, unknown = (name_oneself(kiosk, number) for number in ("1", "4321"))

    assert known.status_code == unknown.status_code == 200
    assert "索" not in known.text
    assert known.text.count("<input") == unknown.text.count("<input")


@pytest.mark.parametrize("typed", ["13800001234", "索南拉毛", "", "\x00", "0" * 40, "1 or 1=1"])
def test_nothing_but_a_number_is_taken(kiosk, lamao, typed):
    page = kiosk.post(reverse("kiosk:number"), {"number": typed})

    assert page.status_code == 422


def test_a_dead_card_says_so(kiosk, lamao, card, duojie):
    issue_card(volunteer=lamao, by=duojie, at=timezone.now())

    assert "这张卡用不了" in name_oneself(kiosk, card.barcode).text


def test_a_card_of_another_community_is_not_known(kiosk, other_community, stranger):
    theirs = factories.make_volunteer(other_community, "外人", by=stranger)
    card = issue_card(volunteer=theirs, by=stranger, at=timezone.now()).card

    assert "这张卡用不了" in name_oneself(kiosk, card.barcode).text


def test_a_wrong_pin_is_said_and_counted(kiosk, lamao):
    page = come_in(kiosk, pin="111222")

    assert page.status_code == 422
    assert "号码或密码不对，还可以再试 4 次。" in page.text


def test_the_kiosk_rests_after_twenty_wrong_tries(kiosk, lamao):
    for number in range(1000, 1020):
        come_in(kiosk, str(number), "111222")

    assert "试得多了，请在" in come_in(kiosk).text


def test_the_idle_page_forgets_who_was_there(kiosk, lamao):
    come_in(kiosk)

    kiosk.get(reverse("kiosk:idle"))

    assert kiosk.get(reverse("kiosk:mine")).url == reverse("kiosk:idle")
    assert kiosk.get(reverse("mine:handbook")).url == reverse("kiosk:idle")


def test_a_minute_without_a_click_forgets_on_the_server_too(kiosk, lamao, time_machine):
    time_machine.move_to(timezone.now())
    come_in(kiosk)
    time_machine.shift(timedelta(seconds=61))

    assert kiosk.get(reverse("kiosk:mine")).url == reverse("kiosk:idle")


def test_the_next_number_ends_the_reader_before(kiosk, lamao):
    come_in(kiosk)

    name_oneself(kiosk, "4321")

    assert kiosk.get(reverse("kiosk:mine")).status_code == 302


def test_a_first_pin_needs_staff_to_have_looked(kiosk, community, duojie, yangjin):
    new = factories.make_volunteer(community, "尕藏才旦", by=duojie)
    number = str(new.number)
    assert "设一个只有您知道的密码" not in name_oneself(kiosk, number).text
    identify_volunteer(volunteer=new, way=Identification.Way.PAPERS, by=yangjin, at=timezone.now())

    page = name_oneself(kiosk, number)
    assert "设一个只有您知道的密码" in page.text
    assert "尕藏才旦" not in page.text
    chosen = kiosk.post(
        reverse("kiosk:first_pin"), {"pin": "730914", "again": "730914"}, follow=True
    )

    assert "尕藏才旦" in chosen.text
    assert MemberAccess.objects.get(volunteer=new).pin_hash


@pytest.mark.parametrize(
    "sent",
    [{"pin": "123456", "again": "123456"}, {"pin": "730914", "again": "730915"}, {"pin": ""}],
)
def test_a_poor_first_pin_can_be_chosen_again(kiosk, community, duojie, yangjin, sent):
    new = factories.make_volunteer(community, "尕藏才旦", by=duojie)
    identify_volunteer(volunteer=new, way=Identification.Way.KNOWN, by=yangjin, at=timezone.now())
    name_oneself(kiosk, str(new.number))

    assert kiosk.post(reverse("kiosk:first_pin"), sent).status_code == 422
    good = {"pin": "730914", "again": "730914"}
    assert kiosk.post(reverse("kiosk:first_pin"), good).status_code == 302


def test_after_two_minutes_staff_have_to_look_again(
    kiosk, community, duojie, yangjin, time_machine
):
    time_machine.move_to(timezone.now())
    new = factories.make_volunteer(community, "尕藏才旦", by=duojie)
    identify_volunteer(volunteer=new, way=Identification.Way.KNOWN, by=yangjin, at=timezone.now())
    name_oneself(kiosk, str(new.number))
    time_machine.shift(timedelta(minutes=2, seconds=1))

    sent = {"pin": "730914", "again": "730914"}
    assert kiosk.post(reverse("kiosk:first_pin"), sent).url == reverse("kiosk:idle")
    assert not MemberAccess.objects.exists()


def test_a_printed_code_leads_to_a_pin_of_ones_own(kiosk, community, duojie):
    new = factories.make_volunteer(community, "尕藏才旦", by=duojie)
    code = issue_first_code(volunteer=new, by=duojie, at=timezone.now())

    page = come_in(kiosk, str(new.number), code)
    assert page.redirect_chain[-1][0] == reverse("kiosk:choose_own_pin")
    assert kiosk.get(reverse("kiosk:mine")).url == reverse("kiosk:choose_own_pin")
    chosen = kiosk.post(
        reverse("kiosk:choose_own_pin"), {"pin": "730914", "again": "730914"}, follow=True
    )

    assert "尕藏才旦" in chosen.text


def test_the_goods_one_can_have_stand_on_one_screen(kiosk, lamao, duojie):
    for price in (10, 190, 170, 400):
        factories.make_reward(
            lamao.community, f"物品{price}", by=duojie, price_points=price, stock=9
        )
    come_in(kiosk)

    page = kiosk.get(reverse("shop:kiosk"))

    assert [offer.reward.name for offer in page.context["can_have"]] == ["物品170", "物品10"]
    assert [offer.reward.name for offer in page.context["near"]] == ["物品190"]
