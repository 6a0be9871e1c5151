"""Who stands at the counter: by card, or by anything people know about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from points_store.access import require_permission
from points_store.permissions import Permission
from rewards.forms.counter import FindPersonForm, ScanForm
from rewards.models import Barcode, ParkedBasket, Redemption
from volunteers.models import MemberCard, ServiceRecord, Volunteer
from volunteers.querysets.people import SEARCH_LIMIT

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from points_store.http import StaffRequest

CARD_PREFIX, SLIP_PREFIX = "20", "21"
CODE_LENGTH = 13
RECENT_SHOWN = 4
FAMILY_SHOWN = 2
RECENT_READ = 20  # the same person may have come several times


@dataclass(frozen=True)
class Candidate:
    """Somebody a search found, and who else lives behind the same door."""

    volunteer: Volunteer
    family: list[str]

    @property
    def age(self) -> int | None:
        """Years by the calendar, as people say their age; None where it is not known."""
        born = self.volunteer.birth_year
        return None if born is None else timezone.localdate().year - born


@dataclass(frozen=True)
class Found:
    """The people a search found, and whether some of them have the same name."""

    people: list[Candidate]
    has_more: bool

    @property
    def namesakes(self) -> str:
        """The name that several of the people share; they must be asked, never guessed."""
        names = [person.volunteer.name for person in self.people]
        return next((name for name in names if names.count(name) > 1), "")

    @property
    def namesake_count(self) -> int:
        return sum(person.volunteer.name == self.namesakes for person in self.people)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(Permission.REDEEM_AT_COUNTER)
def find(request: StaffRequest) -> HttpResponse:
    """Show the search, and for a POST what it found: what is typed about people stays out of URLs.

    A scanned code typed into the field is treated as a scan.
    """
    form = FindPersonForm(request.POST or None)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    if len(typed) == CODE_LENGTH and typed.isascii() and typed.isdigit():
        return _route(request, typed)
    found = find_people(request, typed) if typed else None
    if request.headers.get("X-Part") == "found":
        return render(request, "rewards/counter/found.html", {"found": found})
    context = {**_context(request, form), "found": found}
    return render(request, "rewards/counter/find.html", context)


@require_POST
@require_permission(Permission.REDEEM_AT_COUNTER)
def scan(request: StaffRequest) -> HttpResponse:
    """Open what a code names: a card its person, a slip its redemption."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _not_found(request, _("没有认出这个码，请再扫一次。"))
    return _route(request, form.cleaned_data["code"])


def find_people(request: StaffRequest, typed: str) -> Found:
    """Return who matches, with all that tells namesakes apart. Three queries at most."""
    last = ServiceRecord.objects.filter(volunteer=OuterRef("pk"), state="confirmed").order_by(
        "-service_date", "-pk"
    )
    people = list(
        Volunteer.objects.of(request.community)
        .active()
        .search(typed)
        .with_accounts()
        .select_related("unit")
        .prefetch_related(
            Prefetch("household__volunteers", Volunteer.objects.active().only("name", "household"))
        )
        .annotate(
            last_title=Subquery(last.values("title")[:1]),
            last_date=Subquery(last.values("service_date")[:1]),
        )[: SEARCH_LIMIT + 1]
    )
    candidates = []
    for person in people[:SEARCH_LIMIT]:
        others = person.household.volunteers.all() if person.household else []
        family = [other.name for other in others if other.pk != person.pk]
        candidates.append(Candidate(person, family[:FAMILY_SHOWN]))
    return Found(people=candidates, has_more=len(people) > SEARCH_LIMIT)


def _route(request: StaffRequest, code: str) -> HttpResponse:
    """Go where the code's prefix says, or say on the search page why not."""
    if code.startswith(CARD_PREFIX) and len(code) == CODE_LENGTH:
        return _open_card(request, code)
    if code.startswith(SLIP_PREFIX) and len(code) == CODE_LENGTH:
        if Redemption.objects.of(request.community).filter(number=code).exists():
            return redirect("counter:slip", code)
        return _not_found(request, _("没有这个单号的兑换，请看看是不是别的社区的小票。"))
    barcode = (
        Barcode.objects.filter(community=request.community, code=code)
        .select_related("reward")
        .first()
    )
    if barcode:
        return _not_found(
            request,
            _("这是物品：%(name)s。请先扫手册卡，找到居民。") % {"name": barcode.reward.name},
        )
    return _not_found(request, _("没有认出这个码：%(code)s。") % {"code": code})


def _open_card(request: StaffRequest, code: str) -> HttpResponse:
    card = (
        MemberCard.objects.select_related("volunteer")
        .filter(volunteer__community=request.community, barcode=code)
        .first()
    )
    if card is None:
        return _not_found(request, _("没有认出这张卡，请问姓名和住址来找。"))
    if card.revoked_at:
        day = timezone.localtime(card.revoked_at)
        return _not_found(
            request,
            _("这张手册卡在 %(month)d 月 %(day)d 日作废了。请扫新卡，或者问姓名和住址来找。")
            % {"month": day.month, "day": day.day},
        )
    if card.volunteer.state != Volunteer.State.ACTIVE:
        return _not_found(
            request,
            _("这本手册已经停用：%(state)s。") % {"state": card.volunteer.get_state_display()},
        )
    return redirect("counter:redeem", card.volunteer_id)


def _not_found(request: StaffRequest, problem: str) -> HttpResponse:
    context = {**_context(request, FindPersonForm()), "problem": problem}
    return render(request, "rewards/counter/find.html", context, status=422)


def _context(request: StaffRequest, form: FindPersonForm) -> dict[str, object]:
    return {
        "form": form,
        "steps": [_("找居民"), _("选物品"), _("本人确认")],
        "recent": _recent(request),
        "parked": _parked(request),
        "may_enrol": Permission.ENROL_VOLUNTEER in request.permissions,
    }


def _recent(request: StaffRequest) -> list[Redemption]:
    """Return the last redemption of each of the people served last."""
    newest = (
        Redemption.objects.of(request.community)
        .select_related("volunteer__account")
        .order_by("-redeemed_at")[:RECENT_READ]
    )
    by_person: dict[int, Redemption] = {}
    for redemption in newest:
        by_person.setdefault(redemption.volunteer_id, redemption)
    return list(by_person.values())[:RECENT_SHOWN]


def _parked(request: StaffRequest) -> QuerySet[ParkedBasket]:
    return (
        ParkedBasket.objects.of(request.community)
        .parked_by(request.user)
        .select_related("volunteer")
    )
