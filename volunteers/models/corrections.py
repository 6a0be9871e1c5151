from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """A wish to have a service record put right (§13), and what staff answered.

    A corrected record is a new one that points at the old; it waits for a second person like any
    other, and the old one is reversed in the moment it is confirmed. `asked_by` is the member of
    staff who wrote the wish down; null where the resident did.
    """

    class State(models.TextChoices):
        OPEN = "open", _("等答复")
        PROPOSED = "proposed", _("更正等确认")
        MADE = "made", _("已更正")
        REFUSED = "refused", _("维持原记录")

    record = models.ForeignKey(
        "volunteers.ServiceRecord", models.PROTECT, related_name="corrections"
    )
    wish = models.CharField(_("哪里不对"), max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    replacement = models.OneToOneField(
        "volunteers.ServiceRecord", models.PROTECT, null=True, related_name="correction"
    )

    class Meta:
        verbose_name = _("更正申请")
        verbose_name_plural = _("更正申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="volunteers_correction_answered_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True, replacement__isnull=True)
                | Q(state="proposed", answered_at__isnull=False, replacement__isnull=False)
                | Q(state="made", answered_at__isnull=False)
                | Q(state="refused", answered_at__isnull=False, replacement__isnull=True),
                name="volunteers_correction_answered_state",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=["open", "proposed"]),
                name="volunteers_correction_one_open_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
