"""What residents type about themselves: who they are, and their PIN."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField, PinField, StrictIntegerField
from points_store.text import normalise_number
from volunteers.operations.sign_in import Claim, Kind, read_claim


class SignInForm(Form):
    """A number that says who, and the PIN that proves it; a phone needs the year of birth too."""

    number = LineField(
        label=_("手册号、卡号或手机号"),
        max_length=30,
        help_text=_("手册号印在手册封面上，比如 CX-0012，只写数字也行"),
        error_messages={"required": _("请填手册号、卡号或手机号。")},
    )
    birth_year = StrictIntegerField(
        label=_("出生年"),
        required=False,
        min_value=1900,
        max_value=2100,
        help_text=_("一家人合用一个手机号时，用它分清是谁，比如 1968"),
    )
    pin = PinField(label=_("6 位密码"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "username"}

    def clean_number(self) -> str:
        """Return the number without spaces, full-width digits as ASCII."""
        return normalise_number(self.cleaned_data["number"])

    @property
    def claim(self) -> Claim:
        """Who the sender says they are; ask only when the form is valid."""
        return read_claim(self.cleaned_data["number"], self.cleaned_data.get("birth_year"))

    @property
    def asks_birth_year(self) -> bool:
        """Whether the page shows the year of birth: once a phone number was typed."""
        typed = normalise_number(str(self.data.get("number", ""))[:30])
        return read_claim(typed).kind == Kind.PHONE


class CardSignInForm(Form):
    """The PIN alone: the card's QR code has said who."""

    pin = PinField(label=_("6 位密码"))

    def __init__(self, *args: Any, card_number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = Claim(Kind.CARD, card_number)


class KioskNumberForm(Form):
    """A card or a booklet's number; no name and no phone, in a room with others."""

    number = LineField(
        label=_("手册号"),
        max_length=30,
        help_text=_("印在手册封面上，比如 CX-0012，只写数字也行"),
        error_messages={"required": _("请扫手册卡，或者输手册号。")},
    )

    def clean_number(self) -> str:
        """Return the number; raises ValidationError where it is not one."""
        number = normalise_number(self.cleaned_data["number"])
        if read_claim(number).kind not in {Kind.CARD, Kind.MEMBER}:
            raise forms.ValidationError(_("这不像手册号。请看手册封面，比如 CX-0012。"))
        return number


class ChoosePinForm(Form):
    """A PIN of one's own, typed twice. Both are hidden: nobody else should read them."""

    pin = PinField(
        label=_("新密码，6 位数字"), help_text=_("不要用连着的、一样的数字，也不要用生日。")
    )
    again = PinField(label=_("再输一遍"))

    def clean_again(self) -> str:
        """Return the second typing; raises ValidationError when it differs."""
        again = str(self.cleaned_data["again"])
        if self.cleaned_data.get("pin", again) != again:
            raise forms.ValidationError(_("两遍不一样，请再输一次。"))
        return again


class ChangePinForm(ChoosePinForm):
    """The PIN that holds now, and a new one twice."""

    field_order = ("current", "pin", "again")
    current = PinField(label=_("现在的密码"))


class BeforeForm(Form):
    """Which page of the handbook's lines is asked for."""

    before = StrictIntegerField(required=False, min_value=1, max_value=2**31 - 1)
