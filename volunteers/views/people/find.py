"""Looking people up while one types, for the counter and the logging page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from points_store.access import Permission, require_permission
from points_store.templatetags.words import first_letter, tint
from volunteers.models import Volunteer
from volunteers.querysets.people import SEARCH_LIMIT

if TYPE_CHECKING:
    from points_store.http import StaffRequest


@require_GET
@never_cache
@require_permission(Permission.VIEW_DOSSIER)
def find(request: StaffRequest) -> JsonResponse:
    """Answer `?q=` with `{"people": […], "more": bool}`: at most nine, never a phone number.

    Each has id, number (CX-0012), name, name_bo, estate, door, birth_year, and the initial and
    tone of the picture beside the name. Nothing typed finds nobody.
    """
    typed = request.GET.get("q", "").strip()
    people: list[Volunteer] = []
    if typed:
        known = Volunteer.objects.of(request.community).active()
        people = list(known.search(typed)[: SEARCH_LIMIT + 1])
    prefix = request.community.number_prefix
    return JsonResponse(
        {
            "people": [_row(person, prefix) for person in people[:SEARCH_LIMIT]],
            "more": len(people) > SEARCH_LIMIT,
        }
    )


def _row(person: Volunteer, prefix: str) -> dict[str, str | int | None]:
    return {
        "id": person.pk,
        "number": f"{prefix}-{person.number:04d}",
        "name": person.name,
        "name_bo": person.name_bo,
        "estate": person.estate,
        "door": person.door,
        "birth_year": person.birth_year,
        "initial": first_letter(person.name),
        "tone": tint(person.pk),
    }
