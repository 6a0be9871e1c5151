"""The tree on a phone. Public: every answer here is made of cleared words and masked names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ledger.requests import RequestId
from points_store.access import signed_in_resident
from volunteers.models import Community, PointsRuleVersion
from wishes.forms.resident import PledgeForm
from wishes.lamps import hang_lamps
from wishes.models import Wish
from wishes.operations.pledging import Promise, pledge_wish
from wishes.scene import read_scene
from wishes.wording import refusals_on

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from volunteers.models import Volunteer
    from wishes.querysets import WishQuerySet

ON_A_PAGE = 30
NEWEST_LIT = 2
FIRST_YEAR = 2000


@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Go to the one tree there is; with several communities, the visitor chooses."""
    communities = list(Community.objects.order_by("name"))
    if len(communities) == 1:
        return redirect("tree:community", slug=communities[0].slug)
    return render(request, "wishes/tree/choose.html", {"communities": communities})


@require_safe
def community_tree(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the tree and, under it, the wishes of one state: waiting first."""
    community = get_object_or_404(Community, slug=slug)
    scene = read_scene(community, at=timezone.now())
    shown = request.GET.get("show", "wait")
    public = Wish.objects.of(community).public()
    page = Paginator(_list_of(public, shown), ON_A_PAGE).get_page(request.GET.get("page"))
    newest = public.lit()[:NEWEST_LIT] if shown == "wait" else []
    context = {
        "community": community,
        "scene": scene,
        "shown": shown,
        "page": page,
        "newest": newest,
    }
    return render(request, "wishes/tree/community.html", context)


@require_safe
def text_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Say the whole tree in plain text, for those who hear it instead of seeing it."""
    community = get_object_or_404(Community, slug=slug)
    public = Wish.objects.of(community).public()
    context = {
        "community": community,
        "tally": public.tally(),
        "waiting": public.waiting(),
        "taken": public.pledged(),
        "year": timezone.localdate().year,
        "lit": Paginator(public.lit(), ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "wishes/tree/text.html", context)


@require_safe
def year_sheet(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Print a year's tree: its lamps, and who lit them."""
    community = get_object_or_404(Community, slug=slug)
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    lit = list(Wish.objects.of(community).public().lit_in(year))
    scene = {"lamps": hang_lamps([], lit[::-1], at=timezone.now())}
    context = {"community": community, "year": year, "lit": lit, "scene": scene}
    return render(request, "wishes/tree/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wish_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one wish as everybody may read it; a resident who signed in may promise to meet it."""
    community = get_object_or_404(Community, slug=slug)
    wish = get_object_or_404(
        Wish.objects.of(community).public().select_related("community", "rule"), number=number
    )
    resident = signed_in_resident(request)
    if resident is not None and resident.community_id != community.pk:
        resident = None  # a neighbour from elsewhere reads, and promises at home
    if request.method == "POST":
        return _promise(request, wish, resident)
    form = PledgeForm(wish=wish, today=timezone.localdate()) if wish.is_open else None
    return _show_wish(request, wish, resident, form)


@require_safe
def photo(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Send the picture of a lit wish that the neighbour agreed to show."""
    lit = Wish.objects.public().lit().filter(is_withheld=False)
    wish = get_object_or_404(lit, community__slug=slug, number=number)
    found = wish.photos.filter(is_public=True).order_by("-id").first()
    if found is None:
        raise Http404
    return FileResponse(found.image.open(), content_type="image/jpeg")


def _promise(request: HttpRequest, wish: Wish, resident: Volunteer | None) -> HttpResponse:
    """Take the promise of whoever signed in; a visitor signs in first."""
    here = reverse("tree:wish", args=[wish.community.slug, wish.number])
    if resident is None:
        sign_in = reverse("mine:enter", args=[wish.community.slug])
        return redirect(f"{sign_in}?{urlencode({'next': here})}")
    form = PledgeForm(request.POST, wish=wish, today=timezone.localdate())
    if form.is_valid():
        clean = form.cleaned_data
        with refusals_on(form):
            pledge_wish(
                request=RequestId(client=f"resident:{resident.pk}", key=str(clean["request_key"])),
                community=wish.community,
                number=wish.number,
                promise=Promise(
                    due_date=clean["due_date"],
                    volunteer_id=resident.pk,
                    shares=clean.get("shares", 1),
                    with_family=clean["whose"] == "family",
                ),
                by=resident,
                at=timezone.now(),
            )
            messages.success(request, _("认领好了，谢谢您！社区会来和您联系。"))
            return redirect("tree:mine")
    return _show_wish(request, wish, resident, form)


def _show_wish(
    request: HttpRequest, wish: Wish, resident: Volunteer | None, form: PledgeForm | None
) -> HttpResponse:
    pledges = wish.pledges.filter(volunteer=resident, state__in=["active", "kept"])
    context = {
        "community": wish.community,
        "wish": wish,
        "resident": resident,
        "own_pledge": pledges.first() if resident else None,
        "form": form,
        "has_photo": wish.state == "lit" and wish.photos.filter(is_public=True).exists(),
        "reward_points": _reward_points(wish),
    }
    status = 422 if form and form.is_bound else 200
    response = render(request, "wishes/tree/wish.html", context, status=status)
    if resident:
        response.headers["Cache-Control"] = "no-store"
    return response


def _reward_points(wish: Wish) -> int:
    """Return what meeting the wish earns, where the rule says it without knowing the hours."""
    if wish.rule is None or wish.state == Wish.State.LIT:
        return 0
    today = timezone.localdate()
    versions = PointsRuleVersion.objects.in_force(wish.community, today)
    version = versions.filter(rule=wish.rule).first()
    return version.per_occasion_points if version and not version.per_hour_points else 0


def _list_of(public: WishQuerySet, shown: str) -> WishQuerySet:
    """Return the list a chip names. Raises Http404 for any other word."""
    lists = {"wait": public.waiting, "claim": public.pledged, "lit": public.lit}
    if shown not in lists:
        raise Http404
    return lists[shown]()
