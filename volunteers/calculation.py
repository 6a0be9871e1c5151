"""How minutes become points (DOMAIN rule 2, DECISIONS 21). Whole numbers only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volunteers.models import Community, PointsRuleVersion


@dataclass(frozen=True)
class Calculation:
    """The whole sum behind `points`, frozen on the record as it was on the day."""

    per_occasion_points: int
    per_hour_points: int
    minutes: int
    percent: int
    before_caps: int
    points: int
    day_cap_points: int | None = None
    month_cap_points: int | None = None
    day_points_before: int = 0
    month_points_before: int = 0

    @property
    def left_by_caps(self) -> int | None:
        """What the caps still allow on this day; None without caps."""
        left = [
            max(0, cap - before)
            for cap, before in (
                (self.day_cap_points, self.day_points_before),
                (self.month_cap_points, self.month_points_before),
            )
            if cap is not None
        ]
        return min(left, default=None)

    def as_json(self) -> dict[str, int | None]:
        return asdict(self)


def percent_of(community: Community, intensity: str) -> int:
    """Return the intensity factor of the community as a whole percentage."""
    return int(getattr(community, f"{intensity}_percent"))


def calculate(
    *,
    version: PointsRuleVersion,
    minutes: int,
    percent: int,
    day_points_before: int = 0,
    month_points_before: int = 0,
) -> Calculation:
    """Return the points of one record: half up of (60·occasion + hour·minutes)·percent / 6000.

    The caps of the version then cut what this day and this month already earned by the rule.
    """
    numerator = (60 * version.per_occasion_points + version.per_hour_points * minutes) * percent
    before_caps = (2 * numerator + 6000) // 12000
    sums = Calculation(
        per_occasion_points=version.per_occasion_points,
        per_hour_points=version.per_hour_points,
        minutes=minutes,
        percent=percent,
        before_caps=before_caps,
        points=before_caps,
        day_cap_points=version.day_cap_points,
        month_cap_points=version.month_cap_points,
        day_points_before=day_points_before,
        month_points_before=month_points_before,
    )
    left = sums.left_by_caps
    return sums if left is None else replace(sums, points=min(before_caps, left))
