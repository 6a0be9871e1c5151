from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.urls import path

from points_store.outage import outage_response
from points_store.urls import urlpatterns as real_urls

handler500 = "points_store.views.errors.server_fault"


def away(request):
    raise OperationalError("connection refused")


urlpatterns = [*real_urls, path("away", away), path("api/away", away)]


@pytest.fixture
def _database_away(monkeypatch):
    def refuse(*_arguments, **_named):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)


def test_healthz_needs_no_database(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readyz_answers_when_the_database_does(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_database_away")
def test_readyz_is_503_while_the_database_is_away(client):
    response = client.get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "10")


@pytest.mark.urls(__name__)
def test_page_is_503_with_a_page_that_asks_no_database(client):
    response = client.get("/away")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response["Cache-Control"] == "no-store"
    assert "系统正忙" in response.content.decode()


@pytest.mark.urls(__name__)
def test_api_is_503_with_problem_json(client):
    response = client.get("/api/away")
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert response.json()["status"] == 503


@pytest.mark.django_db
@pytest.mark.usefixtures("_database_away")
def test_signed_in_page_is_503_while_the_database_is_away(client, settings):
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert client.get("/staff/").status_code == 503


@pytest.mark.parametrize("exception", [OperationalError(), InterfaceError()])
def test_outage_is_told_from_a_fault(rf, exception):
    request = rf.get("/api/")
    answer = outage_response(request, exception)
    assert answer is not None
    assert answer.status_code == 503
    assert outage_response(request, ValueError()) is None
