from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WishPhoto(models.Model):
    """A picture of a delivery. There is none without the neighbour's word.

    `is_public` says that they agreed to more than being photographed: that everybody may see it.
    """

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="photos")
    image = models.ImageField(_("照片"), upload_to="wishes/", max_length=200)
    is_public = models.BooleanField(_("同意公开"), default=False)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, related_name="+", help_text="who was told"
    )

    class Meta:
        verbose_name = _("心愿照片")
        verbose_name_plural = _("心愿照片")

    def __str__(self) -> str:
        return f"{self.wish_id}"
