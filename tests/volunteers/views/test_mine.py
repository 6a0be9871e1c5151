"""The handbook: what a resident reads about their points, and nobody else's."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import Hold
from ledger.operations import place_hold
from rewards.models import Redemption
from rewards.operations.goals import choose_goal
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards, void_redemption
from tests import factories, residents
from volunteers.operations.deciding import decline_batch, void_batch
from volunteers.operations.people import issue_card
from wishes.operations.giving import give_to_wish_fund

pytestmark = pytest.mark.django_db

PAGES = (
    "handbook",
    "statement",
    "card",
    "notices",
    "account",
    "data",
    "download_data",
    "change_pin",
)
LONGEST_NAME = ("བསོད་ནམས་ལྷ་མོ་" * 8)[:100]


@pytest.fixture
def rule(community):
    return factories.make_rule(community)


@pytest.fixture
def cooker(community, duojie):
    return factories.make_reward(
        community, "高压锅", by=duojie, price_points=200, stock=3, symbol="cooker"
    )


@pytest.fixture
def mine(client, lamao):
    return residents.sign_in(client, lamao)


def redeem(lamao, reward, by, quantity=1):
    return redeem_rewards(
        request=factories.make_request(),
        community=lamao.community,
        volunteer_id=lamao.pk,
        lines=[BasketLine(reward.pk, quantity, reward.price_points)],
        consent=Consent(method=Redemption.Confirmation.PAPER),
        by=by,
        at=timezone.now(),
    )


def page(client, name="handbook", **query):
    response = client.get(reverse(f"mine:{name}"), query)
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_sees_nothing(client, lamao, name):
    response = client.get(reverse(f"mine:{name}"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("mine:sign_in"))


@pytest.mark.parametrize("name", PAGES)
def test_no_browser_keeps_a_residents_page(mine, name):
    assert mine.get(reverse(f"mine:{name}")).headers["Cache-Control"] == "no-store"


def test_staff_are_not_residents(client, lamao, wangping):
    client.force_login(wangping)

    assert client.get(reverse("mine:handbook")).status_code == 302


def test_the_cover_says_how_far_the_goal_is(mine, lamao, cooker):
    choose_goal(volunteer=lamao, reward_id=cooker.pk, at=timezone.now())

    assert "还差 <b>20</b> 分，就能换高压锅" in page(mine)


def test_a_goal_within_reach_says_so(mine, lamao, cooker, duojie):
    choose_goal(volunteer=lamao, reward_id=cooker.pk, at=timezone.now())
    factories.give_points(lamao, 40, by=duojie)

    assert "够了！可以来换高压锅" in page(mine)


def test_a_goal_off_the_shelf_is_not_shown(mine, lamao, cooker):
    choose_goal(volunteer=lamao, reward_id=cooker.pk, at=timezone.now())
    type(cooker).objects.filter(pk=cooker.pk).update(is_active=False)

    assert "高压锅" not in page(mine)


def test_points_set_aside_are_said_beside_what_is_available(mine, lamao, duojie):
    place_hold(
        account_id=lamao.account_id,
        points=15,
        kind=Hold.Kind.SPECIAL_ORDER,
        by=duojie.pk,
        at=timezone.now(),
    )

    text = page(mine)

    assert "另预留 15 分" in text
    assert ">165<" in text
    assert "另有 15 分预留：点单" in text


def test_a_line_says_what_when_where_and_what_was_left(mine, lamao, rule, duojie, wangping):
    residents.serve(lamao, rule, by=duojie, confirmed_by=wangping)

    text = page(mine)

    today = timezone.localdate()
    assert "参与社区环境卫生整治" in text
    assert f"{today.month}月{today.day}日" in text
    assert "藏式小区北门" in text
    assert "+2" in text
    assert "余 182" in text


def test_a_redemption_names_the_goods(mine, lamao, cooker, duojie, yangjin):
    towel = factories.make_reward(lamao.community, "毛巾", by=duojie, price_points=10, stock=9)
    redeem(lamao, towel, yangjin, quantity=3)

    text = page(mine)

    assert "毛巾 3 个" in text
    assert "\u221230" in text
    assert "余 150" in text


def test_a_void_says_what_it_takes_back(mine, lamao, duojie, yangjin):
    towel = factories.make_reward(lamao.community, "毛巾", by=duojie, price_points=10, stock=9)
    redemption = redeem(lamao, towel, yangjin)
    void_redemption(
        redemption_id=redemption.pk,
        community=lamao.community,
        reason="拿错了",
        may_void_any=False,
        by=yangjin,
        at=timezone.now(),
    )

    assert "更正" in page(mine)
    assert "毛巾 1 个的兑换撤销了，10 分已经退回。" in page(mine, "notices")


def test_service_that_waits_is_shown_and_not_counted(mine, lamao, rule, duojie):
    residents.serve(lamao, rule, by=duojie)

    text = page(mine)

    assert "等社区确认" in text
    assert "还没记上" in text
    assert ">180<" in text


def test_a_declined_record_is_told_with_its_reason(mine, lamao, rule, duojie, wangping):
    batch = residents.serve(lamao, rule, by=duojie)
    decline_batch(
        batch_id=batch.pk,
        community=lamao.community,
        reason="那天没有活动",
        by=wangping,
        at=timezone.now(),
    )

    assert "“参与社区环境卫生整治”没有记上：那天没有活动" in page(mine, "notices")


def test_a_debt_is_said_without_blame(client, community, rule, duojie, wangping, yangjin):
    new = factories.make_volunteer(community, "扎西", by=duojie)
    soap = factories.make_reward(community, "香皂", by=duojie, price_points=2, stock=2)
    batch = residents.serve(new, rule, by=duojie, confirmed_by=wangping)
    redeem(new, soap, yangjin)
    void_batch(
        batch_id=batch.pk, community=community, reason="登记错了", by=wangping, at=timezone.now()
    )
    residents.sign_in(client, new)

    assert "社区先替您垫了 2 分" in page(client)


def test_an_empty_handbook_says_what_will_be_there(client, community, duojie):
    residents.sign_in(client, factories.make_volunteer(community, "扎西", by=duojie))

    text = page(client)

    assert "还没有记过分" in text
    assert "没有新消息" in page(client, "notices")
    assert "您还没有手册卡" in page(client, "card")


def test_the_longest_name_stands_whole(client, community, duojie):
    new = factories.make_volunteer(
        community, LONGEST_NAME, by=duojie, name_bo=LONGEST_NAME, name_mn="ᠪᠠᠲᠤ"
    )
    issue_card(volunteer=new, by=duojie, at=timezone.now())
    residents.sign_in(client, new)

    for name in ("handbook", "card", "account"):
        assert new.name in page(client, name)


def test_the_statement_turns_its_pages_by_line_number(mine, lamao, duojie):
    for points in range(1, 22):
        factories.give_points(lamao, points, by=duojie)

    first = mine.get(reverse("mine:statement"))
    before = first.context["statement"].before
    second = mine.get(reverse("mine:statement"), {"before": before})

    lines = [*first.context["statement"].lines, *second.context["statement"].lines]
    assert [line.points for line in lines] == [*range(21, 0, -1), 180]
    assert second.context["statement"].before is None


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "", "\x00", "１", "1_0"])
def test_an_odd_page_number_shows_the_newest(mine, before):
    assert "余 180" in page(mine, "statement", before=before)


def test_the_card_shows_its_barcode_and_how_to_get_a_new_code(mine, lamao, duojie):
    card = issue_card(volunteer=lamao, by=duojie, at=timezone.now()).card

    text = page(mine, "card")

    assert card.barcode in text
    assert "CX-0001" in text
    assert "到柜台换一张新卡" in text


def test_own_data_is_complete_and_only_own(mine, lamao, rule, cooker, duojie, wangping, yangjin):
    other = factories.make_volunteer(lamao.community, "卓玛", by=duojie, phone="13900005678")
    residents.serve(other, rule, by=duojie, confirmed_by=wangping, place="别处")
    residents.serve(lamao, rule, by=duojie, confirmed_by=wangping)
    issue_card(volunteer=lamao, by=duojie, at=timezone.now())
    towel = factories.make_reward(lamao.community, "毛巾", by=duojie, price_points=10, stock=9)
    redemption = redeem(lamao, towel, yangjin)
    choose_goal(volunteer=lamao, reward_id=cooker.pk, at=timezone.now())

    kept = json.loads(mine.get(reverse("mine:download_data")).text)

    assert (
        kept["档案"][0]
        | {
            "手册号": "CX-0001",
            "姓名": "索南拉毛",
            "出生年": "1968",
            "电话": "13800001234",
            "小区": "藏式小区",
            "楼栋门牌": "3栋102",
        }
        == kept["档案"][0]
    )
    assert [record["地点"] for record in kept["服务记录"]] == ["藏式小区北门"]
    assert kept["手册卡"][0]["卡号"] == lamao.cards.get().barcode
    assert kept["兑换"][0]["小票号"] == redemption.number
    assert kept["目标"][0]["物品"] == "高压锅"
    assert [line["积分"] for line in kept["积分明细"]] == ["180", "2", "-10"]
    assert "卓玛" not in json.dumps(kept, ensure_ascii=False)
    assert "索南拉毛" in page(mine, "data")


@pytest.fixture(params=[1, 3])
def busy(request, lamao, rule, cooker, duojie, wangping, yangjin):
    """索南拉毛 with one or three of everything that makes lines."""
    choose_goal(volunteer=lamao, reward_id=cooker.pk, at=timezone.now())
    towel = factories.make_reward(lamao.community, "毛巾", by=duojie, price_points=10, stock=9)
    for days_ago in range(request.param):
        residents.serve(lamao, rule, by=duojie, confirmed_by=wangping, days_ago=days_ago)
        residents.serve(lamao, rule, by=duojie, days_ago=20 + days_ago)
        redeem(lamao, towel, yangjin)
    give_to_wish_fund(
        request=factories.make_request(), volunteer=lamao, points=1, by=lamao, at=timezone.now()
    )
    return lamao


@pytest.mark.parametrize(("name", "queries"), [("handbook", 18), ("statement", 10), ("notices", 8)])
def test_a_page_asks_as_often_for_three_lines_as_for_one(
    mine, busy, django_assert_num_queries, name, queries
):
    with django_assert_num_queries(queries):
        mine.get(reverse(f"mine:{name}"))


def test_large_type_shows_fewer_lines_and_a_way_to_all(mine, lamao, duojie):
    for points in (1, 2, 3, 4):
        factories.give_points(lamao, points, by=duojie)
    mine.post(reverse("large_type"), {"large": "1", "next": "/mine/"})

    response = mine.get(reverse("mine:handbook"))

    assert len(response.context["statement"].lines) == 3
    assert 'class="large"' in response.text
    assert "看全部" in response.text
