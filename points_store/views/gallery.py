"""Every part of a page on one page, for who builds pages. Only with DEBUG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from points_store.forms import (
    Form,
    NameField,
    ParagraphField,
    PhoneField,
    PinField,
    SegSelect,
    StrictIntegerField,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

GOODS = [
    "kettle",
    "cooker",
    "flask",
    "cup",
    "lunch",
    "basin",
    "bowl",
    "tea",
    "oil",
    "rice",
    "barley",
    "soapy",
    "towel",
    "paste",
    "soap",
    "umbrella",
    "torch",
    "blanket",
    "notebook",
    "glasses",
]
SHADES = {
    "lapis": (950, 900, 800, 700, 600, 200, 100, 50),
    "turq": (800, 700, 600, 200, 100, 50),
    "saff": (800, 700, 500, 400, 100, 50),
    "verm": (800, 700, 600, 100, 50),
}
SWATCHES = [f"{colour}-{shade}" for colour, shades in SHADES.items() for shade in shades]
SWATCHES += ["bg", "sunken", "line", "line-2", "ink", "ink-2", "ink-3"]


class SampleForm(Form):
    """One field of every kind."""

    name = NameField(label=_("姓名"))
    birth_year = StrictIntegerField(
        label=_("出生年"),
        help_text=_("用来分清同名的人，只填年份"),
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "w-xs"}),
    )
    points = StrictIntegerField(label=_("积分"), unit=_("分"), required=False)
    phone = PhoneField(label=_("手机号"), required=False)
    intensity = forms.ChoiceField(
        label=_("劳动强度"),
        choices=[("light", _("轻")), ("medium", _("中")), ("heavy", _("重"))],
        widget=SegSelect,
    )
    kind = forms.ChoiceField(label=_("分类"), choices=[("", "—"), ("kitchen", _("厨房"))])
    story = ParagraphField(label=_("好事"), max_length=500, required=False)
    pin = PinField(label=_("密码"))
    agreed = forms.BooleanField(label=_("不是同一个人，继续办新手册"), required=False)


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"name": "索南拉毛", "phone": "1399770261", "intensity": "medium"})
    context = {
        "form": wrong,
        "goods": GOODS,
        "swatches": SWATCHES,
        "steps": [_("找居民"), _("选物品"), _("本人确认")],
        "page": Paginator(range(30), 10).page(2),
    }
    return render(request, "gallery.html", context)
