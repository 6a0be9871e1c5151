from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WishStep(models.Model):
    """What happened to a wish, in order; only ever added to. For staff; `note` may be private.

    `by` is the member of staff or the machine that did it, `by_volunteer` the resident who did.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("提出心愿")
        APPROVED = "approved", _("核实，挂上心愿树")
        REWORDED = "reworded", _("改了公开的话")
        DECLINED = "declined", _("没有采纳")
        WITHDRAWN = "withdrawn", _("撤回心愿")
        OFFERED = "offered", _("派单")
        OFFER_ACCEPTED = "accepted", _("接单")
        OFFER_DECLINED = "not_now", _("这次不方便")
        OFFER_LAPSED = "no_answer", _("没有回复，问下一位")
        RECALLED = "recalled", _("不再派单")
        PLEDGED = "pledged", _("有人认领")
        REMINDED = "reminded", _("打电话问一问")
        RELEASED = "released", _("退回认领")
        LAPSED = "lapsed", _("到期没有办，自动退回")
        SAID_DONE = "said_done", _("认领人说办好了")
        DELIVERED = "delivered", _("送到家")
        REOPENED = "reopened", _("重新办")
        LIT = "lit", _("点亮")
        UNPUBLISHED = "unpublished", _("从树上取下")

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    pledge = models.ForeignKey("wishes.Pledge", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    by_volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("心愿的经过")
        verbose_name_plural = _("心愿的经过")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(by_volunteer__isnull=True),
                name="wishes_wishstep_one_actor",
            ),
        ]
        indexes = [models.Index(fields=["wish", "at"], name="wishes_wishstep_in_order")]

    def __str__(self) -> str:
        return f"{self.wish_id} {self.get_kind_display()}"
