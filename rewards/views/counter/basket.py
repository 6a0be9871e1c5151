"""The basket: what goes into it, setting it aside, and handing it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ledger.requests import RequestId
from points_store.access import require_permission
from points_store.permissions import Permission
from rewards.forms.counter import BasketForm, ChangeForm, RedemptionForm
from rewards.operations.parking import drop_parked_basket, park_basket
from rewards.operations.redeeming import Consent, redeem_rewards
from rewards.refusals import BasketEmpty
from rewards.views.counter.till import find_payer, open_till, show_till
from rewards.views.counter.wording import REFUSED, Problem, word_refusal
from volunteers.refusals import UnknownVolunteers

if TYPE_CHECKING:
    from datetime import datetime

    from points_store.http import StaffRequest
    from rewards.models import Redemption


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(Permission.REDEEM_AT_COUNTER)
def redeem(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Show the till; a POST hands the basket over. The operation finds the person in the community.

    Statements of a POST that succeeds: twelve at most, which a test counts.
    """
    form = RedemptionForm(request.POST or None)
    if form.is_valid():
        at = timezone.now()
        try:
            redemption = redeem_rewards(
                request=request_id(request, form),
                community=request.community,
                volunteer_id=volunteer_id,
                lines=form.cleaned_data["line"],
                consent=_consent(form),
                by=request.user,
                at=at,
            )
        except UnknownVolunteers as unknown:
            raise Http404 from unknown
        except REFUSED as refusal:
            return _refused(request, volunteer_id, form, word_refusal(refusal))
        return _handed_over(request, redemption, at)
    till = open_till(request, volunteer_id, form)
    till.problems += _consent_problems(form)
    return show_till(request, till, status=422 if form.is_bound else 200)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def change(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Change the basket on a page without scripts; nothing is kept but on the page."""
    form = ChangeForm(request.POST)
    till = open_till(request, volunteer_id, form)
    if not form.is_valid():
        return show_till(request, till, status=422)
    typed = form.cleaned_data["find"]
    goods = {good.reward.pk: (good.reward.price_points, 1) for good in till.goods}
    chosen = till.find_good(typed) if typed else None
    if chosen:
        good, pieces = chosen
        form.cleaned_data["more"] = good.reward.pk
        goods[good.reward.pk] = (good.reward.price_points, pieces)
    till.show = form.cleaned_data["show"] or "all"
    till.find = "" if chosen else typed
    till.replace_basket(form.changed_lines(goods))
    return show_till(request, till)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def confirm(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Ask for the resident's consent on a page without scripts."""
    form = BasketForm(request.POST)
    till = open_till(request, volunteer_id, form)
    if not till.lines:
        till.problems.append(word_refusal(BasketEmpty()))
        return show_till(request, till, status=422)
    till.is_confirming = True
    return show_till(request, till)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def park(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Set the basket aside and go on: to the search, to a scanned code, or to choosing a PIN."""
    volunteer = find_payer(request, volunteer_id)
    form = BasketForm(request.POST)
    if not form.is_valid():
        return show_till(request, open_till(request, volunteer_id, form), status=422)
    if form.cleaned_data["line"]:
        park_basket(
            volunteer=volunteer, lines=form.cleaned_data["line"], by=request.user, at=timezone.now()
        )
    else:
        drop_parked_basket(volunteer=volunteer, by=request.user)
    if "choose_pin" in request.POST:
        return redirect("counter:choose_pin", volunteer.pk)
    return redirect("counter:find")


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def drop(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Forget a parked basket."""
    drop_parked_basket(volunteer=find_payer(request, volunteer_id), by=request.user)
    return redirect("counter:find")


def request_id(request: StaffRequest, form: BasketForm) -> RequestId:
    """Return the page's key as this clerk's."""
    return RequestId(client=f"user:{request.user.pk}", key=str(form.cleaned_data["request_key"]))


def wants_json(request: StaffRequest) -> bool:
    """Whether the page's script asks; without it the browser asks for a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _consent(form: RedemptionForm) -> Consent:
    return Consent(
        method=form.cleaned_data["method"],
        pin_confirmation_id=form.cleaned_data["confirmation"],
        collector_name=form.cleaned_data["collector_name"],
    )


def _refused(
    request: StaffRequest, volunteer_id: int, form: RedemptionForm, problem: Problem
) -> HttpResponse:
    till = open_till(request, volunteer_id, form, problem)
    till.is_confirming = problem.is_about_consent
    till.method = form.cleaned_data["method"]
    till.collector_name = form.cleaned_data["collector_name"]
    return show_till(request, till, status=422)


def _consent_problems(form: RedemptionForm) -> list[Problem]:
    return [
        Problem(str(error), is_about_consent=True)
        for name in ("method", "confirmation", "collector_name")
        for error in form.errors.get(name, [])
    ]


def _handed_over(request: StaffRequest, redemption: Redemption, at: datetime) -> HttpResponse:
    """Go to the slip; it says so when this very page had been sent before."""
    address = reverse("counter:slip", args=[redemption.number])
    if redemption.redeemed_at != at:
        address += "?again=1"
    if wants_json(request):
        return JsonResponse({"location": address})
    return redirect(address)
