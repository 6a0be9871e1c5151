from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.querysets import PointsRuleVersionQuerySet

MAX_POINTS = 1_000_000


class PointsRule(models.Model):
    """What an act earns. Its figures live in dated versions, so that history keeps its own."""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="rules")
    name = models.CharField(_("积分项目"), max_length=60)
    counts_as_service = models.BooleanField(
        _("算志愿服务时长"), default=True, help_text=_("不算的只记积分，不进服务时长证明。")
    )
    symbol = models.CharField(_("图标"), max_length=30, default="broom")
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("积分项目")
        verbose_name_plural = _("积分项目")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="volunteers_pointsrule_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PointsRuleVersion(models.Model):
    """The figures of a rule from a day on. A version that was used never changes."""

    rule = models.ForeignKey(PointsRule, models.PROTECT, related_name="versions")
    valid_from_date = models.DateField(_("生效日期"))
    per_occasion_points = models.PositiveIntegerField(
        _("每次积分"), default=0, validators=[MaxValueValidator(MAX_POINTS)]
    )
    per_hour_points = models.PositiveIntegerField(
        _("每小时积分"), default=0, validators=[MaxValueValidator(MAX_POINTS)]
    )
    day_cap_points = models.PositiveIntegerField(_("每人每日上限"), null=True, blank=True)
    month_cap_points = models.PositiveIntegerField(_("每人每月上限"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = PointsRuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分标准")
        verbose_name_plural = _("积分标准")
        ordering = ["-valid_from_date", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "valid_from_date"], name="volunteers_pointsruleversion_one_per_day"
            ),
            models.CheckConstraint(
                condition=Q(per_occasion_points__gt=0) | Q(per_hour_points__gt=0),
                name="volunteers_pointsruleversion_earns_something",
            ),
            models.CheckConstraint(
                condition=Q(per_occasion_points__lte=MAX_POINTS, per_hour_points__lte=MAX_POINTS),
                name="volunteers_pointsruleversion_points_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.valid_from_date}"


class Activity(models.Model):
    """An occasion with a date, a place and people."""

    class State(models.TextChoices):
        PLANNED = "planned", _("计划中")
        OPEN = "open", _("报名中")
        TO_RECORD = "to_record", _("待登记")
        RECORDED = "recorded", _("已登记")
        CANCELLED = "cancelled", _("已取消")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="activities")
    rule = models.ForeignKey(PointsRule, models.PROTECT, related_name="activities")
    title = models.CharField(_("活动"), max_length=100)
    service_date = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    content = models.CharField(_("服务内容"), max_length=300, blank=True)
    organiser = models.CharField(_("组织单位"), max_length=100, blank=True)
    person_in_charge = models.CharField(_("负责人"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.TO_RECORD)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        indexes = [models.Index(fields=["community", "-service_date"])]

    def __str__(self) -> str:
        return f"{self.service_date} {self.title}"
