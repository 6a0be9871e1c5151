"""How often more a resident would have to come: what the next occasion earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from volunteers.calculation import calculate, percent_of
from volunteers.models import Activity, PointsRuleVersion, ServiceRecord

if TYPE_CHECKING:
    from datetime import date

    from volunteers.models import Community, Volunteer

USUAL_MINUTES = 60  # a careful guess: an hour of light work
_AHEAD = (Activity.State.OPEN, Activity.State.PLANNED)


@dataclass(frozen=True)
class Outlook:
    """An act that earns points, and the next occasion for it if one is announced."""

    rule_name: str
    points: int
    next_activity: Activity | None = None

    def times_for(self, missing: int) -> int:
        """Return how many more times it takes to earn `missing` points."""
        return -(-missing // self.points)


def look_ahead(community: Community, volunteer: Volunteer | None, on: date) -> Outlook | None:
    """Return what somebody can do next for points, or None where no rule is in force.

    The next announced activity, else what this person did last, else the first rule of the list.
    """
    activity = (
        Activity.objects.filter(community=community, state__in=_AHEAD, service_date__gte=on)
        .order_by("service_date", "id")
        .first()
    )
    wanted = [activity.rule_id] if activity else []
    if volunteer is not None:
        last = ServiceRecord.objects.confirmed().of_volunteer(volunteer).first()
        wanted += [last.rule_version.rule_id] if last else []
    versions = list(PointsRuleVersion.objects.in_force(community, on))
    by_rule = {version.rule_id: version for version in versions}
    chosen = next((by_rule[rule] for rule in wanted if rule in by_rule), None)
    version = chosen or next(iter(versions), None)
    if version is None:
        return None
    earned = calculate(
        version=version, minutes=USUAL_MINUTES, percent=percent_of(community, "light")
    )
    if not earned.points:
        return None
    is_next = activity is not None and activity.rule_id == version.rule_id
    return Outlook(version.rule.name, earned.points, activity if is_next else None)
