"""One batch: every line of it, and confirming, sending back or undoing it as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from points_store.access import Permission, require_permission
from volunteers.forms.desk import ReasonForm
from volunteers.models import RecordBatch
from volunteers.operations.deciding import confirm_batch, decline_batch, void_batch
from volunteers.refusals import OwnPoints, SamePersonDecides, StateMovedOn
from volunteers.workdays import is_recorded_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest


@require_GET
@require_permission(Permission.RECORD_SERVICE)
def batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show the batch of one's own community."""
    return _show(request, _batch_of(request, batch_id))


@require_POST
@require_permission(Permission.CONFIRM_SERVICE)
def confirm(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Confirm what the user may decide; who entered it or lives with them may not."""
    found = _batch_of(request, batch_id)
    try:
        decision = confirm_batch(
            batch_id=found.pk, community=request.community, by=request.user, at=timezone.now()
        )
    except StateMovedOn:
        return _show(request, found, problem=_("这一批已经有人处理过了。"), status=409)
    except SamePersonDecides:
        return _show(request, found, problem=_("这一批是您登记的，请另一位来确认。"), status=422)
    except OwnPoints:
        problem = _("剩下的是您本人或同户的积分，请另一位来确认。")
        return _show(request, found, problem=problem, status=422)
    if decision.left_waiting:
        messages.warning(
            request,
            _("已记分 %(confirmed)d 人；%(left)d 人是您登记的、本人或同户的，等另一位确认。")
            % {"confirmed": decision.confirmed, "left": decision.left_waiting},
        )
    else:
        messages.success(request, _("已给 %(confirmed)d 人记分。") % vars(decision))
    return redirect("desk:batch", found.pk)


@require_POST
@require_permission(Permission.CONFIRM_SERVICE)
def decline(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Send a waiting batch back with a reason."""
    found = _batch_of(request, batch_id)
    form = ReasonForm(request.POST, prefix="decline")
    if not form.is_valid():
        return _show(request, found, decline_form=form, status=422)
    try:
        decline_batch(
            batch_id=found.pk,
            community=request.community,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except StateMovedOn:
        return _show(request, found, problem=_("这一批已经有人处理过了。"), status=409)
    messages.success(request, _("已退回，登记的人会看到原因。"))
    return redirect("desk:batch", found.pk)


@require_POST
@require_permission(Permission.VOID_SERVICE)
def void(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Undo a confirmed batch as a whole with a reason."""
    found = _batch_of(request, batch_id)
    form = ReasonForm(request.POST, prefix="void")
    if not form.is_valid():
        return _show(request, found, void_form=form, status=422)
    try:
        void_batch(
            batch_id=found.pk,
            community=request.community,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except StateMovedOn:
        return _show(request, found, problem=_("这一批现在不能撤销。"), status=409)
    messages.success(request, _("整批已撤销，积分已冲正。"))
    return redirect("desk:batch", found.pk)


def _batch_of(request: StaffRequest, batch_id: int) -> RecordBatch:
    return get_object_or_404(
        RecordBatch.objects.select_related("activity", "submitted_by", "decided_by", "voided_by"),
        pk=batch_id,
        community=request.community,
    )


def _show(
    request: StaffRequest,
    found: RecordBatch,
    *,
    problem: str = "",
    decline_form: ReasonForm | None = None,
    void_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    records = list(
        found.records.select_related("volunteer__debt_account", "decided_by").order_by("id")
    )
    decidable = {
        record.pk
        for record in records
        if not request.user.shares_door_with(record.volunteer)
        and not (record.needs_second_person and record.submitted_by_id == request.user.pk)
    }
    may_confirm = Permission.CONFIRM_SERVICE in request.permissions
    context = {
        "batch": found,
        "records": records,
        "minutes": sum(record.minutes for record in records),
        "is_late": _is_late(found),
        "points": sum(record.points for record in records),
        "may_review": may_confirm,
        "may_confirm": may_confirm and found.state == RecordBatch.State.SUBMITTED,
        "needs_another": bool(records) and not decidable,
        "may_void": Permission.VOID_SERVICE in request.permissions
        and found.state == RecordBatch.State.CONFIRMED,
        "problem": problem,
        "decline_form": decline_form or ReasonForm(prefix="decline"),
        "void_form": void_form or ReasonForm(prefix="void"),
    }
    return render(request, "volunteers/desk/batch.html", context, status=status)


def _is_late(found: RecordBatch) -> bool:
    """Whether the activity was written down after its ten working days."""
    if found.activity is None or found.is_imported:
        return False
    return is_recorded_late(found.activity.service_date, timezone.localdate(found.submitted_at))
