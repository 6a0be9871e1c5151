"""The tree in a real browser: it lives, keeps still when nothing happens, waits for a server."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.wishes import making
from wishes.models import Wish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HALL, OFFICE = (1920, 1080), (1366, 768)
TITLES = (
    "想要一盏起夜用的小灯", "想学会和孙女视频通话", "修好漏水的水龙头", "一副合适的老花镜",
    "给孩子一套课外书", "冬天用的电热毯", "换一把结实的拐杖", "有人陪着去体检",
)  # fmt: skip


def hang_some(community, by, *, lit, claimed, waiting):
    now = timezone.now()
    unit = making.make_unit(community)
    for number in range(lit + claimed + waiting):
        at = now - timedelta(hours=lit + claimed + waiting - number)
        wish = making.hang(community, by, title=TITLES[number % len(TITLES)], at=at)
        if number < lit + claimed:
            due_date = at.date() + timedelta(days=9)
            making.pledge(wish, unit=making.make_unit(community, f"{unit}{number // 8}"), by=by,
                          at=at, due_date=due_date)  # fmt: skip
        if number < lit:
            making.deliver(wish, by, at=at)
            making.light(wish, by, at=at)
    return community


@pytest.fixture
def tree(community, duojie):
    """One delivered wish, whose lamp may be lit at any moment, among a dozen others."""
    hang_some(community, duojie, lit=6, claimed=3, waiting=3)
    wish = Wish.objects.filter(state="pledged").first()
    making.deliver(wish, duojie)
    return wish


@pytest.mark.parametrize("size", [HALL, OFFICE])
def test_the_screen_is_in_order(size, open_window, tree):
    with open_window(size) as window:
        window.see("/tv/chengxi/", name="tv")


def test_an_empty_tree_is_in_order(open_window, community):
    with open_window(HALL) as window:
        window.see("/tv/chengxi/", name="tv-empty")


def test_the_tree_on_a_phone(look, tree):
    look.see("/tree/chengxi/", name="tree")
    look.see("/tree/chengxi/?show=lit", name="tree-lit")
    look.see("/tree/chengxi/text/", name="tree-text")
    for wish in Wish.objects.public().filter(number__in=[1, tree.number, 12]):
        look.see(f"/tree/chengxi/{wish.number}/", name=f"wish-{wish.state}")


def test_a_lit_wish_glows_within_five_seconds(open_window, tree, wangping):
    with open_window(HALL) as window:
        page = window.see("/tv/chengxi/", name="tv")
        swaying = page.query_selector(".lamp.lit[data-number='1']")
        making.light(tree, wangping, at=timezone.now())

        began = time.monotonic()
        page.wait_for_selector(f".lamp.lit[data-number='{tree.number}'] img", timeout=5000)
        took = time.monotonic() - began

        assert page.inner_text("#tally .lit b") == "7"
        assert tree.title in page.inner_text("#just")
        assert swaying.evaluate("lamp => lamp.isConnected")  # the others were left alone
        assert window.complaints == []
    print(f"the lamp glowed after {took:.1f} s")


def test_a_quiet_screen_is_answered_not_modified(open_window, tree):
    answers = []
    with open_window(HALL) as window:
        window.page.on("response", lambda answer: answers.append((answer.url, answer.status)))
        window.see("/tv/chengxi/", name="tv")
        window.page.wait_for_timeout(9500)

    assert [status for url, status in answers if url.endswith("/live/")].count(304) >= 2
    assert all(status in {200, 304} for _url, status in answers)


def test_the_screen_waits_for_a_server_that_went_away(open_window, tree, wangping):
    with open_window(HALL) as window:
        page = window.see("/tv/chengxi/", name="tv")
        page.route("**/live/", lambda route: route.abort())
        page.wait_for_selector("[data-cut-note]:not([hidden])", timeout=40000)
        making.light(tree, wangping, at=timezone.now())
        page.unroute("**/live/")

        page.wait_for_selector(f".lamp.lit[data-number='{tree.number}'] img", timeout=25000)
        page.wait_for_selector("[data-cut-note]", state="hidden")


def test_only_transform_and_opacity_move(open_window, tree):
    with open_window(HALL) as window:
        page = window.see("/tv/chengxi/", name="tv")
        moved = page.evaluate(
            """() => [...new Set(document.getAnimations().flatMap((one) =>
                 one.effect.getKeyframes().flatMap((frame) => Object.keys(frame))))]"""
        )

    moved = set(moved) - {"offset", "easing", "composite", "computedOffset"}
    assert moved == {"transform", "opacity"}


def test_reduced_motion_keeps_everything_still_and_said(open_window, tree):
    with open_window(HALL, reduced_motion="reduce") as window:
        page = window.see("/tv/chengxi/", name="tv-still")
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.locator(".lamp").count() == 12
        assert re.search("等您认领", page.inner_text("#open"))


@pytest.mark.slow
def test_an_idle_screen_leaves_the_main_thread_alone(open_window, community, duojie):
    hang_some(community, duojie, lit=30, claimed=9, waiting=9)
    with open_window(HALL) as window:
        page = window.see("/tv/chengxi/", name="tv-full")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def busy():
            metrics = session.send("Performance.getMetrics")["metrics"]
            return {metric["name"]: metric["value"] for metric in metrics}["TaskDuration"]

        page.wait_for_timeout(3000)
        before = busy()
        page.wait_for_timeout(10000)
        share = (busy() - before) / 10

    print(f"main thread busy {share:.1%} of the time")
    assert share < 0.25
