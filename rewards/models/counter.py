from __future__ import annotations

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rewards.models.shelf import MAX_POINTS, REFUSE, append_only
from rewards.querysets import ParkedBasketQuerySet, RedemptionQuerySet

MAX_LINE_QUANTITY = 999

# What a redemption says about what happened; only its being voided or filed is added later.
_FACTS = (
    "id",
    "community_id",
    "volunteer_id",
    "number",
    "points",
    "balance_after",
    "held_points",
    "confirmation",
    "pin_confirmation_id",
    "collector_name",
    "redeemed_at",
    "redeemed_by_id",
)


def _facts(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in _FACTS)


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
    held_points = models.PositiveIntegerField(
        _("当时预留"), default=0, help_text=_("兑换时付款人另有多少积分预留着。")
    )
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
    signed_slip_at = models.DateTimeField(null=True, help_text=_("签了字的小票收进文件夹的时间。"))
    signed_slip_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, null=True, related_name="+"
    )

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
            models.CheckConstraint(
                condition=Q(signed_slip_at__isnull=True, signed_slip_by__isnull=True)
                | Q(signed_slip_at__isnull=False, signed_slip_by__isnull=False),
                name="rewards_redemption_signed_slip_at_and_by",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-redeemed_at"]),
            models.Index(fields=["volunteer", "-redeemed_at"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=REFUSE.format(
                    what="a redemption is voided, never deleted", name="append_only"
                ),
            ),
            pgtrigger.Trigger(
                name="facts_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="IF OLD.state = 'voided' AND (NEW.state, NEW.voided_at, NEW.voided_by_id,"
                " NEW.void_reason) IS DISTINCT FROM (OLD.state, OLD.voided_at, OLD.voided_by_id,"
                f" OLD.void_reason) OR ({_facts('NEW')}) IS DISTINCT FROM ({_facts('OLD')}) THEN "
                + REFUSE.format(what="what was redeemed stays", name="redemption_facts_stay")
                + " END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def available_after(self) -> int:
        """What the payer could still spend right after this."""
        return self.balance_after - self.held_points

    @property
    def available_before(self) -> int:
        return self.available_after + self.points

    @property
    def needs_signed_slip(self) -> bool:
        """Whether a signature on paper was the consent, and that paper must be kept."""
        return self.confirmation != self.Confirmation.PIN


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


class ParkedBasket(models.Model):
    """A basket that a clerk set aside to serve somebody else first; kept through a power cut.

    `lines` is a list of [reward id, quantity, price in points]; nothing is reserved by it.
    """

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.CASCADE, related_name="parked_baskets"
    )
    lines = models.JSONField()
    parked_at = models.DateTimeField()
    parked_by = models.ForeignKey("volunteers.User", models.CASCADE, related_name="+")

    objects = ParkedBasketQuerySet.as_manager()

    class Meta:
        verbose_name = _("挂起的兑换单")
        verbose_name_plural = _("挂起的兑换单")
        ordering = ["-parked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["parked_by", "volunteer"], name="rewards_parkedbasket_one_per_clerk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {len(self.lines)}"

    @property
    def pieces(self) -> int:
        return sum(quantity for _reward, quantity, _price in self.lines)
