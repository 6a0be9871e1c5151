"""One person's file: who it is, what they did, what they agreed to, and their card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from points_store.access import Permission, require_permission
from volunteers.consents import WORDINGS
from volunteers.models import AccessLog, Consent, Volunteer
from volunteers.operations.dossiers import (
    Agreement,
    give_consent,
    log_access,
    revoke_card,
    withdraw_consent,
)
from volunteers.refusals import AlreadyRecorded, StateMovedOn
from volunteers.statement import read_statement

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

CARDS_SHOWN = 10
MINUTES_AN_HOUR = 60


def person_of(request: StaffRequest, volunteer_id: int) -> Volunteer:
    """Return the person of this community, or 404."""
    people = Volunteer.objects.of(request.community).select_related(
        "account", "unit", "household", "community"
    )
    return get_object_or_404(people, pk=volunteer_id)


@require_GET
@never_cache
@require_permission(Permission.VIEW_DOSSIER)
def dossier(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Show the whole file, unmasked; every view leaves a line in the log."""
    volunteer = person_of(request, volunteer_id)
    log_access(
        community=request.community,
        act=AccessLog.Act.DOSSIER,
        by=request.user,
        at=timezone.now(),
        volunteer=volunteer,
    )
    before = request.GET.get("before", "")
    page = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None  # noqa: PLR2004 - fits an integer column
    served = volunteer.service_records.confirmed().filter(counts_as_service=True)
    minutes = served.aggregate(total=Sum("minutes", default=0))["total"]
    consents = {one.purpose: one for one in volunteer.consents.all()}
    household = volunteer.household
    context = {
        "volunteer": volunteer,
        "housemates": household.volunteers.exclude(pk=volunteer.pk) if household else [],
        "hours": minutes // MINUTES_AN_HOUR,
        "minutes": minutes % MINUTES_AN_HOUR,
        "statement": read_statement(volunteer, before=page),
        "cards": volunteer.cards.order_by("-id")[:CARDS_SHOWN],
        "consents": [
            (purpose, WORDINGS[purpose], consents.get(purpose)) for purpose in Consent.Purpose
        ],
        "may_edit": Permission.EDIT_VOLUNTEER in request.permissions,
        "may_import": Permission.IMPORT_FILES in request.permissions,
    }
    return render(request, "volunteers/people/dossier.html", context)


@require_POST
@require_permission(Permission.EDIT_VOLUNTEER)
def consent(request: StaffRequest, volunteer_id: int, purpose: str) -> HttpResponse:
    """Note a consent given or taken back."""
    volunteer = person_of(request, volunteer_id)
    if purpose not in Consent.Purpose:
        raise Http404
    try:
        if request.POST.get("act") == "withdraw":
            withdraw_consent(
                volunteer=volunteer, purpose=purpose, by=request.user, at=timezone.now()
            )
        else:
            agreement = Agreement(purpose, WORDINGS[purpose].version)
            give_consent(
                volunteer=volunteer, agreement=agreement, by=request.user, at=timezone.now()
            )
    except (AlreadyRecorded, StateMovedOn):
        messages.info(request, _("刚才已经改过了。"))
    else:
        messages.success(request, _("记下了，从现在起生效。"))
    return redirect("people:dossier", volunteer.pk)


@require_POST
@require_permission(Permission.EDIT_VOLUNTEER)
def revoke(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Kill a lost card."""
    volunteer = person_of(request, volunteer_id)
    try:
        revoke_card(volunteer=volunteer, by=request.user, at=timezone.now())
    except StateMovedOn:
        messages.info(request, _("这张卡已经作废了。"))
    else:
        messages.success(request, _("卡已作废，扫码、扫描都认不出了。"))
    return redirect("people:dossier", volunteer.pk)
