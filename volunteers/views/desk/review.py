"""What waits for a second person, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.shortcuts import render
from django.views.decorators.http import require_GET

from points_store.access import Permission, require_permission
from volunteers.models import Deed, RecordBatch

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

PAGE = 50
RECENT = 20


@require_GET
@require_permission(Permission.CONFIRM_SERVICE)
def review(request: StaffRequest) -> HttpResponse:
    """List waiting batches and the newest decided ones."""
    batches = (
        RecordBatch.objects.filter(community=request.community)
        .select_related("activity", "submitted_by", "decided_by")
        .annotate(
            people=Count("records"),
            points=Sum("records__points", default=0),
            waiting=Count("records", filter=Q(records__state="submitted")),
        )
    )
    waiting = batches.filter(state=RecordBatch.State.SUBMITTED).order_by("submitted_at")
    context = {
        "deeds_waiting": Deed.objects.of(request.community).waiting().count(),
        "may_record": Permission.RECORD_SERVICE in request.permissions,
        "page": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
        "recent": batches.exclude(state=RecordBatch.State.SUBMITTED).order_by("-decided_at")[
            :RECENT
        ],
    }
    return render(request, "volunteers/desk/review.html", context)
