"""The catalogue: public for goods and prices, personal for who signed in."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from rewards.models import Category, Goal
from rewards.operations.goals import choose_goal
from tests import factories, residents
from volunteers.models import Activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(community, duojie):
    kitchen = Category.objects.create(community=community, name="厨房")
    make = factories.make_reward
    return {
        "毛巾": make(community, "毛巾", by=duojie, price_points=10, stock=30),
        "晴雨伞": make(community, "晴雨伞", by=duojie, price_points=20),
        "大米": make(community, "大米", by=duojie, price_points=70, stock=2, measure="袋"),
        "高压锅": make(community, "高压锅", by=duojie, price_points=200, stock=8, category=kitchen),
        "电饼铛": make(community, "电饼铛", by=duojie, price_points=900, stock=8),
    }


@pytest.fixture
def mine(client, lamao):
    return residents.sign_in(client, lamao)


def catalogue(client, slug="chengxi", **query):
    return client.get(reverse("shop:catalogue", args=[slug]), query)


def names(response):
    return [offer.reward.name for offer in response.context["shown"]]


def test_anybody_reads_goods_and_prices(client, shelf):
    response = catalogue(client)

    assert names(response) == ["毛巾", "晴雨伞", "大米", "高压锅", "电饼铛"]
    assert "200" in response.text
    assert "能换" not in response.text
    assert "还差" not in response.text.replace("登录后看还差多少分", "")


def test_a_resident_reads_what_they_can_have_and_what_is_near(mine, shelf):
    assert names(catalogue(mine, show="can")) == ["毛巾", "大米"]
    assert names(catalogue(mine, show="near")) == ["高压锅"]


def test_what_is_out_is_said(client, shelf):
    text = catalogue(client).text

    assert "暂时没货" in text
    assert "只剩 2 袋" in text


def test_a_resident_of_elsewhere_reads_like_a_visitor(mine, shelf, other_community, stranger):
    factories.make_reward(other_community, "脸盆", by=stranger, price_points=18, stock=3)

    response = catalogue(mine, "hedong")

    assert names(response) == ["脸盆"]
    assert response.context["reader"] is None


def test_nothing_of_another_community_is_shown(client, shelf, other_community):
    elsewhere = reverse("shop:item", args=["hedong", shelf["毛巾"].pk])

    assert names(catalogue(client, "hedong")) == []
    assert client.get(elsewhere).status_code == 404


def test_what_is_off_the_shelf_is_not_there(client, shelf):
    towel = shelf["毛巾"]
    type(towel).objects.filter(pk=towel.pk).update(is_active=False)

    assert "毛巾" not in names(catalogue(client))
    assert client.get(reverse("shop:item", args=["chengxi", towel.pk])).status_code == 404


def test_a_thing_is_found_by_pinyin(client, shelf):
    assert names(catalogue(client, find="gyg")) == ["高压锅"]
    assert "没有找到“水壶”" in catalogue(client, find="水壶").text


@pytest.mark.parametrize(
    "query", [{"show": "x" * 99}, {"show": "９"}, {"find": "\x00"}, {"find": "ཀ" * 99}]
)
def test_an_odd_filter_shows_something(client, shelf, query):
    assert catalogue(client, **query).status_code == 200


def test_a_category_shows_its_goods(client, shelf):
    assert names(catalogue(client, show=str(shelf["高压锅"].category_id))) == ["高压锅"]


def test_the_shops_hours_and_phone_are_shown(client, community, shelf):
    type(community).objects.update(opening_hours="周二 9:00–17:30", phone="09778260000")

    text = catalogue(client).text

    assert "周二 9:00–17:30" in text
    assert "tel:09778260000" in text


def test_how_often_more_comes_from_the_rule(mine, community, shelf):
    factories.make_rule(community)

    item = mine.get(reverse("shop:item", args=["chengxi", shelf["高压锅"].pk]))

    assert "再参加 10 次“参与社区环境卫生整治”就够了" in " ".join(item.text.split())


def test_the_next_open_activity_is_named(mine, community, shelf, duojie):
    factories.make_rule(community)
    reading = factories.make_rule(community, "给老人读报", per_hour_points=3)
    Activity.objects.create(
        community=community,
        rule=reading,
        title="读报",
        service_date=timezone.localdate() + timedelta(days=2),
        place="图书室",
        state=Activity.State.OPEN,
        created_at=timezone.now(),
        created_by=duojie,
    )

    text = mine.get(reverse("shop:item", args=["chengxi", shelf["高压锅"].pk])).text

    assert "再参加 7 次“给老人读报”就够了" in " ".join(text.split())
    assert "图书室" in text


def test_there_is_one_goal_at_a_time(mine, lamao, shelf):
    for name in ("毛巾", "高压锅"):
        response = mine.post(reverse("shop:choose_goal", args=["chengxi", shelf[name].pk]))
        assert response.status_code == 302

    assert Goal.objects.get(volunteer=lamao).reward == shelf["高压锅"]
    mine.post(reverse("shop:drop_goal", args=["chengxi", shelf["高压锅"].pk]))
    assert not Goal.objects.exists()


def test_dropping_an_old_goal_leaves_the_new_one(mine, lamao, shelf):
    choose_goal(volunteer=lamao, reward_id=shelf["高压锅"].pk, at=timezone.now())

    mine.post(reverse("shop:drop_goal", args=["chengxi", shelf["毛巾"].pk]))

    assert Goal.objects.get(volunteer=lamao).reward == shelf["高压锅"]


def test_a_goal_is_of_ones_own_community(mine, lamao, shelf, other_community, stranger):
    theirs = factories.make_reward(other_community, "脸盆", by=stranger, stock=1)

    for slug in ("chengxi", "hedong"):
        address = reverse("shop:choose_goal", args=[slug, theirs.pk])
        assert mine.post(address).status_code == 404
    assert not Goal.objects.exists()


def test_a_visitor_chooses_no_goal(client, shelf):
    response = client.post(reverse("shop:choose_goal", args=["chengxi", shelf["毛巾"].pk]))

    assert response.url == reverse("mine:sign_in")
    assert not Goal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_leave_one_goal(lamao, shelf):
    start = Barrier(2)

    def tap(reward):
        start.wait()
        choose_goal(volunteer=lamao, reward_id=reward.pk, at=timezone.now())
        connection.close()

    taps = [Thread(target=tap, args=[shelf[name]]) for name in ("毛巾", "高压锅")]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    assert Goal.objects.filter(volunteer=lamao).count() == 1


def test_the_shop_of_the_only_community_needs_no_choice(client, community):
    assert client.get("/shop/").url == "/shop/chengxi/"


def test_several_shops_are_chosen_from_and_ones_own_is_known(mine, client, other_community):
    assert mine.get("/shop/").url == "/shop/chengxi/"
    mine.post(reverse("mine:sign_out"))
    assert "河东社区" in client.get("/shop/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_catalogue_asks_as_often_for_three_goods_as_for_one(
    mine, community, lamao, duojie, django_assert_num_queries, rows
):
    factories.make_rule(community)
    kitchen = Category.objects.create(community=community, name="厨房")
    bowls = [
        factories.make_reward(community, f"碗{number}", by=duojie, stock=1, category=kitchen)
        for number in range(rows)
    ]
    choose_goal(volunteer=lamao, reward_id=bowls[0].pk, at=timezone.now())

    with django_assert_num_queries(8):
        catalogue(mine)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_visitors_catalogue_asks_less(client, community, duojie, django_assert_num_queries, rows):
    for number in range(rows):
        factories.make_reward(community, f"碗{number}", by=duojie, stock=1)

    with django_assert_num_queries(4):
        catalogue(client)
