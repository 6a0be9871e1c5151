"""Entering service: many people of one activity at once. What is entered waits for confirmation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, Sum

from ledger.requests import RequestId, find_result, store_result
from volunteers.calculation import Calculation, calculate, percent_of
from volunteers.models import (
    Activity,
    Community,
    PointsRule,
    PointsRuleVersion,
    RecordBatch,
    ServiceRecord,
    User,
    Volunteer,
)
from volunteers.models.service import MINUTES_A_DAY
from volunteers.refusals import (
    AlreadyRecorded,
    DateInFuture,
    DayOverfull,
    NobodyListed,
    RuleNotInForce,
    UnknownVolunteers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Occasion:
    """What everybody in a batch did: the fields of §7 that they share."""

    rule: PointsRule
    title: str
    service_date: date
    place: str = ""
    content: str = ""
    organiser: str = ""
    person_in_charge: str = ""

    @property
    def named(self) -> tuple[int, str, str]:
        """What tells it from another occasion on the same day."""
        return self.rule.pk, self.title, self.place


@dataclass(frozen=True)
class ServiceLine:
    """One person's part: whole minutes and an intensity of ServiceRecord.Intensity."""

    volunteer_id: int
    minutes: int
    intensity: str


@transaction.atomic
def record_batch(
    *,
    request: RequestId,
    community: Community,
    occasion: Occasion,
    lines: Sequence[ServiceLine],
    by: User,
    at: datetime,
) -> RecordBatch:
    """Enter one activity for many people; it waits for confirmation.

    Raises NobodyListed, DateInFuture, RuleNotInForce, UnknownVolunteers, AlreadyRecorded,
    DayOverfull, KeyReused.
    """
    content = _content_of(occasion, lines)
    if done := find_result(request, content=content):
        return RecordBatch.objects.get(pk=done["batch"])
    if not lines:
        raise NobodyListed
    if occasion.service_date > shanghai_date(at):
        raise DateInFuture(occasion.service_date)
    version = version_in_force(community, occasion.rule, occasion.service_date)
    people = _lock_people(community, [line.volunteer_id for line in lines])
    activity = _activity(community, occasion, by=by, at=at)
    _refuse_repeats(occasion, people)
    _refuse_overfull_days(occasion.service_date, lines)
    batch = RecordBatch.objects.create(
        community=community, activity=activity, submitted_at=at, submitted_by=by
    )
    ServiceRecord.objects.bulk_create(_records(batch, version, occasion, lines))
    store_result(request, content=content, result={"batch": batch.pk})
    return batch


@dataclass(frozen=True)
class LinePreview:
    """What a line would earn now, and what stands against it.

    `is_repeat` says the person has a record of this very occasion; `minutes_that_day` are of all
    the person's other service on that day.
    """

    calculation: Calculation
    is_repeat: bool
    minutes_that_day: int


def preview_lines(
    *, community: Community, occasion: Occasion, lines: Sequence[ServiceLine]
) -> list[LinePreview]:
    """Return what each line would earn, without writing anything; the page shows it as it is typed.

    Raises RuleNotInForce.
    """
    version = version_in_force(community, occasion.rule, occasion.service_date)
    ids = [line.volunteer_id for line in lines]
    earned = points_already_earned(version, ids, occasion.service_date)
    repeats: set[int] = set()
    minutes_that_day: dict[int, int] = defaultdict(int)
    for record in (
        ServiceRecord.objects.standing()
        .filter(volunteer__in=ids, service_date=occasion.service_date)
        .select_related("rule_version")
    ):
        minutes_that_day[record.volunteer_id] += record.minutes
        if (record.rule_version.rule_id, record.title, record.place) == occasion.named:
            repeats.add(record.volunteer_id)
    return [
        LinePreview(
            _calculation(version, community, line, earned),
            is_repeat=line.volunteer_id in repeats,
            minutes_that_day=minutes_that_day[line.volunteer_id],
        )
        for line in lines
    ]


def shanghai_date(at: datetime) -> date:
    """Return the day in Asia/Shanghai on which the moment falls."""
    return at.astimezone(SHANGHAI).date()


def points_already_earned(
    version: PointsRuleVersion,
    volunteer_ids: Sequence[int],
    service_date: date,
    *,
    but_for: ServiceRecord | None = None,
) -> dict[int, tuple[int, int]]:
    """Return (points of that day, points of that month) by the rule for each volunteer id.

    `but_for` is a record that does not count: the one that is being corrected.
    """
    if version.day_cap_points is None and version.month_cap_points is None:
        return {}
    month = ServiceRecord.objects.standing().filter(
        rule_version__rule=version.rule_id,
        volunteer__in=volunteer_ids,
        service_date__year=service_date.year,
        service_date__month=service_date.month,
    )
    if but_for is not None:
        month = month.exclude(pk=but_for.pk)
    sums = month.values("volunteer").annotate(
        month=Sum("points"), day=Sum("points", filter=Q(service_date=service_date), default=0)
    )
    return {row["volunteer"]: (row["day"], row["month"]) for row in sums}


