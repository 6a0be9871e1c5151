"""What residents do with wishes on their own phone: ask, promise, answer, give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ledger.requests import RequestId
from points_store.access import require_resident
from wishes.forms.resident import GiftForm, OwnWishForm
from wishes.models import Dispatch, FundGift, Pledge, Wish, WishFacts
from wishes.operations.asking import WishDraft, submit_wish, withdraw_wish
from wishes.operations.dispatching import accept_offer, decline_offer
from wishes.operations.giving import give_to_wish_fund
from wishes.operations.pledging import release_pledge, say_done
from wishes.wording import refusals_on, refusals_told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from points_store.forms import Form
    from points_store.http import ResidentRequest

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
WISHES_SHOWN = 20
GIFTS_SHOWN = 10


@require_safe
@require_resident
def mine(request: ResidentRequest) -> HttpResponse:
    """Show what the resident is asked, promised, met, wished.

    Name, phone and door of a neighbour stand here from the promise until the lamp glows.
    """
    volunteer = request.volunteer
    pledges = Pledge.objects.of_volunteer(volunteer).select_related("wish__facts")
    context = {
        "community": request.community,
        "offers": Dispatch.objects.filter(volunteer=volunteer, state="offered").select_related(
            "wish"
        ),
        "active": pledges.active().order_by("due_date"),
        "kept": pledges.filter(state=Pledge.State.KEPT).order_by("-wish__lit_at")[:WISHES_SHOWN],
        "wishes": Wish.objects.filter(facts__wisher=volunteer)
        .select_related("facts")
        .order_by("-number")[:WISHES_SHOWN],
    }
    return render(request, "wishes/mine/mine.html", context)


@GET_POST
@require_resident
def ask(request: ResidentRequest) -> HttpResponse:
    """Take a resident's wish in their own words."""
    form = OwnWishForm(request.POST or None)
    if form.is_valid():
        person = request.volunteer
        draft = WishDraft(
            kind=form.cleaned_data["kind"],
            request=form.cleaned_data["request"],
            wisher_name=person.name,
            asked_by=WishFacts.AskedBy.SELF,
            wisher_id=person.pk,
            phone=person.phone,
            address=person.address,
            estate=person.estate,
            is_urgent=form.cleaned_data["is_urgent"],
        )
        with refusals_on(form):
            wish = submit_wish(
                request=request_id(request, form),
                community=request.community,
                draft=draft,
                by=person,
                at=timezone.now(),
            )
            words = _("收到了，您的心愿是 %(number)d号。社区会来核实。") % {"number": wish.number}
            messages.success(request, words)
            return redirect("tree:mine")
    return _page(request, "wishes/mine/ask.html", form)


@require_POST
@require_resident
def withdraw(request: ResidentRequest, number: int) -> HttpResponse:
    """Take one's own wish back."""
    get_object_or_404(
        Wish, community=request.community, number=number, facts__wisher=request.volunteer
    )
    with refusals_told(request):
        withdraw_wish(
            community=request.community, number=number, by=request.volunteer, at=timezone.now()
        )
    return redirect("tree:mine")


@require_POST
@require_resident
def touch_pledge(request: ResidentRequest, pledge_id: int, act: str) -> HttpResponse:
    """Give one's own promise back, or say that it is done."""
    pledges = Pledge.objects.of_volunteer(request.volunteer).select_related("wish")
    pledge = get_object_or_404(pledges, pk=pledge_id)
    acts = {"release": release_pledge, "done": say_done}
    if act not in acts:
        raise Http404
    with refusals_told(request):
        acts[act](
            community=request.community,
            number=pledge.wish.number,
            pledge_id=pledge_id,
            by=request.volunteer,
            at=timezone.now(),
        )
        thanks = {"release": _("退回了，谢谢您提前说。"), "done": _("好的，社区会去听邻居怎么说。")}
        messages.success(request, thanks[act])
    return redirect("tree:mine")


@require_POST
@require_resident
def answer_offer(request: ResidentRequest, dispatch_id: int, act: str) -> HttpResponse:
    """Accept or decline what staff ask; declining needs no reason."""
    get_object_or_404(Dispatch, pk=dispatch_id, volunteer=request.volunteer)
    acts = {"accept": accept_offer, "decline": decline_offer}
    if act not in acts:
        raise Http404
    with refusals_told(request):
        acts[act](
            community=request.community,
            dispatch_id=dispatch_id,
            by=request.volunteer,
            at=timezone.now(),
        )
        thanks = {"accept": _("接单了，谢谢您！"), "decline": _("没关系，我们去问别人。")}
        messages.success(request, thanks[act])
    return redirect("tree:mine")


@GET_POST
@require_resident
def give(request: ResidentRequest) -> HttpResponse:
    """Give points to the community's wish fund."""
    account = request.volunteer.account
    form = GiftForm(request.POST or None, available=account.available)
    if form.is_valid():
        with refusals_on(form):
            gift = give_to_wish_fund(
                request=request_id(request, form),
                volunteer=request.volunteer,
                points=form.cleaned_data["points"],
                by=request.volunteer,
                at=timezone.now(),
            )
            words = _("谢谢您！%(points)d 分送进了心愿基金。") % {"points": gift.points}
            messages.success(request, words)
            return redirect("tree:give")
    gifts = FundGift.objects.filter(community=request.community)
    return _page(
        request,
        "wishes/mine/give.html",
        form,
        available=account.available,
        total=gifts.aggregate(points=Sum("points", default=0))["points"],
        own=gifts.filter(volunteer=request.volunteer).order_by("-id")[:GIFTS_SHOWN],
    )


def request_id(request: ResidentRequest, form: Form) -> RequestId:
    key = form.cleaned_data["request_key"]
    return RequestId(client=f"resident:{request.volunteer.pk}", key=str(key))


def _page(request: ResidentRequest, template: str, form: Form, **context: object) -> HttpResponse:
    context |= {"form": form, "community": request.community}
    return render(request, template, context, status=422 if form.is_bound else 200)
