from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from volunteers.models import Community, MemberCard, Volunteer  # noqa: F401 - in brackets

MEMBER_NUMBER_PREFIX = re.compile(r"^[A-Za-z]{1,4}-")
NUMBER_DIGITS = 9  # a member number fits an integer column
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

        Every word must match; `%`, `_` and `\\` are literal.
        """
        found = self
        for word in text.split()[:6]:
            key = word.lower()
            match = (
                Q(name__icontains=word)
                | Q(name_bo__contains=word)
                | Q(name_mn__contains=word)
                | Q(pinyin__contains=key)
                | Q(initials__contains=key)
                | Q(estate__contains=word)
                | Q(door__contains=word)
            )
            digits = MEMBER_NUMBER_PREFIX.sub("", word)
            if word.isascii() and word.isdigit():
                match |= Q(phone__endswith=word)
            if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS:
                match |= Q(number=int(digits))
            found = found.filter(match)
        return found.order_by("name", "estate", "door", "birth_year", "id")


class MemberCardQuerySet(models.QuerySet["MemberCard"]):
    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True)
