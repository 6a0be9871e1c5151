from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from ledger.operations import open_accounts
from points_store.text import normalise_name, pinyin_keys
from volunteers.models import Community, Household, MemberCard, Unit, User, Volunteer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ledger.models import Account

CARD_PREFIX = "20"
TOKEN_BYTES = 18  # 144 bits; RELIABILITY N29 asks for at least 128


@dataclass(frozen=True)
class Enrolment:
    """What a new dossier starts with; `name` may be in any script and is normalised here."""

    name: str
    name_bo: str = ""
    name_mn: str = ""
    gender: str = ""
    birth_year: int | None = None
    birth_month: int | None = None
    phone: str = ""
    estate: str = ""
    door: str = ""
    household: Household | None = None
    unit: Unit | None = None
    reported_in: bool = False
    reported_in_date: date | None = None
    language: str = Volunteer.Language.CHINESE


@dataclass(frozen=True)
class IssuedCard:
    """A card and, this once, the token its QR carries; only the token's hash is kept."""

    card: MemberCard
    token: str


@transaction.atomic
def enrol_volunteers(
    *, community: Community, enrolments: Sequence[Enrolment], by: User, at: datetime
) -> list[Volunteer]:
    """Open a dossier, an account and a debt account for each, in order, in constant queries.

    Member numbers run on without gaps within the community.
    """
    if not enrolments:
        return []
    Community.objects.filter(pk=community.pk).update(
        next_member_number=F("next_member_number") + len(enrolments)
    )
    community.refresh_from_db(fields=["next_member_number"])
    first = community.next_member_number - len(enrolments)
    accounts = open_accounts(book=community.pk, count=len(enrolments))
    return Volunteer.objects.bulk_create(
        _dossier(community, enrolment, first + index, pair, by=by, at=at)
        for index, (enrolment, pair) in enumerate(zip(enrolments, accounts, strict=True))
    )


def enrol_volunteer(
    *, community: Community, enrolment: Enrolment, by: User, at: datetime
) -> Volunteer:
    """Open one dossier; see `enrol_volunteers`."""
    return enrol_volunteers(community=community, enrolments=[enrolment], by=by, at=at)[0]


@transaction.atomic
def issue_card(*, volunteer: Volunteer, by: User, at: datetime) -> IssuedCard:
    """Give the volunteer a new card; the old one is dead at once."""
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    MemberCard.objects.live().filter(volunteer=volunteer).update(revoked_at=at, revoked_by=by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    card = MemberCard.objects.create(
        volunteer=volunteer,
        barcode=_free_barcode(),
        token_hash=hash_token(token),
        issued_at=at,
        issued_by=by,
    )
    return IssuedCard(card=card, token=token)


def hash_token(token: str) -> str:
    """Return what is stored of a card's QR token."""
    return hashlib.sha256(token.encode()).hexdigest()


def ean13(twelve_digits: str) -> str:
    """Return the twelve digits with their check digit (GS1 General Specifications 7.9)."""
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(twelve_digits))
    return f"{twelve_digits}{-weighted % 10}"


def _free_barcode() -> str:
    while True:
        code = ean13(f"{CARD_PREFIX}{secrets.randbelow(10**10):010d}")
        if not MemberCard.objects.filter(barcode=code).exists():
            return code


def _dossier(
    community: Community,
    enrolment: Enrolment,
    number: int,
    accounts: tuple[Account, Account],
    *,
    by: User,
    at: datetime,
) -> Volunteer:
    name = normalise_name(enrolment.name)
    pinyin, initials = pinyin_keys(name)
    account, debt_account = accounts
    return Volunteer(
        community=community,
        number=number,
        name=name,
        name_bo=normalise_name(enrolment.name_bo),
        name_mn=normalise_name(enrolment.name_mn),
        pinyin=pinyin,
        initials=initials,
        gender=enrolment.gender,
        birth_year=enrolment.birth_year,
        birth_month=enrolment.birth_month,
        phone=enrolment.phone,
        estate=enrolment.estate,
        door=enrolment.door,
        household=enrolment.household,
        unit=enrolment.unit,
        reported_in=enrolment.reported_in,
        reported_in_date=enrolment.reported_in_date,
        language=enrolment.language,
        account=account,
        debt_account=debt_account,
        created_at=at,
        created_by=by,
    )
