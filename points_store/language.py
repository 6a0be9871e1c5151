"""Which language a page speaks: what its reader chose, else Chinese.

The browser's own wish is not asked: the office's computers often run an English Windows, and the
switch is one tap away. Tibetan and Mongolian are offered to residents only, so a staff page never
turns into them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

STAFF_LANGUAGES = ("zh-hans", "en")
# Where residents are at home; everything else is staff's.
RESIDENT_PATHS = (
    "/mine/",
    "/shop/",
    "/c/",
    "/k/",
    "/kiosk/",
    "/tree/",
    "/e/",
    "/language/",
    "/verify/",
)
COOKIE_SECONDS = 365 * 24 * 60 * 60


def is_resident_path(path: str) -> bool:
    """Return whether `path` is a page for residents, where all four languages may be chosen."""
    return path.startswith(RESIDENT_PATHS)


def languages_of(path: str) -> list[tuple[str, str]]:
    """Return the languages that can be chosen on the page at `path`, each in its own words."""
    if is_resident_path(path):
        return list(settings.LANGUAGES)
    return [(code, name) for code, name in settings.LANGUAGES if code in STAFF_LANGUAGES]


class LanguageMiddleware:
    """Speak the chosen language for one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        offered = dict(languages_of(request.path_info))
        language = chosen if chosen in offered else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
