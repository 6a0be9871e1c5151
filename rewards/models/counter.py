from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rewards.models.shelf import MAX_POINTS, append_only
from rewards.querysets import RedemptionQuerySet

MAX_LINE_QUANTITY = 999


class Redemption(models.Model):
    """Rewards handed over at the counter, paid by postings; all lines or nothing."""

    class State(models.TextChoices):
        DONE = "done", _("已兑换")
        VOIDED = "voided", _("已撤销")

    class Confirmation(models.TextChoices):
        PIN = "pin", _("本人密码")
        PAPER = "paper", _("纸面签字")
        COLLECTOR = "collector", _("代领人签字")

    community = models.ForeignKey(
        "volunteers.Community", models.PROTECT, related_name="redemptions"
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, related_name="redemptions"
    )
    number = models.CharField(
        _("小票号"), max_length=13, help_text="EAN-13, prefix 21", unique=True
    )
    points = models.PositiveIntegerField(_("积分"))
    balance_after = models.BigIntegerField(_("兑换后余额"), help_text=_("付款人记账后的余额。"))
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    confirmation = models.CharField(max_length=10, choices=Confirmation)
    pin_confirmation = models.OneToOneField(
        "volunteers.PinConfirmation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    collector_name = models.CharField(_("代领人"), max_length=100, blank=True)
    redeemed_at = models.DateTimeField()
    redeemed_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换")
        verbose_name_plural = _("兑换")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MAX_POINTS),
                name="rewards_redemption_points_positive",
            ),
            models.CheckConstraint(
                condition=Q(state="voided", voided_at__isnull=False, voided_by__isnull=False)
                | Q(state="done", voided_at__isnull=True, voided_by__isnull=True),
                name="rewards_redemption_voided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(confirmation="pin", pin_confirmation__isnull=False)
                | (~Q(confirmation="pin") & Q(pin_confirmation__isnull=True)),
                name="rewards_redemption_pin_has_confirmation",
            ),
            models.CheckConstraint(
                condition=~Q(confirmation="collector") | ~Q(collector_name=""),
                name="rewards_redemption_collector_named",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-redeemed_at"]),
            models.Index(fields=["volunteer", "-redeemed_at"]),
        ]

    def __str__(self) -> str:
        return self.number


class RedemptionLine(models.Model):
    """So many of one reward at the price it had; append-only."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="lines")
    reward = models.ForeignKey("rewards.Reward", models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(
        _("数量"), validators=[MinValueValidator(1), MaxValueValidator(MAX_LINE_QUANTITY)]
    )
    price_points = models.PositiveIntegerField(_("单价"))

    class Meta:
        verbose_name = _("兑换明细")
        verbose_name_plural = _("兑换明细")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_LINE_QUANTITY),
                name="rewards_redemptionline_quantity_positive",
            ),
            models.UniqueConstraint(
                fields=["redemption", "reward"], name="rewards_redemptionline_reward_once"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.quantity} × {self.reward_id}"

    @property
    def points(self) -> int:
        return self.quantity * self.price_points


class RedemptionPayment(models.Model):
    """Which posting paid; several people may pay one redemption. Append-only."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="payments")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+")
    posting = models.OneToOneField("ledger.Posting", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("兑换付款")
        verbose_name_plural = _("兑换付款")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.redemption_id}: {self.posting_id}"
