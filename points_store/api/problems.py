"""Refusals and errors as problem+json (RFC 9457): a stable type, the status, the facts as members.

A refusal's type is its class's name: `NotEnoughPoints(available, needed)` becomes
`{"type": "/problems/not-enough-points", "available": 180, "needed": 200, …}`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ledger.refusals import AlreadyReversed, HoldEnded, KeyBusy, KeyReused, NotEnoughPoints
from volunteers.refusals import Refusal

REFUSALS = (Refusal, AlreadyReversed, HoldEnded, KeyBusy, KeyReused, NotEnoughPoints)
INTERNAL = {"account_id", "posting_id"}  # the ledger's own numbers mean nothing outside
CONTENT_TYPE = "application/problem+json"
# The thing has moved on since the caller looked: ask again what is so now.
MOVED_ON = {
    "AlreadyReversed",
    "AlreadyVoided",
    "HoldEnded",
    "KeyBusy",
    "OfferEnded",
    "PledgeEnded",
    "StateMovedOn",
    "WishMovedOn",
}
TITLES = {
    400: "Malformed request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Moved on",
    413: "Too large",
    415: "Unsupported content type",
    422: "Refused by a rule",
    429: "Too many requests",
    503: "Service unavailable",
}


class Problem(exceptions.APIException):
    """An error with its own type and facts, raised by the API itself."""

    def __init__(self, status: HTTPStatus, kind: str, **facts: object) -> None:
        self.status_code = int(status)
        self.kind = kind
        self.facts = facts
        super().__init__(kind)


def problem(status: int, kind: str, **facts: object) -> dict[str, Any]:
    """Return the body of a problem; `kind` is the last part of its type."""
    return {
        "type": f"/problems/{kind}" if kind else "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        **{name: _plain(value) for name, value in facts.items()},
    }


def kind_of(refusal: BaseException) -> str:
    """Return the type of a refusal: its class's name in lower case with hyphens."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()


def handle(  # noqa: PLR0911 -- one line for each kind
    error: Exception, _context: dict[str, Any]
) -> Response | None:
    """Answer an exception of a view; None leaves it to the outage middleware and the 500 page."""
    set_rollback()
    if isinstance(error, REFUSALS):
        status = 409 if type(error).__name__ in MOVED_ON else 422
        return _answer(problem(status, kind_of(error), **_facts(error)))
    if isinstance(error, Problem):
        return _answer(problem(error.status_code, error.kind, **error.facts))
    if isinstance(error, Http404):
        return _answer(problem(404, "not-found"))
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return _answer(problem(403, "scope-missing"))
    if isinstance(error, exceptions.ValidationError):
        return _answer(problem(400, "malformed", errors=error.detail))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Response:
    kind = kind_of(error)
    response = _answer(problem(error.status_code, kind, detail=str(error.detail)))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _answer(body: dict[str, Any]) -> Response:
    response = Response(body, status=body["status"], content_type=CONTENT_TYPE)
    if body["status"] == HTTPStatus.TOO_MANY_REQUESTS and "retry_after" in body:
        response["Retry-After"] = str(body["retry_after"])
    return response


def _facts(refusal: BaseException) -> dict[str, object]:
    return {name: fact for name, fact in vars(refusal).items() if name not in INTERNAL}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return value
