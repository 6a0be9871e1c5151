from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def find(client, yangjin):
    client.force_login(yangjin)

    def ask(typed):
        return client.get(reverse("people:find"), {"q": typed}).json()

    return ask


@pytest.mark.parametrize(
    "typed",
    ["索南拉毛", "索南", "snlm", "suonan", "SNLM", "3栋102", "1234", "CX-0001", "藏式 索南", "1"],
)
def test_find_by_name_pinyin_initials_door_phone_tail_number(find, lamao, typed):
    assert [row["id"] for row in find(typed)["people"]] == [lamao.pk]


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "\\", "\0", "2" * 400, "卓玛", "·"])
def test_find_nobody(find, lamao, typed):
    assert find(typed)["people"] == []


@pytest.mark.parametrize("typed", ["买买提·艾力", "买买提艾力", "买买提•艾力", "买买提\u200b艾力"])
def test_find_a_name_however_its_dot_is_typed(find, community, duojie, typed):
    person = factories.make_volunteer(community, "买买提.艾力", by=duojie)

    assert [row["id"] for row in find(typed)["people"]] == [person.pk]


def test_find_by_the_tibetan_name(find, community, duojie):
    person = factories.make_volunteer(community, "卓玛", by=duojie, name_bo="སྒྲོལ་མ།")

    assert [row["name_bo"] for row in find("སྒྲོལ་མ")["people"]] == [person.name_bo]


def test_find_says_what_tells_namesakes_apart(find, lamao):
    assert find("索南")["people"] == [
        {
            "id": lamao.pk,
            "number": "CX-0001",
            "name": "索南拉毛",
            "name_bo": "",
            "estate": "藏式小区",
            "door": "3栋102",
            "birth_year": 1968,
            "initial": "索",
            "tone": ("", "verm", "turq", "saff")[lamao.pk % 4],
        }
    ]


def test_find_stops_after_nine(find, community, duojie):
    for _ in range(10):
        factories.make_volunteer(community, "卓玛", by=duojie)

    answer = find("卓玛")

    assert (len(answer["people"]), answer["more"]) == (9, True)


def test_find_is_for_staff_of_the_community(client, lamao, stranger):
    assert client.get(reverse("people:find"), {"q": "索南"}).status_code == 302
    client.force_login(stranger)

    assert client.get(reverse("people:find"), {"q": "索南"}).json()["people"] == []


def test_find_needs_the_right(client, lamao, guanli):
    client.force_login(guanli)

    assert client.get(reverse("people:find"), {"q": "索南"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_find_asks_the_database_the_same_whatever_there_is(
    find, community, duojie, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.make_volunteer(community, "卓玛", by=duojie)

    with django_assert_num_queries(7):
        find("卓玛")
