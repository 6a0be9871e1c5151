"""One page of faces, and what staff write about a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import Subject
from evaluations.operations import MOST_INVITATIONS
from points_store.faces import FACES, FaceSelect
from points_store.forms import Form, LineField, RequestKeyField, SegSelect, StrictIntegerField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluations.models import Dimension


class EvaluationForm(Form):
    """A score for each dimension and a line of text."""

    remark = LineField(
        label=_("还想说什么？"), max_length=200, required=False, help_text=_("不用写姓名和电话")
    )
    request_key = RequestKeyField()

    def __init__(self, *args: Any, dimensions: Sequence[Dimension], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dimensions = dimensions
        for dimension in dimensions:
            self.fields[f"score_{dimension.pk}"] = forms.ChoiceField(
                label=dimension.name,
                choices=FACES,
                widget=FaceSelect,
                error_messages={"required": _("请选一张脸。")},
            )
        self.order_fields([f"score_{dimension.pk}" for dimension in dimensions])

    def scores(self) -> dict[int, int]:
        """Return the score by dimension id, 1 to 5."""
        return {one.pk: int(self.cleaned_data[f"score_{one.pk}"]) for one in self.dimensions}


class SubjectForm(Form):
    """A place, an activity or the shop that gets a code."""

    kind = forms.ChoiceField(label=_("种类"), choices=Subject.Kind.choices, widget=SegSelect)
    name = LineField(
        label=_("名称"), max_length=60, help_text=_("例如：藏式小区北门、11月清洁活动")
    )
    needs_invitation = forms.BooleanField(label=_("只收邀请码，一张评一次"), required=False)


class InvitationForm(Form):
    """How many invitations to print."""

    count = StrictIntegerField(
        label=_("印几张邀请码"), min_value=1, max_value=MOST_INVITATIONS, initial=20, unit=_("张")
    )
