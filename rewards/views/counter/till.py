"""The counter's main page: the person, the shelf, the basket, and what has to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from points_store.permissions import Permission
from rewards.models import ParkedBasket, Reward
from rewards.models.counter import MAX_LINE_QUANTITY
from rewards.operations.redeeming import BasketLine, had_this_month
from rewards.refusals import NotOnShelf, PriceChanged
from rewards.views.counter.wording import Problem, word_refusal
from volunteers.models import Volunteer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from points_store.http import StaffRequest
    from rewards.forms.counter import BasketForm

PLAIN_SYMBOL = "box"  # the model's default: no drawing of its own


@dataclass(frozen=True)
class Good:
    """A reward as it stands on the shelf for this person now."""

    reward: Reward
    available: int
    month_left: int | None

    @property
    def pic(self) -> str:
        return "" if self.reward.symbol == PLAIN_SYMBOL else self.reward.symbol

    @property
    def tone(self) -> str:
        """The class of the tile's ground; the first has none of its own."""
        return f"t{self.reward.tone - 1}" if self.reward.tone > 1 else ""

    @property
    def photo(self) -> str:
        return self.reward.picture.url if self.reward.picture else ""

    @property
    def most(self) -> int:
        """How many of it one basket may hold."""
        left = (
            self.reward.free if self.month_left is None else min(self.reward.free, self.month_left)
        )
        return max(0, min(left, MAX_LINE_QUANTITY))

    @property
    def missing(self) -> int:
        """How many points the person lacks for one of it."""
        return max(0, self.reward.price_points - self.available)

    @property
    def is_affordable(self) -> bool:
        return self.most > 0 and not self.missing

    @property
    def limit(self) -> str:
        """What to say when somebody wants more than `most`."""
        if self.month_left is not None and self.month_left < self.reward.free:
            return _("每人每月限 %(limit)d %(measure)s，这个月还可以换 %(left)d %(measure)s。") % {
                "limit": self.reward.person_month_limit,
                "left": self.month_left,
                "measure": self.reward.measure,
            }
        return _("只剩 %(left)d %(measure)s了。") % {
            "left": max(0, self.reward.free),
            "measure": self.reward.measure,
        }

    @property
    def codes(self) -> str:
        """Barcodes with their pack sizes, for the page's scanner: `6901234560012*1`."""
        return " ".join(f"{code.code}*{code.pack_size}" for code in self.reward.barcodes.all())

    @property
    def keys(self) -> str:
        """What the good is found by when typed, in lower case."""
        return f"{self.reward.name} {self.reward.pinyin} {self.reward.initials}".lower()


@dataclass(frozen=True)
class Line:
    """So many of one good in the basket, at the price it has now."""

    good: Good
    quantity: int
    problem: str = ""

    @property
    def points(self) -> int:
        return self.quantity * self.good.reward.price_points

    @property
    def sent(self) -> str:
        """The line as the page sends it back."""
        return f"{self.good.reward.pk}:{self.quantity}:{self.good.reward.price_points}"


