"""Prove the books: check every invariant and name each breach. Exits with 1 when there is one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils.translation import gettext as _

from ledger import invariants
from ledger.invariants import Breach
from points_store import rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Check every invariant of the books; name each breach and exit with 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write one JSON object")
        parser.add_argument("--book", type=int, help="only this community's breaches")

    def handle(self, *_arguments: object, **options: Any) -> None:  # noqa: ANN401 - Django's own
        started = perf_counter()
        breaches = list(find_breaches(options["book"]))
        checked = [*invariants.registered(), "points_store.role_has_no_excess_rights"]
        if options["json"]:
            report = {
                "ok": not breaches,
                "checked": checked,
                "breaches": [asdict(breach) for breach in breaches],
                "seconds": round(perf_counter() - started, 3),
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for breach in breaches:
                book = "" if breach.book is None else f"[{breach.book}] "
                self.stdout.write(f"✗ {breach.invariant}: {book}{breach.what}")
            self.stdout.write(
                _("查了 %(checked)d 条规则，发现 %(breaches)d 处不符。")
                % {"checked": len(checked), "breaches": len(breaches)}
            )
        if breaches:
            sys.exit(1)


def find_breaches(book: int | None) -> Iterator[Breach]:
    """Check everything on one snapshot of the database, however long it takes."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:  # the outermost transaction may choose its snapshot
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '64MB'")
        for name in invariants.registered():
            yield from invariants.find_breaches(name, book=book)
        for excess in rights.excess_rights(connection):
            yield Breach("points_store.role_has_no_excess_rights", None, excess)
