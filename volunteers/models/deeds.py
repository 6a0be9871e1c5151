from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.service import MINUTES_A_DAY
from volunteers.querysets import DeedQuerySet


class Deed(models.Model):
    """A good deed that a resident declares, or staff for them. It becomes a ServiceRecord or not.

    `submitted_by` is the member of staff who typed it; null where the resident did. `helped` is for
    the reviewer's eyes only and goes nowhere else.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("等审核")
        ASKED = "asked", _("请补充")
        PASSED = "passed", _("已记分")
        DECLINED = "declined", _("没有记上")
        WITHDRAWN = "withdrawn", _("已收回")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="deeds")
    rule = models.ForeignKey(
        "volunteers.PointsRule", models.PROTECT, related_name="+", verbose_name=_("类别")
    )
    title = models.CharField(_("做了什么"), max_length=40)
    story = models.CharField(_("经过"), max_length=500, blank=True)
    service_date = models.DateField(_("日期"))
    minutes = models.PositiveIntegerField(
        _("分钟"), validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    place = models.CharField(_("地点"), max_length=100, blank=True)
    helped = models.CharField(_("帮了谁、谁能证明"), max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    needs_second_person = models.BooleanField(default=True)
    submitted_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    question = models.CharField(_("请补充什么"), max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    record = models.OneToOneField(
        "volunteers.ServiceRecord", models.PROTECT, null=True, related_name="deed"
    )

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("自报的好事")
        verbose_name_plural = _("自报的好事")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_A_DAY),
                name="volunteers_deed_minutes_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, asked_by__isnull=True)
                | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="volunteers_deed_asked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="volunteers_deed_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["passed", "declined"], decided_at__isnull=False)
                | Q(state__in=["submitted", "asked", "withdrawn"], decided_at__isnull=True),
                name="volunteers_deed_decided_state",
            ),
            models.CheckConstraint(
                condition=Q(state="passed", record__isnull=False)
                | (~Q(state="passed") & Q(record__isnull=True)),
                name="volunteers_deed_passed_has_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed")
                | Q(needs_second_person=False)
                | Q(submitted_by__isnull=True)
                | ~Q(decided_by=F("submitted_by")),
                name="volunteers_deed_second_person_decides",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "submitted_at"]),
            models.Index(fields=["volunteer", "-service_date"]),
        ]

    def __str__(self) -> str:
        return f"{self.service_date} {self.title}"
