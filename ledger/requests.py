"""One click, one effect: a request carries a key, and the same key answers what happened first.

with transaction.atomic():
    if done := find_result(request, content=content):
        return …
    … the effect …
    store_result(request, content=content, result={"redemption": redemption.pk})
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from ledger.models import Request
from ledger.refusals import KeyBusy, KeyReused

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT_AT_LEAST = timedelta(hours=24)


@dataclass(frozen=True)
class RequestId:
    """Who asks (a user, a device, an API client) and the key the asker made for this one request.

    Raises ValueError when either is empty, too long (64 and 100 characters) or holds a control
    character.
    """

    client: str
    key: str

    def __post_init__(self) -> None:
        for value, limit in ((self.client, 64), (self.key, 100)):
            if not 1 <= len(value) <= limit or not value.isprintable():
                raise ValueError("a request needs a printable client and key of limited length")


def find_result(
    request: RequestId, *, content: Mapping[str, object], wait: bool = True
) -> dict[str, Any] | None:
    """Return what this request answered before, or None when it is the first; then go and store.

    Call it inside the transaction of the effect, before anything else: until that ends, the same
    key waits here, or raises KeyBusy with `wait=False` or after the database's lock timeout.
    Raises KeyReused when the key was used with other content.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a request is found inside its transaction")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT is_busy, content_hash, result::text FROM ledger_find_request(%s, %s, %s)",
                [request.client, request.key, wait],
            )
            row = cursor.fetchone()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise KeyBusy from error
        raise
    if row is None:
        return None
    is_busy, content_hash, result = row
    if is_busy:
        raise KeyBusy
    if bytes(content_hash) != hash_of(content):
        raise KeyReused
    return dict(json.loads(result))


def store_result(
    request: RequestId, *, content: Mapping[str, object], result: Mapping[str, object]
) -> None:
    """Keep the answer (not empty) with its key, in the transaction of the effect."""
    if not result:
        raise ValueError("an empty result cannot be told from none")
    Request.objects.create(
        client=request.client,
        key=request.key,
        content_hash=hash_of(content),
        result=dict(result),
    )


@transaction.atomic
def forget_requests(*, older_than: timedelta) -> int:
    """Delete the keys of requests older than this, at least a day; return how many."""
    if older_than < KEPT_AT_LEAST:
        raise ValueError("a key is kept for at least 24 hours")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_forget_requests(make_interval(secs => %s))",
            [older_than.total_seconds()],
        )
        row = cursor.fetchone()
    return int(row[0])


def hash_of(content: Mapping[str, object]) -> bytes:
    """Return the SHA-256 of the content, whatever the order of its keys."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
