from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace

from points_store.text import NAME_DOT, fold_width, normalise_name, pinyin_keys

if TYPE_CHECKING:
    from volunteers.models import Community, MemberCard, Volunteer  # noqa: F401 - in brackets

MEMBER_NUMBER_PREFIX = re.compile(r"^[A-Za-z]{1,4}-")
NUMBER_DIGITS = 9  # a member number fits an integer column
MOST_WORDS = 6
LONGEST_WORD = 100
LOOKED_AT = 200
SEARCH_LIMIT = 9  # the keys 1–9 choose among what was found


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def active(self) -> Self:
        return self.filter(state="active")

    def with_accounts(self) -> Self:
        return self.select_related("account", "debt_account")

    def search(self, text: str) -> Self:
        """Filter by any of name, pinyin, initials, Tibetan name, member number, door, phone tail.

        Every word must match; without a word nobody does. `%`, `_` and `\\` are literal; name
        dots, zero-width characters and full-width digits count for nothing. It scans one community
        (docs/importing.md says what that costs).
        """
        words = [_plain(typed) for typed in text.split()[:MOST_WORDS]]
        if not any(words):
            return self.none()
        found = self.alias(undotted=Replace("name", Value(NAME_DOT), Value("")))
        for word in filter(None, words):
            found = found.filter(_names(word) | _numbers(word))
        return found.order_by("name", "estate", "door", "birth_year", "id")

    def look_alikes(self, name: str, *, name_bo: str = "", phone: str = "") -> list[Volunteer]:
        """Return at most nine who may be the same person: name, sound, script or phone.

        Two names sound alike when they have a whole reading in pinyin in common.
        """
        readings = set(pinyin_keys(name).pinyin.split())
        bare = name.replace(NAME_DOT, "")
        match = Q(undotted__iexact=bare)
        for reading in sorted(readings)[:MOST_WORDS]:
            match |= Q(pinyin__contains=reading)
        if name_bo:
            match |= Q(name_bo=name_bo)
        if phone:
            match |= Q(phone=phone)
        found = (
            self.active()
            .select_related("community")
            .alias(undotted=Replace("name", Value(NAME_DOT), Value("")))
            .filter(match)
            .order_by("name", "estate", "door", "id")
        )
        alike = [
            one
            for one in found[:LOOKED_AT]
            if one.name.replace(NAME_DOT, "").casefold() == bare.casefold()
            or readings & set(one.pinyin.split())
            or (name_bo and one.name_bo == name_bo)
            or (phone and one.phone == phone)
        ]
        return alike[:SEARCH_LIMIT]


def _plain(typed: str) -> str:
    return fold_width(normalise_name(typed[:LONGEST_WORD])).replace(NAME_DOT, "")


def _names(word: str) -> Q:
    key = word.lower()
    return (
        Q(undotted__icontains=word)
        # A syllable's dot at the end is typed or not; dots alone are nobody's name.
        | Q(name_bo__contains=word.rstrip("\u0f0b\u0f0d") or word)
        | Q(name_mn__contains=word)
        | Q(pinyin__contains=key)
        | Q(initials__contains=key)
        | Q(estate__contains=word)
        | Q(door__contains=word)
    )


def _numbers(word: str) -> Q:
    match = Q()
    if word.isascii() and word.isdigit():
        match |= Q(phone__endswith=word)
    digits = MEMBER_NUMBER_PREFIX.sub("", word)
    if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS:
        match |= Q(number=int(digits))
    return match


class MemberCardQuerySet(models.QuerySet["MemberCard"]):
    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True)
