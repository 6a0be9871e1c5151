from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A login of staff, of a unit's contact, or of a machine. Residents are not users."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=100)
    is_machine = models.BooleanField(
        _("机器账号"),
        default=False,
        help_text=_("接口或每日任务用，不能登录网页。"),
    )

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("工作人员账号")
        verbose_name_plural = _("工作人员账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
