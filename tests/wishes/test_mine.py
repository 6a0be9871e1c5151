"""What residents do with wishes on their own phone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.residents import sign_in
from tests.wishes import making
from volunteers import handbook
from wishes.models import Dispatch, FundGift, Pledge, Wish
from wishes.operations.deciding import decline_wish
from wishes.operations.dispatching import Candidate, offer_wish


@pytest.fixture
def phone(client, lamao):
    """索南拉毛's phone, signed in."""
    return sign_in(client, lamao)


@pytest.fixture
def wish(community, duojie):
    return making.hang(community, duojie, at=timezone.now())


def promised(**changes):
    day = timezone.localdate().isoformat()
    return {"whose": "self", "due_date": day, "request_key": str(uuid4())} | changes


def page_of(wish):
    return reverse("tree:wish", args=[wish.community.slug, wish.number])


def test_a_resident_pledges_from_the_phone(phone, wish, lamao):
    answer = phone.post(page_of(wish), promised(whose="family"), follow=True)

    pledge = Pledge.objects.get()
    assert (pledge.volunteer, pledge.with_family) == (lamao, True)
    assert making.SECRETS["address"] in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_neighbours_door_is_gone_once_the_lamp_glows(phone, wish, duojie):
    phone.post(page_of(wish), promised())
    making.deliver(wish, duojie)
    assert making.SECRETS["address"] in phone.get(reverse("tree:mine")).content.decode()

    making.light(wish, duojie)

    assert making.SECRETS["address"] not in phone.get(reverse("tree:mine")).content.decode()
    assert f"您点亮了 {wish.number}号心愿" in phone.get(page_of(wish)).content.decode()


def test_a_visitor_signs_in_first(client, wish):
    page = client.get(page_of(wish)).content.decode()
    answer = client.post(page_of(wish), promised())

    assert "登录后认领" in page
    assert answer.status_code == 302
    assert not Pledge.objects.exists()


def test_the_same_click_twice_is_one_promise(phone, wish):
    data = promised()

    for _ in range(2):
        assert phone.post(page_of(wish), data).status_code == 302
    assert Pledge.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("due_date", "2020-01-01"), ("due_date", "x\x00"), ("whose", "unit"), ("request_key", "1")],
)
def test_bad_input_promises_nothing(field, value, phone, wish):
    assert phone.post(page_of(wish), promised(**{field: value})).status_code == 422
    assert not Pledge.objects.exists()


def test_ones_own_wish_is_for_others(phone, community, duojie, lamao):
    own = making.hang(community, duojie, at=timezone.now(), facts={"wisher_id": lamao.pk})

    answer = phone.post(page_of(own), promised())

    assert answer.status_code == 422
    assert "自己家的心愿" in answer.content.decode()


def test_a_resident_of_elsewhere_reads_and_does_not_promise(
    client, wish, other_community, stranger
):
    outsider = factories.make_volunteer(other_community, "外村人", by=stranger)
    sign_in(client, outsider)

    assert client.get(page_of(wish)).status_code == 200
    client.post(page_of(wish), promised())
    assert not Pledge.objects.exists()


def test_shares_are_asked_for_where_there_are_several(phone, community, duojie):
    wish = making.hang(community, duojie, shares=3, at=timezone.now())

    assert phone.post(page_of(wish), promised(shares="4")).status_code == 422
    phone.post(page_of(wish), promised(shares="2"))

    assert Wish.objects.get().shares_left == 1


@pytest.mark.parametrize(("act", "state"), [("release", "released"), ("done", "active")])
def test_what_becomes_of_ones_own_promise(act, state, phone, wish):
    phone.post(page_of(wish), promised())
    pledge = Pledge.objects.get()

    phone.post(reverse("tree:touch_pledge", args=[pledge.pk, act]))

    pledge.refresh_from_db()
    assert pledge.state == state


def test_anothers_promise_is_not_there(phone, wish, community, duojie):
    other = factories.make_volunteer(community, "曲杰卓玛", by=duojie)
    pledge = making.pledge(wish, volunteer=other, at=timezone.now(), due_date=timezone.localdate())

    answer = phone.post(reverse("tree:touch_pledge", args=[pledge.pk, "release"]))

    assert answer.status_code == 404
    assert Pledge.objects.get().state == "active"


