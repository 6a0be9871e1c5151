"""The counter in a real browser: by scanner and keyboard alone, and when the network goes away."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from points_store.demo import goods
from rewards.models import Barcode, Category, Goal, ParkedBasket, Redemption, Reward
from tests import factories
from volunteers.models import MemberCard, Volunteer
from volunteers.operations.people import issue_card
from volunteers.operations.pins import choose_pin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "480215"


@pytest.fixture
def shop(community, duojie):
    """The demo's eighteen goods on their shelves."""
    shelves = {
        name: Category.objects.create(community=community, name=name, order=order)
        for order, name in enumerate(goods.CATEGORIES)
    }
    for place, good in enumerate(goods.GOODS):
        factories.make_reward(
            community, good.name, by=duojie, price_points=good.price_points, stock=good.stock,
            code=good.code, category=shelves[good.category], measure=good.measure,
            symbol=good.symbol, tone=place % 3 + 1,
        )  # fmt: skip


@pytest.fixture
def heroine(community, shop, duojie):
    """索南拉毛 with 180 points, a card, a PIN and a goal; and two namesakes."""
    homes = [("藏式小区", "3栋102", 1968, 180), ("幸福家园", "7栋301", 1949, 46)]
    for estate, door, year, points in [*homes, ("法院家属院", "1栋402", 1995, 12)]:
        factories.make_volunteer(
            community, "索南拉毛", by=duojie, points=points, estate=estate, door=door,
            birth_year=year, name_bo="བསོད་ནམས་ལྷ་མོ།", gender="female",
        )  # fmt: skip
    found = Volunteer.objects.select_related("account").get(birth_year=1968)
    cooker = Reward.objects.get(name__contains="高压锅")
    Goal.objects.create(volunteer=found, reward=cooker, chosen_at=timezone.now())
    issue_card(volunteer=found, by=duojie, at=timezone.now())
    choose_pin(volunteer=found, pin=PIN, at=timezone.now())
    return found


# What a scanner does, faster than a busy machine could press keys one by one.
SCANNER = """(code) => {
  for (const key of [...code, "Enter"]) {
    const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    const field = document.activeElement;
    if (!field.dispatchEvent(press) || key === "Enter") continue;
    if (field.matches("input")) document.execCommand("insertText", false, key);
  }
}"""


def scan(page, code):
    page.evaluate(SCANNER, code)


def card_of(person):
    return MemberCard.objects.live().get(volunteer=person).barcode


def code_of(name):
    return Barcode.objects.filter(reward__name__contains=name).earliest("pk").code


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def sums(page):
    return [page.inner_text(f'.sums [data-sum="{name}"]') for name in ("pieces", "points", "after")]


def open_basket(look, person):
    """Scan the card; the keyboard waits until the page hears."""
    look.page.goto(f"{look.base}/counter/")
    look.page.wait_for_selector("[data-scanner-light]:not([hidden])")
    scan(look.page, card_of(person))
    look.page.wait_for_url(f"**/counter/{person.pk}/")
    look.page.wait_for_load_state("load")


def balance(person):
    person.account.refresh_from_db()
    return person.account.balance


