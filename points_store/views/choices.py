"""What a reader may choose on any page: language and type size. Kept in cookies, not in a login."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from points_store.context import LARGE_COOKIE
from points_store.language import COOKIE_SECONDS


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page the choice was made on."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = "/"
    return HttpResponseRedirect(wanted)


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the shop's computer can be reached; asked before a form is sent. No database."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year; a code we do not speak changes nothing."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=COOKIE_SECONDS,
            secure=settings.SERVED_OVER_TLS,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch the large type on or off for a year."""
    response = _back(request)
    if request.POST.get("large") == "1":
        response.set_cookie(
            LARGE_COOKIE,
            "1",
            max_age=COOKIE_SECONDS,
            secure=settings.SERVED_OVER_TLS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(LARGE_COOKIE)
    return response