def test_a_resident_asks_and_takes_it_back(phone, lamao):
    data = {"kind": "thing", "request": "一盏小灯", "request_key": str(uuid4())}

    phone.post(reverse("tree:ask"), data)
    phone.post(reverse("tree:ask"), data)
    wish = Wish.objects.get()
    assert wish.facts.wisher == lamao
    assert wish.facts.address == "藏式小区3栋102"

    phone.post(reverse("tree:withdraw", args=[wish.number]))
    assert Wish.objects.get().state == "withdrawn"


def test_anothers_wish_is_not_taken_back(phone, wish):
    assert phone.post(reverse("tree:withdraw", args=[wish.number])).status_code == 404


def test_the_asker_reads_why_it_was_declined_and_nobody_else(
    phone, client, community, duojie, lamao
):
    wish = making.ask(community, duojie, wisher_id=lamao.pk, at=timezone.now())
    decline_wish(
        community=community, number=wish.number, ending="referred", reason="民政可以办",
        referred_to="民政所", by=duojie, at=timezone.now(),
    )  # fmt: skip

    assert "民政可以办" in phone.get(reverse("tree:mine")).content.decode()
    assert any("民政可以办" in notice.text for notice in handbook.notices_of(lamao, timezone.now()))


@pytest.mark.parametrize(("act", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_an_offer_is_answered_freely(act, state, phone, wish, duojie, lamao):
    [offer] = offer_wish(
        community=wish.community, number=wish.number, by=duojie, at=timezone.now(),
        candidates=[Candidate(volunteer_id=lamao.pk)],
    )  # fmt: skip
    page = phone.get(reverse("tree:mine")).content.decode()
    assert wish.title in page
    assert making.SECRETS["address"] not in page

    phone.post(reverse("tree:answer_offer", args=[offer.pk, act]))

    assert Dispatch.objects.get().state == state
    page = phone.get(reverse("tree:mine")).content.decode()
    assert (making.SECRETS["address"] in page) == (act == "accept")


def test_points_for_the_fund(phone, lamao):
    data = {"points": "50", "request_key": str(uuid4())}

    phone.post(reverse("tree:give"), data)
    phone.post(reverse("tree:give"), data)

    lamao.account.refresh_from_db()
    assert lamao.account.balance == 130
    gift = FundGift.objects.get()
    words = handbook.words_of_postings(lamao, [gift.posting_id])
    assert words[gift.posting_id].title == "送给心愿基金"


@pytest.mark.parametrize("points", ["", "0", "-5", "181", str(2**63), "５", "5.0", "1_0"])
def test_points_that_are_not_given(points, phone, lamao):
    answer = phone.post(reverse("tree:give"), {"points": points, "request_key": str(uuid4())})

    assert answer.status_code == 422
    assert not FundGift.objects.exists()


@pytest.mark.parametrize("name", ["tree:mine", "tree:ask", "tree:give"])
def test_ones_own_pages_ask_who_one_is(name, client, community):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("how_many", [1, 3])
def test_ones_own_page_reads_little(how_many, phone, community, duojie, django_assert_num_queries):
    for _ in range(how_many):
        phone.post(page_of(making.hang(community, duojie, at=timezone.now())), promised())
    phone.get(reverse("tree:mine"))

    with django_assert_num_queries(6):
        phone.get(reverse("tree:mine"))


def test_the_handbook_shows_the_lamps_one_lit(phone, wish, duojie, lamao):
    phone.post(page_of(wish), promised())
    making.deliver(wish, duojie)
    making.light(wish, duojie)

    [panel] = handbook.panels_of(lamao)

    assert (panel.title, panel.lamps) == ("您点亮了 1 盏心愿灯", 1)
    headings = [data.title for data in handbook.own_data_of(lamao)]
    assert {"心愿", "认领的心愿", "送给心愿基金"} <= set(headings)


def test_the_handbook_reminds_kindly_and_says_what_went_back(phone, wish, lamao):
    phone.post(page_of(wish), promised())
    [soon] = handbook.notices_of(lamao, timezone.now())
    Pledge.objects.update(state="lapsed")
    [lapsed] = handbook.notices_of(lamao, timezone.now())

    assert "去不了就提前退回" in soon.text
    assert "先让别人认领了" in lapsed.text