def test_scan_person_scan_two_goods_pin_slip_void_by_keyboard_alone(look, heroine, yangjin):
    look.sign_in(yangjin)
    page = look.page
    requests = []
    page.on("request", lambda one: requests.append(one) if "/counter/" in one.url else None)
    look.see("/counter/", name="counter-find")
    requests.clear()

    open_basket(look, heroine)
    for name in ("洗衣液", "毛巾"):
        scan(page, code_of(name))
    page.wait_for_function("document.querySelectorAll('#lines > li').length === 2")
    assert sums(page) == ["2", "35", "145"]
    assert focused(page) == "scan-field"
    look.see(name="counter-basket")

    page.keyboard.press("F9")
    page.wait_for_selector("dialog[open]")
    assert focused(page) == "pin"
    page.keyboard.type(PIN)
    look.see(name="counter-confirm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/counter/slips/*/")
    look.see(name="counter-slip")
    assert balance(heroine) == 145
    pages = [one for one in requests if not one.url.endswith("/pin/")]
    assert len(pages) == 5  # the search page itself, the scan and where it leads, redeem, slip

    page.focus(".undobar button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".okmark.undone")
    look.see(name="counter-voided")
    assert balance(heroine) == 180
    page.keyboard.press("F2")
    page.wait_for_url("**/counter/")


def test_namesakes_are_chosen_by_digit_or_arrows_never_by_enter_alone(look, heroine, yangjin):
    look.sign_in(yangjin)
    page = look.page
    page.goto(f"{look.base}/counter/")
    page.keyboard.type("snlm", delay=30)
    page.wait_for_selector("#found .found")
    look.see(name="counter-namesakes")
    for _ in range(3):
        page.keyboard.press("Enter")
    assert page.url.endswith("/counter/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.getAttribute('href')")
    assert second == page.locator(".found a").nth(1).get_attribute("href")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("2")
    page.wait_for_url(f"**{second}")


def test_one_match_opens_with_enter(look, heroine, yangjin):
    look.sign_in(yangjin)
    page = look.page
    page.goto(f"{look.base}/counter/")
    page.keyboard.type("索南拉毛 1949", delay=5)
    page.keyboard.press("Enter")
    page.wait_for_selector("#found .card")
    assert "没有找到" in page.inner_text("#found")  # a year of birth is asked, not typed
    page.fill("#id_q", "snlm 7栋")
    page.keyboard.press("Enter")
    page.wait_for_selector("#scan-field")


def test_basket_by_name_picture_plus_and_minus(open_window, heroine, yangjin):
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        page = look.page
        page.keyboard.type("mj")
        page.keyboard.press("Enter")
        page.keyboard.press("+")
        page.keyboard.press("+")
        page.keyboard.press("-")
        assert sums(page) == ["2", "20", "160"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        assert page.locator("#lines > li").count() == 2
        page.click(".good:has-text('高压锅')", force=True)
        assert "还差 20 分" in page.inner_text("#scan-problem")
        page.click(".chip:has-text('能换得起')")
        assert page.locator(".good:visible:has-text('高压锅')").count() == 0
        scan(page, "6900000000000")
        assert "没有认出这个条码：6900000000000" in page.inner_text("#scan-problem")
        assert page.input_value("#scan-field") == ""
        page.click("[data-clear]")
        assert sums(page) == ["0", "0", "180"]
        look.see(name="counter-basket-empty")


def test_limits_are_said_on_the_line(open_window, heroine, yangjin):
    Reward.objects.filter(name__contains="毛巾").update(person_month_limit=2)
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        for _ in range(3):
            scan(look.page, code_of("毛巾"))
        assert sums(look.page)[0] == "2"
        assert "每人每月限 2 条，这个月还可以换 2 条" in look.page.inner_text("#lines")


def test_parked_basket_outlives_the_browser(open_window, heroine, yangjin):
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        scan(look.page, code_of("毛巾"))
        look.page.keyboard.press("F8")
        look.page.wait_for_selector(".parked")
        look.see(name="counter-parked")
    with open_window() as look:
        look.sign_in(yangjin)
        look.page.goto(f"{look.base}/counter/")
        look.page.click(".parked a")
        look.page.wait_for_selector("#lines > li")
        assert sums(look.page) == ["1", "10", "170"]


def test_scanning_somebody_else_parks_the_basket_first(open_window, heroine, yangjin, duojie):
    other = Volunteer.objects.get(birth_year=1949)
    issue_card(volunteer=other, by=duojie, at=timezone.now())
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        scan(look.page, code_of("毛巾"))
        scan(look.page, card_of(other))
        look.page.wait_for_url(f"**/counter/{other.pk}/")
    assert ParkedBasket.objects.get().volunteer == heroine


def consent(page, way):
    page.keyboard.press("F9")
    page.wait_for_selector("dialog[open]")
    page.check(f"[name=way][value={way}]")


def test_wrong_pin_then_a_signature(open_window, heroine, yangjin):
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        page = look.page
        scan(page, code_of("毛巾"))
        page.keyboard.press("F9")
        page.keyboard.type("000001")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-consent-problem] .err")
        assert "还可以再按 4 次" in page.inner_text("[data-consent-problem]")
        assert page.input_value("#pin") == ""
        look.see(name="counter-wrong-pin")
        page.check("[name=way][value=paper]")
        page.keyboard.press("Tab")
        page.locator("[data-way=paper] .main").press("Enter")
        page.wait_for_url("**/counter/slips/*/")
    assert Redemption.objects.latest("pk").confirmation == "paper"


def test_refusal_keeps_the_basket_and_says_it_on_the_line(open_window, heroine, yangjin, duojie):
    towel = Reward.objects.get(name__contains="毛巾")
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        page = look.page
        scan(page, code_of("毛巾"))
        scan(page, code_of("洗衣液"))
        Reward.objects.filter(pk=towel.pk).update(reserved=towel.on_hand)
        consent(page, "paper")
        page.click("[data-way=paper] .main")
        page.wait_for_selector("#lines .err:not(:empty)")
        assert not page.locator("dialog[open]").count()
        assert "刚刚兑完了" in page.inner_text("#lines")
        assert page.locator("#lines > li").count() == 2
        look.see(name="counter-refused")
        page.click("#lines > li:has-text('毛巾') [name=less]")
        consent(page, "collector")
        page.click("[data-way=collector] .main")
        page.wait_for_selector("[data-consent-problem] .err")
        page.fill("#collector", "女儿 周毛")
        page.keyboard.press("Enter")
        page.wait_for_url("**/counter/slips/*/")
    assert Redemption.objects.latest("pk").collector_name == "女儿 周毛"


def test_lost_answer_is_told_apart_and_asked_again_safely(open_window, heroine, yangjin):
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        page = look.page
        scan(page, code_of("毛巾"))

        def lose(route):
            if route.request.method != "POST":
                return route.continue_()
            route.fetch(max_redirects=0)  # the server does it; the answer never arrives
            return route.abort()

        page.route(re.compile(rf"/counter/{heroine.pk}/$"), lose)
        consent(page, "paper")
        page.click("[data-way=paper] .main")
        page.wait_for_selector("[data-consent-problem] .err")
        assert "再按一次，不会记两次" in page.inner_text("[data-consent-problem]")
        page.unroute_all()
        page.click("[data-way=paper] .main")
        page.wait_for_url("**/counter/slips/*/?again=1")
        assert "没有重复兑换" in page.inner_text("main")
    assert balance(heroine) == 170


def test_double_click_and_back_give_one_redemption(open_window, heroine, yangjin):
    with open_window() as look:
        look.sign_in(yangjin)
        open_basket(look, heroine)
        page = look.page
        scan(page, code_of("毛巾"))
        consent(page, "paper")
        page.dblclick("[data-way=paper] .main")
        page.wait_for_url("**/counter/slips/*/")
        slip = page.url
        page.go_back()
        page.wait_for_selector("#scan-field")
        page.goto(slip)
        page.reload()
    assert balance(heroine) == 170


def test_paper_is_remembered_and_printed_at_its_own_size(open_window, heroine, yangjin):
    done = factories.redeem(heroine, [(Reward.objects.get(name__contains="毛巾"), 1)], by=yangjin)
    with open_window() as look:
        look.sign_in(yangjin)
        page = look.page
        page.goto(f"{look.base}/counter/slips/{done.number}/")
        page.check("[data-paper=p58]", force=True)
        page.reload()
        assert page.locator("body[data-slip=p58]").count() == 1
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        page.keyboard.press("p")
        size = page.evaluate("document.adoptedStyleSheets[0].cssRules[0].cssText")
        assert re.search(r"size: 58mm \d+mm", size)


def test_day_files_slips_by_scanner(look, heroine, yangjin):
    towel = Reward.objects.get(name__contains="毛巾")
    for _ in range(3):
        factories.redeem(heroine, [(towel, 1)], by=yangjin, at=timezone.now())
    look.sign_in(yangjin)
    look.see("/counter/day/", name="counter-day")
    scan(look.page, Redemption.objects.slip_missing().earliest("pk").number)
    look.page.wait_for_selector(".note.ok")
    assert Redemption.objects.slip_missing().count() == 2


def test_choosing_a_first_pin(look, heroine, yangjin, community, duojie):
    person = factories.make_volunteer(community, by=duojie)
    look.sign_in(yangjin)
    page = look.page
    look.see(f"/counter/{person.pk}/pin/choose/", name="counter-identify")
    page.check("[value=card]")
    page.click("button.main")
    page.wait_for_selector("#id_again")
    look.see(name="counter-choose-pin")
    page.fill("#id_pin", PIN)
    page.fill("#id_again", PIN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#scan-field")
    look.see(name="counter-pin-chosen")


def test_without_scripts_it_takes_a_little_longer(open_window, heroine, yangjin):
    with open_window(java_script_enabled=False) as look:
        page = look.page
        page.goto(f"{look.base}/staff/login/?next=/counter/")
        page.fill("#id_username", "yangjin")
        page.fill("#id_password", "yangjin-pass-1")
        page.click("button.main")
        page.fill("#id_q", card_of(heroine))
        page.keyboard.press("Enter")
        page.fill("#scan-field", code_of("毛巾"))
        page.keyboard.press("Enter")
        page.click(".good:has-text('洗衣液')")
        page.click("[data-confirm]")
        page.fill("#pin", PIN)
        page.click("[data-way=pin] .main")
        page.click("[data-way=pin] .main")
        assert re.search(r"/counter/slips/\d{13}/$", page.url)
    assert balance(heroine) == 145
