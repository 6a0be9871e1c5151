from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day unlike its weekday: a public holiday, or a weekend worked to make up for one.

    The State Council announces them each autumn; somebody types them in. One calendar for the
    whole installation.
    """

    day_date = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(
        _("上班"), default=False, help_text=_("周末调休上班的日子选上；放假的日子不选。")
    )
    name = models.CharField(_("名称"), max_length=30, help_text=_("例如：国庆节、国庆节调休"))

    class Meta:
        verbose_name = _("节假日")
        verbose_name_plural = _("节假日")
        ordering = ["day_date"]

    def __str__(self) -> str:
        return f"{self.day_date} {self.name}"
