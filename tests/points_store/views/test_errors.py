"""Pages that cannot be had. None asks the database, so none needs the `db` fixture."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path


def refuse(request):
    raise PermissionDenied


def doubt(request):
    raise SuspiciousOperation


def fail(request):
    raise RuntimeError


def lose_database(request):
    raise OperationalError


urlpatterns = [
    path("refuse/", refuse),
    path("doubt/", doubt),
    path("fail/", fail),
    path("lose/", lose_database),
]
handler400 = "points_store.views.errors.bad_request"
handler403 = "points_store.views.errors.forbidden"
handler404 = "points_store.views.errors.not_found"
handler500 = "points_store.views.errors.server_fault"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/doubt/", 400, "这一页没有看懂"),
        ("/refuse/", 403, "您没有这项权限"),
        ("/nowhere/", 404, "没有找到这一页"),
        ("/fail/", 500, "这一页出了点问题"),
        ("/lose/", 503, "系统正忙，请稍等"),
    ],
)
def test_an_error_page_says_what_to_do_in_chinese(address, status, says, caplog):
    response = Client(raise_request_exception=False).get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{says}</h1>" in page
    assert "RuntimeError" not in page
    assert response.headers.get("Retry-After") == ("10" if status == 503 else None)


def test_a_form_without_its_token_is_answered_in_chinese(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/staff/login/", {"username": "x"})
    assert response.status_code == 403
    assert "再打开一次" in response.content.decode()
