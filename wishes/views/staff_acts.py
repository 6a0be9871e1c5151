"""What staff do with a wish: each page one form, one act of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ledger.requests import RequestId
from points_store.access import require_permission
from points_store.permissions import Permission
from volunteers.models import Volunteer
from wishes.candidates import look_alikes
from wishes.forms.staff import (
    AskForm,
    CounterPledgeForm,
    DeclineForm,
    DeliverForm,
    ReopenForm,
    WordingForm,
)
from wishes.models import Pledge, Wish
from wishes.operations.asking import WishDraft, submit_wish, withdraw_wish
from wishes.operations.deciding import (
    Wording,
    approve_wish,
    decline_wish,
    reword_wish,
    unpublish_wish,
)
from wishes.operations.delivering import Hand, Picture, deliver_wish, reopen_wish
from wishes.operations.pledging import (
    Promise,
    pledge_wish,
    release_pledge,
    remind_pledger,
    say_done,
)
from wishes.wording import refusals_on, refusals_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from points_store.forms import Form
    from points_store.http import StaffRequest

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
MOST_HANDS = 40
DRAFT_FIELDS = (
    "kind", "request", "wisher_name", "asked_by", "guardian_name", "phone", "address", "estate",
    "ceiling_yuan", "ceiling_hours", "is_urgent",
)  # fmt: skip
WORDING_FIELDS = ("title", "story", "needs", "effort", "estate", "shares", "rule", "is_on_tree")


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def ask(request: StaffRequest) -> HttpResponse:
    """Write down a wish heard on a visit, on the phone, or from a guardian."""
    form = AskForm(request.POST or None, community=request.community)
    if form.is_valid():
        person = form.cleaned_data["volunteer"]
        draft = WishDraft(
            **{name: form.cleaned_data[name] for name in DRAFT_FIELDS},
            wisher_id=person.pk if person else None,
        )
        with refusals_on(form):
            wish = submit_wish(
                request=request_id(request, form),
                community=request.community,
                draft=draft,
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("记下了，编号 %(number)d。") % {"number": wish.number})
            return redirect("wishes:show", wish.number)
    return act_page(request, form, title=_("登记心愿"), button=_("记下来"))


@GET_POST
@require_permission(Permission.APPROVE_WISH)
def approve(request: StaffRequest, number: int) -> HttpResponse:
    """Clear the exact public words with the wisher's consent; later, change them anew."""
    wish = find_wish(request, number)
    words = {name: getattr(wish, name) for name in WORDING_FIELDS}
    form = WordingForm(request.POST or None, community=request.community, initial=words)
    is_new = wish.state == Wish.State.SUBMITTED
    if form.is_valid():
        clean = form.cleaned_data
        common: dict[str, Any] = {
            "community": request.community,
            "number": number,
            "wording": Wording(**{name: clean[name] for name in WORDING_FIELDS}),
            "consent": clean["consent"],
            "by": request.user,
            "at": timezone.now(),
        }
        with refusals_on(form):
            if is_new:
                approve_wish(**common, staff_note=clean["staff_note"], skill=clean["skill"])
            else:
                reword_wish(**common)
            return redirect("wishes:show", number)
    alike = look_alikes(wish) if is_new else []
    title = _("核实心愿，写公开的话") if is_new else _("改公开的话")
    return act_page(
        request, form, wish=wish, title=title, button=_("本人同意，挂上心愿树"), alike=alike
    )


