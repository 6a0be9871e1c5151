"""Putting a list of goods on the shelf: the reward, its barcode, its stock by a movement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from points_store.text import pinyin_keys
from rewards.models import Barcode, Reward, StockMovement
from rewards.operations.stock import move_stock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from volunteers.models import Community, User


@dataclass(frozen=True)
class NewReward:
    """A thing that the shop does not have yet; cost in fen of the yuan."""

    name: str
    price_points: int
    cost_fen: int | None = None
    measure: str = ""
    code: str = ""
    stock: int = 0


@transaction.atomic
def import_rewards(
    *, community: Community, rewards: Sequence[NewReward], by: User, at: datetime
) -> list[Reward]:
    """Add goods in order; those that are there already are the caller's to leave out."""
    return [_add(community, one, by=by, at=at) for one in rewards]


def _add(community: Community, new: NewReward, *, by: User, at: datetime) -> Reward:
    pinyin, initials = pinyin_keys(new.name)
    reward = Reward.objects.create(
        community=community,
        name=new.name,
        pinyin=pinyin[:400],
        initials=initials[:200],
        price_points=new.price_points,
        cost_fen=new.cost_fen,
        measure=new.measure or "个",
    )
    if new.code:
        Barcode.objects.create(reward=reward, community=community, code=new.code)
    if new.stock:
        move_stock(
            reward=reward,
            kind=StockMovement.Kind.OPENING,
            quantity=new.stock,
            reason="",
            by=by,
            at=at,
        )
    return reward
