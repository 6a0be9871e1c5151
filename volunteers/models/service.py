from __future__ import annotations

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.rules import MAX_POINTS
from volunteers.querysets import ServiceRecordQuerySet

MINUTES_A_DAY = 24 * 60
# What a record says is never rewritten (DOMAIN rule 7): a wrong one is voided and another written.
_FROZEN = (
    "minutes",
    "service_date",
    "rule_version_id",
    "intensity",
    "points",
    "calculation",
    "needs_second_person",
    "submitted_at",
    "submitted_by_id",
)
_REWRITTEN = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FROZEN)
_BACKWARD = """
    OLD.state <> NEW.state AND NOT (
        OLD.state = 'submitted' AND NEW.state IN ('confirmed', 'declined')
        OR OLD.state = 'confirmed' AND NEW.state = 'voided')
    OR OLD.posting_id IS NOT NULL AND NEW.posting_id IS DISTINCT FROM OLD.posting_id
"""


def _refuse(name: str, operation: pgtrigger.Operation, condition: str = "") -> pgtrigger.Trigger:
    """Return a guard that Django reports as an IntegrityError with the constraint's name."""
    broken = f"volunteers_servicerecord_{name}"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        condition=pgtrigger.Condition(condition) if condition else None,
        func=f"RAISE EXCEPTION '{broken}' USING ERRCODE = '23514', CONSTRAINT = '{broken}';",
    )


class RecordBatch(models.Model):
    """Service records entered together and confirmed, declined or undone together.

    An activity of thirty people, or one imported spreadsheet.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待确认")
        CONFIRMED = "confirmed", _("已记分")
        DECLINED = "declined", _("已退回")
        VOIDED = "voided", _("已撤销")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="batches")
    activity = models.ForeignKey(
        "volunteers.Activity", models.PROTECT, null=True, blank=True, related_name="batches"
    )
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    is_imported = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("登记批次")
        verbose_name_plural = _("登记批次")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="volunteers_recordbatch_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="volunteers_recordbatch_voided_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ServiceRecord(models.Model):
    """One person's minutes in one act: the legal record of service and the reason for points.

    §7 of 志愿服务记录与证明出具办法（试行）names the fields: activity, date, place, content, time,
    organiser, person in charge. `calculation` freezes how the points came about.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待确认")
        CONFIRMED = "confirmed", _("已记分")
        DECLINED = "declined", _("已退回")
        VOIDED = "voided", _("已撤销")

    class Intensity(models.TextChoices):
        LIGHT = "light", _("轻")
        MEDIUM = "medium", _("中")
        HEAVY = "heavy", _("重")

    class Origin(models.TextChoices):
        DESK = "desk", _("社工登记")
        SELF = "self", _("自主申报")
        IMPORT = "import", _("历史导入")
        CHECK_IN = "check_in", _("现场签到")
        API = "api", _("接口")
        WISH = "wish", _("微心愿")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    batch = models.ForeignKey(
        RecordBatch, models.PROTECT, null=True, blank=True, related_name="records"
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, related_name="service_records"
    )
    activity = models.ForeignKey(
        "volunteers.Activity", models.PROTECT, null=True, blank=True, related_name="records"
    )
    rule_version = models.ForeignKey(
        "volunteers.PointsRuleVersion", models.PROTECT, related_name="+"
    )
    title = models.CharField(_("活动名称"), max_length=100)
    service_date = models.DateField(_("日期"))
    minutes = models.PositiveIntegerField(
        _("分钟"), validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    intensity = models.CharField(_("劳动强度"), max_length=10, choices=Intensity)
    place = models.CharField(_("地点"), max_length=100, blank=True)
    content = models.CharField(_("服务内容"), max_length=300, blank=True)
    organiser = models.CharField(_("组织单位"), max_length=100, blank=True)
    person_in_charge = models.CharField(_("负责人"), max_length=100, blank=True)
    counts_as_service = models.BooleanField(default=True)
    points = models.PositiveIntegerField(_("积分"))
    calculation = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.DESK)
    vouched_by = models.CharField(
        _("证明人"), max_length=100, blank=True, help_text=_("导入的历史由谁证明。")
    )
    import_key = models.CharField(max_length=64, null=True, blank=True, editable=False)
    needs_second_person = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    posting = models.OneToOneField(
        "ledger.Posting", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务记录")
        verbose_name_plural = _("服务记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_A_DAY),
                name="volunteers_servicerecord_minutes_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(points__lte=MAX_POINTS),
                name="volunteers_servicerecord_points_bounded",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="volunteers_servicerecord_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="volunteers_servicerecord_voided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(needs_second_person=False)
                | Q(decided_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(decided_by=F("submitted_by"))
                | Q(state="declined"),
                name="volunteers_servicerecord_second_person_decides",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | Q(state__in=["confirmed", "declined", "voided"], decided_at__isnull=False),
                name="volunteers_servicerecord_decided_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "voided"])
                | Q(state__in=["submitted", "declined"], posting__isnull=True),
                name="volunteers_servicerecord_posting_only_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "declined"])
                | Q(points=0)
                | Q(posting__isnull=False),
                name="volunteers_servicerecord_confirmed_has_posting",
            ),
            models.CheckConstraint(
                condition=Q(state="voided", voided_at__isnull=False)
                | (~Q(state="voided") & Q(voided_at__isnull=True)),
                name="volunteers_servicerecord_voided_state",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=~Q(state="declined"),
                name="volunteers_servicerecord_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["community", "import_key"],
                name="volunteers_servicerecord_imported_once",
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-service_date", "-id"]),
            models.Index(fields=["community", "state", "submitted_at"]),
            models.Index(fields=["community", "service_date"]),
        ]
        triggers = [
            _refuse("never_rewritten", pgtrigger.Update, _REWRITTEN),
            _refuse("only_forward", pgtrigger.Update, _BACKWARD),
            _refuse("never_deleted", pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.service_date} {self.title}"


class OpeningBalance(models.Model):
    """What a person's paper book said at cut-over; one person enters it, another signs it off."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待签字")
        SIGNED_OFF = "signed_off", _("已记入")
        DECLINED = "declined", _("已退回")

    volunteer = models.OneToOneField(
        "volunteers.Volunteer", models.PROTECT, related_name="opening_balance"
    )
    points = models.PositiveIntegerField(
        _("期初积分"), validators=[MinValueValidator(1), MaxValueValidator(MAX_POINTS)]
    )
    balance_date = models.DateField(_("截至日期"))
    vouched_by = models.CharField(_("证明人"), max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    posting = models.OneToOneField("ledger.Posting", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("期初积分")
        verbose_name_plural = _("期初积分")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MAX_POINTS),
                name="volunteers_openingbalance_points_positive",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="volunteers_openingbalance_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("submitted_by"))
                | Q(state="declined"),
                name="volunteers_openingbalance_second_person_signs",
            ),
            models.CheckConstraint(
                condition=Q(state="signed_off", posting__isnull=False)
                | (~Q(state="signed_off") & Q(posting__isnull=True)),
                name="volunteers_openingbalance_signed_off_has_posting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.points}"
