"""Pictures of service: kept under the key of a page, given to the deed or batch they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from volunteers.models import Community, Deed, Photo, RecordBatch, User, Volunteer
from volunteers.refusals import TooManyPhotos

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from points_store.pictures import Photo as Drawn

MOST_PHOTOS = 6


@transaction.atomic
def keep_photo(
    *,
    community: Community,
    drawn: Drawn,
    upload_key: UUID,
    by: User | None,
    by_resident: Volunteer | None,
    at: datetime,
) -> Photo:
    """Keep a picture under the key of the page it was added on; the same one twice is one.

    Raises TooManyPhotos.
    """
    on_page = Photo.objects.filter(
        community=community,
        upload_key=upload_key,
        added_by=by,
        added_by_resident=by_resident,
    )
    if known := on_page.filter(content_hash=drawn.content_hash).first():
        return known
    if on_page.count() >= MOST_PHOTOS:
        raise TooManyPhotos(MOST_PHOTOS)
    return Photo.objects.create(
        community=community,
        upload_key=upload_key,
        image=drawn.image,
        content_hash=drawn.content_hash,
        look_hash=drawn.look_hash,
        taken_at=drawn.taken_at,
        added_at=at,
        added_by=by,
        added_by_resident=by_resident,
    )


def give_photos(
    *,
    upload_key: UUID,
    by: User | None,
    by_resident: Volunteer | None,
    deed: Deed | None = None,
    batch: RecordBatch | None = None,
) -> None:
    """Give what was uploaded under the key, by the same person, to a deed or a batch."""
    Photo.objects.filter(
        upload_key=upload_key,
        added_by=by,
        added_by_resident=by_resident,
        deed=None,
        batch=None,
    ).update(deed=deed, batch=batch)
