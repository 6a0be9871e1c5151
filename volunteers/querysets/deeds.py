from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import LessThanOrEqual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models import Community, Deed, Photo  # noqa: F401 - named in brackets below

ALIKE_AT_MOST = 6  # of 64 bits differ between two copies of one picture
PLAIN_AT_MOST = 4  # bits set: a wall, a night; such pictures all look alike


class DeedQuerySet(models.QuerySet["Deed"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def waiting(self) -> Self:
        """Filter to what a reviewer has to look at, not what waits for the resident's answer."""
        return self.filter(state="submitted")


class PhotoQuerySet(models.QuerySet["Photo"]):
    def of(self, community: Community) -> Self:
        return self.filter(community=community)

    def alike(self, photos: Iterable[Photo]) -> Self:
        """Filter to given pictures that are one of `photos` again, or look like it."""
        wanted = Q(pk__in=[])
        for photo in photos:
            wanted |= Q(content_hash=photo.content_hash)
            if PLAIN_AT_MOST < photo.look_hash.bit_count() < 64 - PLAIN_AT_MOST:
                wanted |= Q(LessThanOrEqual(_distance(photo.look_hash), ALIKE_AT_MOST))
        return self.filter(wanted).exclude(deed=None, batch=None)


def _distance(look_hash: int) -> Func:
    return Func(
        F("look_hash"),
        Value(look_hash, output_field=models.BigIntegerField()),
        template="bit_count((%(expressions)s)::bit(64))",
        arg_joiner=" # ",
        output_field=models.BigIntegerField(),
    )
