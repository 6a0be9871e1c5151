"""What the shop has, for everybody to read; who signed in sees how far each thing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from points_store.access import require_resident, signed_in_resident
from rewards.catalogue import Offer, read_shelf
from rewards.forms.catalogue import FilterForm
from rewards.models import Goal, Reward
from volunteers.models import Community
from volunteers.outlook import look_ahead

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from points_store.http import ResidentRequest
    from volunteers.models import Volunteer

KIOSK_GOODS = 8  # as many as stand on one screen without scrolling
KIOSK_NEAR = 2


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the shop of the resident's community, of the only one, or let the visitor choose."""
    if reader := signed_in_resident(request):
        return redirect("shop:catalogue", reader.community.slug)
    communities = list(Community.objects.order_by("name", "id")[:200])
    if len(communities) == 1:
        return redirect("shop:catalogue", communities[0].slug)
    return render(request, "rewards/catalogue/choose.html", {"communities": communities})


@require_safe
def show_catalogue(request: HttpRequest, slug: str) -> HttpResponse:
    """All goods with their prices; for a resident what they can have now and what is near."""
    community = get_object_or_404(Community, slug=slug)
    reader = reader_of(request, community)
    form = FilterForm(request.GET)
    form.full_clean()
    shelf = read_shelf(community, reader, form.cleaned_data.get("find", ""))
    context = {
        "community": community,
        "reader": reader,
        "available": reader.account.available if reader else 0,
        "shelf": shelf,
        "shown": form.choose(shelf),
        "show": form.chosen,
        "find": form.cleaned_data.get("find", ""),
        "categories": form.categories_of(shelf),
        "outlook": look_ahead(community, reader, timezone.localdate()),
    }
    return _personal(render(request, "rewards/catalogue/catalogue.html", context), reader)


@require_safe
def show_item(request: HttpRequest, slug: str, reward_id: int) -> HttpResponse:
    """One thing, large: its price, how many are left, how far it is, and the goal."""
    community = get_object_or_404(Community, slug=slug)
    reader = reader_of(request, community)
    reward = get_object_or_404(Reward.objects.of(community).on_shelf(), pk=reward_id)
    goal = (
        Goal.objects.filter(volunteer=reader).select_related("reward").first() if reader else None
    )
    offer = Offer(
        reward,
        reader.account.available if reader else None,
        is_goal=goal is not None and goal.reward_id == reward.pk,
    )
    outlook = look_ahead(community, reader, timezone.localdate()) if offer.missing else None
    context = {
        "community": community,
        "reader": reader,
        "offer": offer,
        "goal": goal,
        "outlook": outlook,
        "times": outlook.times_for(offer.missing) if outlook else 0,
    }
    return _personal(render(request, "rewards/catalogue/item.html", context), reader)


@require_safe
@require_resident
def show_on_kiosk(request: ResidentRequest) -> HttpResponse:
    """What the resident at the kiosk can have now, dearest first, and what is near."""
    shelf = read_shelf(request.community, request.volunteer)
    context = {
        "available": request.volunteer.account.available,
        "near": shelf.near[:KIOSK_NEAR],
        "can_have": list(reversed(shelf.can_have))[:KIOSK_GOODS],
    }
    return render(request, "rewards/catalogue/kiosk.html", context)


def reader_of(request: HttpRequest, community: Community) -> Volunteer | None:
    """Return the resident who reads, or None for a visitor and for another community's resident."""
    reader = signed_in_resident(request)
    return reader if reader and reader.community_id == community.pk else None


def _personal(response: HttpResponse, reader: Volunteer | None) -> HttpResponse:
    """Let no browser keep a page that shows somebody's points."""
    if reader:
        response.headers["Cache-Control"] = "no-store"
    return response
