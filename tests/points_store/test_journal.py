from __future__ import annotations

import json
import logging

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import path

from points_store.journal import HEADER, JsonLines
from points_store.urls import urlpatterns as real_urls
from tests import factories

handler500 = "points_store.views.errors.server_fault"


def broken(request):
    raise ValueError("broken")


urlpatterns = [*real_urls, path("broken", broken)]


def line(message="hello", *arguments, exception=None):
    told = (type(exception), exception, exception.__traceback__) if exception else None
    record = logging.LogRecord("shop", logging.ERROR, __file__, 1, message, arguments, told)
    return JsonLines().format(record)


def test_event_is_one_line_of_json():
    written = line("two\nlines %s", "\r\n{forged}")
    assert len(written.splitlines()) == 1
    assert json.loads(written)["message"] == "two\nlines \r\n{forged}"


def test_chinese_stays_readable():
    assert "积分" in line("积分")


@pytest.mark.django_db
def test_refused_row_is_not_quoted(community):
    with pytest.raises(IntegrityError, match=community.slug) as refusal, transaction.atomic():
        factories.make_community(slug=community.slug, name="索南拉毛的社区")
    written = json.loads(line("refused: %s", refusal.value, exception=refusal.value))
    assert community.slug not in json.dumps(written)
    assert any("IntegrityError" in told for told in written["exception"])
    assert connection.is_usable()


@pytest.mark.urls(__name__)
def test_page_of_a_fault_shows_the_number_that_the_log_has(client, caplog):
    client.raise_request_exception = False
    caplog.handler.setFormatter(JsonLines())
    response = client.get("/broken")
    number = response[HEADER]
    assert response.status_code == 500
    assert number in response.content.decode()
    assert f'"request": "{number}"' in caplog.text


def test_each_request_has_a_number_of_its_own(client):
    one, two = client.get("/healthz", headers={HEADER: "mine"}), client.get("/healthz")
    assert len({one[HEADER], two[HEADER], "mine"}) == 3
