"""Which machine a request comes from: the kiosk in the shop, or somebody's own.

Tries of a PIN are counted per machine. The kiosk is known by a signed cookie that staff put there;
any other machine by its address. Only a keyed hash is ever stored.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from volunteers.models import Community

KIOSK_COOKIE = "kiosk"
_SALT = "points_store.devices"
_COOKIE_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers keep one
_DEVICE_HEX_DIGITS = 32


@dataclass(frozen=True)
class Kiosk:
    """A machine that stands in a community's shop for everybody's use."""

    community_id: int
    machine: str


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """Return the kiosk this request comes from, or None from any other machine."""
    value = request.get_signed_cookie(KIOSK_COOKIE, default="", salt=_SALT)
    community, _colon, machine = (value or "").partition(":")
    if not machine or not community.isdecimal():
        return None
    return Kiosk(community_id=int(community), machine=machine)


def make_kiosk(response: HttpResponseBase, community: Community) -> None:
    """Let the machine that receives `response` be a kiosk of the community from now on."""
    response.set_signed_cookie(
        KIOSK_COOKIE,
        f"{community.pk}:{secrets.token_hex(16)}",
        salt=_SALT,
        max_age=_COOKIE_SECONDS,
        secure=settings.SERVED_OVER_TLS,
        httponly=True,
        samesite="Strict",
    )


def forget_kiosk(response: HttpResponseBase) -> None:
    """Let the machine be an ordinary one again."""
    response.delete_cookie(KIOSK_COOKIE, samesite="Strict")


def device_of(request: HttpRequest) -> str:
    """Return the name under which this machine's tries of a PIN are counted."""
    kiosk = kiosk_of(request)
    machine = f"kiosk:{kiosk.machine}" if kiosk else f"address:{request.META['REMOTE_ADDR']}"
    return salted_hmac(_SALT, machine, algorithm="sha256").hexdigest()[:_DEVICE_HEX_DIGITS]
