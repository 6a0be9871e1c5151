"""Close the books and print one line for each, to be kept on paper or on another machine.

With `--through N` nothing is closed: the seal of that closing is computed again, to be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.models import Account, Closing
from ledger.operations import close_book
from ledger.seals import seal

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

GROUP = 4  # digits; a line is read aloud and compared in groups


class Command(BaseCommand):
    help = "Close the books and print the seal of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", type=int, help="only this community's book")
        parser.add_argument("--through", type=int, help="print that closing's seal again")

    def handle(self, *_arguments: object, **options: Any) -> None:  # noqa: ANN401 - Django's own
        books = [options["book"]] if options["book"] is not None else self._books()
        for book in books:
            if options["through"] is None:
                close_book(book=book)
            try:
                made = seal(book, through_id=options["through"])
            except Closing.DoesNotExist:
                self.stdout.write(_("账册 %(book)d：没有这样的结账。") % {"book": book})
                continue
            digits = " ".join(
                made.digest[start : start + GROUP] for start in range(0, len(made.digest), GROUP)
            )
            self.stdout.write(
                _(
                    "账册 %(book)d，%(day)s 结账，截至第 %(through)d 笔，"
                    "%(accounts)d 个账户：%(digits)s"
                )
                % {
                    "book": book,
                    "day": timezone.localtime(made.closed_at).strftime("%Y-%m-%d %H:%M"),
                    "through": made.through_id,
                    "accounts": made.accounts,
                    "digits": digits,
                }
            )

    @staticmethod
    def _books() -> list[int]:
        return list(Account.objects.filter(counted=False).values_list("book", flat=True).distinct())
