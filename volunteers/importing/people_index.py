"""Who a row means: the people known so far, looked up by name and told apart by door and year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from points_store.text import mask_phone, name_key
from volunteers.importing.cells import address_key
from volunteers.importing.plan import SKIP
from volunteers.models import Volunteer

if TYPE_CHECKING:
    from volunteers.models import Community


@dataclass
class Person:
    """Someone on file (`volunteer`) or in an earlier row of this file (`row`)."""

    name: str
    estate: str
    door: str
    year: int | None
    phone: str
    volunteer: Volunteer | None = None
    row: int = 0

    @property
    def door_key(self) -> str:
        return address_key(self.estate, self.door)

    @property
    def value(self) -> str:
        """The person as the value of a choice."""
        return f"v{self.volunteer.pk}" if self.volunteer else f"r{self.row}"

    @property
    def label(self) -> str:
        """Name, door, year, masked phone: what tells namesakes apart."""
        parts = [self.name, f"{self.estate}{self.door}" or _("没有门牌")]
        if self.year:
            parts.append(_("%(year)d年生") % {"year": self.year})
        if self.phone:
            parts.append(mask_phone(self.phone))
        if not self.volunteer:
            parts.append(_("本表第 %(row)d 行") % {"row": self.row})
        return " · ".join(parts)


class PeopleIndex:
    """The active people of a community by name; rows of the file are added as they come."""

    def __init__(self, community: Community) -> None:
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.estates: set[str] = set()
        for volunteer in Volunteer.objects.of(community).active().select_related("unit"):
            self.add(
                Person(
                    name=volunteer.name,
                    estate=volunteer.estate,
                    door=volunteer.door,
                    year=volunteer.birth_year,
                    phone=volunteer.phone,
                    volunteer=volunteer,
                )
            )
            self.estates.add(volunteer.estate)

    def add(self, person: Person) -> None:
        self.by_name[name_key(person.name)].append(person)

    def namesakes(self, name: str) -> list[Person]:
        return self.by_name.get(name_key(name), [])

    def at_door(self, name: str, door_key: str) -> list[Person]:
        return [person for person in self.namesakes(name) if person.door_key == door_key]


def same_or_unsure(one: Person, others: list[Person]) -> tuple[Person | None, list[Person]]:
    """Return (the one it surely is, those it may be) among people of the same name.

    Same door and no contradiction in the year is the same person; another year at the same door is
    another person. Without a door the phone decides. The same phone behind another door is a move
    or a shared phone: not to be guessed. Neither found: it is somebody new.
    """
    sure = [other for other in others if _is_same(one, other)]
    if len(sure) == 1:
        return sure[0], []
    if exact := [other for other in sure if other.year == one.year]:
        return exact[0], []
    return None, sure or [other for other in others if _may_be(one, other)]


def _years_differ(one: Person, other: Person) -> bool:
    return one.year is not None and other.year is not None and one.year != other.year


def _is_same(one: Person, other: Person) -> bool:
    if _years_differ(one, other):
        return False
    if one.door_key and other.door_key:
        return one.door_key == other.door_key
    return bool(one.phone) and one.phone == other.phone


def _may_be(one: Person, other: Person) -> bool:
    if one.phone and one.phone == other.phone:
        return True  # the same number behind another door, or with another year of birth
    has_both_doors = bool(one.door_key and other.door_key)
    return not has_both_doors and not _years_differ(one, other)


def choices_of(people: list[Person]) -> list[tuple[str, str]]:
    """Return the choices of a question that may stay open: first of all, leave the rows out."""
    return [(SKIP, _("先不导入")), *((person.value, person.label) for person in people)]
