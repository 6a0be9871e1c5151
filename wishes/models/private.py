from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wishes.models.dispatch import Skill

MAX_YUAN = 100_000
MAX_HOURS = 1_000


class WishFacts(models.Model):
    """What only staff know of a wish, and those who promised to meet it while they do.

    No page without a sign-in reads this table.
    """

    class AskedBy(models.TextChoices):
        SELF = "self", _("本人")
        STAFF_VISIT = "visit", _("工作人员入户")
        STAFF_PHONE = "phone", _("本人打电话")
        GUARDIAN = "guardian", _("监护人代孩子")

    wish = models.OneToOneField(
        "wishes.Wish", models.PROTECT, primary_key=True, related_name="facts"
    )
    wisher = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, blank=True, related_name="wishes"
    )
    wisher_name = models.CharField(_("许愿人"), max_length=100)
    guardian_name = models.CharField(_("监护人"), max_length=100, blank=True)
    asked_by = models.CharField(_("谁提的"), max_length=10, choices=AskedBy)
    request = models.CharField(_("原话"), max_length=500)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    address = models.CharField(_("住址"), max_length=120, blank=True)
    ceiling_yuan = models.PositiveIntegerField(
        _("最多花费（元）"), null=True, blank=True, validators=[MaxValueValidator(MAX_YUAN)]
    )
    ceiling_hours = models.PositiveIntegerField(
        _("最多用时（小时）"), null=True, blank=True, validators=[MaxValueValidator(MAX_HOURS)]
    )
    is_urgent = models.BooleanField(_("急事"), default=False)
    skill = models.CharField(_("要什么本事"), max_length=10, choices=Skill, blank=True)
    staff_note = models.CharField(_("核实情况"), max_length=300, blank=True)
    reason = models.CharField(_("没有采纳的原因"), max_length=200, blank=True)
    referred_to = models.CharField(_("转给"), max_length=60, blank=True)
    merged_into = models.ForeignKey(
        "wishes.Wish", models.PROTECT, null=True, blank=True, related_name="+"
    )
    done = models.CharField(_("办了什么"), max_length=300, blank=True)
    rating = models.PositiveSmallIntegerField(
        _("满意度"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    class Meta:
        verbose_name = _("心愿的内部情况")
        verbose_name_plural = _("心愿的内部情况")
        constraints = [
            models.CheckConstraint(
                condition=~Q(wisher_name=""), name="wishes_wishfacts_wisher_named"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by="guardian") | ~Q(guardian_name=""),
                name="wishes_wishfacts_guardian_named",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
                name="wishes_wishfacts_rating_one_to_five",
            ),
        ]
        indexes = [models.Index(fields=["phone"], name="wishes_wishfacts_by_phone")]

    def __str__(self) -> str:
        return f"{self.wish_id}"


class WordingConsent(models.Model):
    """The wisher agreed that exactly these words may be read by everybody. Never changed.

    Taken back by `withdrawn_at`: then the words leave the tree.
    """

    class How(models.TextChoices):
        PAPER = "paper", _("本人签字")
        THUMB = "thumb", _("按手印")
        SPOKEN = "spoken", _("口头同意，两人在场")
        GUARDIAN = "guardian", _("监护人签字")
        PHONE_PAGE = "page", _("本人在手机上同意")

    wish = models.ForeignKey("wishes.Wish", models.PROTECT, related_name="consents")
    how = models.CharField(_("怎样同意的"), max_length=10, choices=How)
    title = models.CharField(max_length=40)
    story = models.CharField(max_length=300, blank=True)
    public_name = models.CharField(max_length=40)
    estate = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("volunteers.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("公开措辞的同意")
        verbose_name_plural = _("公开措辞的同意")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="wishes_wordingconsent_withdrawn_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["wish"],
                condition=Q(withdrawn_at__isnull=True),
                name="wishes_wordingconsent_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish_id} {self.get_how_display()}"
