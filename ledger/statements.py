"""What accounts and books say: a member's lines, a period's totals, what system accounts come to.

Reads only. Sums are over postings; what members have is stored and running.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Sum

from ledger.models import Account, Posting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

PAGE_LINES = 20
AFTER_THE_LAST_SEQ = 2**31 - 1

# Each half stops after its own `limit` rows of its index: no longer account takes longer.
LINES = """
    SELECT line.*, undo.id AS reversed_by_id
      FROM ((SELECT source_seq AS seq, id AS posting_id, kind, -points AS points,
                    source_after AS balance_after, memo, effective_date, created_at,
                    reverses_id, hold_id, by_id
               FROM ledger_posting WHERE source_id = %(account)s AND source_seq < %(before)s
              ORDER BY source_seq DESC LIMIT %(limit)s)
            UNION ALL
            (SELECT target_seq, id, kind, points, target_after, memo, effective_date, created_at,
                    reverses_id, hold_id, by_id
               FROM ledger_posting WHERE target_id = %(account)s AND target_seq < %(before)s
              ORDER BY target_seq DESC LIMIT %(limit)s)
            ORDER BY seq DESC LIMIT %(limit)s) AS line
      LEFT JOIN ledger_posting undo ON undo.reverses_id = line.posting_id
     ORDER BY line.seq DESC
"""

# A reversal counts under the kind of what it undoes.
TOTALS = """
    SELECT line.account_id, coalesce(original.kind, line.kind), line.reverses_id IS NOT NULL,
           coalesce(sum(line.points) FILTER (WHERE line.effective_date < %(start)s), 0),
           coalesce(sum(line.points) FILTER (WHERE line.effective_date >= %(start)s), 0)
      FROM (SELECT source_id AS account_id, kind, -points AS points, effective_date, reverses_id
              FROM ledger_posting
             WHERE source_id = ANY(%(accounts)s) AND source_seq IS NOT NULL
             UNION ALL
            SELECT target_id, kind, points, effective_date, reverses_id
              FROM ledger_posting
             WHERE target_id = ANY(%(accounts)s) AND target_seq IS NOT NULL) AS line
      LEFT JOIN ledger_posting original ON original.id = line.reverses_id
     WHERE line.effective_date <= %(end)s
     GROUP BY 1, 2, 3
"""

SYSTEM_BALANCE = """
    SELECT coalesce(closed.balance, 0)
           + (SELECT coalesce(sum(points), 0) FROM ledger_posting
               WHERE target_id = %(account)s AND target_seq IS NULL
                 AND id > coalesce(closed.through_id, 0))
           - (SELECT coalesce(sum(points), 0) FROM ledger_posting
               WHERE source_id = %(account)s AND source_seq IS NULL
                 AND id > coalesce(closed.through_id, 0))
      FROM (SELECT) AS always
      LEFT JOIN LATERAL (SELECT balance, through_id FROM ledger_closing
                          WHERE account_id = %(account)s
                          ORDER BY through_id DESC LIMIT 1) AS closed ON true
"""

# Every line of an account that stands adds up to its balance, and a reversal and what it undoes
# cancel out. So what was earned before the cut-off, less all that left since, is what is there now
# less what was earned after it; that is the shorter sum.
EXPIRABLE = """
    SELECT account.id, account.balance - account.held - coalesce(sum(earned.points), 0)
      FROM ledger_account account
      LEFT JOIN ledger_posting earned
        ON earned.target_id = account.id AND earned.target_seq IS NOT NULL
       AND earned.kind IN ('earn', 'opening') AND earned.effective_date >= %(cutoff)s
       AND NOT EXISTS (SELECT FROM ledger_posting undo WHERE undo.reverses_id = earned.id)
     WHERE account.kind = 'member' AND account.id = ANY(%(accounts)s)
     GROUP BY account.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One posting as one account sees it: `points` is signed, `balance_after` what it left."""

    seq: int
    posting_id: int
    kind: Posting.Kind
    points: int
    balance_after: int
    memo: str
    effective_date: date
    created_at: datetime
    reverses_id: int | None
    reversed_by_id: int | None
    hold_id: int | None
    by_id: int


@dataclass(slots=True)
class PeriodTotals:
    """A period of an account or a book, by business date: `closing = opening + moved + undone`.

    Points are signed as the members see them. `moved` holds what was posted, by kind; `undone`
    holds the reversals of the period, by the kind of what they undo.
    """

    opening: int = 0
    moved: dict[Posting.Kind, int] = field(default_factory=dict)
    undone: dict[Posting.Kind, int] = field(default_factory=dict)

    @property
    def closing(self) -> int:
        return self.opening + sum(self.moved.values()) + sum(self.undone.values())


def statement(
    account_id: int, *, before_seq: int | None = None, limit: int = PAGE_LINES
) -> list[StatementLine]:
    """Return the newest lines of a member's or a debt account, or those before a line number."""
    parameters = {
        "account": account_id,
        "before": AFTER_THE_LAST_SEQ if before_seq is None else before_seq,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, parameters)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [StatementLine(**{**row, "kind": Posting.Kind(row["kind"])}) for row in rows]


def opening_and_totals(
    account_ids: Sequence[int], start: date, end: date
) -> dict[int, PeriodTotals]:
    """Return each counted account's period from `start` to `end`, both days included."""
    totals = {account_id: PeriodTotals() for account_id in account_ids}
    for account_id, kind, is_reversal, before, within in _totals(account_ids, start, end):
        _add(totals[account_id], Posting.Kind(kind), before, within, is_reversal=is_reversal)
    return totals


def book_totals(book: int, start: date, end: date) -> PeriodTotals:
    """Return the period of all members of the book together, from `start` to `end` inclusive."""
    members = Account.objects.in_book(book).of_members().values_list("pk", flat=True)
    totals = PeriodTotals()
    for _account_id, kind, is_reversal, before, within in _totals(list(members), start, end):
        _add(totals, Posting.Kind(kind), before, within, is_reversal=is_reversal)
    return totals


def outstanding_points(book: int) -> int:
    """Return the points that the members of the book have, held ones included."""
    members = Account.objects.in_book(book).of_members()
    return int(members.aggregate(total=Sum("balance", default=0))["total"])


def system_balance(account_id: int) -> int:
    """Return what a system account took in less what it gave out (issue is negative)."""
    return int(_rows(SYSTEM_BALANCE, {"account": account_id})[0][0])


def expirable_points(account_id: int, cutoff: date) -> int:
    """Return how many available points were earned before the cut-off, oldest spent first.

    A void gives points back with their old age; held points are left alone and count as the oldest.
    """
    return expirable_by_account([account_id], cutoff).get(account_id, 0)


def expirable_by_account(account_ids: Iterable[int], cutoff: date) -> dict[int, int]:
    """Return `expirable_points` of many members' accounts, those with none left out."""
    rows = _rows(EXPIRABLE, {"accounts": list(account_ids), "cutoff": cutoff})
    return {account_id: int(points) for account_id, points in rows if points > 0}


def _totals(account_ids: Sequence[int], start: date, end: date) -> list[tuple[Any, ...]]:
    return _rows(TOTALS, {"accounts": list(account_ids), "start": start, "end": end})


def _add(
    totals: PeriodTotals, kind: Posting.Kind, before: int, within: int, *, is_reversal: bool
) -> None:
    totals.opening += int(before)
    side = totals.undone if is_reversal else totals.moved
    if within:
        side[kind] = side.get(kind, 0) + int(within)


def _rows(sql: str, parameters: Mapping[str, int | date | list[int]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
