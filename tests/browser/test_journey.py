"""The main job from end to end, as staff and a resident do it, in the browser alone."""

from __future__ import annotations

import pytest

from rewards.models import Redemption
from tests import factories
from tests.browser.conftest import PHONE
from tests.office_files import ROSTER_HEADER, xlsx
from volunteers.models import RecordBatch, Volunteer
from volunteers.operations.pins import choose_pin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "480215"
PEOPLE = 30
HEROINE = "索南拉毛"


@pytest.fixture
def rule(community):
    return factories.make_rule(community, per_occasion_points=60)


@pytest.fixture
def kettle(community, duojie):
    return factories.make_reward(
        community, "不锈钢水壶 5升", by=duojie, price_points=60, stock=6, symbol="kettle"
    )


def names():
    return [HEROINE, *(f"居民{chr(0x4E00 + number)}" for number in range(1, PEOPLE))]


def import_roster(look):
    """The office's own table comes in: thirty people, each at a door of their own."""
    rows = [ROSTER_HEADER] + [
        [number, name, None, "女", "1968-05", None, "藏式小区", f"{number}栋1单元101"]
        for number, name in enumerate(names(), start=1)
    ]
    page = look.page
    page.goto(f"{look.base}/imports/file/roster/")
    page.set_input_files("input[type=file]", {
        "name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows),
    })  # fmt: skip
    page.click("main form button.main")
    page.wait_for_selector("input[name=fingerprint]", state="attached")
    page.click("button[value=import]")
    page.wait_for_selector(".note.ok")
    assert Volunteer.objects.count() == PEOPLE


def log_clean_up(look):
    """Thirty names are pasted from the group chat and sent with one key."""
    page = look.page
    look.see("/desk/log/", name="journey-log-empty")
    page.click("button[formaction$='/paste/']")
    page.fill("#id_roster", "\n".join(f"{n}. {name}" for n, name in enumerate(names(), start=1)))
    page.click("button[name=read]")
    page.wait_for_selector(".match .ok")
    look.see(name="journey-paste")
    page.click("button[name=join][value='1']")
    page.wait_for_selector("[data-row]")
    page.wait_for_function("document.querySelector('[data-total]').textContent === '1800'")
    look.see(name="journey-log")
    page.keyboard.press("F9")
    page.wait_for_url("**/desk/batches/*/")
    look.see(name="journey-batch")


def confirm(look):
    page = look.page
    look.see("/desk/review/", name="journey-review")
    page.keyboard.press("1")
    page.wait_for_url("**/desk/batches/*/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("a")
    page.wait_for_selector(".tag.ok")
    assert RecordBatch.objects.get().state == "confirmed"


def read_handbook(look, community, expected):
    page = look.page
    page.goto(f"{look.base}/c/{community.slug}/")
    page.fill("#id_number", "1")
    page.fill("#id_pin", PIN)
    page.click("button.main")
    page.wait_for_url("**/mine/")
    look.see(name="journey-handbook")
    assert expected in page.inner_text("main")


def redeem_kettle(look, person):
    """Find the person by initials, take the kettle, sign on paper, get the slip."""
    page = look.page
    page.goto(f"{look.base}/counter/")
    page.fill("#id_q", "snlm")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/counter/{person.pk}/")
    page.wait_for_function("document.activeElement.id === 'scan-field'")
    page.keyboard.type("水壶")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines > li")
    page.keyboard.press("F9")
    page.wait_for_selector("dialog[open]")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/counter/slips/*/")
    look.see(name="journey-slip")


def test_roster_clean_up_confirmation_handbook_kettle_slip_void(
    open_window, community, rule, kettle, duojie, wangping, yangjin
):
    with open_window() as desk:
        desk.sign_in(duojie)
        import_roster(desk)
        log_clean_up(desk)
    with open_window() as secretary:
        secretary.sign_in(wangping)
        confirm(secretary)
    heroine = Volunteer.objects.select_related("account").get(name=HEROINE)
    assert (heroine.number, heroine.account.balance) == (1, 60)
    choose_pin(volunteer=heroine, pin=PIN, at=factories.NOW)
    with open_window(PHONE) as phone:
        read_handbook(phone, community, "60")
    with open_window() as counter:
        counter.sign_in(yangjin)
        redeem_kettle(counter, heroine)
        kettle.refresh_from_db()
        assert kettle.on_hand == 5
        counter.page.focus(".undobar button")
        counter.page.keyboard.press("Enter")
        counter.page.wait_for_selector(".okmark.undone")
    heroine.account.refresh_from_db()
    kettle.refresh_from_db()
    assert (heroine.account.balance, kettle.on_hand) == (60, 6)
    assert Redemption.objects.get().state == "voided"
