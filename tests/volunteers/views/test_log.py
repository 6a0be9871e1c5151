"""The logging page without its script: what it takes, refuses, keeps."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests import factories
from volunteers.models import LogDraft, RecordBatch, ServiceRecord

pytestmark = pytest.mark.django_db
LOG = "/desk/log/"


@pytest.fixture
def rule(community):
    return factories.make_rule(community, per_occasion_points=0, per_hour_points=2)


@pytest.fixture
def desk(client, duojie):
    client.force_login(duojie)
    return client


def page(rule, people, /, **fields):
    data = {
        "request_key": str(uuid4()),
        "rule": rule.pk,
        "title": "",
        "service_date": "2023-11-15",
        "place": "藏式小区北门",
        "hours": "1.5",
        "intensity": "light",
        "person_in_charge": "多杰",
        "content": "",
        "row": [],
    }
    for number, person in enumerate(people, start=1):
        data["row"].append(f"r{number}")
        data[f"volunteer-r{number}"] = person.pk
        data[f"hours-r{number}"] = "1.5"
        data[f"intensity-r{number}"] = "light"
    return data | fields


def test_thirty_people_become_one_batch(desk, community, duojie, rule):
    people = [factories.make_volunteer(community, f"居民{n}", by=duojie) for n in range(30)]

    answer = desk.post(LOG, page(rule, people, **{"hours-r2": "2", "intensity-r2": "heavy"}))

    batch = RecordBatch.objects.get()
    assert answer.url == reverse("desk:batch", args=[batch.pk])
    records = batch.records.order_by("id")
    assert [record.points for record in records[:3]] == [3, 8, 3]
    assert {record.state for record in records} == {"submitted"}
    assert records[0].calculation["percent"] == 100


def test_same_page_sent_twice_is_one_batch(desk, lamao, rule):
    data = page(rule, [lamao])

    first = desk.post(LOG, data)
    second = desk.post(LOG, data)

    assert first.url == second.url
    assert RecordBatch.objects.count() == 1


def test_same_key_with_other_people_is_refused(desk, community, duojie, lamao, rule):
    data = page(rule, [lamao])
    desk.post(LOG, data)
    other = factories.make_volunteer(community, "卓玛", by=duojie)

    answer = desk.post(LOG, page(rule, [other], request_key=data["request_key"]))

    assert answer.status_code == 422
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("hours-r1", "25", "rows"),
        ("hours-r1", "-1", "rows"),
        ("hours-r1", "１", "rows"),
        ("hours-r1", str(2**63), "rows"),
        ("volunteer-r1", str(2**63), "rows"),
        ("volunteer-r1", "", "rows"),
        ("intensity-r1", "huge", "rows"),
        ("service_date", "2023-02-30", "service_date"),
        ("service_date", "2999-01-01", "service_date"),
        ("service_date", "1900-01-01", "service_date"),
        ("rule", "999999", "rule"),
        ("title", "བ" * 101, "title"),
        ("place", "a\x00b", "place"),
    ],
)
def test_bad_input_is_said_where_it_stands_and_nothing_is_lost(
    desk, lamao, rule, field, value, where
):
    answer = desk.post(LOG, page(rule, [lamao], **{field: value}))

    assert answer.status_code == 422
    assert ServiceRecord.objects.count() == 0
    sheet = answer.context["sheet"]
    assert sheet.problems if where == "rows" else where in sheet.form.errors
    assert LogDraft.objects.get().people_count == 1


def test_nobody_listed_is_refused(desk, rule):
    answer = desk.post(LOG, page(rule, []))

    assert answer.status_code == 422
    assert RecordBatch.objects.count() == 0


def test_a_person_recorded_before_is_marked(desk, lamao, rule):
    desk.post(LOG, page(rule, [lamao]))

    answer = desk.post(LOG, page(rule, [lamao]))

    assert answer.status_code == 422
    assert "已登记过同一活动" in answer.context["sheet"].lines[0].note


def test_a_person_of_another_community_is_unknown(desk, other_community, duojie, rule):
    theirs = factories.make_volunteer(other_community, "卓玛", by=duojie)

    answer = desk.post(LOG, page(rule, [theirs]))

    assert answer.status_code == 422
    assert ServiceRecord.objects.count() == 0


def test_typed_name_becomes_a_row(desk, lamao, rule):
    answer = desk.post(reverse("desk:log_rows"), page(rule, [], text="snlm"))

    assert answer.status_code == 200
    assert answer.context["lines"][0].volunteer == lamao


def test_check_counts_and_keeps_a_draft(desk, lamao, rule):
    data = page(rule, [lamao])

    counted = desk.post(reverse("desk:log_check"), data).json()

    assert (counted["people"], counted["hours"], counted["points"]) == (1, "1.5", 3)
    assert counted["rows"]["r1"] == {"points": 3, "note": "", "kind": ""}
    kept = desk.get(f"{LOG}?draft={data['request_key']}")
    assert kept.context["sheet"].lines[0].volunteer == lamao


def test_a_draft_is_its_authors_alone(client, desk, lamao, rule, wangping):
    data = page(rule, [lamao])
    desk.post(reverse("desk:log_check"), data)
    client.force_login(wangping)

    assert client.get(f"{LOG}?draft={data['request_key']}").status_code == 404


def test_last_times_people_come_back(desk, community, duojie, lamao, rule):
    namesake = factories.make_volunteer(community, "索南拉毛", by=duojie)
    desk.post(LOG, page(rule, [lamao, namesake]))

    answer = desk.post(reverse("desk:log_rows"), page(rule, [], last="1"))

    assert [line.volunteer for line in answer.context["lines"]] == [lamao, namesake]


def test_clerk_may_not_log(client, yangjin):
    client.force_login(yangjin)

    assert client.get(LOG).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    desk, community, duojie, rule, rows, django_assert_num_queries
):
    people = [factories.make_volunteer(community, f"居民{n}", by=duojie) for n in range(rows)]

    with django_assert_num_queries(18):
        desk.post(reverse("desk:log_check"), page(rule, people))
