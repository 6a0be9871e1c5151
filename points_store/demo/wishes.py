"""The wish tree of the story: twenty lamps glow, six wishes are pledged, five wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from ledger.requests import RequestId
from volunteers.operations.recording import shanghai_date
from wishes.models import Wish, WishFacts, WordingConsent
from wishes.operations.asking import WishDraft, submit_wish
from wishes.operations.deciding import Wording, approve_wish
from wishes.operations.delivering import Hand, Lighting, deliver_wish, light_wish
from wishes.operations.pledging import Promise, pledge_wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from points_store.demo.story import Staff
    from volunteers.models import Community, PointsRule, Unit, Volunteer

LIT, PLEDGED, WAITING = 20, 6, 5
TO_APPROVE = 2
DAYS_BETWEEN = 8
DAYS_TO_MEET = 12
THING, HAND, COMPANY = Wish.Kind.THING, Wish.Kind.HAND, Wish.Kind.COMPANY


class Hoped(NamedTuple):
    """One wish: what it is called on the tree, and the minutes it takes to help (0: a thing)."""

    title: str
    kind: str
    minutes: int = 0


HOPED = (
    Hoped("一副合适的老花镜", THING),
    Hoped("修一修漏风的窗户", HAND, 90),
    Hoped("给孩子一个新书包", THING),
    Hoped("教我用手机看孙子", COMPANY, 60),
    Hoped("换一把结实的拐杖", THING),
    Hoped("清理楼道里的旧家具", HAND, 120),
    Hoped("一双防滑的棉鞋", THING),
    Hoped("陪我去一趟县医院", COMPANY, 180),
    Hoped("一盏看书的台灯", THING),
    Hoped("装一根浴室扶手", HAND, 60),
    Hoped("一套画画的彩笔", THING),
    Hoped("理一次头发", HAND, 40),
    Hoped("一个热水袋", THING),
    Hoped("帮着写一封家信", COMPANY, 60),
    Hoped("一条冬天的厚围巾", THING),
    Hoped("有人给老人读读报", COMPANY, 60),
    Hoped("修好吱呀响的木门", HAND, 50),
    Hoped("一只保温的饭盒", THING),
    Hoped("下雪天扫一扫门口", HAND, 60),
    Hoped("一床暖和的羊毛褥子", THING),
    Hoped("想要一个大字号的电话机", THING),
    Hoped("辅导一个月的算术", COMPANY, 60),
    Hoped("一张孩子写字用的小桌", THING),
    Hoped("搬两吨冬煤进院子", HAND, 120),
    Hoped("一顶挡风的皮帽", THING),
    Hoped("冬天帮忙搬运取暖煤", HAND, 120),
    Hoped("周末有人陪着下棋", COMPANY, 90),
    Hoped("一台收藏语广播的收音机", THING),
    Hoped("接一根晾衣服的绳子", HAND, 40),
    Hoped("一口小奶锅", THING),
    Hoped("每周有人上门量血压", COMPANY, 40),
    Hoped("一本放大字的日历", THING),
    Hoped("帮忙把沙发搬上楼", HAND, 60),
)


def hang_wishes(
    *,
    community: Community,
    people: Sequence[Volunteer],
    units: Sequence[Unit],
    rule: PointsRule,
    staff: Staff,
    at: datetime,
) -> None:
    """Carry each wish as far as the story has it; `rule` pays those who gave time."""
    started = at - timedelta(days=DAYS_BETWEEN * LIT)
    for place, hoped in enumerate(HOPED):
        asked_at = min(started + timedelta(days=DAYS_BETWEEN * place), at - timedelta(days=2))
        if place == LIT - 1:  # the newest lamp rings for a day
            asked_at = at - timedelta(days=2, hours=5)
        wisher, helper = people[-1 - place], people[40 + place]
        wish = _ask(community, hoped, wisher, staff, asked_at)
        if place >= LIT + PLEDGED + WAITING:
            continue
        approve_wish(
            community=community,
            number=wish.number,
            wording=Wording(
                title=hoped.title,
                estate=wisher.estate,
                rule=rule if hoped.minutes else None,
            ),
            consent=WordingConsent.How.PAPER,
            by=staff.approver,
            at=asked_at + timedelta(hours=6),
        )
        if place >= LIT + PLEDGED:
            continue
        unit = units[place % len(units)] if hoped.kind == THING else None
        _pledge(community, wish.number, helper, unit, asked_at + timedelta(days=1))
        if place < LIT:
            _light(
                community,
                wish.number,
                hoped=hoped,
                helpers=[helper] if hoped.minutes else [],
                staff=staff,
                at=asked_at + timedelta(days=2),
            )


def _ask(community: Community, hoped: Hoped, wisher: Volunteer, staff: Staff, at: datetime) -> Wish:
    return submit_wish(
        request=RequestId(client="demo", key=f"wish-{hoped.title}"),
        community=community,
        draft=WishDraft(
            kind=hoped.kind,
            request=f"{hoped.title}，社工入户时说的。",
            wisher_name=wisher.name,
            asked_by=WishFacts.AskedBy.STAFF_VISIT,
            wisher_id=wisher.pk,
            address=wisher.address,
            estate=wisher.estate,
        ),
        by=staff.recorder,
        at=at,
    )


def _pledge(
    community: Community, number: int, helper: Volunteer, unit: Unit | None, at: datetime
) -> None:
    pledge_wish(
        request=RequestId(client="demo", key=f"pledge-{number}"),
        community=community,
        number=number,
        promise=Promise(
            due_date=shanghai_date(at) + timedelta(days=DAYS_TO_MEET),
            volunteer_id=None if unit else helper.pk,
            unit_id=unit.pk if unit else None,
        ),
        by=helper,
        at=at,
    )


def _light(
    community: Community,
    number: int,
    *,
    hoped: Hoped,
    helpers: Sequence[Volunteer],
    staff: Staff,
    at: datetime,
) -> None:
    deliver_wish(
        community=community,
        number=number,
        done="已经送到、办好，本人在场。",
        hands=[Hand(helper.pk, hoped.minutes, "light", shanghai_date(at)) for helper in helpers],
        by=staff.recorder,
        at=at,
    )
    light_wish(
        community=community,
        number=number,
        lighting=Lighting(Wish.Confirmation.SIGNATURE, rating=5),
        may_confirm=True,
        by=staff.approver,
        at=at + timedelta(hours=2),
    )
