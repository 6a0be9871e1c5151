from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.querysets import MemberCardQuerySet, VolunteerQuerySet


class Unit(models.Model):
    """An organisation stationed in the community or reporting to it (court, school, clinic)."""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="units")
    name = models.CharField(_("单位名称"), max_length=100)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="volunteers_unit_name_once_per_community"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """People at one door."""

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="households")
    estate = models.CharField(_("小区"), max_length=60, blank=True)
    door = models.CharField(_("楼栋门牌"), max_length=60, blank=True)
    head_name = models.CharField(_("户主"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("户")
        verbose_name_plural = _("户")
        indexes = [models.Index(fields=["community", "estate", "door"])]

    def __str__(self) -> str:
        return f"{self.estate}{self.door} {self.head_name}".strip()


class Volunteer(models.Model):
    """A person with a dossier and one points account.

    `name` is stored normalised (points_store.text.normalise_name); `pinyin` and `initials` hold
    every reading, separated by spaces, and are written together with it.
    """

    class Language(models.TextChoices):
        CHINESE = "zh-hans", "汉语"
        TIBETAN = "bo", "བོད་ཡིག"
        MONGOLIAN = "mn-mong", "ᠮᠣᠩᠭᠣᠯ"
        ENGLISH = "en", "English"

    class Gender(models.TextChoices):
        FEMALE = "female", _("女")
        MALE = "male", _("男")
        UNSAID = "", _("未填")

    class State(models.TextChoices):
        ACTIVE = "active", _("在册")
        MOVED = "moved", _("已迁出")
        DECEASED = "deceased", _("已故")
        MERGED = "merged", _("已并档")
        ERASED = "erased", _("已删除个人信息")

    community = models.ForeignKey("volunteers.Community", models.PROTECT, related_name="volunteers")
    number = models.PositiveIntegerField(_("手册编号"), editable=False)
    name = models.CharField(_("姓名"), max_length=100)
    name_bo = models.CharField(_("藏文姓名"), max_length=100, blank=True)
    name_mn = models.CharField(_("蒙古文姓名"), max_length=100, blank=True)
    pinyin = models.CharField(max_length=600, blank=True, editable=False)
    initials = models.CharField(max_length=300, blank=True, editable=False)
    gender = models.CharField(_("性别"), max_length=10, choices=Gender, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("出生年"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    birth_month = models.PositiveSmallIntegerField(
        _("出生月"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    phone = models.CharField(
        _("电话"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\d{5,20}$", _("电话只写数字。"))],
    )
    estate = models.CharField(_("小区"), max_length=60, blank=True)
    door = models.CharField(_("楼栋门牌"), max_length=60, blank=True)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="volunteers"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="volunteers")
    reported_in = models.BooleanField(_("双报到"), default=False)
    reported_in_date = models.DateField(_("报到日期"), null=True, blank=True)
    language = models.CharField(
        _("语言"), max_length=10, choices=Language, default=Language.CHINESE
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ACTIVE)
    account = models.OneToOneField("ledger.Account", models.PROTECT, related_name="+")
    debt_account = models.OneToOneField("ledger.Account", models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    frozen_reason = models.CharField(_("冻结原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民")
        verbose_name_plural = _("居民")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "number"], name="volunteers_volunteer_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="volunteers_volunteer_name_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_year__isnull=False),
                name="volunteers_volunteer_birth_month_needs_year",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, frozen_by__isnull=True)
                | Q(frozen_at__isnull=False, frozen_by__isnull=False),
                name="volunteers_volunteer_frozen_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(account=F("debt_account")),
                name="volunteers_volunteer_two_accounts",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "name"]),
            models.Index(fields=["community", "phone"]),
            models.Index(fields=["community", "estate", "door"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def handbook_number(self) -> str:
        """The number on the booklet's cover: CX-0012. Needs the community at hand."""
        return f"{self.community.number_prefix}-{self.number:04d}"

    @property
    def address(self) -> str:
        """The estate and the door; for staff and the person, never for others."""
        return f"{self.estate}{self.door}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class MemberCard(models.Model):
    """A printed card: an EAN-13 (prefix 20) that names it and a QR token stored hashed.

    Neither ever spends alone; both die when the card is revoked.
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="cards")
    barcode = models.CharField(
        max_length=13, unique=True, validators=[RegexValidator(r"^20\d{11}$")]
    )
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("volunteers.User", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "volunteers.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MemberCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("手册卡")
        verbose_name_plural = _("手册卡")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(revoked_at__isnull=True),
                name="volunteers_membercard_one_live_card",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="volunteers_membercard_revoked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.barcode
