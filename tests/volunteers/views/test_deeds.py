"""Declared deeds on the pages: told on the phone, entered at the desk, decided by keyboard."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.residents import sign_in
from tests.volunteers.logging import balance, clean_up
from tests.volunteers.telling import picture, told
from volunteers.models import Deed, Photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def page(community):
    """What the form sends."""
    return {
        "rule": clean_up(community).pk,
        "title": "帮邻居抬煤",
        "service_date": timezone.localdate().isoformat(),
        "hours": "1.5",
        "helped": "增太老人",
        "request_key": str(uuid4()),
    }


def sent_picture(seed=1):
    return SimpleUploadedFile("a.jpg", picture(seed).read(), "image/jpeg")


def test_a_resident_tells_a_deed_once(client, lamao, page):
    sign_in(client, lamao)
    for _again in range(2):
        answer = client.post(reverse("mine:declare"), page | {"photos": sent_picture()})
        assert answer.status_code == 302
    deed = Deed.objects.get()
    assert (deed.volunteer, deed.minutes, deed.submitted_by) == (lamao, 90, None)
    assert deed.photos.count() == 1
    assert client.get(reverse("mine:photo", args=[deed.photos.get().pk])).status_code == 200
    assert "帮邻居抬煤" in client.get(reverse("mine:deeds")).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hours": "25"}, "最多 24 小时"),
        ({"hours": "９"}, "比如 1.5"),
        ({"title": ""}, "请填写做了什么"),
        ({"title": "བ" * 100}, "最多 40 个字"),
        ({"title": "a\0b"}, "看不见的字符"),
        ({"service_date": "2099-01-01"}, "日期还没有到"),
        ({"service_date": "9999999999-01-01"}, "请填日期"),
        ({"rule": str(2**63)}, "选"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(client, lamao, page, wrong, words):
    sign_in(client, lamao)
    answer = client.post(
        reverse("mine:declare"), page | {"helped": "增太", "photos": sent_picture()} | wrong
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "增太" in answer.text
    assert reverse("mine:photo", args=[Photo.objects.get().pk]) in answer.text


def test_what_is_no_picture_is_said_on_the_field(client, lamao, page):
    sign_in(client, lamao)
    answer = client.post(
        reverse("mine:declare"), page | {"photos": SimpleUploadedFile("a.jpg", b"<svg/>")}
    )
    assert answer.status_code == 422
    assert "不是照片" in answer.text


def test_anothers_deed_and_picture_are_not_there(client, community, duojie, lamao):
    neighbour = factories.make_volunteer(community, "才让", by=duojie)
    theirs = told(neighbour)
    sign_in(client, lamao)
    for name in ("amend", "withdraw_deed"):
        assert client.post(reverse(f"mine:{name}", args=[theirs.pk])).status_code == 404


def test_asked_back_and_told_again(client, lamao, wangping, page):
    deed = told(lamao)
    client.force_login(wangping)
    decide = reverse("desk:decide_deed", args=[deed.pk])
    assert client.post(decide, {"verb": "ask", "reason": ""}).status_code == 422
    assert client.post(decide, {"verb": "ask", "reason": "是哪一天？"}).status_code == 302
    sign_in(client, lamao)
    assert "是哪一天？" in client.get(reverse("mine:deeds")).text
    assert client.post(reverse("mine:amend", args=[deed.pk]), page).status_code == 302
    deed.refresh_from_db()
    assert (deed.state, deed.minutes) == ("submitted", 90)


def test_a_reviewer_passes_and_declines(client, lamao, wangping):
    client.force_login(wangping)
    for verb, words in (("pass", ""), ("decline", "这是家里的事")):
        deed = told(lamao)
        decide = reverse("desk:decide_deed", args=[deed.pk])
        assert client.post(decide, {"verb": verb, "reason": words}).status_code == 302
        again = client.post(decide, {"verb": verb, "reason": "再来一次"})
        assert again.status_code == 422
        assert "已经有人处理过了" in again.text
    assert balance(lamao) == 182


def test_the_reviewer_sees_whom_it_helped_and_used_pictures(client, lamao, wangping, page):
    sign_in(client, lamao)
    for _twice in range(2):
        key = {"request_key": str(uuid4())}
        client.post(reverse("mine:declare"), page | key | {"photos": sent_picture()})
    client.force_login(wangping)
    text = client.get(reverse("desk:deed", args=[Deed.objects.last().pk])).text
    assert "增太老人" in text
    assert "照片和以前的一张一样或很像" in text


def test_staff_enter_a_deed_and_namesakes_are_asked_about(client, community, duojie, lamao, page):
    namesake = factories.make_volunteer(community, lamao.name, by=duojie)
    client.force_login(duojie)
    asked = client.post(reverse("desk:declare"), page | {"who": lamao.name})
    assert asked.status_code == 422
    assert "有 2 位可能" in asked.text
    chosen = page | {"who": lamao.name, "person": str(namesake.pk)}
    assert client.post(reverse("desk:declare"), chosen).status_code == 302
    assert Deed.objects.get().volunteer == namesake


def test_clerks_and_strangers_do_not_decide(client, lamao, yangjin, duojie, stranger):
    deed = told(lamao)
    for user, status in ((yangjin, 403), (duojie, 403), (stranger, 404)):
        client.force_login(user)
        decide = reverse("desk:decide_deed", args=[deed.pk])
        assert client.post(decide, {"verb": "pass"}).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_three(
    client, lamao, wangping, count, django_assert_num_queries
):
    deeds = [told(lamao) for _ in range(count)]
    client.force_login(wangping)
    with django_assert_num_queries(12):
        client.get(reverse("desk:deed", args=[deeds[0].pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_own_deeds_cost_the_same_for_one_and_three(client, lamao, count, django_assert_num_queries):
    for _ in range(count):
        told(lamao)
    sign_in(client, lamao)
    with django_assert_num_queries(3):
        client.get(reverse("mine:deeds"))
