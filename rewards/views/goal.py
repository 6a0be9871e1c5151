"""A resident chooses the one thing to save for, or takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from points_store.access import require_resident
from rewards.operations.goals import choose_goal, drop_goal
from rewards.refusals import NotOnShelf

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import ResidentRequest


@require_POST
@require_resident
def choose(request: ResidentRequest, slug: str, reward_id: int) -> HttpResponse:
    """Save for this from now on."""
    if slug != request.community.slug:
        raise Http404
    try:
        choose_goal(volunteer=request.volunteer, reward_id=reward_id, at=timezone.now())
    except NotOnShelf as refusal:
        raise Http404 from refusal
    messages.success(request, _("定下了，手册封面上会写着还差多少分。"))
    return redirect("shop:item", slug, reward_id)


@require_POST
@require_resident
def drop(request: ResidentRequest, slug: str, reward_id: int) -> HttpResponse:
    """Save for this no longer."""
    if slug != request.community.slug:
        raise Http404
    drop_goal(volunteer=request.volunteer, reward_id=reward_id)
    return redirect("shop:catalogue", slug)
