"""The ledger: where points are, every movement of points, and points set aside.

A posting moves points from one account to another, so it is balanced by construction. Postings,
holds and the ends of holds are only ever added. What an account says about itself (`balance`,
`seq`, `head`, `held`, `hold_seq`) is kept by database triggers and moves only together with the
row that explains it.
The guards are in `migrations/sql/`; docs/ledger.md says which one keeps which promise.

The ledger knows no community and no person: a book, an account and an actor are plain numbers here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.querysets import AccountQuerySet, HoldQuerySet, PostingQuerySet

MAX_POINTS = 1_000_000
MAX_MEMO_CHARACTERS = 100


class Account(models.Model):
    """A place where points can be. One book's accounts never deal with another's."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("居民积分")
        DEBT = "debt", _("待补积分")
        ISSUE = "issue", _("发放")
        OPENING = "opening", _("期初")
        SHOP = "shop", _("超市")
        EXPIRED = "expired", _("到期")
        WISH_FUND = "wish_fund", _("心愿基金")

    COUNTED_KINDS: ClassVar = (Kind.MEMBER, Kind.DEBT)
    SYSTEM_KINDS: ClassVar = (Kind.ISSUE, Kind.OPENING, Kind.SHOP, Kind.EXPIRED, Kind.WISH_FUND)

    book = models.BigIntegerField(_("账册"), editable=False)
    balance = models.BigIntegerField(_("余额"), default=0, editable=False)
    held = models.BigIntegerField(_("预留"), default=0, editable=False)
    debtor = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="debt",
        db_constraint=False,
        help_text=_("待补积分账户属于哪个居民账户。"),
    )
    seq = models.IntegerField(_("记账序号"), default=0, editable=False)
    hold_seq = models.IntegerField(_("预留序号"), default=0, editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind, editable=False)
    counted = models.BooleanField(
        _("记余额"),
        editable=False,
        help_text=_("系统账户不记余额，需要时由记账合计得出。"),
    )
    head = models.BinaryField(
        _("链头"), default=b"", editable=False, help_text=_("最近一笔记账的校验值。")
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = [
            # Only what can change: PostgreSQL reads every CHECK anew for each statement. What an
            # account is, is checked once, when it is opened (migrations/sql/accounts.sql).
            models.CheckConstraint(
                condition=models.Q(debtor__isnull=False)
                | models.Q(balance__gte=models.F("held"), held__gte=0),
                name="ledger_account_enough",
            ),
            models.CheckConstraint(
                condition=models.Q(debtor__isnull=True) | models.Q(balance__lte=0, held=0),
                name="ledger_account_debt_owed",
            ),
            models.UniqueConstraint(
                fields=["book", "kind"],
                condition=models.Q(counted=False),
                name="ledger_account_one_of_each_system_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["book"], condition=models.Q(kind="member"), name="ledger_account_members"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def available(self) -> int:
        """Points that may be spent now."""
        return self.balance - self.held


class Posting(models.Model):
    """One movement of points, for ever. A mistake is undone by a posting that reverses it.

    Only `source`, `target`, `points`, `kind`, `memo`, `effective_date`, `reverses`, `hold` and
    `by_id` are given; the database fills the rest under the accounts' locks and refuses rows that
    bring it.
    `…_seq` and `…_after` are null on the side of a system account.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("期初")
        EARN = "earn", _("得分")
        REDEEM = "redeem", _("兑换")
        COLLECT = "collect", _("点单领取")
        GIFT = "gift", _("赠予心愿")
        EXPIRE = "expire", _("到期")
        ADVANCE = "advance", _("待补")
        REPAY = "repay", _("补还")
        REVERSAL = "reversal", _("冲正")

    # Wide columns first: no padding between them. What takes the place of Django's foreign keys and
    # their indexes is in migrations/sql/postings.sql.
    source = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="sent",
        verbose_name=_("转出"),
        db_constraint=False,
        db_index=False,
    )
    target = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="received",
        verbose_name=_("转入"),
        db_constraint=False,
        db_index=False,
    )
    by_id = models.BigIntegerField(_("经办"))
    created_at = models.DateTimeField(_("记账时间"), editable=False)
    source_after = models.BigIntegerField(_("转出后余额"), null=True, editable=False)
    target_after = models.BigIntegerField(_("转入后余额"), null=True, editable=False)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="reversed_by",
        verbose_name=_("冲正的记账"),
        db_constraint=False,
    )
    hold = models.OneToOneField(
        "Hold",
        models.PROTECT,
        null=True,
        related_name="posting",
        verbose_name=_("动用的预留"),
        db_constraint=False,
    )
    points = models.IntegerField(_("积分"))
    effective_date = models.DateField(_("业务日期"))
    source_seq = models.IntegerField(_("转出方序号"), null=True, editable=False)
    target_seq = models.IntegerField(_("转入方序号"), null=True, editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    memo = models.CharField(_("摘要"), max_length=MAX_MEMO_CHARACTERS, blank=True)
    hash = models.BinaryField(_("校验值"), editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("记账")
        verbose_name_plural = _("记账")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=1, points__lte=MAX_POINTS),
                name="ledger_posting_points_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.points}"


class FlowRule(models.Model):
    """A kind of posting and the kinds of account it may move points between.

    Filled by migrations and frozen; the trigger on postings reads it. A reversal is not listed: it
    mirrors an original that is, where `is_reversible` says so.
    """

    pk = models.CompositePrimaryKey("kind", "source_kind", "target_kind")
    kind = models.CharField(max_length=10, choices=Posting.Kind)
    source_kind = models.CharField(max_length=10, choices=Account.Kind)
    target_kind = models.CharField(max_length=10, choices=Account.Kind)
    is_reversible = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.source_kind} → {self.target_kind}"


class Hold(models.Model):
    """Points set aside on a member's account until its document ends it, once."""

    class Kind(models.TextChoices):
        SPECIAL_ORDER = "special_order", _("点单")
        PUBLICITY = "publicity", _("公示")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="holds", db_constraint=False, db_index=False
    )
    by_id = models.BigIntegerField(_("经办"))
    created_at = models.DateTimeField(_("预留时间"), editable=False)
    held_after = models.BigIntegerField(_("预留合计"), editable=False)
    points = models.IntegerField(_("积分"))
    seq = models.IntegerField(_("预留序号"), editable=False)
    effective_date = models.DateField(_("业务日期"))
    kind = models.CharField(_("种类"), max_length=15, choices=Kind)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("预留")
        verbose_name_plural = _("预留")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=1, points__lte=MAX_POINTS),
                name="ledger_hold_points_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["special_order", "publicity"]),
                name="ledger_hold_kind_known",
            ),
            models.UniqueConstraint(fields=["account", "seq"], name="ledger_hold_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.points}"


class HoldEnd(models.Model):
    """How a hold ended. Its primary key is the hold: there is no second end.

    `account`, `seq`, `held_after` and `created_at` are filled by the database.
    """

    class How(models.TextChoices):
        CAPTURED = "captured", _("已动用")
        RELEASED = "released", _("已退回")
        EXPIRED = "expired", _("已到期")

    hold = models.OneToOneField(
        Hold, models.PROTECT, primary_key=True, related_name="end", db_constraint=False
    )
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
    )
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, related_name="hold_end", db_constraint=False
    )
    by_id = models.BigIntegerField(_("经办"))
    created_at = models.DateTimeField(_("结束时间"), editable=False)
    held_after = models.BigIntegerField(_("预留合计"), editable=False)
    seq = models.IntegerField(_("预留序号"), editable=False)
    effective_date = models.DateField(_("业务日期"))
    how = models.CharField(_("方式"), max_length=10, choices=How)

    class Meta:
        verbose_name = _("预留的结束")
        verbose_name_plural = _("预留的结束")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=["captured", "released", "expired"]),
                name="ledger_holdend_how_known",
            ),
            models.CheckConstraint(
                condition=models.Q(how="captured", posting__isnull=False)
                | ~models.Q(how="captured") & models.Q(posting__isnull=True),
                name="ledger_holdend_captured_by_posting",
            ),
            models.UniqueConstraint(fields=["account", "seq"], name="ledger_holdend_seq_once"),
        ]

    def __str__(self) -> str:
        return self.get_how_display()


class Closing(models.Model):
    """What a system account came to, counting the postings up to and with `through_id`.

    Written by the database alone (`close_book`), at a moment when no posting is on its way; its
    balance is then the last closing and what came since.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="closings", db_constraint=False, db_index=False
    )
    through_id = models.BigIntegerField(_("截至记账"), editable=False)
    balance = models.BigIntegerField(_("合计"), editable=False)
    created_at = models.DateTimeField(_("结账时间"), editable=False)

    class Meta:
        verbose_name = _("结账")
        verbose_name_plural = _("结账")
        constraints = [
            models.UniqueConstraint(fields=["account", "through_id"], name="ledger_closing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.balance}"


class Request(models.Model):
    """A request that changed something, and what it answered: sent again, it answers the same.

    Written in the transaction of its effect, through `ledger.requests`; kept for at least a day.
    """

    client = models.CharField(_("请求方"), max_length=64)
    key = models.CharField(_("请求编号"), max_length=100)
    content_hash = models.BinaryField(_("内容校验值"))
    result = models.JSONField(_("结果"))
    created_at = models.DateTimeField(_("时间"), editable=False)

    class Meta:
        verbose_name = _("请求")
        verbose_name_plural = _("请求")
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="ledger_request_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="ledger_request_age")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"
