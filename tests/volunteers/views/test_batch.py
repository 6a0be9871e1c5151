"""Reviewing: who may confirm, decline and undo a batch, and what each says."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests import factories
from tests.volunteers.logging import logged
from volunteers.models import Membership, RecordBatch
from volunteers.operations.recording import Occasion, ServiceLine, record_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(community, duojie, lamao):
    """A clean-up of one person, entered by 多杰."""
    return entered(community, [lamao], by=duojie)


def entered(community, people, *, by):
    rule = factories.make_rule(community)
    return record_batch(
        request=factories.make_request(),
        community=community,
        occasion=Occasion(rule=rule, title="清洁", service_date=date(2023, 11, 15)),
        lines=[ServiceLine(person.pk, 60, "light") for person in people],
        by=by,
        at=factories.NOW,
    )


def press(client, verb, batch, **data):
    return client.post(reverse(f"desk:{verb}_batch", args=[batch.pk]), data)


def test_second_person_confirms(client, batch, wangping, lamao):
    client.force_login(wangping)

    answer = press(client, "confirm", batch)

    assert answer.status_code == 302
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 182


def test_confirming_twice_pays_once(client, batch, wangping, lamao):
    client.force_login(wangping)
    press(client, "confirm", batch)

    answer = press(client, "confirm", batch)

    assert answer.status_code == 409
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 182


def test_who_entered_it_cannot_confirm_it(client, community, wangping, lamao):
    own = entered(community, [lamao], by=wangping)
    client.force_login(wangping)

    answer = press(client, "confirm", own)

    assert answer.status_code == 422
    assert "请另一位来确认" in answer.text
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 180


def test_own_points_wait_for_another_while_the_rest_is_paid(
    client, community, duojie, wangping, lamao
):
    me = factories.make_volunteer(community, "王萍", by=duojie)
    wangping.own_volunteer = me
    wangping.save()
    both = entered(community, [lamao, me], by=duojie)
    client.force_login(wangping)

    press(client, "confirm", both)

    assert sorted(both.records.values_list("state", flat=True)) == ["confirmed", "submitted"]
    assert press(client, "confirm", both).status_code == 422
    both.refresh_from_db()
    assert both.state == RecordBatch.State.SUBMITTED


def test_county_approver_decides_where_one_works_alone(client, community, duojie, batch):
    county = factories.make_user("county", "县里", community, Membership.Role.COUNTY_APPROVER)
    client.force_login(county)

    assert press(client, "confirm", batch).status_code == 302
    batch.refresh_from_db()
    assert batch.decided_by == county


def test_declining_needs_a_reason(client, batch, wangping):
    client.force_login(wangping)

    answer = press(client, "decline", batch, **{"decline-reason": ""})

    assert answer.status_code == 422
    batch.refresh_from_db()
    assert batch.state == RecordBatch.State.SUBMITTED


def test_declined_batch_says_why(client, batch, wangping, duojie):
    client.force_login(wangping)
    press(client, "decline", batch, **{"decline-reason": "那天下雨取消了"})
    client.force_login(duojie)

    answer = client.get(reverse("desk:batch", args=[batch.pk]))

    assert "那天下雨取消了" in answer.text


def test_undone_batch_takes_the_points_back_and_shows_the_debt(client, batch, wangping, lamao):
    client.force_login(wangping)
    press(client, "confirm", batch)

    answer = press(client, "void", batch, **{"void-reason": "登记错了一天"})

    assert answer.status_code == 302
    lamao.account.refresh_from_db()
    assert lamao.account.balance == 180
    assert press(client, "void", batch, **{"void-reason": "再撤一次"}).status_code == 409


@pytest.mark.parametrize("verb", ["confirm", "decline", "void"])
def test_recorder_may_not_decide(client, batch, duojie, verb):
    client.force_login(duojie)

    assert press(client, verb, batch).status_code == 403


@pytest.mark.parametrize("verb", ["confirm", "decline", "void"])
def test_another_communitys_batch_is_not_there(client, batch, stranger, verb):
    client.force_login(stranger)

    assert press(client, verb, batch).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_batch_page_costs_the_same_for_one_and_three(
    client, community, duojie, rows, django_assert_num_queries
):
    people = [factories.make_volunteer(community, f"居民{n}", by=duojie) for n in range(rows)]
    found = entered(community, people, by=duojie)
    client.force_login(duojie)

    with django_assert_num_queries(8):
        client.get(reverse("desk:batch", args=[found.pk]))


@pytest.mark.parametrize("rows", [1, 3])
def test_review_costs_the_same_for_one_and_three(
    client, community, duojie, wangping, rows, django_assert_num_queries
):
    for number in range(rows):
        person = factories.make_volunteer(community, f"居民{number}", by=duojie)
        rule = factories.make_rule(community, f"项目{number}")
        record_batch(
            request=factories.make_request(),
            community=community,
            occasion=Occasion(rule=rule, title=f"清洁{number}", service_date=date(2023, 11, 15)),
            lines=[ServiceLine(person.pk, 60, "light")],
            by=duojie,
            at=factories.NOW,
        )
    client.force_login(wangping)

    with django_assert_num_queries(11):
        client.get(reverse("desk:review"))


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2023, 11, 1), True), (date(2023, 11, 2), False)]
)
def test_after_ten_working_days_it_is_flagged_not_refused(
    client, community, duojie, lamao, day, is_late
):
    """Logged on Thursday 16 November: the tenth working day of the 2nd."""
    late = logged(community, [lamao], by=duojie, service_date=day)
    client.force_login(duojie)
    page = client.get(reverse("desk:batch", args=[late.pk]))
    assert ("超过 10 个工作日" in page.text) == is_late
