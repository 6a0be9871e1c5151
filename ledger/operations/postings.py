from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from ledger.models import MAX_MEMO_CHARACTERS, MAX_POINTS, Account, Posting
from ledger.operations.locking import (
    business_date,
    columns_of,
    fetch,
    give,
    lock_accounts,
    read_open_holds,
    take,
)
from ledger.refusals import NotEnoughPoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

# One statement for any number of rows, always the same text. The trigger applies the rows one by
# one in the order of their position, and the ids it gives rise in that order.
INSERT_POSTINGS = """
    INSERT INTO ledger_posting (kind, source_id, target_id, points, memo, effective_date,
                                hold_id, reverses_id, by_id)
    SELECT kind, source_id, target_id, points, memo, effective_date, hold_id, reverses_id, %s
      FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::date[],
                  %s::bigint[], %s::bigint[])
      WITH ORDINALITY AS m (kind, source_id, target_id, points, memo, effective_date,
                            hold_id, reverses_id, position)
     ORDER BY position
    RETURNING {columns}
""".replace("{columns}", columns_of(Posting))


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Points to move. Without `effective_date` the operation's own day counts.

    Raises ValueError for points outside 1 … 1,000,000 and for a memo of more than 100 characters.
    """

    kind: Posting.Kind
    source_id: int
    target_id: int
    points: int
    memo: str = ""
    effective_date: date | None = None
    hold_id: int | None = None
    reverses_id: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.points <= MAX_POINTS:
            raise ValueError(f"{self.points} points cannot be moved at once")
        if len(self.memo) > MAX_MEMO_CHARACTERS:
            raise ValueError(f"a memo has at most {MAX_MEMO_CHARACTERS} characters")


@dataclass(frozen=True, kw_only=True)
class Award:
    """Points for a member; `debt_account_id` is paid back out of them while anything is owed."""

    account_id: int
    debt_account_id: int | None
    points: int
    memo: str = ""
    effective_date: date | None = None


@transaction.atomic
def post_points(
    *,
    kind: Posting.Kind,
    source: Account | int,
    target: Account | int,
    points: int,
    by: int,
    at: datetime,
    memo: str = "",
    effective_date: date | None = None,
) -> Posting:
    """Move points from one account to another, in one statement. Raises NotEnoughPoints."""
    movement = Movement(
        kind=kind,
        source_id=source.pk if isinstance(source, Account) else source,
        target_id=target.pk if isinstance(target, Account) else target,
        points=points,
        memo=memo,
        effective_date=effective_date,
    )
    return insert_postings([movement], by=by, at=at)[0]


@transaction.atomic
def post_many(movements: Sequence[Movement], *, by: int, at: datetime) -> list[Posting]:
    """Post all movements or none, in their order, in two statements (three with holds).

    Raises NotEnoughPoints, HoldEnded.
    """
    return post_movements(movements, by=by, at=at)


def post_movements(movements: Sequence[Movement], *, by: int, at: datetime) -> list[Posting]:
    """Do what `post_many` promises, in the transaction that the caller has opened."""
    accounts = lock_accounts(
        account_id for move in movements for account_id in (move.source_id, move.target_id)
    )
    holds = read_open_holds(move.hold_id for move in movements if move.hold_id is not None)
    for move in movements:
        source = accounts.get(move.source_id)
        if source is not None and move.hold_id is not None:
            source.held -= holds[move.hold_id].points
        take(source, move.points)
        give(accounts.get(move.target_id), move.points)
    return insert_postings(movements, by=by, at=at)


@transaction.atomic
def earn_points(
    *,
    awards: Sequence[Award],
    book: int,
    by: int,
    at: datetime,
    kind: Posting.Kind = Posting.Kind.EARN,
) -> list[Posting]:
    """Credit the awards and return one posting for each, in their order.

    While a member owes points, each award is followed by a repayment of at most its size. Three
    statements for any number of awards. `kind` is EARN, or OPENING for balances of a paper book.
    """
    source_kind = Account.Kind.OPENING if kind == Posting.Kind.OPENING else Account.Kind.ISSUE
    source = Account.objects.system(book, source_kind)
    accounts = lock_accounts(
        account_id
        for award in awards
        for account_id in (award.account_id, award.debt_account_id)
        if account_id is not None
    )
    movements: list[Movement] = []
    for award in awards:
        movements.append(
            Movement(
                kind=kind,
                source_id=source.pk,
                target_id=award.account_id,
                points=award.points,
                memo=award.memo,
                effective_date=award.effective_date,
            )
        )
        give(accounts.get(award.account_id), award.points)
        movements += repayments(accounts, movements[-1], award.debt_account_id)
    postings = insert_postings(movements, by=by, at=at)
    return [posting for posting in postings if posting.kind == kind]


def repayments(
    accounts: dict[int, Account], credit: Movement, debt_account_id: int | None
) -> list[Movement]:
    """Return what the credited member pays back of what is owed: one movement or none."""
    debt = accounts.get(debt_account_id) if debt_account_id is not None else None
    if debt is None or debt.balance == 0:
        return []
    points = min(-debt.balance, credit.points)
    take(accounts.get(credit.target_id), points)
    give(debt, points)
    return [
        Movement(
            kind=Posting.Kind.REPAY,
            source_id=credit.target_id,
            target_id=debt.pk,
            points=points,
            effective_date=credit.effective_date,
        )
    ]


def insert_postings(movements: Sequence[Movement], *, by: int, at: datetime) -> list[Posting]:
    """Insert the movements in their order; of several, the caller holds the locks.

    Raises NotEnoughPoints with the figures that the trigger saw under its own lock.
    """
    if not movements:
        return []
    today = business_date(at)
    parameters = [
        by,
        [move.kind for move in movements],
        [move.source_id for move in movements],
        [move.target_id for move in movements],
        [move.points for move in movements],
        [move.memo for move in movements],
        [move.effective_date or today for move in movements],
        [move.hold_id for move in movements],
        [move.reverses_id for move in movements],
    ]
    try:
        inserted = fetch(Posting, INSERT_POSTINGS, parameters)
    except IntegrityError as error:
        raise_not_enough(error)
        raise
    return sorted(inserted, key=lambda posting: posting.pk)


def raise_not_enough(error: IntegrityError) -> None:
    """Raise NotEnoughPoints where this is how the ledger's trigger said so."""
    said = getattr(error.__cause__, "diag", None)
    if said and said.constraint_name == "ledger_account_enough" and said.message_detail:
        with suppress(ValueError):  # the CHECK says it too, with the row for a detail
            raise NotEnoughPoints(**json.loads(said.message_detail)) from error
