"""The numbers of the board: what a community did, and what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import TruncMonth

from ledger.models import Account, Posting
from rewards.models import Redemption, RedemptionLine, Reward
from volunteers.models import RecordBatch, Volunteer
from wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from volunteers.models import Community

MONTHS = 6
LOW_STOCK_SHOWN = 4


@dataclass(frozen=True)
class Figure:
    """A count since the opening, and how much of it belongs to this month."""

    total: int
    this_month: int


@dataclass(frozen=True)
class Waiting:
    """How many wait, and since when the oldest does."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class MonthOfPoints:
    """Whole points that went out to people and came back to the shop in one month."""

    month: date
    earned: int
    spent: int


def people_redeeming(community: Community, month_start: datetime) -> Figure:
    """Count the people who fetched something; new this month are those who never had before."""
    firsts = (
        Redemption.objects.of(community)
        .done()
        .values("volunteer")
        .annotate(first_at=Min("redeemed_at"))
        .values_list("first_at", flat=True)
    )
    moments = list(firsts)
    return Figure(len(moments), sum(first_at >= month_start for first_at in moments))


def reported_in(community: Community, month_start: datetime) -> Figure:
    """Count who of the units reported in to the community."""
    counts = (
        Volunteer.objects.of(community)
        .active()
        .filter(reported_in=True)
        .aggregate(
            total=Count("pk"),
            this_month=Count("pk", filter=Q(reported_in_date__gte=month_start.date())),
        )
    )
    return Figure(**counts)


def goods_handed_over(community: Community, month_start: datetime) -> Figure:
    """Count the pieces that left over the counter and were not brought back by a void."""
    counts = RedemptionLine.objects.filter(
        redemption__community=community, redemption__state=Redemption.State.DONE
    ).aggregate(
        total=Sum("quantity", default=0),
        this_month=Sum("quantity", filter=Q(redemption__redeemed_at__gte=month_start), default=0),
    )
    return Figure(**counts)


def wishes_lit(community: Community, month_start: datetime) -> Figure:
    """Count the wishes whose lamp glows."""
    counts = Wish.objects.filter(community=community, state=Wish.State.LIT).aggregate(
        total=Count("pk"), this_month=Count("pk", filter=Q(lit_at__gte=month_start))
    )
    return Figure(**counts)


def wishes_waiting(community: Community) -> Waiting:
    """Count the wishes whose wording somebody has to clear."""
    return Waiting(
        **Wish.objects.filter(community=community, state=Wish.State.SUBMITTED).aggregate(
            count=Count("pk"), oldest_at=Min("submitted_at")
        )
    )


def batches_waiting(community: Community) -> Waiting:
    """Count the batches of service that somebody has to confirm."""
    return Waiting(
        **RecordBatch.objects.filter(
            community=community, state=RecordBatch.State.SUBMITTED
        ).aggregate(count=Count("pk"), oldest_at=Min("submitted_at"))
    )


def low_stock(community: Community) -> Sequence[Reward]:
    """Return the rewards on the shelf that are out or nearly out, the emptiest first."""
    return list(
        Reward.objects.of(community)
        .on_shelf()
        .annotate(left=F("on_hand") - F("reserved"))
        .filter(left__lte=F("low_stock_level"))
        .order_by("left", "name")
    )


def months_of_points(community: Community, today: date) -> list[MonthOfPoints]:
    """Return the points earned and spent in each of the last six months, this one included.

    Both are net of reversals and counted on the day they were booked; opening balances are not
    earned here.
    """
    months = _last_months(today)
    system = {
        account.kind: account.pk
        for account in Account.objects.filter(
            book=community.pk, kind__in=[Account.Kind.ISSUE, Account.Kind.SHOP]
        )
    }
    issue, shop = system[Account.Kind.ISSUE], system[Account.Kind.SHOP]
    rows = (
        Posting.objects.filter(
            Q(source__in=[issue, shop]) | Q(target__in=[issue, shop]),
            effective_date__gte=months[0],
        )
        .annotate(month=TruncMonth("effective_date"))
        .values("month")
        .annotate(
            out=Sum("points", filter=Q(source=issue), default=0),
            undone=Sum("points", filter=Q(target=issue), default=0),
            spent=Sum("points", filter=Q(target=shop), default=0),
            returned=Sum("points", filter=Q(source=shop), default=0),
        )
    )
    found = {
        row["month"]: (row["out"] - row["undone"], row["spent"] - row["returned"]) for row in rows
    }
    return [MonthOfPoints(month, *found.get(month, (0, 0))) for month in months]


def _last_months(today: date) -> list[date]:
    months = []
    for back in range(MONTHS - 1, -1, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        months.append(date(year, month + 1, 1))
    return months
