"""Wishes in any state for tests, made through the real operations."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import NOW, make_request, make_rule
from volunteers.models import PointsRule, Unit
from wishes.models import WordingConsent
from wishes.operations.asking import WishDraft, submit_wish
from wishes.operations.deciding import Wording, approve_wish
from wishes.operations.delivering import Hand, Lighting, deliver_wish, light_wish
from wishes.operations.pledging import Promise, pledge_wish

SECRETS = {
    "wisher_name": "尕藏加措",
    "phone": "13987654321",
    "address": "牧民新村9栋2单元501",
    "request": "我眼睛看不见了，一个人住，想要一个大字号的电话机",
}
DAY = date(2023, 11, 20)


def ask(community, by, *, at=NOW, **facts):
    draft = WishDraft(
        **{"kind": "thing", "asked_by": "phone", "estate": "牧民新村"} | SECRETS | facts
    )
    return submit_wish(request=make_request(), community=community, draft=draft, by=by, at=at)


def hang(community, by, *, title="想要一个大字号的电话机", at=NOW, facts=None, **words):
    """Return a wish on the tree that waits for somebody."""
    wish = ask(community, by, at=at, **(facts or {}))
    words = {"estate": "牧民新村", "rule": wish_rule(community)} | words
    return approve_wish(
        community=community,
        number=wish.number,
        wording=Wording(title=title, **words),
        consent=WordingConsent.How.PAPER,
        by=by,
        at=at,
    )


def pledge(wish, *, volunteer=None, unit=None, by=None, at=NOW, due_date=DAY, **how):
    promise = Promise(
        due_date=due_date,
        volunteer_id=volunteer.pk if volunteer else None,
        unit_id=unit.pk if unit else None,
        **how,
    )
    return pledge_wish(
        request=make_request(),
        community=wish.community,
        number=wish.number,
        promise=promise,
        by=by or volunteer,
        at=at,
    )


def deliver(wish, by, *, hands=(), at=NOW, done="送到家，装好了"):
    return deliver_wish(
        community=wish.community, number=wish.number, done=done, hands=hands, by=by, at=at
    )


def light(wish, by, *, at=NOW, may_confirm=True, **lighting):
    lighting = {"confirmed_how": "call_back"} | lighting
    return light_wish(
        community=wish.community,
        number=wish.number,
        lighting=Lighting(**lighting),
        may_confirm=may_confirm,
        by=by,
        at=at,
    )


def lit(community, by, *, title="一床暖和的羊毛褥子", unit=None, at=NOW, facts=None, **words):
    """Return a wish that a unit met and whose lamp glows."""
    wish = hang(community, by, title=title, at=at, facts=facts, **words)
    unit = unit or make_unit(community)
    pledge(wish, unit=unit, by=by, at=at, due_date=at.date() + timedelta(days=3))
    deliver(wish, by, at=at)
    return light(wish, by, at=at)


def hand(volunteer, *, minutes=60, intensity="light", service_date=date(2023, 11, 16)):
    return Hand(volunteer.pk, minutes, intensity, service_date)


def make_unit(community, name="县人民法院党支部"):
    return Unit.objects.get_or_create(community=community, name=name)[0]


def wish_rule(community):
    rule = PointsRule.objects.filter(community=community, name="点亮微心愿").first()
    return rule or make_rule(community, "点亮微心愿", per_occasion_points=5)
