"""The tree on a phone. Public: every answer here is made of cleared words and masked names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from volunteers.models import Community
from wishes.models import Wish
from wishes.scene import read_scene

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wishes.querysets import WishQuerySet

ON_A_PAGE = 30
NEWEST_LIT = 2


@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Go to the one tree there is; with several communities, the visitor chooses."""
    communities = list(Community.objects.order_by("name"))
    if len(communities) == 1:
        return redirect("tree:community", slug=communities[0].slug)
    return render(request, "wishes/tree/choose.html", {"communities": communities})


@require_safe
def community_tree(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the tree and, under it, the wishes of one state: waiting first."""
    community = get_object_or_404(Community, slug=slug)
    scene = read_scene(community, at=timezone.now())
    shown = request.GET.get("show", "wait")
    public = Wish.objects.of(community).public()
    page = Paginator(_list_of(public, shown), ON_A_PAGE).get_page(request.GET.get("page"))
    newest = public.lit()[:NEWEST_LIT] if shown == "wait" else []
    context = {
        "community": community,
        "scene": scene,
        "shown": shown,
        "page": page,
        "newest": newest,
    }
    return render(request, "wishes/tree/community.html", context)


@require_safe
def text_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Say the whole tree in plain text, for those who hear it instead of seeing it."""
    community = get_object_or_404(Community, slug=slug)
    public = Wish.objects.of(community).public()
    context = {
        "community": community,
        "tally": public.tally(),
        "waiting": public.waiting(),
        "taken": public.pledged(),
        "lit": Paginator(public.lit(), ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "wishes/tree/text.html", context)


@require_safe
def wish_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one wish as everybody may read it."""
    community = get_object_or_404(Community, slug=slug)
    wish = get_object_or_404(
        Wish.objects.of(community).public().select_related("rule"), number=number
    )
    context = {"community": community, "wish": wish}
    return render(request, "wishes/tree/wish.html", context)


def _list_of(public: WishQuerySet, shown: str) -> WishQuerySet:
    """Return the list a chip names. Raises Http404 for any other word."""
    lists = {"wait": public.waiting, "claim": public.pledged, "lit": public.lit}
    if shown not in lists:
        raise Http404
    return lists[shown]()
