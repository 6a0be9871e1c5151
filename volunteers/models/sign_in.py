from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MemberAccess(models.Model):
    """A resident's PIN. There is no row until the resident has chosen one.

    `pin_version` rises with every change; sessions carry it, so a change ends them all.
    """

    volunteer = models.OneToOneField("volunteers.Volunteer", models.PROTECT, related_name="access")
    pin_hash = models.CharField(max_length=200, blank=True)
    pin_version = models.PositiveIntegerField(default=0)
    must_change = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("居民密码")
        verbose_name_plural = _("居民密码")

    def __str__(self) -> str:
        return str(self.volunteer_id)


class PinAttempt(models.Model):
    """One try of a PIN, committed even when what followed was refused."""

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.CASCADE, null=True, related_name="+"
    )
    device = models.CharField(max_length=64, help_text="hash of address and device")
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["volunteer", "at"]),
            models.Index(fields=["device", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.at:%F %T}"


class FirstPinCode(models.Model):
    """A printed one-time code (24 hours) with which a resident chooses the first PIN."""

    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["volunteer", "expires_at"])]

    def __str__(self) -> str:
        return str(self.volunteer_id)


class PinConfirmation(models.Model):
    """Proof that a resident typed the right PIN for exactly this content; used once.

    `content_hash` binds it to what was on the screen (a basket, an order).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, related_name="+", help_text="who served"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__gte=models.F("confirmed_at")),
                name="volunteers_pinconfirmation_used_after_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Identification(models.Model):
    """Staff made sure who stands at the counter; for two minutes that person may choose a PIN."""

    class Way(models.TextChoices):
        CARD = "card", _("手册卡")
        PAPERS = "papers", _("证件")
        HOUSEHOLD = "household", _("家人或邻居在场证明")
        KNOWN = "known", _("工作人员认识本人")

    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+")
    way = models.CharField(_("核对方式"), max_length=10, choices=Way)
    identified_at = models.DateTimeField()
    identified_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("身份核对")
        verbose_name_plural = _("身份核对")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True)
                | Q(used_at__gte=models.F("identified_at"), used_at__lte=models.F("expires_at")),
                name="volunteers_identification_used_in_time",
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "expires_at"])]

    def __str__(self) -> str:
        return str(self.volunteer_id)
