"""The resident's PIN at the counter: confirming a basket, choosing the first, a printed code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from points_store.access import require_permission
from points_store.devices import device_of
from points_store.permissions import Permission
from rewards.forms.counter import ChoosePinForm, IdentifyForm, PinForm
from rewards.operations.redeeming import basket_content
from rewards.views.counter.basket import wants_json
from rewards.views.counter.till import find_payer, open_till, show_till
from rewards.views.counter.wording import Problem, word_pin
from volunteers.models import Identification
from volunteers.operations.pins import (
    FIRST_CODE_LASTS,
    choose_pin_when_identified,
    confirm_with_pin,
    identify_volunteer,
    issue_first_code,
    reset_pin,
)
from volunteers.refusals import Refusal

if TYPE_CHECKING:
    from points_store.http import StaffRequest
    from volunteers.models import Volunteer


@sensitive_post_parameters("pin")
@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def check_pin(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Try the PIN, once and counted, and answer with a confirmation of this person and basket."""
    volunteer = find_payer(request, volunteer_id)
    form = PinForm(request.POST)
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        return _pin_answer(request, volunteer, form, problem=str(problem))
    try:
        confirmation = confirm_with_pin(
            volunteer=volunteer,
            pin=form.cleaned_data["pin"],
            content=basket_content(volunteer, form.cleaned_data["line"]),
            device=device_of(request),
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _pin_answer(request, volunteer, form, problem=word_pin(refusal))
    return _pin_answer(request, volunteer, form, confirmation=str(confirmation.pk))


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(Permission.REDEEM_AT_COUNTER)
def choose_pin(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Let the resident, whom this clerk has just identified, choose a PIN on the keypad."""
    volunteer = find_payer(request, volunteer_id)
    form = ChoosePinForm(request.POST or None)
    if form.is_valid():
        try:
            choose_pin_when_identified(
                volunteer=volunteer,
                pin=form.cleaned_data["pin"],
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("pin", word_pin(refusal))
        else:
            messages.success(request, _("密码设好了，下次兑换就用它。"))
            return redirect("counter:redeem", volunteer.pk)
    return _show_choosing(request, volunteer, form)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def identify(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Note how the clerk made sure who it is; two minutes for the resident start now."""
    volunteer = find_payer(request, volunteer_id)
    form = IdentifyForm(request.POST)
    if not form.is_valid():
        return _show_choosing(request, volunteer, ChoosePinForm(), identify_form=form)
    try:
        identify_volunteer(
            volunteer=volunteer,
            way=form.cleaned_data["way"],
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error("way", word_pin(refusal))
        return _show_choosing(request, volunteer, ChoosePinForm(), identify_form=form)
    return redirect("counter:choose_pin", volunteer.pk)


@never_cache
@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def print_code(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Show a one-time code to print, this once: only its hash is kept."""
    volunteer = find_payer(request, volunteer_id)
    at = timezone.now()
    try:
        code = issue_first_code(volunteer=volunteer, by=request.user, at=at)
    except Refusal as refusal:
        messages.error(request, word_pin(refusal))
        return redirect("counter:choose_pin", volunteer.pk)
    context = {"volunteer": volunteer, "code": code, "until": at + FIRST_CODE_LASTS}
    return render(request, "rewards/counter/first_code.html", context)


@require_POST
@require_permission(Permission.EDIT_VOLUNTEER)
def forget_pin(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Take away a PIN that the resident forgot; nobody sees it, and all its sessions end."""
    volunteer = find_payer(request, volunteer_id)
    reset_pin(volunteer=volunteer, at=timezone.now())
    messages.success(request, _("旧密码已经清掉，请居民重新设一个。"))
    return redirect("counter:choose_pin", volunteer.pk)


def _pin_answer(
    request: StaffRequest,
    volunteer: Volunteer,
    form: PinForm,
    *,
    problem: str = "",
    confirmation: str = "",
) -> HttpResponse:
    status = 422 if problem else 200
    if wants_json(request):
        return JsonResponse({"problem": problem, "confirmation": confirmation}, status=status)
    till = open_till(request, volunteer.pk, form)
    if problem:
        till.problems.append(Problem(problem, is_about_consent=True))
    till.is_confirming, till.method, till.confirmation = True, "pin", confirmation
    return show_till(request, till, status=status)


def _show_choosing(
    request: StaffRequest,
    volunteer: Volunteer,
    form: ChoosePinForm,
    identify_form: IdentifyForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    identification = Identification.objects.filter(
        volunteer=volunteer,
        identified_by=request.user,
        used_at__isnull=True,
        expires_at__gt=now,
    ).last()
    context = {
        "volunteer": volunteer,
        "form": form,
        "identify_form": identify_form or IdentifyForm(),
        "identification": identification,
        "has_pin": bool(getattr(getattr(volunteer, "access", None), "pin_hash", "")),
        "may_reset": Permission.EDIT_VOLUNTEER in request.permissions,
    }
    is_wrong = form.is_bound or bool(identify_form)
    return render(
        request, "rewards/counter/choose_pin.html", context, status=422 if is_wrong else 200
    )
