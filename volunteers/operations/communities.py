from __future__ import annotations

from django.db import transaction

from ledger.operations import open_book
from volunteers.models import Community


@transaction.atomic
def open_community(
    *, slug: str, name: str, official_name: str, **settings: str | int | bool
) -> Community:
    """Create a community together with its book in the ledger; `settings` are its other fields."""
    community = Community.objects.create(
        slug=slug, name=name, official_name=official_name, **settings
    )
    open_book_of(community=community)
    return community


def open_book_of(*, community: Community) -> None:
    """Open the community's book in the ledger. Doing it again changes nothing."""
    open_book(book=community.pk)
