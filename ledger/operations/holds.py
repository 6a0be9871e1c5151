from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Hold, HoldEnd, Posting
from ledger.operations.locking import (
    business_date,
    columns_of,
    fetch,
    lock_accounts,
    read_open_holds,
)
from ledger.operations.postings import Movement, post_movements
from ledger.refusals import NotEnoughPoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

INSERT_HOLDS = """
    INSERT INTO ledger_hold (account_id, points, kind, by_id, effective_date)
    SELECT account_id, points, %s, %s, %s
      FROM unnest(%s::bigint[], %s::int[]) WITH ORDINALITY AS h (account_id, points, position)
     ORDER BY position
    RETURNING {columns}
""".replace("{columns}", columns_of(Hold))
INSERT_ENDS = """
    INSERT INTO ledger_holdend (hold_id, how, by_id, effective_date)
    SELECT hold_id, %s, %s, %s
      FROM unnest(%s::bigint[]) WITH ORDINALITY AS h (hold_id, position)
     ORDER BY position
    RETURNING {columns}
""".replace("{columns}", columns_of(HoldEnd))


@dataclass(frozen=True, kw_only=True)
class NewHold:
    """Points to set aside on a member's account."""

    account_id: int
    points: int


@transaction.atomic
def place_hold(*, account_id: int, points: int, kind: Hold.Kind, by: int, at: datetime) -> Hold:
    """Set points aside. Raises NotEnoughPoints."""
    hold = NewHold(account_id=account_id, points=points)
    return _place_holds([hold], kind, by=by, at=at)[0]


@transaction.atomic
def place_holds(*, holds: Sequence[NewHold], kind: Hold.Kind, by: int, at: datetime) -> list[Hold]:
    """Set points aside on many accounts, all or none, in two statements and in the given order.

    Raises NotEnoughPoints.
    """
    return _place_holds(holds, kind, by=by, at=at)


def _place_holds(holds: Sequence[NewHold], kind: Hold.Kind, *, by: int, at: datetime) -> list[Hold]:
    if not holds:
        return []
    accounts = lock_accounts(hold.account_id for hold in holds)
    for hold in holds:
        if (account := accounts.get(hold.account_id)) is None:
            continue  # the database says what is wrong with it
        if account.available < hold.points:
            raise NotEnoughPoints(account.available, hold.points, account.pk)
        account.held += hold.points
    placed = fetch(
        Hold,
        INSERT_HOLDS,
        [
            kind,
            by,
            business_date(at),
            [hold.account_id for hold in holds],
            [hold.points for hold in holds],
        ],
    )
    return sorted(placed, key=lambda hold: hold.pk)


@transaction.atomic
def capture_hold(
    *,
    hold_id: int,
    target_id: int,
    kind: Posting.Kind,
    points: int | None = None,
    by: int,
    at: datetime,
    memo: str = "",
) -> Posting:
    """End the hold by moving its points, or fewer, to the target; the rest is available again.

    A publicity hold is captured by `reverse_posting(…, hold_id=…)` instead. Raises HoldEnded.
    """
    hold = Hold.objects.get(pk=hold_id)
    movement = Movement(
        kind=kind,
        source_id=hold.account_id,
        target_id=target_id,
        points=hold.points if points is None else points,
        memo=memo,
        hold_id=hold_id,
    )
    return post_movements([movement], by=by, at=at)[0]


@transaction.atomic
def release_hold(*, hold_id: int, by: int, at: datetime) -> HoldEnd:
    """Make the held points available again. Raises HoldEnded."""
    return _end_holds([hold_id], HoldEnd.How.RELEASED, by=by, at=at)[0]


@transaction.atomic
def release_holds(*, hold_ids: Sequence[int], by: int, at: datetime) -> list[HoldEnd]:
    """Release many holds, all or none, in a constant number of statements. Raises HoldEnded."""
    return _end_holds(hold_ids, HoldEnd.How.RELEASED, by=by, at=at)


@transaction.atomic
def expire_hold(*, hold_id: int, by: int, at: datetime) -> HoldEnd:
    """Make the points of a document that ran out of time available again. Raises HoldEnded."""
    return _end_holds([hold_id], HoldEnd.How.EXPIRED, by=by, at=at)[0]


def _end_holds(
    hold_ids: Sequence[int], how: HoldEnd.How, *, by: int, at: datetime
) -> list[HoldEnd]:
    if not hold_ids:
        return []
    lock_accounts(Hold.objects.filter(pk__in=hold_ids).values_list("account_id", flat=True))
    read_open_holds(hold_ids)
    ended = fetch(HoldEnd, INSERT_ENDS, [how, by, business_date(at), list(hold_ids)])
    return sorted(ended, key=lambda end: hold_ids.index(end.hold_id))
