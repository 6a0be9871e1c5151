"""Residents come in and go out: the community's sign-in page, the card's QR code, the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from points_store import resident_sessions
from points_store.access import require_resident, require_resident_before_pin
from points_store.devices import device_of
from volunteers.forms.mine import CardSignInForm, ChangePinForm, ChoosePinForm, SignInForm
from volunteers.models import Community, MemberCard
from volunteers.operations.people import hash_token
from volunteers.operations.pins import choose_pin, try_pin
from volunteers.operations.sign_in import sign_in
from volunteers.refusals import BirthYearNeeded, PinTooSimple
from volunteers.views.mine_words import word_pin, word_sign_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from points_store.http import ResidentRequest

CARD_SESSION_KEY = "sign_in_card"
READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_safe
def choose_community(request: HttpRequest) -> HttpResponse:
    """Go on to the one community's sign-in page, or let the visitor say which is theirs."""
    communities = list(Community.objects.order_by("name", "id")[:200])
    back = {"next": request.GET["next"]} if "next" in request.GET else None
    if len(communities) == 1:
        return redirect(reverse("mine:enter", args=[communities[0].slug], query=back))
    context = {"communities": communities}
    return render(request, "volunteers/mine/choose_community.html", context)


@require_safe
@never_cache
def open_card(request: HttpRequest, token: str) -> HttpResponse:
    """Open the sign-in page for the card whose QR code was read; the code itself opens nothing."""
    card = (
        MemberCard.objects.live()
        .filter(token_hash=hash_token(token), volunteer__state="active")
        .select_related("volunteer__community")
        .first()
    )
    if card is None:
        return render(request, "volunteers/mine/card_gone.html", status=404)
    request.session[CARD_SESSION_KEY] = card.pk
    return redirect("mine:enter", card.volunteer.community.slug)


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(READ_OR_SEND)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign a resident in: who they are and their PIN, or the PIN alone after a card's QR code."""
    community = get_object_or_404(Community, slug=slug)
    card = _card_at_hand(request, community)
    form = _sign_in_form(request, card)
    if form.is_valid():
        try:
            outcome = sign_in(
                community=community,
                claim=form.claim,
                pin=form.cleaned_data["pin"],
                device=device_of(request),
                at=timezone.now(),
            )
        except BirthYearNeeded:
            form.add_error("birth_year", _("一家人常合用一个手机号，请再填出生年。"))
        else:
            if outcome.access:
                resident_sessions.begin(request, outcome.access)
                return _go_on(request)
            if outcome.refusal:
                form.add_error("pin", word_sign_in(outcome.refusal))
    context = {
        "community": community,
        "form": form,
        "card": card,
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "volunteers/mine/sign_in.html", context, status=status)


def _sign_in_form(request: HttpRequest, card: MemberCard | None) -> CardSignInForm | SignInForm:
    if card:
        return CardSignInForm(request.POST or None, card_number=card.barcode)
    return SignInForm(request.POST or None)


@require_POST
def forget_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the full sign-in page again: the card was somebody else's."""
    request.session.pop(CARD_SESSION_KEY, None)
    return redirect("mine:enter", slug)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the resident out; nothing is left for the next reader of this phone."""
    resident_sessions.leave(request)
    return redirect("mine:sign_in")


@sensitive_post_parameters("current", "pin", "again")
@require_http_methods(READ_OR_SEND)
@require_resident
def change_pin(request: ResidentRequest) -> HttpResponse:
    """Replace the PIN, after the one that holds; every other session ends."""
    form = ChangePinForm(request.POST or None)
    if form.is_valid():
        outcome = try_pin(
            volunteer=request.volunteer,
            pin=form.cleaned_data["current"],
            device=device_of(request),
            at=timezone.now(),
        )
        if outcome.refusal:
            form.add_error("current", word_pin(outcome.refusal))
        elif _chose(request, form):
            messages.success(request, _("密码改好了，别处的登录都已退出。"))
            return redirect("mine:account")
    return _show_pin(request, form, "volunteers/mine/change_pin.html")


@sensitive_post_parameters("pin", "again")
@require_http_methods(READ_OR_SEND)
@require_resident_before_pin
def choose_first_pin(request: ResidentRequest) -> HttpResponse:
    """Let who came in with a printed code choose a PIN; nothing else is open until then."""
    if not request.access.must_change:
        return redirect("mine:change_pin")
    form = ChoosePinForm(request.POST or None)
    if form.is_valid() and _chose(request, form):
        messages.success(request, _("密码设好了。"))
        return redirect("mine:handbook")
    return _show_pin(request, form, "volunteers/mine/choose_pin.html")


def _card_at_hand(request: HttpRequest, community: Community) -> MemberCard | None:
    """Return the live card whose code this browser read last."""
    known = request.session.get(CARD_SESSION_KEY)
    if known is None:
        return None
    cards = MemberCard.objects.live().filter(pk=known, volunteer__community=community)
    return cards.select_related("volunteer").first()


def _go_on(request: HttpRequest) -> HttpResponse:
    """Return to the page that asked for the sign-in, else open the handbook."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return redirect("mine:handbook")
    return redirect(wanted)


def _chose(request: ResidentRequest, form: ChoosePinForm) -> bool:
    """Set the PIN and stay signed in with it; say on the field why not."""
    try:
        access = choose_pin(
            volunteer=request.volunteer, pin=form.cleaned_data["pin"], at=timezone.now()
        )
    except PinTooSimple as refusal:
        form.add_error("pin", word_pin(refusal))
        return False
    resident_sessions.begin(request, access)
    return True


def _show_pin(request: ResidentRequest, form: ChoosePinForm, template: str) -> HttpResponse:
    context = {"volunteer": request.volunteer, "form": form}
    return render(request, template, context, status=422 if form.is_bound else 200)
