from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from points_store.text import mask_name
from wishes.models.wish import MAX_SHARES
from wishes.querysets import PledgeQuerySet

MINUTES_A_DAY = 24 * 60


class Pledge(models.Model):
    """One volunteer's or unit's promise to meet a wish, or some shares of it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("认领中")
        KEPT = "kept", _("已点亮")
        RELEASED = "released", _("已退回")
        LAPSED = "lapsed", _("过期退回")

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="pledges")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    unit = models.ForeignKey(
        "volunteers.Unit", models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    with_family = models.BooleanField(_("家人一起"), default=False)
    shares = models.PositiveSmallIntegerField(_("份数"), default=1)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    due_date = models.DateField(_("最晚哪天"))
    submitted_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    reminded_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    said_done_at = models.DateTimeField(null=True, help_text="the pledger says it is done")

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("认领")
        verbose_name_plural = _("认领")
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=False, unit__isnull=True)
                | Q(volunteer__isnull=True, unit__isnull=False),
                name="wishes_pledge_by_volunteer_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(shares__gte=1, shares__lte=MAX_SHARES),
                name="wishes_pledge_shares_in_range",
            ),
            models.CheckConstraint(
                condition=Q(reminded_at__isnull=True, reminded_by__isnull=True)
                | Q(reminded_at__isnull=False, reminded_by__isnull=False),
                name="wishes_pledge_reminded_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["wish", "volunteer"],
                condition=Q(state="active"),
                name="wishes_pledge_volunteer_once",
            ),
            models.UniqueConstraint(
                fields=["wish", "unit"],
                condition=Q(state="active"),
                name="wishes_pledge_unit_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date"], condition=Q(state="active"), name="wishes_pledge_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish_id} ← {self.volunteer_id or self.unit_id}"

    @property
    def public_name(self) -> str:
        """The unit's name, or the person's as others may see it."""
        if self.unit:
            return self.unit.name
        return mask_name(self.volunteer.name) if self.volunteer else ""


class HelpingHand(models.Model):
    """Who spent how long on a wish. Becomes a service record when the lamp lights.

    Goods that were given are not hours: such a wish may have no helping hand at all.
    """

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="hands")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(
        _("分钟"), validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    intensity = models.CharField(_("劳动强度"), max_length=10)
    service_date = models.DateField(_("日期"))
    record = models.OneToOneField(
        "volunteers.ServiceRecord", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("出力的人")
        verbose_name_plural = _("出力的人")
        constraints = [
            models.UniqueConstraint(
                fields=["wish", "volunteer"], name="wishes_helpinghand_once_each"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_A_DAY),
                name="wishes_helpinghand_minutes_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish_id} {self.minutes}"
