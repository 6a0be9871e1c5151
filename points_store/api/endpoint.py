"""What every endpoint has: a client's community, known parameters, pages, and one click once."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from ledger.requests import RequestId, find_result, store_result
from points_store.api.authentication import HasScope, TokenAuthentication
from points_store.api.problems import Problem
from points_store.api.strict import StrictJSONParser
from volunteers.models import ApiToken, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model, QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

    from volunteers.models import Community

    M = TypeVar("M", bound=Model)

KEY = re.compile(r"[\x21-\x7e]{1,255}")
PAGE_PARAMETERS = frozenset({"cursor", "page_size"})


class Page(CursorPagination):
    """Newest first by id; rows added meanwhile never shift a page."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-id"


class Endpoint(APIView):
    """Base of every view of the API. `scopes` names what each method asks of the token."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasScope,)
    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    scopes: ClassVar[Mapping[str, str]] = {}
    parameters: ClassVar[frozenset[str]] = frozenset()
    is_list = False

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Check token and scope first, then refuse query parameters nobody knows."""
        super().initial(request, *args, **kwargs)
        known = self.parameters | (PAGE_PARAMETERS if self.is_list else frozenset())
        wrong = {
            name: ["unknown parameter" if name not in known else "given twice"]
            for name in request.query_params
            if name not in known or len(request.query_params.getlist(name)) > 1
        }
        wrong |= {
            name: ["not a text"]
            for name, value in request.query_params.items()
            if not str(value).isprintable()
        }
        if wrong:
            raise ValidationError(wrong)

    @property
    def token(self) -> ApiToken:
        """The token that was checked."""
        token = self.request.auth
        assert isinstance(token, ApiToken)  # noqa: S101 -- HasScope let no other in
        return token

    @property
    def community(self) -> Community:
        return self.token.client.community

    @property
    def user(self) -> User:
        """The client's service user: the `by` of everything it does."""
        return self.token.client.user

    def page(self, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """Answer one page of rows, newest first."""
        paginator = Page()
        found = paginator.paginate_queryset(rows, self.request, view=self)
        return paginator.get_paginated_response(serializer(found, many=True).data)

    def body(self, serializer: type[BaseSerializer[Any]]) -> Any:  # noqa: ANN401 -- by serializer
        """Return the checked body; raises ValidationError (400)."""
        checked = serializer(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def replayed(self) -> Response | None:
        """Return what this Idempotency-Key answered before, if it did."""
        with transaction.atomic():
            done = find_result(self._request_id("api"), content=self._content(), wait=False)
        return _replay(done) if done else None

    def once(
        self,
        act: Callable[[RequestId], Any],
        serializer: type[BaseSerializer[Any]],
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        """Do `act` once for this Idempotency-Key and keep the answer in the same transaction.

        Raises Problem 400 without a key; KeyReused, KeyBusy; a refusal of `act` leaves no key.
        """
        request_id = self._request_id("api")
        content = self._content()
        with transaction.atomic():
            if done := find_result(request_id, content=content, wait=False):
                return _replay(done)
            made = act(self._request_id("api-act"))
            body = serializer(made).data
            answer = {"status": int(status), "body": body}
            store_result(request_id, content=content, result=answer)
        return Response(body, status=status)

    def _request_id(self, part: str) -> RequestId:
        key = self.request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise Problem(HTTPStatus.BAD_REQUEST, "idempotency-key-missing")
        # Hashed, because a key of the API may be longer than one of the ledger.
        digest = hashlib.sha256(key.encode()).hexdigest()
        return RequestId(client=f"{part}:{self.token.client_id}", key=digest)

    def _content(self) -> dict[str, object]:
        return {"path": self.request.path, "body": self.request.data}


def _replay(done: Mapping[str, Any]) -> Response:
    return Response(done["body"], status=done["status"], headers={"Idempotent-Replayed": "true"})
