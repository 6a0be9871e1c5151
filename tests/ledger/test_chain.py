"""The chain as anyone can compute it: from docs/ledger.md and the rows, without the database."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from ledger.models import Account, Posting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest(posting, source_head, target_head):
    said = [
        posting.pk,
        (posting.created_at - EPOCH) // timedelta(microseconds=1),
        posting.kind,
        posting.source_id,
        posting.target_id,
        posting.points,
        posting.source_seq,
        posting.target_seq,
        posting.source_after,
        posting.target_after,
        posting.reverses_id,
        posting.hold_id,
        posting.by_id,
        (posting.effective_date - date(2000, 1, 1)).days,
        posting.memo,
    ]
    text = "|".join("" if each is None else str(each) for each in said)
    return hashlib.sha256(source_head + target_head + text.encode()).digest()


def test_the_chain_can_be_computed_without_the_database(story):
    heads = {}
    for posting in Posting.objects.order_by("id"):
        source_head = heads.get(posting.source_id, b"") if posting.source_seq else b""
        target_head = heads.get(posting.target_id, b"") if posting.target_seq else b""
        assert posting.hash == digest(posting, source_head, target_head)
        for account_id, seq in (
            (posting.source_id, posting.source_seq),
            (posting.target_id, posting.target_seq),
        ):
            if seq:
                heads[account_id] = posting.hash
    for account in Account.objects.filter(counted=True):
        assert account.head == heads.get(account.pk, b"")


def test_the_hash_does_not_depend_on_what_the_session_is_set_to(story):
    with connection.cursor() as cursor:
        for setting in (
            "SET LOCAL timezone = 'America/New_York'",
            "SET LOCAL datestyle = 'German, DMY'",
            "SET LOCAL lc_numeric = 'C'",
            "SET LOCAL extra_float_digits = -15",
        ):
            cursor.execute(setting)
        cursor.execute(
            """SELECT count(*) FROM ledger_posting p
                WHERE p.source_seq = 1 AND p.target_seq IS NULL
                  AND p.hash <> ledger_posting_digest(p, '', '')"""
        )
        assert cursor.fetchone() == (0,)
