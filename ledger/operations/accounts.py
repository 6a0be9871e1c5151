from __future__ import annotations

from django.db import transaction

from ledger.models import Account


@transaction.atomic
def open_book(*, book: int) -> None:
    """Open the book's system accounts, one of each kind. Doing it again changes nothing."""
    Account.objects.bulk_create(
        [Account(book=book, kind=kind, counted=False) for kind in Account.SYSTEM_KINDS],
        ignore_conflicts=True,
    )


@transaction.atomic
def open_account(
    *, book: int, kind: Account.Kind = Account.Kind.MEMBER, debtor: Account | None = None
) -> Account:
    """Open a member's account, or with `debtor` the debt account of that member (at most one)."""
    return Account.objects.create(book=book, kind=kind, counted=True, debtor=debtor)


@transaction.atomic
def open_accounts(*, book: int, count: int) -> list[tuple[Account, Account]]:
    """Open `count` pairs of a member's account and its debt account, in two statements."""
    members = Account.objects.bulk_create(
        Account(book=book, kind=Account.Kind.MEMBER, counted=True) for _ in range(count)
    )
    debts = Account.objects.bulk_create(
        Account(book=book, kind=Account.Kind.DEBT, counted=True, debtor=member)
        for member in members
    )
    return list(zip(members, debts, strict=True))
