"""The screen in the hall. Public, and without a session: it shows what everybody may read."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from volunteers.models import Community
from wishes.scene import read_scene

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

POLL_SECONDS = 4


@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the whole page; tree_tv.js keeps it true from then on."""
    community = get_object_or_404(Community.objects.select_related("tree"), slug=slug)
    at = timezone.now()
    context = {
        "community": community,
        "scene": read_scene(community, at=at),
        "at": at,
        "build": _build(),
        "etag": _etag(community, at),
        "poll_seconds": POLL_SECONDS,
        "tree_url": urljoin(settings.PUBLIC_URL, reverse("tree:community", args=[slug])),
    }
    return render(request, "wishes/tree/tv.html", context)


@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a screen's question whether anything changed: mostly 304, after one query."""
    community = get_object_or_404(Community.objects.select_related("tree"), slug=slug)
    at = timezone.now()
    etag = _etag(community, at)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        scene = read_scene(community, at=at)
        context = {"community": community, "scene": scene, "build": _build()}
        response = render(request, "wishes/tree/_live.html", context)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _build() -> str:
    """Name the release: a screen that runs another one loads the page anew."""
    return f"{static('js/tree_tv.js')} {static('css/tree.css')}"


def _etag(community: Community, at: datetime) -> str:
    """Change with the tree, with the release, and every hour: a ring goes out after a day."""
    tree = getattr(community, "tree", None)
    version = tree.version if tree else 0
    return f'"{version}-{at:%Y%m%d%H}-{_fingerprint(_build())}"'


def _fingerprint(text: str) -> str:
    """Return a short fingerprint that is the same in every process."""
    return f"{zlib.crc32(text.encode()):08x}"
