"""What is told about a deed, by the resident or by staff for them, and what a reviewer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField, ParagraphField, RequestKeyField, StrictIntegerField
from points_store.pictures import Photo, PictureRefused, read_photo
from volunteers.forms.desk import EARLIEST, HoursField, hours_text
from volunteers.models import PointsRule
from volunteers.operations.deeds import DeedStory
from volunteers.operations.photos import MOST_PHOTOS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from volunteers.models import Community, Deed, Volunteer

LONGEST_SIDE = 1600
KINDS = "image/jpeg,image/png,image/webp"
REFUSED = {
    "bytes": _("有一张照片超过 10 兆，请换一张小的。"),
    "pixels": _("有一张照片太大，请换一张 2500 万像素以内的。"),
    "kind": _("有一个文件不是照片，请选 JPG、PNG 或 WebP 照片。"),
}


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures, each drawn anew without its metadata."""

    widget = _ManyFiles(attrs={"accept": KINDS})

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        """Return the drawn pictures; raises ValidationError for what is none of ours."""
        files = [one for one in data or [] if one]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("最多 %(limit)d 张照片。"), params={"limit": MOST_PHOTOS}, code="many"
            )
        try:
            return [read_photo(one, max_side=LONGEST_SIDE) for one in files]
        except PictureRefused as refused:
            raise forms.ValidationError(REFUSED[refused.why], code=refused.why) from refused


class DeedForm(Form):
    """A deed as its doer tells it."""

    rule = forms.ModelChoiceField(
        label=_("类别"), queryset=PointsRule.objects.none(), empty_label=None
    )
    title = LineField(label=_("做了什么"), max_length=40, help_text=_("比如：帮邻居老人抬煤上楼"))
    story = ParagraphField(label=_("经过"), max_length=500, required=False)
    service_date = forms.DateField(
        label=_("日期"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("请填日期，比如 2023-11-16。")},
    )
    hours = HoursField(label=_("用了几小时"), help_text=_("半小时填 0.5"))
    place = LineField(label=_("地点"), max_length=100, required=False)
    helped = LineField(
        label=_("帮了谁、谁能证明"),
        max_length=100,
        required=False,
        help_text=_("只给审核的工作人员看，不公开。"),
    )
    photos = PhotosField(
        label=_("照片"), required=False, help_text=_("请不要拍到孩子的脸；最多 6 张。")
    )
    request_key = RequestKeyField()

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = self.fields["rule"]
        if isinstance(rules, forms.ModelChoiceField):
            rules.queryset = PointsRule.objects.filter(community=community, is_active=True)
        self.fields["service_date"].initial = timezone.localdate

    def clean_service_date(self) -> date:
        """Return the day; raises ValidationError for a year that is a typing mistake."""
        day: date = self.cleaned_data["service_date"]
        if day < EARLIEST:
            raise forms.ValidationError(_("请看一下年份。"))
        return day

    @property
    def told(self) -> DeedStory:
        """What was told; ask only when the form is valid."""
        data = self.cleaned_data
        return DeedStory(
            rule=data["rule"],
            title=data["title"],
            story=data["story"],
            service_date=data["service_date"],
            minutes=data["hours"],
            place=data["place"],
            helped=data["helped"],
        )

    @staticmethod
    def initial_of(deed: Deed) -> dict[str, Any]:
        """Return what the form shows of a deed that is told again."""
        names = ("rule", "title", "story", "service_date", "place", "helped")
        return {
            **{name: getattr(deed, name) for name in names},
            "hours": hours_text(deed.minutes),
        }


class StaffDeedForm(DeedForm):
    """The same for somebody who came to the desk: who it is stands first."""

    field_order = ("who", "person")
    who = LineField(
        label=_("是哪位居民"), max_length=100, help_text=_("姓名、首字母、手册号，或扫手册卡")
    )
    person = forms.ChoiceField(label=_("请选是哪一位"), required=False, widget=forms.HiddenInput)

    def offer(self, people: Sequence[Volunteer]) -> None:
        """Ask which of these it is."""
        choices = [(str(one.pk), _one_of(one)) for one in people]
        self.fields["person"] = forms.ChoiceField(
            label=_("请选是哪一位"), required=False, choices=choices, widget=forms.RadioSelect
        )


class ReviewForm(Form):
    """What a reviewer answers: the points, and words where they are needed."""

    points = StrictIntegerField(label=_("记多少分"), required=False, unit=_("分"))
    reason = LineField(label=_("原因，或要补充什么"), max_length=200, required=False)


def _one_of(person: Volunteer) -> str:
    born = _("%(year)d年生") % {"year": person.birth_year} if person.birth_year else ""
    return f"{person.name} · {person.address} {born}".strip()
