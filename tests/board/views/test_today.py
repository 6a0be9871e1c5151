from __future__ import annotations

import pytest
from django.urls import reverse

from points_store.navigation import ENTRIES, address_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_today_shows_the_board_of_ones_own_community(client, community, yangjin, other_community):
    factories.make_reward(community, "水壶", by=yangjin)
    factories.make_reward(other_community, "别家的壶", by=yangjin)
    client.force_login(yangjin)

    answer = client.get(reverse("board:today"))

    assert answer.status_code == 200
    assert [reward.name for reward in answer.context["low"]] == ["水壶"]


def test_today_of_a_community_where_nothing_happened_yet(client, yangjin):
    client.force_login(yangjin)

    answer = client.get(reverse("board:today"))

    assert "还没有记录" in answer.text
    assert answer.context["goods_handed_over"].total == 0


def test_today_sends_a_visitor_to_sign_in(client, community):
    answer = client.get(reverse("board:today"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("staff:login"))


@pytest.mark.parametrize("rows", [1, 3])
def test_today_asks_the_database_the_same_whatever_there_is(
    client, community, yangjin, duojie, rows, django_assert_num_queries
):
    for number in range(rows):
        factories.make_reward(community, f"水壶{number}", by=yangjin)
        factories.make_volunteer(community, "卓玛", by=duojie, points=50)
    client.force_login(yangjin)

    with django_assert_num_queries(17):
        client.get(reverse("board:today"))


def test_every_place_on_the_rail_is_a_page():
    assert [entry.url_name for entry in ENTRIES if address_of(entry.url_name) is None] == []


def test_today_leads_to_the_big_screen(client, community, yangjin):
    client.force_login(yangjin)

    assert reverse("tv:screen", args=[community.slug]) in client.get(reverse("board:today")).text
