"""What the counter's pages send: shapes only. What may be redeemed, the operation decides."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField, PinField, RequestKeyField, StrictIntegerField
from rewards.models import Redemption
from rewards.models.counter import MAX_LINE_QUANTITY
from rewards.operations.redeeming import BasketLine, merge_lines
from volunteers.models import Identification

LINE = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,2}):([1-9][0-9]{0,6})", re.ASCII)
MAX_LINES = 100
MAX_ID = 10**18 - 1
MAX_SEARCH = 100  # characters


class LinesField(forms.Field):
    """The basket as the page keeps it: `reward:quantity:price` once for each line."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"invalid": _("兑换单没有传完整，请刷新这一页再选一次。")}

    def to_python(self, value: object) -> list[BasketLine]:
        """Return one line for each reward; raises ValidationError `invalid`."""
        typed = value if isinstance(value, list) else []
        matches = [LINE.fullmatch(str(line)) for line in typed]
        if None in matches or len(matches) > MAX_LINES:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return merge_lines(
                BasketLine(*(int(number) for number in match.groups()))
                for match in matches
                if match
            )
        except ValueError as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong


class BasketForm(Form):
    """A basket under way: what is in it and the key that makes its redemption happen once."""

    request_key = RequestKeyField()
    line = LinesField(required=False)


class RedemptionForm(BasketForm):
    """A basket to be redeemed, and how the resident agreed."""

    method = forms.ChoiceField(
        choices=Redemption.Confirmation,
        error_messages={"required": _("请选一种确认方式。")},
    )
    confirmation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    collector_name = LineField(label=_("代领人和关系"), max_length=100, required=False)


class PinForm(BasketForm):
    """The resident's PIN for exactly this basket."""

    pin = PinField(label=_("兑换密码（6 位）"))


class ChangeForm(BasketForm):
    """One change of a basket on a page without scripts."""

    more = StrictIntegerField(required=False, min_value=1, max_value=MAX_ID)
    less = StrictIntegerField(required=False, min_value=1, max_value=MAX_ID)
    find = LineField(max_length=MAX_SEARCH, required=False)
    show = forms.RegexField(r"^(?:all|afford|[1-9][0-9]{0,9})$", required=False)
    clear = forms.BooleanField(required=False)

    def changed_lines(self, goods: dict[int, tuple[int, int]]) -> list[BasketLine]:
        """Return the basket after the change. `goods` maps reward ids to (price, pieces added)."""
        if self.cleaned_data["clear"]:
            return []
        pieces = {line.reward_id: line.quantity for line in self.cleaned_data["line"]}
        prices = {line.reward_id: line.price_points for line in self.cleaned_data["line"]}
        added, removed = self.cleaned_data["more"], self.cleaned_data["less"]
        if added in goods:
            price, count = goods[added]
            pieces[added] = min(pieces.get(added, 0) + count, MAX_LINE_QUANTITY)
            prices.setdefault(added, price)
        if removed in pieces:
            pieces[removed] -= 1
        return [
            BasketLine(reward_id, quantity, prices[reward_id])
            for reward_id, quantity in pieces.items()
            if quantity > 0
        ]


class FindPersonForm(Form):
    """What was typed or scanned to find a resident."""

    q = LineField(
        label=_("请居民出示手册卡，扫一下；或者输入"), max_length=MAX_SEARCH, required=False
    )


class ScanForm(Form):
    """A code that the scanner read."""

    code = forms.RegexField(
        r"^[0-9]{8,20}$", error_messages={"invalid": _("没有认出这个码，请再扫一次。")}
    )


class VoidForm(Form):
    """Why a redemption is undone; within the clerk's own minutes no reason is asked for."""

    request_key = RequestKeyField()
    reason = LineField(label=_("原因"), max_length=200, required=False)


class IdentifyForm(Form):
    """How staff made sure who stands at the counter."""

    way = forms.ChoiceField(
        label=_("怎样核对的"), choices=Identification.Way, widget=forms.RadioSelect
    )


class ChoosePinForm(Form):
    """A PIN typed twice by the resident."""

    pin = PinField(label=_("新密码（6 位数字）"))
    again = PinField(label=_("再按一遍"))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if {"pin", "again"} <= cleaned.keys() and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("两次按的不一样，请再按一遍。"))
        return cleaned
