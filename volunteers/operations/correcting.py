"""Putting service records right: asked for, answered, and never by changing the old record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.calculation import calculate, percent_of
from volunteers.models import Community, Correction, ServiceRecord, User, Volunteer
from volunteers.models.service import MINUTES_A_DAY
from volunteers.operations.deciding import lock_record, require_reason, void_record
from volunteers.operations.recording import points_already_earned, shanghai_date, version_in_force
from volunteers.refusals import AlreadyAsked, DateInFuture, DayOverfull, OwnPoints, StateMovedOn

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class RightFigures:
    """What the record should have said."""

    service_date: date
    minutes: int
    intensity: str


@transaction.atomic
def ask_correction(
    *, record_id: int, community: Community, wish: str, by: User | None, at: datetime
) -> Correction:
    """Write down what somebody finds wrong with a confirmed record; `by` is None for residents.

    Raises StateMovedOn, AlreadyAsked, ReasonMissing, ServiceRecord.DoesNotExist.
    """
    require_reason(wish)
    record = lock_record(record_id, community)
    if record.state != ServiceRecord.State.CONFIRMED:
        raise StateMovedOn(record.state)
    open_states = [Correction.State.OPEN, Correction.State.PROPOSED]
    if record.corrections.filter(state__in=open_states).exists():
        raise AlreadyAsked
    return Correction.objects.create(record=record, wish=wish, asked_at=at, asked_by=by)


@transaction.atomic
def refuse_correction(
    *, correction_id: int, community: Community, answer: str, by: User, at: datetime
) -> Correction:
    """Let the record stand, and say why. Raises StateMovedOn, ReasonMissing, OwnPoints."""
    correction = _lock_open(correction_id, community, answer, by)
    return _answer(correction, Correction.State.REFUSED, answer=answer, by=by, at=at)


@transaction.atomic
def void_wrong_record(
    *, correction_id: int, community: Community, answer: str, by: User, at: datetime
) -> Correction:
    """Undo a record that should not be there at all.

    Raises StateMovedOn, ReasonMissing, OwnPoints.
    """
    correction = _lock_open(correction_id, community, answer, by)
    correction.record = void_record(
        record_id=correction.record_id, community=community, reason=answer, by=by, at=at
    )
    return _answer(correction, Correction.State.MADE, answer=answer, by=by, at=at)


@transaction.atomic
def propose_correction(
    *,
    correction_id: int,
    community: Community,
    figures: RightFigures,
    answer: str,
    by: User,
    at: datetime,
) -> ServiceRecord:
    """Write the right record beside the wrong one; a second person confirms it.

    In that moment the old one is reversed. Raises StateMovedOn, ReasonMissing, OwnPoints,
    DateInFuture, RuleNotInForce, DayOverfull.
    """
    correction = _lock_open(correction_id, community, answer, by)
    if figures.service_date > shanghai_date(at):
        raise DateInFuture(figures.service_date)
    old = correction.record
    _refuse_overfull_day(old, figures)
    replacement = _replacement(old, figures, by=by, at=at)
    correction.replacement = replacement
    _answer(correction, Correction.State.PROPOSED, answer=answer, by=by, at=at)
    return replacement


def _replacement(
    old: ServiceRecord, figures: RightFigures, *, by: User, at: datetime
) -> ServiceRecord:
    community, rule = old.community, old.rule_version.rule
    version = version_in_force(community, rule, figures.service_date)
    earned = points_already_earned(version, [old.volunteer_id], figures.service_date, but_for=old)
    day_points, month_points = earned.get(old.volunteer_id, (0, 0))
    sums = calculate(
        version=version,
        minutes=figures.minutes,
        percent=percent_of(community, figures.intensity),
        day_points_before=day_points,
        month_points_before=month_points,
    )
    return ServiceRecord.objects.create(
        community=community,
        volunteer=old.volunteer,
        activity=old.activity,
        rule_version=version,
        title=old.title,
        service_date=figures.service_date,
        minutes=figures.minutes,
        intensity=figures.intensity,
        place=old.place,
        content=old.content,
        organiser=old.organiser,
        person_in_charge=old.person_in_charge,
        counts_as_service=old.counts_as_service,
        points=sums.points,
        calculation=sums.as_json(),
        origin=old.origin,
        vouched_by=old.vouched_by,
        needs_second_person=community.needs_second_person,
        submitted_at=at,
        submitted_by=by,
        corrects=old,
    )


def _refuse_overfull_day(old: ServiceRecord, figures: RightFigures) -> None:
    others = (
        ServiceRecord.objects.standing()
        .filter(volunteer=old.volunteer_id, service_date=figures.service_date)
        .exclude(pk=old.pk)
        .values_list("minutes", flat=True)
    )
    if sum(others) + figures.minutes > MINUTES_A_DAY:
        raise DayOverfull([old.volunteer_id])


def _lock_open(correction_id: int, community: Community, answer: str, by: User) -> Correction:
    """Lock the record, then its wish: the order in which everything about a record is locked."""
    require_reason(answer)
    found = Correction.objects.select_related("record").get(
        pk=correction_id, record__community=community
    )
    record = lock_record(found.record_id, community)
    Volunteer.objects.select_for_update(no_key=True).get(pk=record.volunteer_id)
    correction = Correction.objects.select_for_update(no_key=True).get(pk=correction_id)
    if correction.state != Correction.State.OPEN or record.state != ServiceRecord.State.CONFIRMED:
        raise StateMovedOn(correction.state)
    if by.shares_door_with(record.volunteer):
        raise OwnPoints([record.volunteer_id])
    correction.record = record
    return correction


def _answer(
    correction: Correction, state: Correction.State, *, answer: str, by: User, at: datetime
) -> Correction:
    correction.state, correction.answer = state, answer
    correction.answered_at, correction.answered_by = at, by
    correction.save()
    return correction
