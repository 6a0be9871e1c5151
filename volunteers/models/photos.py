from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.querysets import PhotoQuerySet


class Photo(models.Model):
    """A picture that shows service: of one declared deed, or of a whole batch.

    It is uploaded under the key of the page (`upload_key`) and belongs to nothing until the page
    is accepted, so that a refused page keeps its pictures. The file is our own drawing of it,
    without metadata; `content_hash` and `look_hash` find the same picture again.
    """

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    deed = models.ForeignKey(
        "volunteers.Deed", models.PROTECT, null=True, blank=True, related_name="photos"
    )
    batch = models.ForeignKey(
        "volunteers.RecordBatch", models.PROTECT, null=True, blank=True, related_name="photos"
    )
    upload_key = models.UUIDField()
    image = models.ImageField(_("照片"), upload_to="service/", max_length=200)
    content_hash = models.CharField(max_length=64)
    look_hash = models.BigIntegerField()
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    added_by_resident = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+"
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务照片")
        verbose_name_plural = _("服务照片")
        constraints = [
            models.CheckConstraint(
                condition=Q(deed__isnull=True) | Q(batch__isnull=True),
                name="volunteers_photo_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(added_by__isnull=True, added_by_resident__isnull=False)
                | Q(added_by__isnull=False, added_by_resident__isnull=True),
                name="volunteers_photo_added_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["upload_key", "content_hash"], name="volunteers_photo_once_a_page"
            ),
        ]
        indexes = [models.Index(fields=["community", "content_hash"])]

    def __str__(self) -> str:
        return f"{self.pk}"
