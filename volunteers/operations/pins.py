"""Residents' PINs. A try is its own transaction, so a wrong one is counted whatever follows it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from volunteers.models import MemberAccess, PinAttempt, PinConfirmation, User, Volunteer
from volunteers.refusals import (
    ConfirmationNotValid,
    PinNotChosen,
    PinTooSimple,
    Refusal,
    TooManyTries,
    WrongPin,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

# RELIABILITY N28: per account, per device, and the hard stop of NIST SP 800-63B 5.2.2.
WRONG_PER_ACCOUNT = 5
ACCOUNT_WINDOW = timedelta(minutes=15)
WRONG_PER_DEVICE = 20
DEVICE_WINDOW = timedelta(hours=1)
WRONG_IN_A_ROW = 100
CONFIRMATION_LASTS = timedelta(minutes=5)
SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
RUNS = "01234567890", "09876543210"


@dataclass(frozen=True)
class PinTry:
    """The outcome of one committed try: the access it opened, or the refusal to show."""

    access: MemberAccess | None
    refusal: Refusal | None


@transaction.atomic
def choose_pin(*, volunteer: Volunteer, pin: str, at: datetime) -> MemberAccess:
    """Set the resident's PIN and end every session that used the old one. Raises PinTooSimple."""
    if not SIX_DIGITS.fullmatch(pin) or len(set(pin)) == 1 or any(pin in run for run in RUNS):
        raise PinTooSimple
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    access, _is_new = MemberAccess.objects.get_or_create(
        volunteer=volunteer, defaults={"changed_at": at}
    )
    access.pin_hash = make_password(pin)
    access.pin_version += 1
    access.must_change = False
    access.changed_at = at
    access.save()
    PinAttempt.objects.filter(volunteer=volunteer, succeeded=False).delete()
    return access


@transaction.atomic
def reset_pin(*, volunteer: Volunteer, at: datetime) -> None:
    """Take the PIN away, end all sessions; the resident chooses a new one at the counter."""
    access = MemberAccess.objects.select_for_update(no_key=True).filter(volunteer=volunteer).first()
    if access is None:
        return
    access.pin_hash = ""
    access.pin_version += 1
    access.changed_at = at
    access.save()
    PinAttempt.objects.filter(volunteer=volunteer, succeeded=False).delete()


@transaction.atomic(durable=True)
def try_pin(*, volunteer: Volunteer, pin: str, device: str, at: datetime) -> PinTry:
    """Check one PIN and commit that it was tried; never raises a refusal, so nothing rolls back.

    Tries of one account, and of one device, wait for each other: of 32 at once at most
    WRONG_PER_ACCOUNT are evaluated.
    """
    _lock_device(device)
    access = MemberAccess.objects.select_for_update(no_key=True).filter(volunteer=volunteer).first()
    if access is None or not access.pin_hash:
        return PinTry(access=None, refusal=PinNotChosen())
    if refusal := _pause(volunteer, device, at):
        return PinTry(access=None, refusal=refusal)
    succeeded = check_password(pin, access.pin_hash)
    PinAttempt.objects.create(volunteer=volunteer, device=device, at=at, succeeded=succeeded)
    if succeeded:
        return PinTry(access=access, refusal=None)
    wrong = _wrong_since(at - ACCOUNT_WINDOW).filter(volunteer=volunteer).count()
    return PinTry(access=None, refusal=WrongPin(tries_left=max(0, WRONG_PER_ACCOUNT - wrong)))


def confirm_with_pin(
    *,
    volunteer: Volunteer,
    pin: str,
    content: Mapping[str, object],
    device: str,
    by: User,
    at: datetime,
) -> PinConfirmation:
    """Turn a right PIN into a one-use confirmation of exactly `content`.

    Raises PinNotChosen, WrongPin, TooManyTries; the try is committed all the same.
    """
    outcome = try_pin(volunteer=volunteer, pin=pin, device=device, at=at)
    if outcome.refusal:
        raise outcome.refusal
    return PinConfirmation.objects.create(
        volunteer=volunteer,
        content_hash=hash_content(content),
        confirmed_at=at,
        confirmed_by=by,
        expires_at=at + CONFIRMATION_LASTS,
    )


def use_confirmation(
    *, confirmation_id: UUID, volunteer: Volunteer, content: Mapping[str, object], at: datetime
) -> PinConfirmation:
    """Use the confirmation up within the caller's transaction. Raises ConfirmationNotValid."""
    used = PinConfirmation.objects.filter(
        pk=confirmation_id,
        volunteer=volunteer,
        content_hash=hash_content(content),
        used_at__isnull=True,
        expires_at__gt=at,
    ).update(used_at=at)
    if not used:
        raise ConfirmationNotValid
    return PinConfirmation.objects.get(pk=confirmation_id)


def hash_content(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of the content in canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _lock_device(device: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [device])


def _wrong_since(moment: datetime) -> QuerySet[PinAttempt]:
    return PinAttempt.objects.filter(succeeded=False, at__gt=moment)


def _pause(volunteer: Volunteer, device: str, at: datetime) -> TooManyTries | None:
    recent = list(
        _wrong_since(at - ACCOUNT_WINDOW)
        .filter(volunteer=volunteer)
        .order_by("-at")
        .values_list("at", flat=True)[:WRONG_PER_ACCOUNT]
    )
    if len(recent) == WRONG_PER_ACCOUNT:
        return TooManyTries(until=recent[-1] + ACCOUNT_WINDOW)
    last_success = (
        PinAttempt.objects.filter(volunteer=volunteer, succeeded=True)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    in_a_row = PinAttempt.objects.filter(volunteer=volunteer, succeeded=False)
    if last_success:
        in_a_row = in_a_row.filter(at__gt=last_success)
    if in_a_row.count() >= WRONG_IN_A_ROW:
        return TooManyTries(until=None)
    by_device = list(
        _wrong_since(at - DEVICE_WINDOW)
        .filter(device=device)
        .order_by("-at")
        .values_list("at", flat=True)[:WRONG_PER_DEVICE]
    )
    if len(by_device) == WRONG_PER_DEVICE:
        return TooManyTries(until=by_device[-1] + DEVICE_WINDOW)
    return None
