"""Opening a dossier: who looks alike is shown before anybody is entered twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from ledger.refusals import KeyReused
from ledger.requests import RequestId
from points_store.access import Permission, require_permission
from volunteers.consents import WORDINGS
from volunteers.forms.people import DossierForm, EnrolForm
from volunteers.models import AccessLog, Consent, Volunteer
from volunteers.operations.dossiers import change_dossier, enrol_with_consent, log_access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from points_store.http import StaffRequest

EDITED = (
    "name",
    "name_bo",
    "birth_year",
    "estate",
    "door",
    "phone",
    "language",
    "unit",
    "reported_in",
)


@never_cache
@require_permission(Permission.ENROL_VOLUNTEER)
def enrol(request: StaffRequest) -> HttpResponse:
    """Search first, then enrol: 422 with look-alikes until staff say it is somebody else."""
    form = EnrolForm(
        request.POST or None, community=request.community, initial={"name": request.GET.get("name")}
    )
    alike: Sequence[Volunteer] = []
    if request.method == "POST":
        is_right = form.is_valid()
        alike = _look_alikes(request, form)
        if is_right and not form.errors:
            try:
                volunteer = _enrol(request, form)
            except KeyReused:
                form.add_error(None, _("这一页已经办过一本手册了，请从头再来。"))
            else:
                messages.success(request, _("手册办好了。"))
                return redirect("people:dossier", volunteer.pk)
    context = {"form": form, "alike": alike, "notice": WORDINGS[Consent.Purpose.DOSSIER].text}
    status = 422 if form.errors else 200
    return render(request, "volunteers/people/enrol.html", context, status=status)


@never_cache
@require_permission(Permission.EDIT_VOLUNTEER)
def edit(request: StaffRequest, volunteer_id: int) -> HttpResponse:
    """Correct what a dossier says of a person; opening it leaves a line in the log."""
    people = Volunteer.objects.of(request.community).select_related("community")
    volunteer = get_object_or_404(people, pk=volunteer_id)
    current = {name: getattr(volunteer, name) for name in EDITED}
    form = DossierForm(request.POST or None, community=request.community, initial=current)
    if form.is_valid():
        change_dossier(volunteer_id=volunteer.pk, fields=form.cleaned_data)
        messages.success(request, _("改好了。"))
        return redirect("people:dossier", volunteer.pk)
    log_access(
        community=request.community,
        act=AccessLog.Act.EDIT,
        by=request.user,
        at=timezone.now(),
        volunteer=volunteer,
    )
    context = {"form": form, "volunteer": volunteer}
    status = 422 if form.errors else 200
    return render(request, "volunteers/people/edit.html", context, status=status)


def _look_alikes(request: StaffRequest, form: EnrolForm) -> Sequence[Volunteer]:
    """Return who it may be already, and put the question on the form unless it was answered."""
    typed = form.cleaned_data
    if not typed.get("name"):
        return []
    alike = Volunteer.objects.of(request.community).look_alikes(
        typed["name"],
        name_bo=typed.get("name_bo", ""),
        phone=typed.get("phone", ""),
    )
    if alike and not typed.get("not_same"):
        words = ngettext(
            "可能已经办过：有 %(count)d 位很像", "可能已经办过：有 %(count)d 位很像", len(alike)
        )
        form.add_error("not_same", words % {"count": len(alike)})
    return alike


def _enrol(request: StaffRequest, form: EnrolForm) -> Volunteer:
    return enrol_with_consent(
        request=RequestId(
            client=f"user:{request.user.pk}", key=str(form.cleaned_data["request_key"])
        ),
        community=request.community,
        newcomer=form.newcomer,
        agreements=form.agreements,
        by=request.user,
        at=timezone.now(),
    )