@dataclass
class Till:
    """Everything the page shows. Built with a constant number of queries."""

    volunteer: Volunteer
    goods: list[Good]
    basket: Sequence[BasketLine]
    request_key: UUID
    problems: list[Problem] = field(default_factory=list)
    show: str = "all"
    find: str = ""
    is_confirming: bool = False
    method: str = ""
    confirmation: str = ""
    collector_name: str = ""
    was_parked: bool = False

    @cached_property
    def lines(self) -> list[Line]:
        """The basket; what is not on the shelf any more has fallen out of it."""
        goods = {good.reward.pk: good for good in self.goods}
        said = {problem.reward_id: problem.text for problem in self.problems}
        return [
            Line(goods[line.reward_id], line.quantity, said.get(line.reward_id, ""))
            for line in self.basket
            if line.reward_id in goods
        ]

    @cached_property
    def quantities(self) -> dict[int, int]:
        return {line.good.reward.pk: line.quantity for line in self.lines}

    @cached_property
    def categories(self) -> list[tuple[int, str]]:
        """The shelves that have something on them, in the shop's order."""
        shelves = {
            good.reward.category.pk: good.reward.category
            for good in self.goods
            if good.reward.category is not None
        }
        ordered = sorted(shelves.values(), key=lambda shelf: (shelf.order, shelf.pk))
        return [(shelf.pk, shelf.name) for shelf in ordered]

    @property
    def available(self) -> int:
        return self.volunteer.account.available

    @property
    def held(self) -> int:
        return self.volunteer.account.held

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def after(self) -> int:
        return self.available - self.points

    @property
    def affordable_count(self) -> int:
        return sum(good.is_affordable for good in self.goods)

    @cached_property
    def goal(self) -> Good | None:
        """What the person is saving for."""
        chosen = getattr(self.volunteer, "goal", None)
        return Good(chosen.reward, self.available, None) if chosen else None

    @property
    def goal_missing_after(self) -> int:
        return max(0, self.goal.reward.price_points - self.after) if self.goal else 0

    @property
    def goal_percent(self) -> int:
        if self.goal is None:
            return 0
        return min(100, max(0, self.available) * 100 // self.goal.reward.price_points)

    @property
    def has_pin(self) -> bool:
        access = getattr(self.volunteer, "access", None)
        return access is not None and bool(access.pin_hash)

    @property
    def general_problems(self) -> list[Problem]:
        shown = set(self.quantities)
        return [
            problem
            for problem in self.problems
            if not problem.is_about_consent and problem.reward_id not in shown
        ]

    @property
    def consent_problems(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_about_consent]

    @property
    def cards(self) -> list[tuple[Good, int, bool]]:
        """Each good, how many of it are in the basket, and whether the filter shows it."""
        return [
            (good, self.quantities.get(good.reward.pk, 0), self._is_shown(good))
            for good in self.goods
        ]

    def find_good(self, typed: str) -> tuple[Good, int] | None:
        """Return the one good that was meant, and how many pieces: by barcode, else by its name."""
        for good in self.goods:
            for code in good.reward.barcodes.all():
                if code.code == typed:
                    return good, code.pack_size
        named = [good for good in self.goods if typed.lower() in good.keys]
        return (named[0], 1) if len(named) == 1 else None

    def replace_basket(self, basket: Sequence[BasketLine]) -> None:
        """Show another basket on the same page."""
        self.basket = basket
        for name in ("lines", "quantities"):
            self.__dict__.pop(name, None)
        self.problems = _changes(self)

    def _is_shown(self, good: Good) -> bool:
        if self.find and self.find.lower() not in good.keys:
            return False
        if self.show == "afford":
            return good.is_affordable
        return self.show == "all" or self.show == str(good.reward.category_id)


def find_payer(request: StaffRequest, volunteer_id: int) -> Volunteer:
    """Return an active resident of the community with account, PIN and goal, or 404. One query."""
    volunteer = (
        Volunteer.objects.of(request.community)
        .active()
        .select_related("community", "account", "access", "goal__reward")
        .filter(pk=volunteer_id)
        .first()
    )
    if volunteer is None:
        raise Http404
    return volunteer


def goods_for(volunteer: Volunteer, at: datetime) -> list[Good]:
    """Return what is offered, cheapest first. Two queries, and one where something is limited."""
    rewards = list(
        Reward.objects.of(volunteer.community)
        .on_shelf()
        .select_related("category")
        .prefetch_related("barcodes")
        .order_by("price_points", "id")
    )
    limits = {
        reward.pk: reward.person_month_limit
        for reward in rewards
        if reward.person_month_limit is not None
    }
    had = had_this_month(volunteer, list(limits), at) if limits else {}
    return [
        Good(
            reward,
            volunteer.account.available,
            max(0, limits[reward.pk] - had.get(reward.pk, 0)) if reward.pk in limits else None,
        )
        for reward in rewards
    ]


def open_till(
    request: StaffRequest, volunteer_id: int, form: BasketForm, problem: Problem | None = None
) -> Till:
    """Build the page from what was sent, or from the basket parked for this person."""
    volunteer = find_payer(request, volunteer_id)
    parked = None
    if form.is_bound:
        form.is_valid()
        basket = form.cleaned_data.get("line", [])
    else:
        parked = ParkedBasket.objects.parked_by(request.user).filter(volunteer=volunteer).first()
        basket = [BasketLine(*line) for line in parked.lines] if parked else []
    key = form.cleaned_data.get("request_key") if form.is_bound else None
    till = Till(
        volunteer=volunteer,
        goods=goods_for(volunteer, timezone.now()),
        basket=basket,
        request_key=uuid4() if key is None or (problem and problem.needs_new_key) else key,
        problems=[problem] if problem else [],
        was_parked=parked is not None,
    )
    till.problems += [Problem(str(error)) for error in form.errors.get("line", [])]
    till.problems += _changes(till)
    return till


def show_till(request: StaffRequest, till: Till, status: int = 200) -> HttpResponse:
    """Draw the page."""
    context = {
        "till": till,
        "steps": [_("找居民"), _("选物品"), _("本人确认")],
        "may_order": Permission.ORDER_SPECIAL in request.permissions,
        "redeem_url": reverse("counter:redeem", args=[till.volunteer.pk]),
        "change_url": reverse("counter:change", args=[till.volunteer.pk]),
    }
    return render(request, "rewards/counter/redeem.html", context, status=status)


def _changes(till: Till) -> list[Problem]:
    """Return what became different since the goods were put into the basket."""
    goods = {good.reward.pk: good for good in till.goods}
    told = {problem.reward_id for problem in till.problems}
    found = []
    for line in till.basket:
        good = goods.get(line.reward_id)
        if line.reward_id in told:
            continue
        if good is None:
            found.append(word_refusal(NotOnShelf(line.reward_id)))
        elif good.reward.price_points != line.price_points:
            found.append(word_refusal(PriceChanged(line.reward_id, good.reward.price_points)))
        elif line.quantity > good.most:
            found.append(Problem(good.limit, reward_id=line.reward_id))
    return found
