"""Writing what an import decided: people, rules, imported service, and the note of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.calculation import calculate, percent_of
from volunteers.models import (
    Community,
    Household,
    PointsRule,
    PointsRuleVersion,
    RecordBatch,
    ServiceRecord,
    Unit,
    User,
    Volunteer,
)
from volunteers.operations.people import Enrolment, enrol_volunteers
from volunteers.refusals import NobodyListed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from volunteers.calculation import Calculation


@dataclass(frozen=True)
class Newcomer:
    """Somebody to enrol; household and unit by name, to be found or made."""

    enrolment: Enrolment
    head_name: str = ""
    unit_name: str = ""


@dataclass(frozen=True)
class Amendment:
    """Blanks of a dossier to fill: fields of Volunteer, and the unit by name."""

    volunteer_id: int
    fields: Mapping[str, str | int] = field(default_factory=dict)
    unit_name: str = ""


@dataclass(frozen=True)
class RuleStandard:
    """A rule by name with the figures of a version."""

    name: str
    counts_as_service: bool
    per_occasion_points: int
    per_hour_points: int
    note: str


@dataclass(frozen=True)
class HistoryLine:
    """One line of the old register; `import_key` is what makes it the same line again."""

    volunteer_id: int
    version: PointsRuleVersion
    title: str
    service_date: date
    minutes: int
    intensity: str
    place: str
    content: str
    import_key: str


def lock_imports(community: Community) -> None:
    """Let one import of the community run at a time, so that a plan holds until it is done."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)


@transaction.atomic
def import_people(
    *,
    community: Community,
    newcomers: Sequence[Newcomer],
    amendments: Sequence[Amendment],
    by: User,
    at: datetime,
) -> list[Volunteer]:
    """Enrol people with their households and units, and fill blanks; constant queries.

    Who has no head of household named is the head of their own; without a door there is no
    household. Nothing that is on file is overwritten.
    """
    units = _units(community, _unit_names(newcomers, amendments))
    households = _households(community, newcomers)
    people = enrol_volunteers(
        community=community,
        enrolments=[
            replace(
                one.enrolment,
                unit=units.get(one.unit_name),
                household=households.get(_door(one)),
            )
            for one in newcomers
        ],
        by=by,
        at=at,
    )
    _amend(community, amendments, units)
    return people


@transaction.atomic
def import_rules(
    *, community: Community, standards: Sequence[RuleStandard], valid_from_date: date
) -> None:
    """Write the standards down as versions that hold from the day on; unknown rules are made."""
    rules = {rule.name: rule for rule in PointsRule.objects.filter(community=community)}
    for order, standard in enumerate(standards, start=len(rules) + 1):
        rule = rules.get(standard.name) or PointsRule.objects.create(
            community=community,
            name=standard.name,
            counts_as_service=standard.counts_as_service,
            order=order,
        )
        PointsRuleVersion.objects.create(
            rule=rule,
            valid_from_date=valid_from_date,
            per_occasion_points=standard.per_occasion_points,
            per_hour_points=standard.per_hour_points,
            note=standard.note,
        )


@transaction.atomic
def import_history(
    *,
    community: Community,
    lines: Sequence[HistoryLine],
    vouched_by: str,
    by: User,
    at: datetime,
) -> RecordBatch:
    """Enter old service as one batch for a second person to confirm. Raises NobodyListed.

    No caps, no clock, no publicity: the points are the plain formula by the version that held on
    the day. A line that was sent back or undone before may come again.
    """
    if not lines:
        raise NobodyListed
    ServiceRecord.objects.filter(
        community=community,
        import_key__in=[line.import_key for line in lines],
        state__in=[ServiceRecord.State.DECLINED, ServiceRecord.State.VOIDED],
    ).update(import_key=None)
    batch = RecordBatch.objects.create(
        community=community, is_imported=True, submitted_at=at, submitted_by=by
    )
    ServiceRecord.objects.bulk_create(
        _record(batch, line, vouched_by, history_points(community, line)) for line in lines
    )
    return batch


def history_points(community: Community, line: HistoryLine) -> Calculation:
    """Return the sum of an imported line: the formula without caps."""
    whole = calculate(
        version=line.version, minutes=line.minutes, percent=percent_of(community, line.intensity)
    )
    return replace(whole, points=whole.before_caps, day_cap_points=None, month_cap_points=None)


def _record(
    batch: RecordBatch, line: HistoryLine, vouched_by: str, calculation: Calculation
) -> ServiceRecord:
    return ServiceRecord(
        community=batch.community,
        batch=batch,
        volunteer_id=line.volunteer_id,
        rule_version=line.version,
        title=line.title,
        service_date=line.service_date,
        minutes=line.minutes,
        intensity=line.intensity,
        place=line.place,
        content=line.content,
        organiser=batch.community.official_name,
        person_in_charge=vouched_by,
        counts_as_service=line.version.rule.counts_as_service,
        points=calculation.points,
        calculation=calculation.as_json(),
        origin=ServiceRecord.Origin.IMPORT,
        vouched_by=vouched_by,
        import_key=line.import_key,
        needs_second_person=True,
        submitted_at=batch.submitted_at,
        submitted_by=batch.submitted_by,
    )


def _unit_names(newcomers: Sequence[Newcomer], amendments: Sequence[Amendment]) -> set[str]:
    named = {one.unit_name for one in newcomers} | {one.unit_name for one in amendments}
    return named - {""}


def _door(one: Newcomer) -> tuple[str, str, str]:
    enrolment = one.enrolment
    return enrolment.estate, enrolment.door, one.head_name or enrolment.name


def _units(community: Community, names: Iterable[str]) -> dict[str, Unit]:
    wanted = set(names)
    units = {unit.name: unit for unit in Unit.objects.filter(community=community, name__in=wanted)}
    missing = [Unit(community=community, name=name) for name in sorted(wanted - set(units))]
    return units | {unit.name: unit for unit in Unit.objects.bulk_create(missing)}


def _households(
    community: Community, newcomers: Sequence[Newcomer]
) -> dict[tuple[str, str, str], Household]:
    wanted = {_door(one) for one in newcomers if one.enrolment.door}
    known = Household.objects.filter(
        community=community, door__in={door for _estate, door, _head in wanted}
    )
    found = {(home.estate, home.door, home.head_name): home for home in known}
    missing = [
        Household(community=community, estate=estate, door=door, head_name=head)
        for estate, door, head in sorted(wanted - set(found))
    ]
    made = Household.objects.bulk_create(missing)
    return found | {(home.estate, home.door, home.head_name): home for home in made}


def _amend(
    community: Community, amendments: Sequence[Amendment], units: Mapping[str, Unit]
) -> None:
    people = Volunteer.objects.of(community).in_bulk([one.volunteer_id for one in amendments])
    for amendment in amendments:
        person = people[amendment.volunteer_id]
        for name, value in amendment.fields.items():
            setattr(person, name, value)
        if amendment.unit_name:
            person.unit = units[amendment.unit_name]
    Volunteer.objects.bulk_update(
        people.values(),
        ["phone", "name_bo", "name_mn", "birth_year", "estate", "door", "unit"],
    )
