"""Service given for a lit wish: entered at once, confirmed by whoever may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.calculation import calculate, percent_of
from volunteers.models import (
    Community,
    PointsRule,
    PointsRuleVersion,
    RecordBatch,
    ServiceRecord,
    User,
    Volunteer,
)
from volunteers.operations.deciding import confirm_batch
from volunteers.operations.recording import points_already_earned
from volunteers.refusals import OwnPoints, RuleNotInForce, SamePersonDecides, UnknownVolunteers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


@dataclass(frozen=True)
class WishService:
    """What was done for a neighbour, as it stands on every record; nobody is named in it."""

    rule: PointsRule
    title: str
    place: str
    organiser: str
    person_in_charge: str


@dataclass(frozen=True)
class WishLine:
    """One person's part: whole minutes on one day."""

    volunteer_id: int
    minutes: int
    intensity: str
    service_date: date


@transaction.atomic
def record_wish_service(
    *,
    community: Community,
    service: WishService,
    lines: Sequence[WishLine],
    submitted_by: User,
    may_confirm: bool,
    by: User,
    at: datetime,
) -> list[ServiceRecord]:
    """Write one service record per line, in order; confirm and pay those that `by` may decide.

    The others wait in the review queue like any other record. Each person at most once.
    Raises RuleNotInForce, UnknownVolunteers.
    """
    _require_people(community, lines)
    batch = RecordBatch.objects.create(
        community=community, submitted_at=at, submitted_by=submitted_by
    )
    records = [ServiceRecord.objects.create(**_fields(batch, service, line)) for line in lines]
    if may_confirm:
        try:
            confirm_batch(batch_id=batch.pk, community=community, by=by, at=at)
        except (SamePersonDecides, OwnPoints):
            return records  # somebody else will find them in the queue
    return list(ServiceRecord.objects.filter(batch=batch).order_by("id"))


def _require_people(community: Community, lines: Sequence[WishLine]) -> None:
    wanted = {line.volunteer_id for line in lines}
    found = set(
        Volunteer.objects.of(community)
        .active()
        .filter(pk__in=wanted)
        .select_for_update(no_key=True)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    if wanted != found:
        raise UnknownVolunteers(sorted(wanted - found))


def _fields(batch: RecordBatch, service: WishService, line: WishLine) -> dict[str, object]:
    community = batch.community
    version = _version(community, service.rule, line.service_date)
    earned = points_already_earned(version, [line.volunteer_id], line.service_date)
    day_points, month_points = earned.get(line.volunteer_id, (0, 0))
    calculation = calculate(
        version=version,
        minutes=line.minutes,
        percent=percent_of(community, line.intensity),
        day_points_before=day_points,
        month_points_before=month_points,
    )
    return {
        "community": community,
        "batch": batch,
        "volunteer_id": line.volunteer_id,
        "rule_version": version,
        "title": service.title,
        "service_date": line.service_date,
        "minutes": line.minutes,
        "intensity": line.intensity,
        "place": service.place,
        "content": service.rule.name,
        "organiser": service.organiser,
        "person_in_charge": service.person_in_charge,
        "counts_as_service": service.rule.counts_as_service,
        "points": calculation.points,
        "calculation": calculation.as_json(),
        "origin": ServiceRecord.Origin.WISH,
        "needs_second_person": community.needs_second_person,
        "submitted_at": batch.submitted_at,
        "submitted_by": batch.submitted_by,
    }


def _version(community: Community, rule: PointsRule, service_date: date) -> PointsRuleVersion:
    version = PointsRuleVersion.objects.in_force(community, service_date).filter(rule=rule).first()
    if version is None:
        raise RuleNotInForce(service_date)
    return version
