from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.querysets import EvaluationQuerySet, SubjectQuerySet

BEST = 5


class Dimension(models.Model):
    """One thing that people score, from 1 to 5. The community chooses its own."""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="dimensions")
    name = models.CharField(_("评什么"), max_length=30)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("测评项目")
        verbose_name_plural = _("测评项目")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="evaluations_dimension_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(models.Model):
    """A place, an activity or the shop, with a code of its own that people scan to score it."""

    class Kind(models.TextChoices):
        PLACE = "place", _("场所")
        ACTIVITY = "activity", _("活动")
        SHOP = "shop", _("积分小超市")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="subjects")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    token = models.CharField(max_length=32, unique=True, editable=False)
    is_open = models.BooleanField(_("正在测评"), default=True)
    needs_invitation = models.BooleanField(
        _("只收邀请码"), default=False, help_text=_("每张邀请码评一次；不选则谁扫都能评。")
    )
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("测评点")
        verbose_name_plural = _("测评点")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="evaluations_subject_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A printed code that answers once. Only its hash is kept."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("邀请码")
        verbose_name_plural = _("邀请码")

    def __str__(self) -> str:
        return f"{self.subject_id}"


class Evaluation(models.Model):
    """One person's scores for one subject. Nobody is named; `device` is a hash that fades.

    An evaluation that is spam is hidden by name and moment, never removed.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="evaluations")
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, related_name="evaluation"
    )
    device = models.CharField(max_length=64)
    request_key = models.UUIDField()
    remark = models.CharField(_("想说的话"), max_length=200, blank=True)
    answered_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("测评")
        verbose_name_plural = _("测评")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "request_key"], name="evaluations_evaluation_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True)
                | Q(hidden_at__isnull=False, hidden_by__isnull=False),
                name="evaluations_evaluation_hidden_at_and_by",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "device", "answered_at"], name="evaluations_by_device"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.answered_at:%F}"


class Score(models.Model):
    """What one evaluation gives one dimension. Never changed."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="scores")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "dimension"], name="evaluations_score_once_each"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=BEST), name="evaluations_score_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}"
