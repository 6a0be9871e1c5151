from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Avg, Count, Q

if TYPE_CHECKING:
    from evaluations.models import Evaluation, Subject  # noqa: F401 - named in brackets below
    from volunteers.models import Community

# Fewer answers would say who gave which.
FEWEST_ANSWERS = 5


class SubjectQuerySet(models.QuerySet["Subject"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def with_results(self) -> Self:
        """Add `answers`, and `mean`: the average of all scores, null with fewer than five answers.

        Hidden evaluations count in neither.
        """
        shown = Q(evaluations__hidden_at__isnull=True)
        counted = self.annotate(
            answers=Count("evaluations", filter=shown, distinct=True),
            average=Avg("evaluations__scores__score", filter=shown),
        )
        return counted.annotate(
            mean=models.Case(
                models.When(answers__gte=FEWEST_ANSWERS, then=models.F("average")), default=None
            )
        )

    def ranked(self) -> Self:
        """Leave those with enough answers, the best first."""
        return (
            self.with_results()
            .filter(answers__gte=FEWEST_ANSWERS)
            .order_by("-mean", "-answers", "id")
        )


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def shown(self) -> Self:
        return self.filter(hidden_at__isnull=True)
