"""Finding who stands at the counter."""

from __future__ import annotations

import pytest

from rewards.operations.parking import park_basket
from rewards.operations.redeeming import BasketLine
from tests import factories
from volunteers.models import Household, Volunteer
from volunteers.operations.people import issue_card

pytestmark = pytest.mark.django_db

ROW = 'data-key="{}"'


def text(response):
    return response.content.decode()


@pytest.fixture
def zhuomas(community, duojie):
    """Three people of the same name."""
    return [
        factories.make_volunteer(
            community, "卓玛", by=duojie, estate=estate, door=door, birth_year=year, phone=phone
        )
        for estate, door, year, phone in [
            ("藏式小区", "3栋102", 1968, "13800002617"),
            ("幸福家园", "7栋301", 1949, ""),
            ("法院家属院", "1栋402", 1995, "13800008130"),
        ]
    ]


def names_found(response):
    return [person.volunteer.pk for person in response.context["found"].people]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("卓玛", [0, 1, 2]),
        ("zhuoma", [0, 1, 2]),
        ("zm", [0, 1, 2]),
        ("卓玛 7栋", [1]),
        ("8130", [2]),
        ("CX-0002", [1]),
        ("法院", [2]),
        ("没有这个人", []),
        ("%", []),
    ],
)
def test_find_by_anything_people_know_about_themselves(counter, zhuomas, typed, found):
    response = counter.post("", q=typed)
    assert sorted(names_found(response)) == [zhuomas[place].pk for place in found]


def test_namesakes_are_shown_with_what_tells_them_apart(counter, zhuomas):
    page = text(counter.post("", q="卓玛"))
    assert "有 3 位同名的“卓玛”" in page
    for words in ("藏式小区", "1968年生", "手机尾号 2617", "没有手机", "CX-0003", ROW.format(3)):
        assert words in page


def test_one_match_is_not_opened_by_the_server_either(counter, lamao):
    response = counter.post("", q="索南拉毛")
    assert response.status_code == 200
    assert names_found(response) == [lamao.pk]


def test_more_than_nine_are_not_all_shown(counter, community, duojie):
    for _ in range(11):
        factories.make_volunteer(community, "卓玛", by=duojie)
    response = counter.post("", q="卓玛")
    assert len(names_found(response)) == 9
    assert "还有更多" in text(response)


@pytest.mark.parametrize("typed", ["", " ", "\0", "་" * 100, "%" * 100, "9" * 100, "\\", "'"])
def test_odd_input_finds_nobody_and_breaks_nothing(counter, lamao, typed):
    response = counter.post("", q=typed)
    assert response.status_code == 200
    assert not response.context["found"] or not response.context["found"].people


def test_people_of_elsewhere_or_moved_away_are_not_found(counter, lamao, other_community, stranger):
    factories.make_volunteer(other_community, "索南拉毛", by=stranger)
    assert names_found(counter.post("", q="索南拉毛")) == [lamao.pk]
    Volunteer.objects.update(state="moved")
    assert names_found(counter.post("", q="索南拉毛")) == []


def test_what_is_typed_about_people_is_never_in_an_address(counter, lamao):
    page = text(counter.get("?q=索南拉毛"))
    assert "CX-0001" not in page


@pytest.mark.parametrize("people", [1, 3])
def test_search_takes_eight_statements(
    counter, community, duojie, people, django_assert_num_queries
):
    household = Household.objects.create(community=community)
    for _ in range(people):
        factories.make_volunteer(community, "卓玛", by=duojie, household=household)
    counter.get("")
    with django_assert_num_queries(8):
        counter.post("", q="卓玛")


def test_search_while_typing_answers_with_the_rows_alone(
    counter, lamao, client, django_assert_num_queries
):
    counter.get("")
    with django_assert_num_queries(4):  # nobody here lives in a household
        response = client.post("/counter/", {"q": "索南"}, headers={"X-Part": "found"})
    assert "藏式小区" in text(response)
    assert "<html" not in text(response)


def test_family_behind_the_same_door_is_named(counter, community, duojie, lamao):
    household = Household.objects.create(community=community)
    Volunteer.objects.filter(pk=lamao.pk).update(household=household)
    factories.make_volunteer(community, "才让东知", by=duojie, household=household)
    assert "同户 才让东知" in text(counter.post("", q="索南拉毛"))


def test_scanned_card_opens_its_person(counter, lamao, card):
    for response in (counter.post("scan/", code=card.barcode), counter.post("", q=card.barcode)):
        assert response.url == f"/counter/{lamao.pk}/"


def test_revoked_card_says_so_and_opens_nobody(counter, lamao, card, duojie):
    issue_card(volunteer=lamao, by=duojie, at=factories.NOW)
    response = counter.post("scan/", code=card.barcode)
    assert response.status_code == 422
    assert "这张手册卡在 11 月 16 日作废了" in text(response)


def test_card_of_somebody_who_moved_says_so(counter, lamao, card):
    Volunteer.objects.filter(pk=lamao.pk).update(state="moved")
    assert "已经停用：已迁出" in text(counter.post("scan/", code=card.barcode))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2000000000008", "没有认出这张卡"),
        ("2100000000005", "没有这个单号"),
        ("6909999999999", "没有认出这个码：6909999999999"),
        ("", "请再扫一次"),
        ("abc", "请再扫一次"),
        ("２００００００００", "请再扫一次"),
    ],
)
def test_unknown_code_is_said(counter, code, words):
    response = counter.post("scan/", code=code)
    assert response.status_code == 422
    assert words in text(response)


def test_goods_scanned_before_a_person_are_named(counter, soapy):
    assert "这是物品：洗衣液" in text(counter.post("scan/", code="6901234560050"))


def test_card_and_slip_of_another_community_are_unknown(counter_of, stranger, card):
    response = counter_of(stranger).post("scan/", code=card.barcode)
    assert "没有认出这张卡" in text(response)


def test_parked_baskets_are_offered_to_the_clerk_who_parked(counter, lamao, soapy, yangjin, duojie):
    for clerk, pieces in ((yangjin, 2), (duojie, 3)):
        park_basket(
            volunteer=lamao, lines=[BasketLine(soapy.pk, pieces, 25)], by=clerk, at=factories.NOW
        )
    page = text(counter.get(""))
    assert "10:00 挂起，2 件" in page
    assert "3 件" not in page


def test_find_needs_the_right_to_redeem(client, counter_of, guanli):
    assert client.get("/counter/").status_code == 302
    assert counter_of(guanli).get("").status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_find_page_takes_five_statements(
    counter, community, duojie, yangjin, soapy, people, django_assert_num_queries
):
    for _ in range(people):
        person = factories.make_volunteer(community, by=duojie, points=100)
        park_basket(
            volunteer=person, lines=[BasketLine(soapy.pk, 1, 25)], by=yangjin, at=factories.NOW
        )
        factories.redeem(person, [(soapy, 1)], by=yangjin)
    counter.get("")
    with django_assert_num_queries(5):
        counter.get("")
