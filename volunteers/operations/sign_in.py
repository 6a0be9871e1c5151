"""A resident names themselves and types a PIN. Who does not exist is answered like who does."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from volunteers.models import Identification, MemberCard, PinAttempt, Volunteer
from volunteers.operations.pins import (
    ACCOUNT_WINDOW,
    DEVICE_WINDOW,
    PIN_HASHER,
    WRONG_PER_ACCOUNT,
    WRONG_PER_DEVICE,
    PinTry,
    try_pin,
)
from volunteers.refusals import BirthYearNeeded, PinNotChosen, TooManyTries, WrongPin

if TYPE_CHECKING:
    from datetime import datetime

    from volunteers.models import Community, User

CARD_NUMBER = re.compile(r"20[0-9]{11}")
MEMBER_NUMBER = re.compile(r"(?:[A-Za-z]{1,4}[-－ ]?)?([0-9]{1,6})")
PHONE_NUMBER = re.compile(r"[0-9]{7,20}")


class Kind(StrEnum):
    """What the resident typed to say who they are."""

    CARD = auto()
    MEMBER = auto()
    PHONE = auto()
    UNREADABLE = auto()


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are: a card's, handbook's or phone's number, still unproved.

    A family shares a phone, so a phone comes with the year of birth.
    """

    kind: Kind
    number: str
    birth_year: int | None = None


def read_claim(typed: str, birth_year: int | None = None) -> Claim:
    """Read what was typed or scanned: `CX-0012`, `12`, thirteen digits of a card, a phone."""
    number = typed.replace(" ", "")
    if CARD_NUMBER.fullmatch(number):
        return Claim(Kind.CARD, number)
    if member := MEMBER_NUMBER.fullmatch(number):
        return Claim(Kind.MEMBER, str(int(member[1])))
    if PHONE_NUMBER.fullmatch(number):
        return Claim(Kind.PHONE, number, birth_year)
    return Claim(Kind.UNREADABLE, number)


def find_claimed(community: Community, claim: Claim) -> Volunteer | None:
    """Return the one active person whom the claim names, or None; never a guess among several.

    Where two people share a phone and a year of birth, only the handbook's number tells them
    apart. A single owner of a phone whose year is not on file is that owner whatever was typed.
    """
    people = Volunteer.objects.of(community).active()
    match claim.kind:
        case Kind.CARD:
            live = MemberCard.objects.live().filter(barcode=claim.number)
            return people.filter(pk__in=live.values("volunteer")).first()
        case Kind.MEMBER:
            return people.filter(number=int(claim.number)).first()
        case Kind.PHONE:
            sharing = list(people.filter(phone=claim.number)[:20])
            born = [person for person in sharing if person.birth_year == claim.birth_year]
            if len(born) == 1:
                return born[0]
            alone = len(sharing) == 1 and sharing[0].birth_year is None
            return sharing[0] if alone else None
    return None


def find_identified(volunteer: Volunteer, at: datetime) -> User | None:
    """Return who made sure, less than two minutes before `at`, that this person is here."""
    identification = (
        Identification.objects.filter(volunteer=volunteer, used_at__isnull=True, expires_at__gt=at)
        .select_related("identified_by")
        .order_by("-identified_at")
        .first()
    )
    return identification.identified_by if identification else None


def sign_in(*, community: Community, claim: Claim, pin: str, device: str, at: datetime) -> PinTry:
    """Check the PIN of whom the claim names and commit that it was tried.

    Nobody found, and nobody with a PIN, answers in the words and the time of a wrong PIN, counts
    its tries, and pauses alike. Raises BirthYearNeeded for any phone without a year of birth,
    before anything is looked up.
    """
    if claim.kind == Kind.PHONE and claim.birth_year is None:
        raise BirthYearNeeded
    volunteer = find_claimed(community, claim)
    if volunteer is not None:
        outcome = try_pin(volunteer=volunteer, pin=pin, device=device, at=at)
        if not isinstance(outcome.refusal, PinNotChosen):
            return outcome
    return _try_nobody(_name_of(community, claim), pin=pin, device=device, at=at)


@transaction.atomic(durable=True)
def _try_nobody(name: str, *, pin: str, device: str, at: datetime) -> PinTry:
    """Count a try against a claim that names nobody with a PIN, at the cost of a true one."""
    with connection.cursor() as cursor:
        # The lock of try_pin: tries of one machine wait for each other, whoever they name.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [device])
    wrong = _wrong_tries(name, at - ACCOUNT_WINDOW)
    if len(wrong) >= WRONG_PER_ACCOUNT:
        pause = TooManyTries(until=wrong[WRONG_PER_ACCOUNT - 1] + ACCOUNT_WINDOW)
        return PinTry(access=None, refusal=pause)
    wrong_here = _wrong_tries(device, at - DEVICE_WINDOW)
    if len(wrong_here) >= WRONG_PER_DEVICE:
        pause = TooManyTries(until=wrong_here[WRONG_PER_DEVICE - 1] + DEVICE_WINDOW)
        return PinTry(access=None, refusal=pause)
    make_password(pin, hasher=PIN_HASHER)
    PinAttempt.objects.bulk_create(
        PinAttempt(device=counted, at=at, succeeded=False) for counted in (device, name)
    )
    left = WRONG_PER_ACCOUNT - len(wrong) - 1
    return PinTry(access=None, refusal=WrongPin(tries_left=left))


def _wrong_tries(device: str, since: datetime) -> list[datetime]:
    """Return when wrong tries were counted, the latest first."""
    tries = PinAttempt.objects.filter(device=device, succeeded=False, at__gt=since)
    return list(tries.order_by("-at").values_list("at", flat=True)[:WRONG_PER_DEVICE])


def _name_of(community: Community, claim: Claim) -> str:
    """Return what such tries are counted under, in place of a person; it cannot be read back."""
    text = f"{community.pk}:{claim.kind}:{claim.number}:{claim.birth_year}"
    return f"claim:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:48]}"
