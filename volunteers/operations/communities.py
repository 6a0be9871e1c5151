from __future__ import annotations

from django.db import transaction

from ledger.operations import open_book
from volunteers.models import Community


@transaction.atomic
def open_community(*, slug: str, name: str, official_name: str, **settings: object) -> Community:
    """Create a community together with its book in the ledger."""
    community = Community.objects.create(
        slug=slug, name=name, official_name=official_name, **settings
    )
    open_book(book=community.pk)
    return community
