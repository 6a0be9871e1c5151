"""Opening and changing a dossier: no more than is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points_store.forms import (
    Form,
    LineField,
    NameField,
    PhoneField,
    RequestKeyField,
    StrictIntegerField,
)
from volunteers.consents import GUARDIAN_UNDER_YEARS, WORDINGS
from volunteers.models import Consent, Unit, Volunteer
from volunteers.operations.dossiers import Agreement
from volunteers.operations.importing import Newcomer
from volunteers.operations.people import Enrolment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from volunteers.models import Community

FIRST_YEAR = 1900


class DossierForm(Form):
    """What a dossier holds of a person."""

    name = NameField(label=_("姓名"))
    name_bo = NameField(label=_("藏文姓名"), required=False)
    birth_year = StrictIntegerField(
        label=_("出生年"),
        help_text=_("用来分清同名的人，只填年份"),
        min_value=FIRST_YEAR,
        error_messages={"required": _("请填写出生年，比如 1968")},
    )
    estate = LineField(label=_("小区"), max_length=60, required=False)
    door = LineField(label=_("楼栋门牌"), max_length=60, required=False)
    phone = PhoneField(label=_("手机号"), required=False)
    language = forms.ChoiceField(label=_("看手册用哪种文字"), choices=Volunteer.Language)
    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), required=False, empty_label=_("没有")
    )
    reported_in = forms.BooleanField(label=_("在职党员双报到"), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = Unit.objects.filter(community=community, is_active=True).order_by(
                "name"
            )
        year = self.fields["birth_year"]
        if isinstance(year, StrictIntegerField):
            year.max_value = timezone.localdate().year
        self.fields["language"].initial = Volunteer.Language.CHINESE


class EnrolForm(DossierForm):
    """The same for somebody new, with the household and what they agreed to."""

    head_name = NameField(
        label=_("户主"), required=False, help_text=_("户主是本人就不用填；同一户的积分要别人确认")
    )
    guardian_name = NameField(
        label=_("监护人"), required=False, help_text=_("未满 14 岁要监护人同意，写监护人的姓名")
    )
    agrees = forms.BooleanField(
        label=_("本人看过告知书，同意建档和记分"),
        error_messages={"required": _("请先念告知书，本人同意了再办。")},
    )
    agrees_publicity = forms.BooleanField(label=_("同意公示时写出全名"), required=False)
    not_same = forms.BooleanField(label=_("不是同一个人，继续办新手册"), required=False)
    request_key = RequestKeyField()

    def clean(self) -> dict[str, Any]:
        """Ask for a guardian where one is due."""
        typed = super().clean() or {}
        year = typed.get("birth_year")
        is_child = year and timezone.localdate().year - year < GUARDIAN_UNDER_YEARS
        if is_child and not typed.get("guardian_name"):
            self.add_error("guardian_name", _("未满 14 岁，请写监护人的姓名。"))
        return typed

    @property
    def newcomer(self) -> Newcomer:
        """What was typed, as the operation takes it."""
        typed = self.cleaned_data
        fields = ("name", "name_bo", "birth_year", "phone", "estate", "door", "language")
        return Newcomer(
            enrolment=Enrolment(
                **{field: typed[field] for field in fields}, reported_in=typed["reported_in"]
            ),
            head_name=typed["head_name"],
            unit_name=typed["unit"].name if typed["unit"] else "",
        )

    @property
    def agreements(self) -> list[Agreement]:
        """What the person agreed to, in the wording of today."""
        purposes = [Consent.Purpose.DOSSIER]
        if self.cleaned_data["agrees_publicity"]:
            purposes.append(Consent.Purpose.PUBLICITY)
        guardian = self.cleaned_data["guardian_name"]
        return [Agreement(one, WORDINGS[one].version, guardian) for one in purposes]


class CardsForm(Form):
    """Whose cards to print."""

    people = forms.ModelMultipleChoiceField(
        label=_("给谁印卡"),
        queryset=Volunteer.objects.none(),
        error_messages={"required": _("请至少选一个人。")},
    )
    request_key = RequestKeyField()

    def __init__(self, *args: Any, people: QuerySet[Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = people
