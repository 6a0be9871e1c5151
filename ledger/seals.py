"""One line that stands for a whole book at a closing, to be kept where nobody can rewrite it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from ledger.models import Closing

if TYPE_CHECKING:
    from datetime import datetime

# The newest line of each counted account among the postings that the closing counted. A closing is
# made while no posting is on its way, so that this is the same at any later time.
HEADS = """
    SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
             format('%%s|%%s|%%s', account.id, newest.seq, encode(newest.hash, 'hex')),
             ',' ORDER BY account.id), ''), 'UTF8')), 'hex')
      FROM ledger_account account
     CROSS JOIN LATERAL (
       SELECT line.seq, line.hash
         FROM ((SELECT source_seq AS seq, hash FROM ledger_posting
                 WHERE source_id = account.id AND source_seq IS NOT NULL AND id <= %(through)s
                 ORDER BY source_seq DESC LIMIT 1)
               UNION ALL
               (SELECT target_seq, hash FROM ledger_posting
                 WHERE target_id = account.id AND target_seq IS NOT NULL AND id <= %(through)s
                 ORDER BY target_seq DESC LIMIT 1)) AS line
        ORDER BY line.seq DESC LIMIT 1) AS newest
     WHERE account.book = %(book)s AND account.counted
"""


@dataclass(frozen=True, slots=True)
class Seal:
    """`digest` (64 hexadecimal digits) over the chain heads of `accounts` accounts of a book."""

    book: int
    through_id: int
    closed_at: datetime
    accounts: int
    digest: str


def seal(book: int, *, through_id: int | None = None) -> Seal:
    """Return the seal of the book's newest closing, or of the one that counted up to a posting.

    Computed from the postings each time, so that it differs from the one on paper when any of them
    was changed, put in or taken away since. Raises Closing.DoesNotExist.
    """
    closings = Closing.objects.filter(account__book=book)
    if through_id is not None:
        closings = closings.filter(through_id=through_id)
    closing = closings.order_by("-through_id").first()
    if closing is None:
        raise Closing.DoesNotExist(f"book {book} has no such closing")
    with connection.cursor() as cursor:
        cursor.execute(HEADS, {"book": book, "through": closing.through_id})
        accounts, digest = cursor.fetchone()
    return Seal(book, closing.through_id, closing.created_at, accounts, digest)
