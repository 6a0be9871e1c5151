"""Logging one activity for many people (ui 05). Every change is saved as a draft on the server."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ledger.refusals import KeyReused
from ledger.requests import RequestId
from points_store.access import Permission, require_permission
from volunteers.calculation import calculate, percent_of
from volunteers.forms.desk import MAX_ROWS, PasteForm, hours_text
from volunteers.matching import Match, match_typed
from volunteers.models import LogDraft, PointsRuleVersion, ServiceRecord
from volunteers.operations.recording import record_batch
from volunteers.refusals import (
    AlreadyRecorded,
    DateInFuture,
    DayOverfull,
    Refusal,
    RuleNotInForce,
    UnknownVolunteers,
)
from volunteers.roster_text import Entry
from volunteers.views.desk.sheet import (
    Line,
    Sheet,
    empty_sheet,
    keep_draft,
    row_of,
    sheet_from_draft,
    sheet_from_post,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from points_store.http import StaffRequest

DRAFTS_SHOWN = 3
NUMBER = re.compile(r"[0-9]{1,18}")


class Part(NamedTuple):
    """A number of the formula with its unit, and the sign before it."""

    sign: str
    number: str
    unit: str


@require_http_methods(["GET", "POST"])
@require_permission(Permission.RECORD_SERVICE)
def log(request: StaffRequest) -> HttpResponse:
    """Show the page, a draft on it, or take the batch: one key, one batch."""
    if request.method == "GET":
        return _show(request, _sheet_to_show(request))
    sheet = sheet_from_post(request, _key_of(request))
    if "add" in request.POST:
        return _add_without_script(request, sheet)
    if not (sheet.form.is_valid() and sheet.is_ready):
        keep_draft(request, sheet)
        return _show(request, sheet, status=422)
    try:
        batch = record_batch(
            request=RequestId(client=f"user:{request.user.pk}", key=str(sheet.key)),
            community=request.community,
            occasion=sheet.occasion(),
            lines=sheet.service_lines(),
            by=request.user,
            at=timezone.now(),
        )
    except (Refusal, KeyReused) as refusal:
        _word(sheet, refusal)
        keep_draft(request, sheet)
        return _show(request, sheet, status=422)
    LogDraft.objects.filter(key=sheet.key, user=request.user).delete()
    messages.success(request, _("已登记，等第二个人确认后记分。"))
    return redirect("desk:batch", batch.pk)


@require_POST
@require_permission(Permission.RECORD_SERVICE)
def rows(request: StaffRequest) -> HttpResponse:
    """Return rendered rows for what was typed, scanned, or asked for as last time's people."""
    if "last" in request.POST:
        matches = _last_people(request)
    else:
        matches = [match_typed(request.community, request.POST.get("text", "").strip()[:100])]
    lines = [
        Line(
            row=row_of(match, uuid.uuid4().hex[:8], request.POST),
            volunteer=match.volunteer,
            candidates=list(match.candidates),
        )
        for match in matches[:MAX_ROWS]
    ]
    return render(request, "volunteers/desk/_rows.html", {"lines": lines})


@require_POST
@require_permission(Permission.RECORD_SERVICE)
def check(request: StaffRequest) -> JsonResponse:
    """Count the page as the server would, and keep it as a draft."""
    sheet = sheet_from_post(request, _key_of(request))
    if sheet.lines:
        keep_draft(request, sheet)
    return JsonResponse(
        {
            "people": sheet.people,
            "paid": sum(line.points is not None for line in sheet.lines),
            "hours": sheet.hours,
            "points": sheet.points,
            "formula": [part._asdict() for part in _formula(request, sheet)],
            "rows": {
                line.row.name: {"points": line.points, "note": line.note, "kind": line.kind}
                for line in sheet.lines
            },
        }
    )


