"""People and goods for tests: each function makes one real thing through the real operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from ledger.models import Account, Posting
from ledger.operations import Award, earn_points, post_points
from ledger.requests import RequestId
from points_store.text import pinyin_keys
from rewards.models import Barcode, Redemption, Reward, StockMovement
from rewards.operations.redeeming import BasketLine, Consent, redeem_rewards
from rewards.operations.stock import move_stock
from volunteers.models import Household, Membership, PointsRule, PointsRuleVersion, User
from volunteers.operations.communities import open_community
from volunteers.operations.people import Enrolment, enrol_volunteer

NOW = datetime(2023, 11, 16, 2, 0, tzinfo=UTC)  # 10:00 of 16 November in Shanghai


def make_request(client="test", key=None):
    return RequestId(client=client, key=key or str(uuid4()))


def make_community(slug="chengxi", name="城西社区", **settings):
    return open_community(
        slug=slug, name=name, official_name=f"新源镇{name}党群服务中心", **settings
    )


def make_user(username, name, community=None, role=None, **fields):
    user = User.objects.create_user(username, name=name, password=f"{username}-pass-1", **fields)
    if community is not None and role is not None:
        Membership.objects.create(user=user, community=community, role=role)
    return user


def make_volunteer(community, name="索南拉毛", *, by, points=0, **fields):
    volunteer = enrol_volunteer(
        community=community, enrolment=Enrolment(name=name, **fields), by=by, at=NOW
    )
    if points:
        give_points(volunteer, points, by=by)
    return volunteer


def give_points(volunteer, points, *, by, at=NOW):
    """Post an opening balance straight into the ledger."""
    [posting] = earn_points(
        awards=[
            Award(
                account_id=volunteer.account_id,
                debt_account_id=volunteer.debt_account_id,
                points=points,
                memo="",
                effective_date=at.date(),
            )
        ],
        kind=Posting.Kind.OPENING,
        book=volunteer.community_id,
        by=by.pk,
        at=at,
    )
    volunteer.account.refresh_from_db()
    return posting


def spend(volunteer, points, *, by, at=NOW):
    """Post what a redemption would."""
    shop = Account.objects.system(volunteer.community_id, Account.Kind.SHOP)
    return post_points(
        kind=Posting.Kind.REDEEM,
        source=volunteer.account_id,
        target=shop,
        points=points,
        by=by.pk,
        at=at,
    )


def make_reward(community, name="水壶", *, by, price_points=60, stock=0, code="", **fields):
    pinyin, initials = pinyin_keys(name)
    reward = Reward.objects.create(
        community=community,
        name=name,
        price_points=price_points,
        pinyin=pinyin,
        initials=initials,
        **fields,
    )
    if code:
        Barcode.objects.create(reward=reward, community=community, code=code)
    if stock:
        move_stock(
            reward=reward,
            kind=StockMovement.Kind.OPENING,
            quantity=stock,
            reason="",
            by=by,
            at=NOW,
        )
        reward.refresh_from_db()
    return reward


def restock(reward, quantity, *, by, at=NOW):
    """Put goods on the shelf."""
    return move_stock(
        reward=reward,
        kind=StockMovement.Kind.PURCHASE,
        quantity=quantity,
        reason="",
        by=by,
        at=at,
    )


def redeem(volunteer, goods, *, by, at=NOW, **more):
    """Hand goods over against a signature: `goods` is a list of (reward, quantity)."""
    return redeem_rewards(
        request=make_request(),
        community=volunteer.community,
        volunteer_id=volunteer.pk,
        lines=[BasketLine(reward.pk, count, reward.price_points) for reward, count in goods],
        consent=Consent(Redemption.Confirmation.PAPER),
        by=by,
        at=at,
        **more,
    )


def make_rule(community, name="参与社区环境卫生整治", **figures):
    figures = figures or {"per_occasion_points": 2}
    rule = PointsRule.objects.create(community=community, name=name)
    PointsRuleVersion.objects.create(rule=rule, valid_from_date=date(2023, 1, 1), **figures)
    return rule


def make_household(community, people):
    """Put the people behind one door."""
    household = Household.objects.create(community=community, estate=people[0].estate)
    for person in people:
        person.household = household
        person.save(update_fields=["household"])
    return household
