"""The basket: handing over, every refusal in its place, parking, and pages without scripts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from rewards.models import Goal, ParkedBasket, Redemption, Reward
from rewards.operations.parking import park_basket
from rewards.operations.redeeming import BasketLine
from rewards.operations.stock import change_price
from tests import factories
from tests.rewards.conftest import PIN
from volunteers.models import PinAttempt, Volunteer

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def till(response):
    return response.context["till"]


def said(response):
    return [problem.text for problem in till(response).problems]


@pytest.fixture
def person(lamao):
    """The path of 索南拉毛's basket."""
    return f"{lamao.pk}/"


def test_till_shows_what_is_left_and_the_distance_to_the_goal(
    counter, person, lamao, soapy, community, duojie
):
    cooker = factories.make_reward(community, "高压锅", by=duojie, price_points=200, stock=3)
    Goal.objects.create(volunteer=lamao, reward=cooker, chosen_at=factories.NOW)

    page = text(counter.basket(f"{person}change/", (soapy, 2)))

    for words in ("180", "−<span", ">130<", "现在还差 <b>20</b> 分", ">70<", "pct-90"):
        assert words in page


def test_goods_say_what_stands_in_the_way(counter, person, lamao, community, duojie, soapy):
    factories.make_reward(community, "高压锅", by=duojie, price_points=200, stock=3)
    factories.make_reward(community, "晴雨伞", by=duojie, price_points=20)
    Reward.objects.filter(pk=soapy.pk).update(person_month_limit=1)
    factories.redeem(lamao, [(soapy, 1)], by=duojie, at=timezone.now())
    page = text(counter.get(person))
    for words in ("还差 45 分", "已兑完", "本月已换够"):
        assert words in page
    assert till(counter.get(person)).affordable_count == 0


def test_redeem_by_signature_goes_to_the_slip(counter, person, soapy, towel):
    response = counter.basket(person, (soapy, 1), (towel, 1), method="paper")
    redemption = Redemption.objects.get()
    assert response.url == f"/counter/slips/{redemption.number}/"
    assert (redemption.points, redemption.confirmation) == (35, "paper")


def test_same_page_sent_again_shows_the_same_slip_and_says_when(counter, person, soapy):
    key = str(uuid4())
    first, second = (counter.basket(person, (soapy, 1), method="paper", key=key) for _ in range(2))
    assert second.url == f"{first.url}?again=1"
    redeemed_at = timezone.localtime(Redemption.objects.get().redeemed_at)
    page = text(counter.client.get(second.url))
    assert f"这一笔已在 {redeemed_at:%H:%M} 记上" in page


def test_same_page_with_another_basket_asks_again_with_a_new_key(counter, person, soapy, towel):
    key = uuid4()
    counter.basket(person, (soapy, 1), method="paper", key=str(key))
    response = counter.basket(person, (towel, 1), method="paper", key=str(key))
    assert response.status_code == 422
    assert said(response) == [
        "这一页刚才已经兑换过一次，内容和现在不一样。要再换一次，请再确认一遍。"
    ]
    assert till(response).request_key != key
    assert Redemption.objects.count() == 1


def test_the_scripts_answer_is_an_address(counter, person, soapy, client):
    response = client.post(
        f"/counter/{person}",
        {"request_key": uuid4(), "line": f"{soapy.pk}:1:25", "method": "paper"},
        headers={"Accept": "application/json"},
    )
    assert response.json() == {"location": f"/counter/slips/{Redemption.objects.get().number}/"}


def refuse_points(soapy, **_):
    return [(soapy, 8)], "可用 180 分，这些要 200 分，还差 20 分。请少拿一样。"


def refuse_stock(towel, **_):
    return [(towel, 4)], "只剩 3 件了。"


def refuse_last(towel, lamao, duojie, **_):
    factories.redeem(lamao, [(towel, 3)], by=duojie)
    return [(towel, 1)], "刚刚兑完了。"


def refuse_month(soapy, lamao, duojie, **_):
    Reward.objects.filter(pk=soapy.pk).update(person_month_limit=2)
    factories.redeem(lamao, [(soapy, 1)], by=duojie, at=timezone.now())
    return [(soapy, 2)], "这个月还可以换 1 件。"


def refuse_price(soapy, duojie, **_):
    change_price(reward=soapy, price_points=30, by=duojie, at=factories.NOW)
    return [(soapy, 1, 25)], "兑换积分刚改成 30 分，请居民看过再确认。"


def refuse_shelf(soapy, **_):
    Reward.objects.filter(pk=soapy.pk).update(is_active=False)
    return [(soapy, 1)], "有一样东西已经下架，从兑换单里拿掉了。"


def refuse_frozen(soapy, lamao, duojie, **_):
    Volunteer.objects.filter(pk=lamao.pk).update(
        frozen_at=factories.NOW, frozen_by=duojie, frozen_reason="有异议"
    )
    return [(soapy, 1)], "这本手册暂时冻结，现在不能兑换：有异议"


