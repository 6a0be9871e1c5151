"""Deeds that residents declare themselves: told, looked at, asked about, paid or declined."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ledger.requests import RequestId, find_result, store_result
from volunteers.calculation import Calculation, calculate, percent_of
from volunteers.models import Community, Deed, PointsRule, ServiceRecord, User, Volunteer
from volunteers.operations.deciding import pay_record, require_reason
from volunteers.operations.photos import give_photos
from volunteers.operations.recording import points_already_earned, shanghai_date, version_in_force
from volunteers.refusals import (
    CapReached,
    DateInFuture,
    OwnPoints,
    PointsOutOfRange,
    SamePersonDecides,
    StateMovedOn,
    UnknownVolunteers,
)

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

MORE_THAN_STANDARD = 2  # points that a reviewer may add, with a reason
UNDECIDED = (Deed.State.SUBMITTED, Deed.State.ASKED)


@dataclass(frozen=True)
class DeedStory:
    """What somebody did, as they tell it. `helped` is shown to the reviewer only."""

    rule: PointsRule
    title: str
    story: str
    service_date: date
    minutes: int
    place: str = ""
    helped: str = ""


@transaction.atomic
def declare_deed(
    *,
    request: RequestId,
    community: Community,
    volunteer_id: int,
    story: DeedStory,
    upload_key: UUID,
    by: User | None,
    at: datetime,
) -> Deed:
    """Put a deed in the review queue, with the pictures of the page; `by` is None for residents.

    Raises DateInFuture, RuleNotInForce, UnknownVolunteers, KeyReused.
    """
    content = {"volunteer": volunteer_id, **_content_of(story)}
    if done := find_result(request, content=content):
        return Deed.objects.get(pk=done["deed"])
    _check(community, story, at)
    volunteer = Volunteer.objects.of(community).active().filter(pk=volunteer_id).first()
    if volunteer is None:
        raise UnknownVolunteers([volunteer_id])
    deed = Deed.objects.create(
        community=community,
        volunteer=volunteer,
        **vars(story),
        needs_second_person=community.needs_second_person,
        submitted_by=by,
        submitted_at=at,
    )
    _give_photos(deed, upload_key, by)
    store_result(request, content=content, result={"deed": deed.pk})
    return deed


@transaction.atomic
def amend_deed(
    *, deed_id: int, volunteer: Volunteer, story: DeedStory, upload_key: UUID, at: datetime
) -> Deed:
    """Let the resident change a deed that nobody has decided; it goes back into the queue.

    Raises StateMovedOn, DateInFuture, RuleNotInForce.
    """
    deed = _lock_deed(deed_id, volunteer.community)
    if deed.volunteer_id != volunteer.pk or deed.state not in UNDECIDED:
        raise StateMovedOn(deed.state)
    _check(deed.community, story, at)
    for name, value in vars(story).items():
        setattr(deed, name, value)
    deed.state, deed.submitted_at = Deed.State.SUBMITTED, at
    deed.save()
    _give_photos(deed, upload_key, None)
    return deed


@transaction.atomic
def withdraw_deed(*, deed_id: int, volunteer: Volunteer) -> Deed:
    """Take an undecided deed back. Raises StateMovedOn."""
    deed = _lock_deed(deed_id, volunteer.community)
    if deed.volunteer_id != volunteer.pk or deed.state not in UNDECIDED:
        raise StateMovedOn(deed.state)
    deed.state = Deed.State.WITHDRAWN
    deed.save(update_fields=["state"])
    return deed


@transaction.atomic
def ask_about_deed(
    *, deed_id: int, community: Community, question: str, by: User, at: datetime
) -> Deed:
    """Ask the resident for more before deciding. Raises StateMovedOn, ReasonMissing, OwnPoints."""
    deed = _lock_deed(deed_id, community)
    _require_decidable(deed, by, reason=question)
    deed.state, deed.question = Deed.State.ASKED, question
    deed.asked_at, deed.asked_by = at, by
    deed.save(update_fields=["state", "question", "asked_at", "asked_by"])
    return deed


@transaction.atomic
def decline_deed(
    *, deed_id: int, community: Community, reason: str, by: User, at: datetime
) -> Deed:
    """Say why a deed earns nothing; the resident reads it.

    Raises StateMovedOn, ReasonMissing, OwnPoints.
    """
    deed = _lock_deed(deed_id, community)
    _require_decidable(deed, by, reason=reason)
    return _decide(deed, Deed.State.DECLINED, reason=reason, by=by, at=at)


@transaction.atomic
def pass_deed(
    *,
    deed_id: int,
    community: Community,
    points: int | None,
    reason: str,
    by: User,
    at: datetime,
) -> Deed:
    """Write the service record of a deed and pay it. `points` None gives the standard.

    Other points than the standard need a reason, which stands on the record's calculation.
    Raises StateMovedOn, ReasonMissing, OwnPoints, SamePersonDecides, RuleNotInForce,
    PointsOutOfRange, CapReached.
    """
    deed = _lock_deed(deed_id, community)
    Volunteer.objects.select_for_update(no_key=True).get(pk=deed.volunteer_id)
    _require_decidable(deed, by)
    if deed.needs_second_person and deed.submitted_by_id == by.pk:
        raise SamePersonDecides
    sums = standard_points(deed)
    given = sums.points if points is None else points
    if given != sums.points:
        _check_given(sums, given, reason)
    deed.record = _record_of(deed, sums, given, reason=reason, by=by, at=at)
    return _decide(deed, Deed.State.PASSED, reason=reason, by=by, at=at)


def standard_points(deed: Deed) -> Calculation:
    """Return what the deed earns by its rule, at light work, within the caps.

    Raises RuleNotInForce.
    """
    version = version_in_force(deed.community, deed.rule, deed.service_date)
    earned = points_already_earned(version, [deed.volunteer_id], deed.service_date)
    day_points, month_points = earned.get(deed.volunteer_id, (0, 0))
    return calculate(
        version=version,
        minutes=deed.minutes,
        percent=percent_of(deed.community, ServiceRecord.Intensity.LIGHT),
        day_points_before=day_points,
        month_points_before=month_points,
    )


def _content_of(story: DeedStory) -> dict[str, Any]:
    return {
        **{name: value for name, value in asdict(story).items() if name != "rule"},
        "rule": story.rule.pk,
        "service_date": story.service_date.isoformat(),
    }


def _check(community: Community, story: DeedStory, at: datetime) -> None:
    if story.service_date > shanghai_date(at):
        raise DateInFuture(story.service_date)
    version_in_force(community, story.rule, story.service_date)


def _check_given(sums: Calculation, given: int, reason: str) -> None:
    most = sums.before_caps + MORE_THAN_STANDARD
    if not 1 <= given <= most:
        raise PointsOutOfRange(most)
    if sums.left_by_caps is not None and given > sums.left_by_caps:
        raise CapReached(sums.left_by_caps)
    require_reason(reason)


def _require_decidable(deed: Deed, by: User, *, reason: str | None = None) -> None:
    if reason is not None:
        require_reason(reason)
    if deed.state != Deed.State.SUBMITTED:
        raise StateMovedOn(deed.state)
    if by.shares_door_with(deed.volunteer):
        raise OwnPoints([deed.volunteer_id])


def _lock_deed(deed_id: int, community: Community) -> Deed:
    return (
        Deed.objects.of(community)
        .select_related("community", "rule", "volunteer")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=deed_id)
    )


def _give_photos(deed: Deed, upload_key: UUID, by: User | None) -> None:
    resident = deed.volunteer if by is None else None
    give_photos(upload_key=upload_key, by=by, by_resident=resident, deed=deed)


def _decide(deed: Deed, state: Deed.State, *, reason: str, by: User, at: datetime) -> Deed:
    deed.state, deed.reason = state, reason
    deed.decided_at, deed.decided_by = at, by
    deed.save(update_fields=["state", "reason", "decided_at", "decided_by", "record"])
    return deed


def _record_of(
    deed: Deed, sums: Calculation, given: int, *, reason: str, by: User, at: datetime
) -> ServiceRecord:
    version = version_in_force(deed.community, deed.rule, deed.service_date)
    record = ServiceRecord(
        community=deed.community,
        volunteer=deed.volunteer,
        rule_version=version,
        title=deed.title,
        service_date=deed.service_date,
        minutes=deed.minutes,
        intensity=ServiceRecord.Intensity.LIGHT,
        place=deed.place,
        content=deed.rule.name,
        organiser=deed.community.official_name,
        person_in_charge=str(by),
        counts_as_service=deed.rule.counts_as_service,
        points=given,
        calculation={**sums.as_json(), "given_points": given, "given_reason": reason},
        origin=ServiceRecord.Origin.SELF,
        needs_second_person=deed.needs_second_person,
        submitted_at=deed.submitted_at,
        submitted_by=deed.submitted_by,
    )
    return pay_record(record, community=deed.community, by=by, at=at)
