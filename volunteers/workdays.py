"""Working days: Monday to Friday, but for what the calendar says of single days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from volunteers.models import CalendarDay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SATURDAY = 5
RECORDED_WITHIN = 10  # working days after the service (§11 of the rules on service records)
# Ten working days never stretch over more than this, however the holidays fall.
_FARTHEST = timedelta(days=40)


def is_working_day(day: date, exceptions: Mapping[date, bool]) -> bool:
    """Whether people work on that day; `exceptions` are the calendar's days."""
    return exceptions.get(day, day.weekday() < SATURDAY)


def working_days_after(start: date, days: int) -> date:
    """Return the day on which the last of `days` working days after `start` falls. One query."""
    exceptions = _exceptions(start, start + max(_FARTHEST, timedelta(days=4 * days)))
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day, exceptions)
    return day


def record_due_date(service_date: date) -> date:
    """Return the last day on which service of that day is recorded in time."""
    return working_days_after(service_date, RECORDED_WITHIN)


def is_recorded_late(service_date: date, recorded_date: date) -> bool:
    """Whether it was written down after its ten working days: flagged, never refused."""
    if recorded_date - service_date <= timedelta(days=RECORDED_WITHIN):
        return False
    return recorded_date > record_due_date(service_date)


def _exceptions(start: date, end: date) -> dict[date, bool]:
    return dict(
        CalendarDay.objects.filter(day_date__gt=start, day_date__lte=end).values_list(
            "day_date", "is_working"
        )
    )
