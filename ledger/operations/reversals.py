from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ledger.models import Account, Posting
from ledger.operations.locking import give, lock_accounts, read_open_holds, take
from ledger.operations.postings import Movement, insert_postings, repayments
from ledger.refusals import AlreadyReversed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@transaction.atomic
def reverse_posting(
    posting_id: int,
    *,
    debt_account_id: int | None = None,
    hold_id: int | None = None,
    by: int,
    at: datetime,
    memo: str = "",
) -> Posting:
    """Undo a posting by its exact mirror, once. See `reverse_many`."""
    holds = {posting_id: hold_id} if hold_id is not None else {}
    return _reverse([(posting_id, debt_account_id)], holds, by=by, at=at, memo=memo)[0]


@transaction.atomic
def reverse_many(
    reversals: Sequence[tuple[int, int | None]],
    *,
    by: int,
    at: datetime,
    memo: str = "",
    holds: Mapping[int, int] | None = None,
) -> list[Posting]:
    """Undo postings, each given with its member's debt account; return their mirrors, in order.

    Where the member has spent the points, the debt account first advances what is missing; without
    one that is NotEnoughPoints. Where the mirror gives points back to a member who owes some, they
    are paid back at once. `holds` names, by posting, the publicity hold that its mirror captures.
    A constant number of statements. Raises AlreadyReversed, HoldEnded, NotEnoughPoints,
    Posting.DoesNotExist.
    """
    return _reverse(reversals, holds or {}, by=by, at=at, memo=memo)


def _reverse(
    reversals: Sequence[tuple[int, int | None]],
    holds: Mapping[int, int],
    *,
    by: int,
    at: datetime,
    memo: str,
) -> list[Posting]:
    ids = [posting_id for posting_id, _ in reversals]
    originals = Posting.objects.in_bulk(ids)
    if missing := set(ids) - originals.keys():
        raise Posting.DoesNotExist(f"no posting {min(missing)}")
    accounts = lock_accounts(
        account_id
        for posting_id, debt_account_id in reversals
        for account_id in (
            originals[posting_id].source_id,
            originals[posting_id].target_id,
            debt_account_id,
        )
        if account_id is not None
    )
    _refuse_second_reversal(ids)
    open_holds = read_open_holds(holds.values())
    movements: list[Movement] = []
    for posting_id, debt_account_id in reversals:
        original = originals[posting_id]
        mirror = Movement(
            kind=Posting.Kind.REVERSAL,
            source_id=original.target_id,
            target_id=original.source_id,
            points=original.points,
            memo=memo,
            hold_id=holds.get(posting_id),
            reverses_id=posting_id,
        )
        if mirror.hold_id is not None and mirror.source_id in accounts:
            accounts[mirror.source_id].held -= open_holds[mirror.hold_id].points
        movements += _advances(accounts, mirror, debt_account_id)
        take(accounts.get(mirror.source_id), mirror.points)
        give(accounts.get(mirror.target_id), mirror.points)
        movements.append(mirror)
        if mirror.target_id in accounts:
            movements += repayments(accounts, mirror, debt_account_id)
    postings = insert_postings(movements, by=by, at=at)
    return [posting for posting in postings if posting.reverses_id is not None]


def _refuse_second_reversal(posting_ids: Sequence[int]) -> None:
    """The accounts are locked, so that nobody reverses these postings meanwhile."""
    seen: set[int] = set()
    for posting_id in posting_ids:
        if posting_id in seen:
            raise AlreadyReversed(posting_id)
        seen.add(posting_id)
    reversed_before = Posting.objects.filter(reverses_id__in=posting_ids)
    if first := reversed_before.values_list("reverses_id", flat=True).first():
        raise AlreadyReversed(first)


def _advances(
    accounts: dict[int, Account], mirror: Movement, debt_account_id: int | None
) -> list[Movement]:
    """Return what the member's debt account must lend for the mirror: one movement or none."""
    member = accounts.get(mirror.source_id)
    debt = accounts.get(debt_account_id) if debt_account_id is not None else None
    if member is None or debt is None or member.available >= mirror.points:
        return []
    shortfall = mirror.points - member.available
    debt.balance -= shortfall
    give(member, shortfall)
    return [
        Movement(
            kind=Posting.Kind.ADVANCE, source_id=debt.pk, target_id=member.pk, points=shortfall
        )
    ]
