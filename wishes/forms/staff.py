"""What staff write about a wish: the shape of it, not whether it is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from points_store.faces import FACES, FaceSelect
from points_store.forms import (
    Form,
    LineField,
    NameField,
    ParagraphField,
    PhoneField,
    PinField,
    RequestKeyField,
    SegSelect,
    StrictIntegerField,
)
from points_store.pictures import PictureRefused, redraw
from volunteers.models import PointsRule, ServiceRecord
from wishes.forms.people import PersonForm, units_of
from wishes.models import Skill, Wish, WishFacts, WordingConsent
from wishes.models.private import MAX_HOURS, MAX_YUAN
from wishes.models.wish import MAX_SHARES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.base import ContentFile

    from volunteers.models import Community, Volunteer

NO_CHOICE = ("", _("不选"))
MOST_HOURS_TO_ANSWER = 72
LONGEST_SIDE = 1600  # pixels
PICTURE_REFUSED = {
    "bytes": _("照片超过 10 兆，请换一张小的。"),
    "pixels": _("照片太大，请换一张 2500 万像素以内的。"),
    "kind": _("这不是照片，请选 JPG、PNG 或 WebP 照片。"),
}


class PictureField(forms.FileField):
    """One photo, drawn anew without its metadata."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> ContentFile[bytes] | None:
        """Return our drawing of it; raises ValidationError for what is no photo."""
        if not data:
            return None
        try:
            return redraw(data, max_side=LONGEST_SIDE)
        except PictureRefused as refused:
            raise ValidationError(PICTURE_REFUSED[refused.why], code=refused.why) from refused


