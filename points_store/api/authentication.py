"""Bearer tokens of named clients, their scopes and their rate."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions

from points_store.api.problems import Problem
from volunteers.models import ApiToken, User
from volunteers.operations.api_tokens import count_request, hash_of_token

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

SCHEME = "Bearer"
SECONDS_A_MINUTE = 60


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer …`; never from the address. Counts the request against the rate."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the client's user and the token; raises AuthenticationFailed, Problem (429)."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("client__community", "client__user__own_volunteer")
            .filter(token_hash=hash_of_token(text.strip()))
            .first()
        )
        if (
            scheme.lower() != SCHEME.lower()
            or token is None
            or token.revoked_at is not None
            or token.expires_at <= now
            or not token.client.is_active
            or not token.client.user.is_active
        ):
            raise exceptions.AuthenticationFailed
        if count_request(client=token.client, at=now) > token.client.requests_per_minute:
            wait = SECONDS_A_MINUTE - now.second
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", retry_after=wait)
        return token.client.user, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class HasScope(permissions.BasePermission):
    """The token carries the scope that the view's method asks for."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted = cast("Any", view).scopes.get(request.method)
        if wanted is None:
            return True  # a method the view does not have: the framework answers 405
        token = request.auth
        if not isinstance(token, ApiToken):
            raise exceptions.NotAuthenticated
        return wanted in token.scopes


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
