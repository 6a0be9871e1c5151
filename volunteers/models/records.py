from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

APPEND_ONLY = (
    "RAISE EXCEPTION 'append-only' USING ERRCODE = '23514', CONSTRAINT = 'volunteers_append_only';"
)


class AccessLog(models.Model):
    """Who saw or took away unmasked personal data; rows are added, never changed.

    A view of one dossier names its volunteer; an export or a sheet of cards says how many.
    """

    class Act(models.TextChoices):
        DOSSIER = "dossier", _("看居民档案")
        EDIT = "edit", _("打开资料修改")
        EXPORT = "export", _("导出居民名册")
        CARDS = "cards", _("印手册卡")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+"
    )
    act = models.CharField(_("做了什么"), max_length=10, choices=Act)
    people_count = models.PositiveIntegerField(_("人数"), default=1)
    seen_at = models.DateTimeField(_("时间"))
    seen_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, related_name="+", verbose_name=_("谁")
    )

    class Meta:
        verbose_name = _("查看个人信息的记录")
        verbose_name_plural = _("查看个人信息的记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["volunteer", "-id"])]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=APPEND_ONLY,
            ),
            pgtrigger.Trigger(
                name="append_only_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=APPEND_ONLY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d %H:%M} {self.get_act_display()}"


class Consent(models.Model):
    """What a person agreed to, in which wording, when; and when they took it back."""

    class Purpose(models.TextChoices):
        DOSSIER = "dossier", _("建档和记分")
        PUBLICITY = "publicity", _("公示时写出全名")
        PHOTO = "photo", _("使用活动照片")
        SHARING = "sharing", _("提供给所在单位")

    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    wording_version = models.CharField(_("告知书版本"), max_length=20)
    guardian_name = models.CharField(
        _("监护人"), max_length=100, blank=True, help_text=_("未满 14 岁由监护人同意。")
    )
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="volunteers_consent_once_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="volunteers_consent_withdrawn_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()
