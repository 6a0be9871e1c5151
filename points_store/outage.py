"""When the database is away, busy or full: say so and when to come back, instead of an error 500.

A view's exception reaches the middleware. What another middleware meets (a session that cannot be
saved) reaches Django's last resort, `handler500`, which asks `outage_response` first.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Callable

RETRY_AFTER_SECONDS = 10  # the page says so too
API_PREFIX = "/api/"
logger = logging.getLogger(__name__)


class OutageMiddleware:
    """Answer 503 with Retry-After when a view could not reach its database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return outage_response(request, exception)


def outage_response(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """Return a 503 for an exception that means "not now", or None for any other."""
    if not isinstance(exception, OperationalError | InterfaceError):
        return None
    logger.warning("database not available: %s", type(exception.__cause__ or exception).__name__)
    if request.path.startswith(API_PREFIX):
        problem = {
            "type": "about:blank",
            "title": "Service unavailable",
            "status": int(HTTPStatus.SERVICE_UNAVAILABLE),
            "detail": "The database does not answer. Send the request again, with the same key.",
        }
        response: HttpResponse = JsonResponse(problem, content_type="application/problem+json")
    else:
        response = HttpResponse(render_to_string("503.html", {"request": request, "languages": []}))
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
