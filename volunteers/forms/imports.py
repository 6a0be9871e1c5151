"""The form beside a file: what the file itself does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField, StrictIntegerField
from points_store.sheets import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MEGABYTE = 1024 * 1024


class DayField(forms.DateField):
    """A day chosen from the browser's own calendar, not after today unless said otherwise."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("请填日期，比如 2023-06-08。")}

    def __init__(self, *, may_be_future: bool = False, **kwargs: Any) -> None:
        self.may_be_future = may_be_future
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return the day; raises ValidationError for one that has not come yet."""
        day: date | None = super().clean(value)
        if day and not self.may_be_future and day > timezone.localdate():
            raise ValidationError(_("日期还没有到。"))
        return day


class UploadForm(Form):
    """A file of one kind, with the fields that this kind needs."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("Excel 的 .xlsx，或 CSV；最大 5 MB、5,000 行、50 列。"),
        error_messages={
            "required": _("请选择文件。"),
            "empty": _("文件是空的。"),
            "max_length": _("文件名太长，请改短一点。"),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    vouched_by = LineField(
        label=_("由谁证明"),
        max_length=100,
        help_text=_("写在每条记录上，比如：社区书记王萍，据2023年登记本"),
    )
    balance_date = DayField(label=_("截至哪一天"), help_text=_("纸质手册结清的那一天"))
    valid_from_date = DayField(
        label=_("从哪一天起生效"),
        help_text=_("以前的服务按当天的标准算：要导入以前的登记表，就填登记表开始之前的一天。"),
        may_be_future=True,
    )

    def __init__(self, *args: Any, options: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("vouched_by", "balance_date", "valid_from_date"):
            if name not in options:
                del self.fields[name]

    def clean_file(self) -> Any:
        """Return the upload; raises ValidationError for one that is too big."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(
                _("文件有 %(size)d MB，最大 5 MB。请分成几个文件。"),
                params={"size": -(-upload.size // MEGABYTE)},
            )
        return upload

    @property
    def options(self) -> dict[str, str]:
        """What was typed beside the file, as texts."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "file"}


class OpeningForm(Form):
    """The points of one paper book."""

    points = StrictIntegerField(label=_("手册上的积分"), min_value=1, unit=_("分"))
    balance_date = DayField(label=_("截至哪一天"))
    vouched_by = LineField(
        label=_("由谁证明"), max_length=100, help_text=_("比如：社区书记王萍，据纸质手册")
    )
