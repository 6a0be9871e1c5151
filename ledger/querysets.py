from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from ledger.models import Account, Hold, Posting  # noqa: F401 - named in brackets below


class AccountQuerySet(models.QuerySet["Account"]):
    def in_book(self, book: int) -> Self:
        return self.filter(book=book)

    def of_members(self) -> Self:
        return self.filter(kind="member")

    def system(self, book: int, kind: str) -> Account:
        """Return the book's one account of a system kind. Raises Account.DoesNotExist."""
        return self.get(book=book, kind=kind, counted=False)


class PostingQuerySet(models.QuerySet["Posting"]):
    def touching(self, account_id: int) -> Self:
        """Postings into or out of the account, in no particular order."""
        return self.filter(models.Q(source_id=account_id) | models.Q(target_id=account_id))

    def unreversed(self) -> Self:
        return self.filter(reversed_by__isnull=True)


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> Self:
        """Holds that still set points aside."""
        return self.filter(end__isnull=True)
