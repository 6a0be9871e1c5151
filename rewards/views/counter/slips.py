"""What was handed over: the slip on three kinds of paper, undoing it, and the day's list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger.requests import RequestId
from points_store.access import require_permission
from points_store.permissions import Permission
from rewards.forms.counter import VoidForm
from rewards.models import Redemption, RedemptionLine
from rewards.operations.redeeming import void_redemption
from rewards.operations.slips import file_signed_slip
from rewards.refusals import AlreadyVoided
from rewards.views.counter.wording import REFUSED, word_void
from volunteers.refusals import Refusal

if TYPE_CHECKING:
    from points_store.http import StaffRequest

PAPERS = ("p58", "p80", "pa4")
PAPER_COOKIE = "paper"
PAPER_KEPT = timedelta(days=365)
MISSING_SHOWN = 200
FIRST_DAY = date(2000, 1, 1)
NUMBER = re.compile(r"21[0-9]{11}", re.ASCII)


@require_safe
@require_permission(Permission.REDEEM_AT_COUNTER)
def slip(request: StaffRequest, number: str) -> HttpResponse:
    """Show a redemption and its slip, now or years later: the same slip."""
    return _show_slip(request, _find(request, number), VoidForm())


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def void(request: StaffRequest, number: str) -> HttpResponse:
    """Undo a redemption: its clerk within ten minutes, an approver later and with a reason."""
    redemption = _find(request, number)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _show_slip(request, redemption, form, status=422)
    try:
        void_redemption(
            redemption_id=redemption.pk,
            community=request.community,
            reason=form.cleaned_data["reason"],
            may_void_any=Permission.VOID_ANY_REDEMPTION in request.permissions,
            by=request.user,
            at=timezone.now(),
            request=RequestId(
                client=f"user:{request.user.pk}", key=str(form.cleaned_data["request_key"])
            ),
        )
    except AlreadyVoided:
        return redirect("counter:slip", number)
    except REFUSED as refusal:
        form.add_error("reason", word_void(refusal))
        return _show_slip(request, redemption, form, status=422)
    return redirect("counter:slip", number)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def file_slip(request: StaffRequest, number: str) -> HttpResponse:
    """Note that the signed slip is in the folder."""
    redemption = _find(request, number)
    try:
        file_signed_slip(
            redemption_id=redemption.pk,
            community=request.community,
            by=request.user,
            at=timezone.now(),
        )
    except Refusal:
        messages.info(request, _("这一笔不用收签字单。"))
    else:
        messages.success(
            request, _("%(name)s 的签字单收好了。") % {"name": redemption.volunteer.name}
        )
    if "day" in request.POST:
        return redirect("counter:day")
    return redirect("counter:slip", number)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def choose_paper(request: StaffRequest) -> HttpResponse:
    """Remember this computer's paper for a year; a page with scripts does it by itself."""
    number = request.POST.get("slip", "")
    response = redirect("counter:slip", _find(request, number).number)
    if request.POST.get("paper") in PAPERS:
        response.set_cookie(
            PAPER_COOKIE,
            request.POST["paper"],
            max_age=PAPER_KEPT,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


@require_safe
@require_permission(Permission.REDEEM_AT_COUNTER)
def day(request: StaffRequest) -> HttpResponse:
    """List what left the shelf on a day, and which signed slips are still missing."""
    shown = _day_asked(request)
    redemptions = list(
        Redemption.objects.of(request.community)
        .on_day(shown)
        .with_people()
        .prefetch_related("lines__reward")
        .order_by("-redeemed_at")
    )
    done = [redemption for redemption in redemptions if redemption.state == "done"]
    missing = list(
        Redemption.objects.of(request.community)
        .slip_missing()
        .with_people()
        .order_by("redeemed_at")[:MISSING_SHOWN]
    )
    context = {
        "day_shown": shown,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1) if shown < timezone.localdate() else None,
        "redemptions": redemptions,
        "missing": missing,
        "people": len({redemption.volunteer_id for redemption in done}),
        "pieces": sum(line.quantity for redemption in done for line in redemption.lines.all()),
        "points": sum(redemption.points for redemption in done),
    }
    return render(request, "rewards/counter/day.html", context)


def _find(request: StaffRequest, number: str) -> Redemption:
    """Return the community's redemption with this number, or 404. One query."""
    if not NUMBER.fullmatch(number):
        raise Http404
    redemption = (
        Redemption.objects.of(request.community)
        .with_people()
        .select_related("volunteer__goal__reward", "volunteer__community")
        .filter(number=number)
        .first()
    )
    if redemption is None:
        raise Http404
    return redemption


def _show_slip(
    request: StaffRequest, redemption: Redemption, form: VoidForm, status: int = 200
) -> HttpResponse:
    lines = list(
        RedemptionLine.objects.filter(redemption=redemption).select_related("reward").order_by("pk")
    )
    until = redemption.redeemed_at + timedelta(minutes=request.community.void_minutes)
    is_own = redemption.redeemed_by_id == request.user.pk
    is_done = redemption.state == Redemption.State.DONE
    paper = request.COOKIES.get(PAPER_COOKIE)
    goal = getattr(redemption.volunteer, "goal", None)
    context = {
        "redemption": redemption,
        "volunteer": redemption.volunteer,
        "lines": lines,
        "pieces": sum(line.quantity for line in lines),
        "before": redemption.balance_after + redemption.points,
        "form": form,
        "until": until,
        "may_undo": is_done and is_own and timezone.now() <= until,
        "may_void": is_done and Permission.VOID_ANY_REDEMPTION in request.permissions,
        "paper": paper if paper in PAPERS else "p80",
        "goal": goal.reward if goal else None,
        "goal_missing": goal.reward.price_points - redemption.balance_after if goal else 0,
        "is_again": "again" in request.GET,
    }
    return render(request, "rewards/counter/slip.html", context, status=status)


def _day_asked(request: StaffRequest) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        return timezone.localdate()
    return max(FIRST_DAY, min(asked, timezone.localdate()))
