"""How long a signed-in member of staff stays signed in.

The counter's computer stands in a shop: after 15 minutes without a click, and after 12 hours in
any case, the next request starts at the sign-in page.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
# The session row is written once a minute, not with every click.
_WRITE_AFTER_SECONDS = 60
SINCE_KEY = "staff_since"
SEEN_KEY = "staff_seen"


class StaffSessionMiddleware:
    """End the session of staff who were away too long or signed in too long ago."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session and _is_over(request):
            logout(request)
            messages.info(request, _("您离开了一会儿，请重新登录。"))
            # What was being sent is not repeated after the sign-in; a page that was read is.
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "")
        return self.get_response(request)


def _is_over(request: HttpRequest) -> bool:
    """Return whether the session has ended; otherwise note that its owner is there."""
    now = time.time()
    session = request.session
    since = session.setdefault(SINCE_KEY, now)
    seen = session.get(SEEN_KEY, now)
    if now - since > ABSOLUTE.total_seconds() or now - seen > IDLE.total_seconds():
        return True
    if SEEN_KEY not in session or now - seen > _WRITE_AFTER_SECONDS:
        session[SEEN_KEY] = now
    return False
