"""What must be true of the books, each as a SQL statement that returns rows only where it is not.

A row has two columns: `book`, or null for what concerns the whole installation, and `what`, a
sentence that names the offender. Other apps add their own, documents against postings, when they
are ready:

    class RewardsConfig(AppConfig):
        def ready(self) -> None:
            invariants.register_folder("rewards", Path(__file__).parent / "invariants")
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from ledger.invariants import guards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_BREACHES_OF_ONE = 100

_registered: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Breach:
    """One row of an invariant that does not hold; `book` is None for the whole installation."""

    invariant: str
    book: int | None
    what: str


def register(name: str, sql: str) -> None:
    """Add an invariant. Its name is `<app>.<what holds>`; the same name again replaces it."""
    _registered[name] = sql


def register_folder(app: str, folder: Path) -> None:
    """Add every .sql file of a folder under the name `<app>.<file>`."""
    for path in sorted(folder.glob("*.sql")):
        register(f"{app}.{path.stem}", path.read_text(encoding="utf-8"))


def register_own() -> None:
    register_folder("ledger", Path(__file__).parent)
    register("ledger.guards_are_in_place", guards.missing_guards_sql())


def registered() -> Mapping[str, str]:
    """Return the invariants by name, in the order in which they are checked."""
    return dict(_registered)


def find_breaches(name: str, *, book: int | None = None) -> Iterator[Breach]:
    """Check one invariant; yield at most 100 breaches, with `book` only those of that book."""
    with connection.cursor() as cursor:
        cursor.execute(_registered[name])
        for its_book, what in cursor.fetchmany(MOST_BREACHES_OF_ONE):
            if book is None or its_book is None or its_book == book:
                yield Breach(name, its_book, what)
