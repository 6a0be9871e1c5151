from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedFile(models.Model):
    """One file that was read in: who, when, what came of it. The file itself is not kept."""

    class Kind(models.TextChoices):
        ROSTER = "roster", _("花名册")
        RULES = "rules", _("积分标准")
        REWARDS = "rewards", _("物品清单")
        SERVICE = "service", _("服务登记表")
        OPENING = "opening", _("期初积分")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    created_count = models.PositiveIntegerField(default=0)
    matched_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("导入记录")
        verbose_name_plural = _("导入记录")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"


class ImportDraft(models.Model):
    """A file that was read and is being looked at, before anything is done.

    `table` holds the rows with only the columns that are read: what is dropped is never stored.
    It goes when the import is done or given up, and after a day.
    """

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ImportedFile.Kind)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    table = models.JSONField()
    options = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("待导入的文件")
        verbose_name_plural = _("待导入的文件")

    def __str__(self) -> str:
        return self.file_name