def refuse_own(soapy, lamao, yangjin, **_):
    yangjin.own_volunteer = lamao
    yangjin.save()
    return [(soapy, 1)], "这是您自己或同户家人的手册，要请另一位同事来办。"


def refuse_empty(**_):
    return [], "还没有选物品。"


@pytest.mark.parametrize(
    "case",
    [
        refuse_points,
        refuse_stock,
        refuse_last,
        refuse_month,
        refuse_price,
        refuse_shelf,
        refuse_frozen,
        refuse_own,
        refuse_empty,
    ],
)
def test_refusal_is_one_sentence_with_422_and_the_basket_kept(
    counter, person, case, soapy, towel, lamao, duojie, yangjin
):
    lines, words = case(soapy=soapy, towel=towel, lamao=lamao, duojie=duojie, yangjin=yangjin)
    before = Redemption.objects.count()
    key = uuid4()

    response = counter.basket(person, *lines, method="paper", key=str(key))

    assert response.status_code == 422
    assert said(response) == [words]
    assert words in text(response)
    assert "有问题：" in text(response)
    assert till(response).request_key == key
    kept = [(line.reward_id, line.quantity) for line in till(response).basket]
    assert kept == [(reward.pk, quantity) for reward, quantity, *_ in lines]
    assert Redemption.objects.count() == before


def test_refusal_of_one_line_stands_under_that_line(counter, person, soapy, towel):
    response = counter.basket(person, (soapy, 1), (towel, 4), method="paper")
    assert [line.problem for line in till(response).lines] == ["", "只剩 3 件了。"]
    assert till(response).general_problems == []


def test_new_price_is_what_the_next_try_confirms(counter, person, soapy, duojie):
    change_price(reward=soapy, price_points=30, by=duojie, at=factories.NOW)
    key = str(uuid4())
    page = text(counter.basket(person, (soapy, 1, 25), method="paper", key=key))
    assert f'value="{soapy.pk}:1:30"' in page
    soapy.refresh_from_db()
    counter.basket(person, (soapy, 1), method="paper", key=key)
    assert Redemption.objects.get().points == 30


def test_refusal_of_the_consent_stands_in_the_dialog(counter, person, soapy):
    response = counter.basket(person, (soapy, 1), method="collector")
    assert till(response).is_confirming
    assert [problem.text for problem in till(response).consent_problems] == [
        "请写代领人的姓名和关系。"
    ]
    kept = counter.basket(person, (soapy, 9), method="collector", collector_name="丈夫 才让东知")
    assert till(kept).collector_name == "丈夫 才让东知"


@pytest.mark.parametrize(
    "line",
    ["", "x", "1:0:25", "1:-1:25", "1:1000:25", "1:1", "1:1:25:1", "９:1:1", f"{2**63}:1:1", "\0"],
)
def test_broken_basket_is_refused(counter, person, line, soapy):
    response = counter.post(person, request_key=uuid4(), line=line, method="paper")
    assert response.status_code == 422
    assert said(response) == ["兑换单没有传完整，请刷新这一页再选一次。"]


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "gold"},
        {"method": ""},
        {"method": "pin", "confirmation": "x"},
        {"method": "pin"},
        {"method": "pin", "confirmation": str(uuid4())},
        {"method": "paper", "confirmation": str(uuid4())},
        {"method": "collector", "collector_name": "་" * 101},
        {"method": "collector", "collector_name": "\0"},
        {"method": "paper", "request_key": "x"},
        {"method": "paper", "request_key": ""},
    ],
)
def test_odd_consent_is_refused_and_moves_nothing(counter, person, soapy, fields):
    sent = {"request_key": uuid4(), "line": f"{soapy.pk}:1:25", **fields}
    assert counter.post(person, **sent).status_code == 422
    assert not Redemption.objects.exists()


def test_collector_of_a_hundred_tibetan_letters_is_kept(counter, person, soapy):
    counter.basket(person, (soapy, 1), method="collector", collector_name="ཀ" * 100)
    assert Redemption.objects.get().collector_name == "ཀ" * 100


@pytest.mark.parametrize("path", ["", "change/", "confirm/", "park/", "pin/", "pin/choose/"])
def test_people_of_elsewhere_are_not_here(counter_of, stranger, person, path, soapy):
    counter = counter_of(stranger)
    assert counter.basket(f"{person}{path}", (soapy, 1), method="paper").status_code == 404
    assert counter.get(f"{2**70}/").status_code == 404


@pytest.mark.parametrize("path", ["", "change/", "confirm/", "park/", "pin/", "pin/choose/"])
def test_who_may_not_redeem_is_refused(counter_of, guanli, person, path, soapy):
    counter = counter_of(guanli)
    assert counter.basket(f"{person}{path}", (soapy, 1), method="paper").status_code == 403


