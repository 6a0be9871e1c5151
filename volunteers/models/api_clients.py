from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """Another system that may use the API of one community; its acts are its service user's."""

    community = models.ForeignKey(
        "volunteers.Community", models.PROTECT, related_name="+", verbose_name=_("社区")
    )
    name = models.CharField(_("系统名称"), max_length=60)
    user = models.OneToOneField(
        "volunteers.User", models.PROTECT, related_name="api_client", verbose_name=_("机器账号")
    )
    is_active = models.BooleanField(_("在用"), default=True)
    requests_per_minute = models.PositiveSmallIntegerField(_("每分钟请求上限"), default=300)

    class Meta:
        verbose_name = _("接口客户端")
        verbose_name_plural = _("接口客户端")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="volunteers_apiclient_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A bearer token: shown once when it is made, kept as its SHA-256, with scopes and an end."""

    class Scope(models.TextChoices):
        READ = "read", _("读")
        RECORD = "record", _("服务记录")
        COUNTER = "counter", _("柜台")
        WISHES = "wishes", _("心愿")

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    tail = models.CharField(_("尾号"), max_length=4)
    scopes = models.JSONField(_("权限"), default=list)
    expires_at = models.DateTimeField(_("到期"))
    created_at = models.DateTimeField(_("发放时间"))
    created_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="volunteers_apitoken_revoked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="volunteers_apitoken_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.tail}"


class ApiMinute(models.Model):
    """How often a client asked within one minute: the rate limit, counted where all workers see."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "minute"], name="volunteers_apiminute_once_per_minute"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.minute:%F %R}: {self.count}"
