"""What a resident sees: on a phone, in large type, in the dark, with the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rewards.models import Category, Redemption
from rewards.operations.goals import choose_goal
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards
from tests import factories
from tests.browser.conftest import PHONE
from volunteers.operations.deciding import confirm_batch
from volunteers.operations.people import issue_card
from volunteers.operations.pins import choose_pin
from volunteers.operations.recording import Occasion, ServiceLine, record_batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "480215"
SMALL_PHONE = (360, 740)
LONGEST_NAME = "བསོད་ནམས་ལྷ་མོ་" * 6 + "བསོད་ནམས་"


@pytest.fixture
def shelf(community, duojie):
    kitchen = Category.objects.create(community=community, name="厨房", order=1)
    daily = Category.objects.create(community=community, name="日用", order=2)
    goods = [
        ("不锈钢水壶 5升", 60, 6, "kettle", kitchen, 1),
        ("菜籽油 5升", 80, 9, "oil", None, 2),
        ("晴雨伞", 20, 0, "umbrella", daily, 2),
        ("大米 10公斤", 70, 2, "rice", None, 2),
        ("茯茶 1公斤", 30, 18, "tea", None, 2),
        ("纯棉毛巾", 10, 32, "towel", daily, 3),
        ("高压锅", 200, 5, "cooker", kitchen, 1),
        ("电饼铛", 900, 5, "bowl", kitchen, 1),
    ]
    return {
        name: factories.make_reward(
            community,
            name,
            by=duojie,
            price_points=points,
            stock=stock,
            symbol=symbol,
            category=category,
            tone=tone,
        )
        for name, points, stock, symbol, category, tone in goods
    }


def record(community, person, rule, days_ago, place, *, by, confirmed_by=None):
    now = timezone.now()
    batch = record_batch(
        request=factories.make_request(),
        community=community,
        occasion=Occasion(
            rule=rule,
            title=rule.name,
            service_date=timezone.localdate() - timedelta(days=days_ago),
            place=place,
        ),
        lines=[ServiceLine(person.pk, 60, "light")],
        by=by,
        at=now,
    )
    if confirmed_by:
        confirm_batch(batch_id=batch.pk, community=community, by=confirmed_by, at=now)


@pytest.fixture
def lamao(community, shelf, duojie, wangping, yangjin):
    """索南拉毛 with a card, a PIN, a goal, deeds, a redemption and a record that waits."""
    type(community).objects.filter(pk=community.pk).update(
        phone="09778260000", opening_hours="周二、周四、周六 9:00–17:30"
    )
    lamao = factories.make_volunteer(
        community,
        "索南拉毛",
        by=duojie,
        points=231,
        name_bo="བསོད་ནམས་ལྷ་མོ།",
        estate="藏式小区",
        birth_year=1968,
        phone="13800001234",
    )
    issue_card(volunteer=lamao, by=duojie, at=timezone.now())
    choose_pin(volunteer=lamao, pin=PIN, at=timezone.now() - timedelta(days=90))
    choose_goal(volunteer=lamao, reward_id=shelf["高压锅"].pk, at=timezone.now())
    clean = factories.make_rule(community, per_occasion_points=2)
    help_ = factories.make_rule(community, "义务帮助他人、解决困难诉求", per_occasion_points=3)
    talk = factories.make_rule(community, "参与邻里纠纷调解", per_occasion_points=4)
    record(community, lamao, talk, 12, "糌粑调解室", by=duojie, confirmed_by=wangping)
    redeem_rewards(
        request=factories.make_request(),
        community=community,
        volunteer_id=lamao.pk,
        lines=[BasketLine(shelf["不锈钢水壶 5升"].pk, 1, 60)],
        consent=Consent(method=Redemption.Confirmation.PAPER),
        by=yangjin,
        at=timezone.now(),
    )
    record(community, lamao, help_, 4, "帮邻居老人买药送药", by=duojie, confirmed_by=wangping)
    record(community, lamao, clean, 1, "藏式小区北门", by=duojie, confirmed_by=wangping)
    record(community, lamao, clean, 0, "广场", by=duojie)
    return lamao


def sign_in(look, number="1", pin=PIN):
    look.page.goto(f"{look.base}/c/chengxi/")
    look.page.fill("#id_number", number)
    look.page.fill("#id_pin", pin)
    look.page.click("button.main")
    look.page.wait_for_url(lambda url: url.endswith("/mine/"))


@pytest.fixture
def phone(open_window):
    with open_window(PHONE) as window:
        yield window


def test_a_residents_pages_on_a_phone(phone, lamao, shelf):
    phone.see("/c/chengxi/", name="mine-sign-in")
    sign_in(phone)
    phone.see("/mine/", name="mine-handbook")
    for name in ("statement", "card", "notices", "account", "data", "pin"):
        phone.see(f"/mine/{name}/", name=f"mine-{name}")
    phone.see("/shop/chengxi/", name="shop")
    phone.see("/shop/chengxi/?show=near", name="shop-near")
    phone.see(f"/shop/chengxi/{shelf['高压锅'].pk}/", name="shop-item")
