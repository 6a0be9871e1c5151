"""The resident's own pages: the handbook, its lines, the card, what is kept about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from points_store.access import require_resident
from points_store.context import LARGE_COOKIE
from volunteers import handbook
from volunteers.forms.mine import BeforeForm
from volunteers.models import MemberCard, ServiceRecord
from volunteers.statement import read_holds, read_statement

if TYPE_CHECKING:
    from typing import Any

    from points_store.http import ResidentRequest
    from volunteers.models import Volunteer

FIRST_PAGE_LINES = 6
LARGE_FIRST_PAGE_LINES = 3


@require_safe
@require_resident
def show_handbook(request: ResidentRequest) -> HttpResponse:
    """How many points, how far to the goal, what is set aside, what was earned last."""
    volunteer = request.volunteer
    is_large = request.COOKIES.get(LARGE_COOKIE) == "1"
    limit = LARGE_FIRST_PAGE_LINES if is_large else FIRST_PAGE_LINES
    context = {
        **cover_of(volunteer),
        "statement": read_statement(volunteer, limit=limit),
        "waiting": ServiceRecord.objects.waiting().of_volunteer(volunteer),
        "notices": handbook.notices_of(volunteer, timezone.now()),
        "panels": handbook.panels_of(volunteer),
    }
    return render(request, "volunteers/mine/handbook.html", context)


@require_safe
@require_resident
def show_statement(request: ResidentRequest) -> HttpResponse:
    """Every line, twenty at a time; `before` is the number of the last line that was read."""
    form = BeforeForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    context = {
        **cover_of(request.volunteer),
        "statement": read_statement(request.volunteer, before=before),
        "is_first_page": before is None,
    }
    return render(request, "volunteers/mine/statement.html", context)


@require_safe
@require_resident
def show_card(request: ResidentRequest) -> HttpResponse:
    """The card's barcode, to be scanned at the counter."""
    card = MemberCard.objects.live().filter(volunteer=request.volunteer).first()
    context = {"volunteer": request.volunteer, "card": card}
    return render(request, "volunteers/mine/card.html", context)


@require_safe
@require_resident
def show_notices(request: ResidentRequest) -> HttpResponse:
    """What the resident should know."""
    context = {"notices": handbook.notices_of(request.volunteer, timezone.now())}
    return render(request, "volunteers/mine/notices.html", context)


@require_safe
@require_resident
def show_account(request: ResidentRequest) -> HttpResponse:
    """Everything that is not points: card, PIN, own data, language, whom to call, signing out."""
    context = {"volunteer": request.volunteer, "community": request.community}
    return render(request, "volunteers/mine/account.html", context)


@require_safe
@require_resident
def show_data(request: ResidentRequest) -> HttpResponse:
    """All that is kept about the resident, to read or print."""
    context = {
        "volunteer": request.volunteer,
        "community": request.community,
        "parts": handbook.own_data_of(request.volunteer),
        "at": timezone.now(),
    }
    return render(request, "volunteers/mine/data.html", context)


@require_safe
@require_resident
def download_data(request: ResidentRequest) -> HttpResponse:
    """The same as a file for another program."""
    kept = {
        part.title: [dict(entry) for entry in part.entries]
        for part in handbook.own_data_of(request.volunteer)
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


def cover_of(volunteer: Volunteer) -> dict[str, Any]:
    """Return what the booklet's cover shows: the points, what is set aside, the goal."""
    available = volunteer.account.available
    goal = handbook.goal_of(volunteer)
    return {
        "volunteer": volunteer,
        "available": available,
        "held": read_holds(volunteer),
        "debt": -volunteer.debt_account.balance,
        "goal": goal,
        "goal_percent": goal.percent_of(available) if goal else 0,
        "goal_missing": goal.missing_from(available) if goal else 0,
    }
