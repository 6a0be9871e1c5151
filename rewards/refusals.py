"""What the operations of the shop refuse, as facts; the views word them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from volunteers.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class BasketEmpty(Refusal):
    """A redemption needs at least one line."""


@dataclass
class BasketTooLarge(Refusal):
    """One redemption moves at most `most` points."""

    points: int
    most: int


@dataclass
class OutOfStock(Refusal):
    """Only `left` of the reward are free."""

    reward_id: int
    left: int


@dataclass
class NotOnShelf(Refusal):
    """The reward is not offered (any more) by this community."""

    reward_id: int


@dataclass
class PriceChanged(Refusal):
    """The basket was put together at another price."""

    reward_id: int
    price_points: int


@dataclass
class MonthLimitReached(Refusal):
    """The person may have only `left` more of the reward this month."""

    reward_id: int
    left: int


@dataclass
class AlreadyVoided(Refusal):
    """The redemption was voided before."""


@dataclass
class TooLateToVoid(Refusal):
    """The clerk's own minutes are over; an approver can still void it with a reason."""

    until: datetime


@dataclass
class CollectorNotNamed(Refusal):
    """A collector needs a name on the slip."""


@dataclass
class OwnHousehold(Refusal):
    """Nobody serves their own or their household's account without a second person."""


@dataclass
class NoSlipNeeded(Refusal):
    """The resident agreed by PIN: there is no signed slip to keep."""
