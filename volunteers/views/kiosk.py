"""The kiosk in the shop: who is it, the PIN, the handbook standing up; then it forgets.

Nobody is looked up by name here, and a card alone shows a masked name and nothing else.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from points_store import resident_sessions
from points_store.access import (
    Permission,
    require_permission,
    require_resident,
    require_resident_before_pin,
)
from points_store.devices import device_of, forget_kiosk, kiosk_of, make_kiosk
from volunteers.forms.mine import CardSignInForm, ChoosePinForm, KioskNumberForm
from volunteers.models import Community
from volunteers.operations.pins import choose_pin, choose_pin_when_identified
from volunteers.operations.sign_in import Kind, find_claimed, find_identified, read_claim, sign_in
from volunteers.refusals import PinTooSimple, Refusal
from volunteers.statement import read_statement
from volunteers.views.mine import cover_of
from volunteers.views.mine_words import word_pin, word_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from points_store.http import ResidentRequest, StaffRequest
    from volunteers.models import MemberAccess

P = ParamSpec("P")
CLAIM_SESSION_KEY = "kiosk_claim"
READ_OR_SEND = ["GET", "HEAD", "POST"]
LINES = 4


def kiosk_only(
    view: Callable[Concatenate[HttpRequest, Community, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the community in whose shop the kiosk stands; other machines are told so."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kiosk = kiosk_of(request)
        community = kiosk and Community.objects.filter(pk=kiosk.community_id).first()
        if not community:
            return render(request, "volunteers/kiosk/elsewhere.html", status=403)
        response = view(request, community, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@require_safe
@kiosk_only
def idle(request: HttpRequest, community: Community) -> HttpResponse:
    """Wait for a card; whoever was here before is forgotten."""
    resident_sessions.leave(request)
    return render(request, "volunteers/kiosk/idle.html", {"community": community})


@require_http_methods(READ_OR_SEND)
@kiosk_only
def number(request: HttpRequest, community: Community) -> HttpResponse:
    """Take a scanned card or a typed booklet number, and ask for the PIN next."""
    form = KioskNumberForm(request.POST or None)
    if form.is_valid():
        claim = read_claim(form.cleaned_data["number"])
        if claim.kind == Kind.CARD and find_claimed(community, claim) is None:
            form.add_error("number", _("这张卡用不了，可能换过新卡。请到柜台问一问。"))
        else:
            resident_sessions.leave(request)
            request.session[CLAIM_SESSION_KEY] = claim.number
            return redirect("kiosk:pin")
    context = {"community": community, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "volunteers/kiosk/number.html", context, status=status)


@sensitive_post_parameters("pin")
@require_http_methods(READ_OR_SEND)
@kiosk_only
def pin(request: HttpRequest, community: Community) -> HttpResponse:
    """Check the PIN of whom the card or number names."""
    claim = read_claim(request.session.get(CLAIM_SESSION_KEY, ""))
    if claim.kind == Kind.UNREADABLE:
        return redirect("kiosk:idle")
    claimed = find_claimed(community, claim)
    if claimed and find_identified(claimed, timezone.now()):
        return redirect("kiosk:first_pin")
    form = CardSignInForm(request.POST or None, card_number=claim.number)
    if form.is_valid():
        outcome = sign_in(
            community=community,
            claim=claim,
            pin=form.cleaned_data["pin"],
            device=device_of(request),
            at=timezone.now(),
        )
        if outcome.access:
            return _open(request, outcome.access)
        if outcome.refusal:
            form.add_error("pin", word_sign_in(outcome.refusal))
    is_card = claim.kind == Kind.CARD and claimed is not None
    return _shown(
        request,
        "volunteers/kiosk/pin.html",
        form,
        name=claimed.name if claimed and is_card else "",
        number="" if is_card else claim.number,
    )


@sensitive_post_parameters("pin", "again")
@require_http_methods(READ_OR_SEND)
@kiosk_only
def first_pin(request: HttpRequest, community: Community) -> HttpResponse:
    """Let the person whom staff identified a moment ago choose their first PIN here."""
    claimed = find_claimed(community, read_claim(request.session.get(CLAIM_SESSION_KEY, "")))
    identified_by = find_identified(claimed, timezone.now()) if claimed else None
    if claimed is None or identified_by is None:
        return redirect("kiosk:idle")
    form = ChoosePinForm(request.POST or None)
    if form.is_valid():
        try:
            access = choose_pin_when_identified(
                volunteer=claimed,
                pin=form.cleaned_data["pin"],
                by=identified_by,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("pin", word_pin(refusal))
        else:
            return _open(request, access)
    return _shown(request, "volunteers/kiosk/first_pin.html", form, name=claimed.name)


@sensitive_post_parameters("pin", "again")
@require_http_methods(READ_OR_SEND)
@require_resident_before_pin
def choose_own_pin(request: ResidentRequest) -> HttpResponse:
    """Let who came in with a printed code choose a PIN; nothing else is open until then."""
    if not request.access.must_change:
        return redirect("kiosk:mine")
    form = ChoosePinForm(request.POST or None)
    if form.is_valid():
        try:
            access = choose_pin(
                volunteer=request.volunteer, pin=form.cleaned_data["pin"], at=timezone.now()
            )
        except PinTooSimple as refusal:
            form.add_error("pin", word_pin(refusal))
        else:
            return _open(request, access)
    return _shown(request, "volunteers/kiosk/first_pin.html", form, name=request.volunteer.name)


@require_safe
@require_resident
def mine(request: ResidentRequest) -> HttpResponse:
    """The handbook, standing up; it leaves by itself."""
    context = {
        **cover_of(request.volunteer),
        "statement": read_statement(request.volunteer, limit=LINES),
    }
    return render(request, "volunteers/kiosk/mine.html", context)


@require_safe
@require_permission(Permission.REDEEM_AT_COUNTER)
def set_up(request: StaffRequest) -> HttpResponse:
    """Say what becomes of a machine that is made a kiosk."""
    kiosk = kiosk_of(request)
    context = {"is_kiosk": kiosk is not None and kiosk.community_id == request.community.pk}
    return render(request, "volunteers/kiosk/set_up.html", context)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def switch_on(request: StaffRequest) -> HttpResponse:
    """Make this machine a kiosk of the community; its clerk is signed out of it."""
    response = redirect("kiosk:idle")
    make_kiosk(response, request.community)
    logout(request)
    return response


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def switch_off(request: StaffRequest) -> HttpResponse:
    """Make this machine an ordinary one again."""
    response = redirect("kiosk:set_up")
    forget_kiosk(response)
    return response


def _open(request: HttpRequest, access: MemberAccess) -> HttpResponse:
    resident_sessions.begin(request, access)
    return redirect("kiosk:choose_own_pin" if access.must_change else "kiosk:mine")


def _shown(
    request: HttpRequest, template: str, form: ChoosePinForm | CardSignInForm, **context: object
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)
