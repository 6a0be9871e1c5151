"""The first page of the day: what waits for whom, how we are doing, what just happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from board import charts, figures
from board.happenings import happenings
from points_store.access import Permission, require_permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest


@require_GET
@require_permission(Permission.VIEW_BOARD)
def today(request: StaffRequest) -> HttpResponse:
    """Show the board of the community that the user works in."""
    now = timezone.localtime()
    month_start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = figures.months_of_points(request.community, now.date())
    low = figures.low_stock(request.community)
    context = {
        "now": now,
        "waiting": figures.batches_waiting(request.community),
        "people_redeeming": figures.people_redeeming(request.community, month_start),
        "reported_in": figures.reported_in(request.community, month_start),
        "goods_handed_over": figures.goods_handed_over(request.community, month_start),
        "wishes_lit": figures.wishes_lit(request.community, month_start),
        "wishes_waiting": figures.wishes_waiting(request.community),
        "low_count": len(low),
        "low": low[: figures.LOW_STOCK_SHOWN],
        "happenings": happenings(request.community),
        "chart": charts.paired_bars(
            [
                (_("%(month)d月") % {"month": row.month.month}, row.earned, row.spent)
                for row in months
            ]
        ),
    }
    return render(request, "board/staff/today.html", context)
