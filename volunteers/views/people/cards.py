"""Sheets of cards: whom to print for, and the sheet itself, which issues what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ledger.refusals import KeyReused
from ledger.requests import RequestId
from points_store.access import Permission, require_permission
from volunteers.forms.people import CardsForm
from volunteers.models import MemberCard, Volunteer
from volunteers.operations.dossiers import issue_sheet

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

SHEET_PEOPLE = 100


@never_cache
@require_permission(Permission.EDIT_VOLUNTEER)
def cards(request: StaffRequest) -> HttpResponse:
    """Ask whose cards to print; POST issues and shows them, once."""
    people = Volunteer.objects.of(request.community).active().order_by("number")
    wanted = request.GET.get("for", "")
    if wanted.isascii() and wanted.isdigit():
        people = people.filter(pk=int(wanted[:18]))
    else:
        people = people.exclude(pk__in=MemberCard.objects.live().values("volunteer"))
    form = CardsForm(request.POST or None, people=people)
    if form.is_valid():
        return _print(request, form)
    context = {"form": form, "people": people[:SHEET_PEOPLE], "is_new": bool(wanted)}
    status = 422 if form.errors else 200
    return render(request, "volunteers/people/cards.html", context, status=status)


def _print(request: StaffRequest, form: CardsForm) -> HttpResponse:
    key = str(form.cleaned_data["request_key"])
    try:
        issued = issue_sheet(
            request=RequestId(client=f"user:{request.user.pk}", key=key),
            community=request.community,
            volunteer_ids=[person.pk for person in form.cleaned_data["people"]],
            by=request.user,
            at=timezone.now(),
        )
    except KeyReused:
        issued = None
    if issued is None:
        messages.warning(request, _("这一页的卡已经印过，方块码只显示一次。要重印请再发一次新卡。"))
        return redirect("people:cards")
    sheet = [
        (one.card, settings.PUBLIC_URL + reverse("mine:open_card", args=[one.token]))
        for one in issued
    ]
    return render(request, "volunteers/people/card_sheet.html", {"sheet": sheet})
