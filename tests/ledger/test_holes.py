"""Each hole by which the tried schema could be beaten, tried again (design, ledger/HOLES.md)."""

import re

import pytest
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from ledger.migrations.sql import released_files
from ledger.models import Account, Hold, Posting
from ledger.operations import place_hold, release_hold
from tests.database import as_owner
from tests.ledger.planting import breached, refused_by
from tests.ledger.story import AT, CLERK


def execute(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def at_commit(*statements):
    """Run the statements in a transaction of their own, as the owner."""
    with as_owner(), transaction.atomic():
        for statement in statements:
            execute(statement)


def test_1_a_posting_is_not_spent_twice(committed_book):
    """Wind the account back to before its posting and spend the posting again."""
    lamao = committed_book.member(100)
    back = f"UPDATE ledger_account SET seq = 0, balance = 0 WHERE id = {lamao.account_id}"
    again = f"UPDATE ledger_account SET seq = 1, balance = 100 WHERE id = {lamao.account_id}"
    twice = f"UPDATE ledger_account SET seq = 1, balance = 200 WHERE id = {lamao.account_id}"
    for attack in ([twice], [back], [back, again], [back, twice]):
        with refused_by("ledger_account_paired"):
            at_commit(*attack)
    assert lamao.balance == 100


def test_1_nor_within_its_own_transaction(committed_book):
    lamao = committed_book.member(100)
    for count in (0, 1):
        with as_owner(), refused_by("ledger_account_paired"):
            committed_book.earn(lamao, 5)
            execute(
                "UPDATE ledger_account SET balance = balance + 5, seq = seq + %s WHERE id = %s",
                count,
                lamao.account_id,
            )
    assert lamao.balance == 100


def test_2_a_temporary_table_is_no_proof(committed_book):
    lamao = committed_book.member(100)
    with refused_by("ledger_account_paired"):
        at_commit(
            "CREATE TEMPORARY TABLE ledger_posting (LIKE public.ledger_posting) ON COMMIT DROP",
            f"""INSERT INTO pg_temp.ledger_posting
                SELECT * FROM public.ledger_posting WHERE target_id = {lamao.account_id}""",
            "UPDATE pg_temp.ledger_posting SET target_seq = 2, target_after = 200",
            f"UPDATE ledger_account SET balance = 200, seq = 2 WHERE id = {lamao.account_id}",
        )
    assert lamao.balance == 100


def test_2_every_function_that_reads_a_table_is_pinned_to_its_schema(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname, proconfig FROM pg_proc
                WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'ledger_%'"""
        )
        pinned = dict(cursor.fetchall())
    assert pinned.pop("ledger_posting_digest") is None  # reads no table
    assert len(pinned) > 10
    assert set(map(tuple, pinned.values())) == {("search_path=public, pg_temp",)}


def test_2_the_application_makes_no_temporary_tables(book):
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute("CREATE TEMPORARY TABLE ledger_posting (id bigint)")


def test_3_no_member_sends_without_limit(book):
    with refused_by("ledger_account_counted_by_kind"):
        Account.objects.create(book=book.number, kind="member", counted=False)


def test_4_skipping_a_conflict_debits_nobody(committed_book):
    lamao = committed_book.member(100)
    spent = committed_book.redeem(lamao, 30)
    undo = f"""
        INSERT INTO ledger_posting
               (kind, source_id, target_id, points, memo, effective_date, by_id, reverses_id)
        SELECT 'reversal', target_id, source_id, points, '', effective_date, 7, id
          FROM ledger_posting WHERE id = {spent.pk} ON CONFLICT DO NOTHING
    """
    at_commit(undo)
    with refused_by("ledger_account_paired"):
        at_commit(undo)
    assert lamao.balance == 100
    assert breached() == set()


def test_4_nobody_skips_conflicts_of_postings():
    """`ignore_conflicts` is for opening a book; nothing else may leave a row of the ledger out."""
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("ledger", "volunteers", "rewards", "wishes", "board", "points_store")
        for path in (settings.BASE_DIR / app).rglob("*.*")
        if path.suffix in {".py", ".sql"}
        and re.search(
            r"ledger_(posting|hold)\b[^;]*ON CONFLICT|(Posting|Hold)\.objects\.bulk_create",
            path.read_text(encoding="utf-8"),
        )
    }
    assert found == set()
    accounts = (settings.BASE_DIR / "ledger/operations/accounts.py").read_text(encoding="utf-8")
    assert accounts.count("ignore_conflicts") == 1


def test_6_a_missing_account_fails_in_the_view_not_at_commit(book):
    lamao = book.member(10)
    with refused_by("ledger_posting_accounts_known"):
        execute(
            """INSERT INTO ledger_posting
                      (kind, source_id, target_id, points, memo, effective_date, by_id)
               VALUES ('redeem', %s, 9999, 1, '', '2023-11-16', 7)""",
            lamao.account_id,
        )


def test_8_ending_a_hold_does_not_read_the_holds_of_a_lifetime(book):
    lamao = book.member(10)
    kind = Hold.Kind.SPECIAL_ORDER
    for _ in range(60):
        hold = place_hold(account_id=lamao.account_id, points=1, kind=kind, by=CLERK, at=AT)
        release_hold(hold_id=hold.pk, by=CLERK, at=AT)
    hold = place_hold(account_id=lamao.account_id, points=1, kind=kind, by=CLERK, at=AT)
    execute("SET LOCAL enable_seqscan = off")  # the planner reads a table this small as a whole
    execute("DISCARD PLANS")
    before = rows_read()
    release_hold(hold_id=hold.pk, by=CLERK, at=AT)
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # the pair assertions of all 122 events
    assert rows_read() - before < 122 * 4


def rows_read():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
                WHERE relname IN ('ledger_hold', 'ledger_holdend')"""
        )
        return cursor.fetchone()[0]


def test_9_every_refusal_has_a_name_and_reaches_django_as_one():
    raised = re.findall(r"RAISE EXCEPTION.*?;\n", "\n".join(released_files()), re.DOTALL)
    assert len(raised) > 15
    for refusal in raised:
        assert re.search(
            r"ERRCODE = '(check|foreign_key|unique|restrict)_violation', CONSTRAINT = ", refusal
        ), refusal


def test_11_posting_without_a_commit_is_refused_clearly(book):
    """With every check at once there is no moment at which balance and posting both stand."""
    lamao = book.member(100)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="SET CONSTRAINTS") as refused, transaction.atomic():
        book.redeem(lamao, 30)
    assert refused.value.__cause__.diag.constraint_name == "ledger_account_paired"
    execute("SET CONSTRAINTS ALL DEFERRED")
    assert book.redeem(lamao, 30).source_after == 70


def test_12_a_fixture_cannot_bring_postings(story, tmp_path):
    """What was dumped as rows is applied already: it is refused, not applied a second time."""
    for model in (Account, Posting, Hold):
        fixture = tmp_path / f"{model._meta.model_name}.json"
        rows = model.objects.order_by("-pk")[:1]
        if model is Account:
            rows = model.objects.filter(pk=story.lamao.account_id)
        fixture.write_text(serializers.serialize("json", rows), encoding="utf-8")
        with as_owner(), pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            call_command("loaddata", str(fixture), verbosity=0)
    assert breached() == set()


def test_12_copied_rows_are_refused(story):
    with as_owner(), refused_by("ledger_posting_not_loaded"):
        execute(
            """INSERT INTO ledger_posting OVERRIDING SYSTEM VALUE
               SELECT * FROM ledger_posting WHERE id = %s""",
            story.spent.pk,
        )
    with as_owner(), refused_by("ledger_account_born_empty"):
        execute(
            """INSERT INTO ledger_account OVERRIDING SYSTEM VALUE
               SELECT * FROM ledger_account WHERE id = %s""",
            story.lamao.account_id,
        )
