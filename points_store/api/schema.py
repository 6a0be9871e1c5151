"""The schema's repeated parts: every endpoint lists the errors that it can answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457; a refusal adds its facts as further members."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    pattern=r"^[\x21-\x7e]{1,255}$",
    description="Made by the client for this one act; sent again, the act is not done twice.",
)
READ_ERRORS = (400, 401, 403, 404, 405, 406, 429, 503)
WRITE_ERRORS = (*READ_ERRORS, 409, 413, 415, 422)
MEDIA = "application/problem+json"


def _errors(statuses: tuple[int, ...]) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, MEDIA): OpenApiResponse(ProblemSerializer) for status in statuses}


def shown(serializer: Any, operation: str) -> dict[str, Any]:  # noqa: ANN401 -- class or instance
    """Return what `extend_schema` needs for a GET of one thing or of a short list."""
    responses = {200: serializer} | _errors(READ_ERRORS)
    return {"operation_id": f"read_{operation}", "responses": responses}


def listed(serializer: type[serializers.BaseSerializer[Any]], operation: str) -> dict[str, Any]:
    """Return what `extend_schema` needs for a GET of a paged list."""
    page = type(
        f"Page_{operation}",
        (serializers.Serializer,),
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )
    responses = {200: page} | _errors(READ_ERRORS)
    return {"operation_id": f"list_{operation}", "responses": responses}


def posted(
    body: type[serializers.BaseSerializer[Any]],
    answer: type[serializers.BaseSerializer[Any]],
    operation: str,
    status: int = 200,
) -> dict[str, Any]:
    """Return what `extend_schema` needs for a POST that takes an Idempotency-Key."""
    responses = {status: answer} | _errors(WRITE_ERRORS)
    return {
        "operation_id": operation,
        "request": body,
        "responses": responses,
        "parameters": [IDEMPOTENCY_KEY],
    }
