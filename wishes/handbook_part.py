"""What the wish tree adds to a resident's handbook: gifts, lamps, and news of promises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.handbook import Notice, OwnData, Panel, Part, Words
from wishes.models import Dispatch, FundGift, Pledge, Wish

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from volunteers.models import Volunteer

NOTICE_LASTS = timedelta(days=60)
SOON = timedelta(days=3)
MOST_LAMPS_DRAWN = 3


def _posting_words(volunteer: Volunteer, ids: Collection[int]) -> Mapping[int, Words]:
    gifts = FundGift.objects.filter(volunteer=volunteer, posting__in=ids)
    return {
        gift.posting_id: Words(
            title=_("送给心愿基金"),
            day=timezone.localdate(gift.submitted_at),
            icon="wish",
            tone="lit",
        )
        for gift in gifts
    }


def _panel(volunteer: Volunteer) -> Panel | None:
    lit = Pledge.objects.of_volunteer(volunteer).filter(state=Pledge.State.KEPT)
    count = lit.count()
    if not count:
        return None
    return Panel(
        title=_("您点亮了 %(count)d 盏心愿灯") % {"count": count},
        detail=_("看看谁家的心愿，还在等人"),
        url=reverse("tree:mine"),
        lamps=min(count, MOST_LAMPS_DRAWN),
    )


def _notices(volunteer: Volunteer, at: datetime) -> Sequence[Notice]:
    mine = reverse("tree:mine")
    today = timezone.localdate(at)
    offers = Dispatch.objects.filter(volunteer=volunteer, state="offered").select_related("wish")
    asked = [
        Notice(
            text=_("想请您帮个忙：%(title)s。去不去都行。") % {"title": offer.wish.title},
            at=offer.submitted_at,
            kind="hold",
            url=mine,
        )
        for offer in offers
    ]
    pledges = (
        Pledge.objects.of_volunteer(volunteer)
        .filter(
            Q(state=Pledge.State.LAPSED, due_date__gt=timezone.localdate(at - NOTICE_LASTS))
            | Q(
                state=Pledge.State.ACTIVE,
                due_date__range=(today, today + SOON),
                said_done_at__isnull=True,
                wish__state__in=["approved", "pledged"],
            )
        )
        .select_related("wish")
    )
    reminders = [_reminder(pledge) for pledge in pledges]
    own = Wish.objects.filter(facts__wisher=volunteer, submitted_at__gt=at - NOTICE_LASTS)
    declined = [
        Notice(
            text=_("您的 %(number)d号心愿：%(ending)s。%(reason)s")
            % {
                "number": wish.number,
                "ending": wish.get_ending_display(),
                "reason": wish.facts.reason,
            },
            at=wish.submitted_at,
            kind="hold",
            url=mine,
        )
        for wish in own.filter(state=Wish.State.DECLINED).select_related("facts")
    ]
    return [*asked, *reminders, *declined]


def _reminder(pledge: Pledge) -> Notice:
    facts = {"number": pledge.wish.number, "day": date_format(pledge.due_date, "n月j日")}
    if pledge.state == Pledge.State.LAPSED:
        words = _("%(number)d号心愿到日子还没有办，先让别人认领了。有空再来。")
    else:
        words = _("%(number)d号心愿说好 %(day)s 以前办；去不了就提前退回，没关系。")
    return Notice(text=words % facts, at=pledge.submitted_at, url=reverse("tree:mine"))


def _own_data(volunteer: Volunteer) -> Sequence[OwnData]:
    wishes = volunteer.wishes.select_related("wish").order_by("wish_id")
    pledges = Pledge.objects.of_volunteer(volunteer).select_related("wish").order_by("id")
    gifts = volunteer.fund_gifts.order_by("id")
    return [
        OwnData(
            _("心愿"),
            [
                [
                    (_("编号"), str(facts.wish.number)),
                    (_("原话"), facts.request),
                    (_("公开的话"), f"{facts.wish.title} {facts.wish.story}".strip()),
                    (_("联系电话"), facts.phone),
                    (_("住址"), facts.address),
                    (_("状态"), facts.wish.get_state_display()),
                ]
                for facts in wishes
            ],
        ),
        OwnData(
            _("认领的心愿"),
            [
                [
                    (_("编号"), str(pledge.wish.number)),
                    (_("心愿"), pledge.wish.title),
                    (_("最晚哪天"), pledge.due_date.isoformat()),
                    (_("状态"), pledge.get_state_display()),
                ]
                for pledge in pledges
            ],
        ),
        OwnData(
            _("送给心愿基金"),
            [
                [
                    (_("日期"), date_format(timezone.localdate(gift.submitted_at), "Y-m-d")),
                    (_("积分"), str(gift.points)),
                ]
                for gift in gifts
            ],
        ),
    ]


PART = Part(
    name="wishes",
    posting_words=_posting_words,
    panel=_panel,
    notices=_notices,
    own_data=_own_data,
)
