"""An address that the API does not have: the same problem as a thing it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from points_store.api.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt  # nothing is changed here, and a client has no cookie to protect
def not_found(_request: HttpRequest, _rest: str) -> JsonResponse:
    """Answer 404 as problem+json."""
    return JsonResponse(problem(404, "not-found"), status=404, content_type=CONTENT_TYPE)
