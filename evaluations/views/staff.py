"""Codes for scoring, their results, and the ranking, for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.forms import InvitationForm, SubjectForm
from evaluations.models import Evaluation, Subject
from evaluations.operations import hide_evaluation, open_subject, print_invitations, set_open
from evaluations.refusals import NameTaken
from evaluations.results import read_result
from points_store.access import require_permission
from points_store.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

MOST_RANKED = 10


@require_safe
@require_permission(Permission.VIEW_REPORTS)
def subjects(request: StaffRequest) -> HttpResponse:
    """List the codes with what was answered so far."""
    listed = Subject.objects.of(request.community).with_results().order_by("-is_open", "name", "id")
    return render(request, "evaluations/staff/list.html", {"subjects": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(Permission.MANAGE_EVALUATIONS)
def new(request: StaffRequest) -> HttpResponse:
    """Give a place, an activity or the shop a code of its own."""
    form = SubjectForm(request.POST or None, initial={"kind": Subject.Kind.PLACE})
    if form.is_valid():
        try:
            subject = open_subject(
                community=request.community, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except NameTaken:
            form.add_error("name", _("已经有这个名称了。"))
        else:
            return redirect("evaluations_staff:show", subject.pk)
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/staff/new.html", {"form": form}, status=status)


@require_safe
@require_permission(Permission.VIEW_REPORTS)
def show(request: StaffRequest, subject_id: int) -> HttpResponse:
    """Show a code's results, from five answers up."""
    subject = _find(request, subject_id)
    context = {
        "subject": subject,
        "result": read_result(subject),
        "invitations": subject.invitations.count(),
        "form": InvitationForm(),
        "may_manage": Permission.MANAGE_EVALUATIONS in request.permissions,
    }
    return render(request, "evaluations/staff/show.html", context)


@require_safe
@require_permission(Permission.VIEW_REPORTS)
def sheet(request: StaffRequest, subject_id: int) -> HttpResponse:
    """Print the code to hang at the door."""
    subject = _find(request, subject_id)
    context = {"subject": subject, "address": _address(subject)}
    return render(request, "evaluations/staff/sheet.html", context)


@require_POST
@require_permission(Permission.MANAGE_EVALUATIONS)
def invitations(request: StaffRequest, subject_id: int) -> HttpResponse:
    """Print invitations that answer once each; they are shown this once."""
    subject = _find(request, subject_id)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return redirect("evaluations_staff:show", subject.pk)
    codes = print_invitations(
        subject=subject, count=form.cleaned_data["count"], by=request.user, at=timezone.now()
    )
    addresses = [f"{_address(subject)}?i={code}" for code in codes]
    context = {"subject": subject, "addresses": addresses}
    return render(request, "evaluations/staff/invitations.html", context)


@require_POST
@require_permission(Permission.MANAGE_EVALUATIONS)
def switch(request: StaffRequest, subject_id: int) -> HttpResponse:
    """Open a code for answers, or close it."""
    subject = _find(request, subject_id)
    set_open(subject=subject, is_open=request.POST.get("open") == "1")
    return redirect("evaluations_staff:show", subject.pk)


@require_POST
@require_permission(Permission.MANAGE_EVALUATIONS)
def hide(request: StaffRequest, subject_id: int, evaluation_id: int) -> HttpResponse:
    """Leave spam out of the results."""
    subject = _find(request, subject_id)
    evaluation = get_object_or_404(Evaluation, pk=evaluation_id, subject=subject)
    hide_evaluation(evaluation=evaluation, by=request.user, at=timezone.now())
    return redirect("evaluations_staff:show", subject.pk)


@require_safe
@require_permission(Permission.VIEW_REPORTS)
def ranking(request: StaffRequest) -> HttpResponse:
    """Print the ten that people like best, from five answers up."""
    places = Subject.objects.of(request.community).ranked()[:MOST_RANKED]
    context = {"places": places, "at": timezone.now()}
    return render(request, "evaluations/staff/ranking.html", context)


def _find(request: StaffRequest, subject_id: int) -> Subject:
    return get_object_or_404(Subject, pk=subject_id, community=request.community)


def _address(subject: Subject) -> str:
    path = reverse("evaluations:answer", args=[subject.token])
    return f"{settings.PUBLIC_URL}{path}"
