"""What the shop adds to a resident's handbook: goods behind the points, and the goal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rewards.catalogue import Offer
from rewards.models import Goal as ChosenGoal
from rewards.models import Redemption, RedemptionPayment
from volunteers.handbook import Goal, Notice, OwnData, Part, Words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from volunteers.models import Volunteer

NOTICE_LASTS = timedelta(days=60)


def _posting_words(volunteer: Volunteer, ids: Collection[int]) -> Mapping[int, Words]:
    payments = (
        RedemptionPayment.objects.filter(volunteer=volunteer, posting__in=ids)
        .select_related("redemption__volunteer")
        .prefetch_related("redemption__lines__reward")
    )
    return {
        payment.posting_id: Words(
            title=_("兑换物品"),
            detail=_goods(payment.redemption),
            day=timezone.localtime(payment.redemption.redeemed_at).date(),
            icon="gift",
            tone="minus",
        )
        for payment in payments
    }


def _goal(volunteer: Volunteer) -> Goal | None:
    chosen = ChosenGoal.objects.filter(volunteer=volunteer).select_related("reward").first()
    if chosen is None or not chosen.reward.is_active:
        return None
    offer = Offer(chosen.reward)
    return Goal(
        name=chosen.reward.name,
        price_points=chosen.reward.price_points,
        symbol=offer.pic,
        photo_url=offer.photo,
        url=reverse("shop:item", args=[volunteer.community.slug, chosen.reward_id]),
    )


def _notices(volunteer: Volunteer, at: datetime) -> Sequence[Notice]:
    voided = Redemption.objects.filter(
        volunteer=volunteer, state=Redemption.State.VOIDED, voided_at__gt=at - NOTICE_LASTS
    ).prefetch_related("lines__reward")
    return [
        Notice(
            text=_("%(goods)s的兑换撤销了，%(points)d 分已经退回。")
            % {"goods": _goods(redemption), "points": redemption.points},
            at=redemption.voided_at,
        )
        for redemption in voided
        if redemption.voided_at
    ]


def _own_data(volunteer: Volunteer) -> Sequence[OwnData]:
    redemptions = volunteer.redemptions.order_by("redeemed_at").prefetch_related("lines__reward")
    goals = ChosenGoal.objects.filter(volunteer=volunteer).select_related("reward")
    return [
        OwnData(_("兑换"), [_redemption(redemption) for redemption in redemptions]),
        OwnData(
            _("目标"),
            [
                [(_("物品"), goal.reward.name), (_("选定时间"), _moment(goal.chosen_at))]
                for goal in goals
            ],
        ),
    ]


def _redemption(redemption: Redemption) -> list[tuple[str, str]]:
    return [
        (_("小票号"), redemption.number),
        (_("时间"), _moment(redemption.redeemed_at)),
        (_("物品"), _goods(redemption)),
        (_("积分"), str(redemption.points)),
        (_("确认方式"), redemption.get_confirmation_display()),
        (_("代领人"), redemption.collector_name),
        (_("状态"), redemption.get_state_display()),
        (_("撤销时间"), _moment(redemption.voided_at)),
        (_("撤销原因"), redemption.void_reason),
    ]


def _goods(redemption: Redemption) -> str:
    return _("、").join(
        f"{line.reward.name} {line.quantity} {line.reward.measure}"
        for line in redemption.lines.all()
    )


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i", use_l10n=False) if at else ""


PART = Part(
    name="rewards",
    posting_words=_posting_words,
    goal=_goal,
    notices=_notices,
    own_data=_own_data,
)
