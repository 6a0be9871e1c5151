from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from volunteers.models import ApiClient, ApiToken, User

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from volunteers.models import Community

TOKEN_BYTES = 32  # 256 bits
COUNT = """
    INSERT INTO volunteers_apiminute AS counted (client_id, minute, count)
    VALUES (%s, date_trunc('minute', %s::timestamptz), 1)
    ON CONFLICT (client_id, minute) DO UPDATE SET count = counted.count + 1
    RETURNING count
"""


@dataclass(frozen=True)
class IssuedToken:
    """A token and, this once, its text."""

    token: ApiToken
    text: str


@transaction.atomic
def open_api_client(*, community: Community, name: str) -> ApiClient:
    """Make a client with a service user of its own, who cannot sign in to the pages."""
    user = User(username=f"api-{community.slug}-{secrets.token_hex(4)}", name=name, is_machine=True)
    user.set_unusable_password()
    user.save()
    return ApiClient.objects.create(community=community, name=name, user=user)


@transaction.atomic
def issue_token(
    *, client: ApiClient, scopes: Sequence[str], lasts: timedelta, by: User, at: datetime
) -> IssuedToken:
    """Make a token of the client. Its text is in the answer and nowhere else."""
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        client=client,
        token_hash=hash_of_token(text),
        tail=text[-4:],
        scopes=sorted(set(scopes)),
        expires_at=at + lasts,
        created_at=at,
        created_by=by,
    )
    return IssuedToken(token, text)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """End a token at once; ending it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by
    )


def count_request(*, client: ApiClient, at: datetime) -> int:
    """Count one request and return how many this minute has seen of the client."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [client.pk, at])
        row = cursor.fetchone()
    return int(row[0])


def hash_of_token(text: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(text.encode()).hexdigest()