def test_parked_basket_comes_back_with_what_changed(counter, person, soapy, towel, lamao, duojie):
    counter.basket(f"{person}park/", (soapy, 1), (towel, 3))
    factories.redeem(lamao, [(towel, 2)], by=duojie)
    change_price(reward=soapy, price_points=30, by=duojie, at=factories.NOW)

    response = counter.get(person)

    assert till(response).was_parked
    assert [line.problem for line in till(response).lines] == [
        "兑换积分刚改成 30 分，请居民看过再确认。",
        "只剩 1 个了。",
    ]


def test_parking_goes_back_to_the_search_and_an_empty_basket_is_forgotten(
    counter, person, soapy, lamao
):
    assert counter.basket(f"{person}park/", (soapy, 1)).url == "/counter/"
    assert ParkedBasket.objects.get().volunteer == lamao
    counter.basket(f"{person}park/")
    assert not ParkedBasket.objects.exists()


def test_parked_basket_can_be_thrown_away(counter, person, soapy, lamao, yangjin, duojie):
    for clerk in (yangjin, duojie):
        park_basket(
            volunteer=lamao, lines=[BasketLine(soapy.pk, 1, 25)], by=clerk, at=factories.NOW
        )
    counter.post(f"{person}drop/")
    assert ParkedBasket.objects.get().parked_by == duojie


@pytest.mark.parametrize(
    ("change", "quantities"),
    [
        ({"more": "soapy"}, [2, 1]),
        ({"less": "soapy"}, [1]),
        ({"clear": "1"}, []),
        ({"find": "6901234560050"}, [2, 1]),
        ({"find": "毛巾"}, [1, 2]),
        ({"find": "mj"}, [1, 2]),
        ({"find": "没有"}, [1, 1]),
        ({"show": "afford"}, [1, 1]),
    ],
)
def test_basket_changes_without_scripts(counter, person, soapy, towel, change, quantities):
    named = {"soapy": soapy.pk}
    sent = {name: named.get(value, value) for name, value in change.items()}
    response = counter.basket(f"{person}change/", (soapy, 1), (towel, 1), **sent)
    assert [line.quantity for line in till(response).lines] == quantities


def test_box_of_twelve_adds_twelve(counter, person, soapy, community):
    soapy.barcodes.create(community=community, code="6901234560999", pack_size=12)
    response = counter.basket(f"{person}change/", find="6901234560999")
    assert [line.quantity for line in till(response).lines] == [12]


def test_confirming_without_scripts_opens_the_dialog(counter, person, soapy):
    assert till(counter.basket(f"{person}confirm/", (soapy, 1))).is_confirming
    empty = counter.basket(f"{person}confirm/")
    assert (empty.status_code, said(empty)) == (422, ["还没有选物品。"])


def test_redeem_with_pin_in_two_requests(counter, person, soapy, with_pin):
    asked = counter.basket(f"{person}pin/", (soapy, 1), pin=PIN)
    confirmation = till(asked).confirmation
    response = counter.basket(person, (soapy, 1), method="pin", confirmation=confirmation)
    assert response.status_code == 302
    used = counter.basket(person, (soapy, 1), method="pin", confirmation=confirmation)
    assert used.status_code == 422
    assert "请居民再按一次密码" in said(used)[0]


def test_wrong_pin_is_said_and_counted(counter, person, soapy, with_pin):
    response = counter.basket(f"{person}pin/", (soapy, 1), pin="000001")
    assert response.status_code == 422
    assert said(response) == ["密码不对，还可以再按 4 次。"]
    assert PinAttempt.objects.count() == 1


def test_pin_confirmation_expires_with_the_page(counter, person, soapy, with_pin, time_machine):
    time_machine.move_to(factories.NOW)
    confirmation = till(counter.basket(f"{person}pin/", (soapy, 1), pin=PIN)).confirmation
    time_machine.shift(timedelta(minutes=6))
    response = counter.basket(person, (soapy, 1), method="pin", confirmation=confirmation)
    assert response.status_code == 422


def test_redeem_takes_eleven_statements(
    counter, person, soapy, towel, with_pin, django_assert_num_queries
):
    Reward.objects.filter(pk=soapy.pk).update(person_month_limit=2)
    lines = [(soapy, 1), (towel, 1)]
    confirmation = till(counter.basket(f"{person}pin/", *lines, pin=PIN)).confirmation
    with django_assert_num_queries(15) as captured:
        counter.basket(person, *lines, method="pin", confirmation=confirmation)
    real = [query for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(real) == 11  # session, user, roles, and eight of the operation


@pytest.mark.parametrize("goods", [1, 3])
def test_till_takes_seven_statements(
    counter, person, community, duojie, lamao, yangjin, goods, django_assert_num_queries
):
    for number in range(goods):
        code = f"690123456{number:04d}"
        factories.make_reward(community, f"肥皂{number}", by=duojie, stock=2, code=code)
    park_basket(
        volunteer=lamao,
        lines=[BasketLine(reward.pk, 1, 60) for reward in Reward.objects.all()],
        by=yangjin,
        at=factories.NOW,
    )
    counter.get(person)
    with django_assert_num_queries(7):
        counter.get(person)
