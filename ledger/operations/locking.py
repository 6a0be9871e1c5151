"""What every operation on points starts with: the accounts' locks and a plan made under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.utils import timezone

from ledger.models import Account, Hold
from ledger.refusals import HoldEnded, NotEnoughPoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import Model

Row = TypeVar("Row", bound="Model")


def columns_of(model: type[Model]) -> str:
    """Return the columns of a model's table in the order in which `fetch` reads them."""
    return ", ".join(field.attname for field in model._meta.concrete_fields)


def fetch(model: type[Row], sql: str, parameters: Sequence[Any]) -> list[Row]:
    """Run a statement that returns `columns_of` the model; return its rows as instances.

    A raw queryset would do the same at several times the cost, and the ledger does little else.
    """
    names = [field.attname for field in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [model.from_db(connection.alias, names, row) for row in cursor.fetchall()]


LOCK = "SELECT {columns} FROM ledger_lock_accounts(%s::bigint[])".replace(
    "{columns}", columns_of(Account)
)


def business_date(at: datetime) -> date:
    """Return the day in the installation's time zone (Asia/Shanghai) on which the moment falls."""
    return timezone.localdate(at, timezone.get_default_timezone())


def lock_accounts(account_ids: Iterable[int]) -> dict[int, Account]:
    """Lock the counted accounts among these until the transaction ends, and return them by id.

    One statement, lowest id first, so that no two operations wait for each other in a circle.
    System accounts are not locked and not returned.
    """
    locked = fetch(Account, LOCK, [sorted(set(account_ids))])
    return {account.pk: account for account in locked}


def read_open_holds(hold_ids: Iterable[int]) -> dict[int, Hold]:
    """Return the holds by id, their accounts being locked. Raises HoldEnded, Hold.DoesNotExist."""
    wanted = set(hold_ids)
    if not wanted:
        return {}
    holds = {hold.pk: hold for hold in Hold.objects.select_related("end").filter(pk__in=wanted)}
    if missing := wanted - holds.keys():
        raise Hold.DoesNotExist(f"no hold {min(missing)}")
    for hold in holds.values():
        if hasattr(hold, "end"):
            raise HoldEnded(hold.pk, hold.end.how)
    return holds


def take(account: Account | None, points: int) -> None:
    """Subtract points from a locked account's copy. Raises NotEnoughPoints of a member."""
    if account is None:
        return
    if account.kind == Account.Kind.MEMBER and account.available < points:
        raise NotEnoughPoints(account.available, points, account.pk)
    account.balance -= points


def give(account: Account | None, points: int) -> None:
    """Add points to a locked account's copy."""
    if account is not None:
        account.balance += points
