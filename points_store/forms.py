"""How every form looks and the fields that take nothing on trust.

One renderer draws a field the same way everywhere: label, hint, what is wrong, input. The fields
bound what people type: PostgreSQL never sees a number or a text it would refuse.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from points_store.text import (
    normalise_line,
    normalise_name,
    normalise_paragraph,
    normalise_phone,
)

MAX_POINTS = 1_000_000
PIN_DIGITS = 6
_OTHER_INPUTS = {"checkbox", "hidden", "radio"}


class BoundField(forms.BoundField):
    """A field on a page: knows the class of its input and whether it is drawn as a group."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        built.pop("required", None)  # the server words what is missing; no browser bubbles
        if _is_box(widget):
            built["class"] = f"in {widget.attrs.get('class', '')}".strip()
        return built

    @property
    def is_checkbox(self) -> bool:
        """Whether the label stands behind the box instead of above the input."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def unit(self) -> str | Promise:
        """The unit printed behind the input: 分, 分钟."""
        unit: str | Promise = getattr(self.field, "unit", "")
        return unit


def _is_box(widget: forms.Widget) -> bool:
    """Return whether `widget` is drawn as one box to type in or choose from."""
    if isinstance(widget, forms.widgets.Input):
        return widget.input_type not in _OTHER_INPUTS
    return isinstance(widget, (forms.Textarea, forms.Select))


class PageRenderer(TemplatesSetting):
    """The project's FORM_RENDERER."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = BoundField


class SegSelect(forms.RadioSelect):
    """Two to five exclusive choices side by side."""

    template_name = "components/widgets/seg.html"
    option_template_name = "components/widgets/seg_option.html"


class StrictIntegerField(forms.Field):
    """A whole number in ASCII digits.

    Django's own field also takes `1_000`, full-width and Tibetan digits and `5.0`.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("请填半角数字，比如 20。"),
        "min_value": _("最少填 %(limit)d。"),
        "max_value": _("最多填 %(limit)d。"),
    }

    def __init__(
        self,
        *,
        min_value: int = 0,
        max_value: int = MAX_POINTS,
        unit: str | Promise = "",
        **kwargs: Any,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.unit = unit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: object) -> int | None:
        """Return the number; raises ValidationError `invalid`, `min_value`, `max_value`."""
        if value in self.empty_values:
            return None
        typed = str(value).strip()
        if not re.fullmatch(r"-?[0-9]{1,18}", typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = int(typed)
        if number < self.min_value:
            raise self._out_of_bounds("min_value", self.min_value)
        if number > self.max_value:
            raise self._out_of_bounds("max_value", self.max_value)
        return number

    def _out_of_bounds(self, code: str, limit: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"limit": limit})


class _BoundedText(forms.CharField):
    """A text that is cleaned before it is measured. NUL is refused, not silently dropped."""

    default_error_messages = {
        "max_length": _("最多 %(limit_value)d 个字，现在是 %(show_value)d 个。"),
        "null_characters_not_allowed": _("里面有看不见的字符，请重新打一遍。"),
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: object) -> str:
        """Return the cleaned text; raises ValidationError `null_characters_not_allowed`."""
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator(message=self.error_messages["null_characters_not_allowed"])(
            text
        )
        return self.clean_text(text)

    def clean_text(self, text: str) -> str:
        """Return `text` as it is kept."""
        return normalise_line(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No `maxlength`: a browser would cut a pasted text short without a word.
        return {}


class LineField(_BoundedText):
    """One line of free text, cleaned by `text.normalise_line`."""


class ParagraphField(_BoundedText):
    """Free text of several lines, cleaned by `text.normalise_paragraph`."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean_text(self, text: str) -> str:
        return normalise_paragraph(text)


class NameField(_BoundedText):
    """A person's name in any script, cleaned by `text.normalise_name`."""

    def __init__(self, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean_text(self, text: str) -> str:
        return normalise_name(text)


class PhoneField(_BoundedText):
    """A mobile or fixed number of the mainland, kept as digits."""

    default_error_messages = {
        "short": _("手机号少 %(count)d 位，应该是 11 位。"),
        "long": _("手机号多 %(count)d 位，应该是 11 位。"),
        "invalid": _("电话里只写数字，比如 13900001234。"),
    }

    def __init__(self, *, max_length: int = 20, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean_text(self, text: str) -> str:
        """Return the digits; raises ValidationError `short`, `long`, `invalid`."""
        digits = normalise_phone(text)
        if not digits:
            return ""
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if re.fullmatch(r"0[0-9]{9,11}|[2-8][0-9]{6,7}", digits):
            return digits  # a fixed line, with its area code or without
        missing = 11 - len(digits)
        if missing:
            code = "short" if missing > 0 else "long"
            raise ValidationError(
                self.error_messages[code], code=code, params={"count": abs(missing)}
            )
        if not digits.startswith("1"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return digits

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "tel", "autocomplete": "off"}


class PinField(forms.CharField):
    """A PIN of six ASCII digits. What was typed is never drawn again."""

    widget = forms.PasswordInput(render_value=False)
    default_error_messages = {
        "required": _("请输入 6 位密码。"),
        "invalid": _("密码是 6 位数字。"),
    }

    def to_python(self, value: object) -> str:
        """Return six digits or nothing; raises ValidationError `invalid`."""
        typed = "" if value is None else str(value).strip()
        if typed and not re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "maxlength": PIN_DIGITS, "autocomplete": "off"}


class RequestKeyField(forms.UUIDField):
    """The key that makes one click one effect: made with the page, sent again unchanged."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"initial": uuid.uuid4, **kwargs})


class _Wording:
    """Says which field was left empty, and leaves the checking to the server."""

    fields: dict[str, forms.Field]

    def word_required(self) -> None:
        """Name the field in the message of every required one that has no wording of its own."""
        for field in self.fields.values():
            if (
                field.error_messages.get("required")
                == forms.Field.default_error_messages["required"]
            ):
                picks = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
                wording = _("请选择%(label)s。") if picks else _("请填写%(label)s。")
                field.error_messages["required"] = _with_label(wording, field.label)


def _named(wording: str | Promise, label: str | Promise | None) -> str:
    return str(wording) % {"label": label}


_with_label = lazy(_named, str)


class Form(_Wording, forms.Form):
    """The project's form: our wording, our checks, no browser bubbles."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_required()


class ModelForm(_Wording, forms.ModelForm):  # type: ignore[type-arg]
    """The same for a form of one model's row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_required()
