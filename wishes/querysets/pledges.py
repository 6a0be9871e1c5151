from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from volunteers.models import Volunteer
    from wishes.models import Dispatch, Pledge  # noqa: F401 - named in brackets below


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def active(self) -> Self:
        return self.filter(state="active")

    def of_volunteer(self, volunteer: Volunteer) -> Self:
        return self.filter(volunteer=volunteer)

    def silent_since(self, today: date) -> Self:
        """Leave promises whose day went by and of which nothing was heard."""
        return self.active().filter(
            due_date__lt=today,
            said_done_at__isnull=True,
            wish__state__in=["approved", "pledged"],
        )


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def unanswered(self, at: datetime) -> Self:
        """Leave offers whose time to answer is over."""
        return self.filter(state="offered", answer_until__lte=at)

    def live(self) -> Self:
        return self.filter(state__in=["queued", "offered"])
