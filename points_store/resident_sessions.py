"""How a resident is signed in: what the session carries, and what ends it.

A session names the resident and the version of their PIN; a new PIN, a reset, a closed dossier
end every session at its next request. Half an hour without a click ends it too; on the kiosk,
which everybody uses, a minute.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import SESSION_KEY
from django.middleware.csrf import rotate_token

from points_store.devices import kiosk_of
from volunteers.models import MemberAccess, Volunteer

if TYPE_CHECKING:
    from django.http import HttpRequest

IDLE = timedelta(minutes=30)
KIOSK_IDLE = timedelta(minutes=1)
# On a phone the session row is written once a minute, not with every click.
_WRITE_AFTER = timedelta(minutes=1)
_VOLUNTEER = "resident_id"
_PIN_VERSION = "resident_pin_version"
_SEEN = "resident_seen"


def begin(request: HttpRequest, access: MemberAccess) -> None:
    """Sign the owner of `access` in: a session with a new id, and nothing of the one before."""
    leave(request)
    request.session.cycle_key()
    request.session[_VOLUNTEER] = access.volunteer_id
    request.session[_PIN_VERSION] = access.pin_version
    request.session[_SEEN] = time.time()
    rotate_token(request)


def leave(request: HttpRequest) -> None:
    """Sign the resident out. A member of staff who shares the browser stays signed in."""
    if SESSION_KEY not in request.session:
        request.session.flush()
        return
    for key in (_VOLUNTEER, _PIN_VERSION, _SEEN):
        request.session.pop(key, None)
    request.session.cycle_key()


def is_begun(request: HttpRequest) -> bool:
    """Return whether somebody signed in here; they may have been away too long by now."""
    return _VOLUNTEER in request.session


def access_of(request: HttpRequest) -> MemberAccess | None:
    """Return the access of the resident who is signed in, with dossier and accounts; one query.

    A session that is over is ended here.
    """
    if not is_begun(request):
        return None
    now = time.time()
    session = request.session
    idle = KIOSK_IDLE if kiosk_of(request) else IDLE
    away = timedelta(seconds=now - session[_SEEN])
    access = None
    if away <= idle:
        access = (
            MemberAccess.objects.filter(
                volunteer=session[_VOLUNTEER],
                pin_version=session[_PIN_VERSION],
                volunteer__state=Volunteer.State.ACTIVE,
            )
            .select_related("volunteer__community", "volunteer__account", "volunteer__debt_account")
            .first()
        )
    if access is None:
        leave(request)
    elif away > _WRITE_AFTER or idle < _WRITE_AFTER * 2:
        session[_SEEN] = now
    return access
