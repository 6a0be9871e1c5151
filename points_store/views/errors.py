"""What a visitor reads when a page cannot be had. None of these pages asks the database."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from points_store.journal import request_number
from points_store.outage import outage_response


def _page(request: HttpRequest, status: int) -> HttpResponse:
    context = {"request": request, "languages": [], "request_number": request_number()}
    page = loader.render_to_string(f"{status}.html", context)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Ask for the page to be opened again: most often it lay open overnight."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away or overloaded, 500 for a fault of our own."""
    return outage_response(request, sys.exc_info()[1]) or _page(request, 500)
