"""Cut-over: the points of the paper books, entered by one person and signed off by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from points_store.access import Permission, require_permission
from volunteers.forms.imports import OpeningForm
from volunteers.models import OpeningBalance, ServiceRecord, Volunteer
from volunteers.operations.openings import enter_opening_balances, sign_off_opening_balances
from volunteers.refusals import AlreadyRecorded

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

WAITING_SHOWN = 500


@require_permission(Permission.IMPORT_FILES)
def openings(request: StaffRequest) -> HttpResponse:
    """Show the opening points that wait to be signed off, and how many are done."""
    return _list(request)


@require_permission(Permission.SIGN_OFF_OPENING)
@require_POST
def sign_off(request: StaffRequest) -> HttpResponse:
    """Post every waiting balance that somebody else entered."""
    done = sign_off_opening_balances(
        community=request.community, by=request.user, at=timezone.now()
    )
    if done:
        words = ngettext("%(count)d 人的期初积分记上了。", "%(count)d 人的期初积分记上了。", done)
        messages.success(request, words % {"count": done})
    else:
        messages.warning(request, _("自己录入的和自己家的，要请另一位同事核签。"))
    return redirect("imports:openings")


@require_permission(Permission.IMPORT_FILES)
def enter(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Type in the points of one paper book."""
    volunteer = get_object_or_404(Volunteer.objects.of(request.community).active(), pk=volunteer_id)
    form = OpeningForm(request.POST or None)
    if form.is_valid():
        try:
            enter_opening_balances(
                community=request.community,
                points={volunteer.pk: form.cleaned_data["points"]},
                balance_date=form.cleaned_data["balance_date"],
                vouched_by=form.cleaned_data["vouched_by"],
                by=request.user,
                at=timezone.now(),
            )
        except AlreadyRecorded:
            form.add_error("points", _("已经记过期初积分，每人只记一次。"))
        else:
            messages.success(request, _("录好了，请另一位同事核签。"))
            return redirect("imports:openings")
    context = {"form": form, "volunteer": volunteer, "has_history": _has_history(volunteer)}
    return render(
        request, "volunteers/imports/opening.html", context, status=422 if form.errors else 200
    )


def _has_history(volunteer: Volunteer) -> bool:
    return volunteer.service_records.filter(
        origin=ServiceRecord.Origin.IMPORT,
        state__in=[ServiceRecord.State.SUBMITTED, ServiceRecord.State.CONFIRMED],
    ).exists()


def _list(request: StaffRequest) -> HttpResponse:
    balances = OpeningBalance.objects.filter(volunteer__community=request.community)
    waiting = (
        balances.filter(state=OpeningBalance.State.SUBMITTED)
        .select_related("volunteer", "submitted_by")
        .order_by("volunteer__number")
    )
    context = {
        "waiting": waiting[:WAITING_SHOWN],
        "waiting_count": waiting.count(),
        "done_count": balances.filter(state=OpeningBalance.State.SIGNED_OFF).count(),
        "may_sign": Permission.SIGN_OFF_OPENING in request.permissions,
    }
    return render(request, "volunteers/imports/openings.html", context)
