"""Ten working days: weekends do not count, holidays neither, worked weekends do."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from volunteers.models import CalendarDay
from volunteers.workdays import is_recorded_late, record_due_date, working_days_after

pytestmark = pytest.mark.django_db

THURSDAY = date(2023, 9, 21)


def test_weekends_do_not_count():
    assert working_days_after(THURSDAY, 1) == date(2023, 9, 22)
    assert working_days_after(THURSDAY, 2) == date(2023, 9, 25)
    assert record_due_date(THURSDAY) == date(2023, 10, 5)


def test_holidays_do_not_count_and_worked_weekends_do():
    """The national holiday of 2023: closed from 29 September, worked on 7 and 8 October."""
    CalendarDay.objects.bulk_create(
        [
            *(CalendarDay(day_date=date(2023, 9, day), name="中秋") for day in (29, 30)),
            *(CalendarDay(day_date=date(2023, 10, day), name="国庆") for day in range(1, 7)),
            *(
                CalendarDay(day_date=date(2023, 10, day), is_working=True, name="调休")
                for day in (7, 8)
            ),
        ]
    )
    assert record_due_date(THURSDAY) == date(2023, 10, 11)


def test_late_is_the_day_after_the_last():
    assert not is_recorded_late(THURSDAY, THURSDAY)
    assert not is_recorded_late(THURSDAY, date(2023, 10, 5))
    assert is_recorded_late(THURSDAY, date(2023, 10, 6))


def test_the_calendar_is_read_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        record_due_date(THURSDAY)


def test_holidays_are_typed_into_the_admin_by_its_owner_alone(client, community, guanli, duojie):
    client.force_login(guanli)
    answer = client.post(
        reverse("admin:volunteers_calendarday_add"),
        {"day_date": "2023-10-02", "name": "国庆节"},
    )
    assert answer.status_code == 302
    assert CalendarDay.objects.get().is_working is False
    client.force_login(duojie)
    assert client.get(reverse("admin:volunteers_calendarday_changelist")).status_code == 302
