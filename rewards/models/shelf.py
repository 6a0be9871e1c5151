from __future__ import annotations

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rewards.querysets import RewardQuerySet

MAX_POINTS = 1_000_000
MAX_QUANTITY = 10_000


# Class 23, so that Django raises IntegrityError with the name of what was broken.
REFUSE = "RAISE EXCEPTION '{what}' USING ERRCODE = '23514', CONSTRAINT = 'rewards_{name}';"


def append_only() -> list[pgtrigger.Trigger]:
    """Return the guard of a history table: rows are added, never changed or deleted."""
    return [
        pgtrigger.Trigger(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=REFUSE.format(what="append-only", name="append_only"),
        ),
        pgtrigger.Trigger(
            name="append_only_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=REFUSE.format(what="append-only", name="append_only"),
        ),
    ]


class Category(models.Model):
    """A shelf in the shop: 日用, 厨房, 粮油茶 …"""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    name = models.CharField(_("分类"), max_length=20)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("物品分类")
        verbose_name_plural = _("物品分类")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="rewards_category_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reward(models.Model):
    """A thing on the shelf with a price in points.

    `on_hand` is the sum of its stock movements and is moved only by them (a trigger keeps it);
    `reserved` is promised to special orders; free = on_hand − reserved.
    """

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="rewards")
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rewards",
        verbose_name=_("分类"),
    )
    name = models.CharField(_("物品名称"), max_length=60)
    pinyin = models.CharField(max_length=400, blank=True, editable=False)
    initials = models.CharField(max_length=200, blank=True, editable=False)
    price_points = models.PositiveIntegerField(
        _("兑换积分"), validators=[MinValueValidator(1), MaxValueValidator(MAX_POINTS)]
    )
    cost_fen = models.PositiveIntegerField(
        _("采购价（分）"), null=True, blank=True, help_text=_("人民币分，只在采购和报表出现。")
    )
    measure = models.CharField(_("单位"), max_length=10, default="个", help_text=_("瓶、块、口…"))
    symbol = models.CharField(_("图案"), max_length=30, default="box")
    tone = models.PositiveSmallIntegerField(
        _("底色"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    picture = models.ImageField(_("照片"), upload_to="rewards/", blank=True)
    picture_alt = models.CharField(_("照片说明"), max_length=100, blank=True)
    person_month_limit = models.PositiveSmallIntegerField(
        _("每人每月限兑"), null=True, blank=True, help_text=_("留空表示不限。")
    )
    low_stock_level = models.PositiveSmallIntegerField(_("低于多少提醒"), default=3)
    is_active = models.BooleanField(_("上架"), default=True)
    on_hand = models.IntegerField(_("库存"), default=0, editable=False)
    reserved = models.IntegerField(_("已留"), default=0, editable=False)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("物品")
        verbose_name_plural = _("物品")
        ordering = ["price_points", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="rewards_reward_name_once_per_community"
            ),
            models.CheckConstraint(
                condition=Q(price_points__gte=1, price_points__lte=MAX_POINTS),
                name="rewards_reward_price_positive",
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(on_hand__gte=F("reserved")),
                name="rewards_reward_never_oversold",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="born_with_empty_shelf",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__on_hand__df=0) | pgtrigger.Q(new__reserved__df=0),
                func=REFUSE.format(what="stock starts at zero and is moved in", name="born_empty"),
            ),
            pgtrigger.Trigger(
                name="stock_moves_by_movement",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("on_hand"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__on_hand__df=pgtrigger.F("new__on_hand")),
                # Depth 2: this update was made by the trigger of StockMovement, not by a statement.
                func="IF pg_trigger_depth() >= 2 THEN RETURN NEW; END IF; "
                + REFUSE.format(
                    what="stock changes only through a stock movement", name="stock_by_movement"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def is_low(self) -> bool:
        return 0 < self.free <= self.low_stock_level


class Barcode(models.Model):
    """A code printed on the goods; a box of twelve has a pack size of 12."""

    reward = models.ForeignKey(Reward, models.CASCADE, related_name="barcodes")
    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="+")
    code = models.CharField(
        _("条形码"),
        max_length=20,
        validators=[RegexValidator(r"^\d{8,20}$", _("条形码只有数字。"))],
    )
    pack_size = models.PositiveSmallIntegerField(
        _("每包件数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )

    class Meta:
        verbose_name = _("条形码")
        verbose_name_plural = _("条形码")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], name="rewards_barcode_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PriceChange(models.Model):
    """What a reward cost before and after; append-only."""

    reward = models.ForeignKey(Reward, models.CASCADE, related_name="price_changes")
    before_points = models.PositiveIntegerField(null=True)
    after_points = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("调价记录")
        verbose_name_plural = _("调价记录")
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.before_points} → {self.after_points}"


class StockMovement(models.Model):
    """Goods that came or went; append-only. on_hand is their sum, kept by a trigger."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("期初")
        PURCHASE = "purchase", _("采购入库")
        DONATION = "donation", _("捐赠入库")
        REDEMPTION = "redemption", _("兑换出库")
        RETURN = "return", _("退回")
        COUNT = "count", _("盘点差异")
        DAMAGE = "damage", _("损坏")
        LOAN = "loan", _("借出")
        SPECIAL_ORDER = "special_order", _("点单领取")

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=Kind)
    quantity = models.IntegerField(
        _("数量"),
        help_text=_("入为正，出为负。"),
        validators=[MinValueValidator(-MAX_QUANTITY), MaxValueValidator(MAX_QUANTITY)],
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    redemption = models.ForeignKey(
        "rewards.Redemption", models.PROTECT, null=True, blank=True, related_name="movements"
    )
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("出入库")
        verbose_name_plural = _("出入库")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(quantity=0)
                & Q(quantity__gte=-MAX_QUANTITY, quantity__lte=MAX_QUANTITY),
                name="rewards_stockmovement_quantity_not_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["count", "damage", "loan"]) | ~Q(reason=""),
                name="rewards_stockmovement_adjustment_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["reward", "-id"])]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="move_stock",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="UPDATE rewards_reward SET on_hand = on_hand + NEW.quantity"
                " WHERE id = NEW.reward_id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reward_id} {self.quantity:+d}"


class Goal(models.Model):
    """The one reward a resident is saving toward."""

    volunteer = models.OneToOneField("volunteers.Volunteer", models.CASCADE, related_name="goal")
    reward = models.ForeignKey(Reward, models.CASCADE, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("目标")
        verbose_name_plural = _("目标")

    def __str__(self) -> str:
        return f"{self.volunteer_id} → {self.reward_id}"