class AskForm(PersonForm):
    """A wish in the asker's own words; nothing of it is public."""

    kind = forms.ChoiceField(label=_("想要什么"), choices=Wish.Kind.choices, widget=SegSelect)
    request = ParagraphField(
        label=_("原话"),
        max_length=500,
        help_text=_("照本人的话记下来，只有工作人员看得到；挂上树的话，核实以后另外写。"),
    )
    asked_by = forms.ChoiceField(
        label=_("谁提的"),
        choices=[choice for choice in WishFacts.AskedBy.choices if choice[0] != "self"],
        widget=SegSelect,
    )
    wisher_name = NameField(
        label=_("许愿人姓名"), required=False, help_text=_("没有手册的人（比如孩子）才填这里")
    )
    guardian_name = NameField(label=_("监护人姓名"), required=False)
    phone = PhoneField(label=_("联系电话"), required=False)
    estate = LineField(label=_("小区"), max_length=60, required=False)
    address = LineField(label=_("楼栋门牌"), max_length=120, required=False)
    ceiling_yuan = StrictIntegerField(
        label=_("最多花费"), unit=_("元"), max_value=MAX_YUAN, required=False
    )
    ceiling_hours = StrictIntegerField(
        label=_("最多用时"), unit=_("小时"), max_value=MAX_HOURS, required=False
    )
    is_urgent = forms.BooleanField(label=_("这是急事，等不得"), required=False)
    request_key = RequestKeyField()
    field_order = ["who", "volunteer", "kind", "request", "asked_by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        person: Volunteer | None = cleaned.get("volunteer")
        if person is not None:
            cleaned["wisher_name"] = person.name
            cleaned["phone"] = cleaned.get("phone") or person.phone
            cleaned["estate"] = cleaned.get("estate") or person.estate
            cleaned["address"] = cleaned.get("address") or person.address
        elif not cleaned.get("wisher_name") and not self.errors:
            self.add_error("who", _("请写明是谁的心愿。"))
        if cleaned.get("asked_by") == "guardian" and not cleaned.get("guardian_name"):
            self.add_error("guardian_name", _("请填写监护人姓名。"))
        return cleaned


class WordingForm(Form):
    """The exact public words, and how the wisher agreed to them."""

    title = LineField(
        label=_("心愿（挂在树上的一句话）"),
        max_length=20,
        help_text=_("不写姓名、门牌、电话、病情，让人认不出是谁"),
    )
    story = ParagraphField(label=_("公开的话"), max_length=300, required=False)
    needs = LineField(label=_("需要什么"), max_length=120, required=False)
    effort = LineField(
        label=_("大约多少人、多久"), max_length=60, required=False, help_text=_("例如：1 人，半天")
    )
    estate = LineField(label=_("小区（只写小区，不写楼栋）"), max_length=60, required=False)
    shares = StrictIntegerField(
        label=_("分几份"),
        min_value=1,
        max_value=MAX_SHARES,
        initial=1,
        help_text=_("一个人办得了就填 1"),
    )
    skill = forms.ChoiceField(
        label=_("要什么本事"), choices=[NO_CHOICE, *Skill.choices], required=False
    )
    is_on_tree = forms.BooleanField(
        label=_("挂上心愿树，大家都看得到"), required=False, initial=True
    )
    consent = forms.ChoiceField(
        label=_("本人怎样同意公开这些话"),
        choices=WordingConsent.How.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    staff_note = ParagraphField(label=_("核实情况（内部）"), max_length=300, required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"] = forms.ModelChoiceField(
            label=_("点亮后按哪一项记分"),
            queryset=PointsRule.objects.filter(community=community, is_active=True),
            required=False,
            empty_label=_("只送东西，不记时长"),
        )
        self.order_fields(["title", "story", "needs", "effort", "estate", "shares", "rule"])


class DeclineForm(Form):
    """Why a wish is not met here; only the asker and staff read it."""

    ending = forms.ChoiceField(
        label=_("怎么办"), choices=Wish.Ending.choices, widget=forms.RadioSelect
    )
    merged_into = StrictIntegerField(
        label=_("并入几号心愿"), min_value=1, max_value=10**9, required=False
    )
    referred_to = LineField(label=_("转给哪里"), max_length=60, required=False)
    reason = LineField(label=_("原因"), max_length=200, help_text=_("只有提出的人和工作人员看得到"))


class CounterPledgeForm(PersonForm):
    """A promise made at the counter: by a person or a unit, for a wish by number."""

    number = StrictIntegerField(label=_("几号心愿"), min_value=1, max_value=10**9)
    unit = forms.ChoiceField(label=_("或者哪个单位"), required=False)
    shares = StrictIntegerField(label=_("认领几份"), min_value=1, max_value=MAX_SHARES, initial=1)
    due_date = forms.DateField(
        label=_("打算哪天办好"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    with_family = forms.BooleanField(label=_("家人一起"), required=False)
    request_key = RequestKeyField()
    field_order = ["number", "who", "volunteer", "unit", "shares", "due_date"]

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, community=community, **kwargs)
        self.fields["unit"] = forms.ChoiceField(
            label=_("或者哪个单位"), required=False, choices=units_of(community)
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("volunteer")) == bool(cleaned.get("unit")) and not self.errors:
            self.add_error("who", _("请写明是哪一位居民，或者选一个单位，只选一样。"))
        return cleaned


class DeliverForm(Form):
    """What was done, and who gave how much time: one row for each person who may have."""

    done = ParagraphField(label=_("办了什么"), max_length=300)
    service_date = forms.DateField(
        label=_("哪天办的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    intensity = forms.ChoiceField(
        label=_("劳动强度"), choices=ServiceRecord.Intensity.choices, widget=SegSelect
    )

    photo = PictureField(label=_("照片"), required=False)
    photo_agreed = forms.BooleanField(label=_("本人同意拍这张照片"), required=False)
    photo_is_public = forms.BooleanField(label=_("本人同意大家都能看到"), required=False)

    def __init__(self, *args: Any, people: Sequence[Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for person in people:
            self.fields[f"minutes_{person.pk}"] = StrictIntegerField(
                label=person.name, unit=_("分钟"), max_value=24 * 60, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("photo") and not cleaned.get("photo_agreed"):
            self.add_error("photo_agreed", _("没有本人同意，就不留照片。"))
        return cleaned

    def minutes(self) -> list[tuple[Volunteer, int]]:
        """Return who gave time, and how many minutes."""
        given = [(one, self.cleaned_data[f"minutes_{one.pk}"]) for one in self.people]
        return [(person, minutes) for person, minutes in given if minutes]


class LightForm(Form):
    """The neighbour's own word that all is well."""

    confirmed_how = forms.ChoiceField(
        label=_("本人怎样确认的"), choices=Wish.Confirmation.choices, widget=SegSelect
    )
    pin = PinField(label=_("许愿人的密码"), required=False)
    rating = forms.ChoiceField(label=_("满意吗"), choices=FACES, required=False, widget=FaceSelect)
    thanks = LineField(
        label=_("感谢的话"), max_length=200, required=False, help_text=_("会公开，本人不愿意就不填")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("confirmed_how") == Wish.Confirmation.PIN and not cleaned.get("pin"):
            self.add_error("pin", _("请本人输入 6 位密码。"))
        return cleaned


class ReopenForm(Form):
    """Why the neighbour is not content, and until when it is put right."""

    reason = LineField(label=_("哪里不满意"), max_length=200)
    due_date = forms.DateField(
        label=_("哪天以前办好"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class OfferForm(Form):
    """Up to three to ask, one after the other."""

    hours_to_answer = StrictIntegerField(
        label=_("等多久没有回复就问下一位"),
        unit=_("小时"),
        min_value=1,
        max_value=MOST_HOURS_TO_ANSWER,
        initial=4,
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for turn, label in enumerate((_("先问谁"), _("再问谁"), _("最后问谁")), start=1):
            self.fields[f"turn_{turn}"] = forms.ChoiceField(
                label=label, choices=[NO_CHOICE, *choices], required=turn == 1
            )
        self.order_fields(["turn_1", "turn_2", "turn_3", "hours_to_answer"])

    def asked(self) -> list[str]:
        """Return the chosen `volunteer-7` or `unit-3`, in their turn."""
        turns = (self.cleaned_data[f"turn_{turn}"] for turn in (1, 2, 3))
        return [choice for choice in turns if choice]


class HelperForm(PersonForm):
    """A volunteer says that they may be asked, and what they are good at."""

    skills = forms.MultipleChoiceField(
        label=_("会什么"), choices=Skill.choices, widget=forms.CheckboxSelectMultiple
    )
    note = LineField(label=_("什么时候方便"), max_length=100, required=False)
    is_willing = forms.BooleanField(label=_("愿意接单"), required=False, initial=True)
    field_order = ["who", "volunteer"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("volunteer") is None and not self.errors:
            self.add_error("who", _("请写明是哪一位居民。"))
        return cleaned
