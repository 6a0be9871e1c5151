from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogDraft(models.Model):
    """An activity that is still being written down; it survives a power cut and a closed tab.

    `content` is what the page would send: the occasion's fields and one dictionary a row. The key
    becomes the request key of the batch, so a draft sent twice is one batch.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey("volunteers.Community", models.CASCADE, related_name="+")
    user = models.ForeignKey("volunteers.User", models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("登记草稿")
        verbose_name_plural = _("登记草稿")
        indexes = [models.Index(fields=["user", "-saved_at"])]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def title(self) -> str:
        return str(self.content.get("title", ""))

    @property
    def people_count(self) -> int:
        return len(self.content.get("rows", []))
