from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from volunteers.models import Community, ServiceRecord, User, Volunteer  # noqa: F401 - named in brackets below


class ServiceRecordQuerySet(models.QuerySet["ServiceRecord"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def of_volunteer(self, volunteer: Volunteer) -> ServiceRecordQuerySet:
        """One person's records, the latest service first, with what names their rule."""
        return (
            self.filter(volunteer=volunteer)
            .select_related("rule_version__rule")
            .order_by("-service_date", "-id")
        )

    def waiting(self) -> Self:
        return self.filter(state="submitted")

    def confirmed(self) -> Self:
        return self.filter(state="confirmed")

    def standing(self) -> Self:
        """Filter to what counts as having been done: confirmed, or waiting to be.

        A correction that waits does not count, since what it corrects still does.
        """
        return self.filter(Q(state="confirmed") | Q(state="submitted", corrects__isnull=True))

    def decidable_by(self, user: User) -> Self:
        """Leave out what `user` may not confirm: own entries, own points, own household's."""
        records = self.exclude(needs_second_person=True, submitted_by=user)
        own = user.own_volunteer
        if own is None:
            return records
        mine = Q(volunteer=own)
        if own.household_id is not None:
            mine |= Q(volunteer__household=own.household_id)
        return records.exclude(mine)
