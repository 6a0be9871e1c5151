"""Keeping dossiers: enrolment with consent, changes, cards, and the log of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ledger.requests import RequestId, find_result, store_result
from points_store.text import pinyin_keys
from volunteers.models import AccessLog, Community, Consent, MemberCard, User, Volunteer
from volunteers.operations.importing import Newcomer, import_people
from volunteers.operations.people import IssuedCard, issue_card
from volunteers.refusals import AlreadyRecorded, StateMovedOn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Agreement:
    """What a person agreed to, in which version; a guardian's name for a child."""

    purpose: str
    wording_version: str
    guardian_name: str = ""


@transaction.atomic
def enrol_with_consent(
    *,
    request: RequestId,
    community: Community,
    newcomer: Newcomer,
    agreements: Sequence[Agreement],
    by: User,
    at: datetime,
) -> Volunteer:
    """Open one dossier with its household, unit and consents; the same request opens one.

    Raises KeyReused.
    """
    content = {"newcomer": repr(newcomer), "agreements": repr(list(agreements))}
    if done := find_result(request, content=content):
        return Volunteer.objects.get(pk=done["volunteer"])
    [volunteer] = import_people(
        community=community, newcomers=[newcomer], amendments=[], by=by, at=at
    )
    for agreement in agreements:
        give_consent(volunteer=volunteer, agreement=agreement, by=by, at=at)
    store_result(request, content=content, result={"volunteer": volunteer.pk})
    return volunteer


@transaction.atomic
def change_dossier(*, volunteer_id: int, fields: Mapping[str, object]) -> Volunteer:
    """Write the given fields of a dossier; a new name brings its search keys along."""
    volunteer = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer_id)
    for name, value in fields.items():
        setattr(volunteer, name, value)
    volunteer.pinyin, volunteer.initials = pinyin_keys(volunteer.name)
    volunteer.save(update_fields=[*fields, "pinyin", "initials"])
    return volunteer


@transaction.atomic
def give_consent(*, volunteer: Volunteer, agreement: Agreement, by: User, at: datetime) -> Consent:
    """Note a consent. Raises AlreadyRecorded while one for the same purpose stands."""
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    standing = Consent.objects.filter(
        volunteer=volunteer, purpose=agreement.purpose, withdrawn_at__isnull=True
    )
    if standing.exists():
        raise AlreadyRecorded([volunteer.pk])
    return Consent.objects.create(
        volunteer=volunteer,
        purpose=agreement.purpose,
        wording_version=agreement.wording_version,
        guardian_name=agreement.guardian_name,
        given_at=at,
        given_by=by,
    )


@transaction.atomic
def withdraw_consent(*, volunteer: Volunteer, purpose: str, by: User, at: datetime) -> None:
    """Take a consent back from now on. Raises StateMovedOn where none stands."""
    changed = Consent.objects.filter(
        volunteer=volunteer, purpose=purpose, withdrawn_at__isnull=True
    ).update(withdrawn_at=at, withdrawn_by=by)
    if not changed:
        raise StateMovedOn(purpose)


@transaction.atomic
def issue_sheet(
    *,
    request: RequestId,
    community: Community,
    volunteer_ids: Sequence[int],
    by: User,
    at: datetime,
) -> list[IssuedCard] | None:
    """Issue a card to each, in the order of their numbers; the old ones are dead at once.

    The codes are known only now: the same request again gives None. Leaves a line in the log.
    """
    content = {"volunteers": sorted(volunteer_ids)}
    if find_result(request, content=content):
        return None
    people = Volunteer.objects.of(community).active().filter(pk__in=volunteer_ids)
    issued = [
        issue_card(volunteer=person, by=by, at=at)
        for person in people.select_related("community").order_by("number")
    ]
    log_access(community=community, act=AccessLog.Act.CARDS, by=by, at=at, people_count=len(issued))
    store_result(request, content=content, result={"cards": len(issued)})
    return issued


@transaction.atomic
def revoke_card(*, volunteer: Volunteer, by: User, at: datetime) -> None:
    """Kill the card without giving another. Raises StateMovedOn where there is none."""
    if (
        not MemberCard.objects.live()
        .filter(volunteer=volunteer)
        .update(revoked_at=at, revoked_by=by)
    ):
        raise StateMovedOn("revoked")


def log_access(
    *,
    community: Community,
    act: AccessLog.Act,
    by: User,
    at: datetime,
    volunteer: Volunteer | None = None,
    people_count: int = 1,
) -> AccessLog:
    """Note that somebody saw or took away personal data."""
    return AccessLog.objects.create(
        community=community,
        volunteer=volunteer,
        act=act,
        people_count=people_count,
        seen_at=at,
        seen_by=by,
    )
