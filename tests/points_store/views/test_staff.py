"""Signing in and out, one's account, the community one works in."""

from __future__ import annotations

import threading
import time

import pytest
import time_machine
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client

from points_store import sessions
from tests import factories
from volunteers.models import Membership

LOGIN = "/staff/login/"


def sign_in(client, user, password=None, **extra):
    password = f"{user.username}-pass-1" if password is None else password
    return client.post(LOGIN, {"username": user.username, "password": password, **extra})


def test_staff_sign_in_and_start_at_the_rail(client, guanli):
    response = sign_in(client, guanli)
    assert response.status_code == 302
    assert response.url == "/staff/"
    assert "_auth_user_id" in client.session


def test_staff_come_back_to_the_page_they_wanted(client, yangjin):
    assert sign_in(client, yangjin, next="/help/roles/").url == "/help/roles/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:1"])
def test_a_sign_in_never_leads_to_another_host(client, yangjin, elsewhere):
    assert sign_in(client, yangjin, next=elsewhere).url == "/staff/"


@pytest.mark.parametrize("username", ["yangjin", "nobody", "", "a\x00b", "长" * 200])
def test_a_wrong_sign_in_says_the_same_for_known_and_unknown(client, yangjin, username):
    response = client.post(LOGIN, {"username": username, "password": "wrong-password"})
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session
    if username in {"yangjin", "nobody"}:
        assert "账号或密码不对，请再核对一下。" in response.content.decode()


def test_what_was_typed_is_kept_except_the_password(client, yangjin):
    page = sign_in(client, yangjin, "wrong-password").content.decode()
    assert 'value="yangjin"' in page
    assert "wrong-password" not in page
    assert "<title>有问题：" in page


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_machine": True}])
def test_who_left_and_machines_do_not_get_in(client, community, state):
    user = factories.make_user("gone", "走了", community, Membership.Role.CLERK, **state)
    assert sign_in(client, user).status_code == 422
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_close_the_door_for_a_while(client, yangjin):
    for _ in range(4):
        assert sign_in(client, yangjin, "wrong").status_code == 422
    response = sign_in(client, yangjin, "wrong")
    assert response.status_code == 429
    assert "先停 15 分钟" in response.content.decode()
    assert sign_in(client, yangjin).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_passwords_sent_together_are_tried_one_after_the_other(yangjin):
    answers = []

    def attempt():
        answers.append(sign_in(Client(), yangjin, "wrong").status_code)
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(422) == 4
    assert answers.count(429) == 8
    assert AccessAttempt.objects.get().failures_since_start >= 5


def test_signing_out_needs_a_post_and_ends_the_session(client, yangjin):
    sign_in(client, yangjin)
    assert client.get("/staff/logout/").status_code == 405
    assert client.post("/staff/logout/").url == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_new_sign_in_has_a_new_session(client, yangjin):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, yangjin)
    assert client.session.session_key != before


@pytest.mark.parametrize(("minutes", "still_in"), [(14, True), (16, False)])
def test_a_quarter_of_an_hour_without_a_click_signs_out(client, yangjin, minutes, still_in):
    with time_machine.travel("2023-11-16 10:00 +0800", tick=False) as clock:
        sign_in(client, yangjin)
        client.get("/staff/account/")
        clock.shift(minutes * 60)
        response = client.get("/help/roles/?x=1")
    assert (response.status_code == 200) is still_in
    if not still_in:
        assert response.url == "/staff/login/?next=/help/roles/%3Fx%3D1"


def test_twelve_hours_sign_out_even_who_is_busy(client, yangjin):
    with time_machine.travel("2023-11-16 08:00 +0800", tick=False) as clock:
        sign_in(client, yangjin)
        for _ in range(72):
            assert client.get("/staff/account/").status_code == 200
            clock.shift(10 * 60)
        clock.shift(1)
        assert client.get("/staff/account/").status_code == 302


def test_the_session_is_written_once_a_minute_only(client, yangjin, django_assert_num_queries):
    client.force_login(yangjin)
    client.get("/staff/account/")
    session = client.session
    session[sessions.SEEN_KEY] = time.time()
    session.save()
    with django_assert_num_queries(3):  # session, user, memberships
        client.get("/staff/account/")


def test_a_person_disabled_meanwhile_is_out_at_the_next_click(client, yangjin):
    client.force_login(yangjin)
    yangjin.is_active = False
    yangjin.save()
    assert client.get("/staff/account/").status_code == 302


def test_a_role_taken_away_counts_from_the_next_click(client, yangjin):
    client.force_login(yangjin)
    yangjin.memberships.all().delete()
    assert client.get("/staff/account/").status_code == 403


def test_the_password_is_changed_and_other_sessions_end(client, yangjin):
    elsewhere = Client()
    elsewhere.force_login(yangjin)
    client.force_login(yangjin)
    fields = {"old_password": "yangjin-pass-1", "new_password1": "xin-mima-27"}
    response = client.post("/staff/account/", {**fields, "new_password2": "xin-mima-27"})
    assert response.status_code == 302
    assert client.get("/staff/account/").status_code == 200
    assert elsewhere.get("/staff/account/").status_code == 302


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"old_password": "wrong"}, "原密码不对"),
        ({"new_password2": "other-27-word"}, "两次输入的新密码不一样"),
        ({"new_password1": "12345678", "new_password2": "12345678"}, ""),
        ({"new_password1": "", "new_password2": ""}, "请填写新密码。"),
    ],
)
def test_a_password_that_will_not_do_is_refused(client, yangjin, change, says):
    client.force_login(yangjin)
    fields = {"old_password": "yangjin-pass-1", "new_password1": "xin-mima-27"}
    response = client.post("/staff/account/", {**fields, "new_password2": "xin-mima-27", **change})
    assert response.status_code == 422
    assert says in response.content.decode()


def test_the_community_is_switched_to_ones_own_only(client, yangjin, community, other_community):
    third = factories.make_community(slug="third", name="第三社区")
    Membership.objects.create(user=yangjin, community=other_community, role="recorder")
    client.force_login(yangjin)
    page = client.get("/staff/", follow=True).content.decode()
    assert community.name in page
    assert third.name not in page
    for chosen in (third.pk, "", "abc", "９", str(2**63), "1\x00"):
        client.post("/staff/community/switch/", {"community": chosen})
        assert "community_id" not in client.session
    client.post("/staff/community/switch/", {"community": other_community.pk})
    assert client.session["community_id"] == other_community.pk


def test_a_visitor_switches_no_community(client, community):
    response = client.post("/staff/community/switch/", {"community": community.pk})
    assert response.url == LOGIN
    assert client.get("/staff/community/").url == LOGIN


def test_the_published_table_is_the_one_that_is_asked(client, yangjin, django_assert_num_queries):
    client.force_login(yangjin)
    client.get("/help/roles/")
    with django_assert_num_queries(3):
        page = client.get("/help/roles/").content.decode()
    assert page.count("可以") > 50
    assert "确认别人登记的服务" in page


def test_the_admin_uses_the_same_sign_in(client, guanli, yangjin):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/staff/login/?next=/admin/"
    client.force_login(yangjin)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403
    client.force_login(guanli)
    page = client.get("/admin/").content.decode()
    assert "积分小超市 · 设置" in page
    assert "css/admin" in page
