"""A resident's own deeds: telling one, answering a question, taking one back, their pictures."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ledger.refusals import KeyReused
from ledger.requests import RequestId
from points_store.access import require_resident
from volunteers.forms.deeds import DeedForm
from volunteers.models import Deed, Photo
from volunteers.operations.deeds import UNDECIDED, amend_deed, declare_deed, withdraw_deed
from volunteers.operations.photos import keep_photo
from volunteers.refusals import DateInFuture, Refusal, RuleNotInForce, StateMovedOn, TooManyPhotos

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from points_store.http import ResidentRequest
    from volunteers.models import Community, User, Volunteer

SHOWN = 50


@require_safe
@require_resident
def deeds(request: ResidentRequest) -> HttpResponse:
    """List what the resident told, newest first, with what became of it."""
    told = request.volunteer.deeds.select_related("record").order_by("-submitted_at", "-id")
    return render(request, "volunteers/mine/deeds/deeds.html", {"deeds": told[:SHOWN]})


@require_http_methods(["GET", "POST"])
@require_resident
def declare(request: ResidentRequest) -> HttpResponse:
    """Take a new deed; a refused page keeps its words and its pictures."""
    if request.method == "GET":
        return _show(request, DeedForm(community=request.community))
    form = DeedForm(request.POST, request.FILES, community=request.community)
    keep_photos(form, request.community, by=None, resident=request.volunteer)
    if not form.is_valid():
        return _show(request, form, status=422)
    key = form.cleaned_data["request_key"]
    try:
        declare_deed(
            request=RequestId(client=f"resident:{request.volunteer.pk}", key=str(key)),
            community=request.community,
            volunteer_id=request.volunteer.pk,
            story=form.told,
            upload_key=key,
            by=None,
            at=timezone.now(),
        )
    except (Refusal, KeyReused) as refusal:
        word_refusal(form, refusal)
        return _show(request, form, status=422)
    messages.success(request, _("记下了，谢谢您。社区看过以后给您记分。"))
    return redirect("mine:deeds")


@require_http_methods(["GET", "POST"])
@require_resident
def amend(request: ResidentRequest, deed_id: int) -> HttpResponse:
    """Let the resident tell an undecided deed better."""
    deed = get_object_or_404(request.volunteer.deeds.filter(state__in=UNDECIDED), pk=deed_id)
    if request.method == "GET":
        initial = DeedForm.initial_of(deed)
        return _show(request, DeedForm(initial=initial, community=request.community), deed)
    form = DeedForm(request.POST, request.FILES, community=request.community)
    keep_photos(form, request.community, by=None, resident=request.volunteer)
    if not form.is_valid():
        return _show(request, form, deed, status=422)
    try:
        amend_deed(
            deed_id=deed.pk,
            volunteer=request.volunteer,
            story=form.told,
            upload_key=form.cleaned_data["request_key"],
            at=timezone.now(),
        )
    except Refusal as refusal:
        word_refusal(form, refusal)
        return _show(request, form, deed, status=422)
    messages.success(request, _("补充好了，谢谢您。"))
    return redirect("mine:deeds")


@require_POST
@require_resident
def withdraw(request: ResidentRequest, deed_id: int) -> HttpResponse:
    """Take an undecided deed back."""
    deed = get_object_or_404(request.volunteer.deeds, pk=deed_id)
    try:
        withdraw_deed(deed_id=deed.pk, volunteer=request.volunteer)
    except StateMovedOn:
        messages.warning(request, _("这一件社区已经看过了，收不回来。"))
    else:
        messages.success(request, _("收回来了。"))
    return redirect("mine:deeds")


@require_safe
@require_resident
def photo(request: ResidentRequest, photo_id: int) -> HttpResponseBase:
    """Send a picture of one's own deed or of the page one is filling in."""
    found = get_object_or_404(Photo, pk=photo_id, added_by_resident=request.volunteer)
    return FileResponse(found.image.open(), content_type="image/jpeg")


def keep_photos(
    form: DeedForm, community: Community, *, by: User | None, resident: Volunteer | None
) -> None:
    """Keep the page's pictures under its key, also when something else on it is wrong."""
    form.is_valid()
    key = form.cleaned_data.get("request_key")
    if key is None:
        return
    for drawn in form.cleaned_data.get("photos") or ():
        try:
            keep_photo(
                community=community,
                drawn=drawn,
                upload_key=key,
                by=by,
                by_resident=resident,
                at=timezone.now(),
            )
        except TooManyPhotos as refusal:
            form.add_error("photos", _("最多 %(limit)d 张照片。") % {"limit": refusal.limit})
            return


def word_refusal(form: DeedForm, refusal: Refusal | KeyReused) -> None:
    """Put each refusal into words on the field it is about."""
    if isinstance(refusal, DateInFuture):
        form.add_error("service_date", _("日期还没有到，请填已经做完的事。"))
    elif isinstance(refusal, RuleNotInForce):
        form.add_error("service_date", _("这一天还没有这个项目的积分标准。"))
    elif isinstance(refusal, StateMovedOn):
        form.add_error(None, _("这一件社区已经看过了，不能再改。"))
    else:
        form.add_error(None, _("这一页已经提交过，请从“我的好事”重新打开。"))


def kept_photos(form: DeedForm, *, by: User | None, resident: Volunteer | None) -> list[Photo]:
    """Return the pictures that wait under the key of a page that was refused."""
    key = form.data.get("request_key", "")
    try:
        upload_key = uuid.UUID(key)
    except ValueError:
        return []
    return list(
        Photo.objects.filter(
            upload_key=upload_key, added_by=by, added_by_resident=resident, deed=None
        ).order_by("id")
    )


def _show(
    request: ResidentRequest, form: DeedForm, deed: Deed | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "deed": deed,
        "photos": [
            *(deed.photos.order_by("id") if deed else ()),
            *kept_photos(form, by=None, resident=request.volunteer),
        ],
    }
    return render(request, "volunteers/mine/deeds/deed.html", context, status=status)
