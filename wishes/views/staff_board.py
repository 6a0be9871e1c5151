"""What waits on the tree, for staff: the board, one wish, a unit's wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from points_store.access import require_permission
from points_store.permissions import Permission
from volunteers.models import Unit
from wishes.candidates import look_alikes
from wishes.models import Dispatch, Pledge, Wish, WishPhoto

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase
    from django.utils.functional import Promise

    from points_store.http import StaffRequest
    from volunteers.models import Community

LATE_AFTER = timedelta(days=7)
SOON = timedelta(days=2)
LIT_SHOWN_FOR = timedelta(days=30)
MOST_IN_A_LANE = 60


@dataclass(frozen=True)
class Ticket:
    """One wish on the board: since when it waits, and what makes it urgent."""

    wish: Wish
    pledges: Sequence[Pledge]
    offer: Dispatch | None
    waits_since: datetime
    today: date

    @property
    def days(self) -> int:
        return (self.today - timezone.localdate(self.waits_since)).days

    @property
    def is_late(self) -> bool:
        return self.wish.state in {"submitted", "approved", "delivered"} and (
            self.days >= LATE_AFTER.days
        )

    @property
    def said_done(self) -> bool:
        return any(pledge.said_done_at for pledge in self.pledges)

    @property
    def due_soon(self) -> bool:
        return any(pledge.due_date - self.today <= SOON for pledge in self.pledges)


@dataclass(frozen=True)
class Lane:
    """One state of wishes."""

    state: str
    title: Promise
    hint: Promise
    tickets: Sequence[Ticket]


LANES = (
    (Wish.State.SUBMITTED, _("待核实"), _("居民已提出")),
    (Wish.State.APPROVED, _("等待认领"), _("挂在树上")),
    (Wish.State.PLEDGED, _("认领中"), _("有人在办")),
    (Wish.State.DELIVERED, _("待回访"), _("听本人说好不好")),
    (Wish.State.LIT, _("已点亮"), _("近 30 天")),
)


@require_safe
@require_permission(Permission.MANAGE_WISHES)
def board(request: StaffRequest) -> HttpResponse:
    """Show every wish that is not done, by what has to happen next."""
    lanes = _lanes(request.community, timezone.now())
    tickets = [ticket for lane in lanes for ticket in lane.tickets if lane.state != "lit"]
    context = {
        "lanes": lanes,
        "open_count": len(tickets),
        "late_count": sum(ticket.is_late for ticket in tickets),
        "done_count": sum(ticket.said_done for ticket in tickets),
    }
    return render(request, "wishes/staff/board.html", context)


@require_safe
@require_permission(Permission.MANAGE_WISHES)
def show(request: StaffRequest, number: int) -> HttpResponse:
    """Show everything staff know of one wish, and what can be done next."""
    wish = get_object_or_404(
        Wish.objects.of(request.community).select_related(
            "facts", "facts__wisher", "facts__merged_into", "rule"
        ),
        number=number,
    )
    context = {
        "wish": wish,
        "facts": wish.facts,
        "pledges": wish.pledges.select_related("volunteer", "unit").order_by("id"),
        "dispatches": wish.dispatches.select_related("volunteer", "unit").order_by("id"),
        "photos": wish.photos.order_by("id"),
        "hands": wish.hands.select_related("volunteer", "record"),
        "steps": wish.steps.select_related("by", "by_volunteer"),
        "alike": look_alikes(wish) if wish.state == "submitted" else [],
        "may_approve": Permission.APPROVE_WISH in request.permissions,
    }
    return render(request, "wishes/staff/show.html", context)


@require_safe
@require_permission(Permission.MANAGE_WISHES)
def photo(request: StaffRequest, number: int, photo_id: int) -> HttpResponseBase:
    """Send a picture of a delivery to staff."""
    found = get_object_or_404(
        WishPhoto, pk=photo_id, wish__number=number, wish__community=request.community
    )
    return FileResponse(found.image.open(), content_type="image/jpeg")


@require_safe
@require_permission(Permission.MANAGE_WISHES)
def unit_wishes(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Show what one unit took on and met."""
    unit = get_object_or_404(Unit, pk=unit_id, community=request.community)
    return _unit_page(request, unit)


@require_safe
@require_permission(Permission.VIEW_REPORTS)
def our_wishes(request: StaffRequest) -> HttpResponse:
    """Show a unit's contact what their own unit took on and met."""
    own = request.user.own_volunteer
    unit = get_object_or_404(Unit, pk=own.unit_id if own else None, community=request.community)
    return _unit_page(request, unit)


def _unit_page(request: StaffRequest, unit: Unit) -> HttpResponse:
    pledges = unit.pledges.select_related("wish").order_by("-id")
    context = {
        "unit": unit,
        "active": [pledge for pledge in pledges if pledge.state == Pledge.State.ACTIVE],
        "kept": [pledge for pledge in pledges if pledge.state == Pledge.State.KEPT],
    }
    return render(request, "wishes/staff/unit.html", context)


def _lanes(community: Community, at: datetime) -> list[Lane]:
    """Read the whole board in three queries: wishes, their pledges, their offers."""
    wishes = (
        Wish.objects.of(community)
        .on_board(lit_since=at - LIT_SHOWN_FOR)
        .select_related("facts")
        .prefetch_related(
            Prefetch(
                "pledges",
                Pledge.objects.filter(state__in=["active", "kept"]).select_related(
                    "volunteer", "unit"
                ),
            ),
            Prefetch(
                "dispatches",
                Dispatch.objects.filter(state="offered").select_related("volunteer", "unit"),
            ),
        )
    )
    by_state: dict[str, list[Wish]] = {}
    for wish in wishes:
        by_state.setdefault(wish.state, []).append(wish)
    by_state.get(Wish.State.LIT, []).reverse()  # newest first
    today = timezone.localdate(at)
    return [
        Lane(
            state,
            title,
            hint,
            [_ticket(wish, today) for wish in by_state.get(state, [])[:MOST_IN_A_LANE]],
        )
        for state, title, hint in LANES
    ]


def _ticket(wish: Wish, today: date) -> Ticket:
    pledges = list(wish.pledges.all())
    since = {
        "submitted": wish.submitted_at,
        "approved": wish.approved_at,
        "delivered": wish.delivered_at,
        "lit": wish.lit_at,
    }.get(wish.state)
    if since is None:
        since = max((pledge.submitted_at for pledge in pledges), default=wish.submitted_at)
    return Ticket(
        wish=wish,
        pledges=pledges,
        offer=next(iter(wish.dispatches.all()), None),
        waits_since=since,
        today=today,
    )