@GET_POST
@require_permission(Permission.APPROVE_WISH)
def decline(request: StaffRequest, number: int) -> HttpResponse:
    """End a wish that is not met here: refused, merged, referred, met elsewhere."""
    wish = find_wish(request, number)
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            decline_wish(
                community=request.community,
                number=number,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
            return redirect("wishes:show", number)
    return act_page(request, form, wish=wish, title=_("这个心愿不在这里办"), button=_("就这样办"))


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def counter_pledge(request: StaffRequest) -> HttpResponse:
    """Note a promise made at the counter, by the number on the screen."""
    initial = {"number": request.GET.get("number", ""), "due_date": timezone.localdate()}
    form = CounterPledgeForm(request.POST or None, community=request.community, initial=initial)
    if form.is_valid():
        clean = form.cleaned_data
        number = clean["number"]
        promise = Promise(
            due_date=clean["due_date"],
            volunteer_id=clean["volunteer"].pk if clean["volunteer"] else None,
            unit_id=int(clean["unit"]) if clean["unit"] else None,
            shares=clean["shares"],
            with_family=clean["with_family"],
        )
        with refusals_on(form):
            pledge_wish(
                request=request_id(request, form),
                community=request.community,
                number=number,
                promise=promise,
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("%(number)d号心愿认领好了。") % {"number": number})
            return redirect("wishes:show", number)
    return act_page(request, form, title=_("柜台认领"), button=_("认领"))


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def deliver(request: StaffRequest, number: int) -> HttpResponse:
    """Note what was done and who gave how much time."""
    wish = find_wish(request, number)
    initial = {"service_date": timezone.localdate(), "intensity": "light"}
    people = _who_may_have_helped(wish)
    form = DeliverForm(request.POST or None, request.FILES or None, people=people, initial=initial)
    if form.is_valid():
        clean = form.cleaned_data
        hands = [
            Hand(person.pk, minutes, clean["intensity"], clean["service_date"])
            for person, minutes in form.minutes()
        ]
        with refusals_on(form):
            deliver_wish(
                community=request.community,
                number=number,
                done=clean["done"],
                hands=hands,
                picture=Picture(clean["photo"], clean["photo_is_public"])
                if clean["photo"]
                else None,
                by=request.user,
                at=timezone.now(),
            )
            return redirect("wishes:show", number)
    return act_page(request, form, wish=wish, title=_("送到家了"), button=_("记下来，等本人确认"))


@GET_POST
@require_permission(Permission.MANAGE_WISHES)
def reopen(request: StaffRequest, number: int) -> HttpResponse:
    """Go on with a wish because the neighbour is not content."""
    wish = find_wish(request, number)
    form = ReopenForm(request.POST or None, initial={"due_date": timezone.localdate()})
    if form.is_valid():
        with refusals_on(form):
            reopen_wish(
                community=request.community,
                number=number,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
            return redirect("wishes:show", number)
    return act_page(request, form, wish=wish, title=_("本人不满意，再办一次"), button=_("重新办"))


@require_POST
@require_permission(Permission.MANAGE_WISHES)
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Take a wish back on the wisher's word."""
    find_wish(request, number)
    with refusals_told(request):
        withdraw_wish(
            community=request.community, number=number, by=request.user, at=timezone.now()
        )
    return redirect("wishes:show", number)


@require_POST
@require_permission(Permission.APPROVE_WISH)
def unpublish(request: StaffRequest, number: int) -> HttpResponse:
    """Take the words off the tree because the wisher took the consent back."""
    find_wish(request, number)
    with refusals_told(request):
        unpublish_wish(
            community=request.community, number=number, by=request.user, at=timezone.now()
        )
    return redirect("wishes:show", number)


@require_POST
@require_permission(Permission.MANAGE_WISHES)
def touch_pledge(request: StaffRequest, number: int, pledge_id: int, act: str) -> HttpResponse:
    """Give a promise back, note that it is done, or that the pledger was asked how it goes."""
    wish = find_wish(request, number)
    get_object_or_404(Pledge, pk=pledge_id, wish=wish)
    acts: dict[str, Callable[..., Pledge]] = {
        "release": release_pledge,
        "done": say_done,
        "remind": remind_pledger,
    }
    if act not in acts:
        raise Http404
    with refusals_told(request):
        acts[act](
            community=request.community,
            number=number,
            pledge_id=pledge_id,
            by=request.user,
            at=timezone.now(),
        )
    return redirect("wishes:show", number)


def find_wish(request: StaffRequest, number: int) -> Wish:
    """Return the community's wish with its facts, or 404."""
    wishes = Wish.objects.of(request.community).select_related("facts", "facts__wisher", "rule")
    return get_object_or_404(wishes, number=number)


def request_id(request: StaffRequest, form: Form) -> RequestId:
    key = form.cleaned_data["request_key"]
    return RequestId(client=f"user:{request.user.pk}", key=str(key))


def act_page(request: StaffRequest, form: Form, **context: object) -> HttpResponse:
    """Show the form of an act beside what staff know of the wish; 422 when something is wrong."""
    context |= {"form": form, "facts": getattr(context.get("wish"), "facts", None)}
    return render(request, "wishes/staff/act.html", context, status=422 if form.is_bound else 200)


def _who_may_have_helped(wish: Wish) -> list[Volunteer]:
    """Return those who promised, their households, and the people of units that promised."""
    pledges = wish.pledges.active().select_related("volunteer")
    people = Volunteer.objects.active().filter(community=wish.community_id)
    ids = [pledge.volunteer_id for pledge in pledges if pledge.volunteer_id]
    houses = [pledge.volunteer.household_id for pledge in pledges if pledge.volunteer]
    units = [pledge.unit_id for pledge in pledges if pledge.unit_id]
    family = people.filter(household__in=[house for house in houses if house])
    found = people.filter(pk__in=ids) | family | people.filter(unit__in=units)
    return list(found.distinct().order_by("id")[:MOST_HANDS])
