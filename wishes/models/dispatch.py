from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wishes.querysets import DispatchQuerySet

MAX_TURNS = 3


class Skill(models.TextChoices):
    """What a request may need and a helper may be good at."""

    REPAIR = "repair", _("修修补补")
    CARRY = "carry", _("搬东西")
    ESCORT = "escort", _("陪同外出")
    COMPANY = "company", _("陪伴聊天")
    READING = "reading", _("读写代笔")
    PHONE = "phone", _("教用手机")
    TUTOR = "tutor", _("辅导功课")
    HEALTH = "health", _("量血压等健康服务")
    HAIRCUT = "haircut", _("理发")
    TRANSLATE = "translate", _("翻译")
    DRIVE = "drive", _("开车接送")


class Helper(models.Model):
    """A volunteer who agreed to be asked when a neighbour needs a hand."""

    volunteer = models.OneToOneField(
        "volunteers.Volunteer", models.PROTECT, primary_key=True, related_name="helper"
    )
    skills = ArrayField(models.CharField(max_length=10, choices=Skill), default=list, blank=True)
    note = models.CharField(_("什么时候方便"), max_length=100, blank=True)
    is_willing = models.BooleanField(_("愿意接单"), default=True)

    class Meta:
        verbose_name = _("愿意接单的志愿者")
        verbose_name_plural = _("愿意接单的志愿者")

    def __str__(self) -> str:
        return f"{self.volunteer_id}"

    @property
    def skill_labels(self) -> list[str]:
        return [str(Skill(skill).label) for skill in self.skills]


class Dispatch(models.Model):
    """A wish offered to one volunteer or unit, who accepts or declines freely.

    Up to three are asked, one after the other: `turn` is the order. Declining costs nothing and
    needs no reason.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排在后面")
        OFFERED = "offered", _("等回复")
        ACCEPTED = "accepted", _("已接单")
        DECLINED = "declined", _("不方便")
        LAPSED = "lapsed", _("没有回复")
        CANCELLED = "cancelled", _("不用了")

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="dispatches")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, blank=True, related_name="dispatches"
    )
    unit = models.ForeignKey(
        "volunteers.Unit", models.PROTECT, null=True, blank=True, related_name="dispatches"
    )
    turn = models.PositiveSmallIntegerField()
    hours_to_answer = models.PositiveSmallIntegerField(default=4)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    answer_until = models.DateTimeField(null=True, help_text="set when its turn comes")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "volunteers.User",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="null when the volunteer answered, or nobody did",
    )

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("派单")
        verbose_name_plural = _("派单")
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=False, unit__isnull=True)
                | Q(volunteer__isnull=True, unit__isnull=False),
                name="wishes_dispatch_to_volunteer_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", answer_until__isnull=True)
                | Q(state="cancelled")
                | (~Q(state__in=["queued", "cancelled"]) & Q(answer_until__isnull=False)),
                name="wishes_dispatch_asked_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "offered"], answered_at__isnull=True)
                | (~Q(state__in=["queued", "offered"]) & Q(answered_at__isnull=False)),
                name="wishes_dispatch_answered_by_state",
            ),
            models.UniqueConstraint(
                fields=["wish"],
                condition=Q(state="offered"),
                name="wishes_dispatch_one_asked_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_until"],
                condition=Q(state="offered"),
                name="wishes_dispatch_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish_id} → {self.volunteer_id or self.unit_id}"
