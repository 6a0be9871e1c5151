from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wishes.querysets import WishQuerySet

MAX_SHARES = 50


class Tree(models.Model):
    """A community's tree: the number its next wish gets, and a version.

    `version` rises with everything that a visitor of the tree could see change, in the same
    transaction: the screen in the hall asks for nothing else to learn that all is as it was.
    """

    community = models.OneToOneField(
        "volunteers.Community", models.PROTECT, primary_key=True, related_name="tree"
    )
    next_number = models.PositiveIntegerField(default=1)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("心愿树")
        verbose_name_plural = _("心愿树")

    def __str__(self) -> str:
        return f"{self.community_id}"


class Wish(models.Model):
    """What a neighbour asks for, as everybody may read it.

    Nothing in this row is private: the words were cleared with the wisher, the name is masked,
    the address is no closer than the estate. Who it is and what else is known is in `WishFacts`.
    """

    class Kind(models.TextChoices):
        THING = "thing", _("一样东西")
        HAND = "hand", _("搭把手")
        COMPANY = "company", _("陪一陪")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待核实")
        APPROVED = "approved", _("等待认领")
        PLEDGED = "pledged", _("认领中")
        DELIVERED = "delivered", _("待回访")
        LIT = "lit", _("已点亮")
        DECLINED = "declined", _("未采纳")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Confirmation(models.TextChoices):
        PIN = "pin", _("本人输密码")
        SIGNATURE = "signature", _("本人签字")
        CALL_BACK = "call_back", _("工作人员回访")

    class Ending(models.TextChoices):
        """Why a declined wish was declined; only the asker and staff read it."""

        REFUSED = "refused", _("不能办")
        MERGED = "merged", _("并入另一个心愿")
        REFERRED = "referred", _("转给别的部门")
        MET_ELSEWHERE = "met_elsewhere", _("已经有人办了")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="wishes")
    number = models.PositiveIntegerField(_("编号"), editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SUBMITTED)
    is_on_tree = models.BooleanField(_("挂在心愿树上"), default=True)
    is_withheld = models.BooleanField(
        default=False, help_text="lit, but the wisher took the words back: the lamp stays"
    )
    title = models.CharField(_("心愿"), max_length=40, blank=True)
    story = models.CharField(_("公开的话"), max_length=300, blank=True)
    needs = models.CharField(_("需要"), max_length=120, blank=True)
    effort = models.CharField(_("大约"), max_length=60, blank=True)
    public_name = models.CharField(_("公开姓名"), max_length=40, blank=True)
    estate = models.CharField(_("小区"), max_length=60, blank=True)
    shares = models.PositiveSmallIntegerField(
        _("份数"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SHARES)],
        help_text=_("几个人合起来办一件事，就分成几份。"),
    )
    pledged_shares = models.PositiveSmallIntegerField(default=0, editable=False)
    rule = models.ForeignKey(
        "volunteers.PointsRule", models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    lit_at = models.DateTimeField(null=True)
    lit_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")
    lit_names = models.CharField(_("点亮人"), max_length=160, blank=True)
    confirmed_how = models.CharField(max_length=10, choices=Confirmation, blank=True)
    thanks = models.CharField(_("感谢的话"), max_length=200, blank=True)
    ending = models.CharField(max_length=15, choices=Ending, blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("微心愿")
        verbose_name_plural = _("微心愿")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="wishes_wish_number_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "submitted",
                        "approved",
                        "pledged",
                        "delivered",
                        "lit",
                        "declined",
                        "withdrawn",
                    ]
                ),
                name="wishes_wish_state_known",
            ),
            models.CheckConstraint(
                condition=Q(shares__gte=1, shares__lte=MAX_SHARES),
                name="wishes_wish_shares_in_range",
            ),
            models.CheckConstraint(
                condition=Q(pledged_shares__lte=F("shares")),
                name="wishes_wish_not_pledged_twice",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", pledged_shares__lt=F("shares"))
                | Q(state__in=["pledged", "delivered", "lit"], pledged_shares=F("shares"))
                | Q(state__in=["submitted", "declined", "withdrawn"], pledged_shares=0),
                name="wishes_wish_pledged_by_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "declined", "withdrawn"])
                | ((~Q(title="") | Q(is_withheld=True)) & Q(approved_at__isnull=False)),
                name="wishes_wish_public_words_cleared",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="wishes_wish_approved_at_and_by",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["delivered", "lit"])
                    & Q(delivered_at__isnull=False, delivered_by__isnull=False)
                )
                | (
                    ~Q(state__in=["delivered", "lit"])
                    & Q(delivered_at__isnull=True, delivered_by__isnull=True)
                ),
                name="wishes_wish_delivered_by_state",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="lit", lit_at__isnull=False, lit_by__isnull=False)
                    & ~Q(confirmed_how="")
                )
                | (
                    ~Q(state="lit")
                    & Q(lit_at__isnull=True, lit_by__isnull=True, confirmed_how="")
                    & Q(thanks="", lit_names="")
                ),
                name="wishes_wish_lit_by_state",
            ),
            models.CheckConstraint(
                condition=Q(is_withheld=False)
                | Q(state="lit", story="", needs="", effort="", public_name="", estate=""),
                name="wishes_wish_withheld_says_nothing",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(ending=""))
                | (~Q(state="declined") & Q(ending="")),
                name="wishes_wish_declined_with_ending",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "number"], name="wishes_wish_by_state"),
            models.Index(
                fields=["community", "-lit_at"],
                condition=Q(state="lit"),
                name="wishes_wish_newest_lit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def shares_left(self) -> int:
        return self.shares - self.pledged_shares

    @property
    def is_open(self) -> bool:
        """Whether somebody could still pledge a share."""
        return self.state == self.State.APPROVED
