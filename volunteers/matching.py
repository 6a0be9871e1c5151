"""Finds out which resident an entry means. Where more than one fits, it asks; it never guesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from points_store.text import normalise_name, pinyin_keys
from volunteers.models import MemberCard, Volunteer
from volunteers.querysets.people import SEARCH_LIMIT
from volunteers.roster_text import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from volunteers.models import Community

BY_DOOR = ("estate", "door", "birth_year", "id")


@dataclass(frozen=True)
class Match:
    """One entry and who it may be: `volunteer` when sure, else the candidates to choose from.

    `is_look_alike` says that nobody has the written name and the candidates only sound like it.
    """

    entry: Entry
    volunteer: Volunteer | None
    candidates: tuple[Volunteer, ...] = ()
    is_look_alike: bool = False


def match_entries(community: Community, entries: Sequence[Entry]) -> list[Match]:
    """Match a pasted list in at most three queries, whatever its length."""
    people = _known_to(community, entries)
    by_card = {
        card.barcode: card.volunteer_id
        for card in MemberCard.objects.live().filter(
            barcode__in=[entry.card for entry in entries if entry.card]
        )
    }
    return [_match(entry, people, by_card) for entry in entries]


def match_typed(community: Community, typed: str) -> Match:
    """Match what was typed or scanned in one field: card, name, initials, phone tail, door."""
    entry = Entry(line=1, source=typed, name=typed)
    card = (
        MemberCard.objects.live()
        .filter(barcode=typed, volunteer__community=community, volunteer__state="active")
        .select_related("volunteer")
        .first()
    )
    if card:
        return Match(entry, card.volunteer)
    people = Volunteer.objects.of(community).active()
    # Who has exactly the typed name comes before all whose name only begins with it.
    found = list(people.filter(name=normalise_name(typed)).order_by(*BY_DOOR)[:SEARCH_LIMIT])
    if not found:
        found = list(people.search(typed)[:SEARCH_LIMIT])
    if len(found) == 1:
        return Match(entry, found[0])
    return Match(entry, None, tuple(found))


def _known_to(community: Community, entries: Sequence[Entry]) -> Sequence[Volunteer]:
    names = {entry.name for entry in entries if entry.name}
    readings = {pinyin_keys(name)[0] for name in names}
    phones = {entry.phone for entry in entries if entry.phone and "*" not in entry.phone}
    cards = [entry.card for entry in entries if entry.card]
    return list(
        Volunteer.objects.of(community)
        .active()
        .filter(
            Q(name__in=names)
            | Q(pinyin__in=readings - {""})
            | Q(phone__in=phones)
            | Q(cards__barcode__in=cards, cards__revoked_at__isnull=True)
        )
        .distinct()
        .order_by(*BY_DOOR)
    )


def _match(entry: Entry, people: Sequence[Volunteer], by_card: dict[str, int]) -> Match:
    if entry.card:
        volunteer = next((one for one in people if one.pk == by_card.get(entry.card)), None)
        return Match(entry, volunteer)
    named = [one for one in people if one.name == entry.name]
    if entry.phone and "*" not in entry.phone:
        holders = [one for one in people if one.phone == entry.phone]
        both = [one for one in holders if not entry.name or one.name == entry.name]
        if len(both) == 1:
            return Match(entry, both[0])
        if holders:
            return Match(entry, None, tuple(dict.fromkeys([*holders, *named])))
    if not named:
        sounding = pinyin_keys(entry.name)[0] if entry.name else ""
        alike = tuple(one for one in people if sounding and one.pinyin == sounding)
        return Match(entry, None, alike, is_look_alike=True)
    fitting = [one for one in named if _fits(entry, one)]
    if len(fitting) == 1:
        return Match(entry, fitting[0])
    return Match(entry, None, tuple(fitting or named))


def _fits(entry: Entry, volunteer: Volunteer) -> bool:
    """Whether what stands beside the name agrees with the dossier; what is not said agrees."""
    if entry.door and entry.door != volunteer.door:
        return False
    if entry.estate and entry.estate not in volunteer.estate:
        return False
    tail = entry.phone[-4:]
    return not tail or volunteer.phone.endswith(tail)