def _content_of(occasion: Occasion, lines: Sequence[ServiceLine]) -> dict[str, Any]:
    return {
        "rule": occasion.rule.pk,
        "title": occasion.title,
        "service_date": occasion.service_date.isoformat(),
        "place": occasion.place,
        "content": occasion.content,
        "organiser": occasion.organiser,
        "person_in_charge": occasion.person_in_charge,
        "lines": [[line.volunteer_id, line.minutes, line.intensity] for line in lines],
    }


def version_in_force(community: Community, rule: PointsRule, on: date) -> PointsRuleVersion:
    """Return the rule's figures on that day. Raises RuleNotInForce."""
    version: PointsRuleVersion | None = (
        PointsRuleVersion.objects.in_force(community, on).filter(rule=rule).first()
    )
    if version is None:
        raise RuleNotInForce(on)
    return version


def _lock_people(community: Community, volunteer_ids: Sequence[int]) -> list[Volunteer]:
    """Lock in id order, so that two batches of the same people wait instead of deadlocking."""
    people = list(
        Volunteer.objects.of(community)
        .active()
        .filter(pk__in=volunteer_ids)
        .select_for_update(no_key=True)
        .order_by("id")
    )
    missing = set(volunteer_ids) - {person.pk for person in people}
    repeated = [pk for pk in set(volunteer_ids) if volunteer_ids.count(pk) > 1]
    if missing:
        raise UnknownVolunteers(sorted(missing))
    if repeated:
        raise AlreadyRecorded(sorted(repeated))
    return people


def _activity(community: Community, occasion: Occasion, *, by: User, at: datetime) -> Activity:
    """Find the activity of that name, day and place, or write it down.

    Two people who log different residents of one activity at the same moment may write it down
    twice; nothing depends on there being one.
    """
    same = {
        "community": community,
        "rule": occasion.rule,
        "title": occasion.title,
        "service_date": occasion.service_date,
        "place": occasion.place,
    }
    return Activity.objects.filter(**same).order_by("id").first() or Activity.objects.create(
        **same,
        content=occasion.content,
        organiser=occasion.organiser,
        person_in_charge=occasion.person_in_charge,
        state=Activity.State.RECORDED,
        created_at=at,
        created_by=by,
    )


def _refuse_repeats(occasion: Occasion, people: Sequence[Volunteer]) -> None:
    repeats = (
        ServiceRecord.objects.standing()
        .filter(
            volunteer__in=people,
            rule_version__rule=occasion.rule,
            service_date=occasion.service_date,
            title=occasion.title,
            place=occasion.place,
        )
        .order_by("volunteer_id")
        .values_list("volunteer_id", flat=True)
    )
    if found := list(repeats):
        raise AlreadyRecorded(found)


def _refuse_overfull_days(service_date: date, lines: Sequence[ServiceLine]) -> None:
    served = dict(
        ServiceRecord.objects.standing()
        .filter(volunteer__in=[line.volunteer_id for line in lines], service_date=service_date)
        .values_list("volunteer")
        .annotate(Sum("minutes"))
    )
    overfull = [
        line.volunteer_id
        for line in lines
        if served.get(line.volunteer_id, 0) + line.minutes > MINUTES_A_DAY
    ]
    if overfull:
        raise DayOverfull(overfull)


def _calculation(
    version: PointsRuleVersion,
    community: Community,
    line: ServiceLine,
    earned: Mapping[int, tuple[int, int]],
) -> Calculation:
    day_points, month_points = earned.get(line.volunteer_id, (0, 0))
    return calculate(
        version=version,
        minutes=line.minutes,
        percent=percent_of(community, line.intensity),
        day_points_before=day_points,
        month_points_before=month_points,
    )


def _records(
    batch: RecordBatch,
    version: PointsRuleVersion,
    occasion: Occasion,
    lines: Sequence[ServiceLine],
) -> list[ServiceRecord]:
    community = batch.community
    earned = points_already_earned(
        version, [line.volunteer_id for line in lines], occasion.service_date
    )
    records = []
    for line in lines:
        calculation = _calculation(version, community, line, earned)
        records.append(
            ServiceRecord(
                community=community,
                batch=batch,
                volunteer_id=line.volunteer_id,
                activity=batch.activity,
                rule_version=version,
                title=occasion.title,
                service_date=occasion.service_date,
                minutes=line.minutes,
                intensity=line.intensity,
                place=occasion.place,
                content=occasion.content,
                organiser=occasion.organiser,
                person_in_charge=occasion.person_in_charge,
                counts_as_service=version.rule.counts_as_service,
                points=calculation.points,
                calculation=calculation.as_json(),
                needs_second_person=community.needs_second_person,
                submitted_at=batch.submitted_at,
                submitted_by=batch.submitted_by,
            )
        )
    return records
