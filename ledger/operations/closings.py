from __future__ import annotations

from django.db import connection, transaction

# The trigger adds up, and leaves out accounts for which nothing was posted since.
CLOSE = """
    INSERT INTO ledger_closing (account_id)
    SELECT id FROM ledger_account WHERE book = %s AND NOT counted ORDER BY id
"""


@transaction.atomic(durable=True)
def close_book(*, book: int) -> int:
    """Write down what the book's system accounts come to, so that later sums start there.

    For the daily run. Postings wait for the moment it takes; it must be a transaction of its own.
    Return how many accounts were closed: those with nothing new are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [book])
        return int(cursor.rowcount)
