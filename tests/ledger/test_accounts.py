import pytest
from django.db import connection

from ledger.models import Account
from ledger.operations import open_account, open_accounts, open_book
from tests.ledger.planting import refused_by


def test_open_book_opens_one_account_of_each_system_kind(db):
    open_book(book=5)
    kinds = Account.objects.in_book(5).values_list("kind", flat=True)
    assert sorted(kinds) == ["expired", "issue", "opening", "shop", "wish_fund"]


def test_open_book_twice_changes_nothing(db):
    open_book(book=5)
    before = set(Account.objects.values_list("pk", flat=True))
    open_book(book=5)
    assert set(Account.objects.values_list("pk", flat=True)) == before


def test_system_finds_the_books_own_account(db):
    open_book(book=5)
    open_book(book=6)
    assert Account.objects.system(5, Account.Kind.SHOP).book == 5
    with pytest.raises(Account.DoesNotExist):
        Account.objects.system(7, Account.Kind.SHOP)


def test_open_accounts_pairs_members_with_their_debts(book, django_assert_num_queries):
    with django_assert_num_queries(4):  # two, and the savepoint around them
        pairs = open_accounts(book=book.number, count=3)
    assert len(pairs) == 3
    for member, debt in pairs:
        assert (member.kind, debt.kind) == ("member", "debt")
        assert debt.debtor_id == member.pk


def test_available_is_balance_less_held():
    assert Account(balance=30, held=12).available == 18


def test_a_member_has_one_debt_account(book):
    member = open_account(book=book.number)
    open_account(book=book.number, kind=Account.Kind.DEBT, debtor=member)
    with refused_by("ledger_account_debtor_id_key"):
        open_account(book=book.number, kind=Account.Kind.DEBT, debtor=member)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "member", "balance": 5}, "ledger_account_born_empty"),
        ({"kind": "member", "held": 5}, "ledger_account_born_empty"),
        ({"kind": "member", "seq": 1}, "ledger_account_born_empty"),
        ({"kind": "member", "hold_seq": 1}, "ledger_account_born_empty"),
        ({"kind": "member", "head": b"x"}, "ledger_account_born_empty"),
        ({"kind": "member", "counted": False}, "ledger_account_counted_by_kind"),
        ({"kind": "issue", "counted": True}, "ledger_account_counted_by_kind"),
        ({"kind": "debt"}, "ledger_account_counted_by_kind"),
        ({"kind": "mint"}, "ledger_account_counted_by_kind"),
        ({"kind": "shop", "counted": False}, "ledger_account_one_of_each_system_kind"),
    ],
)
def test_the_database_refuses_an_account_that_is_not_one(book, fields, constraint):
    with refused_by(constraint):
        Account.objects.create(**{"book": book.number, "counted": True, **fields})


def test_a_debtor_is_a_member_of_the_same_book(book):
    open_book(book=2)
    elsewhere = open_account(book=2)
    for debtor in (elsewhere, Account.objects.system(book.number, Account.Kind.SHOP)):
        with refused_by("ledger_account_debtor_is_member"):
            open_account(book=book.number, kind=Account.Kind.DEBT, debtor=debtor)


def test_opening_many_accounts_reads_each_of_them_a_few_times(book):
    """Without statistics the planner once read the whole book for each debt."""
    before = accounts_read()
    open_accounts(book=book.number, count=300)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert accounts_read() - before < 300 * 5


def accounts_read():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
                WHERE relname = 'ledger_account'"""
        )
        return cursor.fetchone()[0]
