from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MAX_POINTS = 1_000_000


class FundGift(models.Model):
    """Points a resident gave to the community's wish fund; never from person to person."""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="fund_gifts")
    points = models.PositiveIntegerField(_("积分"))
    posting = models.OneToOneField("ledger.Posting", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        "volunteers.User",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="null: the resident, on their own phone",
    )

    class Meta:
        verbose_name = _("赠予心愿基金")
        verbose_name_plural = _("赠予心愿基金")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MAX_POINTS),
                name="wishes_fundgift_points_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-submitted_at"], name="wishes_fundgift_newest")
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.points}"
