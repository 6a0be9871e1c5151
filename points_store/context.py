"""What the shells of pages need besides the view's own context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from points_store import navigation
from points_store.language import languages_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from points_store.http import StaffRequest

LARGE_COOKIE = "large"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the rail (staff only, counted when drawn), the large type and the languages."""

    def rail() -> list[navigation.Place]:
        if not hasattr(request, "permissions"):
            return []
        return navigation.places(cast("StaffRequest", request))

    return {
        "rail": rail,
        "is_large": request.COOKIES.get(LARGE_COOKIE) == "1",
        "languages": languages_of(request.path_info),
    }
