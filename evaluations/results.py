"""What the answers say, once there are enough of them that nobody can be guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Avg, Count

from evaluations.models import BEST, Evaluation, Score
from evaluations.querysets import FEWEST_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluations.models import Subject

REMARKS_SHOWN = 50


@dataclass(frozen=True)
class DimensionResult:
    """The average of one dimension, in hundredths, and its share of the best in percent."""

    name: str
    hundredths: int

    @property
    def text(self) -> str:
        return f"{self.hundredths // 100}.{self.hundredths % 100 // 10}"

    @property
    def percent(self) -> int:
        return self.hundredths // BEST


@dataclass(frozen=True)
class Result:
    """How many answered; the rest only from five answers up."""

    answers: int
    dimensions: Sequence[DimensionResult]
    remarks: Sequence[Evaluation]

    @property
    def is_enough(self) -> bool:
        return self.answers >= FEWEST_ANSWERS

    @property
    def missing(self) -> int:
        return max(0, FEWEST_ANSWERS - self.answers)


def read_result(subject: Subject) -> Result:
    """Read the averages and the remarks in three queries, or the count alone below five answers."""
    shown = Evaluation.objects.shown().filter(subject=subject)
    answers = shown.count()
    if answers < FEWEST_ANSWERS:
        return Result(answers, [], [])
    averages = (
        Score.objects.filter(evaluation__subject=subject, evaluation__hidden_at__isnull=True)
        .values("dimension__name")
        .annotate(average=Avg("score"), count=Count("id"))
        .order_by("dimension__order", "dimension_id")
    )
    return Result(
        answers,
        [
            DimensionResult(row["dimension__name"], round(float(row["average"]) * 100))
            for row in averages
        ],
        list(shown.exclude(remark="").order_by("-answered_at")[:REMARKS_SHOWN]),
    )
