from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Community(models.Model):
    """The tenant: everything below belongs to exactly one. Its id is its book in the ledger."""

    slug = models.SlugField(_("网址简称"), max_length=40, unique=True)
    name = models.CharField(_("简称"), max_length=40, help_text=_("例如：城西社区"))
    official_name = models.CharField(
        _("全称"), max_length=100, help_text=_("用在纸面和大屏，例如：新源镇城西社区党群服务中心")
    )
    number_prefix = models.CharField(
        _("手册编号字头"),
        max_length=4,
        default="CX",
        validators=[RegexValidator(r"^[A-Z]{1,4}$", _("请用 1 到 4 个大写字母。"))],
    )
    next_member_number = models.PositiveIntegerField(default=1, editable=False)
    needs_second_person = models.BooleanField(
        _("记分需要第二人确认"), default=True, help_text=_("关闭后，本人及同户的积分仍需他人确认。")
    )
    light_percent = models.PositiveSmallIntegerField(
        _("轻体力系数（%）"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    medium_percent = models.PositiveSmallIntegerField(
        _("中等体力系数（%）"),
        default=150,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    heavy_percent = models.PositiveSmallIntegerField(
        _("重体力系数（%）"),
        default=200,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    publicity_days = models.PositiveSmallIntegerField(
        _("公示工作日数"),
        default=0,
        validators=[MaxValueValidator(30)],
        help_text=_("0 表示不公示。"),
    )
    points_per_yuan_percent = models.PositiveSmallIntegerField(
        _("每元折合积分（%）"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("100 表示 1 元物品定价 1 分。"),
    )
    void_minutes = models.PositiveSmallIntegerField(
        _("本人可撤销的分钟数"), default=10, validators=[MaxValueValidator(60)]
    )
    monthly_issue_cap_points = models.PositiveIntegerField(
        _("每月发放积分上限"), null=True, blank=True, help_text=_("留空表示不设上限。")
    )
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    opening_hours = models.CharField(_("开放时间"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("社区")
        verbose_name_plural = _("社区")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in one community. A user may hold several, in several communities."""

    class Role(models.TextChoices):
        CLERK = "clerk", _("柜台值班")
        RECORDER = "recorder", _("社工")
        APPROVER = "approver", _("书记")
        ADMIN = "admin", _("管理员")
        UNIT_CONTACT = "unit_contact", _("单位联络人")
        COUNTY_APPROVER = "county_approver", _("县级审批人")

    user = models.ForeignKey("volunteers.User", models.CASCADE, related_name="memberships")
    community = models.ForeignKey(Community, models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "community", "role"], name="volunteers_membership_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.community} · {self.get_role_display()}"
