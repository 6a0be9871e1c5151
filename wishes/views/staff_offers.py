"""Asking people whether they would help, and lighting the lamp when they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from points_store.access import require_permission
from points_store.devices import device_of
from points_store.permissions import Permission
from volunteers.models import Unit
from volunteers.operations.pins import confirm_with_pin
from wishes.candidates import rank_candidates
from wishes.forms.staff import HelperForm, LightForm, OfferForm
from wishes.models import Dispatch, Helper, Wish
from wishes.operations.delivering import Lighting, light_wish, lighting_content
from wishes.operations.dispatching import (
    Candidate,
    accept_offer,
    decline_offer,
    offer_wish,
    recall_offers,
    register_helper,
)
from wishes.views.staff_acts import act_page, find_wish
from wishes.wording import refusals_on, refusals_told

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from points_store.http import StaffRequest
    from wishes.candidates import Candidate as Ranked

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def offer(request: StaffRequest, number: int) -> HttpResponse:
    """Ask up to three, one after the other."""
    wish = find_wish(request, number)
    ranked = rank_candidates(wish)
    form = OfferForm(request.POST or None, choices=_choices(request, ranked))
    if form.is_valid():
        with refusals_on(form):
            offer_wish(
                community=request.community,
                number=number,
                candidates=[_candidate(choice) for choice in form.asked()],
                hours_to_answer=form.cleaned_data["hours_to_answer"],
                by=request.user,
                at=timezone.now(),
            )
            return redirect("wishes:show", number)
    return act_page(
        request, form, wish=wish, title=_("派单：请谁来帮忙"), button=_("去问"), ranked=ranked
    )


@require_POST
@require_permission(Permission.MANAGE_WISHES)
def answer(request: StaffRequest, number: int, dispatch_id: int, act: str) -> HttpResponse:
    """Note an answer given on the phone, or stop asking."""
    wish = find_wish(request, number)
    get_object_or_404(Dispatch, pk=dispatch_id, wish=wish)
    community, by, at = request.community, request.user, timezone.now()
    act_on = {"accept": accept_offer, "decline": decline_offer}.get(act)
    with refusals_told(request):
        if act_on is None:
            recall_offers(community=community, number=number, by=by, at=at)
        else:
            act_on(community=community, dispatch_id=dispatch_id, by=by, at=at)
    return redirect("wishes:show", number)


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def light(request: StaffRequest, number: int) -> HttpResponse:
    """Light the lamp on the neighbour's own word: a PIN, a signature, or a call back."""
    wish = find_wish(request, number)
    form = LightForm(request.POST or None, initial={"confirmed_how": Wish.Confirmation.CALL_BACK})
    if form.is_valid():
        clean = form.cleaned_data
        with refusals_on(form):
            light_wish(
                community=request.community,
                number=number,
                lighting=Lighting(
                    confirmed_how=clean["confirmed_how"],
                    rating=int(clean["rating"]) if clean["rating"] else None,
                    thanks=clean["thanks"],
                    pin_confirmation_id=_type_pin(request, wish, clean),
                ),
                may_confirm=Permission.CONFIRM_SERVICE in request.permissions,
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("%(number)d号心愿点亮了！") % {"number": number})
            return redirect("wishes:show", number)
    return act_page(request, form, wish=wish, title=_("听本人说，点亮"), button=_("点亮这盏灯"))


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def helpers(request: StaffRequest) -> HttpResponse:
    """List who is willing to be asked, and add or change one."""
    form = HelperForm(request.POST or None, community=request.community)
    if form.is_valid():
        clean = form.cleaned_data
        register_helper(
            volunteer=clean["volunteer"],
            skills=clean["skills"],
            note=clean["note"],
            is_willing=clean["is_willing"],
        )
        return redirect("wishes:helpers")
    listed = (
        Helper.objects.filter(volunteer__community=request.community)
        .select_related("volunteer")
        .order_by("-is_willing", "volunteer__name", "volunteer_id")
    )
    status = 422 if form.is_bound else 200
    return render(
        request, "wishes/staff/helpers.html", {"form": form, "helpers": listed}, status=status
    )


def _choices(request: StaffRequest, ranked: list[Ranked]) -> list[tuple[str, str]]:
    people = [
        (f"volunteer-{one.volunteer.pk}", f"{one.volunteer.name} {one.volunteer.address}")
        for one in ranked
    ]
    units = Unit.objects.filter(community=request.community, is_active=True).order_by("name")
    return people + [(f"unit-{unit.pk}", unit.name) for unit in units]


def _candidate(choice: str) -> Candidate:
    kind, _dash, key = choice.partition("-")
    return Candidate(volunteer_id=int(key)) if kind == "volunteer" else Candidate(unit_id=int(key))


def _type_pin(request: StaffRequest, wish: Wish, clean: dict[str, str]) -> UUID | None:
    """Turn the wisher's PIN into a confirmation; the try counts even if the lamp stays dark."""
    wisher = wish.facts.wisher
    if clean["confirmed_how"] != Wish.Confirmation.PIN or wisher is None:
        return None
    return confirm_with_pin(
        volunteer=wisher,
        pin=clean["pin"],
        content=lighting_content(wish),
        device=device_of(request),
        by=request.user,
        at=timezone.now(),
    ).pk
