"""What a resident sees: on a phone, in large type, in the dark, with the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from points_store.catalogues import compile_catalogues
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
# A scanner is faster than a driver that waits for each key on a busy machine.
SCAN = """code => {
  for (const key of [...code, "Enter"]) {
    const options = { key, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", options));
  }
}"""
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


def test_large_type_on_a_small_phone(open_window, lamao):
    with open_window(SMALL_PHONE) as small:
        small.page.goto(f"{small.base}/c/chengxi/")
        small.page.click("button.aa")
        small.see(name="mine-sign-in-large")
        sign_in(small)
        small.see("/mine/", name="mine-handbook-large")
        small.see("/shop/chengxi/", name="shop-large")
        for control in small.page.query_selector_all("main a, main button, .pbar button, .tabs a"):
            if control.is_visible():
                assert control.bounding_box()["height"] >= 44, control.inner_html()


def test_a_handbook_in_the_dark(open_window, lamao, shelf):
    with open_window(PHONE, color_scheme="dark") as dark:
        sign_in(dark)
        dark.see("/mine/", name="mine-handbook-dark")
        dark.see("/shop/chengxi/", name="shop-dark")
        dark.see(f"/shop/chengxi/{shelf['高压锅'].pk}/", name="shop-item-dark")


@pytest.mark.parametrize(
    ("code", "lang", "font"),
    [("bo", "bo", "Noto Serif Tibetan"), ("mn-mong", "mn-Mong", "Noto Sans Mongolian")],
)
def test_a_handbook_in_another_script(phone, lamao, code, lang, font):
    compile_catalogues()
    sign_in(phone)
    page = phone.page
    page.click(f".languages [value='{code}']")
    page.wait_for_selector(f"html[lang='{lang}']")
    phone.see("/mine/", name=f"mine-handbook-{code}")
    loaded = f"[...document.fonts].some(f => f.family.includes('{font}') && f.status == 'loaded')"
    assert page.evaluate(loaded)
    lab = "getComputedStyle(document.querySelector('.cover .lab'))"
    ratio = page.evaluate(f"parseFloat({lab}.lineHeight) / parseFloat({lab}.fontSize)")
    assert ratio >= 1.7
    phone.see("/c/chengxi/", name=f"mine-sign-in-{code}")


def test_an_empty_handbook_and_the_longest_name(open_window, community, duojie):
    long = factories.make_volunteer(
        community, LONGEST_NAME, by=duojie, name_bo=LONGEST_NAME, name_mn="ᠪᠠᠲᠤ ᠪᠠᠶᠠᠷ"
    )
    issue_card(volunteer=long, by=duojie, at=timezone.now())
    choose_pin(volunteer=long, pin=PIN, at=timezone.now())
    with open_window(SMALL_PHONE) as small:
        sign_in(small, str(long.number))
        small.see("/mine/", name="mine-handbook-long")
        small.see("/mine/card/", name="mine-card-long")
        small.page.click("button.aa")
        small.see("/mine/", name="mine-handbook-long-large")


def test_a_wrong_pin_on_a_phone(phone, lamao):
    phone.page.goto(f"{phone.base}/c/chengxi/")
    phone.page.fill("#id_number", "1")
    phone.page.fill("#id_pin", "111222")
    phone.page.click("button.main")
    phone.page.wait_for_selector(".summary")
    page = phone.see(name="mine-sign-in-wrong")
    assert page.input_value("#id_number") == "1"
    assert page.input_value("#id_pin") == ""


def test_a_phone_number_brings_up_the_year_of_birth(phone, lamao):
    page = phone.see("/c/chengxi/", name="mine-sign-in")
    assert not page.is_visible("#id_birth_year")
    page.fill("#id_number", "13800001234")
    assert page.is_visible("#id_birth_year")
    page.fill("#id_birth_year", "1968")
    page.fill("#id_pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/mine/"))


def test_the_keyboard_alone_leads_to_a_goal(phone, lamao, shelf):
    page = phone.see("/c/chengxi/", name="mine-sign-in")
    page.focus("#id_number")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/mine/"))
    page.goto(f"{phone.base}/shop/chengxi/{shelf['电饼铛'].pk}/")
    for _step in range(20):
        page.keyboard.press("Tab")
        if "定为我的目标" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=这是您的目标")


def test_the_kiosk_from_scan_to_leaving(open_window, lamao, yangjin):
    card = lamao.cards.get().barcode
    with open_window() as kiosk:
        kiosk.sign_in(yangjin)
        kiosk.see("/kiosk/set-up/", name="kiosk-set-up")
        kiosk.page.click("main .btn.main")
        page = kiosk.see(name="kiosk-idle")
        page.evaluate(SCAN, card)
        page.wait_for_url(lambda url: url.endswith("/kiosk/pin/"))
        assert "索**毛" in page.inner_text("main")
        kiosk.see(name="kiosk-pin")
        for digit in PIN:
            page.click(f"[data-digit='{digit}']")
        page.click(".keypad [type=submit]")
        page.wait_for_url(lambda url: url.endswith("/kiosk/mine/"))
        kiosk.see(name="kiosk-mine")
        kiosk.see("/kiosk/goods/", name="kiosk-goods")
        kiosk.see("/kiosk/number/", name="kiosk-number")


def test_the_kiosk_counts_down_and_leaves(open_window, lamao, yangjin):
    with open_window() as kiosk:
        kiosk.sign_in(yangjin)
        kiosk.page.goto(f"{kiosk.base}/kiosk/set-up/")
        kiosk.page.click("main .btn.main")
        page = kiosk.page
        page.clock.install()
        page.goto(f"{kiosk.base}/kiosk/number/")
        page.fill("#id_number", "1")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url.endswith("/kiosk/pin/"))
        page.fill("#id_pin", PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url.endswith("/kiosk/mine/"))
        page.clock.run_for(12_000)
        assert page.inner_text("[data-seconds]") == "8"
        page.keyboard.press("Shift")
        assert page.inner_text("[data-seconds]") == "20"
        page.clock.run_for(20_000)
        page.wait_for_url(lambda url: url.endswith("/kiosk/"))
        page.go_back()
        page.wait_for_url(lambda url: url.endswith("/kiosk/"))
