"""Thirty people of one clean-up, as 多杰 logs them: what it costs her, and what comes out."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.residents import PIN
from tests.volunteers.logging import balance
from tests.volunteers.telling import kept, told
from volunteers.models import RecordBatch, ServiceRecord
from volunteers.operations.pins import choose_pin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAMILY, GIVEN = "多才扎仁索桑", "让措加吉太"
NAMES = [f"{family}{given}" for family in FAMILY for given in GIVEN]
MOST_PRESSES = 60


class Hands:
    """Counts every key and click that is not a letter of somebody's name."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def name(self, name):
        self.page.keyboard.insert_text(name)
        self.key("Enter")

    def key(self, key):
        self.presses += 1
        self.page.keyboard.press(key)

    def click(self, selector):
        self.presses += 1
        self.page.click(selector)

    def write(self, selector, text):
        self.presses += 1 + len(text)
        self.page.dblclick(selector)
        self.page.keyboard.type(text)

    def choose(self, selector, value):
        self.presses += 2
        self.page.select_option(selector, value)


@pytest.fixture
def rule(community):
    return factories.make_rule(community)


@pytest.fixture
def crowd(community, duojie):
    """Thirty who signed up, of whom one did not come, and one more 多让 elsewhere."""
    for name in [*NAMES, "华旦", "更登"]:
        factories.make_volunteer(community, name, by=duojie, estate="藏式小区", birth_year=1968)
    factories.make_volunteer(community, NAMES[0], by=duojie, estate="幸福家园", birth_year=1985)


def settled(page):
    page.wait_for_load_state("networkidle")


def test_thirty_people_in_sixty_presses(open_window, rule, crowd, duojie, wangping):
    with open_window() as window:
        window.sign_in(duojie)
        page = window.see("/desk/log/", name="log-empty")
        hands = Hands(page)
        hands.click("[data-step='0.5']")  # two hours instead of one and a half
        page.focus("#add")
        for name in [*NAMES[1:], "华旦", "更登", NAMES[0]]:
            hands.name(name)
        expect(page.locator("[data-row]")).to_have_count(32)
        hands.key("ArrowDown")  # the namesake is asked about where the focus is now
        hands.key("Enter")
        row = "[data-row]:nth-child({}) "
        hands.click(row.format(5) + "[data-remove]")  # did not come
        for number in (2, 3, 4):
            hands.choose(row.format(number) + "[data-intensity]", "heavy")
        hands.write(row.format(7) + "[data-hours]", "1.5")
        settled(page)
        expect(page.locator("[data-total]")).to_have_text("68")
        window.see(name="log-full")
        assert page.inner_text("footer p").split("·") == ["31 人 ", " 61.5 小时 ", " 合计 68 分"]
        hands.key("F9")
        page.wait_for_url("**/desk/batches/*/")

    assert hands.presses <= MOST_PRESSES
    print(f"{hands.presses} keys and clicks beyond the names")
    assert ServiceRecord.objects.count() == 31
    assert sum(ServiceRecord.objects.values_list("points", flat=True)) == 68


def test_the_last_name_is_not_lost_by_a_quick_hand(open_window, rule, crowd, duojie):
    """F9 before the server has answered, and a name without its Enter."""
    with open_window() as window:
        window.sign_in(duojie)
        page = window.see("/desk/log/", name="log-empty")
        hands = Hands(page)
        hands.name(NAMES[1])
        hands.name(NAMES[2])
        page.keyboard.insert_text(NAMES[3])
        hands.key("F9")
        page.wait_for_url("**/desk/batches/*/")
    assert RecordBatch.objects.get().records.count() == 3


def test_a_power_cut_leaves_the_draft(open_window, rule, crowd, duojie):
    with open_window() as window:
        window.sign_in(duojie)
        page = window.see("/desk/log/", name="log-empty")
        for name in NAMES[1:4]:
            Hands(page).name(name)
        expect(page.locator("[data-row]")).to_have_count(3)
        expect(page.locator("[data-people]")).to_have_text("3")
        page.goto("about:blank")
        page = window.see("/desk/log/", name="log-draft")
        page.click("text=没交的草稿")
        expect(page.locator("[data-row]")).to_have_count(3)


def test_the_pages_of_the_desk(look, rule, crowd, duojie, wangping):
    look.sign_in(duojie)
    page = look.see("/desk/log/", name="desk-log")
    page.click("text=粘贴名单")
    page.fill("#id_roster", f"1. {NAMES[1]}\n2. {NAMES[0]}\n3. 没有这个人\n4. {NAMES[1]}")
    page.click("text=认一认")
    look.see(name="desk-paste")
    page.click("[name=join][value='1']")
    page.wait_for_selector("[data-row]")
    page.click("text=提交记分")
    page.wait_for_url("**/desk/batches/*/")
    look.see(name="desk-batch")
    look.page.context.clear_cookies()
    look.sign_in(wangping)
    look.see("/desk/review/", name="desk-review")
    look.page.click("main .sheet a")
    look.see(name="desk-batch-to-confirm")


def test_the_pages_of_declared_deeds(look, community, rule, lamao, wangping, duojie, settings):
    key = uuid4()
    kept(lamao, key, seed=1, size=(1200, 800))
    deed = told(lamao, key=key)
    told(lamao, by=duojie, title="铲除楼道口积雪")
    look.sign_in(wangping)
    look.see(f"/desk/deeds/{deed.pk}/", name="deed")
    look.see("/desk/deeds/new/", name="deed-declare")
    look.see("/desk/review/", name="review-with-deeds")
    look.page.goto(look.base + f"/desk/deeds/{deed.pk}/")
    look.page.keyboard.press("a")
    look.page.wait_for_url(lambda url: not url.endswith(f"/{deed.pk}/"))
    assert balance(lamao) == 182
    look.page.context.clear_cookies()
    choose_pin(volunteer=lamao, pin=PIN, at=timezone.now())
    look.page.goto(f"{look.base}/c/{community.slug}/")
    look.page.fill("#id_number", str(lamao.number))
    look.page.fill("#id_pin", PIN)
    look.page.click("main button.main")
    look.page.wait_for_url("**/mine/")
    look.see("/mine/deeds/", name="mine-deeds")
    look.see("/mine/deeds/new/", name="mine-declare")
