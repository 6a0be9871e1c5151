"""The contract over HTTP: tokens, scopes, tenancy, keys, problems, pages, strict JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from rewards.models import Redemption
from tests import factories
from volunteers.operations.api_tokens import issue_token, open_api_client, revoke_token
from volunteers.operations.pins import choose_pin

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/v1"
PROBLEM = "application/problem+json"
EVERYTHING = ["read", "record", "counter", "wishes"]
_keys = count(1)


@pytest.fixture
def api_client(community):
    return open_api_client(community=community, name="县平台")


@pytest.fixture
def token(api_client, guanli):
    return issue_token(
        client=api_client,
        scopes=EVERYTHING,
        lasts=timedelta(days=1),
        by=guanli,
        at=timezone.now(),
    )


@pytest.fixture
def get(client, token):
    def ask(path, text=None, **headers):
        return client.get(f"{BASE}{path}", headers=bearer(text or token.text) | headers)

    return ask


@pytest.fixture
def post(client, token):
    def send(path, body, key=None, text=None, content_type="application/json"):
        raw = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = bearer(text or token.text) | {"Idempotency-Key": key or f"k{next(_keys)}"}
        return client.post(f"{BASE}{path}", raw, content_type=content_type, headers=headers)

    return send


@pytest.fixture
def kettle(community, duojie):
    return factories.make_reward(community, "水壶", by=duojie, price_points=60, stock=2)


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def basket(lamao, kettle, **confirmation):
    return {
        "member_no": lamao.number,
        "lines": [{"reward_id": kettle.pk, "quantity": 1}],
        "confirmation": confirmation or {"method": "paper"},
    }


def test_a_person_is_shown_with_a_masked_phone(get, lamao, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = get(f"/volunteers/{lamao.number}/")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["available"], body["held"], body["phone_masked"]) == (180, 0, "138****1234")
    assert "phone" not in body


def test_without_a_token_nobody_reads(client, lamao):
    answer = client.get(f"{BASE}/volunteers/")

    assert answer.status_code == 401
    assert answer["Content-Type"] == PROBLEM
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("text", ["wrong", "", "ü"])
def test_a_wrong_token_is_no_token(client, lamao, text):
    assert client.get(f"{BASE}/volunteers/", headers=bearer(text)).status_code == 401


def test_a_token_in_the_address_is_not_read(client, token, lamao):
    assert client.get(f"{BASE}/volunteers/?token={token.text}").status_code == 401


def test_a_revoked_and_an_expired_token_end_at_once(get, token, guanli, lamao):
    revoke_token(token=token.token, by=guanli, at=timezone.now())

    assert get("/volunteers/").status_code == 401


def test_scope_is_asked_for_each_method(api_client, guanli, get, post, lamao, kettle):
    reader = issue_token(
        client=api_client, scopes=["read"], lasts=timedelta(days=1), by=guanli, at=timezone.now()
    )

    assert get("/rewards/", reader.text).status_code == 200
    refused = post("/redemptions/", basket(lamao, kettle), text=reader.text)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")


def test_another_communitys_thing_is_the_same_404_as_a_missing_one(
    get, other_community, duojie, kettle
):
    theirs = factories.make_reward(other_community, "别家的壶", by=duojie)

    foreign, missing = get(f"/rewards/{theirs.pk}/"), get("/rewards/999999999/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_redeeming_with_a_pin(post, lamao, kettle):
    choose_pin(volunteer=lamao, pin="480215", at=timezone.now())

    answer = post("/redemptions/", basket(lamao, kettle, method="pin", pin="480215"))

    assert answer.status_code == 201, answer.text
    assert answer.json()["balance_after"] == 120


def test_a_wrong_pin_is_counted_and_refused(post, lamao, kettle):
    choose_pin(volunteer=lamao, pin="480215", at=timezone.now())

    answer = post("/redemptions/", basket(lamao, kettle, method="pin", pin="111222"))

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/wrong-pin")
    assert answer.json()["tries_left"] == 4
    assert Redemption.objects.count() == 0


def test_a_retry_answers_what_happened_first(post, get, lamao, kettle):
    first = post("/redemptions/", basket(lamao, kettle), key="once")
    again = post("/redemptions/", basket(lamao, kettle), key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert Redemption.objects.count() == 1


def test_a_key_with_other_content_is_refused(post, lamao, kettle):
    post("/redemptions/", basket(lamao, kettle), key="once")
    other = basket(lamao, kettle, method="collector", collector_name="孙子")

    answer = post("/redemptions/", other, key="once")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")


def test_a_refusal_leaves_no_key(post, community, duojie, lamao, kettle):
    dear = factories.make_reward(community, "高压锅", by=duojie, price_points=200, stock=1)
    refused = post("/redemptions/", basket(lamao, dear), key="again")
    factories.give_points(lamao, 20, by=duojie)

    assert refused.status_code == 422
    assert (refused.json()["available"], refused.json()["needed"]) == (180, 200)
    assert post("/redemptions/", basket(lamao, dear), key="again").status_code == 201


def test_writing_without_a_key_is_malformed(client, token, lamao, kettle):
    answer = client.post(
        f"{BASE}/redemptions/",
        json.dumps(basket(lamao, kettle)),
        content_type="application/json",
        headers=bearer(token.text),
    )

    assert (answer.status_code, answer.json()["type"]) == (
        400,
        "/problems/idempotency-key-missing",
    )


def test_voiding_gives_points_and_goods_back_once(post, lamao, kettle):
    made = post("/redemptions/", basket(lamao, kettle)).json()

    first = post(f"/redemptions/{made['id']}/void/", {"reason": "拿错了"})
    second = post(f"/redemptions/{made['id']}/void/", {"reason": "拿错了"})

    assert (first.status_code, first.json()["state"]) == (200, "voided")
    assert second.status_code == 409


def test_service_is_recorded_by_one_and_confirmed_by_another(community, guanli, post, lamao):
    rule = factories.make_rule(community)
    other = issue_token(
        client=open_api_client(community=community, name="确认"),
        scopes=["record"],
        lasts=timedelta(days=1),
        by=guanli,
        at=timezone.now(),
    )
    body = {
        "member_no": lamao.number,
        "rule_id": rule.pk,
        "service_date": "2023-11-15",
        "minutes": 90,
        "intensity": "heavy",
    }
    made = post("/service-records/", body).json()
    confirm = f"/service-records/{made['id']}/confirm/"

    own = post(confirm, {})
    others = post(confirm, {}, text=other.text)

    assert (made["points"], made["state"]) == (4, "submitted")
    assert (own.status_code, own.json()["type"]) == (422, "/problems/same-person-decides")
    assert (others.status_code, others.json()["state"]) == (200, "confirmed")
    assert post(confirm, {}, text=other.text).status_code == 409


@pytest.mark.parametrize("quantity", ['"1"', "1.0", "true", "1e0", "0", "-1", str(2**63), "null"])
def test_a_quantity_is_a_whole_number_or_nothing(post, lamao, kettle, quantity):
    raw = json.dumps(basket(lamao, kettle)).replace('"quantity": 1', f'"quantity": {quantity}')

    answer = post("/redemptions/", raw)

    assert answer.status_code == 400
    assert answer["Content-Type"] == PROBLEM
    assert Redemption.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"member_no": 1, "member_no": 2}', 400),
        ('{"member_no": ' + "9" * 5000 + "}", 400),
        ('{"member_no": NaN}', 400),
        ('{"text": "\\ud800"}', 400),
        ('{"text": "\\u0000"}', 400),
        (b"\xff\xfe", 400),
        ('{"unknown": 1}', 400),
        ('{"lines": [' + ",".join(["1"] * 501) + "]}", 400),
        ('"' + "x" * 1_000_001 + '"', 413),
        ("", 400),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(post, lamao, body, status):
    assert post("/redemptions/", body).status_code == status


def test_another_content_type_is_refused(post, lamao):
    assert post("/redemptions/", "a=1", content_type="text/plain").status_code == 415


@pytest.mark.parametrize("query", ["page=2", "cursor=%00", "page_size=5&page_size=6", "search=x"])
def test_unknown_parameters_are_refused(get, kettle, query):
    assert get(f"/rewards/?{query}").status_code == 400


def test_a_list_is_paged_and_stable_while_rows_are_added(get, community, duojie):
    for number in range(5):
        factories.make_reward(community, f"物品{number}", by=duojie)
    first = get("/rewards/?page_size=2").json()
    factories.make_reward(community, "后来的", by=duojie)

    second = get(first["next"].split(BASE)[1]).json()

    names = [row["name"] for row in first["results"] + second["results"]]
    assert names == ["物品4", "物品3", "物品2", "物品1"]


def test_statement_runs_on(get, lamao, duojie):
    for _ in range(60):
        factories.give_points(lamao, 1, by=duojie)
    first = get(f"/volunteers/{lamao.number}/statement/").json()

    second = get(first["next"].split(BASE)[1]).json()

    seqs = [line["seq"] for line in first["results"] + second["results"]]
    assert seqs == list(range(61, 0, -1))
    assert first["results"][0]["balance_after"] == 240
    assert second["next"] is None


def test_summary_says_the_boards_numbers(get, post, lamao, kettle):
    post("/redemptions/", basket(lamao, kettle))

    body = get("/summary/").json()

    assert body["goods_handed_over"]["total"] == 1
    assert body["volunteers_redeeming"]["total"] == 1
    assert body["wishes_lit"]["total"] == 0


def test_too_many_requests_are_told_when_to_come_back(api_client, get, kettle):
    api_client.requests_per_minute = 2
    api_client.save()

    answers = [get("/rewards/", **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(4)]

    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_a_method_that_is_not_there(client, token):
    answer = client.delete(f"{BASE}/rewards/", headers=bearer(token.text))

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_an_address_that_is_not_there(client):
    answer = client.get(f"{BASE}/nothing/here/")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
