"""Importing a file: choose its kind, look at every row, then all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from points_store.access import Permission, require_permission
from points_store.sheets import UnreadableSheet
from volunteers.forms.imports import UploadForm
from volunteers.importing.plan import Outcome, kind_of, kinds
from volunteers.importing.running import (
    PlanMovedOn,
    carry_out,
    keep_draft,
    plan_draft,
    table_of,
)
from volunteers.importing.table import NoSuchTable
from volunteers.models import ImportDraft, ImportedFile
from volunteers.views.imports.words import why_unreadable

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.http import StaffRequest

NOTES_SHOWN = 20
ANSWER = "answer-"


@require_GET
@require_permission(Permission.IMPORT_FILES)
def start(request: StaffRequest) -> HttpResponse:
    """Offer the kinds of files and show what was imported before."""
    notes = ImportedFile.objects.filter(community=request.community).select_related("imported_by")
    context = {"kinds": kinds(), "notes": notes[:NOTES_SHOWN]}
    return render(request, "volunteers/imports/start.html", context)


@never_cache
@require_permission(Permission.IMPORT_FILES)
def upload(request: StaffRequest, slug: str) -> HttpResponse:
    """Take a file of one kind and read it; nothing is imported yet."""
    kind = kind_of(slug)
    if kind is None:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, options=kind.options)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            draft = keep_draft(
                community=request.community,
                kind=kind,
                file_name=upload.name,
                data=upload.read(),
                options=form.options,
                by=request.user,
                at=timezone.now(),
            )
        except (UnreadableSheet, NoSuchTable) as refusal:
            form.add_error("file", why_unreadable(refusal))
        else:
            return redirect("imports:preview", draft.pk)
    context = {"form": form, "kind": kind}
    return render(
        request, "volunteers/imports/upload.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_permission(Permission.IMPORT_FILES)
def preview(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Say row by row what will happen; POST keeps the answers, or does it all at once."""
    draft = ImportDraft.objects.filter(pk=draft_id, community=request.community).first()
    if draft is None:
        return _gone(request)
    if request.method == "POST":
        draft.answers = _answers(request)
        draft.save(update_fields=["answers"])
        if request.POST.get("act") == "import":
            return _carry_out(request, draft)
        return redirect("imports:preview", draft.pk)
    return _show(request, draft)


@require_permission(Permission.IMPORT_FILES)
def give_up(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Throw a draft away; nothing was imported."""
    draft = get_object_or_404(ImportDraft, pk=draft_id, community=request.community)
    if request.method == "POST":
        draft.delete()
        messages.info(request, _("没有导入，文件内容已清掉。"))
    return redirect("imports:start")


def _answers(request: StaffRequest) -> dict[str, str]:
    return {
        name.removeprefix(ANSWER): value[:40]
        for name, value in request.POST.items()
        if name.startswith(ANSWER) and isinstance(value, str)
    }


def _carry_out(request: StaffRequest, draft: ImportDraft) -> HttpResponse:
    try:
        note = carry_out(
            draft=draft,
            fingerprint=request.POST.get("fingerprint", ""),
            by=request.user,
            at=timezone.now(),
        )
    except PlanMovedOn:
        messages.warning(request, _("答案或资料有变动，请再看一遍，然后导入。"))
        return _show(request, draft, status=422)
    except ImportDraft.DoesNotExist:
        return _gone(request)
    words = _("导入好了：新增 %(created)d，已有 %(matched)d，没导入 %(skipped)d。")
    messages.success(
        request,
        words
        % {
            "created": note.created_count,
            "matched": note.matched_count,
            "skipped": note.skipped_count,
        },
    )
    kind = kind_of(note.kind)
    return redirect(kind.after if kind else "imports:start")


def _gone(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("这个文件已经导入过，或者放了一天以上。"))
    return redirect("imports:start")


def _show(request: StaffRequest, draft: ImportDraft, *, status: int = 200) -> HttpResponse:
    plan = plan_draft(draft, by=request.user, at=timezone.now())
    table = table_of(draft)
    order = [Outcome.ASK, Outcome.PROBLEM, Outcome.CREATE, Outcome.MATCH, Outcome.SKIP]
    lines = sorted(plan.lines, key=lambda line: order.index(line.outcome))
    counts = plan.counts
    context = {
        "draft": draft,
        "kind": kind_of(draft.kind),
        "plan": plan,
        "table": table,
        "lines": lines,
        "several_sheets": len({line.row.sheet for line in lines}) > 1,
        "created": counts[Outcome.CREATE],
        "matched": counts[Outcome.MATCH],
        "skipped": counts[Outcome.SKIP] + len(table.passed_over),
        "to_look_at": counts[Outcome.ASK] + counts[Outcome.PROBLEM],
        "repeat": ImportedFile.objects.filter(
            community=request.community, sha256=draft.sha256
        ).first(),
    }
    return render(request, "volunteers/imports/preview.html", context, status=status)
