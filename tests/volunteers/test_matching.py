"""Who an entry means: asked where more than one fits, never guessed."""

from __future__ import annotations

import pytest

from tests import factories
from volunteers.matching import match_entries, match_typed
from volunteers.operations.people import issue_card
from volunteers.roster_text import read_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhuoma(community, duojie):
    """Two 卓玛 at different doors."""
    return [
        factories.make_volunteer(
            community, "卓玛", by=duojie, estate="藏式小区", door="3栋102", phone="19900000001"
        ),
        factories.make_volunteer(
            community, "卓玛", by=duojie, estate="牧民新村", door="1栋201", phone="19900000002"
        ),
    ]


def matched(community, text):
    return match_entries(community, read_roster(text, estates={"藏式小区", "牧民新村"}))


def test_namesakes_are_asked_about(community, zhuoma):
    [match] = matched(community, "1. 卓玛")

    assert match.volunteer is None
    assert list(match.candidates) == [zhuoma[1], zhuoma[0]]


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("1. 卓玛 3栋102", 0),
        ("1. 卓玛（牧民新村）", 1),
        ("1. 卓玛 19900000002", 1),
        ("1. 卓玛 199****0001", 0),
        ("1. 19900000001", 0),
    ],
)
def test_what_stands_beside_the_name_decides(community, zhuoma, text, which):
    [match] = matched(community, text)

    assert match.volunteer == zhuoma[which]


def test_a_name_and_anothers_phone_are_asked_about(community, zhuoma, lamao):
    [match] = matched(community, "1. 索南拉毛 19900000001")

    assert match.volunteer is None
    assert set(match.candidates) == {zhuoma[0], lamao}


def test_one_name_at_another_door_is_asked_about(community, lamao):
    [match] = matched(community, "1. 索南拉毛 9栋999")

    assert (match.volunteer, match.candidates) == (None, (lamao,))


def test_a_name_that_only_sounds_alike_is_asked_about(community, lamao):
    [match] = matched(community, "1. 索南拉姆")
    [alike] = matched(community, "1. 锁南拉毛")

    assert (match.candidates, alike.candidates, alike.is_look_alike) == ((), (lamao,), True)


def test_people_of_another_community_are_unknown(community, other_community, duojie):
    factories.make_volunteer(other_community, "央金", by=duojie, phone="19900000009")

    [match] = matched(community, "1. 央金 19900000009")

    assert (match.volunteer, match.candidates) == (None, ())


def test_typed_initials_phone_tail_and_card(community, lamao, duojie):
    card = issue_card(volunteer=lamao, by=duojie, at=factories.NOW).card

    for typed in ("索南拉毛", "snlm", "1234", "3栋102", card.barcode, f"CX-{lamao.number:04d}"):
        assert match_typed(community, typed).volunteer == lamao, typed


def test_a_revoked_card_names_nobody(community, lamao, duojie):
    old = issue_card(volunteer=lamao, by=duojie, at=factories.NOW).card
    issue_card(volunteer=lamao, by=duojie, at=factories.NOW)

    assert match_typed(community, old.barcode).volunteer is None


def test_long_list_costs_the_same_as_a_short_one(
    community, zhuoma, lamao, django_assert_num_queries
):
    with django_assert_num_queries(1):
        matched(community, "1. 卓玛")
    with django_assert_num_queries(1):
        matched(community, "\n".join(f"{number}. 索南拉毛" for number in range(1, 60)))
