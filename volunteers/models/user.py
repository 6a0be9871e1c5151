from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from volunteers.models.people import Volunteer


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

    own_volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("本人的积分手册"),
        help_text=_("工作人员自己也是居民时选上：不能确认本人和同户的积分。"),
    )

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("工作人员账号")
        verbose_name_plural = _("工作人员账号")

    def __str__(self) -> str:
        return self.name or self.username

    def shares_door_with(self, volunteer: Volunteer) -> bool:
        """Whether the volunteer is this user or lives in this user's household (DOMAIN rule 6)."""
        own = self.own_volunteer
        if own is None:
            return False
        if own.pk == volunteer.pk:
            return True
        return own.household_id is not None and own.household_id == volunteer.household_id

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