@require_POST
@require_permission(Permission.RECORD_SERVICE)
def discard(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """Throw one's own draft away."""
    LogDraft.objects.filter(key=key, user=request.user, community=request.community).delete()
    return redirect("desk:log")


def _sheet_to_show(request: StaffRequest) -> Sheet:
    if "draft" not in request.GET:
        return empty_sheet(request, uuid.uuid4())
    try:
        key = uuid.UUID(request.GET["draft"])
    except ValueError:
        return empty_sheet(request, uuid.uuid4())
    draft = get_object_or_404(LogDraft, key=key, user=request.user, community=request.community)
    return sheet_from_draft(request.community, draft)


def _show(request: StaffRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    context = {
        "sheet": sheet,
        "form": sheet.form,
        "paste_form": PasteForm(),
        "intensities": [
            (value, label, percent_of(request.community, value))
            for value, label in ServiceRecord.Intensity.choices
        ],
        "formula": _formula(request, sheet),
        "drafts": LogDraft.objects.filter(user=request.user, community=request.community)
        .exclude(key=sheet.key)
        .order_by("-saved_at")[:DRAFTS_SHOWN],
    }
    return render(request, "volunteers/desk/log.html", context, status=status)


def _formula(request: StaffRequest, sheet: Sheet) -> list[Part]:
    """Return the sum for one person in parts, from the version in force that day."""
    if not sheet.form.is_valid():
        return []
    data = sheet.form.cleaned_data
    version = (
        PointsRuleVersion.objects.in_force(request.community, data["service_date"])
        .filter(rule=data["rule"])
        .first()
    )
    if version is None:
        return []
    sums = calculate(
        version=version,
        minutes=data["hours"],
        percent=percent_of(request.community, data["intensity"]),
    )
    parts = []
    if sums.per_occasion_points:
        parts.append(Part("", str(sums.per_occasion_points), _("分/次")))
    if sums.per_hour_points:
        parts.append(Part("+" if parts else "", str(sums.per_hour_points), _("分/小时")))
        parts.append(Part("×", hours_text(sums.minutes), _("小时")))
    factor = f"{sums.percent / 100:g}"
    parts.append(Part("×", factor, _("强度")))
    parts.append(Part("=", str(sums.points), _("分/人")))
    return parts


def _key_of(request: StaffRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        return uuid.uuid4()


def _add_without_script(request: StaffRequest, sheet: Sheet) -> HttpResponse:
    typed = request.POST.get("text", "").strip()[:100]
    kept = [line.row for line in sheet.lines]
    if typed:
        match = match_typed(request.community, typed)
        kept.append(row_of(match, "new", request.POST))
    draft = keep_draft(request, sheet, kept)
    return redirect(f"{request.path}?draft={draft.key}")


def _last_people(request: StaffRequest) -> list[Match]:
    """Return who was at the newest activity of the chosen rule."""
    rule = request.POST.get("rule", "")
    newest = (
        ServiceRecord.objects.of(request.community)
        .filter(rule_version__rule=int(rule) if NUMBER.fullmatch(rule) else None)
        .exclude(activity=None)
        .order_by("-service_date", "-id")
        .values_list("activity", flat=True)
        .first()
    )
    if newest is None:
        return []
    records = (
        ServiceRecord.objects.filter(activity=newest, volunteer__state="active")
        .select_related("volunteer")
        .order_by("id")
    )
    return [
        Match(Entry(line, one.volunteer.name, name=one.volunteer.name), one.volunteer)
        for line, one in enumerate(records, start=1)
    ]


def _word(sheet: Sheet, refusal: Refusal | KeyReused) -> None:
    """Put each refusal into words on the field or the rows it is about."""
    if isinstance(refusal, DateInFuture):
        sheet.form.add_error("service_date", _("日期还没有到，请登记已经做完的活动。"))
    elif isinstance(refusal, RuleNotInForce):
        sheet.form.add_error("service_date", _("这一天还没有这个项目的积分标准。"))
    elif isinstance(refusal, AlreadyRecorded):
        _mark(sheet, refusal.volunteer_ids, _("今天已登记过同一活动，请移除"))
    elif isinstance(refusal, DayOverfull):
        _mark(sheet, refusal.volunteer_ids, _("这一天加起来超过 24 小时，请看一下时长"))
    elif isinstance(refusal, UnknownVolunteers):
        _mark(sheet, refusal.volunteer_ids, _("这位居民已不在册，请移除"))
    elif isinstance(refusal, KeyReused):
        sheet.form.add_error(None, _("这一页已经提交过，内容和现在不同。请从“记分”重新打开。"))
    else:
        sheet.form.add_error(None, _("还没有加人。"))


def _mark(sheet: Sheet, volunteer_ids: Collection[int], note: str) -> None:
    for line in sheet.lines:
        if line.volunteer and line.volunteer.pk in volunteer_ids:
            line.kind, line.note = "bad", note
