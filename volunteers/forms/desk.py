"""The shapes of the logging page: the occasion, and one row a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField, ParagraphField
from volunteers.models import PointsRule, ServiceRecord
from volunteers.models.service import MINUTES_A_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from volunteers.models import Community

MINUTES_AN_HOUR = 60
MAX_ROWS = 300
EARLIEST = date(2000, 1, 1)
HOURS = re.compile(r"(?P<whole>[0-9]{1,2})(?:\.(?P<part>[0-9]{1,2}))?")


class HoursField(forms.Field):
    """Hours with at most two decimals in ASCII digits, kept as whole minutes (half up)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("时长填小时数，比如 1.5。"),
        "range": _("时长要多于 0，最多 24 小时。"),
    }

    def to_python(self, value: object) -> int | None:
        """Return the minutes; raises ValidationError `invalid`, `range`."""
        if value in self.empty_values:
            return None
        found = HOURS.fullmatch(str(value).strip())
        if not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        hundredths = int(found["whole"]) * 100 + int((found["part"] or "0").ljust(2, "0"))
        minutes = (hundredths * MINUTES_AN_HOUR + 50) // 100
        if not 0 < minutes <= MINUTES_A_DAY:
            raise forms.ValidationError(self.error_messages["range"], code="range")
        return minutes


def hours_text(minutes: int) -> str:
    """Return minutes as people write hours: 90 → 1.5."""
    return f"{minutes / MINUTES_AN_HOUR:.2f}".rstrip("0").rstrip(".")


class OccasionForm(Form):
    """What everybody on the list did."""

    rule = forms.ModelChoiceField(
        label=_("活动"), queryset=PointsRule.objects.none(), empty_label=None
    )
    title = LineField(label=_("活动名称"), max_length=100, required=False)
    service_date = forms.DateField(
        label=_("日期"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    place = LineField(label=_("地点"), max_length=100, required=False)
    hours = HoursField(label=_("时长"))
    intensity = forms.ChoiceField(label=_("劳动强度"), choices=ServiceRecord.Intensity.choices)
    person_in_charge = LineField(label=_("负责人"), max_length=100, required=False)
    content = LineField(label=_("服务内容"), max_length=300, required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = self.fields["rule"]
        if isinstance(rules, forms.ModelChoiceField):
            rules.queryset = PointsRule.objects.filter(community=community, is_active=True)

    def clean_service_date(self) -> date:
        day: date = self.cleaned_data["service_date"]
        if day < EARLIEST:
            raise forms.ValidationError(_("请看一下年份。"))
        return day


class PasteForm(Form):
    """A list of names as it came."""

    roster = ParagraphField(label=_("把微信群接龙、Excel 里的名字贴到这里"), max_length=20_000)


class ReasonForm(Form):
    """Why something is sent back or undone."""

    reason = LineField(label=_("原因"), max_length=200, min_length=2)


@dataclass
class Row:
    """One person's line as typed, what it means, and what is wrong with it."""

    name: str
    text: str
    volunteer_id: int | None
    hours: str
    intensity: str
    candidate_ids: list[int] = field(default_factory=list)
    minutes: int | None = None
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what a draft keeps of the row."""
        return {
            "text": self.text,
            "volunteer": self.volunteer_id,
            "hours": self.hours,
            "intensity": self.intensity,
            "candidates": self.candidate_ids,
        }

    @classmethod
    def from_json(cls, name: str, kept: Mapping[str, Any]) -> Row:
        """Return the row that a draft kept."""
        return cls(
            name=name,
            text=kept["text"],
            volunteer_id=kept["volunteer"],
            hours=kept["hours"],
            intensity=kept["intensity"],
            candidate_ids=list(kept["candidates"]),
        )

    def check(self) -> None:
        """Fill `minutes`, or `error` with what to do about the row."""
        self.error = ""
        try:
            self.minutes = HoursField(required=True).clean(self.hours)
        except forms.ValidationError as wrong:
            self.error = wrong.messages[0]
        if self.intensity not in ServiceRecord.Intensity:
            self.error = str(_("请选劳动强度。"))
        if self.volunteer_id is None:
            self.error = str(_("请选是哪一位，或移除这一行。"))


def rows_of(data: QueryDict) -> list[Row]:
    """Return the rows that a page sent, in order, at most MAX_ROWS; numbers are strict."""
    rows = []
    for name in data.getlist("row")[:MAX_ROWS]:
        volunteer = data.get(f"volunteer-{name}", "")
        rows.append(
            Row(
                name=name,
                text=data.get(f"text-{name}", "")[:100],
                volunteer_id=_id_of(volunteer),
                hours=data.get(f"hours-{name}", "")[:20],
                intensity=data.get(f"intensity-{name}", "")[:10],
                candidate_ids=[
                    found
                    for one in data.get(f"candidates-{name}", "").split(",")[:9]
                    if (found := _id_of(one)) is not None
                ],
            )
        )
    return rows


def _id_of(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{1,18}", typed) else None
