"""The shell in a real browser: look, keyboard, scanner, a cut network."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import include, path

from points_store import urls as project_urls
from points_store.views.gallery import gallery
from tests.browser.conftest import OFFICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The gallery stands at its address only with DEBUG; here it always does.
urlpatterns = [path("gallery/", gallery, name="gallery"), path("", include(project_urls))]
handler404 = project_urls.handler404


def test_the_sign_in_page(look, community):
    look.see("/staff/login/", name="login")


def test_a_wrong_sign_in_puts_the_focus_on_what_is_wrong(look, community):
    look.see("/staff/login/", name="login")
    look.page.click("button.main")
    look.page.wait_for_selector(".summary")
    page = look.see(name="login-wrong")
    assert page.evaluate("document.activeElement.className") == "summary"
    page.click(".summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_username"


def test_a_page_that_is_not_there(look, community):
    look.see("/nowhere/", name="404")


@pytest.mark.urls(__name__)
def test_the_gallery_of_parts(look, community):
    look.see("/gallery/", name="gallery")


def test_the_account_and_the_table_of_roles(look, wangping):
    look.sign_in(wangping)
    look.see("/staff/account/", name="account")
    look.see("/help/roles/", name="roles")


def test_the_admin_in_our_clothes(look, guanli):
    look.sign_in(guanli)
    look.see("/admin/", name="admin")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_need_no_session(language):
    for status in (400, 403, 404, 500, 503):
        assert f">{status}<" in render_to_string(f"{status}.html")


def test_staff_work_with_the_keyboard_alone(open_window, yangjin):
    with open_window(OFFICE) as look:
        look.page.goto(f"{look.base}/staff/login/")
        look.page.keyboard.type("yangjin")
        look.page.keyboard.press("Tab")
        look.page.keyboard.type("yangjin-pass-1")
        look.page.keyboard.press("Enter")
        look.page.wait_for_url(lambda url: "/login/" not in url)
        look.page.keyboard.press("Tab")
        assert look.page.evaluate("document.activeElement.className") == "skip"


def test_the_staff_shell_at_200_percent(open_window, wangping):
    with open_window((683, 384), device_scale_factor=2) as look:
        look.sign_in(wangping)
        look.see("/staff/account/", name="account-200-percent")


@pytest.mark.urls(__name__)
def test_a_scan_is_heard_wherever_the_focus_is(open_window, community):
    with open_window() as look:
        page = look.see("/gallery/", name="gallery")
        page.evaluate(
            "window.codes = [];"
            "document.addEventListener('scan', (e) => {codes.push(e.detail.code);"
            "e.preventDefault()})"
        )
        page.focus("#id_name")
        page.keyboard.type("2000000000121")
        page.keyboard.press("Enter")
        assert page.evaluate("codes") == ["2000000000121"]
        assert page.input_value("#id_name") == "索南拉毛"
        page.keyboard.type("20231116", delay=80)  # a person's hand is slower
        page.keyboard.press("Enter")
        assert page.evaluate("codes.length") == 1


@pytest.mark.urls(__name__)
def test_a_printed_key_presses_its_button_but_not_while_typing(open_window, community):
    with open_window() as look:
        page = look.see("/gallery/", name="gallery")
        page.evaluate(
            "document.querySelector('[data-key=F9]').onclick = () => {document.title = 'F9'}"
        )
        page.focus("#id_name")
        page.keyboard.press("F9")
        assert page.title() == "F9"


def test_a_cut_network_keeps_the_form(open_window, community):
    with open_window() as look:
        page = look.see("/staff/login/", name="login")
        page.fill("#id_username", "yangjin")
        page.route("**/alive/", lambda route: route.abort())
        page.click("button.main")
        page.wait_for_selector(".cut")
        assert "网络断了，刚才这一笔还没有记上。" in page.inner_text(".cut")
        assert page.input_value("#id_username") == "yangjin"
        assert page.is_enabled("button.main")
        page.unroute("**/alive/")
        page.click("button.main")
        page.wait_for_selector(".summary")


def test_a_double_click_sends_one_form(open_window, community):
    with open_window() as look:
        page = look.see("/staff/login/", name="login")
        sent = []
        page.on("request", lambda request: sent.append(request.method))
        page.dblclick("button.main")
        page.wait_for_selector(".summary")
        assert sent.count("POST") == 1
