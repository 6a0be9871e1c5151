"""How a test does what nobody may: as the owner, with every trigger asleep."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import invariants
from tests.database import as_owner


def plant(*statements):
    """Corrupt the books past every trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
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


@contextmanager
def refused_by(constraint):
    """The body is refused by the database, as an IntegrityError that carries this name."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        yield
    assert refused.value.__cause__.diag.constraint_name == constraint
