"""Naming one person or unit on a form, without a list of everybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from points_store.forms import Form, LineField
from volunteers.models import Unit, Volunteer

if TYPE_CHECKING:
    from volunteers.models import Community

CARD_CODE = re.compile(r"20[0-9]{11}", re.ASCII)
MOST_SHOWN = 9


def find_people(community: Community, text: str) -> list[Volunteer]:
    """Return whom a card code, a member number, a name, pinyin or a door may mean; nine at most."""
    people = Volunteer.objects.of(community).active().with_accounts()
    if CARD_CODE.fullmatch(text):
        return list(people.filter(cards__barcode=text, cards__revoked_at__isnull=True))
    return list(people.search(text)[:MOST_SHOWN]) if text else []


def who_is(person: Volunteer) -> str:
    """Say a person with what tells namesakes apart; for staff only."""
    year = _("%(year)d年生") % {"year": person.birth_year} if person.birth_year else ""
    return " · ".join(filter(None, [person.name, person.address, str(year)]))


class PersonForm(Form):
    """A form that names a person. Several of that name are shown to choose from, never guessed.

    After validation `cleaned_data["volunteer"]` is the person, or None if nobody was named.
    """

    who = LineField(
        label=_("谁"),
        max_length=60,
        required=False,
        help_text=_("扫手册卡，或输入姓名、拼音首字母、手册编号、楼栋门牌"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        self.found: list[Volunteer] = []
        if self.is_bound:
            self.found = find_people(community, self._typed())
        self._offer_choice()

    def clean(self) -> dict[str, Any]:
        """Put the person in place of what was typed; say on `who` what is not clear."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = cleaned.get("volunteer")
        people = [one for one in self.found if not chosen or str(one.pk) == chosen]
        cleaned["volunteer"] = people[0] if len(people) == 1 else None
        if cleaned.get("who") and not self.found:
            self.add_error("who", _("没有找到，请换个说法，或先办手册。"))
        elif len(people) > 1:
            self.add_error("volunteer", _("有 %(count)d 位，请选一位。") % {"count": len(people)})
        return cleaned

    def _typed(self) -> str:
        try:
            return str(self.fields["who"].clean(self.data.get(self.add_prefix("who"), "")))
        except ValidationError:
            return ""

    def _offer_choice(self) -> None:
        """Ask which one only when there is more than one to choose from."""
        field = forms.ChoiceField(
            label=_("是哪一位？"),
            required=False,
            choices=[(str(one.pk), who_is(one)) for one in self.found],
            widget=forms.RadioSelect if len(self.found) > 1 else forms.HiddenInput,
        )
        self.fields["volunteer"] = field
        self.order_fields(self.field_order)


def units_of(community: Community) -> list[tuple[str, str]]:
    """Return the community's units as choices, with an empty one first."""
    units = Unit.objects.filter(community=community, is_active=True).order_by("name")
    return [("", str(_("不是单位"))), *((str(unit.pk), unit.name) for unit in units)]
