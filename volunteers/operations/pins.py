"""Residents' PINs. A try is its own transaction, so a wrong one is counted whatever follows it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from volunteers.models import (
    FirstPinCode,
    Identification,
    MemberAccess,
    PinAttempt,
    PinConfirmation,
    User,
    Volunteer,
)
from volunteers.refusals import (
    ConfirmationNotValid,
    NotIdentified,
    PinAlreadyChosen,
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
IDENTIFICATION_LASTS = timedelta(minutes=2)
FIRST_CODE_LASTS = timedelta(hours=24)
PIN_HASHER = "argon2pin"
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
    access.pin_hash = make_password(pin, hasher=PIN_HASHER)
    access.pin_version += 1
    access.must_change = False
    access.changed_at = at
    access.save()
    PinAttempt.objects.filter(volunteer=volunteer, succeeded=False).delete()
    return access


@transaction.atomic
def choose_pin_when_identified(
    *, volunteer: Volunteer, pin: str, by: User, at: datetime
) -> MemberAccess:
    """Let the person whom `by` identified within the last two minutes choose a first PIN, once.

    Raises NotIdentified, PinAlreadyChosen, PinTooSimple.
    """
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if MemberAccess.objects.filter(volunteer=volunteer).exclude(pin_hash="").exists():
        raise PinAlreadyChosen
    used = Identification.objects.filter(
        volunteer=volunteer, identified_by=by, used_at__isnull=True, expires_at__gt=at
    ).update(used_at=at)
    if not used:
        raise NotIdentified
    return choose_pin(volunteer=volunteer, pin=pin, at=at)


@transaction.atomic
def identify_volunteer(
    *, volunteer: Volunteer, way: Identification.Way, by: User, at: datetime
) -> Identification:
    """Write down that `by` made sure who stands here; opens two minutes to choose a first PIN.

    Raises PinAlreadyChosen: who has a PIN needs it, or a reset by staff who may do that.
    """
    if MemberAccess.objects.filter(volunteer=volunteer).exclude(pin_hash="").exists():
        raise PinAlreadyChosen
    return Identification.objects.create(
        volunteer=volunteer,
        way=way,
        identified_at=at,
        identified_by=by,
        expires_at=at + IDENTIFICATION_LASTS,
    )


@transaction.atomic
def issue_first_code(*, volunteer: Volunteer, by: User, at: datetime) -> str:
    """Return a fresh six-digit code to print, valid once within 24 hours; earlier ones end.

    Typed where the PIN belongs, it signs in and asks for a PIN of one's own at once; it confirms
    nothing. Only its hash is kept. Raises PinAlreadyChosen.
    """
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if MemberAccess.objects.filter(volunteer=volunteer).exclude(pin_hash="").exists():
        raise PinAlreadyChosen
    FirstPinCode.objects.filter(volunteer=volunteer, expires_at__gt=at).update(expires_at=at)
    code = f"{secrets.randbelow(10**6):06d}"
    FirstPinCode.objects.create(
        volunteer=volunteer,
        code_hash=make_password(code, hasher=PIN_HASHER),
        issued_at=at,
        issued_by=by,
        expires_at=at + FIRST_CODE_LASTS,
    )
    return code


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
def try_pin(
    *, volunteer: Volunteer, pin: str, device: str, at: datetime, takes_code: bool = True
) -> PinTry:
    """Check one PIN and commit that it was tried; never raises a refusal, so nothing rolls back.

    Who has no PIN yet may type a printed one-time code (with `takes_code`): the access then says
    `must_change`, and the caller lets the person choose a PIN and do nothing else. Tries of one
    account, and of one device, wait for each other: of 32 at once at most WRONG_PER_ACCOUNT are
    evaluated.
    """
    _lock_device(device)
    access = MemberAccess.objects.select_for_update(no_key=True).filter(volunteer=volunteer).first()
    if access is not None and access.pin_hash:
        refusal = _tried(volunteer, pin, access.pin_hash, device=device, at=at)
        return PinTry(access=None if refusal else access, refusal=refusal)
    code = _live_code(volunteer, at) if takes_code else None
    if code is None:
        return PinTry(access=None, refusal=PinNotChosen())
    if refusal := _tried(volunteer, pin, code.code_hash, device=device, at=at):
        return PinTry(access=None, refusal=refusal)
    code.used_at = at
    code.save(update_fields=["used_at"])
    access, _is_new = MemberAccess.objects.update_or_create(
        volunteer=volunteer, defaults={"must_change": True, "changed_at": at}
    )
    return PinTry(access=access, refusal=None)


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
    outcome = try_pin(volunteer=volunteer, pin=pin, device=device, at=at, takes_code=False)
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
    *,
    confirmation_id: UUID | None,
    volunteer: Volunteer,
    content: Mapping[str, object],
    at: datetime,
) -> PinConfirmation:
    """Use the confirmation up within the caller's transaction. Raises ConfirmationNotValid.

    One statement: of two that arrive together, one finds it used.
    """
    used = PinConfirmation.objects.raw(
        """
        UPDATE volunteers_pinconfirmation SET used_at = %(at)s
         WHERE id = %(id)s AND volunteer_id = %(volunteer)s AND content_hash = %(content)s
           AND used_at IS NULL AND expires_at > %(at)s
        RETURNING *
        """,
        {
            "id": confirmation_id,
            "volunteer": volunteer.pk,
            "content": hash_content(content),
            "at": at,
        },
    )
    for confirmation in used:
        return confirmation
    raise ConfirmationNotValid


def hash_content(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of the content in canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _lock_device(device: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [device])


def _wrong_since(moment: datetime) -> QuerySet[PinAttempt]:
    return PinAttempt.objects.filter(succeeded=False, at__gt=moment)


def _live_code(volunteer: Volunteer, at: datetime) -> FirstPinCode | None:
    return (
        FirstPinCode.objects.select_for_update(no_key=True)
        .filter(volunteer=volunteer, used_at__isnull=True, expires_at__gt=at)
        .order_by("-issued_at")
        .first()
    )


def _tried(
    volunteer: Volunteer, pin: str, encoded: str, *, device: str, at: datetime
) -> Refusal | None:
    """Evaluate and count one try, unless tries are paused; return why it did not open."""
    if pause := _pause(volunteer, device, at):
        return pause
    succeeded = check_password(pin, encoded)
    PinAttempt.objects.create(volunteer=volunteer, device=device, at=at, succeeded=succeeded)
    if succeeded:
        return None
    wrong = _wrong_since(at - ACCOUNT_WINDOW).filter(volunteer=volunteer).count()
    return WrongPin(tries_left=max(0, WRONG_PER_ACCOUNT - wrong))


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
