"""The slip, its barcode, undoing, and the day's list."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from barcode import get_barcode_class
from django.utils import timezone

from points_store.barcodes import ean13_path
from rewards.models import Goal, Redemption
from tests import factories
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def redemption(lamao, soapy, towel, yangjin):
    return factories.redeem(lamao, [(soapy, 1), (towel, 1)], by=yangjin, at=timezone.now())


@pytest.fixture
def slip(redemption):
    return f"slips/{redemption.number}/"


def void(counter, slip, **fields):
    return counter.post(f"{slip}void/", **{"request_key": uuid4(), **fields})


def test_slip_says_who_what_and_what_is_left(counter, slip, lamao, community, duojie, redemption):
    cooker = factories.make_reward(community, "高压锅", by=duojie, price_points=200, stock=3)
    Goal.objects.create(volunteer=lamao, reward=cooker, chosen_at=factories.NOW)
    page = text(counter.get(slip))
    for words in (
        "索南拉毛 兑换了 2 件",
        "CX-0001",
        "新源镇城西社区党群服务中心",
        "离 高压锅（200 分）还差 55 分",
        "第一联 社区留存",
        "第二联 居民留存",
        "签字或按手印",
        "央金",
    ):
        assert words in page
    assert page.count('class="slip w80"') == page.count('class="slip w58"') == 1


def test_slip_leaves_what_is_set_aside_out_of_what_is_left(counter, slip, redemption):
    assert (redemption.available_before, redemption.available_after) == (180, 145)


def test_barcode_is_the_standards_own(redemption):
    path = ean13_path(redemption.number, 10)
    drawn = ["0"] * 95
    for start, width in re.findall(r"M(\d+) 0h(\d+)v10H\d+z", path):
        drawn[int(start) : int(start) + int(width)] = "1" * int(width)
    expected = get_barcode_class("ean13")(redemption.number).build()[0].replace("G", "1")
    assert "".join(drawn) == expected


@pytest.mark.parametrize("code", ["", "123", "2100000000000", "２１" * 7, "21000000000O5"])
def test_barcode_of_a_wrong_number_is_refused(code):
    with pytest.raises(ValueError, match=r"EAN-13|check digit"):
        ean13_path(code, 10)


def test_scanned_slip_is_found_again(counter, redemption, slip):
    assert counter.post("scan/", code=redemption.number).url == f"/counter/{slip}"


@pytest.mark.parametrize("number", ["2100000000005", "x", "%00", "9" * 50])
def test_slip_of_elsewhere_or_nowhere_is_404(counter, counter_of, slip, stranger, number):
    assert counter.get(f"slips/{number}/").status_code == 404
    elsewhere = counter_of(stranger)
    assert elsewhere.get(slip).status_code == 404
    assert void(elsewhere, slip).status_code == 404
    assert elsewhere.post(f"{slip}file/").status_code == 404


def test_clerk_undoes_within_ten_minutes_without_a_reason(counter, slip, lamao):
    assert "拿错了？" in text(counter.get(slip))
    assert void(counter, slip).url == f"/counter/{slip}"
    page = text(counter.get(slip))
    assert "索南拉毛 的兑换已撤销" in page
    assert "拿错了？" not in page
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 180


def test_undoing_twice_is_undone_once(counter, slip, lamao):
    key = uuid4()
    for sent in (key, key, uuid4()):
        assert void(counter, slip, request_key=sent).status_code == 302
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 180


def test_clerk_is_too_late_after_ten_minutes(counter, slip, redemption, time_machine):
    time_machine.move_to(redemption.redeemed_at + timedelta(minutes=11))
    counter.client.force_login(redemption.redeemed_by)
    assert "拿错了？" not in text(counter.get(slip))
    response = void(counter, slip, reason="拿错了")
    assert response.status_code == 422
    assert "请书记写明原因后撤销" in text(response)
    assert Redemption.objects.get().state == "done"


def test_another_clerk_cannot_undo(counter_of, slip, duojie):
    assert void(counter_of(duojie), slip).status_code == 422


def test_approver_undoes_later_with_a_reason(counter_of, slip, wangping):
    secretary = counter_of(wangping)
    assert "撤销这一笔" in text(secretary.get(slip))
    refused = void(secretary, slip, reason=" ")
    assert refused.status_code == 422
    assert "请写明撤销的原因" in text(refused)
    assert void(secretary, slip, reason="壶漏水").status_code == 302
    assert "壶漏水" in text(secretary.get(slip))


@pytest.mark.parametrize(
    "fields", [{"reason": "་" * 201}, {"reason": "\0\0"}, {"request_key": "x"}]
)
def test_odd_undoing_is_refused(counter, slip, fields):
    assert void(counter, slip, **fields).status_code == 422
    assert Redemption.objects.get().state == "done"


def test_own_household_is_not_undone(counter, slip, yangjin, lamao):
    yangjin.own_volunteer = lamao
    yangjin.save()
    response = void(counter, slip)
    assert response.status_code == 422
    assert "另一位同事" in text(response)


@pytest.mark.parametrize(("sent", "kept"), [("p58", "p58"), ("pa4", "pa4"), ("p99", "p80")])
def test_paper_is_remembered_on_this_computer(counter, slip, redemption, sent, kept):
    counter.post("paper/", slip=redemption.number, paper=sent)
    assert f'data-slip="{kept}"' in text(counter.get(slip))


def test_signed_slip_is_filed_from_its_page_and_from_the_day(counter, slip, redemption, lamao):
    assert "还有 1 张签字单没收齐" in text(counter.get("day/"))
    assert counter.post(f"{slip}file/", day="1").url == "/counter/day/"
    assert "没收齐" not in text(counter.get("day/"))
    assert "签字单已收好" in text(counter.get(slip))
    assert counter.post(f"{slip}file/").url == f"/counter/{slip}"


def test_day_counts_what_left_the_shelf(counter, redemption, lamao, soapy, towel, yangjin, duojie):
    voided = factories.redeem(lamao, [(soapy, 1)], by=yangjin, at=timezone.now())
    void(counter, f"slips/{voided.number}/")
    factories.redeem(lamao, [(towel, 1)], by=duojie, at=timezone.now() - timedelta(days=1))
    page = text(counter.get("day/"))
    assert "1 人，2 件，共 35 分" in page
    assert "已撤销" in page
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "1 人，1 件，共 10 分" in text(counter.get(f"day/?date={yesterday}"))


@pytest.mark.parametrize("asked", ["", "x", "2023-13-45", "9999-12-31", "0001-01-01", "%00"])
def test_odd_day_is_answered(counter, asked):
    assert counter.get(f"day/?date={asked}").status_code == 200


@pytest.mark.parametrize("path", ["", "void/", "file/"])
def test_slip_needs_the_right_to_redeem(counter_of, guanli, slip, path):
    counter = counter_of(guanli)
    answer = counter.get(slip) if not path else counter.post(f"{slip}{path}", request_key=uuid4())
    assert answer.status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_slip_takes_five_statements(
    counter, community, duojie, lamao, yangjin, count, django_assert_num_queries
):
    goods = [
        (factories.make_reward(community, f"肥皂{i}", by=duojie, price_points=5, stock=1), 1)
        for i in range(count)
    ]
    done = factories.redeem(lamao, goods, by=yangjin)
    counter.get("day/")
    with django_assert_num_queries(5):
        counter.get(f"slips/{done.number}/")


@pytest.mark.parametrize("count", [1, 3])
def test_day_takes_seven_statements(
    counter, lamao, soapy, yangjin, count, django_assert_num_queries
):
    for _ in range(count):
        factories.redeem(lamao, [(soapy, 1)], by=yangjin, at=timezone.now())
    counter.get("day/")
    with django_assert_num_queries(7):
        counter.get("day/")


def test_names_are_shown_as_they_are_and_never_as_markup(counter, slip, redemption):
    Volunteer.objects.update(name="<b>拉毛</b>")
    assert "<b>拉毛</b>" not in text(counter.get(slip))
