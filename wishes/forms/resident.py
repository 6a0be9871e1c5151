"""What residents write on their own phone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, ParagraphField, RequestKeyField, SegSelect, StrictIntegerField
from wishes.models import Wish
from wishes.operations.pledging import DAYS_TO_MEET

if TYPE_CHECKING:
    from datetime import date


class PledgeForm(Form):
    """A promise: in whose name, until which day, how many shares."""

    whose = forms.ChoiceField(
        label=_("以谁的名义？"),
        choices=[("self", _("我个人")), ("family", _("家人一起"))],
        initial="self",
        widget=SegSelect,
        help_text=_("以单位名义认领，请单位联络人告诉社区"),
    )
    request_key = RequestKeyField()

    def __init__(self, *args: Any, wish: Wish, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_TO_MEET + 1)]
        self.fields["due_date"] = forms.TypedChoiceField(
            label=_("打算哪天办好？"),
            choices=[(day.isoformat(), date_format(day, "n月j日 l")) for day in days],
            coerce=lambda chosen: dict(zip(map(str, days), days, strict=True))[chosen],
            initial=days[min(7, DAYS_TO_MEET)].isoformat(),
            help_text=_("去不了没关系，提前退回就行，别人还能认领"),
        )
        if wish.shares > 1:
            self.fields["shares"] = StrictIntegerField(
                label=_("认领几份？"), min_value=1, max_value=wish.shares, initial=1
            )


class OwnWishForm(Form):
    """A resident's own wish, in their own words; staff verify it before anybody else reads it."""

    kind = forms.ChoiceField(label=_("想要什么"), choices=Wish.Kind.choices, widget=SegSelect)
    request = ParagraphField(
        label=_("说说您的心愿"),
        max_length=500,
        help_text=_("只有社区工作人员看得到。核实以后，用您同意的话挂上心愿树，不写姓名住址。"),
    )
    is_urgent = forms.BooleanField(label=_("这是急事，等不得"), required=False)
    request_key = RequestKeyField()


class GiftForm(Form):
    """Points for the wish fund."""

    points = StrictIntegerField(label=_("送多少分"), min_value=1, unit=_("分"))
    request_key = RequestKeyField()

    def __init__(self, *args: Any, available: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.available = available

    def clean_points(self) -> int:
        """Refuse more than there is before anything is tried."""
        points: int = self.cleaned_data["points"]
        if points > self.available:
            raise ValidationError(_("可用 %(available)d 分。") % {"available": self.available})
        return points
