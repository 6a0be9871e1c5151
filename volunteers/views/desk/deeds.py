"""Declared deeds at the desk: entering one for somebody, and deciding on each (ui 06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ledger.refusals import KeyReused
from ledger.requests import RequestId
from points_store.access import Permission, require_permission
from volunteers.forms.deeds import ReviewForm, StaffDeedForm
from volunteers.matching import match_typed
from volunteers.models import Deed, Photo, ServiceRecord, Volunteer
from volunteers.operations.deeds import (
    MORE_THAN_STANDARD,
    ask_about_deed,
    declare_deed,
    decline_deed,
    pass_deed,
    standard_points,
)
from volunteers.refusals import (
    CapReached,
    OwnPoints,
    PointsOutOfRange,
    ReasonMissing,
    Refusal,
    RuleNotInForce,
    SamePersonDecides,
)
from volunteers.views.mine_deeds import keep_photos, kept_photos, word_refusal

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from points_store.http import StaffRequest

QUEUE = 50
BELOW_STANDARD = 1


@require_http_methods(["GET", "POST"])
@require_permission(Permission.RECORD_SERVICE)
def declare(request: StaffRequest) -> HttpResponse:
    """Enter a deed for somebody who came to the desk; another person decides on it."""
    if request.method == "GET":
        return _entry(request, StaffDeedForm(community=request.community))
    form = StaffDeedForm(request.POST, request.FILES, community=request.community)
    person = _person(request, form)
    keep_photos(form, request.community, by=request.user, resident=None)
    if person is None or not form.is_valid():
        return _entry(request, form, status=422)
    key = form.cleaned_data["request_key"]
    try:
        declare_deed(
            request=RequestId(client=f"user:{request.user.pk}", key=str(key)),
            community=request.community,
            volunteer_id=person.pk,
            story=form.told,
            upload_key=key,
            by=request.user,
            at=timezone.now(),
        )
    except (Refusal, KeyReused) as refusal:
        word_refusal(form, refusal)
        return _entry(request, form, status=422)
    messages.success(request, _("已登记，等另一位审核。"))
    return redirect("desk:declare")


@require_GET
@require_permission(Permission.CONFIRM_SERVICE)
def deeds(request: StaffRequest) -> HttpResponse:
    """Open the oldest waiting deed, or say that all are done."""
    first = Deed.objects.of(request.community).waiting().order_by("submitted_at", "id").first()
    if first is None:
        return render(request, "volunteers/desk/deeds/none.html")
    return redirect("desk:deed", first.pk)


@require_GET
@require_permission(Permission.CONFIRM_SERVICE)
def deed(request: StaffRequest, deed_id: int) -> HttpResponse:
    """Show one deed with what speaks for and against it."""
    return _show(request, _deed_of(request, deed_id), ReviewForm())


@require_POST
@require_permission(Permission.CONFIRM_SERVICE)
def decide(request: StaffRequest, deed_id: int) -> HttpResponse:
    """Pass, ask back or decline; then the next one."""
    found = _deed_of(request, deed_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    facts: dict[str, Any] = {
        "deed_id": found.pk,
        "community": request.community,
        "by": request.user,
        "at": timezone.now(),
    }
    words = form.cleaned_data["reason"]
    try:
        match request.POST.get("verb"):
            case "pass":
                pass_deed(points=form.cleaned_data["points"], reason=words, **facts)
            case "ask":
                ask_about_deed(question=words, **facts)
            case "decline":
                decline_deed(reason=words, **facts)
            case _:
                raise Http404
    except Refusal as refusal:
        _word(form, refusal)
        return _show(request, found, form, status=422)
    messages.success(request, _("%(name)s的这一件已处理。") % {"name": found.volunteer.name})
    return redirect("desk:deeds")


@require_GET
@require_permission(Permission.RECORD_SERVICE)
def photo(request: StaffRequest, photo_id: int) -> HttpResponseBase:
    """Send a picture of the own community to staff; no browser keeps it."""
    found = get_object_or_404(Photo.objects.of(request.community), pk=photo_id)
    sent = FileResponse(found.image.open(), content_type="image/jpeg")
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _deed_of(request: StaffRequest, deed_id: int) -> Deed:
    return get_object_or_404(
        Deed.objects.of(request.community).select_related(
            "volunteer", "rule", "community", "submitted_by", "decided_by"
        ),
        pk=deed_id,
    )


def _show(request: StaffRequest, found: Deed, form: ReviewForm, status: int = 200) -> HttpResponse:
    waiting = Deed.objects.of(request.community).waiting().select_related("volunteer")
    queue = list(waiting.order_by("submitted_at", "id")[:QUEUE])
    photos = list(found.photos.order_by("id"))
    context = {
        "deed": found,
        "form": form,
        "queue": queue,
        "next": _beside(queue, found, 1),
        "previous": _beside(queue, found, -1),
        "photos": photos,
        "used_before": Photo.objects.of(request.community).alike(photos).exclude(deed=found),
        "same_day": ServiceRecord.objects.standing().filter(
            volunteer=found.volunteer, service_date=found.service_date
        ),
        **_points(found),
    }
    return render(request, "volunteers/desk/deeds/deed.html", context, status=status)


def _points(found: Deed) -> dict[str, object]:
    """Return the standard, the choices round it, and what the caps still allow."""
    try:
        sums = standard_points(found)
    except RuleNotInForce:
        return {"sums": None, "choices": []}
    most = sums.before_caps + MORE_THAN_STANDARD
    least = max(1, sums.before_caps - BELOW_STANDARD)
    return {"sums": sums, "choices": range(least, most + 1)}


def _beside(queue: list[Deed], found: Deed, step: int) -> Deed | None:
    place = next((place for place, one in enumerate(queue) if one.pk == found.pk), -step)
    return queue[place + step] if 0 <= place + step < len(queue) else None


def _person(request: StaffRequest, form: StaffDeedForm) -> Volunteer | None:
    """Return who is meant; where several may be, ask on the page."""
    people = Volunteer.objects.of(request.community).active()
    chosen = request.POST.get("person", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:  # noqa: PLR2004 - a bigint
        form.offer([one] if (one := people.filter(pk=chosen).first()) else [])
        return one
    typed = form.data.get("who", "").replace("\0", "").strip()[:100]
    match = match_typed(request.community, typed) if typed else None
    if match and match.volunteer:
        return match.volunteer
    if match and match.candidates:
        form.offer(match.candidates)
        form.add_error("person", _("有 %(many)d 位可能，请选。") % {"many": len(match.candidates)})
    elif typed:
        form.add_error("who", _("没有找到这位居民，请看看名字，或先办新手册。"))
    return None


def _word(form: ReviewForm, refusal: Refusal) -> None:
    match refusal:
        case ReasonMissing():
            form.add_error("reason", _("请写几个字，居民会看到。"))
        case PointsOutOfRange():
            form.add_error("points", _("可以记 1 到 %(most)d 分。") % vars(refusal))
        case CapReached():
            form.add_error("points", _("到上限了，最多还能记 %(left)d 分。") % vars(refusal))
        case OwnPoints():
            form.add_error(None, _("这是您本人或同户的，请另一位来审核。"))
        case SamePersonDecides():
            form.add_error(None, _("这一件是您登记的，请另一位来审核。"))
        case RuleNotInForce():
            form.add_error(None, _("这一天还没有这个项目的积分标准。"))
        case _:
            form.add_error(None, _("这一件已经有人处理过了。"))


def _entry(request: StaffRequest, form: StaffDeedForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "photos": kept_photos(form, by=request.user, resident=None)}
    return render(request, "volunteers/desk/deeds/declare.html", context, status=status)
