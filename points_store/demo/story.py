"""Half a year in the shop, told through the operations that the pages use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from ledger.requests import RequestId
from points_store.demo import cast, goods
from points_store.demo.neighbours import score_places, send_offers
from points_store.demo.wishes import hang_wishes
from points_store.text import pinyin_keys
from rewards.models import Barcode, Category, Goal, Redemption, Reward, StockMovement
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards
from rewards.operations.slips import file_signed_slip
from rewards.operations.stock import move_stock
from volunteers.models import PointsRule, PointsRuleVersion, Unit
from volunteers.operations.deciding import confirm_batch
from volunteers.operations.openings import enter_opening_balances, sign_off_opening_balances
from volunteers.operations.people import enrol_volunteers, issue_card
from volunteers.operations.recording import Occasion, ServiceLine, record_batch
from wishes.models import Wish

if TYPE_CHECKING:
    from volunteers.models import Community, User, Volunteer

SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE_REDEEMING = 76
GOODS_HANDED_OVER = 80
SLIPS_MISSING = 2
WEEKS = 24
HEROINE_POINTS = 180
PLACES = ("藏式小区北门", "幸福家园", "河道", "广场", "党群服务中心")


@dataclass(frozen=True)
class Staff:
    """Who acts in the story: each write has its true person."""

    clerk: User
    recorder: User
    approver: User


@transaction.atomic
def tell_story(*, community: Community, staff: Staff, at: datetime) -> None:
    """Fill an empty community. The same community tells the same story."""
    random = Random(community.slug)  # noqa: S311 -- invented people, not secrets
    rules = _write_rules(community, at)
    shelf = _fill_shelf(community, staff, at)
    people = _enrol(community, staff, random, at)
    _open_books(community, people, staff, random, at)
    for day in range(WEEKS * 7, 1, -2):
        _hold_activity(
            community,
            people,
            rules=rules,
            staff=staff,
            random=random,
            at=at - timedelta(days=day),
        )
    _hand_over(community, people, shelf=shelf, staff=staff, random=random, at=at)
    _bring_heroine_to_her_points(community, people[0], rules, staff, at)
    Goal.objects.create(
        volunteer=people[0], reward=shelf["高压锅"], chosen_at=at - timedelta(days=60)
    )
    _leave_something_to_confirm(community, people, rules, staff, at)
    hang_wishes(
        community=community,
        people=people,
        units=list(Unit.objects.filter(community=community).order_by("pk")),
        rule=rules["点亮微心愿"],
        staff=staff,
        at=at,
    )
    waiting = list(Wish.objects.of(community).waiting().select_related("community"))
    send_offers(waiting=waiting, people=people, staff=staff, at=at)
    score_places(community=community, staff=staff, random=random, at=at)


def _write_rules(community: Community, at: datetime) -> dict[str, PointsRule]:
    rules = {}
    for order, written in enumerate(goods.RULES):
        rule = PointsRule.objects.create(
            community=community, name=written.name, symbol=written.symbol, order=order
        )
        PointsRuleVersion.objects.create(
            rule=rule,
            valid_from_date=(at - timedelta(weeks=WEEKS + 4)).date(),
            per_occasion_points=written.per_occasion_points,
            per_hour_points=written.per_hour_points,
        )
        rules[written.name] = rule
    return rules


def _fill_shelf(community: Community, staff: Staff, at: datetime) -> dict[str, Reward]:
    categories = {
        name: Category.objects.create(community=community, name=name, order=order)
        for order, name in enumerate(goods.CATEGORIES)
    }
    shelf = {}
    for place, good in enumerate(goods.GOODS):
        pinyin, initials = pinyin_keys(good.name)
        reward = Reward.objects.create(
            community=community,
            category=categories[good.category],
            name=good.name,
            pinyin=pinyin,
            initials=initials,
            price_points=good.price_points,
            cost_fen=good.cost_fen,
            measure=good.measure,
            symbol=good.symbol,
            tone=place % 3 + 1,
        )
        if good.code:
            Barcode.objects.create(community=community, reward=reward, code=good.code)
        if good.stock:
            move_stock(
                reward=reward,
                kind=StockMovement.Kind.OPENING,
                quantity=good.stock,
                reason="",
                by=staff.recorder,
                at=at - timedelta(weeks=WEEKS),
            )
        shelf[good.name] = reward
    return shelf


def _enrol(community: Community, staff: Staff, random: Random, at: datetime) -> list[Volunteer]:
    units = [Unit.objects.create(community=community, name=name) for name in cast.UNITS]
    people = cast.invented_people(random)
    reported = [
        replace(
            person,
            unit=random.choice(units),
            reported_in=True,
            reported_in_date=(at - timedelta(weeks=random.randint(1, WEEKS))).date(),
        )
        for person in people[-cast.REPORTED_IN :]
    ]
    volunteers = enrol_volunteers(
        community=community,
        enrolments=people[: -cast.REPORTED_IN] + reported,
        by=staff.recorder,
        at=at - timedelta(weeks=WEEKS + 1),
    )
    for volunteer in volunteers:
        issue_card(volunteer=volunteer, by=staff.recorder, at=at - timedelta(weeks=WEEKS))
    return volunteers


def _open_books(
    community: Community,
    people: list[Volunteer],
    staff: Staff,
    random: Random,
    at: datetime,
) -> None:
    """Carry the paper book over: everybody who will redeem had something in it."""
    opened = at - timedelta(weeks=WEEKS)
    enter_opening_balances(
        community=community,
        points={person.pk: random.randint(20, 90) for person in people[1:101]},
        balance_date=opened.date(),
        vouched_by=staff.approver.name,
        by=staff.recorder,
        at=opened,
    )
    sign_off_opening_balances(community=community, by=staff.approver, at=opened)


def _hold_activity(
    community: Community,
    people: list[Volunteer],
    *,
    rules: dict[str, PointsRule],
    staff: Staff,
    random: Random,
    at: datetime,
) -> None:
    """One occasion: thirty people on a clean-up, or a few on one of the quieter ones."""
    name = random.choices(list(rules), weights=(8, 3, 2, 0, 3, 2))[0]
    is_cleaning = name == goods.RULES[0].name
    came = random.sample(people[1:], 30 if is_cleaning else random.randint(2, 9))
    batch = record_batch(
        request=RequestId(client="demo", key=f"activity-{at:%F}"),
        community=community,
        occasion=Occasion(
            rule=rules[name],
            title=name,
            service_date=at.astimezone(SHANGHAI).date(),
            place=random.choice(PLACES),
            organiser=community.name,
            person_in_charge=staff.recorder.name,
        ),
        lines=[
            ServiceLine(
                volunteer_id=person.pk,
                minutes=random.choice((60, 90, 120, 120, 150)),
                intensity=random.choice(("light", "light", "light", "medium", "heavy")),
            )
            for person in came
        ],
        by=staff.recorder,
        at=at,
    )
    confirm_batch(
        batch_id=batch.pk, community=community, by=staff.approver, at=at + timedelta(hours=3)
    )


def _hand_over(
    community: Community,
    people: list[Volunteer],
    *,
    shelf: dict[str, Reward],
    staff: Staff,
    random: Random,
    at: datetime,
) -> None:
    """76 people fetch 80 goods: a kettle for one, two things for four, one thing for the rest."""
    plan: list[tuple[Volunteer, list[str]]] = []
    for place, person in enumerate(people[1 : PEOPLE_REDEEMING + 1]):
        person.account.refresh_from_db()
        wanted = 2 if place < GOODS_HANDED_OVER - PEOPLE_REDEEMING else 1
        plan.append((person, _affordable(person.account.available, wanted, shelf, random)))
    for place, (person, names) in enumerate(plan):
        when = at - timedelta(days=WEEKS * 7 * (len(plan) - place) // (len(plan) + 1), hours=2)
        for name in names:
            move_stock(
                reward=shelf[name],
                kind=StockMovement.Kind.PURCHASE,
                quantity=1,
                reason="",
                by=staff.recorder,
                at=when - timedelta(days=3),
            )
        redemption = redeem_rewards(
            request=RequestId(client="demo", key=f"redemption-{place}"),
            community=community,
            volunteer_id=person.pk,
            lines=[BasketLine(shelf[name].pk, 1, shelf[name].price_points) for name in names],
            consent=Consent(method=Redemption.Confirmation.PAPER),
            by=staff.clerk,
            at=when,
        )
        if place < len(plan) - SLIPS_MISSING:
            file_signed_slip(
                redemption_id=redemption.pk, community=community, by=staff.clerk, at=when
            )


def _affordable(available: int, wanted: int, shelf: dict[str, Reward], random: Random) -> list[str]:
    """Choose `wanted` different goods that `available` points can pay for."""
    names: list[str] = []
    cheapest = goods.GOODS[0].price_points + goods.GOODS[1].price_points
    for _ in range(wanted):
        spare = available - (cheapest if len(names) + 1 < wanted else 0)
        can = [
            name
            for name, reward in shelf.items()
            if reward.price_points <= spare and name not in names
        ]
        names.append(random.choice(can[-8:]))
        available -= shelf[names[-1]].price_points
    return names


def _bring_heroine_to_her_points(
    community: Community,
    heroine: Volunteer,
    rules: dict[str, PointsRule],
    staff: Staff,
    at: datetime,
) -> None:
    """索南拉毛 reaches 180: her last deeds earn 2 and 3, the paper book had the rest."""
    deeds = (
        (goods.RULES[0].name, 8, "藏式小区北门"),
        (goods.RULES[1].name, 11, "帮邻居老人买药送饭"),
    )
    earned = 0
    for name, days, place in deeds:
        when = at - timedelta(days=days)
        batch = record_batch(
            request=RequestId(client="demo", key=f"heroine-{name}"),
            community=community,
            occasion=Occasion(
                rule=rules[name],
                title=name,
                service_date=when.astimezone(SHANGHAI).date(),
                place=place,
                organiser=community.name,
                person_in_charge=staff.recorder.name,
            ),
            lines=[ServiceLine(volunteer_id=heroine.pk, minutes=90, intensity="light")],
            by=staff.recorder,
            at=when,
        )
        confirm_batch(batch_id=batch.pk, community=community, by=staff.approver, at=when)
        earned += sum(batch.records.values_list("points", flat=True))
    enter_opening_balances(
        community=community,
        points={heroine.pk: HEROINE_POINTS - earned},
        balance_date=(at - timedelta(weeks=WEEKS)).date(),
        vouched_by=staff.approver.name,
        by=staff.recorder,
        at=at - timedelta(weeks=WEEKS),
    )
    sign_off_opening_balances(
        community=community, by=staff.approver, at=at - timedelta(weeks=WEEKS)
    )


def _leave_something_to_confirm(
    community: Community,
    people: list[Volunteer],
    rules: dict[str, PointsRule],
    staff: Staff,
    at: datetime,
) -> None:
    """Yesterday's clean-up waits for the secretary."""
    yesterday = at - timedelta(days=1)
    record_batch(
        request=RequestId(client="demo", key="yesterday"),
        community=community,
        occasion=Occasion(
            rule=rules[goods.RULES[0].name],
            title=goods.RULES[0].name,
            service_date=yesterday.astimezone(SHANGHAI).date(),
            place=PLACES[0],
            organiser=community.name,
            person_in_charge=staff.recorder.name,
        ),
        lines=[ServiceLine(person.pk, 90, "light") for person in people[20:44]],
        by=staff.recorder,
        at=yesterday,
    )
