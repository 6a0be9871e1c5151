"""Scoring by a code, on one's own phone or a tablet at the door. No sign-in, nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.forms import EvaluationForm
from evaluations.models import Dimension, Subject
from evaluations.operations import Answer, evaluate
from evaluations.refusals import (
    InvitationMissing,
    InvitationUsed,
    ScoresMissing,
    SubjectClosed,
    TooFast,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST_INVITATION = 40


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one page of faces; a POST takes the answer."""
    subject = get_object_or_404(Subject.objects.select_related("community"), token=token)
    dimensions = list(Dimension.objects.filter(community=subject.community, is_active=True))
    form = EvaluationForm(request.POST or None, dimensions=dimensions)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given = Answer(
            scores=form.scores(),
            key=form.cleaned_data["request_key"],
            device=_device(request),
            remark=form.cleaned_data["remark"],
            invitation=_invitation(request),
        )
        try:
            evaluate(subject=subject, answer=given, at=timezone.now())
        except TooFast as haste:
            form.add_error(None, _("这台机器刚刚评了好几次，请等一会儿再评。"))
            return _page(request, subject, form, 429, until=haste)
        except (SubjectClosed, ScoresMissing, InvitationMissing, InvitationUsed) as refusal:
            form.add_error(None, _SAID[type(refusal)])
        else:
            return redirect(f"{reverse('evaluations:thanks', args=[token])}{_tablet(request)}")
    return _page(request, subject, form, status)


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you; a tablet goes back to an empty page by itself."""
    subject = get_object_or_404(Subject, token=token)
    context = {"subject": subject, "is_tablet": bool(_tablet(request))}
    return render(request, "evaluations/thanks.html", context)


_SAID = {
    SubjectClosed: _("这里的测评已经结束，谢谢您。"),
    ScoresMissing: _("测评的项目刚刚改过，请刷新再评。"),
    InvitationMissing: _("这里只收邀请码，请扫您手上那张邀请码。"),
    InvitationUsed: _("这张邀请码已经评过了，谢谢您。"),
}


def _page(
    request: HttpRequest,
    subject: Subject,
    form: EvaluationForm,
    status: int,
    until: TooFast | None = None,
) -> HttpResponse:
    context = {"subject": subject, "form": form, "invitation": _invitation(request)}
    response = render(request, "evaluations/answer.html", context, status=status)
    if until:
        wait = until.until - timezone.now()
        response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
    return response


def _device(request: HttpRequest) -> str:
    """Tell devices apart for a minute's count, without knowing whose they are."""
    seen = f"{request.META.get('REMOTE_ADDR', '')} {request.headers.get('User-Agent', '')}"
    return salted_hmac("evaluations.device", seen, algorithm="sha256").hexdigest()


def _invitation(request: HttpRequest) -> str:
    return (request.POST.get("i") or request.GET.get("i", ""))[:LONGEST_INVITATION]


def _tablet(request: HttpRequest) -> str:
    return "?tablet=1" if request.GET.get("tablet") == "1" else ""
