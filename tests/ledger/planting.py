"""How a test does what nobody may: as the owner, with every trigger asleep."""

from __future__ import annotations

from django.db import connection

from ledger import invariants
from tests.database import as_owner


def plant(*statements):
    """Corrupt the books past every trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def breached():
    """Return the names of the invariants that do not hold, without their app."""
    return {
        name.removeprefix("ledger.")
        for name in invariants.registered()
        if name.startswith("ledger.") and any(invariants.find_breaches(name))
    }
